//! Where rollups are kept: their journal is in a directory of its own, which is there once something is defined.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use thalium::audit::merkle::{Hash, MerkleTree};
use thalium::port::keys::Keys;
use thalium::rollup::{Building, Done, RollupError, Rollups};
use thalium_store::disk::{Directory, Disk};
use thalium_store::{End, Events, Image, Reader, StoreJournal};

use crate::Error;
use crate::beside::{Beside, ROLLUPS, Written, or_from_start};
use crate::place::{Place, at};

/// After so many bytes of records an image is made, and when the ledger is closed, after so many.
const IMAGE_EVERY: u64 = 256 << 20;
const IMAGE_AT_CLOSE: u64 = 1 << 20;

/// What verifying rollups found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedRollups {
    /// Records in their journal.
    pub records: u64,
    /// The Merkle root over them.
    pub root: Hash,
    /// How many rollups there are.
    pub rollups: usize,
}

/// Verifies the rollups of a ledger from their first record; `None` where it has none.
pub(crate) fn verify(
    ledger: &Path,
    keys: Option<Arc<dyn Keys>>,
) -> Result<Option<VerifiedRollups>, Error> {
    let Some(place) = Place::found(&ledger.join(ROLLUPS), keys)? else { return Ok(None) };
    let (mut rollups, mut tree) = (Rollups::default(), MerkleTree::default());
    let mut replay = Replay::of(&mut rollups);
    at!(&place, disk => thalium_store::verify(disk, &mut |record| {
        tree.push(record);
        replay.take(record);
    }))?;
    replay.end()?;
    let count = rollups.iter().count();
    Ok(Some(VerifiedRollups { records: tree.size(), root: tree.root(), rollups: count }))
}

/// How rollups are kept.
pub(crate) struct Shelf {
    beside: Beside,
    state: Mutex<Option<State>>,
    /// One rollup is defined at a time.
    pub(super) defining: Mutex<()>,
}

struct State {
    rollups: Rollups,
    records: Records,
    /// Why nothing more is taken.
    stopped: Option<String>,
}

/// Where records are.
pub(super) enum Records {
    Memory(Vec<Vec<u8>>),
    /// With the bytes since the last image.
    Written(Written, u64),
    /// With the directory from which they are read.
    Read(Box<Reader<Directory>>, Directory),
    /// None yet.
    None,
}

impl Shelf {
    pub(crate) const fn in_memory() -> Self {
        Self { beside: Beside::Memory, state: Mutex::new(None), defining: Mutex::new(()) }
    }

    /// Those beside a ledger in a directory; `keys` are given where that is encrypted.
    pub(crate) fn beside(
        ledger: &Path,
        keys: Option<Arc<dyn Keys>>,
        segment_len: u64,
        writes: bool,
    ) -> Self {
        let beside = Beside::of(ledger, ROLLUPS, keys, segment_len, writes);
        Self { beside, state: Mutex::new(None), defining: Mutex::new(()) }
    }

