//! Small files that are there whole or not at all: written under another name, synced, renamed.

use crate::disk::{Disk, DiskFile};

/// Bytes of the magic at the beginning, and of the sum at the end.
const FRAME: usize = 8 + 4;

/// What a file holds between its magic and its sum; `None` where there is none that is whole.
pub(crate) fn read<D: Disk>(disk: &D, name: &str, magic: [u8; 8], most: u64) -> Option<Vec<u8>> {
    let file = disk.open(name).ok()?;
    let len = file.len().ok().filter(|len| *len <= most.saturating_add(FRAME as u64))?;
    let mut bytes = vec![0; usize::try_from(len).ok()?];
    let read = file.read_at(&mut bytes, 0).ok()?;
    bytes.truncate(read);
    let (body, sum) = bytes.split_last_chunk::<4>()?;
    if crc32c::crc32c(body).to_le_bytes() != *sum || body.get(..8)? != magic {
        return None;
    }
    let end = body.len();
    bytes.truncate(end);
    bytes.drain(..8);
    Some(bytes)
}

/// Replaces a file by one that holds `body`. `temporary` is the name under which it is written.
pub(crate) fn write<D: Disk>(
    disk: &D,
    name: &str,
    temporary: &str,
    magic: [u8; 8],
    body: &[&[u8]],
) -> std::io::Result<()> {
    let file = disk.create(temporary)?;
    let (mut sum, mut at) = (crc32c::crc32c(&magic), magic.len() as u64);
    file.write_at(&magic, 0)?;
    for part in body {
        file.write_at(part, at)?;
        sum = crc32c::crc32c_append(sum, part);
        at += part.len() as u64;
    }
    file.write_at(&sum.to_le_bytes(), at)?;
    file.sync()?;
    disk.rename(temporary, name)?;
    disk.sync_names()
}
