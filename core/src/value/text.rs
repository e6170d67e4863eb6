//! Values as text: JSON's, and Rego's.

use std::fmt::Write as _;

use super::Value;

/// Which characters JSON's texts escape beyond those that they must.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// None.
    Plain,
    /// `<`, `>`, `&`, U+2028, U+2029, as Go's encoder does by default.
    Html,
}

/// JSON's text of a value.
pub(crate) fn json(value: &Value, escape: Escape) -> String {
    let mut out = String::new();
    write_json(&mut out, value, escape);
    out
}

/// Rego's text of a value.
pub(crate) fn rego(value: &Value) -> String {
    let mut out = String::new();
    write_rego(&mut out, value);
    out
}

fn write_json(out: &mut String, value: &Value, escape: Escape) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => _ = write!(out, "{number}"),
        Value::String(text) => quote(out, text, escape),
        Value::Array(items) => {
            list(out, items, "[]", ",", |out, item| write_json(out, item, escape))
        }
        Value::Set(set) => {
            list(out, set.as_slice(), "[]", ",", |out, item| write_json(out, item, escape));
        }
        Value::Object(object) => list(out, object.as_slice(), "{}", ",", |out, (key, value)| {
            match key {
                Value::String(text) => quote(out, text, escape),
                other => quote(out, &json(other, escape), escape),
            }
            out.push(':');
            write_json(out, value, escape);
        }),
    }
}

fn write_rego(out: &mut String, value: &Value) {
    match value {
        Value::Array(items) => list(out, items, "[]", ", ", write_rego),
        Value::Set(set) if set.is_empty() => out.push_str("set()"),
        Value::Set(set) => list(out, set.as_slice(), "{}", ", ", write_rego),
        Value::Object(object) => list(out, object.as_slice(), "{}", ", ", |out, (key, value)| {
            write_rego(out, key);
            out.push_str(": ");
            write_rego(out, value);
        }),
        scalar => write_json(out, scalar, Escape::Plain),
    }
}

fn list<T>(
    out: &mut String,
    items: &[T],
    brackets: &str,
    separator: &str,
    mut write: impl FnMut(&mut String, &T),
) {
    let (open, close) = brackets.split_at(1);
    out.push_str(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        write(out, item);
    }
    out.push_str(close);
}

/// A text in quotes.
pub(crate) fn quote(out: &mut String, text: &str, escape: Escape) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if escape == Escape::Html => {
                _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            control if u32::from(control) < 0x20 => {
                _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
