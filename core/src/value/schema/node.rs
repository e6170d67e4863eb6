//! A schema's node, compiled.

use std::collections::BTreeMap;

use regex::Regex;

use super::super::Number;
use super::super::Value;

/// The place of a node among a schema's nodes; the root's is 0.
pub(super) type At = usize;

/// What a node demands.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// `true` or `false` in place of a schema.
    pub(super) verdict: Option<bool>,
    /// Where it refers to; nothing else counts then.
    pub(super) reference: Option<At>,
    pub(super) types: Vec<Type>,
    pub(super) constant: Option<Value>,
    pub(super) choices: Option<Vec<Value>>,
    pub(super) format: Option<String>,
    pub(super) number: OfNumber,
    pub(super) text: OfText,
    pub(super) array: OfArray,
    pub(super) object: OfObject,
    pub(super) logic: Logic,
}

impl Node {
    /// Whether it demands of an object only which members there are, and something of each: what of one of them is wrong depends on no other.
    pub(super) fn is_by_member(&self) -> bool {
        let Self { verdict, reference, constant, choices, object, .. } = self;
        verdict.is_none()
            && reference.is_none()
            && constant.is_none()
            && choices.is_none()
            && object.dependencies.is_empty()
            && self.logic.asked().next().is_none()
    }

    /// The nodes that it asks, of a value or of each of its parts; one that it asks for several reasons, several times.
    pub(super) fn asked(&self) -> impl Iterator<Item = At> {
        let Self { reference, array, object, logic, .. } = self;
        let (each, placed) = match &array.items {
            Items::Any => (None, &[][..]),
            Items::Each(each) => (Some(*each), &[][..]),
            Items::Placed(placed) => (None, &placed[..]),
        };
        let more = [array.more, object.more].into_iter().filter_map(|more| match more {
            More::Any | More::None => None,
            More::Like(at) => Some(at),
        });
        let like = object.dependencies.values().filter_map(|dependency| match dependency {
            Dependency::Like(at) => Some(*at),
            Dependency::Members(_) => None,
        });
        let one = [*reference, each, array.contains, object.names];
        let patterns = object.patterns.iter().map(|(_, at)| *at);
        one.into_iter()
            .flatten()
            .chain(placed.iter().copied())
            .chain(more)
            .chain(like)
            .chain(object.members.values().copied())
            .chain(patterns)
            .chain(logic.asked())
    }
}

impl Logic {
    fn asked(&self) -> impl Iterator<Item = At> {
        let Self { all_of, any_of, one_of, not, condition, then, otherwise } = self;
        let lists = [all_of, any_of, one_of].into_iter().flatten().copied();
        lists.chain([*not, *condition, *then, *otherwise].into_iter().flatten())
    }
}

/// What it demands of a number.
#[derive(Debug, Default)]
pub(super) struct OfNumber {
    pub(super) multiple_of: Option<Number>,
    pub(super) minimum: Option<Number>,
    pub(super) above: Option<Number>,
    pub(super) maximum: Option<Number>,
    pub(super) below: Option<Number>,
}

/// What it demands of a text.
#[derive(Debug, Default)]
pub(super) struct OfText {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) pattern: Option<(String, Regex)>,
}

/// What it demands of an array.
#[derive(Debug, Default)]
pub(super) struct OfArray {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) unique: bool,
    pub(super) items: Items,
    pub(super) more: More,
    pub(super) contains: Option<At>,
}

/// What it demands of an array's items.
#[derive(Debug, Default)]
pub(super) enum Items {
    /// Nothing.
    #[default]
    Any,
    /// The same of each.
    Each(At),
    /// Of each by its place.
    Placed(Vec<At>),
}

/// What it demands of items or members that are not named.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum More {
    /// Nothing.
    #[default]
    Any,
    /// That there are none.
    None,
    /// What a schema has.
    Like(At),
}

/// What it demands of an object.
#[derive(Debug, Default)]
pub(super) struct OfObject {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) required: Vec<String>,
    pub(super) members: BTreeMap<String, At>,
    pub(super) patterns: Vec<(Regex, At)>,
    pub(super) more: More,
    pub(super) names: Option<At>,
    pub(super) dependencies: BTreeMap<String, Dependency>,
}

/// What a member brings with it.
#[derive(Debug)]
pub(super) enum Dependency {
    /// Other members.
    Members(Vec<String>),
    /// A schema of the object.
    Like(At),
}

/// Schemas that it is made of.
#[derive(Debug, Default)]
pub(super) struct Logic {
    pub(super) all_of: Vec<At>,
    pub(super) any_of: Vec<At>,
    pub(super) one_of: Vec<At>,
    pub(super) not: Option<At>,
    pub(super) condition: Option<At>,
    pub(super) then: Option<At>,
    pub(super) otherwise: Option<At>,
}

/// A type of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Array,
    Boolean,
    Integer,
    Number,
    Null,
    Object,
    String,
}

impl Type {
    /// All of them, in the order in which messages list them.
    pub(super) const ALL: [Self; 7] = [
        Self::Array,
        Self::Boolean,
        Self::Integer,
        Self::Number,
        Self::Null,
        Self::Object,
        Self::String,
    ];

    /// The name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Array => "array",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Null => "null",
            Self::Object => "object",
            Self::String => "string",
        }
    }

    /// A value's type; a set is an array.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_integer() => Self::Integer,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) | Value::Set(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}
