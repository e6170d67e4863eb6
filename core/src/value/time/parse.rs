//! Times read by a layout, as Go's `time.Parse` reads them.

use super::format::{MONTHS, WEEKDAYS};
use super::instant::{SECOND, days, days_in};
use super::layout::{self, Element, Shape};

/// The instant, in nanoseconds since 1970, that the text shows; without a zone it is UTC.
///
/// # Errors
///
/// Go's text of what is wrong.
pub(crate) fn parse(layout: &str, text: &str) -> Result<i128, String> {
    let fail = |about: &str| format!("parsing time {text:?}{about}");
    let mismatch = |rest: &str, element: &str| {
        format!("parsing time {text:?} as {layout:?}: cannot parse {rest:?} as {element:?}")
    };
    let mut seen = Seen::default();
    let (mut pattern, mut value) = (layout, text);
    loop {
        let split = layout::split(pattern);
        value = skip(value, split.before).map_err(|at| mismatch(at, split.before))?;
        let Some((element, name)) = split.element else {
            if value.is_empty() {
                break;
            }
            return Err(fail(&format!(": extra text: {value:?}")));
        };
        pattern = split.after;
        value = match seen.take(element, value, pattern) {
            Ok(rest) => rest,
            Err(Bad::Mismatch) => return Err(mismatch(value, name)),
            Err(Bad::Range(what)) => return Err(fail(&format!(": {what} out of range"))),
        };
    }
    seen.finish().map_err(|what| fail(&format!(": {what}")))
}

