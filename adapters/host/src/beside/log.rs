//! A log beside the books: what is given to it becomes durable, that of several threads together. Who gives much waits: nothing is dropped.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use thalium::audit::merkle::{Hash, MerkleTree};
use thalium::event::{Joiner, Recorded, RecordedError};
use thalium::port::keys::Keys;
use thalium_store::disk::{Directory, Disk as _};
use thalium_store::{End, Events, Image, Reader, StoreJournal};

use super::{Beside, Written, or_from_start};
use crate::Error;
use crate::place::{Place, at};

/// How many bytes may wait for the disk; who comes then waits as well.
const WAITING: usize = 64 << 20;
/// How many records are read before it is asked whether to go on.
const AT_A_TIME: u64 = 4096;
/// A mark stands so many records behind the one before it.
const MARK_EVERY: u64 = 16_384;

/// What is kept in a log.
pub(crate) trait Logged: Recorded + Send + 'static {
    /// The directory, in that of the ledger.
    const DIRECTORY: &'static str;

    /// The error of a log that is not what was written.
    fn damaged(why: String) -> Error;
}

/// What verifying a log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedLog {
    /// How many things are in it: decisions, changes.
    pub entries: u64,
    /// Records in its journal.
    pub records: u64,
    /// The Merkle root over them.
    pub root: Hash,
}

/// Verifies a log beside a ledger from its first record; `None` where there is none.
pub(crate) fn verify<T: Logged>(
    ledger: &Path,
    keys: Option<Arc<dyn Keys>>,
) -> Result<Option<VerifiedLog>, Error> {
    let Some(place) = Place::found(&ledger.join(T::DIRECTORY), keys)? else { return Ok(None) };
    let closed = at!(&place, disk => Image::read(disk)).map(|image| image.end.tree().size());
    let (mut tree, mut joiner, mut entries) = (MerkleTree::default(), Joiner::<T>::default(), 0);
    let mut failed = None;
    at!(&place, disk => thalium_store::verify(disk, &mut |record| {
        tree.push(record);
        match joiner.take(record) {
            _ if failed.is_some() => {}
            Ok(whole) => entries += u64::from(whole.is_some()),
            Err(error) => failed = Some(error),
        }
    }))?;
    match failed {
        Some(error) => Err(damaged::<T>(&error)),
        None if joiner.is_within() => Err(damaged::<T>(&"the last entry is not whole")),
        None if closed.is_some_and(|closed| closed > tree.size()) => Err(shorter::<T>(tree.size())),
        None => Ok(Some(VerifiedLog { entries, records: tree.size(), root: tree.root() })),
    }
}

fn shorter<T: Logged>(records: u64) -> Error {
    damaged::<T>(&format_args!(
        "it ends after {records} records, and there were more when it was closed"
    ))
}

fn damaged<T: Logged>(error: &dyn std::fmt::Display) -> Error {
    T::damaged(error.to_string())
}

/// Records into the entries that are asked for; what follows one that is none is passed over.
struct Pages<'a, T> {
    joiner: Joiner<T>,
    after: Option<u64>,
    visit: &'a mut dyn FnMut(u64, T) -> bool,
    goes_on: bool,
    failed: Option<RecordedError>,
}

impl<'a, T: Logged> Pages<'a, T> {
    fn new(next: u64, after: Option<u64>, visit: &'a mut dyn FnMut(u64, T) -> bool) -> Self {
        Self { joiner: Joiner::at(next), after, visit, goes_on: true, failed: None }
    }

    /// Takes a record; whether more are wanted.
    fn take(&mut self, record: &[u8]) -> bool {
        if self.goes_on {
            match self.joiner.take(record) {
                Ok(Some((number, _))) if self.after.is_some_and(|after| number <= after) => {}
                Ok(Some((number, entry))) => self.goes_on = (self.visit)(number, entry),
                Ok(None) => {}
                Err(error) => (self.failed, self.goes_on) = (Some(error), false),
            }
        }
        self.goes_on
    }

    fn end(self) -> Result<(), Error> {
        self.failed.map_or(Ok(()), |error| Err(damaged::<T>(&error)))
    }
}

/// How it is kept.
pub(crate) struct Log<T> {
    beside: Beside,
    queue: Mutex<Queue>,
    /// Something was written, or can be.
    turn: Condvar,
    kept: Mutex<Kept>,
    /// Places at which a page may begin, by the number of the record there: the journal need not be read from its beginning.
    marks: Mutex<BTreeMap<u64, End>>,
    of: PhantomData<fn(T)>,
}

