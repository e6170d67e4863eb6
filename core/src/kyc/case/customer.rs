//! What is asked of a case on behalf of whom it is about: what it still asks for, and whether it has taken something already.

use super::act::REQUESTS;
use super::desk::Desk;
use super::own::sendable;
use super::state::Case;
use crate::kyc::chart::{Session, State, stem, stems_for};

impl Desk {
    /// Whether a case waits for an event that somebody may send: a transition for it leaves an active state of the case's own chart. Its guard is not
    /// asked, since what it reads may come with the event.
    #[must_use]
    pub fn waits_for(&self, session: &Session, event: &str) -> bool {
        if sendable(self.kind(), event).is_err() {
            return false;
        }
        let program = self.definition().program();
        let is_active = |state: &State| {
            state.id.as_deref().is_some_and(|name| program.is_active(session, name))
        };
        // One that is for everything asks for nothing.
        let names = |name: &String| name != "*" && stems_for(event).any(|it| it == stem(name));
        let mut open: Vec<&State> = self.definition().chart().states.iter().collect();
        while let Some(state) = open.pop() {
            if is_active(state) && state.transitions.iter().any(|it| it.events.iter().any(names)) {
                return true;
            }
            open.extend(&state.states);
        }
        false
    }
}

impl Case {
    /// Whether a request was done, as far as it is remembered: see [`Case::remembers_all`].
    #[must_use]
    pub fn has_done(&self, request_id: &str) -> bool {
        self.requests.iter().any(|request| request.id == request_id)
    }

    /// Whether every request that was ever done is remembered still.
    #[must_use]
    pub fn remembers_all(&self) -> bool {
        self.requests.len() < REQUESTS
    }
}

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
