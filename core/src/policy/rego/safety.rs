//! The order of a body's goals: each after those that bind what it needs, else as they are written.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::error::{Place, Refusal, Refused};
use super::goal::{Goal, GoalKind, Piece, Replacement, Root, Slot, T};

/// Variables that are bound.
pub(super) type Bound = BTreeSet<Slot>;

/// What a goal needs bound, and what it binds.
#[derive(Default)]
pub(super) struct Deps {
    pub(super) needs: Bound,
    pub(super) binds: Bound,
}

/// The goals in order, with what is bound after them.
///
/// # Errors
///
/// A variable that nothing binds.
pub(super) fn order(
    goals: Vec<Goal>,
    bound: &Bound,
    names: &[Arc<str>],
) -> Result<(Vec<Goal>, Bound), Refusal> {
    let mut bound = bound.clone();
    let mut ordered = Vec::with_capacity(goals.len());
    let mut waiting = goals;
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut still = Vec::new();
        for goal in waiting {
            match ready(&goal, &bound, names) {
                Some(binds) => {
                    bound.extend(binds);
                    ordered.push(goal);
                }
                None => still.push(goal),
            }
        }
        if still.len() == before {
            return Err(refusal(&still, &bound, names));
        }
        waiting = still;
    }
    Ok((ordered, bound))
}

/// What a term in the position of a value needs and binds.
pub(super) fn value(term: &T, deps: &mut Deps) {
    match term {
        T::Const(_) => {}
        T::Var(slot) => _ = deps.needs.insert(*slot),
        T::Ref(root, path) => {
            if let Root::Term(term) = root {
                value(term, deps);
            }
            path.iter().for_each(|term| key(term, deps));
        }
        T::Array(items) | T::Set(items) | T::Call(_, items, _) => {
            items.iter().for_each(|term| value(term, deps));
        }
        T::Object(pairs) => pairs.iter().for_each(|(k, v)| {
            value(k, deps);
            value(v, deps);
        }),
        T::Closure(closure) => term.each_slot(&mut |slot| {
            if slot < closure.first {
                deps.needs.insert(slot);
            }
        }),
        T::Template(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Expr(term) = piece {
                value(term, deps);
            }
        }),
    }
}

/// What a reference's key needs and binds.
fn key(term: &T, deps: &mut Deps) {
    pattern(term, deps);
}

/// What a term that is matched needs and binds.
fn pattern(term: &T, deps: &mut Deps) {
    match term {
        T::Var(slot) => _ = deps.binds.insert(*slot),
        T::Array(items) => items.iter().for_each(|term| pattern(term, deps)),
        T::Object(pairs) => pairs.iter().for_each(|(key, value_of)| {
            value(key, deps);
            pattern(value_of, deps);
        }),
        other => value(other, deps),
    }
}

/// What `matched = valued` needs and binds if the right side is evaluated.
fn matched(matched: &T, valued: &T) -> Deps {
    let mut deps = Deps::default();
    pattern(matched, &mut deps);
    value(valued, &mut deps);
    deps
}

/// Whether the left side of a unification is the one to match; `None` if neither can be.
pub(super) fn left_matches(a: &T, b: &T, bound: &Bound) -> Option<bool> {
    let is_ready = |deps: &Deps| deps.needs.is_subset(bound);
    if is_ready(&matched(a, b)) {
        return Some(true);
    }
    is_ready(&matched(b, a)).then_some(false)
}

/// What the goal binds, if what it needs is bound.
fn ready(goal: &Goal, bound: &Bound, names: &[Arc<str>]) -> Option<Bound> {
    let deps = match &goal.kind {
        GoalKind::Unify(a, b) => {
            if left_matches(a, b, bound)? {
                matched(a, b)
            } else {
                matched(b, a)
            }
        }
        GoalKind::With(with, body) => {
            let mut deps = Deps::default();
            for (_, replacement) in with {
                if let Replacement::Value(term) = replacement {
                    value(term, &mut deps);
                }
            }
            let (_, after) = order(body.clone(), bound, names).ok()?;
            deps.binds.extend(after);
            deps
        }
        _ => needs(goal),
    };
    deps.needs.is_subset(bound).then_some(deps.binds)
}

fn needs(goal: &Goal) -> Deps {
    let mut deps = Deps::default();
    match &goal.kind {
        GoalKind::Test(term) => value(term, &mut deps),
        GoalKind::Unify(a, b) => {
            value(a, &mut deps);
            value(b, &mut deps);
        }
        GoalKind::Not(body) => {
            for goal in body {
                let inner = needs(goal);
                deps.needs.extend(inner.needs);
                // What is negated binds nothing: all must be bound outside of it.
                deps.needs.extend(inner.binds);
            }
        }
        GoalKind::SomeIn(key, item, domain) => {
            key.iter().chain([item]).for_each(|term| pattern(term, &mut deps));
            value(domain, &mut deps);
        }
        GoalKind::Every(every) => {
            value(&every.domain, &mut deps);
            every.body.iter().for_each(|goal| {
                goal.each_slot(&mut |slot| {
                    if slot < every.first {
                        deps.needs.insert(slot);
                    }
                });
            });
        }
        GoalKind::With(with, body) => {
            for (_, replacement) in with {
                if let Replacement::Value(term) = replacement {
                    value(term, &mut deps);
                }
            }
            for goal in body {
                let inner = needs(goal);
                deps.needs.extend(inner.needs);
                deps.binds.extend(inner.binds);
            }
        }
    }
    deps
}

/// The first goal that cannot be put in order, and the first of its variables that nothing binds.
fn refusal(goals: &[Goal], bound: &Bound, names: &[Arc<str>]) -> Refusal {
    let mut first: Option<(Place, Slot)> = None;
    for goal in goals {
        let deps = needs(goal);
        let missing = deps.needs.iter().find(|slot| !bound.contains(slot));
        if let Some(slot) = missing
            && first.is_none()
        {
            first = Some((goal.at, *slot));
        }
    }
    let at = goals.first().map_or(Place::default(), |goal| goal.at);
    match first {
        Some((at, slot)) => unsafe_variable(at, slot, names),
        None => Refusal::new(Refused::Unsafe, at, "expression is unsafe"),
    }
}

/// The refusal of a variable that nothing binds.
pub(super) fn unsafe_variable(at: Place, slot: Slot, names: &[Arc<str>]) -> Refusal {
    let index = usize::try_from(slot).unwrap_or(usize::MAX);
    let name = names.get(index).map_or("_", AsRef::as_ref);
    Refusal::new(Refused::Unsafe, at, format!("var `{name}` is unsafe"))
}
