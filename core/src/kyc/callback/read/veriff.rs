//! Veriff: <https://devdocs.veriff.com/docs/decision-webhook>, <https://devdocs.veriff.com/docs/event-webhook>,
//! <https://devdocs.veriff.com/docs/watchlist-screening-webhook> and
//! <https://devdocs.veriff.com/docs/verification-session-status-codes-table>.
//!
//! A decision says its status in words and as a code, which must agree. A screening is about its attempt, not about the session, so that a hit
//! that comes first does not make the decision a late one. Veriff gives its events no id.

use super::{CallbackError, Fields, Told};
use crate::kyc::callback::{Outcome, Part};
use crate::value::Value;

/// Statuses of a decision with their codes.
const DECISIONS: [(&str, i64, Outcome); 6] = [
    ("approved", 9001, Outcome::Approved),
    ("declined", 9102, Outcome::Rejected { retry: false }),
    ("resubmission_requested", 9103, Outcome::Rejected { retry: true }),
    ("expired", 9104, Outcome::Expired),
    ("abandoned", 9104, Outcome::Expired),
    ("review", 9121, Outcome::Review),
];

pub(super) fn read(body: &Fields<'_>) -> Result<Told, CallbackError> {
    if let Some(verification) = body.maybe_object("verification")? {
        return decision(&verification);
    }
    if body.get("matchStatus").is_some() {
        return screening(body);
    }
    if let Some(kind) = body.maybe_text("eventType")? {
        return other(body, kind);
    }
    if body.get("action").is_some() {
        return progress(body);
    }
    Err(body.missing("verification"))
}

fn decision(verification: &Fields<'_>) -> Result<Told, CallbackError> {
    let status = verification.text("status")?;
    let code = verification.get("code").ok_or_else(|| verification.missing("code"))?;
    let number = code.as_number().ok_or_else(|| verification.kind("code", "number", code))?;
    let outcome = match DECISIONS.iter().find(|(name, ..)| *name == status) {
        Some((_, wanted, outcome)) if number.to_i64() == Some(*wanted) => *outcome,
        None if DECISIONS.iter().all(|(_, code, _)| number.to_i64() != Some(*code)) => {
            Outcome::Other
        }
        _ => return Err(verification.contradiction("code", verification.path("status"))),
    };
    let mut told = Told::new("decision".to_owned(), verification.text("id")?, outcome);
    told.subject = verification.maybe_text("vendorData")?;
    told.occurred_at = verification.maybe_instant("decisionTime")?;
    told.reasons.extend(verification.raw_text("reason")?.map(str::to_owned));
    told.reasons.extend(verification.get("reasonCode").and_then(label));
    for risk in verification.objects("riskLabels")? {
        told.reasons.extend(risk.maybe_text("label")?);
    }
    Ok(told)
}

/// A code is a number or a text.
fn label(code: &Value) -> Option<String> {
    match code {
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A possible hit is for a person to look at. That there is none decides nothing.
fn screening(body: &Fields<'_>) -> Result<Told, CallbackError> {
    let status = body.text("matchStatus")?;
    let (outcome, part) = match status.as_str() {
        "possible_match" => (Outcome::Review, Some(Part::Review)),
        "no_match" => (Outcome::Other, Some(Part::Passed)),
        _ => (Outcome::Other, None),
    };
    let mut told = Told::new("watchlist".to_owned(), body.text("attemptId")?, outcome);
    told.subject = body.maybe_text("vendorData")?;
    told.occurred_at = body.maybe_instant("createdAt")?;
    told.reasons = [Some(status), body.maybe_text("checkType")?].into_iter().flatten().collect();
    told.parts.sanctions = part;
    Ok(told)
}

/// How far the person has come.
fn progress(body: &Fields<'_>) -> Result<Told, CallbackError> {
    let action = body.text("action")?;
    let outcome = match action.as_str() {
        "started" | "submitted" => Outcome::Processing,
        _ => Outcome::Other,
    };
    let mut told = Told::new(action, body.text("id")?, outcome);
    told.subject = body.maybe_text("vendorData")?;
    Ok(told)
}

/// Another kind, which decides nothing here.
fn other(body: &Fields<'_>, kind: String) -> Result<Told, CallbackError> {
    let about = match body.maybe_text("sessionId")? {
        Some(session) => session,
        None => body.text("attemptId")?,
    };
    let mut told = Told::new(kind, about, Outcome::Other);
    told.subject = body.maybe_text("vendorData")?;
    Ok(told)
}
