//! The keys of subjects, in two files of a directory: `subjects.keys` has one slot of fixed size for each key, wrapped with
//! the tenant's key; `subjects.head` has that, wrapped by keys that are kept elsewhere.
//!
//! - A key is acknowledged when its slot is synced. It is destroyed by writing over its slot, in place, and that is
//!   acknowledged when it is synced: nothing of it is left in the files or in memory. What a disk keeps of what was written
//!   over (a flash's spare blocks, a file system that copies, an old copy of the file) is of no use once the tenant's key
//!   was rotated, since the one before is gone then.
//! - A crash leaves what was acknowledged, and of what was not any part: a slot that was cut short is taken for free.
//! - A slot that is damaged is lost alone. `ensure` makes no key for whom a damaged slot says it is of, and makes one for
//!   everyone else: whether something was sealed before for a subject that has no key is for who asks to know, and `key`
//!   says that it may be lost while there is a damaged slot. A key of the tenant's own is not made while there is one: it
//!   may be that which is damaged, and a second one would find nothing of what the first one found.
//! - After a write to `subjects.keys` that failed no more is written until it is opened again; what is in memory is given.
//!
//! The files have no lock of their own: who opens them holds the lock of the directory's writer. All is in memory, so that
//! a key is given without a look at the disk.

mod carry;
mod check;
mod head;
mod open;
mod rotation;
mod slot;
mod table;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thalium::Id;
use thalium::party::Basis;
use thalium::port::keys::{DataKey, KeyError, Keys};
use thalium::port::subjects::{NoKey, SubjectKeys};
use zeroize::Zeroizing;

use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::scan::io;
use head::Tenants;
use rotation::Rotation;
use slot::{Owner, Slot};
use table::{RUN, Table};

pub use carry::carry_over;
pub(crate) use carry::copy;
pub use check::KeyringReport;
pub use rotation::RewrapProgress;

/// The file of the keys, and the one that a rotation makes to take its place.
const KEYS: &str = "subjects.keys";
const NEW: &str = "subjects.new";
/// Keys that are made at once: 8 MiB of slots.
const ENSURE_MAX: usize = 65_536;

/// Keeps the keys of subjects in a directory.
pub struct Keyring<D: Disk>(Mutex<Ring<D>>);

struct Ring<D: Disk> {
    disk: D,
    file: D::File,
    tenants: Tenants,
    /// What is durable.
    table: Table,
    /// How many slots the header of the file says to be durable; `None` where it is damaged.
    marked: Option<usize>,
    rotation: Option<Rotation<D::File>>,
    /// A write failed: what is on the disk is known only after opening again.
    is_stopped: bool,
}

impl<D: Disk> fmt::Debug for Keyring<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ring = self.ring();
        let (slots, place, name) = (ring.table.len(), ring.disk.place(), ring.tenants.name());
        write!(f, "Keyring({slots} slots in {place} by {name})")
    }
}

impl<D: Disk> Keyring<D> {
    /// Opens the keys of a directory, or makes the files where there are none. What a rotation left that was interrupted is
    /// taken away.
    ///
    /// # Errors
    /// A head that is missing, damaged or wrapped by other keys; a file of keys that is missing, or of which nothing is
    /// whole; files of a newer version; the disk's. Then nothing is changed, unless it was the disk in writing.
    pub fn open(disk: D, keys: Arc<dyn Keys>) -> Result<Self, StoreError> {
        Ring::open(disk, keys).map(|ring| Self(Mutex::new(ring)))
    }

    /// The subjects that have a key, ascending.
    #[must_use]
    pub fn subjects(&self) -> Vec<Id> {
        self.ring().table.subjects()
    }

    /// Reads every slot again and unwraps every key. Others get theirs meanwhile.
    #[must_use]
    pub fn check(&self) -> KeyringReport {
        let mut report = self.ring().report();
        let mut from = 0;
        while self.ring().check(from, &mut report) {
            from += RUN;
        }
        report
    }

    /// Begins a rotation of the tenant's key: keys are wrapped with a new one from now on, and [`Keyring::rewrap_some`]
    /// wraps anew those that are there. Gives the generation of the new one. One that is under way goes on; one that was
    /// interrupted is begun anew, with another new key.
    ///
    /// # Errors
    /// Keys that cannot be had; the disk's. Then the keys are as they were.
    pub fn begin_rotation(&self) -> Result<u32, StoreError> {
        self.ring().begin_rotation()
    }

