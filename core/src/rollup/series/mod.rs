//! A series: what happens, folded into buckets of several levels at once, with what is late, corrected and taken back.
//!
//! A bucket is open until the watermark has passed its end: the newest instant that was seen, less a delay. What changes one that is
//! closed is late, and is taken in, or refused and recorded, as was agreed: nothing is dropped in silence, and every change of a closed
//! bucket has a number.

mod image;
mod kept;
mod level;
mod rules;
mod undo;

use std::collections::VecDeque;
use std::sync::Arc;

use self::kept::Kept;
use self::level::{Level, Slot, is_within};
pub use self::rules::{Added, Bucket, Cause, Change, Late, Refusal, Rules};
use self::undo::Undo;
use super::aggregate::merge;
use super::{Aggregate, Entry, MergeError};

/// A series.
///
/// ```
/// use std::sync::Arc;
/// use thalium::money::Amount;
/// use thalium::rollup::{Calendar, Candle, Hierarchy, Late, Rules, Series, Trade};
///
/// let (second, minute) = (1_000_000_000, 60_000_000_000);
/// let levels = Hierarchy::new(vec![Calendar::new("1m".parse()?), Calendar::new("5m".parse()?)])?;
/// let rules = Rules { levels, delay: 10 * second, late: Late::Correct { horizon: 60 * minute } };
/// let mut series: Series<Candle> = Series::new(Arc::new(rules));
/// let trade = |at, price| Trade {
///     at,
///     sequence: 1,
///     price: Amount::from_units(price),
///     quantity: Amount::from_units(1),
///     taker: None,
/// };
/// series.add(&trade(30 * second, 100))?;
/// series.add(&trade(90 * second, 70))?;
/// // What is late makes a revision of the minute that was closed; what is taken back, the next.
/// series.add(&trade(31 * second, 120))?;
/// series.remove((30 * second, 1))?;
/// let minutes: Vec<_> = series.buckets(0, 0..minute).collect();
/// assert_eq!((minutes[0].revision, minutes[0].value.as_ref().unwrap().first().price), (2, Amount::from_units(120)));
/// assert_eq!(series.buckets(1, 0..minute).next().unwrap().value.as_ref().unwrap().low().price, Amount::from_units(70));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Series<A: Aggregate> {
    rules: Arc<Rules>,
    levels: Vec<Level<A>>,
    /// Of each bucket of the finest level whose entries are kept when it begins and ends, and what they are.
    kept: VecDeque<(i64, i64, Kept<A>)>,
    /// What ended by then is closed.
    watermark: i64,
    changes: Vec<Change>,
    /// Where an entry falls in each level: here so that nothing is allocated for it.
    slots: Vec<Slot>,
    /// What was there before, while several changes are one.
    undo: Option<Undo<A>>,
    /// How often such changes were begun.
    begun: u64,
}

impl<A: Aggregate> Series<A> {
    /// One in which nothing has happened.
    #[must_use]
    pub fn new(rules: Arc<Rules>) -> Self {
        let levels = vec![Level::EMPTY; rules.levels.calendars().len()];
        Self {
            rules,
            levels,
            kept: VecDeque::new(),
            watermark: i64::MIN,
            changes: Vec::new(),
            slots: Vec::new(),
            undo: None,
            begun: 0,
        }
    }

    /// Adds what has happened. The same twice counts once, where entries are kept.
    ///
    /// # Errors
    /// It is later than is agreed, another has its instant and sequence, or sums are too large. Then nothing has changed, but that the
    /// refusal is recorded.
    pub fn add(&mut self, entry: &A::Entry) -> Result<Added, Refusal> {
        self.recorded(entry.key(), |series| series.added(entry))
    }

    /// Puts an entry in the place of that which has its instant and sequence; gives what that was.
    ///
    /// # Errors
    /// As [`Series::add`]; none has them, or entries are not kept.
    pub fn correct(&mut self, entry: &A::Entry) -> Result<A::Entry, Refusal> {
        self.recorded(entry.key(), |series| series.replaced(entry.key(), Some(entry)))
    }

    /// Takes an entry back; gives what it was.
    ///
    /// # Errors
    /// None has the instant and sequence, entries are not kept, or not any more.
    pub fn remove(&mut self, key: (i64, u64)) -> Result<A::Entry, Refusal> {
        self.recorded(key, |series| series.replaced(key, None))
    }

    /// Lets time pass, so that buckets close in which nothing happens any more.
    pub fn advance(&mut self, now: i64) {
        let watermark = now.saturating_sub(self.rules.delay);
        if watermark <= self.watermark {
            return;
        }
        self.watermark = watermark;
        for (index, level) in self.levels.iter_mut().enumerate() {
            while let Some(bucket) = level.buckets.get(level.closed)
                && bucket.end <= watermark
            {
                self.changes.push(Change::Closed { level: index, start: bucket.start });
                level.closed += 1;
            }
        }
        if self.undo.is_none() {
            self.forget();
        }
    }

