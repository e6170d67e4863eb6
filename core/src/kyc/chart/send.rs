//! Messages: to this session, to others of the tree, and to what the host knows.

use std::sync::Arc;

use chrono::DateTime;

use super::document::{Place, Restore};
use super::duration::Duration;
use super::effect::{Effect, Message};
use super::event::{Event, Source};
use super::model::{DataModel, Fault};
use super::program::{Sending, Wait};
use super::run::{Run, Stop};
use super::session::{Held, Waiting};
use super::step::{StepError, TIMERS};
use crate::time::{DAY, parse_date};
use crate::value::Value;

/// The kind of events between charts: `_event.origintype`, and what `_ioprocessors` knows.
pub const SCXML_PROCESSOR: &str = "http://www.w3.org/TR/scxml/#SCXMLEventProcessor";
/// What a session can be sent to at begins with this; its id follows.
pub const SCXML_TARGET: &str = "#_scxml_";

/// The instant that a text is, a date or one of RFC 3339 in any zone. What is behind the last instant that can be told is that one: it never comes.
fn instant(text: &str) -> Option<i64> {
    if let Some(days) = parse_date(text) {
        return Some(i64::from(days).saturating_mul(DAY));
    }
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    let end = if at.timestamp() < 0 { i64::MIN } else { i64::MAX };
    Some(at.timestamp_nanos_opt().unwrap_or(end))
}

/// Whether what goes by such a processor goes to a session, or to what one invoked.
pub(super) fn is_processor(kind: Option<&str>) -> bool {
    kind.is_none_or(|kind| kind == "scxml" || kind == SCXML_PROCESSOR)
}

/// Where a message goes.
enum Route {
    Own,
    Inner,
    Parent,
    Session(usize),
    Invoked(String),
    /// To no session that there is.
    Nowhere,
    Host,
}

impl<M: DataModel> Run<'_, '_, M> {
    pub(super) fn send(
        &mut self,
        at: usize,
        sending: &Sending<M::Code>,
        place: &Place,
    ) -> Result<(), Stop> {
        let id = match (&sending.id, &sending.id_location) {
            (Some(id), _) => Some(id.to_string()),
            (None, Some(location)) => {
                let id = format!("send.{}", self.made(at));
                let value = Value::from(id.as_str());
                self.ask(at, |model, scope| model.set(scope, location, &value))?;
                Some(id)
            }
            (None, None) => None,
        };
        // The chart is told which message it was.
        self.send_as(at, sending, id.clone(), place).map_err(|stop| match stop {
            Stop::Fault(fault) => Stop::Sending(fault, id),
            other => other,
        })
    }

    fn send_as(
        &mut self,
        at: usize,
        sending: &Sending<M::Code>,
        id: Option<String>,
        place: &Place,
    ) -> Result<(), Stop> {
        let event = self.maybe_text(at, sending.event.as_ref())?;
        let target = self.maybe_text(at, sending.target.as_ref())?;
        let kind = self.maybe_text(at, sending.kind.as_ref())?;
        let due = match &sending.delay {
            Some(wait) => self.due(at, wait)?.0,
            None => self.now,
        };
        let data = self.told(at, &sending.told)?;
        let message = Message { id, target, kind, event, data };
        match self.route(&message) {
            Route::Host
                if !self.model.supports(message.kind.as_deref(), message.target.as_deref()) =>
            {
                let target = message.target.as_deref().or(message.kind.as_deref());
                let told = format!("nothing can be sent to `{}`", target.unwrap_or_default());
                return Err(Fault::new(told).into());
            }
            Route::Host => {}
            Route::Inner if due > self.now => {
                return Err(Fault::new(
                    "nothing waits in the internal queue: send it without a delay",
                )
                .into());
            }
            _ if message.event.is_none() => {
                return Err(Fault::new("a session is sent events, and this has no name").into());
            }
            _ => {}
        }
        let message = Arc::new(message);
        if due > self.now {
            self.wait(at, None, due, None, Restore::Deadline, message)?;
            return Ok(());
        }
        Ok(self.dispatch(at, message, place)?)
    }

    /// When a wait is over that begins now, and how long it is.
    pub(super) fn due(&mut self, at: usize, wait: &Wait<M::Code>) -> Result<(i64, Duration), Stop> {
        let duration = match wait {
            Wait::Known(duration) => *duration,
            Wait::Code(code) => match self.ask(at, |model, scope| model.value(scope, code))? {
                Value::String(text) => match instant(&text) {
                    // No instant is that late: then it is never due.
                    Some(due) => {
                        let due = due.max(self.now);
                        return Ok((due, Duration::of(0, due.saturating_sub(self.now))));
                    }
                    None => text.parse().map_err(|error| Fault::new(format!("{error}")))?,
                },
                other => {
                    return Err(Fault::new(format!(
                        "a delay is a text, and this is a {}",
                        other.kind()
                    ))
                    .into());
                }
            },
        };
        let due = duration.after(self.now).map_err(|error| Fault::new(error.to_string()))?;
        Ok((due, duration))
    }

