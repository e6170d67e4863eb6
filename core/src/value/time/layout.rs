//! Layouts of Go's package `time`: a reference time, written the way a time is to be written.
//!
//! The reference time is `Mon Jan 2 15:04:05 MST 2006`; what of a layout is none of its elements stands for itself.

/// An element of the reference time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// `January`.
    LongMonth,
    /// `Jan`.
    Month,
    /// `1`.
    NumMonth,
    /// `01`.
    ZeroMonth,
    /// `Monday`.
    LongWeekday,
    /// `Mon`.
    Weekday,
    /// `2`.
    Day,
    /// `_2`.
    UnderDay,
    /// `02`.
    ZeroDay,
    /// `__2`.
    UnderYearDay,
    /// `002`.
    ZeroYearDay,
    /// `15`.
    Hour,
    /// `3`.
    Hour12,
    /// `03`.
    ZeroHour12,
    /// `4`.
    Minute,
    /// `04`.
    ZeroMinute,
    /// `5`.
    Second,
    /// `05`.
    ZeroSecond,
    /// `2006`.
    LongYear,
    /// `06`.
    Year,
    /// `PM`.
    UpperHalf,
    /// `pm`.
    LowerHalf,
    /// `MST`.
    Abbreviation,
    /// `-0700` and its like; with `z`, those that write UTC as `Z`.
    Offset { shape: Shape, z: bool },
    /// `.000` or `,000`: as many digits as there are zeros.
    Fraction { digits: usize, mark: char },
    /// `.999` or `,999`: at most as many digits, without zeros at the end.
    Trimmed { digits: usize, mark: char },
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `-07`.
    Hours,
    /// `-0700`.
    Minutes,
    /// `-07:00`.
    ColonMinutes,
    /// `-070000`.
    Seconds,
    /// `-07:00:00`.
    ColonSeconds,
}

/// What stands before the first element, the element with its text, and what follows. Without an element all of it stands before.
pub(crate) struct Split<'a> {
    pub(crate) before: &'a str,
    pub(crate) element: Option<(Element, &'a str)>,
    pub(crate) after: &'a str,
}

/// Splits a layout at its first element.
pub(crate) fn split(layout: &str) -> Split<'_> {
    for (at, _) in layout.char_indices() {
        let (before, rest) = layout.split_at(at);
        if let Some((element, skip, len)) = element(rest) {
            // `_2006` is a year after a low line, which stands for itself.
            let (before, rest) = layout.split_at(before.len().saturating_add(skip));
            let (text, after) = rest.split_at(len);
            return Split { before, element: Some((element, text)), after };
        }
    }
    Split { before: layout, element: None, after: "" }
}

/// The layout that a constant's name stands for, as OPA knows them.
pub(crate) fn named(name: &str) -> Option<&'static str> {
    Some(match name {
        "ANSIC" => "Mon Jan _2 15:04:05 2006",
        "UnixDate" => "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate" => "Mon Jan 02 15:04:05 -0700 2006",
        "RFC822" => "02 Jan 06 15:04 MST",
        "RFC822Z" => "02 Jan 06 15:04 -0700",
        "RFC850" => "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123" => "Mon, 02 Jan 2006 15:04:05 MST",
        "RFC1123Z" => "Mon, 02 Jan 2006 15:04:05 -0700",
        "RFC3339" => RFC3339,
        "RFC3339Nano" => RFC3339_NANO,
        _ => return None,
    })
}

/// RFC 3339 with whole seconds.
pub(crate) const RFC3339: &str = "2006-01-02T15:04:05Z07:00";
/// RFC 3339 with the fraction of a second.
pub(crate) const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";

/// The element that the text begins with, how many bytes of it come before, and how long it is.
fn element(text: &str) -> Option<(Element, usize, usize)> {
    use Element as E;
    let first = text.bytes().next()?;
    let (element, len) = match first {
        b'J' if text.starts_with("January") => (E::LongMonth, 7),
        b'J' if text.starts_with("Jan") && !lower(text, 3) => (E::Month, 3),
        b'M' if text.starts_with("Monday") => (E::LongWeekday, 6),
        b'M' if text.starts_with("Mon") && !lower(text, 3) => (E::Weekday, 3),
        b'M' if text.starts_with("MST") => (E::Abbreviation, 3),
        b'0' if text.starts_with("002") => (E::ZeroYearDay, 3),
        b'0' => (zero(text.as_bytes().get(1).copied()?)?, 2),
        b'1' if text.starts_with("15") => (E::Hour, 2),
        b'1' => (E::NumMonth, 1),
        b'2' if text.starts_with("2006") => (E::LongYear, 4),
        b'2' => (E::Day, 1),
        b'_' if text.starts_with("_2006") => return Some((E::LongYear, 1, 4)),
        b'_' if text.starts_with("_2") => (E::UnderDay, 2),
        b'_' if text.starts_with("__2") => (E::UnderYearDay, 3),
        b'3' => (E::Hour12, 1),
        b'4' => (E::Minute, 1),
        b'5' => (E::Second, 1),
        b'P' if text.starts_with("PM") => (E::UpperHalf, 2),
        b'p' if text.starts_with("pm") => (E::LowerHalf, 2),
        b'-' | b'Z' => {
            let (shape, len) = shape(text.get(1..)?)?;
            (E::Offset { shape, z: first == b'Z' }, len)
        }
        b'.' | b',' => fraction(text)?,
        _ => return None,
    };
    Some((element, 0, len))
}

fn zero(second: u8) -> Option<Element> {
    Some(match second {
        b'1' => Element::ZeroMonth,
        b'2' => Element::ZeroDay,
        b'3' => Element::ZeroHour12,
        b'4' => Element::ZeroMinute,
        b'5' => Element::ZeroSecond,
        b'6' => Element::Year,
        _ => return None,
    })
}

/// The longest shape that follows a sign or a `Z`, and how long it is with that.
fn shape(digits: &str) -> Option<(Shape, usize)> {
    let shapes = [
        ("070000", Shape::Seconds),
        ("07:00:00", Shape::ColonSeconds),
        ("0700", Shape::Minutes),
        ("07:00", Shape::ColonMinutes),
        ("07", Shape::Hours),
    ];
    let found = shapes.into_iter().find(|(text, _)| digits.starts_with(text));
    found.map(|(text, shape)| (shape, text.len().saturating_add(1)))
}

/// A mark and zeros, or a mark and nines, after which no digit follows.
fn fraction(text: &str) -> Option<(Element, usize)> {
    let mark = text.chars().next()?;
    let rest = text.get(1..)?;
    let digit = rest.bytes().next().filter(|digit| matches!(digit, b'0' | b'9'))?;
    let digits = rest.bytes().take_while(|byte| *byte == digit).count();
    if rest.as_bytes().get(digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let element = if digit == b'0' {
        Element::Fraction { digits, mark }
    } else {
        Element::Trimmed { digits, mark }
    };
    Some((element, digits.saturating_add(1)))
}

fn lower(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_some_and(u8::is_ascii_lowercase)
}
