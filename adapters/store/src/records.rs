//! Records: small documents in a directory, each of which is there whole or not at all.
//!
//! No file is held open and no lock is taken between two calls, so that a system may suspend the process at any moment. One
//! process at a time writes.

use crate::disk::Disk;
use crate::error::StoreError;
use crate::scan::io;
use crate::whole;

const MAGIC: [u8; 8] = *b"THRECD1\0";
/// Bytes of one record.
const LEN_MAX: u64 = 16 << 20;
const TEMPORARY: &str = ".tmp";

/// The records of a directory.
#[derive(Clone, Debug)]
pub struct Records<D: Disk> {
    disk: D,
}

impl<D: Disk> Records<D> {
    /// The records of a directory, which must exist.
    #[must_use]
    pub fn new(disk: D) -> Self {
        Self { disk }
    }

    /// The records whose names begin with `kind`, each with its name, in the order of the names.
    ///
    /// # Errors
    /// The disk's; a record that is not what was written.
    pub fn read(&self, kind: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let mut names = self.disk.list().map_err(io(&self.disk, "list", "records"))?;
        names.retain(|name| name.starts_with(kind) && !name.ends_with(TEMPORARY));
        names.sort_unstable();
        let read = |name: String| match whole::read(&self.disk, &name, MAGIC, LEN_MAX) {
            Some(body) => Ok((name, body)),
            None => Err(StoreError::Damaged {
                name,
                offset: 0,
                block: 0,
                what: "it is not whole, or of another version".to_owned(),
            }),
        };
        names.into_iter().map(read).collect()
    }

    /// Replaces a record; it is durable when this returns.
    ///
    /// # Errors
    /// The disk's: then the record is as it was or as it was to be. One that is too large.
    pub fn write(&self, name: &str, body: &[u8]) -> Result<(), StoreError> {
        if body.len() as u64 > LEN_MAX {
            return Err(StoreError::TooLarge(body.len()));
        }
        let temporary = format!("{name}{TEMPORARY}");
        whole::write(&self.disk, name, &temporary, MAGIC, &[body])
            .map_err(io(&self.disk, "write", name))
    }

    /// Removes a record, if it is there.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        match self.disk.remove(name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(io(&self.disk, "remove", name)(error))
            }
            _ => self.disk.sync_names().map_err(io(&self.disk, "remove", name)),
        }
    }
}
