//! The keys of people beside the log of a ledger on disk: their files are made when the first key is.

use std::sync::{Arc, Mutex, PoisonError};

use thalium::Id;
use thalium::party::Basis;
use thalium::port::keys::{DataKey, KeyError};
use thalium::port::subjects::{NoKey, SubjectKeys};
use thalium_store::disk::Directory;
use thalium_store::{Keyring, SealedKeys, StoreError};

/// A keyring that is there once it is needed.
#[derive(Debug)]
pub(crate) struct LazyKeyring {
    disk: Directory,
    made: Mutex<Option<Arc<Keyring<Directory>>>>,
}

impl LazyKeyring {
    /// Opens the keyring of a directory, if it has one.
    pub(crate) fn open(disk: Directory) -> Result<Self, StoreError> {
        let lazy = Self { disk, made: Mutex::default() };
        if Keyring::is_at(&lazy.disk)? {
            lazy.get()?;
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
        self.there().map_or(Err(NoKey::Absent), |keyring| keyring.key(subject, basis))
    }

    fn destroy(&self, subject: Id, which: &[Basis]) -> Result<(), KeyError> {
        self.needed()?.destroy(subject, which)
    }

    fn root(&self, number: u32) -> Result<DataKey, KeyError> {
        self.needed()?.root(number)
    }
}
