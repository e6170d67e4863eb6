//! One value of the elements of a collection.

use super::elements::{element, elements};
use super::{Builtin, Context, Fault, operand};
use crate::policy::rego::number::{Number, NumberError};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("count", 1, count),
    Builtin::new("sum", 1, |context, args| total(context, args, 0, Number::add)),
    Builtin::new("product", 1, |context, args| total(context, args, 1, Number::mul)),
    Builtin::new("max", 1, |context, args| {
        // Of equal ones the last, here as below.
        Ok(counted(context, args, "one of {set, array}")?.iter().max().cloned())
    }),
    Builtin::new("min", 1, |context, args| {
        Ok(counted(context, args, "one of {set, array}")?.iter().rev().min().cloned())
    }),
    Builtin::new("sort", 1, sort),
    Builtin::new("all", 1, |context, args| {
        let mut items = counted(context, args, "one of {array, set}")?.iter();
        Ok(Some(Value::Bool(items.all(|item| item.as_bool() == Some(true)))))
    }),
    Builtin::new("any", 1, |context, args| {
        let mut items = counted(context, args, "one of {array, set}")?.iter();
        Ok(Some(Value::Bool(items.any(|item| item.as_bool() == Some(true)))))
    }),
    Builtin::new("internal.member_2", 2, member),
    Builtin::new("internal.member_3", 3, member_at),
];

fn count(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    match operand(args, 1)? {
        Value::String(text) => {
            context.charge(text.len() / 16)?;
            Ok(Some(text.chars().count().into()))
        }
        all @ (Value::Array(_) | Value::Object(_) | Value::Set(_)) => Ok(Some(all.len().into())),
        other => Err(Fault::operand(1, "one of {array, object, set, string}", other)),
    }
}

fn total(
    context: &mut Context<'_>,
    args: &[Value],
    start: i64,
    join: fn(&Number, &Number) -> Result<Number, NumberError>,
) -> Result<Option<Value>, Fault> {
    let all = operand(args, 1)?;
    let items = counted(context, args, "one of {set, array}")?;
    let mut total = Number::from(start);
    for item in items {
        let number = item.as_number().ok_or_else(|| element(1, all, item, "number"))?;
        // What is no integer may have many digits on both sides of the point.
        context.charge(if number.is_integer_text() { 0 } else { 64 })?;
        total = join(&total, number)?;
    }
    Ok(Some(total.into()))
}

fn sort(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let mut items = counted(context, args, "one of {set, array}")?.to_vec();
    context.charge(items.len().saturating_mul(8))?;
    context.allocate(items.len().saturating_mul(24))?;
    items.sort();
    Ok(Some(Value::array(items)))
}

/// Elements that are all looked at.
fn counted<'a>(
    context: &mut Context<'_>,
    args: &'a [Value],
    kinds: &str,
) -> Result<&'a [Value], Fault> {
    let items = elements(args, 1, kinds)?;
    context.charge(items.len())?;
    Ok(items)
}

/// Whether a value is among those of a collection; in what is none, there is nothing.
fn member(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (value, all) = (operand(args, 1)?, operand(args, 2)?);
    let found = match all {
        Value::Set(set) => set.contains(value),
        Value::Array(items) => {
            context.charge(items.len())?;
            items.contains(value)
        }
        Value::Object(object) => {
            context.charge(object.len())?;
            object.values().any(|other| other == value)
        }
        _ => false,
    };
    Ok(Some(Value::Bool(found)))
}

/// Whether a value is at a key.
fn member_at(_: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (key, value, all) = (operand(args, 1)?, operand(args, 2)?, operand(args, 3)?);
    Ok(Some(Value::Bool(all.get(key).is_some_and(|found| found == value))))
}

#[cfg(test)]
#[path = "aggregates_tests.rs"]
mod tests;
