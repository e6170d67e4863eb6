//! Why a callback is refused. No error holds a secret, a signature or anything of the body but names of fields.

use core::net::IpAddr;

use super::{BODY, Provider};
use crate::time::format_instant;
use crate::value::JsonError;

/// Why a callback is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// The body is longer than any.
    #[error("the body has {length} bytes, and at most {BODY} are taken")]
    BodyTooLong {
        /// How many bytes it has.
        length: usize,
    },
    /// A header is not there.
    #[error(
        "the header `{header}` is missing: hand over all headers as they came, or it is no callback of this provider"
    )]
    HeaderMissing {
        /// Its name.
        header: &'static str,
    },
    /// A header is there twice.
    #[error(
        "the header `{header}` is there more than once: it cannot be told which one the provider sent"
    )]
    HeaderTwice {
        /// Its name.
        header: &'static str,
    },
    /// A header is not written as the provider writes it.
    #[error("the header `{header}` is not {wanted}")]
    HeaderMalformed {
        /// Its name.
        header: &'static str,
        /// What it would be.
        wanted: &'static str,
    },
    /// None of the keys made the signature.
    #[error(
        "none of the keys for {provider} made the signature in `{header}`: the body was changed on the way, or the key is not among them"
    )]
    Signature {
        /// The provider.
        provider: Provider,
        /// The header.
        header: &'static str,
    },
    /// A key made the signature that is not valid at this instant.
    #[error("the key `{key}` made the signature, and it is not valid at {}", format_instant(*now))]
    KeyNotValid {
        /// Its id.
        key: String,
        /// The instant, nanoseconds UTC.
        now: i64,
    },
    /// The callback names another client than the key's.
    #[error("the header `{header}` names another client than that of the key `{key}`")]
    Client {
        /// The header.
        header: &'static str,
        /// The id of the key.
        key: String,
    },
    /// It was signed too long ago, or later than now.
    #[error(
        "was signed at {}, which is further from {} than is tolerated: it may be a recording, or the clock is wrong",
        format_instant(*signed_at),
        format_instant(*now)
    )]
    Stale {
        /// When it was signed, nanoseconds UTC.
        signed_at: i64,
        /// The instant, nanoseconds UTC.
        now: i64,
    },
    /// The provider signs nothing.
    #[error(
        "{provider} signs no callbacks: prove the address that it came from, and ask the provider's API for the result"
    )]
    NotSigned {
        /// The provider.
        provider: Provider,
    },
    /// The provider signs, so that an address is no proof.
    #[error("{provider} signs its callbacks: verify the signature, an address is no proof")]
    IsSigned {
        /// The provider.
        provider: Provider,
    },
    /// It came from an address that is none of the provider's.
    #[error("came from {from}, which is none of the addresses of {provider}")]
    Origin {
        /// The provider.
        provider: Provider,
        /// The address.
        from: IpAddr,
    },
    /// What is to be read is not what was proven.
    #[error(
        "these are other bytes than those that {provider} was proven to have sent: hand over the body as it came, both times"
    )]
    OtherBody {
        /// The provider.
        provider: Provider,
    },
    /// The body is no text.
    #[error("the body is not UTF-8, from byte {at} on")]
    NotText {
        /// Where that begins.
        at: usize,
    },
    /// The body is no JSON, or says a thing twice.
    #[error("the body cannot be read: {0}")]
    Json(#[from] JsonError),
    /// What must be there is not.
    #[error("has no `{path}`, which every such callback of {provider} has")]
    Missing {
        /// The provider.
        provider: Provider,
        /// Where in the body.
        path: String,
    },
    /// Something is of another kind.
    #[error("`{path}` is of kind {found}, not {wanted}")]
    Kind {
        /// Where in the body.
        path: String,
        /// What it would be.
        wanted: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// An identifier is longer than any.
    #[error("`{path}` has {length} bytes, and at most {} are taken", super::IDENTIFIER)]
    Long {
        /// Where in the body.
        path: String,
        /// How many bytes it has.
        length: usize,
    },
    /// An instant is not written as the provider writes it.
    #[error("`{path}` is no instant as {provider} writes it")]
    Instant {
        /// The provider.
        provider: Provider,
        /// Where in the body.
        path: String,
    },
    /// Two parts of the body say different things about the outcome: none is believed.
    #[error("`{path}` does not agree with `{other}` on the outcome: ask the API of {provider}")]
    Contradiction {
        /// The provider.
        provider: Provider,
        /// The one.
        path: String,
        /// The other.
        other: String,
    },
}
