//! Which ids are spent: the index behind idempotency.
//!
//! Ids are UUIDv7 by default, so nearly every new id is dated *now*. Those go into fixed-size tables that follow one
//! another in time; a new id lies past every older table's range and consults one or two of them, whatever the age of
//! the log. Every other id (a hashed key, a number, a UUID dated away from `now`) goes into sorted runs that merge
//! geometrically, so that a strange id costs its own look-up and slows no other.
//!
//! The index holds positions, not ids: a match is confirmed against the event itself.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::Id;
use crate::log::Position;
use crate::pages::{Chunk, Pages};
use crate::time::SECOND;

/// Entries of the first table; each table has four times its predecessor's, up to [`TABLE_MAX`].
const TABLE_MIN: usize = 1 << 11;
/// As many as the slots' 16 bits can name, so that the slots of the newest table stay near the processor.
const TABLE_MAX: usize = 1 << 15;
/// Tables that a look-up asks without a branch: together they span the skew of clocks at high rates.
const NEAR: usize = 4;
/// New entries of a table that wait for their slots, so that the misses of one overlap with those of the next.
const UNPLACED_MAX: usize = 64;
/// Sorted runs take over from the young entries at this many.
const YOUNG_MAX: usize = 1 << 12;
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
            arena: Arena { pages, chunks: Vec::new(), used: 0 },
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
        self.filter.words.get(Filter::place(id.hash())).map_or(0, |words| words.0[0])
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

/// A filter over the ids of the newest tables. Nearly every question is about an id that is new, and this answers it
/// from one cache line.
///
/// A blocked Bloom filter: three bits in one word of 64, 16 bits an entry, one false answer in some two hundred (Putze,
/// Sanders and Singler, *Cache-, Hash- and Space-Efficient Bloom Filters*, 2009). The words of the newest tables lie
/// side by side, a lane each; a new table takes the lane of the oldest.
#[derive(Clone, Debug, Default)]
struct Filter {
    words: Box<[Words]>,
}

/// One word of each of the newest tables, in one cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Words([u64; NEAR]);

impl Filter {
    const WORDS: usize = TABLE_MAX / 4;

    #[inline]
    fn may_hold(&self, hash: u64) -> bool {
        let bits = Self::bits(hash);
        let words = self.words.get(Self::place(hash)).map(|words| &words.0);
        words.is_some_and(|words| words.iter().fold(false, |may, word| may | (word & bits == bits)))
    }

    fn begin(&mut self, table: usize) {
        if self.words.is_empty() {
            self.words = vec![Words::default(); Self::WORDS].into_boxed_slice();
        }
        for word in self.words.iter_mut().filter_map(|words| words.0.get_mut(table % NEAR)) {
            *word = 0;
        }
    }

    #[inline]
    fn insert(&mut self, table: usize, hash: u64) {
        let words = self.words.get_mut(Self::place(hash));
        if let Some(word) = words.and_then(|words| words.0.get_mut(table % NEAR)) {
            *word |= Self::bits(hash);
        }
    }

    fn place(hash: u64) -> usize {
        // The high half of the hash: the low one finds the slot of a table.
        usize::try_from(hash >> 32).unwrap_or(0) % Self::WORDS
    }

    fn bits(hash: u64) -> u64 {
        (1 << ((hash >> 46) & 63)) | (1 << ((hash >> 52) & 63)) | (1 << (hash >> 58))
    }
}

/// An open-addressing table, at most half full: a slot holds the number of an entry, from one. Entries are written in
/// order and read only to tell a match. Both lie in a piece of a chunk, entries first, and are as many as fit it.
#[derive(Debug)]
struct Table {
    piece: Piece,
    capacity: usize,
    /// How many entries have their place and a slot.
    placed: usize,
    /// The newest entries, which have none yet; they are looked through.
    unplaced: Vec<Entry>,
}

/// The position of an event, and as much of its id's hash as finds a slot and tells most ids apart.
#[derive(Clone, Copy, Debug)]
struct Entry(u64);

impl Entry {
    const HASH_BITS: u32 = 20;
    const POSITION_MASK: u64 = u64::MAX >> Self::HASH_BITS;

    #[inline]
    fn new(hash: u64, position: Position) -> Self {
        // INVARIANT: positions are offsets in this process's memory, which ends far below 2^44 bytes.
        Self((hash << (64 - Self::HASH_BITS)) | (position.0 & Self::POSITION_MASK))
    }

    fn position(self) -> Position {
        Position(self.0 & Self::POSITION_MASK)
    }

    fn hash(self) -> u64 {
        self.0 >> (64 - Self::HASH_BITS)
    }

    fn has(self, hash: u64) -> bool {
        Self::new(hash, Position::NONE).hash() == self.hash()
    }
}

const ENTRY_LEN: usize = size_of::<u64>();
const SLOT_LEN: usize = size_of::<u16>();

