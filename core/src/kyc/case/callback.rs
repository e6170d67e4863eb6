//! Callbacks that are delivered to a case: one that came before does nothing, and one that was overtaken is written down and not heard.

use sha2::{Digest as _, Sha256};

use super::act::Work;
use super::command::Command;
use super::json::{Deliveries, Json};
use super::own::sendable;
use super::refusal::Refusal;
use super::registry::{Cases, Done};
use super::state::Evidence;
use super::told::instant;
use crate::audit::merkle::{from_hex, hex};
use crate::kyc::callback::{Callback, Delivery, Inbox, InboxError, Provider, WINDOW};
use crate::kyc::chart::Event;
use crate::kyc::rules::shown;
use crate::value::Value;

/// The most callbacks that a case remembers: each for thirty days.
pub const CALLBACKS: u32 = 256;
/// The longest body of a callback that is kept with a case, in bytes.
pub const BODY: usize = 64 << 10;

impl Cases {
    /// What is answered to a callback that its case has had already: nothing is done.
    pub(super) fn delivered_again(
        &self,
        key: &str,
        command: &Command,
        at: i64,
    ) -> Result<Option<Done>, Refusal> {
        let Command::Callback { data, .. } = command else { return Ok(None) };
        let Some(case) = self.get(key) else { return Ok(None) };
        let Some(known) = &case.callbacks else { return Ok(None) };
        let is_again = known.0.has(&read(data.as_ref())?, at.max(case.changed_at));
        Ok(is_again.then(|| Done { replayed: Some(case.version), heard: true, ..Done::default() }))
    }
}

impl Work<'_> {
    /// A provider tells something.
    pub(super) fn deliver(
        &mut self,
        data: Option<&Json>,
        body: Option<&str>,
    ) -> Result<(), Refusal> {
        let callback = read(data)?;
        proven(data)?;
        self.concerns(&callback)?;
        let hash = from_hex(&callback.evidence).ok_or_else(|| {
            refused("data", "has no SHA-256 as `evidence`: 64 digits of hexadecimal")
        })?;
        body.map_or(Ok(()), |body| self.original(body, &callback))?;
        let name = callback.outcome.event();
        sendable(self.desk.kind(), name)?;
        let known = self.case.callbacks.take();
        let mut known =
            known.unwrap_or_else(|| Box::new(Deliveries(Inbox::with(WINDOW, CALLBACKS))));
        let inbox = &mut known.0;
        inbox.forget(self.by.at);
        // Room is kept for what decides something: beyond the half, the rest is heard and not remembered.
        let is_crowded = inbox.len() >= usize::try_from(CALLBACKS / 2).unwrap_or(usize::MAX);
        let delivery = if is_crowded && !callback.decides() {
            Ok(inbox.new_or_late(&callback))
        } else {
            inbox.receive(&callback, self.by.at)
        };
        self.case.callbacks = Some(known);
        // What happened before anything is remembered may have been heard already: nobody knows.
        let horizon = self.by.at.saturating_sub(WINDOW);
        let is_too_old = callback.occurred_at.is_some_and(|at| at < horizon);
        match delivery.map_err(refusal)? {
            // What was delivered before was answered before it came here; it does nothing here either.
            Delivery::Again { .. } => self.heard = false,
            Delivery::Late { newest } => self.overtaken(name, data, newest)?,
            Delivery::New if is_too_old => self.overtaken(name, data, horizon)?,
            Delivery::New => {
                if let Some(check) = as_evidence(&callback) {
                    let (since, by) = (self.by.at, self.by.actor.clone());
                    self.is_evidence(check, Evidence { hash: hash.into(), file: None, since, by })?;
                }
                let is_open = self.case.is_open();
                self.heard =
                    is_open && self.hear(Event::named(name.to_owned()).with(told(data)), None)?;
            }
        }
        Ok(())
    }

    /// That a callback is about whom the case is about, where both are known: what is told of somebody else is no evidence here.
    fn concerns(&self, callback: &Callback) -> Result<(), Refusal> {
        let Some(subject) = &callback.subject else { return Ok(()) };
        let said = self.case.session().data().get_str("party").and_then(Value::as_str);
        let said = said.filter(|said| !said.is_empty());
        let known = [self.case.party.as_deref(), said, Some(&*self.case.key)];
        if known.into_iter().flatten().any(|name| name == subject) {
            return Ok(());
        }
        let what = format!(
            "is about `{}`, and the case is not: deliver it to the case of that one",
            shown(subject)
        );
        Err(Refusal::Text { field: "data", what })
    }

    /// What is too late is written down, and not heard.
    fn overtaken(&mut self, name: &str, data: Option<&Json>, by: i64) -> Result<(), Refusal> {
        (self.late, self.heard) = (true, false);
        let event = [("name", Value::from(name)), ("data", told(data))];
        self.tells(Value::fields([
            ("event", Value::fields(event)),
            ("heard", Value::from(false)),
            ("overtaken", instant(by)),
        ]))
    }

    /// That a body is what the callback was read from, and may be kept: it tells of a person, and so only with what can be forgotten.
    fn original(&self, body: &str, callback: &Callback) -> Result<(), Refusal> {
        if self.case.party.is_none() {
            let what = "is kept with a case that is about a party, sealed to it, and this one is about none: leave it out";
            return Err(refused("body", what));
        }
        if body.len() > BODY {
            let what =
                format!("has more than {} KiB: keep it elsewhere, and leave it out", BODY >> 10);
            return Err(Refusal::Text { field: "body", what });
        }
        if hex(&Sha256::digest(body)) != callback.evidence {
            let what = "is not what the callback was read from: its SHA-256 is not `evidence`";
            return Err(refused("body", what));
        }
        Ok(())
    }
}

