//! A text of JSON or YAML as a tree that keeps its order and knows where everything stands.
//!
//! JSON is YAML here, and the parser is that of the crate `saphyr-parser`. Plain scalars mean what the
//! [core schema](https://yaml.org/spec/1.2.2/#103-core-schema) of YAML 1.2 says: `yes` and `NO` are texts. Numbers stay exact.

mod scalar;
mod tree;

use std::borrow::Cow;
use std::sync::Arc;

use crate::kyc::chart::{ChartError, Place};
use crate::value::{Number, Value};

/// The longest text that is read, in bytes.
pub(in crate::kyc) const TEXT_MAX: usize = 1 << 20;
/// How deep lists and maps stand in one another.
pub(in crate::kyc) const DEPTH_MAX: usize = 64;
/// So many values a text has, with the copies that its aliases stand for.
pub(in crate::kyc) const NODES_MAX: usize = 100_000;
/// The longest key, in characters: what the parser takes.
pub(in crate::kyc) const KEY_MAX: usize = 1_000;
/// So many errors are told at once.
pub(in crate::kyc) const ERRORS_MAX: usize = 100;
/// The longest path that is told; of a longer one, its end.
const PATH_MAX: usize = 512;

/// A row and a column, both from one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::kyc) struct Mark {
    pub(in crate::kyc) row: u32,
    pub(in crate::kyc) column: u32,
}

impl Mark {
    /// The place there.
    pub(in crate::kyc) fn place(self, path: String) -> Place {
        Place { path, row: self.row, column: self.column }
    }
}

/// A value, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::kyc) struct Node {
    pub(in crate::kyc) mark: Mark,
    pub(in crate::kyc) kind: NodeKind,
}

/// What stands there.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::kyc) enum NodeKind {
    Null,
    Bool(bool),
    Number(Number),
    Text(Arc<str>),
    List(Vec<Node>),
    /// In the order of the text; no key stands twice.
    Map(Vec<Field>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::kyc) struct Field {
    pub(in crate::kyc) key: Arc<str>,
    pub(in crate::kyc) mark: Mark,
    pub(in crate::kyc) value: Node,
}

impl Node {
    /// Reads one document.
    ///
    /// # Errors
    /// What is no YAML, is more than one document, has a key twice, or is too large; each with its place.
    pub(in crate::kyc) fn parse(text: &str) -> Result<Self, Vec<ChartError>> {
        tree::parse(text)
    }

    /// What kind of value it is, with its article.
    pub(in crate::kyc) const fn kind(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "a text",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "an object",
        }
    }

    /// The text, if it is one.
    pub(in crate::kyc) const fn as_text(&self) -> Option<&Arc<str>> {
        if let NodeKind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// The number, if it is one.
    pub(in crate::kyc) const fn as_number(&self) -> Option<&Number> {
        if let NodeKind::Number(number) = &self.kind { Some(number) } else { None }
    }

    /// The fields, if it is a map.
    pub(in crate::kyc) fn as_map(&self) -> Option<&[Field]> {
        if let NodeKind::Map(fields) = &self.kind { Some(fields) } else { None }
    }

    /// The items, if it is a list.
    pub(in crate::kyc) fn as_list(&self) -> Option<&[Self]> {
        if let NodeKind::List(items) = &self.kind { Some(items) } else { None }
    }

    /// The value, without the places. It nests no deeper than [`DEPTH_MAX`].
    pub(in crate::kyc) fn to_value(&self) -> Value {
        match &self.kind {
            NodeKind::Null => Value::Null,
            NodeKind::Bool(value) => Value::Bool(*value),
            NodeKind::Number(number) => Value::Number(number.clone()),
            NodeKind::Text(text) => Value::String(Arc::clone(text)),
            NodeKind::List(items) => Value::array(items.iter().map(Self::to_value)),
            NodeKind::Map(fields) => Value::object(
                fields
                    .iter()
                    .map(|field| (Value::String(Arc::clone(&field.key)), field.value.to_value())),
            ),
        }
    }
}

/// What no text of YAML has but as an escape.
pub(in crate::kyc) const fn is_refused(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        c => matches!(c, '\0'..' ' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'),
    }
}

/// A path of keys and of places in lists, joined by `/`.
pub(in crate::kyc) fn join<'a>(steps: impl DoubleEndedIterator<Item = Cow<'a, str>>) -> String {
    let mut kept: Vec<String> = Vec::new();
    let mut length = 0;
    for step in steps.rev() {
        let step: String = step.chars().take(64).collect();
        length += step.len() + 1;
        // A path as long as its text, for each of a hundred thousand values, would be too much to keep.
        if length > PATH_MAX {
            kept.push("…".to_owned());
            break;
        }
        kept.push(step);
    }
    kept.reverse();
    kept.join("/")
}

#[cfg(test)]
#[path = "node_tests.rs"]
mod tests;
