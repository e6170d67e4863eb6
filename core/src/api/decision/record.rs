//! A decision as it is kept: one map of deterministic CBOR, over as many records as it needs. `docs/decisions.md` writes it down.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::Id;
use crate::codec::{Canonical, CodecError, Encoded};
use crate::event::frame::{BODY_MAX, Frame};
use crate::party::Basis;

const VERSION: u8 = 1;
/// The kind of a record with which a decision begins, and of those that go on with it.
const BEGINS: u16 = 768;
const GOES_ON: u16 = 769;
/// Header flag: the decision goes on in the next record.
const MORE: u8 = 2;

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

/// Bytes that are no record of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Fewer bytes than it needs, or more.
    #[error("a record of a decision is cut short, or longer than it says")]
    Size,
    /// A decision is too large to be kept.
    #[error("a decision has more than {DECISION_MAX} bytes: ask with a smaller input")]
    TooLarge,
    /// It is of a newer version.
    #[error(
        "a record of a decision has kind {kind} and version {version}, which this build does not know: open it with a newer one"
    )]
    Unknown {
        /// Its kind.
        kind: u16,
        /// Its version.
        version: u8,
    },
    /// Its place is another.
    #[error(
        "record {number} stands where another decision is to begin or to go on: the journal was changed"
    )]
    Place {
        /// What it says.
        number: u64,
    },
    /// Something else in it is wrong.
    #[error("a record of a decision: {0}")]
    Codec(#[from] CodecError),
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

    /// Its bytes, which go over as many records as they need.
    ///
    /// # Errors
    /// A decision that is too large.
    pub fn encoded(&self) -> Result<Vec<u8>, RecordError> {
        let bytes = self.to_bytes();
        if bytes.len() > DECISION_MAX { Err(RecordError::TooLarge) } else { Ok(bytes) }
    }

    /// Its records, the first with a number.
    ///
    /// # Errors
    /// A decision that is too large.
    pub fn records(&self, number: u64) -> Result<Vec<Vec<u8>>, RecordError> {
        Self::framed(&self.encoded()?, number)
    }

    /// The records of a decision's bytes, the first with a number.
    ///
    /// # Errors
    /// None that bytes of a decision can cause.
    pub fn framed(bytes: &[u8], number: u64) -> Result<Vec<Vec<u8>>, RecordError> {
        let count = bytes.len().div_ceil(BODY_MAX);
        let framed = |(place, chunk): (usize, &[u8])| {
            let kind = if place == 0 { BEGINS } else { GOES_ON };
            let flags = if place + 1 < count { MORE } else { 0 };
            let number = number.saturating_add(place as u64);
            Frame::bytes(number, kind, VERSION, flags, &[chunk]).ok_or(RecordError::Size)
        };
        bytes.chunks(BODY_MAX).enumerate().map(framed).collect()
    }
}

/// Joins records into the decisions that they are of.
#[derive(Debug, Default)]
pub struct Joiner {
    /// The number of the next record.
    next: u64,
    /// Where the decision began that goes on, and what there is of it.
    begun: Option<(u64, Vec<u8>)>,
}

impl Joiner {
    /// One whose next record has a number, and begins a decision.
    #[must_use]
    pub fn at(next: u64) -> Self {
        Self { next, begun: None }
    }

    /// Whether a decision was begun that is not whole yet.
    #[must_use]
    pub fn is_within(&self) -> bool {
        self.begun.is_some()
    }

    /// The next record; the decision that it ends, with the number of its first record.
    ///
    /// # Errors
    /// Bytes that are none, of a newer version, or of another place.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Option<(u64, DecisionRecord)>, RecordError> {
        let frame = Frame::of(bytes).ok_or(RecordError::Size)?;
        let Frame { kind, version, flags, number, is_plain, body } = frame;
        if version != VERSION
            || !is_plain
            || !matches!(kind, BEGINS | GOES_ON)
            || flags & !MORE != 0
        {
            return Err(RecordError::Unknown { kind, version });
        }
        if number != self.next || (kind == BEGINS) != self.begun.is_none() {
            return Err(RecordError::Place { number });
        }
        self.next += 1;
        let (first, mut all) = self.begun.take().unwrap_or((number, Vec::new()));
        if all.len() + body.len() > DECISION_MAX {
            return Err(RecordError::TooLarge);
        }
        if flags == MORE {
            all.extend_from_slice(body);
            self.begun = Some((first, all));
            return Ok(None);
        }
        let decision = if all.is_empty() {
            DecisionRecord::from_bytes(body)?
        } else {
            all.extend_from_slice(body);
            DecisionRecord::from_bytes(&all)?
        };
        Ok(Some((first, decision)))
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
