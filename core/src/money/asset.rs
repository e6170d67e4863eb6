//! What an amount is an amount of.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{AssetError, Excerpt, ParseAssetCodeError, wire};

/// The largest scale: 10^38 is the largest power of ten below 2^128.
pub const MAX_SCALE: u8 = 38;
/// The largest ISO 4217 number.
pub const MAX_FIAT_NUMBER: u16 = 999;

const MAX_CODE_BYTES: usize = 16;

/// The code of an asset: 1 to 16 of `A`–`Z`, `0`–`9`, `.`, `_`, `-`, beginning with a letter or a
/// digit.
///
/// Ordered as its text is, byte by byte. Serialised as a string. Lower case is refused rather than
/// changed, so that a code has one spelling.
// INVARIANT: the text, then zero bytes. Zero sorts before every allowed byte, so the derived order
// is the order of the texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetCode([u8; MAX_CODE_BYTES]);

impl AssetCode {
    /// Reads a code.
    ///
    /// # Errors
    ///
    /// See [`ParseAssetCodeError`].
    pub fn parse(text: &str) -> Result<Self, ParseAssetCodeError> {
        let input = || Excerpt::new(text);
        if text.is_empty() {
            return Err(ParseAssetCodeError::Empty);
        }
        if text.len() > MAX_CODE_BYTES {
            let length_bytes = text.len();
            return Err(ParseAssetCodeError::TooLong { input: input(), length_bytes });
        }
        let allowed = |c| matches!(c, 'A'..='Z' | '0'..='9' | '.' | '_' | '-');
        if let Some(index) = text.chars().position(|c| !allowed(c)) {
            return Err(ParseAssetCodeError::BadCharacter { input: input(), position: index + 1 });
        }
        if text.starts_with(['.', '_', '-']) {
            return Err(ParseAssetCodeError::BadStart { input: input() });
        }
        Ok(Self::from_checked(text.as_bytes()))
    }

    /// The text of the code.
    pub fn as_str(&self) -> &str {
        let text = self.0.split(|&byte| byte == 0).next().unwrap_or_default();
        // Never the default: every byte is ASCII.
        std::str::from_utf8(text).unwrap_or_default()
    }

    /// The code of an allowed text.
    pub(super) fn from_checked(text: &[u8]) -> Self {
        let mut bytes = [0; MAX_CODE_BYTES];
        for (to, from) in bytes.iter_mut().zip(text) {
            *to = *from;
        }
        Self(bytes)
    }
}

impl fmt::Display for AssetCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for AssetCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AssetCode({})", self.as_str())
    }
}

impl FromStr for AssetCode {
    type Err = ParseAssetCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for AssetCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AssetCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::deserialize_text(deserializer, "an asset code")
    }
}

/// What sort of thing an asset is. Serialised in snake case: `"crypto"`, `{"fiat":{"number":710}}`.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AssetKind {
    /// A currency or a fund of ISO 4217.
    Fiat {
        /// Its ISO 4217 number, at most [`MAX_FIAT_NUMBER`].
        number: u16,
    },
    /// A token on a public or private chain.
    Crypto,
    /// A share, a bond, a unit of a fund.
    Security,
    /// Loyalty points and other units that the platform itself issues.
    Points,
}

/// A code, the number of fraction digits to its smallest unit, and a kind.
///
/// Two assets are the same only if all three are: the same code at another scale is another asset.
/// Serialised as an object of `code`, `scale` and `kind`, checked when it is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "RawAsset")]
pub struct Asset {
    code: AssetCode,
    scale: u8,
    kind: AssetKind,
}

impl Asset {
    /// Makes an asset. At scale 2 the smallest unit is a hundredth.
    ///
    /// # Errors
    ///
    /// If `scale` is beyond [`MAX_SCALE`] or a fiat number beyond [`MAX_FIAT_NUMBER`].
    pub const fn new(code: AssetCode, scale: u8, kind: AssetKind) -> Result<Self, AssetError> {
        if scale > MAX_SCALE {
            return Err(AssetError::ScaleTooLarge { code, scale });
        }
        match kind {
            AssetKind::Fiat { number } if number > MAX_FIAT_NUMBER => {
                Err(AssetError::NumberTooLarge { code, number })
            }
            _ => Ok(Self { code, scale, kind }),
        }
    }

    /// The code.
    pub const fn code(&self) -> AssetCode {
        self.code
    }

    /// The number of fraction digits to the smallest unit, from 0 to [`MAX_SCALE`].
    pub const fn scale(&self) -> u8 {
        self.scale
    }

    /// The kind.
    pub const fn kind(&self) -> AssetKind {
        self.kind
    }

    /// An asset of known good parts.
    pub(super) const fn from_checked(code: AssetCode, scale: u8, kind: AssetKind) -> Self {
        Self { code, scale, kind }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAsset {
    code: AssetCode,
    scale: u8,
    kind: AssetKind,
}

impl TryFrom<RawAsset> for Asset {
    type Error = AssetError;

    fn try_from(raw: RawAsset) -> Result<Self, AssetError> {
        Self::new(raw.code, raw.scale, raw.kind)
    }
}

#[cfg(test)]
#[path = "asset_tests.rs"]
mod tests;
