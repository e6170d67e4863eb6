//! Files that are open to be read: a bounded number of them, however long the history.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cipher::Cipher;
use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::scan::io;
use crate::{format, part, scan};

/// Files that stay open: half of what most systems allow a process.
const OPEN_MAX: usize = 512;

/// A file of a store, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    Segment(u64),
    Part(u64),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Segment(number) => format::segment_name(*number),
            Self::Part(number) => part::name_of(*number),
        })
    }
}

pub(crate) struct Files<D: Disk>(Mutex<Open<D>>);

struct Open<D: Disk> {
    disk: D,
    files: BTreeMap<Name, D::File>,
    /// How the segments among them are sealed, where some are.
    ciphers: BTreeMap<u64, Arc<Cipher>>,
    /// In the order in which they were opened.
    order: VecDeque<Name>,
}

impl<D: Disk> Files<D> {
    pub(crate) fn new(disk: D) -> Self {
        Self(Mutex::new(Open {
            disk,
            files: BTreeMap::new(),
            ciphers: BTreeMap::new(),
            order: VecDeque::new(),
        }))
    }

    /// Forgets a file that is replaced by another of its name.
    pub(crate) fn forget(&self, name: Name) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.files.remove(&name);
        open.order.retain(|own| *own != name);
    }

    /// How the events of a segment are sealed.
    pub(crate) fn cipher(&self, segment: u64) -> Result<Arc<Cipher>, StoreError> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.disk.seal().current() == 0 {
            return Ok(Arc::default());
        }
        if let Some(cipher) = open.ciphers.get(&segment) {
            return Ok(Arc::clone(cipher));
        }
        let name = format::segment_name(segment);
        let file = open.disk.open(&name).map_err(io(&open.disk, "open", &name))?;
        let (_, cipher) = scan::cipher_of(&open.disk, &file, &name)?;
        open.ciphers.insert(segment, Arc::clone(&cipher));
        Ok(cipher)
    }

    /// Reads from a file until `to` is full or the file ends.
    pub(crate) fn read_at(&self, name: Name, to: &mut [u8], at: u64) -> std::io::Result<usize> {
        // What is open stays whole, wherever a reader panicked.
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Open { disk, files, order, .. } = &mut *open;
        if let Some(file) = files.get(&name) {
            return file.read_at(to, at);
        }
        let file = disk.open(&name.to_string())?;
        if files.len() >= OPEN_MAX
            && let Some(oldest) = order.pop_front()
        {
            files.remove(&oldest);
        }
        let read = file.read_at(to, at);
        files.insert(name, file);
        order.push_back(name);
        read
    }
}

impl<D: Disk> fmt::Debug for Files<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "{} files of {}", open.files.len(), open.disk.place())
    }
}
