//! Cases as they are kept: each fact as one map of deterministic CBOR. `docs/cases.md` writes it down.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::decision::SealedTo;
use crate::codec::{Canonical, CodecError, Encoded};
use crate::event::Recorded;
use crate::kyc::case::Fact;

/// The most bytes of a fact: a session, and what happened in it.
pub const FACT_MAX: usize = 64 << 20;

const DEFINED: u8 = 1;
const STAFFED: u8 = 2;
const CHANGED: u8 = 3;

/// A fact about cases, as it is kept. What an index needs stands in the clear; the rest is sealed to whom the case is about, if it is about
/// somebody.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CaseRecord {
    /// What it is: 1 a kind was defined, 2 the register of staff, 3 a case changed.
    #[n(1)]
    pub fact: u8,
    /// The instant, in nanoseconds since 1970.
    #[n(2)]
    pub at: i64,
    /// Who asked.
    #[n(3)]
    pub actor: String,
    /// The caller's id of the request.
    #[n(4)]
    pub request_id: Option<String>,
    /// The key of the case.
    #[n(5)]
    pub case: Option<String>,
    /// Which of its changes.
    #[n(6)]
    pub version: Option<u64>,
    /// What was asked of it.
    #[n(7)]
    pub command: Option<String>,
    /// To whom the body is sealed, if it is.
    #[n(8)]
    pub sealed: Option<SealedTo>,
    /// The fact, or that sealed.
    #[n(9)]
    pub body: ByteVec,
}

impl Canonical for CaseRecord {
    fn encode(&self, to: &mut minicbor::Encoder<&mut Vec<u8>>) -> Encoded {
        to.encode(self).map(|_| ())
    }

    fn decode(from: &mut minicbor::Decoder<'_>) -> Result<Self, CodecError> {
        Ok(from.decode()?)
    }
}

impl Recorded for CaseRecord {
    const BEGINS: u16 = 1_024;
    const GOES_ON: u16 = 1_025;
    const MOST: usize = FACT_MAX;
}

impl CaseRecord {
    /// Of a fact; nothing is sealed yet.
    #[must_use]
    pub fn of(fact: &Fact) -> Self {
        let (number, by, body) = match fact {
            Fact::Defined(defined) => (DEFINED, &defined.by, bytes(defined)),
            Fact::Staffed(staffed) => (STAFFED, &staffed.by, bytes(staffed)),
            Fact::Changed(change) => (CHANGED, &change.by, bytes(&**change)),
        };
        let change = if let Fact::Changed(change) = fact { Some(change) } else { None };
        Self {
            fact: number,
            at: by.at,
            actor: by.actor.clone(),
            request_id: by.request_id.clone(),
            case: change.map(|change| change.case.key.clone()),
            version: change.map(|change| change.case.version),
            command: change.map(|change| change.command.name().to_owned()),
            sealed: None,
            body: body.into(),
        }
    }

    /// The fact, from the body as it was before it was sealed.
    ///
    /// # Errors
    /// Bytes that are none, or of another kind of fact.
    pub fn fact(&self, body: &[u8]) -> Result<Fact, CodecError> {
        Ok(match self.fact {
            DEFINED => Fact::Defined(read(body)?),
            STAFFED => Fact::Staffed(read(body)?),
            CHANGED => Fact::Changed(Box::new(read(body)?)),
            _ => return Err(CodecError::Malformed),
        })
    }

    /// What happened: the name of what was done to a case, or `define` or `staff`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.fact {
            DEFINED => "define",
            STAFFED => "staff",
            _ => self.command.as_deref().unwrap_or_default(),
        }
    }

    /// What is sealed is bound to its place.
    #[must_use]
    pub fn context(&self) -> Vec<u8> {
        let key = self.case.as_deref().unwrap_or_default();
        let version = self.version.unwrap_or_default();
        [b"thalium.case.v1\0".as_slice(), &version.to_be_bytes(), key.as_bytes()].concat()
    }
}

fn bytes<T: Encode<()>>(of: &T) -> Vec<u8> {
    // INVARIANT: memory takes every byte.
    minicbor::to_vec(of).unwrap_or_default()
}

/// What bytes say that are written in their one form.
fn read<T: Encode<()> + for<'b> Decode<'b, ()>>(body: &[u8]) -> Result<T, CodecError> {
    let read: T = minicbor::decode(body)?;
    if bytes(&read) == body { Ok(read) } else { Err(CodecError::NotCanonical) }
}

#[cfg(test)]
#[path = "case_tests.rs"]
mod tests;
