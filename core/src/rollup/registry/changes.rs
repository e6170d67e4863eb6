//! What has become of a rollup, numbered: the newest of it.
//!
//! Buckets close all the time, and seldom is one changed afterwards, or something refused. Both are kept, and neither crowds the other out.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::bytes::Bytes;
use crate::rollup::{Cause, Change, MergeError, OutOfRange, Refusal};

/// So many of the newest changes are kept: of buckets that have closed, and so many of all others.
pub const CHANGES: usize = 100_000;

/// Changes, each with its number and its symbol, in order.
type Numbered = VecDeque<(u64, Arc<str>, Change)>;

/// The newest changes of a rollup.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    closed: Numbered,
    /// What was changed after it had closed, and what was refused.
    others: Numbered,
    /// The number of the newest; the first one's is 1.
    last: u64,
}

impl Changes {
    /// The number of the newest.
    #[must_use]
    pub const fn last(&self) -> u64 {
        self.last
    }

    pub(super) fn push(&mut self, symbol: Arc<str>, change: Change) {
        self.last = self.last.saturating_add(1);
        let number = self.last;
        let ring = match change {
            Change::Closed { .. } => &mut self.closed,
            Change::Revised { .. } | Change::Refused { .. } => &mut self.others,
        };
        if ring.len() >= CHANGES {
            ring.pop_front();
        }
        ring.push_back((number, symbol, change));
    }

    /// Those behind a number, each with its own, in order; and how many of them are not there any more.
    pub fn after(&self, number: u64) -> (u64, impl Iterator<Item = (u64, &str, &Change)>) {
        let behind = |ring: &Numbered| ring.partition_point(|(own, ..)| *own <= number);
        let (mut closed, mut others) = (behind(&self.closed), behind(&self.others));
        let kept = self.closed.len() - closed + self.others.len() - others;
        let lost = self.last.saturating_sub(number).saturating_sub(kept as u64);
        let told = std::iter::from_fn(move || {
            let next = match (self.closed.get(closed), self.others.get(others)) {
                (Some(one), other) if other.is_none_or(|other| one.0 < other.0) => {
                    closed += 1;
                    one
                }
                (_, Some(other)) => {
                    others += 1;
                    other
                }
                (_, None) => return None,
            };
            Some((next.0, &*next.1, &next.2))
        });
        (lost, told)
    }

    /// Writes them out: the number of the newest, the symbols by their places, and each ring.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        to.extend(self.last.to_le_bytes());
        let all = || self.closed.iter().chain(&self.others);
        let mut places: BTreeMap<&str, u32> = all().map(|(_, symbol, _)| (&**symbol, 0)).collect();
        to.extend((places.len() as u64).to_le_bytes());
        for (at, (symbol, place)) in (0..).zip(&mut places) {
            *place = at;
            super::bytes::push(to, symbol.as_bytes());
        }
        for ring in [&self.closed, &self.others] {
            to.extend((ring.len() as u64).to_le_bytes());
            for (number, symbol, change) in ring {
                to.extend(number.to_le_bytes());
                to.extend(places.get(&**symbol).copied().unwrap_or_default().to_le_bytes());
                write(to, change);
            }
        }
    }

    /// Reads what was written. None: it is none.
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Option<Self> {
        let last = bytes.count().ok()?;
        let mut symbols: Vec<Arc<str>> = Vec::new();
        for _ in 0..bytes.count().ok()? {
            let symbol: Arc<str> = std::str::from_utf8(bytes.text().ok()?).ok()?.into();
            // In order, so that the same is written again.
            if symbols.last().is_some_and(|last| *last >= symbol) {
                return None;
            }
            symbols.push(symbol);
        }
        let mut is_used = vec![false; symbols.len()];
        let mut rings = [Numbered::new(), Numbered::new()];
        for (ring, is_closed) in rings.iter_mut().zip([true, false]) {
            let count = bytes.count().ok()?;
            if count > CHANGES as u64 {
                return None;
            }
            for _ in 0..count {
                let number = bytes.count().ok()?;
                let place = u32::from_le_bytes(bytes.array().ok()?);
                let place = usize::try_from(place).ok()?;
                let symbol = symbols.get(place)?;
                *is_used.get_mut(place)? = true;
                let change = read(bytes)?;
                let before = ring.back().map_or(0, |(number, ..)| *number);
                let is_in = before < number && number <= last;
                if !is_in || matches!(change, Change::Closed { .. }) != is_closed {
                    return None;
                }
                ring.push_back((number, Arc::clone(symbol), change));
            }
        }
        let [closed, others] = rings;
        is_used.into_iter().all(|is_used| is_used).then_some(Self { closed, others, last })
    }
}

