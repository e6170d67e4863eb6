//! Values written as YAML, as Go's `yaml.v2` writes what JSON has: keys sorted, two spaces of indent, quotes where a scalar would mean something else.

use super::super::super::value::Value;
use super::scalar;

/// A document.
pub(super) fn emit(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Array(_) | Value::Set(_) | Value::Object(_) if !value.is_empty() => {
            block(&mut out, value, 0);
        }
        _ => {
            flat(&mut out, value);
            out.push('\n');
        }
    }
    out
}

fn block(out: &mut String, value: &Value, indent: usize) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(members) => {
            for (at, (key, member)) in members.iter().enumerate() {
                if at > 0 || !out.ends_with("- ") {
                    out.push_str(&pad);
                }
                match key {
                    Value::String(key) => text(out, key),
                    key => text(out, &key.to_json()),
                }
                out.push(':');
                under(out, member, indent);
            }
        }
        _ => {
            for (at, item) in value.as_elements().unwrap_or_default().iter().enumerate() {
                if at > 0 || !out.ends_with("- ") {
                    out.push_str(&pad);
                }
                out.push_str("- ");
                if is_block(item) {
                    block(out, item, indent.saturating_add(2));
                } else {
                    scalar(out, item, indent);
                }
            }
        }
    }
}

/// A member's value: sequences stand as far left as the key.
fn under(out: &mut String, member: &Value, indent: usize) {
    match member {
        Value::Object(_) if is_block(member) => {
            out.push('\n');
            block(out, member, indent.saturating_add(2));
        }
        _ if is_block(member) => {
            out.push('\n');
            block(out, member, indent);
        }
        _ => {
            out.push(' ');
            scalar(out, member, indent);
        }
    }
}

fn is_block(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Set(_) | Value::Object(_)) && !value.is_empty()
}

fn scalar(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::String(content) if content.contains('\n') && is_literal(content) => {
            literal(out, content, indent.saturating_add(2));
        }
        _ => {
            flat(out, value);
            out.push('\n');
        }
    }
}

fn flat(out: &mut String, value: &Value) {
    match value {
        Value::String(content) => text(out, content),
        Value::Object(_) => out.push_str("{}"),
        Value::Array(_) | Value::Set(_) => out.push_str("[]"),
        other => out.push_str(&other.to_json()),
    }
}

/// Whether a text of several lines can stand as it is.
fn is_literal(content: &str) -> bool {
    let shown = |c: char| c == '\n' || c == '\t' || !c.is_control();
    content.chars().all(shown) && !content.starts_with([' ', '\n']) && !content.contains(" \n")
}

fn literal(out: &mut String, content: &str, indent: usize) {
    let pad = " ".repeat(indent);
    out.push('|');
    let body = content.trim_end_matches('\n');
    match content.len().saturating_sub(body.len()) {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    out.push('\n');
    for line in content.strip_suffix('\n').unwrap_or(content).split('\n') {
        if !line.is_empty() {
            out.push_str(&pad);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn text(out: &mut String, content: &str) {
    let means_more = !matches!(scalar::resolve(content), Ok(Value::String(_)));
    if means_more || content.chars().any(char::is_control) {
        out.push_str(&Value::string(content).to_json());
    } else if is_plain(content) {
        out.push_str(content);
    } else {
        out.push('\'');
        out.push_str(&content.replace('\'', "''"));
        out.push('\'');
    }
}

/// Whether a text is a plain scalar in every place.
fn is_plain(content: &str) -> bool {
    let opens = |c: char| "-?:,[]{}#&*!|>'\"%@`".contains(c);
    let mut chars = content.chars();
    let Some(first) = chars.next() else { return false };
    let second = chars.next();
    let starts =
        !opens(first) || (matches!(first, '-' | '?' | ':') && second.is_some_and(|c| c != ' '));
    starts
        && !content.starts_with("---")
        && !content.starts_with("...")
        && !content.starts_with(' ')
        && !content.ends_with([' ', ':'])
        && !content.contains(": ")
        && !content.contains(" #")
}
