//! Rollups beside the books: their journal is in a directory of its own, which is there once something is defined.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard};

use thalium::api::rollup::{self as api, RollupFault};
use thalium::audit::merkle::{Hash, MerkleTree};
use thalium::port::journal::{Block, Journal as _};
use thalium::port::keys::Keys;
use thalium::rollup::{BadRows, Building, Done, Ingested, Rollups, Trades};
use thalium_store::disk::{Directory, Disk};
use thalium_store::{Preparer, Reader, StoreJournal};

use crate::place::at;
use crate::{Error, Thalium};

/// The directory of the rollups in that of a ledger.
const DIRECTORY: &str = "rollups";

/// Where the rollups of a ledger in a directory are.
pub(crate) fn directory_of(ledger: &Path) -> PathBuf {
    ledger.join(DIRECTORY)
}

/// Whether a ledger has rollups.
pub(crate) fn is_at(ledger: &Path) -> Result<bool, Error> {
    let path = directory_of(ledger);
    Ok(path.is_dir() && StoreJournal::is_at(&Directory::new(path))?)
}

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
    let place = crate::place::Place::of(&directory_of(ledger))?;
    if !place.is_store()? {
        return Ok(None);
    }
    let place = place.with_keys(keys)?;
    let (mut rollups, mut tree, mut failed) = (Rollups::default(), MerkleTree::default(), None);
    at!(&place, disk => thalium_store::verify(disk, &mut |record| {
        tree.push(record);
        if failed.is_none() {
            failed = rollups.replay(record).err();
        }
    }))?;
    told(failed)?;
    let count = rollups.iter().count();
    Ok(Some(VerifiedRollups { records: tree.size(), root: tree.root(), rollups: count }))
}

/// How rollups are kept.
pub(crate) struct Shelf {
    place: Place,
    state: Mutex<Option<State>>,
    /// One rollup is defined at a time.
    defining: Mutex<()>,
}

/// Where rollups are.
enum Place {
    Memory,
    Directory { path: PathBuf, keys: Mutex<Option<Arc<dyn Keys>>>, segment_len: u64, writes: bool },
}

struct State {
    rollups: Rollups,
    records: Records,
    /// Why nothing more is taken.
    stopped: Option<String>,
}

/// Where records are.
enum Records {
    Memory(Vec<Vec<u8>>),
    /// With what prewrites its segments.
    Written(Box<StoreJournal<Directory>>, Preparer<Directory>, u64),
    /// None yet, though they could be written.
    None,
    Read(Box<Reader<Directory>>),
    /// None yet: another would write them.
    Nothing,
}

impl Shelf {
    pub(crate) const fn in_memory() -> Self {
        Self { place: Place::Memory, state: Mutex::new(None), defining: Mutex::new(()) }
    }

    /// Those beside a ledger in a directory; `keys` are given where that is encrypted.
    pub(crate) fn beside(
        ledger: &Path,
        keys: Option<Arc<dyn Keys>>,
        segment_len: u64,
        writes: bool,
    ) -> Self {
        let path = directory_of(ledger);
        let place = Place::Directory { path, keys: Mutex::new(keys), segment_len, writes };
        Self { place, state: Mutex::new(None), defining: Mutex::new(()) }
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
        let mut rollups = Rollups::default();
        let (path, writes) = match &self.place {
            Place::Memory => {
                return Ok(State { rollups, records: Records::Memory(Vec::new()), stopped: None });
            }
            Place::Directory { path, writes, .. } => (path, *writes),
        };
        let is_there = path.is_dir() && StoreJournal::is_at(&Directory::new(path))?;
        let records = match (is_there, writes) {
            (false, true) => Records::None,
            (false, false) => Records::Nothing,
            (true, false) => Records::Read(Box::new(Reader::open(self.disk(path)?, false)?)),
            (true, true) => {
                let mut failed = None;
                let (journal, _) =
                    StoreJournal::open(self.disk(path)?, self.options(), &mut |bytes| {
                        if failed.is_none() {
                            failed = rollups.replay(bytes).err();
                        }
                    })?;
                told(failed)?;
                complete(journal.disk(), &mut rollups)?;
                Records::written(journal)
            }
        };
        Ok(State { rollups, records, stopped: None })
    }

