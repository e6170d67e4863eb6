//! A decision as it is handed on, with the names that Open Policy Agent's decision logs have.

use super::mask::with;
use super::record::DecisionRecord;
use crate::audit::merkle::hex;
use crate::policy::Outcome;
use crate::policy::rego::Value;
use crate::time::format_instant;

/// What was asked and answered.
#[derive(Clone, Debug)]
pub enum Body {
    /// As JSON: `input`, `result` and `error`, as far as each was there.
    Open(Value),
    /// It is sealed, and was not opened.
    Sealed,
    /// It was sealed to someone who was forgotten: it cannot be had any more.
    Forgotten,
    /// It cannot be had, and why.
    Lost(String),
}

/// A decision as Open Policy Agent's logs have it: `decision_id`, `timestamp`, `path`, `bundles`, `requested_by`, `req_id`, `input`, `result`,
/// `error`; and beside these `number`, `concerns`, `outcome`, `subject`, `retention`, and `sealed`, `subject_forgotten` or `lost` where there is
/// no input to be seen.
#[must_use]
pub fn told(number: u64, decision: &DecisionRecord, body: &Body) -> Value {
    let revision = decision.revision.as_deref().map(|revision| ("revision", Value::from(revision)));
    let bundle = [("digest", Value::from(hex(&*decision.digest)))].into_iter().chain(revision);
    let outcome =
        decision.outcome.and_then(Outcome::from_number).map(Outcome::name).map(Value::from);
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let retention = decision.sealed.as_ref().and_then(|sealed| text(&sealed.retention));
    let is = |holds: bool| holds.then_some(Value::Bool(true));
    let fields = [
        ("number", Some(Value::from(number))),
        ("decision_id", Some(Value::from(decision.id.to_string()))),
        ("timestamp", Some(Value::from(format_instant(decision.at)))),
        ("path", Some(Value::from(decision.path.as_str()))),
        ("bundles", Some(Value::fields([(decision.policy.as_str(), Value::fields(bundle))]))),
        ("outcome", outcome),
        ("requested_by", text(&decision.requested_by)),
        ("req_id", text(&decision.request_id)),
        ("concerns", text(&decision.concerns)),
        ("subject", decision.sealed.as_ref().map(|to| Value::from(to.party.to_string()))),
        ("retention", retention),
        ("sealed", is(matches!(body, Body::Sealed))),
        ("subject_forgotten", is(matches!(body, Body::Forgotten))),
        ("lost", if let Body::Lost(why) = body { Some(Value::from(why.as_str())) } else { None }),
    ];
    let present = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let told = Value::fields(present);
    let Body::Open(Value::Object(body)) = body else { return told };
    body.iter().fold(told, |told, (key, value)| {
        with(&told, key.as_str().unwrap_or_default(), value.clone())
    })
}
