//! Sumsub: <https://docs.sumsub.com/docs/user-verification-webhooks> for events and fields,
//! <https://docs.sumsub.com/docs/receive-and-interpret-results-via-api> for `reviewResult`.
//!
//! `RED` may be tried again where `reviewRejectType` is `RETRY`, and nowhere else. What is about an action of an applicant (`applicantAction…`), a
//! transaction or a video call decides nothing of the applicant. Comments are not read: they may hold what is private.

use super::{CallbackError, Fields, Told};
use crate::kyc::callback::Outcome;
use crate::time::parse_rfc3339;

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
    // The id is said to be of the event, and is one of a request, too: two kinds of events are never one.
    let event_id = body.maybe_text("correlationId")?.map(|id| format!("{kind}:{id}"));
    if let Some(length) = event_id.as_ref().map(String::len).filter(|it| *it > super::IDENTIFIER) {
        return Err(CallbackError::Long { path: body.path("correlationId"), length });
    }
    let mut told = Told::new(kind, body.text("applicantId")?, outcome);
    told.event_id = event_id;
    told.subject = body.maybe_text("externalUserId")?;
    told.occurred_at = body.maybe_instant_by("createdAtMs", instant)?;
    told.reasons = reasons;
    told.sandbox = body.maybe_bool("sandboxMode")?;
    Ok(told)
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
