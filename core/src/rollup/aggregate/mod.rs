//! What a bucket keeps of what falls into it.

mod candle;
mod chain;
mod counts;
mod distinct;
mod ohlcv;
mod sketch;
mod summary;
mod total;

use std::borrow::Borrow;

pub use candle::{Candle, Quote, Taker, Trade, Volume};
pub use chain::{Chain, Counter, Increase, Linear, Sloping, Standing, Step, TimeWeighted};
pub use counts::{CLASSES, Classified, Counts, Durations, Lasted, step_of};
pub use distinct::{Distinct, Named};
pub use ohlcv::{NotBetween, Ohlcv, Rolled};
pub use sketch::Percentiles;
pub use summary::{Sample, Summary};
pub(super) use total::{Total, power_of_ten};

/// Something that happens at an instant, and is told from what else happens then by a sequence.
pub trait Entry: Clone + PartialEq + std::fmt::Debug {
    /// When, in nanoseconds since 1970, and which of those at that instant.
    fn key(&self) -> (i64, u64);
}

/// Entries folded into one value, whose size does not depend on how many they are.
///
/// Folding is associative and commutative: values of parts can be folded in any order, and by several threads, and come to the same.
pub trait Aggregate: Clone {
    /// What is folded.
    type Entry: Entry;

    /// That of one entry.
    fn of(entry: &Self::Entry) -> Self;

    /// With the entries of another.
    ///
    /// # Errors
    /// Sums that cannot be counted, or entries of which it would have to know more. Then nothing is taken in.
    fn take_in(&mut self, other: &Self) -> Result<(), MergeError>;

    /// Whether an entry can be added.
    ///
    /// # Errors
    /// As [`Aggregate::take_in`].
    fn has_room(&self, entry: &Self::Entry) -> Result<(), MergeError> {
        self.clone().add(entry)
    }

    /// With an entry more.
    ///
    /// # Errors
    /// As [`Aggregate::take_in`].
    fn add(&mut self, entry: &Self::Entry) -> Result<(), MergeError> {
        self.take_in(&Self::of(entry))
    }
}

/// What entries come to, in their order; `None` of none.
pub(in crate::rollup) fn fold<A: Aggregate>(
    entries: impl IntoIterator<Item = impl Borrow<A::Entry>>,
) -> Result<Option<A>, MergeError> {
    let mut entries = entries.into_iter();
    let Some(mut sum) = entries.next().map(|entry| A::of(entry.borrow())) else {
        return Ok(None);
    };
    entries.try_for_each(|entry| sum.add(entry.borrow()))?;
    Ok(Some(sum))
}

/// What values of parts come to, in their order; `None` of none.
pub(in crate::rollup) fn merge<'a, A: Aggregate + 'a>(
    mut parts: impl Iterator<Item = &'a A>,
) -> Result<Option<A>, MergeError> {
    let Some(mut sum) = parts.next().cloned() else {
        return Ok(None);
    };
    parts.try_for_each(|part| sum.take_in(part))?;
    Ok(Some(sum))
}

/// Values that cannot be made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// A sum that has no room: 2⁶⁴ entries, 2¹²⁸ units, or 2²⁵⁶ of a product.
    #[error("what falls into a bucket is more than can be counted")]
    Overflow,
    /// More classes than there may be.
    #[error("more than {CLASSES} classes: put what is rare into one")]
    TooMany,
    /// Entries that run into one another, of which it has to be known which follows which.
    #[error(
        "what falls into a bucket came out of order, and is not kept: keep it, so that it can be folded anew"
    )]
    Interleaved,
}
