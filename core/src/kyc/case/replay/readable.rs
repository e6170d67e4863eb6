//! A change as an object that people read, so that a difference can say where it is.

use std::collections::BTreeSet;

use super::{bytes, digest, hex};
use crate::kyc::case::fact::Change;
use crate::kyc::case::state::{
    Case, Decided, Document, Evidence, InForce, InQueue, PartyStanding, Pending, Request, Vote,
};
use crate::kyc::case::told::instant;
use crate::kyc::chart::Session;
use crate::value::Value;

pub(super) fn change(change: &Change) -> Value {
    let by = Value::fields([
        ("at", instant(change.by.at)),
        ("actor", text(&change.by.actor)),
        ("request_id", maybe(change.by.request_id.as_ref())),
    ]);
    let command = Value::fields([
        ("name", Value::from(change.command.name())),
        // Of one command there is one form, in which it is kept.
        ("digest", digest(&bytes(&change.command))),
    ]);
    Value::fields([
        ("by", by),
        ("command", command),
        ("steps", Value::array(change.steps.iter().map(|step| step.0.clone()))),
        ("case", case(&change.case)),
    ])
}

fn case(case: &Case) -> Value {
    Value::fields([
        ("key", text(&case.key)),
        ("kind", text(&case.kind)),
        ("desk", hex(&case.desk)),
        ("version", count(case.version)),
        ("opened_at", instant(case.opened_at)),
        ("opened_by", text(&case.opened_by)),
        ("changed_at", instant(case.changed_at)),
        ("party", maybe(case.party.as_ref())),
        ("parent", maybe(case.parent.as_ref())),
        ("ended_at", at(case.ended_at)),
        ("cancelled", Value::from(case.cancelled)),
        ("reopened", count(case.reopened.into())),
        ("session", session(case.session())),
        ("place", case.place.as_ref().map_or(Value::Null, place)),
        ("assignee", maybe(case.assignee.as_ref())),
        ("snoozed_until", at(case.snoozed_until)),
        ("documents", named(case.documents.iter().map(|(name, it)| (name, document(it))))),
        ("evidence", named(case.evidence.iter().map(|(name, it)| (name, evidence(it))))),
        ("pending", case.pending.as_ref().map_or(Value::Null, pending)),
        ("decided", Value::array(case.decided.iter().map(decided))),
        ("overrides", Value::array(case.overrides.iter().map(in_force))),
        ("submitters", Value::array(case.submitters.iter().map(|it| text(it)))),
        ("requests", Value::array(case.requests.iter().map(request))),
        ("retention", maybe(case.retention.as_ref())),
        ("standing", case.standing.as_ref().map_or(Value::Null, standing)),
        ("openers", people(case.openers.as_ref())),
        ("overriders", people(case.overriders.as_ref())),
        ("paused_at", at(case.paused_at)),
        ("told", case.told.as_ref().map_or(Value::Null, standing)),
        ("callbacks", case.callbacks.as_ref().map_or(Value::Null, |it| digest(&it.0.to_bytes()))),
    ])
}

fn people(people: Option<&BTreeSet<String>>) -> Value {
    people.map_or(Value::Null, |people| Value::array(people.iter().map(|it| text(it))))
}

fn standing(standing: &PartyStanding) -> Value {
    let flags = standing.flags.iter();
    Value::fields([
        ("kyc_level", standing.kyc_level.map_or(Value::Null, |level| Value::int(level.into()))),
        ("risk", maybe(standing.risk.as_ref())),
        ("flags", named(flags.map(|(name, is_set)| (name, Value::from(*is_set))))),
    ])
}

fn session(session: &Session) -> Value {
    let waiting = session.pending().into_iter().map(|it| {
        let name = maybe(it.message.event.as_ref());
        Value::fields([("session", text(it.session)), ("due", instant(it.due)), ("event", name)])
    });
    Value::fields([
        ("id", text(session.id())),
        ("status", text(&format!("{:?}", session.status()).to_lowercase())),
        ("event", session.event().map_or(Value::Null, |event| text(&event.name))),
        ("data", session.data().clone()),
        ("waiting", Value::array(waiting)),
        ("digest", digest(&session.to_bytes())),
    ])
}

fn place(place: &InQueue) -> Value {
    Value::fields([
        ("queue", text(&place.queue)),
        ("since", instant(place.since)),
        ("due", at(place.due)),
        ("from", maybe(place.from.as_ref())),
        ("waits_since", at(place.waits_since)),
        ("missed", at(place.missed)),
    ])
}

fn document(document: &Document) -> Value {
    Value::fields([
        ("standing", Value::from(document.standing.name())),
        ("since", instant(document.since)),
        ("due", at(document.due)),
        ("attempts", count(document.attempts.into())),
        ("hash", document.hash.as_ref().map_or(Value::Null, hex)),
        ("file", maybe(document.file.as_ref())),
        ("valid_until", at(document.valid_until)),
        ("reasons", texts(&document.reasons)),
        ("by", maybe(document.by.as_ref())),
    ])
}

fn evidence(evidence: &Evidence) -> Value {
    Value::fields([
        ("hash", hex(&evidence.hash)),
        ("file", maybe(evidence.file.as_ref())),
        ("since", instant(evidence.since)),
        ("by", text(&evidence.by)),
    ])
}

fn pending(pending: &Pending) -> Value {
    Value::fields([
        ("decision", text(&pending.decision)),
        ("seen", hex(&pending.seen)),
        ("votes", Value::array(pending.votes.iter().map(vote))),
    ])
}

fn decided(decided: &Decided) -> Value {
    Value::fields([
        ("decision", text(&decided.decision)),
        ("at", instant(decided.at)),
        ("since", instant(decided.since)),
        ("due", at(decided.due)),
        ("seen", hex(&decided.seen)),
        ("votes", Value::array(decided.votes.iter().map(vote))),
    ])
}

fn vote(vote: &Vote) -> Value {
    Value::fields([
        ("by", text(&vote.by)),
        ("role", text(&vote.role)),
        ("at", instant(vote.at)),
        ("reasons", texts(&vote.reasons)),
    ])
}

fn in_force(force: &InForce) -> Value {
    Value::fields([
        ("by", text(&force.by)),
        ("why", text(&force.why)),
        ("since", instant(force.since)),
        ("until", instant(force.until)),
    ])
}

fn request(request: &Request) -> Value {
    Value::fields([("id", text(&request.id)), ("version", count(request.version))])
}

fn named<'a>(items: impl Iterator<Item = (&'a String, Value)>) -> Value {
    Value::object(items.map(|(name, value)| (text(name), value)))
}

fn texts(texts: &[String]) -> Value {
    Value::array(texts.iter().map(|it| text(it)))
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn maybe(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| Value::from(&**text))
}

fn at(at: Option<i64>) -> Value {
    at.map_or(Value::Null, instant)
}

fn count(count: u64) -> Value {
    i64::try_from(count).map_or_else(|_| Value::from(count.to_string()), Value::int)
}
