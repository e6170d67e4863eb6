//! How an open ledger is: for a probe that decides whether requests are sent to it, and for whoever is woken at night.

use std::sync::atomic::Ordering;

use serde::Serialize;

use crate::metrics::{Books, Level, levels};
use crate::pipeline::Pipeline;
use crate::{Error, Thalium};

/// What an open ledger can do.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It takes requests.
    Ready,
    /// It finishes what it has taken, and takes nothing more: it will be closed.
    Draining,
    /// It is read beside its writer, and takes none.
    Reading,
    /// It has stopped after a failure, and takes none until it is opened again.
    Stopped,
}

/// How an open ledger is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// What it can do.
    pub condition: Condition,
    /// Why it has stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Events that were decided.
    pub events: u64,
    /// Those of them that are not durable yet.
    pub not_durable: u64,
    /// Bytes of history in memory. They go into parts when there are enough of them.
    pub history_bytes: u64,
    /// Why the history could not be put into a part last time: it stays in memory until it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive_failed: Option<String>,
    /// Whether history waits in memory because parts are written later than it is cut: what writes is faster than the
    /// disk can follow.
    pub is_lagging: bool,
    /// Bytes left on the disk, where the system tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_left: Option<u64>,
    /// Whether less is left than [`Options::disk_reserve`](crate::Options::disk_reserve): time to make room.
    pub disk_is_low: bool,
}

impl Health {
    /// Whether requests can be sent to it and nobody need be woken.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.condition != Condition::Stopped
            && !self.disk_is_low
            && !self.is_lagging
            && self.archive_failed.is_none()
    }
}

/// Cuts of the history that wait for their parts, from which on the ledger lags: each holds as much memory as
/// [`Options::memory`](crate::Options::memory).
const LAGGING: u64 = 4;

impl Thalium {
    /// How the ledger is: whether it takes requests, what waits, and whether the disk has room. Nothing is decided for
    /// it, and it answers when the ledger has stopped.
    ///
    /// # Errors
    /// A panic in another call.
    pub fn health(&self) -> Result<Health, Error> {
        Ok(self.look()?.0)
    }

    /// Figures for a dashboard in the OpenMetrics text format, of this handle since it was opened. No name, amount or id
    /// is among them.
    ///
    /// # Errors
    /// A panic in another call.
    pub fn metrics(&self) -> Result<String, Error> {
        let (_, levels) = self.look()?;
        Ok(self.metrics.text(&levels))
    }

    /// Takes no more requests, and returns when all that was taken is durable: the first step of a hand-over, after which
    /// [`Thalium::close`] takes no time. Questions are still answered.
    ///
    /// # Errors
    /// A ledger that has stopped.
    pub fn drain(&self) -> Result<(), Error> {
        self.is_draining.store(true, Ordering::Relaxed);
        // Who had the lock has sent its events; who gets it now is refused.
        let events = self.lock()?.engine.book().event_count();
        tracing::info!(events, "draining");
        self.pipeline.as_ref().map_or(Ok(()), |pipeline| pipeline.wait(events))
    }

    fn look(&self) -> Result<(Health, Vec<Level>), Error> {
        let state = self.lock()?;
        let book = state.engine.book();
        let books = Books {
            accounts: book.account_count() as u64,
            transfers: book.transfer_count(),
            open_holds: book.open_holds().len() as u64,
            parts: book.parts().0 as u64,
        };
        let (events, history) = (book.event_count(), book.history_bytes());
        let unreadable = book.is_readable().err().map(|error| error.to_string());
        let is_reading = state.follower.is_some();
        drop(state);
        let (stopped, archive_failed) =
            self.pipeline.as_ref().map(Pipeline::troubles).unwrap_or_default();
        let durable = self.pipeline.as_ref().map_or(events, |pipeline| pipeline.tree().size());
        let waiting = self.pipeline.as_ref().map(Pipeline::waiting).unwrap_or_default();
        let of_decisions = || self.decisions.stopped().map(|why| format!("decisions: {why}"));
        let of_cases = || self.cases.log.stopped().map(|why| format!("cases: {why}"));
        let why = stopped.or(unreadable).or_else(of_decisions).or_else(of_cases);
        let condition = match &why {
            Some(_) => Condition::Stopped,
            None if is_reading => Condition::Reading,
            None if self.is_draining.load(Ordering::Relaxed) => Condition::Draining,
            None => Condition::Ready,
        };
        let disk_left = self.disk.as_ref().and_then(|(disk, _)| disk.left());
        let reserve = self.disk.as_ref().map_or(0, |(_, reserve)| *reserve);
        let health = Health {
            condition,
            why,
            events,
            not_durable: events.saturating_sub(durable),
            history_bytes: u64::try_from(history).unwrap_or(u64::MAX),
            archive_failed,
            is_lagging: waiting.for_parts >= LAGGING,
            disk_left,
            disk_is_low: disk_left.is_some_and(|left| left < reserve),
        };
        let levels = levels(&health, &books, waiting);
        self.metrics.tell_levels(&levels);
        Ok((health, levels))
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
