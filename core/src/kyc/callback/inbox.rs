//! What came already: a second delivery is told as one, and so is one that a newer one has overtaken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::outcome::Callback;
use super::{IDENTIFIER, Provider};
use crate::time::{DAY, format_instant};

/// How long a delivery is remembered, unless it is said otherwise: thirty days, in nanoseconds.
pub const WINDOW: i64 = 30 * DAY;
/// The most deliveries that are remembered at once.
pub const CAPACITY: u32 = 100_000;

/// What a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It came for the first time: step the case.
    New,
    /// It came before, and nothing has changed: answer the provider, and do no more.
    Again {
        /// When it came first, nanoseconds UTC.
        first_seen: i64,
    },
    /// It came for the first time, and something newer about the same check came before it: record it, and do not step the case.
    Late {
        /// When the newest happened, nanoseconds UTC.
        newest: i64,
    },
}

/// Why a delivery cannot be taken. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboxError {
    /// It remembers as many as it may, and none is old enough to be forgotten.
    #[error(
        "the inbox remembers {capacity} deliveries and may forget none before {}: give it room, or a second one by provider",
        format_instant(*until)
    )]
    Full {
        /// How many it may remember.
        capacity: u32,
        /// The instant after which the oldest is forgotten, nanoseconds UTC.
        until: i64,
    },
    /// An identifier is empty or too long.
    #[error("the {what} has {length} bytes: it must have 1 to {IDENTIFIER}")]
    Identifier {
        /// Which.
        what: &'static str,
        /// How many bytes it has.
        length: usize,
    },
    /// There is no such inbox.
    #[error(
        "an inbox remembers 1 to {CAPACITY} deliveries for a time above zero, not {capacity} for {window} ns"
    )]
    Settings {
        /// How many it would remember.
        capacity: u32,
        /// For how long, nanoseconds.
        window: i64,
    },
}

type Id = (Provider, Arc<str>);

/// A delivery that is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) at: i64,
    pub(super) about: Arc<str>,
}

/// What is known of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Check {
    /// How many deliveries about it are remembered. INVARIANT: at least one.
    pub(super) deliveries: u32,
    /// When the newest happened, if any told.
    pub(super) newest: Option<i64>,
}

/// The deliveries of the last while, as plain data: the host keeps [`Inbox::to_bytes`] with what it steps, in one transaction.
///
/// A delivery is remembered for the whole of the window, and forgotten after it. Sent once more then, it is new again: a provider that signs no
/// instant is protected against recordings for that long.
///
/// ```
/// use thalium::kyc::callback::{Delivery, Inbox, Provider};
///
/// let mut inbox = Inbox::default();
/// let mut take = |id, happened, now| inbox.take(Provider::Persona, id, Some(happened), "inq_1", now);
/// assert_eq!(take("evt_2", 200, 1_000)?, Delivery::New);
/// assert_eq!(take("evt_2", 200, 1_001)?, Delivery::Again { first_seen: 1_000 });
/// assert_eq!(take("evt_1", 100, 1_002)?, Delivery::Late { newest: 200 });
/// # Ok::<(), thalium::kyc::callback::InboxError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    pub(super) window: i64,
    pub(super) capacity: u32,
    pub(super) seen: BTreeMap<Id, Seen>,
    pub(super) checks: BTreeMap<Id, Check>,
    /// INVARIANT: exactly the deliveries of `seen`, by when they came.
    pub(super) order: BTreeSet<(i64, Provider, Arc<str>)>,
}

impl Default for Inbox {
    /// One of [`CAPACITY`] and [`WINDOW`].
    fn default() -> Self {
        Self::with(WINDOW, CAPACITY)
    }
}

impl Inbox {
    /// One that remembers so many deliveries, each for so long (nanoseconds).
    ///
    /// # Errors
    /// The window is not above zero, or the capacity is zero or above [`CAPACITY`].
    pub const fn new(window: i64, capacity: u32) -> Result<Self, InboxError> {
        if window <= 0 || capacity == 0 || capacity > CAPACITY {
            return Err(InboxError::Settings { capacity, window });
        }
        Ok(Self::with(window, capacity))
    }

    pub(in crate::kyc) const fn with(window: i64, capacity: u32) -> Self {
        Self {
            window,
            capacity,
            seen: BTreeMap::new(),
            checks: BTreeMap::new(),
            order: BTreeSet::new(),
        }
    }

