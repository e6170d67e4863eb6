//! Copies of a journal: made beside its writer, block by block, and gone on with where the last one ended.
//!
//! A copy is a store: it verifies and opens as one. What is copied is checked on the way: sums, the chain of blocks, and
//! the root of every block over all events since the first.

mod resume;

use std::io::ErrorKind;

use thalium::audit::merkle::Hash;

use crate::behind::{self, Behind};
use crate::disk::{Disk, DiskFile};
use crate::end::End;
use crate::error::StoreError;
use crate::format::{self, SECTOR, SegmentHeader};
use crate::reader::Reader;
use crate::scan::{self, Recovery, io};
use crate::visit::{BlockPlace, Events, Visit};
use crate::{end, journal, keyring, mark, seal, versions, whole};
use resume::resume;

pub(crate) const STATE: &str = "backup";
const TEMPORARY: &str = "backup.tmp";
const MAGIC: [u8; 8] = *b"THBKUP1\0";
/// Events that are copied before it is asked whether to go on.
const EVENTS_AT_A_TIME: u64 = 1 << 16;

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

/// What one step of a copy came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the copy holds now.
    pub copy: Backup,
    /// Bytes of blocks that were copied in this step.
    pub bytes: u64,
    /// How far the copy is behind the journal now.
    pub behind: Behind,
    /// Whether the copy has all that was durable in the journal when the step began.
    pub is_complete: bool,
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
    let mut go_on = |bytes| {
        progress(bytes);
        true
    };
    copy(source, target, &mut go_on).map(|step| step.copy)
}

/// As [`backup`], for as long as `go_on` says when it is told the bytes copied so far, at least once for every 65,536
/// events. A copy that was told to stop is a whole one of fewer events. Where there is nothing to copy, nothing is
/// written.
///
/// # Errors
/// As [`backup`].
pub fn copy<D: Disk, T: Disk>(
    source: D,
    target: &T,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Step, StoreError> {
    let _lock = journal::lock(target)?;
    versions::check(target)?;
    let names = scan::names(target)?;
    let state = read_state(target);
    let is_begun = state.is_some();
    let mut reader = match state {
        // It was opened as a store since: it may have gone another way.
        _ if names.iter().any(|name| name == mark::NAME) => {
            return Err(StoreError::NotItsBackup { place: target.place() });
        }
        Some(end) if end.segment > 0 => resume(source, target, end)?,
        None if scan::is_store(&names) => {
            return Err(StoreError::NotItsBackup { place: target.place() });
        }
        _ => Reader::open(source, false)?,
    };
    if !is_begun {
        // From here on the directory is known as one of a copy, whatever is in it when the power fails.
        write_state(target, reader.end())?;
    }
    let (before, enough) = (reader.event_count(), reader.durable()?.unwrap_or(u64::MAX));
    // Its keys are there before anything that is sealed with them, and anew where they were wrapped anew.
    seal::copy(reader.disk(), target)?;
    let source = reader.disk().clone();
    let end = reader.end().clone();
    let mut copy = Copy { source: &source, disk: target, file: None, end, bytes: 0, go_on };
    if before > 0 {
        let name = format::segment_name(reader.end().segment);
        copy.file = Some(target.open(&name).map_err(io(target, "open", &name))?);
    }
    let mut is_complete = false;
    loop {
        let wanted = reader.event_count().saturating_add(EVENTS_AT_A_TIME).min(enough);
        reader.poll_visiting(wanted, &mut copy)?;
        let is_wanted = (copy.go_on)(copy.bytes);
        is_complete |= reader.event_count() < wanted || reader.event_count() >= enough;
        if is_complete || !is_wanted {
            break;
        }
    }
    let (file, bytes) = (copy.file.take(), copy.bytes);
    if reader.event_count() > before || !is_begun {
        settle(target, file.as_ref(), reader.end())?;
    }
    // Behind the log, which names no one whose key is not there by now; and anew each time, so that what was forgotten since is
    // gone from the copy too.
    keyring::copy(&source, target)?;
    // And the data keys once more: that which wraps them may be newer than the copy's.
    seal::copy(&source, target)?;
    let tree = reader.tree();
    let copy = Backup {
        events: tree.size(),
        copied: tree.size() - before,
        root: tree.root(),
        generation: reader.end().generation,
    };
    let behind = behind::behind(&source, reader.end())?;
    Ok(Step { copy, bytes, behind, is_complete })
}

/// Makes what was copied durable, and then says so.
fn settle<T: Disk>(target: &T, file: Option<&T::File>, end: &End) -> Result<(), StoreError> {
    if let Some(file) = file {
        file.sync().map_err(io(target, "sync", "the copy"))?;
    }
    target.sync_names().map_err(io(target, "sync the names in", ""))?;
    write_state(target, end)
}

/// How many events of a journal the writer has marked as durable; `None` where no one has.
pub fn marked<D: Disk>(journal: &D) -> Option<u64> {
    mark::read(journal)
}

/// The generation of the journal that a directory holds.
pub(crate) fn generation_of<D: Disk>(disk: &D) -> Result<u64, StoreError> {
    if let Some(end) = counted(disk)? {
        return Ok(end.generation);
    }
    let last = scan::segments(disk)?.last().copied().unwrap_or(1);
    let name = format::segment_name(last);
    SegmentHeader::from_bytes(&first_sector(disk, &name)?)
        .map(|header| header.generation)
        .ok_or_else(|| scan::damaged(&name, 0, 1, "the segment's header is unreadable"))
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
    /// Where the copy ends.
    end: End,
    bytes: u64,
    go_on: &'a mut dyn FnMut(u64) -> bool,
}

impl<D: Disk, T: Disk> Visit for Copy<'_, D, T> {
    fn event(&mut self, _: &[u8]) {}

    fn segment(&mut self, name: &str, header: &[u8]) -> Result<(), StoreError> {
        if let Some(full) = self.file.take() {
            // A copy that is cut short from here on has the segments before this one.
            settle(self.disk, Some(&full), &self.end)?;
        }
        if SegmentHeader::from_bytes(header).is_some_and(|header| header.key > 0) {
            seal::copy(self.source, self.disk)?;
        }
        let file = self.disk.create(name).map_err(io(self.disk, "create", name))?;
        file.write_at(header, 0).map_err(io(self.disk, "write", name))?;
        self.file = Some(file);
        Ok(())
    }

    fn block(&mut self, place: BlockPlace, end: &End, bytes: &[u8]) -> Result<(), StoreError> {
        let name = format::segment_name(place.segment);
        let Some(file) = &self.file else {
            return Err(StoreError::Missing { place: self.disk.place() });
        };
        file.write_at(bytes, place.offset).map_err(io(self.disk, "write", &name))?;
        self.bytes += bytes.len() as u64;
        self.end.clone_from(end);
        Ok(())
    }
}

