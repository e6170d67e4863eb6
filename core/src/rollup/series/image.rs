//! What a series is written out by, and read again.

use super::kept::Kept;
use super::level::Slot;
use super::{Bucket, Series};
use crate::rollup::{Aggregate, Entry};

impl<A: Aggregate + PartialEq> Series<A> {
    /// The buckets of a level, by time.
    pub(in crate::rollup) fn level_buckets(&self, level: usize) -> &[Bucket<A>] {
        self.levels.get(level).map_or(&[], |level| &level.buckets)
    }

    /// What was before is dropped of a level.
    pub(in crate::rollup) fn before(&self, level: usize) -> i64 {
        self.levels.get(level).map_or(i64::MIN, |level| level.before)
    }

    /// The entries that are kept, by time.
    pub(in crate::rollup) fn kept_entries(&self) -> impl Iterator<Item = &A::Entry> {
        self.kept.iter().flat_map(|(.., kept)| kept.entries())
    }

    /// Begins to read one again, in which nothing has happened.
    pub(in crate::rollup) fn begin_image(&mut self, watermark: i64, before: &[i64]) {
        self.watermark = watermark;
        for (level, before) in self.levels.iter_mut().zip(before) {
            level.before = *before;
        }
    }

    /// Takes the next bucket of a level; `false` where it is none of the calendar, or is not behind the last.
    pub(in crate::rollup) fn push_bucket(&mut self, level: usize, bucket: Bucket<A>) -> bool {
        let calendar = self.rules.levels.calendars().get(level);
        let (Some(calendar), Some(level)) = (calendar, self.levels.get_mut(level)) else {
            return false;
        };
        let is_own = calendar.start(bucket.start) == Ok(bucket.start)
            && calendar.end(bucket.start).unwrap_or(i64::MAX) == bucket.end
            && bucket.start >= level.before
            && level.last().is_none_or(|last| last < bucket.start);
        if is_own {
            level.push(bucket, self.watermark);
        }
        is_own
    }

    /// Takes the next entry that is kept; `false` where it is of no bucket, or is not behind the last.
    pub(in crate::rollup) fn push_kept(&mut self, entry: &A::Entry) -> bool {
        let (at, _) = entry.key();
        let last = self.kept.back().and_then(|(.., kept)| kept.entries().next_back());
        if last.is_some_and(|last| last.key() >= entry.key()) {
            return false;
        }
        let Some(level) = self.levels.first() else {
            return false;
        };
        let Ok(Slot { start, end, .. }) = level.there(at) else {
            return false;
        };
        if self.kept.back().is_none_or(|(last, ..)| *last != start) {
            self.kept.push_back((start, end, Kept::default()));
        }
        self.kept.back_mut().is_some_and(|(.., kept)| kept.insert(entry).is_ok())
    }

    /// Whether what is kept comes to the buckets that are made of it.
    pub(in crate::rollup) fn end_image(&mut self) -> bool {
        if !self.rules.late.is_kept() {
            return true;
        }
        let Some(level) = self.levels.first() else {
            return false;
        };
        let closed = self.closed();
        let mut kept = self.kept.iter().peekable();
        level.buckets.iter().filter(|bucket| bucket.end > closed).all(|bucket| {
            let own = kept.next_if(|(start, ..)| *start == bucket.start);
            own.map_or(Ok(None), |(.., kept)| kept.sum()) == Ok(bucket.value.clone())
        }) && kept.next().is_none()
    }
}
