//! Jumio, KYX platform: <https://documentation.jumio.ai/docs/developer-resources/callback>.
//!
//! A callback says that a workflow has ended, and not how: the decision is asked of the retrieval API. Nothing of it is signed, so that whoever sends from
//! one of the addresses, or behind a proxy that takes an address from a header, says what he likes: also that a session has expired. So all of it is
//! [`Outcome::Other`], which decides nothing, and whose `callbackSentAt` makes nothing late. The forms that the older Netverify posted are no JSON,
//! and are refused. Jumio gives its callbacks no id.

use super::{CallbackError, Fields, Told};
use crate::kyc::callback::Outcome;

pub(super) fn read(body: &Fields<'_>) -> Result<Told, CallbackError> {
    let execution = body.object("workflowExecution")?;
    let status = execution.text("status")?;
    let mut told = Told::new(status, execution.text("id")?, Outcome::Other);
    told.subject = body.maybe_text("userReference")?;
    told.occurred_at = Some(body.instant("callbackSentAt")?);
    Ok(told)
}
