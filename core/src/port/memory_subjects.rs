//! The reference of a keeper of subjects' keys: in memory, for tests and for what need not last.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::keys::{DataKey, KeyError, Keys};
use super::subjects::{NoKey, SubjectKeys};
use crate::Id;
use crate::party::Basis;

/// The keys of subjects in memory: they are gone with it, and with them what was sealed.
pub struct MemorySubjects {
    source: Source,
    held: Mutex<Held>,
}

/// Where new keys come from.
enum Source {
    Keys(Arc<dyn Keys>),
    Seed([u8; 32]),
}

impl Source {
    /// The key that is of something: by chance, or, from a seed, always the same one.
    fn key(&self, of: &[&[u8]]) -> Result<DataKey, KeyError> {
        match self {
            Self::Keys(keys) => keys.generate(),
            Self::Seed(seed) => {
                let failed = |_| KeyError("the seed makes no key".to_owned());
                let mut made = Hmac::<Sha256>::new_from_slice(seed).map_err(failed)?;
                of.iter().for_each(|part| made.update(part));
                Ok(DataKey::new(made.finalize().into_bytes().into()))
            }
        }
    }
}

#[derive(Default)]
struct Held {
    subjects: BTreeMap<(Id, Basis), State>,
    roots: BTreeMap<u32, DataKey>,
}

enum State {
    Live(DataKey),
    Destroyed,
}

impl MemorySubjects {
    /// None yet; `keys` makes them.
    #[must_use]
    pub fn new(keys: Arc<dyn Keys>) -> Self {
        Self { source: Source::Keys(keys), held: Mutex::default() }
    }

    /// None yet; each new one comes from a seed by HMAC-SHA256 over `subject`, a zero byte, the subject's id (16 bytes,
    /// big-endian) and the number of the basis, or `root`, a zero byte and the number (4 bytes, little-endian). For tests:
    /// whoever knows the seed has every key.
    #[must_use]
    pub fn seeded(seed: [u8; 32]) -> Self {
        Self { source: Source::Seed(seed), held: Mutex::default() }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // What is in it is whole, wherever another thread panicked.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemorySubjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemorySubjects({} keys)", self.held().subjects.len())
    }
}

impl SubjectKeys for MemorySubjects {
    fn ensure(&self, wanted: &[(Id, Basis)]) -> Result<(), KeyError> {
        let mut held = self.held();
        for one in wanted {
            // What was destroyed has an entry, and keeps it.
            if let Entry::Vacant(vacant) = held.subjects.entry(*one) {
                let (subject, basis) = one;
                let id = subject.0.to_be_bytes();
                let key = self.source.key(&[b"subject\0", &id, &[basis.number()]])?;
                vacant.insert(State::Live(key));
            }
        }
        Ok(())
    }

    fn key(&self, subject: Id, basis: Basis) -> Result<DataKey, NoKey> {
        match self.held().subjects.get(&(subject, basis)) {
            Some(State::Live(key)) => Ok(key.clone()),
            Some(State::Destroyed) => Err(NoKey::Destroyed),
            None => Err(NoKey::Absent),
        }
    }

    fn destroy(&self, subject: Id, which: &[Basis]) -> Result<(), KeyError> {
        let mut held = self.held();
        for basis in which {
            // The key that was there is wiped as it is dropped.
            held.subjects.insert((subject, *basis), State::Destroyed);
        }
        Ok(())
    }

    fn root(&self, number: u32) -> Result<DataKey, KeyError> {
        match self.held().roots.entry(number) {
            Entry::Occupied(held) => Ok(held.get().clone()),
            Entry::Vacant(vacant) => {
                let key = self.source.key(&[b"root\0", &number.to_le_bytes()])?;
                Ok(vacant.insert(key).clone())
            }
        }
    }
}

#[cfg(test)]
#[path = "memory_subjects_tests.rs"]
mod tests;
