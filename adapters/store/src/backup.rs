//! Copies of a journal: made beside its writer, block by block, and gone on with where the last one ended.
//!
//! A copy is a store: it verifies and opens as one. What is copied is checked on the way: sums, the chain of blocks, and
//! the root of every block over all events since the first.

use std::io::ErrorKind;

use thalium::audit::merkle::Hash;

use crate::disk::{Disk, DiskFile};
use crate::end::End;
use crate::error::StoreError;
use crate::format::{self, SECTOR, SegmentHeader};
use crate::mark;
use crate::reader::Reader;
use crate::scan::{self, io};
use crate::visit::{BlockPlace, Visit};
use crate::{end, seal, versions, whole};

pub(crate) const STATE: &str = "backup";
const TEMPORARY: &str = "backup.tmp";
const MAGIC: [u8; 8] = *b"THBKUP1\0";

/// What a copy holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Events in it.
    pub events: u64,
    /// Events that were copied this time.
    pub copied: u64,
    /// The root over all of them.
    pub root: Hash,
    /// The generation of the journal: each restoring begins a new one.
    pub generation: u64,
}

/// Brings a copy of a journal up to date, or begins one in an empty directory. The journal may be written meanwhile; what
/// is copied is durable there. `progress` is told the bytes copied so far.
///
/// # Errors
/// A directory that holds something else than a copy of this journal; damage, and where; the disks'. A copy that was cut
/// short is a whole one of fewer events, and the next one goes on from there.
pub fn backup<D: Disk, T: Disk>(
    source: D,
    target: &T,
    progress: &mut dyn FnMut(u64),
) -> Result<Backup, StoreError> {
    let _lock = target
        .lock()
        .map_err(io(target, "lock", "lock"))?
        .ok_or_else(|| StoreError::Locked { place: target.place() })?;
    versions::check(target)?;
    let names = scan::names(target)?;
    let state = read_state(target);
    let mut reader = match state {
        // It was opened as a store since: it may have gone another way.
        _ if names.iter().any(|name| name == mark::NAME) => {
            return Err(StoreError::NotItsBackup { place: target.place() });
        }
        Some(end) if end.segment > 0 => {
            same_journal(&source, target, end.segment)?;
            Reader::resume(source, end)?
        }
        None if scan::is_store(&names) => {
            return Err(StoreError::NotItsBackup { place: target.place() });
        }
        _ => {
            let reader = Reader::open(source, false)?;
            // From here on the directory is known as one of a copy, whatever is in it when the power fails.
            write_state(target, reader.end()).map_err(io(target, "write", STATE))?;
            reader
        }
    };
    let before = reader.event_count();
    // Its keys are there before anything that is sealed with them, and anew where they were wrapped anew.
    seal::copy(reader.disk(), target)?;
    let source = reader.disk().clone();
    let mut copy = Copy { source: &source, disk: target, file: None, bytes: 0, progress };
    if before > 0 {
        let name = format::segment_name(reader.end().segment);
        copy.file = Some(target.open(&name).map_err(io(target, "open", &name))?);
    }
    reader.poll_visiting(u64::MAX, &mut copy)?;
    if reader.event_count() == before && before > 0 {
        // Nothing is written where nothing is new: a copy can be brought up to date every second.
        return Ok(told(&reader, before));
    }
    if let Some(file) = &copy.file {
        file.sync().map_err(io(target, "sync", "the copy"))?;
    }
    target.sync_names().map_err(io(target, "sync the names in", ""))?;
    write_state(target, reader.end()).map_err(io(target, "write", STATE))?;
    Ok(told(&reader, before))
}

fn told<D: Disk>(reader: &Reader<D>, before: u64) -> Backup {
    let tree = reader.tree();
    Backup {
        events: tree.size(),
        copied: tree.size() - before,
        root: tree.root(),
        generation: reader.end().generation,
    }
}

/// How many events of a journal the writer has marked as durable; `None` where no one has.
pub fn marked<D: Disk>(journal: &D) -> Option<u64> {
    mark::read(journal)
}

/// Both must have begun the segment with the same header: it holds the hash of all that went before.
fn same_journal<D: Disk, T: Disk>(source: &D, target: &T, segment: u64) -> Result<(), StoreError> {
    let name = format::segment_name(segment);
    if first_sector(source, &name)? == first_sector(target, &name)? {
        Ok(())
    } else {
        Err(StoreError::NotItsBackup { place: target.place() })
    }
}

/// The first sector of a file; empty where there is no such file.
pub(crate) fn first_sector<D: Disk>(disk: &D, name: &str) -> Result<Vec<u8>, StoreError> {
    let file = match disk.open(name) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened.map_err(io(disk, "open", name))?,
    };
    let mut bytes = vec![0; SECTOR];
    let read = file.read_at(&mut bytes, 0).map_err(io(disk, "read", name))?;
    bytes.truncate(read);
    Ok(bytes)
}

/// Writes what a reader reads to the same places of another directory.
struct Copy<'a, D: Disk, T: Disk> {
    source: &'a D,
    disk: &'a T,
    file: Option<T::File>,
    bytes: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl<D: Disk, T: Disk> Visit for Copy<'_, D, T> {
    fn event(&mut self, _: &[u8]) {}

    fn segment(&mut self, name: &str, header: &[u8]) -> Result<(), StoreError> {
        if let Some(full) = self.file.take() {
            full.sync().map_err(io(self.disk, "sync", "the copy"))?;
        }
        if SegmentHeader::from_bytes(header).is_some_and(|header| header.key > 0) {
            seal::copy(self.source, self.disk)?;
        }
        let file = self.disk.create(name).map_err(io(self.disk, "create", name))?;
        file.write_at(header, 0).map_err(io(self.disk, "write", name))?;
        self.file = Some(file);
        Ok(())
    }

    fn block(&mut self, place: BlockPlace, _: &End, bytes: &[u8]) -> Result<(), StoreError> {
        self.bytes += bytes.len() as u64;
        (self.progress)(self.bytes);
        let name = format::segment_name(place.segment);
        match &self.file {
            Some(file) => file.write_at(bytes, place.offset).map_err(io(self.disk, "write", &name)),
            None => Err(StoreError::Missing { place: self.disk.place() }),
        }
    }
}

/// Where the last copy ended; `None` where there is none that is whole.
pub(crate) fn read_state<T: Disk>(disk: &T) -> Option<End> {
    End::from_bytes(&whole::read(disk, STATE, MAGIC, end::LEN_MAX)?)
}

fn write_state<T: Disk>(disk: &T, end: &End) -> std::io::Result<()> {
    whole::write(disk, STATE, TEMPORARY, MAGIC, &[&end.to_bytes()])
}
