//! 128-bit identifiers: UUIDv7 by default, big-endian in text, derived from a text key when the caller has one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The longest text key, in bytes.
pub const KEY_MAX: usize = 256;

/// An identifier of an account, a transfer or a transaction.
///
/// Zero and 2¹²⁸−1 are reserved. Text is a UUID (`0192e4a0-…`) or decimal digits; a UUID is printed, whatever came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u128);

impl Id {
    /// The reserved id that means *none*.
    pub const ZERO: Self = Self(0);
    /// The reserved largest id.
    pub const MAX: Self = Self(u128::MAX);

    /// The id that a text key stands for, in a namespace such as `account` or `transfer`.
    ///
    /// The first 128 bits of SHA-256(`thalium.key.v1` 0x00 namespace 0x00 key), with the version and variant bits of
    /// a UUIDv8 (RFC 9562 §5.8): the same key names the same record in every residence, and needs no index.
    #[must_use]
    pub fn from_key(namespace: &str, key: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"thalium.key.v1\0");
        hash.update(namespace.as_bytes());
        hash.update([0]);
        hash.update(key.as_bytes());
        Self::from_digest(&hash.finalize().into())
    }

    /// The id of part `index` of a compound whose own id is `self`, such as the second leg of a transaction.
    #[must_use]
    pub fn part(self, index: u32) -> Self {
        if index == 0 {
            return self;
        }
        let mut hash = Sha256::new();
        hash.update(b"thalium.part.v1\0");
        hash.update(self.0.to_be_bytes());
        hash.update(index.to_be_bytes());
        Self::from_digest(&hash.finalize().into())
    }

    /// The instant in a UUIDv7, in milliseconds since 1970; `None` for any other id.
    #[must_use]
    pub fn millis(self) -> Option<u64> {
        if self.is_v7() { u64::try_from(self.0 >> 80).ok() } else { None }
    }

    /// Whether the id is a UUIDv7, by its version and variant.
    #[inline]
    pub(crate) fn is_v7(self) -> bool {
        const MARKS: u128 = (0xf << 76) | (0x3 << 62);
        self.0 & MARKS == (7 << 76) | (2 << 62)
    }

    /// The upper half: that of a UUIDv7 begins with the time at which it was made.
    #[inline]
    pub(crate) fn made_at(self) -> u64 {
        u64::try_from(self.0 >> 64).unwrap_or(u64::MAX)
    }

    /// Spreads the id over 64 bits: a UUIDv7 is random in its low half only, a number in neither.
    #[inline]
    pub(crate) fn hash(self) -> u64 {
        let mask = u128::from(u64::MAX);
        let low = u64::try_from(self.0 & mask).unwrap_or(0);
        let high = u64::try_from(self.0 >> 64).unwrap_or(0);
        let mixed = u128::from(low ^ high.rotate_left(32)) * 0x9e37_79b9_7f4a_7c15;
        u64::try_from(mixed & mask).unwrap_or(0) ^ u64::try_from(mixed >> 64).unwrap_or(0)
    }

    fn from_digest(digest: &[u8; 32]) -> Self {
        let mut bytes = [0_u8; 16];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = *from;
        }
        Self(Uuid::new_v8(bytes).as_u128())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Uuid::from_u128(self.0), f)
    }
}

/// Text that is neither a UUID nor a decimal number of 128 bits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id: give a UUID or a decimal number below 2^128")]
pub struct ParseIdError(String);

impl FromStr for Id {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let refused = || ParseIdError(text.chars().take(64).collect());
        if !text.is_empty() && text.len() <= 39 && text.bytes().all(|b| b.is_ascii_digit()) {
            // 32 digits are a decimal number, not a UUID without hyphens: a UUID keeps its hyphens here.
            return text.parse().map(Self).map_err(|_| refused());
        }
        match Uuid::try_parse(text) {
            Ok(uuid) if text.len() == 36 => Ok(Self(uuid.as_u128())),
            _ => Err(refused()),
        }
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Id {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "uuid" })
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
#[path = "id_tests.rs"]
mod tests;
