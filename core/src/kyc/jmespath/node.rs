//! An expression as it is compiled.

use super::function::Function;
use crate::kyc::logic::Roots;
use crate::value::Value;

#[derive(Debug)]
pub(super) enum Node {
    /// `@`, and what stands before an expression that begins with a bracket.
    Current,
    Literal(Value),
    /// `a.b.c`
    Fields(Vec<Box<str>>),
    /// `[0]`, from the end if it is negative.
    Index(i64),
    Slice(Slice),
    /// The second of what the first comes to.
    Then(Box<(Node, Node)>),
    /// `[]`: the items of a list, and those of the lists among them.
    Flatten(Box<Node>),
    /// What is projected, and what is asked of each part; null is left out.
    Each(Over, Box<(Node, Node)>),
    Not(Box<Node>),
    /// The first that is true, or the last.
    Any(Vec<Node>),
    /// The first that is not true, or the last.
    All(Vec<Node>),
    Compare(Comparison, Box<(Node, Node)>),
    /// `[a, b]`
    List(Vec<Node>),
    /// `{a: b}`
    Object(Vec<(Value, Node)>),
    /// A function, what it is given, and its column.
    Call(Function, Vec<Node>, u32),
    /// `&a`, which only a function takes.
    Expression(Box<Node>),
}

/// What is projected.
#[derive(Debug)]
pub(super) enum Over {
    /// The items of a list.
    Items,
    /// The values of an object.
    Values,
    /// The items of a list for which this is true.
    Filter(Box<Node>),
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slice {
    pub(super) start: Option<i64>,
    pub(super) stop: Option<i64>,
    pub(super) step: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Node {
    /// The second of what the first comes to; names after names are one path.
    pub(super) fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Fields(mut names), Self::Fields(more)) => {
                names.extend(more);
                Self::Fields(names)
            }
            (Self::Current, next) => next,
            (first, next) => Self::Then(Box::new((first, next))),
        }
    }

    /// What it reads of the data that it is asked of. It nests no deeper than a text may.
    pub(super) fn roots(&self, roots: &mut Roots) {
        match self {
            // A reference is asked of the items that its function is given.
            Self::Literal(_) | Self::Expression(_) => {}
            // The data is an object and has no items; that is not for this to know.
            Self::Current | Self::Index(_) | Self::Slice(_) => roots.add(None),
            Self::Fields(names) => roots.add(names.first().map(|name| &**name)),
            // What comes second is asked of what the first found.
            Self::Then(pair) => pair.0.roots(roots),
            Self::Each(_, parts) => parts.0.roots(roots),
            Self::Flatten(inner) | Self::Not(inner) => inner.roots(roots),
            Self::Compare(_, pair) => {
                pair.0.roots(roots);
                pair.1.roots(roots);
            }
            Self::Any(nodes) | Self::All(nodes) | Self::List(nodes) | Self::Call(_, nodes, _) => {
                nodes.iter().for_each(|node| node.roots(roots));
            }
            Self::Object(fields) => fields.iter().for_each(|(_, node)| node.roots(roots)),
        }
    }
}
