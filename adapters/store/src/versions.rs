//! Files of a newer build are refused, whatever they are: to pass one over and make it anew in the older format would undo
//! what the newer build relies on.
//!
//! A version is believed only where the sum of what says it fits: a damaged file is not taken for a newer one. Whatever the
//! version, these stay where they are: the magic and its digit, a segment's version at byte 8, the sum of a first sector at
//! byte 508, and the sum of any other file at its end.

use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::format::{self, SECTOR, SegmentHeader};
use crate::scan::{self, io};
use crate::{backup, image, part, seal, snapshot};

/// Bytes that are read at a time for the sum of a file.
const PIECE: usize = 1 << 20;

/// The beginning of a file's magic, and the newest version that is known: the digit behind it.
fn known(name: &str) -> Option<(&'static [u8], u8)> {
    match name {
        image::NAME => Some((b"THIMAG", 2)),
        snapshot::NAME => Some((b"THSNAP", 1)),
        seal::NAME => Some((b"THKEYS", 1)),
        backup::STATE => Some((b"THBKUP", 1)),
        name if part::number_of(name).is_some() => Some((b"THPART", 1)),
        name if format::segment_number(name).is_some() => Some((b"THALIUM", 1)),
        _ => None,
    }
}

/// The version that the first bytes of a file say, and the newest that is known, if it is a newer one.
fn newer(name: &str, head: &[u8]) -> Option<(u16, u16)> {
    let (magic, newest) = known(name)?;
    let digit = head.strip_prefix(magic)?.first().filter(|digit| digit.is_ascii_digit())?;
    let version = digit - b'0';
    if version > newest {
        return Some((version.into(), newest.into()));
    }
    let version = SegmentHeader::version(head)?;
    (version > format::VERSION_SEALED).then_some((version, format::VERSION_SEALED))
}

/// The version that a file says in its first bytes.
pub(crate) fn of(name: &str, head: &[u8]) -> Option<u16> {
    let (magic, _) = known(name)?;
    let digit = head.strip_prefix(magic)?.first().filter(|digit| digit.is_ascii_digit())?;
    SegmentHeader::version(head).or_else(|| Some((digit - b'0').into()))
}

/// Refuses a directory with a file of a newer version. Of the segments the last is looked at, which is of no older version
/// than the others; those are looked at where they are read.
pub(crate) fn check<D: Disk>(disk: &D) -> Result<(), StoreError> {
    let names = scan::names(disk)?;
    let last = names.iter().filter_map(|name| format::segment_number(name)).max();
    for name in names {
        let number = format::segment_number(&name);
        if known(&name).is_none() || (number.is_some() && number != last) {
            continue;
        }
        // A part may be replaced while a reader looks.
        let Ok(file) = disk.open(&name) else { continue };
        let found = newer_file(&file, &name).map_err(io(disk, "read", &name))?;
        if let Some((version, known)) = found {
            return Err(StoreError::Version { name, version, known });
        }
    }
    Ok(())
}

/// The version of a file, and the newest that is known, if it is of a newer one.
pub(crate) fn newer_file<F: DiskFile>(file: &F, name: &str) -> std::io::Result<Option<(u16, u16)>> {
    let mut head = [0; 16];
    file.read_at(&mut head, 0)?;
    let Some(newer) = newer(name, &head) else { return Ok(None) };
    let has_sector = format::segment_number(name).is_some() || part::number_of(name).is_some();
    let fits = if has_sector { sector_fits(file) } else { file_fits(file) };
    Ok(fits?.then_some(newer))
}

/// Refuses the segment that begins with a sector, if it is of a newer version.
pub(crate) fn check_segment(name: &str, sector: &[u8]) -> Result<(), StoreError> {
    match newer(name, sector) {
        Some((version, known)) if format::sum_fits(sector) => {
            Err(StoreError::Version { name: name.to_owned(), version, known })
        }
        _ => Ok(()),
    }
}

/// Refuses a block of a newer version; its sum fits.
pub(crate) fn check_block(name: &str, block: &[u8]) -> Result<(), StoreError> {
    match format::BlockHeader::version(block) {
        Some(version) if version > format::VERSION => {
            Err(StoreError::Version { name: name.to_owned(), version, known: format::VERSION })
        }
        _ => Ok(()),
    }
}

fn sector_fits<F: DiskFile>(file: &F) -> std::io::Result<bool> {
    let mut sector = [0; SECTOR];
    file.read_at(&mut sector, 0)?;
    Ok(format::sum_fits(&sector))
}

fn file_fits<F: DiskFile>(file: &F) -> std::io::Result<bool> {
    let Some(covered) = file.len()?.checked_sub(4) else { return Ok(false) };
    let (mut at, mut sum, mut bytes) = (0, 0, vec![0; PIECE]);
    while at < covered {
        let count = usize::try_from(covered - at).unwrap_or(PIECE).min(PIECE);
        let read = file.read_at(bytes.get_mut(..count).unwrap_or_default(), at)?;
        if read == 0 {
            return Ok(false);
        }
        sum = crc32c::crc32c_append(sum, bytes.get(..read).unwrap_or_default());
        at += read as u64;
    }
    let mut own = [0; 4];
    file.read_at(&mut own, covered)?;
    Ok(own == sum.to_le_bytes())
}
