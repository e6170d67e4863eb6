//! Looking at the files of a ledger without opening it.

use std::path::Path;
use std::sync::Arc;

use thalium::port::keys::Keys;
use thalium_store::Inspection;
use thalium_store::disk::Directory;

use crate::Error;

/// Looks at every file of a directory, beside a writer or without one, and changes nothing. What is damaged is told with
/// its file, and the others are looked at all the same. Without keys what is encrypted is measured and not read.
///
/// # Errors
/// A directory that cannot be listed; keys that are not those of the ledger.
pub fn inspect(path: &Path, keys: Option<Arc<dyn Keys>>) -> Result<Inspection, Error> {
    let disk = Directory::new(path);
    let disk = if keys.is_some() { disk.with_keys(keys)? } else { disk };
    Ok(thalium_store::inspect(&disk)?)
}
