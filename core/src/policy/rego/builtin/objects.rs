//! Objects: keys taken out, left out, and joined.

use super::elements::element;
use super::{Builtin, Context, Fault, array, object, operand};
use crate::policy::rego::value::{Object, Value};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("object.get", 3, get),
    Builtin::new("object.keys", 1, |context, args| {
        let object = object(args, 1)?;
        room(context, object.len())?;
        Ok(Some(Value::set(object.keys().cloned())))
    }),
    Builtin::new("object.remove", 2, |context, args| {
        let (object, keys) = (object(args, 1)?, keys(args)?);
        room(context, object.len() + keys.len())?;
        let kept = object.iter().filter(|(key, _)| !keys.contains(key));
        Ok(Some(Value::object(kept.map(|(key, value)| (key.clone(), value.clone())))))
    }),
    Builtin::new("object.filter", 2, |context, args| {
        let (object, keys) = (object(args, 1)?, keys(args)?);
        room(context, object.len() + keys.len())?;
        let kept = object.iter().filter(|(key, _)| keys.contains(key));
        Ok(Some(Value::object(kept.map(|(key, value)| (key.clone(), value.clone())))))
    }),
    Builtin::new("object.union", 2, |context, args| {
        let (a, b) = (object(args, 1)?, object(args, 2)?);
        Ok(Some(merged(context, a, b)?))
    }),
    Builtin::new("object.union_n", 1, union_n),
];

fn room(context: &mut Context<'_>, pairs: usize) -> Result<(), Fault> {
    context.charge(pairs)?;
    context.allocate(pairs.saturating_mul(48))
}

/// The keys that an array or a set lists, or that an object has.
fn keys(args: &[Value]) -> Result<std::collections::BTreeSet<&Value>, Fault> {
    match operand(args, 2)? {
        Value::Array(items) => Ok(items.iter().collect()),
        Value::Set(items) => Ok(items.iter().collect()),
        Value::Object(object) => Ok(object.keys().collect()),
        other => Err(Fault::operand(2, "one of {object, set, array}", other)),
    }
}

/// The value at a key, or at a path of keys, or else what is given for it.
fn get(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let all = operand(args, 1)?;
    object(args, 1)?;
    let (key, other) = (operand(args, 2)?, operand(args, 3)?);
    let found = match key {
        Value::Array(path) => {
            context.charge(path.len())?;
            path.iter().try_fold(all, Value::get)
        }
        key => all.get(key),
    };
    Ok(Some(found.unwrap_or(other).clone()))
}

fn union_n(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let all = operand(args, 1)?;
    let items = array(args, 1)?;
    if let Some(other) = items.iter().rev().find(|item| item.as_object().is_none()) {
        return Err(element(1, all, other, "object"));
    }
    let mut union = Object::default();
    for item in items.iter().filter_map(Value::as_object) {
        if let Value::Object(joined) = merged(context, &union, item)? {
            union = Object::clone(&joined);
        }
    }
    Ok(Some(Value::Object(union.into())))
}

/// Both; where both have a key the second's value, or both joined where both are objects.
// INVARIANT: values nest no deeper than `DEPTH`, and so does this.
fn merged(context: &mut Context<'_>, a: &Object, b: &Object) -> Result<Value, Fault> {
    room(context, a.len() + b.len())?;
    let mut pairs = Vec::with_capacity(a.len() + b.len());
    pairs.extend(a.as_slice().iter().cloned());
    for (key, value) in b.iter() {
        let inner = a.get(key).and_then(Value::as_object).zip(value.as_object());
        let value = match inner {
            Some((a, b)) => merged(context, a, b)?,
            None => value.clone(),
        };
        pairs.push((key.clone(), value));
    }
    Ok(Value::object(pairs))
}

#[cfg(test)]
#[path = "objects_tests.rs"]
mod tests;
