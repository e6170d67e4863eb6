//! Values as policies and cases know them: JSON's with exact numbers, and sets, in one total order; read from JSON and YAML.

pub(crate) mod collection;
mod exhausted;
pub(crate) mod json;
pub(crate) mod number;
mod number_float;
mod regex_names;
pub(crate) mod regex_syntax;
pub(crate) mod schema;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod yaml;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

pub use collection::{Array, Object, Set};
pub use exhausted::Exhausted;
pub use json::JsonError;
pub use number::{DIGITS, Number, NumberError};

/// The deepest nesting of a value: what is deeper is refused where it would arise, so that no walk over a value can exhaust the stack.
pub const DEPTH: u32 = 400;

/// A value. Cloning is cheap: what is large is shared.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A decimal number.
    Number(Number),
    /// A text.
    String(Arc<str>),
    /// An array.
    Array(Arc<Array>),
    /// An object: any value can be a key.
    Object(Arc<Object>),
    /// A set.
    Set(Arc<Set>),
}

impl Value {
    /// A text.
    #[must_use]
    pub fn string(text: &str) -> Self {
        Self::String(Arc::from(text))
    }

    /// An integer.
    #[must_use]
    pub fn int(number: i64) -> Self {
        Self::Number(Number::from(number))
    }

    /// An array of the items in their order.
    pub fn array(items: impl IntoIterator<Item = Self>) -> Self {
        Self::Array(Arc::new(Array::new(items.into_iter().collect())))
    }

    /// A set of the items: sorted, each once.
    pub fn set(items: impl IntoIterator<Item = Self>) -> Self {
        Self::Set(Arc::new(items.into_iter().collect()))
    }

    /// An object of the pairs; of equal keys the last counts.
    pub fn object(pairs: impl IntoIterator<Item = (Self, Self)>) -> Self {
        Self::Object(Arc::new(pairs.into_iter().collect()))
    }

    /// An object of fields by their names.
    pub fn fields<'a>(fields: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::object(fields.into_iter().map(|(name, value)| (Self::from(name), value)))
    }

    /// What kind of value it is, as `type_name` answers: `null`, `boolean`, `number`, `string`, `array`, `object`, `set`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
            Self::Set(_) => "set",
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn as_number(&self) -> Option<&Number> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The items of an array, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The object, if it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The set, if it is one.
    #[must_use]
    pub fn as_set(&self) -> Option<&Set> {
        if let Self::Set(set) = self { Some(set) } else { None }
    }

    /// The elements of an array or a set in order: what a collection's built-ins accept.
    #[must_use]
    pub fn as_elements(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            Self::Set(set) => Some(set.as_slice()),
            _ => None,
        }
    }

    /// What `value[key]` is: an array's item, an object's value, a set's element. `1.0` is an object's key `1`, and no index of an array.
    #[must_use]
    pub fn get(&self, key: &Self) -> Option<&Self> {
        match self {
            Self::Array(items) => {
                items.get(key.as_number().filter(|key| key.is_integer_text())?.to_usize()?)
            }
            Self::Object(object) => object.get(key),
            Self::Set(set) => set.get(key),
            _ => None,
        }
    }

    /// What `value["key"]` is.
    #[must_use]
    pub fn get_str(&self, key: &str) -> Option<&Self> {
        if let Self::Object(object) = self { object.get_str(key) } else { None }
    }

    /// How many items, pairs or elements it has; none for a scalar.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Array(items) => items.len(),
            Self::Object(object) => object.len(),
            Self::Set(set) => set.len(),
            _ => 0,
        }
    }

    /// Whether it has no items, pairs or elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How deep it nests: a scalar is 0, an array of scalars is 1.
    #[must_use]
    pub fn depth(&self) -> u32 {
        match self {
            Self::Array(items) => items.depth(),
            Self::Object(object) => object.depth(),
            Self::Set(set) => set.depth(),
            _ => 0,
        }
    }

    /// About how many bytes its text has: shared parts count as often as they stand in it. At most `u64::MAX`.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Null | Self::Bool(_) => 5,
            Self::Number(number) => digits(number),
            Self::String(text) => length(text.len()).saturating_add(2),
            Self::Array(items) => items.size(),
            Self::Object(object) => object.size(),
            Self::Set(set) => set.size(),
        }
    }

    /// Whether comparing it takes no time worth telling.
    pub(crate) fn is_short(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) => true,
            Self::Number(number) => digits(number) <= 64,
            Self::String(text) => text.len() <= 64,
            Self::Array(_) | Self::Object(_) | Self::Set(_) => false,
        }
    }

    /// JSON's text as OPA writes it: keys sorted, sets as arrays, keys that are no texts as their JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        text::json(self, text::Escape::Plain)
    }

    /// JSON's text as Go's encoder writes it, which escapes `<`, `>`, `&`, U+2028 and U+2029: what `json.marshal` answers.
    #[must_use]
    pub fn to_html_safe_json(&self) -> String {
        text::json(self, text::Escape::Html)
    }

    /// Of JSON's text.
    ///
    /// # Errors
    ///
    /// It is no JSON, nests too deep, or has a number out of bounds.
    pub fn from_json(json: &str) -> Result<Self, json::JsonError> {
        json::parse(json)
    }

    /// Of YAML's text, as a document is read: the first of several, with the types that Go gives to scalars.
    ///
    /// # Errors
    ///
    /// It is no YAML, has what JSON has not, nests too deep, or has a number that would be rounded.
    pub fn from_yaml(yaml: &str) -> Result<Self, String> {
        yaml::parse_exact(yaml).map_err(|error| error.to_string())
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Number(_) => 2,
            Self::String(_) => 3,
            Self::Array(_) => 4,
            Self::Object(_) => 5,
            Self::Set(_) => 6,
        }
    }
}

/// About how many digits a number has, written out.
fn digits(number: &Number) -> u64 {
    if number.is_integer_text() && number.to_i64().is_some() {
        return 8;
    }
    let (mantissa, exponent) = number.decimal();
    (mantissa.bits() / 3).saturating_add(exponent.unsigned_abs()).saturating_add(2)
}

pub(crate) fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => Arc::ptr_eq(a, b) || a == b,
            (Self::Object(a), Self::Object(b)) => Arc::ptr_eq(a, b) || a == b,
            (Self::Set(a), Self::Set(b)) => Arc::ptr_eq(a, b) || a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Null before booleans, numbers, texts, arrays, objects, sets; texts by their bytes, collections by their first difference.
impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::Array(a), Self::Array(b)) if Arc::ptr_eq(a, b) => Ordering::Equal,
            (Self::Array(a), Self::Array(b)) => a.cmp(b),
            (Self::Object(a), Self::Object(b)) if Arc::ptr_eq(a, b) => Ordering::Equal,
            (Self::Object(a), Self::Object(b)) => a.cmp(b),
            (Self::Set(a), Self::Set(b)) if Arc::ptr_eq(a, b) => Ordering::Equal,
            (Self::Set(a), Self::Set(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// Rego's text: `{"a": 1}`, `[1, 2]`, `{1, 2}`, `set()`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::rego(self))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::int(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Number(Number::from(value))
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Number(Number::from(value))
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

/// An object of names and their values, such as what a query binds.
impl From<Vec<(Arc<str>, Value)>> for Value {
    fn from(named: Vec<(Arc<str>, Value)>) -> Self {
        Self::object(named.into_iter().map(|(name, value)| (Self::String(name), value)))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::string(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(Arc::from(value))
    }
}

#[cfg(test)]
#[path = "value_tests.rs"]
pub(crate) mod tests;
