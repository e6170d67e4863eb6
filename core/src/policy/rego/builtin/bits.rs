//! Bits of whole numbers of any size; those below zero are infinite ones to the left.

use num_bigint::BigInt;
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};

use super::elements::whole;
use super::{Builtin, Context, Fault};
use crate::policy::rego::number::{DIGITS, Number, NumberError};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("bits.or", 2, |_, args| answer(whole(args, 1)? | whole(args, 2)?)),
    Builtin::new("bits.and", 2, |_, args| answer(whole(args, 1)? & whole(args, 2)?)),
    Builtin::new("bits.xor", 2, |_, args| answer(whole(args, 1)? ^ whole(args, 2)?)),
    Builtin::new("bits.negate", 1, |_, args| answer(!whole(args, 1)?)),
    Builtin::new("bits.lsh", 2, left),
    Builtin::new("bits.rsh", 2, right),
];

fn answer(number: BigInt) -> Result<Option<Value>, Fault> {
    Ok(Some(Number::from_bigint(number)?.into()))
}

fn left(_: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (number, shift) = (whole(args, 1)?, shift(args)?);
    // A digit has less than four bits.
    let most = u64::try_from(DIGITS * 4).unwrap_or(u64::MAX);
    match shift.to_u64().filter(|shift| *shift <= most) {
        _ if number.is_zero() => answer(number),
        Some(shift) => answer(number << shift),
        None => Err(NumberError::Large.into()),
    }
}

fn right(_: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (number, shift) = (whole(args, 1)?, shift(args)?);
    match shift.to_u64() {
        Some(shift) => answer(number >> shift),
        None => answer(BigInt::from(if number.is_negative() { -1 } else { 0 })),
    }
}

fn shift(args: &[Value]) -> Result<BigInt, Fault> {
    let shift = whole(args, 2)?;
    if shift.is_negative() {
        let what = "must be an unsigned integer number but got a negative integer";
        return Err(Fault::operand_is(2, what));
    }
    Ok(shift)
}

#[cfg(test)]
#[path = "bits_tests.rs"]
mod tests;
