//! Functions that reach outside of the engine: they have names, so that a `with` can replace them, and no answers.

use super::{Builtin, Context, Fault};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[Builtin::new("http.send", 1, refuse)];

/// Never called: the evaluator ends a query that comes to one of them.
fn refuse(_: &mut Context<'_>, _: &[Value]) -> Result<Option<Value>, Fault> {
    Err(Fault::builtin("reaches outside of the engine"))
}
