//! Business days: on which days business is done, and what falls due on another day where none is.
//!
//! Dates are civil dates as days since 1970, as in [`crate::time`]. A calendar is valid from a date to another, and says nothing of the
//! days outside: where an answer depends on those, it is an error.

mod hours;
mod trading;
mod trading_session;
mod weekday;

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use chrono::{Datelike, NaiveDate};

pub use self::hours::{Hours, HoursError, LocalTime, LocalTimeError};
pub use self::trading::{EarlyClose, HOURS, TradingError, TradingHours};
pub use self::trading_session::TradingSession;
pub use self::weekday::Weekday;
use crate::time::format_date;

/// A calendar has at most so many holidays.
pub const HOLIDAYS: usize = 10_000;
/// A holiday's name is at most so many bytes long.
const NAME_BYTES: usize = 128;
/// For a day on which anything is done, at most so many are looked at.
const SEARCHED: i32 = 366;
/// Before 1840-01-01, and after 2099-12-31, nothing is known of the clocks of zones.
const FIRST: i32 = -47_482;
const LAST: i32 = 47_481;

/// A day on which no business is done, whatever day of the week it is.
///
/// ```
/// use thalium::rollup::Holiday;
///
/// let day = Holiday { date: 20_812, name: "Christmas".to_owned() };
/// assert_eq!(thalium::time::format_date(day.date).as_deref(), Some("2026-12-25"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The civil date, as days since 1970.
    pub date: i32,
    /// What it is called.
    pub name: String,
}

/// Where what falls on a day without business goes, by the names of ISDA.
///
/// ```
/// use thalium::rollup::{BusinessDays, Convention, Weekday};
/// use thalium::time::parse_date;
///
/// let date = |text| parse_date(text).unwrap();
/// let weekend = [Weekday::Saturday, Weekday::Sunday];
/// let days = BusinessDays::new(&weekend, Vec::new(), date("2026-01-01")..=date("2026-12-31"))?;
/// // Saturday, 31 January: the Monday behind it is of the next month.
/// let saturday = date("2026-01-31");
/// assert_eq!(days.adjust(saturday, Convention::Following)?, date("2026-02-02"));
/// assert_eq!(days.adjust(saturday, Convention::ModifiedFollowing)?, date("2026-01-30"));
/// assert_eq!(days.adjust(saturday, Convention::Preceding)?, date("2026-01-30"));
/// # Ok::<(), thalium::rollup::BusinessError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Convention {
    /// To the next business day.
    Following,
    /// To the next business day; to the one before, where the next is of another month.
    ModifiedFollowing,
    /// To the business day before.
    Preceding,
}

/// A calendar that is none, or what it cannot answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BusinessError {
    /// A validity that is none, or of times of which nothing is known.
    #[error(
        "valid from {} to {}: give the earlier date first, and both from {} to {}, as far as the clocks of zones are known",
        shown(*.from), shown(*.to), shown(FIRST), shown(LAST)
    )]
    Validity {
        /// From which date.
        from: i32,
        /// To which.
        to: i32,
    },
    /// A weekend of seven days.
    #[error("every day is of the weekend: leave out those on which business is done")]
    Weekend,
    /// Too many holidays.
    #[error("{holidays} holidays: give up to {HOLIDAYS}, or make the calendar valid for less")]
    Holidays {
        /// How many.
        holidays: usize,
    },
    /// A name that is empty, or too long.
    #[error("the name of the holiday on {} has {bytes} bytes: give from 1 to {NAME_BYTES}", shown(*.date))]
    Name {
        /// The holiday's date.
        date: i32,
        /// How long its name is.
        bytes: usize,
    },
    /// Two holidays on a date.
    #[error("two holidays on {}: make one of them", shown(*.date))]
    Twice {
        /// The date.
        date: i32,
    },
    /// A date for which the calendar is not valid.
    #[error(
        "{} is not within {} to {}, for which the calendar is valid: leave it out, or make the calendar valid for more",
        shown(*.date), shown(*.from), shown(*.to)
    )]
    Outside {
        /// The date.
        date: i32,
        /// From which date the calendar is valid.
        from: i32,
        /// To which.
        to: i32,
    },
    /// No business day near to a date.
    #[error("no business day within {SEARCHED} days of {}: look at the holidays", shown(*.date))]
    NotFound {
        /// The date.
        date: i32,
    },
}

