//! The tenant's keys, with which the subjects' are wrapped: in `subjects.head`, wrapped themselves by keys that are kept
//! elsewhere.
//!
//! Each has a generation, from one on. What is made is wrapped with the newest; an older one is there while a rotation has
//! not come to its end, and is gone with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce, Tag};
use hkdf::Hkdf;
use sha2::Sha256;
use thalium::port::keys::{DataKey, KeyError, Keys, WRAPPED_MAX};
use thalium::port::subjects::NoKey;
use zeroize::Zeroizing;

use super::slot::{Owner, Slot, Wrapped};
use crate::disk::Disk;
use crate::error::StoreError;
use crate::format::u32_at;
use crate::scan::io;
use crate::whole;

pub(super) const NAME: &str = "subjects.head";
pub(super) const TEMPORARY: &str = "subjects.head.tmp";
const MAGIC: [u8; 8] = *b"THTENT1\0";
/// Generations that are there at a time. Two are enough; each rotation that was interrupted may leave one more.
const GENERATIONS_MAX: usize = 256;
const LEN_MAX: u64 = (4 + GENERATIONS_MAX * (8 + WRAPPED_MAX)) as u64;
/// What a tenant's key is wrapped for, and its generation.
const CONTEXT: &[u8] = b"thalium.tenant-key.v1";
/// What a subject's key is wrapped for, and whose it is.
const BOUND: &[u8] = b"thalium.subject-key.v1";
const LABEL: &[u8] = b"thalium.subject-wrap.v1";

/// The tenant's keys, unwrapped: what was changed in a copy is in force when the copy was written.
#[derive(Clone)]
pub(super) struct Tenants {
    keys: Arc<dyn Keys>,
    all: BTreeMap<u32, Tenant>,
}

#[derive(Clone)]
struct Tenant {
    wrapped: Vec<u8>,
    cipher: Arc<Aes256GcmSiv>,
}

impl Tenants {
    /// Gives a directory its first.
    pub(super) fn create<D: Disk>(disk: &D, keys: Arc<dyn Keys>) -> Result<Self, StoreError> {
        let none = Self { keys, all: BTreeMap::new() };
        let first = none.with_new().map_err(told(disk))?;
        first.write(disk)?;
        Ok(first)
    }

    /// Unwraps those of a directory. One that cannot be had is an error, though only some of the subjects' keys may need it:
    /// a keeper that does not answer now must not make them look lost.
    pub(super) fn open<D: Disk>(disk: &D, keys: Arc<dyn Keys>) -> Result<Self, StoreError> {
        Self::of(read(disk)?, keys).map_err(told(disk))
    }

    /// Unwraps those that were read before.
    pub(super) fn of(
        wrapped: BTreeMap<u32, Vec<u8>>,
        keys: Arc<dyn Keys>,
    ) -> Result<Self, KeyError> {
        let mut all = BTreeMap::new();
        for (generation, wrapped) in wrapped {
            let key = keys.unwrap(&wrapped, &context(generation))?;
            all.insert(generation, Tenant::new(&key, wrapped));
        }
        Ok(Self { keys, all })
    }

    pub(super) fn write<D: Disk>(&self, disk: &D) -> Result<(), StoreError> {
        let all = self.all.iter().map(|(generation, tenant)| (*generation, &tenant.wrapped));
        write(disk, all)
    }