    /// Wraps anew as many keys as are asked for, 4,096 at most, so that others get the lock between two calls. The last call
    /// puts the new file in place of the old one and drops the tenant's key that was before.
    ///
    /// Lost keys are carried over as they are.
    ///
    /// # Errors
    /// A rotation that was interrupted and is to be begun anew; the disk's. Then the rotation is given up, and all keys are
    /// there as they were.
    pub fn rewrap_some(&self, most: usize) -> Result<RewrapProgress, StoreError> {
        self.ring().rewrap_some(most)
    }

    /// Whether a rotation was begun and has not come to its end: it is under way, or was interrupted and is to be begun
    /// anew.
    #[must_use]
    pub fn rotation_pending(&self) -> bool {
        self.ring().tenants.len() > 1
    }

    /// Wraps the tenant's keys anew, by other keys than before: who opens needs the new ones.
    ///
    /// # Errors
    /// Keys that cannot be had; the disk's. Then nothing is changed, or the disk has the new ones and did not say so.
    pub fn rewrap_tenant(&self, keys: Arc<dyn Keys>) -> Result<(), StoreError> {
        let mut ring = self.ring();
        ring.going()?;
        let tenants = ring.tenants.rewrapped(keys).map_err(head::told(&ring.disk))?;
        tenants.write(&ring.disk)?;
        ring.tenants = tenants;
        Ok(())
    }

    fn ring(&self) -> MutexGuard<'_, Ring<D>> {
        // What is in it is whole, wherever another thread panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Disk> SubjectKeys for Keyring<D> {
    fn ensure(&self, wanted: &[(Id, Basis)]) -> Result<(), KeyError> {
        let mut ring = self.ring();
        let wanted = wanted.iter().map(|(subject, basis)| Owner::of(*subject, *basis));
        let table = &ring.table;
        // What is destroyed, lost or damaged stays so.
        let is_missing =
            |owner: &Owner| table.find(*owner).is_none() && table.claim(*owner).is_none();
        let missing: BTreeSet<Owner> = wanted.filter(is_missing).collect();
        if missing.len() > ENSURE_MAX {
            let what = format!(
                "{} keys are to be made, at most {ENSURE_MAX} are made at once: ask in several calls",
                missing.len()
            );
            return Err(KeyError(what));
        }
        ring.make(&missing)
    }

    fn key(&self, subject: Id, basis: Basis) -> Result<DataKey, NoKey> {
        self.ring().key(Owner::of(subject, basis))
    }

    fn destroy(&self, subject: Id, which: &[Basis]) -> Result<(), KeyError> {
        let owners: BTreeSet<Owner> =
            which.iter().map(|basis| Owner::of(subject, *basis)).collect();
        self.ring().destroy(&owners).map_err(told)
    }

    fn root(&self, number: u32) -> Result<DataKey, KeyError> {
        let mut ring = self.ring();
        let owner = Owner::root(number);
        if ring.table.find(owner).is_none() && ring.table.damage() == 0 {
            ring.make(&BTreeSet::from([owner]))?;
        }
        ring.key(owner).map_err(|error| KeyError(format!("the tenant's own key {number}: {error}")))
    }
}

impl<D: Disk> Ring<D> {
    fn key(&self, owner: Owner) -> Result<DataKey, NoKey> {
        match self.table.find(owner) {
            Some(Slot::Live { generation, wrapped, .. }) => {
                self.tenants.open_key(owner, *generation, wrapped)
            }
            Some(Slot::Destroyed(_)) => Err(NoKey::Destroyed),
            _ => Err(self.absent(owner)),
        }
    }

    /// Why there is no key.
    fn absent(&self, owner: Owner) -> NoKey {
        match (self.table.claim(owner), self.table.damage()) {
            (None, 0) => NoKey::Absent,
            (None, damage) => NoKey::Lost(format!(
                "`{KEYS}` does not have it, and {damage} of its slots are damaged, of which it may be one: restore the \
                 file from a copy"
            )),
            (Some(at), _) => NoKey::Lost(format!(
                "`{KEYS}` is damaged at byte {}: restore the file from a copy",
                slot::offset(at)
            )),
        }
    }

