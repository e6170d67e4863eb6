//! JSON that keeps its order, and how it is laid out: what is short stands in one row.

use crate::value::Value;
use crate::value::text::{Escape, quote};

/// The longest row of what is laid out in one.
const ROW: usize = 88;

/// JSON to be written.
#[derive(Clone, Debug)]
pub(super) enum Out {
    /// A scalar as its text.
    Raw(String),
    List(Vec<Out>),
    /// Keys as their texts.
    Object(Vec<(String, Out)>),
}

impl Out {
    pub(super) const fn object() -> Self {
        Self::Object(Vec::new())
    }

    pub(super) fn text(text: &str) -> Self {
        Self::Raw(quoted(text))
    }

    pub(super) const fn null() -> Self {
        Self::Raw(String::new())
    }

    pub(super) fn value(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::text(text),
            Value::Array(_) | Value::Set(_) => Self::List(
                value.as_elements().unwrap_or_default().iter().map(Self::value).collect(),
            ),
            Value::Object(object) => {
                let key = |key: &Value| match key {
                    Value::String(text) => quoted(text),
                    other => quoted(&other.to_json()),
                };
                Self::Object(
                    object.iter().map(|(name, value)| (key(name), Self::value(value))).collect(),
                )
            }
            scalar => Self::Raw(scalar.to_json()),
        }
    }

    pub(super) fn put(&mut self, key: &str, value: Self) {
        if let Self::Object(fields) = self {
            fields.push((quoted(key), value));
        }
    }

    pub(super) fn put_if(&mut self, key: &str, value: Option<Self>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// Writes it behind what stands in its row already.
    pub(super) fn write(&self, out: &mut String, indent: usize) {
        let start = out.rfind('\n').map_or(0, |at| at + 1);
        let room = ROW.saturating_sub(out.len().saturating_sub(start));
        let before = out.len();
        // The outermost object is always laid out.
        if indent > 0 && self.row(out, before.saturating_add(room)) {
            return;
        }
        out.truncate(before);
        let line = |out: &mut String, indent: usize| {
            out.push('\n');
            out.push_str(&"  ".repeat(indent));
        };
        let separate = |out: &mut String, at: usize| {
            if at > 0 {
                out.push(',');
            }
            line(out, indent + 1);
        };
        match self {
            Self::Raw(text) => out.push_str(if text.is_empty() { "null" } else { text }),
            Self::List(items) if items.is_empty() => out.push_str("[]"),
            Self::Object(fields) if fields.is_empty() => out.push_str("{}"),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    separate(out, at);
                    item.write(out, indent + 1);
                }
                line(out, indent);
                out.push(']');
            }
            Self::Object(fields) => {
                out.push('{');
                for (at, (key, value)) in fields.iter().enumerate() {
                    separate(out, at);
                    out.push_str(key);
                    out.push_str(": ");
                    value.write(out, indent + 1);
                }
                line(out, indent);
                out.push('}');
            }
        }
    }

    /// Writes it in one row; false as soon as that is longer than there is room.
    fn row(&self, out: &mut String, end: usize) -> bool {
        match self {
            Self::Raw(text) => out.push_str(if text.is_empty() { "null" } else { text }),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    if !item.row(out, end) {
                        return false;
                    }
                }
                out.push(']');
            }
            Self::Object(fields) if fields.is_empty() => out.push_str("{}"),
            Self::Object(fields) => {
                out.push('{');
                for (at, (key, value)) in fields.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { " " });
                    out.push_str(key);
                    out.push_str(": ");
                    if !value.row(out, end) {
                        return false;
                    }
                }
                out.push_str(" }");
            }
        }
        out.len() <= end
    }
}

/// A text in quotes, with what YAML takes for no character of a text as escapes.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    quote(&mut out, text, Escape::Plain);
    let is_odd = |c: char| {
        matches!(
            c,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    if !out.contains(is_odd) {
        return out;
    }
    out.chars()
        .map(|c| if is_odd(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() })
        .collect()
}
