//! The journal: where events become durable.

use crate::audit::merkle::MerkleTree;

/// A block: events that become durable together. Its boundaries depend on timing and mean nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The bytes of the events, one after another; each begins with its size.
    pub events: Vec<u8>,
    /// How many events there are.
    pub event_count: u64,
    /// The Merkle tree over the log with these events in it.
    pub tree: MerkleTree,
}

/// Where events become durable.
///
/// An implementation keeps to the letter:
/// - `append` returns only when the block will survive the loss of power, whole; or it fails.
/// - Blocks come back from `replay` in the order in which they were appended, byte for byte.
/// - After an error of `append` nothing more is accepted: whether the block survived is known only after reopening.
/// - The first event of a block has the sequence at which the last block ended; any other is refused.
pub trait Journal {
    /// Why the journal failed; its text says what, where and what to do.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Makes a block durable.
    ///
    /// # Errors
    /// The block may or may not be durable; the journal takes no more.
    fn append(&mut self, block: &Block) -> Result<(), Self::Error>;

    /// Hands every durable event to `take`, oldest first.
    ///
    /// # Errors
    /// A journal that cannot be read.
    fn replay(&mut self, take: &mut dyn FnMut(&[u8])) -> Result<(), Self::Error>;

    /// How many events are durable.
    fn event_count(&self) -> u64;

    /// The tree over the durable events.
    fn tree(&self) -> MerkleTree;
}
