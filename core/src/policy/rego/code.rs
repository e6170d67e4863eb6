//! What the evaluator runs: bodies in order, every variable known to be bound or not where it stands.

use std::cmp::Ordering;
use std::sync::Arc;

use super::builtin::Builtin;
use super::error::Place;
use super::goal::{Make, Slot};
use super::index::Index;
use super::tree::{Kind, NodeId};
use super::value::Value;

/// A value of bound variables.
#[derive(Debug)]
pub(super) enum Expr {
    Const(Value),
    Slot(Slot),
    /// `input.a.b`: constants only.
    Input(Box<[Value]>),
    Data(Box<DataRef>),
    Index(Box<Expr>, Box<[Expr]>),
    Array(Box<[Expr]>),
    Set(Box<[Expr]>),
    Object(Box<[(Expr, Expr)]>),
    Builtin(&'static Builtin, Box<[Expr]>, Site),
    Function(NodeId, Box<[Expr]>),
    Compare(Comparison, Box<(Expr, Expr)>),
    /// `x in xs`.
    Member(Box<(Expr, Expr)>),
    Closure(Box<ClosureCode>),
    Template(Box<[PieceCode]>),
}

/// Where an expression stands: a file by its number, and the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) struct Site {
    pub(in crate::policy) file: u32,
    pub(in crate::policy) row: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A reference into `data`. Its first `consumed` keys are constants that lead to `node`, which is the first with rules, or the last that there is.
#[derive(Debug)]
pub(super) struct DataRef {
    pub(super) node: NodeId,
    pub(super) consumed: usize,
    pub(super) path: Box<[Expr]>,
}

#[derive(Debug)]
pub(super) struct ClosureCode {
    pub(super) make: Make,
    pub(super) body: Block,
    pub(super) head: Box<[Expr]>,
}

#[derive(Debug)]
pub(super) enum PieceCode {
    Text(Arc<str>),
    /// A set of at most one value.
    Expr(Expr),
}

/// Instructions one after the other: each holds, or not, or holds in several ways.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) instrs: Box<[Instr]>,
    /// Where each was written, for those who watch; what belongs to a rule's head has a column of zero, and what is not told
    /// a row of zero.
    pub(super) places: Box<[Place]>,
    /// The file, by its number.
    pub(super) file: u32,
}

#[derive(Debug)]
pub(super) enum Instr {
    /// Defined and not false.
    Test(Expr),
    Let(Slot, Expr),
    Match(Pattern, Expr),
    Not(Block),
    Every(Box<EveryCode>),
    /// In several ways: all below.
    Walk(Box<WalkCode>),
    Relation(&'static Builtin, Box<[Expr]>, Pattern, Site),
    With(Box<[WithCode]>, Block),
    /// Holds always: what it would say is only found out for those who watch. Each is the set of an argument's values.
    Print(Box<[Expr]>),
}

#[derive(Debug)]
pub(super) struct EveryCode {
    pub(super) domain: Expr,
    pub(super) key: Pattern,
    pub(super) value: Pattern,
    pub(super) body: Block,
}

/// A reference with keys that are not bound yet.
#[derive(Debug)]
pub(super) struct WalkCode {
    pub(super) base: Base,
    pub(super) path: Box<[Segment]>,
    pub(super) into: Pattern,
    /// Whether a value of false does not hold.
    pub(super) truthy: bool,
}

#[derive(Debug)]
pub(super) enum Base {
    /// `data`, from the root.
    Data,
    Expr(Expr),
}

#[derive(Debug)]
pub(super) enum Segment {
    Key(Expr),
    Each(Pattern),
}

#[derive(Debug)]
pub(super) enum Pattern {
    Any,
    Bind(Slot),
    Equal(Expr),
    Array(Box<[Pattern]>),
    Object(Box<[(Expr, Pattern)]>),
}

#[derive(Debug)]
pub(super) struct WithCode {
    pub(super) target: TargetCode,
    pub(super) replacement: ReplacementCode,
}

#[derive(Debug)]
pub(super) enum TargetCode {
    Input(Box<[Value]>),
    Data(Box<[Value]>),
    Builtin(&'static str),
    Function(NodeId),
}

#[derive(Debug)]
pub(super) enum ReplacementCode {
    Value(Expr),
    Builtin(&'static Builtin),
    Function(NodeId),
}

/// A node of the tree with its rules.
#[derive(Debug)]
pub(super) struct NodeCode {
    pub(super) kind: Kind,
    /// Sorted by key.
    pub(super) children: Box<[(Value, NodeId)]>,
    pub(super) rules: Box<[RuleCode]>,
    pub(super) default: Option<RuleCode>,
    pub(super) index: Option<Index>,
    /// Whether all rules have the same constant value, so that the first that holds decides.
    pub(super) early: bool,
    /// Whether all rules can be run for one key.
    pub(super) keyed: bool,
}

/// A rule, with its frame's size.
#[derive(Debug)]
pub(super) struct RuleCode {
    pub(super) at: Site,
    pub(super) node: NodeId,
    pub(super) slots: usize,
    pub(super) body: Block,
    /// The keys of the head that are no constants, with those after them.
    pub(super) path: Box<[Expr]>,
    pub(super) contains: bool,
    pub(super) value: Expr,
    pub(super) otherwise: Option<Box<RuleCode>>,
    /// The rule for one key, where its head has some.
    pub(super) keyed: Option<Box<KeyedCode>>,
}

/// A rule in which the first key of its head, or the element that it adds to a set, is known before its body runs.
#[derive(Debug)]
pub(super) struct KeyedCode {
    pub(super) key: Slot,
    pub(super) slots: usize,
    pub(super) body: Block,
    pub(super) path: Box<[Expr]>,
    pub(super) value: Expr,
}

impl Instr {
    /// Whether it holds in at most one way.
    pub(super) fn is_single(&self) -> bool {
        match self {
            Self::Walk(_) | Self::Relation(..) => false,
            Self::With(_, body) => body.instrs.iter().all(Self::is_single),
            _ => true,
        }
    }
}

impl Comparison {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "equal" => Self::Equal,
            "neq" => Self::NotEqual,
            "lt" => Self::Less,
            "lte" => Self::LessOrEqual,
            "gt" => Self::Greater,
            "gte" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// Whether it holds for values in that order.
    pub(super) const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}
