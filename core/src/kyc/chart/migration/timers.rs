//! The timers of a session that is moved: each is one of the new chart's, or it is told to be none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::graft::Tree;
use super::states::{Before, Found, Level};
use crate::kyc::chart::bits::Bits;
use crate::kyc::chart::document::Restore;
use crate::kyc::chart::effect::Message;
use crate::kyc::chart::program::{Clock, Node, Wait};
use crate::kyc::chart::send::is_processor;
use crate::kyc::chart::session::{Session, Waiting};
use crate::kyc::migration::{
    MigrationError, SessionChanges, TimerChange, TimerFate, Timers, Weight,
};
use crate::kyc::rules::{Code, shown};

/// The event of a timer that names none.
fn nameless(node: &Node<Code>, at: usize) -> String {
    format!("after.{at}.{}", node.name)
}

/// Whether both wait equally long, as far as that is written down.
fn is_as_long(one: &Wait<Code>, other: &Wait<Code>) -> bool {
    matches!((one, other), (Wait::Known(one), Wait::Known(other)) if one == other)
}

/// The timer of a new state that one of an old state is: of the same event; without one, that at its place.
fn same_timer(old: &Node<Code>, at: usize, new: &Node<Code>) -> Option<usize> {
    let clock = old.timers.get(at)?;
    if *clock.event != *nameless(old, at) {
        let twins = |node: &Node<Code>, end: usize| {
            node.timers.iter().take(end).filter(|other| other.event == clock.event).count()
        };
        let rank = twins(old, at);
        let mut same = new.timers.iter().enumerate().filter(|(_, own)| own.event == clock.event);
        return same.nth(rank).map(|(at, _)| at);
    }
    let is_nameless = |at: usize, event: &str| *event == *nameless(new, at);
    let own = new.timers.get(at).filter(|own| is_nameless(at, &own.event))?;
    // Another delay may be meant; the delay of the timer next to it tells that they changed places.
    let is_moved = !is_as_long(&clock.delay, &own.delay)
        && new.timers.iter().enumerate().any(|(other, own)| {
            other != at && is_nameless(other, &own.event) && is_as_long(&clock.delay, &own.delay)
        });
    (!is_moved).then_some(at)
}

/// Whether a new timer is one that is over, though that has no place: of a timer without an event the delay is all that it can be known by.
fn is_over_as(old: &Node<Code>, own: usize, new: &Node<Code>, at: usize) -> bool {
    let (Some(one), Some(other)) = (old.timers.get(own), new.timers.get(at)) else { return false };
    *one.event == *nameless(old, own) && is_as_long(&one.delay, &other.delay)
}

/// Which of its state's a timer is that waits.
fn clock_of(node: &Node<Code>, waiting: &Waiting) -> Option<usize> {
    let event = waiting.message.event.as_deref()?;
    let same = || node.timers.iter().enumerate().filter(|(_, clock)| *clock.event == *event);
    let began = waiting.due.checked_sub(waiting.span);
    let is_it = |clock: &Wait<Code>| match clock {
        Wait::Known(delay) => began.is_some_and(|began| delay.after(began) == Ok(waiting.due)),
        Wait::Code(_) => false,
    };
    // Several of one event are told apart by how long they wait.
    let exact = same().find(|(_, clock)| is_it(&clock.delay));
    exact.or_else(|| same().next()).map(|(at, _)| at)
}

/// A timer that goes on, as one of the new chart: it is due when it was. If it begins anew after a rest, it waits as the new chart writes it.
fn placed(waiting: &Waiting, state: u32, old: &Wait<Code>, new: &Clock<Code>) -> Waiting {
    let mut placed = Waiting { state: Some(state), restore: new.restore, ..waiting.clone() };
    if new.restore != Restore::Restart {
        placed.anew = None;
    } else if let Wait::Known(delay) = &new.delay
        && !is_as_long(old, &new.delay)
    {
        match delay.fixed() {
            Some(nanos) => (placed.span, placed.anew) = (nanos, None),
            None => placed.anew = Some(*delay),
        }
    }
    if waiting.message.event.as_deref() != Some(&*new.event) {
        let event = Some(new.event.to_string());
        placed.message = Arc::new(Message { event, ..Message::default() });
    }
    placed
}

/// That a timer has no place.
fn unplaced(state: &str, event: &str) -> String {
    format!(
        "the timer `{}` of `{}` has no place: keep its event in the new state, or write `drop_timers: true`",
        shown(event),
        shown(state)
    )
}

