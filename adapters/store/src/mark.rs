//! The writer's mark: how many events are durable, for those who read beside it.
//!
//! It is written after a sync and before anything is acknowledged, never synced itself, and proves nothing: recovery
//! and verification do not look at it.

use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::format::u64_at;
use crate::scan::io;

pub(crate) const NAME: &str = "durable";

/// The mark's file; `None` where it cannot be kept, which only readers notice.
pub(crate) fn open<D: Disk>(disk: &D) -> Option<D::File> {
    disk.open(NAME).or_else(|_| disk.create(NAME)).ok()
}

pub(crate) fn write<F: DiskFile>(file: &F, events: u64) {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&events.to_le_bytes());
    bytes[8..].copy_from_slice(&(!events).to_le_bytes());
    // A mark that is not written keeps readers back, and no one else.
    let _ = file.write_at(&bytes, 0);
}

/// How many events the writer has marked as durable; `None` without a writer.
pub(crate) fn durable<D: Disk>(disk: &D) -> Result<Option<u64>, StoreError> {
    // The mark is read after the look for a writer: a block that it counts is whole from here on.
    let is_written = disk.is_written().map_err(io(disk, "look at", "lock"))?;
    Ok(is_written.then(|| read(disk).unwrap_or(0)))
}

/// The mark, if there is one and it is whole.
pub(crate) fn read<D: Disk>(disk: &D) -> Option<u64> {
    let mut bytes = [0; 16];
    let read = disk.open(NAME).ok()?.read_at(&mut bytes, 0).ok()?;
    let (events, check) = (u64_at(&bytes, 0)?, u64_at(&bytes, 8)?);
    (read == bytes.len() && events == !check).then_some(events)
}
