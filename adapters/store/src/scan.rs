//! Reading a journal from its beginning: recovery and verification.

use std::io::ErrorKind;
use std::sync::Arc;

use thalium::audit::merkle::{MerkleTree, hex};
use thalium::event;

use crate::cipher::{Cipher, Purpose};
use crate::disk::{Disk, DiskFile};
use crate::end::End;
use crate::error::StoreError;
use crate::format::{self, BlockHeader, HEADER_LEN, PAYLOAD, SECTOR, SegmentHeader, UNIT, Unit};
use crate::snapshot::{self, Snapshot};
use crate::visit::{BlockPlace, Events, Visit};
use crate::{backup, image, part, versions};

/// What opening found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Blocks that are whole.
    pub blocks: u64,
    /// Events in them.
    pub events: u64,
    /// Segments read.
    pub segments: u64,
    /// What was cut off the end, if anything was.
    pub torn: Option<Torn>,
    /// The journal's generation: each restoring from a backup begins a new one.
    pub generation: u64,
    /// Whether a snapshot spared hashing the log again.
    pub from_snapshot: bool,
    /// How many of the events need not be read again, since an image of the state was made of them.
    pub from_image: u64,
}

/// A block that was being written when the power failed. It was never acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    /// The file.
    pub name: String,
    /// Where the block begins.
    pub offset: u64,
    /// The block's number.
    pub block: u64,
}

pub(crate) fn io<'a, D: Disk>(
    disk: &'a D,
    what: &'static str,
    name: &'a str,
) -> impl FnOnce(std::io::Error) -> StoreError + 'a {
    move |source| StoreError::Io { what, name: name.to_owned(), place: disk.place(), source }
}

/// Reads a journal that no one writes, from its beginning, trusting nothing: checksums, the chain of blocks and the
/// root of every block are computed again. Changes nothing; a torn tail is reported. Of a copy is read what
/// its file `backup` counts: what stands behind that is of a step that was cut short.
///
/// # Errors
/// Damage, and where.
pub fn verify<D: Disk>(disk: &D, take: &mut dyn FnMut(&[u8])) -> Result<Recovery, StoreError> {
    versions::check(disk)?;
    if let Some(end) = backup::counted(disk)? {
        return backup::verify(disk, &end, take);
    }
    let (end, recovery) = scan(disk, None, None, &mut Events(take))?;
    // A snapshot proves nothing, but it was written when its events were durable: they must still be there.
    if let Some(snapshot) = Snapshot::read(disk) {
        reaches(snapshot.tree.size(), &end, &recovery)?;
    }
    Ok(recovery)
}

/// The names in the directory of a store.
pub(crate) fn names<D: Disk>(disk: &D) -> Result<Vec<String>, StoreError> {
    disk.list().map_err(|source| match source.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            StoreError::Missing { place: disk.place() }
        }
        _ => io(disk, "list the files", "")(source),
    })
}

/// Whether a directory holds a store, be it a damaged one: what is derived is left only where there was a journal.
pub(crate) fn is_store(names: &[String]) -> bool {
    let derived = |name: &str| {
        name == snapshot::NAME || name == image::NAME || part::number_of(name).is_some()
    };
    names.iter().any(|name| format::segment_number(name).is_some() || derived(name))
}

/// The numbers of the segments, in order.
pub(crate) fn segments<D: Disk>(disk: &D) -> Result<Vec<u64>, StoreError> {
    let names = names(disk)?;
    let mut segments: Vec<u64> =
        names.iter().filter_map(|name| format::segment_number(name)).collect();
    segments.sort_unstable();
    if segments.is_empty() {
        return Err(if is_store(&names) {
            let what = "the file is missing, though a snapshot says that there was a journal";
            damaged(&format::segment_name(1), 0, 1, what)
        } else {
            StoreError::Missing { place: disk.place() }
        });
    }
    Ok(segments)
}

