//! Percentiles of many numbers, of which none is kept: a histogram whose steps grow with what is in them, as HdrHistogram has it.
//!
//! Numbers below 256 are told exactly, others to one part in 256: a step is as long as the 128th part of the power of two that it begins
//! behind, and is told by its middle.

use std::collections::BTreeMap;

use super::{Aggregate, MergeError, Sample};
use crate::money::Net;

/// So many bits of a number are told, the first one aside.
const BITS: u32 = 7;

/// Percentiles.
///
/// ```
/// use thalium::money::Net;
/// use thalium::rollup::{Aggregate, Percentiles, Sample};
///
/// let sample = |at, units| Sample { at, sequence: 0, value: Net::between(units, 0) };
/// let mut latency = Percentiles::of(&sample(0, 1));
/// for n in 2..=100 {
///     latency.add(&sample(n, n.unsigned_abs().into()))?;
/// }
/// assert_eq!(latency.at(990_000), Net::between(99, 0));
/// # Ok::<(), thalium::rollup::MergeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Percentiles {
    least: Net,
    most: Net,
    count: u64,
    /// How many there are in each step.
    steps: BTreeMap<i32, u64>,
}

impl Percentiles {
    /// How many numbers.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The number that so many in a million are not above (the nearest rank, rounded up): 500,000 is the median. The first and the last
    /// are exact.
    #[must_use]
    pub fn at(&self, millionths: u32) -> Net {
        let part = u128::from(self.count) * u128::from(millionths.min(1_000_000));
        let rank = part.div_ceil(1_000_000).max(1);
        if rank >= self.count.into() {
            return self.most;
        }
        if rank == 1 {
            return self.least;
        }
        let mut seen = 0;
        for (step, count) in &self.steps {
            seen += u128::from(*count);
            if seen >= rank {
                return middle(*step).clamp(self.least, self.most);
            }
        }
        self.most
    }
}

impl Aggregate for Percentiles {
    type Entry = Sample;

    fn of(sample: &Sample) -> Self {
        let steps = BTreeMap::from([(step(sample.value), 1)]);
        Self { least: sample.value, most: sample.value, count: 1, steps }
    }

    fn take_in(&mut self, other: &Self) -> Result<(), MergeError> {
        // INVARIANT: a step has no more than all.
        self.count = self.count.checked_add(other.count).ok_or(MergeError::Overflow)?;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        for (step, count) in &other.steps {
            *self.steps.entry(*step).or_default() += count;
        }
        Ok(())
    }

    fn has_room(&self, _: &Sample) -> Result<(), MergeError> {
        self.count.checked_add(1).map(|_| ()).ok_or(MergeError::Overflow)
    }
}

/// The step of a number, in order.
// INVARIANT: there are fewer than 2¹⁴ on either side.
fn step(value: Net) -> i32 {
    let magnitude = value.magnitude();
    // What is left of the number without the bits that are told.
    let shift = (u128::BITS - magnitude.leading_zeros()).saturating_sub(BITS + 1);
    let within = u32::try_from(magnitude >> shift).unwrap_or(0);
    let step = i32::try_from((shift << BITS) + within).unwrap_or(i32::MAX);
    if value.is_negative() { -step } else { step }
}

/// The number in the middle of a step.
fn middle(step: i32) -> Net {
    let place = step.unsigned_abs();
    let shift = (place >> BITS).saturating_sub(1);
    let within = u128::from(place - (shift << BITS));
    let half = (1_u128 << shift) >> 1;
    Net::new(step < 0, (within << shift) | half)
}

#[cfg(test)]
#[path = "sketch_tests.rs"]
mod tests;
