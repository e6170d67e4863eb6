//! The errors of this module, one enum per operation.
//!
//! Messages are lower case without a full stop. They quote the refused input in backticks, at most
//! [`MAX_EXCERPT_CHARS`](super::MAX_EXCERPT_CHARS) characters of it. Positions count characters
//! from 1.

use super::asset::{MAX_FIAT_NUMBER, MAX_SCALE};
use super::{AssetCode, Excerpt, MAX_ALLOCATION_ENTRIES, MAX_AMOUNT_TEXT_BYTES};

/// Why a text is not an amount.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseAmountError {
    /// The text has no characters.
    #[error("amount is empty")]
    Empty,
    /// The text has more than [`MAX_AMOUNT_TEXT_BYTES`] bytes. Nothing else of it was looked at.
    #[error("amount {input} has {length_bytes} bytes, at most {MAX_AMOUNT_TEXT_BYTES} are allowed")]
    TooLong {
        /// The beginning of the text.
        input: Excerpt,
        /// The length of the text in bytes.
        length_bytes: usize,
    },
    /// The text begins with `+` or `-`. Amounts are unsigned.
    #[error("amount {input} begins with the sign `{sign}`, amounts are unsigned")]
    Signed {
        /// The text.
        input: Excerpt,
        /// `+` or `-`.
        sign: char,
    },
    /// A character is neither an ASCII digit nor the point: letters, exponents, spaces, thousands
    /// separators, digits of other scripts.
    #[error("amount {input} has {} at character {position}, expected a digit", Excerpt::new(.found.encode_utf8(&mut [0; 4])))]
    NotADigit {
        /// The text.
        input: Excerpt,
        /// The character.
        found: char,
        /// Its place, counted in characters from 1.
        position: usize,
    },
    /// There is a second point.
    #[error("amount {input} has a second point at character {position}")]
    SecondPoint {
        /// The text.
        input: Excerpt,
        /// The place of the second point, counted in characters from 1.
        position: usize,
    },
    /// No digit stands before the point, as in `.5`.
    #[error("amount {input} has no digit before the point")]
    NoWholeDigits {
        /// The text.
        input: Excerpt,
    },
    /// No digit stands after the point, as in `5.`.
    #[error("amount {input} has no digit after the point")]
    NoFractionDigits {
        /// The text.
        input: Excerpt,
    },
    /// A digit other than zero stands beyond the scale, so the text names a fraction of the
    /// smallest unit.
    #[error("amount {input} has {found} fraction digits, the scale allows {scale}")]
    TooManyFractionDigits {
        /// The text.
        input: Excerpt,
        /// The number of fraction digits up to the last that is not zero.
        found: usize,
        /// The number of fraction digits that the scale allows.
        scale: u8,
    },
    /// The amount has more than `u128::MAX` smallest units.
    #[error("amount {input} is too large at scale {scale}")]
    Overflow {
        /// The text.
        input: Excerpt,
        /// The scale it was read at.
        scale: u8,
    },
}

/// Why a text (or a number of a serialised form) is not a whole number of smallest units.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseUnitsError {
    /// The text has no digits.
    #[error("whole number {input} has no digits")]
    NoDigits {
        /// The text.
        input: Excerpt,
    },
    /// A character is not an ASCII digit. For an [`Amount`](super::Amount) this includes `-`.
    #[error("whole number {input} has something other than a digit at character {position}")]
    NotADigit {
        /// The text.
        input: Excerpt,
        /// Its place, counted in characters from 1.
        position: usize,
    },
    /// The number begins with a zero that adds nothing. There is one spelling for every number.
    #[error("whole number {input} has a leading zero")]
    LeadingZero {
        /// The text.
        input: Excerpt,
    },
    /// The text is `-0`.
    #[error("whole number {input} is a negative zero")]
    NegativeZero {
        /// The text.
        input: Excerpt,
    },
    /// The number is larger than `u128::MAX`.
    #[error("whole number {input} is too large")]
    Overflow {
        /// The text.
        input: Excerpt,
    },
}

/// Why a text is not an asset code.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseAssetCodeError {
    /// The text has no characters.
    #[error("asset code is empty")]
    Empty,
    /// The text has more than 16 bytes.
    #[error("asset code {input} has {length_bytes} bytes, at most 16 are allowed")]
    TooLong {
        /// The beginning of the text.
        input: Excerpt,
        /// The length of the text in bytes.
        length_bytes: usize,
    },
    /// The first character is `.`, `_` or `-`.
    #[error("asset code {input} begins with neither a letter nor a digit")]
    BadStart {
        /// The text.
        input: Excerpt,
    },
    /// A character is none of `A`–`Z`, `0`–`9`, `.`, `_`, `-`. Lower case is refused, not changed.
    #[error("asset code {input} has a character that is not allowed at character {position}")]
    BadCharacter {
        /// The text.
        input: Excerpt,
        /// Its place, counted in characters from 1.
        position: usize,
    },
}

