//! What falls into classes: how long a state lasted, the most frequent names, a histogram.

use super::chain::{Chain, Step};
use super::{Aggregate, Entry, MergeError};
use crate::rollup::Tally;

/// So many classes at most.
pub const CLASSES: usize = 4_096;

/// Something of a class: a state, a name by its number, the step of a histogram that a number falls into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classified {
    /// When, in nanoseconds since 1970.
    pub at: i64,
    /// Which of those at that instant.
    pub sequence: u64,
    /// The class.
    pub class: u32,
    /// How much, and how often.
    pub tally: Tally,
}

impl Entry for Classified {
    fn key(&self) -> (i64, u64) {
        (self.at, self.sequence)
    }
}

/// How much and how often of each class, exactly. Of the most frequent it is asked by [`Counts::top`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// By class.
    classes: Vec<(u32, Tally)>,
}

impl Counts {
    /// How much and how often of each class, by class.
    #[must_use]
    pub fn classes(&self) -> &[(u32, Tally)] {
        &self.classes
    }

    /// The classes that are the most frequent, the most first; of those that are as frequent, the lower.
    #[must_use]
    pub fn top(&self, count: usize) -> Vec<(u32, Tally)> {
        let mut all = self.classes.clone();
        all.sort_by_key(|(class, tally)| (std::cmp::Reverse((tally.count, tally.amount)), *class));
        all.truncate(count);
        all
    }
}

impl Aggregate for Counts {
    type Entry = Classified;

    fn of(entry: &Classified) -> Self {
        Self { classes: vec![(entry.class, entry.tally)] }
    }

    fn take_in(&mut self, other: &Self) -> Result<(), MergeError> {
        self.classes = merged(&self.classes, &other.classes, Tally::plus)?;
        Ok(())
    }
}

/// The step of a histogram that a number falls into: that of the first bound that it is below; behind all of them, one more.
pub fn step_of<T: Ord>(bounds: &[T], value: &T) -> u32 {
    u32::try_from(bounds.partition_point(|bound| bound <= value)).unwrap_or(u32::MAX)
}

/// How long each state lasted, in nanoseconds: each from its entry to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lasted {
    /// By class.
    states: Vec<(u32, u128)>,
}

impl Step for Lasted {
    type Point = Classified;

    fn between(from: &Classified, to: &Classified) -> Result<Self, MergeError> {
        let long = u128::from(to.at.abs_diff(from.at));
        // The state that begins is among them, so that one too many is refused when it does.
        let states = merged(&[(from.class, long)], &[(to.class, 0)], |one, _| Ok(one))?;
        Ok(Self { states })
    }

    fn join(&mut self, other: &Self) -> Result<(), MergeError> {
        let sum = |one: u128, other| one.checked_add(other).ok_or(MergeError::Overflow);
        self.states = merged(&self.states, &other.states, sum)?;
        Ok(())
    }
}

/// How long each state lasted.
pub type Durations = Chain<Lasted>;

impl Durations {
    /// How long each lasted from the first entry to an instant, by state, in nanoseconds; the last lasts until then.
    #[must_use]
    pub fn until(&self, to: i64) -> Vec<(u32, u128)> {
        let last = self.last();
        let long = u128::try_from(i128::from(to) - i128::from(last.at)).unwrap_or(0);
        let mut all = self.between().states.clone();
        match all.binary_search_by_key(&last.class, |(class, _)| *class) {
            Ok(index) => {
                if let Some((_, own)) = all.get_mut(index) {
                    *own = own.saturating_add(long);
                }
            }
            Err(index) => all.insert(index, (last.class, long)),
        }
        all
    }
}

/// Two lists by class as one.
fn merged<T: Copy>(
    one: &[(u32, T)],
    other: &[(u32, T)],
    sum: impl Fn(T, T) -> Result<T, MergeError>,
) -> Result<Vec<(u32, T)>, MergeError> {
    let mut all = one.to_vec();
    for (class, value) in other {
        match all.binary_search_by_key(class, |(class, _)| *class) {
            Ok(index) => {
                if let Some((_, own)) = all.get_mut(index) {
                    *own = sum(*own, *value)?;
                }
            }
            Err(_) if all.len() >= CLASSES => return Err(MergeError::TooMany),
            Err(index) => all.insert(index, (*class, *value)),
        }
    }
    Ok(all)
}

#[cfg(test)]
#[path = "counts_tests.rs"]
mod tests;
