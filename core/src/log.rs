//! The log in memory: event bytes in chunks, and for each event the two links that chain an account's history.
//!
//! A position is where an event stands; it grows with the log and says nothing outside this process. Events are never
//! moved, so a position stays good.

use std::fmt;
use std::sync::Arc;

use crate::event::TRANSFER_LEN as PLAIN_LEN;
use crate::ledger::transfer::PendingState;
use crate::pages::{Chunk, Pages};

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

#[derive(Debug)]
pub(crate) struct EventLog {
    pages: Arc<dyn Pages>,
    chunks: Vec<Filled>,
    count: u64,
    sparse: Vec<Position>,
}

/// A chunk, as far as it is filled.
struct Filled {
    chunk: Box<dyn Chunk>,
    len: usize,
}

impl Filled {
    /// What is filled, from an offset on.
    #[inline]
    fn from(&self, offset: usize) -> Option<&[u8]> {
        self.chunk.bytes().get(offset..self.len)
    }
}

impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len)
    }
}

impl EventLog {
    pub(crate) fn new(pages: Arc<dyn Pages>) -> Self {
        Self { pages, chunks: Vec::new(), count: 0, sparse: Vec::new() }
    }

    /// How many events there are; the next one's sequence.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Bytes held in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.chunks.iter().map(|filled| filled.len).sum()
    }

    /// Appends an event, and says where it stands.
    #[inline(always)]
    pub(crate) fn push(&mut self, links: Links, state: PendingState, event: &[u8]) -> Position {
        // INVARIANT: an event is far shorter than a chunk, and none crosses a chunk's end.
        let needed = (LINKS_LEN + event.len()).next_multiple_of(ALIGNMENT);
        if self.chunks.last().is_none_or(|filled| filled.len + needed > CHUNK_LEN) {
            self.grow();
        }
        let number = self.chunks.len() as u64 - 1;
        let Some(filled) = self.chunks.last_mut() else { return Position::NONE };
        let position = Position((number << CHUNK_BITS) | filled.len as u64);
        let entry = filled.chunk.bytes_mut().get_mut(filled.len..filled.len + needed);
        if let Some((own_links, own_event)) = entry.and_then(|entry| entry.split_first_chunk_mut())
        {
            let debit = links.debit.0 | ((state as u64) << STATE_SHIFT);
            let links = u128::from(debit) | (u128::from(links.credit.0) << 64);
            *own_links = links.to_le_bytes();
            fill(own_event, event);
        }
        filled.len += needed;
        if self.count.is_multiple_of(STRIDE) {
            self.sparse.push(position);
        }
        self.count += 1;
        position
    }

    #[cold]
    fn grow(&mut self) {
        self.chunks.push(Filled { chunk: self.pages.chunk(CHUNK_LEN), len: 0 });
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
        let chunk = self.chunks.get_mut(number).map(|filled| filled.chunk.bytes_mut());
        let bytes = chunk.and_then(|chunk| chunk.get_mut(offset..));
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
        if after < self.chunks.get(number)?.len {
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
        let (links, rest) = self.chunks.get(number)?.from(offset)?.split_at_checked(LINKS_LEN)?;
        Some((links, crate::event::size_of(rest).and_then(|size| rest.get(..size))))
    }
}

/// Writes an event, and zeros behind it.
#[inline]
fn fill(to: &mut [u8], event: &[u8]) {
    // Nearly all events are as long as a plain transfer, which has no padding: a length that is known is copied in place.
    let plain: Option<&[u8; PLAIN_LEN]> = event.try_into().ok();
    if let (Some(plain), Ok(to)) = (plain, <&mut [u8; PLAIN_LEN]>::try_from(&mut *to)) {
        *to = *plain;
    } else if let Some((own, padding)) = to.split_at_mut_checked(event.len()) {
        own.copy_from_slice(event);
        padding.fill(0);
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
