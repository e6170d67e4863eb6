//! All literals and terms of a rule, whatever they are nested in.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::policy::rego::ast::{Head, Literal, LiteralKind, Part, Rule, Term, TermKind};

/// A part of a rule.
pub(super) enum Seen<'a> {
    Literal(&'a Literal),
    Term(&'a Term),
}

/// Calls on every part.
pub(super) type On<'k, 'a> = &'k mut dyn FnMut(Seen<'a>);

/// A rule, and the branches of its `else`.
pub(super) fn branches(rule: &Rule) -> impl Iterator<Item = &Rule> {
    std::iter::successors(Some(rule), |rule| rule.otherwise.as_deref())
}

/// The parts of one branch, without a function's arguments.
pub(super) fn branch<'a>(rule: &'a Rule, on: On<'_, 'a>) {
    rule.path.iter().for_each(|key| term(key, on));
    term(value(rule), on);
    body(&rule.body, on);
}

/// The parts of a whole rule, a function's arguments too.
pub(super) fn whole<'a>(rule: &'a Rule, on: On<'_, 'a>) {
    rule.args.iter().flatten().for_each(|arg| term(arg, on));
    branches(rule).for_each(|rule| branch(rule, on));
}

/// What a rule's head makes.
pub(super) const fn value(rule: &Rule) -> &Term {
    match &rule.head {
        Head::Value(term) | Head::Contains(term) => term,
    }
}

/// The parts of a body.
pub(super) fn body<'a>(literals: &'a [Literal], on: On<'_, 'a>) {
    literals.iter().for_each(|one| literal(one, on));
}

fn literal<'a>(literal: &'a Literal, on: On<'_, 'a>) {
    on(Seen::Literal(literal));
    for with in &literal.with {
        term(&with.target, on);
        term(&with.value, on);
    }
    match &literal.kind {
        LiteralKind::Term(one) => term(one, on),
        LiteralKind::Assign(a, b) | LiteralKind::Unify(a, b) => {
            term(a, on);
            term(b, on);
        }
        LiteralKind::Declare(_) => {}
        LiteralKind::SomeIn(key, value, domain) => {
            key.iter().chain([value, domain]).for_each(|one| term(one, on));
        }
        LiteralKind::Every(every) => {
            let terms = every.key.iter().chain([&every.value, &every.domain]);
            terms.for_each(|one| term(one, on));
            body(&every.body, on);
        }
    }
}

/// The parts of a term, with itself.
pub(super) fn term<'a>(of: &'a Term, on: On<'_, 'a>) {
    on(Seen::Term(of));
    match &of.kind {
        TermKind::Scalar(_) | TermKind::Var(_) => {}
        TermKind::Ref(head, terms) | TermKind::Call(head, terms) => {
            term(head, on);
            terms.iter().for_each(|one| term(one, on));
        }
        TermKind::Op(_, terms) | TermKind::Array(terms) | TermKind::Set(terms) => {
            terms.iter().for_each(|one| term(one, on));
        }
        TermKind::Object(pairs) => pairs.iter().for_each(|(key, value)| {
            term(key, on);
            term(value, on);
        }),
        TermKind::ArrayOf(head, literals) | TermKind::SetOf(head, literals) => {
            term(head, on);
            body(literals, on);
        }
        TermKind::ObjectOf(pair, literals) => {
            term(&pair.0, on);
            term(&pair.1, on);
            body(literals, on);
        }
        TermKind::Template(parts) => parts.iter().for_each(|part| {
            if let Part::Expr(one) = part {
                literal(one, on);
            }
        }),
    }
}

/// The names that a rule declares anywhere in it: where one is used, it may not mean what it means outside.
pub(super) fn declared(rule: &Rule) -> BTreeSet<Arc<str>> {
    let mut names = BTreeSet::new();
    let mut vars = |pattern: &Term| {
        term(pattern, &mut |seen| {
            if let Seen::Term(Term { kind: TermKind::Var(name), .. }) = seen {
                names.insert(Arc::clone(name));
            }
        });
    };
    rule.args.iter().flatten().for_each(&mut vars);
    let mut some = Vec::new();
    whole(rule, &mut |seen| {
        let Seen::Literal(literal) = seen else { return };
        match &literal.kind {
            LiteralKind::Assign(target, _) => vars(target),
            LiteralKind::Declare(names) => some.extend(names.iter().cloned()),
            LiteralKind::SomeIn(key, value, _) => key.iter().chain([value]).for_each(&mut vars),
            LiteralKind::Every(every) => every.key.iter().chain([&every.value]).for_each(&mut vars),
            LiteralKind::Term(_) | LiteralKind::Unify(..) => {}
        }
    });
    names.extend(some);
    names
}

/// What terms and bodies are, wherever they stand: what is written alike has one text.
#[derive(Default)]
pub(super) struct Shape(pub(super) String);

impl Shape {
    pub(super) fn terms<'a>(&mut self, terms: impl IntoIterator<Item = &'a Term>) {
        for one in terms {
            self.term(one);
            self.0.push(',');
        }
        self.0.push(';');
    }

    pub(super) fn body(&mut self, literals: &[Literal]) {
        for one in literals {
            self.literal(one);
        }
        self.0.push(';');
    }

    fn literal(&mut self, literal: &Literal) {
        self.0.push_str(if literal.negated { "not " } else { "is " });
        match &literal.kind {
            LiteralKind::Term(one) => self.term(one),
            LiteralKind::Assign(a, b) => self.tagged(":=", [a, b]),
            LiteralKind::Unify(a, b) => self.tagged("=", [a, b]),
            LiteralKind::Declare(names) => _ = write!(self.0, "some{names:?}"),
            LiteralKind::SomeIn(key, value, domain) => {
                self.tagged("some", key.iter().chain([value, domain]));
            }
            LiteralKind::Every(every) => {
                self.tagged("every", every.key.iter().chain([&every.value, &every.domain]));
                self.body(&every.body);
            }
        }
        for with in &literal.with {
            self.tagged("with", [&with.target, &with.value]);
        }
        self.0.push('\n');
    }

    fn tagged<'a>(&mut self, tag: &str, terms: impl IntoIterator<Item = &'a Term>) {
        self.0.push_str(tag);
        self.0.push('(');
        self.terms(terms);
        self.0.push(')');
    }

    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Scalar(value) => self.0.push_str(&value.to_string()),
            TermKind::Var(name) => _ = write!(self.0, "${name}"),
            TermKind::Ref(head, path) => self.tagged("ref", std::iter::once(&**head).chain(path)),
            TermKind::Call(name, args) => self.tagged("call", std::iter::once(&**name).chain(args)),
            TermKind::Op(name, args) => self.tagged(name, args),
            TermKind::Array(items) => self.tagged("array", items),
            TermKind::Set(items) => self.tagged("set", items),
            TermKind::Object(pairs) => {
                self.tagged("object", pairs.iter().flat_map(|(key, value)| [key, value]));
            }
            TermKind::ArrayOf(head, body) => {
                self.tagged("each array", [&**head]);
                self.body(body);
            }
            TermKind::SetOf(head, body) => {
                self.tagged("each set", [&**head]);
                self.body(body);
            }
            TermKind::ObjectOf(pair, body) => {
                self.tagged("each object", [&pair.0, &pair.1]);
                self.body(body);
            }
            TermKind::Template(parts) => parts.iter().for_each(|part| match part {
                Part::Text(text) => _ = write!(self.0, "{text:?}"),
                Part::Expr(one) => self.literal(one),
            }),
        }
    }
}
