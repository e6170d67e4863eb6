//! Files that are open to be read: a bounded number of them, however long the history.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::disk::{Disk, DiskFile};

/// Files that stay open: a few hundred, where a system allows a thousand.
const OPEN_MAX: usize = 256;

pub(crate) struct Files<D: Disk>(Mutex<Open<D>>);

struct Open<D: Disk> {
    disk: D,
    /// The one used last at the end.
    files: Vec<(String, D::File)>,
}

impl<D: Disk> Files<D> {
    pub(crate) fn new(disk: D) -> Self {
        Self(Mutex::new(Open { disk, files: Vec::new() }))
    }

    /// Reads from a file until `to` is full or the file ends.
    pub(crate) fn read_at(&self, name: &str, to: &mut [u8], at: u64) -> std::io::Result<usize> {
        // What is open stays whole, wherever a reader panicked.
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Open { disk, files } = &mut *open;
        match files.iter().rposition(|(own, _)| own == name) {
            Some(place) => {
                if let Some(used) = files.get_mut(place..) {
                    used.rotate_left(1);
                }
            }
            None => {
                let file = disk.open(name)?;
                if files.len() >= OPEN_MAX {
                    files.remove(0);
                }
                files.push((name.to_owned(), file));
            }
        }
        files.last().map_or(Ok(0), |(_, file)| file.read_at(to, at))
    }
}

impl<D: Disk> fmt::Debug for Files<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "{} files of {}", open.files.len(), open.disk.place())
    }
}