    /// Makes keys for owners who have none.
    fn make(&mut self, owners: &BTreeSet<Owner>) -> Result<(), KeyError> {
        if owners.is_empty() {
            return Ok(());
        }
        self.going().map_err(told)?;
        let mut slots = Vec::with_capacity(owners.len());
        for (at, owner) in self.room(owners.len()).map_err(told)?.into_iter().zip(owners) {
            let key = self.tenants.generate()?;
            slots.push((at, self.tenants.seal(*owner, &key)?));
        }
        self.commit(slots).map_err(told)
    }

    fn destroy(&mut self, owners: &BTreeSet<Owner>) -> Result<(), StoreError> {
        let (mut slots, mut without) = (Vec::new(), Vec::new());
        for owner in owners {
            let own = self.table.slots_of(*owner);
            if own.is_empty() {
                without.push(Slot::Destroyed(*owner));
            }
            // A slot that is damaged and says that it is of this owner may hold most of the key.
            let is_held = |at: &usize| !matches!(self.table.get(*at), Some(Slot::Destroyed(_)));
            slots.extend(own.into_iter().filter(is_held).map(|at| (at, Slot::Destroyed(*owner))));
        }
        slots.extend(self.room(without.len())?.into_iter().zip(without));
        slots.sort_unstable_by_key(|(at, _)| *at);
        if slots.is_empty() { Ok(()) } else { self.commit(slots) }
    }

    /// Where so many slots go that are not there yet.
    fn room(&self, count: usize) -> Result<Vec<usize>, StoreError> {
        let room = self.table.room(count);
        if room.last().is_some_and(|last| *last >= slot::SLOTS_MAX) {
            let what = format!("`{KEYS}` is full, it has {} keys", slot::SLOTS_MAX);
            return Err(StoreError::Key { place: self.disk.place(), what });
        }
        Ok(room)
    }

    /// Writes slots, ascending, and has them in memory when they are durable: whatever changes a key goes this way.
    fn commit(&mut self, slots: Vec<(usize, Slot)>) -> Result<(), StoreError> {
        self.going()?;
        let lent: Vec<(usize, &Slot)> = slots.iter().map(|(at, slot)| (*at, slot)).collect();
        self.mirror(&lent)?;
        if let Err(error) = self.write(&lent) {
            self.is_stopped = true;
            return Err(error);
        }
        for (at, slot) in slots {
            self.table.put(at, slot);
        }
        Ok(())
    }

    fn write(&mut self, slots: &[(usize, &Slot)]) -> Result<(), StoreError> {
        self.mark()?;
        write_slots(&self.file, slots).map_err(io(&self.disk, "write", KEYS))?;
        self.file.sync().map_err(io(&self.disk, "sync", KEYS))
    }

    /// Has the header say how many slots are durable, so that what is written next can be told from them. The next sync
    /// covers it: a header that is behind says less, and never more than is so.
    fn mark(&mut self) -> Result<(), StoreError> {
        let settled = self.table.settled();
        if self.marked != Some(settled) {
            let header = slot::header(settled);
            self.file.write_at(&header, 0).map_err(io(&self.disk, "write", KEYS))?;
            self.marked = Some(settled);
        }
        Ok(())
    }

    fn going(&self) -> Result<(), StoreError> {
        if self.is_stopped { Err(StoreError::Stopped) } else { Ok(()) }
    }
}

/// Writes slots, ascending; neighbours together.
fn write_slots<F: DiskFile>(file: &F, slots: &[(usize, &Slot)]) -> std::io::Result<()> {
    let mut bytes = Zeroizing::new(Vec::<u8>::with_capacity(slots.len().min(RUN) * slot::LEN));
    let runs = slots.chunk_by(|one, next| next.0 == one.0 + 1).flat_map(|run| run.chunks(RUN));
    for run in runs {
        bytes.clear();
        for (_, slot) in run {
            // INVARIANT: a damaged slot is only ever written over by another.
            let known = slot.to_bytes().ok_or_else(|| std::io::Error::other("a damaged slot"))?;
            bytes.extend_from_slice(&known);
        }
        if let Some((first, _)) = run.first() {
            file.write_at(&bytes, slot::offset(*first))?;
        }
    }
    Ok(())
}

fn told(error: StoreError) -> KeyError {
    KeyError(error.to_string())
}
