//! Points in time as RFC 3339 writes them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::parse_rfc3339;

/// A point in time: nanoseconds since 1970, written as RFC 3339, in UTC.
///
/// ```
/// use thalium::policy::typed::Instant;
///
/// let noon: Instant = "2026-01-01T14:00:00+02:00".parse()?;
/// assert_eq!(noon.to_string(), "2026-01-01T12:00:00Z");
/// assert_eq!(noon, Instant(1_767_268_800_000_000_000));
/// # Ok::<(), thalium::policy::typed::InstantError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

/// A text that is no point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no time of RFC 3339 between 1678 and 2261: write `2026-01-31T12:00:00Z`")]
pub struct InstantError;

/// The longest text that is read.
const LENGTH: usize = 64;

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        let nanos = if text.len() <= LENGTH { parse_rfc3339(text) } else { None };
        nanos.map(Self).ok_or(InstantError)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::from_timestamp_nanos(self.0);
        f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