fn write(to: &mut Vec<u8>, change: &Change) {
    // INVARIANT: a rollup has far fewer levels than 256.
    let level = |level: usize| u8::try_from(level).unwrap_or(u8::MAX);
    match change {
        Change::Closed { level: own, start } => {
            to.extend([0, level(*own)]);
            to.extend(start.to_le_bytes());
        }
        Change::Revised { level: own, start, revision, cause } => {
            let cause = match cause {
                Cause::Late => 0,
                Cause::Corrected => 1,
                Cause::Removed => 2,
            };
            to.extend([1, level(*own), cause]);
            to.extend(start.to_le_bytes());
            to.extend(revision.to_le_bytes());
        }
        Change::Refused { key, why } => {
            let (code, numbers) = match *why {
                Refusal::Late { end, closed } => (0, [end, closed]),
                Refusal::Expired { before } => (1, [before, 0]),
                Refusal::Differs => (2, [0, 0]),
                Refusal::NotFound => (3, [0, 0]),
                Refusal::NotKept => (4, [0, 0]),
                Refusal::OutOfRange(OutOfRange) => (5, [0, 0]),
                Refusal::Merge(MergeError::Overflow) => (6, [0, 0]),
                Refusal::Merge(MergeError::TooMany) => (7, [0, 0]),
                Refusal::Merge(MergeError::Interleaved) => (8, [0, 0]),
            };
            to.extend([2, code]);
            to.extend(key.0.to_le_bytes());
            to.extend(key.1.to_le_bytes());
            numbers.iter().for_each(|number| to.extend(number.to_le_bytes()));
        }
    }
}

fn read(bytes: &mut Bytes<'_>) -> Option<Change> {
    let [kind] = bytes.array().ok()?;
    Some(match kind {
        0 => {
            let [level] = bytes.array().ok()?;
            Change::Closed { level: level.into(), start: bytes.int().ok()? }
        }
        1 => {
            let [level, cause] = bytes.array().ok()?;
            let cause = match cause {
                0 => Cause::Late,
                1 => Cause::Corrected,
                2 => Cause::Removed,
                _ => return None,
            };
            let (start, revision) = (bytes.int().ok()?, u32::from_le_bytes(bytes.array().ok()?));
            Change::Revised { level: level.into(), start, revision, cause }
        }
        2 => {
            let [code] = bytes.array().ok()?;
            let key = (bytes.int().ok()?, bytes.count().ok()?);
            let why = match (code, bytes.int().ok()?, bytes.int().ok()?) {
                (0, end, closed) => Refusal::Late { end, closed },
                (1, before, 0) => Refusal::Expired { before },
                (2, 0, 0) => Refusal::Differs,
                (3, 0, 0) => Refusal::NotFound,
                (4, 0, 0) => Refusal::NotKept,
                (5, 0, 0) => Refusal::OutOfRange(OutOfRange),
                (6, 0, 0) => Refusal::Merge(MergeError::Overflow),
                (7, 0, 0) => Refusal::Merge(MergeError::TooMany),
                (8, 0, 0) => Refusal::Merge(MergeError::Interleaved),
                _ => return None,
            };
            Change::Refused { key, why }
        }
        _ => return None,
    })
}

#[cfg(test)]
#[path = "changes_tests.rs"]
mod tests;
