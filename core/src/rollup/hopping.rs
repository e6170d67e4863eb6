//! Hopping windows: what there was in each four hours, every hour.
//!
//! A window is so many panes that follow one another, each as long as a hop. An entry is folded once, into its pane, and a window is what
//! its panes come to. Two stacks tell that as a queue, so that nothing has to be taken out of a sum again, and each pane is merged a few
//! times, in however many windows it is.

use std::collections::{BTreeMap, btree_map};
use std::iter::Peekable;
use std::ops::Range;
use std::sync::Arc;

use super::width::Kind;
use super::{Aggregate, Calendar, Entry, MergeError, OutOfRange, Width};

/// A window has at most so many panes.
pub const PANES: usize = 1_024;

/// How long windows are, and how often one begins.
///
/// ```
/// use thalium::rollup::{Calendar, Hops};
///
/// let days = Calendar::new("1d".parse()?).in_zone("Europe/Berlin".parse()?);
/// assert_eq!(Hops::new(days.clone(), "1w".parse()?)?.panes(), 7);
/// assert!(Hops::new(days, "36h".parse()?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hops {
    calendar: Calendar,
    panes: usize,
}

/// Windows that are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HopsError {
    /// Not so many hops.
    #[error(
        "a window of {size} every {hop}: give a size that is a multiple of the hop, both as lengths or both as months"
    )]
    NotMultiple {
        /// How long a window is.
        size: Width,
        /// How long a hop is.
        hop: Width,
    },
    /// Too many hops.
    #[error("a window of {size} every {hop} is {panes} hops long: give up to {PANES}")]
    TooMany {
        /// How long a window is.
        size: Width,
        /// How long a hop is.
        hop: Width,
        /// How many hops that is.
        panes: i64,
    },
}

impl Hops {
    /// A window with every bucket of a calendar, of a size that is so many of them: where clocks are put back, seven days are an hour
    /// longer.
    ///
    /// # Errors
    /// A size that is no multiple of the calendar's width, or more than [`PANES`] of it.
    pub fn new(hop: Calendar, size: Width) -> Result<Self, HopsError> {
        let width = hop.width();
        let panes = match (width.kind(), size.kind()) {
            (Kind::Fixed(own), Kind::Fixed(wide)) if wide % own == 0 => wide / own,
            (Kind::Months(own), Kind::Months(wide)) if wide % own == 0 => (wide / own).into(),
            _ => return Err(HopsError::NotMultiple { size, hop: width }),
        };
        match usize::try_from(panes) {
            Ok(panes) if panes <= PANES => Ok(Self { calendar: hop, panes }),
            _ => Err(HopsError::TooMany { size, hop: width, panes }),
        }
    }

    /// How many hops a window is long.
    #[must_use]
    pub const fn panes(&self) -> usize {
        self.panes
    }
}

/// What there was in a window.
///
/// ```
/// use thalium::rollup::Windowed;
///
/// let window = Windowed { start: 0, end: 60, value: "so much" };
/// assert_eq!(window.end - window.start, 60);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windowed<A> {
    /// When it begins.
    pub start: i64,
    /// When it ends: that instant is not in it.
    pub end: i64,
    /// What happened in it.
    pub value: A,
}

/// Why an entry is not taken. Then nothing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoppingError {
    /// Its pane was dropped.
    #[error("is too long ago: what ended by {before} was dropped")]
    Expired {
        /// What ended by then is not there.
        before: i64,
    },
    /// An instant out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Sums that cannot be counted.
    #[error(transparent)]
    Merge(#[from] MergeError),
}

/// Entries in hopping windows, in whatever order they come.
///
/// ```
/// use std::sync::Arc;
/// use thalium::money::Net;
/// use thalium::rollup::{Calendar, Hopping, Hops, Sample, Summary};
///
/// let hour = 3_600_000_000_000;
/// let hops = Hops::new(Calendar::new("1h".parse()?), "4h".parse()?)?;
/// let mut hopping: Hopping<Summary> = Hopping::new(Arc::new(hops));
/// for at in [hour, 9 * hour, 0] {
///     hopping.add(&Sample { at, sequence: 0, value: Net::between(5, 0) })?;
/// }
/// let windows = hopping.windows(0..10 * hour).collect::<Result<Vec<_>, _>>()?;
/// let counts: Vec<_> = windows.iter().map(|window| (window.start / hour, window.value.count())).collect();
/// assert_eq!(counts, [(0, 2), (1, 1), (6, 1), (7, 1), (8, 1), (9, 1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Hopping<A> {
    hops: Arc<Hops>,
    /// By when they begin: those in which something has happened.
    panes: BTreeMap<i64, Pane<A>>,
    /// What ended by then is dropped.
    before: i64,
}

#[derive(Clone, Debug)]
struct Pane<A> {
    end: i64,
    value: A,
}

impl<A: Aggregate> Hopping<A> {
    /// One in which nothing has happened.
    #[must_use]
    pub const fn new(hops: Arc<Hops>) -> Self {
        Self { hops, panes: BTreeMap::new(), before: i64::MIN }
    }

    /// Adds an entry, also one that is late: as long as its pane was not dropped, it counts in all windows that it is in.
    ///
    /// # Errors
    /// Its pane was dropped, an instant that is out of range, a sum that cannot be counted.
    pub fn add(&mut self, entry: &A::Entry) -> Result<(), HoppingError> {
        let (at, _) = entry.key();
        if let Some((_, pane)) = self.panes.range_mut(..=at).next_back()
            && (at < pane.end || pane.end == i64::MAX)
        {
            pane.value.add(entry)?;
            return Ok(());
        }
        let start = self.hops.calendar.start(at)?;
        let end = self.end_of(at);
        if end <= self.before {
            return Err(HoppingError::Expired { before: self.before });
        }
        self.panes.insert(start, Pane { end, value: A::of(entry) });
        Ok(())
    }

