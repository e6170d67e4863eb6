//! Amounts with units: `10Gi`, `500m`, `1.5MB`.

use num_bigint::BigInt;

use super::{Builtin, Context, Fault, string, types};
use crate::policy::rego::number::Number;
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] =
    &[Builtin::new("units.parse", 1, units), Builtin::new("units.parse_bytes", 1, bytes)];

/// Digits of an exponent.
const EXPONENT: usize = 6;
/// Decimal places of an amount that is not whole.
const PLACES: u32 = 10;

/// Of Kubernetes' resources: `m` is a thousandth and `M` a million.
fn units(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let raw = string(args, 1)?;
    context.charge(raw.len())?;
    let text = raw.replace('"', "");
    let wrong = |what: &str| Fault::builtin(format!("units.parse: {what}"));
    let (number, unit) = split(&text, "units.parse", "no amount provided")?;
    let mut letters = unit.chars();
    let unit =
        letters.next().map(String::from).unwrap_or_default() + &letters.as_str().to_lowercase();
    let (mantissa, exponent) = match unit.as_str() {
        "m" => (1, -3),
        "" => (1, 0),
        "k" | "K" => (1, 3),
        "M" => (1, 6),
        "g" | "G" => (1, 9),
        "t" | "T" => (1, 12),
        "p" | "P" => (1, 15),
        "e" | "E" => (1, 18),
        "ki" | "Ki" => (1_u64 << 10, 0),
        "mi" | "Mi" => (1 << 20, 0),
        "gi" | "Gi" => (1 << 30, 0),
        "ti" | "Ti" => (1 << 40, 0),
        "pi" | "Pi" => (1 << 50, 0),
        "ei" | "Ei" => (1 << 60, 0),
        other => return Err(wrong(&format!("unit {other} not recognized"))),
    };
    let number =
        types::normal(number).ok_or_else(|| wrong("could not parse amount to a number"))?;
    let factor = Number::from_decimal(BigInt::from(mantissa), exponent)?;
    Ok(Some(rounded(&Number::parse(&number)?.mul(&factor)?)?.into()))
}

/// To ten places, a half away from zero.
fn rounded(number: &Number) -> Result<Number, Fault> {
    let scale = Number::from(10_i64.pow(PLACES));
    let (mantissa, exponent) = number.mul(&scale)?.round().decimal();
    Ok(Number::from_decimal(mantissa, exponent - i64::from(PLACES))?)
}

/// Of files, in either case of letters: the whole part.
fn bytes(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let raw = string(args, 1)?;
    context.charge(raw.len())?;
    let text = raw.to_lowercase().replace('"', "");
    let wrong = |what: &str| Fault::builtin(format!("units.parse_bytes: {what}"));
    let (number, unit) = split(&text, "units.parse_bytes", "no byte amount provided")?;
    let factor: u64 = match unit {
        "" => 1,
        "kb" | "k" => 1_000,
        "mb" | "m" => 1_000_000,
        "gb" | "g" => 1_000_000_000,
        "tb" | "t" => 1_000_000_000_000,
        "pb" | "p" => 1_000_000_000_000_000,
        "eb" | "e" => 1_000_000_000_000_000_000,
        "kib" | "ki" => 1 << 10,
        "mib" | "mi" => 1 << 20,
        "gib" | "gi" => 1 << 30,
        "tib" | "ti" => 1 << 40,
        "pib" | "pi" => 1 << 50,
        "eib" | "ei" => 1 << 60,
        other => return Err(wrong(&format!("byte unit {other} not recognized"))),
    };
    let number =
        types::normal(number).ok_or_else(|| wrong("could not parse byte amount to a number"))?;
    let total = Number::parse(&number)?.mul(&Number::from(factor))?;
    Ok(Some(if total.signum() < 0 { total.ceil() } else { total.floor() }.into()))
}

/// The number and its unit.
fn split<'a>(text: &'a str, name: &str, none: &str) -> Result<(&'a str, &'a str), Fault> {
    let wrong = |what: &str| Fault::builtin(format!("{name}: {what}"));
    if text.contains(' ') {
        return Err(wrong("spaces not allowed in resource strings"));
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' | b'.' | b'+' | b'-' => {}
            b'e' | b'E' => {
                // An exponent, if a number follows, else the unit.
                match bytes.get(at + 1) {
                    Some(b'0'..=b'9') => {}
                    Some(b'+' | b'-') => at += 1,
                    _ => break,
                }
                let digits = bytes.get(at + 1..).unwrap_or_default();
                if digits.iter().take_while(|byte| byte.is_ascii_digit()).count() > EXPONENT {
                    return Err(wrong("exponent too large"));
                }
            }
            _ => break,
        }
        at += 1;
    }
    match text.split_at_checked(at) {
        Some((number, unit)) if !number.is_empty() => Ok((number, unit)),
        _ => Err(wrong(none)),
    }
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
