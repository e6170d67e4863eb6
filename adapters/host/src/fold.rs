//! Folding a journal's events into an engine, where the journal hands them on and cannot be stopped.

use thalium::port::telemetry::{Sample, Telemetry};
use thalium::{Engine, ReplayError};
use thalium_store::{BlockPlace, End, StoreError, Visit};

use crate::Error;
use crate::error::readable;
use crate::history::{History, Sealing, attach};

/// Folds events until one does not fit; those after it are passed over.
pub(crate) struct Fold<'a> {
    engine: &'a mut Engine,
    history: Option<&'a mut History>,
    /// Bytes of the log in memory at which it is put into a part while it is folded.
    most: usize,
    /// How many events are folded at most.
    enough: u64,
    imaged: u64,
    /// Who is told how many events were folded, and how many there are.
    telemetry: Option<&'a dyn Telemetry>,
    folded: u64,
    failed: Option<Error>,
}

/// Events after which it is told how far the fold is.
const TOLD_EVERY: u64 = 1 << 16;

impl<'a> Fold<'a> {
    /// A fold that keeps all events in memory.
    pub(crate) fn into(engine: &'a mut Engine) -> Self {
        let (most, enough) = (usize::MAX, u64::MAX);
        let (imaged, folded) = (0, 0);
        Self { engine, history: None, most, enough, imaged, telemetry: None, folded, failed: None }
    }

    /// A fold that keeps note of where the events stand, and puts them into parts if there are so many bytes of them.
    pub(crate) fn with(engine: &'a mut Engine, history: &'a mut History, most: usize) -> Self {
        let imaged = engine.book().event_count();
        Self { history: Some(history), most, imaged, ..Self::into(engine) }
    }

    /// A fold of the log's first so many events, that keeps note of where they stand.
    pub(crate) fn until(engine: &'a mut Engine, history: &'a mut History, enough: u64) -> Self {
        Self { history: Some(history), enough, ..Self::into(engine) }
    }

    /// The same, that tells how far it is.
    pub(crate) fn telling(self, telemetry: Option<&'a dyn Telemetry>) -> Self {
        Self { telemetry, ..self }
    }

    pub(crate) fn take(&mut self, event: &[u8]) {
        self.folded += 1;
        if self.folded.is_multiple_of(TOLD_EVERY)
            && let Some(telemetry) = self.telemetry
        {
            telemetry.record(Sample::Recovered(self.folded));
        }
        if self.failed.is_none() && self.engine.book().event_count() < self.enough {
            self.failed = self.engine.replay(event).err().map(ReplayError::into);
        }
    }

    /// Whether all that was handed on did fit.
    pub(crate) fn end(self) -> Result<(), Error> {
        readable(self.engine.book())?;
        self.failed.map_or(Ok(()), Err)
    }

    fn seal(&mut self, end: &End) -> Result<(), Error> {
        let Some(history) = &mut self.history else { return Ok(()) };
        let sealing = Sealing::of(self.engine, &mut self.imaged);
        let sealed = match history.seal(&sealing, end) {
            Ok(sealed) => sealed,
            Err(error) => {
                self.engine.take_back(sealing.into_cut());
                return Err(error);
            }
        };
        drop(sealing);
        // Where a snapshot spared hashing these events, the tree at this point is not known, and the image not written.
        if let Some(image) = self.engine.go_on_with_image(u32::MAX) {
            history.image(&image)?;
        }
        sealed.map_or(Ok(()), |sealed| attach(self.engine, sealed))
    }
}

impl Visit for Fold<'_> {
    fn event(&mut self, bytes: &[u8]) {
        self.take(bytes);
    }

    fn block(&mut self, place: BlockPlace, end: &End, _: &[u8]) -> Result<(), StoreError> {
        let Some(history) = &mut self.history else { return Ok(()) };
        history.read(place, end)?;
        if self.failed.is_none() && self.engine.uncut() >= self.most && self.seal(end).is_err() {
            // Without a part the events stay in memory, as they would without a history.
            self.most = usize::MAX;
        }
        Ok(())
    }
}
