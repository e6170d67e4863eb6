//! A policy as it is written.

use std::sync::Arc;

use super::error::Place;
use super::value::Value;

/// One module.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Module {
    pub(in crate::policy) file: Arc<str>,
    /// The package's path, without `data`.
    pub(in crate::policy) package: Vec<Arc<str>>,
    pub(in crate::policy) at: Place,
    pub(in crate::policy) imports: Vec<Import>,
    pub(in crate::policy) rules: Vec<Rule>,
    pub(in crate::policy) annotations: Vec<Annotation>,
    /// What each `with` replaces.
    pub(in crate::policy) replaced: Vec<Term>,
    /// Whether it is written in v1, all of it or from an import on.
    pub(in crate::policy) v1: bool,
}

/// `import data.a.b as c`.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Import {
    pub(in crate::policy) at: Place,
    pub(in crate::policy) path: Vec<Arc<str>>,
    pub(in crate::policy) alias: Option<Arc<str>>,
}

/// A block of comments that starts with `METADATA`.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Annotation {
    pub(in crate::policy) at: Place,
    /// The row after its last.
    pub(in crate::policy) end: u32,
    /// The YAML, without the comment signs.
    pub(in crate::policy) text: String,
}

/// One rule, or one branch of an `else`.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Rule {
    pub(in crate::policy) at: Place,
    pub(in crate::policy) default: bool,
    pub(in crate::policy) name: Arc<str>,
    /// What follows the name in the head's reference.
    pub(in crate::policy) path: Vec<Term>,
    pub(in crate::policy) args: Option<Vec<Term>>,
    pub(in crate::policy) head: Head,
    pub(in crate::policy) body: Vec<Literal>,
    pub(in crate::policy) otherwise: Option<Box<Rule>>,
}

/// What a rule makes.
#[derive(Clone, Debug)]
pub(in crate::policy) enum Head {
    /// A value.
    Value(Term),
    /// An element of a set.
    Contains(Term),
}

/// One expression of a body, with what it replaces.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Literal {
    pub(in crate::policy) at: Place,
    pub(in crate::policy) negated: bool,
    pub(in crate::policy) kind: LiteralKind,
    pub(in crate::policy) with: Vec<With>,
}

#[derive(Clone, Debug)]
pub(in crate::policy) enum LiteralKind {
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
pub(in crate::policy) struct Every {
    pub(in crate::policy) key: Option<Term>,
    pub(in crate::policy) value: Term,
    pub(in crate::policy) domain: Term,
    pub(in crate::policy) body: Vec<Literal>,
}

/// `with target as value`.
#[derive(Clone, Debug)]
pub(in crate::policy) struct With {
    pub(in crate::policy) at: Place,
    pub(in crate::policy) target: Term,
    pub(in crate::policy) value: Term,
}

#[derive(Clone, Debug)]
pub(in crate::policy) struct Term {
    pub(in crate::policy) at: Place,
    pub(in crate::policy) kind: TermKind,
}

#[derive(Clone, Debug)]
pub(in crate::policy) enum TermKind {
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
pub(in crate::policy) enum Part {
    Text(Arc<str>),
    Expr(Box<Literal>),
}

impl Term {
    pub(in crate::policy) const fn new(at: Place, kind: TermKind) -> Self {
        Self { at, kind }
    }
}
