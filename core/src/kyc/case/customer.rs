//! What is asked of a case on behalf of whom it is about: what it still asks for, and whether it has taken something already.

use super::desk::Desk;
use super::own::sendable;
use super::state::{Case, Request};
use crate::kyc::chart::{Session, State, stem, stems_for};

/// What the ids of requests begin with that devices of customers make.
pub const DEVICES: &str = "device/";
/// The requests that a case remembers of devices, and of all others.
const REQUESTS: usize = 32;

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
    /// Whether a request was done, as far as it is remembered: see [`Case::remembers_devices`].
    #[must_use]
    pub fn has_done(&self, request_id: &str) -> bool {
        self.requests.iter().any(|request| request.id == request_id)
    }

    /// Whether every request of a device that was ever done is remembered still.
    #[must_use]
    pub fn remembers_devices(&self) -> bool {
        self.requests.iter().filter(|request| request.is_of_device()).count() < REQUESTS
    }

    /// Remembers a request in the place of the oldest, once there are too many: however much a customer hands in, what the office and the
    /// providers have asked for stays remembered.
    pub(super) fn remember(&mut self, request: Request) {
        let is_alike = |other: &Request| other.is_of_device() == request.is_of_device();
        if self.requests.iter().filter(|other| is_alike(other)).count() >= REQUESTS
            && let Some(oldest) = self.requests.iter().position(is_alike)
        {
            self.requests.remove(oldest);
        }
        self.requests.push(request);
    }
}

impl Request {
    fn is_of_device(&self) -> bool {
        self.id.starts_with(DEVICES)
    }
}

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
