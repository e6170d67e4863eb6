//! Regular expressions, which match in time that grows with the text alone.

use std::sync::Arc;

use regex::{Captures, Regex, RegexBuilder};

use super::elements::int;
use super::{Builtin, Context, Exhausted, Fault, operand, regex_syntax, string};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("regex.is_valid", 1, |context, args| {
        let valid = match operand(args, 1)?.as_str() {
            Some(pattern) => match compiled(context, pattern) {
                Ok(_) => true,
                Err(Fault::Builtin(_)) => false,
                Err(fault) => return Err(fault),
            },
            None => false,
        };
        Ok(Some(Value::Bool(valid)))
    }),
    Builtin::new("regex.match", 2, matches),
    // Its name before there were others.
    Builtin::new("re_match", 2, matches),
    Builtin::new("regex.split", 2, split),
    Builtin::new("regex.find_n", 3, |context, args| {
        let (regex, text) = both(context, args)?;
        let most = most(args)?;
        let mut found = Vec::new();
        for found_one in regex.find_iter(text).take(most) {
            rest(context, text, found_one.start())?;
            context.allocate(found_one.len().saturating_add(48))?;
            found.push(Value::from(found_one.as_str()));
        }
        Ok(Some(Value::array(found)))
    }),
    Builtin::new("regex.find_all_string_submatch_n", 3, |context, args| {
        let (regex, text) = both(context, args)?;
        let most = most(args)?;
        let mut found = Vec::new();
        for captures in regex.captures_iter(text).take(most) {
            rest(context, text, captures.get(0).map_or(0, |found| found.start()))?;
            let group = |at| captures.get(at).map_or("", |group| group.as_str());
            let length = (0..captures.len()).map(|at| group(at).len().saturating_add(48)).sum();
            context.charge(captures.len())?;
            context.allocate(length)?;
            found.push(Value::array((0..captures.len()).map(|at| Value::from(group(at)))));
        }
        Ok(Some(Value::array(found)))
    }),
    Builtin::new("regex.replace", 3, replace),
    Builtin::new("regex.template_match", 4, template_match),
];

/// So much may a compiled expression take: the least that suffices is paid, since what is compiled is kept.
const SIZES: [usize; 3] = [1 << 16, 1 << 19, 1 << 22];

/// An expression, and about how many states it has.
struct Compiled {
    regex: Regex,
    weight: usize,
}

impl std::ops::Deref for Compiled {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        &self.regex
    }
}

/// An expression is compiled once.
fn compiled(context: &mut Context<'_>, pattern: &str) -> Result<Arc<Compiled>, Fault> {
    context.charge(pattern.len() / 16)?;
    context.cached("regex", pattern, |context| {
        context.charge(pattern.len().saturating_mul(16))?;
        let (translated, weight) = regex_syntax::weighed(pattern)?;
        for size in SIZES {
            context.charge(size / 1024)?;
            context.allocate(size)?;
            let mut builder = RegexBuilder::new(&translated);
            match builder.size_limit(size).dfa_size_limit(size).build() {
                Err(regex::Error::CompiledTooBig(_)) => {}
                Ok(regex) => return Ok(Compiled { regex, weight }),
                // What Go reads and the crate does not: groups nest deeper, or flags are given twice.
                Err(_) => return Err(Exhausted::Unsupported.into()),
            }
        }
        Err(Exhausted::Size.into())
    })
}

/// The expression and the text, of which looking at the whole is paid.
fn both<'a>(
    context: &mut Context<'_>,
    args: &'a [Value],
) -> Result<(Arc<Compiled>, &'a str), Fault> {
    let (pattern, text) = (string(args, 1)?, string(args, 2)?);
    let regex = compiled(context, pattern)?;
    look(context, &regex, text)?;
    Ok((regex, text))
}

/// At the worst every state is looked at for every byte.
fn look(context: &mut Context<'_>, regex: &Compiled, text: &str) -> Result<(), Fault> {
    context.charge(text.len().saturating_mul(regex.weight.saturating_add(16)) / 64)
}

/// To find a match that begins there, the text may have been looked at to its end, and for the next one is again.
fn rest(context: &mut Context<'_>, text: &str, start: usize) -> Result<(), Fault> {
    context.charge(text.len().saturating_sub(start) / 64)
}

fn matches(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (regex, text) = both(context, args)?;
    Ok(Some(Value::Bool(regex.is_match(text))))
}

/// How many are asked for; below zero all.
fn most(args: &[Value]) -> Result<usize, Fault> {
    Ok(usize::try_from(int(args, 3)?).unwrap_or(usize::MAX))
}

