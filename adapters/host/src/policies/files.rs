//! Bundles on the disk: a directory, or a tar archive, compressed or not.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use thalium::policy::bundle::{FILE_BYTES, FILES, File, TOTAL_BYTES};

use super::PolicyError;

/// What of a directory begins with a dot and is part of a bundle all the same.
const DOTTED: [&str; 2] = [".manifest", ".signatures.json"];

/// How many directories may be in one another.
const DEEP: usize = 64;

/// The files of a bundle at a path: of a directory those that stand in it and below, of an archive its entries, of a module itself.
///
/// # Errors
/// What is there cannot be read, or is larger than a bundle may be.
pub fn bundle_files(path: &Path) -> Result<Vec<File<'static>>, PolicyError> {
    let fault = |source| PolicyError::Read { path: path.display().to_string(), source };
    let found = fs::metadata(path).map_err(fault)?;
    let root = fs::canonicalize(path).map_err(fault)?;
    let mut files = Files { files: Vec::new(), total: 0, directories: 0, root };
    if !found.is_dir() && !found.is_file() {
        return Err(fault(io::Error::other("is neither a file nor a directory")));
    }
    if found.is_dir() {
        files.directory(path, "", 0)?;
    } else if path.extension().is_some_and(|extension| extension == "rego") {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        files.take(path, name.unwrap_or_default(), fs::File::open(path).map_err(fault)?)?;
    } else {
        files.archive(path, io::BufReader::new(fs::File::open(path).map_err(fault)?))?;
    }
    Ok(files.files)
}

struct Files {
    files: Vec<File<'static>>,
    total: u64,
    directories: usize,
    /// Out of which no link leads.
    root: PathBuf,
}

impl Files {
    fn directory(&mut self, path: &Path, prefix: &str, depth: usize) -> Result<(), PolicyError> {
        let fault = |source| PolicyError::Read { path: path.display().to_string(), source };
        self.directories += 1;
        if depth > DEEP || self.directories > FILES {
            let why = format!("more than {DEEP} directories deep, or than {FILES} of them");
            return Err(fault(io::Error::other(why)));
        }
        let mut entries: Vec<PathBuf> = fs::read_dir(path)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
            .map_err(fault)?;
        entries.sort();
        for entry in entries {
            let name = entry.file_name().map(|name| name.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            let is_root = prefix.is_empty();
            if name.starts_with('.') && !(is_root && DOTTED.contains(&name.as_str())) {
                continue;
            }
            let fault = |source| PolicyError::Read { path: entry.display().to_string(), source };
            let inner = format!("{prefix}{name}");
            let kind = fs::symlink_metadata(&entry).map_err(fault)?.file_type();
            if kind.is_dir() {
                self.directory(&entry, &format!("{inner}/"), depth + 1)?;
                continue;
            }
            // A link to a file of the bundle is that file, as where a cluster mounts it; any other leads somewhere else, or in a circle.
            let stays = || fs::canonicalize(&entry).map(|real| real.starts_with(&self.root));
            let is_file = fs::metadata(&entry).map_err(fault)?.is_file();
            if !is_file || !stays().map_err(fault)? {
                let why = "is no file of the bundle, nor a link to one";
                return Err(fault(io::Error::other(why)));
            }
            self.take(&entry, inner, fs::File::open(&entry).map_err(fault)?)?;
        }
        Ok(())
    }

    fn archive(&mut self, path: &Path, mut reader: impl io::BufRead) -> Result<(), PolicyError> {
        let fault = |source| PolicyError::Read { path: path.display().to_string(), source };
        let is_compressed = reader.fill_buf().map_err(fault)?.starts_with(&[0x1f, 0x8b]);
        let reader: Box<dyn Read> =
            if is_compressed { Box::new(MultiGzDecoder::new(reader)) } else { Box::new(reader) };
        // What is behind the largest bundle is not unpacked, however little the archive has of it.
        let limit = (TOTAL_BYTES as u64).saturating_mul(2);
        let mut archive = tar::Archive::new(Tail { inner: reader.take(limit), last: Vec::new() });
        for entry in archive.entries().map_err(|error| fault(no_bundle(error)))? {
            let entry = entry.map_err(|error| fault(no_bundle(error)))?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let kind = entry.header().entry_type();
            if kind.is_dir() || kind == tar::EntryType::XGlobalHeader {
                continue;
            }
            if !kind.is_file() {
                let why = format!(
                    "`{name}` is a link or something else than a file: pack the files themselves"
                );
                return Err(fault(io::Error::other(why)));
            }
            self.take(path, name, entry)?;
        }
        // To its end, where the checksum of the whole stands: what was cut off or changed is not taken for a smaller bundle.
        let mut rest = archive.into_inner();
        io::copy(&mut rest, &mut io::sink()).map_err(fault)?;
        if rest.inner.limit() == 0 {
            return Err(fault(io::Error::other("unpacks to more than a bundle may have")));
        }
        if rest.last.len() < BLOCKS || rest.last.iter().any(|byte| *byte != 0) {
            return Err(fault(io::Error::other("ends too early: it is cut off, or no archive")));
        }
        Ok(())
    }

    fn take(&mut self, path: &Path, name: String, content: impl Read) -> Result<(), PolicyError> {
        let fault = |source| PolicyError::Read { path: path.display().to_string(), source };
        if self.files.len() >= FILES {
            return Err(fault(io::Error::other(format!("a bundle has at most {FILES} files"))));
        }
        let mut bytes = Vec::new();
        let limit = FILE_BYTES as u64 + 1;
        let read = content.take(limit).read_to_end(&mut bytes).map_err(fault)?;
        self.total = self.total.saturating_add(read as u64);
        if read as u64 == limit || self.total > TOTAL_BYTES as u64 {
            let (one, all) = (FILE_BYTES >> 20, TOTAL_BYTES >> 20);
            let why =
                format!("`{name}` is too large: a file has at most {one} MiB, a bundle {all}");
            return Err(fault(io::Error::other(why)));
        }
        self.files.push(File { name: Cow::Owned(name), bytes: Cow::Owned(bytes) });
        Ok(())
    }
}

/// The two blocks of zeros that a tar archive ends with.
const BLOCKS: usize = 1024;

fn no_bundle(error: io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!(
            "is no bundle: neither a directory, a module, nor an archive that can be read: {error}"
        ),
    )
}

/// A reader that keeps the last bytes it gave.
struct Tail<R> {
    inner: R,
    last: Vec<u8>,
}

impl<R: Read> Read for Tail<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(to)?;
        let new = to.get(..read).unwrap_or_default();
        self.last.extend_from_slice(new.get(read.saturating_sub(BLOCKS)..).unwrap_or_default());
        self.last.drain(..self.last.len().saturating_sub(BLOCKS));
        Ok(read)
    }
}

/// Writes a bundle as a compressed tar archive: the same files give the same bytes.
///
/// # Errors
/// What the writer says.
pub fn pack_bundle(files: &[File<'_>], to: impl Write) -> io::Result<()> {
    let mut archive = tar::Builder::new(GzEncoder::new(to, Compression::default()));
    let mut sorted: Vec<&File<'_>> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    for file in sorted {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        let name = file.name.trim_start_matches("./").trim_start_matches('/');
        archive.append_data(
            &mut header,
            format!("/{name}").trim_start_matches('/'),
            file.bytes.as_ref(),
        )?;
    }
    archive.into_inner()?.finish()?.flush()
}
