//! Which ids are spent: the index behind idempotency.
//!
//! Ids are UUIDv7 by default, so nearly every new id is dated *now*. Those go into fixed-size tables that follow one
//! another in time; a new id lies past every older table's range and consults one or two of them, whatever the age of
//! the log. Every other id (a hashed key, a number, a UUID dated away from `now`) goes into sorted runs that merge
//! geometrically, so that a strange id costs its own look-up and slows no other.
//!
//! The index holds positions, not ids: a match is confirmed against the event itself.

use std::collections::BTreeMap;

use crate::Id;
use crate::log::Position;
use crate::time::SECOND;

/// Entries of the first table; each table has four times its predecessor's, up to [`TABLE_MAX`].
const TABLE_MIN: usize = 1 << 11;
const TABLE_MAX: usize = 1 << 16;
/// Sorted runs take over from the young entries at this many.
const YOUNG_MAX: usize = 1 << 12;
/// An id dated within this of `now` counts as dated now.
const FUTURE_MILLIS: u64 = 1_000;
const PAST_MILLIS: u64 = 10_000;

/// Low bits of a slot: which entry of its table, from one.
const ENTRY_BITS: u32 = 17;
const ENTRY_MASK: u32 = (1 << ENTRY_BITS) - 1;

#[derive(Clone, Debug, Default)]
pub(crate) struct SpentIds {
    tables: Vec<Table>,
    ranges: Vec<Range>,
    runs: SortedRuns,
}

/// The ids of a table, and the largest id of it and of all before it.
#[derive(Clone, Copy, Debug)]
struct Range {
    min: u128,
    max: u128,
    max_so_far: u128,
}

impl SpentIds {
    /// The position of `id`, if it is spent; `is` confirms a candidate against its event.
    pub(crate) fn find(&self, id: Id, is: impl Fn(Position) -> bool) -> Option<Position> {
        if id.millis().is_some() {
            let hash = id.hash();
            for (range, table) in self.ranges.iter().zip(&self.tables).rev() {
                if id.0 > range.max_so_far {
                    break;
                }
                if id.0 >= range.min
                    && id.0 <= range.max
                    && let Some(position) = table.find(hash, &is)
                {
                    return Some(position);
                }
            }
        }
        if self.runs.is_empty() { None } else { self.runs.find(id.0) }
    }

    /// Touches the slot that a new id will use, so that it is near when its turn comes.
    #[inline]
    pub(crate) fn touch(&self, id: Id) -> u64 {
        self.tables.last().map_or(0, |table| table.touch(id.hash()))
    }

    /// Spends an id. The caller has looked it up and not found it.
    pub(crate) fn insert(&mut self, id: Id, position: Position, now: i64) {
        if !is_dated_now(id, now) {
            self.runs.insert(id.0, position);
            return;
        }
        if self.tables.last().is_none_or(Table::is_full) {
            let capacity =
                self.tables.last().map_or(TABLE_MIN, |table| (table.capacity() * 4).min(TABLE_MAX));
            let max_so_far = self.ranges.last().map_or(0, |range| range.max_so_far);
            self.tables.push(Table::new(capacity));
            self.ranges.push(Range { min: u128::MAX, max: 0, max_so_far });
        }
        if let (Some(range), Some(table)) = (self.ranges.last_mut(), self.tables.last_mut()) {
            range.min = range.min.min(id.0);
            range.max = range.max.max(id.0);
            range.max_so_far = range.max_so_far.max(id.0);
            table.insert(id.hash(), position);
        }
    }
}

fn is_dated_now(id: Id, now: i64) -> bool {
    let Some(millis) = id.millis() else { return false };
    let now = u64::try_from(now / (SECOND / 1000)).unwrap_or(0);
    millis <= now.saturating_add(FUTURE_MILLIS) && millis >= now.saturating_sub(PAST_MILLIS)
}

/// An open-addressing table, at most half full: a slot holds the number of an entry and 15 bits of its hash. The
/// slots of a full table are half a megabyte; the positions are written in order and read only to confirm a match.
///
/// Nearly every question is about an id that is new, so a filter of a byte an entry answers first (a blocked Bloom
/// filter: three bits in one word; Putze, Sanders and Singler, *Cache-, Hash- and Space-Efficient Bloom Filters*, 2009).
/// It is an eighth of the slots' size and stays near the processor.
#[derive(Clone, Debug)]
struct Table {
    filter: Box<[u64]>,
    slots: Box<[u32]>,
    positions: Vec<Position>,
}