/// What is sent later goes to what was invoked by the id that it has from now on.
pub(super) fn readdressed(timers: &mut [Waiting], renamed: &BTreeMap<Arc<str>, Arc<str>>) {
    if renamed.is_empty() {
        return;
    }
    for waiting in timers.iter_mut().filter(|waiting| waiting.state.is_none()) {
        let is_chart = is_processor(waiting.message.kind.as_deref());
        let id = waiting.message.target.as_deref().and_then(|target| target.strip_prefix("#_"));
        let Some(id) = id.filter(|_| is_chart).and_then(|id| renamed.get(id)) else { continue };
        let target = Some(format!("#_{id}"));
        waiting.message = Arc::new(Message { target, ..Message::clone(&waiting.message) });
    }
}

impl Level<'_> {
    pub(super) fn check_timers(&self, found: &mut Found) {
        if self.mapping.drop_timers {
            return;
        }
        for (state, node) in (0_u32..).zip(&self.old.nodes) {
            let Some(new) = self.to(state).ok().and_then(|target| self.new.node(target)) else {
                continue;
            };
            for (at, clock) in node.timers.iter().enumerate() {
                if same_timer(node, at, new).is_none() {
                    let what = unplaced(&node.name, &clock.event);
                    found.tell(Weight::Refused, &self.mapping.place, what);
                }
            }
        }
    }

    /// The timers that go on; those that begin are noted in the tree.
    pub(super) fn timers(
        &self,
        tree: &mut Tree<'_, '_>,
        session: &Session,
        active: &Bits,
        before: &Before,
        changes: &mut SessionChanges,
    ) -> Result<Vec<Waiting>, MigrationError> {
        let is_anew = self.mapping.timers == Timers::Restart;
        let mut kept: Vec<Waiting> = Vec::new();
        let (mut taken, mut running) = (BTreeSet::new(), BTreeSet::new());
        for waiting in &session.timers {
            let Some(state) = waiting.state else {
                // It was sent, and belongs to no state.
                kept.push(waiting.clone());
                continue;
            };
            let event = waiting.message.event.as_deref().unwrap_or_default();
            let target = self.to(state).ok().filter(|target| active.contains(*target));
            let place = target.and_then(|target| {
                let (old, new) = (self.old.node(state)?, self.new.node(target)?);
                let own = clock_of(old, waiting)?;
                running.insert((state, own));
                let at = same_timer(old, own, new)?;
                let clock = new.timers.get(at)?;
                let placed = placed(waiting, target, &old.timers.get(own)?.delay, clock);
                Some((target, at, new, placed))
            });
            let Some((target, at, new, placed)) = place else {
                let name = self.old.name_of(state);
                if !self.mapping.drop_timers {
                    return Err(MigrationError::Timer(unplaced(name, event)));
                }
                changes.timers.push(TimerChange {
                    state: name.to_owned(),
                    event: event.to_owned(),
                    fate: TimerFate::Dropped,
                    was_due: Some(waiting.due),
                    due: None,
                });
                continue;
            };
            if is_anew {
                tree.was_due.insert((Arc::clone(&session.id), target, at), waiting.due);
                continue;
            }
            if !taken.insert((target, at)) {
                return Err(MigrationError::Timer(format!(
                    "two timers would be the timer `{}` of `{}`: keep both states, or restart the timers",
                    shown(placed.message.event.as_deref().unwrap_or_default()),
                    shown(&new.name)
                )));
            }
            changes.timers.push(TimerChange {
                state: new.name.to_string(),
                event: placed.message.event.clone().unwrap_or_default(),
                fate: TimerFate::Kept,
                was_due: Some(waiting.due),
                due: Some(waiting.due),
            });
            kept.push(placed);
        }
        let mut starts = Vec::new();
        for target in active.iter() {
            let Some(new) = self.new.node(target) else { continue };
            for at in 0..new.timers.len() {
                if is_anew || !self.had(before, &running, target, at) {
                    starts.push((target, at));
                }
            }
        }
        tree.starts.insert(Arc::clone(&session.id), starts);
        Ok(kept)
    }

    /// Whether an old active state had such a timer, which waits or is over.
    fn had(
        &self,
        before: &Before,
        running: &BTreeSet<(u32, usize)>,
        target: u32,
        at: usize,
    ) -> bool {
        let Some(new) = self.new.node(target) else { return false };
        let is_had = |state: u32, old: &Node<Code>, own: usize| match same_timer(old, own, new) {
            Some(same) => same == at,
            None => !running.contains(&(state, own)) && is_over_as(old, own, new, at),
        };
        let mut states = before.get(&target).into_iter().flatten();
        states.any(|state| {
            let old = self.old.node(*state);
            old.is_some_and(|old| (0..old.timers.len()).any(|own| is_had(*state, old, own)))
        })
    }
}
