//! Looking whether every key can be had.

use thalium::Id;
use zeroize::Zeroizing;

use super::slot::{self, Owner, Slot};
use super::table::RUN;
use super::{KEYS, Ring};
use crate::disk::{Disk, DiskFile};

/// Lost keys that are told one by one.
const LOST_MAX: usize = 1_000;

/// What looking at every key found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyringReport {
    /// Subjects that have a key.
    pub subjects: u64,
    /// Keys that can be had, the tenant's own among them.
    pub live: u64,
    /// Keys that were destroyed.
    pub destroyed: u64,
    /// Slots that were durable once and are not what was written: whose they were is not known for sure.
    pub damaged: u64,
    /// The newest generation of the tenant's key.
    pub generation: u32,
    /// Keys that are there and cannot be had: whose, of which kind (a basis' number, or 3 for the tenant's own), and why.
    /// The first 1,000.
    pub lost: Vec<(Id, u8, String)>,
    /// How many keys are there and cannot be had.
    pub lost_count: u64,
}

impl KeyringReport {
    fn lose(&mut self, owner: Owner, why: String) {
        self.lost_count += 1;
        if self.lost.len() < LOST_MAX {
            self.lost.push((owner.id(), owner.kind, why));
        }
    }
}

impl<D: Disk> Ring<D> {
    /// A report on no slot yet.
    pub(super) fn report(&self) -> KeyringReport {
        KeyringReport {
            subjects: self.table.subjects().len() as u64,
            generation: self.tenants.current(),
            ..KeyringReport::default()
        }
    }

    /// Looks at a run of slots, as they are in memory and in the file. Whether there are more.
    pub(super) fn check(&self, from: usize, report: &mut KeyringReport) -> bool {
        let upto = self.table.len().min(from + RUN);
        let mut bytes = Zeroizing::new(vec![0_u8; upto.saturating_sub(from) * slot::LEN]);
        // What cannot be read stays zero, and so is not what was written.
        let _ = self.file.read_at(&mut bytes, slot::offset(from));
        let (stored, _) = bytes.as_chunks::<{ slot::LEN }>();
        for (at, stored) in (from..upto).zip(stored) {
            let stored = Slot::from_bytes(stored);
            match self.table.get(at) {
                Some(Slot::Live { owner, .. }) => match self.had(*owner, &stored) {
                    Ok(()) => report.live += 1,
                    Err(why) => report.lose(*owner, why),
                },
                Some(Slot::Destroyed(owner)) if stored == Slot::Destroyed(*owner) => {
                    report.destroyed += 1;
                }
                Some(Slot::Destroyed(_) | Slot::Damaged(_)) => report.damaged += 1,
                Some(Slot::Free) | None => {}
            }
        }
        upto < self.table.len()
    }

    /// Whether the key that is stored for an owner can be had. In the file it may be of an older generation than in memory.
    fn had(&self, owner: Owner, stored: &Slot) -> Result<(), String> {
        match stored {
            Slot::Live { owner: own, generation, wrapped } if *own == owner => {
                let key = self.tenants.open_key(owner, *generation, wrapped);
                key.map(|_| ()).map_err(|error| error.to_string())
            }
            _ => Err(format!(
                "`{KEYS}` was damaged since it was opened; the key is in memory still: rotate the tenant's key, which \
                 writes the file anew"
            )),
        }
    }
}
