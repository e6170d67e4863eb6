//! A decision as it is kept: one map of deterministic CBOR, over as many records as it needs. `docs/decisions.md` writes it down.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::Id;
use crate::codec::{Canonical, CodecError, Encoded};
use crate::event::Recorded;
use crate::party::Basis;

/// The most bytes of a decision: an input as large as it may be, and an answer as large.
pub const DECISION_MAX: usize = 64 << 20;

/// A decision, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DecisionRecord {
    /// Its id.
    #[n(1)]
    pub id: Id,
    /// The instant that the policy was told, in nanoseconds since 1970.
    #[n(2)]
    pub at: i64,
    /// The path that was asked for, such as `aml/verdict`.
    #[n(3)]
    pub path: String,
    /// The digest of the bundle that answered.
    #[n(4)]
    pub digest: ByteArray<32>,
    /// The bundle's own name for its version.
    #[n(5)]
    pub revision: Option<String>,
    /// What chance followed from.
    #[n(6)]
    pub seed: u64,
    /// Whether errors of built-in functions ended the evaluation.
    #[n(7)]
    pub strict: Option<bool>,
    /// The outcome of a verdict: 1 allow, 2 review, 3 deny; none where something else was asked for, or there was no answer.
    #[n(8)]
    pub outcome: Option<u8>,
    /// Who asked.
    #[n(9)]
    pub requested_by: Option<String>,
    /// The caller's id of the request.
    #[n(10)]
    pub request_id: Option<String>,
    /// What it is about, by the caller's own key, such as that of the transfer that was to be booked.
    #[n(11)]
    pub concerns: Option<String>,
    /// To whom the body is sealed, if it is.
    #[n(12)]
    pub sealed: Option<SealedTo>,
    /// Input and answer as JSON, or that sealed.
    #[n(13)]
    pub body: ByteVec,
    /// The name that the policy was asked by.
    #[n(14)]
    pub policy: String,
}

/// To whom what was asked and answered is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealedTo {
    /// The party, by its own id.
    #[n(1)]
    pub party: Id,
    /// On what ground, and so with which key.
    #[n(2)]
    pub basis: Basis,
    /// The retention class that says how long a law has it kept.
    #[n(3)]
    pub retention: Option<String>,
}

impl Canonical for DecisionRecord {
    fn encode(&self, to: &mut minicbor::Encoder<&mut Vec<u8>>) -> Encoded {
        to.encode(self).map(|_| ())
    }

    fn decode(from: &mut minicbor::Decoder<'_>) -> Result<Self, CodecError> {
        Ok(from.decode()?)
    }
}

impl DecisionRecord {
    /// What is sealed is bound to its decision.
    #[must_use]
    pub fn context(&self) -> Vec<u8> {
        [b"thalium.decision.v1\0".as_slice(), &self.id.0.to_be_bytes()].concat()
    }
}

impl Recorded for DecisionRecord {
    const BEGINS: u16 = 768;
    const GOES_ON: u16 = 769;
    const MOST: usize = DECISION_MAX;
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
