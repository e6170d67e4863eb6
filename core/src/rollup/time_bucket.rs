//! `time_bucket` as TimescaleDB has it.
//!
//! Source: <https://docs.tigerdata.com/api/latest/hyperfunctions/time_bucket/>, and for the hours that clocks are put back by,
//! <https://github.com/timescale/timescaledb/pull/9129>. With a zone it works on what the clocks on the wall show and takes the result
//! for an instant as PostgreSQL does in a session in UTC, which is no partition where clocks are put back. [`Calendar`](super::Calendar) is one.

use chrono::{DateTime, Datelike, Months, NaiveDate};

use super::width::{Kind, Width};
use super::{OutOfRange, Zone};
use crate::time::DAY;

/// Monday, 3 January 2000: from there on buckets of a fixed width are counted.
pub(super) const MONDAY: i64 = 10_959 * DAY;
/// January 2000: from there on months are counted.
pub(super) const JANUARY: i64 = 2_000 * 12;

/// What moves buckets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offset {
    /// Nothing.
    #[default]
    None,
    /// Nanoseconds.
    Nanos(i64),
    /// Months of the calendar.
    Months(i32),
}

/// How an instant is put into a bucket.
#[derive(Clone, Copy, Debug, Default)]
pub struct BucketOptions<'a> {
    /// The zone whose clocks are looked at; UTC by default.
    pub zone: Option<&'a Zone>,
    /// An instant at which a bucket begins; by default Monday, 3 January 2000, 00:00, or of months January 2000. Of months only the
    /// month counts.
    pub origin: Option<i64>,
    /// How far the buckets are moved.
    pub offset: Offset,
}

/// The beginning of the bucket that an instant is in.
///
/// # Errors
/// An instant, or the beginning of its bucket, is out of range.
///
/// ```
/// use thalium::rollup::{BucketOptions, time_bucket};
///
/// let noon = 1_769_860_800_000_000_000; // 2026-01-31T12:00:00Z
/// assert_eq!(time_bucket("1d".parse()?, noon, BucketOptions::default())?, noon - 12 * 3_600 * 1_000_000_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn time_bucket(width: Width, at: i64, options: BucketOptions<'_>) -> Result<i64, OutOfRange> {
    let at = moved(at, options.offset, false)?;
    let start = match options.zone {
        None => floor(width, at, options.origin)?,
        Some(zone) => {
            let origin = options.origin.map(|origin| zone.local(origin)).transpose()?;
            let start = zone.instant_of(floor(width, zone.local(at)?, origin)?)?;
            not_after(width, start, at)?
        }
    };
    moved(start, options.offset, true)
}

/// A beginning that is not after the instant that is in the bucket: what a clock shows twice is taken for the later, and goes back by
/// whole widths where that is too late.
fn not_after(width: Width, mut start: i64, at: i64) -> Result<i64, OutOfRange> {
    match width.kind() {
        Kind::Fixed(nanos) if start > at => {
            // INVARIANT: a quotient that is rounded up is of at most one more than what is divided.
            let late = i128::from(start) - i128::from(at);
            let widths = (late + i128::from(nanos) - 1) / i128::from(nanos);
            i64::try_from(i128::from(start) - widths * i128::from(nanos)).map_err(|_| OutOfRange)
        }
        Kind::Fixed(_) => Ok(start),
        Kind::Months(months) => {
            while start > at {
                start = by_months(start, months, false)?;
            }
            Ok(start)
        }
    }
}

/// The beginning of the bucket that a time is in, in the same clock.
pub(super) fn floor(width: Width, at: i64, origin: Option<i64>) -> Result<i64, OutOfRange> {
    match width.kind() {
        Kind::Fixed(nanos) => {
            let origin = origin.unwrap_or(MONDAY);
            // A difference that 64 bits cannot tell is rare, and 128 take several times as long to divide.
            match at.checked_sub(origin) {
                Some(since) => at.checked_sub(since.rem_euclid(nanos)).ok_or(OutOfRange),
                None => {
                    let since = i128::from(at) - i128::from(origin);
                    let start = i128::from(at) - since.rem_euclid(nanos.into());
                    i64::try_from(start).map_err(|_| OutOfRange)
                }
            }
        }
        Kind::Months(months) => {
            let origin = origin.map_or(JANUARY, month_of);
            let months = i64::from(months);
            month((month_of(at) - origin).div_euclid(months) * months + origin)
        }
    }
}

/// The month that a time is in, counted from the year 0.
pub(super) fn month_of(at: i64) -> i64 {
    let date = DateTime::from_timestamp_nanos(at).date_naive();
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// When a month begins.
pub(super) fn month(month: i64) -> Result<i64, OutOfRange> {
    let year = i32::try_from(month.div_euclid(12)).map_err(|_| OutOfRange)?;
    let month = u32::try_from(month.rem_euclid(12) + 1).map_err(|_| OutOfRange)?;
    let date = NaiveDate::from_ymd_opt(year, month, 1).ok_or(OutOfRange)?;
    i64::from(date.to_epoch_days()).checked_mul(DAY).ok_or(OutOfRange)
}

/// An instant less an offset, or with it again.
fn moved(at: i64, offset: Offset, back: bool) -> Result<i64, OutOfRange> {
    match offset {
        Offset::None => Ok(at),
        Offset::Nanos(nanos) if back => at.checked_add(nanos).ok_or(OutOfRange),
        Offset::Nanos(nanos) => at.checked_sub(nanos).ok_or(OutOfRange),
        Offset::Months(months) => by_months(at, months.unsigned_abs(), back == (months >= 0)),
    }
}

/// So many months later, or earlier: of a day that the month has not, on its last.
fn by_months(at: i64, months: u32, later: bool) -> Result<i64, OutOfRange> {
    let (time, months) = (DateTime::from_timestamp_nanos(at), Months::new(months));
    let moved =
        if later { time.checked_add_months(months) } else { time.checked_sub_months(months) };
    moved.and_then(|time| time.timestamp_nanos_opt()).ok_or(OutOfRange)
}

#[cfg(test)]
#[path = "time_bucket_tests.rs"]
mod tests;
