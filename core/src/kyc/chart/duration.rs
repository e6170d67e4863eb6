//! How long something waits: times of [CSS 2](https://www.w3.org/TR/CSS2/aural.html#times), as SCXML writes them, and durations of ISO 8601.
//!
//! A day has 24 hours and a week seven days. Months and years are the calendar's, in UTC: when they are over depends on when they begin.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use chrono::{DateTime, Months};

use crate::time::{DAY, SECOND};

/// The longest wait, in months of the calendar or in days of the same length: a hundred years.
pub(super) const MONTHS_MAX: u32 = 1_200;
const NANOS_MAX: i128 = 36_525 * 86_400 * 1_000_000_000;
/// The longest text.
const TEXT_MAX: usize = 64;

/// A wait.
///
/// ```
/// use thalium::kyc::chart::Duration;
/// use thalium::time::parse_instant;
///
/// let instant = |text| parse_instant(text).unwrap();
/// let month: Duration = "P1M".parse()?;
/// assert_eq!(month.after(instant("2026-01-31T09:00:00Z"))?, instant("2026-02-28T09:00:00Z"));
/// let moment: Duration = "1.5s".parse()?;
/// assert_eq!(moment.after(0)?, 1_500_000_000);
/// assert_eq!(format!("{month}, {moment}"), "P1M, PT1.5S");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Duration {
    months: u32,
    nanos: i64,
}

/// Why a text is no wait, or a wait has no end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// It is none.
    #[error(
        "`{0}` is no delay: write `250ms`, `1.5s`, or a duration of ISO 8601 such as `PT72H`, `P3D`, `P1M`"
    )]
    Malformed(String),
    /// It has parts of a nanosecond, or of a month.
    #[error("`{0}` cannot be told in whole nanoseconds: write it with smaller units")]
    Fraction(String),
    /// It is more than is taken.
    #[error("`{0}` is longer than a hundred years")]
    TooLong(String),
    /// It ends behind the last instant there is.
    #[error("the delay ends after the year 2262, which no instant can tell")]
    Unreachable,
}

impl Duration {
    /// The instant at which it is over if it begins at `now`; both are nanoseconds UTC.
    ///
    /// Months and years go first: the same day of the later month, or its last day if there is none, at the same time of day. Then the rest is added.
    ///
    /// # Errors
    /// No instant is that late.
    pub fn after(self, now: i64) -> Result<i64, DurationError> {
        let begins = if self.months == 0 {
            Some(now)
        } else {
            let later =
                DateTime::from_timestamp_nanos(now).checked_add_months(Months::new(self.months));
            later.and_then(|later| later.timestamp_nanos_opt())
        };
        begins.and_then(|begins| begins.checked_add(self.nanos)).ok_or(DurationError::Unreachable)
    }

    /// Of so many months of the calendar, and then so many nanoseconds.
    pub(super) const fn of(months: u32, nanos: i64) -> Self {
        Self { months, nanos }
    }

    pub(super) const fn parts(self) -> (u32, i64) {
        (self.months, self.nanos)
    }

    /// How many nanoseconds it takes whenever it begins; none if the calendar tells, as of months and years.
    #[must_use]
    pub const fn fixed(self) -> Option<i64> {
        if self.months == 0 { Some(self.nanos) } else { None }
    }

    /// Whether it takes no time at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.months == 0 && self.nanos == 0
    }
}

/// As a duration of ISO 8601, which reads back equal: what belongs to the calendar as years and months, the rest as days and what is shorter.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("PT0S");
        }
        f.write_char('P')?;
        let (days, clock) = (self.nanos / DAY, self.nanos % DAY);
        let date =
            [(i64::from(self.months / 12), 'Y'), (i64::from(self.months % 12), 'M'), (days, 'D')];
        for (number, unit) in date.into_iter().filter(|(number, _)| *number != 0) {
            write!(f, "{number}{unit}")?;
        }
        if clock == 0 {
            return Ok(());
        }
        f.write_char('T')?;
        let (minutes, rest) = (clock / MINUTE, clock % MINUTE);
        for (number, unit) in [(minutes / 60, 'H'), (minutes % 60, 'M')] {
            if number != 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        let (seconds, fraction) = (rest / SECOND, rest % SECOND);
        if fraction != 0 {
            let digits = format!("{fraction:09}");
            return write!(f, "{seconds}.{}S", digits.trim_end_matches('0'));
        }
        if seconds == 0 { Ok(()) } else { write!(f, "{seconds}S") }
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let text = text.trim();
        let malformed = || DurationError::Malformed(text.chars().take(TEXT_MAX).collect());
        if text.len() > TEXT_MAX {
            return Err(malformed());
        }
        // Nothing is nothing in any unit.
        if text == "0" {
            return Ok(Self::default());
        }
        let parts = match text.strip_prefix('P') {
            Some(rest) => iso(rest),
            None => css(text).map(|part| vec![part]),
        };
        let parts = parts.ok_or_else(malformed)?;
        let (mut months, mut nanos) = (0_u32, 0_i128);
        for part in parts {
            match part.unit {
                Unit::Months(each) => {
                    let number: u32 =
                        part.whole.parse().map_err(|_| DurationError::TooLong(text.to_owned()))?;
                    months = months.saturating_add(number.saturating_mul(each));
                    if !part.fraction.is_empty() {
                        return Err(DurationError::Fraction(text.to_owned()));
                    }
                }
                Unit::Nanos(each) => {
                    let exact = part.nanos(i128::from(each));
                    nanos += exact.ok_or_else(|| DurationError::Fraction(text.to_owned()))?;
                }
            }
        }
        match i64::try_from(nanos) {
            Ok(short) if nanos <= NANOS_MAX && months <= MONTHS_MAX => {
                Ok(Self { months, nanos: short })
            }
            _ => Err(DurationError::TooLong(text.to_owned())),
        }
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Months(u32),
    Nanos(i64),
}

