//! Buckets of the calendar: every instant is in exactly one, also where clocks are put forward or back.
//!
//! A bucket of a day or more begins when the clock on the wall first shows its beginning, or has been put forward past it: a day on
//! which clocks are put back has 25 hours, and one that a zone has skipped has none. A shorter one begins whenever the clock shows a
//! multiple of its width or has been put forward past one, so that an hour that is gone through twice is two of them.

use super::time_bucket::{JANUARY, MONDAY, floor};
use super::width::{Kind, Width};
use super::{OutOfRange, Zone, time_bucket};
use crate::time::DAY;

/// How instants are put into buckets of the calendar.
///
/// ```
/// use thalium::rollup::Calendar;
///
/// let berlin = Calendar::new("1d".parse()?).in_zone("Europe/Berlin".parse()?);
/// let noon = 1_793_012_400_000_000_000; // 2026-10-26T11:00:00Z
/// let hour = 3_600_000_000_000;
/// assert_eq!(berlin.end(noon)? - berlin.start(noon)?, 24 * hour);
/// assert_eq!(berlin.end(noon - 24 * hour)? - berlin.start(noon - 24 * hour)?, 25 * hour, "clocks are put back");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    width: Width,
    zone: Option<Zone>,
    origin: Option<i64>,
    offset: i64,
}

impl Calendar {
    /// Buckets of a width in UTC, counted from Monday, 3 January 2000, or of months from January 2000.
    #[must_use]
    pub const fn new(width: Width) -> Self {
        Self { width, zone: None, origin: None, offset: 0 }
    }

    /// By the clocks of a zone.
    #[must_use]
    pub fn in_zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Counted from what a clock on the wall shows, in nanoseconds as if it were UTC. Of months only the month counts.
    #[must_use]
    pub const fn from_origin(mut self, local: i64) -> Self {
        self.origin = Some(local);
        self
    }

    /// Begun so many nanoseconds later, or earlier: a day of 17:00 to 17:00 is one with −7 hours.
    #[must_use]
    pub const fn moved_by(mut self, nanos: i64) -> Self {
        self.offset = nanos;
        self
    }

    /// When the bucket begins that an instant is in.
    ///
    /// # Errors
    /// An instant, or the beginning of its bucket, is out of range.
    pub fn start(&self, at: i64) -> Result<i64, OutOfRange> {
        match &self.zone {
            None => self.floor(at),
            Some(zone) if self.is_civil() => zone.first_at(self.civil(zone, at)?),
            Some(zone) => self.clock_start(zone, at),
        }
    }

    /// When the bucket ends that an instant is in, and the next begins.
    ///
    /// # Errors
    /// An instant, or the end of its bucket, is out of range.
    pub fn end(&self, at: i64) -> Result<i64, OutOfRange> {
        match &self.zone {
            None => self.next(self.floor(at)?),
            Some(zone) if self.is_civil() => zone.first_at(self.next(self.civil(zone, at)?)?),
            Some(zone) => self.clock_end(zone, at),
        }
    }

    /// Whether every edge of a wider calendar's buckets is one of these: then those can be made of these.
    ///
    /// Told from the definitions alone: where it depends on how lengths and origins fall together, it is not said.
    pub(super) fn nests_in(&self, wider: &Self) -> bool {
        if self.zone != wider.zone || self.offset != wider.offset {
            return false;
        }
        let origin = |calendar: &Self| calendar.origin.unwrap_or(MONDAY);
        match (self.width.kind(), wider.width.kind()) {
            (Kind::Fixed(own), Kind::Fixed(wide)) => {
                let apart = i128::from(origin(self)) - i128::from(origin(wider));
                wide % own == 0 && apart % i128::from(own) == 0
            }
            // A month begins at a midnight.
            (Kind::Fixed(own), Kind::Months(_)) => DAY % own == 0 && origin(self) % own == 0,
            (Kind::Months(own), Kind::Months(wide)) => {
                let origin =
                    |calendar: &Self| calendar.origin.map_or(JANUARY, time_bucket::month_of);
                wide % own == 0 && (origin(self) - origin(wider)) % i64::from(own) == 0
            }
            (Kind::Months(_), Kind::Fixed(_)) => false,
        }
    }

    pub(super) const fn width(&self) -> Width {
        self.width
    }

    /// About how long a bucket is: of months, the shortest.
    pub(super) const fn least_length(&self) -> i64 {
        match self.width.kind() {
            Kind::Fixed(nanos) => nanos,
            Kind::Months(months) => (28 * DAY).saturating_mul(months as i64),
        }
    }

    /// Whether it is of days or more.
    const fn is_civil(&self) -> bool {
        match self.width.kind() {
            Kind::Months(_) => true,
            Kind::Fixed(nanos) => nanos >= DAY,
        }
    }

    /// The newest beginning of a bucket that the clock has shown by then: where it is put back past one, that has begun all the same.
    fn civil(&self, zone: &Zone, at: i64) -> Result<i64, OutOfRange> {
        let mut start = self.floor(zone.local(at)?)?;
        // Of days that are skipped together all begin at once. What is out of range has not begun.
        while let Ok(next) = self.next(start)
            && zone.first_at(next).is_ok_and(|first| first <= at)
        {
            start = next;
        }
        Ok(start)
    }

    fn clock_start(&self, zone: &Zone, mut at: i64) -> Result<i64, OutOfRange> {
        loop {
            let span = zone.span_at(at);
            let shown = self.floor(zone.local(at)?)?;
            let start = shown.checked_sub(span.offset).ok_or(OutOfRange)?;
            if start >= span.from {
                return Ok(start);
            }
            // It began before the clock was put forward or back; or it was put forward past the beginning.
            let before = span.from.checked_sub(1).ok_or(OutOfRange)?;
            let last = zone.local(before)?;
            if shown > last {
                return Ok(span.from);
            }
            at = before;
        }
    }

    fn clock_end(&self, zone: &Zone, mut at: i64) -> Result<i64, OutOfRange> {
        loop {
            let span = zone.span_at(at);
            let next = self.next(self.floor(zone.local(at)?)?)?;
            let end = next.checked_sub(span.offset).ok_or(OutOfRange)?;
            match span.until {
                Some(until) if end >= until => {
                    if self.clock_start(zone, until)? == until {
                        return Ok(until);
                    }
                    at = until;
                }
                _ => return Ok(end),
            }
        }
    }

    /// The beginning of the bucket that a time on the wall is in.
    fn floor(&self, local: i64) -> Result<i64, OutOfRange> {
        let moved = local.checked_sub(self.offset).ok_or(OutOfRange)?;
        floor(self.width, moved, self.origin)?.checked_add(self.offset).ok_or(OutOfRange)
    }

    /// The beginning of the next bucket, on the wall.
    fn next(&self, start: i64) -> Result<i64, OutOfRange> {
        match self.width.kind() {
            Kind::Fixed(nanos) => start.checked_add(nanos).ok_or(OutOfRange),
            Kind::Months(months) => {
                let own = start.checked_sub(self.offset).ok_or(OutOfRange)?;
                let next = time_bucket::month(time_bucket::month_of(own) + i64::from(months))?;
                next.checked_add(self.offset).ok_or(OutOfRange)
            }
        }
    }
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
