//! Patterns and schemas that stand in a policy as constants: compiled when it is loaded, and kept with it.

use std::sync::Arc;

use super::builtin::{Builtin, Cache, Context};
use super::value::Value;

/// What all of a policy's constants may take to compile; what is left over is compiled by the queries that need it.
const STEPS: u64 = 4_000_000;
const BYTES: u64 = 64 << 20;

/// The most constants.
const CONSTANTS: usize = 512;

/// A function, and the constant that it compiles.
pub(super) type Constant = (&'static Builtin, Value);

/// Which argument of a function is compiled.
pub(super) fn compiled_argument(name: &str) -> Option<usize> {
    Some(match name {
        "glob.match"
        | "re_match"
        | "regex.find_all_string_submatch_n"
        | "regex.find_n"
        | "regex.match"
        | "regex.split" => 0,
        "json.match_schema" | "regex.replace" => 1,
        _ => return None,
    })
}

/// The constants, compiled. What cannot be compiled is left to the query, which tells why.
pub(super) fn prepare(mut constants: Vec<Constant>) -> Arc<Cache> {
    constants.sort_by(|a, b| (a.0.name, &a.1).cmp(&(b.0.name, &b.1)));
    constants.dedup_by(|a, b| a.0.name == b.0.name && a.1 == b.1);
    let mut cache = Cache::default();
    let mut context = Context::new(0, 0, STEPS, BYTES, &mut cache);
    for (builtin, constant) in constants.into_iter().take(CONSTANTS) {
        let args = arguments(builtin.name, constant);
        // A pattern that is none is an error where it is used, not where it is kept.
        _ = (builtin.run)(&mut context, &args);
    }
    Arc::new(cache)
}

/// Arguments with which a function does no more than to compile its constant.
fn arguments(name: &str, constant: Value) -> Vec<Value> {
    let text = || Value::from("");
    match name {
        "glob.match" => vec![constant, Value::Null, text()],
        "json.match_schema" => vec![Value::object([]), constant],
        "regex.replace" => vec![text(), constant, text()],
        "regex.find_all_string_submatch_n" | "regex.find_n" => {
            vec![constant, text(), Value::int(1)]
        }
        _ => vec![constant, text()],
    }
}

#[cfg(test)]
#[path = "prepared_tests.rs"]
mod tests;
