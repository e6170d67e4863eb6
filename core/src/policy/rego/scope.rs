//! Which names a body uses before it declares them: they belong to the outermost body that uses them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ast::{Literal, LiteralKind, Part, Term, TermKind};
use super::builtin;
use super::error::{Place, Refusal, Refused};
use super::resolve::names;

/// The names of one body, not of the comprehensions within it.
#[derive(Default)]
pub(super) struct Names {
    /// Used and not declared before, in order of their first use.
    pub(super) used: Vec<Arc<str>>,
    seen: BTreeSet<Arc<str>>,
    declared: BTreeSet<Arc<str>>,
}

impl Names {
    /// Of a body and, after it, a head's terms. `given` are declared before it, as a function's arguments are.
    pub(super) fn of(
        body: &[Literal],
        head: &[&Term],
        given: &BTreeSet<Arc<str>>,
    ) -> Result<Self, Refusal> {
        let mut names = Self { declared: given.clone(), ..Self::default() };
        for literal in body {
            names.literal(literal)?;
        }
        for term in head {
            names.term(term);
        }
        Ok(names)
    }

    fn literal(&mut self, literal: &Literal) -> Result<(), Refusal> {
        for with in &literal.with {
            // A function that replaces another is no variable, unless one of its name is declared.
            let parts = names(&with.value);
            let function = parts.as_ref().is_some_and(|parts| {
                let declared = parts.first().is_some_and(|name| self.declared.contains(name));
                !declared && builtin::find(&parts.join(".")).is_some()
            });
            if !function {
                self.term(&with.value);
            }
        }
        match &literal.kind {
            LiteralKind::Term(term) => self.term(term),
            LiteralKind::Unify(a, b) => {
                self.term(a);
                self.term(b);
            }
            LiteralKind::Assign(target, value) => {
                self.term(value);
                self.keys(target);
                for (name, at) in declared(target) {
                    self.declare(&name, at)?;
                }
            }
            LiteralKind::Declare(names) => {
                for name in names {
                    self.declare(name, literal.at)?;
                }
            }
            LiteralKind::SomeIn(key, value, domain) => {
                self.term(domain);
                for term in key.iter().chain([value]) {
                    self.keys(term);
                    for (name, at) in declared(term) {
                        self.declare(&name, at)?;
                    }
                }
            }
            LiteralKind::Every(every) => self.term(&every.domain),
        }
        Ok(())
    }

    fn declare(&mut self, name: &Arc<str>, at: Place) -> Result<(), Refusal> {
        if name.as_ref() == "_" {
            return Ok(());
        }
        let refuse = |what| Err(Refusal::new(Refused::Compile, at, format!("var `{name}` {what}")));
        if self.seen.contains(name) {
            return refuse("referenced above");
        }
        if !self.declared.insert(Arc::clone(name)) {
            return refuse("declared above");
        }
        Ok(())
    }

    /// The keys of a pattern's objects are no declarations.
    fn keys(&mut self, pattern: &Term) {
        match &pattern.kind {
            TermKind::Array(items) => items.iter().for_each(|item| self.keys(item)),
            TermKind::Object(pairs) => pairs.iter().for_each(|(key, value)| {
                self.term(key);
                self.keys(value);
            }),
            _ => {}
        }
    }

    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Var(name) => {
                let free = name.as_ref() != "_" && !self.declared.contains(name);
                if free && self.seen.insert(Arc::clone(name)) {
                    self.used.push(Arc::clone(name));
                }
            }
            TermKind::Ref(head, path) => {
                self.term(head);
                path.iter().for_each(|key| self.term(key));
            }
            TermKind::Array(items) | TermKind::Set(items) | TermKind::Op(_, items) => {
                items.iter().for_each(|item| self.term(item));
            }
            TermKind::Call(_, args) => args.iter().for_each(|item| self.term(item)),
            TermKind::Object(pairs) => pairs.iter().for_each(|(key, value)| {
                self.term(key);
                self.term(value);
            }),
            TermKind::Template(parts) => parts.iter().for_each(|part| {
                // What a template's expression uses is the body's if the body uses it: a name alone in it cannot be bound by it.
                if let Part::Expr(literal) = part
                    && let LiteralKind::Term(term) = &literal.kind
                    && let TermKind::Var(_) = &term.kind
                {
                    self.term(term);
                }
            }),
            TermKind::Scalar(_)
            | TermKind::ArrayOf(..)
            | TermKind::SetOf(..)
            | TermKind::ObjectOf(..) => {}
        }
    }
}

