//! The SHA-256 of a document on a device: its bytes are read and go nowhere.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::error::invalid;
use crate::{Error, hex};

/// The most bytes of a document.
pub const DOCUMENT_BYTES: u64 = 256 << 20;
/// How much of a file is in memory at a time.
const CHUNK: usize = 64 << 10;

/// The SHA-256 of a document, in hexadecimal.
///
/// # Errors
/// It is empty, or has more than [`DOCUMENT_BYTES`].
pub fn digest(document: &[u8]) -> Result<String, Error> {
    digest_of(document, "bytes")
}

/// The SHA-256 of a file, in hexadecimal. However large it is, little of it is in memory at a time.
///
/// # Errors
/// It cannot be read, is no file, is empty, or has more than [`DOCUMENT_BYTES`].
pub fn digest_file(path: &Path) -> Result<String, Error> {
    let refused = |what: String| Error::from(invalid("path", what));
    // What is no file may have no end, or wait for ever.
    let found =
        std::fs::metadata(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
    if !found.is_file() {
        return Err(refused("is no file".to_owned()));
    }
    let file = File::open(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
    digest_of(file, "path")
}

fn digest_of(from: impl Read, field: &'static str) -> Result<String, Error> {
    let mut from = from.take(DOCUMENT_BYTES + 1);
    let (mut digest, mut chunk, mut read) = (Sha256::new(), vec![0; CHUNK], 0);
    loop {
        let count = from
            .read(&mut chunk)
            .map_err(|error| invalid(field, format!("cannot be read: {error}")))?;
        if count == 0 {
            break;
        }
        digest.update(chunk.get(..count).unwrap_or_default());
        read += count as u64;
    }
    match read {
        0 => Err(invalid(field, "is empty").into()),
        _ if read > DOCUMENT_BYTES => {
            Err(invalid(field, format!("has more than {} MiB", DOCUMENT_BYTES >> 20)).into())
        }
        _ => Ok(hex(&<[u8; 32]>::from(digest.finalize()))),
    }
}

#[cfg(test)]
#[path = "digest_tests.rs"]
mod tests;
