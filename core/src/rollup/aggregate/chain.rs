//! What happens between one entry and the next: how long a balance stood, how far a counter went on, how long a state lasted.

use std::fmt::Debug;

use super::total::Total;
use super::{Aggregate, Entry, MergeError, Sample};
use crate::money::{ConvertError, Net, RoundingMode};

/// What is added up from one entry to the next.
pub trait Step: Clone + Debug + Default + PartialEq {
    /// From what to what.
    type Point: Entry;

    /// What is between two that follow one another.
    ///
    /// # Errors
    /// Sums that cannot be counted.
    fn between(from: &Self::Point, to: &Self::Point) -> Result<Self, MergeError>;

    /// With what is between others.
    ///
    /// # Errors
    /// Sums that cannot be counted. Then nothing is added.
    fn join(&mut self, other: &Self) -> Result<(), MergeError>;
}

/// Entries one after another, and what is between them.
///
/// Two are made one where one ends before the other begins, in either order: then it is known what is between them. Where they run into
/// one another it is not, and they have to be folded anew from what is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain<S: Step> {
    first: S::Point,
    last: S::Point,
    between: S,
}

impl<S: Step> Chain<S> {
    /// The first entry.
    #[must_use]
    pub const fn first(&self) -> &S::Point {
        &self.first
    }

    /// The last entry.
    #[must_use]
    pub const fn last(&self) -> &S::Point {
        &self.last
    }

    /// What is between them.
    #[must_use]
    pub const fn between(&self) -> &S {
        &self.between
    }
}

impl<S: Step> Aggregate for Chain<S> {
    type Entry = S::Point;

    fn of(entry: &S::Point) -> Self {
        Self { first: entry.clone(), last: entry.clone(), between: S::default() }
    }

    fn take_in(&mut self, other: &Self) -> Result<(), MergeError> {
        let (earlier, later) = match (self.last.key(), other.last.key()) {
            (_, end) if end < self.first.key() => (other, &*self),
            (end, _) if end < other.first.key() => (&*self, other),
            _ => return Err(MergeError::Interleaved),
        };
        let mut between = earlier.between.clone();
        between.join(&S::between(&earlier.last, &later.first)?)?;
        between.join(&later.between)?;
        *self = Self { first: earlier.first.clone(), last: later.last.clone(), between };
        Ok(())
    }
}

/// How long from one to another, which is not before it.
fn nanos(from: i64, to: i64) -> u128 {
    u128::from(to.abs_diff(from))
}

/// A number that stands until the next (last observation carried forward), times how long it does: what an average balance is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing(Total);

impl Step for Standing {
    type Point = Sample;

    fn between(from: &Sample, to: &Sample) -> Result<Self, MergeError> {
        Ok(Self(Total::times(from.value, nanos(from.at, to.at))))
    }

    fn join(&mut self, other: &Self) -> Result<(), MergeError> {
        self.0 = self.0.plus(other.0)?;
        Ok(())
    }
}

/// The average of a number that stands until the next, weighted by time.
///
/// ```
/// use thalium::money::{Net, RoundingMode};
/// use thalium::rollup::{Aggregate, Sample, TimeWeighted};
///
/// let sample = |at, units| Sample { at, sequence: 0, value: Net::between(units, 0) };
/// let mut balance = TimeWeighted::of(&sample(10, 100));
/// balance.add(&sample(40, 400))?;
/// // From 0 to 50: nothing is known before 10, then 100 for 30, then 400 for 10.
/// assert_eq!(balance.average(0, 50, None, 2, RoundingMode::HalfEven)?, Some(Net::between(17_500, 0)));
/// // Where it was 50 before: 50 for 10 too.
/// let before = Some(Net::between(50, 0));
/// assert_eq!(balance.average(0, 50, before, 2, RoundingMode::HalfEven)?, Some(Net::between(15_000, 0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type TimeWeighted = Chain<Standing>;

