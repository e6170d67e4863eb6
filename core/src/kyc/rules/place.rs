//! Where values are kept: names of variables, parts of values, and values with other parts.

use std::sync::Arc;

use super::{RESERVED, shown, spent};
use crate::kyc::chart::Fault;
use crate::kyc::logic::Budget;
use crate::value::{Value, length};

/// The most parts of a location.
const PARTS: usize = 16;
/// How many parts of a value are copied in a step of the budget.
const COPIED: u64 = 4;

/// The names of a location.
pub(super) fn location(text: &str) -> Result<Vec<Box<str>>, Fault> {
    let is_name = |part: &&str| {
        !part.is_empty() && !part.contains(|c: char| c.is_control() || c.is_whitespace())
    };
    let parts: Vec<Box<str>> =
        text.split('.').take(PARTS + 1).filter(is_name).map(Box::from).collect();
    if parts.len() != text.split('.').count() || parts.len() > PARTS {
        let text = shown(text);
        return Err(Fault::new(format!(
            "`{text}` is no location: write `name` or `name.part`, of at most {PARTS} parts"
        )));
    }
    let root = parts.first().map_or("", |root| &**root);
    if RESERVED.contains(&root) || root.starts_with('_') {
        return Err(Fault::new(format!(
            "`{root}` is no variable's name: it is kept for what stands beside the variables"
        )));
    }
    Ok(parts)
}

/// That a variable can have this name: it is a location without parts.
pub(in crate::kyc) fn variable(name: &str) -> Result<(), Fault> {
    match &*location(name)? {
        [_] => Ok(()),
        _ => Err(Fault::new(format!(
            "`{}` is no variable's name: leave out the dots, or hold an object",
            shown(name)
        ))),
    }
}

/// A part of a value: an object's member, or an item of an array.
pub(super) fn member<'a>(value: &'a Value, part: &str) -> Option<&'a Value> {
    match value {
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        other => other.get_str(part),
    }
}

/// A value whose part `name`, and below it the path, is another. Objects that are not there yet come to be; items of arrays do not.
pub(super) fn placed(
    within: &Value,
    path: &[Box<str>],
    name: &str,
    value: Value,
    budget: &mut Budget,
) -> Result<Value, Fault> {
    budget.step(length(within.len()) / COPIED).map_err(spent)?;
    let inner = match path.split_first() {
        None => value,
        Some((next, rest)) => {
            let none = Value::object([]);
            let found = member(within, name).filter(|found| !matches!(found, Value::Null));
            placed(found.unwrap_or(&none), rest, next, value, budget)?
        }
    };
    match within {
        Value::Object(members) => {
            Ok(Value::Object(Arc::new(members.with(Value::from(name), inner))))
        }
        Value::Array(items) => {
            let at = name.parse::<usize>().ok().filter(|at| *at < items.len());
            let at = at.ok_or_else(|| Fault::new(format!("the array has no item `{name}`")))?;
            let other = items
                .iter()
                .enumerate()
                .map(|(own, item)| if own == at { inner.clone() } else { item.clone() });
            Ok(Value::array(other))
        }
        other => Err(Fault::new(format!("a {} has no part `{name}`", other.kind()))),
    }
}
