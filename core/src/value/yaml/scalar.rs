//! What plain scalars of YAML mean: the types that Go's `yaml.v2` and `yaml.v3` resolve, which are those of YAML 1.1 and nearly those of 1.2.

use std::num::IntErrorKind;

use super::super::Exhausted;
use super::super::number::Number;
use super::Rules;

/// A scalar by its type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scalar {
    /// Nothing.
    Null,
    /// A truth.
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// One that only 64 bits without a sign hold.
    Large(u64),
    /// Any other number, which Go reads as one of 64 bits with a point; also what is none.
    Float(f64),
    /// A text.
    Text,
}

/// The type of a plain scalar.
///
/// # Errors
///
/// It is a number of another base that 64 bits do not hold: what it is depends on Go's version.
pub(crate) fn resolve(text: &str, rules: Rules) -> Result<Scalar, Exhausted> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" if rules == Rules::Json => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" if rules == Rules::Json => {
            Scalar::Bool(false)
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        _ => match text.bytes().next() {
            Some(b'.') => float(text).map_or(Scalar::Text, Scalar::Float),
            Some(b'0'..=b'9' | b'+' | b'-') => number(&text.replace('_', ""))?,
            _ => Scalar::Text,
        },
    })
}

/// A number that begins with a digit or a sign: Go's `ParseInt` of base 0, else one with a point.
fn number(text: &str) -> Result<Scalar, Exhausted> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (base, digits) = match unsigned.get(..2) {
        Some("0x" | "0X") => (16, unsigned.get(2..)),
        Some("0b" | "0B") => (2, unsigned.get(2..)),
        Some("0o" | "0O") => (8, unsigned.get(2..)),
        Some(zero) if zero.starts_with('0') => (8, unsigned.get(1..)),
        _ => (10, Some(unsigned)),
    };
    let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let sign = if text.starts_with('-') { "-" } else { "" };
    let signed = digits.map(|digits| i64::from_str_radix(&format!("{sign}{digits}"), base));
    let large = digits.filter(|_| unsigned.len() == text.len());
    match (signed, large.map(|digits| u64::from_str_radix(digits, base))) {
        (Some(Ok(int)), _) => return Ok(Scalar::Int(int)),
        (_, Some(Ok(int))) => return Ok(Scalar::Large(int)),
        (Some(Err(error)), _) if base != 10 && float(text).is_none() => {
            let over = [IntErrorKind::PosOverflow, IntErrorKind::NegOverflow];
            if over.contains(error.kind()) {
                return Err(Exhausted::Unsupported);
            }
        }
        _ => {}
    }
    Ok(float(text).map_or(Scalar::Text, Scalar::Float))
}

/// A decimal number, which may lack digits on one side of its point; none if it is too large, as in Go.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (plain, power) = match unsigned.find(['e', 'E']) {
        Some(at) => unsigned.split_at_checked(at)?,
        None => (unsigned, "e0"),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let power = power.get(1..)?;
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let is_number = digits(whole) && digits(fraction) && digits(power);
    if !is_number || (whole.is_empty() && fraction.is_empty()) || power.is_empty() {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A number as Go's JSON writes it; none if it is none.
pub(super) fn json(number: f64) -> Option<Number> {
    if !number.is_finite() {
        return None;
    }
    let size = number.abs();
    let text = if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        if text.contains("e-") { text } else { text.replace('e', "e+") }
    } else {
        format!("{number}")
    };
    Number::parse(&text).ok()
}

/// As Go writes one of 32 bits, which is how keys are named.
pub(super) fn short(number: f64) -> Option<String> {
    // A number that 32 bits hold as it is: how others are rounded on the way decides nothing then.
    let text = format!("{number}");
    let is_short = number.is_finite() && text.len() <= 7 && !text.contains('e');
    let is_plain = number == 0.0 || (1e-4..1e6).contains(&number.abs());
    (is_short && is_plain).then_some(text)
}
