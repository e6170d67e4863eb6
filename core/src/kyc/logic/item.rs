//! What a part of a rule comes to: a value that is borrowed or made, or what JavaScript has beyond JSON.

use super::data::Data;
use crate::value::{Number, Value};

/// What a part of a rule comes to. Only the dialect of JavaScript knows more than values.
#[derive(Debug)]
pub(super) enum Item<'a> {
    Ref(&'a Value),
    Own(Value),
    Undefined,
    NotANumber,
    /// Positive or, if so, negative.
    Infinite(bool),
}

impl Item<'_> {
    /// The value; what JSON cannot hold is null, as `JSON.stringify` writes it.
    pub(super) const fn value(&self) -> &Value {
        match self {
            Self::Ref(value) => value,
            Self::Own(value) => value,
            Self::Undefined | Self::NotANumber | Self::Infinite(_) => &Value::Null,
        }
    }

    /// The same, to keep.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Ref(value) => value.clone(),
            Self::Own(value) => value,
            Self::Undefined | Self::NotANumber | Self::Infinite(_) => Value::Null,
        }
    }

    /// The same, of data that does not last.
    pub(super) fn detached<'b>(self) -> Item<'b> {
        match self {
            Self::Ref(value) => Item::Own(value.clone()),
            Self::Own(value) => Item::Own(value),
            Self::Undefined => Item::Undefined,
            Self::NotANumber => Item::NotANumber,
            Self::Infinite(negative) => Item::Infinite(negative),
        }
    }

    /// JSON Logic's truth, of both dialects: null, false, zero, an empty text and an empty list are not true, and all else is.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Undefined | Self::NotANumber => false,
            Self::Infinite(_) => true,
            Self::Ref(_) | Self::Own(_) => match self.value() {
                Value::Null => false,
                Value::Bool(value) => *value,
                Value::Number(number) => number.signum() != 0,
                Value::String(text) => !text.is_empty(),
                Value::Array(_) | Value::Set(_) => !self.value().is_empty(),
                Value::Object(_) => true,
            },
        }
    }
}

impl<'a> From<Data<'a>> for Item<'a> {
    fn from(data: Data<'a>) -> Self {
        match data {
            Data::Value(value) => Self::Ref(value),
            Data::Text(_) | Data::Parts(_) => Self::Own(data.to_value()),
        }
    }
}

impl From<bool> for Item<'_> {
    fn from(value: bool) -> Self {
        Self::Own(Value::Bool(value))
    }
}

impl From<Number> for Item<'_> {
    fn from(value: Number) -> Self {
        Self::Own(Value::Number(value))
    }
}

impl From<String> for Item<'_> {
    fn from(value: String) -> Self {
        Self::Own(Value::from(value))
    }
}
