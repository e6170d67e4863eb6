//! JSON in the order of its text and with places: of a definition the order of the states counts, and who mends it wants the row.

use std::collections::BTreeMap;

use thalium::kyc::chart::{ChartError, Place};
use thalium::value::Value;

/// How many bytes a text may have: 1 MiB.
pub const BYTES: usize = 1 << 20;
/// How deep lists and objects may nest.
pub const DEPTH: usize = 64;
/// How many values a text may have.
pub const VALUES: usize = 100_000;
/// How many bytes a key may have.
pub const KEY: usize = 256;
/// How much of a path is kept: its end says where.
const PATH: usize = 512;

/// A value and where it stands.
#[derive(Debug)]
pub(crate) struct Node {
    row: u32,
    column: u32,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// What is neither a list nor an object.
    Plain(Value),
    List(Vec<Node>),
    /// In the order of the text. A key that stands twice is here twice.
    Map(Vec<(String, Node)>),
}

/// A node together with the path to it.
#[derive(Clone, Debug)]
pub(crate) struct At<'n> {
    pub(crate) node: &'n Node,
    pub(crate) path: String,
}

impl Node {
    /// Reads a text.
    ///
    /// # Errors
    /// It is no JSON, or out of bounds; with the place.
    pub(crate) fn parse(text: &str) -> Result<Self, ChartError> {
        let mut reader = Reader { text, at: 0, row: 1, column: 1, values: 0 };
        if text.len() > BYTES {
            return Err(reader.error(format!("the text has more than {BYTES} bytes: split it")));
        }
        reader.space();
        let node = reader.node(0)?;
        reader.space();
        if reader.peek().is_some() {
            return Err(reader.error("something stands behind the end of the JSON: remove it"));
        }
        Ok(node)
    }

    /// The value, its keys sorted as values have them. It nests no deeper than [`DEPTH`].
    pub(crate) fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Plain(value) => value.clone(),
            Kind::List(items) => Value::array(items.iter().map(Self::to_value)),
            Kind::Map(fields) => {
                Value::fields(fields.iter().map(|(key, node)| (key.as_str(), node.to_value())))
            }
        }
    }

    /// What kind of value it is, with its article.
    pub(crate) const fn told(&self) -> &'static str {
        match &self.kind {
            Kind::Plain(Value::Null) => "nothing",
            Kind::Plain(Value::Bool(_)) => "a boolean",
            Kind::Plain(Value::Number(_)) => "a number",
            Kind::Plain(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "an object",
        }
    }
}

impl<'n> At<'n> {
    pub(crate) fn place(&self) -> Place {
        Place { path: self.path.clone(), row: self.node.row, column: self.node.column }
    }

    /// A field by its name; of several the last counts, as in JavaScript. One that is null or not there is none.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let Kind::Map(fields) = &self.node.kind else { return None };
        let (_, node) = fields.iter().rev().find(|(own, _)| own == key)?;
        let is_null = matches!(node.kind, Kind::Plain(Value::Null));
        (!is_null).then(|| self.below(key, node))
    }

    /// The fields in order, each key once: of several the last counts, as in JavaScript.
    pub(crate) fn fields(&self) -> Vec<(&'n str, Self)> {
        let all = self.all_fields();
        let last: BTreeMap<&str, usize> =
            all.iter().enumerate().map(|(at, (key, _))| (*key, at)).collect();
        let is_last = |(at, field): (usize, (&'n str, Self))| {
            (last.get(field.0) == Some(&at)).then_some(field)
        };
        all.into_iter().enumerate().filter_map(is_last).collect()
    }

    /// The fields in order, those that stand twice among them.
    pub(crate) fn all_fields(&self) -> Vec<(&'n str, Self)> {
        let Kind::Map(fields) = &self.node.kind else { return Vec::new() };
        fields.iter().map(|(key, node)| (key.as_str(), self.below(key, node))).collect()
    }

    pub(crate) fn items(&self) -> Option<Vec<Self>> {
        let Kind::List(items) = &self.node.kind else { return None };
        let items = items.iter().enumerate();
        Some(items.map(|(at, node)| self.below(&at.to_string(), node)).collect())
    }

    pub(crate) const fn is_map(&self) -> bool {
        matches!(self.node.kind, Kind::Map(_))
    }

    pub(crate) fn text(&self) -> Option<&'n str> {
        if let Kind::Plain(value) = &self.node.kind { value.as_str() } else { None }
    }

    fn below(&self, key: &str, node: &'n Node) -> Self {
        let mut path = String::with_capacity(self.path.len() + key.len() + 1);
        path.push_str(&self.path);
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(key);
        if path.len() > PATH {
            let from = (path.len() - PATH..path.len()).find(|from| path.is_char_boundary(*from));
            path = format!("…{}", from.and_then(|from| path.get(from..)).unwrap_or_default());
        }
        Self { node, path }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    row: u32,
    column: u32,
    values: usize,
}

