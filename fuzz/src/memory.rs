//! A directory in memory, for the targets that attack the store.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use thalium_store::disk::{Disk, DiskFile};

/// A directory in memory.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<BTreeMap<String, Shared>>>);

/// What a file has, whoever holds it open.
type Shared = Arc<Mutex<Vec<u8>>>;

#[derive(Clone)]
pub struct Bytes(Shared);

impl Memory {
    pub fn with(files: &[(&str, Vec<u8>)]) -> Self {
        let memory = Self::default();
        for (name, bytes) in files {
            let file = Arc::new(Mutex::new(bytes.clone()));
            memory.0.lock().unwrap().insert((*name).to_owned(), file);
        }
        memory
    }
}

impl Disk for Memory {
    type File = Bytes;
    type Lock = ();

    fn lock(&self) -> io::Result<Option<()>> {
        Ok(Some(()))
    }
    fn is_written(&self) -> io::Result<bool> {
        Ok(false)
    }
    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.0.lock().unwrap().keys().cloned().collect())
    }
    fn open(&self, name: &str) -> io::Result<Bytes> {
        let files = self.0.lock().unwrap();
        files.get(name).cloned().map(Bytes).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
    fn create(&self, name: &str) -> io::Result<Bytes> {
        let file = Arc::new(Mutex::new(Vec::new()));
        self.0.lock().unwrap().insert(name.to_owned(), Arc::clone(&file));
        Ok(Bytes(file))
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut files = self.0.lock().unwrap();
        let file = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        files.insert(to.to_owned(), file);
        Ok(())
    }
    fn remove(&self, name: &str) -> io::Result<()> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
    fn sync_names(&self) -> io::Result<()> {
        Ok(())
    }
    fn place(&self) -> String {
        "memory".to_owned()
    }
}

impl DiskFile for Bytes {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().len() as u64)
    }
    fn read_at(&self, to: &mut [u8], offset: u64) -> io::Result<usize> {
        let bytes = self.0.lock().unwrap();
        let from = usize::try_from(offset).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        let count = from.len().min(to.len());
        to[..count].copy_from_slice(&from[..count]);
        Ok(count)
    }
    fn write_at(&self, from: &[u8], offset: u64) -> io::Result<()> {
        let mut bytes = self.0.lock().unwrap();
        let at = usize::try_from(offset).map_err(|_| io::ErrorKind::InvalidInput)?;
        if at > 1 << 24 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let end = at + from.len();
        let len = bytes.len().max(end);
        bytes.resize(len, 0);
        bytes[at..end].copy_from_slice(from);
        Ok(())
    }
    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}
