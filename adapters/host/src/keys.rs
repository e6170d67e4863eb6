//! The keys of a ledger that is encrypted.

use std::sync::Arc;

use thalium::port::keys::Keys;
use thalium_store::StoreError;
use thalium_store::disk::{Directory, Disk};

use crate::keyring::LazyKeyring;
use crate::{Error, Thalium};

/// What looking at every key of a person's found.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubjectKeysReport {
    /// People that have a key.
    pub subjects: u64,
    /// Keys that can be had, the tenant's own among them.
    pub keys: u64,
    /// Keys that were destroyed.
    pub destroyed: u64,
    /// Places in the file that were written and are not what was written.
    pub damaged: u64,
    /// The number of the tenant's key.
    pub generation: u32,
    /// Keys that are there and cannot be had; the first 1,000.
    pub lost: Vec<LostKey>,
    /// How many there are.
    pub lost_count: u64,
}

/// A key that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LostKey {
    /// Whose it is; of a key of the tenant's own, its number.
    pub subject: thalium::Id,
    /// Which of theirs; none of a key of the tenant's own.
    pub basis: Option<thalium::party::Basis>,
    /// Why not, and what to do.
    pub why: String,
}

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
        self.shelf.with_sealed(|disk| Ok(disk.seal().rotate(disk)?))?;
        self.decisions.with_sealed(|disk| Ok(disk.seal().rotate(disk)?))?;
        self.cases.log.with_sealed(|disk| Ok(disk.seal().rotate(disk)?))?;
        tracing::info!(number, "data key rotated");
        Ok(number)
    }

    /// Wraps the data keys with other keys from now on. Whoever opens the ledger next needs those.
    ///
    /// # Errors
    /// As [`Thalium::rotate_keys`].
    pub fn rewrap_keys(&self, keys: Arc<dyn Keys>) -> Result<(), Error> {
        let disk = self.encrypted()?;
        // Where a later one fails, asking again with the same keys does what is left.
        self.shelf.rewrap(Arc::clone(&keys))?;
        self.decisions.rewrap(Arc::clone(&keys))?;
        self.cases.log.rewrap(Arc::clone(&keys))?;
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
        self.shelf.with_sealed(|disk| Ok(disk.seal().check(disk)?))?;
        self.decisions.with_sealed(|disk| Ok(disk.seal().check(disk)?))?;
        self.cases.log.with_sealed(|disk| Ok(disk.seal().check(disk)?))?;
        Ok(disk.seal().check(disk)?)
    }

    /// Wraps the keys of people with a new key of the tenant's, while they are in use, and drops the one before: what an old copy
    /// of the file held, keys that were destroyed among them, is of no more use. `told` gets how many are done, and of how many.
    ///
    /// # Errors
    /// A ledger without keys, or only read; the disk's. Then it is begun anew.
    pub fn rotate_subject_keys(&self, mut told: impl FnMut(u64, u64)) -> Result<u32, Error> {
        const AT_A_TIME: usize = 4_096;
        let keyring = self.keyring()?.get()?;
        let generation = keyring.begin_rotation()?;
        loop {
            let progress = keyring.rewrap_some(AT_A_TIME)?;
            told(progress.done, progress.of);
            if progress.finished {
                break;
            }
        }
        tracing::info!(generation, "the key of the tenant rotated");
        Ok(generation)
    }

    /// Unwraps every key of a person's, and tells which cannot be had.
    ///
    /// # Errors
    /// A ledger without keys, or only read.
    pub fn check_subject_keys(&self) -> Result<SubjectKeysReport, Error> {
        let Some(keyring) = self.keyring()?.there() else {
            return Ok(SubjectKeysReport::default());
        };
        let report = keyring.check();
        let lost = |(id, kind, why): &(thalium::Id, u8, String)| LostKey {
            subject: *id,
            basis: thalium::party::Basis::from_number(*kind),
            why: why.clone(),
        };
        Ok(SubjectKeysReport {
            subjects: report.subjects,
            keys: report.live,
            destroyed: report.destroyed,
            damaged: report.damaged,
            generation: report.generation,
            lost: report.lost.iter().map(lost).collect(),
            lost_count: report.lost_count,
        })
    }

    fn keyring(&self) -> Result<&LazyKeyring, Error> {
        if self.is_read_only() {
            return Err(Error::ReadOnly);
        }
        let keyring = self.privacy.as_ref().and_then(|privacy| privacy.keyring.as_deref());
        keyring.ok_or(Error::NoKeys)
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