    /// The rollups, opened when they are first asked for.
    fn state(&self) -> Result<Guard<'_>, Error> {
        let mut guard = self.state.lock().map_err(|_| Error::Panicked)?;
        if guard.is_none() {
            *guard = Some(self.open()?);
        }
        let mut guard = Guard(guard);
        self.catch_up(guard.get()?)?;
        Ok(guard)
    }

    fn open(&self) -> Result<State, Error> {
        let (rollups, records) = match self.beside.disk()? {
            Some(disk) if self.beside.writes() => {
                let (journal, rollups, bytes) = open_journal(&disk, self.beside.options())?;
                (rollups, Records::Written(Written::new(journal), bytes))
            }
            Some(disk) => {
                let (reader, rollups) = begin_reading(&disk)?;
                (rollups, Records::Read(Box::new(reader), disk))
            }
            None => (Rollups::default(), Records::None),
        };
        Ok(State { rollups, records, stopped: None })
    }

    /// Takes in what another has written since.
    fn catch_up(&self, state: &mut State) -> Result<(), Error> {
        if matches!(state.records, Records::None) && !self.beside.writes() {
            // The first may have been defined since.
            *state = self.open()?;
        }
        let State { rollups, records: Records::Read(reader, disk), .. } = state else {
            return Ok(());
        };
        let mut replay = Replay::of(rollups);
        reader.poll(u64::MAX, &mut |bytes| replay.take(bytes))?;
        replay.end()?;
        complete(disk, rollups)
    }

    /// Does something with the disk of rollups that are encrypted; `None` where there are none.
    pub(crate) fn with_sealed<T>(
        &self,
        work: impl FnOnce(&Directory) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut guard = self.state()?;
        match &guard.get()?.records {
            Records::Written(written, _) => written.with_sealed(work),
            _ => Ok(None),
        }
    }

    /// Keys with which rollups are made that are not there yet.
    pub(crate) fn rewrap(&self, keys: Arc<dyn Keys>) -> Result<(), Error> {
        self.with_sealed(|disk| Ok(disk.seal().rewrap(disk, Arc::clone(&keys))?))?;
        self.beside.set_keys(keys)
    }

    /// Does something to the rollups; its records are durable when this returns.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&mut Rollups, &Records) -> Result<Done<T>, Error>,
    ) -> Result<T, Error> {
        let mut guard = self.state()?;
        let state = guard.get()?;
        if let Some(why) = &state.stopped {
            return Err(Error::Stopped { why: why.clone() });
        }
        if !self.beside.writes() {
            return Err(Error::ReadOnly);
        }
        let Done { answer, records } = work(&mut state.rollups, &state.records)?;
        if records.is_empty() {
            return Ok(answer);
        }
        let append = || {
            if matches!(state.records, Records::None) {
                state.records = Records::of(self.beside.create()?);
            }
            state.records.append(records)
        };
        if let Err(error) = append() {
            // What was folded in is not known to be durable.
            state.stopped = Some(error.to_string());
            return Err(error);
        }
        if let Err(error) = state.records.image(&state.rollups, IMAGE_EVERY) {
            // Without it the next opening reads more.
            tracing::warn!(%error, "no image of the rollups was written");
        }
        Ok(answer)
    }

    /// Leaves an image, however little it spares.
    #[cfg(test)]
    pub(super) fn with_image(&self) -> Result<bool, Error> {
        let mut guard = self.state()?;
        let State { rollups, records, .. } = guard.get()?;
        records.image(rollups, 0)?;
        Ok(matches!(records, Records::Written(_, 0)))
    }

    /// Leaves an image, so that the next opening is quicker.
    pub(crate) fn close(&self) -> Result<(), Error> {
        let mut guard = self.state.lock().map_err(|_| Error::Panicked)?;
        match &mut *guard {
            Some(state) if state.stopped.is_none() => {
                state.records.image(&state.rollups, IMAGE_AT_CLOSE)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn read<T>(
        &self,
        ask: impl FnOnce(&Rollups) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut guard = self.state()?;
        let state = guard.get()?;
        // What was folded in last is not known to be durable: nobody is told of it.
        match &state.stopped {
            Some(why) => Err(Error::Stopped { why: why.clone() }),
            None => ask(&state.rollups),
        }
    }

    /// Folds into a rollup what is durable, without keeping others from giving trades; `told` is told how many records were.
    pub(super) fn build(
        &self,
        building: Building,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<Builder, Error> {
        let (disk, records) = {
            let mut guard = self.state()?;
            let State { rollups, records, .. } = guard.get()?;
            match records {
                Records::Written(written, _) => {
                    (written.journal().disk().clone(), rollups.records())
                }
                _ => return Ok(Builder { building, reader: None, number: 0 }),
            }
        };
        let mut builder = Builder::new(&disk, building)?;
        builder.go_on(records, &mut |done| told(done, records))?;
        Ok(builder)
    }
}

/// Rollups that are open.
struct Guard<'a>(MutexGuard<'a, Option<State>>);

impl Guard<'_> {
    fn get(&mut self) -> Result<&mut State, Error> {
        self.0.as_mut().ok_or(Error::Panicked)
    }
}

impl Records {
    /// A journal that was made, or memory.
    fn of(made: Option<Written>) -> Self {
        made.map_or_else(|| Self::Memory(Vec::new()), |written| Self::Written(written, 0))
    }

    /// Leaves an image of the rollups that the records lead to, where there is enough that it spares the next opening.
    fn image(&mut self, rollups: &Rollups, enough: u64) -> Result<(), Error> {
        match self {
            Self::Written(written, bytes) if *bytes >= enough => {
                let journal = written.journal();
                Image { end: journal.end(), state: rollups.image() }.write(journal.disk())?;
                *bytes = 0;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn append(&mut self, records: Vec<Vec<u8>>) -> Result<(), Error> {
        match self {
            Self::Memory(own) => own.extend(records),
            Self::Written(written, bytes) => {
                *bytes += records.iter().map(|record| record.len() as u64).sum::<u64>();
                written.append(&records)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// A rollup, and how far the journal was read for it.
pub(super) struct Builder {
    pub(super) building: Building,
    reader: Option<Reader<Directory>>,
    /// How many records were read.
    number: u64,
}

impl Builder {
    fn new(disk: &Directory, building: Building) -> Result<Self, Error> {
        Ok(Self { building, reader: Some(Reader::open(disk.clone(), false)?), number: 0 })
    }

    /// Folds in what the journal has up to so many records; `told` is told how many were read.
    fn go_on(&mut self, records: u64, told: &mut dyn FnMut(u64)) -> Result<(), Error> {
        let Self { building, reader: Some(reader), number } = self else { return Ok(()) };
        let mut failed = None;
        reader.poll(records, &mut |bytes| {
            // One that begins later passes over what is before.
            if *number == building.next() && failed.is_none() {
                failed = building.take(bytes).err();
            }
            *number += 1;
            told((*number).min(records));
        })?;
        self::told(failed)
    }

    /// Folds in what is left of the first so many records, wherever they are.
    pub(super) fn end(&mut self, records: &Records, count: u64) -> Result<(), Error> {
        let Records::Memory(records) = records else { return self.go_on(count, &mut |_| {}) };
        let next = usize::try_from(self.building.next()).unwrap_or(usize::MAX);
        for record in records.get(next..).unwrap_or_default() {
            self.building.take(record).map_err(damaged)?;
        }
        Ok(())
    }
}

/// Records into rollups; what follows one that is none is passed over.
struct Replay<'a> {
    rollups: &'a mut Rollups,
    failed: Option<RollupError>,
}

impl<'a> Replay<'a> {
    const fn of(rollups: &'a mut Rollups) -> Self {
        Self { rollups, failed: None }
    }

    fn take(&mut self, record: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.rollups.replay(record).err();
        }
    }

    fn end(self) -> Result<(), Error> {
        told(self.failed)
    }
}

/// The rollups of the image of a directory, and where the journal ended when it was made; `None` where there is none that can be used.
fn image_of(disk: &Directory) -> Option<(End, Rollups)> {
    let Image { end, state } = Image::read(disk)?;
    let rollups = Rollups::from_image(&state).ok()?;
    (rollups.records() == end.tree().size()).then_some((end, rollups))
}

/// Opens a journal to write it, with the rollups that it leads to, and how many bytes of it are in no image.
fn open_journal(
    disk: &Directory,
    options: thalium_store::Options,
) -> Result<(StoreJournal<Directory>, Rollups, u64), Error> {
    let from_start = || read_journal(disk, options, None, Rollups::default());
    let image = image_of(disk);
    or_from_start(
        image.map(|(end, rollups)| read_journal(disk, options, Some(end), rollups)),
        from_start,
    )
}

/// Reads a journal from where an image leaves off, or from its beginning.
fn read_journal(
    disk: &Directory,
    options: thalium_store::Options,
    start: Option<End>,
    mut rollups: Rollups,
) -> Result<(StoreJournal<Directory>, Rollups, u64), Error> {
    let (mut replay, mut read) = (Replay::of(&mut rollups), 0);
    let mut take = |bytes: &[u8]| {
        read += bytes.len() as u64;
        replay.take(bytes);
    };
    let opened = StoreJournal::open_from(disk.clone(), options, start, &mut Events(&mut take));
    let (journal, _) = opened?;
    replay.end()?;
    complete(disk, &mut rollups)?;
    Ok((journal, rollups, read))
}

/// A reader behind the image of a directory, with its rollups, or at the beginning.
fn begin_reading(disk: &Directory) -> Result<(Reader<Directory>, Rollups), Error> {
    if let Some((end, rollups)) = image_of(disk)
        && let Ok(reader) = Reader::resume(disk.clone(), end)
    {
        return Ok((reader, rollups));
    }
    Ok((Reader::open(disk.clone(), false)?, Rollups::default()))
}

/// Folds all records of a journal into rollups that were defined when there were some already.
fn complete(disk: &Directory, rollups: &mut Rollups) -> Result<(), Error> {
    let stale: Vec<_> = rollups.stale().collect();
    for building in stale {
        let mut builder = Builder::new(disk, building)?;
        builder.go_on(rollups.records(), &mut |_| {})?;
        rollups.complete(builder.building).map_err(damaged)?;
    }
    Ok(())
}

fn damaged(error: RollupError) -> Error {
    Error::Rollups(error.to_string())
}

fn told(failed: Option<RollupError>) -> Result<(), Error> {
    failed.map_or(Ok(()), |error| Err(damaged(error)))
}
