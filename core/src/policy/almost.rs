//! Seeds of the fuzz targets with a few changes: what is almost well-formed, for properties.

use proptest::prelude::*;
use proptest::sample::Index;

/// A change: where, where else, how, and a byte.
pub(super) type Change = (Index, Index, u8, u8);

/// A few changes.
pub(super) fn changes() -> impl Strategy<Value = Vec<Change>> {
    proptest::collection::vec((any::<Index>(), any::<Index>(), 0..4_u8, any::<u8>()), 1..6)
}

/// A seed with changes.
pub(super) fn changed(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut seed = seed.to_vec();
    for (at, other, how, byte) in changes {
        if seed.is_empty() {
            break;
        }
        let (at, other) = (at.index(seed.len()), other.index(seed.len()));
        match how {
            0 => seed[at] = *byte,
            1 => seed.swap(at, other),
            2 => drop(seed.drain(at.min(other)..at.max(other).min(at.min(other) + 8))),
            _ => {
                let part = seed[at.min(other)..at.max(other).min(at.min(other) + 24)].to_vec();
                seed.splice(at..at, part);
            }
        }
    }
    seed
}
