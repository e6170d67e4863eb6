//! Which ids are spent: the index behind idempotency.
//!
//! Ids are UUIDv7 by default, so nearly every new id is dated *now*. Those go into fixed-size tables that follow one
//! another in time; a new id lies past every older table's range and consults one or two of them, whatever the age of
//! the log. Every other id (a hashed key, a number, a UUID dated away from `now`) goes into a hash table that
//! grows by small steps, so that a strange id costs its own look-up and slows no other.
//!
//! The index holds sequences, not ids: a match is confirmed against the event itself. Tables are dropped when the events
//! that they stand for are in a part of the log that the host keeps, whose own index finds them from then on.

mod arena;
mod filter;
mod present;
mod strays;
mod table;

use std::sync::Arc;

use crate::Id;
use crate::log::Sealed;
use crate::pages::Pages;
use arena::Arena;
use filter::Filter;
pub(crate) use present::Present;
use strays::Strays;
use table::{Entry, Table};

/// Entries of the first table; each table has four times its predecessor's, up to [`TABLE_MAX`].
const TABLE_MIN: usize = 1 << 11;
/// As many as the slots' 16 bits can name, so that the slots of the newest table stay near the processor.
const TABLE_MAX: usize = 1 << 15;
/// Tables that a look-up asks without a branch: together they span the skew of clocks at high rates.
const NEAR: usize = 4;
#[derive(Debug)]
pub(crate) struct SpentIds {
    arena: Arena,
    tables: Vec<Table>,
    spans: Vec<Span>,
    /// How many tables were dropped before the first of these.
    dropped: usize,
    /// Entries of the newest table.
    capacity: usize,
    /// The newest id in a part or in a table that the filter does not answer for: an id made later is in none of them.
    settled: u64,
    filter: Filter,
    present: Present,
    strays: Strays,
}

/// When the ids of a table were made, the latest of it and of all before it, and the last of their sequences.
#[derive(Clone, Copy, Debug)]
struct Span {
    min: u64,
    max: u64,
    max_so_far: u64,
    last: u64,
}

impl Span {
    #[inline]
    fn widen(&mut self, made_at: u64, sequence: u64) {
        self.min = self.min.min(made_at);
        self.max = self.max.max(made_at);
        self.max_so_far = self.max_so_far.max(made_at);
        self.last = sequence;
    }
}

impl SpentIds {
    pub(crate) fn new(pages: Arc<dyn Pages>) -> Self {
        Self {
            arena: Arena::new(pages),
            tables: Vec::new(),
            spans: Vec::new(),
            dropped: 0,
            capacity: TABLE_MIN / 4,
            settled: 0,
            filter: Filter::default(),
            present: Present::default(),
            strays: Strays::default(),
        }
    }

    /// The sequence that spent `id`, if one did; `is` confirms a candidate against its event.
    #[inline]
    pub(crate) fn find(&self, sealed: &Sealed, id: Id, is: impl Fn(u64) -> bool) -> Option<u64> {
        if id.is_v7() && self.may_hold(id) {
            let found = self.find_in_tables(id, &is).or_else(|| sealed.find(id, &is));
            if found.is_some() {
                return found;
            }
        }
        if self.strays.is_empty() { None } else { self.strays.find(id.hash(), is) }
    }

    /// Whether an id may stand in a table or a part. The newest tables are asked without a branch: which of them an id
    /// falls into is as random as the clocks of those who made it.
    #[inline]
    fn may_hold(&self, id: Id) -> bool {
        (id.made_at() <= self.settled) | self.filter.may_hold(id.hash())
    }

    #[cold]
    fn find_in_tables(&self, id: Id, is: &impl Fn(u64) -> bool) -> Option<u64> {
        let hash = id.hash();
        for (span, table) in self.spans.iter().zip(&self.tables).rev() {
            if id.made_at() > span.max_so_far {
                return None;
            }
            if (span.min..=span.max).contains(&id.made_at())
                && let Some(sequence) = table.find(&self.arena, hash, is)
            {
                return Some(sequence);
            }
        }
        None
    }

    /// Touches what looking up an id will read, so that it is near when its turn comes.
    #[inline]
    pub(crate) fn touch(&self, id: Id) -> u64 {
        if id.is_v7() || self.strays.is_empty() {
            self.filter.touch(id.hash())
        } else {
            self.strays.touch(id.hash())
        }
    }

    /// Spends an id with an event booked at `now`. The caller has looked it up and not found it.
    #[inline]
    pub(crate) fn insert(&mut self, id: Id, sequence: u64, now: i64) {
        if !self.present.holds(id, now) {
            self.strays.insert(id.hash(), sequence);
            return;
        }
        if self.tables.last().is_none_or(Table::is_full) {
            self.begin_table();
        }
        if let (Some(span), Some(table)) = (self.spans.last_mut(), self.tables.last_mut()) {
            span.widen(id.made_at(), sequence);
            let hash = id.hash();
            table.insert(&mut self.arena, Entry::new(hash, sequence));
            self.filter.insert(self.dropped + self.spans.len() - 1, hash);
        }
    }

    /// Spends an id, known by its hash, that was not dated *now* when its part was made.
    pub(crate) fn insert_stray(&mut self, hash: u64, sequence: u64) {
        self.strays.insert(hash, sequence);
    }

    /// Takes note of parts that were attached: ids are looked for in them too, and the tables of their events are dropped.
    pub(crate) fn attached(&mut self, sealed: &Sealed) {
        self.settled = self.settled.max(sealed.newest_id());
        let is_past = |span: &Span| span.last < sealed.end();
        let count = self.spans.iter().take_while(|span| is_past(span)).count();
        self.spans.drain(..count);
        self.tables.drain(..count).for_each(|table| table.free(&mut self.arena));
        self.dropped += count;
    }

    /// Lets the next id begin a table, so that no table is of two parts.
    pub(crate) fn cut(&mut self) {
        if self.spans.last().is_some_and(|span| span.min <= span.max) {
            self.begin_table();
        }
    }

    #[cold]
    fn begin_table(&mut self) {
        self.capacity = (self.capacity * 4).min(TABLE_MAX);
        let max_so_far = self.spans.last().map_or(0, |span| span.max_so_far);
        self.filter.begin(self.dropped + self.tables.len());
        self.tables.push(Table::new(&mut self.arena, self.capacity));
        self.spans.push(Span { min: u64::MAX, max: 0, max_so_far, last: 0 });
        let past = self.spans.len().checked_sub(NEAR + 1).and_then(|last| self.spans.get(last));
        self.settled = self.settled.max(past.map_or(0, |span| span.max_so_far));
    }
}

#[cfg(test)]
#[path = "spent_tests.rs"]
mod tests;
