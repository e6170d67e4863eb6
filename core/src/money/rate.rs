//! Exact rates, and the conversion of amounts by them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::asset::MAX_SCALE;
use super::wide::U256;
use super::wire;
use super::{Amount, ConvertError, Net, RateError, RoundingDirection, RoundingMode};

/// An exact, unsigned ratio of two `u128`: a price, an exchange rate, a fee.
///
/// Written, printed and serialised as `n/d`, reduced: `"1/4"`, `"0/1"`. Read from that, reduced or
/// not, or from decimal text: `"0.25"`. Ordered by value.
// INVARIANT: reduced, and `denominator` is not zero, so the derived equality is numeric.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Rate {
    numerator: u128,
    denominator: u128,
}

impl Rate {
    /// The rate 0: everything becomes nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// The rate 1: everything stays as it is.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator / denominator`.
    ///
    /// # Errors
    ///
    /// If the denominator is zero.
    pub fn ratio(numerator: u128, denominator: u128) -> Result<Self, RateError> {
        if denominator == 0 {
            return Err(RateError::ZeroDenominator);
        }
        let divisor = greatest_common_divisor(numerator, denominator);
        Ok(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// `hundredths_of_percent / 10000`: 125 basis points are 1.25 %.
    pub fn basis_points(hundredths_of_percent: u32) -> Self {
        let divisor = greatest_common_divisor(hundredths_of_percent.into(), BASIS_POINTS_IN_ONE);
        Self {
            numerator: u128::from(hundredths_of_percent) / divisor,
            denominator: BASIS_POINTS_IN_ONE / divisor,
        }
    }

    /// The exact value of decimal text, such as `18.2345`, of at most 38 fraction digits after
    /// which there may be zeros. The syntax is that of [`Amount::parse`].
    ///
    /// # Errors
    ///
    /// [`RateError::Decimal`] if it is not such a text or has too many digits.
    pub fn parse_decimal(text: &str) -> Result<Self, RateError> {
        let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
        let digits = fraction.trim_end_matches('0').len();
        let scale = u8::try_from(digits).map_or(MAX_SCALE, |digits| digits.min(MAX_SCALE));
        let numerator = Amount::parse(text, scale)?.units();
        let denominator = 10_u128.checked_pow(scale.into()).ok_or(RateError::Overflow)?;
        Self::ratio(numerator, denominator)
    }

    /// The numerator of the reduced ratio.
    pub const fn numerator(self) -> u128 {
        self.numerator
    }

    /// The denominator of the reduced ratio, never zero.
    pub const fn denominator(self) -> u128 {
        self.denominator
    }

    /// Whether it is zero.
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// `1 / self`.
    ///
    /// # Errors
    ///
    /// If the rate is zero.
    pub fn inverse(self) -> Result<Self, RateError> {
        if self.is_zero() {
            return Err(RateError::NoInverse);
        }
        Ok(Self { numerator: self.denominator, denominator: self.numerator })
    }

    /// `self × next`: the rate of converting by the one and then the other, without rounding in
    /// between.
    ///
    /// # Errors
    ///
    /// If the reduced product does not fit.
    pub fn compose(self, next: Self) -> Result<Self, RateError> {
        // Both ratios are reduced, so cancelling crosswise leaves the product reduced.
        let first = greatest_common_divisor(self.numerator, next.denominator);
        let second = greatest_common_divisor(next.numerator, self.denominator);
        let numerator = (self.numerator / first).checked_mul(next.numerator / second);
        let denominator = (self.denominator / second).checked_mul(next.denominator / first);
        match (numerator, denominator) {
            (Some(numerator), Some(denominator)) => Ok(Self { numerator, denominator }),
            _ => Err(RateError::Overflow),
        }
    }

    /// Converts an amount of an asset of `from_scale` to one of `to_scale`, where the rate is
    /// target coins per source coin:
    ///
    /// `amount × numerator × 10^to_scale / (denominator × 10^from_scale)`
    ///
    /// computed exactly and then rounded once. For a fee in the same asset give the same scale
    /// twice.
    ///
    /// # Errors
    ///
    /// If a scale is beyond [`MAX_SCALE`], if the result is beyond `u128::MAX` units, or if it is
    /// not whole and the mode is [`RoundingMode::Unnecessary`].
    pub fn convert(
        self,
        amount: Amount,
        from_scale: u8,
        to_scale: u8,
        rounding: RoundingMode,
    ) -> Result<Conversion, ConvertError> {
        let (units, direction, remainder) =
            self.convert_units(false, amount.units(), from_scale, to_scale, rounding)?;
        Ok(Conversion { amount: Amount::from_units(units), direction, remainder })
    }

    /// [`convert`](Self::convert) for a signed amount. What each mode does below zero is told at
    /// [`RoundingMode`].
    ///
    /// # Errors
    ///
    /// As [`convert`](Self::convert).
    pub fn convert_net(
        self,
        net: Net,
        from_scale: u8,
        to_scale: u8,
        rounding: RoundingMode,
    ) -> Result<NetConversion, ConvertError> {
        let negative = net.is_negative();
        let (units, direction, remainder) =
            self.convert_units(negative, net.magnitude(), from_scale, to_scale, rounding)?;
        Ok(NetConversion { net: Net::new(negative, units), direction, remainder })
    }

    fn convert_units(
        self,
        negative: bool,
        units: u128,
        from_scale: u8,
        to_scale: u8,
        rounding: RoundingMode,
    ) -> Result<(u128, RoundingDirection, Remainder), ConvertError> {
        let (numerator, denominator) = self.fraction(units, from_scale, to_scale)?;
        let (units, direction, rest) = numerator.divided(denominator, negative, rounding)?;
        Ok((units, direction, Remainder { numerator: rest, denominator }))
    }

    /// The exact result as a fraction.
    fn fraction(
        self,
        units: u128,
        from_scale: u8,
        to_scale: u8,
    ) -> Result<(U256, U256), ConvertError> {
        if let Some(scale) = [from_scale, to_scale].into_iter().find(|scale| *scale > MAX_SCALE) {
            return Err(ConvertError::ScaleTooLarge { scale });
        }
        let shift = 10_u128
            .checked_pow(from_scale.abs_diff(to_scale).into())
            .ok_or(ConvertError::Overflow)?;
        let numerator = U256::product(units, self.numerator);
        if from_scale > to_scale {
            return Ok((numerator, U256::product(self.denominator, shift)));
        }
        // A numerator beyond 256 bits over a denominator of 128 bits is a result beyond 128 bits.
        let numerator = numerator.checked_mul(shift).ok_or(ConvertError::Overflow)?;
        Ok((numerator, U256::from_u128(self.denominator)))
    }
}

/// A converted amount, and what rounding did to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Conversion {
    /// The result in smallest units of the target.
    pub amount: Amount,
    /// What rounding did.
    pub direction: RoundingDirection,
    /// What the division left over the whole units, before rounding.
    pub remainder: Remainder,
}

/// A converted net amount, and what rounding did to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NetConversion {
    /// The result in smallest units of the target.
    pub net: Net,
    /// What rounding did.
    pub direction: RoundingDirection,
    /// What the division of the magnitudes left over the whole units, before rounding.
    pub remainder: Remainder,
}

