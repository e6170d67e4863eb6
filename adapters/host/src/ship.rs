//! Continuous backup: a copy of a ledger that follows it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::Serialize;
use thalium::port::keys::Keys;
use thalium_store::Step;
use thalium_store::disk::Directory;

use crate::{Error, backup};

/// How far a copy is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shipment {
    /// Events in the copy.
    pub events: u64,
    /// Events that were copied in the last step.
    pub copied: u64,
    /// Events that are durable in the ledger and not in the copy: what would be lost with the ledger's disk.
    pub behind: u64,
    /// Bytes of the blocks that hold them; what a full segment leaves unused at its end may be among them.
    pub behind_bytes: u64,
    /// How long ago everything that was durable then was in the copy; zero while nothing is behind.
    #[serde(rename = "behind_seconds", serialize_with = "seconds")]
    pub behind_for: Duration,
    /// Why the last step failed, if it did: it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

fn seconds<S: serde::Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(time.as_secs_f64())
}

/// Brings the copy of a ledger up to date, over and over with a pause between, and tells how far it is after every step;
/// ends when `go_on` says so. The copy is a backup: it can be rehearsed and restored at any time, beside a step and after one
/// that was cut short, and gone on with after the process was killed. The ledger may be written by anyone meanwhile; its
/// writer is not delayed.
///
/// # Errors
/// As [`backup`](crate::backup()), of the first step. What fails later is told, and tried again; but that the copy is none of
/// this ledger any more, which nothing will mend, is told and ends it.
pub fn ship(
    ledger: &Path,
    to: &Path,
    keys: Option<Arc<dyn Keys>>,
    go_on: impl FnMut(&Shipment) -> bool,
) -> Result<(), Error> {
    ship_from(ledger, to, keys, None, &|| false, go_on)
}

/// As [`ship`]; `is_ending` is asked within a step, at least once for every 65,536 events, and where it says so the step ends
/// with what it has copied.
///
/// # Errors
/// As [`ship`].
pub fn ship_until(
    ledger: &Path,
    to: &Path,
    keys: Option<Arc<dyn Keys>>,
    is_ending: &dyn Fn() -> bool,
    go_on: impl FnMut(&Shipment) -> bool,
) -> Result<(), Error> {
    ship_from(ledger, to, keys, None, is_ending, go_on)
}

/// As [`ship_until`], from where an earlier one ended.
fn ship_from(
    ledger: &Path,
    to: &Path,
    keys: Option<Arc<dyn Keys>>,
    begun: Option<Shipment>,
    is_ending: &dyn Fn() -> bool,
    mut go_on: impl FnMut(&Shipment) -> bool,
) -> Result<(), Error> {
    let mut complete = Instant::now();
    let mut is_begun = begun.is_some();
    let mut told = begun.unwrap_or_default();
    loop {
        let begun = Instant::now();
        match backup::copy(ledger, to, keys.clone(), &mut |_| !is_ending()) {
            Ok(Step { copy, behind, is_complete, .. }) => {
                (told.events, told.copied, told.failed) = (copy.events, copy.copied, None);
                (told.behind, told.behind_bytes) = (behind.events, behind.bytes);
                if is_complete {
                    complete = begun;
                }
                is_begun = true;
            }
            Err(error) if is_begun => {
                tracing::warn!(%error, "the copy was not brought up to date");
                (told.copied, told.failed) = (0, Some(error.to_string()));
                if error.is_occupied() {
                    go_on(&told);
                    return Err(error);
                }
                let durable = thalium_store::marked(&Directory::new(ledger)).unwrap_or(0);
                told.behind = told.behind.max(durable.saturating_sub(told.events));
            }
            Err(error) => return Err(error),
        }
        told.behind_for = if told.behind == 0 { Duration::ZERO } else { complete.elapsed() };
        if !go_on(&told) {
            return Ok(());
        }
    }
}

/// A thread that ships a ledger for as long as this lives. The step at hand ends with what it has copied.
#[derive(Debug)]
pub struct Shipper {
    told: Arc<Mutex<(Shipment, Instant)>>,
    /// Whether the step at hand is the last, with what it has copied.
    is_ending: Arc<AtomicBool>,
    /// Goes when the thread is to end.
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<Result<(), Error>>>,
}

impl Shipper {
    /// Begins to ship: the first step is done when this returns, and the copy is brought up to date after every pause.
    ///
    /// # Errors
    /// As [`ship`].
    pub fn start(
        ledger: impl Into<PathBuf>,
        to: impl Into<PathBuf>,
        keys: Option<Arc<dyn Keys>>,
        pause: Duration,
    ) -> Result<Self, Error> {
        let (ledger, to) = (ledger.into(), to.into());
        let mut first = Shipment::default();
        ship(&ledger, &to, keys.clone(), |told| {
            first = told.clone();
            false
        })?;
        let told = Arc::new(Mutex::new((first.clone(), Instant::now())));
        let (stop, stopped) = sync_channel(0);
        let telling = Arc::clone(&told);
        let is_ending = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&is_ending);
        let thread = std::thread::Builder::new()
            .name("thalium-ship".to_owned())
            .spawn(move || {
                let is_ending = || asked.load(Ordering::Relaxed);
                ship_from(&ledger, &to, keys, Some(first), &is_ending, |now| {
                    // It is replaced whole.
                    *telling.lock().unwrap_or_else(PoisonError::into_inner) =
                        (now.clone(), Instant::now());
                    stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout)
                })
            })
            .map_err(Error::Thread)?;
        Ok(Self { told, is_ending, stop: Some(stop), thread: Some(thread) })
    }

    /// How far the copy is, as of its last step, with the time since then.
    #[must_use]
    pub fn shipment(&self) -> Shipment {
        let (mut told, at) = self.told.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if told.behind > 0 {
            told.behind_for += at.elapsed();
        }
        told
    }

    /// Ends, and gives how far the copy is.
    ///
    /// # Errors
    /// What the last step failed with.
    pub fn stop(mut self) -> Result<Shipment, Error> {
        self.end()?;
        Ok(self.shipment())
    }

    fn end(&mut self) -> Result<(), Error> {
        self.is_ending.store(true, Ordering::Relaxed);
        self.stop = None;
        let ended = self.thread.take().map(JoinHandle::join);
        ended.unwrap_or(Ok(Ok(()))).unwrap_or(Err(Error::Panicked))
    }
}

impl Drop for Shipper {
    fn drop(&mut self) {
        // Whoever drops it asks no more.
        let _ = self.end();
    }
}

#[cfg(test)]
#[path = "ship_tests.rs"]
mod tests;
