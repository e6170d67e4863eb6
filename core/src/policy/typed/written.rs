//! Amounts, thresholds and operands as they are written in a document: a number, a text, or an object that refers to something.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::excerpt;

/// An integer in the smallest unit of money, or a count: written as JSON's number or, from 2⁶⁴ on always, as text. `"unlimited"` is the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Units(pub i128);

impl Units {
    /// What nothing is above.
    pub const UNLIMITED: Self = Self(i128::MAX);
}

impl FromStr for Units {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "unlimited" {
            return Ok(Self::UNLIMITED);
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = digits == "0" && digits == text || !digits.starts_with('0');
        let number = text.parse().ok().filter(|_| plain && canonical);
        number.map(Self).ok_or_else(|| {
            format!("`{}` is no whole number below 2^127, nor `unlimited`", excerpt(text))
        })
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::UNLIMITED { f.write_str("unlimited") } else { self.0.fmt(f) }
    }
}

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Scalar::deserialize(from)?.units().map_err(D::Error::custom)
    }
}

/// How much: written down, or as a threshold that is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Quantity {
    /// So much: `"10000"`.
    Exactly(Units),
    /// A threshold: `{"threshold": "large"}`, or its entry for a fact: `{"threshold": "daily", "by": "kyc.level"}`.
    ///
    /// By a set of texts, such as roles, the strictest entry of them counts.
    Threshold {
        /// Its name.
        name: String,
        /// The fact that the entry is chosen by.
        by: Option<String>,
    },
}

/// The value of a threshold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Threshold {
    /// The same for all.
    One(Units),
    /// By level, role or account; `*` is for all others. Without it they are denied.
    By(BTreeMap<String, Units>),
}

/// What a fact is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Operand {
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Units(Units),
    /// A text; for a fact that is a number or a time, the text of one.
    Text(String),
    /// Another fact: `{"fact": "checker"}`.
    Fact(String),
    /// A threshold: `{"threshold": "large"}`.
    Threshold {
        /// Its name.
        name: String,
        /// The fact that the entry is chosen by.
        by: Option<String>,
    },
}

/// What stands in the document.
#[derive(Clone, Debug)]
enum Written {
    Scalar(Scalar),
    Map(BTreeMap<String, Scalar>),
}

#[derive(Clone, Debug)]
enum Scalar {
    Bool(bool),
    Int(i128),
    Text(String),
}

impl Scalar {
    fn units(self) -> Result<Units, String> {
        match self {
            Self::Int(number) => Ok(Units(number)),
            Self::Text(text) => text.parse(),
            Self::Bool(_) => Err("a whole number is expected, and not a boolean".to_owned()),
        }
    }

    fn text(self) -> Result<String, String> {
        if let Self::Text(text) = self { Ok(text) } else { Err("a text is expected".to_owned()) }
    }
}

/// The name and the `by` of a reference to a threshold.
fn threshold(mut map: BTreeMap<String, Scalar>) -> Result<(String, Option<String>), String> {
    const SHAPE: &str = "write a number, or `{\"threshold\": NAME}` with or without `\"by\": FACT`";
    let name = map.remove("threshold").ok_or(SHAPE)?.text()?;
    let by = map.remove("by").map(Scalar::text).transpose()?;
    if map.is_empty() { Ok((name, by)) } else { Err(SHAPE.to_owned()) }
}

fn reference(name: String, by: Option<String>) -> Written {
    let by = by.map(|by| ("by".to_owned(), Scalar::Text(by)));
    Written::Map(by.into_iter().chain([("threshold".to_owned(), Scalar::Text(name))]).collect())
}

impl TryFrom<Written> for Quantity {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Scalar(scalar) => scalar.units().map(Self::Exactly),
            Written::Map(map) => threshold(map).map(|(name, by)| Self::Threshold { name, by }),
        }
    }
}