/// A fraction of a smallest unit, from 0 to below 1: the exact result less its whole units.
///
/// If the direction is `AwayFromZero` the result is one more than those whole units. The fraction
/// is not reduced; both parts can have up to 256 bits and are given as `(high, low)` words of 128.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Remainder {
    numerator: U256,
    denominator: U256,
}

impl Remainder {
    /// Whether the result was whole.
    pub const fn is_zero(self) -> bool {
        self.numerator.is_zero()
    }

    /// The numerator, `high × 2^128 + low`.
    pub const fn numerator(self) -> (u128, u128) {
        (self.numerator.high, self.numerator.low)
    }

    /// The denominator, `high × 2^128 + low`, never zero.
    pub const fn denominator(self) -> (u128, u128) {
        (self.denominator.high, self.denominator.low)
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = U256::product(self.numerator, other.denominator);
        left.cmp(&U256::product(other.numerator, self.denominator))
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let Some((numerator, denominator)) = text.split_once('/') else {
            return Self::parse_decimal(text);
        };
        let skipped = numerator.chars().count() + 1;
        Self::ratio(
            wire::parse_digits(text, numerator, 0)?,
            wire::parse_digits(text, denominator, skipped)?,
        )
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::deserialize_text(deserializer, "a rate, as `n/d` or as decimal text")
    }
}

/// Euclid's algorithm. `b` is not zero, so neither is the result.
fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

const BASIS_POINTS_IN_ONE: u128 = 10_000;

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;
