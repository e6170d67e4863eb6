//! Rotating the tenant's key while the keys are in use.
//!
//! The new key is added to the head; every slot is copied to a file beside, wrapped with the new key; the copy takes the
//! place of the file, and the head drops the key that was before. Until then the file has all that was acknowledged, and
//! the head the keys that it needs, wherever that is cut short.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::slot::{self, Slot};
use super::table::RUN;
use super::{KEYS, NEW, Ring, head, write_slots};
use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::scan::io;

/// How far a rotation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewrapProgress {
    /// Slots that were looked at: of live keys, destroyed ones and damaged ones.
    pub done: u64,
    /// All slots. More may come while the rotation is under way.
    pub of: u64,
    /// The generation of the tenant's key with which keys are wrapped.
    pub generation: u32,
    /// Whether it has come to its end.
    pub finished: bool,
}

/// A copy that is being made: the same slots at the same places.
pub(super) struct Rotation<F> {
    file: F,
    /// How many slots from the first on were copied.
    done: usize,
}

impl<D: Disk> Ring<D> {
    pub(super) fn begin_rotation(&mut self) -> Result<u32, StoreError> {
        self.going()?;
        if self.rotation.is_none() {
            let tenants = self.tenants.with_new().map_err(head::told(&self.disk))?;
            tenants.write(&self.disk)?;
            self.tenants = tenants;
            let file = self.disk.create(NEW).map_err(io(&self.disk, "create", NEW))?;
            self.rotation = Some(Rotation { file, done: 0 });
        }
        Ok(self.tenants.current())
    }

    pub(super) fn rewrap_some(&mut self, most: usize) -> Result<RewrapProgress, StoreError> {
        self.going()?;
        let Some(Rotation { done, .. }) = self.rotation else {
            if self.tenants.len() > 1 {
                let what = "a rotation of the tenant's key was interrupted: begin it anew";
                let place = self.disk.place();
                return Err(StoreError::Key { place, what: what.to_owned() });
            }
            return Ok(self.progress(self.table.len(), true));
        };
        let upto = self.table.len().min(done.saturating_add(most.clamp(1, RUN)));
        let is_last = upto == self.table.len();
        let copied = self.copy(done, upto);
        let written = if is_last { copied.and_then(|()| self.complete()) } else { copied };
        if let Err(error) = written {
            self.abandon()?;
            return Err(error);
        }
        if is_last {
            self.replace()?;
        }
        Ok(self.progress(upto, is_last))
    }

    fn progress(&self, done: usize, finished: bool) -> RewrapProgress {
        let (done, of) = (done as u64, self.table.len() as u64);
        RewrapProgress { done, of, generation: self.tenants.current(), finished }
    }

    /// Copies slots, wrapped anew.
    fn copy(&mut self, from: usize, upto: usize) -> Result<(), StoreError> {
        let mut bytes = Zeroizing::new(Vec::<u8>::with_capacity((upto - from) * slot::LEN));
        for at in from..upto {
            // In memory it is wrapped with the new key at once, and in the file with the old one: the head has both.
            if let Some(slot) = self.rewrapped(at) {
                self.table.replace(at, slot);
            }
            let mut own = [0; slot::LEN];
            match self.table.get(at).and_then(Slot::to_bytes) {
                Some(known) => own = known,
                None => {
                    let read = self.file.read_at(&mut own, slot::offset(at));
                    read.map_err(io(&self.disk, "read", KEYS))?;
                }
            }
            bytes.extend_from_slice(&own);
        }
        if let Some(rotation) = &mut self.rotation {
            let written = rotation.file.write_at(&bytes, slot::offset(from));
            written.map_err(io(&self.disk, "write", NEW))?;
            rotation.done = upto;
        }
        Ok(())
    }

    /// The key of a slot under the newest of the tenant's keys; `None` where it is, or where there is none to be had.
    fn rewrapped(&self, at: usize) -> Option<Slot> {
        let Slot::Live { owner, generation, wrapped } = self.table.get(at)? else { return None };
        if *generation == self.tenants.current() {
            return None;
        }
        let key = self.tenants.open_key(*owner, *generation, wrapped).ok()?;
        self.tenants.seal(*owner, &key).ok()
    }

    /// Makes the copy whole and durable.
    fn complete(&mut self) -> Result<(), StoreError> {
        let Some(Rotation { file, .. }) = &self.rotation else { return Ok(()) };
        let header = slot::header(self.table.settled());
        let written = file.write_at(&header, 0).and_then(|()| file.sync());
        written.map_err(io(&self.disk, "write", NEW))
    }

    /// Puts the copy in place of the file, and drops what only the file needed.
    fn replace(&mut self) -> Result<(), StoreError> {
        let Some(Rotation { file, .. }) = self.rotation.take() else { return Ok(()) };
        let renamed = self.disk.rename(NEW, KEYS).and_then(|()| self.disk.sync_names());
        if let Err(error) = renamed {
            // Which of the two has the name is known after opening again; both have all keys.
            self.is_stopped = true;
            return Err(io(&self.disk, "rename", NEW)(error));
        }
        (self.file, self.marked) = (file, Some(self.table.settled()));
        // INVARIANT: the name of the copy is durable. Were it not, the old file would have lost its key.
        let newest = self.tenants.only(&BTreeSet::new());
        newest.write(&self.disk)?;
        self.tenants = newest;
        Ok(())
    }

    /// Has slots in the copy as they will be in the file, as far as they were copied. There too it is durable before
    /// anything is acknowledged: a key that is destroyed may not be left in it.
    pub(super) fn mirror(&mut self, slots: &[(usize, &Slot)]) -> Result<(), StoreError> {
        let Some(Rotation { file, done }) = &self.rotation else { return Ok(()) };
        let copied = slots.iter().copied().filter(|(at, _)| at < done);
        let copied: Vec<(usize, &Slot)> = copied.collect();
        if copied.is_empty() {
            return Ok(());
        }
        let written = write_slots(file, &copied).and_then(|()| file.sync());
        // A copy that cannot be written keeps no key from being made or destroyed.
        written.or_else(|_| self.abandon())
    }

    /// Gives the rotation up: all keys are in the file, and it can be begun anew.
    fn abandon(&mut self) -> Result<(), StoreError> {
        self.rotation = None;
        let removed = self.disk.remove(NEW).and_then(|()| self.disk.sync_names());
        removed.map_err(|error| {
            self.is_stopped = true;
            io(&self.disk, "remove", NEW)(error)
        })
    }
}
