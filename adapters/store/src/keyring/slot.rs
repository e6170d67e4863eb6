//! The slots of `subjects.keys`: 128 bytes each, of which the first is the header.

use thalium::Id;
use thalium::party::Basis;
use zeroize::Zeroize;

use crate::format::u64_at;

/// Bytes of a slot: a divisor of what a disk writes whole, so that none crosses it.
pub(super) const LEN: usize = 128;
/// Slots that a file can have: 2 GiB.
pub(super) const SLOTS_MAX: usize = 1 << 24;
/// The version that is written, the newest that is known.
pub(super) const VERSION: u16 = 1;
const MAGIC: [u8; 8] = *b"THSUBJ1\0";
const LIVE: u8 = 1;
const DESTROYED: u8 = 2;
/// The kind of a key of the tenant's own; the other kinds are the numbers of the bases.
const ROOT: u8 = 3;

/// Whose a key is, and which of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Owner {
    /// Big-endian; of a root, its number.
    pub(super) subject: [u8; 16],
    pub(super) kind: u8,
}

impl Owner {
    /// Whose a slot is that says nothing of it.
    pub(super) const UNKNOWN: Self = Self { subject: [0; 16], kind: 0 };

    pub(super) const fn of(subject: Id, basis: Basis) -> Self {
        Self { subject: subject.0.to_be_bytes(), kind: basis.number() }
    }

    pub(super) fn root(number: u32) -> Self {
        Self { subject: u128::from(number).to_be_bytes(), kind: ROOT }
    }

    pub(super) const fn id(self) -> Id {
        Id(u128::from_be_bytes(self.subject))
    }

    /// Whether it is a subject, and not the tenant.
    pub(super) fn is_subject(self) -> bool {
        Basis::from_number(self.kind).is_some()
    }
}

/// A key as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrapped {
    pub(super) key: [u8; 32],
    pub(super) tag: [u8; 16],
}

/// What a slot holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Nothing, or leavings of what was cut short: the next key goes there.
    Free,
    /// A key, wrapped with the tenant's key of a generation.
    Live { owner: Owner, generation: u32, wrapped: Wrapped },
    /// That a key was destroyed.
    Destroyed(Owner),
    /// What was durable once and is not what was written; whose it says it is.
    Damaged(Owner),
}

impl Slot {
    /// Its bytes; `None` where only the file has them.
    pub(super) fn to_bytes(&self) -> Option<[u8; LEN]> {
        let mut bytes = [0; LEN];
        let owner = match self {
            Self::Free => return Some(bytes),
            Self::Damaged(_) => return None,
            Self::Destroyed(owner) => {
                bytes[0] = DESTROYED;
                owner
            }
            Self::Live { owner, generation, wrapped } => {
                bytes[0] = LIVE;
                bytes[4..8].copy_from_slice(&generation.to_le_bytes());
                bytes[24..56].copy_from_slice(&wrapped.key);
                bytes[56..72].copy_from_slice(&wrapped.tag);
                owner
            }
        };
        bytes[1] = owner.kind;
        bytes[8..24].copy_from_slice(&owner.subject);
        let sum = crc32c::crc32c(&bytes[0..124]);
        bytes[124..128].copy_from_slice(&sum.to_le_bytes());
        Some(bytes)
    }

    pub(super) fn from_bytes(bytes: &[u8; LEN]) -> Self {
        if bytes.iter().all(|byte| *byte == 0) {
            return Self::Free;
        }
        let mut owner = Owner { subject: [0; 16], kind: bytes[1] };
        owner.subject.copy_from_slice(&bytes[8..24]);
        let slot = if bytes[0] == LIVE {
            let mut wrapped = Wrapped { key: [0; 32], tag: [0; 16] };
            wrapped.key.copy_from_slice(&bytes[24..56]);
            wrapped.tag.copy_from_slice(&bytes[56..72]);
            let generation = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
            Self::Live { owner, generation, wrapped }
        } else {
            Self::Destroyed(owner)
        };
        // Whatever would not be written so is damage: another sum, another state, a reserved byte that is not zero.
        let is_known = owner.is_subject() || owner.kind == ROOT;
        if is_known && slot.to_bytes().as_ref() == Some(bytes) {
            slot
        } else {
            Self::Damaged(owner)
        }
    }

    /// Whether it says of an owner what was written.
    pub(super) const fn is_good(&self) -> bool {
        matches!(self, Self::Live { .. } | Self::Destroyed(_))
    }

    /// Leaves nothing of a key in memory.
    pub(super) fn wipe(&mut self) {
        if let Self::Live { wrapped, .. } = self {
            wrapped.key.zeroize();
            wrapped.tag.zeroize();
        }
    }
}

/// Where a slot begins in the file.
pub(super) const fn offset(number: usize) -> u64 {
    (number as u64 + 1) * LEN as u64
}

/// The header, which says how many slots from the first on were durable before it was written.
pub(super) fn header(settled: usize) -> [u8; LEN] {
    let mut bytes = [0; LEN];
    bytes[0..8].copy_from_slice(&MAGIC);
    bytes[8..16].copy_from_slice(&(settled as u64).to_le_bytes());
    let sum = crc32c::crc32c(&bytes[0..124]);
    bytes[124..128].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// How many slots a header says to have been durable; `None` where it is damaged.
pub(super) fn settled(bytes: &[u8; LEN]) -> Option<usize> {
    let settled = usize::try_from(u64_at(bytes, 8)?).ok()?;
    (settled <= SLOTS_MAX && header(settled) == *bytes).then_some(settled)
}

/// The version that a header says, if it is a newer one than is known and its sum fits.
pub(super) fn newer(bytes: &[u8; LEN]) -> Option<u16> {
    let (covered, sum) = bytes.split_last_chunk::<4>()?;
    let digit = covered.strip_prefix(b"THSUBJ")?.first().filter(|digit| digit.is_ascii_digit())?;
    let version = u16::from(digit - b'0');
    (version > VERSION && crc32c::crc32c(covered).to_le_bytes() == *sum).then_some(version)
}

#[cfg(test)]
#[path = "slot_tests.rs"]
mod tests;
