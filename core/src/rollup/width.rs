//! How wide a bucket is.

use std::fmt;
use std::str::FromStr;

use crate::time::{DAY, SECOND};

const MICROSECOND: i64 = 1_000;
const MILLISECOND: i64 = 1_000 * MICROSECOND;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// Nothing that is kept by its length is longer than a hundred years.
pub(super) const CENTURY: i64 = 36_525 * DAY;

/// Longer than the years from 1677 to 2262 no bucket is.
const MONTHS_MAX: u32 = 600 * 12;

/// The width of a bucket: a length of time, or months of the calendar, which have no one length.
///
/// ```
/// use thalium::rollup::Width;
///
/// let width: Width = "15 minutes".parse()?;
/// assert_eq!(width, "15m".parse()?);
/// assert_eq!(width.to_string(), "15m");
/// assert_ne!("1m".parse::<Width>()?, "1M".parse::<Width>()?, "a minute is no month");
/// # Ok::<(), thalium::rollup::WidthError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Width(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Nanoseconds.
    Fixed(i64),
    Months(u32),
}

/// A text that is no width.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no width of a bucket: write a whole number and a unit, as in `1m`, `15 minutes`, `1d`, `1w`, `3M` or `1y`"
)]
pub struct WidthError {
    text: String,
}

/// A unit's short name, its long one, and what it stands for. The short ones are those of market data: `m` minutes, `M` months.
const UNITS: [(&str, &str, Kind); 11] = [
    ("y", "year", Kind::Months(12)),
    ("q", "quarter", Kind::Months(3)),
    ("M", "month", Kind::Months(1)),
    ("w", "week", Kind::Fixed(7 * DAY)),
    ("d", "day", Kind::Fixed(DAY)),
    ("h", "hour", Kind::Fixed(HOUR)),
    ("m", "minute", Kind::Fixed(MINUTE)),
    ("s", "second", Kind::Fixed(SECOND)),
    ("ms", "millisecond", Kind::Fixed(MILLISECOND)),
    ("us", "microsecond", Kind::Fixed(MICROSECOND)),
    ("ns", "nanosecond", Kind::Fixed(1)),
];

impl Width {
    /// A length of time in nanoseconds; `None` where it is none.
    #[must_use]
    pub const fn fixed(nanos: i64) -> Option<Self> {
        if nanos > 0 { Some(Self(Kind::Fixed(nanos))) } else { None }
    }

    /// Months of the calendar; `None` for none, and for more than six hundred years.
    #[must_use]
    pub const fn months(months: u32) -> Option<Self> {
        if months > 0 && months <= MONTHS_MAX { Some(Self(Kind::Months(months))) } else { None }
    }

    /// How many nanoseconds it is long; `None` of months, which have no one length.
    #[must_use]
    pub const fn nanos(self) -> Option<i64> {
        match self.0 {
            Kind::Fixed(nanos) => Some(nanos),
            Kind::Months(_) => None,
        }
    }

    pub(super) const fn kind(self) -> Kind {
        self.0
    }
}

impl FromStr for Width {
    type Err = WidthError;

    fn from_str(text: &str) -> Result<Self, WidthError> {
        let error = || WidthError { text: text.chars().take(64).collect() };
        let end = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(error)?;
        let (number, unit) = text.split_at(end);
        let unit = unit.strip_prefix(' ').unwrap_or(unit);
        let number: i64 = number.parse().map_err(|_| error())?;
        let is_meant = |(short, long, _): &&(&str, &str, Kind)| {
            unit == *short || unit.strip_suffix('s').unwrap_or(unit) == *long
        };
        let (.., kind) = UNITS.iter().find(is_meant).ok_or_else(error)?;
        let width = match kind {
            Kind::Fixed(nanos) => nanos.checked_mul(number).and_then(Self::fixed),
            Kind::Months(months) => {
                let number = u32::try_from(number).ok();
                number.and_then(|number| months.checked_mul(number)).and_then(Self::months)
            }
        };
        width.ok_or_else(error)
    }
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (short, _, unit) in UNITS {
            let number = match (self.0, unit) {
                (Kind::Fixed(own), Kind::Fixed(unit)) if own % unit == 0 => own / unit,
                (Kind::Months(own), Kind::Months(unit)) if own % unit == 0 => (own / unit).into(),
                _ => continue,
            };
            return write!(f, "{number}{short}");
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "width_tests.rs"]
mod tests;
