//! Persona: <https://docs.withpersona.com/docs/webhooks> for the shape, <https://docs.withpersona.com/model-lifecycle> for events and statuses.
//!
//! The event's name decides and not the status of the inquiry: `inquiry.redacted` and `inquiry.updated-tags` show an inquiry that is still
//! `approved`, and are no approval. The order is that of `created-at`, as Persona says. Names of fields are read as Persona writes them unless
//! another inflection is set, with hyphens; in another one `created-at` is missing, which is an error.

use super::{CallbackError, Fields, Told};
use crate::kyc::callback::{Outcome, Part, Parts};

pub(super) fn read(body: &Fields<'_>) -> Result<Told, CallbackError> {
    let event = body.object("data")?;
    let attributes = event.object("attributes")?;
    let name = attributes.text("name")?;
    let payload = attributes.object("payload")?;
    let object = payload.object("data")?;
    let is_inquiry = object.text("type")? == "inquiry";
    let known = object.maybe_object("attributes")?;
    let outcome = if is_inquiry { of(&name) } else { Outcome::Other };
    let mut told = Told::new(name, object.text("id")?, outcome);
    told.event_id = Some(event.text("id")?);
    told.occurred_at = Some(attributes.instant("created-at")?);
    if let Some(known) = known {
        told.subject = known.maybe_text("reference-id")?;
        let status = known.maybe_text("status")?;
        if outcome == Outcome::Approved && status.as_deref() != Some("approved") {
            return Err(known.contradiction("status", attributes.path("name")));
        }
    } else if outcome == Outcome::Approved {
        return Err(object.missing("attributes"));
    }
    told.parts = parts(&payload)?;
    Ok(told)
}

fn of(name: &str) -> Outcome {
    match name {
        "inquiry.approved" => Outcome::Approved,
        "inquiry.declined" | "inquiry.failed" => Outcome::Rejected { retry: false },
        "inquiry.marked-for-review" => Outcome::Review,
        "inquiry.expired" => Outcome::Expired,
        // Completed: the person has done all that was asked. Whether it is enough is told by one of those above.
        "inquiry.created" | "inquiry.started" | "inquiry.completed" => Outcome::Processing,
        _ => Outcome::Other,
    }
}

/// The verifications that came with the inquiry.
fn parts(payload: &Fields<'_>) -> Result<Parts, CallbackError> {
    let mut parts = Parts::default();
    for included in payload.objects("included")? {
        let part = match included.maybe_text("type")?.as_deref() {
            Some("verification/government-id" | "verification/driver-license") => {
                &mut parts.document
            }
            Some("verification/selfie") => &mut parts.face,
            _ => continue,
        };
        let Some(attributes) = included.maybe_object("attributes")? else { continue };
        let told = match attributes.maybe_text("status")?.as_deref() {
            Some("passed") => Part::Passed,
            Some("failed") => Part::Failed,
            _ => continue,
        };
        // Of several attempts it is not told which one counts.
        *part = Some(if part.is_none_or(|other| other == told) { told } else { Part::Review });
    }
    Ok(parts)
}
