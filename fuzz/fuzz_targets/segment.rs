//! Attacks `adapters/store/src/scan.rs` and `reader.rs`: any bytes as a segment are read, cut or refused, never a panic,
//! and a reader comes to what a verification comes to.

#![no_main]

use std::io;
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use thalium_store::Reader;
use thalium_store::disk::{Disk, DiskFile};

/// A directory with one segment.
#[derive(Clone)]
struct One(Arc<Vec<u8>>);

impl Disk for One {
    type File = Self;
    type Lock = ();

    fn lock(&self) -> io::Result<Option<()>> {
        Ok(Some(()))
    }
    fn is_written(&self) -> io::Result<bool> {
        Ok(false)
    }
    fn list(&self) -> io::Result<Vec<String>> {
        Ok(vec!["segment-00000001.log".to_owned()])
    }
    fn open(&self, _: &str) -> io::Result<Self> {
        Ok(self.clone())
    }
    fn create(&self, _: &str) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn rename(&self, _: &str, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn remove(&self, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn sync_names(&self) -> io::Result<()> {
        Ok(())
    }
    fn place(&self) -> String {
        "memory".to_owned()
    }
}

impl DiskFile for One {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }
    fn read_at(&self, to: &mut [u8], offset: u64) -> io::Result<usize> {
        let from = self.0.get(offset as usize..).unwrap_or_default();
        let count = from.len().min(to.len());
        to[..count].copy_from_slice(&from[..count]);
        Ok(count)
    }
    fn write_at(&self, _: &[u8], _: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

fuzz_target!(|data: &[u8]| {
    let mut events = 0_u64;
    let disk = One(Arc::new(data.to_vec()));
    let verified = thalium_store::verify(&disk, &mut |_| events += 1);
    let mut reader = Reader::open(disk, false).expect("there is a segment");
    let read = reader.poll(u64::MAX, &mut |_| ());
    if let Ok(recovery) = verified {
        assert_eq!(recovery.events, events);
        read.expect("what verifies is read");
        assert_eq!((reader.event_count(), reader.tree().size()), (events, events));
    }
});
