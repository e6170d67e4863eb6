//! The filter that answers for the newest tables at once.

use super::{NEAR, TABLE_MAX};

/// A filter over the ids of the newest tables. Nearly every question is about an id that is new, and this answers it
/// from one cache line.
///
/// A blocked Bloom filter: three bits in one word of 64, 16 bits an entry, one false answer in some two hundred (Putze,
/// Sanders and Singler, *Cache-, Hash- and Space-Efficient Bloom Filters*, 2009). The words of the newest tables lie
/// side by side, a lane each; a new table takes the lane of the oldest.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    words: Box<[Words]>,
}

/// One word of each of the newest tables, in one cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Words([u64; NEAR]);

impl Filter {
    const WORDS: usize = TABLE_MAX / 4;

    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let bits = Self::bits(hash);
        let words = self.words.get(Self::place(hash)).map(|words| &words.0);
        words.is_some_and(|words| words.iter().fold(false, |may, word| may | (word & bits == bits)))
    }

    pub(super) fn begin(&mut self, table: usize) {
        if self.words.is_empty() {
            self.words = vec![Words::default(); Self::WORDS].into_boxed_slice();
        }
        for word in self.words.iter_mut().filter_map(|words| words.0.get_mut(table % NEAR)) {
            *word = 0;
        }
    }

    #[inline]
    pub(super) fn insert(&mut self, table: usize, hash: u64) {
        let words = self.words.get_mut(Self::place(hash));
        if let Some(word) = words.and_then(|words| words.0.get_mut(table % NEAR)) {
            *word |= Self::bits(hash);
        }
    }

    /// Reads what an answer will read.
    #[inline]
    pub(super) fn touch(&self, hash: u64) -> u64 {
        self.words.get(Self::place(hash)).map_or(0, |words| words.0[0])
    }

    fn place(hash: u64) -> usize {
        // The high half of the hash: the low one finds the slot of a table.
        usize::try_from(hash >> 32).unwrap_or(0) % Self::WORDS
    }

    fn bits(hash: u64) -> u64 {
        (1 << ((hash >> 46) & 63)) | (1 << ((hash >> 52) & 63)) | (1 << (hash >> 58))
    }
}