/// Where a copy ends that has at least a segment and was not opened as a store since; `None` of any other directory.
pub(crate) fn counted<T: Disk>(disk: &T) -> Result<Option<End>, StoreError> {
    let is_store = scan::names(disk)?.iter().any(|name| name == mark::NAME);
    Ok(read_state(disk).filter(|end| end.segment > 0 && !is_store))
}

/// Reads a copy to where it ends, trusting nothing.
pub(crate) fn verify<T: Disk>(
    disk: &T,
    end: &End,
    take: &mut dyn FnMut(&[u8]),
) -> Result<Recovery, StoreError> {
    let mut reader = Reader::open(disk.clone(), false)?;
    // Whoever copies into it at this moment writes behind that end.
    reader.poll_durable(None, end.tree().size(), &mut Events(take))?;
    let found = reader.end();
    if (found.tree().size(), found.last_hash()) != (end.tree().size(), end.last_hash()) {
        let (name, events) = (format::segment_name(found.segment), end.tree().size());
        let what = format!("the copy does not come to the {events} events that it is said to have");
        return Err(scan::damaged(&name, found.offset, found.next_block, &what));
    }
    Ok(reader.recovery().clone())
}

/// Where the last copy ended; `None` where there is none that is whole.
pub(crate) fn read_state<T: Disk>(disk: &T) -> Option<End> {
    End::from_bytes(&whole::read(disk, STATE, MAGIC, end::LEN_MAX)?)
}

fn write_state<T: Disk>(disk: &T, end: &End) -> Result<(), StoreError> {
    let written = whole::write(disk, STATE, TEMPORARY, MAGIC, &[&end.to_bytes()]);
    written.map_err(io(disk, "write", STATE))
}
