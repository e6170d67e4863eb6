//! `yaml.*`: what JSON has, as YAML.

mod emit;
mod lines;
mod parse;
mod scalar;

use super::super::value::Value;
use super::{Builtin, Context, Fault, operand, string};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("yaml.marshal", 1, marshal),
    Builtin::new("yaml.unmarshal", 1, unmarshal),
    Builtin::new("yaml.is_valid", 1, is_valid),
];

type Answer = Result<Option<Value>, Fault>;

fn marshal(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let value = operand(args, 1)?;
    let size = value.to_json().len();
    context.charge(size / 4)?;
    // Each level indents what is within it.
    let depth = usize::try_from(value.depth()).unwrap_or(0).saturating_add(2);
    context.allocate(size.saturating_mul(depth))?;
    Ok(Some(Value::from(emit::emit(value))))
}

fn unmarshal(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = string(args, 1)?;
    charge(context, text)?;
    parse::parse(text).map(Some).map_err(Fault::builtin)
}

fn is_valid(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let Some(text) = operand(args, 1)?.as_str() else { return Ok(Some(Value::from(false))) };
    charge(context, text)?;
    Ok(Some(Value::from(parse::parse(text).is_ok())))
}

fn charge(context: &mut Context<'_>, text: &str) -> Result<(), Fault> {
    context.charge(text.len())?;
    context.allocate(text.len().saturating_mul(16))
}

#[cfg(test)]
#[path = "yaml_tests.rs"]
mod tests;