impl<'t> Reader<'t> {
    fn error(&self, message: impl Into<String>) -> ChartError {
        let place = Place { path: String::new(), row: self.row, column: self.column };
        ChartError { place, message: message.into() }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Moves over bytes that end where a character does.
    fn over(&mut self, bytes: usize) -> &'t str {
        let passed = self.rest().get(..bytes).unwrap_or_else(|| self.rest());
        self.at += passed.len();
        for character in passed.chars() {
            if character == '\n' {
                (self.row, self.column) = (self.row.saturating_add(1), 1);
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        passed
    }

    fn space(&mut self) {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let spaces = self.rest().bytes().take_while(is_space).count();
        self.over(spaces);
    }

    fn node(&mut self, depth: usize) -> Result<Node, ChartError> {
        self.values += 1;
        if self.values > VALUES {
            return Err(self.error(format!("the text has more than {VALUES} values: split it")));
        }
        if depth > DEPTH {
            return Err(self.error(format!("lists and objects nest deeper than {DEPTH}")));
        }
        let (row, column) = (self.row, self.column);
        let kind = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Kind::Plain(self.string()?),
            _ => {
                let is_part = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'+' | b'.');
                let length = self.rest().bytes().take_while(is_part).count();
                let token = self.rest().get(..length).unwrap_or_default();
                let value = Value::from_json(token)
                    .map_err(|error| self.error(format!("a value should stand here: {error}")))?;
                self.over(length);
                Kind::Plain(value)
            }
        };
        Ok(Node { row, column, kind })
    }

    fn string(&mut self) -> Result<Value, ChartError> {
        let mut is_escaped = true;
        let end = self.rest().bytes().position(|byte| {
            let is_end = byte == b'"' && !is_escaped;
            // The quote that it begins with counts as escaped.
            is_escaped = byte == b'\\' && !is_escaped;
            is_end
        });
        let Some(end) = end else { return Err(self.error("the text in quotes does not end")) };
        let token = self.rest().get(..=end).unwrap_or_default();
        let value = Value::from_json(token)
            .map_err(|error| self.error(format!("this is no text in quotes: {error}")))?;
        self.over(end + 1);
        Ok(value)
    }

    fn list(&mut self, depth: usize) -> Result<Kind, ChartError> {
        let mut items = Vec::new();
        self.over(1);
        self.space();
        while self.peek() != Some(b']') {
            if !items.is_empty() {
                self.comma("]")?;
            }
            items.push(self.node(depth + 1)?);
            self.space();
        }
        self.over(1);
        Ok(Kind::List(items))
    }

    fn map(&mut self, depth: usize) -> Result<Kind, ChartError> {
        let mut fields = Vec::new();
        self.over(1);
        self.space();
        while self.peek() != Some(b'}') {
            if !fields.is_empty() {
                self.comma("}")?;
            }
            if self.peek() != Some(b'"') {
                return Err(self.error("a key in quotes should stand here"));
            }
            let Value::String(key) = self.string()? else { continue };
            if key.len() > KEY {
                return Err(self.error(format!("the key before this has more than {KEY} bytes")));
            }
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.error("a `:` should stand here"));
            }
            self.over(1);
            self.space();
            fields.push((key.to_string(), self.node(depth + 1)?));
            self.space();
        }
        self.over(1);
        Ok(Kind::Map(fields))
    }

    fn comma(&mut self, end: &str) -> Result<(), ChartError> {
        if self.peek() != Some(b',') {
            return Err(self.error(format!("a `,` or a `{end}` should stand here")));
        }
        self.over(1);
        self.space();
        Ok(())
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
