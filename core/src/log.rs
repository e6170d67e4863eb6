//! The log in memory: event bytes in chunks, and for each event the two links that chain an account's history.
//!
//! A position is where an event stands; it grows with the log and says nothing outside this process. Events are never
//! moved, so a position stays good.

use crate::event::EVENT_MAX;
use crate::ledger::transfer::PendingState;

const CHUNK_BITS: u32 = 24;
const CHUNK_LEN: usize = 1 << CHUNK_BITS;
const OFFSET_MASK: u64 = (1 << CHUNK_BITS) - 1;
const LINKS_LEN: usize = 16;
const ALIGNMENT: usize = 8;
/// Every so many events a position is kept, so that a sequence is found in a short walk.
const STRIDE: u64 = 64;
const STATE_SHIFT: u32 = 61;
const LINK_MASK: u64 = (1 << STATE_SHIFT) - 1;

/// A place in the log; zero stands for none, since no account's history begins at the log's head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Position(pub(crate) u64);

impl Position {
    pub(crate) const NONE: Self = Self(0);
}

/// The positions of the events before this one that touched the same debit and the same credit account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Links {
    pub(crate) debit: Position,
    pub(crate) credit: Position,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct EventLog {
    chunks: Vec<Vec<u8>>,
    count: u64,
    sparse: Vec<Position>,
}

impl EventLog {
    /// How many events there are; the next one's sequence.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Bytes held in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    /// Appends the event that `write` writes, and says where it stands.
    #[inline]
    pub(crate) fn push(
        &mut self,
        links: Links,
        state: PendingState,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Position {
        // The largest event fits behind whatever a chunk that is not full holds, so no event crosses a chunk's end.
        if self.chunks.last().is_none_or(|chunk| chunk.len() > CHUNK_LEN - LINKS_LEN - EVENT_MAX) {
            self.chunks.push(Vec::with_capacity(CHUNK_LEN));
        }
        let number = self.chunks.len() as u64 - 1;
        let Some(chunk) = self.chunks.last_mut() else { return Position::NONE };
        let position = Position((number << CHUNK_BITS) | chunk.len() as u64);
        let debit = links.debit.0 | ((state as u64) << STATE_SHIFT);
        let links = u128::from(debit) | (u128::from(links.credit.0) << 64);
        chunk.extend_from_slice(&links.to_le_bytes());
        write(chunk);
        let padding = chunk.len().wrapping_neg() % ALIGNMENT;
        if padding > 0 {
            chunk.resize(chunk.len() + padding, 0);
        }
        if self.count.is_multiple_of(STRIDE) {
            self.sparse.push(position);
        }
        self.count += 1;
        position
    }

    /// The bytes of the event at a position; empty where there is none.
    pub(crate) fn event(&self, position: Position) -> &[u8] {
        self.entry(position).and_then(|(_, event)| event).unwrap_or_default()
    }

    pub(crate) fn links(&self, position: Position) -> Links {
        let (debit, credit) = self.raw_links(position);
        Links { debit: Position(debit & LINK_MASK), credit: Position(credit) }
    }

    pub(crate) fn pending_state(&self, position: Position) -> PendingState {
        PendingState::from_bits(self.raw_links(position).0 >> STATE_SHIFT)
    }

    pub(crate) fn set_pending_state(&mut self, position: Position, state: PendingState) {
        let raw = (self.raw_links(position).0 & LINK_MASK) | ((state as u64) << STATE_SHIFT);
        let (number, offset) = split(position);
        let bytes = self.chunks.get_mut(number).and_then(|chunk| chunk.get_mut(offset..));
        if let Some(first) = bytes.and_then(|bytes| bytes.first_chunk_mut::<8>()) {
            *first = raw.to_le_bytes();
        }
    }

    /// The position of the event with this sequence.
    pub(crate) fn position_of(&self, sequence: u64) -> Option<Position> {
        if sequence >= self.count {
            return None;
        }
        let stride = usize::try_from(sequence / STRIDE).ok()?;
        let mut position = *self.sparse.get(stride)?;
        for _ in 0..sequence % STRIDE {
            position = self.next(position)?;
        }
        Some(position)
    }

    /// The event bytes with this sequence.
    pub(crate) fn by_sequence(&self, sequence: u64) -> Option<&[u8]> {
        self.position_of(sequence).map(|position| self.event(position))
    }

    /// Positions and events from a sequence on, oldest first.
    pub(crate) fn from(&self, sequence: u64) -> impl Iterator<Item = (Position, &[u8])> {
        let mut next = self.position_of(sequence);
        std::iter::from_fn(move || {
            let position = next?;
            next = self.next(position);
            Some((position, self.event(position)))
        })
    }

    /// Positions and events, newest first.
    pub(crate) fn backward(&self) -> impl Iterator<Item = (Position, &[u8])> {
        let mut strides = (0..self.sparse.len()).rev();
        let mut batch: Vec<Position> = Vec::new();
        std::iter::from_fn(move || {
            if batch.is_empty() {
                let mut position = self.sparse.get(strides.next()?).copied();
                while let Some(at) = position {
                    batch.push(at);
                    position = if batch.len() as u64 == STRIDE { None } else { self.next(at) };
                }
            }
            batch.pop().map(|position| (position, self.event(position)))
        })
    }

    fn next(&self, position: Position) -> Option<Position> {
        let (number, offset) = split(position);
        let after = offset + LINKS_LEN + self.event(position).len().next_multiple_of(ALIGNMENT);
        if after < self.chunks.get(number)?.len() {
            Some(Position(((number as u64) << CHUNK_BITS) | after as u64))
        } else {
            (number + 1 < self.chunks.len()).then(|| Position((number as u64 + 1) << CHUNK_BITS))
        }
    }

    fn raw_links(&self, position: Position) -> (u64, u64) {
        let Some((links, _)) = self.entry(position) else { return (0, 0) };
        let (debit, credit) = links.split_at(8);
        let read = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        (read(debit), read(credit))
    }

    fn entry(&self, position: Position) -> Option<(&[u8], Option<&[u8]>)> {
        let (number, offset) = split(position);
        let (links, rest) = self.chunks.get(number)?.get(offset..)?.split_at_checked(LINKS_LEN)?;
        Some((links, crate::event::size_of(rest).and_then(|size| rest.get(..size))))
    }
}

fn split(position: Position) -> (usize, usize) {
    // INVARIANT: a position was made from a chunk's number and an offset in it, both of which were a usize.
    let number = usize::try_from(position.0 >> CHUNK_BITS).unwrap_or(usize::MAX);
    (number, usize::try_from(position.0 & OFFSET_MASK).unwrap_or(usize::MAX))
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