    /// The newest generation.
    pub(super) fn current(&self) -> u32 {
        self.all.last_key_value().map_or(0, |(generation, _)| *generation)
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// These and one more, which is the newest.
    pub(super) fn with_new(&self) -> Result<Self, KeyError> {
        let number = self.current().checked_add(1).filter(|_| self.all.len() < GENERATIONS_MAX);
        let generation = number.ok_or_else(|| {
            let what = "too many rotations of the tenant's key were interrupted: open the ledger \
                        again, which drops what none of the keys needs";
            KeyError(what.to_owned())
        })?;
        let key = self.keys.generate()?;
        let wrapped = self.keys.wrap(&key, &context(generation))?;
        let mut all = self.all.clone();
        all.insert(generation, Tenant::new(&key, wrapped));
        Ok(Self { keys: Arc::clone(&self.keys), all })
    }

    /// The newest, and those of some generations.
    pub(super) fn only(&self, used: &BTreeSet<u32>) -> Self {
        let (mut only, current) = (self.clone(), self.current());
        only.all.retain(|generation, _| *generation == current || used.contains(generation));
        only
    }

    /// The same, wrapped by other keys than before.
    pub(super) fn rewrapped(&self, keys: Arc<dyn Keys>) -> Result<Self, KeyError> {
        let mut all = BTreeMap::new();
        for (generation, tenant) in &self.all {
            let key = self.keys.unwrap(&tenant.wrapped, &context(*generation))?;
            let wrapped = keys.wrap(&key, &context(*generation))?;
            all.insert(*generation, Tenant { wrapped, cipher: Arc::clone(&tenant.cipher) });
        }
        Ok(Self { keys, all })
    }

    /// By what they are wrapped, for people.
    pub(super) fn name(&self) -> String {
        self.keys.name()
    }

    /// A new key for a subject.
    pub(super) fn generate(&self) -> Result<DataKey, KeyError> {
        self.keys.generate()
    }

    /// Wraps a subject's key with the newest.
    pub(super) fn seal(&self, owner: Owner, key: &DataKey) -> Result<Slot, KeyError> {
        let refused = || KeyError("the key cannot be wrapped".to_owned());
        let (generation, tenant) = self.all.last_key_value().ok_or_else(refused)?;
        let mut bytes = Zeroizing::new(*key.as_bytes());
        let bound = bound(owner, *generation);
        // The nonce is zero. The mode is made for that (RFC 8452 §9): two messages under one nonce tell whether they are the
        // same and nothing else, and these are keys, each wrapped for its owner, so that none is the same as another.
        let sealed = tenant.cipher.encrypt_inout_detached(
            &Nonce::default(),
            &bound,
            bytes.as_mut_slice().into(),
        );
        let tag = sealed.map_err(|_| refused())?;
        let wrapped = Wrapped { key: *bytes, tag: tag.into() };
        Ok(Slot::Live { owner, generation: *generation, wrapped })
    }

    /// Unwraps a subject's key.
    pub(super) fn open_key(
        &self,
        owner: Owner,
        generation: u32,
        wrapped: &Wrapped,
    ) -> Result<DataKey, NoKey> {
        let tenant = self.all.get(&generation).ok_or_else(|| {
            NoKey::Lost(format!(
                "it is wrapped with generation {generation} of the tenant's key, which `{NAME}` does not have: restore \
                 both files from one copy"
            ))
        })?;
        let mut bytes = Zeroizing::new(wrapped.key);
        let bound = bound(owner, generation);
        let tag = Tag::from(wrapped.tag);
        let opened = tenant.cipher.decrypt_inout_detached(
            &Nonce::default(),
            &bound,
            bytes.as_mut_slice().into(),
            &tag,
        );
        opened.map_err(|_| {
            NoKey::Lost(format!(
                "generation {generation} of the tenant's key does not unwrap it: restore `subjects.keys` and `{NAME}` \
                 from one copy"
            ))
        })?;
        Ok(DataKey::new(*bytes))
    }
}

impl Tenant {
    fn new(key: &DataKey, wrapped: Vec<u8>) -> Self {
        let mut own = Zeroizing::new([0; 32]);
        // INVARIANT: 32 bytes are fewer than the 8,160 that HKDF gives.
        let _ = Hkdf::<Sha256>::new(None, key.as_bytes()).expand(LABEL, own.as_mut_slice());
        Self { wrapped, cipher: Arc::new(Aes256GcmSiv::new((&*own).into())) }
    }
}

fn context(generation: u32) -> Vec<u8> {
    [CONTEXT, &generation.to_le_bytes()].concat()
}

fn bound(owner: Owner, generation: u32) -> Vec<u8> {
    [BOUND, &[owner.kind], &owner.subject, &generation.to_le_bytes()].concat()
}

pub(super) fn told<D: Disk>(disk: &D) -> impl FnOnce(KeyError) -> StoreError {
    let place = disk.place();
    |error| StoreError::Key { place, what: error.to_string() }
}

/// Writes wrapped keys by their generations, ascending, of which the last is the newest.
pub(super) fn write<'a, D: Disk>(
    disk: &D,
    all: impl Iterator<Item = (u32, &'a Vec<u8>)>,
) -> Result<(), StoreError> {
    let (mut keys, mut current) = (Vec::new(), 0);
    for (generation, wrapped) in all {
        let len = u32::try_from(wrapped.len()).ok().filter(|_| wrapped.len() <= WRAPPED_MAX);
        let what = || format!("the wrapped key has {} bytes, at most {WRAPPED_MAX}", wrapped.len());
        let len = len.ok_or_else(|| StoreError::Key { place: disk.place(), what: what() })?;
        keys.extend_from_slice(&generation.to_le_bytes());
        keys.extend_from_slice(&len.to_le_bytes());
        keys.extend_from_slice(wrapped);
        current = generation;
    }
    let body = [&current.to_le_bytes(), keys.as_slice()];
    whole::write(disk, NAME, TEMPORARY, MAGIC, &body).map_err(io(disk, "write", NAME))
}

/// Reads the wrapped keys by their generations.
pub(super) fn read<D: Disk>(disk: &D) -> Result<BTreeMap<u32, Vec<u8>>, StoreError> {
    let body = whole::read(disk, NAME, MAGIC, LEN_MAX);
    if let Some(all) = body.and_then(|body| parse(&body)) {
        return Ok(all);
    }
    for (digit, version) in (b'2'..=b'9').zip(2..) {
        let mut magic = MAGIC;
        magic[6] = digit;
        if whole::read(disk, NAME, magic, LEN_MAX).is_some() {
            return Err(StoreError::Version { name: NAME.to_owned(), version, known: 1 });
        }
    }
    Err(missing(disk))
}

pub(super) fn missing<D: Disk>(disk: &D) -> StoreError {
    let what = format!(
        "`{NAME}` is missing or damaged, without which no key of a subject can be had; restore the file from a copy"
    );
    StoreError::Key { place: disk.place(), what }
}

/// The wrapped keys by their generations, ascending, of which the last is the one that is said to be the newest.
fn parse(bytes: &[u8]) -> Option<BTreeMap<u32, Vec<u8>>> {
    let (current, mut bytes) = (u32_at(bytes, 0)?, bytes.get(4..)?);
    let mut all = BTreeMap::new();
    let mut last = 0;
    while !bytes.is_empty() {
        let (generation, len) = (u32_at(bytes, 0)?, usize::try_from(u32_at(bytes, 4)?).ok()?);
        let wrapped = bytes.get(8..)?.get(..len).filter(|_| len <= WRAPPED_MAX)?;
        if generation <= last || all.len() >= GENERATIONS_MAX {
            return None;
        }
        all.insert(generation, wrapped.to_vec());
        (last, bytes) = (generation, bytes.get(8 + len..)?);
    }
    (last == current && !all.is_empty()).then_some(all)
}
