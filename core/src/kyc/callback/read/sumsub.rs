//! Sumsub: <https://docs.sumsub.com/docs/user-verification-webhooks> for events and fields,
//! <https://docs.sumsub.com/docs/receive-and-interpret-results-via-api> for `reviewResult`.
//!
//! `RED` may be tried again where `reviewRejectType` is `RETRY`, and nowhere else. What is about an action of an applicant (`applicantAction…`), a
//! transaction or a video call decides nothing of the applicant. Comments are not read: they may hold what is private.

use super::{CallbackError, Fields, Told};
use crate::kyc::callback::{Outcome, evidence};
use crate::time::parse_rfc3339;
use crate::value::Value;

/// What tells one event from another, beside what came of it.
const IDENTIFYING: [&str; 7] = [
    "type",
    "correlationId",
    "applicantId",
    "applicantActionId",
    "inspectionId",
    "levelName",
    "createdAtMs",
];

pub(super) fn read(body: &Fields<'_>) -> Result<Told, CallbackError> {
    let kind = body.text("type")?;
    let result = body.maybe_object("reviewResult")?;
    let mut reasons = Vec::new();
    let outcome = match (kind.as_str(), &result) {
        ("applicantReviewed" | "applicantWorkflowCompleted", Some(result)) => {
            reasons = result.labels("rejectLabels")?;
            of(&result.text("reviewAnswer")?, result.maybe_text("reviewRejectType")?.as_deref())
        }
        ("applicantReviewed", None) => return Err(body.missing("reviewResult")),
        ("applicantOnHold", _) => Outcome::Review,
        ("applicantDeleted", _) => Outcome::Cancelled,
        // Reset: whatever was decided, the applicant begins anew.
        ("applicantCreated" | "applicantPending" | "applicantPrechecked" | "applicantReset", _) => {
            Outcome::Processing
        }
        _ => Outcome::Other,
    };
    let event_id = event_id(body, outcome)?;
    let mut told = Told::new(kind, body.text("applicantId")?, outcome);
    told.event_id = event_id;
    told.subject = body.maybe_text("externalUserId")?;
    told.occurred_at = body.maybe_instant_by("createdAtMs", instant)?;
    told.reasons = reasons;
    told.sandbox = body.maybe_bool("sandboxMode")?;
    Ok(told)
}

/// What makes two deliveries one event. The `correlationId` is said to be of the event, and is that of a request: one request may review several
/// applicants, or one of them at several levels. A delivery that failed is sent again as it was, `createdAtMs` too.
fn event_id(body: &Fields<'_>, outcome: Outcome) -> Result<Option<String>, CallbackError> {
    if body.maybe_text("correlationId")?.is_none() {
        return Ok(None);
    }
    let mut parts = vec![Value::from(outcome.name())];
    for name in IDENTIFYING {
        parts.push(body.maybe_text(name)?.map_or(Value::Null, Value::from));
    }
    Ok(Some(evidence(Value::array(parts).to_json().as_bytes())))
}

fn of(answer: &str, reject: Option<&str>) -> Outcome {
    match answer {
        "GREEN" => Outcome::Approved,
        "RED" => Outcome::Rejected { retry: reject == Some("RETRY") },
        _ => Outcome::Other,
    }
}

/// `yyyy-MM-dd HH:mm:ss.fff` in UTC.
fn instant(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(' ')?;
    parse_rfc3339(&format!("{date}T{time}Z"))
}