/// What waits for the disk.
#[derive(Default)]
struct Queue {
    /// The bytes of each entry.
    waiting: Vec<Vec<u8>>,
    bytes: usize,
    /// How many were given, and how many of them are durable.
    given: u64,
    durable: u64,
    /// Whether someone writes: then what waits is written with the next.
    is_led: bool,
    /// Why nothing more is taken.
    stopped: Option<String>,
}

/// Where they are.
enum Kept {
    /// It was not looked yet.
    Unopened,
    Memory(Vec<Vec<u8>>),
    Written(Written),
}

impl<T: Logged> Log<T> {
    pub(crate) fn in_memory() -> Self {
        Self::of(Beside::Memory)
    }

    /// That beside a ledger in a directory; `keys` are given where that is encrypted.
    pub(crate) fn beside(
        ledger: &Path,
        keys: Option<Arc<dyn Keys>>,
        segment_len: u64,
        writes: bool,
    ) -> Self {
        Self::of(Beside::of(ledger, T::DIRECTORY, keys, segment_len, writes))
    }

    fn of(beside: Beside) -> Self {
        let kept = Mutex::new(Kept::Unopened);
        let (queue, marks) = Default::default();
        Self { beside, queue, turn: Condvar::new(), kept, marks, of: PhantomData }
    }

    /// Takes down an entry's bytes; they are durable when this returns.
    pub(crate) fn append(&self, bytes: Vec<u8>) -> Result<(), Error> {
        let place = self.give(vec![bytes])?;
        self.wait(place)
    }

    /// Takes the bytes of entries that become durable together, in the order in which they were given; what to [wait](Log::wait) for.
    pub(crate) fn give(&self, entries: Vec<Vec<u8>>) -> Result<u64, Error> {
        if !self.beside.writes() {
            return Err(Error::ReadOnly);
        }
        let size = entries.iter().map(Vec::len).sum();
        let mut queue = self.queue()?;
        while queue.stopped.is_none()
            && queue.bytes > 0
            && queue.bytes.saturating_add(size) > WAITING
        {
            queue = self.turn.wait(queue).map_err(|_| Error::Panicked)?;
        }
        if let Some(why) = &queue.stopped {
            return Err(Error::Stopped { why: why.clone() });
        }
        queue.given += entries.len() as u64;
        queue.bytes = queue.bytes.saturating_add(size);
        queue.waiting.extend(entries);
        Ok(queue.given)
    }

    /// Waits until what was given up to a place is durable.
    pub(crate) fn wait(&self, until: u64) -> Result<(), Error> {
        let mut queue = self.queue()?;
        loop {
            if queue.durable >= until {
                return Ok(());
            }
            if let Some(why) = &queue.stopped {
                return Err(Error::Stopped { why: why.clone() });
            }
            if queue.is_led {
                queue = self.turn.wait(queue).map_err(|_| Error::Panicked)?;
                continue;
            }
            queue.is_led = true;
            let batch = std::mem::take(&mut queue.waiting);
            queue.bytes = 0;
            drop(queue);
            // Whoever waits must not wait for ever.
            let written = catch_unwind(AssertUnwindSafe(|| self.write(&batch)));
            queue = self.queue()?;
            queue.is_led = false;
            match written.unwrap_or(Err(Error::Panicked)) {
                Ok(()) => queue.durable += batch.len() as u64,
                // It is not known what of it is durable, and nothing that waits will be.
                Err(error) => {
                    tracing::error!(%error, log = T::DIRECTORY, "nothing more is put on record");
                    queue.stopped = Some(error.to_string());
                    queue.waiting = Vec::new();
                    queue.bytes = 0;
                }
            }
            self.turn.notify_all();
        }
    }

    /// Why nothing more is taken, if nothing is.
    pub(crate) fn stopped(&self) -> Option<String> {
        self.queue.lock().ok()?.stopped.clone()
    }

