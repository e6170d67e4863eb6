//! JSON Logic as people read it: `attempts < 3`, `a and b`. It is short for a picture, and no form that is read again.

use std::fmt::Write as _;

use crate::value::{Object, Value};

/// How deep a rule is written; below that a part is `…`.
const DEPTH: u32 = 8;
/// How many bytes are written: a label shows fewer, and nothing of a large rule is made for nothing.
const BYTES: usize = 256;

/// How firmly an operator holds its parts together: a part that holds less firmly stands in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Firm {
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    Whole,
}

/// The operators that stand between their parts, as they are written there.
const BETWEEN: [(&str, &str, Firm); 18] = [
    ("or", "or", Firm::Or),
    ("and", "and", Firm::And),
    ("==", "==", Firm::Compare),
    ("===", "===", Firm::Compare),
    ("!=", "!=", Firm::Compare),
    ("!==", "!==", Firm::Compare),
    ("<", "<", Firm::Compare),
    ("<=", "<=", Firm::Compare),
    (">", ">", Firm::Compare),
    (">=", ">=", Firm::Compare),
    ("in", "in", Firm::Compare),
    ("+", "+", Firm::Sum),
    ("-", "-", Firm::Sum),
    ("*", "*", Firm::Product),
    ("/", "/", Firm::Product),
    ("%", "%", Firm::Product),
    ("??", "??", Firm::Or),
    ("cat", "&", Firm::Sum),
];

/// A rule as a short text; what has no short form is the JSON of it.
pub(super) fn readable(rule: &Value) -> String {
    let mut text = String::new();
    write(rule, Firm::Or, 0, &mut text);
    text
}

// INVARIANT: a part is written at most so deep.
fn write(rule: &Value, around: Firm, depth: u32, text: &mut String) {
    if depth > DEPTH || text.len() > BYTES {
        text.push('…');
        return;
    }
    match rule {
        Value::Object(members) if members.len() == 1 => {
            let operator = members.iter().next();
            let operator = operator.and_then(|(name, given)| Some((name.as_str()?, given)));
            if let Some((name, given)) = operator
                && operation(name, parts(given), around, depth, text).is_some()
            {
                return;
            }
            object(members, depth, text);
        }
        Value::Object(members) => object(members, depth, text),
        Value::String(held) => {
            let _ = write!(text, "'{}'", held.chars().take(BYTES).collect::<String>());
        }
        Value::Array(items) => list(items, "[", "]", depth, text),
        Value::Set(items) => list(items.as_slice(), "[", "]", depth, text),
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&rule.to_json()),
    }
}

/// What an operator is given: one part stands without a list, too.
fn parts(given: &Value) -> &[Value] {
    match given {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// An operator that has a short form; none, and nothing written, of others.
fn operation(
    name: &str,
    parts: &[Value],
    around: Firm,
    depth: u32,
    text: &mut String,
) -> Option<()> {
    match (name, parts) {
        ("var" | "val", [Value::String(path), ..]) if !path.is_empty() => {
            text.extend(path.chars().take(BYTES));
        }
        ("var" | "val", [Value::Number(place), ..]) => text.push_str(&place.to_string()),
        ("jmespath", [Value::String(path)]) => text.extend(path.chars().take(BYTES)),
        ("rego", [Value::String(path)]) => {
            text.push_str("policy ");
            text.extend(path.chars().take(BYTES));
        }
        ("!!", [part]) => write(part, around, depth + 1, text),
        ("!", [part]) => bracketed(Firm::Not, around, text, |text| {
            text.push_str("not ");
            write(part, Firm::Compare, depth + 1, text);
        }),
        ("missing" | "min" | "max", parts) => {
            text.push_str(name);
            list(parts, "(", ")", depth, text);
        }
        ("if", [condition, then, otherwise]) => bracketed(Firm::Or, around, text, |text| {
            text.push_str("if ");
            write(condition, Firm::And, depth + 1, text);
            text.push_str(" then ");
            write(then, Firm::And, depth + 1, text);
            text.push_str(" else ");
            write(otherwise, Firm::And, depth + 1, text);
        }),
        (_, [_, _, ..]) => {
            let (_, sign, firm) = BETWEEN.iter().find(|(known, ..)| *known == name)?;
            bracketed(*firm, around, text, |text| {
                for (place, part) in parts.iter().enumerate() {
                    if text.len() > BYTES {
                        return;
                    }
                    if place > 0 {
                        let _ = write!(text, " {sign} ");
                    }
                    // Of what is behind the first, one that holds as firmly would be taken together otherwise.
                    let inner =
                        if place == 0 && *firm != Firm::Compare { *firm } else { next(*firm) };
                    write(part, inner, depth + 1, text);
                }
            });
        }
        _ => return None,
    }
    Some(())
}

const fn next(firm: Firm) -> Firm {
    match firm {
        Firm::Or => Firm::And,
        Firm::And => Firm::Not,
        Firm::Not => Firm::Compare,
        Firm::Compare => Firm::Sum,
        Firm::Sum => Firm::Product,
        Firm::Product | Firm::Whole => Firm::Whole,
    }
}

fn bracketed(own: Firm, around: Firm, text: &mut String, inner: impl FnOnce(&mut String)) {
    let needs = own < around;
    if needs {
        text.push('(');
    }
    inner(text);
    if needs {
        text.push(')');
    }
}

fn list(items: &[Value], open: &str, close: &str, depth: u32, text: &mut String) {
    text.push_str(open);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        write(item, Firm::Or, depth + 1, text);
        if text.len() > BYTES {
            break;
        }
    }
    text.push_str(close);
}

fn object(members: &Object, depth: u32, text: &mut String) {
    text.push('{');
    for (place, (name, held)) in members.iter().enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        let _ = write!(text, "{}: ", name.to_json().chars().take(BYTES).collect::<String>());
        write(held, Firm::Or, depth + 1, text);
        if text.len() > BYTES {
            break;
        }
    }
    text.push('}');
}

#[cfg(test)]
#[path = "logic_tests.rs"]
mod tests;
