//! A stretch of the log in memory: event bytes one after another in a chunk, each behind the two links that chain the
//! history of its accounts.

use std::fmt;

use super::Links;
use crate::event::{self, TRANSFER_LEN as PLAIN_LEN};
use crate::pages::Chunk;

pub(super) const CHUNK_LEN: usize = 1 << 24;
const LINKS_LEN: usize = 16;
const ALIGNMENT: usize = 8;
/// Every so many events an offset is kept, so that a sequence is found in a short walk.
const STRIDE: u64 = 16;

/// Events that follow one another. They are never moved.
pub(crate) struct Stretch {
    chunk: Box<dyn Chunk>,
    len: usize,
    first: u64,
    count: u64,
    /// Where every [`STRIDE`]-th event stands.
    strides: Vec<u32>,
}

impl fmt::Debug for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} events from {} in {} bytes", self.count, self.first, self.len)
    }
}

impl Stretch {
    /// An empty stretch whose first event will have this sequence.
    pub(super) fn new(chunk: Box<dyn Chunk>, first: u64) -> Self {
        Self { chunk, len: 0, first, count: 0, strides: Vec::new() }
    }

    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// The sequence after its last event.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.count
    }

    pub(super) fn bytes(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn has_room(&self, event: usize) -> bool {
        self.len + entry_len(event) <= CHUNK_LEN
    }

    #[inline(always)]
    pub(super) fn push(&mut self, links: Links, event: &[u8]) {
        let needed = entry_len(event.len());
        if self.count.is_multiple_of(STRIDE) {
            // INVARIANT: a chunk is far shorter than 4 GiB.
            self.strides.push(u32::try_from(self.len).unwrap_or(u32::MAX));
        }
        let entry = self.chunk.bytes_mut().get_mut(self.len..self.len + needed);
        if let Some((own_links, own_event)) = entry.and_then(|entry| entry.split_first_chunk_mut())
        {
            let links = u128::from(links.debit) | (u128::from(links.credit) << 64);
            let to: &mut [u8; LINKS_LEN] = own_links;
            *to = links.to_le_bytes();
            fill(own_event, event);
        }
        self.len += needed;
        self.count += 1;
    }

    pub(super) fn entry(&self, sequence: u64) -> Option<(Links, &[u8])> {
        self.entries_from(sequence).next()
    }

    /// Links and events from a sequence on, oldest first.
    pub(crate) fn entries_from(&self, sequence: u64) -> impl Iterator<Item = (Links, &[u8])> {
        let mut offset = self.offset_of(sequence);
        std::iter::from_fn(move || {
            let at = offset?;
            let (links, event) = self.entry_at(at)?;
            offset = Some(at + entry_len(event.len()));
            Some((links, event))
        })
    }

    fn offset_of(&self, sequence: u64) -> Option<usize> {
        let nth = sequence.checked_sub(self.first).filter(|nth| *nth < self.count)?;
        let stride = self.strides.get(usize::try_from(nth / STRIDE).ok()?)?;
        let mut offset = usize::try_from(*stride).ok()?;
        for _ in 0..nth % STRIDE {
            offset += entry_len(self.entry_at(offset)?.1.len());
        }
        Some(offset)
    }

    fn entry_at(&self, offset: usize) -> Option<(Links, &[u8])> {
        let filled = self.chunk.bytes().get(offset..self.len)?;
        let (links, rest) = filled.split_first_chunk::<LINKS_LEN>()?;
        let (debit, credit) = links.split_at(8);
        let read = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let event = rest.get(..event::size_of(rest)?)?;
        Some((Links { debit: read(debit), credit: read(credit) }, event))
    }
}

#[inline]
fn entry_len(event: usize) -> usize {
    (LINKS_LEN + event).next_multiple_of(ALIGNMENT)
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
