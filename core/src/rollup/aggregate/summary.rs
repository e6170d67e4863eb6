//! What is said of numbers in short: the first, the last, the least and the most, how many, their sum, average and variance.

use std::cmp::Reverse;

use super::total::{Total, power_of_ten};
use super::{Aggregate, Entry, MergeError};
use crate::money::wide::U256;
use crate::money::{Amount, ConvertError, Net, RoundingMode};

/// A number at an instant: a balance, a price, a duration, in smallest units.
// INVARIANT: `at` and `sequence` come first, so that the derived order is that in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sample {
    /// When, in nanoseconds since 1970.
    pub at: i64,
    /// Which of those at that instant.
    pub sequence: u64,
    /// How much.
    pub value: Net,
}

impl Entry for Sample {
    fn key(&self) -> (i64, u64) {
        (self.at, self.sequence)
    }
}

/// Numbers in short.
///
/// ```
/// use thalium::money::{Net, RoundingMode};
/// use thalium::rollup::{Aggregate, Sample, Summary};
///
/// let sample = |at, units| Sample { at, sequence: 0, value: Net::between(units, 0) };
/// let mut summary = Summary::of(&sample(1, 20));
/// summary.add(&sample(2, 25))?;
/// assert_eq!(summary.average(1, RoundingMode::HalfEven)?, Net::between(225, 0));
/// assert_eq!(summary.least().at, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    first: Sample,
    last: Sample,
    least: Sample,
    most: Sample,
    count: u64,
    sum: Total,
    squares: U256,
}

impl Summary {
    /// The first.
    #[must_use]
    pub const fn first(&self) -> Sample {
        self.first
    }

    /// The last.
    #[must_use]
    pub const fn last(&self) -> Sample {
        self.last
    }

    /// The least, when it was so first.
    #[must_use]
    pub const fn least(&self) -> Sample {
        self.least
    }

    /// The most, when it was so first.
    #[must_use]
    pub const fn most(&self) -> Sample {
        self.most
    }

    /// How many.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Their sum.
    ///
    /// # Errors
    /// More than 2¹²⁸ units.
    pub fn sum(&self) -> Result<Net, ConvertError> {
        self.sum.over(1, 0, RoundingMode::HalfEven)
    }

    /// Their average, with so many digits more than they have, rounded once.
    ///
    /// # Errors
    /// More digits than 38, more than 2¹²⁸ units, or a fraction where none may be rounded away.
    pub fn average(&self, digits: u8, rounding: RoundingMode) -> Result<Net, ConvertError> {
        self.sum.over(self.count.into(), digits, rounding)
    }

    /// Their variance, in units squared, with so many digits more: of these numbers alone, or as a sample of others (divided by one less
    /// than there are; `None` of one). Exact until it is rounded, once.
    ///
    /// # Errors
    /// As [`Summary::average`]; numbers so large and so many that 256 bits do not hold their squares times how many they are.
    pub fn variance(
        &self,
        of_sample: bool,
        digits: u8,
        rounding: RoundingMode,
    ) -> Result<Option<Amount>, ConvertError> {
        // (n Σx² − (Σx)²) / n², or / n (n − 1).
        let count = u128::from(self.count);
        let others = if of_sample { count - 1 } else { count };
        if others == 0 {
            return Ok(None);
        }
        let (_, sum) = self.sum.net();
        let sum = sum.to_u128().ok_or(ConvertError::Overflow)?;
        let squares = self.squares.checked_mul(count);
        let apart = squares.and_then(|squares| squares.checked_sub(U256::product(sum, sum)));
        let apart = apart.and_then(|apart| apart.checked_mul(power_of_ten(digits).ok()?));
        let (units, ..) = apart.ok_or(ConvertError::Overflow)?.divided(
            U256::product(count, others),
            false,
            rounding,
        )?;
        Ok(Some(Amount::from_units(units)))
    }

    /// The square root of the variance, with so many digits more, rounded down: of returns it is their volatility.
    ///
    /// # Errors
    /// As [`Summary::variance`].
    pub fn standard_deviation(
        &self,
        of_sample: bool,
        digits: u8,
    ) -> Result<Option<Amount>, ConvertError> {
        // A square has twice the digits.
        let variance = self.variance(of_sample, digits.saturating_mul(2), RoundingMode::Down)?;
        Ok(variance.map(|variance| Amount::from_units(variance.units().isqrt())))
    }
}

impl Aggregate for Summary {
    type Entry = Sample;

    fn of(sample: &Sample) -> Self {
        let magnitude = sample.value.magnitude();
        Self {
            first: *sample,
            last: *sample,
            least: *sample,
            most: *sample,
            count: 1,
            sum: Total::times(sample.value, 1),
            squares: U256::product(magnitude, magnitude),
        }
    }

    fn take_in(&mut self, other: &Self) -> Result<(), MergeError> {
        let by_value = |sample: &Sample| (sample.value, *sample);
        *self = Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            least: std::cmp::min_by_key(self.least, other.least, by_value),
            most: std::cmp::max_by_key(self.most, other.most, |one| (one.value, Reverse(*one))),
            count: self.count.checked_add(other.count).ok_or(MergeError::Overflow)?,
            sum: self.sum.plus(other.sum)?,
            squares: self.squares.checked_add(other.squares).ok_or(MergeError::Overflow)?,
        };
        Ok(())
    }
}

#[cfg(test)]
#[path = "summary_tests.rs"]
mod tests;