    pub(super) fn wait(
        &mut self,
        at: usize,
        state: Option<u32>,
        due: i64,
        anew: Option<Duration>,
        restore: Restore,
        message: Arc<Message>,
    ) -> Result<(), StepError> {
        self.count_event(at)?;
        let span = due.saturating_sub(self.now);
        let sequence = self.sequence;
        self.sequence = sequence.saturating_add(1);
        if let Some(live) = self.lives.get_mut(at) {
            if live.session.timers.len() >= TIMERS {
                return Err(StepError::Timers { session: live.session.id.to_string() });
            }
            live.session.timers.push(Waiting {
                due,
                span,
                anew,
                sequence,
                restore,
                state,
                message,
            });
        }
        Ok(())
    }

    fn route(&self, message: &Message) -> Route {
        let target = match message.target.as_deref() {
            _ if !is_processor(message.kind.as_deref()) => return Route::Host,
            None | Some("") => return Route::Own,
            Some(target) => target,
        };
        if target == "#_internal" {
            Route::Inner
        } else if target == "#_parent" {
            Route::Parent
        } else if let Some(id) = target.strip_prefix(SCXML_TARGET) {
            self.find(id).map_or(Route::Nowhere, Route::Session)
        } else if let Some(id) = target.strip_prefix("#_") {
            Route::Invoked(id.to_owned())
        } else {
            Route::Host
        }
    }

    /// Sends what is due.
    pub(super) fn dispatch(
        &mut self,
        at: usize,
        message: Arc<Message>,
        place: &Place,
    ) -> Result<(), StepError> {
        let to = match self.route(&message) {
            Route::Host => {
                let session = self.id(at);
                self.effect(at, Effect::Send { session, message })?;
                return self.count_event(at);
            }
            Route::Inner => {
                let event = Event { source: Source::Internal, ..plain(&message) };
                return self.raise(at, Arc::new(event));
            }
            Route::Own => Some(at),
            Route::Session(to) => Some(to),
            Route::Parent => {
                let Some(live) = self.lives.get(at) else { return Ok(()) };
                if live.is_mute {
                    return Ok(());
                }
                live.parent
            }
            Route::Invoked(id) => {
                let invoked = self.lives.get(at).map_or(&[][..], |live| &live.session.invoked);
                let invoked = invoked.iter().find(|invoked| *invoked.id == *id);
                if let Some(invoked) = invoked.filter(|invoked| invoked.held == Held::Service) {
                    let known = self.known_as(at, &invoked.id);
                    let target = Some(format!("#_{known}"));
                    let message = if known == invoked.id {
                        message
                    } else {
                        Arc::new(Message { target, ..Message::clone(&message) })
                    };
                    let session = self.id(at);
                    self.effect(at, Effect::Send { session, message })?;
                    return self.count_event(at);
                }
                self.child(at, &id)
            }
            Route::Nowhere => None,
        };
        let Some(to) = to else {
            let told = format!(
                "there is no session `{}` to send to",
                message.target.as_deref().unwrap_or_default()
            );
            return self.fail(at, "error.communication", &told, message.id.clone(), place);
        };
        let Some(live) = self.lives.get(at) else { return Ok(()) };
        let invoke_id = live.via.as_deref().filter(|_| live.parent == Some(to)).map(str::to_owned);
        let event = Event {
            origin: Some(format!("{SCXML_TARGET}{}", live.session.id)),
            origin_kind: Some(SCXML_PROCESSOR.to_owned()),
            invoke_id,
            ..plain(&message)
        };
        self.enqueue(to, Arc::new(event))
    }

    /// A number that no other made-up id of the session has.
    pub(super) fn made(&mut self, at: usize) -> u64 {
        let Some(live) = self.lives.get_mut(at) else { return 0 };
        let made = live.session.made;
        live.session.made = made.saturating_add(1);
        made
    }
}

fn plain(message: &Message) -> Event {
    Event {
        name: message.event.clone().unwrap_or_default(),
        send_id: message.id.clone(),
        data: message.data.clone(),
        ..Event::default()
    }
}

#[cfg(test)]
#[path = "send_tests.rs"]
mod tests;