    /// How many deliveries it remembers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether it remembers none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Whether a callback came before, as far as it is remembered.
    #[must_use]
    pub fn has(&self, callback: &Callback, now: i64) -> bool {
        self.known(callback.provider, &callback.event_id, now).is_some()
    }

    /// What a callback is that did not come before; it is not taken.
    pub(in crate::kyc) fn new_or_late(&self, callback: &Callback) -> Delivery {
        let check = self.checks.get(&(callback.provider, callback.about.as_str().into()));
        behind(check.and_then(|check| check.newest), callback.position())
    }

    fn known(&self, provider: Provider, event_id: &str, now: i64) -> Option<&Seen> {
        let seen = self.seen.get(&(provider, event_id.into()));
        seen.filter(|seen| !self.is_past(seen.at, now))
    }

    /// Takes a callback that was verified: [`Inbox::take`] by [`Callback::position`].
    ///
    /// # Errors
    /// As [`Inbox::take`].
    pub fn receive(&mut self, callback: &Callback, now: i64) -> Result<Delivery, InboxError> {
        let Callback { provider, event_id, about, .. } = callback;
        self.take(*provider, event_id, callback.position(), about, now)
    }

    /// Takes a delivery, at an instant (nanoseconds UTC): by its id, when it happened, and the check that it is about.
    ///
    /// Of two that happened at one instant neither is late, and neither is one that does not say when it happened.
    ///
    /// # Errors
    /// It is full, or an identifier is empty or too long. Then nothing has changed.
    pub fn take(
        &mut self,
        provider: Provider,
        event_id: &str,
        occurred_at: Option<i64>,
        about: &str,
        now: i64,
    ) -> Result<Delivery, InboxError> {
        identifier("id of the event", event_id)?;
        identifier("id of the check", about)?;
        if let Some(seen) = self.known(provider, event_id, now) {
            return Ok(Delivery::Again { first_seen: seen.at });
        }
        // Where one may be forgotten there is room for this one.
        if let Some((oldest, ..)) = self.order.first().filter(|(at, ..)| !self.is_past(*at, now))
            && self.seen.len() >= self.room()
        {
            let until = oldest.saturating_add(self.window);
            return Err(InboxError::Full { capacity: self.capacity, until });
        }
        let event: Id = (provider, event_id.into());
        // After this point it is taken.
        self.forget(now);
        let about: Arc<str> = about.into();
        let check = self.checks.entry((provider, about.clone())).or_default();
        check.deliveries = check.deliveries.saturating_add(1);
        let newest = check.newest;
        check.newest = newest.max(occurred_at);
        self.order.insert((now, provider, event.1.clone()));
        self.seen.insert(event, Seen { at: now, about });
        Ok(behind(newest, occurred_at))
    }

    /// Forgets what the window is past.
    pub(in crate::kyc) fn forget(&mut self, now: i64) {
        while let Some((at, provider, id)) = self.order.first().cloned() {
            if !self.is_past(at, now) {
                return;
            }
            self.order.pop_first();
            let Some(seen) = self.seen.remove(&(provider, id)) else { continue };
            let check = (provider, seen.about);
            if let Some(known) = self.checks.get_mut(&check) {
                known.deliveries = known.deliveries.saturating_sub(1);
                if known.deliveries == 0 {
                    self.checks.remove(&check);
                }
            }
        }
    }

    fn is_past(&self, at: i64, now: i64) -> bool {
        at.saturating_add(self.window) < now
    }

    fn room(&self) -> usize {
        usize::try_from(self.capacity).unwrap_or(usize::MAX)
    }
}

/// What a delivery is by when it happened, and the newest about its check did.
const fn behind(newest: Option<i64>, occurred_at: Option<i64>) -> Delivery {
    match (newest, occurred_at) {
        (Some(newest), Some(occurred_at)) if occurred_at < newest => Delivery::Late { newest },
        _ => Delivery::New,
    }
}

fn identifier(what: &'static str, text: &str) -> Result<(), InboxError> {
    if text.is_empty() || text.len() > IDENTIFIER {
        return Err(InboxError::Identifier { what, length: text.len() });
    }
    Ok(())
}

#[cfg(test)]
#[path = "inbox_tests.rs"]
pub(super) mod tests;
