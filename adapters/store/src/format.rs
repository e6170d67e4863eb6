//! The bytes on disk. `docs/format.md` says the same in prose; a change here changes it and the version.

use sha2::{Digest, Sha256};
use thalium::audit::merkle::Hash;

use crate::cipher::{self, Cipher};

/// What a segment is prewritten to at most, in bytes.
pub const SEGMENT_LEN: u64 = 64 << 20;
/// What the first segment is prewritten to; each has twice its predecessor's length, so that a small store stays small.
const SEGMENT_LEN_MIN: u64 = 4 << 20;
/// The smallest part that a disk writes whole: every unit carries its own stamp and checksum.
pub(crate) const UNIT: usize = 512;
/// Blocks begin at multiples of this.
pub(crate) const SECTOR: usize = 4096;
/// Where the sum of a first sector stands.
const SUM_AT: usize = 508;
const UNIT_HEAD: usize = 16;
pub(crate) const PAYLOAD: usize = UNIT - UNIT_HEAD;
pub(crate) const HEADER_LEN: usize = 128;
pub(crate) const VERSION: u16 = 1;
/// The version of a segment whose events are sealed.
pub(crate) const VERSION_SEALED: u16 = 2;
const BLOCK_MAGIC: [u8; 4] = *b"THB1";
const SEGMENT_MAGIC: [u8; 8] = *b"THALIUM1";
/// The largest sum of events in a block.
pub(crate) const EVENTS_MAX: usize = 1 << 30;

/// The head of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockHeader {
    /// From one; also the stamp of each of its units.
    pub(crate) number: u64,
    pub(crate) generation: u64,
    pub(crate) first_sequence: u64,
    pub(crate) event_count: u32,
    /// Bytes of the events.
    pub(crate) events_len: u32,
    pub(crate) tree_size: u64,
    /// The root with this block's events in it: it commits to them all.
    pub(crate) root: Hash,
    /// The hash of the previous block's header.
    pub(crate) previous: Hash,
}

impl BlockHeader {
    pub(crate) fn to_bytes(self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        bytes[0..4].copy_from_slice(&BLOCK_MAGIC);
        bytes[4..6].copy_from_slice(&VERSION.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.number.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.generation.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.first_sequence.to_le_bytes());
        bytes[32..36].copy_from_slice(&self.event_count.to_le_bytes());
        bytes[36..40].copy_from_slice(&self.events_len.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.tree_size.to_le_bytes());
        bytes[48..80].copy_from_slice(&self.root);
        bytes[80..112].copy_from_slice(&self.previous);
        bytes
    }

    /// The version that the header of a block says it has, if it is one at all.
    pub(crate) fn version(bytes: &[u8]) -> Option<u16> {
        let version = bytes.strip_prefix(&BLOCK_MAGIC)?.first_chunk()?;
        Some(u16::from_le_bytes(*version))
    }

    /// Reads a header; `None` where the bytes are none of version 1.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; HEADER_LEN] = bytes.first_chunk()?;
        let header = Self {
            number: u64_at(bytes, 8)?,
            generation: u64_at(bytes, 16)?,
            first_sequence: u64_at(bytes, 24)?,
            event_count: u32_at(bytes, 32)?,
            events_len: u32_at(bytes, 36)?,
            tree_size: u64_at(bytes, 40)?,
            root: *bytes.get(48..)?.first_chunk()?,
            previous: *bytes.get(80..)?.first_chunk()?,
        };
        (header.to_bytes() == *bytes).then_some(header)
    }

    pub(crate) fn hash(self) -> Hash {
        Sha256::digest(self.to_bytes()).into()
    }

    /// How many units the block fills, with its events sealed or not.
    pub(crate) fn units(self, is_sealed: bool) -> usize {
        let events = usize::try_from(self.events_len).unwrap_or(usize::MAX);
        let stored = if is_sealed { cipher::sealed_len(events) } else { events };
        (HEADER_LEN + stored).div_ceil(PAYLOAD)
    }
}

/// Bytes on disk of a block with so many units.
pub(crate) fn padded(units: usize) -> usize {
    (units * UNIT).next_multiple_of(SECTOR)
}

/// Writes a block into `to`, in place of what it holds, at a place where a sector may begin; gives that place.
pub(crate) fn encode_block(
    header: BlockHeader,
    events: &[u8],
    cipher: &Cipher,
    to: &mut Vec<u8>,
) -> usize {
    let (units, events) = (header.units(cipher.is_sealed()), cipher.seal(header.number, events));
    to.clear();
    to.reserve(padded(units) + SECTOR);
    // There is room, so that the memory stays where it is.
    let start = to.as_ptr().addr().wrapping_neg() % SECTOR;
    to.resize(start, 0);
    let (first, rest) = events.split_at(events.len().min(PAYLOAD - HEADER_LEN));
    push_unit(to, header.number, 0, &[&header.to_bytes(), first]);
    for (index, payload) in (1..).zip(rest.chunks(PAYLOAD)) {
        push_unit(to, header.number, index, &[payload]);
    }
    to.resize(start + padded(units), 0);
    start
}

