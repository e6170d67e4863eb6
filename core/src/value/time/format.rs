//! Times as a layout writes them.

use std::fmt::Write as _;

use super::instant::{Civil, Zone};
use super::layout::{self, Element, Shape};

/// Names of the months, January first.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Names of the days of the week, Sunday first.
pub(crate) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The instant as the layout writes it.
pub(crate) fn format(ns: i64, zone: Zone, layout: &str) -> String {
    let civil = Civil::at(ns, zone);
    let seconds = ns.div_euclid(1_000_000_000);
    let mut out = String::with_capacity(layout.len().saturating_add(16));
    let mut rest = layout;
    loop {
        let split = layout::split(rest);
        out.push_str(split.before);
        let Some((element, _)) = split.element else { return out };
        rest = split.after;
        match element {
            Element::Abbreviation => out.push_str(&zone.abbreviation(seconds)),
            Element::Offset { shape, z } => offset(&mut out, zone.offset(seconds), shape, z),
            _ => put(&mut out, &civil, element),
        }
    }
}

fn put(out: &mut String, civil: &Civil, element: Element) {
    use Element as E;
    let hour12 = if civil.hour % 12 == 0 { 12 } else { civil.hour % 12 };
    let year_day = civil.year_day();
    // Writing into a text does not fail.
    let _ = match element {
        E::LongMonth => write!(out, "{}", name(&MONTHS, civil.month - 1)),
        E::Month => write!(out, "{:.3}", name(&MONTHS, civil.month - 1)),
        E::NumMonth => write!(out, "{}", civil.month),
        E::ZeroMonth => write!(out, "{:02}", civil.month),
        E::LongWeekday => write!(out, "{}", name(&WEEKDAYS, civil.weekday())),
        E::Weekday => write!(out, "{:.3}", name(&WEEKDAYS, civil.weekday())),
        E::Day => write!(out, "{}", civil.day),
        E::UnderDay => write!(out, "{:2}", civil.day),
        E::ZeroDay => write!(out, "{:02}", civil.day),
        E::UnderYearDay => write!(out, "{year_day:3}"),
        E::ZeroYearDay => write!(out, "{year_day:03}"),
        E::Hour => write!(out, "{:02}", civil.hour),
        E::Hour12 => write!(out, "{hour12}"),
        E::ZeroHour12 => write!(out, "{hour12:02}"),
        E::Minute => write!(out, "{}", civil.minute),
        E::ZeroMinute => write!(out, "{:02}", civil.minute),
        E::Second => write!(out, "{}", civil.second),
        E::ZeroSecond => write!(out, "{:02}", civil.second),
        E::LongYear => write!(out, "{:04}", civil.year),
        E::Year => write!(out, "{:02}", civil.year.rem_euclid(100)),
        E::UpperHalf => write!(out, "{}", if civil.hour >= 12 { "PM" } else { "AM" }),
        E::LowerHalf => write!(out, "{}", if civil.hour >= 12 { "pm" } else { "am" }),
        E::Fraction { digits, mark } => {
            let nanos = format!("{:09}", civil.nanos);
            write!(out, "{mark}{nanos:.digits$}")
        }
        E::Trimmed { digits, mark } => {
            let nanos = format!("{:09}", civil.nanos);
            let shown = format!("{nanos:.digits$}");
            match shown.trim_end_matches('0') {
                "" => Ok(()),
                shown => write!(out, "{mark}{shown}"),
            }
        }
        E::Abbreviation | E::Offset { .. } => Ok(()),
    };
}

fn offset(out: &mut String, seconds: i64, shape: Shape, z: bool) {
    if z && seconds == 0 {
        out.push('Z');
        return;
    }
    // Go takes the sign of the whole minutes: 30 seconds west are `+00:00`.
    let sign = if seconds / 60 < 0 { '-' } else { '+' };
    let minutes = (seconds / 60).abs();
    let (hours, minutes, seconds) = (minutes / 60, minutes % 60, seconds.abs() % 60);
    let _ = match shape {
        Shape::Hours => write!(out, "{sign}{hours:02}"),
        Shape::Minutes => write!(out, "{sign}{hours:02}{minutes:02}"),
        Shape::ColonMinutes => write!(out, "{sign}{hours:02}:{minutes:02}"),
        Shape::Seconds => write!(out, "{sign}{hours:02}{minutes:02}{seconds:02}"),
        Shape::ColonSeconds => write!(out, "{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    };
}

fn name<const N: usize>(names: &[&'static str; N], at: i64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}
