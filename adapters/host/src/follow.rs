//! A ledger read beside its writer: the books follow the journal, and nothing is decided.

use std::sync::Arc;

use thalium::Engine;
use thalium_store::disk::Directory;
use thalium_store::{Reader, Recovery, StoreJournal, WriterLock};

use crate::Error;
use crate::fold::Fold;
use crate::history::{History, attach};
use crate::open::may_be_derived;
use crate::pages::LargePages;

/// It is worth a look whether the writer has made a part when so much of what may be in memory is there.
const WORTH_A_LOOK: usize = 64;

/// The journal of another's ledger, as far as it was read.
pub(crate) struct Follower {
    reader: Reader<Directory>,
    history: History,
    /// The size of the log at which to stay.
    at: Option<u64>,
    /// Bytes of the log in memory from which on it is worth a look for parts.
    worth: usize,
}

impl Follower {
    /// The books as the journal has them now, or as they were when the log had `at` events.
    pub(crate) fn open(
        disk: &Directory,
        at: Option<u64>,
        memory: usize,
    ) -> Result<(Engine, Self), Error> {
        let worth = memory / WORTH_A_LOOK;
        // What is derived may be of another journal: then the journal alone counts.
        match Self::open_with(disk, at, worth, true) {
            Err(error) if may_be_derived(&error) => Self::open_with(disk, at, worth, false),
            opened => opened,
        }
    }

    fn open_with(
        disk: &Directory,
        at: Option<u64>,
        worth: usize,
        with_history: bool,
    ) -> Result<(Engine, Self), Error> {
        let disk = disk.clone();
        let mut engine = Engine::empty_in(Arc::new(LargePages::default()));
        let (history, start) = History::open(&disk, &mut engine, at, with_history)?;
        let reader = match start {
            Some(start) => Reader::resume(disk, start)?,
            // The size that a snapshot's tree has is not the one asked for.
            None => Reader::open(disk, at.is_none())?,
        };
        let mut follower = Self { reader, history, at, worth };
        follower.catch_up(&mut engine)?;
        let events = engine.book().event_count();
        match at {
            Some(at) if events < at => Err(Error::NotThatLong { at, events }),
            Some(_) => Ok((engine, follower)),
            None => follower.history.check_end(events).map(|()| (engine, follower)),
        }
    }

    /// Folds what has become durable since.
    pub(crate) fn catch_up(&mut self, engine: &mut Engine) -> Result<(), Error> {
        let enough = self.at.unwrap_or(u64::MAX);
        let mut fold = Fold::until(engine, &mut self.history, enough);
        self.reader.poll_visiting(enough, &mut fold)?;
        fold.end()?;
        while engine.uncut() > self.worth
            && let Some(sealed) = self.history.open_proven()
        {
            attach(engine, sealed)?;
        }
        Ok(())
    }

    /// Takes the writer's lock, unless another holds it.
    pub(crate) fn try_lock(&self) -> Result<Option<WriterLock<Directory>>, Error> {
        Ok(self.reader.try_lock()?)
    }

    /// Folds what is left, and gives the journal and its history to the next writer.
    pub(crate) fn take_over(
        mut self,
        lock: WriterLock<Directory>,
        store: thalium_store::Options,
        engine: &mut Engine,
    ) -> Result<(StoreJournal<Directory>, Recovery, History), Error> {
        let mut fold = Fold::until(engine, &mut self.history, u64::MAX);
        let (journal, recovery) = StoreJournal::take_over(self.reader, lock, store, &mut fold)?;
        fold.end()?;
        self.history.check_end(engine.book().event_count())?;
        Ok((journal, recovery, self.history))
    }

    /// What was read.
    pub(crate) fn recovery(&self) -> Recovery {
        self.reader.recovery().clone()
    }
}
