//! A file that is there whole, or not at all.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Writes a file beside its name and gives it the name when all of it is on the disk; where that fails, what stood under the name is
/// untouched, and nothing is left. `cannot` says what an error of the system means.
///
/// # Errors
/// What `write` or the system says.
pub fn write_whole<T, E>(
    file: &Path,
    cannot: impl Fn(io::Error) -> E,
    write: impl FnOnce(&File) -> Result<T, E>,
) -> Result<T, E> {
    let mut beside = file.to_path_buf().into_os_string();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let own = File::create(&beside).map_err(&cannot)?;
    // A name that outlives a power failure names what is there.
    let settle = || own.sync_all().and_then(|()| std::fs::rename(&beside, file));
    let written = write(&own).and_then(|done| settle().map(|()| done).map_err(&cannot));
    if written.is_err() {
        // It is of no use to anyone.
        let _ = std::fs::remove_file(&beside);
    }
    written
}
