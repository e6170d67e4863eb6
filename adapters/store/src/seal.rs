//! The data keys of a directory: stored in it, wrapped by a key that is kept elsewhere.
//!
//! Each has a number. What is written is sealed with the newest; what was sealed with an older one is read with that. To
//! rotate is to add one. To change the key that wraps is to wrap them all anew, in one small file.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thalium::port::keys::{DataKey, KeyError, Keys, WRAPPED_MAX};

use crate::cipher::{Cipher, Purpose};
use crate::disk::Disk;
use crate::error::StoreError;
use crate::format::u32_at;
use crate::scan::io;
use crate::whole;

pub(crate) const NAME: &str = "keys";
const TEMPORARY: &str = "keys.tmp";
const MAGIC: [u8; 8] = *b"THKEYS1\0";
/// Keys that a directory can have: one more each time that they are rotated.
const KEYS_MAX: usize = 4096;
const LEN_MAX: u64 = (KEYS_MAX * (8 + WRAPPED_MAX)) as u64;
const CONTEXT: &[u8] = b"thalium.data-key.v1";

/// Whether what a directory holds is encrypted, and the keys with which it is.
#[derive(Clone, Default)]
pub struct Seal(Option<Arc<Mutex<Ring>>>);

struct Ring {
    keys: Arc<dyn Keys>,
    wrapped: BTreeMap<u32, Vec<u8>>,
    /// Those that were used.
    ciphers: BTreeMap<(u32, Purpose), Arc<Cipher>>,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ring() {
            None => f.write_str("Seal(none)"),
            Some(ring) => write!(f, "Seal({} keys by {})", ring.wrapped.len(), ring.keys.name()),
        }
    }
}

impl Seal {
    /// Whether a directory has keys.
    ///
    /// # Errors
    /// The disk's.
    pub fn is_at<D: Disk>(disk: &D) -> Result<bool, StoreError> {
        let names = disk.list().map_err(io(disk, "list the files", ""))?;
        Ok(names.iter().any(|name| name == NAME))
    }

    /// Gives a directory its first key. What it holds already stays as it is.
    ///
    /// # Errors
    /// Keys that cannot be had; the disk's.
    pub fn create<D: Disk>(disk: &D, keys: Arc<dyn Keys>) -> Result<Self, StoreError> {
        let ring = Ring { keys, wrapped: BTreeMap::new(), ciphers: BTreeMap::new() };
        let seal = Self(Some(Arc::new(Mutex::new(ring))));
        seal.rotate(disk)?;
        Ok(seal)
    }

    /// Opens the keys of a directory; with a look at the newest, so that a wrong key is told at once.
    ///
    /// # Errors
    /// A directory whose keys are missing or damaged, or wrapped by another key; the disk's.
    pub fn open<D: Disk>(disk: &D, keys: Arc<dyn Keys>) -> Result<Self, StoreError> {
        let wrapped = read(disk)?;
        let ring = Ring { keys, wrapped, ciphers: BTreeMap::new() };
        let seal = Self(Some(Arc::new(Mutex::new(ring))));
        seal.cipher(disk, seal.current(), Purpose::Segment)?;
        Ok(seal)
    }

    /// The number of the key with which is sealed what is written; zero where nothing is.
    #[must_use]
    pub fn current(&self) -> u32 {
        self.ring().and_then(|ring| ring.wrapped.keys().next_back().copied()).unwrap_or(0)
    }

    /// Adds a key, with which is sealed what is written from now on: a journal goes on in a new segment. Gives its number.
    ///
    /// # Errors
    /// A directory that is not encrypted; keys that cannot be had; the disk's.
    pub fn rotate<D: Disk>(&self, disk: &D) -> Result<u32, StoreError> {
        let no_key = || StoreError::Unsealed { place: disk.place() };
        let mut ring = self.ring().ok_or_else(no_key)?;
        let number = ring.wrapped.keys().next_back().map_or(1, |number| number + 1);
        if ring.wrapped.len() >= KEYS_MAX {
            let what = format!(
                "it has {KEYS_MAX} data keys already; restore it from a backup under a new one"
            );
            return Err(StoreError::Key { place: disk.place(), what });
        }
        let key = ring.keys.generate().map_err(told(disk))?;
        let wrapped = ring.keys.wrap(&key, &context(number)).map_err(told(disk))?;
        let mut all = ring.wrapped.clone();
        all.insert(number, wrapped);
        write(disk, &all)?;
        ring.wrapped = all;
        Ok(number)
    }

    /// Wraps all keys anew, with other keys than before. Those who read meanwhile go on; who opens needs the new ones.
    ///
    /// # Errors
    /// As [`Seal::rotate`]; then nothing is changed.
    pub fn rewrap<D: Disk>(&self, disk: &D, keys: Arc<dyn Keys>) -> Result<(), StoreError> {
        let mut ring = self.ring().ok_or_else(|| StoreError::Unsealed { place: disk.place() })?;
        let mut all = BTreeMap::new();
        for (number, wrapped) in &ring.wrapped {
            let key = ring.keys.unwrap(wrapped, &context(*number)).map_err(told(disk))?;
            all.insert(*number, keys.wrap(&key, &context(*number)).map_err(told(disk))?);
        }
        write(disk, &all)?;
        (ring.wrapped, ring.keys) = (all, keys);
        Ok(())
    }

