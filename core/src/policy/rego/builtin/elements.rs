//! Operands whose elements have a type.

use super::{Fault, operand};
use crate::policy::rego::number::Number;
use crate::policy::rego::value::Value;

/// Elements of an array or a set, or the error that OPA has: `kinds` says which of both it names first.
pub(super) fn elements<'a>(
    args: &'a [Value],
    at: usize,
    kinds: &str,
) -> Result<&'a [Value], Fault> {
    let value = operand(args, at)?;
    value.as_elements().ok_or_else(|| Fault::operand(at, kinds, value))
}

/// An element of an operand is of another type than it must be.
pub(super) fn element(at: usize, all: &Value, got: &Value, want: &str) -> Fault {
    let (all, got) = (all.kind(), got.kind());
    Fault::operand_is(at, format!("must be {all} of {want}s but got {all} containing {got}"))
}

/// Texts of an array or a set.
pub(super) fn texts(args: &[Value], at: usize) -> Result<Vec<&str>, Fault> {
    let all = operand(args, at)?;
    let items = elements(args, at, "one of {array, set}")?;
    items.iter().map(|item| item.as_str().ok_or_else(|| element(at, all, item, "string"))).collect()
}

/// Operand `at` (from 1) as a number that is written without point or exponent and fits 64 bits.
pub(super) fn int(args: &[Value], at: usize) -> Result<i64, Fault> {
    let number = super::number(args, at)?;
    let int = number.to_i64().filter(|_| number.is_integer_text());
    int.ok_or_else(|| floating(at))
}

/// Operand `at` (from 1) as a whole number of any size.
pub(super) fn whole(args: &[Value], at: usize) -> Result<num_bigint::BigInt, Fault> {
    let value = operand(args, at)?;
    let number = value.as_number().ok_or_else(|| Fault::operand(at, "integer", value))?;
    Number::to_bigint(number).ok_or_else(|| floating(at))
}

fn floating(at: usize) -> Fault {
    Fault::operand_is(at, "must be integer number but got floating-point number")
}
