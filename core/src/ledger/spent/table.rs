//! A table of ids that were spent at about the same time.

use super::arena::{Arena, Piece};

/// New entries of a table that wait for their slots, so that the misses of one overlap with those of the next.
const UNPLACED_MAX: usize = 64;

/// An open-addressing table, at most half full: a slot holds the number of an entry, from one. Entries are written in
/// order and read only to tell a match. Both lie in a piece of a chunk, entries first, and are as many as fit it.
#[derive(Debug)]
pub(super) struct Table {
    piece: Piece,
    pub(super) capacity: usize,
    /// How many entries have their place and a slot.
    placed: usize,
    /// The newest entries, which have none yet; they are looked through.
    unplaced: Vec<Entry>,
}

/// The sequence of an event, and as much of its id's hash as finds a slot and tells most ids apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry(u64);

impl Entry {
    const HASH_BITS: u32 = 20;
    const SEQUENCE_MASK: u64 = u64::MAX >> Self::HASH_BITS;

    #[inline]
    pub(super) fn new(hash: u64, sequence: u64) -> Self {
        // INVARIANT: a log has far fewer than 2^44 events, which would take two petabytes.
        Self((hash << (64 - Self::HASH_BITS)) | (sequence & Self::SEQUENCE_MASK))
    }

    fn sequence(self) -> u64 {
        self.0 & Self::SEQUENCE_MASK
    }

    fn hash(self) -> u64 {
        self.0 >> (64 - Self::HASH_BITS)
    }

    fn has(self, hash: u64) -> bool {
        Self::new(hash, 0).hash() == self.hash()
    }
}

const ENTRY_LEN: usize = size_of::<u64>();
const SLOT_LEN: usize = size_of::<u16>();

impl Table {
    pub(super) fn new(arena: &mut Arena, capacity: usize) -> Self {
        let table = Self {
            piece: arena.piece(capacity * (ENTRY_LEN + 2 * SLOT_LEN)),
            capacity,
            placed: 0,
            unplaced: Vec::with_capacity(UNPLACED_MAX),
        };
        table.split_mut(arena).1.fill([0; SLOT_LEN]);
        table
    }

    /// Gives the table's memory back.
    pub(super) fn free(self, arena: &mut Arena) {
        arena.free(&self.piece);
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
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

    pub(super) fn find(&self, arena: &Arena, hash: u64, is: impl Fn(u64) -> bool) -> Option<u64> {
        let confirmed = |entry: Entry| {
            let sequence = entry.sequence();
            (entry.has(hash) && is(sequence)).then_some(sequence)
        };
        if let Some(sequence) = self.unplaced.iter().copied().find_map(confirmed) {
            return Some(sequence);
        }
        let (entries, slots) = self.split(arena);
        let mut at = start(hash, slots.len());
        loop {
            let number = u16::from_le_bytes(*slots.get(at)?).checked_sub(1)?;
            let entry = u64::from_le_bytes(*entries.get(usize::from(number))?);
            if let Some(sequence) = confirmed(Entry(entry)) {
                return Some(sequence);
            }
            at = next(at, slots.len());
        }
    }

    #[inline]
    pub(super) fn insert(&mut self, arena: &mut Arena, entry: Entry) {
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
