//! Sliding windows: how much of something there was in the last 24 hours, at any instant, for limits.
//!
//! A window of a width W that ends at an instant u holds what was after u − W, up to u. What was added is kept in slots of a sixty-fourth
//! of the width, or exactly, each entry in a slot of its own, up to a declared number of them. A slot counts as long as any instant of it
//! is in the window: so a window is never lenient, and holds an entry for a slot too long at most.

use std::collections::VecDeque;

use super::width::CENTURY;
use super::{MergeError, Tally};

/// A width is cut into so many slots.
const SLOTS: i64 = 64;
/// So many entries at most are kept exactly.
pub const EXACT: usize = 1_024;

/// How long a window is, and how exactly it is known what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    width: i64,
    /// How long a slot is.
    slot: i64,
    /// How many slots are kept at most.
    cap: usize,
}

/// A window that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// Too short, or too long.
    #[error("a window of {width} ns: one is from 64 ns to a hundred years long")]
    Width {
        /// How long.
        width: i64,
    },
    /// No entry, or too many.
    #[error("{cap} exact entries: a window keeps from 1 to {EXACT} of them")]
    Cap {
        /// How many.
        cap: usize,
    },
}

impl Window {
    /// One that holds what was added for at most a sixty-fourth of its width too long. It keeps up to 130 slots, however much is added.
    ///
    /// # Errors
    /// Less than 64 nanoseconds, or more than a hundred years.
    pub const fn new(width: i64) -> Result<Self, WindowError> {
        match Self::checked(width) {
            // What is no multiple of it is rounded up: a slot is too long rather than too short.
            Ok(width) => Ok(Self { width, slot: (width + SLOTS - 1) / SLOTS, cap: usize::MAX }),
            Err(error) => Err(error),
        }
    }

    /// One that is exact to the nanosecond, of at most so many entries in twice its width: more are refused.
    ///
    /// # Errors
    /// As [`Window::new`]; no entry, or more than [`EXACT`].
    pub const fn exact(width: i64, cap: usize) -> Result<Self, WindowError> {
        if cap == 0 || cap > EXACT {
            return Err(WindowError::Cap { cap });
        }
        match Self::checked(width) {
            Ok(width) => Ok(Self { width, slot: 1, cap }),
            Err(error) => Err(error),
        }
    }

    const fn checked(width: i64) -> Result<i64, WindowError> {
        if width < SLOTS || width > CENTURY { Err(WindowError::Width { width }) } else { Ok(width) }
    }

    /// How long it is, in nanoseconds.
    #[must_use]
    pub const fn width(&self) -> i64 {
        self.width
    }

    /// The number of the slot that an instant is in.
    const fn slot(&self, at: i64) -> i64 {
        at.div_euclid(self.slot)
    }

    /// What ended by then is out of a window that ends at an instant.
    fn out(&self, at: i64) -> i64 {
        at.saturating_sub(self.width)
    }

    /// What ended by then is not kept where a window ends at an instant.
    fn kept(&self, at: i64) -> i64 {
        self.out(at).saturating_sub(self.width)
    }

    /// The last instant of a slot.
    fn last(&self, slot: i64) -> i64 {
        // The last slot there is ends behind all instants.
        slot.saturating_add(1).saturating_mul(self.slot).saturating_sub(1)
    }
}

/// Why something cannot be added, or judged. Then nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlidingError {
    /// Before what is kept.
    #[error("is too long ago: what was by {by} cannot be judged any more")]
    TooOld {
        /// What was by then cannot be.
        by: i64,
    },
    /// An exact window has as many entries as it may have.
    #[error("the window has its {cap} entries: wait until they are out of it, or declare more")]
    Full {
        /// How many.
        cap: usize,
    },
    /// Sums that cannot be counted.
    #[error(transparent)]
    Merge(#[from] MergeError),
}

/// What was added under a key, as far as a window needs it.
///
/// ```
/// use thalium::money::Amount;
/// use thalium::rollup::{Sliding, Tally, Window};
///
/// let hour = 3_600_000_000_000;
/// let day = Window::new(24 * hour)?;
/// let mut withdrawn = Sliding::default();
/// withdrawn.add(&day, 0, Tally::once(Amount::from_units(600)))?;
/// let next = Tally::once(Amount::from_units(500));
/// // With the next it would be 1,100 within 24 hours; the day after it is 500.
/// assert_eq!(withdrawn.with(&day, 23 * hour, next)?.amount, Amount::from_units(1_100));
/// assert_eq!(withdrawn.with(&day, 25 * hour, next)?, next);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sliding {
    /// By time. They reach back for two widths, so that windows can be told that ended within the last.
    slots: VecDeque<(i64, Tally)>,
    /// The newest instant.
    newest: i64,
    /// What the window holds that ends then: all but so many slots from the first.
    sum: Tally,
    out: usize,
    /// When the next slot is out, and when the first is dropped: so that these are not looked at before.
    leaves: i64,
    drops: i64,
}

