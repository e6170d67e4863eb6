//! Bringing the files of a ledger to the newest version of their formats.

use std::path::Path;
use std::sync::Arc;

use thalium::part;
use thalium::port::keys::Keys;
use thalium_store::FileKind;

use crate::{Error, Options, Thalium, inspect};

/// The files of a directory that are of an older version than those that are written now. A ledger with such files opens
/// all the same, and reads more while it does.
///
/// # Errors
/// A directory that cannot be listed; keys that are not those of the ledger.
pub fn older_files(path: &Path, keys: Option<Arc<dyn Keys>>) -> Result<Vec<String>, Error> {
    let found = inspect(path, keys)?;
    let is_older = |kind, version: Option<u16>| {
        kind == FileKind::Part && version.is_some_and(|version| version < part::VERSION)
    };
    let older = found.files.into_iter().filter(|file| is_older(file.kind, file.version));
    Ok(older.map(|file| file.name).collect())
}

/// Makes the files of older versions anew, from the journal. What is durable stays as it is; killed at any time, the
/// ledger opens, and this goes on from the beginning. Takes the writer's lock; `options` say how it is opened, and
/// [`Options::telemetry`] is told how far it is. Gives the names of the files that were of an older version.
///
/// # Errors
/// As [`Thalium::open_with`] and [`Thalium::close`].
pub fn upgrade(path: &Path, options: Options) -> Result<Vec<String>, Error> {
    let older = older_files(path, options.keys.clone())?;
    if !older.is_empty() {
        // Opening folds what has no part of this version and removes what is of no use any more. It puts into parts again
        // all but the newest history, which stays in memory as it does anyway.
        let address = path.display().to_string();
        Thalium::open_with(&address, Options { create: false, ..options })?.close()?;
    }
    Ok(older)
}
