//! From decided events to durable blocks: one thread hashes, one writes, and what waits is written together. A third
//! puts what was cut from the log into parts, once it is durable.
//!
//! While a block syncs, the next one is decided and hashed. Nothing is acknowledged before its block is durable.

use std::collections::VecDeque;
use std::sync::mpsc::{
    Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel,
};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use thalium::audit::merkle::MerkleTree;
use thalium::event;
use thalium::port::journal::{Block, Journal};
use thalium_store::disk::Directory;
use thalium_store::{BlockPlace, End, Preparer, Sealed, StoreError, StoreJournal};

use crate::Error;
use crate::history::{History, Sealing};

/// Chunks that may wait between two stages.
const DEPTH: usize = 16;
/// Bytes of events at which a block is closed even if more is waiting.
const BLOCK_BYTES: usize = 8 << 20;
const IDLE: Duration = Duration::from_millis(200);

/// Events on their way.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    pub(crate) events: Vec<u8>,
    pub(crate) count: u64,
    /// What was cut from the log behind these events.
    pub(crate) sealing: Option<Sealing>,
}

/// Events that were hashed.
struct Hashed {
    block: Block,
    sealing: Option<Sealing>,
}

/// What the archiver is told.
enum Written {
    /// Where a block stands that is durable.
    Block(BlockPlace),
    /// What was cut behind the last block, and where the journal ended with it.
    Cut(Box<(Sealing, End)>),
}

/// How far the journal is.
#[derive(Debug, Default)]
struct Progress {
    tree: MerkleTree,
    failed: Option<String>,
    done: bool,
}

#[derive(Debug, Default)]
struct Shared {
    progress: Mutex<Progress>,
    changed: Condvar,
}

impl Shared {
    fn update(&self, change: impl FnOnce(&mut Progress)) {
        // Progress is replaced whole, so a panic elsewhere leaves nothing half done in it.
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

/// The threads and what leads to them.
pub(crate) struct Pipeline {
    input: Option<SyncSender<Chunk>>,
    empty: Mutex<Receiver<Vec<u8>>>,
    sealed: Mutex<Receiver<Sealed<Directory>>>,
    shared: Arc<Shared>,
    hasher: Option<JoinHandle<()>>,
    writer: Option<JoinHandle<StoreJournal<Directory>>>,
    preparer: Option<JoinHandle<()>>,
    archiver: Option<JoinHandle<History>>,
}

impl Pipeline {
    pub(crate) fn start(journal: StoreJournal<Directory>, history: History) -> Result<Self, Error> {
        let tree = journal.tree();
        let shared = Arc::new(Shared {
            progress: Mutex::new(Progress { tree: tree.clone(), ..Progress::default() }),
            ..Shared::default()
        });
        let (input, chunks) = sync_channel::<Chunk>(DEPTH);
        let (hashed, blocks) = sync_channel::<Hashed>(DEPTH);
        // Not bounded: what waits in it is in memory anyway, and a writer never waits for the history.
        let (written, archive) = channel::<Written>();
        let (ready, sealed) = channel::<Sealed<Directory>>();
        let (returned, empty) = sync_channel::<Vec<u8>>(2 * DEPTH);
        let (wanted, wishes) = sync_channel::<u64>(1);
        let preparer = journal.preparer();
        let preparer = named("thalium-prepare", move || prepare(&preparer, &wishes))?;
        let hasher = named("thalium-hash", move || hash(tree, &chunks, &hashed))?;
        let writer = {
            let shared = Arc::clone(&shared);
            named("thalium-write", move || {
                write(journal, &blocks, &Outlets { returned, wanted, written }, &shared)
            })?
        };
        let archiver = named("thalium-archive", move || archive_all(history, &archive, &ready))?;
        Ok(Self {
            input: Some(input),
            empty: Mutex::new(empty),
            sealed: Mutex::new(sealed),
            shared,
            hasher: Some(hasher),
            writer: Some(writer),
            preparer: Some(preparer),
            archiver: Some(archiver),
        })
    }

    /// An empty buffer, with the room of one that was written.
    pub(crate) fn buffer(&self) -> Vec<u8> {
        let empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = empty.try_recv().unwrap_or_default();
        buffer.clear();
        buffer
    }

    /// The next part that was put into a file, for the engine to read it there from now on.
    pub(crate) fn sealed(&self) -> Option<Sealed<Directory>> {
        self.sealed.lock().unwrap_or_else(PoisonError::into_inner).try_recv().ok()
    }

    /// Sends events on their way. The caller holds the engine's lock, so that they go in the order of the log.
    pub(crate) fn send(&self, chunk: Chunk) -> Result<(), Error> {
        match &self.input {
            Some(input) if input.send(chunk).is_ok() => Ok(()),
            _ => Err(self.failure()),
        }
    }

    /// Waits until so many events are durable.
    pub(crate) fn wait(&self, events: u64) -> Result<(), Error> {
        let mut progress = self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if progress.tree.size() >= events {
                return Ok(());
            }
            if progress.failed.is_some() || progress.done {
                drop(progress);
                return Err(self.failure());
            }
            progress = self.shared.changed.wait(progress).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Why nothing more is taken, if that is so.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let failed =
            self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner).failed.is_some();
        if failed { Err(self.failure()) } else { Ok(()) }
    }

    /// The tree over the durable events.
    pub(crate) fn tree(&self) -> MerkleTree {
        self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner).tree.clone()
    }

