//! Typed rules, field by field.

use std::collections::BTreeMap;

use super::values::{both, pointer, walk};
use super::{Change, ENTRIES, Listed, TypedChange, shown};
use crate::policy::rego::Value;
use crate::policy::snapshot::Snapshot;

/// What changes in the programs of two bundles.
pub(super) fn changes(before: &Snapshot, after: &Snapshot) -> Listed<TypedChange> {
    let mut listed = Listed::default();
    for (path, old, new) in both(&programs(before), &programs(after)) {
        let mut add = |keys: &[String], change, before: Option<&Value>, after: Option<&Value>| {
            listed.add(ENTRIES, || {
                let key = |at: usize| keys.get(at).cloned().unwrap_or_default();
                TypedChange {
                    path: path.clone(),
                    part: key(0),
                    name: key(1),
                    field: pointer(keys.get(2..).unwrap_or_default()),
                    change,
                    before: before.map(shown),
                    after: after.map(shown),
                }
            });
        };
        match (old, new) {
            (Some(old), Some(new)) => {
                walk(&keyed(old), &keyed(new), &mut add);
                let (was, is) = (order(old, new), order(new, old));
                if was != is {
                    let part = ["rules".to_owned()];
                    add(&part, Change::Changed, Some(&Value::array(was)), Some(&Value::array(is)));
                }
            }
            (Some(old), None) => add(&[], Change::Removed, Some(old), None),
            (None, Some(new)) => add(&[], Change::Added, None, Some(new)),
            (None, None) => {}
        }
    }
    listed
}

/// The definitions by their programs' paths.
fn programs(snapshot: &Snapshot) -> BTreeMap<String, Value> {
    let typed = snapshot.typed().iter();
    let programs = typed.map(|typed| {
        let document = snapshot.contents().get(typed.file()).and_then(|file| file.value.clone());
        (typed.path(), document.unwrap_or(Value::Null))
    });
    programs.collect()
}

/// A definition in which rules and tables are found by their names, and what has no order is a set.
fn keyed(definition: &Value) -> Value {
    let Some(parts) = definition.as_object() else { return definition.clone() };
    let part = |(key, value): (&Value, &Value)| {
        let value = match key.as_str() {
            Some("rules") => by("id", value),
            Some("lists") => each(value, set),
            Some("roles") => each(value, |role| each(role, set)),
            Some("thresholds") => each(value, |jurisdiction| {
                let Some(fields) = jurisdiction.as_object() else { return texts(jurisdiction) };
                let field = |(key, value): (&Value, &Value)| {
                    let is_tables = key.as_str() == Some("tables");
                    (key.clone(), if is_tables { by("from", value) } else { texts(value) })
                };
                Value::object(fields.iter().map(field))
            }),
            _ => texts(value),
        };
        (key.clone(), value)
    };
    Value::object(parts.iter().map(part))
}

/// The items of a list by the text that names each.
fn by(name: &str, list: &Value) -> Value {
    let items = list.as_array().unwrap_or_default().iter();
    let items = items.map(|item| (item.get_str(name).cloned().unwrap_or(Value::Null), texts(item)));
    Value::object(items)
}

/// An object of what its values become.
fn each(value: &Value, make: impl Fn(&Value) -> Value) -> Value {
    match value.as_object() {
        Some(fields) => Value::object(fields.iter().map(|(key, value)| (key.clone(), make(value)))),
        None => texts(value),
    }
}

/// A list whose order means nothing.
fn set(value: &Value) -> Value {
    value.as_array().map_or_else(|| texts(value), |items| Value::set(items.iter().cloned()))
}

/// The same with texts for whole numbers, which mean the same in a definition.
fn texts(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.to_string()),
        Value::Array(items) => Value::array(items.iter().map(texts)),
        Value::Object(_) => each(value, texts),
        other => other.clone(),
    }
}

/// The ids of the rules that stand in the other definition, too, in their order.
fn order(own: &Value, other: &Value) -> Vec<Value> {
    let ids = |definition: &Value| {
        let rules = definition.get_str("rules").and_then(Value::as_array).unwrap_or_default();
        rules.iter().filter_map(|rule| rule.get_str("id").cloned()).collect::<Vec<_>>()
    };
    let others = Value::set(ids(other));
    let shared = |id: &Value| others.as_set().is_some_and(|others| others.contains(id));
    ids(own).into_iter().filter(shared).collect()
}
