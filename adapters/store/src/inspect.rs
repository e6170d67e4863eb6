//! What a directory holds, file by file, without opening it as a ledger: beside a writer, and where something is damaged.

mod segment;

use std::io::ErrorKind;

use thalium::Genesis;
use thalium::audit::merkle::Hash;

use crate::disk::{Disk, DiskFile};
use crate::error::StoreError;
use crate::format;
use crate::image::Image;
use crate::part::{self, Archive};
use crate::seal::{self, Seal};
use crate::snapshot::{self, Snapshot};
use crate::{backup, image, mark, scan, versions};
use segment::Ends;

/// What was found of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// Its files, by kind and number.
    pub files: Vec<FileFound>,
    /// The head of the log; `None` where it cannot be read, since it is encrypted or damaged.
    pub genesis: Option<Genesis>,
    /// Whether a writer has it now.
    pub is_written: bool,
    /// The process that writes it, as it numbers itself, where that is told.
    pub writer: Option<u32>,
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
    /// The first block in it, and how many, of a segment.
    pub blocks: Option<(u64, u64)>,
    /// Bytes of it in use, of a segment: what follows is prewritten.
    pub used: Option<u64>,
    /// The journal's generation, where it says one.
    pub generation: Option<u64>,
    /// The number of the data key with which it is encrypted, where it says one.
    pub data_key: Option<u32>,
    /// Where a block begins that was never whole, at the end of the journal: opening cuts it off.
    pub torn: Option<u64>,
    /// Whether what stands in it was not looked at, since it is encrypted and there are no keys.
    pub is_closed: bool,
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
    /// The keys of people.
    Subjects,
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
            Self::Subjects => "subjects",
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
            "subjects.head" | "subjects.keys" => Self::Subjects,
            backup::STATE => Self::Backup,
            "lock" | mark::NAME | "prepared.log" | "subjects.new" => Self::Working,
            name if name.ends_with(".tmp") => Self::Working,
            name if format::segment_number(name).is_some() => Self::Segment,
            name if part::number_of(name).is_some() => Self::Part,
            _ => Self::Other,
        }
    }
}

/// Looks at every file of a directory, and changes nothing. What is damaged is told with its file, and the others are
/// looked at all the same; a segment that is missing is told as one. Sums are checked where they need no reading of
/// events: `verify` reads everything.
///
/// # Errors
/// A directory that cannot be listed.
pub fn inspect<D: Disk>(disk: &D) -> Result<Inspection, StoreError> {
    let is_written = disk.is_written().unwrap_or(false);
    // Before the files are listed: what was durable then is in them, also where the writer has begun another segment since.
    let durable = is_written.then(|| mark::read(disk).unwrap_or(0));
    let mut names = scan::names(disk)?;
    names.sort_by_key(|name| (FileKind::of(name), name.clone()));
    let mut looking = Looking {
        disk,
        parts: Archive::new(disk.clone()),
        durable,
        last: names.iter().filter_map(|name| format::segment_number(name)).max(),
        is_closed: Seal::is_at(disk)? && disk.seal().current() == 0,
        segments: Vec::new(),
        part: Some((0, 0, [0; 32])),
    };
    let mut files = Vec::with_capacity(names.len());
    for name in names.iter().filter(|name| *name != "lock") {
        let mut found = FileFound::new(name);
        match disk.open(name) {
            // It was there when the directory was listed: its writer is done with it.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => found.wrong = Some(format!("cannot be opened: {error}")),
            Ok(file) => found.wrong = looking.look(&file, &mut found).err(),
        }
        files.push(found);
    }
    let (last, segments) = (looking.last, looking.segments);
    segment::chain(&mut files, &segments, last);
    if !is_written {
        segment::reaches(&mut files, &segments, last);
    }
    Ok(Inspection {
        files,
        genesis: segment::genesis(disk),
        is_written,
        writer: disk.holder().filter(|_| is_written),
        marked: mark::read(disk),
        data_keys: if Seal::is_at(disk)? { seal::count(disk).unwrap_or(0) } else { 0 },
    })
}

