//! How a ledger is opened, and what is found.

use std::sync::Arc;
use std::time::{Duration, Instant};

use thalium::port::keys::Keys;
use thalium::port::telemetry::Telemetry;
use thalium::{Context, Engine, Genesis};
use thalium_store::disk::Directory;
use thalium_store::{Recovery, StoreError, StoreJournal};

use crate::Error;
use crate::fold::Fold;
use crate::follow::Follower;
use crate::history::History;
use crate::metrics::Metrics;
use crate::pages::LargePages;
use crate::pipeline::{Chunk, Pipeline};
use crate::place::has_journal;

/// A day, in nanoseconds.
pub(crate) const DAY: i64 = 86_400 * thalium::time::SECOND;

/// To write a ledger, or to read it beside its writer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// The one writer.
    #[default]
    Write,
    /// One of any number of readers, in this process or another: takes no lock, writes nothing, and sees what is
    /// durable at every question.
    Read,
    /// A reader that stays at the log's first so many events, so that a result can be reproduced.
    ReadAt(u64),
}

/// How a ledger is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// To write it, or to read it.
    pub access: Access,
    /// How long to wait for another writer to end. While waiting, its journal is followed, so that taking over takes no
    /// longer than reading what it wrote last. Zero: another writer is an error at once.
    pub wait: Duration,
    /// Who asks, unless a request says otherwise.
    pub context: Context,
    /// Requests dated further ahead of the log's newest instant are refused: a clock that jumped.
    pub max_clock_jump_days: i64,
    /// Makes the ledger if it is not there.
    pub create: bool,
    /// The head of a ledger that is made.
    pub genesis: Genesis,
    /// Bytes of a segment of the journal, at most.
    pub segment_len: u64,
    /// Bytes of the newest history in memory after which a part of it is put into a file, and only its state stays: some
    /// twice as much is in memory at a time.
    pub memory: usize,
    /// The keys that wrap the data keys of a ledger that is encrypted. A ledger that is made is encrypted if they are
    /// given; one that is not encrypted stays so.
    pub keys: Option<Arc<dyn Keys>>,
    /// From this, and not by chance, come the keys of people in a ledger in memory, so that tests give the same bytes
    /// everywhere. Nothing that is sealed with them is kept from anyone.
    pub insecure_seed: Option<[u8; 32]>,
    /// Who is told what the ledger does and how long it takes, as it happens.
    pub telemetry: Option<Arc<dyn Telemetry>>,
    /// Bytes that have to be left on the disk, or [`Health`](crate::Health) raises the alarm.
    pub disk_reserve: u64,
}

impl Options {
    fn store(&self) -> thalium_store::Options {
        thalium_store::Options { segment_len: self.segment_len }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            access: Access::Write,
            wait: Duration::ZERO,
            context: Context::default(),
            max_clock_jump_days: 3_660,
            create: true,
            genesis: Genesis::default(),
            segment_len: thalium_store::SEGMENT_LEN,
            memory: 64 << 20,
            keys: None,
            insecure_seed: None,
            telemetry: None,
            disk_reserve: 4 << 30,
        }
    }
}

/// What opening found and did.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// Whether the ledger was made.
    pub created: bool,
    /// What the journal's recovery found.
    pub recovery: Recovery,
}

