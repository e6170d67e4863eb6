//! Splitting a total by weights without losing or making a unit.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::AllocateError;
use super::wide::U256;

/// The most entries that [`allocate`] accepts.
pub const MAX_ALLOCATION_ENTRIES: usize = 65_536;

/// Who gets the residue.
///
/// Every entry first gets the floor of its exact share, `total × weight / sum of weights`. The
/// floors fall short of the total by the *residue*, which is less than the number of entries whose
/// share was not whole. Serialised in snake case: `"largest_remainder"`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllocationMethod {
    /// One unit each to the entries with the largest fractions of a unit, of equal fractions to the
    /// smaller key. Every result is less than one unit from its exact share, and the sum of the
    /// distances is the least possible. Also called Hamilton's method.
    LargestRemainder,
    /// One unit each, in the order of keys, to the entries whose share was not whole. Every result
    /// is less than one unit from its exact share.
    FloorFirst,
    /// The whole residue to the smallest key of a weight that is not zero.
    ToFirst,
    /// The whole residue to the largest weight, of equal weights to the smaller key.
    ToLargest,
}

/// Splits `total` over `entries` of a key and a weight, and returns key and units **in the order of
/// keys**. The units add up to `total` exactly.
///
/// The result does not depend on the order of the entries: ties are broken by key. A weight of zero
/// gets zero. Weights of any size are exact; only their proportions count.
///
/// # Errors
///
/// If there are no entries, or more than [`MAX_ALLOCATION_ENTRIES`], or two of the same key, or if
/// every weight is zero (even for a total of zero).
pub fn allocate<K: Ord + Clone>(
    total: u128,
    entries: &[(K, u128)],
    method: AllocationMethod,
) -> Result<Vec<(K, u128)>, AllocateError> {
    let sorted = sort(entries)?;
    let (mut shares, residue) = floors(total, &sorted)?;
    match method {
        AllocationMethod::LargestRemainder => {
            let mut order: Vec<&mut Share> = shares.iter_mut().collect();
            // A stable sort: entries of equal fractions stay in the order of keys.
            order.sort_by_key(|share| Reverse(share.fraction));
            one_each(order.into_iter(), residue);
        }
        AllocationMethod::FloorFirst => {
            one_each(shares.iter_mut().filter(|share| !share.fraction.is_zero()), residue);
        }
        AllocationMethod::ToFirst => {
            all_to(shares.iter_mut().find(|share| share.weight != 0), residue);
        }
        AllocationMethod::ToLargest => {
            // Of equal maxima `min_by_key` returns the first, which has the smallest key.
            all_to(shares.iter_mut().min_by_key(|share| Reverse(share.weight)), residue);
        }
    }
    Ok(sorted.iter().zip(&shares).map(|(entry, share)| (entry.key.clone(), share.units)).collect())
}

struct Entry<'a, K> {
    index: usize,
    key: &'a K,
    weight: u128,
}

/// The part of one entry, in the order of keys.
struct Share {
    weight: u128,
    units: u128,
    /// What the division left over, as a multiple of one over the sum of weights.
    fraction: U256,
}

fn sort<K: Ord>(entries: &[(K, u128)]) -> Result<Vec<Entry<'_, K>>, AllocateError> {
    if entries.is_empty() {
        return Err(AllocateError::Empty);
    }
    if entries.len() > MAX_ALLOCATION_ENTRIES {
        return Err(AllocateError::TooMany { count: entries.len() });
    }
    let mut sorted: Vec<Entry<'_, K>> = entries
        .iter()
        .enumerate()
        .map(|(index, (key, weight))| Entry { index, key, weight: *weight })
        .collect();
    sorted.sort_by(|a, b| a.key.cmp(b.key));
    let mut previous: Option<&Entry<'_, K>> = None;
    for entry in &sorted {
        if let Some(previous) = previous.filter(|previous| previous.key == entry.key) {
            let (first, second) = (previous.index, entry.index);
            return Err(AllocateError::DuplicateKey { first, second });
        }
        previous = Some(entry);
    }
    Ok(sorted)
}

/// Everybody's floor, and the residue.
fn floors<K>(total: u128, sorted: &[Entry<'_, K>]) -> Result<(Vec<Share>, u128), AllocateError> {
    // At most 2^16 weights below 2^128: the sum is far below 2^256.
    let whole = sorted
        .iter()
        .try_fold(U256::ZERO, |sum, entry| sum.checked_add(U256::from_u128(entry.weight)))
        .filter(|whole| !whole.is_zero())
        .ok_or(AllocateError::AllZeroWeights)?;
    let mut residue = total;
    let mut shares = Vec::with_capacity(sorted.len());
    for entry in sorted {
        // INVARIANT: a weight is at most the sum, so a share is at most the total and fits, and the
        // floors are together at most the total.
        let (units, fraction) = U256::product(total, entry.weight)
            .checked_div_rem(whole)
            .ok_or(AllocateError::AllZeroWeights)?;
        residue -= units;
        shares.push(Share { weight: entry.weight, units, fraction });
    }
    Ok((shares, residue))
}

// INVARIANT: there are more takers than units, and a share with one more unit is at most the total.
fn one_each<'a>(takers: impl Iterator<Item = &'a mut Share>, residue: u128) {
    let mut left = residue;
    for share in takers {
        if left == 0 {
            break;
        }
        share.units += 1;
        left -= 1;
    }
    debug_assert_eq!(left, 0, "the residue is less than the number of shares that are not whole");
}

// INVARIANT: a weight that is not zero exists, so there is a taker.
fn all_to(taker: Option<&mut Share>, residue: u128) {
    debug_assert!(taker.is_some(), "somebody has a weight");
    if let Some(share) = taker {
        share.units += residue;
    }
}

#[cfg(test)]
#[path = "allocate_tests.rs"]
mod tests;
