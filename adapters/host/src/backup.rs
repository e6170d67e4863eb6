//! Backups of a directory, and what is restored from them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use thalium::port::keys::Keys;
use thalium_store::disk::{Directory, Disk};
use thalium_store::{
    Backup, Restored, SealedKeys, Step, StoreError, StoreJournal, Until, carry_over,
};

use crate::beside;
use crate::place::{Place, at};
use crate::verify::{Verified, verify};
use crate::{Error, Options};

/// Under which keys a ledger is restored.
#[derive(Clone, Debug, Default)]
pub enum NewKeys {
    /// Those of the backup, with new data keys; without encryption if the backup has none.
    #[default]
    Same,
    /// Others.
    Other(Arc<dyn Keys>),
    /// None: what is restored is not encrypted.
    Without,
}

/// Brings the backup in a directory, or under an address as in `s3://bucket/prefix`, up to date, or begins one in an empty directory. The ledger may be written meanwhile.
/// One that is encrypted is copied as it is, its wrapped keys among it. `progress` is told the bytes copied so far.
///
/// # Errors
/// A directory that holds something else; damage; a ledger that is encrypted, without its keys; the disk's.
pub fn backup(
    ledger: &Path,
    to: &Path,
    keys: Option<Arc<dyn Keys>>,
    progress: &mut dyn FnMut(u64),
) -> Result<Backup, Error> {
    let _span = tracing::info_span!("backup").entered();
    let begun = Instant::now();
    let mut go_on = |bytes| {
        progress(bytes);
        true
    };
    let copied = copy(ledger, to, keys, &mut go_on)?.copy;
    let Backup { events, copied: now, .. } = &copied;
    tracing::info!(events, copied = now, took = ?begun.elapsed(), "backed up");
    Ok(copied)
}

/// As [`backup`], for as long as `go_on` says when it is told the bytes copied so far.
pub(crate) fn copy(
    ledger: &Path,
    to: &Path,
    keys: Option<Arc<dyn Keys>>,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Step, Error> {
    let mut step = copy_journal(ledger, to, keys.clone(), go_on)?;
    let mut done = step.copy.copied;
    for name in beside::found(ledger)? {
        let (from, to) = (ledger.join(name), to.join(name));
        let of_all = &mut |bytes| go_on(done.saturating_add(bytes));
        let copied = copy_journal(&from, &to, keys.clone(), of_all)?;
        done = done.saturating_add(copied.copy.copied);
        step.is_complete &= copied.is_complete;
    }
    Ok(step)
}

fn copy_journal(
    from: &Path,
    to: &Path,
    keys: Option<Arc<dyn Keys>>,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Step, Error> {
    let source = Directory::new(from).with_keys(keys)?;
    // A ledger that is not there leaves no empty directory behind.
    thalium_store::Reader::open(source.clone(), false)?;
    let to = Place::of(to)?;
    to.create()?;
    Ok(at!(to, to => thalium_store::copy(source, &to, go_on)?))
}

/// Restores a ledger from a backup into an empty directory, and verifies it from its first byte.
///
/// # Errors
/// A directory that holds a store; damage; a backup that is encrypted, without its keys; the disk's.
pub fn restore(
    backup: &Path,
    to: &Path,
    until: Until,
    keys: Option<Arc<dyn Keys>>,
    new_keys: NewKeys,
) -> Result<(Restored, Verified), Error> {
    let _span = tracing::info_span!("restore").entered();
    let copy = Place::of(backup)?.with_keys(keys.clone())?;
    at!(&copy, copy => thalium_store::Reader::open(copy.clone(), false).map(drop))?;
    let target = Directory::new(to);
    std::fs::create_dir_all(to)
        .map_err(|source| Error::Create { path: to.display().to_string(), source })?;
    if StoreJournal::is_at(&target)? {
        return Err(StoreError::Exists { place: target.place() }.into());
    }
    let new_keys = match new_keys {
        NewKeys::Same => keys.clone().filter(|_| at!(&copy, copy => copy.seal().current() > 0)),
        NewKeys::Other(keys) => Some(keys),
        NewKeys::Without => None,
    };
    let target = target.with_new_keys(new_keys.clone())?;
    let options = thalium_store::Options { segment_len: Options::default().segment_len };
    let begun = Instant::now();
    let restored =
        at!(&copy, copy => thalium_store::restore(copy, target.clone(), options, until)?);
    if target.seal().current() > 0 {
        let new_keys = Arc::new(SealedKeys::new(target.clone()));
        at!(&copy, copy => {
            carry_over(copy, Arc::new(SealedKeys::new(copy.clone())), &target, new_keys)?
        });
    }
    for name in beside::DIRECTORIES {
        restore_beside(&backup.join(name), &to.join(name), keys.clone(), new_keys.clone())?;
    }
    let Restored { events, generation, .. } = &restored;
    tracing::info!(events, generation, took = ?begun.elapsed(), "restored");
    Ok((restored, verify(to, new_keys)?))
}

/// Restores what was kept beside the books, if it is there: all of it, whatever the books are restored to.
fn restore_beside(
    backup: &Path,
    to: &Path,
    keys: Option<Arc<dyn Keys>>,
    new_keys: Option<Arc<dyn Keys>>,
) -> Result<(), Error> {
    let Some(copy) = Place::found(backup, keys)? else { return Ok(()) };
    std::fs::create_dir_all(to)
        .map_err(|source| Error::Create { path: to.display().to_string(), source })?;
    let target = Directory::new(to).with_new_keys(new_keys)?;
    let options = thalium_store::Options { segment_len: Options::default().segment_len };
    at!(&copy, copy => thalium_store::restore(copy, target, options, Until::End)?);
    Ok(())
}

/// Shows that a backup can be restored: restores it beside itself, verifies what came of it, and removes that again.
///
/// # Errors
/// What a restoring in earnest would say.
pub fn rehearse(backup: &Path, keys: Option<Arc<dyn Keys>>) -> Result<(Restored, Verified), Error> {
    let name = format!("rehearsal-{}", std::process::id());
    // Beside it, where there is room for it; beside an object store there is no such place.
    let scratch = Scratch(match Place::of(backup)? {
        Place::Directory(_) => backup.with_extension(name),
        #[cfg(feature = "objects")]
        Place::Objects(_) => std::env::temp_dir().join(format!("thalium-{name}")),
    });
    restore(backup, &scratch.0, Until::End, keys, NewKeys::Same)
}

/// A directory that goes when it is done with.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left of it names itself.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
