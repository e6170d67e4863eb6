//! Callbacks (webhooks) of identity providers: who sent one is proven, and what it says is told in one neutral way.
//!
//! [`verify()`] proves that a body came from the provider, as the provider documents it; [`Verified::read`] takes out of it what a case needs and no more;
//! [`Inbox`] knows what came already, and what came too late; [`Verified::to_event`] is what a chart hears. Nothing here opens a connection or
//! reads a clock: the host receives, and hands over the bytes as they came. `docs/callbacks.md` has the tables.
//!
//! Not for: asking a provider's API, keeping documents, or trusting a callback more than its provider does: where the signature covers no time,
//! a body that was recorded can be sent again, and only the [`Inbox`] knows it.
//!
//! ```
//! use thalium::kyc::callback::{Delivery, Inbox, Key, Keys, Outcome, Provider, verify};
//!
//! let body = br#"{"payload":{"resource_type":"workflow_run","action":"workflow_run.completed",
//!     "object":{"id":"run-1","status":"approved","completed_at_iso8601":"2026-01-31T09:30:00Z"}}}"#;
//! let headers = [
//!     ("Content-Type", "application/json"),
//!     ("X-SHA2-Signature", "c33941d3bdf3e9594010bee51f7c91aa55d617ed5815e79be8d940d0def88fc7"),
//! ];
//! let keys = Keys::new([Key::new("2026", "webhook-token")?])?;
//! let now = 1_769_851_805_000_000_000;
//!
//! let verified = verify(Provider::Onfido, &headers, body, &keys, now)?;
//! let callback = verified.read(body)?;
//! assert_eq!((callback.about.as_str(), callback.outcome), ("run-1", Outcome::Approved));
//! assert_eq!(verified.to_event(&callback).name, "check.approved");
//!
//! let mut inbox = Inbox::default();
//! assert_eq!(inbox.receive(&callback, now)?, Delivery::New);
//! assert_eq!(inbox.receive(&callback, now + 1)?, Delivery::Again { first_seen: now });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod inbox;
mod inbox_codec;
mod key;
mod outcome;
mod provider;
mod read;
mod told;
mod verify;

pub use error::CallbackError;
pub use inbox::{CAPACITY, Delivery, Inbox, InboxError, WINDOW};
pub use inbox_codec::InboxCodecError;
pub use key::{KEYS, Key, KeyError, Keys, SECRET, TOLERANCE};
pub use outcome::{Callback, Outcome, Part, Parts};
pub use provider::{Provider, ProviderError};
pub use read::{IDENTIFIER, REASON, REASONS, read_unverified};
pub use verify::{Proof, SIGNATURES, Verified, verify, verify_origin};

use sha2::{Digest as _, Sha256};

use crate::audit::merkle::hex;

/// The longest body that is looked at, in bytes: 1 MiB.
pub const BODY: usize = 1 << 20;

/// A body is not longer than any may be.
fn bounded(body: &[u8]) -> Result<(), CallbackError> {
    if body.len() > BODY {
        return Err(CallbackError::BodyTooLong { length: body.len() });
    }
    Ok(())
}

/// The SHA-256 of a body, in lower-case hexadecimal: by it a case tells which bytes it relied on.
fn evidence(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}