impl Sliding {
    /// The most that any window holds which an entry would be in, with that entry. It is this that a limit is compared with.
    ///
    /// # Errors
    /// An entry that cannot be judged, since it is a width behind the newest; a sum that cannot be counted.
    pub fn with(&self, window: &Window, at: i64, entry: Tally) -> Result<Tally, SlidingError> {
        if self.is_newest(at) {
            return Ok(self.held(window, at).1.plus(entry)?);
        }
        if at <= window.out(self.newest) {
            return Err(SlidingError::TooOld { by: window.out(self.newest) });
        }
        // A window holds most when it ends with an entry: so it is the most of those that end with one that is in reach.
        let slot = window.slot(at);
        let own = self.slots.partition_point(|(other, _)| *other <= slot);
        let mut most = Tally::default();
        let mut sum = Tally::default();
        let mut first = 0;
        for (index, (end, spent)) in self.slots.iter().enumerate() {
            sum = sum.plus(*spent)?;
            // The entry itself ends a window, also where its slot is empty.
            let is_own = index + 1 == own;
            let end = if is_own { slot } else { *end };
            let begin = end.saturating_mul(window.slot);
            if begin.saturating_sub(at) >= window.width {
                break;
            }
            while let Some((other, spent)) = self.slots.get(first)
                && window.last(*other) <= window.out(begin)
                && first <= index
            {
                sum = sum.minus(*spent);
                first += 1;
            }
            if is_own || end > slot {
                most = most.most(sum);
            }
        }
        Ok(most.plus(entry)?)
    }

    /// Adds an entry, whatever a limit says.
    ///
    /// # Errors
    /// As [`Sliding::with`], and an exact window that is full.
    pub fn add(&mut self, window: &Window, at: i64, entry: Tally) -> Result<(), SlidingError> {
        let most = self.with(window, at, entry)?;
        let slot = window.slot(at);
        let is_newest = self.is_newest(at);
        let newest = if is_newest { at } else { self.newest };
        let kept = window.kept(newest);
        let is_old = |(slot, _): &&(i64, Tally)| window.last(*slot) <= kept;
        let dropped = match newest >= self.drops {
            true => self.slots.iter().take_while(is_old).count(),
            false => 0,
        };
        let place = match self.slots.back() {
            Some((last, _)) if *last < slot => Err(self.slots.len()),
            _ => self.slots.binary_search_by_key(&slot, |(slot, _)| *slot),
        };
        if place.is_err() && self.slots.len() - dropped >= window.cap {
            return Err(SlidingError::Full { cap: window.cap });
        }
        // INVARIANT: what a slot holds is a part of a window that could be counted.
        if is_newest {
            (self.out, self.sum, self.newest) = (self.held(window, at).0, most, at);
        } else if window.last(slot) > window.out(newest) {
            self.sum = self.sum.plus(entry)?;
        } else {
            self.out += usize::from(place.is_err());
        }
        match place {
            Ok(index) => {
                if let Some((_, own)) = self.slots.get_mut(index) {
                    *own = own.plus(entry)?;
                }
            }
            Err(index) => self.slots.insert(index, (slot, entry)),
        }
        if dropped > 0 {
            self.slots.drain(..dropped);
            self.out = self.out.saturating_sub(dropped);
        }
        if dropped > 0 || !is_newest || newest >= self.leaves || self.slots.len() == 1 {
            let last =
                |index| self.slots.get(index).map_or(i64::MAX, |(slot, _)| window.last(*slot));
            self.leaves = last(self.out).saturating_add(window.width);
            self.drops = last(0).saturating_add(window.width).saturating_add(window.width);
        }
        Ok(())
    }

    fn is_newest(&self, at: i64) -> bool {
        self.slots.is_empty() || at >= self.newest
    }

    /// How many slots are out of the window that ends at an instant which is not before the newest, and what that holds.
    fn held(&self, window: &Window, at: i64) -> (usize, Tally) {
        let (mut out, mut sum) = (self.out, self.sum);
        if at < self.leaves {
            return (out, sum);
        }
        while let Some((slot, spent)) = self.slots.get(out)
            && window.last(*slot) <= window.out(at)
        {
            sum = sum.minus(*spent);
            out += 1;
        }
        (out, sum)
    }
}

#[cfg(test)]
#[path = "sliding_tests.rs"]
mod tests;
