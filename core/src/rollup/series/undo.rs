//! Several changes as one: all of them, or none.

use std::collections::BTreeMap;

use super::kept::Kept;
use super::{Bucket, Series};
use crate::rollup::Aggregate;

/// What was there before the first of several changes.
#[derive(Clone, Debug)]
pub(super) struct Undo<A: Aggregate> {
    watermark: i64,
    changes: usize,
    /// By level and beginning; `None` where there was none.
    buckets: BTreeMap<(usize, i64), Option<Bucket<A>>>,
    /// By beginning: when the bucket ends, and what was kept of it.
    kept: BTreeMap<i64, (i64, Option<Kept<A>>)>,
}

impl<A: Aggregate> Undo<A> {
    /// How many changes are older: from now on they are told.
    pub(super) fn take_told(&mut self) -> usize {
        std::mem::take(&mut self.changes)
    }

    /// A bucket is about to change.
    pub(super) fn bucket(
        &mut self,
        level: usize,
        start: i64,
        own: impl FnOnce() -> Option<Bucket<A>>,
    ) {
        self.buckets.entry((level, start)).or_insert_with(own);
    }

    /// What is kept of a bucket is about to change.
    pub(super) fn kept(&mut self, (start, end): (i64, i64), own: impl FnOnce() -> Option<Kept<A>>) {
        self.kept.entry(start).or_insert_with(|| (end, own()));
    }
}

impl<A: Aggregate> Series<A> {
    /// Begins changes that are made together: until [`Series::commit`] all of them can be undone by [`Series::roll_back`]. What is changed
    /// is copied once, so it costs what the changed buckets take. What was begun goes on, and nothing is dropped until its end.
    pub fn begin(&mut self) {
        let (watermark, changes) = (self.watermark, self.changes.len());
        let (buckets, kept) = (BTreeMap::new(), BTreeMap::new());
        self.undo.get_or_insert(Undo { watermark, changes, buckets, kept });
    }

    /// The changes since [`Series::begin`] stay.
    pub fn commit(&mut self) {
        if self.undo.take().is_some() {
            self.forget();
        }
    }

    /// The changes since [`Series::begin`] are undone, also what was recorded of them.
    pub fn roll_back(&mut self) {
        let Some(undo) = self.undo.take() else {
            return;
        };
        self.watermark = undo.watermark;
        self.changes.truncate(undo.changes);
        // The newest first, since those are taken away at no cost.
        for ((level, start), before) in undo.buckets.into_iter().rev() {
            let Some(level) = self.levels.get_mut(level) else { continue };
            let place = level.starts.binary_search(&start);
            match (place, before) {
                (Ok(index), Some(before)) => {
                    if let Some(own) = level.buckets.get_mut(index) {
                        *own = before;
                    }
                }
                (Ok(index), None) => {
                    level.buckets.remove(index);
                    level.starts.remove(index);
                }
                // INVARIANT: no bucket is dropped between.
                (Err(_), _) => {}
            }
        }
        for level in &mut self.levels {
            level.closed = level.buckets.partition_point(|bucket| bucket.end <= self.watermark);
        }
        for (start, (end, before)) in undo.kept {
            match (self.kept_at(start), before) {
                (Ok(index), Some(before)) => {
                    if let Some((.., own)) = self.kept.get_mut(index) {
                        *own = before;
                    }
                }
                (Ok(index), None) => drop(self.kept.remove(index)),
                (Err(index), Some(before)) => self.kept.insert(index, (start, end, before)),
                (Err(_), None) => {}
            }
        }
    }
}
