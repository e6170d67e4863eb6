//! The directory: names, and the objects under each.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crate::disk::Disk;
use crate::{Seal, StoreError};
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use thalium::port::keys::Keys;
use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::file::ObjectFile;

/// Digits of the place in an object's name.
const DIGITS: usize = 20;

/// A directory in an object store.
#[derive(Clone)]
pub struct ObjectDirectory {
    inner: Arc<Inner>,
    seal: Seal,
}

struct Inner {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    place: String,
    runtime: Runtime,
    /// Files in preparation, until they get their name.
    prepared: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl fmt::Debug for ObjectDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectDirectory({})", self.inner.place)
    }
}

impl ObjectDirectory {
    /// The directory at an address as in `s3://bucket/prefix`. `options` name what the store needs, as the variables of the
    /// environment do: `AWS_ACCESS_KEY_ID`, `AWS_REGION`, `AWS_ENDPOINT`, `GOOGLE_SERVICE_ACCOUNT`, …
    ///
    /// # Errors
    /// An address that names no store that this build knows; options that make no sense.
    pub fn open(
        address: &str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> io::Result<Self> {
        let url = Url::parse(address)
            .map_err(|error| invalid(format!("`{address}` is no address: {error}")))?;
        let (store, prefix) = object_store::parse_url_opts(&url, options)
            .map_err(|error| invalid(format!("`{address}` cannot be used: {error}")))?;
        Self::in_store(store.into(), prefix, address.to_owned())
    }

    /// The directory under a prefix of a store; `place` names it in messages.
    ///
    /// # Errors
    /// A system that gives no event loop.
    pub fn in_store(store: Arc<dyn ObjectStore>, prefix: Path, place: String) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let prepared = Mutex::default();
        let inner = Arc::new(Inner { store, prefix, place, runtime, prepared });
        Ok(Self { inner, seal: Seal::default() })
    }

    /// The directory, with the keys that its contents are encrypted with.
    ///
    /// # Errors
    /// A directory that is encrypted, without keys or with others; the store's.
    pub fn with_keys(self, keys: Option<Arc<dyn Keys>>) -> Result<Self, StoreError> {
        if !Seal::is_at(&self)? {
            return Ok(self);
        }
        let keys = keys.ok_or_else(|| StoreError::Sealed { place: self.place() })?;
        Ok(Self { seal: Seal::open(&self, keys)?, ..self })
    }

    fn wait<T>(
        &self,
        doing: impl Future<Output = Result<T, object_store::Error>>,
    ) -> io::Result<T> {
        self.inner.runtime.block_on(doing).map_err(|error| match error {
            object_store::Error::NotFound { .. } => io::ErrorKind::NotFound.into(),
            error => io::Error::other(error),
        })
    }

    fn object(&self, name: &str, at: u64) -> Path {
        self.inner.prefix.clone().join(name).join(format!("{at:0DIGITS$}"))
    }

    /// The objects under a name, or under all of them: where each begins, and its length.
    pub(crate) fn objects(
        &self,
        name: Option<&str>,
    ) -> io::Result<BTreeMap<String, BTreeMap<u64, u64>>> {
        let prefix = &self.inner.prefix;
        let under = name.map_or_else(|| prefix.clone(), |name| prefix.clone().join(name));
        let listed: Vec<_> = self.wait(self.inner.store.list(Some(&under)).try_collect())?;
        let mut objects: BTreeMap<String, BTreeMap<u64, u64>> = BTreeMap::new();
        for object in listed {
            let Some(parts) = object.location.prefix_match(prefix) else { continue };
            let parts: Vec<_> = parts.collect();
            let [file, at] = parts.as_slice() else { continue };
            if let Ok(at) = at.as_ref().parse() {
                objects.entry(file.as_ref().to_owned()).or_default().insert(at, object.size);
            }
        }
        Ok(objects)
    }

    pub(crate) fn put(&self, name: &str, at: u64, bytes: Vec<u8>) -> io::Result<()> {
        let object = self.object(name, at);
        self.wait(self.inner.store.put(&object, PutPayload::from(bytes))).map(drop)
    }

    pub(crate) fn get(&self, name: &str, at: u64, from: u64, to: u64) -> io::Result<Vec<u8>> {
        let object = self.object(name, at);
        self.wait(self.inner.store.get_range(&object, from..to)).map(|bytes| bytes.to_vec())
    }

    /// Keeps a file in preparation until it gets its name.
    pub(crate) fn prepare(&self, name: &str, bytes: Vec<u8>) {
        self.prepared().insert(name.to_owned(), bytes);
    }

    pub(crate) fn is_in_preparation(name: &str) -> bool {
        name.ends_with(".tmp")
    }

    fn prepared(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        // A file is put in and taken out whole.
        self.inner.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn delete(&self, name: &str, places: impl Iterator<Item = u64>) -> io::Result<()> {
        for at in places {
            let object = self.object(name, at);
            match self.wait(self.inner.store.delete(&object)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => done?,
            }
        }
        Ok(())
    }

    /// Puts the objects of each file together that has more than one. Whoever reads meanwhile finds the same bytes.
    fn put_together(&self) -> io::Result<()> {
        for (name, objects) in self.objects(None)? {
            let len = objects.iter().map(|(at, len)| at + len).max().unwrap_or(0);
            if objects.len() < 2 {
                continue;
            }
            let mut bytes = vec![0; usize::try_from(len).map_err(|_| io::ErrorKind::OutOfMemory)?];
            let file = ObjectFile::of(self.clone(), name.clone(), objects.clone());
            crate::disk::DiskFile::read_at(&file, &mut bytes, 0)?;
            self.put(&name, 0, bytes)?;
            self.delete(&name, objects.into_keys().filter(|at| *at > 0))?;
        }
        Ok(())
    }
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

impl Disk for ObjectDirectory {
    type File = ObjectFile;
    type Lock = ();

    /// There is no lock in an object store.
    fn lock(&self) -> io::Result<Option<()>> {
        Ok(Some(()))
    }

    /// What is there is durable.
    fn is_written(&self) -> io::Result<bool> {
        Ok(false)
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.objects(None)?.into_keys().collect())
    }

    fn open(&self, name: &str) -> io::Result<ObjectFile> {
        let objects = self.objects(Some(name))?.remove(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(ObjectFile::of(self.clone(), name.to_owned(), objects))
    }

    fn create(&self, name: &str) -> io::Result<ObjectFile> {
        if !Self::is_in_preparation(name) {
            let objects = self.objects(Some(name))?.remove(name).unwrap_or_default();
            self.delete(name, objects.into_keys())?;
            // The segments before it are whole now. What fails here costs requests and nothing else.
            let _ = self.put_together();
        }
        Ok(ObjectFile::of(self.clone(), name.to_owned(), BTreeMap::new()))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let bytes = self.prepared().remove(from).ok_or(io::ErrorKind::NotFound)?;
        self.put(to, 0, bytes)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let objects = self.objects(Some(name))?.remove(name).ok_or(io::ErrorKind::NotFound)?;
        self.delete(name, objects.into_keys())
    }

    /// An object is there when putting it has returned.
    fn sync_names(&self) -> io::Result<()> {
        Ok(())
    }

    fn place(&self) -> String {
        self.inner.place.clone()
    }

    fn seal(&self) -> Seal {
        self.seal.clone()
    }
}

#[cfg(test)]
#[path = "directory_tests.rs"]
mod tests;
