//! Looking at the files of a ledger without opening it.

use std::path::Path;
use std::sync::Arc;

use thalium::port::keys::Keys;
use thalium_store::Inspection;

use crate::Error;
use crate::place::{Place, at};

/// Looks at every file of a directory, beside a writer or without one, and changes nothing. What is damaged or of a newer
/// build is told with its file, and the others are looked at all the same. Without keys what is encrypted is measured and
/// not read.
///
/// # Errors
/// A directory that cannot be listed; keys that are not those of the ledger, though its `keys` are whole.
pub fn inspect(path: &Path, keys: Option<Arc<dyn Keys>>) -> Result<Inspection, Error> {
    let look = |place: &Place| at!(place, disk => thalium_store::inspect(disk));
    if keys.is_none() {
        return Ok(look(&Place::of(path)?)?);
    }
    match Place::of(path)?.with_keys(keys) {
        Ok(place) => Ok(look(&place)?),
        Err(error) => {
            let found = look(&Place::of(path)?)?;
            // What is wrong with the keys is wrong with their file, or with one that a newer build wrote.
            if found.damaged().next().is_some() { Ok(found) } else { Err(error) }
        }
    }
}

#[cfg(test)]
#[path = "inspect_tests.rs"]
mod tests;
