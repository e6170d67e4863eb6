//! What happened in a bucket, kept so that some of it can be taken out again.
//!
//! In runs by time, each with what its entries fold to: so an entry is put in or taken out by folding one run again.

use crate::rollup::aggregate::{fold, merge};
use crate::rollup::{Aggregate, Entry, MergeError};

/// A run has at most so many entries.
const RUN: usize = 64;

#[derive(Clone, Debug)]
pub(super) struct Kept<A: Aggregate> {
    /// By time. None is empty.
    runs: Vec<Run<A>>,
}

#[derive(Clone, Debug)]
struct Run<A: Aggregate> {
    /// By time.
    entries: Vec<A::Entry>,
    sum: A,
}

impl<A: Aggregate> Run<A> {
    fn of(entry: &A::Entry) -> Self {
        Self { entries: vec![entry.clone()], sum: A::of(entry) }
    }
}

/// Where an entry stands, or is to stand.
type Place = (usize, Result<usize, usize>);

impl<A: Aggregate> Default for Kept<A> {
    fn default() -> Self {
        Self { runs: Vec::new() }
    }
}

impl<A: Aggregate> Kept<A> {
    /// Whether there is no entry.
    pub(super) const fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The entry that has a key.
    pub(super) fn get(&self, key: (i64, u64)) -> Option<&A::Entry> {
        let (run, place) = self.place(key);
        self.runs.get(run)?.entries.get(place.ok()?)
    }

    /// Puts an entry in that is not there.
    ///
    /// # Errors
    /// A sum that cannot be counted: then it is not put in.
    pub(super) fn insert(&mut self, entry: &A::Entry) -> Result<(), MergeError> {
        let (index, place) = self.place(entry.key());
        let at = place.unwrap_or_else(|at| at);
        let Some(run) = self.runs.get_mut(index) else {
            self.runs.push(Run::of(entry));
            return Ok(());
        };
        let is_full = run.entries.len() >= RUN;
        if is_full && at == run.entries.len() {
            // What comes in order fills one run after another.
            self.runs.insert(index + 1, Run::of(entry));
            return Ok(());
        }
        let added = run.sum.add(entry);
        run.entries.insert(at, entry.clone());
        if let Err(error) = added {
            // Where it depends on what follows what, it may be folded in order.
            match fold(&run.entries) {
                Ok(Some(sum)) if error == MergeError::Interleaved => run.sum = sum,
                _ => {
                    run.entries.remove(at);
                    return Err(error);
                }
            }
        }
        if is_full {
            let later = run.entries.split_off(RUN / 2);
            // INVARIANT: a part of what could be folded can be.
            let (Ok(Some(sum)), Ok(Some(later_sum))) = (fold(&run.entries), fold(&later)) else {
                run.entries.extend(later);
                return Ok(());
            };
            run.sum = sum;
            self.runs.insert(index + 1, Run { entries: later, sum: later_sum });
        }
        Ok(())
    }

    /// Takes the entry out that has a key.
    pub(super) fn remove(&mut self, key: (i64, u64)) -> Option<A::Entry> {
        let (index, place) = self.place(key);
        let run = self.runs.get_mut(index)?;
        let place = place.ok()?;
        let entry = run.entries.remove(place);
        match fold(&run.entries) {
            Ok(Some(sum)) => run.sum = sum,
            Ok(None) => {
                self.runs.remove(index);
            }
            // INVARIANT: a part of what could be folded can be.
            Err(_) => {}
        }
        Some(entry)
    }

    /// The entries, by time.
    pub(super) fn entries(&self) -> impl DoubleEndedIterator<Item = &A::Entry> {
        self.runs.iter().flat_map(|run| &run.entries)
    }

    /// What all fold to; `None` of none.
    ///
    /// # Errors
    /// A sum that cannot be counted.
    pub(super) fn sum(&self) -> Result<Option<A>, MergeError> {
        merge(self.runs.iter().map(|run| &run.sum))
    }

    /// The run that a key belongs to, and where in it.
    fn place(&self, key: (i64, u64)) -> Place {
        let starts_by = |run: &Run<A>| run.entries.first().is_some_and(|first| first.key() <= key);
        // Most are the newest.
        let run = match self.runs.last() {
            Some(last) if starts_by(last) => self.runs.len() - 1,
            _ => self.runs.partition_point(starts_by).saturating_sub(1),
        };
        let entries = self.runs.get(run).map_or(&[][..], |run| &run.entries);
        let place = match entries.last() {
            Some(last) if last.key() < key => Err(entries.len()),
            _ => entries.binary_search_by_key(&key, Entry::key),
        };
        (run, place)
    }
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
