//! Backups of a directory, and what is restored from them.

use std::path::{Path, PathBuf};

use thalium_store::disk::Directory;
use thalium_store::{Backup, Restored, Until};

use crate::verify::{Verified, verify};
use crate::{Error, Options};

/// Brings the backup in a directory up to date, or begins one in an empty directory. The ledger may be written meanwhile.
/// `progress` is told the bytes copied so far.
///
/// # Errors
/// A directory that holds something else; damage; the disk's.
pub fn backup(ledger: &Path, to: &Path, progress: &mut dyn FnMut(u64)) -> Result<Backup, Error> {
    let source = Directory::new(ledger);
    // A ledger that is not there leaves no empty directory behind.
    thalium_store::Reader::open(source.clone(), false)?;
    create(to)?;
    Ok(thalium_store::backup(source, &Directory::new(to), progress)?)
}

/// Restores a ledger from a backup into an empty directory, and verifies it from its first byte.
///
/// # Errors
/// A directory that holds a store; damage; the disk's.
pub fn restore(backup: &Path, to: &Path, until: Until) -> Result<(Restored, Verified), Error> {
    let copy = Directory::new(backup);
    thalium_store::Reader::open(copy.clone(), false)?;
    create(to)?;
    let options = thalium_store::Options { segment_len: Options::default().segment_len };
    let restored = thalium_store::restore(&copy, Directory::new(to), options, until)?;
    Ok((restored, verify(to)?))
}

/// Shows that a backup can be restored: restores it beside itself, verifies what came of it, and removes that again.
///
/// # Errors
/// What a restoring in earnest would say.
pub fn rehearse(backup: &Path) -> Result<(Restored, Verified), Error> {
    let scratch = Scratch(backup.with_extension(format!("rehearsal-{}", std::process::id())));
    restore(backup, &scratch.0, Until::End)
}

/// A directory that goes when it is done with.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left of it names itself.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn create(path: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(path)
        .map_err(|source| Error::Create { path: path.display().to_string(), source })
}