/// Why an asset cannot be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssetError {
    /// The scale is beyond [`MAX_SCALE`]: one whole unit would not fit an amount.
    #[error("scale {scale} of asset `{code}` is larger than {MAX_SCALE}")]
    ScaleTooLarge {
        /// The code of the asset.
        code: AssetCode,
        /// The scale asked for.
        scale: u8,
    },
    /// An ISO 4217 number has at most three digits.
    #[error("number {number} of asset `{code}` is larger than {MAX_FIAT_NUMBER}")]
    NumberTooLarge {
        /// The code of the asset.
        code: AssetCode,
        /// The number asked for.
        number: u16,
    },
}

/// Why a text is not an amount of an asset.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseMoneyError {
    /// There is no space between an amount and a code.
    #[error("money {input} is not an amount, one space and an asset code")]
    Shape {
        /// The text.
        input: Excerpt,
    },
    /// The part after the first space is not an asset code.
    #[error(transparent)]
    Code(#[from] ParseAssetCodeError),
    /// The resolver knows no asset of this code.
    #[error("asset `{code}` is not known")]
    UnknownAsset {
        /// The code.
        code: AssetCode,
    },
    /// The part before the space is not an amount of this asset.
    #[error(transparent)]
    Amount(#[from] ParseAmountError),
}

/// Why two amounts of money do not add up.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The assets differ, in code, scale or kind.
    #[error(
        "`{left}` (scale {left_scale}) and `{right}` (scale {right_scale}) are different assets"
    )]
    DifferentAssets {
        /// The code on the left.
        left: AssetCode,
        /// The scale on the left.
        left_scale: u8,
        /// The code on the right.
        right: AssetCode,
        /// The scale on the right.
        right_scale: u8,
    },
    /// The sum has more than `u128::MAX` smallest units.
    #[error("amount of `{asset}` is too large")]
    Overflow {
        /// The code of the asset.
        asset: AssetCode,
    },
    /// The difference is below zero.
    #[error("amount of `{asset}` would fall below zero")]
    BelowZero {
        /// The code of the asset.
        asset: AssetCode,
    },
}

/// Why a decimal and an amount are not the same number.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecimalError {
    /// The decimal is below zero.
    #[error("decimal `{decimal}` is negative, amounts are unsigned")]
    Negative {
        /// The decimal.
        decimal: rust_decimal::Decimal,
    },
    /// The decimal names a fraction of the smallest unit.
    #[error("decimal `{decimal}` is not a whole number of smallest units at scale {scale}")]
    Inexact {
        /// The decimal.
        decimal: rust_decimal::Decimal,
        /// The scale it was read at.
        scale: u8,
    },
    /// The decimal has more than `u128::MAX` smallest units.
    #[error("decimal `{decimal}` is too large at scale {scale}")]
    Overflow {
        /// The decimal.
        decimal: rust_decimal::Decimal,
        /// The scale it was read at.
        scale: u8,
    },
    /// The amount has more significant digits, or more fraction digits, than a decimal holds
    /// (96 bits and 28 digits).
    #[error("{units} units at scale {scale} do not fit a decimal exactly")]
    DoesNotFit {
        /// The amount in smallest units.
        units: u128,
        /// The scale it was to be written at.
        scale: u8,
    },
}

/// Why a rate cannot be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RateError {
    /// The denominator is zero.
    #[error("rate has a denominator of zero")]
    ZeroDenominator,
    /// A rate of zero has no inverse.
    #[error("rate of zero has no inverse")]
    NoInverse,
    /// The reduced numerator or denominator has more than 128 bits.
    #[error("rate does not fit 128 bits over 128 bits")]
    Overflow,
    /// The text is not a decimal number.
    #[error("rate is not a decimal number: {0}")]
    Decimal(#[from] ParseAmountError),
    /// The numerator or the denominator in a text `n/d` is not a whole number.
    #[error("rate is not a ratio of whole numbers: {0}")]
    Ratio(#[from] ParseUnitsError),
}

/// Why an amount was not converted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// A scale is beyond [`MAX_SCALE`].
    #[error("scale {scale} is larger than {MAX_SCALE}")]
    ScaleTooLarge {
        /// The scale.
        scale: u8,
    },
    /// The result has more than `u128::MAX` smallest units.
    #[error("converted amount is too large")]
    Overflow,
    /// The result is not a whole number of units and the mode was
    /// [`RoundingMode::Unnecessary`](super::RoundingMode::Unnecessary).
    #[error("converted amount is not a whole number of smallest units")]
    Inexact,
}

/// Why an amount was not allocated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AllocateError {
    /// There are no entries.
    #[error("there is nobody to allocate to")]
    Empty,
    /// There are more than [`MAX_ALLOCATION_ENTRIES`] entries.
    #[error("{count} entries are more than {MAX_ALLOCATION_ENTRIES}")]
    TooMany {
        /// The number of entries.
        count: usize,
    },
    /// Two entries have the same key.
    #[error("entries {first} and {second} have the same key")]
    DuplicateKey {
        /// The index of the one in the input, from 0.
        first: usize,
        /// The index of the other, larger.
        second: usize,
    },
    /// Every weight is zero.
    #[error("every weight is zero")]
    AllZeroWeights,
}
