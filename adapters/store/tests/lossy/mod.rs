//! A disk in memory that is as bad as a disk may be: what no sync covered can vanish, tear and change its order.

pub mod blocks;
pub mod keys;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use keys::FixedKeys;
use thalium_store::Seal;
use thalium_store::disk::{Disk, DiskFile};

/// What a disk writes whole.
const SECTOR: usize = 512;

/// When the disk goes wrong, counted in its operations from the beginning.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// The power fails in this operation: it and all later ones fail.
    pub power_at: Option<usize>,
    /// This sync fails, and what it should have covered may be lost although later syncs succeed.
    pub sync_at: Option<usize>,
    /// Bytes that fit.
    pub capacity: Option<usize>,
    /// Syncs do nothing, though they say that they did: no store can live with that.
    pub lying_sync: bool,
    /// What is written is encrypted, for as long as the disk lives.
    pub sealed: bool,
}

#[derive(Clone)]
pub struct LossyDisk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    files: Vec<Contents>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    faults: Faults,
    operations: usize,
    locked: bool,
    random: u64,
    sealed: bool,
    seal: Option<Seal>,
}

#[derive(Clone, Default)]
struct Contents {
    now: Vec<u8>,
    durable: Vec<u8>,
    /// Sectors written and not yet synced.
    dirty: Vec<(usize, Vec<u8>)>,
}

