//! The entries of an index, and the pages that they fill. No entry crosses a page's end.

use super::PAGE_LEN;
use crate::Id;

/// What stands in the pages of a section.
pub(crate) trait Entry: Sized + Copy {
    const LEN: usize;
    const PER_PAGE: usize = PAGE_LEN / Self::LEN;

    fn write(self, to: &mut [u8]);
    fn read(from: &[u8]) -> Option<Self>;

    /// How many pages so many entries fill.
    fn pages(count: u64) -> u64 {
        count.div_ceil(Self::PER_PAGE as u64)
    }

    /// The entries of a page of which so many are in use.
    fn all(page: &[u8], count: usize) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        let chunks = page.chunks_exact(Self::LEN).take(count.min(Self::PER_PAGE));
        // INVARIANT: a chunk has the length of an entry, so every one is read.
        chunks.map(|chunk| Self::read(chunk).unwrap_or_else(Self::nothing))
    }

    fn nothing() -> Self;
}

/// A number of 32 bits to sort by, and an event's place in the part below it: the upper half of the hash of a spent id
/// that was dated *now*, or an effective date.
impl Entry for u64 {
    const LEN: usize = 8;

    fn write(self, to: &mut [u8]) {
        to.copy_from_slice(&self.to_le_bytes());
    }

    fn read(from: &[u8]) -> Option<Self> {
        from.first_chunk().map(|bytes| Self::from_le_bytes(*bytes))
    }

    fn nothing() -> Self {
        0
    }
}

/// The place in the part of an event that moved an account.
impl Entry for u32 {
    const LEN: usize = 4;

    fn write(self, to: &mut [u8]) {
        to.copy_from_slice(&self.to_le_bytes());
    }

    fn read(from: &[u8]) -> Option<Self> {
        from.first_chunk().map(|bytes| Self::from_le_bytes(*bytes))
    }

    fn nothing() -> Self {
        0
    }
}

/// An account that the part's events moved, and where the list of those events stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    pub(crate) account: Id,
    /// The sequence of the event before the part that moved the account; zero for none.
    pub(crate) before: u64,
    /// The first entry of its list.
    pub(crate) start: u32,
    pub(crate) count: u32,
}

impl Entry for Directory {
    const LEN: usize = 32;

    fn write(self, to: &mut [u8]) {
        for (to, from) in to.iter_mut().zip(
            [
                self.account.0.to_be_bytes().as_slice(),
                &self.before.to_le_bytes(),
                &self.start.to_le_bytes(),
                &self.count.to_le_bytes(),
            ]
            .concat(),
        ) {
            *to = from;
        }
    }

    fn read(from: &[u8]) -> Option<Self> {
        Some(Self {
            account: Id(u128::from_be_bytes(*from.first_chunk()?)),
            before: u64::from_le_bytes(*from.get(16..)?.first_chunk()?),
            start: u32::from_le_bytes(*from.get(24..)?.first_chunk()?),
            count: u32::from_le_bytes(*from.get(28..)?.first_chunk()?),
        })
    }

    fn nothing() -> Self {
        Self { account: Id::ZERO, before: 0, start: 0, count: 0 }
    }
}

/// A spent id that was not dated *now*: its hash and the event's place in the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stray {
    pub(crate) hash: u64,
    pub(crate) ordinal: u32,
}

impl Entry for Stray {
    const LEN: usize = 12;

    fn write(self, to: &mut [u8]) {
        if let Some((hash, ordinal)) = to.split_first_chunk_mut() {
            *hash = self.hash.to_le_bytes();
            ordinal.copy_from_slice(&self.ordinal.to_le_bytes());
        }
    }

    fn read(from: &[u8]) -> Option<Self> {
        Some(Self {
            hash: u64::from_le_bytes(*from.first_chunk()?),
            ordinal: u32::from_le_bytes(*from.get(8..)?.first_chunk()?),
        })
    }

    fn nothing() -> Self {
        Self { hash: 0, ordinal: 0 }
    }
}

/// Writes entries into pages behind what `to` holds, and fills the last page.
pub(crate) fn fill<E: Entry>(to: &mut Vec<u8>, entries: impl IntoIterator<Item = E>) {
    let mut left = 0;
    for entry in entries {
        if left == 0 {
            to.resize(to.len().next_multiple_of(PAGE_LEN), 0);
            left = E::PER_PAGE;
        }
        let at = to.len();
        to.resize(at + E::LEN, 0);
        if let Some(place) = to.get_mut(at..) {
            entry.write(place);
        }
        left -= 1;
    }
    to.resize(to.len().next_multiple_of(PAGE_LEN), 0);
}