    /// Unwraps every key, and gives how many there are.
    ///
    /// # Errors
    /// A directory that is not encrypted; the first key that cannot be had.
    pub fn check<D: Disk>(&self, disk: &D) -> Result<u32, StoreError> {
        let ring = self.ring().ok_or_else(|| StoreError::Unsealed { place: disk.place() })?;
        for (number, wrapped) in &read(disk)? {
            ring.keys.unwrap(wrapped, &context(*number)).map_err(|error| {
                let what = format!("data key {number}: {error}");
                StoreError::Key { place: disk.place(), what }
            })?;
        }
        Ok(ring.wrapped.keys().next_back().copied().unwrap_or(0))
    }

    /// A key that no one can foresee.
    ///
    /// # Errors
    /// A directory that is not encrypted; no source of randomness.
    pub(crate) fn generate<D: Disk>(&self, disk: &D) -> Result<DataKey, StoreError> {
        let ring = self.ring().ok_or_else(|| StoreError::Unsealed { place: disk.place() })?;
        ring.keys.generate().map_err(told(disk))
    }

    /// What seals and opens with the key of a number.
    pub(crate) fn cipher<D: Disk>(
        &self,
        disk: &D,
        key: u32,
        purpose: Purpose,
    ) -> Result<Arc<Cipher>, StoreError> {
        let mut ring = match (key, self.ring()) {
            (0, None) => return Ok(Arc::default()),
            (0, Some(_)) => {
                // A store is encrypted from its beginning, or not at all: anyone could have written this.
                let what = "one of its files is not encrypted: it was put there without the key";
                return Err(StoreError::Key { place: disk.place(), what: what.to_owned() });
            }
            (_, None) => return Err(StoreError::Sealed { place: disk.place() }),
            (_, Some(ring)) => ring,
        };
        if let Some(cipher) = ring.ciphers.get(&(key, purpose)) {
            return Ok(Arc::clone(cipher));
        }
        if !ring.wrapped.contains_key(&key) {
            // Another process has rotated.
            ring.wrapped = read(disk)?;
        }
        let wrapped = ring.wrapped.get(&key).ok_or_else(|| {
            let what = format!("`{NAME}` has no key {key}; restore the file from a copy");
            StoreError::Key { place: disk.place(), what }
        })?;
        let unwrapped = ring.keys.unwrap(wrapped, &context(key)).map_err(told(disk))?;
        let cipher = Arc::new(Cipher::new(&unwrapped, purpose));
        ring.ciphers.insert((key, purpose), Arc::clone(&cipher));
        Ok(cipher)
    }

    fn ring(&self) -> Option<MutexGuard<'_, Ring>> {
        // What is in it is whole, wherever another thread panicked.
        self.0.as_deref().map(|ring| ring.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Copies the keys of a directory to another as they are, wrapped; nothing where there are none, or the same.
pub(crate) fn copy<D: Disk, T: Disk>(from: &D, to: &T) -> Result<(), StoreError> {
    if !Seal::is_at(from)? {
        return Ok(());
    }
    let own = read(from)?;
    let is_there = Seal::is_at(to)? && read(to).is_ok_and(|there| there == own);
    if is_there { Ok(()) } else { write(to, &own) }
}

/// How many keys a directory has, wrapped; `None` where that cannot be read.
pub(crate) fn count<D: Disk>(disk: &D) -> Option<u32> {
    read(disk).ok()?.keys().next_back().copied()
}

fn context(number: u32) -> Vec<u8> {
    [CONTEXT, &number.to_le_bytes()].concat()
}

fn told<D: Disk>(disk: &D) -> impl FnOnce(KeyError) -> StoreError {
    let place = disk.place();
    |error| StoreError::Key { place, what: error.to_string() }
}

fn read<D: Disk>(disk: &D) -> Result<BTreeMap<u32, Vec<u8>>, StoreError> {
    let body = whole::read(disk, NAME, MAGIC, LEN_MAX);
    body.and_then(|body| parse(&body)).ok_or_else(|| {
        let what = format!("`{NAME}` is missing or damaged; restore the file from a copy");
        StoreError::Key { place: disk.place(), what }
    })
}

/// The wrapped keys, by their numbers: at least one, from one on without a gap.
fn parse(mut bytes: &[u8]) -> Option<BTreeMap<u32, Vec<u8>>> {
    let mut all = BTreeMap::new();
    while !bytes.is_empty() {
        let (number, len) = (u32_at(bytes, 0)?, usize::try_from(u32_at(bytes, 4)?).ok()?);
        let wrapped = bytes.get(8..)?.get(..len).filter(|_| len <= WRAPPED_MAX)?;
        if usize::try_from(number) != Ok(all.len() + 1) || all.len() >= KEYS_MAX {
            return None;
        }
        all.insert(number, wrapped.to_vec());
        bytes = bytes.get(8 + len..)?;
    }
    (!all.is_empty()).then_some(all)
}

fn write<D: Disk>(disk: &D, all: &BTreeMap<u32, Vec<u8>>) -> Result<(), StoreError> {
    let mut body = Vec::new();
    for (number, wrapped) in all {
        let len = u32::try_from(wrapped.len()).ok().filter(|_| wrapped.len() <= WRAPPED_MAX);
        let what = || format!("the wrapped key has {} bytes, at most {WRAPPED_MAX}", wrapped.len());
        let len = len.ok_or_else(|| StoreError::Key { place: disk.place(), what: what() })?;
        body.extend_from_slice(&number.to_le_bytes());
        body.extend_from_slice(&len.to_le_bytes());
        body.extend_from_slice(wrapped);
    }
    whole::write(disk, NAME, TEMPORARY, MAGIC, &[&body]).map_err(io(disk, "write", NAME))
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
