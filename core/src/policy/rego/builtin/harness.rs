//! Calls of built-in functions in tests, as text.

use super::{Cache, Context, Fault, find};
use crate::policy::rego::value::Value;

/// What a function answers to a JSON array of arguments, as Rego's text, or why not: `type: …`, `error: …`, `exhausted: …`, `undefined`. An array that
/// begins with `"§"` is a set.
pub(super) fn call(name: &str, args: &str) -> String {
    let args = value(args);
    let builtin = find(name).unwrap_or_else(|| panic!("{name}"));
    let mut cache = Cache::default();
    let mut context = Context::new(0, 7, 1 << 24, 1 << 28, &mut cache);
    match (builtin.run)(&mut context, args.as_array().unwrap()) {
        Ok(Some(answer)) => answer.to_string(),
        Ok(None) => "undefined".to_owned(),
        Err(Fault::Type(what)) => format!("type: {what}"),
        Err(Fault::Builtin(what)) => format!("error: {what}"),
        Err(Fault::Exhausted(what)) => format!("exhausted: {what}"),
    }
}

/// Fails for each call of a table that answers something else.
pub(super) fn check(name: &str, table: &[(&str, &str)]) {
    for (args, answer) in table {
        assert_eq!(call(name, args), *answer, "{name}{args}");
    }
}

/// A value of JSON's text with sets.
pub(super) fn value(json: &str) -> Value {
    sets(&Value::from_json(json).unwrap_or_else(|error| panic!("{json}: {error}")))
}

fn sets(value: &Value) -> Value {
    match value {
        Value::Array(items) => match items.split_first() {
            Some((mark, rest)) if mark.as_str() == Some("§") => Value::set(rest.iter().map(sets)),
            _ => Value::array(items.iter().map(sets)),
        },
        Value::Object(pairs) => {
            Value::object(pairs.iter().map(|(key, value)| (key.clone(), sets(value))))
        }
        scalar => scalar.clone(),
    }
}
