//! JSON's text of values, and values of it.

use super::{Builtin, Context, Fault, json_error, object, operand, string};
use crate::policy::rego::json::JsonError;
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("json.marshal", 1, |context, args| marshal(context, operand(args, 1)?)),
    Builtin::new("json.marshal_with_options", 2, with_options),
    Builtin::new("json.unmarshal", 1, |context, args| {
        let text = read(context, string(args, 1)?)?;
        let wrong = |error: JsonError| match error.into() {
            Fault::Builtin(error) => Fault::Builtin(json_error::explain(text).unwrap_or(error)),
            limit => limit,
        };
        Ok(Some(Value::from_json(text).map_err(wrong)?))
    }),
    Builtin::new("json.is_valid", 1, |context, args| match operand(args, 1)?.as_str() {
        Some(text) => match Value::from_json(read(context, text)?).map_err(Fault::from) {
            Ok(_) => Ok(Some(Value::Bool(true))),
            // What nests too deep, or has too large a number, is JSON all the same, unless something else is wrong.
            Err(Fault::Exhausted(what)) if json_error::explain(text).is_none() => Err(what.into()),
            Err(_) => Ok(Some(Value::Bool(false))),
        },
        None => Ok(Some(Value::Bool(false))),
    }),
];

fn read<'a>(context: &mut Context<'_>, text: &'a str) -> Result<&'a str, Fault> {
    context.charge(text.len() / 4)?;
    context.allocate(text.len().saturating_mul(8))?;
    Ok(text)
}

fn marshal(context: &mut Context<'_>, value: &Value) -> Result<Option<Value>, Fault> {
    let size = size(context, value)?;
    context.allocate(size)?;
    Ok(Some(value.to_html_safe_json().into()))
}

/// About how many bytes a value's text takes; looking at it costs steps.
// INVARIANT: values nest no deeper than `DEPTH`, and so does this.
pub(super) fn size(context: &mut Context<'_>, value: &Value) -> Result<usize, Fault> {
    context.charge(1 + value.len())?;
    let mut total: usize = 4;
    match value {
        Value::String(text) => {
            context.charge(text.len() / 16)?;
            total = total.saturating_add(text.len());
        }
        Value::Array(_) | Value::Set(_) => {
            for item in value.as_elements().unwrap_or_default() {
                total = total.saturating_add(size(context, item)?);
            }
        }
        Value::Object(object) => {
            for (key, value) in object.iter() {
                let pair = size(context, key)?.saturating_add(size(context, value)?);
                total = total.saturating_add(pair);
            }
        }
        Value::Number(_) => total = 16,
        _ => {}
    }
    Ok(total)
}

/// How a text is laid out.
struct Layout<'a> {
    prefix: &'a str,
    indent: &'a str,
}

fn with_options(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let value = operand(args, 1)?;
    let mut layout = Layout { prefix: "", indent: "\t" };
    let (mut asked, mut implied) = (None, false);
    for (position, (key, value)) in object(args, 2)?.iter().enumerate() {
        let text = |value: &Value| match value.as_str() {
            Some(_) => String::new(),
            None => format!("operand {position} must be string but got {}", value.kind()),
        };
        let name = key.as_str().ok_or_else(|| {
            let what = format!("failed to stringify key {key} at index {position}");
            Fault::operand_is(2, format!("{what}: {}", text(key)))
        })?;
        let cast =
            || Fault::operand_is(2, format!("key {key} failed cast to string: {}", text(value)));
        match name {
            "prefix" => layout.prefix = value.as_str().ok_or_else(cast)?,
            "indent" => layout.indent = value.as_str().ok_or_else(cast)?,
            "pretty" => {
                let bool = || Fault::operand_is(2, format!("key {key} failed cast to bool"));
                asked = Some(value.as_bool().ok_or_else(bool)?);
            }
            _ => {
                let what = format!("object contained unknown key {key}");
                return Err(Fault::operand_is(2, what));
            }
        }
        implied |= name != "pretty";
    }
    if !asked.unwrap_or(implied) {
        return marshal(context, value);
    }
    let size = size(context, value)?;
    context.allocate(size)?;
    let mut text = layout.prefix.to_owned();
    layout.write(context, value, 0, &mut text)?;
    Ok(Some(text.into()))
}

impl Layout<'_> {
    // INVARIANT: values nest no deeper than `DEPTH`, and so does this.
    fn write(
        &self,
        context: &mut Context<'_>,
        value: &Value,
        depth: usize,
        out: &mut String,
    ) -> Result<(), Fault> {
        match value {
            Value::Array(_) | Value::Set(_) if !value.is_empty() => {
                for (position, item) in value.as_elements().unwrap_or_default().iter().enumerate() {
                    out.push(if position == 0 { '[' } else { ',' });
                    self.line(context, depth + 1, out)?;
                    self.write(context, item, depth + 1, out)?;
                }
                self.line(context, depth, out)?;
                out.push(']');
            }
            Value::Object(object) if !object.is_empty() => {
                for (position, (key, value)) in object.iter().enumerate() {
                    out.push(if position == 0 { '{' } else { ',' });
                    self.line(context, depth + 1, out)?;
                    let key =
                        key.as_str().map_or_else(|| key.to_html_safe_json().into(), Value::from);
                    out.push_str(&key.to_html_safe_json());
                    out.push_str(": ");
                    self.write(context, value, depth + 1, out)?;
                }
                self.line(context, depth, out)?;
                out.push('}');
            }
            other => out.push_str(&other.to_html_safe_json()),
        }
        Ok(())
    }

    fn line(&self, context: &mut Context<'_>, depth: usize, out: &mut String) -> Result<(), Fault> {
        let length = self.indent.len().saturating_mul(depth).saturating_add(self.prefix.len());
        context.charge(length / 16)?;
        context.allocate(length.saturating_add(1))?;
        out.push('\n');
        out.push_str(self.prefix);
        out.extend(std::iter::repeat_n(self.indent, depth));
        Ok(())
    }
}

#[cfg(test)]
#[path = "json_text_tests.rs"]
mod tests;
