//! Quotients and remainders of exact decimals.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{Pow as _, Signed as _, Zero as _};

use crate::value::{Number, NumberError};

/// The significant digits of a quotient: those of IEEE 754's decimal128.
pub(in crate::kyc) const PRECISION: i64 = 34;

/// The quotient: exact if it has at most 34 significant digits, else rounded to as many, a half to the even digit.
pub(in crate::kyc) fn divide(a: &Number, b: &Number) -> Result<Number, NumberError> {
    if b.signum() == 0 {
        return Err(NumberError::DivideByZero);
    }
    let ((top, top_exponent), (bottom, bottom_exponent)) = (a.decimal(), b.decimal());
    let negative = top.is_negative() != bottom.is_negative();
    let (top, bottom) = (top.abs(), bottom.abs());
    let mut exponent = top_exponent - bottom_exponent;
    // So far up that the whole quotient has 34 digits and up to two more, which are rounded away below.
    let shift = PRECISION + 1 - (digits(&top) - digits(&bottom));
    let (top, bottom) =
        if shift >= 0 { (top * ten(shift), bottom) } else { (top, bottom * ten(-shift)) };
    exponent -= shift;
    let (mut quotient, mut rest) = top.div_rem(&bottom);
    let excess = digits(&quotient) - PRECISION;
    if excess > 0 {
        let unit = ten(excess);
        let (kept, low) = quotient.div_rem(&unit);
        // All that was cut off, in units of the divisor, against half of what the last kept digit counts.
        rest += low * &bottom;
        let whole = unit * &bottom;
        let twice = rest * 2;
        quotient = if twice > whole || (twice == whole && kept.is_odd()) { kept + 1 } else { kept };
        exponent += excess;
    }
    if quotient.is_zero() {
        return Ok(Number::ZERO);
    }
    Number::from_decimal(if negative { -quotient } else { quotient }, exponent)
}

/// The remainder of a division toward zero: it has the sign of the dividend, and may have a fraction.
pub(in crate::kyc) fn remainder(a: &Number, b: &Number) -> Result<Number, NumberError> {
    if b.signum() == 0 {
        return Err(NumberError::ModuloByZero);
    }
    if a.to_i64().is_some() && b.to_i64().is_some() {
        return a.rem(b);
    }
    let ((top, top_exponent), (bottom, bottom_exponent)) = (a.decimal(), b.decimal());
    let exponent = top_exponent.min(bottom_exponent);
    let (top, bottom) =
        (top * ten(top_exponent - exponent), bottom * ten(bottom_exponent - exponent));
    Number::from_decimal(top % bottom, exponent)
}

/// The number without its fraction.
pub(in crate::kyc) fn truncated(number: &Number) -> Number {
    if number.signum() < 0 { number.ceil() } else { number.floor() }
}

/// How many decimal digits a positive whole number has; one for zero.
fn digits(number: &BigInt) -> i64 {
    i64::try_from(number.magnitude().to_string().len()).unwrap_or(i64::MAX)
}

/// 10 to a power that is not negative.
fn ten(power: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(power).unwrap_or(0))
}

/// The number as JavaScript writes it: plainly up to 21 digits before the point and six zeros after it, else with an exponent. All its digits
/// are written, where a double has 17 at most.
pub(in crate::kyc) fn plain(number: &Number) -> String {
    if let Some(small) = number.to_i64() {
        return small.to_string();
    }
    let (mantissa, exponent) = number.decimal();
    let sign = if mantissa.is_negative() { "-" } else { "" };
    let text = mantissa.magnitude().to_string();
    let digits = text.trim_end_matches('0');
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let kept = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    // Where the point stands among the digits.
    let point = length.saturating_add(exponent);
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    if (kept..=21).contains(&point) {
        return format!("{sign}{digits}{}", zeros(point - kept));
    }
    if (1..=21).contains(&point) {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        return format!("{sign}{whole}.{fraction}");
    }
    if (-5..=0).contains(&point) {
        return format!("{sign}0.{}{digits}", zeros(-point));
    }
    let (first, rest) = digits.split_at(digits.len().min(1));
    let dot = if rest.is_empty() { "" } else { "." };
    let power = point - 1;
    let mark = if power < 0 { '-' } else { '+' };
    format!("{sign}{first}{dot}{rest}e{mark}{}", power.abs())
}

#[cfg(test)]
#[path = "decimal_tests.rs"]
mod tests;