enum Bad {
    Mismatch,
    Range(&'static str),
}

#[derive(Default)]
struct Seen {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: i64,
    afternoon: Option<bool>,
    offset: i64,
}

impl Seen {
    /// Takes an element off the text, of which the rest is answered.
    fn take<'a>(
        &mut self,
        element: Element,
        value: &'a str,
        pattern: &str,
    ) -> Result<&'a str, Bad> {
        use Element as E;
        Ok(match element {
            E::Year => {
                let (digits, rest) = cut(value, 2)?;
                let year = digits.parse::<i64>().map_err(|_| Bad::Mismatch)?;
                self.year = year + if year >= 69 { 1900 } else { 2000 };
                rest
            }
            E::LongYear => {
                let (digits, rest) = cut(value, 4)?;
                let is_year = digits.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
                self.year = digits.parse().ok().filter(|_| is_year).ok_or(Bad::Mismatch)?;
                rest
            }
            E::Month | E::LongMonth => {
                let (month, rest) = name(value, &MONTHS, element == E::Month)?;
                self.month = Some(month + 1);
                rest
            }
            E::NumMonth | E::ZeroMonth => {
                let (month, rest) = number(value, element == E::ZeroMonth)?;
                self.month = Some(within(month, 1, 12, "month")?);
                rest
            }
            // A day of the week is read and does not count.
            E::Weekday | E::LongWeekday => name(value, &WEEKDAYS, element == E::Weekday)?.1,
            E::Day | E::UnderDay | E::ZeroDay => {
                let value = if element == E::UnderDay { unspace(value) } else { value };
                let (day, rest) = number(value, element == E::ZeroDay)?;
                self.day = Some(day);
                rest
            }
            E::UnderYearDay | E::ZeroYearDay => {
                let fixed = element == E::ZeroYearDay;
                let value = if fixed { value } else { unspace(unspace(value)) };
                let (day, rest) = year_day(value, fixed)?;
                self.year_day = Some(day);
                rest
            }
            E::Hour => self.hour(value, false, 23)?,
            E::Hour12 | E::ZeroHour12 => self.hour(value, element == E::ZeroHour12, 12)?,
            E::Minute | E::ZeroMinute => {
                let (minute, rest) = number(value, element == E::ZeroMinute)?;
                self.minute = within(minute, 0, 59, "minute")?;
                rest
            }
            E::Second | E::ZeroSecond => {
                let (second, rest) = number(value, element == E::ZeroSecond)?;
                self.second = within(second, 0, 59, "second")?;
                self.unasked_fraction(rest, pattern)?
            }
            E::UpperHalf | E::LowerHalf => {
                let (half, rest) = cut(value, 2)?;
                self.afternoon = Some(match (element, half) {
                    (E::UpperHalf, "PM") | (E::LowerHalf, "pm") => true,
                    (E::UpperHalf, "AM") | (E::LowerHalf, "am") => false,
                    _ => return Err(Bad::Mismatch),
                });
                rest
            }
            E::Offset { z: true, .. } if value.starts_with('Z') => {
                self.offset = 0;
                value.get(1..).unwrap_or_default()
            }
            E::Offset { shape, .. } => {
                let (offset, rest) = offset(value, shape)?;
                self.offset = offset;
                rest
            }
            E::Abbreviation => {
                // Abbreviations mean no offset without the machine's zone: Go takes them for UTC.
                let len = if value.starts_with("UTC") { 3 } else { abbreviation(value) };
                if len == 0 {
                    return Err(Bad::Mismatch);
                }
                cut(value, len)?.1
            }
            E::Fraction { digits, .. } => {
                let (text, rest) = cut(value, digits.saturating_add(1))?;
                self.nanos = nanos(text)?;
                rest
            }
            E::Trimmed { .. } => match fraction(value) {
                0 => value,
                len => {
                    let (text, rest) = cut(value, len)?;
                    self.nanos = nanos(text)?;
                    rest
                }
            },
        })
    }

    fn hour<'a>(&mut self, value: &'a str, fixed: bool, most: i64) -> Result<&'a str, Bad> {
        let (hour, rest) = number(value, fixed)?;
        self.hour = within(hour, 0, most, "hour")?;
        Ok(rest)
    }

    /// A fraction after the seconds is read though the layout has none.
    fn unasked_fraction<'a>(&mut self, value: &'a str, pattern: &str) -> Result<&'a str, Bad> {
        let len = fraction(value);
        let next = layout::split(pattern).element;
        let asked = matches!(next, Some((Element::Fraction { .. } | Element::Trimmed { .. }, _)));
        if len == 0 || asked {
            return Ok(value);
        }
        let (text, rest) = cut(value, len)?;
        self.nanos = nanos(text)?;
        Ok(rest)
    }

    fn finish(self) -> Result<i128, &'static str> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let (month, day) = match self.year_day {
            Some(of_year) => self.of_year(of_year)?,
            None => (self.month.unwrap_or(1), self.day.unwrap_or(1)),
        };
        if day < 1 || day > days_in(self.year, month) {
            return Err("day out of range");
        }
        let seconds =
            days(self.year, month, day) * 86_400 + hour * 3600 + self.minute * 60 + self.second
                - self.offset;
        Ok(i128::from(seconds) * SECOND + i128::from(self.nanos))
    }

    fn of_year(&self, of_year: i64) -> Result<(i64, i64), &'static str> {
        let long = days(self.year + 1, 1, 1) - days(self.year, 1, 1);
        if of_year < 1 || of_year > long {
            return Err("day-of-year out of range");
        }
        let (mut month, mut day) = (1, of_year);
        while day > days_in(self.year, month) {
            day -= days_in(self.year, month);
            month += 1;
        }
        if self.month.is_some_and(|seen| seen != month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|seen| seen != day) {
            return Err("day-of-year does not match day");
        }
        Ok((month, day))
    }
}

/// What follows the layout's own text; a space stands for any number of them.
fn skip<'a>(value: &'a str, prefix: &str) -> Result<&'a str, &'a str> {
    let (mut value, mut prefix) = (value, prefix);
    while let Some(want) = prefix.chars().next() {
        if want == ' ' {
            if !value.is_empty() && !value.starts_with(' ') {
                return Err(value);
            }
            prefix = prefix.trim_start_matches(' ');
            value = value.trim_start_matches(' ');
        } else {
            value = value.strip_prefix(want).ok_or(value)?;
            prefix = prefix.get(want.len_utf8()..).unwrap_or_default();
        }
    }
    Ok(value)
}

fn cut(value: &str, len: usize) -> Result<(&str, &str), Bad> {
    value.split_at_checked(len).ok_or(Bad::Mismatch)
}

fn unspace(value: &str) -> &str {
    value.strip_prefix(' ').unwrap_or(value)
}

const fn within(number: i64, least: i64, most: i64, what: &'static str) -> Result<i64, Bad> {
    if number < least || number > most { Err(Bad::Range(what)) } else { Ok(number) }
}

/// One or two digits; two, if `fixed`.
fn number(value: &str, fixed: bool) -> Result<(i64, &str), Bad> {
    let digits = value.bytes().take(2).take_while(u8::is_ascii_digit).count();
    if digits == 0 || (fixed && digits < 2) {
        return Err(Bad::Mismatch);
    }
    let (text, rest) = cut(value, digits)?;
    Ok((text.parse().map_err(|_| Bad::Mismatch)?, rest))
}