impl Table {
    fn new(arena: &mut Arena, capacity: usize) -> Self {
        let table = Self {
            piece: arena.piece(capacity * (ENTRY_LEN + 2 * SLOT_LEN)),
            capacity,
            placed: 0,
            unplaced: Vec::with_capacity(UNPLACED_MAX),
        };
        table.split_mut(arena).1.fill([0; SLOT_LEN]);
        table
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.placed + self.unplaced.len() >= self.capacity
    }

    /// The entries and the slots.
    fn split<'a>(&self, arena: &'a Arena) -> (&'a [[u8; ENTRY_LEN]], &'a [[u8; SLOT_LEN]]) {
        let bytes = arena.bytes(&self.piece);
        let (entries, slots) =
            bytes.split_at_checked(self.capacity * ENTRY_LEN).unwrap_or_default();
        (entries.as_chunks().0, slots.as_chunks().0)
    }

    fn split_mut<'a>(
        &self,
        arena: &'a mut Arena,
    ) -> (&'a mut [[u8; ENTRY_LEN]], &'a mut [[u8; SLOT_LEN]]) {
        let bytes = arena.bytes_mut(&self.piece);
        let (entries, slots) =
            bytes.split_at_mut_checked(self.capacity * ENTRY_LEN).unwrap_or_default();
        (entries.as_chunks_mut().0, slots.as_chunks_mut().0)
    }

    fn find(&self, arena: &Arena, hash: u64, is: impl Fn(Position) -> bool) -> Option<Position> {
        let confirmed = |entry: Entry| {
            let position = entry.position();
            (entry.has(hash) && is(position)).then_some(position)
        };
        if let Some(position) = self.unplaced.iter().copied().find_map(confirmed) {
            return Some(position);
        }
        let (entries, slots) = self.split(arena);
        let mut at = start(hash, slots.len());
        loop {
            let number = u16::from_le_bytes(*slots.get(at)?).checked_sub(1)?;
            let entry = u64::from_le_bytes(*entries.get(usize::from(number))?);
            if let Some(position) = confirmed(Entry(entry)) {
                return Some(position);
            }
            at = next(at, slots.len());
        }
    }

    #[inline]
    fn insert(&mut self, arena: &mut Arena, entry: Entry) {
        self.unplaced.push(entry);
        if self.unplaced.len() == UNPLACED_MAX {
            self.place(arena);
        }
    }

    #[inline(never)]
    fn place(&mut self, arena: &mut Arena) {
        let (entries, slots) = self.split_mut(arena);
        let count = slots.len();
        let room = entries.iter_mut().enumerate().skip(self.placed);
        for ((number, to), entry) in room.zip(&self.unplaced) {
            *to = entry.0.to_le_bytes();
            let mut at = start(entry.hash(), count);
            // INVARIANT: at most half of the slots are in use, so a free one is found.
            while slots.get(at).is_some_and(|slot| *slot != [0; SLOT_LEN]) {
                at = next(at, count);
            }
            if let Some(slot) = slots.get_mut(at) {
                // INVARIANT: a table has at most TABLE_MAX entries, which 16 bits count from one.
                *slot = u16::try_from(number + 1).unwrap_or(0).to_le_bytes();
            }
        }
        self.placed += self.unplaced.len();
        self.unplaced.clear();
    }
}

/// Where looking for a hash begins; `slots` is a power of two.
fn start(hash: u64, slots: usize) -> usize {
    usize::try_from(hash & (slots as u64 - 1)).unwrap_or(0)
}

fn next(at: usize, slots: usize) -> usize {
    (at + 1) & (slots - 1)
}

/// Memory for the tables, cut from chunks of the host's.
#[derive(Debug)]
struct Arena {
    pages: Arc<dyn Pages>,
    chunks: Vec<Held>,
    /// How much of the last chunk is cut off.
    used: usize,
}

struct Held(Box<dyn Chunk>);

/// A piece of a chunk.
#[derive(Debug)]
struct Piece {
    chunk: usize,
    range: Range<usize>,
}

impl Arena {
    const CHUNK_LEN: usize = 16 << 20;

    fn piece(&mut self, len: usize) -> Piece {
        if self.chunks.is_empty() || self.used + len > Self::CHUNK_LEN {
            self.chunks.push(Held(self.pages.chunk(Self::CHUNK_LEN)));
            self.used = 0;
        }
        let range = self.used..self.used + len;
        self.used = range.end;
        Piece { chunk: self.chunks.len() - 1, range }
    }

    fn bytes(&self, piece: &Piece) -> &[u8] {
        let chunk = self.chunks.get(piece.chunk).map(|held| held.0.bytes());
        chunk.and_then(|chunk| chunk.get(piece.range.clone())).unwrap_or_default()
    }

    #[inline]
    fn bytes_mut(&mut self, piece: &Piece) -> &mut [u8] {
        let chunk = self.chunks.get_mut(piece.chunk).map(|held| held.0.bytes_mut());
        chunk.and_then(|chunk| chunk.get_mut(piece.range.clone())).unwrap_or_default()
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.bytes().len())
    }
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
