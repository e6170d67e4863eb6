//! An amount: a whole number of an asset's smallest units.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::wire::{self, FromUnits};
use super::{Excerpt, ParseAmountError, ParseUnitsError};

/// The most bytes of text that [`Amount::parse`] looks at.
pub const MAX_AMOUNT_TEXT_BYTES: usize = 128;

/// A number of smallest units, from 0 to `u128::MAX`.
///
/// It does not know its asset: what a unit is worth is the business of the scale that
/// [`parse`](Self::parse) and [`to_text`](Self::to_text) are given, and of [`Money`](super::Money).
/// There are no operators, only checked operations, and no `Display`, so that units are not
/// mistaken for whole coins.
///
/// Serialised as a string of decimal digits (`"25000"`), canonical: no sign, no leading zero.
/// Deserialised from that string or from a non-negative integer, never from a float; this asks for
/// a self-describing format such as JSON or CBOR.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Amount(u128);

impl Amount {
    /// No units.
    pub const ZERO: Self = Self(0);
    /// `u128::MAX` units.
    pub const MAX: Self = Self(u128::MAX);

    /// The amount of `units` smallest units.
    pub const fn from_units(units: u128) -> Self {
        Self(units)
    }

    /// The number of smallest units.
    pub const fn units(self) -> u128 {
        self.0
    }

    /// Whether there are no units.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `self + other`, or nothing beyond `u128::MAX` units.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// `self - other`, or nothing below zero.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// `self × factor`, or nothing beyond `u128::MAX` units.
    pub fn checked_mul(self, factor: u128) -> Option<Self> {
        self.0.checked_mul(factor).map(Self)
    }

    /// The whole quotient and the remainder of `self / divisor`, or nothing if `divisor` is zero.
    pub fn checked_div_rem(self, divisor: u128) -> Option<(Self, Self)> {
        let quotient = self.0.checked_div(divisor)?;
        let remainder = self.0.checked_rem(divisor)?;
        Some((Self(quotient), Self(remainder)))
    }

    /// The sum of all `amounts` (zero for none), or nothing beyond `u128::MAX` units.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Reads exact decimal text such as `250.00`, with `scale` fraction digits to the unit.
    ///
    /// One or more ASCII digits, then optionally a point and one or more ASCII digits. Fraction
    /// digits may be missing, and beyond the scale they may only be zeros: `1.5`, `1.50` and
    /// `1.500` are the same amount at scale 2, `1.505` is refused. Leading zeros are allowed.
    ///
    /// # Errors
    ///
    /// See [`ParseAmountError`]. Of several faults the leftmost is reported, but a text that is too
    /// long is not looked at, and digits beyond the scale are reported before an overflow.
    pub fn parse(text: &str, scale: u8) -> Result<Self, ParseAmountError> {
        let input = || Excerpt::new(text);
        let parts = split(text)?;
        let fraction = parts.fraction.trim_end_matches('0');
        if fraction.len() > usize::from(scale) {
            let found = fraction.len();
            return Err(ParseAmountError::TooManyFractionDigits { input: input(), found, scale });
        }
        let padding = usize::from(scale) - fraction.len();
        parts
            .whole
            .bytes()
            .chain(fraction.bytes())
            .chain(std::iter::repeat_n(b'0', padding))
            .try_fold(0_u128, |units, digit| {
                units.checked_mul(10)?.checked_add(u128::from(digit.wrapping_sub(b'0')))
            })
            .map(Self)
            .ok_or_else(|| ParseAmountError::Overflow { input: input(), scale })
    }

    /// The decimal text with exactly `scale` fraction digits: 25000 units at scale 2 are `250.00`,
    /// and at scale 0 `25000`. [`parse`](Self::parse) reads it back.
    pub fn to_text(self, scale: u8) -> String {
        self.display(scale).to_string()
    }

    /// [`to_text`](Self::to_text) for a formatter, without an allocation.
    pub const fn display(self, scale: u8) -> AmountDisplay {
        AmountDisplay { units: self.0, scale }
    }
}

/// Prints an amount with exactly its scale's number of fraction digits. Width, fill and precision
/// of the formatter are ignored.
#[derive(Clone, Copy, Debug)]
pub struct AmountDisplay {
    units: u128,
    scale: u8,
}

impl fmt::Display for AmountDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = usize::from(self.scale);
        match 10_u128.checked_pow(self.scale.into()) {
            Some(1) => write!(f, "{}", self.units),
            Some(one) => write!(f, "{}.{:0width$}", self.units / one, self.units % one),
            // One whole is more than `u128::MAX` units, so there is no whole.
            None => write!(f, "0.{:0width$}", self.units),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::deserialize_units(deserializer)
    }
}

impl FromUnits for Amount {
    const EXPECTING: &'static str =
        "a non-negative whole number of units, as a string or an integer";

    fn from_text(text: &str) -> Result<Self, ParseUnitsError> {
        wire::parse_digits(text, text, 0).map(Self)
    }

    fn from_sign(negative: bool, magnitude: u128) -> Option<Self> {
        (!negative).then_some(Self(magnitude))
    }
}

/// The digits of a decimal text, around its point.
struct Parts<'a> {
    whole: &'a str,
    fraction: &'a str,
}

/// Splits a text into its digits, or says what else is in it.
fn split(text: &str) -> Result<Parts<'_>, ParseAmountError> {
    let input = || Excerpt::new(text);
    if text.len() > MAX_AMOUNT_TEXT_BYTES {
        return Err(ParseAmountError::TooLong { input: input(), length_bytes: text.len() });
    }
    let Some(first) = text.chars().next() else {
        return Err(ParseAmountError::Empty);
    };
    if matches!(first, '+' | '-') {
        return Err(ParseAmountError::Signed { input: input(), sign: first });
    }
    let mut point = false;
    for (index, found) in text.chars().enumerate() {
        let position = index + 1;
        match found {
            '0'..='9' => {}
            '.' if point => return Err(ParseAmountError::SecondPoint { input: input(), position }),
            '.' if index == 0 => return Err(ParseAmountError::NoWholeDigits { input: input() }),
            '.' => point = true,
            _ => return Err(ParseAmountError::NotADigit { input: input(), found, position }),
        }
    }
    match text.split_once('.') {
        None => Ok(Parts { whole: text, fraction: "" }),
        Some((_, "")) => Err(ParseAmountError::NoFractionDigits { input: input() }),
        Some((whole, fraction)) => Ok(Parts { whole, fraction }),
    }
}

#[cfg(test)]
#[path = "amount_tests.rs"]
mod tests;
