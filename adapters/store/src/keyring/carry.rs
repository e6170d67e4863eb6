//! Taking the keys of subjects to another directory: as they are, or under other keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use thalium::port::keys::Keys;
use zeroize::Zeroizing;

use super::head::Tenants;
use super::{KEYS, Keyring, head, slot};
use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::scan::{self, io};

/// The tenant's keys, wrapped, by their generations.
type Head = BTreeMap<u32, Vec<u8>>;

pub(super) const TEMPORARY: &str = "subjects.keys.tmp";
/// Reads of both files before a rotation that comes in between is taken for damage.
const ATTEMPTS: u32 = 8;

impl<D: Disk> Keyring<D> {
    /// Whether a directory has keys of subjects.
    ///
    /// # Errors
    /// The disk's.
    pub fn is_at(disk: &D) -> Result<bool, StoreError> {
        Ok(scan::names(disk)?.iter().any(|name| name == head::NAME))
    }
}

/// Puts the keys of subjects of a directory that no one writes into another, where the tenant's keys are wrapped by other keys;
/// nothing where there are none. What was destroyed stays so.
///
/// # Errors
/// Keys that cannot be had; the disks'.
pub fn carry_over<D: Disk, T: Disk>(
    from: &D,
    keys: Arc<dyn Keys>,
    to: &T,
    new_keys: Arc<dyn Keys>,
) -> Result<(), StoreError> {
    if !Keyring::is_at(from)? {
        return Ok(());
    }
    let (tenants, own) = settled(from)?;
    let tenants = Tenants::of(tenants, keys).map_err(head::told(from))?;
    put(to, &own)?;
    tenants.rewrapped(new_keys).map_err(head::told(from))?.write(to)
}

/// Copies the keys of subjects of a directory to another as they are, wrapped; nothing where there are none. They may be
/// written meanwhile: what is acknowledged by then is in the copy.
pub(crate) fn copy<D: Disk, T: Disk>(from: &D, to: &T) -> Result<(), StoreError> {
    if !Keyring::is_at(from)? {
        return Ok(());
    }
    let (head, keys) = settled(from)?;
    let there = head::read(to);
    if there.as_ref().is_ok_and(|there| *there == head) && read(to).is_ok_and(|own| own == keys) {
        return Ok(());
    }
    // Between the two files stand the tenant's keys of both: wherever the power fails, those of the file of keys are there, be it
    // the one from before or the new one.
    if let Ok(mut both) = there {
        both.extend(head.clone());
        head::write(to, wrapped(&both))?;
    }
    put(to, &keys)?;
    head::write(to, wrapped(&head))
}

fn wrapped(head: &Head) -> impl Iterator<Item = (u32, &Vec<u8>)> {
    head.iter().map(|(generation, wrapped)| (*generation, wrapped))
}

/// The tenant's keys and those of the subjects as they are together: whoever writes them may rotate meanwhile.
fn settled<D: Disk>(from: &D) -> Result<(Head, Zeroizing<Vec<u8>>), StoreError> {
    for _ in 0..ATTEMPTS {
        let before = head::read(from)?;
        let keys = read(from)?;
        if head::read(from)? == before {
            return Ok((before, keys));
        }
    }
    let what = "the tenant's key is rotated again and again: try once more";
    Err(StoreError::Key { place: from.place(), what: what.to_owned() })
}

fn read<D: Disk>(disk: &D) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let file = disk.open(KEYS).map_err(io(disk, "open", KEYS))?;
    let most = slot::offset(slot::SLOTS_MAX);
    let len = file.len().map_err(io(disk, "measure", KEYS))?.min(most);
    let mut bytes = Zeroizing::new(vec![0; usize::try_from(len).unwrap_or(usize::MAX)]);
    let read = file.read_at(&mut bytes, 0).map_err(io(disk, "read", KEYS))?;
    bytes.truncate(read);
    Ok(bytes)
}

/// Replaces the file of a directory: what an older one held is gone with it.
fn put<D: Disk>(disk: &D, bytes: &[u8]) -> Result<(), StoreError> {
    let file = disk.create(TEMPORARY).map_err(io(disk, "create", TEMPORARY))?;
    file.write_at(bytes, 0).map_err(io(disk, "write", TEMPORARY))?;
    file.sync().map_err(io(disk, "sync", TEMPORARY))?;
    disk.rename(TEMPORARY, KEYS).map_err(io(disk, "rename", TEMPORARY))?;
    disk.sync_names().map_err(io(disk, "sync the name of", KEYS))
}
