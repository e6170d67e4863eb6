//! The ids that are not dated *now*: a hash table that grows by one small bucket at a time.
//!
//! Extendible hashing (Fagin, Nievergelt, Pippenger and Strong, 1979): a directory by the hash's first bits leads to
//! buckets, and a bucket that is full is split by the next bit. No insertion moves more than one bucket, so nothing
//! stalls, whatever the number of ids.

use std::collections::BTreeMap;

/// Slots of a bucket; at most [`FULL`] of them are in use.
const SLOTS: usize = 1 << 10;
const FULL: u16 = 820;
/// Bits of a hash that are kept, and of a sequence.
const HASH_BITS: u32 = 40;
const SEQUENCE_MAX: u64 = (1 << 40) - 1;
const ENTRY_LEN: usize = 10;
/// The directory has at most so many entries a bucket, beyond a first few. Ids whose hashes agree in so many bits that
/// it would need more were made to; they go to a tree.
const SPARSE: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Strays {
    /// The number of the bucket for each value of the first `depth` bits.
    directory: Vec<u32>,
    depth: u32,
    buckets: Vec<Bucket>,
    crowd: BTreeMap<u64, Vec<u64>>,
}

/// A small open-addressing table. An entry is five bytes of hash and five of sequence plus one; zero is a free slot.
struct Bucket {
    depth: u32,
    len: u16,
    slots: Box<[[u8; ENTRY_LEN]; SLOTS]>,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} entries of {} bits", self.len, self.depth)
    }
}

impl Strays {
    pub(super) fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    /// The sequence that spent an id with this hash; `is` confirms a candidate.
    pub(super) fn find(&self, hash: u64, is: impl Fn(u64) -> bool) -> Option<u64> {
        let kept = kept(hash);
        let found = self.bucket(kept)?.find(kept, &is);
        if found.is_some() || self.crowd.is_empty() {
            return found;
        }
        self.crowd.get(&kept)?.iter().copied().find(|sequence| is(*sequence))
    }

    /// Touches what finding an id with this hash will read.
    #[inline]
    pub(super) fn touch(&self, hash: u64) -> u64 {
        let kept = kept(hash);
        let slot = self.bucket(kept).and_then(|bucket| bucket.slots.get(start(kept)));
        slot.map_or(0, |slot| u64::from(slot[0]))
    }

    pub(super) fn insert(&mut self, hash: u64, sequence: u64) {
        let kept = kept(hash);
        if self.buckets.is_empty() {
            self.buckets.push(Bucket::new(0));
            self.directory.push(0);
        }
        loop {
            let Some(number) = self.number(kept) else { return };
            let Some(bucket) = self.buckets.get_mut(number) else { return };
            if bucket.len < FULL && sequence < SEQUENCE_MAX {
                bucket.insert(kept, sequence);
                return;
            }
            let doubled = if bucket.depth == self.depth { self.directory.len() * 2 } else { 0 };
            if doubled > SPARSE * (self.buckets.len() + SPARSE) || sequence >= SEQUENCE_MAX {
                self.crowd.entry(kept).or_default().push(sequence);
                return;
            }
            self.split(number, kept);
        }
    }

    #[inline]
    fn number(&self, kept: u64) -> Option<usize> {
        // INVARIANT: a hash has more bits than the directory's depth, and a directory's index is a usize.
        let at = usize::try_from(kept >> (HASH_BITS - self.depth)).ok()?;
        self.directory.get(at).and_then(|number| usize::try_from(*number).ok())
    }

    #[inline]
    fn bucket(&self, kept: u64) -> Option<&Bucket> {
        self.buckets.get(self.number(kept)?)
    }

    /// Splits the bucket of a hash in two by the next bit.
    #[cold]
    fn split(&mut self, number: usize, kept: u64) {
        let Some(full) = self.buckets.get_mut(number) else { return };
        let depth = full.depth + 1;
        let full = std::mem::replace(full, Bucket::new(depth));
        if depth > self.depth {
            // Each entry of the directory becomes two.
            self.directory = self.directory.iter().flat_map(|number| [*number; 2]).collect();
            self.depth = depth;
        }
        // INVARIANT: a bucket has at least some hundred ids when it is split, so a u32 counts the buckets.
        let other = u32::try_from(self.buckets.len()).unwrap_or(u32::MAX);
        self.buckets.push(Bucket::new(depth));
        // The bucket's entries follow one another; the upper half is the other's.
        let half = 1_usize << (self.depth - depth);
        let own = usize::try_from(kept >> (HASH_BITS - self.depth)).unwrap_or(0) & !(2 * half - 1);
        let upper = self.directory.get_mut(own + half..own + 2 * half);
        upper.unwrap_or_default().fill(other);
        for (kept, sequence) in full.entries() {
            if let Some(number) = self.number(kept)
                && let Some(bucket) = self.buckets.get_mut(number)
            {
                bucket.insert(kept, sequence);
            }
        }
    }
}

impl Bucket {
    fn new(depth: u32) -> Self {
        Self { depth, len: 0, slots: Box::new([[0; ENTRY_LEN]; SLOTS]) }
    }

    fn find(&self, kept: u64, is: &impl Fn(u64) -> bool) -> Option<u64> {
        let mut at = start(kept);
        loop {
            let (own, sequence) = read(self.slots.get(at)?)?;
            if own == kept && is(sequence) {
                return Some(sequence);
            }
            at = (at + 1) % SLOTS;
        }
    }

    fn insert(&mut self, kept: u64, sequence: u64) {
        let mut at = start(kept);
        // INVARIANT: a bucket is never full, so a free slot is found.
        while self.slots.get(at).is_some_and(|slot| read(slot).is_some()) {
            at = (at + 1) % SLOTS;
        }
        if let Some(slot) = self.slots.get_mut(at) {
            let (hash, number) = slot.split_at_mut(ENTRY_LEN / 2);
            hash.copy_from_slice(kept.to_le_bytes().split_at(ENTRY_LEN / 2).0);
            number.copy_from_slice((sequence + 1).to_le_bytes().split_at(ENTRY_LEN / 2).0);
            self.len += 1;
        }
    }

    fn entries(&self) -> impl Iterator<Item = (u64, u64)> {
        self.slots.iter().filter_map(read)
    }
}

/// The hash and the sequence in a slot that is in use.
fn read(slot: &[u8; ENTRY_LEN]) -> Option<(u64, u64)> {
    let [a, b, c, d, e, v, w, x, y, z] = *slot;
    let kept = u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]);
    let number = u64::from_le_bytes([v, w, x, y, z, 0, 0, 0]);
    number.checked_sub(1).map(|sequence| (kept, sequence))
}

/// The bits of a hash that are kept: the upper ones choose the bucket, the lower ones the slot.
fn kept(hash: u64) -> u64 {
    hash >> (64 - HASH_BITS)
}

fn start(kept: u64) -> usize {
    usize::try_from(kept % SLOTS as u64).unwrap_or(0)
}

#[cfg(test)]
#[path = "strays_tests.rs"]
mod tests;
