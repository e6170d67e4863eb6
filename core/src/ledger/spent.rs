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
const TABLE_MAX: usize = 1 << 17;
/// Sorted runs take over from the young entries at this many.
const YOUNG_MAX: usize = 1 << 12;
/// An id dated within this of `now` counts as dated now.
const FUTURE_MILLIS: u64 = 1_000;
const PAST_MILLIS: u64 = 10_000;

const POSITION_BITS: u32 = 40;
const POSITION_MASK: u64 = (1 << POSITION_BITS) - 1;

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
            let hash = hash(id.0);
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
        self.runs.find(id.0)
    }

    /// Spends an id. The caller has looked it up and not found it.
    pub(crate) fn insert(&mut self, id: Id, position: Position, now: i64) {
        if !is_dated_now(id, now) {
            self.runs.insert(id.0, position);
            return;
        }
        if self.tables.last().is_none_or(Table::is_full) {
            let capacity = self.tables.last().map_or(TABLE_MIN, |table| (table.capacity() * 4).min(TABLE_MAX));
            let max_so_far = self.ranges.last().map_or(0, |range| range.max_so_far);
            self.tables.push(Table::new(capacity));
            self.ranges.push(Range { min: u128::MAX, max: 0, max_so_far });
        }
        if let (Some(range), Some(table)) = (self.ranges.last_mut(), self.tables.last_mut()) {
            range.min = range.min.min(id.0);
            range.max = range.max.max(id.0);
            range.max_so_far = range.max_so_far.max(id.0);
            table.insert(hash(id.0), position);
        }
    }
}

fn is_dated_now(id: Id, now: i64) -> bool {
    let Some(millis) = id.millis() else { return false };
    let now = u64::try_from(now / (SECOND / 1000)).unwrap_or(0);
    millis <= now.saturating_add(FUTURE_MILLIS) && millis >= now.saturating_sub(PAST_MILLIS)
}

/// Spreads an id over 64 bits: a UUIDv7 is random in its low half only, a number in neither.
fn hash(id: u128) -> u64 {
    let (high, low) = ((id >> 64) & u128::from(u64::MAX), id & u128::from(u64::MAX));
    let (high, low) = (u64::try_from(high).unwrap_or(0), u64::try_from(low).unwrap_or(0));
    let mixed = (low ^ high.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

/// An open-addressing table of 64-bit slots: 24 bits of hash over 40 bits of position in units of eight bytes.
#[derive(Clone, Debug)]
struct Table {
    slots: Box<[u64]>,
    len: usize,
}

impl Table {
    fn new(capacity: usize) -> Self {
        Self { slots: vec![0; capacity * 2].into_boxed_slice(), len: 0 }
    }

    fn capacity(&self) -> usize {
        self.slots.len() / 2
    }

    fn is_full(&self) -> bool {
        self.len >= self.capacity()
    }

    fn find(&self, hash: u64, is: impl Fn(Position) -> bool) -> Option<Position> {
        let mask = self.slots.len() - 1;
        let mut at = slot(hash) & mask;
        loop {
            let slot = *self.slots.get(at)?;
            if slot == 0 {
                return None;
            }
            if slot >> POSITION_BITS == tag(hash) {
                let position = Position((slot & POSITION_MASK) << 3);
                if is(position) {
                    return Some(position);
                }
            }
            at = (at + 1) & mask;
        }
    }

    fn insert(&mut self, hash: u64, position: Position) {
        let mask = self.slots.len() - 1;
        let mut at = slot(hash) & mask;
        // INVARIANT: at most half of the slots are in use, so a free one is found; position zero, the genesis
        // event, is never inserted, so no slot in use is zero.
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == 0 {
                *slot = (tag(hash) << POSITION_BITS) | ((position.0 >> 3) & POSITION_MASK);
                self.len += 1;
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

fn tag(hash: u64) -> u64 {
    hash >> POSITION_BITS
}

fn slot(hash: u64) -> usize {
    usize::try_from(hash & 0xffff_ffff).unwrap_or(0)
}

/// A log-structured set of sorted runs; each run is at least twice as long as the next.
#[derive(Clone, Debug, Default)]
struct SortedRuns {
    young: BTreeMap<u128, Position>,
    runs: Vec<Vec<(u128, Position)>>,
}

impl SortedRuns {
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
