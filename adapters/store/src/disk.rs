//! What the store asks of a disk, so that tests can put a worse one under it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thalium::port::keys::Keys;

use crate::error::StoreError;
use crate::seal::Seal;
use crate::versions;

/// A directory of files.
///
/// What a sync has not covered may be lost, torn or reordered when the power fails: the contents of a file until
/// [`DiskFile::sync`], the names in the directory until [`Disk::sync_names`].
pub trait Disk: Clone + Send + 'static {
    /// An open file.
    type File: DiskFile;
    /// Keeps the directory to one writer while it lives.
    type Lock: Send;

    /// Takes the writer's lock; `None` when another holds it.
    ///
    /// # Errors
    /// The disk's.
    fn lock(&self) -> io::Result<Option<Self::Lock>>;

    /// Whether a writer holds the lock; takes nothing and waits for no one.
    ///
    /// # Errors
    /// The disk's.
    fn is_written(&self) -> io::Result<bool>;

    /// The process that took the lock last, as it numbers itself, where that is told.
    fn holder(&self) -> Option<u32> {
        None
    }

    /// The names of the files.
    ///
    /// # Errors
    /// The disk's.
    fn list(&self) -> io::Result<Vec<String>>;

    /// Opens a file that exists, to read and write.
    ///
    /// # Errors
    /// The disk's.
    fn open(&self, name: &str) -> io::Result<Self::File>;

    /// Opens a file that exists, to write whole sectors from memory that begins where a sector may begin: past the
    /// system's cache where that is possible, since what is written is rarely read soon, and filling the cache page by
    /// page costs more than the disk takes.
    ///
    /// # Errors
    /// The disk's.
    fn open_uncached(&self, name: &str) -> io::Result<Self::File> {
        self.open(name)
    }

    /// Creates a file, or empties the one that is there.
    ///
    /// # Errors
    /// The disk's.
    fn create(&self, name: &str) -> io::Result<Self::File>;

    /// Creates a file that is only prewritten, in large aligned pieces from aligned memory: past the system's cache where
    /// that is possible, since nobody reads the zeros.
    ///
    /// # Errors
    /// The disk's.
    fn create_uncached(&self, name: &str) -> io::Result<Self::File> {
        self.create(name)
    }

    /// Renames a file over any other of that name.
    ///
    /// # Errors
    /// The disk's.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// The disk's.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes creations, renames and removals durable.
    ///
    /// # Errors
    /// The disk's.
    fn sync_names(&self) -> io::Result<()>;

    /// Where the directory is, for messages.
    fn place(&self) -> String;

    /// With what its contents are encrypted, if they are.
    fn seal(&self) -> Seal {
        Seal::default()
    }
}

/// An open file.
pub trait DiskFile: Send {
    /// Its length in bytes.
    ///
    /// # Errors
    /// The disk's.
    fn len(&self) -> io::Result<u64>;

    /// Whether it has no bytes.
    ///
    /// # Errors
    /// The disk's.
    fn is_empty(&self) -> io::Result<bool> {
        self.len().map(|len| len == 0)
    }

    /// Reads from an offset until `to` is full or the file ends; returns how many bytes were read.
    ///
    /// # Errors
    /// The disk's.
    fn read_at(&self, to: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Writes all of `from` at an offset.
    ///
    /// # Errors
    /// The disk's.
    fn write_at(&self, from: &[u8], offset: u64) -> io::Result<()>;

    /// Makes what was written durable: `fdatasync`.
    ///
    /// # Errors
    /// The disk's.
    fn sync(&self) -> io::Result<()>;
}

/// A directory of the file system.
#[derive(Clone, Debug)]
pub struct Directory {
    path: PathBuf,
    seal: Seal,
}

impl Directory {
    /// The directory at a path; it must exist.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), seal: Seal::default() }
    }

    /// The directory, with the keys that its contents are encrypted with. One that is not encrypted takes no notice of
    /// keys.
    ///
    /// # Errors
    /// A directory that is encrypted, without keys or with others; the disk's.
    pub fn with_keys(self, keys: Option<Arc<dyn Keys>>) -> Result<Self, StoreError> {
        if !self.path.is_dir() || !Seal::is_at(&self)? {
            return Ok(self);
        }
        // Keys of a newer build are told as such; all else is looked at where the journal is opened.
        versions::check(&self)?;
        let keys = keys.ok_or_else(|| StoreError::Sealed { place: self.place() })?;
        Ok(Self { seal: Seal::open(&self, keys)?, ..self })
    }

