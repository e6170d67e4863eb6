//! What a directory holds, file by file, without opening it as a ledger: beside a writer, and where something is damaged.

use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::format::{self, BlockHeader, SECTOR, SegmentHeader, UNIT, Unit};
use crate::image::Image;
use crate::part::{self, Archive};
use crate::seal::{self, Seal};
use crate::snapshot::{self, Snapshot};
use crate::{backup, image, mark, scan};

/// What was found of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// Its files, by kind and number.
    pub files: Vec<FileFound>,
    /// Whether a writer has it now.
    pub is_written: bool,
    /// The events that the writer has marked as durable for readers.
    pub marked: Option<u64>,
    /// The number of the data key with which is encrypted what is written; zero where nothing is. Known without the keys.
    pub data_keys: u32,
}

impl Inspection {
    /// The files with which something is wrong.
    pub fn damaged(&self) -> impl Iterator<Item = &FileFound> {
        self.files.iter().filter(|file| file.wrong.is_some())
    }
}

/// A file of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFound {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: FileKind,
    /// Its length in bytes.
    pub len: u64,
    /// The version of its format, where it says one.
    pub version: Option<u16>,
    /// The first event in it, and how many.
    pub events: Option<(u64, u64)>,
    /// Blocks in it, of a segment.
    pub blocks: Option<u64>,
    /// Bytes of it in use, of a segment: what follows is prewritten.
    pub used: Option<u64>,
    /// The journal's generation, where it says one.
    pub generation: Option<u64>,
    /// The number of the data key with which it is encrypted, where it says one.
    pub data_key: Option<u32>,
    /// What is wrong with it, and what to do.
    pub wrong: Option<String>,
}

/// What a file of a store is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// Part of the journal.
    Segment,
    /// The index of a run of events.
    Part,
    /// The image of the state.
    Image,
    /// What the last close left.
    Snapshot,
    /// The wrapped data keys.
    Keys,
    /// Where a backup ends.
    Backup,
    /// The lock, the mark, and files in preparation.
    Working,
    /// No file of a store.
    Other,
}

impl FileKind {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::Part => "part",
            Self::Image => "image",
            Self::Snapshot => "snapshot",
            Self::Keys => "keys",
            Self::Backup => "backup",
            Self::Working => "working",
            Self::Other => "other",
        }
    }

    fn of(name: &str) -> Self {
        match name {
            image::NAME => Self::Image,
            snapshot::NAME => Self::Snapshot,
            seal::NAME => Self::Keys,
            backup::STATE => Self::Backup,
            "lock" | mark::NAME | "prepared.log" => Self::Working,
            name if name.ends_with(".tmp") => Self::Working,
            name if format::segment_number(name).is_some() => Self::Segment,
            name if part::number_of(name).is_some() => Self::Part,
            _ => Self::Other,
        }
    }
}

/// Looks at every file of a directory, and changes nothing. What is damaged is told with its file, and the others are
/// looked at all the same. Sums are checked where they need no reading of events: `verify` reads everything.
///
/// # Errors
/// A directory that cannot be listed.
pub fn inspect<D: Disk>(disk: &D) -> Result<Inspection, StoreError> {
    let mut names = scan::names(disk)?;
    names.sort_by_key(|name| (FileKind::of(name), name.clone()));
    let is_written = disk.is_written().unwrap_or(false);
    let last = names.iter().filter_map(|name| format::segment_number(name)).max();
    let live = last.filter(|_| is_written);
    let is_closed = Seal::is_at(disk)? && disk.seal().current() == 0;
    let mut parts = Archive::new(disk.clone());
    let files = names.iter().filter(|name| *name != "lock");
    let files = files.map(|name| {
        let mut found = FileFound {
            name: name.clone(),
            kind: FileKind::of(name),
            len: 0,
            version: None,
            events: None,
            blocks: None,
            used: None,
            generation: None,
            data_key: None,
            wrong: None,
        };
        let looked = look(disk, &mut found, live, is_closed, &mut parts);
        found.wrong = looked.err();
        found
    });
    Ok(Inspection {
        files: files.collect(),
        is_written,
        marked: mark::read(disk),
        data_keys: if Seal::is_at(disk)? { seal::count(disk).unwrap_or(0) } else { 0 },
    })
}

