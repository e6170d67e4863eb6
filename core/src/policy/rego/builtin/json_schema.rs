//! `json.match_schema` and `json.verify_schema`.

use super::super::value::Value;
use super::{Builtin, Context, Exhausted, Fault, operand};
use crate::value::schema::{Schema, SchemaError, Violation};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("json.match_schema", 2, match_schema),
    Builtin::new("json.verify_schema", 1, verify_schema),
];

type Answer = Result<Option<Value>, Fault>;

/// Whether the document is as the schema has it, and what of it is not.
fn match_schema(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let document = document(context, operand(args, 1)?)?;
    let from = operand(args, 2)?;
    let text = match from {
        Value::String(text) => text.to_string(),
        other => other.to_json(),
    };
    context.charge(text.len() / 16)?;
    let schema = context.cached("json schema", &text, |context| compiled(context, from))?;
    let mut charge = |steps: usize| context.charge(steps).map_err(exhausted);
    let violations = schema.validate(&document, &mut charge).map_err(Fault::Exhausted)?;
    context
        .allocate(violations.iter().map(|it| it.field.len() + it.description.len() + 256).sum())?;
    let valid = Value::from(violations.is_empty());
    Ok(Some(Value::array([valid, Value::array(violations.iter().map(told))])))
}

/// Whether it is a schema, and if not why.
fn verify_schema(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let (valid, why) = match compiled(context, operand(args, 1)?) {
        Ok(_) => (true, Value::Null),
        Err(Fault::Builtin(why)) => (false, Value::from(format!("jsonschema: {why}"))),
        Err(fault) => return Err(fault),
    };
    Ok(Some(Value::array([Value::from(valid), why])))
}

fn compiled(context: &mut Context<'_>, from: &Value) -> Result<Schema, Fault> {
    let from = document(context, from)?;
    let mut charge = |steps: usize| {
        context.allocate(steps.saturating_mul(64)).map_err(exhausted)?;
        context.charge(steps.saturating_mul(8)).map_err(exhausted)
    };
    Schema::compile(&from, &mut charge).map_err(|error| match error {
        SchemaError::Invalid(what) => Fault::Builtin(what),
        SchemaError::Exhausted(what) => Fault::Exhausted(what),
    })
}

/// A document: JSON's text, or a value, in which sets are arrays and keys are texts.
fn document(context: &mut Context<'_>, from: &Value) -> Result<Value, Fault> {
    match from {
        Value::String(text) => {
            context.charge(text.len() / 4)?;
            context.allocate(text.len().saturating_mul(4))?;
            Value::from_json(text).map_err(|error| match error.into() {
                Fault::Builtin(_) => Fault::builtin("invalid JSON string"),
                limit => limit,
            })
        }
        Value::Object(_) | Value::Array(_) if is_json(from) => Ok(from.clone()),
        Value::Object(_) | Value::Array(_) => Ok(Value::from_json(&from.to_json())?),
        _ => Err(Fault::builtin("wrong type, expected string or object")),
    }
}

fn is_json(value: &Value) -> bool {
    match value {
        Value::Set(_) => false,
        Value::Array(items) => items.iter().all(is_json),
        Value::Object(members) => {
            members.iter().all(|(key, member)| key.as_str().is_some() && is_json(member))
        }
        _ => true,
    }
}

fn told(violation: &Violation) -> Value {
    let member = |name: &str, text: &str| (Value::string(name), Value::string(text));
    Value::object([
        member("desc", &violation.description),
        member("error", &violation.text()),
        member("field", &violation.field),
        member("type", violation.kind),
    ])
}

fn exhausted(fault: Fault) -> Exhausted {
    match fault {
        Fault::Exhausted(what) => what,
        Fault::Type(_) | Fault::Builtin(_) => Exhausted::Steps,
    }
}

#[cfg(test)]
#[path = "json_schema_tests.rs"]
mod tests;
