//! Folding a journal's events into an engine, where the journal hands them on and cannot be stopped.

use thalium::{Engine, ReplayError};

use crate::Error;

/// Folds events until one does not fit; those after it are passed over.
pub(crate) struct Fold<'a> {
    engine: &'a mut Engine,
    failed: Option<ReplayError>,
}

impl<'a> Fold<'a> {
    pub(crate) fn into(engine: &'a mut Engine) -> Self {
        Self { engine, failed: None }
    }

    pub(crate) fn take(&mut self, event: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.engine.replay(event).err();
        }
    }

    /// How many events the engine has.
    pub(crate) fn event_count(&self) -> u64 {
        self.engine.book().event_count()
    }

    /// Whether all that was handed on did fit.
    pub(crate) fn end(self) -> Result<(), Error> {
        self.failed.map_or(Ok(()), |error| Err(error.into()))
    }
}
