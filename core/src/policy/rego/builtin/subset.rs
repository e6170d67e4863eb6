//! `object.subset`: what is in an object, a set or an array.

use super::{Builtin, Context, Fault, operand};
use crate::policy::rego::value::{Object, Set, Value};

pub(super) const ALL: &[Builtin] = &[Builtin::new("object.subset", 2, subset)];

fn subset(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (all, part) = (operand(args, 1)?, operand(args, 2)?);
    let found = match (all, part) {
        (Value::Array(all), Value::Set(part)) => {
            context.charge(all.len())?;
            // Each that the array has, as often as it has it: as OPA counts.
            let found = all.iter().filter(|item| part.contains(item)).count();
            !all.is_empty() && found >= part.len()
        }
        _ => nested(context, all, part)?.ok_or_else(|| {
            let what = "both arguments object.subset must be of the same type or array and set";
            Fault::Type(what.to_owned())
        })?,
    };
    Ok(Some(Value::Bool(found)))
}

/// Whether one is in another of its kind; none if it is of another kind, or a scalar.
fn nested(context: &mut Context<'_>, all: &Value, part: &Value) -> Result<Option<bool>, Fault> {
    Ok(match (all, part) {
        (Value::Object(all), Value::Object(part)) => Some(of_object(context, all, part)?),
        (Value::Set(all), Value::Set(part)) => Some(of_set(context, all, part)?),
        (Value::Array(all), Value::Array(part)) => Some(of_array(context, all, part)?),
        _ => None,
    })
}

// INVARIANT: values nest no deeper than `DEPTH`, and so does this.
fn of_object(context: &mut Context<'_>, all: &Object, part: &Object) -> Result<bool, Fault> {
    context.charge(part.len())?;
    for (key, value) in part.iter() {
        let Some(found) = all.get(key) else {
            return Ok(false);
        };
        if found != value && nested(context, found, value)? != Some(true) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn of_set(context: &mut Context<'_>, all: &Set, part: &Set) -> Result<bool, Fault> {
    context.charge(part.len())?;
    Ok(part.iter().all(|item| all.contains(item)))
}

/// In a row.
fn of_array(context: &mut Context<'_>, all: &[Value], part: &[Value]) -> Result<bool, Fault> {
    context.charge(all.len().saturating_mul(part.len().max(1)))?;
    Ok(part.is_empty() || all.windows(part.len()).any(|row| row == part))
}

#[cfg(test)]
#[path = "subset_tests.rs"]
mod tests;
