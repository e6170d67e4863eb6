//! Objects: keys taken out, left out, and joined.

use std::collections::BTreeMap;

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
        union(context, [object(args, 1)?, object(args, 2)?])
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
    union(context, items.iter().filter_map(Value::as_object))
}

/// Values that become one.
enum Joined<'a> {
    /// One as it was given.
    Whole(&'a Value),
    /// Objects, by their keys.
    Several(BTreeMap<&'a Value, Joined<'a>>),
}

/// All of them; where several have a key the last one's value, or all joined as long as they are objects.
fn union<'a>(
    context: &mut Context<'_>,
    objects: impl IntoIterator<Item = &'a Object>,
) -> Result<Option<Value>, Fault> {
    let mut pairs = BTreeMap::new();
    for object in objects {
        join(context, &mut pairs, object)?;
    }
    Ok(Some(Joined::Several(pairs).value()))
}

/// Adds an object, whose pairs are charged here and nowhere else.
// INVARIANT: values nest no deeper than `DEPTH`, and so does this.
fn join<'a>(
    context: &mut Context<'_>,
    pairs: &mut BTreeMap<&'a Value, Joined<'a>>,
    object: &'a Object,
) -> Result<(), Fault> {
    room(context, object.len())?;
    for (key, value) in object.iter() {
        let joined = pairs.entry(key).or_insert(Joined::Whole(value));
        let Some(inner) = value.as_object() else {
            *joined = Joined::Whole(value);
            continue;
        };
        match joined {
            Joined::Whole(before) if std::ptr::eq(*before, value) => {}
            Joined::Whole(before) => match before.as_object() {
                Some(before) => {
                    let mut both = BTreeMap::new();
                    join(context, &mut both, before)?;
                    join(context, &mut both, inner)?;
                    *joined = Joined::Several(both);
                }
                None => *joined = Joined::Whole(value),
            },
            Joined::Several(pairs) => join(context, pairs, inner)?,
        }
    }
    Ok(())
}

impl Joined<'_> {
    fn value(self) -> Value {
        match self {
            Self::Whole(value) => value.clone(),
            Self::Several(pairs) => {
                Value::object(pairs.into_iter().map(|(key, value)| (key.clone(), value.value())))
            }
        }
    }
}

#[cfg(test)]
#[path = "objects_tests.rs"]
mod tests;