/// On which days business is done.
///
/// ```
/// use thalium::rollup::{BusinessDays, Holiday, Weekday};
/// use thalium::time::parse_date;
///
/// let date = |text| parse_date(text).unwrap();
/// let labor_day = Holiday { date: date("2026-09-07"), name: "Labor Day".to_owned() };
/// let weekend = [Weekday::Saturday, Weekday::Sunday];
/// let days = BusinessDays::new(&weekend, vec![labor_day], date("2026-01-01")..=date("2026-12-31"))?;
/// assert!(!days.is_business_day(date("2026-09-07"))?);
/// // What is traded on Thursday is settled on the second business day, which is Tuesday.
/// assert_eq!(days.settlement(date("2026-09-03"), 2)?, date("2026-09-08"));
/// assert_eq!(days.count(date("2026-09-03")..date("2026-09-08"))?, 2);
/// assert!(days.next(date("2026-12-31")).is_err(), "nothing is known of 2027");
/// # Ok::<(), thalium::rollup::BusinessError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessDays {
    weekend: BTreeSet<Weekday>,
    /// By date.
    holidays: Vec<Holiday>,
    from: i32,
    to: i32,
}

impl BusinessDays {
    /// All but the days of a weekend and holidays, in any order, valid from a date to another.
    ///
    /// # Errors
    /// A validity that is none or reaches beyond 1840 to 2099, a weekend of seven days, more than [`HOLIDAYS`], a holiday without a name,
    /// with one of more than 128 bytes, outside of the validity, or on the date of another.
    pub fn new(
        weekend: &[Weekday],
        mut holidays: Vec<Holiday>,
        valid: RangeInclusive<i32>,
    ) -> Result<Self, BusinessError> {
        let (from, to) = valid.into_inner();
        if from > to || from < FIRST || to > LAST {
            return Err(BusinessError::Validity { from, to });
        }
        let weekend: BTreeSet<Weekday> = weekend.iter().copied().collect();
        if weekend.len() >= Weekday::ALL.len() {
            return Err(BusinessError::Weekend);
        }
        if holidays.len() > HOLIDAYS {
            return Err(BusinessError::Holidays { holidays: holidays.len() });
        }
        holidays.sort_by_key(|holiday| holiday.date);
        let mut last = None;
        for Holiday { date, name } in &holidays {
            let (date, bytes) = (*date, name.len());
            if bytes == 0 || bytes > NAME_BYTES {
                return Err(BusinessError::Name { date, bytes });
            }
            if date < from || date > to {
                return Err(BusinessError::Outside { date, from, to });
            }
            if last == Some(date) {
                return Err(BusinessError::Twice { date });
            }
            last = Some(date);
        }
        Ok(Self { weekend, holidays, from, to })
    }

    /// The days of the weekend.
    #[must_use]
    pub const fn weekend(&self) -> &BTreeSet<Weekday> {
        &self.weekend
    }

    /// The holidays, by date.
    #[must_use]
    pub fn holidays(&self) -> &[Holiday] {
        &self.holidays
    }

    /// The first and the last date that it is valid for.
    #[must_use]
    pub const fn valid(&self) -> RangeInclusive<i32> {
        self.from..=self.to
    }

    /// The holiday on a date.
    #[must_use]
    pub fn holiday(&self, date: i32) -> Option<&Holiday> {
        let place = self.holidays.binary_search_by_key(&date, |holiday| holiday.date);
        self.holidays.get(place.ok()?)
    }

    /// Whether business is done on a date.
    ///
    /// # Errors
    /// A date for which the calendar is not valid.
    pub fn is_business_day(&self, date: i32) -> Result<bool, BusinessError> {
        self.check(date)?;
        Ok(!self.is_weekend(date) && self.holiday(date).is_none())
    }

    /// The first business day after a date.
    ///
    /// # Errors
    /// A date for which the calendar is not valid, or none within 366 days.
    pub fn next(&self, date: i32) -> Result<i32, BusinessError> {
        self.check(date)?;
        self.first_of(date, date + 1..=date + SEARCHED)
    }

