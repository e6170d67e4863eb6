//! Looking at the files of a ledger without opening it.

use std::path::Path;
use std::sync::Arc;

use thalium::port::keys::Keys;
use thalium_store::Inspection;

use crate::Error;
use crate::place::{Place, at};

/// Looks at every file of a directory, beside a writer or without one, and changes nothing. What is damaged is told with
/// its file, and the others are looked at all the same. Without keys what is encrypted is measured and not read.
///
/// # Errors
/// A directory that cannot be listed; keys that are not those of the ledger.
pub fn inspect(path: &Path, keys: Option<Arc<dyn Keys>>) -> Result<Inspection, Error> {
    let place = Place::of(path)?;
    let place = if keys.is_some() { place.with_keys(keys)? } else { place };
    Ok(at!(&place, disk => thalium_store::inspect(disk)?))
}
