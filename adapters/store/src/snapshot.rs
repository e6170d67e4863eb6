//! The snapshot that a close leaves: what spares the next opening from hashing the log again.
//!
//! It is disposable: one that is missing, of another version or wrong in its checksum is passed over. The hash of the
//! state is a second opinion: replaying the same events must come to the same state.

use thalium::audit::merkle::{Hash, MerkleTree};

use crate::disk::{Disk, DiskFile};
use crate::format::u64_at;

pub(crate) const NAME: &str = "snapshot";
const TEMPORARY: &str = "snapshot.tmp";
const MAGIC: [u8; 8] = *b"THSNAP1\0";

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
        let file = disk.open(NAME).ok()?;
        let len = usize::try_from(file.len().ok()?).ok().filter(|len| *len <= 4096)?;
        let mut bytes = vec![0; len];
        file.read_at(&mut bytes, 0).ok()?;
        Self::from_bytes(&bytes)
    }

    /// Leaves the snapshot in a directory: whole under its name, or not at all.
    pub(crate) fn write<D: Disk>(&self, disk: &D) -> std::io::Result<()> {
        let file = disk.create(TEMPORARY)?;
        file.write_at(&self.to_bytes(), 0)?;
        file.sync()?;
        disk.rename(TEMPORARY, NAME)?;
        disk.sync_names()
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&self.tree.size().to_le_bytes());
        bytes.extend_from_slice(&self.state_hash);
        for peak in self.tree.peaks() {
            bytes.extend_from_slice(peak);
        }
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, sum) = bytes.split_last_chunk::<4>()?;
        if crc32c::crc32c(body).to_le_bytes() != *sum || body.get(..8)? != MAGIC {
            return None;
        }
        let size = u64_at(body, 8)?;
        let state_hash = *body.get(16..)?.first_chunk()?;
        let (peaks, rest) = body.get(48..)?.as_chunks::<32>();
        if !rest.is_empty() {
            return None;
        }
        Some(Self { tree: MerkleTree::from_peaks(size, peaks.to_vec())?, state_hash })
    }
}
