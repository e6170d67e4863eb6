//! A file: the objects under its name, and what was written and is not synced yet.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::DiskFile;

use super::directory::ObjectDirectory;

/// A file of an [`ObjectDirectory`].
#[derive(Debug)]
pub struct ObjectFile {
    directory: ObjectDirectory,
    name: String,
    contents: Mutex<Contents>,
}

#[derive(Debug, Default)]
struct Contents {
    /// Where each object begins, and its length.
    objects: BTreeMap<u64, u64>,
    /// Runs of bytes that were written since the last sync, by where they begin.
    written: BTreeMap<u64, Vec<u8>>,
}

impl Contents {
    /// Takes in bytes behind a run that ends there, or as a run of their own.
    fn write(&mut self, from: &[u8], at: u64) {
        if let Some((begin, run)) = self.written.range_mut(..=at).next_back()
            && begin + run.len() as u64 == at
        {
            run.extend_from_slice(from);
            return;
        }
        self.written.insert(at, from.to_vec());
    }
}

impl ObjectFile {
    pub(crate) fn of(
        directory: ObjectDirectory,
        name: String,
        objects: BTreeMap<u64, u64>,
    ) -> Self {
        let contents = Mutex::new(Contents { objects, written: BTreeMap::new() });
        Self { directory, name, contents }
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DiskFile for ObjectFile {
    fn len(&self) -> io::Result<u64> {
        let contents = self.contents();
        let objects = contents.objects.iter().map(|(at, len)| at + len);
        let written = contents.written.iter().map(|(at, run)| at + run.len() as u64);
        Ok(objects.chain(written).max().unwrap_or(0))
    }

    /// Reads what was synced.
    fn read_at(&self, to: &mut [u8], offset: u64) -> io::Result<usize> {
        let end = offset.saturating_add(to.len() as u64);
        let mut filled = 0;
        to.fill(0);
        for (&at, &len) in &self.contents().objects {
            let (from, until) = (at.max(offset), (at + len).min(end));
            // What two objects hold both is the same.
            if from >= until {
                continue;
            }
            let bytes = self.directory.get(&self.name, at, from - at, until - at)?;
            let place = usize::try_from(from - offset).map_err(|_| io::ErrorKind::OutOfMemory)?;
            let to = to.get_mut(place..place + bytes.len()).ok_or(io::ErrorKind::InvalidData)?;
            to.copy_from_slice(&bytes);
            filled = filled.max(place + bytes.len());
        }
        Ok(filled)
    }

    fn write_at(&self, from: &[u8], offset: u64) -> io::Result<()> {
        self.contents().write(from, offset);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut contents = self.contents();
        if ObjectDirectory::is_in_preparation(&self.name) {
            let mut bytes = Vec::new();
            for (at, run) in &contents.written {
                bytes.resize(usize::try_from(*at).map_err(|_| io::ErrorKind::OutOfMemory)?, 0);
                bytes.extend_from_slice(run);
            }
            self.directory.prepare(&self.name, bytes);
            return Ok(());
        }
        while let Some((at, run)) = contents.written.pop_first() {
            let len = run.len() as u64;
            self.directory.put(&self.name, at, run)?;
            contents.objects.insert(at, len);
        }
        Ok(())
    }
}
