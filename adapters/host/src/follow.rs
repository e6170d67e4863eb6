//! A ledger read beside its writer: the books follow the journal, and nothing is decided.

use std::path::Path;
use std::sync::Arc;

use thalium::Engine;
use thalium_store::disk::Directory;
use thalium_store::{Reader, Recovery, StoreJournal, WriterLock};

use crate::Error;
use crate::fold::Fold;
use crate::pages::LargePages;

/// The journal of another's ledger, as far as it was read.
pub(crate) struct Follower {
    reader: Reader<Directory>,
    /// The size of the log at which to stay.
    at: Option<u64>,
}

impl Follower {
    /// The books as the journal has them now, or as they were when the log had `at` events.
    pub(crate) fn open(path: &Path, at: Option<u64>) -> Result<(Engine, Self), Error> {
        // The size that a snapshot's tree has is not the one asked for.
        let reader = Reader::open(Directory::new(path), at.is_none())?;
        let mut follower = Self { reader, at };
        let mut engine = Engine::empty_in(Arc::new(LargePages));
        follower.catch_up(&mut engine)?;
        let events = engine.book().event_count();
        match at {
            Some(at) if events < at => Err(Error::NotThatLong { at, events }),
            _ => Ok((engine, follower)),
        }
    }

    /// Folds what has become durable since.
    pub(crate) fn catch_up(&mut self, engine: &mut Engine) -> Result<(), Error> {
        let enough = self.at.unwrap_or(u64::MAX);
        let mut fold = Fold::into(engine);
        self.reader.poll(enough, &mut |event| {
            if fold.event_count() < enough {
                fold.take(event);
            }
        })?;
        fold.end()
    }

    /// Takes the writer's lock, unless another holds it.
    pub(crate) fn try_lock(&self) -> Result<Option<WriterLock<Directory>>, Error> {
        Ok(self.reader.try_lock()?)
    }

    /// Folds what is left, and gives the journal to its next writer.
    pub(crate) fn take_over(
        self,
        lock: WriterLock<Directory>,
        store: thalium_store::Options,
        engine: &mut Engine,
    ) -> Result<(StoreJournal<Directory>, Recovery), Error> {
        let mut fold = Fold::into(engine);
        let taken =
            StoreJournal::take_over(self.reader, lock, store, &mut |event| fold.take(event))?;
        fold.end()?;
        Ok(taken)
    }

    /// What was read.
    pub(crate) fn recovery(&self) -> Recovery {
        self.reader.recovery().clone()
    }
}
