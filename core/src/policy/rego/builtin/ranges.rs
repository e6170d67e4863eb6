//! Whole numbers in a row, and one drawn by a key.

use num_bigint::BigInt;
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};

use super::elements::{int, whole};
use super::{Builtin, Context, Fault, string};
use crate::policy::rego::number::Number;
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("numbers.range", 2, |context, args| {
        range(context, &whole(args, 1)?, &whole(args, 2)?, &BigInt::from(1))
    }),
    Builtin::new("numbers.range_step", 3, |context, args| {
        let (from, to, step) = (whole(args, 1)?, whole(args, 2)?, whole(args, 3)?);
        if !step.is_positive() {
            return Err(Fault::builtin("numbers.range_step: step must be a positive integer"));
        }
        range(context, &from, &to, &step)
    }),
    Builtin::new("rand.intn", 2, intn),
];

/// From one to another, both included, upwards or downwards.
fn range(
    context: &mut Context<'_>,
    from: &BigInt,
    to: &BigInt,
    step: &BigInt,
) -> Result<Option<Value>, Fault> {
    let steps: BigInt = (to - from).abs() / step;
    let count = steps.to_usize().unwrap_or(usize::MAX).saturating_add(1);
    context.charge(count)?;
    context.allocate(count.saturating_mul(24))?;
    let step = if to < from { -step } else { step.clone() };
    let mut next = from.clone();
    let mut items = Vec::with_capacity(count);
    for _ in 0..count {
        items.push(Value::Number(Number::from_bigint(next.clone())?));
        next += &step;
    }
    Ok(Some(Value::array(items)))
}

/// The same number for the same key and bound within a query.
fn intn(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (key, most) = (string(args, 1)?, int(args, 2)?.unsigned_abs());
    if most.is_zero() {
        return Ok(Some(Value::int(0)));
    }
    context.charge(key.len() / 16)?;
    let drawn = context.draw_for(&format!("rand.intn {key}-{most}"));
    Ok(Some(Value::Number(Number::from(drawn.checked_rem(most).unwrap_or(0)))))
}

#[cfg(test)]
#[path = "ranges_tests.rs"]
mod tests;
