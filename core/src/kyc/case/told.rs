//! What happened in a step of a chart, as plain data that is kept with the case: an auditor reads it without running anything.

use super::command::Command;
use super::json::Json;
use super::state::PartyStanding;
use crate::audit::merkle::hex;
use crate::kyc::chart::{Effect, Event, Microstep, Step, Way};
use crate::kyc::difference;
use crate::time::format_instant;
use crate::value::Value;

/// The most bytes of a value that a guard read which are told, about.
const READ: u64 = 4_096;

/// What is told of a step: the event, whether it was heard, what guards read and answered, the ways that were taken, effects, faults, and what
/// changed of the variables.
pub(super) fn step(event: Option<&Event>, before: Option<&Value>, step: &Step) -> Value {
    let none = Value::object([]);
    let changed = difference::difference(before.unwrap_or(&none), step.session.data());
    let faults = step.faults.iter().map(|(place, what)| {
        Value::fields([("at", Value::from(&*place.path)), ("what", Value::from(&**what))])
    });
    let mut fields = Vec::new();
    if let Some(event) = event {
        fields.push(("event", told_event(event)));
        fields.push(("heard", Value::from(step.heard)));
    }
    fields.extend(listed("microsteps", step.trace.microsteps.iter().map(microstep)));
    fields.extend(listed("effects", step.effects.iter().map(effect)));
    fields.extend(listed("faults", faults));
    fields.extend(listed("changed", changed.iter().map(difference::Change::to_value)));
    Value::fields(fields)
}

/// A list with its name; nothing where it is empty.
fn listed(name: &str, items: impl Iterator<Item = Value>) -> Option<(&str, Value)> {
    let items: Vec<Value> = items.collect();
    (!items.is_empty()).then(|| (name, Value::array(items)))
}

fn told_event(event: &Event) -> Value {
    let texts = [("name", Some(&event.name)), ("invoke_id", event.invoke_id.as_ref())];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, Value::from(&**text?))));
    Value::fields(texts.chain(event.data.clone().map(|data| ("data", data))))
}

fn microstep(microstep: &Microstep) -> Value {
    let guards = microstep.guards.iter().map(|asked| {
        let held = asked.held.map_or(Value::Null, Value::from);
        let fields = [("of", way(&asked.way)), ("held", held)];
        Value::fields(fields.into_iter().chain(listed("read", reads(&asked.read))))
    });
    let mappings = microstep.mappings.iter().map(|mapping| {
        let held = mapping.held.map(|held| ("held", Value::from(held)));
        let at = [("at", Value::from(&*mapping.place.path))];
        Value::fields(at.into_iter().chain(held).chain(listed("read", reads(&mapping.read))))
    });
    let names = |names: &[String]| -> Vec<Value> {
        names.iter().map(|name| Value::from(&**name)).collect()
    };
    let fields = [
        listed("guards", guards),
        listed("taken", microstep.taken.iter().map(way)),
        listed("left", names(&microstep.exited).into_iter()),
        listed("entered", names(&microstep.entered).into_iter()),
        listed("mappings", mappings),
    ];
    let event = microstep.event.as_deref().map(|event| ("event", Value::from(&*event.name)));
    let session = [("session", Value::from(&*microstep.session))];
    Value::fields(session.into_iter().chain(event).chain(fields.into_iter().flatten()))
}

/// What was read. A large value is told by its size: what it was stands with the session.
fn reads(read: &[(String, Value)]) -> impl Iterator<Item = Value> {
    read.iter().map(|(path, value)| {
        let told = match value.size() {
            size if size > READ => ("size", Value::from(size)),
            _ => ("value", value.clone()),
        };
        Value::fields([("path", Value::from(&**path)), told])
    })
}

fn way(way: &Way) -> Value {
    let targets = way.targets.iter().map(|target| Value::from(&**target));
    Value::fields([
        ("state", Value::from(&*way.source)),
        ("index", Value::int(way.index.into())),
        ("targets", Value::array(targets)),
    ])
}

