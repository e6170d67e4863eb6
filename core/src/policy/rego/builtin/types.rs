//! What kind of value it is, and what is taken for another kind.

use super::elements::elements;
use super::{Builtin, Context, Fault, operand};
use crate::policy::rego::number::Number;
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("is_number", 1, |_, args| is(args, "number")),
    Builtin::new("is_string", 1, |_, args| is(args, "string")),
    Builtin::new("is_boolean", 1, |_, args| is(args, "boolean")),
    Builtin::new("is_array", 1, |_, args| is(args, "array")),
    Builtin::new("is_set", 1, |_, args| is(args, "set")),
    Builtin::new("is_object", 1, |_, args| is(args, "object")),
    Builtin::new("is_null", 1, |_, args| is(args, "null")),
    Builtin::new("type_name", 1, |_, args| Ok(Some(operand(args, 1)?.kind().into()))),
    Builtin::new("to_number", 1, to_number),
    Builtin::new("cast_array", 1, |context, args| {
        let items = elements(args, 1, "one of {array, set}")?;
        context.charge(items.len())?;
        context.allocate(items.len().saturating_mul(24))?;
        Ok(Some(Value::array(items.iter().cloned())))
    }),
    Builtin::new("cast_set", 1, |context, args| {
        let items = elements(args, 1, "one of {array, set}")?;
        context.charge(items.len())?;
        context.allocate(items.len().saturating_mul(24))?;
        Ok(Some(Value::set(items.iter().cloned())))
    }),
    Builtin::new("cast_string", 1, |_, args| cast(args, "string")),
    Builtin::new("cast_boolean", 1, |_, args| cast(args, "boolean")),
    Builtin::new("cast_null", 1, |_, args| cast(args, "null")),
    Builtin::new("cast_object", 1, |_, args| cast(args, "object")),
];

fn is(args: &[Value], kind: &str) -> Result<Option<Value>, Fault> {
    Ok(Some(Value::Bool(operand(args, 1)?.kind() == kind)))
}

fn cast(args: &[Value], kind: &str) -> Result<Option<Value>, Fault> {
    let value = operand(args, 1)?;
    if value.kind() == kind { Ok(Some(value.clone())) } else { Err(Fault::operand(1, kind, value)) }
}

fn to_number(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let value = operand(args, 1)?;
    match value {
        Value::Null => Ok(Some(Value::int(0))),
        Value::Bool(value) => Ok(Some(Value::int(i64::from(*value)))),
        Value::Number(_) => Ok(Some(value.clone())),
        Value::String(text) => {
            context.charge(text.len() / 4)?;
            let word = text.trim_start_matches(['+', '-']).to_lowercase();
            if matches!(word.as_str(), "inf" | "infinity" | "nan") {
                return Err(Fault::operand(1, "valid number string", value));
            }
            Ok(Some(parse(text)?.into()))
        }
        other => Err(Fault::operand(1, "one of {null, boolean, number, string}", other)),
    }
}

/// A decimal number as Go reads it: also with a plus sign, zeros before it, and nothing on one side of the point.
fn parse(text: &str) -> Result<Number, Fault> {
    let wrong = |what: &str| {
        let quoted = super::gofmt::quote(text, '"', false);
        Fault::builtin(format!("strconv.ParseFloat: parsing {quoted}: {what}"))
    };
    let number = normal(text).and_then(|text| Some((text.parse::<f64>().ok()?, text)));
    let (float, normal) = number.ok_or_else(|| wrong("invalid syntax"))?;
    if float.is_infinite() {
        return Err(wrong("value out of range"));
    }
    Ok(Number::parse(&normal)?)
}

/// As JSON has it.
pub(super) fn normal(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let (plain, power) = match unsigned.find(['e', 'E']).map(|at| unsigned.split_at(at)) {
        Some((plain, power)) => (plain, power),
        None => (unsigned, ""),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = power.get(1..).map(|power| power.strip_prefix(['+', '-']).unwrap_or(power));
    let wrong = exponent.is_some_and(|exponent| exponent.is_empty() || !digits(exponent));
    if wrong || !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let stripped = whole.trim_start_matches('0');
    let whole = if stripped.is_empty() { "0" } else { stripped };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}{power}"))
}

#[cfg(test)]
#[path = "types_tests.rs"]
mod tests;