    /// Drops the entries that are not needed any more.
    fn forget(&mut self) {
        let closed = self.closed();
        while self.kept.front().is_some_and(|(_, end, _)| *end <= closed) {
            self.kept.pop_front();
        }
    }

    /// What ended by then is closed: changes of it are revisions.
    #[must_use]
    pub const fn watermark(&self) -> i64 {
        self.watermark
    }

    /// The buckets of a level that begin in a range of instants, by time, also those of which all was taken back.
    pub fn buckets(
        &self,
        level: usize,
        range: std::ops::Range<i64>,
    ) -> impl DoubleEndedIterator<Item = &Bucket<A>> {
        self.levels
            .get(level)
            .into_iter()
            .flat_map(move |level| level.range(range.start, range.end))
    }

    /// Drops the buckets of a level that ended by an instant, but those that are needed to change what is made of them; gives how many.
    /// What coarser levels have of them stays.
    pub fn expire(&mut self, level: usize, by: i64) -> usize {
        let closed = self.closed();
        let levels = self.rules.levels.calendars().iter().enumerate();
        let made = levels.filter(|(made, _)| self.rules.levels.source(*made) == Some(level));
        let needed = made.map(|(_, calendar)| calendar.start(closed).unwrap_or(i64::MIN)).min();
        let by = by.min(closed).min(needed.unwrap_or(i64::MAX));
        let level = self.levels.get_mut(level).filter(|_| self.undo.is_none());
        level.map_or(0, |level| level.expire(by))
    }

    /// What has changed since this was asked last, in order.
    pub fn take_changes(&mut self) -> impl Iterator<Item = Change> {
        // What may be undone yet is not told.
        let told = match &mut self.undo {
            Some(undo) => undo.take_told(),
            None => self.changes.len(),
        };
        self.changes.drain(..told)
    }

    /// What ended by then is not changed any more.
    fn closed(&self) -> i64 {
        self.watermark.saturating_sub(self.rules.late.horizon())
    }

    fn recorded<T>(
        &mut self,
        key: (i64, u64),
        work: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let done = work(self);
        if let Err(why) = done {
            self.changes.push(Change::Refused { key, why });
        }
        done
    }

    fn added(&mut self, entry: &A::Entry) -> Result<Added, Refusal> {
        let key = entry.key();
        let base = self.find(key.0)?;
        let is_kept = self.rules.late.is_kept();
        if is_kept && let Some(own) = self.kept(key.0).and_then(|kept| kept.get(key)) {
            return if own == entry { Ok(Added::Again) } else { Err(Refusal::Differs) };
        }
        let values = self.levels.iter().zip(&self.slots);
        let mut values = values.filter_map(|(level, slot)| level.get(*slot)?.value.as_ref());
        match values.try_for_each(|value| value.has_room(entry)) {
            Ok(()) => {
                if is_kept {
                    self.keep(base, entry)?;
                }
                for index in 0..self.levels.len() {
                    self.change(index, Cause::Late, |value| match value {
                        // INVARIANT: it was asked whether there is room.
                        Some(value) => drop(value.add(entry)),
                        None => *value = Some(A::of(entry)),
                    });
                }
            }
            // What follows what is known where all is kept.
            Err(MergeError::Interleaved) if is_kept => {
                self.keep(base, entry)?;
                let folded = self.fold(key.0);
                if folded.is_err() {
                    self.unkeep(base, key);
                }
                self.write(folded?, Cause::Late);
            }
            Err(error) => return Err(error.into()),
        }
        self.advance(key.0);
        Ok(Added::New)
    }

    /// Takes an entry out, and puts another in where it stood.
    fn replaced(&mut self, key: (i64, u64), with: Option<&A::Entry>) -> Result<A::Entry, Refusal> {
        if !self.rules.late.is_kept() {
            return Err(Refusal::NotKept);
        }
        let base = self.find(key.0)?;
        let old = self.unkeep(base, key).ok_or(Refusal::NotFound)?;
        let put = with.map_or(Ok(()), |entry| self.keep(base, entry));
        let folded = match put.and_then(|()| self.fold(key.0)) {
            Ok(folded) => folded,
            Err(error) => {
                self.unkeep(base, key);
                // INVARIANT: what was there has room.
                let _kept = self.keep(base, &old);
                return Err(error.into());
            }
        };
        let cause = if with.is_some() { Cause::Corrected } else { Cause::Removed };
        self.write(folded, cause);
        Ok(old)
    }

    /// Finds the buckets that an instant falls into; gives when that of the finest level begins and ends.
    fn find(&mut self, at: i64) -> Result<(i64, i64), Refusal> {
        let closed = self.closed();
        let mut base = None;
        self.slots.clear();
        for (level, calendar) in self.levels.iter().zip(self.rules.levels.calendars()) {
            let slot = level.slot(calendar, at)?;
            let (start, end) = (slot.start, slot.end);
            // Where it is before what is dropped, it is late too, but that says less.
            if at < level.before {
                return Err(Refusal::Expired { before: level.before });
            }
            if base.is_none() && end <= closed {
                return Err(Refusal::Late { end, closed });
            }
            base = base.or(Some((start, end)));
            self.slots.push(slot);
        }
        Ok(base.unwrap_or((at, at)))
    }