struct Part<'a> {
    whole: &'a str,
    fraction: &'a str,
    unit: Unit,
}

impl Part<'_> {
    /// The nanoseconds, if they are whole ones. No overflow: a text has few digits, and each part is cut to what is too long anyway.
    fn nanos(&self, each: i128) -> Option<i128> {
        let whole = self.whole.trim_start_matches('0');
        let fraction = self.fraction.trim_end_matches('0');
        let whole: i128 = match whole.len() {
            0 => 0,
            1..=18 => whole.parse().ok()?,
            _ => i128::from(i64::MAX),
        };
        let mut rest = 0;
        if !fraction.is_empty() {
            // A unit has at most 17 decimal places of nanoseconds: a week's is 604,800 × 10^9.
            let places = u32::try_from(fraction.len()).ok().filter(|places| *places <= 17)?;
            let parts = fraction.parse::<i128>().ok()?.checked_mul(each)?;
            let scale = 10_i128.pow(places);
            if parts % scale != 0 {
                return None;
            }
            rest = parts / scale;
        }
        Some(whole.saturating_mul(each).saturating_add(rest).min(NANOS_MAX + 1))
    }
}

const MILLISECOND: i64 = SECOND / 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// A number and a unit; besides CSS's, those that SCXML's schema has.
fn css(text: &str) -> Option<Part<'_>> {
    let units = [("ms", MILLISECOND), ("s", SECOND), ("m", MINUTE), ("h", HOUR), ("d", DAY)];
    let (number, unit) =
        units.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit)))?;
    let (whole, fraction) = decimal(number, &['.'])?;
    Some(Part { whole, fraction, unit: Unit::Nanos(unit) })
}

/// What stands behind the `P`: parts in the order of their size, of which the last may have a fraction.
fn iso(text: &str) -> Option<Vec<Part<'_>>> {
    let date = [
        ('Y', Unit::Months(12)),
        ('M', Unit::Months(1)),
        ('W', Unit::Nanos(7 * DAY)),
        ('D', Unit::Nanos(DAY)),
    ];
    let time = [('H', Unit::Nanos(HOUR)), ('M', Unit::Nanos(MINUTE)), ('S', Unit::Nanos(SECOND))];
    let (dates, times) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((dates, times)) => (dates, times),
        None => (text, ""),
    };
    let mut parts = Vec::new();
    for (mut rest, units) in [(dates, date.as_slice()), (times, time.as_slice())] {
        let mut units = units.iter();
        while !rest.is_empty() {
            // Only the last part has a fraction.
            if parts.last().is_some_and(|part: &Part<'_>| !part.fraction.is_empty()) {
                return None;
            }
            let (number, behind) =
                rest.split_at_checked(rest.find(|c: char| c.is_ascii_alphabetic())?)?;
            let mut behind = behind.chars();
            let name = behind.next()?;
            let (_, unit) = units.find(|(known, _)| *known == name)?;
            let (whole, fraction) = decimal(number, &['.', ','])?;
            if whole.is_empty() {
                return None;
            }
            parts.push(Part { whole, fraction, unit: *unit });
            rest = behind.as_str();
        }
    }
    (!parts.is_empty()).then_some(parts)
}

/// The digits before the point and behind it; a point has digits behind it.
fn decimal<'a>(text: &'a str, points: &[char]) -> Option<(&'a str, &'a str)> {
    let (whole, fraction) = match text.split_once(points) {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None if text.is_empty() => return None,
        None => (text, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(fraction)).then_some((whole, fraction))
}

#[cfg(test)]
#[path = "duration_tests.rs"]
mod tests;
