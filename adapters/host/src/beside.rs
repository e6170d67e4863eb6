//! What is kept beside the books: a journal of its own in a directory of that of a ledger, which is there once something is in it.

mod log;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use thalium::audit::merkle::MerkleTree;
use thalium::port::journal::{Block, Journal as _};
use thalium::port::keys::Keys;
use thalium_store::disk::{Directory, Disk as _};
use thalium_store::{Preparer, StoreJournal};

pub use self::log::VerifiedLog;
pub(crate) use self::log::{Log, Logged, verify};
use crate::Error;
use crate::open::may_be_derived;
use crate::place::has_journal;

/// The directories in that of a ledger which have a journal of their own, and go where the ledger goes.
pub(crate) const DIRECTORIES: [&str; 3] = [ROLLUPS, DECISIONS, CASES];
/// That of the rollups.
pub(crate) const ROLLUPS: &str = "rollups";
/// That of decisions.
pub(crate) const DECISIONS: &str = "decisions";
/// That of cases.
pub(crate) const CASES: &str = "cases";

/// The directories beside a ledger that have a journal, be it a damaged one.
pub(crate) fn found(ledger: &Path) -> Result<Vec<&'static str>, Error> {
    let mut found = Vec::new();
    for name in DIRECTORIES {
        if has_journal(&Directory::new(ledger.join(name)))? {
            found.push(name);
        }
    }
    Ok(found)
}

/// What was read from where an image leaves off, or else what is read from the beginning: an image can be done without.
pub(crate) fn or_from_start<T>(
    from_image: Option<Result<T, Error>>,
    from_start: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    match from_image {
        Some(Err(error)) if may_be_derived(&error) => from_start(),
        Some(read) => read,
        None => from_start(),
    }
}

/// Where it is.
pub(crate) enum Beside {
    Memory,
    Directory { path: PathBuf, keys: Mutex<Option<Arc<dyn Keys>>>, segment_len: u64, writes: bool },
}

impl Beside {
    /// In a directory of that of a ledger; `keys` are given where that is encrypted.
    pub(crate) fn of(
        ledger: &Path,
        name: &str,
        keys: Option<Arc<dyn Keys>>,
        segment_len: u64,
        writes: bool,
    ) -> Self {
        Self::Directory { path: ledger.join(name), keys: Mutex::new(keys), segment_len, writes }
    }

    /// Whether what happens is written here, and not by another.
    pub(crate) const fn writes(&self) -> bool {
        matches!(self, Self::Memory | Self::Directory { writes: true, .. })
    }

    /// The directory with its keys, if something is there.
    pub(crate) fn disk(&self) -> Result<Option<Directory>, Error> {
        match self {
            Self::Directory { path, .. } if has_journal(&Directory::new(path))? => {
                Ok(Some(Directory::new(path).with_keys(self.keys()?)?))
            }
            _ => Ok(None),
        }
    }

    /// How its journal is written.
    pub(crate) fn options(&self) -> thalium_store::Options {
        match self {
            Self::Memory => thalium_store::Options::default(),
            Self::Directory { segment_len, .. } => {
                thalium_store::Options { segment_len: *segment_len }
            }
        }
    }

    /// Makes the journal; `None` in memory.
    pub(crate) fn create(&self) -> Result<Option<Written>, Error> {
        let Self::Directory { path, .. } = self else { return Ok(None) };
        std::fs::create_dir_all(path)
            .map_err(|source| Error::Create { path: path.display().to_string(), source })?;
        let disk = Directory::new(path).with_new_keys(self.keys()?)?;
        Ok(Some(Written::new(StoreJournal::create(disk, self.options())?)))
    }

    /// Keys with which it is made, if it is not there yet.
    pub(crate) fn set_keys(&self, keys: Arc<dyn Keys>) -> Result<(), Error> {
        if let Self::Directory { keys: own, .. } = self {
            *own.lock().map_err(|_| Error::Panicked)? = Some(keys);
        }
        Ok(())
    }

    fn keys(&self) -> Result<Option<Arc<dyn Keys>>, Error> {
        match self {
            Self::Memory => Ok(None),
            Self::Directory { keys, .. } => Ok(keys.lock().map_err(|_| Error::Panicked)?.clone()),
        }
    }
}

/// A journal that is written, with what prewrites its segments.
pub(crate) struct Written {
    journal: Box<StoreJournal<Directory>>,
    preparer: Preparer<Directory>,
    /// The number of the segment at hand.
    segment: u64,
    /// What prewrites the next: two at a time would write one file.
    preparing: Option<JoinHandle<()>>,
}

impl Drop for Written {
    fn drop(&mut self) {
        // Whoever opens the journal next may prewrite as well.
        let _ = self.preparing.take().map(JoinHandle::join);
    }
}

impl Written {
    pub(crate) fn new(journal: StoreJournal<Directory>) -> Self {
        let (preparer, segment) = (journal.preparer(), journal.segment());
        Self { journal: Box::new(journal), preparer, segment, preparing: None }
    }

    pub(crate) fn journal(&self) -> &StoreJournal<Directory> {
        &self.journal
    }

    /// Does something with the disk, where it is encrypted; `None` where it is not.
    pub(crate) fn with_sealed<T>(
        &self,
        work: impl FnOnce(&Directory) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let disk = self.journal.disk();
        if disk.seal().current() > 0 { work(disk).map(Some) } else { Ok(None) }
    }

    /// Makes records durable, as one block.
    pub(crate) fn append(&mut self, records: &[Vec<u8>]) -> Result<(), Error> {
        if records.is_empty() {
            return Ok(());
        }
        let mut tree: MerkleTree = self.journal.tree();
        records.iter().for_each(|record| tree.push(record));
        let event_count = records.len() as u64;
        self.journal.append(&Block { events: records.concat(), event_count, tree })?;
        if self.journal.segment() > self.segment {
            self.segment = self.journal.segment();
            // Without it, the next segment grows as it is written.
            if self.preparing.as_ref().is_none_or(JoinHandle::is_finished) {
                let (preparer, next) = (self.preparer.clone(), self.segment + 1);
                let prepare = move || drop(preparer.run(next));
                let name = "thalium-beside".to_owned();
                self.preparing = std::thread::Builder::new().name(name).spawn(prepare).ok();
            }
        }
        Ok(())
    }
}
