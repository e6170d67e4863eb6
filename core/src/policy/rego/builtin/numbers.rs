//! Arithmetic and comparison: what the operators call.

use super::{Builtin, Context, Fault, number, operand};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("plus", 2, |_, args| Ok(Some(number(args, 1)?.add(number(args, 2)?)?.into()))),
    Builtin::new("minus", 2, minus),
    Builtin::new("mul", 2, |_, args| Ok(Some(number(args, 1)?.mul(number(args, 2)?)?.into()))),
    Builtin::new("div", 2, |_, args| Ok(Some(number(args, 1)?.div(number(args, 2)?)?.into()))),
    Builtin::new("rem", 2, |_, args| Ok(Some(number(args, 1)?.rem(number(args, 2)?)?.into()))),
    Builtin::new("abs", 1, |_, args| Ok(Some(number(args, 1)?.abs().into()))),
    Builtin::new("ceil", 1, |_, args| Ok(Some(number(args, 1)?.ceil().into()))),
    Builtin::new("floor", 1, |_, args| Ok(Some(number(args, 1)?.floor().into()))),
    Builtin::new("round", 1, |_, args| Ok(Some(number(args, 1)?.round().into()))),
    Builtin::new("equal", 2, |_, args| {
        Ok(Some(Value::Bool(operand(args, 1)? == operand(args, 2)?)))
    }),
    Builtin::new("neq", 2, |_, args| Ok(Some(Value::Bool(operand(args, 1)? != operand(args, 2)?)))),
    Builtin::new("lt", 2, |_, args| Ok(Some(Value::Bool(operand(args, 1)? < operand(args, 2)?)))),
    Builtin::new("lte", 2, |_, args| Ok(Some(Value::Bool(operand(args, 1)? <= operand(args, 2)?)))),
    Builtin::new("gt", 2, |_, args| Ok(Some(Value::Bool(operand(args, 1)? > operand(args, 2)?)))),
    Builtin::new("gte", 2, |_, args| Ok(Some(Value::Bool(operand(args, 1)? >= operand(args, 2)?)))),
];

/// A difference of numbers, or of sets.
fn minus(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    match (operand(args, 1)?, operand(args, 2)?) {
        (Value::Number(a), Value::Number(b)) => Ok(Some(a.sub(b)?.into())),
        (Value::Set(a), Value::Set(b)) => {
            context.charge(a.len())?;
            Ok(Some(Value::set(a.iter().filter(|item| !b.contains(item)).cloned())))
        }
        // OPA blames the second operand so, whatever the first is.
        (Value::Set(_), other @ Value::Number(_)) => Err(Fault::operand(2, "set", other)),
        (Value::Number(_) | Value::Set(_), other) => Err(Fault::operand(2, "number", other)),
        (other, _) => Err(Fault::operand(1, "one of {number, set}", other)),
    }
}

#[cfg(test)]
#[path = "numbers_tests.rs"]
mod tests;