impl TimeWeighted {
    /// The average from an instant to another, with so many digits more, rounded once. What it was `before` counts from the beginning;
    /// where that is not known, the average is from the first entry on. `None` where no time passes.
    ///
    /// # Errors
    /// More digits than 38, more than 2¹²⁸ units, a fraction where none may be rounded away, or a sum beyond 256 bits.
    pub fn average(
        &self,
        from: i64,
        to: i64,
        before: Option<Net>,
        digits: u8,
        rounding: RoundingMode,
    ) -> Result<Option<Net>, ConvertError> {
        let (from, first, to) = (from.min(self.first.at), self.first.at, to.max(self.last.at));
        let begin = before.map_or(first, |_| from);
        let before = Total::times(before.unwrap_or_default(), nanos(from, first));
        let after = Total::times(self.last.value, nanos(self.last.at, to));
        let sum = self.between.0.plus(before).and_then(|sum| sum.plus(after));
        match nanos(begin, to) {
            0 => Ok(None),
            long => sum.map_err(|_| ConvertError::Overflow)?.over(long, digits, rounding).map(Some),
        }
    }
}

/// A number that goes in a straight line to the next, twice its integral over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sloping(Total);

impl Step for Sloping {
    type Point = Sample;

    fn between(from: &Sample, to: &Sample) -> Result<Self, MergeError> {
        let long = nanos(from.at, to.at);
        Total::times(from.value, long).plus(Total::times(to.value, long)).map(Self)
    }

    fn join(&mut self, other: &Self) -> Result<(), MergeError> {
        self.0 = self.0.plus(other.0)?;
        Ok(())
    }
}

/// The average of a number that goes in a straight line from each entry to the next, weighted by time.
pub type Linear = Chain<Sloping>;

impl Linear {
    /// The average from the first entry to the last, with so many digits more, rounded once. `None` where no time passes.
    ///
    /// # Errors
    /// As [`TimeWeighted::average`].
    pub fn average(&self, digits: u8, rounding: RoundingMode) -> Result<Option<Net>, ConvertError> {
        match nanos(self.first.at, self.last.at) {
            0 => Ok(None),
            long => self.between.0.over(2 * long, digits, rounding).map(Some),
        }
    }
}

/// How far a counter goes on that only grows, and begins again at zero where it falls: so it is read by Prometheus' `increase`, without
/// what that guesses of the edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Increase {
    sum: Total,
    resets: u64,
}

impl Step for Increase {
    type Point = Sample;

    fn between(from: &Sample, to: &Sample) -> Result<Self, MergeError> {
        let falls = to.value < from.value;
        let from = if falls { Net::ZERO } else { from.value };
        let sum = Total::times(to.value, 1).plus(Total::times(from.negated(), 1))?;
        Ok(Self { sum, resets: falls.into() })
    }

    fn join(&mut self, other: &Self) -> Result<(), MergeError> {
        let sum = self.sum.plus(other.sum)?;
        let resets = self.resets.checked_add(other.resets).ok_or(MergeError::Overflow)?;
        *self = Self { sum, resets };
        Ok(())
    }
}

/// A counter.
pub type Counter = Chain<Increase>;

impl Counter {
    /// How far it went on.
    ///
    /// # Errors
    /// More than 2¹²⁸.
    pub fn increase(&self) -> Result<Net, ConvertError> {
        self.between.sum.over(1, 0, RoundingMode::HalfEven)
    }

    /// How often it began again.
    #[must_use]
    pub const fn resets(&self) -> u64 {
        self.between.resets
    }

    /// How far it went on in a second, with so many digits more, rounded once. `None` where no time passes.
    ///
    /// # Errors
    /// As [`TimeWeighted::average`].
    pub fn rate(&self, digits: u8, rounding: RoundingMode) -> Result<Option<Net>, ConvertError> {
        let long = nanos(self.first.at, self.last.at);
        if long == 0 {
            return Ok(None);
        }
        let (is_negative, sum) = self.between.sum.net();
        let nanos = sum.checked_mul(crate::time::SECOND.unsigned_abs().into());
        let units = nanos.and_then(|nanos| nanos.to_u128()).ok_or(ConvertError::Overflow)?;
        Total::times(Net::new(is_negative, units), 1).over(long, digits, rounding).map(Some)
    }
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