    fn keys(&self) -> Result<Option<Arc<dyn Keys>>, Error> {
        match &self.place {
            Place::Memory => Ok(None),
            Place::Directory { keys, .. } => Ok(keys.lock().map_err(|_| Error::Panicked)?.clone()),
        }
    }

    fn disk(&self, path: &Path) -> Result<Directory, Error> {
        Ok(Directory::new(path).with_keys(self.keys()?)?)
    }

    fn options(&self) -> thalium_store::Options {
        match &self.place {
            Place::Memory => thalium_store::Options::default(),
            Place::Directory { segment_len, .. } => {
                thalium_store::Options { segment_len: *segment_len }
            }
        }
    }

    /// Takes in what another has written since.
    fn catch_up(&self, state: &mut State) -> Result<(), Error> {
        if let (Records::Nothing, Place::Directory { path, .. }) = (&state.records, &self.place)
            && path.is_dir()
            && StoreJournal::is_at(&Directory::new(path))?
        {
            state.records = Records::Read(Box::new(Reader::open(self.disk(path)?, false)?));
        }
        let (State { rollups, records: Records::Read(reader), .. }, Place::Directory { path, .. }) =
            (state, &self.place)
        else {
            return Ok(());
        };
        let mut failed = None;
        reader.poll(u64::MAX, &mut |bytes| {
            if failed.is_none() {
                failed = rollups.replay(bytes).err();
            }
        })?;
        told(failed)?;
        complete(&self.disk(path)?, rollups)
    }

