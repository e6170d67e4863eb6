//! Dates of a zone: two digits of the year, two of the month, two of the day, where what is unknown is filled.

use std::fmt;

use chrono::{Datelike as _, Months, NaiveDate};

/// How far an expiry is from the day it is read on, in months: fifty years.
const EXPIRY: Months = Months::new(600);

/// A date as it stands in a zone, `YYMMDD`, without a century. Digits that the issuer did not know are `<` (part 3, section 4.8).
///
/// It may be no day of a calendar, such as `000000`: then it is written so, or misread.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MrzDate([u8; 6]);

impl MrzDate {
    /// A date of its parts: year 0 to 99, month 1 to 12, day 1 to 31, `None` where unknown. `None` if a part is none.
    #[must_use]
    pub fn new(year2: Option<u8>, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        let part = |part: Option<u8>, bounds: std::ops::RangeInclusive<u8>| match part {
            None => Some([b'<'; 2]),
            Some(number) => {
                bounds.contains(&number).then_some([b'0' + number / 10, b'0' + number % 10])
            }
        };
        let ([a, b], [c, d]) = (part(year2, 0..=99)?, part(month, 1..=12)?);
        let [e, f] = part(day, 1..=31)?;
        Some(Self([a, b, c, d, e, f]))
    }

    /// Of six characters, each a digit or a filler.
    pub(super) fn of(written: &str) -> Option<Self> {
        let bytes = <[u8; 6]>::try_from(written.as_bytes()).ok()?;
        bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'<').then_some(Self(bytes))
    }

    /// The last two digits of the year; `None` if one is unknown.
    #[must_use]
    pub fn year2(self) -> Option<u8> {
        let [tens, ones, ..] = self.0;
        number(tens, ones)
    }

    /// The month as it stands; `None` if a digit is unknown.
    #[must_use]
    pub fn month(self) -> Option<u8> {
        let [_, _, tens, ones, ..] = self.0;
        number(tens, ones)
    }

    /// The day as it stands; `None` if a digit is unknown.
    #[must_use]
    pub fn day(self) -> Option<u8> {
        let [.., tens, ones] = self.0;
        number(tens, ones)
    }

    /// The last such day that is not after another; `None` if it is not known in full, or is no day.
    pub(super) fn not_after(self, today: NaiveDate) -> Option<NaiveDate> {
        let century = today.year().div_euclid(100);
        let mut days = [century, century - 1].into_iter().filter_map(|century| self.on(century));
        days.find(|day| *day <= today)
    }

    /// Such a day less than fifty years before another, or at most fifty after it; `None` if it is not known in full, or there is none.
    pub(super) fn near(self, today: NaiveDate) -> Option<NaiveDate> {
        let (from, to) = (today.checked_sub_months(EXPIRY)?, today.checked_add_months(EXPIRY)?);
        let century = today.year().div_euclid(100);
        let mut days = (century - 1..=century + 1).filter_map(|century| self.on(century));
        days.find(|day| from < *day && *day <= to)
    }

    /// The day of a century.
    fn on(self, century: i32) -> Option<NaiveDate> {
        let year = century.checked_mul(100)?.checked_add(i32::from(self.year2()?))?;
        NaiveDate::from_ymd_opt(year, u32::from(self.month()?), u32::from(self.day()?))
    }
}

/// The six characters as they stand.
impl fmt::Display for MrzDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for MrzDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MrzDate({self})")
    }
}

fn number(tens: u8, ones: u8) -> Option<u8> {
    let both = tens.is_ascii_digit() && ones.is_ascii_digit();
    both.then(|| (tens - b'0') * 10 + (ones - b'0'))
}