/// Refuses what `some` declares and nothing uses, as OPA does.
pub(super) fn check_declared(body: &[Literal], head: &[&Term]) -> Result<(), Refusal> {
    let declares = |literal: &&Literal| matches!(literal.kind, LiteralKind::Declare(_));
    let mut declarations = body.iter().filter(declares).peekable();
    if declarations.peek().is_none() {
        return Ok(());
    }
    let mut used = BTreeSet::new();
    body.iter().for_each(|literal| in_literal(literal, &mut used));
    head.iter().for_each(|term| in_term(term, &mut used));
    for literal in declarations {
        let LiteralKind::Declare(names) = &literal.kind else { continue };
        if let Some(name) =
            names.iter().find(|name| name.as_ref() != "_" && !used.contains(name.as_ref()))
        {
            let message = format!("declared var `{name}` unused");
            return Err(Refusal::new(Refused::Compile, literal.at, message));
        }
    }
    Ok(())
}

/// The names that stand anywhere in a literal, also in the bodies within it.
fn in_literal<'a>(literal: &'a Literal, used: &mut BTreeSet<&'a str>) {
    for with in &literal.with {
        in_term(&with.target, used);
        in_term(&with.value, used);
    }
    match &literal.kind {
        LiteralKind::Term(term) => in_term(term, used),
        LiteralKind::Assign(a, b) | LiteralKind::Unify(a, b) => {
            in_term(a, used);
            in_term(b, used);
        }
        LiteralKind::Declare(_) => {}
        LiteralKind::SomeIn(key, value, domain) => {
            key.iter().chain([value, domain]).for_each(|term| in_term(term, used));
        }
        LiteralKind::Every(every) => {
            let terms = every.key.iter().chain([&every.value, &every.domain]);
            terms.for_each(|term| in_term(term, used));
            every.body.iter().for_each(|literal| in_literal(literal, used));
        }
    }
}

fn in_term<'a>(term: &'a Term, used: &mut BTreeSet<&'a str>) {
    match &term.kind {
        TermKind::Scalar(_) => {}
        TermKind::Var(name) => _ = used.insert(name),
        TermKind::Ref(head, terms) | TermKind::Call(head, terms) => {
            in_term(head, used);
            terms.iter().for_each(|term| in_term(term, used));
        }
        TermKind::Op(_, terms) | TermKind::Array(terms) | TermKind::Set(terms) => {
            terms.iter().for_each(|term| in_term(term, used));
        }
        TermKind::Object(pairs) => pairs.iter().for_each(|(key, value)| {
            in_term(key, used);
            in_term(value, used);
        }),
        TermKind::ArrayOf(head, body) | TermKind::SetOf(head, body) => {
            in_term(head, used);
            body.iter().for_each(|literal| in_literal(literal, used));
        }
        TermKind::ObjectOf(pair, body) => {
            in_term(&pair.0, used);
            in_term(&pair.1, used);
            body.iter().for_each(|literal| in_literal(literal, used));
        }
        TermKind::Template(parts) => parts.iter().for_each(|part| {
            if let Part::Expr(literal) = part {
                in_literal(literal, used);
            }
        }),
    }
}

/// The variables that a pattern declares.
pub(super) fn declared(pattern: &Term) -> Vec<(Arc<str>, Place)> {
    let mut names = Vec::new();
    collect(pattern, &mut names);
    names
}

fn collect(pattern: &Term, names: &mut Vec<(Arc<str>, Place)>) {
    match &pattern.kind {
        TermKind::Var(name)
            if name.as_ref() != "_" && names.iter().all(|(other, _)| other != name) =>
        {
            names.push((Arc::clone(name), pattern.at));
        }
        TermKind::Array(items) => items.iter().for_each(|item| collect(item, names)),
        TermKind::Object(pairs) => pairs.iter().for_each(|(_, value)| collect(value, names)),
        _ => {}
    }
}
