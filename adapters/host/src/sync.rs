//! A customer's device and the ledger: what it asks for is booked, and it is told what is new.

use thalium::Context;
use thalium::api::{SyncCall, SyncReply};

use crate::{Error, Thalium, hex};

impl Thalium {
    /// Books what a customer's device asks for as far as the customer may, hands in what it has for the customer's cases, and tells
    /// what became of it and what is new. A request that is sent again books nothing twice.
    ///
    /// # Errors
    /// A call that makes no sense; as [`Thalium::submit`].
    pub fn sync(&self, call: &SyncCall) -> Result<SyncReply, Error> {
        self.sync_at(self.now(), call)
    }

    /// As [`Thalium::sync`], at an instant.
    ///
    /// # Errors
    /// As [`Thalium::sync`].
    pub fn sync_at(&self, now: i64, call: &SyncCall) -> Result<SyncReply, Error> {
        let admitted = self.read(|book| call.admit(book))??;
        let commands: Vec<_> = admitted.iter().filter_map(|one| one.clone().ok()).collect();
        let booked = match commands.is_empty() {
            true => Vec::new(),
            false => self.submit_at(&self.context_of(call), now, &commands)?,
        };
        let mut booked = booked.into_iter();
        let outcomes = admitted
            .into_iter()
            .map(|one| one.map_or_else(|refused| *refused, |_| booked.next().unwrap_or_default()));
        let outcomes = outcomes.collect();
        let mut reply = self.read(|book| call.reply(book, outcomes, now))??;
        // What was booked is told, whatever becomes of cases: what is not answered of these, the device asks again.
        let _ = self.sync_cases(call, now, &mut reply);
        // After what is told was read, so that it stands in a log of that size.
        let (events, root) = self.root()?;
        (reply.root_events, reply.root) = (events, hex(&root));
        Ok(reply)
    }

    fn context_of(&self, call: &SyncCall) -> Context {
        Context {
            actor: call.customer.clone(),
            role: "customer".to_owned(),
            request_id: call.request_id.clone().unwrap_or_default(),
            origin: call.origin.clone().unwrap_or_else(|| "device".to_owned()),
        }
    }
}
