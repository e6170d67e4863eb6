//! The buckets of a level, by time.

use super::Bucket;
use crate::rollup::{Aggregate, Calendar, OutOfRange};

/// So many of the newest buckets are searched first.
const NEWEST: usize = 8;

#[derive(Clone, Debug)]
pub(super) struct Level<A> {
    /// By time.
    pub(super) buckets: Vec<Bucket<A>>,
    /// When each begins: beside one another, so that they are soon searched.
    starts: Vec<i64>,
    /// By which of the changes that are made together each was changed last.
    marks: Vec<u64>,
    /// So many from the first are closed.
    pub(super) closed: usize,
    /// What was before is dropped.
    pub(super) before: i64,
}

/// Where a bucket stands, or is to stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    index: usize,
    pub(super) is_there: bool,
    /// When it begins.
    pub(super) start: i64,
    /// When it ends.
    pub(super) end: i64,
}

impl<A: Aggregate> Level<A> {
    pub(super) const EMPTY: Self = Self {
        buckets: Vec::new(),
        starts: Vec::new(),
        marks: Vec::new(),
        closed: 0,
        before: i64::MIN,
    };

    /// The bucket that an instant is in, where there is one.
    pub(super) fn there(&self, at: i64) -> Result<Slot, usize> {
        let index = self.begun(at);
        match index.checked_sub(1).and_then(|before| Some((before, self.buckets.get(before)?))) {
            Some((index, Bucket { start, end, .. })) if is_within((*start, *end), at) => {
                Ok(Slot { index, is_there: true, start: *start, end: *end })
            }
            _ => Err(index),
        }
    }

    pub(super) fn slot(&self, calendar: &Calendar, at: i64) -> Result<Slot, OutOfRange> {
        match self.there(at) {
            Ok(slot) => Ok(slot),
            Err(index) => {
                let (start, end) = (calendar.start(at)?, calendar.end(at).unwrap_or(i64::MAX));
                Ok(Slot { index, is_there: false, start, end })
            }
        }
    }

    /// How many have begun by then.
    fn begun(&self, at: i64) -> usize {
        // Most are of the newest.
        let newest = self.starts.len().saturating_sub(NEWEST);
        match self.starts.get(newest..) {
            Some(starts) if starts.first().is_some_and(|start| *start <= at) => {
                // Counted, since what comes out of order makes each step of a search a guess.
                newest + starts.iter().map(|start| usize::from(*start <= at)).sum::<usize>()
            }
            _ => self.starts.partition_point(|start| *start <= at),
        }
    }

    pub(super) fn get(&self, slot: Slot) -> Option<&Bucket<A>> {
        self.buckets.get(slot.index).filter(|_| slot.is_there)
    }

    /// The buckets that begin in a range.
    pub(super) fn range(&self, from: i64, to: i64) -> &[Bucket<A>] {
        let begins_by = |instant: i64| self.starts.partition_point(|start| *start < instant);
        let (first, last) = (begins_by(from), begins_by(to));
        self.buckets.get(first..last).unwrap_or_default()
    }

    /// The bucket of a slot, made where it is not there.
    pub(super) fn make(
        &mut self,
        slot: Slot,
        watermark: i64,
        begun: u64,
    ) -> Option<&mut Bucket<A>> {
        let Slot { index, is_there, start, end } = slot;
        if !is_there {
            self.buckets.insert(index, Bucket { start, end, revision: 0, value: None });
            self.starts.insert(index, start);
            self.marks.insert(index, begun);
            self.closed += usize::from(end <= watermark);
        }
        self.buckets.get_mut(index)
    }

    /// Says that the bucket of a slot is changed by some of the changes that are made together; gives it where it is for the first time.
    pub(super) fn mark(&mut self, slot: Slot, begun: u64) -> Option<&Bucket<A>> {
        let own = self.marks.get_mut(slot.index)?;
        let is_first = std::mem::replace(own, begun) != begun;
        self.buckets.get(slot.index).filter(|_| is_first)
    }

    /// The bucket that begins at an instant.
    pub(super) fn at_mut(&mut self, start: i64) -> Option<&mut Bucket<A>> {
        self.buckets.get_mut(self.starts.binary_search(&start).ok()?)
    }

    /// Takes away the bucket that begins at an instant.
    pub(super) fn remove(&mut self, start: i64) {
        if let Ok(index) = self.starts.binary_search(&start) {
            self.buckets.remove(index);
            self.starts.remove(index);
            self.marks.remove(index);
        }
    }

    /// Adds a bucket behind the last.
    pub(super) fn push(&mut self, bucket: Bucket<A>, watermark: i64) {
        self.closed += usize::from(bucket.end <= watermark);
        self.starts.push(bucket.start);
        self.marks.push(0);
        self.buckets.push(bucket);
    }

    /// When the last bucket begins.
    pub(super) fn last(&self) -> Option<i64> {
        self.starts.last().copied()
    }

    /// Drops the buckets that ended by an instant; gives how many.
    pub(super) fn expire(&mut self, by: i64) -> usize {
        let count = self.buckets.partition_point(|bucket| bucket.end <= by);
        if let Some(last) = count.checked_sub(1).and_then(|last| self.buckets.get(last)) {
            self.before = self.before.max(last.end);
        }
        self.buckets.drain(..count);
        self.starts.drain(..count);
        self.marks.drain(..count);
        self.closed = self.closed.saturating_sub(count);
        count
    }
}

/// Whether an instant is in a bucket. One that ends behind all instants has the last of them, too.
pub(super) const fn is_within((start, end): (i64, i64), at: i64) -> bool {
    start <= at && (at < end || end == i64::MAX)
}
