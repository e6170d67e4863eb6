//! Jumio, KYX platform: <https://documentation.jumio.ai/docs/developer-resources/callback>.
//!
//! A callback says that a workflow has ended, and not how: the decision is asked of the retrieval API. So `PROCESSED` is
//! [`Outcome::Other`]. The forms that the older Netverify posted are no JSON, and are refused. Jumio gives its callbacks no id.

use super::{CallbackError, Fields, Told};
use crate::kyc::callback::Outcome;

pub(super) fn read(body: &Fields<'_>) -> Result<Told, CallbackError> {
    let execution = body.object("workflowExecution")?;
    let status = execution.text("status")?;
    let outcome = match status.as_str() {
        "SESSION_EXPIRED" | "TOKEN_EXPIRED" => Outcome::Expired,
        _ => Outcome::Other,
    };
    let mut told = Told::new(status, execution.text("id")?, outcome);
    told.subject = body.maybe_text("userReference")?;
    told.occurred_at = Some(body.instant("callbackSentAt")?);
    Ok(told)
}
