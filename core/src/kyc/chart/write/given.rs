//! What is written down, and what is evaluated, by the rule that the reader has.

use super::out::Out;
use super::{are_keys, chart};
use crate::kyc::chart::document::{Content, Datum, Expr, Given, Param};
use crate::kyc::chart::read::Marker;
use crate::value::Value;

pub(super) fn expr(expr: &Expr) -> Out {
    Out::value(&expr.source)
}

/// An object of one field.
pub(super) fn one(key: &str, value: Out) -> Out {
    let mut out = Out::object();
    out.put(key, value);
    out
}

pub(super) fn text(given: &Given<String>) -> Out {
    match given {
        Given::Known(text) => Out::text(text),
        Given::Expr(source) => one("expr", expr(source)),
    }
}

/// Data, marked where it looks like something else.
fn literal(value: &Value) -> Out {
    let plain = Out::value(value);
    if hides(value) { one("literal", plain) } else { plain }
}

fn value(given: &Given<Value>) -> Out {
    match given {
        Given::Known(value) => literal(value),
        Given::Expr(source) => one("expr", expr(source)),
    }
}

pub(super) fn content(content: &Content) -> Out {
    match content {
        Content::Expr(source) => one("expr", expr(source)),
        Content::Value(value) => literal(value),
        Content::Src(address) => one("$src", Out::text(address)),
        Content::Chart(inner) => one("$chart", chart(inner, false)),
    }
}

/// Content where an object without a mark would be something else.
pub(super) fn marked(given: &Content) -> Out {
    match given {
        Content::Value(value) => one("literal", Out::value(value)),
        other => content(other),
    }
}

/// Named parts: an object, if that can say them.
pub(super) fn params(params: &[Param]) -> Out {
    if is_object(params) {
        return object(params);
    }
    let item = |param: &Param| {
        let mut out = one("name", Out::text(&param.name));
        out.put("value", value(&param.value));
        out
    };
    Out::List(params.iter().map(item).collect())
}

pub(super) fn is_object(params: &[Param]) -> bool {
    are_keys(params.iter().map(|param| param.name.as_str()))
}

pub(super) fn object(params: &[Param]) -> Out {
    let mut out = Out::object();
    for param in params {
        out.put(&param.name, value(&param.value));
    }
    out
}

/// Variables: an object, if each has a value.
pub(super) fn data(data: &[Datum]) -> Out {
    let named = are_keys(data.iter().map(|datum| datum.id.as_str()));
    if named && data.iter().all(|datum| datum.value.is_some()) {
        let mut out = Out::object();
        for datum in data {
            out.put_if(&datum.id, datum.value.as_ref().map(content));
        }
        return out;
    }
    let item = |datum: &Datum| {
        let mut out = one("id", Out::text(&datum.id));
        out.put_if("value", datum.value.as_ref().map(content));
        out
    };
    Out::List(data.iter().map(item).collect())
}

/// Whether a name would be taken for the mark of a value, if it was a key.
pub(super) fn is_mark(name: &str) -> bool {
    Marker::of(name).is_some()
}

/// Whether something in it looks like a mark.
fn hides(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            object.iter().any(|(key, value)| key.as_str().is_some_and(is_mark) || hides(value))
        }
        Value::Array(_) | Value::Set(_) => {
            value.as_elements().unwrap_or_default().iter().any(hides)
        }
        _ => false,
    }
}
