//! The snapshot that a close leaves: what spares the next opening from hashing the log again.
//!
//! It is disposable: one that is missing, of another version or wrong in its checksum is passed over. The hash of the
//! state is a second opinion: replaying the same events must come to the same state.

use thalium::audit::merkle::{Hash, MerkleTree};

use crate::disk::Disk;
use crate::format::u64_at;
use crate::whole;

pub(crate) const NAME: &str = "snapshot";
const TEMPORARY: &str = "snapshot.tmp";
const MAGIC: [u8; 8] = *b"THSNAP1\0";
const LEN_MAX: u64 = 4096;

/// The tree over the log and the hash of the state at the time of a close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The tree over all events.
    pub tree: MerkleTree,
    /// The hash of the state after them.
    pub state_hash: Hash,
}

impl Snapshot {
    /// Reads the snapshot of a directory; `None` where there is none that can be used.
    pub(crate) fn read<D: Disk>(disk: &D) -> Option<Self> {
        let body = whole::read(disk, NAME, MAGIC, LEN_MAX)?;
        let size = u64_at(&body, 0)?;
        let state_hash = *body.get(8..)?.first_chunk()?;
        let (peaks, rest) = body.get(40..)?.as_chunks::<32>();
        if !rest.is_empty() {
            return None;
        }
        Some(Self { tree: MerkleTree::from_peaks(size, peaks.to_vec())?, state_hash })
    }

    /// Leaves the snapshot in a directory: whole under its name, or not at all.
    pub(crate) fn write<D: Disk>(&self, disk: &D) -> std::io::Result<()> {
        let (size, peaks) = (self.tree.size().to_le_bytes(), self.tree.peaks().concat());
        whole::write(disk, NAME, TEMPORARY, MAGIC, &[&size, &self.state_hash, &peaks])
    }
}
