//! Kinds written as JSON, so that they are read again as they were.

use std::collections::BTreeMap;

use super::read::ATTEMPTS_DEFAULT;
use super::{
    Assign, DocumentEvents, Kind, Levels, Migrating, Opening, Overriding, Paper, Part, Queue,
    Registering, Reopening, Resting, Ruling, Sending, Senior,
};
use crate::kyc::chart::{Duration, Expr};
use crate::kyc::reader::node::is_refused;
use crate::value::Value;

impl Kind {
    /// The kind as JSON, in the format that [`Kind::from_text`] reads: one row, keys sorted, without what is said by default.
    ///
    /// The same kind gives the same bytes, and it is read again as it was, places aside.
    ///
    /// ```
    /// use thalium::kyc::case::Kind;
    ///
    /// let kind = Kind::from_text("{id: individual, case: 1, chart: individual, queues: []}").unwrap();
    /// assert_eq!(kind.to_json(), r#"{"case":1,"chart":"individual","id":"individual"}"#);
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let queues = self.queues.iter().map(queue);
        let decisions = self.decisions.iter().map(|(name, it)| (Value::from(&**name), ruling(it)));
        let documents = self.documents.iter().map(|(name, it)| (Value::from(&**name), paper(it)));
        let text = object([
            ("case", Some(Value::int(1))),
            ("id", Some(Value::from(&*self.id))),
            ("description", text(&self.description)),
            ("chart", Some(Value::from(&*self.chart))),
            ("evidence", list(&self.evidence)),
            ("queues", some(Value::array(queues))),
            ("decisions", some(Value::object(decisions))),
            ("documents", some(Value::object(documents))),
            ("document_events", some(document_events(&self.document_events))),
            ("asks", text(&self.asks)),
            ("events", self.events.as_ref().map(events)),
            ("overrides", self.overrides.as_ref().map(overriding)),
            ("reopening", self.reopening.as_ref().map(reopening)),
            ("migration", self.migration.as_ref().map(migrating)),
            ("opening", self.opening.as_ref().map(opening)),
            ("cancelling", self.cancelling.as_ref().map(|it| object([("roles", list(&it.roles))]))),
            ("resting", self.resting.as_ref().map(resting)),
            ("child_ended", text(&self.child_ended)),
            ("party", self.party.as_ref().map(registering)),
        ])
        .to_json();
        // What no text of YAML has can only stand in quotes, where it may be an escape.
        if !text.contains(is_odd) {
            return text;
        }
        let escape =
            |c: char| if is_odd(c) { format!("\\u{:04x}", u32::from(c)) } else { c.into() };
        text.chars().map(escape).collect()
    }
}

/// What YAML takes for no character of a text.
const fn is_odd(c: char) -> bool {
    is_refused(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn object<'k>(fields: impl IntoIterator<Item = (&'k str, Option<Value>)>) -> Value {
    Value::fields(fields.into_iter().filter_map(|(key, value)| Some((key, value?))))
}

/// What is not empty.
fn some(value: Value) -> Option<Value> {
    (!value.is_empty()).then_some(value)
}

fn text(text: &Option<String>) -> Option<Value> {
    text.as_deref().map(Value::from)
}

fn list(names: &[String]) -> Option<Value> {
    some(texts(names))
}

fn texts(names: &[String]) -> Value {
    Value::array(names.iter().map(|name| Value::from(&**name)))
}

fn expr(expr: &Option<Expr>) -> Option<Value> {
    expr.as_ref().map(|expr| expr.source.clone())
}

fn number(number: u8, default: u8) -> Option<Value> {
    (number != default).then(|| Value::int(number.into()))
}

fn queue(queue: &Queue) -> Value {
    object([
        ("id", Some(Value::from(&*queue.id))),
        ("states", list(&queue.states)),
        ("when", expr(&queue.when)),
        ("roles", list(&queue.roles)),
        ("within", queue.within.map(duration)),
        ("missed", text(&queue.missed)),
        ("escalate", text(&queue.escalate)),
        ("assign", (queue.assign != Assign::Nobody).then(|| Value::from(queue.assign.name()))),
    ])
}

