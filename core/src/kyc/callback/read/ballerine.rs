//! Ballerine: `ballerine-io/ballerine`, `services/workflows-service/src/events/*-webhook-caller.ts` for the shape,
//! `CommonWorkflowStates` for the names of states.
//!
//! The end is told by `workflow.completed`. Its state is named by the caller's own workflow: the common names are known here, and every other is
//! [`Outcome::Other`]. What the workflow has gathered (`data`) is not read.

use super::{CallbackError, Fields, Told};
use crate::kyc::callback::Outcome;

pub(super) fn read(body: &Fields<'_>) -> Result<Told, CallbackError> {
    let kind = body.text("eventName")?;
    let outcome = match kind.as_str() {
        "workflow.completed" => of_end(body.maybe_text("workflowFinalState")?.as_deref()),
        "workflow.state.changed" => of_state(body.maybe_text("state")?.as_deref()),
        _ => Outcome::Other,
    };
    let mut told = Told::new(kind, body.text("workflowRuntimeId")?, outcome);
    told.event_id = Some(body.text("id")?);
    told.subject = body.maybe_text("correlationId")?;
    told.occurred_at = Some(body.instant("timestamp")?);
    Ok(told)
}

fn of_end(state: Option<&str>) -> Outcome {
    match state {
        Some("approved") => Outcome::Approved,
        Some("rejected") => Outcome::Rejected { retry: false },
        Some("revision") => Outcome::Rejected { retry: true },
        Some("manual_review") => Outcome::Review,
        _ => Outcome::Other,
    }
}

/// On the way: what a state would decide is decided when the workflow completes.
fn of_state(state: Option<&str>) -> Outcome {
    match state {
        Some("revision") => Outcome::Rejected { retry: true },
        Some("manual_review") => Outcome::Review,
        Some("idle" | "approved" | "rejected") => Outcome::Processing,
        _ => Outcome::Other,
    }
}
