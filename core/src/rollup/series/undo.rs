//! Several changes as one: all of them, or none.

use super::{Bucket, Series};
use crate::rollup::Aggregate;

/// What there was before the first of several changes.
#[derive(Clone, Debug)]
pub(super) struct Undo<A: Aggregate> {
    watermark: i64,
    changes: usize,
    /// Buckets that were changed, each once: their level, and what they were.
    buckets: Vec<(usize, Bucket<A>)>,
    /// Buckets that were not there: their level, and when they begin.
    made: Vec<(usize, i64)>,
    /// What was done to the entries that are kept, in order.
    kept: Vec<Move<A::Entry>>,
}

/// What was done to the entries of a bucket, of which it is said when it begins and ends.
#[derive(Clone, Debug)]
enum Move<E> {
    /// One was put in.
    Put((i64, i64), (i64, u64)),
    /// One was taken out.
    Taken((i64, i64), E),
}

impl<A: Aggregate> Undo<A> {
    /// How many changes are older: from now on they are told.
    pub(super) fn take_told(&mut self) -> usize {
        std::mem::take(&mut self.changes)
    }

    /// A bucket is about to change for the first time.
    pub(super) fn changed(&mut self, level: usize, was: Bucket<A>) {
        self.buckets.push((level, was));
    }

    /// A bucket is about to be made.
    pub(super) fn made(&mut self, level: usize, start: i64) {
        self.made.push((level, start));
    }

    /// An entry was put into what is kept of a bucket.
    pub(super) fn put(&mut self, bucket: (i64, i64), key: (i64, u64)) {
        self.kept.push(Move::Put(bucket, key));
    }

    /// An entry was taken out of what is kept of a bucket.
    pub(super) fn taken(&mut self, bucket: (i64, i64), entry: A::Entry) {
        self.kept.push(Move::Taken(bucket, entry));
    }
}

impl<A: Aggregate> Series<A> {
    /// Begins changes that are made together: until [`Series::commit`] all of them can be undone by [`Series::roll_back`]. Of what is changed
    /// a copy is made once. What was begun goes on, and nothing is dropped until its end.
    pub fn begin(&mut self) {
        if self.undo.is_none() {
            self.begun += 1;
            self.undo = Some(Undo {
                watermark: self.watermark,
                changes: self.changes.len(),
                buckets: Vec::new(),
                made: Vec::new(),
                kept: Vec::new(),
            });
        }
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
        for (level, was) in undo.buckets {
            // INVARIANT: no bucket is dropped between.
            let own = self.levels.get_mut(level).and_then(|level| level.at_mut(was.start));
            if let Some(own) = own {
                *own = was;
            }
        }
        // The one made last first: of those that came in order each is the newest then, and taken away at no cost.
        for (level, start) in undo.made.into_iter().rev() {
            if let Some(level) = self.levels.get_mut(level) {
                level.remove(start);
            }
        }
        for level in &mut self.levels {
            level.closed = level.buckets.partition_point(|bucket| bucket.end <= self.watermark);
        }
        for step in undo.kept.into_iter().rev() {
            match step {
                Move::Put(bucket, key) => drop(self.unkeep(bucket, key)),
                // INVARIANT: what was there has room.
                Move::Taken(bucket, entry) => drop(self.keep(bucket, &entry)),
            }
        }
    }
}
