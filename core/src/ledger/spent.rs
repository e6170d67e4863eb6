//! Which ids are spent: the index behind idempotency.
//!
//! Ids are UUIDv7 by default, so nearly every new id is dated *now*. Those go into fixed-size tables that follow one
//! another in time; a new id lies past every older table's range and consults one or two of them, whatever the age of
//! the log. Every other id (a hashed key, a number, a UUID dated away from `now`) goes into sorted runs that merge
//! geometrically, so that a strange id costs its own look-up and slows no other.
//!
//! The index holds positions, not ids: a match is confirmed against the event itself.

mod arena;
mod filter;
mod runs;
mod table;

use std::sync::Arc;

use crate::Id;
use crate::log::Position;
use crate::pages::Pages;
use crate::time::SECOND;
use arena::Arena;
use filter::Filter;
use runs::SortedRuns;
use table::{Entry, Table};

/// Entries of the first table; each table has four times its predecessor's, up to [`TABLE_MAX`].
const TABLE_MIN: usize = 1 << 11;
/// As many as the slots' 16 bits can name, so that the slots of the newest table stay near the processor.
const TABLE_MAX: usize = 1 << 15;
/// Tables that a look-up asks without a branch: together they span the skew of clocks at high rates.
const NEAR: usize = 4;
/// An id dated within this of `now` counts as dated now.
const FUTURE_MILLIS: u64 = 1_000;
const PAST_MILLIS: u64 = 10_000;

#[derive(Debug)]
pub(crate) struct SpentIds {
    arena: Arena,
    tables: Vec<Table>,
    spans: Vec<Span>,
    filter: Filter,
    present: Present,
    runs: SortedRuns,
}

/// When the ids of a table were made, and the latest of it and of all before it: the upper halves of UUIDv7s, which
/// begin with the time.
#[derive(Clone, Copy, Debug)]
struct Span {
    min: u64,
    max: u64,
    max_so_far: u64,
}

impl Span {
    #[inline]
    fn widen(&mut self, made_at: u64) {
        self.min = self.min.min(made_at);
        self.max = self.max.max(made_at);
        self.max_so_far = self.max_so_far.max(made_at);
    }
}

/// The upper half of an id.
#[inline]
fn made_at(id: Id) -> u64 {
    u64::try_from(id.0 >> 64).unwrap_or(u64::MAX)
}

impl SpentIds {
    pub(crate) fn new(pages: Arc<dyn Pages>) -> Self {
        Self {
            arena: Arena::new(pages),
            tables: Vec::new(),
            spans: Vec::new(),
            filter: Filter::default(),
            present: Present::default(),
            runs: SortedRuns::default(),
        }
    }

    /// The position of `id`, if it is spent; `is` confirms a candidate against its event.
    #[inline]
    pub(crate) fn find(&self, id: Id, is: impl Fn(Position) -> bool) -> Option<Position> {
        if id.is_v7() && self.may_hold(id) {
            let found = self.find_in_tables(id, &is);
            if found.is_some() {
                return found;
            }
        }
        if self.runs.is_empty() { None } else { self.runs.find(id.0) }
    }

    /// Whether an id may stand in a table. The newest tables are asked without a branch: which of them an id falls
    /// into is as random as the clocks of those who made it.
    #[inline]
    fn may_hold(&self, id: Id) -> bool {
        let past = self.spans.len().checked_sub(NEAR + 1).and_then(|last| self.spans.get(last));
        past.is_some_and(|span| made_at(id) <= span.max_so_far) | self.filter.may_hold(id.hash())
    }

    #[cold]
    fn find_in_tables(&self, id: Id, is: &impl Fn(Position) -> bool) -> Option<Position> {
        let hash = id.hash();
        for (span, table) in self.spans.iter().zip(&self.tables).rev() {
            if made_at(id) > span.max_so_far {
                return None;
            }
            if (span.min..=span.max).contains(&made_at(id))
                && let Some(position) = table.find(&self.arena, hash, is)
            {
                return Some(position);
            }
        }
        None
    }

    /// Touches what looking up an id will read, so that it is near when its turn comes.
    #[inline]
    pub(crate) fn touch(&self, id: Id) -> u64 {
        self.filter.touch(id.hash())
    }

    /// Spends an id. The caller has looked it up and not found it.
    #[inline]
    pub(crate) fn insert(&mut self, id: Id, position: Position, now: i64) {
        if !self.present.holds(id, now) {
            self.runs.insert(id.0, position);
            return;
        }
        if self.tables.last().is_none_or(Table::is_full) {
            self.begin_table();
        }
        if let (Some(span), Some(table)) = (self.spans.last_mut(), self.tables.last_mut()) {
            span.widen(made_at(id));
            let hash = id.hash();
            table.insert(&mut self.arena, Entry::new(hash, position));
            self.filter.insert(self.spans.len() - 1, hash);
        }
    }

    #[cold]
    fn begin_table(&mut self) {
        let capacity =
            self.tables.last().map_or(TABLE_MIN, |table| (table.capacity * 4).min(TABLE_MAX));
        let max_so_far = self.spans.last().map_or(0, |span| span.max_so_far);
        self.filter.begin(self.tables.len());
        self.tables.push(Table::new(&mut self.arena, capacity));
        self.spans.push(Span { min: u64::MAX, max: 0, max_so_far });
    }
}

/// The upper halves of the UUIDv7s that count as made now; it moves on with every millisecond.
#[derive(Clone, Debug, Default)]
struct Present {
    low: u64,
    span: u64,
    /// The first instant at which it is out of date.
    until: i64,
}

impl Present {
    #[inline]
    fn holds(&mut self, id: Id, now: i64) -> bool {
        if now >= self.until {
            self.move_to(now);
        }
        id.is_v7() && made_at(id).wrapping_sub(self.low) <= self.span
    }

    #[cold]
    fn move_to(&mut self, now: i64) {
        const MILLI: i64 = SECOND / 1000;
        let millis = u64::try_from(now / MILLI).unwrap_or(0);
        self.low = millis.saturating_sub(PAST_MILLIS) << 16;
        self.span = ((millis + FUTURE_MILLIS) << 16 | 0xffff) - self.low;
        self.until = (now / MILLI + 1).saturating_mul(MILLI);
    }
}

#[cfg(test)]
#[path = "spent_tests.rs"]
mod tests;