fn push_unit(to: &mut Vec<u8>, stamp: u64, index: u32, payload: &[&[u8]]) {
    let at = to.len();
    to.extend_from_slice(&[0; 4]);
    to.extend_from_slice(&index.to_le_bytes());
    to.extend_from_slice(&stamp.to_le_bytes());
    for part in payload {
        to.extend_from_slice(part);
    }
    to.resize(at + UNIT, 0);
    if let Some((sum, rest)) = to.get_mut(at..).and_then(|unit| unit.split_first_chunk_mut::<4>()) {
        *sum = crc32c::crc32c(rest).to_le_bytes();
    }
}

/// What stands in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit<'a> {
    /// Never written, or wiped.
    Blank,
    /// Whole.
    Good { stamp: u64, index: u32, payload: &'a [u8] },
    /// Its checksum does not fit.
    Bad,
}

pub(crate) fn unit(bytes: &[u8]) -> Unit<'_> {
    let Some((sum, rest)) = bytes.split_first_chunk::<4>() else { return Unit::Blank };
    let (Some(index), Some(stamp)) = (u32_at(bytes, 4), u64_at(bytes, 8)) else {
        return Unit::Blank;
    };
    if bytes.iter().all(|byte| *byte == 0) {
        return Unit::Blank;
    }
    if crc32c::crc32c(rest) == u32::from_le_bytes(*sum) && bytes.len() == UNIT {
        Unit::Good { stamp, index, payload: bytes.get(UNIT_HEAD..).unwrap_or_default() }
    } else {
        Unit::Bad
    }
}

/// The first sector of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub(crate) number: u64,
    pub(crate) generation: u64,
    pub(crate) first_block: u64,
    pub(crate) first_sequence: u64,
    /// The hash of the header of the block before the first.
    pub(crate) previous: Hash,
    /// The number of the key with which its events are sealed; zero where they are not.
    pub(crate) key: u32,
}

impl SegmentHeader {
    pub(crate) fn to_bytes(self) -> [u8; SECTOR] {
        let mut bytes = [0; SECTOR];
        let version = if self.key == 0 { VERSION } else { VERSION_SEALED };
        bytes[0..8].copy_from_slice(&SEGMENT_MAGIC);
        bytes[8..10].copy_from_slice(&version.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.number.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.generation.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.first_block.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.first_sequence.to_le_bytes());
        bytes[48..80].copy_from_slice(&self.previous);
        bytes[80..84].copy_from_slice(&self.key.to_le_bytes());
        let sum = crc32c::crc32c(&bytes[0..508]);
        bytes[508..512].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// The version that a segment says it has, if it is a segment at all.
    pub(crate) fn version(bytes: &[u8]) -> Option<u16> {
        let is_segment = bytes.get(0..8)? == SEGMENT_MAGIC;
        let version = bytes.get(8..10)?.first_chunk().map(|version| u16::from_le_bytes(*version));
        if is_segment { version } else { None }
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; SECTOR] = bytes.first_chunk()?;
        let header = Self {
            number: u64_at(bytes, 16)?,
            generation: u64_at(bytes, 24)?,
            first_block: u64_at(bytes, 32)?,
            first_sequence: u64_at(bytes, 40)?,
            previous: *bytes.get(48..)?.first_chunk()?,
            key: u32_at(bytes, 80)?,
        };
        (header.to_bytes() == *bytes).then_some(header)
    }
}

/// Whether the sum of a first sector fits.
pub(crate) fn sum_fits(sector: &[u8]) -> bool {
    sector.split_at_checked(SUM_AT).is_some_and(|(covered, rest)| {
        rest.first_chunk() == Some(&crc32c::crc32c(covered).to_le_bytes())
    })
}

/// What the segment of a number is prewritten to.
pub(crate) fn segment_len(number: u64, longest: u64) -> u64 {
    let doubled = u32::try_from(number.saturating_sub(1)).unwrap_or(u32::MAX).min(32);
    longest.min(SEGMENT_LEN_MIN << doubled)
}

pub(crate) fn segment_name(number: u64) -> String {
    format!("segment-{number:08}.log")
}

pub(crate) fn segment_number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("segment-")?.strip_suffix(".log")?;
    let number = digits.parse().ok()?;
    (segment_name(number) == name).then_some(number)
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