impl LossyDisk {
    pub fn new(faults: Faults) -> Self {
        let sealed = faults.sealed;
        Self(Arc::new(Mutex::new(State { faults, sealed, random: 1, ..State::default() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub fn operations(&self) -> usize {
        self.state().operations
    }

    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// What the next opening finds after the power failed: of what no sync covered, an arbitrary part.
    pub fn crash(&self, seed: u64) -> Self {
        let mut state = self.state();
        state.random = seed | 1;
        let keep_all = seed.is_multiple_of(5);
        let keep_none = seed % 5 == 1;
        let mut files = Vec::new();
        for at in 0..state.files.len() {
            let mut dirty = state.files[at].dirty.clone();
            let mut bytes = state.files[at].durable.clone();
            // Any order: later writes may reach the disk before earlier ones.
            for n in (1..dirty.len()).rev() {
                let other = usize::try_from(state.next() % (n as u64 + 1)).unwrap();
                if !keep_all {
                    dirty.swap(n, other);
                }
            }
            for (offset, sector) in dirty {
                if keep_all || (!keep_none && !state.next().is_multiple_of(3)) {
                    bytes.resize(bytes.len().max(offset + sector.len()), 0);
                    bytes[offset..offset + sector.len()].copy_from_slice(&sector);
                }
            }
            files.push(Contents { now: bytes.clone(), durable: bytes, dirty: Vec::new() });
        }
        // Names are journalled by the file system: those of a later moment imply those before it.
        let names = if keep_none || (!keep_all && state.next().is_multiple_of(2)) {
            &state.durable_names
        } else {
            &state.names
        };
        let names = names.clone();
        Self(Arc::new(Mutex::new(State {
            files,
            durable_names: names.clone(),
            names,
            random: seed,
            sealed: state.sealed,
            ..State::default()
        })))
    }

    /// Flips a bit of what is on the disk; `false` past the end of the file.
    pub fn flip(&self, name: &str, byte: usize) -> bool {
        let mut state = self.state();
        let at = state.names[name];
        let contents = &mut state.files[at];
        if byte >= contents.now.len() {
            return false;
        }
        contents.now[byte] ^= 1;
        contents.durable = contents.now.clone();
        true
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        let state = self.state();
        state.files[state.names[name]].now.clone()
    }

    /// The same disk once more, without faults and unlocked, with what is synced and what is not.
    pub fn copy(&self) -> Self {
        let state = self.state();
        Self(Arc::new(Mutex::new(State {
            files: state.files.clone(),
            names: state.names.clone(),
            durable_names: state.durable_names.clone(),
            random: 1,
            sealed: state.sealed,
            ..State::default()
        })))
    }
}

impl State {
    fn next(&mut self) -> u64 {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.random >> 33
    }

    fn operation(&mut self) -> io::Result<usize> {
        self.operations += 1;
        if self.faults.power_at.is_some_and(|at| self.operations > at) {
            return Err(io::Error::other("the power is off"));
        }
        Ok(self.operations)
    }

    fn find(&self, name: &str) -> io::Result<usize> {
        self.names.get(name).copied().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

pub struct LossyFile(LossyDisk, usize);

pub struct LossyLock(LossyDisk);

impl Drop for LossyLock {
    fn drop(&mut self) {
        self.0.state().locked = false;
    }
}

impl Disk for LossyDisk {
    type File = LossyFile;
    type Lock = LossyLock;

    fn lock(&self) -> io::Result<Option<LossyLock>> {
        let mut state = self.state();
        Ok(if std::mem::replace(&mut state.locked, true) {
            None
        } else {
            Some(LossyLock(self.clone()))
        })
    }

    fn is_written(&self) -> io::Result<bool> {
        Ok(self.state().locked)
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.state().names.keys().cloned().collect())
    }

    fn open(&self, name: &str) -> io::Result<LossyFile> {
        Ok(LossyFile(self.clone(), self.state().find(name)?))
    }

    fn create(&self, name: &str) -> io::Result<LossyFile> {
        let mut state = self.state();
        state.operation()?;
        state.files.push(Contents::default());
        let at = state.files.len() - 1;
        state.names.insert(name.to_owned(), at);
        Ok(LossyFile(self.clone(), at))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.state();
        state.operation()?;
        let at = state.find(from)?;
        state.names.remove(from);
        state.names.insert(to.to_owned(), at);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.state();
        state.operation()?;
        state.names.remove(name);
        Ok(())
    }

    fn sync_names(&self) -> io::Result<()> {
        let mut state = self.state();
        state.operation()?;
        if !state.faults.lying_sync {
            state.durable_names = state.names.clone();
        }
        Ok(())
    }

    fn place(&self) -> String {
        "a lossy disk".to_owned()
    }

    fn seal(&self) -> Seal {
        let state = self.state();
        if !state.sealed {
            return Seal::default();
        }
        if let Some(seal) = &state.seal {
            return seal.clone();
        }
        let has_keys = state.names.contains_key("keys");
        drop(state);
        let keys = Arc::new(FixedKeys("a"));
        let seal = if has_keys { Seal::open(self, keys) } else { Seal::create(self, keys) };
        let Ok(seal) = seal else { return Seal::default() };
        self.state().seal = Some(seal.clone());
        seal
    }
}

impl DiskFile for LossyFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.state().files[self.1].now.len() as u64)
    }

    fn read_at(&self, to: &mut [u8], offset: u64) -> io::Result<usize> {
        let state = self.0.state();
        let now = &state.files[self.1].now;
        let from = now.get(usize::try_from(offset).unwrap()..).unwrap_or_default();
        let count = from.len().min(to.len());
        to[..count].copy_from_slice(&from[..count]);
        Ok(count)
    }

    fn write_at(&self, from: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.0.state();
        let at = usize::try_from(offset).unwrap();
        let operation = state.operation();
        // The write in which the power fails has begun: any part of it may be on the disk.
        let begun = operation.is_ok() || state.faults.power_at == Some(state.operations - 1);
        let held: usize = state.files.iter().map(|file| file.now.len()).sum();
        let grown = (at + from.len()).saturating_sub(state.files[self.1].now.len());
        if state.faults.capacity.is_some_and(|capacity| held + grown > capacity) {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        if begun {
            let file = &mut state.files[self.1];
            file.now.resize(file.now.len().max(at + from.len()), 0);
            file.now[at..at + from.len()].copy_from_slice(from);
            for (n, sector) in from.chunks(SECTOR).enumerate() {
                file.dirty.push((at + n * SECTOR, sector.to_vec()));
            }
        }
        operation.map(|_| ())
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.0.state();
        let operation = state.operation()?;
        if state.faults.sync_at == Some(operation) {
            // The pages are dropped as if they had been written, which is what kernels have done.
            let part = state.next() % 3;
            let file = &mut state.files[self.1];
            if part != 0 {
                file.dirty.clear();
            }
            return Err(io::Error::other("input/output error"));
        }
        if !state.faults.lying_sync {
            let file = &mut state.files[self.1];
            // What an earlier sync dropped is not written by a later one: the system takes it for clean.
            for (offset, sector) in std::mem::take(&mut file.dirty) {
                let end = offset + sector.len();
                file.durable.resize(file.durable.len().max(end), 0);
                file.durable[offset..end].copy_from_slice(&sector);
            }
        }
        Ok(())
    }
}