impl From<Quantity> for Written {
    fn from(quantity: Quantity) -> Self {
        match quantity {
            Quantity::Exactly(units) => Self::Scalar(Scalar::Text(units.to_string())),
            Quantity::Threshold { name, by } => reference(name, by),
        }
    }
}

impl TryFrom<Written> for Threshold {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let map = match written {
            Written::Scalar(scalar) => return scalar.units().map(Self::One),
            Written::Map(map) => map,
        };
        let entries = map.into_iter().map(|(key, value)| Ok((key, value.units()?)));
        entries.collect::<Result<_, String>>().map(Self::By)
    }
}

impl From<Threshold> for Written {
    fn from(threshold: Threshold) -> Self {
        let text = |units: Units| Scalar::Text(units.to_string());
        match threshold {
            Threshold::One(units) => Self::Scalar(text(units)),
            Threshold::By(map) => {
                Self::Map(map.into_iter().map(|(key, units)| (key, text(units))).collect())
            }
        }
    }
}

impl TryFrom<Written> for Operand {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        Ok(match written {
            Written::Scalar(Scalar::Bool(value)) => Self::Bool(value),
            Written::Scalar(Scalar::Int(number)) => Self::Units(Units(number)),
            Written::Scalar(Scalar::Text(text)) => Self::Text(text),
            Written::Map(mut map) => match (map.remove("fact"), map.is_empty()) {
                (Some(fact), true) => Self::Fact(fact.text()?),
                (None, _) => {
                    let (name, by) = threshold(map)?;
                    Self::Threshold { name, by }
                }
                (Some(_), false) => return Err("write `{\"fact\": NAME}` alone".to_owned()),
            },
        })
    }
}

impl From<Operand> for Written {
    fn from(operand: Operand) -> Self {
        match operand {
            Operand::Bool(value) => Self::Scalar(Scalar::Bool(value)),
            Operand::Units(units) => Self::Scalar(Scalar::Int(units.0)),
            Operand::Text(text) => Self::Scalar(Scalar::Text(text)),
            Operand::Fact(name) => {
                Self::Map(BTreeMap::from([("fact".to_owned(), Scalar::Text(name))]))
            }
            Operand::Threshold { name, by } => reference(name, by),
        }
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(number) => match (i64::try_from(*number), u64::try_from(*number)) {
                (Ok(number), _) => serializer.serialize_i64(number),
                (_, Ok(number)) => serializer.serialize_u64(number),
                // Not every format has wider numbers.
                _ => serializer.collect_str(&Units(*number)),
            },
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Scalar(scalar) => scalar.serialize(serializer),
            Self::Map(map) => serializer.collect_map(map),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WrittenVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WrittenVisitor(PhantomData))
    }
}

/// What one visitor reads, with objects and without.
trait Reads: Sized {
    fn scalar(scalar: Scalar) -> Self;
    fn map(map: BTreeMap<String, Scalar>) -> Option<Self>;
}

impl Reads for Scalar {
    fn scalar(scalar: Scalar) -> Self {
        scalar
    }

    fn map(_: BTreeMap<String, Scalar>) -> Option<Self> {
        None
    }
}

impl Reads for Written {
    fn scalar(scalar: Scalar) -> Self {
        Self::Scalar(scalar)
    }

    fn map(map: BTreeMap<String, Scalar>) -> Option<Self> {
        Some(Self::Map(map))
    }
}

struct WrittenVisitor<T>(PhantomData<T>);

impl<'de, T: Reads> Visitor<'de> for WrittenVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, a text, a boolean or a reference")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        Ok(T::scalar(Scalar::Bool(value)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        Ok(T::scalar(Scalar::Int(number.into())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        Ok(T::scalar(Scalar::Int(number.into())))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(T::scalar(Scalar::Text(text.to_owned())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<T, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = from.next_entry::<String, Scalar>()? {
            // Of two amounts for one key nobody knows which is meant.
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("a key is there twice"));
            }
        }
        T::map(map).ok_or_else(|| A::Error::custom("an object does not belong here"))
    }
}