/// Whether a journal still has as many events as a snapshot knows of.
fn reaches(known: u64, end: &End, recovery: &Recovery) -> Result<(), StoreError> {
    if recovery.events >= known {
        return Ok(());
    }
    let what = format!(
        "the journal ends after {} events, though a snapshot knows of {known}",
        recovery.events
    );
    Err(damaged(&format::segment_name(end.segment), end.offset, end.next_block, &what))
}

/// Reads the journal, from its beginning or from where it once ended; a snapshot spares hashing the events that it
/// covers.
pub(crate) fn scan<D: Disk>(
    disk: &D,
    snapshot: Option<&Snapshot>,
    start: Option<End>,
    visit: &mut dyn Visit,
) -> Result<(End, Recovery), StoreError> {
    let mut segments = segments(disk)?;
    let last = segments.last().copied().unwrap_or(0);
    let mut scan = match start {
        None => Scan::new(snapshot),
        Some(start) => {
            let missing = (1..).zip(&segments).find(|(expected, number)| expected != *number);
            if let Some((number, _)) = missing {
                let name = format::segment_name(number);
                return Err(damaged(&name, 0, start.next_block, "the file is missing"));
            }
            segments.retain(|number| *number > start.segment);
            let mut scan = Scan::resume(start, Arc::default());
            scan.trust(snapshot);
            scan.rest_of_segment(disk, last, visit)?;
            scan
        }
    };
    for number in segments {
        if number != scan.end.segment + 1 {
            let name = format::segment_name(scan.end.segment + 1);
            return Err(damaged(&name, 0, scan.end.next_block, "the file is missing"));
        }
        scan.segment(disk, number, number == last, visit)?;
    }
    scan.finish()
}

/// How far a journal was read.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) end: End,
    /// Events that a snapshot's tree covers already.
    hashed: u64,
    pub(crate) recovery: Recovery,
    /// How the events of the segment at hand are sealed.
    pub(crate) cipher: Arc<Cipher>,
    bytes: Vec<u8>,
}

impl Scan {
    /// Nothing was read yet.
    pub(crate) fn new(snapshot: Option<&Snapshot>) -> Self {
        Self {
            end: End {
                segment: 0,
                offset: 0,
                last_block: 0,
                next_block: 1,
                generation: 1,
                previous: [0; 32],
                tree: snapshot.map_or_else(MerkleTree::default, |snapshot| snapshot.tree.clone()),
            },
            hashed: snapshot.map_or(0, |snapshot| snapshot.tree.size()),
            recovery: Recovery { from_snapshot: snapshot.is_some(), ..Recovery::default() },
            cipher: Arc::default(),
            bytes: Vec::new(),
        }
    }

    /// Everything up to `end` was read before, in a segment whose events are sealed so.
    pub(crate) fn resume(end: End, cipher: Arc<Cipher>) -> Self {
        let events = end.tree.size();
        let recovery = Recovery {
            events,
            generation: end.generation,
            blocks: end.next_block.saturating_sub(1),
            segments: end.segment,
            from_image: events,
            ..Recovery::default()
        };
        Self { hashed: end.tree.size(), recovery, end, cipher, bytes: Vec::new() }
    }

    /// Spares hashing the events that a snapshot covers, if that are more than were read before.
    fn trust(&mut self, snapshot: Option<&Snapshot>) {
        if let Some(snapshot) = snapshot.filter(|snapshot| snapshot.tree.size() > self.hashed) {
            self.hashed = snapshot.tree.size();
            self.end.tree = snapshot.tree.clone();
            self.recovery.from_snapshot = true;
        }
    }

    /// Where the journal ends and what was found, once all of it was read.
    pub(crate) fn finish(self) -> Result<(End, Recovery), StoreError> {
        reaches(self.hashed, &self.end, &self.recovery)?;
        Ok((self.end, self.recovery))
    }