impl FileFound {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: FileKind::of(name),
            len: 0,
            version: None,
            events: None,
            blocks: None,
            used: None,
            generation: None,
            data_key: None,
            torn: None,
            is_closed: false,
            wrong: None,
        }
    }
}

/// What is known from the files that were looked at, for those that follow.
struct Looking<'a, D: Disk> {
    disk: &'a D,
    parts: Archive<D>,
    /// The number of the last segment.
    last: Option<u64>,
    /// How many events were durable before anything was looked at; `None` without a writer.
    durable: Option<u64>,
    /// Whether what is encrypted cannot be read.
    is_closed: bool,
    /// Those that are whole.
    segments: Vec<Ends>,
    /// The number of the last part, its end, and the hash of the header of its last block; `None` behind a damaged one.
    part: Option<(u64, u64, Hash)>,
}

impl<D: Disk> Looking<'_, D> {
    fn look(&mut self, file: &D::File, found: &mut FileFound) -> Result<(), String> {
        let disk = self.disk;
        found.len = file.len().map_err(|error| format!("cannot be measured: {error}"))?;
        let mut head = [0; 16];
        let cannot = |error| format!("cannot be read: {error}");
        let read = file.read_at(&mut head, 0).map_err(cannot)?;
        found.version = versions::of(&found.name, head.get(..read).unwrap_or_default());
        if let Some((version, known)) = versions::newer_file(file, &found.name).map_err(cannot)? {
            return Err(format!(
                "is of version {version}, and this build knows {known}: a newer build wrote it; use that one"
            ));
        }
        let derived = || "is damaged, or of another journal: remove it, it is made anew".to_owned();
        match found.kind {
            FileKind::Segment => {
                let is_last = self.last == format::segment_number(&found.name);
                let end = match self.durable {
                    _ if !is_last => segment::End::Followed,
                    None => segment::End::Last,
                    Some(durable) => segment::End::Written(durable),
                };
                let ends = segment::look(file, found, end)?;
                self.segments.push(ends);
            }
            FileKind::Part => self.part(found)?,
            // What is encrypted can only be measured without its keys.
            FileKind::Image if self.is_closed => found.is_closed = true,
            FileKind::Image => {
                let image = Image::read(disk).ok_or_else(derived)?;
                found.events = Some((0, image.end.tree().size()));
                found.generation = Some(image.end.generation);
            }
            FileKind::Snapshot => {
                let snapshot = Snapshot::read(disk).ok_or_else(derived)?;
                found.events = Some((0, snapshot.tree.size()));
            }
            FileKind::Keys => {
                seal::count(disk).ok_or("is damaged: restore it from a copy")?;
            }
            FileKind::Backup => {
                let end = backup::read_state(disk);
                let end = end.ok_or("is damaged: begin the backup anew in an empty directory")?;
                found.events = Some((0, end.tree().size()));
                found.generation = Some(end.generation);
            }
            // What stands in it means nothing without the keys.
            FileKind::Subjects | FileKind::Working | FileKind::Other => {}
        }
        Ok(())
    }

    fn part(&mut self, found: &mut FileFound) -> Result<(), String> {
        let number = part::number_of(&found.name).unwrap_or(0);
        let before = self.part.take();
        let look = self.parts.look(number);
        let look = look.ok_or("is damaged: remove it, it is made anew")?;
        found.events = Some((look.first, look.count));
        (found.generation, found.data_key) = (Some(look.generation), Some(look.key));
        found.version = look.version;
        found.is_closed = look.version.is_none();
        if before.is_some_and(|before| {
            (before.0 + 1, before.1, before.2) != (number, look.first, look.before)
        }) {
            return Err("does not follow the part before it: remove it, it is made anew".to_owned());
        }
        self.part = Some((number, look.first.saturating_add(look.count), look.last));
        Ok(())
    }
}