/// One to three digits; three, if `fixed`.
fn year_day(value: &str, fixed: bool) -> Result<(i64, &str), Bad> {
    let digits = value.bytes().take(3).take_while(u8::is_ascii_digit).count();
    if digits == 0 || (fixed && digits < 3) {
        return Err(Bad::Mismatch);
    }
    let (text, rest) = cut(value, digits)?;
    Ok((text.parse().map_err(|_| Bad::Mismatch)?, rest))
}

/// The place of the name that the text begins with, whatever its case.
fn name<'a>(value: &'a str, names: &[&str], short: bool) -> Result<(i64, &'a str), Bad> {
    for (at, name) in (0..).zip(names) {
        let len = if short { 3 } else { name.len() };
        if let (Some((text, rest)), Some(name)) = (value.split_at_checked(len), name.get(..len))
            && text.eq_ignore_ascii_case(name)
        {
            return Ok((at, rest));
        }
    }
    Err(Bad::Mismatch)
}

fn offset(value: &str, shape: Shape) -> Result<(i64, &str), Bad> {
    let (len, places): (usize, &[usize]) = match shape {
        Shape::Hours => (3, &[1]),
        Shape::Minutes => (5, &[1, 3]),
        Shape::ColonMinutes => (6, &[1, 4]),
        Shape::Seconds => (7, &[1, 3, 5]),
        Shape::ColonSeconds => (9, &[1, 4, 7]),
    };
    let (text, rest) = cut(value, len)?;
    let colons = matches!(shape, Shape::ColonMinutes | Shape::ColonSeconds);
    for at in places.iter().skip(1).filter(|_| colons) {
        if text.as_bytes().get(at.saturating_sub(1)) != Some(&b':') {
            return Err(Bad::Mismatch);
        }
    }
    let mut seconds = 0;
    // Go lets an offset have 24 hours, 60 minutes and 60 seconds, as some write them.
    let parts = [
        (3600, 24, "time zone offset hour"),
        (60, 60, "time zone offset minute"),
        (1, 60, "time zone offset second"),
    ];
    for (at, (unit, most, what)) in places.iter().zip(parts) {
        let part = text.get(*at..at.saturating_add(2)).ok_or(Bad::Mismatch)?;
        seconds += within(number(part, true)?.0, 0, most, what)? * unit;
    }
    match text.as_bytes().first() {
        Some(b'+') => Ok((seconds, rest)),
        Some(b'-') => Ok((-seconds, rest)),
        _ => Err(Bad::Mismatch),
    }
}

/// How long the zone's abbreviation is that the text begins with; zero if it is none.
fn abbreviation(value: &str) -> usize {
    if value.starts_with("ChST") || value.starts_with("MeST") {
        return 4;
    }
    if let Some(rest) = value.strip_prefix("GMT") {
        return signed(rest).saturating_add(3);
    }
    if value.len() >= 3 && value.starts_with(['+', '-']) {
        return signed(value);
    }
    let upper = value.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
    let ends_in_t = |at: usize| value.as_bytes().get(at) == Some(&b'T');
    match upper {
        3 => 3,
        4 if ends_in_t(3) || value.starts_with("WITA") => 4,
        5 if ends_in_t(4) => 5,
        _ => 0,
    }
}

/// How long a sign and hours up to 23 are; zero if the text does not begin so.
fn signed(value: &str) -> usize {
    let Some(rest) = value.strip_prefix(['+', '-']) else { return 0 };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let hours = rest.get(..digits).and_then(|digits| digits.parse::<u64>().ok());
    if hours.is_some_and(|hours| hours <= 23) { digits.saturating_add(1) } else { 0 }
}

/// How long a mark and digits are; zero if the text does not begin so.
fn fraction(value: &str) -> usize {
    let Some(rest) = value.strip_prefix(['.', ',']) else { return 0 };
    match rest.bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        digits => digits.saturating_add(1),
    }
}

/// The nanoseconds of a mark and digits, of which nine count.
fn nanos(text: &str) -> Result<i64, Bad> {
    let digits = text.strip_prefix(['.', ',']).ok_or(Bad::Mismatch)?;
    let digits = digits.get(..9).unwrap_or(digits);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Bad::Mismatch);
    }
    format!("{digits:0<9}").parse().map_err(|_| Bad::Mismatch)
}