fn ruling(ruling: &Ruling) -> Value {
    object([
        ("states", list(&ruling.states)),
        ("roles", list(&ruling.roles)),
        ("quorum", number(ruling.quorum, 1)),
        ("senior", ruling.senior.as_ref().map(senior)),
        ("reasons", list(&ruling.reasons)),
        ("not_by", some(parts(&ruling.not_by))),
        ("event", Some(Value::from(&*ruling.event))),
        ("proposed", text(&ruling.proposed)),
        ("returned", text(&ruling.returned)),
        ("data", ruling.data.clone()),
    ])
}

fn senior(senior: &Senior) -> Value {
    object([
        ("when", expr(&senior.when)),
        ("roles", list(&senior.roles)),
        ("count", number(senior.count, 1)),
    ])
}

fn paper(paper: &Paper) -> Value {
    object([
        ("description", text(&paper.description)),
        ("attempts", number(paper.attempts, ATTEMPTS_DEFAULT)),
        ("within", paper.within.map(duration)),
        ("roles", list(&paper.roles)),
        ("reasons", list(&paper.reasons)),
        ("not_by", (paper.not_by != [Part::Submitter]).then(|| parts(&paper.not_by))),
    ])
}

fn parts(parts: &[Part]) -> Value {
    Value::array(parts.iter().map(|part| Value::from(part.name())))
}

fn events(events: &BTreeMap<String, Sending>) -> Value {
    let sending = |it: &Sending| object([("roles", list(&it.roles))]);
    Value::object(events.iter().map(|(name, it)| (Value::from(&**name), sending(it))))
}

fn document_events(events: &DocumentEvents) -> Value {
    object(events.named().map(|(key, event)| (key, event.map(|event| Value::from(&**event)))))
}

fn overriding(overriding: &Overriding) -> Value {
    object([
        ("roles", list(&overriding.roles)),
        ("most", Some(duration(overriding.most))),
        ("event", Some(Value::from(&*overriding.event))),
        ("expired", Some(Value::from(&*overriding.expired))),
    ])
}

fn reopening(reopening: &Reopening) -> Value {
    object([("roles", list(&reopening.roles)), ("keep", list(&reopening.keep))])
}

fn migrating(migrating: &Migrating) -> Value {
    object([
        ("roles", list(&migrating.roles)),
        ("keep", list(&migrating.keep)),
        ("below", some(Value::object(migrating.below.iter().map(below)))),
        ("stay", list(&migrating.stay)),
    ])
}

fn below((service, names): (&String, &Vec<String>)) -> (Value, Value) {
    (Value::from(&**service), texts(names))
}

fn opening(opening: &Opening) -> Value {
    object([
        // Nothing at all is another thing than no list.
        ("given", opening.given.as_deref().map(texts)),
        ("once", opening.is_once.then_some(Value::Bool(true))),
    ])
}

fn resting(resting: &Resting) -> Value {
    object([("roles", list(&resting.roles)), ("most", Some(duration(resting.most)))])
}

fn registering(registering: &Registering) -> Value {
    let flags = registering.flags.iter();
    let flags = flags.map(|(name, when)| (Value::from(&**name), when.source.clone()));
    object([
        ("kyc_level", registering.kyc_level.as_ref().map(levels)),
        ("risk", expr(&registering.risk)),
        ("flags", some(Value::object(flags))),
    ])
}

fn levels(levels: &Levels) -> Value {
    let numbers = levels.levels.iter();
    let numbers =
        numbers.map(|(name, number)| (Value::from(&**name), Value::int((*number).into())));
    Value::fields([("of", levels.of.source.clone()), ("levels", Value::object(numbers))])
}

fn duration(wait: Duration) -> Value {
    Value::from(wait.to_string())
}
