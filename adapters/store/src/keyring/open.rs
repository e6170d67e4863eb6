//! Opening: what is made where there is nothing, and what is set right after a crash.

use std::io::ErrorKind;
use std::sync::Arc;

use thalium::port::keys::Keys;
use zeroize::Zeroizing;

use super::head::{self, Tenants};
use super::slot::{self, Slot};
use super::table::{RUN, Table};
use super::{KEYS, NEW, Ring, carry, write_slots};
use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::scan::io;

impl<D: Disk> Ring<D> {
    pub(super) fn open(disk: D, keys: Arc<dyn Keys>) -> Result<Self, StoreError> {
        let names = disk.list().map_err(io(&disk, "list the files", ""))?;
        let has = |name: &str| names.iter().any(|own| own == name);
        let tenants = if has(head::NAME) {
            Tenants::open(&disk, keys)?
        } else {
            create(&disk, has(KEYS), keys)?
        };
        let file = disk.open(KEYS).map_err(|source| match source.kind() {
            ErrorKind::NotFound => {
                damaged("the file is missing, though its head says that there were keys")
            }
            _ => io(&disk, "open", KEYS)(source),
        })?;
        let mut table = Table::default();
        let marked = read(&disk, &file, &mut table)?;
        let leavings = table.sort_out(marked);
        let leavings =
            leavings.ok_or_else(|| damaged("neither the header nor any slot is whole"))?;
        let mut ring =
            Self { disk, file, tenants, table, marked, rotation: None, is_stopped: false };
        // Whatever a rotation copied, the file of the keys has: it is given up, and can be begun anew.
        for name in [NEW, head::TEMPORARY, carry::TEMPORARY].into_iter().filter(|name| has(name)) {
            ring.disk.remove(name).map_err(io(&ring.disk, "remove", name))?;
        }
        // The process before may have renamed and not synced.
        ring.disk.sync_names().map_err(io(&ring.disk, "sync the names in", ""))?;
        ring.settle(&leavings)?;
        ring.drop_unused()?;
        Ok(ring)
    }

    /// Writes and syncs once more what may not be durable though it was read, and wipes leavings: a process that was killed
    /// may have left it without a sync, and after a sync that failed the system may take what it holds in memory for
    /// written.
    fn settle(&mut self, leavings: &[usize]) -> Result<(), StoreError> {
        let from = self.marked.unwrap_or(0);
        // What was destroyed may have been written over anywhere; one more write for each costs a microsecond.
        let is_doubtful = |(at, slot): &(usize, &Slot)| match slot {
            Slot::Live { .. } => *at >= from,
            Slot::Destroyed(_) => true,
            Slot::Free | Slot::Damaged(_) => false,
        };
        let doubtful: Vec<(usize, &Slot)> = self.table.iter().filter(is_doubtful).collect();
        let wiped: Vec<(usize, &Slot)> = leavings.iter().map(|at| (*at, &Slot::Free)).collect();
        if !doubtful.is_empty() || !wiped.is_empty() {
            for slots in [&doubtful, &wiped] {
                write_slots(&self.file, slots).map_err(io(&self.disk, "write", KEYS))?;
            }
            self.file.sync().map_err(io(&self.disk, "sync", KEYS))?;
        }
        self.mark()
    }

    /// Drops those of the tenant's keys that no slot needs: the end of a rotation, if it was cut short there. A slot that is
    /// damaged does not say what it needs.
    fn drop_unused(&mut self) -> Result<(), StoreError> {
        if self.tenants.len() > 1 && self.table.damage() == 0 {
            let used = self.tenants.only(&self.table.generations());
            if used.len() < self.tenants.len() {
                used.write(&self.disk)?;
                self.tenants = used;
            }
        }
        Ok(())
    }
}

/// Makes both files. That of the keys comes first, so that where it is without a head it never held a key.
fn create<D: Disk>(disk: &D, has_keys: bool, keys: Arc<dyn Keys>) -> Result<Tenants, StoreError> {
    if has_keys {
        let file = disk.open(KEYS).map_err(io(disk, "open", KEYS))?;
        if file.len().map_err(io(disk, "measure", KEYS))? > slot::LEN as u64 {
            return Err(head::missing(disk));
        }
    }
    let file = disk.create(KEYS).map_err(io(disk, "create", KEYS))?;
    file.write_at(&slot::header(0), 0).map_err(io(disk, "write", KEYS))?;
    file.sync().map_err(io(disk, "sync", KEYS))?;
    disk.sync_names().map_err(io(disk, "sync the name of", KEYS))?;
    Tenants::create(disk, keys)
}

/// Reads all slots; gives how many of them the header says to be durable.
fn read<D: Disk>(disk: &D, file: &D::File, table: &mut Table) -> Result<Option<usize>, StoreError> {
    let len = file.len().map_err(io(disk, "measure", KEYS))?;
    if len > slot::offset(slot::SLOTS_MAX) {
        return Err(damaged("the file is longer than one of keys can be"));
    }
    let mut header = [0; slot::LEN];
    file.read_at(&mut header, 0).map_err(io(disk, "read", KEYS))?;
    if let Some(version) = slot::newer(&header) {
        let name = KEYS.to_owned();
        return Err(StoreError::Version { name, version, known: slot::VERSION });
    }
    let mut bytes = Zeroizing::new(vec![0_u8; RUN * slot::LEN]);
    let mut at = slot::offset(0);
    loop {
        let read = file.read_at(&mut bytes, at).map_err(io(disk, "read", KEYS))?;
        let (slots, _) = bytes.get(..read).unwrap_or_default().as_chunks::<{ slot::LEN }>();
        slots.iter().for_each(|own| table.push(Slot::from_bytes(own)));
        if read < bytes.len() {
            return Ok(slot::settled(&header));
        }
        at += read as u64;
    }
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged { name: KEYS.to_owned(), offset: 0, block: 0, what: what.to_owned() }
}
