//! How many different ones there are, of which none is kept: exactly while they are few, then by HyperLogLog.
//!
//! Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog" (2007), with the estimator of Ertl, "New cardinality estimation algorithms for
//! HyperLogLog sketches" (2017), algorithm 6, which has no bias to be corrected by tables. With 4,096 registers the standard error is
//! 1.6 %.

#![allow(clippy::float_arithmetic, reason = "an estimate of how many there are is no money")]

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::{Aggregate, Entry, MergeError};

/// So many are counted exactly.
const EXACT: usize = 1_024;
/// The logarithm of how many registers there are.
const BITS: u32 = 12;

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// When, in nanoseconds since 1970.
    pub at: i64,
    /// Which of those at that instant.
    pub sequence: u64,
    /// The first eight bytes of the SHA-256 of its name: so nobody finds names that are counted as one.
    pub hash: u64,
}

impl Named {
    /// Of a name.
    #[must_use]
    pub fn new(at: i64, sequence: u64, name: &[u8]) -> Self {
        let hash = Sha256::digest(name);
        let first = hash.first_chunk().copied().unwrap_or_default();
        Self { at, sequence, hash: u64::from_be_bytes(first) }
    }
}

impl Entry for Named {
    fn key(&self) -> (i64, u64) {
        (self.at, self.sequence)
    }
}

/// How many different names there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distinct(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Exact(BTreeSet<u64>),
    /// In each register how many zeros a hash began with at most behind the bits that say which it is, and one more.
    Registers(Vec<u8>),
}

impl Distinct {
    /// How many, and whether that is exact.
    #[must_use]
    pub fn count(&self) -> (u64, bool) {
        match &self.0 {
            Kind::Exact(hashes) => (hashes.len() as u64, true),
            Kind::Registers(registers) => (estimate(registers), false),
        }
    }
}

impl Aggregate for Distinct {
    type Entry = Named;

    fn of(entry: &Named) -> Self {
        Self(Kind::Exact(BTreeSet::from([entry.hash])))
    }

    fn take_in(&mut self, other: &Self) -> Result<(), MergeError> {
        if let (Kind::Exact(own), Kind::Exact(others)) = (&mut self.0, &other.0) {
            own.extend(others);
            if own.len() <= EXACT {
                return Ok(());
            }
        }
        let mut registers = registers(&self.0);
        for (own, other) in registers.iter_mut().zip(self::registers(&other.0)) {
            *own = (*own).max(other);
        }
        self.0 = Kind::Registers(registers);
        Ok(())
    }

    fn has_room(&self, _: &Named) -> Result<(), MergeError> {
        Ok(())
    }
}

fn registers(kind: &Kind) -> Vec<u8> {
    let hashes = match kind {
        Kind::Registers(registers) => return registers.clone(),
        Kind::Exact(hashes) => hashes,
    };
    let mut registers = vec![0; 1 << BITS];
    for hash in hashes {
        let rest = (hash << BITS).leading_zeros().min(u64::BITS - BITS) + 1;
        let index = usize::try_from(hash >> (u64::BITS - BITS)).unwrap_or(0);
        if let (Some(own), Ok(rest)) = (registers.get_mut(index), u8::try_from(rest)) {
            *own = rest.max(*own);
        }
    }
    registers
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "of a number that is above zero, and is an estimate"
)]
fn estimate(registers: &[u8]) -> u64 {
    const MOST: usize = (u64::BITS - BITS) as usize + 1;
    let all = registers.len() as f64;
    let mut counts = [0_u32; MOST + 1];
    for register in registers {
        if let Some(count) = counts.get_mut(usize::from(*register)) {
            *count += 1;
        }
    }
    let share = |of: Option<&u32>| of.map_or(0.0, |count| f64::from(*count)) / all;
    let mut sum = all * tau(1.0 - share(counts.last()));
    for count in counts.iter().take(MOST).skip(1).rev() {
        sum = f64::midpoint(sum, f64::from(*count));
    }
    sum += all * sigma(share(counts.first()));
    (all * all / (2.0 * std::f64::consts::LN_2 * sum)).round() as u64
}

fn sigma(mut share: f64) -> f64 {
    // INVARIANT: not all registers are empty.
    let (mut step, mut sum) = (1.0, share);
    loop {
        share *= share;
        let before = sum;
        sum += share * step;
        step += step;
        if sum <= before || !sum.is_finite() {
            return sum;
        }
    }
}

fn tau(mut share: f64) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return 0.0;
    }
    let (mut step, mut sum) = (1.0, 1.0 - share);
    loop {
        share = share.sqrt();
        let before = sum;
        step *= 0.5;
        sum -= (1.0 - share).powi(2) * step;
        if sum >= before {
            return sum / 3.0;
        }
    }
}

#[cfg(test)]
#[path = "distinct_tests.rs"]
mod tests;
