//! Time zones: what a clock on the wall shows at an instant, and which instant it shows a time at.
//!
//! The rules are those of the IANA database, as the build has them: until 2099. Behind it a zone stays as it was last, where a
//! database that goes on by rule has its clocks put forward and back.

use chrono::{DateTime, Offset as _, TimeZone};
use chrono_tz::Tz;

use super::OutOfRange;

use crate::time::{DAY, SECOND};

/// Before, and behind, no zone of the database has a change: 1840 and 2100, in seconds since 1970.
const CHANGES: std::ops::Range<i64> = -4_102_444_800..4_102_444_800;
/// Between two looks for a change of the offset. No zone has two changes within so short a time: a test looks at all of them.
const STEP: i64 = 12 * 3_600;

/// A time zone.
///
/// ```
/// use thalium::rollup::Zone;
///
/// let zone: Zone = "Africa/Johannesburg".parse()?;
/// assert_eq!(zone.offset_at(0), 2 * 3_600);
/// assert!("Africa/Joburg".parse::<Zone>().is_err());
/// # Ok::<(), thalium::rollup::ZoneError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    tz: Tz,
    /// From which instant on, ascending, the first long before all; with the offset from UTC in nanoseconds.
    spans: Vec<(i64, i64)>,
}

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{name}` is no time zone: write a name of the IANA database, such as `Africa/Johannesburg`, or `UTC`"
)]
pub struct ZoneError {
    name: String,
}

impl std::str::FromStr for Zone {
    type Err = ZoneError;

    fn from_str(name: &str) -> Result<Self, ZoneError> {
        let tz = name.parse::<Tz>();
        let tz = tz.map_err(|_| ZoneError { name: name.chars().take(64).collect() })?;
        Ok(Self { tz, spans: spans(tz) })
    }
}

impl Zone {
    /// Its name in the IANA database.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.tz.name()
    }

    /// How far its clocks are ahead of UTC at an instant, in seconds.
    #[must_use]
    pub fn offset_at(&self, at: i64) -> i64 {
        self.span_at(at).offset / SECOND
    }

    /// What a clock on the wall shows, as if it were UTC.
    pub(super) fn local(&self, at: i64) -> Result<i64, OutOfRange> {
        at.checked_add(self.span_at(at).offset).ok_or(OutOfRange)
    }

    /// The instant that PostgreSQL takes a time on the wall for: of two, the later; where it is skipped, as if the clock had not been
    /// put forward (`DetermineTimeZoneOffset` in its source, PostgreSQL 18).
    pub(super) fn instant_of(&self, local: i64) -> Result<i64, OutOfRange> {
        let before = self.span_at(local.saturating_sub(DAY));
        let Some(change) = before.until else { return instant(local, before.offset) };
        let after = self.span_at(change);
        let (early, late) = (instant(local, before.offset)?, instant(local, after.offset)?);
        let is_before = early < change && late < change;
        let is_after = early > change && late >= change;
        let is_skipped = early > late;
        Ok(if is_before || (!is_after && is_skipped) { early } else { late })
    }

    /// The first instant at which a clock on the wall shows a time, or has been put forward past it.
    pub(crate) fn first_at(&self, local: i64) -> Result<i64, OutOfRange> {
        // Offsets are below a day and a bit, so what is two days before has not shown it.
        let mut span = self.span_at(local.saturating_sub(2 * DAY));
        loop {
            let at = instant(local, span.offset)?.max(span.from);
            match span.until {
                Some(until) if at >= until => span = self.span_at(until),
                _ => return Ok(at),
            }
        }
    }

    pub(super) fn span_at(&self, at: i64) -> Span {
        let next = self.spans.partition_point(|(from, _)| *from <= at);
        // INVARIANT: the first begins before every instant.
        let (from, offset) = self.spans.get(next.saturating_sub(1)).copied().unwrap_or_default();
        Span { from, until: self.spans.get(next).map(|(from, _)| *from), offset }
    }
}

/// A time over which the clocks of a zone are as far from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// From which instant on.
    pub(super) from: i64,
    /// The instant of the next change.
    pub(super) until: Option<i64>,
    /// Nanoseconds ahead of UTC.
    pub(super) offset: i64,
}

fn instant(local: i64, offset: i64) -> Result<i64, OutOfRange> {
    local.checked_sub(offset).ok_or(OutOfRange)
}

/// All changes of a zone's offset that instants can tell.
fn spans(tz: Tz) -> Vec<(i64, i64)> {
    let offset = |seconds: i64| {
        let at = DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc();
        i64::from(tz.offset_from_utc_datetime(&at).fix().local_minus_utc())
    };
    let (mut at, mut own) = (CHANGES.start, offset(CHANGES.start));
    let mut spans = vec![(i64::MIN, own * SECOND)];
    while at < CHANGES.end {
        let next = at + STEP;
        let then = offset(next);
        if then != own {
            let (mut before, mut after) = (at, next);
            while after - before > 1 {
                let middle = before + (after - before) / 2;
                if offset(middle) == own { before = middle } else { after = middle }
            }
            spans.push((after * SECOND, then * SECOND));
            own = then;
        }
        at = next;
    }
    spans
}

#[cfg(test)]
#[path = "zone_tests.rs"]
mod tests;
