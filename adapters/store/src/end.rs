//! Where a journal ends: all that its next block depends on.

use thalium::audit::merkle::{Hash, MerkleTree};

use crate::format::u64_at;

/// The end of a journal after a block.
#[derive(Clone, Debug)]
pub struct End {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
    /// Where the last block of the segment begins; zero while it has none.
    pub(crate) last_block: u64,
    pub(crate) next_block: u64,
    pub(crate) generation: u64,
    pub(crate) previous: Hash,
    pub(crate) tree: MerkleTree,
}

/// Bytes of the fields before the peaks of the tree.
const FIXED: usize = 72;
/// The longest that an end is: a tree of 2⁶⁴ leaves has 64 peaks.
pub(crate) const LEN_MAX: u64 = (FIXED + 64 * 32) as u64;

impl End {
    /// The tree over the events up to there.
    #[must_use]
    pub fn tree(&self) -> &MerkleTree {
        &self.tree
    }

    /// The hash of the last block's header: it commits to all that went before.
    #[must_use]
    pub fn last_hash(&self) -> Hash {
        self.previous
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for number in [self.segment, self.offset, self.next_block, self.generation] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.previous);
        bytes.extend_from_slice(&self.tree.size().to_le_bytes());
        self.tree.peaks().iter().for_each(|peak| bytes.extend_from_slice(peak));
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (peaks, rest) = bytes.get(FIXED..)?.as_chunks::<32>();
        let tree = MerkleTree::from_peaks(u64_at(bytes, 64)?, peaks.to_vec())?;
        rest.is_empty().then_some(Self {
            segment: u64_at(bytes, 0)?,
            offset: u64_at(bytes, 8)?,
            last_block: 0,
            next_block: u64_at(bytes, 16)?,
            generation: u64_at(bytes, 24)?,
            previous: *bytes.get(32..)?.first_chunk()?,
            tree,
        })
    }
}
