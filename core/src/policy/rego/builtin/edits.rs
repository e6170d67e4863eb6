//! Texts changed: case, parts replaced, split, turned around and trimmed.

use super::{Builtin, Context, Fault, object, string};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("lower", 1, |context, args| {
        one(context, args, |text| text.chars().map(lower).collect())
    }),
    Builtin::new("upper", 1, |context, args| {
        one(context, args, |text| text.chars().map(upper).collect())
    }),
    Builtin::new("strings.reverse", 1, |context, args| {
        one(context, args, |text| text.chars().rev().collect())
    }),
    Builtin::new("trim_space", 1, |context, args| one(context, args, |text| text.trim().into())),
    Builtin::new("trim", 2, |context, args| {
        trimmed(context, args, |text, cut| text.trim_matches(|c| cut.contains(c)))
    }),
    Builtin::new("trim_left", 2, |context, args| {
        trimmed(context, args, |text, cut| text.trim_start_matches(|c| cut.contains(c)))
    }),
    Builtin::new("trim_right", 2, |context, args| {
        trimmed(context, args, |text, cut| text.trim_end_matches(|c| cut.contains(c)))
    }),
    Builtin::new("trim_prefix", 2, |context, args| {
        trimmed(context, args, |text, cut| text.strip_prefix(cut).unwrap_or(text))
    }),
    Builtin::new("trim_suffix", 2, |context, args| {
        trimmed(context, args, |text, cut| text.strip_suffix(cut).unwrap_or(text))
    }),
    Builtin::new("split", 2, split),
    Builtin::new("replace", 3, |context, args| {
        let (text, old, new) = (string(args, 1)?, string(args, 2)?, string(args, 3)?);
        replaced(context, text, &[(old, new)])
    }),
    Builtin::new("strings.replace_n", 2, replace_n),
];

fn one(
    context: &mut Context<'_>,
    args: &[Value],
    change: impl Fn(&str) -> String,
) -> Result<Option<Value>, Fault> {
    let text = string(args, 1)?;
    context.charge(text.len() / 16)?;
    context.allocate(text.len().saturating_mul(2))?;
    Ok(Some(change(text).into()))
}

fn trimmed(
    context: &mut Context<'_>,
    args: &[Value],
    trim: impl for<'a> Fn(&'a str, &str) -> &'a str,
) -> Result<Option<Value>, Fault> {
    let (text, cut) = (string(args, 1)?, string(args, 2)?);
    context.charge(text.len().saturating_mul(cut.len().max(1)) / 16)?;
    context.allocate(text.len())?;
    Ok(Some(trim(text, cut).into()))
}

/// A character's one lower case letter, as Go has it: never more than one.
fn lower(c: char) -> char {
    let mut all = c.to_lowercase();
    match (all.next(), all.next()) {
        (Some(lower), None) => lower,
        // Only this one has two.
        _ if c == '\u{130}' => 'i',
        _ => c,
    }
}

/// A character's one upper case letter: those that Unicode writes as two stay, but for Greek ones of which there is a title case.
fn upper(c: char) -> char {
    let mut all = c.to_uppercase();
    if let (Some(upper), None) = (all.next(), all.next()) {
        return upper;
    }
    let title = match c {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => 8,
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => 9,
        _ => 0,
    };
    char::from_u32(u32::from(c) + title).unwrap_or(c)
}

fn split(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (text, between) = (string(args, 1)?, string(args, 2)?);
    context.charge(text.len())?;
    let parts: Vec<Value> = if between.is_empty() {
        context.allocate(text.len().saturating_mul(48))?;
        text.chars().map(|c| Value::from(&*c.encode_utf8(&mut [0; 4]))).collect()
    } else {
        let count = text.matches(between).count().saturating_add(1);
        context.allocate(text.len().saturating_add(count.saturating_mul(48)))?;
        text.split(between).map(Value::from).collect()
    };
    Ok(Some(Value::array(parts)))
}

fn replace_n(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let patterns = object(args, 1)?;
    let text = string(args, 2)?;
    let mut pairs = Vec::with_capacity(patterns.len());
    for (key, value) in patterns.iter() {
        let what =
            |what| Fault::operand_is(1, format!("non-string {what} found in pattern object"));
        let key = key.as_str().ok_or_else(|| what("key"))?;
        pairs.push((key, value.as_str().ok_or_else(|| what("value"))?));
    }
    replaced(context, text, &pairs)
}

/// A text with every old part replaced by its new one, from the left. Where several fit, the first of them counts, not the longest. An
/// empty one stands between any two characters, but not where it has just been replaced.
fn replaced(
    context: &mut Context<'_>,
    text: &str,
    pairs: &[(&str, &str)],
) -> Result<Option<Value>, Fault> {
    context.charge(text.len().saturating_mul(pairs.len().max(1)) / 8)?;
    context.allocate(text.len())?;
    let (mut rest, mut out, mut was_empty) = (text, String::with_capacity(text.len()), false);
    loop {
        let fits = |old: &str| rest.starts_with(old) && !(old.is_empty() && was_empty);
        let found = pairs.iter().find(|(old, _)| fits(old));
        was_empty = found.is_some_and(|(old, _)| old.is_empty());
        if let Some((old, new)) = found {
            context.charge(new.len() / 16)?;
            context.allocate(new.len())?;
            out.push_str(new);
            rest = rest.get(old.len()..).unwrap_or_default();
        } else {
            let mut chars = rest.chars();
            let Some(c) = chars.next() else {
                return Ok(Some(out.into()));
            };
            out.push(c);
            rest = chars.as_str();
        }
    }
}

#[cfg(test)]
#[path = "edits_tests.rs"]
mod tests;