pub(crate) fn open_directory(
    disk: Directory,
    options: &Options,
    metrics: &Arc<Metrics>,
) -> Result<(Engine, Pipeline, Opened, Directory), Error> {
    let (path, store) = (disk.path().to_owned(), options.store());
    let has_store = has_journal(&disk)?;
    if !has_store && options.create {
        std::fs::create_dir_all(&path)
            .map_err(|source| Error::Create { path: path.display().to_string(), source })?;
        let disk = disk.with_new_keys(options.keys.clone())?;
        let journal = StoreJournal::create(disk.clone(), store)?;
        let (engine, pipeline) = begin(journal, &options.genesis, metrics)?;
        return Ok((engine, pipeline, Opened { created: true, ..Opened::default() }, disk));
    }
    if !has_store {
        return Err(StoreError::Missing { place: path.display().to_string() }.into());
    }
    let (engine, journal, recovery, history) = match open_journal(&disk, options) {
        Err(Error::Store(StoreError::Locked { .. })) if !options.wait.is_zero() => {
            take_over(&disk, options)?
        }
        opened => opened?,
    };
    if recovery.events == 0 {
        // The power failed before the head of the log was durable: it is written now.
        let (engine, pipeline) = begin(journal, &options.genesis, metrics)?;
        return Ok((engine, pipeline, Opened { created: true, recovery }, disk));
    }
    if let Some(snapshot) = journal.snapshot()
        && snapshot.tree.size() == recovery.events
        && snapshot.state_hash != engine.state_hash()
    {
        return Err(Error::StateDiffers { events: recovery.events });
    }
    history.remove_stale();
    let pipeline = Pipeline::start(journal, history, Arc::clone(metrics))?;
    Ok((engine, pipeline, Opened { created: false, recovery }, disk))
}

/// A journal that is read to its end, the books that it leads to, and the history that stands in parts.
type Read = (Engine, StoreJournal<Directory>, Recovery, History);

/// Opens a journal that no one writes, and folds what its image and its parts do not spare.
fn open_journal(disk: &Directory, options: &Options) -> Result<Read, Error> {
    match read_journal(disk, options, true) {
        Err(error) if may_be_derived(&error) => read_journal(disk, options, false),
        read => read,
    }
}

/// Whether an error may come of what is derived from the journal, which can be done without.
pub(crate) fn may_be_derived(error: &Error) -> bool {
    use StoreError::{Damaged, OtherHistory};
    matches!(
        error,
        Error::Store(Damaged { .. } | OtherHistory { .. })
            | Error::Part(_)
            | Error::Rollups(_)
            | Error::Replay(_)
            | Error::Request(_)
    )
}

fn read_journal(disk: &Directory, options: &Options, with_history: bool) -> Result<Read, Error> {
    let mut engine = Engine::empty_in(Arc::new(LargePages::default()));
    let (mut history, start) = History::open(disk, &mut engine, None, with_history)?;
    let store = options.store();
    let fold = Fold::with(&mut engine, &mut history, options.memory);
    let mut fold = fold.telling(options.telemetry.as_deref());
    let (journal, recovery) = StoreJournal::open_from(disk.clone(), store, start, &mut fold)?;
    fold.end()?;
    history.check_end(engine.book().event_count())?;
    Ok((engine, journal, recovery, history))
}

/// Follows the journal of another writer until that one has ended, and goes on in its place.
fn take_over(disk: &Directory, options: &Options) -> Result<Read, Error> {
    const PAUSE: Duration = Duration::from_millis(5);
    let begun = Instant::now();
    tracing::info!("another writes the ledger: following it until it ends");
    let (mut engine, mut follower) = Follower::open(disk, None, options.memory)?;
    loop {
        if let Some(lock) = follower.try_lock()? {
            let (journal, recovery, history) =
                follower.take_over(lock, options.store(), &mut engine)?;
            tracing::info!(took = ?begun.elapsed(), "taken over");
            return Ok((engine, journal, recovery, history));
        }
        if begun.elapsed() >= options.wait {
            return Err(StoreError::Locked { place: disk.path().display().to_string() }.into());
        }
        std::thread::sleep(PAUSE);
        follower.catch_up(&mut engine)?;
    }
}

/// Begins the log in an empty journal: its head is durable before anything follows.
fn begin(
    journal: StoreJournal<Directory>,
    genesis: &Genesis,
    metrics: &Arc<Metrics>,
) -> Result<(Engine, Pipeline), Error> {
    let engine = Engine::new_in(Arc::new(LargePages::default()), genesis.clone());
    let history = History::new(journal.disk().clone());
    let pipeline = Pipeline::start(journal, history, Arc::clone(metrics))?;
    let count = engine.book().event_count();
    let events = engine.book().events_from(0).flat_map(|event| event.to_vec()).collect();
    pipeline.send(Chunk { events, count, sealing: None, image: None })?;
    pipeline.wait(count)?;
    Ok((engine, pipeline))
}
