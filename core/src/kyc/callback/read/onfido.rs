//! Onfido (Entrust), API v3.6: `onfido/onfido-openapi-spec`, `schemas/webhooks/webhook_event.yaml` and the models of `onfido/onfido-python`.
//!
//! A workflow run tells its outcome. A check does not: `check.completed` says that it is done, and its result is asked of the API. Onfido gives
//! its events no id, and says nowhere that a person may try again.

use super::{CallbackError, Fields, Told};
use crate::kyc::callback::Outcome;

pub(super) fn read(body: &Fields<'_>) -> Result<Told, CallbackError> {
    let payload = body.object("payload")?;
    let (resource_type, action) = (payload.text("resource_type")?, payload.text("action")?);
    let object = payload.object("object")?;
    let status = object.maybe_text("status")?;
    let resource = payload.maybe_object("resource")?;
    let outcome = match (resource_type.as_str(), action.as_str()) {
        ("workflow_run", "workflow_run.completed") => of_run(status.as_deref()),
        ("check", "check.started" | "check.reopened" | "check.form_completed") => {
            Outcome::Processing
        }
        ("check", "check.withdrawn") => Outcome::Cancelled,
        _ => Outcome::Other,
    };
    let mut told = Told::new(action, object.text("id")?, outcome);
    told.occurred_at = object.maybe_instant("completed_at_iso8601")?;
    if let Some(resource) = resource {
        told.subject = resource.maybe_text("customer_user_id")?;
        told.reasons = resource.labels("reasons")?;
        if told.occurred_at.is_none() {
            told.occurred_at = resource.maybe_instant("updated_at")?;
        }
    }
    if told.occurred_at.is_none() {
        told.occurred_at = object.maybe_instant("started_at_iso8601")?;
    }
    Ok(told)
}

fn of_run(status: Option<&str>) -> Outcome {
    match status {
        Some("approved") => Outcome::Approved,
        Some("declined") => Outcome::Rejected { retry: false },
        Some("review") => Outcome::Review,
        Some("abandoned") => Outcome::Expired,
        Some("cancelled" | "withdrawn") => Outcome::Cancelled,
        Some("processing" | "awaiting_input" | "awaiting_client_input") => Outcome::Processing,
        _ => Outcome::Other,
    }
}
