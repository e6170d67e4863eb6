//! A policy as it is written.

use std::sync::Arc;

use super::error::Place;
use super::value::Value;

/// One module.
#[derive(Clone, Debug)]
pub(super) struct Module {
    pub(super) file: Arc<str>,
    /// The package's path, without `data`.
    pub(super) package: Vec<Arc<str>>,
    pub(super) at: Place,
    pub(super) imports: Vec<Import>,
    pub(super) rules: Vec<Rule>,
    pub(super) annotations: Vec<Annotation>,
    /// What each `with` replaces.
    pub(super) replaced: Vec<Term>,
    /// Whether it is written in v1, all of it or from an import on.
    pub(super) v1: bool,
}

/// `import data.a.b as c`.
#[derive(Clone, Debug)]
pub(super) struct Import {
    pub(super) at: Place,
    pub(super) path: Vec<Arc<str>>,
    pub(super) alias: Option<Arc<str>>,
}

/// A block of comments that starts with `METADATA`.
#[derive(Clone, Debug)]
pub(super) struct Annotation {
    pub(super) at: Place,
    /// The row after its last.
    pub(super) end: u32,
    /// The YAML, without the comment signs.
    pub(super) text: String,
}

/// One rule, or one branch of an `else`.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) at: Place,
    pub(super) default: bool,
    pub(super) name: Arc<str>,
    /// What follows the name in the head's reference.
    pub(super) path: Vec<Term>,
    pub(super) args: Option<Vec<Term>>,
    pub(super) head: Head,
    pub(super) body: Vec<Literal>,
    pub(super) otherwise: Option<Box<Rule>>,
}

/// What a rule makes.
#[derive(Clone, Debug)]
pub(super) enum Head {
    /// A value.
    Value(Term),
    /// An element of a set.
    Contains(Term),
}

/// One expression of a body, with what it replaces.
#[derive(Clone, Debug)]
pub(super) struct Literal {
    pub(super) at: Place,
    pub(super) negated: bool,
    pub(super) kind: LiteralKind,
    pub(super) with: Vec<With>,
}

#[derive(Clone, Debug)]
pub(super) enum LiteralKind {
    Term(Term),
    Assign(Term, Term),
    Unify(Term, Term),
    /// `some x, y`.
    Declare(Vec<Arc<str>>),
    /// `some k, v in xs`.
    SomeIn(Option<Term>, Term, Term),
    Every(Box<Every>),
}

#[derive(Clone, Debug)]
pub(super) struct Every {
    pub(super) key: Option<Term>,
    pub(super) value: Term,
    pub(super) domain: Term,
    pub(super) body: Vec<Literal>,
}

/// `with target as value`.
#[derive(Clone, Debug)]
pub(super) struct With {
    pub(super) at: Place,
    pub(super) target: Term,
    pub(super) value: Term,
}

#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) at: Place,
    pub(super) kind: TermKind,
}

#[derive(Clone, Debug)]
pub(super) enum TermKind {
    Scalar(Value),
    /// A name; `_` is a wildcard, each its own.
    Var(Arc<str>),
    Ref(Box<Term>, Vec<Term>),
    /// A function by its dotted name's terms: a `Var` or a `Ref`.
    Call(Box<Term>, Vec<Term>),
    /// An operator by the built-in's name.
    Op(&'static str, Vec<Term>),
    Array(Vec<Term>),
    Object(Vec<(Term, Term)>),
    Set(Vec<Term>),
    ArrayOf(Box<Term>, Vec<Literal>),
    SetOf(Box<Term>, Vec<Literal>),
    ObjectOf(Box<(Term, Term)>, Vec<Literal>),
    Template(Vec<Part>),
}

/// A part of a template string.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(Arc<str>),
    Expr(Box<Literal>),
}

impl Term {
    pub(super) const fn new(at: Place, kind: TermKind) -> Self {
        Self { at, kind }
    }
}