fn look<D: Disk>(
    disk: &D,
    found: &mut FileFound,
    live: Option<u64>,
    is_closed: bool,
    parts: &mut Archive<D>,
) -> Result<(), String> {
    let file = disk.open(&found.name).map_err(|error| format!("cannot be opened: {error}"))?;
    found.len = file.len().map_err(|error| format!("cannot be measured: {error}"))?;
    let derived = || "is damaged, or of another journal: remove it, it is made anew".to_owned();
    match found.kind {
        FileKind::Segment => {
            let is_live = live.is_some() && live == format::segment_number(&found.name);
            segment(&file, found, is_live)
        }
        // What is encrypted can only be measured without its keys.
        FileKind::Part | FileKind::Image if is_closed => Ok(()),
        FileKind::Part => {
            let first = parts.end();
            let sealed = parts.open_next();
            let part = sealed.ok_or_else(derived)?;
            let version = part.summary.first_chunk().map(|bytes| u16::from_le_bytes(*bytes));
            found.version = version;
            found.events = Some((first, part.end - first));
            Ok(())
        }
        FileKind::Image => {
            let image = Image::read(disk).ok_or_else(derived)?;
            found.events = Some((0, image.end.tree().size()));
            found.generation = Some(image.end.generation);
            Ok(())
        }
        FileKind::Snapshot => {
            let snapshot = Snapshot::read(disk).ok_or_else(derived)?;
            found.events = Some((0, snapshot.tree.size()));
            Ok(())
        }
        FileKind::Keys => match seal::count(disk) {
            Some(_) => Ok(()),
            None => Err("is damaged: restore it from a copy".to_owned()),
        },
        FileKind::Backup => {
            let end = backup::read_state(disk);
            let end = end.ok_or("is damaged: begin the backup anew in an empty directory")?;
            found.events = Some((0, end.tree().size()));
            found.generation = Some(end.generation);
            Ok(())
        }
        FileKind::Working | FileKind::Other => Ok(()),
    }
}

/// Walks from block to block by their headers, and reads no events.
fn segment<F: DiskFile>(file: &F, found: &mut FileFound, is_live: bool) -> Result<(), String> {
    let cannot = |at: u64, error: std::io::Error| format!("byte {at} cannot be read: {error}");
    let mut sector = vec![0; SECTOR];
    file.read_at(&mut sector, 0).map_err(|error| cannot(0, error))?;
    found.version = SegmentHeader::version(&sector);
    if let Some(version) = found.version.filter(|version| *version > format::VERSION_SEALED) {
        return Err(format!("is of version {version}: a newer build wrote it"));
    }
    let header = SegmentHeader::from_bytes(&sector)
        .ok_or("byte 0: the header is unreadable; restore the file from a copy")?;
    (found.generation, found.data_key) = (Some(header.generation), Some(header.key));
    let (mut at, mut blocks, mut events) = (SECTOR as u64, 0, 0);
    let mut unit = [0; UNIT];
    let end = loop {
        let read = file.read_at(&mut unit, at).map_err(|error| cannot(at, error))?;
        let block = match format::unit(unit.get(..read).unwrap_or_default()) {
            Unit::Good { stamp, index: 0, payload } if stamp == header.first_block + blocks => {
                BlockHeader::from_bytes(payload)
            }
            Unit::Bad => {
                break Err(format!("byte {at}: the checksum does not fit; `verify` tells more"));
            }
            _ => break Ok(()),
        };
        let Some(block) = block else {
            break Err(format!("byte {at}: the block's header is unreadable; `verify` tells more"));
        };
        blocks += 1;
        events += u64::from(block.event_count);
        at += format::padded(block.units(header.key > 0)) as u64;
    };
    found.events = Some((header.first_sequence, events));
    (found.blocks, found.used) = (Some(blocks), Some(at));
    // Beside a writer the last block may be half written.
    if is_live { Ok(()) } else { end }
}
