//! What happened in a step, for whoever has to explain it. It is made only when it is asked for.

use std::sync::Arc;

use super::document::Place;
use super::event::Event;

/// What happened in a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Its microsteps, in order.
    pub microsteps: Vec<Microstep>,
}

/// A microstep: the guards that were asked, and what was done then.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Microstep {
    /// The session whose it is.
    pub session: Arc<str>,
    /// The event that it answers; none if transitions without events were chosen, or a session began or ended.
    pub event: Option<Arc<Event>>,
    /// The guards, in the order in which they were asked.
    pub guards: Vec<Asked>,
    /// The transitions that were taken.
    pub taken: Vec<Way>,
    /// The states that were left, in order.
    pub exited: Vec<String>,
    /// The states that were entered, in order.
    pub entered: Vec<String>,
    /// What else was evaluated and read something, in order: of actions, delays, and what services, messages and ends are told.
    pub mappings: Vec<Mapping>,
    /// What went wrong, and where: each was an event `error.…` of the chart, too.
    pub faults: Vec<(Place, String)>,
}

/// A transition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// The state that has it.
    pub source: String,
    /// Which of the state's transitions, from zero.
    pub index: u32,
    /// The states that it leads to.
    pub targets: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// A guard that was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The transition that has it.
    pub way: Way,
    /// Whether it held; none if that could not be told, which is a no.
    pub held: Option<bool>,
    /// What it read, if the model tells ([`DataModel::read`](super::DataModel::read)).
    pub read: Vec<(String, crate::value::Value)>,
}

/// Expressions that were evaluated in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// Where they stand: an action, a timer, an invocation, a variable, or a final state.
    pub place: Place,
    /// Whether it held, of a condition (`if`) that could be told.
    pub held: Option<bool>,
    /// What they read, if the model tells ([`DataModel::read`](super::DataModel::read)).
    pub read: Vec<(String, crate::value::Value)>,
}

impl Microstep {
    /// Whether there is nothing to tell.
    pub(super) fn is_empty(&self) -> bool {
        self.guards.is_empty()
            && self.taken.is_empty()
            && self.exited.is_empty()
            && self.entered.is_empty()
            && self.mappings.is_empty()
            && self.faults.is_empty()
            && self.event.is_none()
    }
}
