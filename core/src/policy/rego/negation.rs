//! What is negated: nested calls and references stand before the `not`, as OPA's compiler puts them, so that what is undefined in them fails the body.

use std::collections::BTreeSet;

use super::ast::{Literal, LiteralKind, TermKind};
use super::error::{Place, Refusal, Refused};
use super::globals::Negation;
use super::goal::{Callee, Goal, GoalKind, NotGoal, Root, Slot, T};
use super::resolve::{Resolved, Resolver, Statement, unify};

impl Resolver<'_> {
    /// A negated literal, after the calls that are nested in it.
    pub(super) fn negation(&mut self, literal: &Literal, goals: &mut Vec<Goal>) -> Resolved<()> {
        let at = literal.at;
        let negation = self.globals.negation;
        if negation != Negation::Plain && starts_with_brace(&literal.kind) {
            let message = "a body after `not` is not supported";
            return Err(Refusal::new(Refused::Unsupported, at, message));
        }
        let assigned = matches!(literal.kind, LiteralKind::Assign(..));
        if negation == Negation::Whole && !assigned {
            let mut body = Vec::new();
            self.plain(literal, &mut body)?;
            let not = NotGoal { before: Vec::new(), body, own: BTreeSet::new() };
            goals.push(Goal { at, kind: GoalKind::Not(Box::new(not)) });
            return Ok(());
        }
        let statement = match &literal.kind {
            LiteralKind::Term(term) => self.statement(term)?,
            LiteralKind::Unify(a, b) => Statement::Unify(self.term(a)?, self.term(b)?),
            _ => {
                let message = "cannot assign vars inside negated expression";
                return Err(Refusal::new(Refused::Compile, at, message));
            }
        };
        let before = goals.len();
        let mut hoist = Hoist { at, goals: Vec::new(), own: BTreeSet::new() };
        let mut body = Vec::new();
        match statement {
            Statement::Print(_) => return Ok(()),
            Statement::Unify(a, b) => {
                let (a, b) = (self.calls(a, at, goals), self.calls(b, at, goals));
                let (a, b) = (self.inner(a, &mut hoist), self.inner(b, &mut hoist));
                unify(at, a, b, &mut body);
            }
            Statement::Output(callee, args, last) => {
                let args = self.calls_of(args, at, goals);
                let last = self.calls(last, at, goals);
                let args = self.outer_of(args, &mut hoist);
                let last = self.outer(last, &mut hoist);
                unify(at, last, self.call(callee, args, at)?, &mut body);
            }
            Statement::Test(T::Call(callee, args, row)) => {
                let args = self.calls_of(args, at, goals);
                // In rules OPA makes `==` a unification; in queries it is a call like any other.
                let equality =
                    matches!(callee, Callee::Builtin(builtin) if builtin.name == "equal");
                let args = if equality && !self.query {
                    args.into_iter().map(|arg| self.inner(arg, &mut hoist)).collect()
                } else {
                    self.outer_of(args, &mut hoist)
                };
                body.push(Goal { at, kind: GoalKind::Test(T::Call(callee, args, row)) });
            }
            Statement::Test(term) => {
                let term = self.calls(term, at, goals);
                let term = self.inner(term, &mut hoist);
                body.push(Goal { at, kind: GoalKind::Test(term) });
            }
        }
        if negation == Negation::Unclear && (goals.len() > before || !hoist.goals.is_empty()) {
            let message = "what `not` means with `import future.keywords` depends on OPA's release: import the keywords one by one";
            return Err(Refusal::new(Refused::Unsupported, at, message));
        }
        let not = NotGoal { before: hoist.goals, body, own: hoist.own };
        goals.push(Goal { at, kind: GoalKind::Not(Box::new(not)) });
        Ok(())
    }

    /// The term with a variable in the place of each call within it: such a call is a goal of its own, which may bind variables.
    fn calls(&mut self, term: T, at: Place, goals: &mut Vec<Goal>) -> T {
        match term {
            T::Call(callee, args, row) => {
                let args = self.calls_of(args, at, goals);
                T::Var(self.set_aside(T::Call(callee, args, row), at, goals))
            }
            T::Ref(root, path) => {
                let root = match root {
                    Root::Term(term) => {
                        let term = self.calls(*term, at, goals);
                        let made =
                            matches!(term, T::Array(_) | T::Object(_) | T::Set(_) | T::Closure(_));
                        let term =
                            if made { T::Var(self.set_aside(term, at, goals)) } else { term };
                        Root::Term(Box::new(term))
                    }
                    document => document,
                };
                T::Ref(root, self.calls_of(path, at, goals))
            }
            T::Array(items) => T::Array(self.calls_of(items, at, goals)),
            T::Set(items) => T::Set(self.calls_of(items, at, goals)),
            T::Object(pairs) => {
                let pairs = pairs.into_iter();
                let pairs = pairs
                    .map(|(key, item)| (self.calls(key, at, goals), self.calls(item, at, goals)));
                T::Object(pairs.collect())
            }
            other => other,
        }
    }

    fn calls_of(&mut self, terms: Vec<T>, at: Place, goals: &mut Vec<Goal>) -> Vec<T> {
        terms.into_iter().map(|term| self.calls(term, at, goals)).collect()
    }

    fn set_aside(&mut self, term: T, at: Place, goals: &mut Vec<Goal>) -> Slot {
        let slot = self.unnamed();
        goals.push(Goal { at, kind: GoalKind::Unify(T::Var(slot), term) });
        slot
    }

    /// A term that stays inside of the `not`: only what its keys and items are is evaluated before.
    fn inner(&mut self, term: T, hoist: &mut Hoist) -> T {
        match term {
            T::Ref(root, path) => T::Ref(root, self.outer_of(path, hoist)),
            other => self.outer(other, hoist),
        }
    }

    /// A term whose references are all evaluated before the `not`. They bind nothing: a variable that is only negated is refused.
    fn outer(&mut self, term: T, hoist: &mut Hoist) -> T {
        match term {
            T::Ref(root, path) => {
                let path = self.outer_of(path, hoist);
                let slot = self.unnamed();
                hoist.own.insert(slot);
                let kind = GoalKind::Unify(T::Var(slot), T::Ref(root, path));
                hoist.goals.push(Goal { at: hoist.at, kind });
                T::Var(slot)
            }
            T::Array(items) => T::Array(self.outer_of(items, hoist)),
            T::Set(items) => T::Set(self.outer_of(items, hoist)),
            T::Object(pairs) => {
                let pairs = pairs.into_iter();
                let pairs =
                    pairs.map(|(key, item)| (self.outer(key, hoist), self.outer(item, hoist)));
                T::Object(pairs.collect())
            }
            // A comprehension and a template always have a value.
            other => other,
        }
    }

    fn outer_of(&mut self, terms: Vec<T>, hoist: &mut Hoist) -> Vec<T> {
        terms.into_iter().map(|term| self.outer(term, hoist)).collect()
    }
}

/// Whether a brace is the first of a literal: with `import future.keywords.not` a body starts there.
fn starts_with_brace(kind: &LiteralKind) -> bool {
    let (LiteralKind::Term(term) | LiteralKind::Unify(term, _)) = kind else { return false };
    let mut term = term;
    loop {
        let first = match &term.kind {
            TermKind::Op(_, args) => args.first(),
            TermKind::Ref(head, _) => Some(head.as_ref()),
            other => {
                return matches!(
                    other,
                    TermKind::Set(_)
                        | TermKind::Object(_)
                        | TermKind::SetOf(..)
                        | TermKind::ObjectOf(..)
                );
            }
        };
        let Some(first) = first else { return false };
        term = first;
    }
}

/// What is evaluated directly before a `not`, and the variables made for it.
struct Hoist {
    at: Place,
    goals: Vec<Goal>,
    own: BTreeSet<Slot>,
}

#[cfg(test)]
#[path = "negation_tests.rs"]
mod tests;