/// The name under which a case has a callback as evidence: that of its check, so that the newest stands for it. What decides nothing is none.
fn as_evidence(callback: &Callback) -> Option<String> {
    callback.decides().then(|| format!("{}/{}", callback.provider.name(), callback.about))
}

fn told(data: Option<&Json>) -> Value {
    data.map_or(Value::Null, |data| data.0.clone())
}

fn read(data: Option<&Json>) -> Result<Callback, Refusal> {
    let read = Callback::of_event(data.map_or(&Value::Null, |data| &data.0));
    read.map_err(|what| Refusal::Text { field: "data", what })
}

/// That something proves it: the log of the case says what.
fn proven(data: Option<&Json>) -> Result<(), Refusal> {
    let verified = data.and_then(|data| data.0.get_str("verified"));
    let by = |what| verified.and_then(|it| it.get_str(what)).and_then(Value::as_str).is_some();
    if by("key") || by("origin") {
        return Ok(());
    }
    let what = "has nothing in `verified` that proves it: a `key` or an `origin`, as whoever proves a callback tells";
    Err(refused("data", what))
}

/// Whether a name is one under which a case has callbacks as evidence: nobody else puts anything there.
pub(super) fn is_of_provider(name: &str) -> bool {
    let provider = name.split_once('/').map(|(provider, _)| provider);
    provider.is_some_and(|provider| Provider::from_name(provider).is_ok())
}

fn refused(field: &'static str, what: &str) -> Refusal {
    Refusal::Text { field, what: what.to_owned() }
}

fn refusal(error: InboxError) -> Refusal {
    let what = match error {
        InboxError::Full { .. } => {
            let what = "callbacks to a case within thirty days";
            return Refusal::TooMany {
                what,
                most: usize::try_from(CALLBACKS).unwrap_or(usize::MAX),
            };
        }
        other => other.to_string(),
    };
    Refusal::Text { field: "data", what }
}

#[cfg(test)]
#[path = "callback_tests.rs"]
mod tests;
