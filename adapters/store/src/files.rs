//! Files that are open to be read: a bounded number of them, however long the history.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::disk::{Disk, DiskFile};
use crate::{format, part};

/// Files that stay open: a few hundred, where a system allows a thousand.
const OPEN_MAX: usize = 256;

/// A file of a store, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// The one opened last at the end.
    files: Vec<(Name, D::File)>,
}

impl<D: Disk> Files<D> {
    pub(crate) fn new(disk: D) -> Self {
        Self(Mutex::new(Open { disk, files: Vec::new() }))
    }

    /// Reads from a file until `to` is full or the file ends.
    pub(crate) fn read_at(&self, name: Name, to: &mut [u8], at: u64) -> std::io::Result<usize> {
        // What is open stays whole, wherever a reader panicked.
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Open { disk, files } = &mut *open;
        if let Some((_, file)) = files.iter().rev().find(|(own, _)| *own == name) {
            return file.read_at(to, at);
        }
        let file = disk.open(&name.to_string())?;
        if files.len() >= OPEN_MAX {
            files.remove(0);
        }
        let read = file.read_at(to, at);
        files.push((name, file));
        read
    }
}

impl<D: Disk> fmt::Debug for Files<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "{} files of {}", open.files.len(), open.disk.place())
    }
}
