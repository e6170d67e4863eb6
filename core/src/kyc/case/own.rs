//! What a chart hears of the case itself: nobody sends that by hand, for then nobody would have voted.

use super::act::Work;
use super::kind::Kind;
use super::refusal::Refusal;
use crate::kyc::rules::shown;

/// How the names of events begin that follow from callbacks.
const CHECK: &str = "check";

/// That an event is not one that follows from what people do by other commands.
///
/// What it is called more than such a one, token by token, is heard by the transition for that one as well (SCXML, 3.12.1).
pub(super) fn sendable(kind: &Kind, event: &str) -> Result<(), Refusal> {
    let extends = |own: &str| {
        let rest = event.strip_prefix(own);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let Some((_, instead)) = own(kind).find(|(own, _)| extends(own)) else {
        return Ok(());
    };
    let what = format!("`{}` is not sent by hand: {instead}", shown(event));
    Err(Refusal::Text { field: "event", what })
}

impl Work<'_> {
    /// That the one who asks may send an event: it comes about in no other way, and the kind lets them, where it says who may send what.
    pub(super) fn may_send(&self, event: &str) -> Result<(), Refusal> {
        let kind = self.desk.kind();
        sendable(kind, event)?;
        let Some(events) = &kind.events else {
            // Nobody who proves nothing speaks for a provider.
            if event.split('.').next() == Some(CHECK) {
                let what = format!(
                    "`{}` is what a provider tells: deliver its callback, or let the kind say in `events` who may send it",
                    shown(event)
                );
                return Err(Refusal::Text { field: "event", what });
            }
            return Ok(());
        };
        match events.get(event) {
            None => Err(self.unknown("event that may be sent", event, events.keys())),
            Some(sending) if sending.roles.is_empty() => Ok(()),
            Some(sending) => self.role_of(&self.by.actor, "send that", &sending.roles).map(|_| ()),
        }
    }
}

impl Kind {
    /// All events that the chart is told by what people do, as often as the kind names them.
    pub fn told(&self) -> impl Iterator<Item = &str> {
        own(self).map(|(event, _)| event.as_str())
    }

    /// Descriptors of all events that can come to the chart from outside: what may be sent, what it is told by what people do, and what follows from
    /// callbacks. None: anything may be sent.
    #[must_use]
    pub fn outside(&self) -> Option<Vec<String>> {
        let sent = self.events.as_ref()?.keys().map(String::as_str);
        let named = sent.chain(self.told()).map(str::to_owned);
        Some(named.chain([format!("{CHECK}.*")]).collect())
    }
}

/// The events that a kind names, and how they come about.
fn own(kind: &Kind) -> impl Iterator<Item = (&String, &'static str)> {
    let decisions = kind.decisions.values().flat_map(|ruling| {
        let around = ruling.proposed.iter().chain(&ruling.returned);
        around.chain([&ruling.event]).map(|event| (event, "it comes of a decision, so vote for it"))
    });
    let documents = kind.document_events.named().filter_map(|(_, event)| event);
    let documents =
        documents.map(|event| (event, "it comes of a document, so hand it in, or decide about it"));
    let overrides = kind.overrides.iter().flat_map(|it| [&it.event, &it.expired]);
    let overrides = overrides.map(|event| (event, "it comes of an override, so ask for one"));
    let missed = kind.queues.iter().filter_map(|queue| queue.missed.as_ref());
    let missed = missed.map(|event| (event, "it comes of a wait that is over"));
    let child = kind.child_ended.iter();
    let child = child.map(|event| (event, "it comes of a case that has ended"));
    decisions.chain(documents).chain(overrides).chain(missed).chain(child)
}
