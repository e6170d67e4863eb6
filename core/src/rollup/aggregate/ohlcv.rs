//! Bars that were made elsewhere, rolled up into wider ones.

use super::{Aggregate, Entry, MergeError};
use crate::money::Amount;

/// A bar that was made elsewhere: open, high, low, close and volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ohlcv {
    at: i64,
    sequence: u64,
    open: Amount,
    high: Amount,
    low: Amount,
    close: Amount,
    volume: Amount,
}

/// A bar whose prices contradict one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("open and close are not between low and high: look whether columns are mixed up")]
pub struct NotBetween;

impl Ohlcv {
    /// One that begins at an instant, with prices and a volume in smallest units. A second one of the same time, as a correction has it,
    /// takes the next `sequence`.
    ///
    /// # Errors
    /// An open or a close that is not between the low and the high.
    pub fn new(
        (at, sequence): (i64, u64),
        [open, high, low, close]: [Amount; 4],
        volume: Amount,
    ) -> Result<Self, NotBetween> {
        if low <= open.min(close) && open.max(close) <= high {
            Ok(Self { at, sequence, open, high, low, close, volume })
        } else {
            Err(NotBetween)
        }
    }
}

impl Entry for Ohlcv {
    fn key(&self) -> (i64, u64) {
        (self.at, self.sequence)
    }
}

/// Bars rolled up: the open of the earliest, the close of the latest, the highest, the lowest, and what was traded in all of them.
///
/// ```
/// use thalium::money::Amount;
/// use thalium::rollup::{Aggregate, Ohlcv, Rolled};
///
/// let bar = |at, prices: [u128; 4]| {
///     Ohlcv::new((at, 0), prices.map(Amount::from_units), Amount::from_units(10))
/// };
/// let mut hour = Rolled::of(&bar(60, [101, 105, 101, 103])?);
/// hour.add(&bar(0, [100, 102, 99, 101])?)?;
/// assert_eq!(hour.prices(), [100, 105, 99, 103].map(Amount::from_units));
/// assert_eq!(hour.volume(), Amount::from_units(20));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rolled {
    first: (i64, u64),
    last: (i64, u64),
    open: Amount,
    high: Amount,
    low: Amount,
    close: Amount,
    volume: Amount,
    bars: u64,
}

impl Rolled {
    /// Open, high, low and close.
    #[must_use]
    pub const fn prices(&self) -> [Amount; 4] {
        [self.open, self.high, self.low, self.close]
    }

    /// What was traded.
    #[must_use]
    pub const fn volume(&self) -> Amount {
        self.volume
    }

    /// How many bars.
    #[must_use]
    pub const fn bars(&self) -> u64 {
        self.bars
    }
}

impl Aggregate for Rolled {
    type Entry = Ohlcv;

    fn of(bar: &Ohlcv) -> Self {
        let Ohlcv { open, high, low, close, volume, .. } = *bar;
        Self { first: bar.key(), last: bar.key(), open, high, low, close, volume, bars: 1 }
    }

    fn take_in(&mut self, other: &Self) -> Result<(), MergeError> {
        let volume = self.volume.checked_add(other.volume).ok_or(MergeError::Overflow)?;
        self.bars = self.bars.checked_add(other.bars).ok_or(MergeError::Overflow)?;
        self.volume = volume;
        if other.first < self.first {
            (self.first, self.open) = (other.first, other.open);
        }
        if other.last > self.last {
            (self.last, self.close) = (other.last, other.close);
        }
        self.high = self.high.max(other.high);
        self.low = self.low.min(other.low);
        Ok(())
    }
}

#[cfg(test)]
#[path = "ohlcv_tests.rs"]
mod tests;
