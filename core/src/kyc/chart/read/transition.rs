//! Transitions: on events, without one, after a while, and when something is done.

use super::super::document::Restore;
use super::super::document::{Given, State, Timer, Transition};
use super::super::node::NodeKind;
use super::Reader;
use super::cursor::Cursor;

const TRANSITION: [&str; 5] = ["target", "guard", "actions", "internal", "description"];
const WITH_EVENT: [&str; 6] = ["event", "target", "guard", "actions", "internal", "description"];
const TIMED: [&str; 7] =
    ["event", "restore", "target", "guard", "actions", "internal", "description"];
const DELAYED: [&str; 8] =
    ["delay", "event", "restore", "target", "guard", "actions", "internal", "description"];

impl Reader {
    /// `{submitted: review}`, or a list of transitions that name their events.
    pub(super) fn on(&mut self, at: &Cursor<'_>, state: &mut State) {
        if let Some(fields) = at.fields() {
            for field in fields.iter() {
                let events = self.descriptors(&field, field.key());
                self.transitions(&field, &events, state);
            }
        } else if at.node.as_list().is_some() {
            for item in at.items() {
                let Some(fields) = self.fields(&item, "a transition", &WITH_EVENT) else {
                    continue;
                };
                let event = fields.get("event");
                let events = event.and_then(|at| Some(self.descriptors(&at, at.node.as_text()?)));
                if event.is_some() && events.is_none() {
                    self.wrong(&item, "`event` is a text: names with white space between");
                }
                let transition = self.transition(&item, events.unwrap_or_default(), &WITH_EVENT);
                state.transitions.extend(transition);
            }
        } else {
            self.expected(at, "an object of events and transitions");
        }
    }

    /// Descriptors of events, with white space between.
    fn descriptors(&mut self, at: &Cursor<'_>, text: &str) -> Vec<String> {
        let events: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if events.is_empty() {
            self.wrong(at, "an event is missing; a transition without one stands under `always`");
        }
        events
    }

    /// One transition or several, in order.
    pub(super) fn transitions(&mut self, at: &Cursor<'_>, events: &[String], state: &mut State) {
        for at in at.each() {
            let transition = self.transition(&at, events.to_vec(), &TRANSITION);
            state.transitions.extend(transition);
        }
    }

    /// A target, an object, or nothing: then the event is heard and nothing is done.
    fn transition(
        &mut self,
        at: &Cursor<'_>,
        events: Vec<String>,
        known: &[&str],
    ) -> Option<Transition> {
        let plain = Transition { events, place: at.place(), ..Transition::default() };
        match at.node.kind {
            NodeKind::Null => return Some(plain),
            NodeKind::Text(_) => return Some(Transition { targets: self.targets(at), ..plain }),
            _ => {}
        }
        let fields = self.fields(at, "a transition", known)?;
        Some(Transition {
            targets: fields.get("target").map(|at| self.targets(&at)).unwrap_or_default(),
            guard: fields.get("guard").and_then(|at| self.expr(&at)),
            internal: fields.get("internal").is_some_and(|at| self.boolean(&at)),
            actions: fields.get("actions").map(|at| self.actions(&at)).unwrap_or_default(),
            description: fields.get("description").and_then(|at| self.text(&at)),
            ..plain
        })
    }

    /// `{PT72H: expired}`, or a list of timers that say how long.
    pub(super) fn after(&mut self, at: &Cursor<'_>, state: &mut State) {
        if let Some(fields) = at.fields() {
            for field in fields.iter() {
                self.check_delay(&field, field.key());
                self.timer(&field, Given::Known(field.key().to_owned()), &TIMED, state);
            }
        } else if at.node.as_list().is_some() {
            for item in at.items() {
                let delay = self.required(&item, "delay").and_then(|at| self.delay(&at));
                if let Some(delay) = delay {
                    self.timer(&item, delay, &DELAYED, state);
                }
            }
        } else {
            self.expected(at, "an object of delays and transitions");
        }
    }

    /// A timer, and the transition on its event if it says one.
    fn timer(&mut self, at: &Cursor<'_>, delay: Given<String>, known: &[&str], state: &mut State) {
        let fields = at.fields();
        let field = |key: &str| fields.and_then(|fields| fields.get(key));
        let event = field("event").and_then(|at| self.name(&at));
        let restores = Restore::ALL.map(|restore| (restore.name(), restore));
        let restore = field("restore").and_then(|at| self.word(&at, &restores)).unwrap_or_default();
        let says = |key: &&str| field(key).is_some();
        let acts = TRANSITION.iter().any(says);
        let name = event.clone().or_else(|| timer_event(state, state.timers.len()));
        state.timers.push(Timer { delay, event, restore, place: at.place() });
        if fields.is_some() && !acts {
            self.fields(at, "a timer", known);
            return;
        }
        let Some(name) = name else {
            return self.wrong(at, "this state has no name: name the `event` of its timer");
        };
        for at in at.each() {
            let known = if fields.is_some() { known } else { &TRANSITION };
            let transition = self.transition(&at, vec![name.clone()], known);
            state.transitions.extend(transition);
        }
    }

    /// What is to be done when the children are.
    pub(super) fn done(&mut self, at: &Cursor<'_>, state: &mut State) {
        match done_event(state) {
            Some(event) => self.transitions(at, &[event], state),
            None => self.wrong(at, "this state has no name: name the event under `on`"),
        }
    }
}

/// The event of a timer that names none.
pub(in crate::kyc::chart) fn timer_event(state: &State, at: usize) -> Option<String> {
    state.id.as_ref().map(|id| format!("after.{at}.{id}"))
}

/// The event that tells that the children of a state are done.
pub(in crate::kyc::chart) fn done_event(state: &State) -> Option<String> {
    state.id.as_ref().map(|id| format!("done.state.{id}"))
}
