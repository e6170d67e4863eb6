//! What the engine's own functions answer: tokens are signed and verified, and globs matched, by one rule for bundles and for policies.

use crate::policy::rego::{Dialect, Policy, Request, Value};

/// What an expression is for an input. Such a query has no rules: it is short, however large the input.
pub(super) fn ask(expression: &str, input: Value, seed: u64) -> Result<Value, String> {
    let policy = Policy::load(&[], Dialect::V1).map_err(|error| error.to_string())?;
    let query = policy.query(&format!("answer := {expression}"));
    let query = query.map_err(|error| error.to_string())?;
    let request = Request { input: Some(input), seed, strict: true, ..Request::default() };
    let ways = policy.run(&query, &request).map_err(|error| error.to_string())?;
    let bound = ways.into_iter().flatten().find(|(name, _)| name.as_ref() == "answer");
    bound.map(|(_, value)| value).ok_or_else(|| "has no answer".to_owned())
}
