//! `yaml.*`: what JSON has, as YAML.

mod emit;
mod order;
mod text;

use super::super::value::Value;
use super::super::yaml::{self, Rules, YamlError};
use super::{Builtin, Context, Fault, operand, string};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("yaml.marshal", 1, marshal),
    Builtin::new("yaml.unmarshal", 1, unmarshal),
    Builtin::new("yaml.is_valid", 1, is_valid),
];

type Answer = Result<Option<Value>, Fault>;

fn marshal(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let value = operand(args, 1)?;
    let size = super::json_text::size(context, value)?;
    context.allocate(size)?;
    Ok(Some(Value::from(emit::emit(context, value)?)))
}

fn unmarshal(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = string(args, 1)?;
    charge(context, text)?;
    match yaml::parse(text, Rules::Json) {
        Ok(value) => Ok(Some(value)),
        Err(YamlError::Exhausted(what)) => Err(what.into()),
        Err(error) => Err(Fault::builtin(error)),
    }
}

fn is_valid(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let Some(text) = operand(args, 1)?.as_str() else { return Ok(Some(Value::from(false))) };
    charge(context, text)?;
    match yaml::parse(text, Rules::Json) {
        // What JSON has not may be YAML all the same.
        Ok(_) | Err(YamlError::Json(_)) => Ok(Some(Value::from(true))),
        Err(YamlError::Wrong { .. }) => Ok(Some(Value::from(false))),
        Err(YamlError::Exhausted(what)) => Err(what.into()),
    }
}

fn charge(context: &mut Context<'_>, text: &str) -> Result<(), Fault> {
    context.charge(text.len())?;
    context.allocate(text.len().saturating_mul(16))
}

#[cfg(test)]
#[path = "yaml_tests.rs"]
mod tests;
