//! Deterministic CBOR (RFC 8949 §4.2): one value, one encoding.
//!
//! Records are maps with small integer keys in ascending order, absent fields left out. Reading is strict: what does
//! not encode back to the very bytes that were read is refused, so a signature or a hash covers the meaning as well.

use std::collections::BTreeMap;
use std::convert::Infallible;

use minicbor::{Decoder, Encoder};

use crate::Id;

/// What an encoding step returns; writing to memory cannot fail.
pub type Encoded = Result<(), minicbor::encode::Error<Infallible>>;

/// Bytes that are not the canonical encoding of the record expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Not CBOR, or CBOR of another shape.
    #[error("malformed cbor")]
    Malformed,
    /// The right value in other bytes than the canonical ones, or bytes left over.
    #[error("cbor is not in its canonical form")]
    NotCanonical,
    /// A field that this version does not know.
    #[error("unknown field {0}")]
    UnknownField(u32),
    /// A value out of its bounds.
    #[error("a value is out of its bounds")]
    TooLarge,
    /// A field without which the record means nothing is missing.
    #[error("field {0} is missing")]
    MissingField(u32),
}

impl From<minicbor::decode::Error> for CodecError {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Malformed
    }
}

/// A record with one encoding.
pub trait Canonical: Sized {
    /// Writes the record.
    ///
    /// # Errors
    /// Never: memory takes every byte.
    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> Encoded;

    /// Reads the record, not caring yet whether the bytes are the canonical ones.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError>;

    /// The canonical bytes.
    #[must_use]
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self.encode(&mut Encoder::new(&mut bytes)) {
            Ok(()) => bytes,
            // INVARIANT: the writer is memory, its error type has no value.
            Err(_) => Vec::new(),
        }
    }

    /// Reads canonical bytes, all of them.
    ///
    /// # Errors
    /// What is wrong with the bytes, down to a non-canonical spelling of the right value.
    fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut decoder = Decoder::new(bytes);
        let record = Self::decode(&mut decoder)?;
        if decoder.position() != bytes.len() || record.to_bytes() != bytes {
            return Err(CodecError::NotCanonical);
        }
        Ok(record)
    }
}

/// Writes a map of the fields that are present; `fields` are in ascending order.
///
/// # Errors
/// Never: memory takes every byte.
pub fn fields(
    to: &mut Encoder<&mut Vec<u8>>,
    fields: &[(u32, bool)],
    mut write: impl FnMut(u32, &mut Encoder<&mut Vec<u8>>) -> Encoded,
) -> Encoded {
    let present = fields.iter().filter(|(_, present)| *present);
    to.map(u64::try_from(present.clone().count()).unwrap_or(u64::MAX))?;
    for (field, _) in present {
        to.u32(*field)?;
        write(*field, to)?;
    }
    Ok(())
}

/// Reads a map with integer keys, handing each value to `read`.
///
/// # Errors
/// What is wrong with the bytes.
pub fn read_fields(
    from: &mut Decoder<'_>,
    mut read: impl FnMut(u32, &mut Decoder<'_>) -> Result<(), CodecError>,
) -> Result<(), CodecError> {
    let count = from.map()?.ok_or(CodecError::NotCanonical)?;
    let mut last = None;
    for _ in 0..count {
        let field = from.u32()?;
        if last.is_some_and(|last| last >= field) {
            return Err(CodecError::NotCanonical);
        }
        last = Some(field);
        read(field, from)?;
    }
    Ok(())
}

/// Writes a map of text to text, keys in the bytewise order of their encodings (shorter keys first).
///
/// # Errors
/// Never: memory takes every byte.
pub fn text_map(to: &mut Encoder<&mut Vec<u8>>, map: &BTreeMap<String, String>) -> Encoded {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| (key.len(), key.as_bytes()));
    to.map(u64::try_from(entries.len()).unwrap_or(u64::MAX))?;
    for (key, value) in entries {
        to.str(key)?.str(value)?;
    }
    Ok(())
}

/// Reads a map of text to text.
///
/// # Errors
/// What is wrong with the bytes.
pub fn read_text_map(from: &mut Decoder<'_>) -> Result<BTreeMap<String, String>, CodecError> {
    let count = from.map()?.ok_or(CodecError::NotCanonical)?;
    let mut map = BTreeMap::new();
    for _ in 0..count {
        let key = from.str()?.to_owned();
        if map.insert(key, from.str()?.to_owned()).is_some() {
            return Err(CodecError::NotCanonical);
        }
    }
    Ok(map)
}

/// An id is its sixteen bytes, big-endian.
impl<C> minicbor::Encode<C> for Id {
    fn encode<W: minicbor::encode::Write>(
        &self,
        to: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        to.bytes(&self.0.to_be_bytes()).map(|_| ())
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Id {
    fn decode(from: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = from.bytes()?.try_into();
        let bytes = bytes.map_err(|_| minicbor::decode::Error::message("an id has 16 bytes"))?;
        Ok(Self(u128::from_be_bytes(bytes)))
    }
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
