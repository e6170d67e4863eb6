//! `json.patch`: edits of a document (RFC 6902), also of sets, whose elements are their own keys.

use super::json_paths::path;
use super::{Builtin, Context, Exhausted, Fault, array, operand};
use crate::policy::rego::value::{DEPTH, Object, Value};

pub(super) const ALL: &[Builtin] = &[Builtin::new("json.patch", 2, patch)];

/// Why there is no answer: the edits do not fit, which leaves it undefined, or the query is used up.
enum Stop {
    Unfit,
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

fn patch(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let edits = array(args, 2)?;
    // None once the whole document was removed.
    let mut document = Some(operand(args, 1)?.clone());
    for edit in edits {
        match apply(context, &mut document, edit) {
            Ok(()) => {}
            Err(Stop::Unfit) => return Ok(None),
            Err(Stop::Fault(fault)) => return Err(fault),
        }
    }
    Ok(document)
}

fn apply(
    context: &mut Context<'_>,
    document: &mut Option<Value>,
    edit: &Value,
) -> Result<(), Stop> {
    let edit = edit.as_object().ok_or(Stop::Unfit)?;
    let name = edit.get_str("op").and_then(Value::as_str).ok_or(Stop::Unfit)?;
    let path = at(edit, "path")?;
    let value = || edit.get_str("value").cloned().ok_or(Stop::Unfit);
    match name {
        "add" => insert(context, document, &path, value()?),
        "remove" => remove(context, document, &path),
        "replace" => {
            let value = value()?;
            remove(context, document, &path)?;
            insert(context, document, &path, value)
        }
        "move" => {
            let from = at(edit, "from")?;
            let value = find(document.as_ref(), &from)?.clone();
            remove(context, document, &from)?;
            insert(context, document, &path, value)
        }
        "copy" => {
            let value = find(document.as_ref(), &at(edit, "from")?)?.clone();
            insert(context, document, &path, value)
        }
        "test" if find(document.as_ref(), &path)? == &value()? => Ok(()),
        _ => Err(Stop::Unfit),
    }
}

fn at(edit: &Object, name: &str) -> Result<Vec<Value>, Stop> {
    path(edit.get_str(name).ok_or(Stop::Unfit)?).map_err(|_| Stop::Unfit)
}

fn find<'a>(document: Option<&'a Value>, path: &[Value]) -> Result<&'a Value, Stop> {
    path.iter().fold(document, |value, key| child(value?, key)).ok_or(Stop::Unfit)
}

fn child<'a>(value: &'a Value, key: &Value) -> Option<&'a Value> {
    match value {
        Value::Array(items) => items.get(index(items.len(), key)?),
        Value::Object(_) | Value::Set(_) => value.get(key),
        _ => None,
    }
}

/// A position in an array: a number, or its text without zeros before it; `-` is behind the last.
fn index(length: usize, key: &Value) -> Option<usize> {
    let number = match key {
        Value::Number(number) => number.to_i64().filter(|_| number.is_integer_text())?,
        Value::String(text) if text.as_ref() == "-" => return Some(length),
        Value::String(text) if text.as_ref() == "0" => 0,
        Value::String(text) if text.starts_with('0') => return None,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    usize::try_from(number).ok()
}

fn insert(
    context: &mut Context<'_>,
    document: &mut Option<Value>,
    path: &[Value],
    value: Value,
) -> Result<(), Stop> {
    let Some((last, parents)) = path.split_last() else {
        *document = Some(value);
        return Ok(());
    };
    change(context, document, parents, |all| match all {
        Value::Object(object) => Some(Value::Object(object.with(last.clone(), value).into())),
        Value::Set(set) if *last == value => Some(Value::set(set.iter().cloned().chain([value]))),
        Value::Array(items) => {
            let at = index(items.len(), last)?;
            let (before, after) = items.split_at_checked(at)?;
            let items = before.iter().cloned().chain([value]).chain(after.iter().cloned());
            Some(Value::array(items))
        }
        _ => None,
    })
}

fn remove(
    context: &mut Context<'_>,
    document: &mut Option<Value>,
    path: &[Value],
) -> Result<(), Stop> {
    let Some((last, parents)) = path.split_last() else {
        return document.take().map(|_| ()).ok_or(Stop::Unfit);
    };
    change(context, document, parents, |all| {
        child(all, last)?;
        match all {
            Value::Object(object) => {
                let others = object.iter().filter(|(key, _)| *key != last);
                Some(Value::object(others.map(|(key, value)| (key.clone(), value.clone()))))
            }
            Value::Set(set) => Some(Value::set(set.iter().filter(|item| *item != last).cloned())),
            Value::Array(items) => {
                let at = index(items.len(), last)?;
                let others = items.iter().enumerate().filter(|(position, _)| *position != at);
                Some(Value::array(others.map(|(_, item)| item.clone())))
            }
            _ => None,
        }
    })
}

/// Changes what is at a path, and with it everything around that.
fn change(
    context: &mut Context<'_>,
    document: &mut Option<Value>,
    path: &[Value],
    edit: impl FnOnce(&Value) -> Option<Value>,
) -> Result<(), Stop> {
    let mut around = Vec::new();
    let mut value = document.as_ref().ok_or(Stop::Unfit)?;
    for key in path {
        around.push((value, key));
        value = child(value, key).ok_or(Stop::Unfit)?;
    }
    let copied = around.iter().map(|(all, _)| all.len()).sum::<usize>().saturating_add(value.len());
    context.charge(copied)?;
    context.allocate(copied.saturating_mul(24))?;
    let mut changed = edit(value).ok_or(Stop::Unfit)?;
    while let Some((all, key)) = around.pop() {
        changed = match all {
            Value::Object(object) => Value::Object(object.with(key.clone(), changed).into()),
            Value::Set(set) => {
                let others = set.iter().filter(|item| *item != key).cloned();
                Value::set(others.chain([changed]))
            }
            Value::Array(items) => {
                let mut items = items.to_vec();
                let place = index(items.len(), key).and_then(|at| items.get_mut(at));
                *place.ok_or(Stop::Unfit)? = changed;
                Value::array(items)
            }
            _ => return Err(Stop::Unfit),
        };
    }
    if changed.depth() > DEPTH {
        return Err(Fault::Exhausted(Exhausted::Depth).into());
    }
    *document = Some(changed);
    Ok(())
}

#[cfg(test)]
#[path = "json_patch_tests.rs"]
mod tests;
