//! The keys of people beside the log of a ledger on disk: their files are made when the first key is.

use std::sync::{Arc, Mutex, PoisonError};

use thalium::Id;
use thalium::party::Basis;
use thalium::port::keys::{DataKey, KeyError};
use thalium::port::subjects::{NoKey, SubjectKeys};
use thalium_store::disk::{Directory, Disk};
use thalium_store::{Keyring, SealedKeys, StoreError};

/// A keyring that is there once it is needed.
#[derive(Debug)]
pub(crate) struct LazyKeyring {
    disk: Directory,
    made: Mutex<Option<Arc<Keyring<Directory>>>>,
    /// Whether it was there when the ledger was opened: then it is never made anew, which would pass over what is lost.
    was_there: bool,
}

impl LazyKeyring {
    /// Opens the keyring of a directory, if it has one. One that cannot be had is told, and keeps no one from the books.
    pub(crate) fn open(disk: Directory) -> Result<Self, StoreError> {
        let is_there = Keyring::is_at(&disk)?;
        let lazy = Self { disk, made: Mutex::default(), was_there: is_there };
        if is_there && let Err(error) = lazy.get() {
            tracing::error!(%error, "the keys of people cannot be had: what was sealed cannot be read until they can");
        }
        Ok(lazy)
    }

    /// The keyring, if it is there.
    pub(crate) fn there(&self) -> Option<Arc<Keyring<Directory>>> {
        // What is in it is whole, wherever another thread panicked.
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keyring, made if it is not there.
    pub(crate) fn get(&self) -> Result<Arc<Keyring<Directory>>, StoreError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = &*made {
            return Ok(Arc::clone(made));
        }
        if self.was_there && !Keyring::is_at(&self.disk)? {
            let what = "the keys of people are gone: restore `subjects.head` and `subjects.keys` from one copy";
            return Err(StoreError::Key { place: self.disk.place(), what: what.to_owned() });
        }
        let keys = Arc::new(SealedKeys::new(self.disk.clone()));
        Ok(Arc::clone(made.insert(Arc::new(Keyring::open(self.disk.clone(), keys)?))))
    }

    fn needed(&self) -> Result<Arc<Keyring<Directory>>, KeyError> {
        self.get().map_err(|error| KeyError(error.to_string()))
    }
}

impl SubjectKeys for LazyKeyring {
    fn ensure(&self, wanted: &[(Id, Basis)]) -> Result<(), KeyError> {
        if wanted.is_empty() { Ok(()) } else { self.needed()?.ensure(wanted) }
    }

    fn key(&self, subject: Id, basis: Basis) -> Result<DataKey, NoKey> {
        match self.there() {
            Some(keyring) => keyring.key(subject, basis),
            None if self.was_there => match self.get() {
                Ok(keyring) => keyring.key(subject, basis),
                Err(error) => Err(NoKey::Lost(error.to_string())),
            },
            None => Err(NoKey::Absent),
        }
    }

    fn destroy(&self, subject: Id, which: &[Basis]) -> Result<(), KeyError> {
        self.needed()?.destroy(subject, which)
    }

    fn root(&self, number: u32) -> Result<DataKey, KeyError> {
        self.needed()?.root(number)
    }
}
