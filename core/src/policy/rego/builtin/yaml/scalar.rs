//! What plain scalars mean: the types of YAML 1.1 that Go's `yaml.v2` resolves.

use num_bigint::BigInt;
use num_traits::Num as _;

use super::super::super::number::Number;
use super::super::super::value::Value;

/// The value of a plain scalar.
///
/// # Errors
///
/// JSON has no such number.
pub(super) fn resolve(text: &str) -> Result<Value, String> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            Value::Bool(true)
        }
        "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF"
        | ".nan" | ".NaN" | ".NAN" => return Err("json: unsupported value".to_owned()),
        _ => match number(text) {
            Some(number) => Value::Number(number),
            None => Value::string(text),
        },
    })
}

fn number(text: &str) -> Option<Number> {
    let first = text.bytes().next()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let radix = |digits: &str, radix: u32| {
        let whole = BigInt::from_str_radix(digits, radix).ok()?;
        let is_digits = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let whole = if sign.is_empty() { whole } else { -whole };
        Number::from_bigint(whole).ok().filter(|_| is_digits)
    };
    if let Some(digits) = digits.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = digits.strip_prefix("0b") {
        return radix(digits, 2);
    }
    if let Some(digits) = digits.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits && digits.len() > 1 && digits.starts_with('0') {
        return radix(digits, 8);
    }
    // `.5`, `5.` and `+5` are numbers of YAML and not of JSON.
    let (mantissa, power) = match digits.find(['e', 'E']) {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
    Number::parse(&format!("{sign}{whole}{fraction}{power}")).ok()
}