    /// The last business day before a date.
    ///
    /// # Errors
    /// As [`BusinessDays::next`].
    pub fn previous(&self, date: i32) -> Result<i32, BusinessError> {
        self.check(date)?;
        self.first_of(date, (date - SEARCHED..date).rev())
    }

    /// So many business days after a date, or before it, where they are below zero; with none, the date itself, whatever day it is.
    ///
    /// # Errors
    /// As [`BusinessDays::next`].
    pub fn add(&self, date: i32, days: i32) -> Result<i32, BusinessError> {
        self.check(date)?;
        // It ends at the latest where the calendar does.
        (0..days.unsigned_abs()).try_fold(date, |date, _| match days > 0 {
            true => self.next(date),
            false => self.previous(date),
        })
    }

    /// How many business days a range of dates has: from the first on, without the last.
    ///
    /// # Errors
    /// A range for which the calendar is not valid.
    pub fn count(&self, dates: Range<i32>) -> Result<usize, BusinessError> {
        if dates.is_empty() {
            return Ok(0);
        }
        self.check(dates.start)?;
        self.check(dates.end - 1)?;
        let holidays = self.holidays.iter().skip_while(|holiday| holiday.date < dates.start);
        let holidays = holidays.take_while(|holiday| holiday.date < dates.end);
        let holidays = holidays.filter(|holiday| !self.is_weekend(holiday.date)).count();
        // Any seven days that follow one another have the same weekend.
        let (weeks, rest) = ((dates.end - dates.start) / 7, (dates.end - dates.start) % 7);
        let rest = (dates.end - rest..dates.end).filter(|date| !self.is_weekend(*date)).count();
        // INVARIANT: a range that is not empty is not shorter than nothing, and holidays are counted of its days alone.
        let weeks = usize::try_from(weeks).unwrap_or_default();
        Ok(weeks * (Weekday::ALL.len() - self.weekend.len()) + rest - holidays)
    }

    /// The business day that something is done on which falls on a date: that date, where it is one.
    ///
    /// # Errors
    /// As [`BusinessDays::next`].
    pub fn adjust(&self, date: i32, convention: Convention) -> Result<i32, BusinessError> {
        if self.is_business_day(date)? {
            return Ok(date);
        }
        match convention {
            Convention::Following => self.next(date),
            Convention::Preceding => self.previous(date),
            Convention::ModifiedFollowing => match self.next(date) {
                Ok(next) if month_of(next) == month_of(date) => Ok(next),
                Ok(_) => self.previous(date),
                // What is behind the last day that is known is of another month: so is whatever follows.
                Err(BusinessError::Outside { date: behind, .. })
                    if month_of(behind) != month_of(date) =>
                {
                    self.previous(date)
                }
                unknown => unknown,
            },
        }
    }

    /// When what was traded on a date is settled, as in T+2. What is traded on a day without business is taken for traded on the next
    /// business day.
    ///
    /// # Errors
    /// As [`BusinessDays::next`].
    pub fn settlement(&self, traded: i32, days: u8) -> Result<i32, BusinessError> {
        self.add(self.adjust(traded, Convention::Following)?, days.into())
    }

    fn check(&self, date: i32) -> Result<(), BusinessError> {
        let (from, to) = (self.from, self.to);
        match from <= date && date <= to {
            true => Ok(()),
            false => Err(BusinessError::Outside { date, from, to }),
        }
    }

    fn is_weekend(&self, date: i32) -> bool {
        self.weekend.contains(&Weekday::of(date))
    }

    /// The first business day of some that are looked at one after another.
    fn first_of(&self, date: i32, days: impl Iterator<Item = i32>) -> Result<i32, BusinessError> {
        for day in days {
            if self.is_business_day(day)? {
                return Ok(day);
            }
        }
        Err(BusinessError::NotFound { date })
    }
}

/// The year and the month of a date.
fn month_of(date: i32) -> Option<(i32, u32)> {
    NaiveDate::from_epoch_days(date).map(|date| (date.year(), date.month()))
}

/// A date, for people.
fn shown(date: i32) -> String {
    format_date(date).unwrap_or_else(|| date.to_string())
}

#[cfg(test)]
#[path = "business_tests.rs"]
mod tests;
