//! What scalars mean, by the core schema of YAML 1.2.

use std::sync::Arc;

use saphyr_parser::{ScalarStyle, Tag};

use super::NodeKind;
use crate::value::{Number, NumberError};

/// What a scalar is.
///
/// # Errors
/// A number that is none to JSON, or that is another one to other readers; a tag that is not the scalar's, or is unknown.
pub(super) fn resolve(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
) -> Result<NodeKind, String> {
    let tag = tag.map(|tag| format!("{}{}", tag.handle, tag.suffix));
    let named = tag.as_deref().map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag));
    let wanted = match named {
        None if style == ScalarStyle::Plain => return plain(text),
        None | Some("str" | "!") => return Ok(NodeKind::Text(Arc::from(text))),
        Some(wanted) => wanted,
    };
    let found = plain(text)?;
    let fits = match found {
        NodeKind::Null => wanted == "null",
        NodeKind::Bool(_) => wanted == "bool",
        NodeKind::Number(ref number) => {
            wanted == "float" || (wanted == "int" && number.is_integer_text())
        }
        _ => false,
    };
    if fits {
        Ok(found)
    } else {
        Err(format!("a tag stands here that is not read: `{}`", short(wanted)))
    }
}

/// What a plain scalar is.
fn plain(text: &str) -> Result<NodeKind, String> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeKind::Null,
        "true" | "True" | "TRUE" => NodeKind::Bool(true),
        "false" | "False" | "FALSE" => NodeKind::Bool(false),
        _ => match number(text)? {
            Some(number) => NodeKind::Number(number),
            None => NodeKind::Text(Arc::from(text)),
        },
    })
}

/// The number that a plain scalar is, if it is one.
fn number(text: &str) -> Result<Option<Number>, String> {
    let (sign, unsigned) = match text.split_at_checked(1) {
        Some((sign @ ("+" | "-"), rest)) => (sign, rest),
        _ => ("", text),
    };
    if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&unsigned) {
        return Err(format!("`{text}` is no number of JSON: write it in quotes if it is a text"));
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        let digits =
            text.strip_prefix(prefix).filter(|digits| digits.chars().all(|c| c.is_digit(radix)));
        if let Some(digits) = digits.filter(|digits| !digits.is_empty()) {
            let number = u64::from_str_radix(digits, radix);
            let number = number.map_err(|_| too_large(text))?;
            return Ok(Some(Number::from(number)));
        }
    }
    let Some((whole, fraction, power)) = parts(unsigned) else { return Ok(None) };
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(format!(
            "`{}` is another number to some readers: write it without the zeros, or in quotes if it is a text",
            short(text)
        ));
    }
    let sign = if sign == "-" { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    match Number::parse(&format!("{sign}{whole}{point}{fraction}{power}")) {
        Ok(number) => Ok(Some(number)),
        Err(NumberError::Malformed) => Ok(None),
        Err(_) => Err(too_large(text)),
    }
}

fn too_large(text: &str) -> String {
    format!("the number `{}` is too large: write it in quotes if it is a text", short(text))
}

/// The digits before the point, those behind it, and the power with its `e`, of `[0-9]+(\.[0-9]*)?` or `\.[0-9]+`, with `[eE][-+]?[0-9]+`.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (plain, power) = text.split_at_checked(text.find(['e', 'E']).unwrap_or(text.len()))?;
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = power.get(1..).unwrap_or_default();
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let fits = power.is_empty() || (!exponent.is_empty() && digits(exponent));
    let some = !(whole.is_empty() && fraction.is_empty());
    (fits && some && digits(whole) && digits(fraction)).then_some((whole, fraction, power))
}

fn short(text: &str) -> String {
    text.chars().take(64).collect()
}
