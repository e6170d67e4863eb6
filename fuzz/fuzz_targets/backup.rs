//! Attacks `adapters/store/src/backup.rs`: whatever a copy's state says, the copy is refused, or it comes to the journal's
//! root; never a panic.

#![no_main]

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use libfuzzer_sys::fuzz_target;
use thalium_store::disk::{Disk, DiskFile};

const SEGMENT: &str = "segment-00000001.log";
const JOURNAL: &[u8] = include_bytes!("../seeds/segment/three_blocks");

/// A directory in memory.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<BTreeMap<String, Arc<Mutex<Vec<u8>>>>>>);

#[derive(Clone)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Memory {
    fn with(files: &[(&str, Vec<u8>)]) -> Self {
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

fuzz_target!(|data: &[u8]| {
    // The sum is made to fit, so that what it guards is reached.
    let body = data.get(..data.len().saturating_sub(4)).unwrap_or_default();
    let state = [body, &crc32c::crc32c(body).to_le_bytes()].concat();
    let source = Memory::with(&[(SEGMENT, JOURNAL.to_vec())]);
    let target = Memory::with(&[(SEGMENT, JOURNAL.to_vec()), ("backup", state)]);
    let want = thalium_store::verify(&source, &mut |_| ()).expect("the seed is sound").events;
    if let Ok(copied) = thalium_store::backup(source, &target, &mut |_| ()) {
        let verified = thalium_store::verify(&target, &mut |_| ()).expect("a copy verifies");
        assert!(copied.events != want || verified.events == want);
    }
});