    /// The windows that begin in a range of instants, by time, but those in which nothing has happened, and those that hold a time that
    /// is dropped. One whose sum cannot be counted is an error, and those behind it are told all the same.
    pub fn windows(
        &self,
        range: Range<i64>,
    ) -> impl Iterator<Item = Result<Windowed<A>, MergeError>> {
        Windows {
            hopping: self,
            panes: self.panes.range(range.start..).peekable(),
            until: range.end,
            start: range.start,
            end: range.start,
            queue: Queue::new(),
        }
    }

    /// Drops what ended by an instant; gives how many panes. What comes later for that time is refused.
    pub fn expire(&mut self, before: i64) -> usize {
        self.before = self.before.max(before);
        let mut dropped = 0;
        while let Some(pane) = self.panes.first_entry()
            && pane.get().end <= self.before
        {
            pane.remove();
            dropped += 1;
        }
        dropped
    }

    /// When the pane ends that an instant is in. The last that there is ends behind all instants.
    fn end_of(&self, at: i64) -> i64 {
        self.hops.calendar.end(at).unwrap_or(i64::MAX)
    }

    /// When the first window begins that holds a pane, of those that begin at an instant or later and hold nothing that is dropped.
    fn first_holding(&self, pane: i64, from: i64) -> i64 {
        let mut start = pane;
        for _ in 1..self.hops.panes {
            let before = start.checked_sub(1).and_then(|at| self.hops.calendar.start(at).ok());
            match before {
                // What is before it ends where it begins.
                Some(before) if before >= from && start > self.before => start = before,
                _ => break,
            }
        }
        start
    }
}

/// The windows of a range, one after another.
struct Windows<'a, A> {
    hopping: &'a Hopping<A>,
    /// Those that were in no window yet.
    panes: Peekable<btree_map::Range<'a, i64, Pane<A>>>,
    until: i64,
    /// When the next window begins, and ends. Where nothing is in it, that is not before the next.
    start: i64,
    end: i64,
    queue: Queue<'a, A>,
}

impl<A: Aggregate> Windows<'_, A> {
    /// Goes on to the first window that holds a pane.
    fn skip_to(&mut self, pane: i64) {
        let hopping = self.hopping;
        self.start = hopping.first_holding(pane, self.start);
        self.end = (0..hopping.hops.panes).fold(self.start, |end, _| hopping.end_of(end));
    }
}

impl<A: Aggregate> Iterator for Windows<'_, A> {
    type Item = Result<Windowed<A>, MergeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.queue.is_empty() {
            let (next, _) = *self.panes.peek()?;
            self.skip_to(*next);
        }
        if self.start >= self.until {
            return None;
        }
        let (start, end) = (self.start, self.end);
        let is_in = |begins: i64| begins < end || end == i64::MAX;
        while let Some((begins, pane)) = self.panes.next_if(|(begins, _)| is_in(**begins)) {
            self.queue.push(*begins, &pane.value);
        }
        let sum = self.queue.sum()?;
        self.start = self.hopping.end_of(start);
        self.end = self.hopping.end_of(end);
        self.queue.drop_before(self.start);
        Some(sum.map(|value| Windowed { start, end, value }))
    }
}

/// Values that come at one end and go at the other, by time, and what those come to that are there.
// INVARIANT: a sum that has no room for a part has none for the whole: so an error of some is one of every window that holds them.
struct Queue<'a, A> {
    /// The oldest last, each with what all come to from it on to the newest of these.
    older: Vec<(i64, Result<A, MergeError>)>,
    /// The oldest first.
    newer: Vec<(i64, &'a A)>,
    /// What the newer ones come to.
    sum: Option<Result<A, MergeError>>,
}

impl<'a, A: Aggregate> Queue<'a, A> {
    const fn new() -> Self {
        Self { older: Vec::new(), newer: Vec::new(), sum: None }
    }

    const fn is_empty(&self) -> bool {
        self.older.is_empty() && self.newer.is_empty()
    }

    fn push(&mut self, at: i64, value: &'a A) {
        self.newer.push((at, value));
        self.sum = Some(match self.sum.take() {
            Some(sum) => sum.and_then(|sum| joined(sum, value)),
            None => Ok(value.clone()),
        });
    }

    fn drop_before(&mut self, start: i64) {
        while self.older.pop_if(|(at, _)| *at < start).is_some() {}
        let is_out = self.newer.first().is_some_and(|(at, _)| *at < start);
        if !self.older.is_empty() || !is_out {
            return;
        }
        // Each is turned over once.
        self.sum = None;
        for (at, value) in self.newer.drain(..).rev().take_while(|(at, _)| *at >= start) {
            let sum = match self.older.last() {
                Some((_, Ok(later))) => joined(value.clone(), later),
                Some((_, Err(error))) => Err(*error),
                None => Ok(value.clone()),
            };
            self.older.push((at, sum));
        }
    }

    /// What all come to; `None` of none.
    fn sum(&self) -> Option<Result<A, MergeError>> {
        match (self.older.last(), &self.sum) {
            (Some((_, Ok(older))), Some(Ok(newer))) => Some(joined(older.clone(), newer)),
            (Some((_, Err(error))), _) | (_, Some(Err(error))) => Some(Err(*error)),
            (Some((_, Ok(one))), None) | (None, Some(Ok(one))) => Some(Ok(one.clone())),
            (None, None) => None,
        }
    }
}

fn joined<A: Aggregate>(mut earlier: A, later: &A) -> Result<A, MergeError> {
    earlier.take_in(later)?;
    Ok(earlier)
}

#[cfg(test)]
#[path = "hopping_tests.rs"]
mod tests;
