//! The image of the state that a journal leads to, with the end of the journal that it was made at.
//!
//! It is disposable: one that is missing, damaged or of another journal is passed over, and the journal is read from its
//! beginning.

use crate::disk::Disk;
use crate::end::{self, End};
use crate::error::StoreError;
use crate::format::u64_at;
use crate::scan::io;
use crate::whole;

pub(crate) const NAME: &str = "image";
const TEMPORARY: &str = "image.tmp";
const MAGIC: [u8; 8] = *b"THIMAG1\0";
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
        let mut body = whole::read(disk, NAME, MAGIC, LEN_MAX)?;
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
        whole::write(disk, NAME, TEMPORARY, MAGIC, &[&head, &end, &self.state])
            .map_err(io(disk, "write", NAME))
    }
}
