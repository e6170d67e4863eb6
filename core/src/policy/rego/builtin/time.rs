//! `time.*`: the clock is the command's, the zones are the time zone database's, and layouts are Go's.

mod duration;

use super::super::number::Number;
use super::super::value::Value;
use super::{Builtin, Context, Fault, number, operand, string};
use crate::value::time::instant::{self, Civil, Zone};
use crate::value::time::{format, layout, parse};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("time.now_ns", 0, now_ns),
    Builtin::new("time.parse_ns", 2, parse_ns),
    Builtin::new("time.parse_rfc3339_ns", 1, parse_rfc3339_ns),
    Builtin::new("time.parse_duration_ns", 1, parse_duration_ns),
    Builtin::new("time.format", 1, format_time),
    Builtin::new("time.date", 1, date),
    Builtin::new("time.clock", 1, clock),
    Builtin::new("time.weekday", 1, weekday),
    Builtin::new("time.add_date", 4, add_date),
    Builtin::new("time.diff", 2, diff),
];

type Answer = Result<Option<Value>, Fault>;

fn now_ns(context: &mut Context<'_>, _: &[Value]) -> Answer {
    Ok(Some(Value::int(context.now_ns())))
}

fn parse_ns(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let (layout, text) = (string(args, 1)?, string(args, 2)?);
    charge(context, layout, text)?;
    let layout = layout::named(layout).unwrap_or(layout);
    nanoseconds(parse::parse(layout, text).map_err(Fault::builtin)?)
}

fn parse_rfc3339_ns(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = string(args, 1)?;
    charge(context, layout::RFC3339, text)?;
    nanoseconds(parse::parse(layout::RFC3339, text).map_err(Fault::builtin)?)
}

fn parse_duration_ns(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = string(args, 1)?;
    charge(context, "", text)?;
    Ok(Some(Value::int(duration::parse(text).map_err(Fault::builtin)?)))
}

fn format_time(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let moment = moment(args, 1)?;
    let layout = match moment.layout {
        "" => layout::RFC3339_NANO,
        layout => layout::named(layout).unwrap_or(layout),
    };
    charge(context, layout, "")?;
    context.allocate(layout.len().saturating_mul(8))?;
    Ok(Some(Value::from(format::format(moment.ns, moment.zone, layout))))
}

fn date(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let civil = moment(args, 1)?.civil();
    Ok(Some(ints([civil.year, civil.month, civil.day])))
}

fn clock(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let civil = moment(args, 1)?.civil();
    Ok(Some(ints([civil.hour, civil.minute, civil.second])))
}

fn weekday(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let day = usize::try_from(moment(args, 1)?.civil().weekday()).ok();
    Ok(day.and_then(|day| format::WEEKDAYS.get(day)).map(|name| Value::string(name)))
}

/// Years and months first, of which what is too many days for the month runs over into the next; then days: as Go's `AddDate`.
fn add_date(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let moment = moment(args, 1)?;
    let (years, months, days) = (int(args, 2)?, int(args, 3)?, int(args, 4)?);
    let civil = moment.civil();
    // Whatever lies farther is out of range, however it adds up.
    let far = [(years, 10_000), (months, 120_000), (days, 4_000_000)];
    if far.into_iter().any(|(by, most)| !(-most..=most).contains(&by)) {
        return Err(out_of_range());
    }
    let days = instant::days(civil.year + years, civil.month + months, civil.day + days);
    nanoseconds(instant::instant(days * 86_400 + civil.of_day(), civil.nanos, moment.zone))
}

/// Years, months, days, hours, minutes and seconds from the earlier to the later, as the first one's zone shows both.
fn diff(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let (first, second) = (moment(args, 1)?, moment(args, 2)?);
    let (from, to) = (first.ns.min(second.ns), first.ns.max(second.ns));
    let (from, to) = (Civil::at(from, first.zone), Civil::at(to, first.zone));
    let (mut year, mut month, mut day) =
        (to.year - from.year, to.month - from.month, to.day - from.day);
    let (mut hour, mut minute, mut second) =
        (to.hour - from.hour, to.minute - from.minute, to.second - from.second);
    borrow(&mut second, 60, &mut minute);
    borrow(&mut minute, 60, &mut hour);
    borrow(&mut hour, 24, &mut day);
    borrow(&mut day, instant::days_in(from.year, from.month), &mut month);
    borrow(&mut month, 12, &mut year);
    Ok(Some(ints([year, month, day, hour, minute, second])))
}

struct Moment<'a> {
    ns: i64,
    zone: Zone,
    layout: &'a str,
}

impl Moment<'_> {
    fn civil(&self) -> Civil {
        Civil::at(self.ns, self.zone)
    }
}

/// Nanoseconds, or an array of them, a zone and a layout, of which the latter two may be missing.
fn moment(args: &[Value], at: usize) -> Result<Moment<'_>, Fault> {
    const WANT: &str = "either number (ns) or [number (ns), string (tz)]";
    let value = operand(args, at)?;
    let items = match value {
        Value::Number(ns) => return Ok(Moment { ns: ns_of(ns)?, zone: Zone::Utc, layout: "" }),
        Value::Array(items) if !items.is_empty() => items,
        // OPA counts either operand of `time.diff` as its first.
        _ => return Err(Fault::operand(1, WANT, value)),
    };
    let ns = number(items, 1)?;
    let zone = if items.len() > 1 { text(items, 2)? } else { "" };
    let zone =
        Zone::find(zone).ok_or_else(|| Fault::builtin(format_args!("unknown time zone {zone}")))?;
    let layout = if items.len() > 2 { text(items, 3)? } else { "" };
    Ok(Moment { ns: ns_of(ns)?, zone, layout })
}

fn text(items: &[Value], at: usize) -> Result<&str, Fault> {
    let value = operand(items, at)?;
    value.as_str().ok_or_else(|| Fault::operand(1, "string", value))
}

fn ns_of(number: &Number) -> Result<i64, Fault> {
    number.to_i64().ok_or_else(|| Fault::builtin("timestamp too big"))
}

fn int(args: &[Value], at: usize) -> Result<i64, Fault> {
    let number = number(args, at)?;
    let what = "must be integer number but got floating-point number";
    number.to_i64().ok_or_else(|| Fault::operand_is(at, what))
}

fn nanoseconds(ns: i128) -> Answer {
    i64::try_from(ns).map(|ns| Some(Value::int(ns))).map_err(|_| out_of_range())
}

fn out_of_range() -> Fault {
    Fault::builtin("time outside of valid range")
}

fn ints<const N: usize>(ints: [i64; N]) -> Value {
    Value::array(ints.map(Value::int))
}

fn borrow(small: &mut i64, of: i64, large: &mut i64) {
    if *small < 0 {
        *small += of;
        *large -= 1;
    }
}

fn charge(context: &mut Context<'_>, layout: &str, text: &str) -> Result<(), Fault> {
    // Each element of a layout looks a few bytes ahead.
    context.charge(layout.len().saturating_add(text.len() / 16).saturating_add(1))
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
