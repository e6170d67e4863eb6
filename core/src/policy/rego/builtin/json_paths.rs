//! What is kept or left out of a document by paths.

use std::collections::BTreeMap;

use super::{Builtin, Context, Fault, object, operand};
use crate::policy::rego::value::{DEPTH, Value};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("json.filter", 2, |context, args| {
        object(args, 1)?;
        let paths = paths(context, args)?;
        Ok(Some(kept(context, operand(args, 1)?, &paths)?))
    }),
    Builtin::new("json.remove", 2, |context, args| {
        object(args, 1)?;
        let paths = paths(context, args)?;
        Ok(Some(without(context, operand(args, 1)?, &paths)?))
    }),
];

/// Paths by their first keys. One that ends is empty, and then none goes on.
#[derive(Debug, Default)]
struct Paths {
    next: BTreeMap<Value, Option<Self>>,
}

/// A path as an array of keys, or as text with a slash before each, as JSON pointers have it (RFC 6901), of which OPA does not insist
/// on the first.
pub(super) fn path(value: &Value) -> Result<Vec<Value>, Fault> {
    match value {
        Value::String(text) if text.is_empty() => Ok(Vec::new()),
        Value::String(text) => {
            let keys = text.trim_start_matches('/').split('/');
            Ok(keys.map(|key| Value::from(key.replace("~1", "/").replace("~0", "~"))).collect())
        }
        Value::Array(keys) => Ok(keys.to_vec()),
        other => {
            let kind = other.kind();
            let must =
                "must be one of {set, array} containing string paths or array of path segments";
            Err(Fault::operand_is(2, format!("{must} but got {kind}")))
        }
    }
}

fn paths(context: &mut Context<'_>, args: &[Value]) -> Result<Paths, Fault> {
    let items = super::elements::elements(args, 2, "one of {set, array}")?;
    let mut paths = Paths::default();
    for item in items {
        context.charge(1 + item.as_str().map_or(item.len(), |text| text.len() / 4))?;
        let keys = path(item)?;
        // No value nests deeper: what is beyond is nowhere.
        if keys.len() <= usize::try_from(DEPTH).unwrap_or(usize::MAX) {
            paths.add(keys);
        }
    }
    Ok(paths)
}

impl Paths {
    fn add(&mut self, mut keys: Vec<Value>) {
        let Some(last) = keys.pop() else {
            return;
        };
        let mut paths = self;
        for key in keys {
            match paths.next.entry(key).or_insert_with(|| Some(Self::default())) {
                Some(next) => paths = next,
                None => return,
            }
        }
        paths.next.insert(last, None);
    }

    fn get(&self, key: &Value) -> Option<&Option<Self>> {
        self.next.get(key)
    }
}

// INVARIANT: values nest no deeper than `DEPTH`, and so do this and the next.
fn kept(context: &mut Context<'_>, value: &Value, paths: &Paths) -> Result<Value, Fault> {
    context.charge(value.len())?;
    context.allocate(value.len().saturating_mul(24))?;
    let mut inner = |value: &Value, paths: &Option<Paths>| match paths {
        Some(paths) => kept(context, value, paths),
        None => Ok(value.clone()),
    };
    Ok(match value {
        Value::Object(object) => {
            let found =
                object.iter().filter_map(|(key, value)| Some((key, value, paths.get(key)?)));
            let pairs = found.map(|(key, value, paths)| Ok((key.clone(), inner(value, paths)?)));
            Value::object(pairs.collect::<Result<Vec<_>, Fault>>()?)
        }
        Value::Set(set) => {
            let found = set.iter().filter_map(|item| Some((item, paths.get(item)?)));
            let items = found.map(|(item, paths)| inner(item, paths));
            Value::set(items.collect::<Result<Vec<_>, Fault>>()?)
        }
        Value::Array(items) => {
            let found = indexed(items).filter_map(|(at, item)| Some((item, paths.get(&at)?)));
            let items = found.map(|(item, paths)| inner(item, paths));
            Value::array(items.collect::<Result<Vec<_>, Fault>>()?)
        }
        scalar => scalar.clone(),
    })
}

fn without(context: &mut Context<'_>, value: &Value, paths: &Paths) -> Result<Value, Fault> {
    context.charge(value.len())?;
    context.allocate(value.len().saturating_mul(24))?;
    let mut inner = |value: &Value, paths: Option<&Option<Paths>>| match paths {
        Some(None) => Ok(None),
        Some(Some(paths)) => without(context, value, paths).map(Some),
        None => Ok(Some(value.clone())),
    };
    Ok(match value {
        Value::Object(object) => {
            let mut pairs = Vec::with_capacity(object.len());
            for (key, value) in object.iter() {
                pairs.extend(inner(value, paths.get(key))?.map(|value| (key.clone(), value)));
            }
            Value::object(pairs)
        }
        Value::Set(set) => {
            let items = set.iter().filter_map(|item| inner(item, paths.get(item)).transpose());
            Value::set(items.collect::<Result<Vec<_>, Fault>>()?)
        }
        Value::Array(items) => {
            let items =
                indexed(items).filter_map(|(at, item)| inner(item, paths.get(&at)).transpose());
            Value::array(items.collect::<Result<Vec<_>, Fault>>()?)
        }
        scalar => scalar.clone(),
    })
}

/// Items with their positions as texts, as the keys of paths are.
fn indexed(items: &[Value]) -> impl Iterator<Item = (Value, &Value)> {
    items.iter().enumerate().map(|(at, item)| (Value::from(at.to_string()), item))
}

#[cfg(test)]
#[path = "json_paths_tests.rs"]
mod tests;
