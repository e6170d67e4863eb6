//! The slots in memory, and which of them is whose.
//!
//! A slot takes 72 bytes, and as much as 75 more to be found: 25 MB for 200,000 keys, 2.5 GB for a file that is full.

use std::collections::{BTreeSet, HashMap};

use thalium::Id;

use super::slot::{Owner, Slot};

/// Slots whose memory is taken together and never moved, so that what is wiped was nowhere else.
pub(super) const RUN: usize = 4_096;

#[derive(Default)]
pub(super) struct Table {
    runs: Vec<Vec<Slot>>,
    /// The slot that counts for an owner.
    index: HashMap<Owner, usize>,
    /// Other slots of the same owners: a key was taken for lost, made anew, and is there again.
    twins: BTreeSet<(Owner, usize)>,
    free: BTreeSet<usize>,
    /// Slots that are damaged, by whose they say they are.
    damaged: BTreeSet<(Owner, usize)>,
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.runs.last().map_or(0, |last| (self.runs.len() - 1) * RUN + last.len())
    }

    pub(super) fn get(&self, at: usize) -> Option<&Slot> {
        self.runs.get(at / RUN)?.get(at % RUN)
    }

    fn get_mut(&mut self, at: usize) -> Option<&mut Slot> {
        self.runs.get_mut(at / RUN)?.get_mut(at % RUN)
    }

    /// The slots with their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Slot)> {
        self.runs.iter().flatten().enumerate()
    }

    /// Adds a slot as it was read; [`Table::sort_out`] says what it is.
    pub(super) fn push(&mut self, slot: Slot) {
        if self.runs.last().is_none_or(|last| last.len() >= RUN) {
            self.runs.push(Vec::with_capacity(RUN));
        }
        if let Some(last) = self.runs.last_mut() {
            last.push(slot);
        }
    }

    fn pop(&mut self) {
        if let Some(last) = self.runs.last_mut() {
            last.pop();
        }
        if self.runs.last().is_some_and(Vec::is_empty) {
            self.runs.pop();
        }
    }

    /// Makes sense of the slots that were read, of which so many from the first on were durable, as the header says. Gives
    /// those that hold leavings of what was cut short. `None` where neither the header nor any slot is whole.
    pub(super) fn sort_out(&mut self, settled: Option<usize>) -> Option<Vec<usize>> {
        let settled = match settled {
            Some(settled) => settled,
            // Without the header, one good slot vouches for all before it.
            None => self.iter().filter(|(_, slot)| slot.is_good()).last()?.0 + 1,
        };
        // What the file is too short for was there.
        while self.len() < settled {
            self.push(Slot::Free);
        }
        let mut leavings = Vec::new();
        for at in 0..self.len() {
            let Some(slot) = self.get_mut(at) else { break };
            if at < settled && *slot == Slot::Free {
                *slot = Slot::Damaged(Owner::UNKNOWN);
            } else if at >= settled && matches!(slot, Slot::Damaged(_)) {
                *slot = Slot::Free;
                leavings.push(at);
            }
        }
        while self.len().checked_sub(1).is_some_and(|at| self.get(at) == Some(&Slot::Free)) {
            self.pop();
        }
        for at in 0..self.len() {
            self.note(at);
        }
        self.bury();
        Some(leavings)
    }

    fn note(&mut self, at: usize) {
        let owner = match self.get(at) {
            Some(Slot::Live { owner, .. } | Slot::Destroyed(owner)) => *owner,
            Some(Slot::Damaged(owner)) => {
                let owner = *owner;
                self.damaged.insert((owner, at));
                return;
            }
            Some(Slot::Free) => {
                self.free.insert(at);
                return;
            }
            None => return,
        };
        // The later one counts: what was sealed last was sealed with it.
        if let Some(before) = self.index.insert(owner, at) {
            self.twins.insert((owner, before));
        }
    }

    /// Where one slot of an owner says that the key was destroyed, none may hold it.
    fn bury(&mut self) {
        let owners: BTreeSet<Owner> = self.twins.iter().map(|(owner, _)| *owner).collect();
        for owner in owners {
            let slots = self.slots_of(owner);
            if slots.iter().any(|at| matches!(self.get(*at), Some(Slot::Destroyed(_)))) {
                for at in slots {
                    self.put(at, Slot::Destroyed(owner));
                }
            }
        }
    }

    /// The slot that counts for an owner.
    pub(super) fn find(&self, owner: Owner) -> Option<&Slot> {
        self.index.get(&owner).and_then(|at| self.get(*at))
    }

    /// The damaged slot that says it is of an owner.
    pub(super) fn claim(&self, owner: Owner) -> Option<usize> {
        self.damaged.range((owner, 0)..=(owner, usize::MAX)).next().map(|(_, at)| *at)
    }

    /// Every slot in which a key of an owner may be.
    pub(super) fn slots_of(&self, owner: Owner) -> BTreeSet<usize> {
        let all = (owner, 0)..=(owner, usize::MAX);
        let others = self.twins.range(all.clone()).chain(self.damaged.range(all));
        others.map(|(_, at)| *at).chain(self.index.get(&owner).copied()).collect()
    }

    /// How many slots are damaged.
    pub(super) fn damage(&self) -> usize {
        self.damaged.len()
    }

    /// Where the next keys go: the free slots, lowest first, then behind the last.
    pub(super) fn room(&self, count: usize) -> Vec<usize> {
        self.free.iter().copied().chain(self.len()..).take(count).collect()
    }

    /// How many slots from the first on were written: none of them is free.
    pub(super) fn settled(&self) -> usize {
        self.free.first().copied().unwrap_or_else(|| self.len())
    }

    /// Has what was written to a slot in memory.
    pub(super) fn put(&mut self, at: usize, slot: Slot) {
        if let Slot::Live { owner, .. } | Slot::Destroyed(owner) = &slot {
            self.index.insert(*owner, at);
        }
        self.free.remove(&at);
        if let Some(Slot::Damaged(owner)) = self.get(at) {
            let owner = *owner;
            self.damaged.remove(&(owner, at));
        }
        if at < self.len() {
            self.replace(at, slot);
        } else {
            self.push(slot);
        }
    }

    /// Replaces a slot by the same key, wrapped otherwise; what it held is wiped.
    pub(super) fn replace(&mut self, at: usize, slot: Slot) {
        if let Some(own) = self.get_mut(at) {
            own.wipe();
            *own = slot;
        }
    }

    /// The generations of the tenant's key that slots need.
    pub(super) fn generations(&self) -> BTreeSet<u32> {
        let needed = self.iter().filter_map(|(_, slot)| match slot {
            Slot::Live { generation, .. } => Some(*generation),
            _ => None,
        });
        needed.collect()
    }

    /// The subjects that have a key, ascending.
    pub(super) fn subjects(&self) -> Vec<Id> {
        let live = self.index.iter().filter(|(owner, at)| {
            owner.is_subject() && matches!(self.get(**at), Some(Slot::Live { .. }))
        });
        let mut subjects: Vec<Id> = live.map(|(owner, _)| owner.id()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }
}