    fn queue(&self) -> Result<MutexGuard<'_, Queue>, Error> {
        self.queue.lock().map_err(|_| Error::Panicked)
    }

    fn write(&self, batch: &[Vec<u8>]) -> Result<(), Error> {
        let mut kept = self.kept.lock().map_err(|_| Error::Panicked)?;
        if matches!(*kept, Kept::Unopened) {
            *kept = match self.opened()? {
                Some(written) => Kept::Written(written),
                None => match self.beside.create()? {
                    Some(written) => Kept::Written(written),
                    None => Kept::Memory(Vec::new()),
                },
            };
        }
        let mut number = match &*kept {
            Kept::Written(written) => written.journal().end().tree().size(),
            Kept::Memory(records) => records.len() as u64,
            Kept::Unopened => 0,
        };
        let mut records = Vec::new();
        for entry in batch {
            let own = T::framed(entry, number).map_err(|error| damaged::<T>(&error))?;
            number += own.len() as u64;
            records.extend(own);
        }
        match &mut *kept {
            Kept::Memory(own) => own.extend(records),
            Kept::Written(written) => written.append(&records)?,
            Kept::Unopened => {}
        }
        Ok(())
    }

    /// The journal, where it is there.
    fn opened(&self) -> Result<Option<Written>, Error> {
        let Some(disk) = self.beside.disk()? else { return Ok(None) };
        let options = self.beside.options();
        let open = |start| -> Result<StoreJournal<Directory>, Error> {
            let take = &mut Events(&mut |_| {});
            let (journal, recovery) = StoreJournal::open_from(disk.clone(), options, start, take)?;
            if let Some(torn) = &recovery.torn {
                tracing::warn!(
                    ?torn,
                    log = T::DIRECTORY,
                    "a block that never came whole was cut off"
                );
            }
            Ok(journal)
        };
        // It is read from where the last close left off: what is before was read then.
        let image = Image::read(&disk);
        let closed = image.as_ref().map_or(0, |image| image.end.tree().size());
        let journal = or_from_start(image.map(|image| open(Some(image.end))), || open(None))?;
        let records = journal.end().tree().size();
        if records < closed { Err(shorter::<T>(records)) } else { Ok(Some(Written::new(journal))) }
    }

    /// Hands on the entries behind a number with their numbers, the oldest first, until `visit` says that it is enough.
    pub(crate) fn read(
        &self,
        after: Option<u64>,
        visit: &mut dyn FnMut(u64, T) -> bool,
    ) -> Result<(), Error> {
        let written = match &*self.kept.lock().map_err(|_| Error::Panicked)? {
            Kept::Memory(records) => {
                let mut pages = Pages::new(0, after, visit);
                let _ = records.iter().all(|record| pages.take(record));
                return pages.end();
            }
            // Its keys are at hand.
            Kept::Written(written) => Some(written.journal().disk().clone()),
            Kept::Unopened => None,
        };
        let Some(disk) = written.map_or_else(|| self.beside.disk(), |disk| Ok(Some(disk)))? else {
            return Ok(());
        };
        let mark = after.and_then(|after| {
            let marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
            marks.range(..=after).next_back().map(|(_, end)| end.clone())
        });
        let mut reader = match mark {
            Some(end) => Reader::resume(disk, end)?,
            None => Reader::open(disk, false)?,
        };
        let mut pages = Pages::new(reader.event_count(), after, visit);
        loop {
            let before = reader.event_count();
            let mut goes_on = true;
            reader.poll(before.saturating_add(AT_A_TIME), &mut |record| {
                goes_on = pages.take(record);
            })?;
            if !goes_on || reader.event_count() == before {
                return pages.end();
            }
            self.mark(&reader);
        }
    }

    #[cfg(test)]
    pub(crate) fn marks(&self) -> Vec<u64> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    /// Notes where a reader is, which is between two entries: each is durable with all of its records.
    fn mark(&self, reader: &Reader<Directory>) {
        let count = reader.event_count();
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let last = marks.range(..=count).next_back().map_or(0, |(count, _)| *count);
        if count >= last.saturating_add(MARK_EVERY) {
            marks.insert(count, reader.end().clone());
        }
    }

    /// Does something with the disk of a log that is encrypted; `None` where there is none.
    pub(crate) fn with_sealed<U>(
        &self,
        work: impl FnOnce(&Directory) -> Result<U, Error>,
    ) -> Result<Option<U>, Error> {
        let mut kept = self.kept.lock().map_err(|_| Error::Panicked)?;
        if matches!(*kept, Kept::Unopened)
            && self.beside.writes()
            && let Some(written) = self.opened()?
        {
            *kept = Kept::Written(written);
        }
        match &*kept {
            Kept::Written(written) => written.with_sealed(work),
            _ => Ok(None),
        }
    }

    /// Keys with which the journal is made, if it is not there yet.
    pub(crate) fn rewrap(&self, keys: Arc<dyn Keys>) -> Result<(), Error> {
        self.with_sealed(|disk| Ok(disk.seal().rewrap(disk, Arc::clone(&keys))?))?;
        self.beside.set_keys(keys)
    }

    /// Leaves word where the journal ends, so that the next opening is quicker.
    pub(crate) fn close(&self) -> Result<(), Error> {
        let kept = self.kept.lock().map_err(|_| Error::Panicked)?;
        let has_stopped = self.queue()?.stopped.is_some();
        if let Kept::Written(written) = &*kept
            && !has_stopped
        {
            let journal = written.journal();
            Image { end: journal.end(), state: Vec::new() }.write(journal.disk())?;
        }
        Ok(())
    }
}
