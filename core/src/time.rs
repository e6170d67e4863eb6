//! Instants and dates: i64 nanoseconds of UTC since 1970, and civil dates as days since 1970.
//!
//! The core never reads a clock. It orders by the instants that it is given and prints them exactly.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SecondsFormat};

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in a day of 24 hours.
pub const DAY: i64 = 86_400 * SECOND;

/// An instant as RFC 3339 text in UTC with nanoseconds, such as `2026-01-31T09:30:00.000000001Z`.
#[must_use]
pub fn format_instant(nanos: i64) -> String {
    DateTime::from_timestamp_nanos(nanos).to_rfc3339_opts(SecondsFormat::Nanos, true)
}

/// Reads RFC 3339 text (any offset) or an integer of nanoseconds; `None` for anything else or out of range.
#[must_use]
pub fn parse_instant(text: &str) -> Option<i64> {
    if let Ok(nanos) = text.parse::<i64>() {
        return Some(nanos);
    }
    parse_rfc3339(text)
}

/// Reads RFC 3339 text (any offset); `None` for anything else or out of range.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok()?.timestamp_nanos_opt()
}

/// A civil date as ISO 8601 text, such as `2026-01-31`; `None` outside chrono's range of years.
#[must_use]
pub fn format_date(days: i32) -> Option<String> {
    NaiveDate::from_epoch_days(days).map(|date| date.format("%Y-%m-%d").to_string())
}

/// Reads an ISO 8601 date as days since 1970.
#[must_use]
pub fn parse_date(text: &str) -> Option<i32> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (text.len() == 10 && date.year() >= 1).then(|| date.to_epoch_days())
}

/// Reads what a clock on a wall shows, a date or a date and a time without a zone, in nanoseconds as if it were UTC.
#[must_use]
pub fn parse_local(text: &str) -> Option<i64> {
    let day = || i64::from(parse_date(text)?).checked_mul(DAY);
    // As it is written here: a parser of dates takes blanks, signs, short numbers and leap seconds as well.
    let is_plain = || {
        let is_digit = |(place, byte): (usize, u8)| match place {
            4 | 7 => byte == b'-',
            10 => byte == b'T',
            13 | 16 => byte == b':',
            17 => (b'0'..b'6').contains(&byte),
            19 => byte == b'.',
            _ => byte.is_ascii_digit(),
        };
        (text.len() == 19 || (21..=29).contains(&text.len()))
            && text.bytes().enumerate().all(is_digit)
    };
    let time = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok();
    day().or_else(|| {
        time().filter(|it| is_plain() && it.year() >= 1)?.and_utc().timestamp_nanos_opt()
    })
}

/// What a clock on a wall shows, as [`parse_local`] reads it: a date where it is midnight.
#[must_use]
pub fn format_local(nanos: i64) -> String {
    let shown = DateTime::from_timestamp_nanos(nanos).naive_utc();
    let is_midnight = nanos.rem_euclid(DAY) == 0;
    shown.format(if is_midnight { "%Y-%m-%d" } else { "%Y-%m-%dT%H:%M:%S%.f" }).to_string()
}

/// Reads an instant from which on is asked: as [`parse_instant`], or a date, which stands for its first instant in UTC.
#[must_use]
pub fn parse_from(text: &str) -> Option<i64> {
    let day = || i64::from(parse_date(text)?).checked_mul(DAY);
    day().or_else(|| parse_instant(text))
}

/// Reads an instant up to which is asked: as [`parse_instant`], or a date, which stands for its last instant in UTC.
#[must_use]
pub fn parse_until(text: &str) -> Option<i64> {
    let nanos = parse_from(text)?;
    let is_date = parse_date(text).is_some();
    Some(if is_date { nanos.saturating_add(DAY - 1) } else { nanos })
}

/// The civil date of an instant in UTC, as days since 1970.
#[must_use]
pub fn date_of(nanos: i64) -> i32 {
    // INVARIANT: an i64 of nanoseconds spans ±106,751 days, so the quotient always fits.
    i32::try_from(nanos.div_euclid(DAY)).unwrap_or(i32::MAX)
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