    /// Does something with the disk of rollups that are encrypted; `None` where there are none.
    pub(crate) fn with_sealed<T>(
        &self,
        work: impl FnOnce(&Directory) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut guard = self.state()?;
        match &guard.get()?.records {
            Records::Written(journal, ..) if journal.disk().seal().current() > 0 => {
                work(journal.disk()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Keys with which rollups are made that are not there yet.
    pub(crate) fn rewrap(&self, keys: Arc<dyn Keys>) -> Result<(), Error> {
        self.with_sealed(|disk| Ok(disk.seal().rewrap(disk, Arc::clone(&keys))?))?;
        if let Place::Directory { keys: own, .. } = &self.place {
            *own.lock().map_err(|_| Error::Panicked)? = Some(keys);
        }
        Ok(())
    }

    /// Does something to the rollups; its records are durable when this returns.
    fn write<T>(
        &self,
        work: impl FnOnce(&mut Rollups, &Records) -> Result<Done<T>, Error>,
    ) -> Result<T, Error> {
        let mut guard = self.state()?;
        let state = guard.get()?;
        if let Some(why) = &state.stopped {
            return Err(Error::Stopped { why: why.clone() });
        }
        if matches!(state.records, Records::Read(_) | Records::Nothing) {
            return Err(Error::ReadOnly);
        }
        if matches!(state.records, Records::None) {
            state.records = self.create()?;
        }
        let Done { answer, records } = work(&mut state.rollups, &state.records)?;
        if let Err(error) = state.records.append(records) {
            // What was folded in is not known to be durable.
            state.stopped = Some(error.to_string());
            return Err(error);
        }
        Ok(answer)
    }

    /// Makes the journal of rollups that had none.
    fn create(&self) -> Result<Records, Error> {
        let Place::Directory { path, .. } = &self.place else {
            return Ok(Records::Memory(Vec::new()));
        };
        std::fs::create_dir_all(path)
            .map_err(|source| Error::Create { path: path.display().to_string(), source })?;
        let disk = Directory::new(path).with_new_keys(self.keys()?)?;
        Ok(Records::written(StoreJournal::create(disk, self.options())?))
    }

    fn read<T>(&self, ask: impl FnOnce(&Rollups) -> Result<T, Error>) -> Result<T, Error> {
        ask(&self.state()?.get()?.rollups)
    }

    /// Folds into a rollup what is durable, without keeping others from giving trades; `told` is told how many records were.
    fn build(&self, building: Building, told: &mut dyn FnMut(u64, u64)) -> Result<Builder, Error> {
        let (disk, records) = {
            let mut guard = self.state()?;
            let State { rollups, records, .. } = guard.get()?;
            match records {
                Records::Written(journal, ..) => (journal.disk().clone(), rollups.records()),
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
    fn written(journal: StoreJournal<Directory>) -> Self {
        let preparer = journal.preparer();
        let segment = journal.segment();
        Self::Written(Box::new(journal), preparer, segment)
    }

    fn append(&mut self, records: Vec<Vec<u8>>) -> Result<(), Error> {
        match self {
            Self::Memory(own) => own.extend(records),
            Self::Written(journal, preparer, segment) if !records.is_empty() => {
                let mut tree: MerkleTree = journal.tree();
                records.iter().for_each(|record| tree.push(record));
                let event_count = records.len() as u64;
                journal.append(&Block { events: records.concat(), event_count, tree })?;
                if journal.segment() > *segment {
                    *segment = journal.segment();
                    // Without it, the next segment grows as it is written.
                    let (preparer, next) = (preparer.clone(), *segment + 1);
                    let _ = std::thread::Builder::new()
                        .name("thalium-rollups".to_owned())
                        .spawn(move || preparer.run(next));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// A rollup, and how far the journal was read for it.
struct Builder {
    building: Building,
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

    /// Folds in records that are in memory.
    fn from(&mut self, records: &[Vec<u8>]) -> Result<(), Error> {
        let next = usize::try_from(self.building.next()).unwrap_or(usize::MAX);
        for record in records.get(next..).unwrap_or_default() {
            self.building.take(record).map_err(damaged)?;
        }
        Ok(())
    }
}

/// Folds all records of a journal into rollups that were defined when there were some already.
fn complete(disk: &Directory, rollups: &mut Rollups) -> Result<(), Error> {
    for building in rollups.stale().map_err(damaged)? {
        let mut builder = Builder::new(disk, building)?;
        builder.go_on(rollups.records(), &mut |_| {})?;
        rollups.complete(builder.building).map_err(damaged)?;
    }
    Ok(())
}

fn damaged(error: thalium::rollup::RollupError) -> Error {
    Error::Rollups(error.to_string())
}

fn told(failed: Option<thalium::rollup::RollupError>) -> Result<(), Error> {
    failed.map_or(Ok(()), |error| Err(damaged(error)))
}

impl From<RollupFault> for Error {
    fn from(fault: RollupFault) -> Self {
        Self::Rollup(fault)
    }
}

fn fault(error: thalium::rollup::RollupError) -> Error {
    Error::Rollup(error.into())
}

impl Thalium {
    /// Does something to the rollups, unless the ledger will be closed.
    fn to_rollups<T>(
        &self,
        work: impl FnOnce(&mut Rollups, &Records) -> Result<Done<T>, Error>,
    ) -> Result<T, Error> {
        if self.is_draining.load(Ordering::Relaxed) {
            return Err(Error::Draining);
        }
        self.shelf.write(work)
    }

    /// Defines a rollup, or defines one anew; `told` is told how many records of all were folded in, where there are any.
    ///
    /// # Errors
    /// A definition that is none, or cannot take the place of the one that is there; a ledger that was opened to read or has stopped.
    pub fn define_rollup_telling(
        &self,
        asked: &api::DefineRollup,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<api::RollupView, Error> {
        let shelf = &self.shelf;
        let _one = shelf.defining.lock().map_err(|_| Error::Panicked)?;
        let building = shelf.read(|rollups| {
            let definition = api::definition(rollups, asked)?;
            rollups.define(definition).map_err(fault)
        })?;
        if let Some(building) = building {
            let mut builder = shelf.build(building, told)?;
            self.to_rollups(|rollups, records| {
                // What was given meanwhile.
                builder.go_on(rollups.records(), &mut |_| {})?;
                if let Records::Memory(records) = records {
                    builder.from(records)?;
                }
                rollups.install(builder.building).map_err(fault)
            })?;
        }
        shelf.read(|rollups| {
            let rollup = rollups.get(&asked.name);
            rollup.map(api::rollup_view).ok_or(Error::Panicked)
        })
    }

    /// As [`Thalium::define_rollup_telling`], and tells nobody.
    ///
    /// # Errors
    /// As [`Thalium::define_rollup_telling`].
    pub fn define_rollup(&self, asked: &api::DefineRollup) -> Result<api::RollupView, Error> {
        self.define_rollup_telling(asked, &mut |_, _| {})
    }

    /// Takes a rollup away.
    ///
    /// # Errors
    /// There is none of that name, or others are made of it; a ledger that was opened to read or has stopped.
    pub fn drop_rollup(&self, name: &str) -> Result<(), Error> {
        let _one = self.shelf.defining.lock().map_err(|_| Error::Panicked)?;
        self.to_rollups(|rollups, _| {
            rollups.discard(name).map_err(|error| {
                let fault = RollupFault::from(error);
                // Here the name is what was asked for.
                Error::Rollup(RollupFault { field: "name".to_owned(), ..fault })
            })
        })
    }

    /// The rollups, by name.
    ///
    /// # Errors
    /// A journal that cannot be read.
    pub fn list_rollups(&self) -> Result<Vec<api::RollupView>, Error> {
        self.shelf.read(|rollups| Ok(api::rollup_views(rollups)))
    }

    /// Gives trades to a rollup at an instant; they are durable when this returns.
    ///
    /// # Errors
    /// A rollup that is not there or has no trades of its own; a row that is not taken, where none is to be taken then; a ledger that was
    /// opened to read or has stopped.
    pub fn ingest_trades_at(
        &self,
        now: i64,
        call: &api::IngestTrades,
    ) -> Result<api::IngestReport, Error> {
        self.to_rollups(|rollups, _| Ok(api::ingest_trades(rollups, call, now)?))
    }

    /// As [`Thalium::ingest_trades_at`], now.
    ///
    /// # Errors
    /// As [`Thalium::ingest_trades_at`].
    pub fn ingest_trades(&self, call: &api::IngestTrades) -> Result<api::IngestReport, Error> {
        self.ingest_trades_at(self.now(), call)
    }

    /// Gives trades in columns to a rollup: the way for millions.
    ///
    /// # Errors
    /// As [`Thalium::ingest_trades_at`].
    pub fn ingest_columns(
        &self,
        rollup: &str,
        trades: &Trades<'_>,
        bad: BadRows,
    ) -> Result<Ingested, Error> {
        let now = self.now();
        self.to_rollups(|rollups, _| rollups.ingest(rollup, trades, bad, now).map_err(fault))
    }

    /// Puts a trade in the place of that with its symbol, instant and id; gives what that was.
    ///
    /// # Errors
    /// As [`Thalium::ingest_trades_at`]; there is no such trade, or it is too late for it.
    pub fn correct_trade(&self, call: &api::CorrectTrade) -> Result<api::TradeView, Error> {
        self.correct_trade_at(self.now(), call)
    }

    /// As [`Thalium::correct_trade`], at an instant.
    ///
    /// # Errors
    /// As [`Thalium::correct_trade`].
    pub fn correct_trade_at(
        &self,
        now: i64,
        call: &api::CorrectTrade,
    ) -> Result<api::TradeView, Error> {
        self.to_rollups(|rollups, _| Ok(api::correct_trade(rollups, call, now)?))
    }

    /// Takes a trade back; gives what it was.
    ///
    /// # Errors
    /// As [`Thalium::correct_trade`].
    pub fn remove_trade(&self, call: &api::RemoveTrade) -> Result<api::TradeView, Error> {
        self.to_rollups(|rollups, _| Ok(api::remove_trade(rollups, call)?))
    }

    /// Tells a rollup what time it is, so that buckets close in which nothing happens any more.
    ///
    /// # Errors
    /// As [`Thalium::ingest_trades_at`].
    pub fn advance_rollup(&self, rollup: &str, now: i64) -> Result<(), Error> {
        self.to_rollups(|rollups, _| rollups.advance(rollup, now).map_err(fault))
    }

    /// Candles of a symbol.
    ///
    /// # Errors
    /// A rollup that is not there, a width that is none of its levels, a journal that cannot be read.
    pub fn klines(&self, query: &api::KlineQuery) -> Result<api::KlinePage, Error> {
        self.shelf.read(|rollups| Ok(api::klines(rollups, query)?))
    }

    /// The symbols of a rollup, with their newest prices.
    ///
    /// # Errors
    /// As [`Thalium::klines`].
    pub fn list_symbols(&self, query: &api::SymbolQuery) -> Result<api::SymbolPage, Error> {
        self.shelf.read(|rollups| Ok(api::symbols(rollups, query)?))
    }

    /// What has become of a rollup.
    ///
    /// # Errors
    /// As [`Thalium::klines`].
    pub fn rollup_changes(&self, query: &api::ChangeQuery) -> Result<api::ChangePage, Error> {
        self.shelf.read(|rollups| Ok(api::changes(rollups, query)?))
    }
}

#[cfg(test)]
#[path = "rollups_tests.rs"]
mod tests;
