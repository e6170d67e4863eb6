//! The image of the state that a journal leads to, with the end of the journal that it was made at.
//!
//! It is disposable: one that is missing, damaged or of another journal is passed over, and the journal is read from its
//! beginning.

use crate::cipher::{Cipher, Purpose, TAG};
use crate::disk::Disk;
use crate::end::{self, End};
use crate::error::StoreError;
use crate::format::{u32_at, u64_at};
use crate::scan::io;
use crate::whole;

pub(crate) const NAME: &str = "image";
const TEMPORARY: &str = "image.tmp";
const MAGIC: [u8; 8] = *b"THIMAG1\0";
const MAGIC_SEALED: [u8; 8] = *b"THIMAG2\0";
/// Bytes before the pieces of a sealed image.
const HEAD_SEALED: usize = 12;
/// Bytes that are sealed together.
const PIECE: usize = 1 << 20;
/// The largest image: four billion accounts take less.
const LEN_MAX: u64 = 1 << 40;

/// An image as it is kept.
#[derive(Clone, Debug)]
pub struct Image {
    /// Where the journal ended when it was made.
    pub end: End,
    /// What the engine wrote.
    pub state: Vec<u8>,
}

impl Image {
    /// Reads the image of a directory; `None` where there is none that can be used.
    pub fn read<D: Disk>(disk: &D) -> Option<Self> {
        let mut body = whole::read(disk, NAME, MAGIC, LEN_MAX).or_else(|| Self::opened(disk))?;
        let (last_block, len) = (u64_at(&body, 0)?, u64_at(&body, 8)?);
        let state = usize::try_from(len).ok().filter(|_| len <= end::LEN_MAX)? + 16;
        let end = End { last_block, ..End::from_bytes(body.get(16..state)?)? };
        body.drain(..state);
        Some(Self { end, state: body })
    }

    /// Leaves the image in a directory in place of an older one: whole under its name, or not at all.
    ///
    /// # Errors
    /// The disk's.
    pub fn write<D: Disk>(&self, disk: &D) -> Result<(), StoreError> {
        let end = self.end.to_bytes();
        let head = [self.end.last_block, end.len() as u64].map(u64::to_le_bytes).concat();
        let key = disk.seal().current();
        let written = if key == 0 {
            whole::write(disk, NAME, TEMPORARY, MAGIC, &[&head, &end, &self.state])
        } else {
            let cipher = disk.seal().cipher(disk, key, Purpose::Image)?;
            let sealed = self.sealed(key, &cipher, [head, end].concat());
            whole::write(disk, NAME, TEMPORARY, MAGIC_SEALED, &[&sealed])
        };
        written.map_err(io(disk, "write", NAME))
    }

    /// The number of the key, the stamp, and the same bytes as without a key, sealed piece by piece.
    fn sealed(&self, key: u32, cipher: &Cipher, mut first: Vec<u8>) -> Vec<u8> {
        let stamp = self.end.tree().size();
        let room = PIECE.saturating_sub(first.len()).min(self.state.len());
        let (begins, rest) = self.state.split_at(room);
        first.extend_from_slice(begins);
        let mut sealed = [&key.to_le_bytes()[..], &stamp.to_le_bytes()].concat();
        sealed.reserve(first.len() + rest.len() + (rest.len() / PIECE + 2) * TAG);
        let pieces = std::iter::once(&first[..]).chain(rest.chunks(PIECE));
        for (index, piece) in (0..).zip(pieces) {
            cipher.push(&mut sealed, stamp, index, piece);
        }
        sealed
    }

    /// What stands in a sealed image, as it would stand in one that is not.
    fn opened<D: Disk>(disk: &D) -> Option<Vec<u8>> {
        let mut body = whole::read(disk, NAME, MAGIC_SEALED, LEN_MAX)?;
        let (key, stamp) = (u32_at(&body, 0)?, u64_at(&body, 4)?);
        body.drain(..HEAD_SEALED);
        let cipher = disk.seal().cipher(disk, key, Purpose::Image).ok()?;
        let opened = cipher.open_pieces(PIECE, stamp, 0, &mut body)?;
        body.truncate(opened);
        Some(body)
    }
}
