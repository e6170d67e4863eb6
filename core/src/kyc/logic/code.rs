//! A rule as it is compiled: paths split, operators known, constants made.

use crate::value::Value;

/// A part of a rule.
#[derive(Debug)]
pub(super) struct Node {
    /// Where it stands, as a number of the rule's list of places.
    pub(super) place: u32,
    pub(super) code: Code,
}

#[derive(Debug)]
pub(super) enum Code {
    /// A value as it stands.
    Literal(Value),
    /// An argument that JavaScript lets be missing.
    Undefined,
    /// A list with parts that are evaluated.
    List(Vec<Node>),
    /// What stands at a path that is known.
    Var(Read, Option<Box<Node>>),
    /// What stands at a path that is evaluated.
    Lookup(Box<Node>, Option<Box<Node>>),
    If(Vec<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    /// A list, and what is asked of each item.
    Each(Each, Box<(Node, Node)>),
    /// A list, what is made of each item and what there is so far, and what there is at first.
    Reduce(Box<(Node, Node, Node)>),
    Apply(Op, Vec<Node>),
}

/// A path that is known.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) text: Box<str>,
    pub(super) keys: Vec<Key>,
}

/// A part of a path: a name, which may be an index.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: Box<str>,
    pub(super) index: Option<usize>,
}

impl Read {
    /// Of a path's text: none of its keys if it is empty, which is all the data.
    pub(super) fn new(text: &str) -> Self {
        let key = |name: &str| Key { name: name.into(), index: index(name) };
        let keys = if text.is_empty() { Vec::new() } else { text.split('.').map(key).collect() };
        Self { text: text.into(), keys }
    }
}

/// The index that a name is: digits without a zero before them.
pub(super) fn index(name: &str) -> Option<usize> {
    let plain = name.bytes().all(|byte| byte.is_ascii_digit());
    let leading = name.len() > 1 && name.starts_with('0');
    if plain && !leading { name.parse().ok() } else { None }
}

/// What is done with each item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Each {
    Map,
    Filter,
    All,
    None,
    Some,
}

/// An operator whose arguments are all evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Equal,
    Unequal,
    Same,
    Different,
    Not,
    Truth,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Max,
    Min,
    Merge,
    In,
    Cat,
    Substr,
    Log,
    Missing,
    MissingSome,
}

/// What a name of an operator stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Var,
    If,
    And,
    Or,
    Each(Each),
    Reduce,
    Apply(Op),
}

/// Every operator: its name, what it is, and how many arguments the strict dialect takes.
pub(super) const OPERATORS: [(&str, Operator, usize, usize); 36] = [
    ("var", Operator::Var, 0, 2),
    ("if", Operator::If, 2, MANY),
    ("?:", Operator::If, 2, MANY),
    ("and", Operator::And, 1, MANY),
    ("or", Operator::Or, 1, MANY),
    ("map", Operator::Each(Each::Map), 2, 2),
    ("filter", Operator::Each(Each::Filter), 2, 2),
    ("all", Operator::Each(Each::All), 2, 2),
    ("none", Operator::Each(Each::None), 2, 2),
    ("some", Operator::Each(Each::Some), 2, 2),
    ("reduce", Operator::Reduce, 2, 3),
    ("==", Operator::Apply(Op::Equal), 2, 2),
    ("!=", Operator::Apply(Op::Unequal), 2, 2),
    ("===", Operator::Apply(Op::Same), 2, 2),
    ("!==", Operator::Apply(Op::Different), 2, 2),
    ("!", Operator::Apply(Op::Not), 1, 1),
    ("!!", Operator::Apply(Op::Truth), 1, 1),
    (">", Operator::Apply(Op::Greater), 2, 2),
    (">=", Operator::Apply(Op::GreaterEqual), 2, 2),
    ("<", Operator::Apply(Op::Less), 2, 3),
    ("<=", Operator::Apply(Op::LessEqual), 2, 3),
    ("+", Operator::Apply(Op::Add), 1, MANY),
    ("-", Operator::Apply(Op::Subtract), 1, 2),
    ("*", Operator::Apply(Op::Multiply), 1, MANY),
    ("/", Operator::Apply(Op::Divide), 2, 2),
    ("%", Operator::Apply(Op::Remainder), 2, 2),
    ("max", Operator::Apply(Op::Max), 1, MANY),
    ("min", Operator::Apply(Op::Min), 1, MANY),
    ("merge", Operator::Apply(Op::Merge), 0, MANY),
    ("in", Operator::Apply(Op::In), 2, 2),
    ("cat", Operator::Apply(Op::Cat), 0, MANY),
    ("substr", Operator::Apply(Op::Substr), 2, 3),
    ("log", Operator::Apply(Op::Log), 1, 1),
    ("missing", Operator::Apply(Op::Missing), 0, MANY),
    ("missing_some", Operator::Apply(Op::MissingSome), 2, 2),
    // Calls a method of an object of JavaScript: there are none here, and it is refused with a sentence of its own.
    (METHOD, Operator::Apply(Op::Log), 0, MANY),
];

/// No bound on the arguments but that of the rule.
pub(super) const MANY: usize = usize::MAX;

/// The operator that is known, and refused.
pub(super) const METHOD: &str = "method";