    /// Begins a segment, from its first sector.
    pub(crate) fn begin<D: Disk>(
        &mut self,
        disk: &D,
        name: &str,
        number: u64,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        versions::check_segment(name, bytes)?;
        let header = SegmentHeader::from_bytes(bytes).ok_or_else(|| {
            damaged(name, 0, self.end.next_block, "the segment's header is unreadable")
        })?;
        let expected = SegmentHeader {
            number,
            generation: header.generation,
            first_block: self.end.next_block,
            first_sequence: self.recovery.events,
            previous: self.end.previous,
            key: header.key,
        };
        if header != expected {
            let what = "the segment does not continue the one before it";
            return Err(damaged(name, 0, self.end.next_block, what));
        }
        self.cipher = disk.seal().cipher(disk, header.key, Purpose::Segment)?;
        self.end.segment = number;
        self.end.generation = header.generation;
        self.recovery.generation = header.generation;
        self.end.offset = SECTOR as u64;
        self.end.last_block = 0;
        self.recovery.segments += 1;
        Ok(())
    }

    /// Reads what stands behind the end that was resumed from, in its segment.
    fn rest_of_segment<D: Disk>(
        &mut self,
        disk: &D,
        last: u64,
        visit: &mut dyn Visit,
    ) -> Result<(), StoreError> {
        let number = self.end.segment;
        let name = format::segment_name(number);
        let file = file_of(disk, &name, &self.end)?;
        (_, self.cipher) = cipher_of(disk, &file, &name)?;
        self.rest(disk, &file, &name, number == last, visit)
    }

    /// Reads what stands behind the end, to the end of its segment.
    pub(crate) fn rest<D: Disk>(
        &mut self,
        disk: &D,
        file: &D::File,
        name: &str,
        is_last: bool,
        visit: &mut dyn Visit,
    ) -> Result<(), StoreError> {
        let (offset, block) = (self.end.offset, self.end.next_block);
        let len = file.len().map_err(io(disk, "measure", name))?;
        let short = || damaged(name, offset, block, "the segment is cut short");
        let left = len.checked_sub(offset).ok_or_else(short)?;
        let mut bytes = vec![0; usize::try_from(left).unwrap_or(usize::MAX)];
        let read = file.read_at(&mut bytes, offset).map_err(io(disk, "read", name))?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = bytes.get(..read).unwrap_or_default();
        self.blocks(name, start, bytes, is_last, visit)
    }

    fn segment<D: Disk>(
        &mut self,
        disk: &D,
        number: u64,
        is_last: bool,
        visit: &mut dyn Visit,
    ) -> Result<(), StoreError> {
        let name = format::segment_name(number);
        let file = disk.open(&name).map_err(io(disk, "open", &name))?;
        let len = file.len().map_err(io(disk, "measure", &name))?;
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.resize(usize::try_from(len).unwrap_or(usize::MAX), 0);
        let read = file.read_at(&mut bytes, 0).map_err(io(disk, "read", &name))?;
        bytes.truncate(read);
        self.begin(disk, &name, number, &bytes)?;
        visit.segment(&name, bytes.get(..SECTOR).unwrap_or_default())?;
        let blocks = bytes.get(SECTOR..).unwrap_or_default();
        self.blocks(&name, SECTOR, blocks, is_last, visit)?;
        self.bytes = bytes;
        Ok(())
    }

