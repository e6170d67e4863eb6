//! The order of a body's goals: each after those that bind what it needs, else as they are written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::error::{Place, Refusal, Refused};
use super::goal::{Goal, GoalKind, Piece, Replacement, Root, Slot, T};

/// Variables that are bound, and the order in which they came to be, so that it can be gone back.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    slots: BTreeSet<Slot>,
    log: Vec<Slot>,
}

impl Bound {
    pub(super) fn contains(&self, slot: &Slot) -> bool {
        self.slots.contains(slot)
    }

    /// Whether it was not bound before.
    pub(super) fn insert(&mut self, slot: Slot) -> bool {
        let new = self.slots.insert(slot);
        if new {
            self.log.push(slot);
        }
        new
    }

    fn covers(&self, needs: &BTreeSet<Slot>) -> bool {
        needs.iter().all(|slot| self.contains(slot))
    }

    /// Where [`Bound::rewind`] goes back to.
    pub(super) const fn mark(&self) -> usize {
        self.log.len()
    }

    /// Takes back what was bound since; answers it.
    pub(super) fn rewind(&mut self, mark: usize) -> Vec<Slot> {
        let since = self.log.split_off(mark.min(self.log.len()));
        for slot in &since {
            self.slots.remove(slot);
        }
        since
    }
}

impl Extend<Slot> for Bound {
    fn extend<I: IntoIterator<Item = Slot>>(&mut self, slots: I) {
        for slot in slots {
            self.insert(slot);
        }
    }
}

impl FromIterator<Slot> for Bound {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Self {
        let mut bound = Self::default();
        bound.extend(slots);
        bound
    }
}

/// What a goal needs bound, and what it binds.
#[derive(Default)]
pub(super) struct Deps {
    pub(super) needs: BTreeSet<Slot>,
    pub(super) binds: BTreeSet<Slot>,
}

/// The goals in order, with what they bind. What was bound is as before.
///
/// # Errors
///
/// A variable that nothing binds.
pub(super) fn order(
    goals: Vec<Goal>,
    bound: &mut Bound,
    names: &[Arc<str>],
) -> Result<(Vec<Goal>, Vec<Slot>), Refusal> {
    let mark = bound.mark();
    let (ordered, waiting) = placed(goals, bound, names);
    let answer =
        if waiting.is_empty() { Ok(ordered) } else { Err(refusal(&waiting, bound, names)) };
    let after = bound.rewind(mark);
    answer.map(|ordered| (ordered, after))
}

/// Goes through the goals as often as more of them become ready; a goal is looked at again only when a variable of it was bound meanwhile.
fn placed(goals: Vec<Goal>, bound: &mut Bound, names: &[Arc<str>]) -> (Vec<Goal>, Vec<Goal>) {
    let mut ordered = Vec::with_capacity(goals.len());
    let mut waiting: Vec<Option<Goal>> = goals.into_iter().map(Some).collect();
    // Each entry: the pass and the place.
    let mut next: BTreeSet<(usize, usize)> = (0..waiting.len()).map(|at| (0, at)).collect();
    let mut blocked: BTreeMap<Slot, Vec<usize>> = BTreeMap::new();
    while let Some((pass, at)) = next.pop_first() {
        let Some(goal) = waiting.get_mut(at).and_then(Option::take) else { continue };
        let Some(binds) = ready(&goal, bound, names) else {
            goal.each_slot(&mut |slot| {
                if !bound.contains(&slot) {
                    let list = blocked.entry(slot).or_default();
                    if list.last() != Some(&at) {
                        list.push(at);
                    }
                }
            });
            if let Some(place) = waiting.get_mut(at) {
                *place = Some(goal);
            }
            continue;
        };
        for slot in binds {
            if bound.insert(slot) {
                let freed = blocked.remove(&slot).unwrap_or_default();
                next.extend(freed.into_iter().map(|other| (pass + usize::from(other < at), other)));
            }
        }
        ordered.push(goal);
    }
    (ordered, waiting.into_iter().flatten().collect())
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
    let is_ready = |deps: &Deps| bound.covers(&deps.needs);
    if is_ready(&matched(a, b)) {
        return Some(true);
    }
    is_ready(&matched(b, a)).then_some(false)
}

/// What the goal binds, if what it needs is bound.
fn ready(goal: &Goal, bound: &mut Bound, names: &[Arc<str>]) -> Option<BTreeSet<Slot>> {
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
    bound.covers(&deps.needs).then_some(deps.binds)
}

fn needs(goal: &Goal) -> Deps {
    let mut deps = Deps::default();
    match &goal.kind {
        GoalKind::Test(term) => value(term, &mut deps),
        GoalKind::Unify(a, b) => {
            value(a, &mut deps);
            value(b, &mut deps);
        }
        GoalKind::Not(not) => {
            for goal in not.before.iter().chain(&not.body) {
                let inner = needs(goal);
                deps.needs.extend(inner.needs);
                // What is negated binds nothing: all must be bound outside of it.
                deps.needs.extend(inner.binds);
            }
            deps.needs.retain(|slot| !not.own.contains(slot));
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