    /// Ends the threads when everything sent is written, and gives the journal and its history back unless it failed.
    pub(crate) fn stop(&mut self) -> Result<(StoreJournal<Directory>, History), Error> {
        self.input = None;
        let hashed = self.hasher.take().is_some_and(|thread| thread.join().is_ok());
        let journal = self.writer.take().and_then(|thread| thread.join().ok());
        if let Some(thread) = self.preparer.take() {
            // A preparer that failed leaves segments that grow; that is no failure of the ledger.
            let _ = thread.join();
        }
        let history = self.archiver.take().and_then(|thread| thread.join().ok());
        self.check()?;
        journal.filter(|_| hashed).zip(history).ok_or(Error::Panicked)
    }

    fn failure(&self) -> Error {
        let progress = self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let why = progress.failed.clone().unwrap_or_else(|| "the writer has ended".to_owned());
        Error::Stopped { why }
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

/// A thread that the system's tools show by its name.
fn named<T: Send + 'static>(
    name: &str,
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, Error> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(Error::Thread)
}

fn hash(mut tree: MerkleTree, chunks: &Receiver<Chunk>, to: &SyncSender<Hashed>) {
    while let Ok(chunk) = chunks.recv() {
        for event in event::split(&chunk.events) {
            tree.push(event);
        }
        let block = Block { events: chunk.events, event_count: chunk.count, tree: tree.clone() };
        if to.send(Hashed { block, sealing: chunk.sealing }).is_err() {
            return;
        }
    }
}

/// Where the writer sends what it is done with, which segment it will want next, and what it has written.
struct Outlets {
    returned: SyncSender<Vec<u8>>,
    wanted: SyncSender<u64>,
    written: Sender<Written>,
}

fn write(
    mut journal: StoreJournal<Directory>,
    blocks: &Receiver<Hashed>,
    Outlets { returned, wanted, written }: &Outlets,
    shared: &Shared,
) -> StoreJournal<Directory> {
    // Whatever ends this thread, a panic among it, no one waits for it any longer.
    let _done = Done(shared);
    let mut segment = journal.segment();
    let _ = wanted.try_send(segment + 1);
    while let Ok(Hashed { mut block, mut sealing }) = blocks.recv() {
        // What came in while the last block was written becomes durable together. A part ends where a block ends.
        while block.events.len() < BLOCK_BYTES && sealing.is_none() {
            match blocks.try_recv() {
                Ok(Hashed { block: next, sealing: cut }) => {
                    block.events.extend_from_slice(&next.events);
                    block.event_count += next.event_count;
                    block.tree = next.tree;
                    sealing = cut;
                    let _ = returned.try_send(next.events);
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        if let Err(error) = journal.append(&block) {
            let why = match error {
                StoreError::Stopped => continue,
                error => error.to_string(),
            };
            shared.update(|progress| progress.failed = Some(why));
            continue;
        }
        if journal.segment() != segment {
            segment = journal.segment();
            let _ = wanted.try_send(segment + 1);
        }
        let tree = std::mem::take(&mut block.tree);
        shared.update(|progress| progress.tree = tree);
        let _ = returned.try_send(block.events);
        // An archiver that has ended leaves the history in memory, and is missed by no one else.
        if let Some(place) = journal.last() {
            let _ = written.send(Written::Block(place));
        }
        if let Some(sealing) = sealing {
            let _ = written.send(Written::Cut(Box::new((sealing, journal.end()))));
        }
    }
    journal
}

/// Puts what was cut into parts. What fails is tried again with the next cut's turn; until then it stays in memory.
fn archive_all(
    mut history: History,
    written: &Receiver<Written>,
    ready: &Sender<Sealed<Directory>>,
) -> History {
    let mut waiting: VecDeque<(Sealing, End)> = VecDeque::new();
    while let Ok(next) = written.recv() {
        match next {
            Written::Block(place) => history.note(place),
            Written::Cut(cut) => {
                waiting.push_back(*cut);
                while let Some((sealing, end)) = waiting.pop_front() {
                    if history.seal(&sealing, end.clone()).is_err() {
                        waiting.push_front((sealing, end));
                        break;
                    }
                    // The memory of what was cut is free as soon as the engine has the part.
                    drop(sealing);
                    if let Some(sealed) = history.open_next() {
                        let _ = ready.send(sealed);
                    }
                }
            }
        }
    }
    history
}

struct Done<'a>(&'a Shared);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.update(|progress| progress.done = true);
    }
}

fn prepare(preparer: &Preparer<Directory>, wishes: &Receiver<u64>) {
    loop {
        match wishes.recv_timeout(IDLE) {
            Ok(number) => {
                // Without a prewritten segment the journal goes on with one that grows.
                let _ = preparer.run(number);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
