//! Texts: parts of them, what they begin with, contain and end with. Positions and lengths are in code points.

use super::elements::{element, elements, int, texts};
use super::{Builtin, Context, Fault, number, operand, string};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("concat", 2, concat),
    Builtin::new("contains", 2, |context, args| {
        both(context, args, |text, part| Value::Bool(text.contains(part)))
    }),
    Builtin::new("startswith", 2, |context, args| {
        both(context, args, |text, part| Value::Bool(text.starts_with(part)))
    }),
    Builtin::new("endswith", 2, |context, args| {
        both(context, args, |text, part| Value::Bool(text.ends_with(part)))
    }),
    Builtin::new("strings.any_prefix_match", 2, |context, args| {
        any(context, args, |text, part| text.starts_with(part))
    }),
    Builtin::new("strings.any_suffix_match", 2, |context, args| {
        any(context, args, |text, part| text.ends_with(part))
    }),
    Builtin::new("strings.count", 2, |context, args| {
        both(context, args, |text, part| match part {
            "" => (text.chars().count() + 1).into(),
            part => text.matches(part).count().into(),
        })
    }),
    Builtin::new("indexof", 2, |context, args| {
        let at = positions(context, args, 1)?.first().copied();
        Ok(Some(at.map_or_else(|| Value::int(-1), Value::from)))
    }),
    Builtin::new("indexof_n", 2, |context, args| {
        let found = positions(context, args, usize::MAX)?;
        Ok(Some(Value::array(found.into_iter().map(Value::from))))
    }),
    Builtin::new("substring", 3, substring),
    Builtin::new("format_int", 2, format_int),
];

/// What follows from two texts.
fn both(
    context: &mut Context<'_>,
    args: &[Value],
    answer: impl Fn(&str, &str) -> Value,
) -> Result<Option<Value>, Fault> {
    let (text, part) = (string(args, 1)?, string(args, 2)?);
    context.charge((text.len() + part.len()) / 16)?;
    Ok(Some(answer(text, part)))
}

fn concat(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let between = string(args, 1)?;
    let all = operand(args, 2)?;
    let items = elements(args, 2, "one of {set, array}")?;
    let mut parts = Vec::with_capacity(items.len());
    for item in items {
        parts.push(item.as_str().ok_or_else(|| element(2, all, item, "string"))?);
    }
    let length = parts.iter().map(|part| part.len().saturating_add(between.len())).sum::<usize>();
    context.charge(items.len().saturating_add(length / 16))?;
    context.allocate(length)?;
    Ok(Some(parts.join(between).into()))
}

/// Whether one of some texts has to do with one of others.
fn any(
    context: &mut Context<'_>,
    args: &[Value],
    holds: impl Fn(&str, &str) -> bool,
) -> Result<Option<Value>, Fault> {
    let (all, parts) = (one_or_many(args, 1)?, one_or_many(args, 2)?);
    context.charge(all.len().saturating_mul(parts.len()))?;
    let found = all.iter().any(|text| parts.iter().any(|part| holds(text, part)));
    Ok(Some(Value::Bool(found)))
}

fn one_or_many(args: &[Value], at: usize) -> Result<Vec<&str>, Fault> {
    match operand(args, at)? {
        Value::String(text) => Ok(vec![text]),
        Value::Array(_) | Value::Set(_) => texts(args, at),
        other => Err(Fault::operand(at, "one of {string, set, array}", other)),
    }
}

/// Where a part begins, as often as asked for; places overlap.
fn positions(context: &mut Context<'_>, args: &[Value], most: usize) -> Result<Vec<usize>, Fault> {
    let (text, part) = (string(args, 1)?, string(args, 2)?);
    if part.is_empty() {
        return Err(Fault::builtin("empty search character"));
    }
    context.charge(text.len().saturating_mul(part.len()) / 16 + text.len())?;
    let mut found = Vec::new();
    for (position, (at, _)) in text.char_indices().enumerate() {
        if found.len() < most && text.get(at..).is_some_and(|rest| rest.starts_with(part)) {
            context.allocate(32)?;
            found.push(position);
        }
    }
    Ok(found)
}

fn substring(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (text, start, length) = (string(args, 1)?, int(args, 2)?, int(args, 3)?);
    let start = usize::try_from(start).map_err(|_| Fault::builtin("negative offset"))?;
    // A length below zero is the whole rest.
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    context.charge(text.len() / 16)?;
    context.allocate(text.len())?;
    Ok(Some(text.chars().skip(start).take(length).collect::<String>().into()))
}

fn format_int(_: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (value, base) = (number(args, 1)?, number(args, 2)?);
    let base = match base.to_string().as_str() {
        "2" => 2,
        "8" => 8,
        "10" => 10,
        "16" => 16,
        _ => return Err(Fault::operand_is(2, "must be one of {2, 8, 10, 16}")),
    };
    let whole = if value.signum() < 0 { value.ceil() } else { value.floor() };
    Ok(Some(whole.to_bigint().unwrap_or_default().to_str_radix(base).into()))
}

#[cfg(test)]
#[path = "strings_tests.rs"]
mod tests;
