//! Files of a newer build are refused, whatever they are: to pass one over and make it anew in the older format would undo
//! what the newer build relies on.

use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::scan::{self, io};
use crate::{backup, image, part, seal, snapshot};

/// The beginning of a file's magic, and the newest version that is known: the digit behind it.
fn known(name: &str) -> Option<(&'static [u8; 6], u8)> {
    match name {
        image::NAME => Some((b"THIMAG", 2)),
        snapshot::NAME => Some((b"THSNAP", 1)),
        seal::NAME => Some((b"THKEYS", 1)),
        backup::STATE => Some((b"THBKUP", 1)),
        name if part::number_of(name).is_some() => Some((b"THPART", 1)),
        _ => None,
    }
}

/// Refuses a directory with a file whose magic is of a newer version. Segments are looked at where they are read.
pub(crate) fn check<D: Disk>(disk: &D) -> Result<(), StoreError> {
    for name in scan::names(disk)? {
        let Some((kind, newest)) = known(&name) else { continue };
        // A part may be replaced while a reader looks.
        let Ok(file) = disk.open(&name) else { continue };
        let mut magic = [0; 8];
        file.read_at(&mut magic, 0).map_err(io(disk, "read", &name))?;
        let version = match magic {
            [own @ .., digit @ b'1'..=b'9', 0] if own == *kind => u16::from(digit - b'0'),
            _ => continue,
        };
        if version > newest.into() {
            return Err(StoreError::Version { name, version, known: newest.into() });
        }
    }
    Ok(())
}
