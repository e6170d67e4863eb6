//! The keys of a ledger that is encrypted.

use std::sync::Arc;

use thalium::port::keys::Keys;
use thalium_store::StoreError;
use thalium_store::disk::{Directory, Disk};

use crate::{Error, Thalium};

impl Thalium {
    /// The number of the data key with which is encrypted what is written; zero where nothing is. Data keys are numbered
    /// from one, so there are as many.
    #[must_use]
    pub fn data_key(&self) -> u32 {
        self.disk.as_ref().map_or(0, |(disk, _)| disk.seal().current())
    }

    /// Encrypts what is written from now on with a new data key, and gives its number. What was written stays as it is:
    /// restoring a backup puts everything under one new key.
    ///
    /// # Errors
    /// A ledger that is not encrypted, or only read; keys that cannot be had; the disk's. Then nothing is changed.
    pub fn rotate_keys(&self) -> Result<u32, Error> {
        let disk = self.encrypted()?;
        let number = disk.seal().rotate(disk)?;
        tracing::info!(number, "data key rotated");
        Ok(number)
    }

    /// Wraps the data keys with other keys from now on. Whoever opens the ledger next needs those.
    ///
    /// # Errors
    /// As [`Thalium::rotate_keys`].
    pub fn rewrap_keys(&self, keys: Arc<dyn Keys>) -> Result<(), Error> {
        let disk = self.encrypted()?;
        disk.seal().rewrap(disk, keys)?;
        tracing::info!("data keys wrapped anew");
        Ok(())
    }

    /// Unwraps every data key, and gives how many there are.
    ///
    /// # Errors
    /// A ledger that is not encrypted; the first key that cannot be had, and why.
    pub fn check_keys(&self) -> Result<u32, Error> {
        let disk = self.directory()?;
        Ok(disk.seal().check(disk)?)
    }

    fn encrypted(&self) -> Result<&Directory, Error> {
        if self.is_read_only() { Err(Error::ReadOnly) } else { self.directory() }
    }

    fn directory(&self) -> Result<&Directory, Error> {
        let in_memory = || StoreError::Unsealed { place: "memory:".to_owned() };
        self.disk.as_ref().map(|(disk, _)| disk).ok_or_else(|| in_memory().into())
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