    /// Reads the blocks of a segment to its end, from `bytes` that begin at `start` of the file, and judges what stands
    /// behind the last whole one.
    pub(crate) fn blocks(
        &mut self,
        name: &str,
        start: usize,
        bytes: &[u8],
        is_last: bool,
        visit: &mut dyn Visit,
    ) -> Result<(), StoreError> {
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            match self.block(name, start + at, rest, visit)? {
                Found::Block { len, place } => {
                    at += len;
                    visit.block(place, &self.end, rest.get(..len).unwrap_or_default())?;
                }
                Found::Nothing => break,
                Found::Torn if is_last => {
                    self.recovery.torn = Some(Torn {
                        name: name.to_owned(),
                        offset: (start + at) as u64,
                        block: self.end.next_block,
                    });
                    break;
                }
                Found::Torn => {
                    let what = "part of the block is missing";
                    return Err(damaged(name, (start + at) as u64, self.end.next_block, what));
                }
            }
        }
        self.end.offset = (start + at) as u64;
        // Blocks are written one after another is durable: a later block says that this one was whole once.
        let later = bytes.get(at..).unwrap_or_default().chunks(UNIT).position(|chunk| {
            matches!(format::unit(chunk), Unit::Good { stamp, .. } if stamp > self.end.next_block)
        });
        if let Some(units) = later {
            let follows = start + at + units * UNIT;
            let what = format!("the block is not whole, yet a later one follows at byte {follows}");
            return Err(damaged(name, self.end.offset, self.end.next_block, &what));
        }
        Ok(())
    }

    /// Reads the next block from `bytes`, which begin with it at `offset` of the file. Its events are shown, and the
    /// journal's end is behind it then.
    pub(crate) fn block(
        &mut self,
        name: &str,
        offset: usize,
        bytes: &[u8],
        visit: &mut dyn Visit,
    ) -> Result<Found, StoreError> {
        let number = self.end.next_block;
        let damage = |at: usize, what: &str| damaged(name, at as u64, number, what);
        let unit_at = |index: usize| {
            let at = index * UNIT;
            (offset + at, format::unit(bytes.get(at..at + UNIT).unwrap_or_default()))
        };
        let mut stream: Vec<u8> = Vec::new();
        let mut units = 1;
        let mut index = 0;
        let mut missing = false;
        while index < units {
            let (at, found) = unit_at(index);
            match found {
                Unit::Good { stamp, index: own, payload } if stamp == number => {
                    if usize::try_from(own) != Ok(index) {
                        return Err(damage(at, "a part of the block stands in another's place"));
                    }
                    if !missing {
                        stream.extend_from_slice(payload);
                    }
                }
                // A unit is written whole or not at all, so a wrong checksum is no torn write.
                Unit::Bad => return Err(damage(at, "the checksum does not fit")),
                // Blank, or left from before: this part never reached the disk.
                _ => missing = true,
            }
            if index == 0 && !missing {
                versions::check_block(name, &stream)?;
                let header = BlockHeader::from_bytes(&stream)
                    .filter(|header| header.number == number)
                    .ok_or_else(|| damage(at, "the block's header is unreadable"))?;
                units = header.units(self.cipher.is_sealed());
            }
            index += 1;
        }
        if missing {
            // Anything of this block tells a torn write from the journal's end.
            let mut torn = false;
            for (index, chunk) in bytes.chunks(UNIT).enumerate() {
                match format::unit(chunk) {
                    Unit::Good { stamp, .. } if stamp == number => torn = true,
                    Unit::Bad => {
                        return Err(damage(offset + index * UNIT, "the checksum does not fit"));
                    }
                    _ => {}
                }
            }
            return Ok(if torn { Found::Torn } else { Found::Nothing });
        }
        let header = BlockHeader::from_bytes(&stream)
            .ok_or_else(|| damage(offset, "the block's header is unreadable"))?;
        self.take_block(header, &mut stream, visit).map_err(|what| damage(offset, &what))?;
        self.end.last_block = offset as u64;
        debug_assert!(stream.len() >= units * PAYLOAD);
        let fill = units * UNIT..format::padded(units).min(bytes.len());
        let fill_at = offset + fill.start;
        if let Some(at) = bytes.get(fill).and_then(|fill| fill.iter().position(|byte| *byte != 0)) {
            return Err(damage(fill_at + at, "a byte behind the block is not zero"));
        }
        let len = format::padded(units);
        self.end.offset = (offset + len) as u64;
        let place = BlockPlace {
            segment: self.end.segment,
            offset: offset as u64,
            first: header.first_sequence,
            count: u64::from(header.event_count),
        };
        Ok(Found::Block { len, place })
    }

    fn take_block(
        &mut self,
        header: BlockHeader,
        stream: &mut [u8],
        visit: &mut dyn Visit,
    ) -> Result<(), String> {
        if header.previous != self.end.previous {
            return Err("the block does not follow the one before it".to_owned());
        }
        if header.first_sequence != self.recovery.events {
            return Err(format!(
                "the block begins at event {}, not {}",
                header.first_sequence, self.recovery.events
            ));
        }
        let len = usize::try_from(header.events_len).unwrap_or(usize::MAX);
        let sealed = stream.get_mut(HEADER_LEN..);
        let sealed = sealed.and_then(|rest| rest.get_mut(..self.cipher.stored_len(len)));
        let events = sealed.ok_or("the block is cut short")?;
        let opened = self.cipher.open(header.number, 0, events);
        let events = opened.and_then(|opened| events.get(..opened));
        let events = events.ok_or("it was not encrypted with the key of its segment")?;
        let (mut count, mut bytes) = (0_u64, 0);
        for event in event::split(events) {
            if self.recovery.events + count >= self.hashed {
                self.end.tree.push(event);
            }
            count += 1;
            bytes += event.len();
        }
        if count != u64::from(header.event_count) || bytes != len {
            return Err("the events do not fill the block".to_owned());
        }
        self.recovery.events += count;
        if header.tree_size != self.recovery.events {
            return Err("the size of the tree does not fit".to_owned());
        }
        // The root of a block that a snapshot covers is checked by `verify`.
        if self.recovery.events >= self.hashed && header.root != self.end.tree.root() {
            return Err(format!("the events do not hash to the root {}", hex(&header.root)));
        }
        event::split(events).for_each(|event| visit.event(event));
        self.recovery.blocks += 1;
        self.end.next_block = header.number + 1;
        self.end.previous = header.hash();
        Ok(())
    }
}