fn split(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (regex, text) = both(context, args)?;
    if text.is_empty() && !regex.as_str().is_empty() {
        return Ok(Some(Value::array([Value::from("")])));
    }
    // As Go splits: an empty match at the very beginning parts nothing, and nothing follows one at the end.
    let (mut parts, mut start, mut end) = (Vec::new(), 0, 0);
    for found in regex.find_iter(text) {
        rest(context, text, found.start())?;
        end = found.start();
        if found.end() != 0 {
            let part = text.get(start..end).unwrap_or_default();
            context.allocate(part.len().saturating_add(48))?;
            parts.push(Value::from(part));
        }
        start = found.end();
    }
    if end != text.len() {
        parts.push(Value::from(text.get(start..).unwrap_or_default()));
    }
    Ok(Some(Value::array(parts)))
}

fn replace(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (text, pattern, new) = (string(args, 1)?, string(args, 2)?, string(args, 3)?);
    let regex = compiled(context, pattern)?;
    look(context, &regex, text)?;
    context.allocate(text.len())?;
    let (mut out, mut end) = (String::with_capacity(text.len()), 0);
    for captures in regex.captures_iter(text) {
        let Some(found) = captures.get(0) else {
            continue;
        };
        rest(context, text, found.start())?;
        out.push_str(text.get(end..found.start()).unwrap_or_default());
        end = found.end();
        let before = out.len();
        context.charge(new.len() / 4)?;
        expand(context, &captures, new, &mut out)?;
        context.allocate(out.len().saturating_sub(before))?;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    Ok(Some(out.into()))
}

/// A replacement with `$1`, `${1}`, `$name` and `$$`; what names no group is nothing, and what is no name is itself.
fn expand(
    context: &mut Context<'_>,
    captures: &Captures<'_>,
    new: &str,
    out: &mut String,
) -> Result<(), Fault> {
    let mut rest = new;
    while let Some((text, after)) = rest.split_once('$') {
        out.push_str(text);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let inner = rest.strip_prefix('{').unwrap_or(rest);
        let end = inner.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inner.len());
        let (name, after) = inner.split_at_checked(end).unwrap_or((inner, ""));
        let braced = inner.len() < rest.len();
        let after = if braced { after.strip_prefix('}') } else { Some(after) };
        let Some(after) = after.filter(|_| !name.is_empty()) else {
            out.push('$');
            continue;
        };
        let number = name.parse::<usize>().ok().filter(|_| name == "0" || !name.starts_with('0'));
        let digit = name.starts_with(|c: char| c.is_ascii_digit());
        let group = match number {
            Some(number) => captures.get(number),
            None if digit => captures.name(&format!("_{name}")),
            None => captures.name(name),
        };
        let group = group.map_or("", |group| group.as_str());
        context.charge(group.len() / 16)?;
        context.allocate(group.len())?;
        out.push_str(group);
        rest = after;
    }
    out.push_str(rest);
    Ok(())
}

/// A text with expressions between two delimiters.
fn template_match(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (template, text) = (string(args, 1)?, string(args, 2)?);
    let (start, end) = (string(args, 3)?, string(args, 4)?);
    // OPA tells of both the first one's length.
    let long = |which| {
        let long = start.len();
        let must = "delimiter has to be exactly one character long but is";
        Fault::builtin(format!("{which} {must} {long} long"))
    };
    let one = |text: &str| text.chars().next().filter(|_| text.len() == 1);
    let open = one(start).ok_or_else(|| long("start"))?;
    let close = one(end).ok_or_else(|| long("end"))?;
    context.charge(template.len())?;
    context.allocate(template.len().saturating_mul(2))?;
    let unbalanced = || {
        let quoted = super::gofmt::quote(template, '"', false);
        Fault::builtin(format!("unbalanced braces in {quoted}"))
    };
    let (mut level, mut from, mut pattern) = (0_usize, 0, "^".to_owned());
    for (at, c) in template.char_indices() {
        if c == open {
            level += 1;
            if level == 1 {
                pattern.push_str(&quoted(template.get(from..at).unwrap_or_default()));
                from = at + 1;
            }
        } else if c == close {
            level = level.checked_sub(1).ok_or_else(unbalanced)?;
            if level == 0 {
                let inner = template.get(from..at).unwrap_or_default();
                // It must be an expression by itself as well.
                compiled(context, &format!("^{inner}$"))?;
                pattern.push_str(&format!("({inner})"));
                from = at + 1;
            }
        }
    }
    if level > 0 {
        return Err(unbalanced());
    }
    pattern.push_str(&quoted(template.get(from..).unwrap_or_default()));
    pattern.push('$');
    let regex = compiled(context, &pattern)?;
    look(context, &regex, text)?;
    Ok(Some(Value::Bool(regex.is_match(text))))
}

/// A text as an expression that it alone fits.
fn quoted(text: &str) -> String {
    let special = |c| r"\.+*?()|[]{}^$".contains(c);
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
#[path = "regex_tests.rs"]
mod tests;
