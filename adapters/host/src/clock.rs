//! The host's clock: the wall clock, never running backward.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use thalium::api::Invalid;

use crate::time::parse_instant;

/// The instant in a field.
pub(crate) fn instant_in(field: &str, text: &str) -> Result<i64, Invalid> {
    parse_instant(text).filter(|now| *now > 0).ok_or_else(|| {
        let message = "is no instant: write 2026-01-31T09:30:00Z or nanoseconds since 1970";
        Invalid { field: field.to_owned().into(), message: message.to_owned() }
    })
}

/// The instant of the machine's clock, nanoseconds since 1970.
#[must_use]
pub fn now() -> i64 {
    Clock::default().now()
}

#[derive(Debug, Default)]
pub(crate) struct Clock(AtomicI64);

impl Clock {
    /// Nanoseconds since 1970, no earlier than any it gave before.
    pub(crate) fn now(&self) -> i64 {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX);
        self.0.fetch_max(now, Ordering::Relaxed).max(now)
    }
}
