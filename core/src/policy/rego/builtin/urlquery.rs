//! Queries of addresses, as Go's package `net/url` escapes and reads them.

use std::collections::BTreeMap;

use super::encode::lossy;
use super::{Builtin, Context, Fault, operand, string, utf8};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("urlquery.encode", 1, |context, args| {
        let text = string(args, 1)?;
        room(context, text)?;
        let mut out = String::new();
        escape(text, &mut out);
        Ok(Some(out.into()))
    }),
    Builtin::new("urlquery.decode", 1, |context, args| {
        let text = string(args, 1)?;
        room(context, text)?;
        Ok(Some(unescape(text)?.into()))
    }),
    Builtin::new("urlquery.encode_object", 1, encode_object),
    Builtin::new("urlquery.decode_object", 1, decode_object),
];

fn room(context: &mut Context<'_>, text: &str) -> Result<(), Fault> {
    context.charge(text.len() / 8)?;
    context.allocate(text.len().saturating_mul(3))
}

fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

fn unescape(text: &str) -> Result<String, Fault> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = after.get(..2).filter(|pair| pair.iter().all(u8::is_ascii_hexdigit));
                let digits = digits.and_then(|pair| std::str::from_utf8(pair).ok());
                let Some(value) = digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) else {
                    let shown = lossy(after.get(..2).unwrap_or(after));
                    let quoted = super::gofmt::quote(&format!("%{shown}"), '"', false);
                    return Err(Fault::Builtin(format!("invalid URL escape {quoted}")));
                };
                bytes.push(value);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => bytes.push(*byte),
        }
    }
    utf8(bytes)
}

fn encode_object(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let value = operand(args, 1)?;
    let object = value.as_object().ok_or_else(|| Fault::operand(1, "object", value))?;
    let wrong = || Fault::operand_is(1, "values must be string, array[string], or set[string]");
    let mut pairs: BTreeMap<String, &[Value]> = BTreeMap::new();
    for (key, value) in object.iter() {
        let key = key.as_str().map_or_else(|| key.to_json(), str::to_owned);
        let values = match value {
            Value::String(_) => std::slice::from_ref(value),
            other => other.as_elements().ok_or_else(wrong)?,
        };
        pairs.insert(key, values);
    }
    let mut out = String::new();
    for (key, values) in pairs {
        for value in values {
            let value = value.as_str().ok_or_else(wrong)?;
            room(context, &key)?;
            room(context, value)?;
            out.push_str(if out.is_empty() { "" } else { "&" });
            escape(&key, &mut out);
            out.push('=');
            escape(value, &mut out);
        }
    }
    Ok(Some(out.into()))
}

fn decode_object(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let text = string(args, 1)?;
    room(context, text)?;
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let (mut wrong, mut limit) = (None, None);
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        context.charge(4)?;
        context.allocate(96)?;
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let read = || Ok((unescape(key)?, unescape(value)?));
        let read = if pair.contains(';') {
            Err(Fault::builtin("invalid semicolon separator in query"))
        } else {
            read()
        };
        match read {
            Ok((key, value)) => found.entry(key).or_default().push(value.into()),
            // The first is told, but all is read before.
            Err(fault @ Fault::Exhausted(_)) => limit = limit.or(Some(fault)),
            Err(fault) => wrong = wrong.or(Some(fault)),
        }
    }
    if let Some(fault) = wrong.or(limit) {
        return Err(fault);
    }
    let pairs = found.into_iter().map(|(key, values)| (Value::from(key), Value::array(values)));
    Ok(Some(Value::object(pairs)))
}

#[cfg(test)]
#[path = "urlquery_tests.rs"]
mod tests;