/// The number of the key with which the events of a segment are sealed, and what opens them.
pub(crate) fn cipher_of<D: Disk>(
    disk: &D,
    file: &D::File,
    name: &str,
) -> Result<(u32, Arc<Cipher>), StoreError> {
    let mut bytes = [0; SECTOR];
    file.read_at(&mut bytes, 0).map_err(io(disk, "read", name))?;
    let header = SegmentHeader::from_bytes(&bytes)
        .ok_or_else(|| damaged(name, 0, 0, "the segment's header is unreadable"))?;
    Ok((header.key, disk.seal().cipher(disk, header.key, Purpose::Segment)?))
}

/// The file of the segment in which an end stands, and that it is that end. One that says of itself where it ends may have been written beside
/// another journal: what is not there is damage, and no fault of the disk.
pub(crate) fn file_of<D: Disk>(disk: &D, name: &str, end: &End) -> Result<D::File, StoreError> {
    let damage = |what: &str| damaged(name, end.last_block, end.next_block, what);
    let file = match disk.open(name) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(damage("the file is missing"));
        }
        opened => opened.map_err(io(disk, "open", name))?,
    };
    check_last(&file, end).map_err(damage)?;
    Ok(file)
}

/// Whether the block stands in a segment that was the journal's last at an end that was noted.
fn check_last<F: DiskFile>(file: &F, end: &End) -> Result<(), &'static str> {
    // A segment without a block says nothing of the one before it.
    if end.last_block == 0 {
        return Ok(());
    }
    let is_it = header_at(file, end.last_block).is_some_and(|last| last.hash() == end.previous);
    if is_it { Ok(()) } else { Err("the block that was the journal's last is another") }
}

/// The header of the block that begins there, if one does.
pub(crate) fn header_at<F: DiskFile>(file: &F, at: u64) -> Option<BlockHeader> {
    let mut unit = [0; UNIT];
    let read = file.read_at(&mut unit, at);
    match format::unit(&unit) {
        Unit::Good { payload, .. } if read.is_ok_and(|read| read == UNIT) => {
            BlockHeader::from_bytes(payload)
        }
        _ => None,
    }
}

pub(crate) enum Found {
    /// A whole block, in so many bytes.
    Block {
        len: usize,
        place: BlockPlace,
    },
    Nothing,
    Torn,
}

pub(crate) fn damaged(name: &str, offset: u64, block: u64, what: &str) -> StoreError {
    StoreError::Damaged { name: name.to_owned(), offset, block, what: what.to_owned() }
}
