//! Definitions read from Rego's values: what a bundle's JSON and YAML become, with exact numbers, and with the place of what is wrong.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer as _, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use super::definition::Definition;
use super::error::{TypedError, excerpt};
use super::load::CONDITION_DEPTH;
use crate::policy::rego::{Number, Value};

/// How deep a definition nests: its conditions, each an object in an array, and what stands around them.
// So reading one takes a stack that is bounded, too.
const DEEP: usize = 2 * CONDITION_DEPTH + 16;

impl Definition {
    /// Of a document, such as [`Value::from_json`] or [`Value::from_yaml`] reads it.
    ///
    /// ```
    /// use thalium::policy::rego::Value;
    /// use thalium::policy::typed::{Definition, Program};
    ///
    /// let document = Value::from_yaml("version: 1\nname: limits\nfacts: {amount: units}\nrules: []\n")?;
    /// assert!(Program::load(&Definition::from_value(&document)?).is_ok());
    /// let document = Value::from_json(r#"{"version": 1, "name": "limits", "facts": {"amount": "money"}}"#)?;
    /// assert_eq!(Definition::from_value(&document).unwrap_err().path, "facts.amount");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What is no definition, with its place; what [`Program::load`](super::Program::load) finds is not looked for yet.
    pub fn from_value(document: &Value) -> Result<Self, TypedError> {
        if usize::try_from(document.depth()).is_ok_and(|depth| depth > DEEP) {
            return Err(TypedError::new(Path::Whole, format_args!("nests deeper than {DEEP}")));
        }
        let reader = Reader { value: document, path: &Path::Whole };
        Self::deserialize(reader).map_err(|wrong| TypedError {
            path: wrong.path.unwrap_or_else(|| Path::Whole.to_string()),
            message: wrong.message,
        })
    }
}

/// Where something stands.
#[derive(Clone, Copy)]
enum Path<'a> {
    Whole,
    Field(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("definition"),
            Self::Field(Path::Whole, name) => f.write_str(&excerpt(name)),
            Self::Field(outer, name) => write!(f, "{outer}.{}", excerpt(name)),
            Self::Item(outer, at) => write!(f, "{outer}[{at}]"),
        }
    }
}

/// What is wrong, and where as soon as it is known.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Wrong {
    path: Option<String>,
    message: String,
}

impl Wrong {
    /// The innermost place counts.
    fn at(mut self, path: &Path<'_>) -> Self {
        self.path.get_or_insert_with(|| path.to_string());
        self
    }
}

impl Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { path: None, message: message.to_string() }
    }
}

#[derive(Clone, Copy)]
struct Reader<'de, 'p> {
    value: &'de Value,
    path: &'p Path<'p>,
}

impl<'de> Deserializer<'de> for Reader<'de, '_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let path = self.path;
        let read = match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => number_of(number, visitor),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(_) | Value::Set(_) => {
                let items = self.value.as_elements().unwrap_or_default().iter().enumerate();
                visitor.visit_seq(Items { items, path })
            }
            Value::Object(object) => {
                visitor.visit_map(Fields { fields: object.as_slice().iter(), value: None, path })
            }
        };
        read.map_err(|wrong| wrong.at(path))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if let Value::Null = self.value { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let path = self.path;
        let pairs = self.value.as_object().map(|object| object.as_slice());
        let read = match (self.value.as_str(), pairs) {
            (Some(text), _) => visitor.visit_enum(StrDeserializer::new(text)),
            (None, Some([(key, value)])) => {
                visitor.visit_enum(Variant { name: name_of(key)?, value, path })
            }
            (None, Some(_)) => Err(Wrong::custom("has several fields, or none, where one belongs")),
            (None, None) => {
                let kind = self.value.kind();
                Err(Wrong::custom(format_args!("is {kind} where a word or an object belongs")))
            }
        };
        read.map_err(|wrong| wrong.at(path))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}

/// A whole number, as it is written: none is rounded.
fn number_of<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Wrong> {
    let whole = Some(number).filter(|number| number.is_integer_text());
    match (whole.and_then(Number::to_i64), whole.and_then(Number::to_u64)) {
        (Some(number), _) => visitor.visit_i64(number),
        (None, Some(number)) => visitor.visit_u64(number),
        (None, None) => {
            let text = excerpt(&Value::Number(number.clone()).to_json());
            let what = "is no whole number of at most 64 bits: write a larger one as a text";
            Err(Wrong::custom(format_args!("`{text}` {what}")))
        }
    }
}

fn name_of(key: &Value) -> Result<&str, Wrong> {
    key.as_str().ok_or_else(|| Wrong::custom("has a key that is no text"))
}

struct Items<'de, 'p, I: Iterator<Item = (usize, &'de Value)>> {
    items: I,
    path: &'p Path<'p>,
}

impl<'de, I: Iterator<Item = (usize, &'de Value)>> SeqAccess<'de> for Items<'de, '_, I> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some((at, value)) = self.items.next() else { return Ok(None) };
        let path = Path::Item(self.path, at);
        let read = seed.deserialize(Reader { value, path: &path });
        read.map(Some).map_err(|wrong| wrong.at(&path))
    }
}

struct Fields<'de, 'p> {
    fields: std::slice::Iter<'de, (Value, Value)>,
    value: Option<(&'de str, &'de Value)>,
    path: &'p Path<'p>,
}

impl<'de> MapAccess<'de> for Fields<'de, '_> {
    type Error = Wrong;

    fn next_key_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some((key, value)) = self.fields.next() else { return Ok(None) };
        let name = name_of(key)?;
        self.value = Some((name, value));
        let key: StrDeserializer<'_, Wrong> = name.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Wrong> {
        let Some((name, value)) = self.value.take() else {
            return Err(Wrong::custom("a value is asked for before its key"));
        };
        let path = Path::Field(self.path, name);
        seed.deserialize(Reader { value, path: &path }).map_err(|wrong| wrong.at(&path))
    }
}

/// A variant and what it holds: `{"eq": …}`.
struct Variant<'de, 'p> {
    name: &'de str,
    value: &'de Value,
    path: &'p Path<'p>,
}

impl<'de> EnumAccess<'de> for Variant<'de, '_> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Wrong> {
        let name: StrDeserializer<'_, Wrong> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de, '_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Err(Wrong::custom(format_args!("write `{}` as a word alone", excerpt(self.name))))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        let path = Path::Field(self.path, self.name);
        seed.deserialize(Reader { value: self.value, path: &path }).map_err(|wrong| wrong.at(&path))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        let path = Path::Field(self.path, self.name);
        Reader { value: self.value, path: &path }.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let path = Path::Field(self.path, self.name);
        Reader { value: self.value, path: &path }.deserialize_any(visitor)
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