    /// What the buckets come to that an instant falls into: the finest of its entries, each other of the buckets of its source.
    fn fold(&self, at: i64) -> Result<Vec<Option<A>>, MergeError> {
        let mut folded: Vec<Option<A>> = Vec::with_capacity(self.levels.len());
        for index in 0..self.levels.len() {
            let value = match self.rules.levels.source(index) {
                None => self.kept(at).map_or(Ok(None), Kept::sum)?,
                Some(source) => {
                    let changed = folded.get(source).and_then(Option::as_ref);
                    self.made_of(source, changed, index)?
                }
            };
            folded.push(value);
        }
        Ok(folded)
    }

    /// What the bucket of a level comes to that is made of another's, of which one has changed.
    fn made_of(
        &self,
        source: usize,
        changed: Option<&A>,
        level: usize,
    ) -> Result<Option<A>, MergeError> {
        let bounds = |level: usize| self.slots.get(level).map(|slot| (slot.start, slot.end));
        let (Some(own), Some(part), Some(finer)) =
            (bounds(level), bounds(source), self.levels.get(source))
        else {
            return Ok(None);
        };
        // In order, since it may depend on what follows what.
        let before = finer.range(own.0, part.0).iter().filter_map(|part| part.value.as_ref());
        let after = finer.range(part.1, own.1).iter().filter_map(|part| part.value.as_ref());
        merge(before.chain(changed).chain(after))
    }

    /// Writes what was folded into the buckets that were found.
    fn write(&mut self, folded: Vec<Option<A>>, cause: Cause) {
        for (index, next) in folded.into_iter().enumerate() {
            self.change(index, cause, |value| *value = next);
        }
    }

    /// Changes the bucket of a level that was found.
    fn change(&mut self, index: usize, cause: Cause, work: impl FnOnce(&mut Option<A>)) {
        let (Some(level), Some(slot)) = (self.levels.get_mut(index), self.slots.get(index)) else {
            return;
        };
        if let Some(undo) = &mut self.undo {
            if !slot.is_there {
                undo.made(index, slot.start);
            } else if let Some(was) = level.mark(*slot, self.begun) {
                undo.changed(index, was.clone());
            }
        }
        let Some(bucket) = level.make(*slot, self.watermark, self.begun) else {
            return;
        };
        work(&mut bucket.value);
        if bucket.end <= self.watermark {
            bucket.revision = bucket.revision.saturating_add(1);
            let (start, revision) = (bucket.start, bucket.revision);
            self.changes.push(Change::Revised { level: index, start, revision, cause });
        }
    }

    /// Where the entries of the bucket are that an instant falls into, or are to be.
    fn kept_at(&self, at: i64) -> Result<usize, usize> {
        let is_of = |(start, end, _): &(i64, i64, Kept<A>)| is_within((*start, *end), at);
        if self.kept.back().is_some_and(is_of) {
            return Ok(self.kept.len() - 1);
        }
        let index = self.kept.partition_point(|(start, ..)| *start <= at);
        match index.checked_sub(1) {
            Some(before) if self.kept.get(before).is_some_and(is_of) => Ok(before),
            _ => Err(index),
        }
    }

    fn kept(&self, at: i64) -> Option<&Kept<A>> {
        self.kept_at(at).ok().and_then(|index| self.kept.get(index)).map(|(.., kept)| kept)
    }

    /// Keeps an entry of a bucket.
    fn keep(&mut self, bucket: (i64, i64), entry: &A::Entry) -> Result<(), MergeError> {
        let (start, end) = bucket;
        let index = self.kept_at(start).unwrap_or_else(|index| {
            self.kept.insert(index, (start, end, Kept::default()));
            index
        });
        if let Some((.., kept)) = self.kept.get_mut(index) {
            kept.insert(entry)?;
        }
        if let Some(undo) = &mut self.undo {
            undo.put(bucket, entry.key());
        }
        Ok(())
    }

    /// Keeps an entry of a bucket no longer; gives what it was.
    fn unkeep(&mut self, bucket: (i64, i64), key: (i64, u64)) -> Option<A::Entry> {
        let index = self.kept_at(bucket.0).ok()?;
        let (.., kept) = self.kept.get_mut(index)?;
        let entry = kept.remove(key)?;
        if kept.is_empty() {
            self.kept.remove(index);
        }
        if let Some(undo) = &mut self.undo {
            undo.taken(bucket, entry.clone());
        }
        Some(entry)
    }
}

#[cfg(test)]
#[path = "series_tests.rs"]
mod tests;