/// An effect as plain data. Its `kind` says what it is.
#[must_use]
pub fn effect(effect: &Effect) -> Value {
    let text = |name, text: &str| Some((name, Value::from(text)));
    let some = |name, text: Option<&str>| text.map(|text| (name, Value::from(text)));
    let data = |data: &Option<Value>| data.clone().map(|data| ("data", data));
    let fields = match effect {
        Effect::Send { session, message } => vec![
            text("kind", "send"),
            text("session", session),
            some("id", message.id.as_deref()),
            some("target", message.target.as_deref()),
            some("type", message.kind.as_deref()),
            some("name", message.event.as_deref()),
            data(&message.data),
        ],
        Effect::Invoke { session, id, kind, src, data: given } => vec![
            text("kind", "invoke"),
            text("session", session),
            text("id", id),
            text("type", kind),
            some("src", src.as_deref()),
            data(given),
        ],
        Effect::CancelInvoke { session, id } => {
            vec![text("kind", "cancel_invoke"), text("session", session), text("id", id)]
        }
        Effect::Forward { session, id, event } => vec![
            text("kind", "forward"),
            text("session", session),
            text("id", id),
            text("name", &event.name),
            data(&event.data),
        ],
        Effect::Log { session, label, value } => vec![
            text("kind", "log"),
            text("session", session),
            some("name", label.as_deref()),
            data(value),
        ],
        Effect::Done { session, data: told } => {
            vec![text("kind", "done"), text("session", session), data(told)]
        }
    };
    Value::fields(fields.into_iter().flatten())
}

/// An instant as JSON has it.
pub(super) fn instant(at: i64) -> Value {
    Value::from(format_instant(at))
}

/// What was asked of a case, as plain data, without its name.
#[must_use]
pub fn command(command: &Command) -> Value {
    let text = |name, text: &str| Some((name, Value::from(text)));
    let some = |name, text: Option<&String>| text.map(|text| (name, Value::from(&**text)));
    let data = |data: &Option<Json>| data.as_ref().map(|data| ("data", data.0.clone()));
    let hash = |name, bytes: &[u8; 32]| Some((name, Value::from(hex(bytes))));
    let reasons = |reasons: &[String]| {
        (!reasons.is_empty()).then(|| ("reasons", super::vote::texts(reasons)))
    };
    let at = |name, at: i64| Some((name, instant(at)));
    let fields = match command {
        Command::Open { kind, party, parent, given, retention } => vec![
            text("kind", kind),
            some("party", party.as_ref()),
            some("parent", parent.as_ref()),
            some("retention", retention.as_ref()),
            data(given),
        ],
        Command::Send { event, data: carried, session, invoke_id } => vec![
            text("event", event),
            some("session", session.as_ref()),
            some("invoke_id", invoke_id.as_ref()),
            data(carried),
        ],
        Command::Advance | Command::Claim | Command::Release | Command::Wake => Vec::new(),
        Command::Assign { to } => vec![text("to", to)],
        Command::Note { text: note } => vec![text("text", note)],
        Command::Snooze { until, why, pause } => {
            let pause = pause.map(|pause| ("pause", Value::from(pause)));
            vec![at("until", *until), text("why", why), pause]
        }
        Command::RequestDocument { document, why } => {
            vec![text("document", document), some("why", why.as_ref())]
        }
        Command::SubmitDocument { document, hash: own, file, valid_until, data: carried } => vec![
            text("document", document),
            hash("hash", own),
            some("file", file.as_ref()),
            valid_until.and_then(|until| at("valid_until", until)),
            data(carried),
        ],
        Command::DecideDocument {
            document,
            finding,
            reasons: given,
            seen,
            valid_until,
            data: carried,
        } => vec![
            text("document", document),
            text("finding", finding.name()),
            reasons(given),
            hash("seen", seen),
            valid_until.and_then(|until| at("valid_until", until)),
            data(carried),
        ],
        Command::Attach { name, hash: own, file } => {
            vec![text("name", name), hash("hash", own), some("file", file.as_ref())]
        }
        Command::Decide { decision, reasons: given, seen, comment, data: carried } => vec![
            text("decision", decision),
            reasons(given),
            hash("seen", seen),
            some("comment", comment.as_ref()),
            data(carried),
        ],
        Command::Return { why } | Command::Reopen { why } | Command::Cancel { why } => {
            vec![text("why", why)]
        }
        Command::Override { data: carried, why, until } => {
            vec![text("why", why), at("until", *until), data(carried)]
        }
        Command::Escalate { queue, why } => vec![text("queue", queue), text("why", why)],
        Command::ChildEnded { child, data: carried } => vec![text("child", child), data(carried)],
        Command::Migrate { map } => vec![text("map", map)],
        Command::Callback { data: read, body } => vec![data(read), some("body", body.as_ref())],
        Command::RegisterTold { standing: PartyStanding { kyc_level, risk, flags } } => {
            let flags = flags.iter().map(|(name, is_set)| (Value::from(&**name), (*is_set).into()));
            vec![
                kyc_level.map(|level| ("kyc_level", Value::int(level.into()))),
                some("risk", risk.as_ref()),
                (flags.len() > 0).then(|| ("flags", Value::object(flags))),
            ]
        }
    };
    Value::fields(fields.into_iter().flatten())
}
