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
    check(text)?;
    Ok(text.split('.').map(Box::from).collect())
}

/// That a text is a location, of how many parts.
fn check(text: &str) -> Result<usize, Fault> {
    let is_name = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_control() || c.is_whitespace())
    };
    let count = text.split('.').count();
    if count > PARTS || !text.split('.').all(is_name) {
        let text = shown(text);
        return Err(Fault::new(format!(
            "`{text}` is no location: write `name` or `name.part`, of at most {PARTS} parts"
        )));
    }
    let root = text.split('.').next().unwrap_or_default();
    if RESERVED.contains(&root) || root.starts_with('_') {
        return Err(Fault::new(format!(
            "`{root}` is no variable's name: it is kept for what stands beside the variables"
        )));
    }
    Ok(count)
}

/// That a variable can have this name: it is a location without parts.
pub(in crate::kyc) fn variable(name: &str) -> Result<(), Fault> {
    match check(name)? {
        1 => Ok(()),
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

/// What the part `name` of a value is once it, or what the path leads to below it, is another value. Objects that are not there yet come to be;
/// items of arrays do not.
pub(super) fn placed(
    within: &Value,
    path: &[Box<str>],
    name: &str,
    value: Value,
    budget: &mut Budget,
) -> Result<Value, Fault> {
    budget.step(length(within.len()) / COPIED).map_err(spent)?;
    let Some((next, rest)) = path.split_first() else { return Ok(value) };
    let found = member(within, name).filter(|found| !matches!(found, Value::Null));
    let mut found = found.cloned().unwrap_or_else(|| Value::object([]));
    let inner = placed(&found, rest, next, value, budget)?;
    put(&mut found, next, inner)?;
    Ok(found)
}

/// Gives the part `name` of a value another value: in place, where nobody else holds the object.
pub(super) fn put(within: &mut Value, name: &str, value: Value) -> Result<(), Fault> {
    match within {
        Value::Object(members) => Arc::make_mut(members).put(name, value),
        Value::Array(items) => {
            let at = name.parse::<usize>().ok().filter(|at| *at < items.len());
            let at = at.ok_or_else(|| Fault::new(format!("the array has no item `{name}`")))?;
            let other = items
                .iter()
                .enumerate()
                .map(|(own, item)| if own == at { value.clone() } else { item.clone() });
            *within = Value::array(other);
        }
        other => return Err(Fault::new(format!("a {} has no part `{name}`", other.kind()))),
    }
    Ok(())
}
