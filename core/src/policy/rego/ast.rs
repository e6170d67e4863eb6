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

impl Import {
    /// The name that it brings into its module.
    pub(in crate::policy) fn name(&self) -> Option<&Arc<str>> {
        self.alias.as_ref().or(self.path.last())
    }
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
    /// How many terms stand within one another at most, this one counted: each is a call in what walks over it.
    pub(in crate::policy) height: u32,
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
    pub(in crate::policy) fn new(at: Place, kind: TermKind) -> Self {
        let height = kind.inner().saturating_add(1);
        Self { at, kind, height }
    }
}

impl TermKind {
    /// The height of the highest term within.
    fn inner(&self) -> u32 {
        match self {
            Self::Scalar(_) | Self::Var(_) => 0,
            Self::Ref(head, terms) | Self::Call(head, terms) => head.height.max(highest(terms)),
            Self::Op(_, terms) | Self::Array(terms) | Self::Set(terms) => highest(terms),
            Self::Object(pairs) => highest(pairs.iter().flat_map(|(key, value)| [key, value])),
            Self::ArrayOf(head, body) | Self::SetOf(head, body) => head.height.max(of_body(body)),
            Self::ObjectOf(pair, body) => pair.0.height.max(pair.1.height).max(of_body(body)),
            Self::Template(parts) => {
                let heights = parts.iter().map(|part| match part {
                    Part::Text(_) => 0,
                    Part::Expr(literal) => literal.height(),
                });
                heights.max().unwrap_or_default()
            }
        }
    }
}

impl Literal {
    fn height(&self) -> u32 {
        let own = match &self.kind {
            LiteralKind::Term(term) => term.height,
            LiteralKind::Assign(a, b) | LiteralKind::Unify(a, b) => a.height.max(b.height),
            LiteralKind::Declare(_) => 0,
            LiteralKind::SomeIn(key, value, domain) => highest(key.iter().chain([value, domain])),
            LiteralKind::Every(every) => {
                let terms = every.key.iter().chain([&every.value, &every.domain]);
                highest(terms).max(of_body(&every.body)).saturating_add(1)
            }
        };
        own.max(highest(self.with.iter().flat_map(|with| [&with.target, &with.value])))
    }
}

fn highest<'a>(terms: impl IntoIterator<Item = &'a Term>) -> u32 {
    terms.into_iter().map(|term| term.height).max().unwrap_or_default()
}

fn of_body(body: &[Literal]) -> u32 {
    body.iter().map(Literal::height).max().unwrap_or_default()
}