    /// The directory, whose contents will be encrypted if there are keys: it must hold no store yet.
    ///
    /// # Errors
    /// As [`Seal::create`].
    pub fn with_new_keys(self, keys: Option<Arc<dyn Keys>>) -> Result<Self, StoreError> {
        match keys {
            Some(keys) => Ok(Self { seal: Seal::create(&self, keys)?, ..self }),
            None => Ok(self),
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes that its file system has left for who asks; `None` where the system does not say.
    #[must_use]
    pub fn left(&self) -> Option<u64> {
        #[cfg(target_os = "linux")]
        {
            let found = rustix::fs::statvfs(&self.path).ok()?;
            found.f_bavail.checked_mul(found.f_frsize)
        }
        #[cfg(not(target_os = "linux"))]
        None
    }
}

impl Disk for Directory {
    type File = File;
    type Lock = File;

    fn lock(&self) -> io::Result<Option<File>> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.path.join("lock"))?;
        // Whoever looks for a writer holds the lock with others for a moment: that is no writer, and it will pass.
        for _ in 0..LOOKS {
            if is_free(file.try_lock())? {
                // Who it is, for people: a disk that is full keeps no one from writing.
                let _ = file.set_len(0).and_then(|()| {
                    DiskFile::write_at(&file, std::process::id().to_string().as_bytes(), 0)
                });
                return Ok(Some(file));
            }
            if !is_free(file.try_lock_shared())? {
                return Ok(None);
            }
            file.unlock()?;
            std::thread::yield_now();
        }
        Ok(None)
    }

    fn is_written(&self) -> io::Result<bool> {
        let file = match File::open(self.path.join("lock")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            opened => opened?,
        };
        let is_free = is_free(file.try_lock_shared())?;
        if is_free {
            file.unlock()?;
        }
        Ok(!is_free)
    }

    fn holder(&self) -> Option<u32> {
        std::fs::read_to_string(self.path.join("lock")).ok()?.parse().ok()
    }

    fn list(&self) -> io::Result<Vec<String>> {
        std::fs::read_dir(&self.path)?
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect()
    }

    fn open(&self, name: &str) -> io::Result<File> {
        let path = self.path.join(name);
        OpenOptions::new().read(true).write(true).open(&path).or_else(|error| match error.kind() {
            // Verifying a copy on a read-only medium reads only.
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                File::open(&path)
            }
            _ => Err(error),
        })
    }

    fn create(&self, name: &str) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(self.path.join(name))
    }

    #[cfg(target_os = "linux")]
    fn open_uncached(&self, name: &str) -> io::Result<File> {
        // A file system that knows no such writes serves ordinary ones.
        uncached().open(self.path.join(name)).or_else(|_| self.open(name))
    }

    #[cfg(target_os = "linux")]
    fn create_uncached(&self, name: &str) -> io::Result<File> {
        let mut options = uncached();
        options
            .create(true)
            .truncate(true)
            .open(self.path.join(name))
            .or_else(|_| self.create(name))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        std::fs::rename(self.path.join(from), self.path.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        std::fs::remove_file(self.path.join(name))
    }

    fn sync_names(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn seal(&self) -> Seal {
        self.seal.clone()
    }
}

/// How often a lock is tried that others hold who only look.
const LOOKS: usize = 10_000;

/// Whether a lock was taken; `false` when another holds it.
fn is_free(tried: Result<(), TryLockError>) -> io::Result<bool> {
    match tried {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// How a file is opened to be written past the system's cache.
#[cfg(target_os = "linux")]
fn uncached() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let direct = i32::try_from(rustix::fs::OFlags::DIRECT.bits()).unwrap_or(0);
    let mut options = OpenOptions::new();
    options.write(true).custom_flags(direct);
    options
}

impl DiskFile for File {
    fn len(&self) -> io::Result<u64> {
        self.metadata().map(|metadata| metadata.len())
    }

    fn read_at(&self, to: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut done = 0;
        while let Some(rest) = to.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match std::os::unix::fs::FileExt::read_at(self, rest, offset + done as u64) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn write_at(&self, from: &[u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(self, from, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}

#[cfg(test)]
#[path = "disk_tests.rs"]
mod tests;