impl Table {
    fn new(capacity: usize) -> Self {
        Self {
            filter: vec![0; capacity / 8].into_boxed_slice(),
            slots: vec![0; capacity * 2].into_boxed_slice(),
            positions: Vec::with_capacity(capacity),
        }
    }

    /// The word of the filter that an id may stand in, and its bits there.
    fn filtered(&self, hash: u64) -> (usize, u64) {
        let bits = (1 << (hash & 63)) | (1 << ((hash >> 6) & 63)) | (1 << ((hash >> 12) & 63));
        (start(hash >> 18) & (self.filter.len() - 1), bits)
    }

    fn capacity(&self) -> usize {
        self.slots.len() / 2
    }

    fn is_full(&self) -> bool {
        self.positions.len() >= self.capacity()
    }

    #[inline]
    fn touch(&self, hash: u64) -> u64 {
        self.slots.get(start(hash) & (self.slots.len() - 1)).map_or(0, |slot| u64::from(*slot))
    }

    #[inline]
    fn find(&self, hash: u64, is: impl Fn(Position) -> bool) -> Option<Position> {
        let (word, bits) = self.filtered(hash);
        if self.filter.get(word).is_none_or(|word| word & bits != bits) {
            return None;
        }
        self.find_slot(hash, is)
    }

    #[cold]
    fn find_slot(&self, hash: u64, is: impl Fn(Position) -> bool) -> Option<Position> {
        let mask = self.slots.len() - 1;
        let mut at = start(hash) & mask;
        loop {
            let slot = *self.slots.get(at)?;
            if slot == 0 {
                return None;
            }
            if slot >> ENTRY_BITS == tag(hash) {
                let entry = usize::try_from((slot & ENTRY_MASK) - 1).ok()?;
                if let Some(position) = self.positions.get(entry).filter(|position| is(**position))
                {
                    return Some(*position);
                }
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn insert(&mut self, hash: u64, position: Position) {
        self.positions.push(position);
        let (word, bits) = self.filtered(hash);
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bits;
        }
        // INVARIANT: a table has at most TABLE_MAX entries, which the low bits count from one.
        let entry = u32::try_from(self.positions.len()).unwrap_or(ENTRY_MASK);
        let mask = self.slots.len() - 1;
        let mut at = start(hash) & mask;
        // INVARIANT: at most half of the slots are in use, so a free one is found.
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == 0 {
                *slot = (tag(hash) << ENTRY_BITS) | entry;
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

fn tag(hash: u64) -> u32 {
    u32::try_from(hash >> (32 + ENTRY_BITS)).unwrap_or(0)
}

fn start(hash: u64) -> usize {
    usize::try_from(hash & 0xffff_ffff).unwrap_or(0)
}

/// A log-structured set of sorted runs; each run is at least twice as long as the next.
#[derive(Clone, Debug, Default)]
struct SortedRuns {
    young: BTreeMap<u128, Position>,
    runs: Vec<Vec<(u128, Position)>>,
}

impl SortedRuns {
    fn is_empty(&self) -> bool {
        self.young.is_empty() && self.runs.is_empty()
    }

    fn find(&self, id: u128) -> Option<Position> {
        if let Some(position) = self.young.get(&id) {
            return Some(*position);
        }
        self.runs.iter().rev().find_map(|run| {
            let at = run.binary_search_by_key(&id, |(id, _)| *id).ok()?;
            run.get(at).map(|(_, position)| *position)
        })
    }

    fn insert(&mut self, id: u128, position: Position) {
        self.young.insert(id, position);
        if self.young.len() < YOUNG_MAX {
            return;
        }
        let mut run: Vec<_> = std::mem::take(&mut self.young).into_iter().collect();
        while let Some(last) = self.runs.pop_if(|last| last.len() < run.len() * 2) {
            run.extend(last);
            // Stable sort takes two sorted runs for what they are and merges them.
            run.sort_by_key(|(id, _)| *id);
        }
        self.runs.push(run);
    }
}

#[cfg(test)]
#[path = "spent_tests.rs"]
mod tests;
