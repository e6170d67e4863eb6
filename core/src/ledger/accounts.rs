//! Which account an id names: a table of tags over the accounts' heads.
//!
//! The heads hold the ids, so the table holds none; an account whose key is not what its id was made from is found
//! through a map of such aliases.

use std::collections::BTreeMap;

use super::view::Head;
use crate::Id;

const MIN_SLOTS: usize = 64;

/// An open-addressing table, at most half full. A slot holds the account's index + 1 in as many low bits as the size
/// of the table needs, and bits of its hash above, so that a table of 10,000 accounts stays near the processor.
#[derive(Clone, Debug, Default)]
pub(super) struct AccountIndex {
    slots: Vec<u32>,
    index_bits: u32,
    aliases: BTreeMap<Id, u32>,
}

impl AccountIndex {
    #[inline]
    pub(super) fn find(&self, heads: &[Head], id: Id) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let hash = id.hash();
        let mut at = start(hash) & mask;
        while let Some(slot) = self.slots.get(at).filter(|slot| **slot != 0) {
            if slot >> self.index_bits == self.tag(hash) {
                let index = (slot & ((1 << self.index_bits) - 1)).wrapping_sub(1);
                if usize::try_from(index)
                    .ok()
                    .and_then(|at| heads.get(at))
                    .is_some_and(|head| head.id == id)
                {
                    return Some(index);
                }
            }
            at = (at + 1) & mask;
        }
        if self.aliases.is_empty() { None } else { self.aliases.get(&id).copied() }
    }

    /// The account that an id most likely names, without a look at the account; see [`super::Book::touch`].
    #[inline]
    pub(super) fn guess(&self, hash: u64) -> usize {
        let slot =
            self.slots.get(start(hash) & self.slots.len().wrapping_sub(1)).copied().unwrap_or(0);
        usize::try_from((slot & ((1 << self.index_bits) - 1)).wrapping_sub(1)).unwrap_or(usize::MAX)
    }

    /// Adds the account that was pushed last.
    pub(super) fn push(&mut self, heads: &[Head]) {
        if heads.len() * 2 > self.slots.len() {
            self.slots = vec![0; (self.slots.len() * 2).max(MIN_SLOTS)];
            self.index_bits = self.slots.len().trailing_zeros().min(31);
            for (index, head) in (0_u32..).zip(heads) {
                self.insert(head.id, index);
            }
        } else if let Some(head) = heads.last() {
            // INVARIANT: an account is refused before a u32 no longer counts them.
            self.insert(head.id, u32::try_from(heads.len() - 1).unwrap_or(u32::MAX));
        }
    }

    /// Lets another id name an account.
    pub(super) fn alias(&mut self, id: Id, index: u32) {
        self.aliases.insert(id, index);
    }

    fn tag(&self, hash: u64) -> u32 {
        u32::try_from(hash >> (32 + self.index_bits)).unwrap_or(0)
    }

    fn insert(&mut self, id: Id, index: u32) {
        let mask = self.slots.len() - 1;
        let hash = id.hash();
        let value = (self.tag(hash) << self.index_bits) | (index + 1);
        let mut at = start(hash) & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == 0 {
                *slot = value;
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

fn start(hash: u64) -> usize {
    usize::try_from(hash & 0xffff_ffff).unwrap_or(0)
}
