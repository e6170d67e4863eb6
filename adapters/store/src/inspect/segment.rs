//! A segment, from block to block by their headers. No events are read but the first of the journal.

use std::io;

use thalium::Genesis;
use thalium::audit::merkle::Hash;
use thalium::event::{self, Body};

use super::{FileFound, FileKind};
use crate::cipher::Purpose;
use crate::disk::{Disk, DiskFile};
use crate::format::{self, BlockHeader, HEADER_LEN, SECTOR, SegmentHeader, UNIT, Unit};

/// Missing segments in a row that are told.
const MISSING_MAX: usize = 16;
/// Units of a first block from which the head of the log is read: it stands alone.
const FEW_UNITS: usize = 64;

/// What may stand at the end of a segment.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// Nothing but whole blocks: another segment follows.
    Followed,
    /// A block that was being written when the power failed.
    Last,
    /// A block that is written now; so many events are durable.
    Written(u64),
}

/// How a segment begins and ends, to be held against those beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) number: u64,
    /// The first block and event, and the hash of the header of the block before.
    begin: (u64, u64, Hash),
    /// The block and event behind it, and the hash of the header of its last block.
    end: (u64, u64, Hash),
}

impl Ends {
    /// What is wrong with the one of the two that is at fault, if the other does not follow: `Err` for the first.
    pub(super) fn check(&self, next: &Self) -> Result<Result<(), String>, String> {
        let ((block, ..), (first, ..)) = (self.end, next.begin);
        if block < first {
            return Err(format!(
                "ends before block {block}, though the next segment begins with block {first}: restore the file from a copy"
            ));
        }
        if self.end != next.begin {
            let what = "does not continue the segment before it: restore the file from a copy";
            return Ok(Err(what.to_owned()));
        }
        Ok(Ok(()))
    }
}

/// Walks through a segment, and takes note of what is in it.
pub(super) fn look<F: DiskFile>(
    file: &F,
    found: &mut FileFound,
    last: End,
) -> Result<Ends, String> {
    let cannot = |at: u64, error: io::Error| format!("byte {at} cannot be read: {error}");
    let mut sector = vec![0; SECTOR];
    file.read_at(&mut sector, 0).map_err(|error| cannot(0, error))?;
    let header = SegmentHeader::from_bytes(&sector)
        .filter(|header| Some(header.number) == format::segment_number(&found.name))
        .ok_or("byte 0: the header is unreadable; restore the file from a copy")?;
    (found.generation, found.data_key) = (Some(header.generation), Some(header.key));
    let SegmentHeader { first_block, first_sequence, .. } = header;
    let begin = (first_block, first_sequence, header.previous);
    let (mut at, mut end) = (SECTOR as u64, begin);
    let mut unit = [0; UNIT];
    let told = loop {
        let read = file.read_at(&mut unit, at).map_err(|error| cannot(at, error))?;
        let block = match format::unit(unit.get(..read).unwrap_or_default()) {
            Unit::Good { stamp, index: 0, payload } if stamp == end.0 => {
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
        let units = block.units(header.key > 0);
        let behind = at + format::padded(units) as u64;
        // A block that another follows was whole once.
        let is_followed = stamp_at(file, behind).is_some_and(|stamp| stamp == end.0 + 1);
        if !is_followed && !is_whole(file, at, units, end.0).map_err(|error| cannot(at, error))? {
            found.torn = matches!(last, End::Last).then_some(at);
            let what = || format!("byte {at}: part of the block is missing; `verify` tells more");
            break if matches!(last, End::Followed) { Err(what()) } else { Ok(()) };
        }
        let events = u64::from(block.event_count);
        end = (end.0 + 1, end.1.saturating_add(events), block.hash());
        at = behind;
    };
    found.blocks = Some((first_block, end.0 - first_block));
    found.events = Some((first_sequence, end.1 - first_sequence));
    found.used = Some(at);
    let told = match last {
        End::Written(durable) if end.1 >= durable => Ok(()),
        End::Written(durable) => told.and_then(|()| {
            let events = end.1;
            Err(format!("byte {at}: ends after event {events}, though {durable} are durable"))
        }),
        End::Followed | End::Last => told,
    };
    told.map(|()| Ends { number: header.number, begin, end })
}

fn stamp_at<F: DiskFile>(file: &F, at: u64) -> Option<u64> {
    let mut unit = [0; UNIT];
    let read = file.read_at(&mut unit, at).ok()?;
    match format::unit(unit.get(..read)?) {
        Unit::Good { stamp, index: 0, .. } => Some(stamp),
        _ => None,
    }
}

/// Whether all units of a block are there.
fn is_whole<F: DiskFile>(file: &F, at: u64, units: usize, number: u64) -> io::Result<bool> {
    let mut unit = [0; UNIT];
    for index in 0..units {
        let read = file.read_at(&mut unit, at + (index * UNIT) as u64)?;
        match format::unit(unit.get(..read).unwrap_or_default()) {
            Unit::Good { stamp, index: own, .. }
                if stamp == number && usize::try_from(own) == Ok(index) => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Holds the segments against each other, and tells those that are missing.
pub(super) fn chain(files: &mut Vec<FileFound>, segments: &[Ends], last: Option<u64>) {
    let mut tell = |number: u64, what: String| {
        let name = format::segment_name(number);
        if let Some(file) = files.iter_mut().find(|file| file.name == name) {
            file.wrong.get_or_insert(what);
        }
    };
    for (one, next) in segments.iter().zip(segments.iter().skip(1)) {
        if one.number + 1 == next.number {
            match one.check(next) {
                Ok(Ok(())) => {}
                Ok(Err(what)) => tell(next.number, what),
                Err(what) => tell(one.number, what),
            }
        }
    }
    let mut there = files.iter().filter_map(|file| format::segment_number(&file.name));
    let mut missing = Vec::new();
    let mut expected = 1;
    while let Some(number) = there.next().filter(|number| Some(*number) <= last) {
        // A file that is named by a far number is not the last of as many.
        missing.extend((expected..number).take(MISSING_MAX).map(|number| FileFound {
            wrong: Some("is missing: restore it from a copy".to_owned()),
            ..FileFound::new(&format::segment_name(number))
        }));
        expected = number.saturating_add(1);
    }
    if !missing.is_empty() {
        files.append(&mut missing);
        files.sort_by_key(|file| (file.kind, file.name.clone()));
    }
}

/// Holds the last segment against what was made of the journal.
pub(super) fn reaches(files: &mut [FileFound], segments: &[Ends], last: Option<u64>) {
    let Some(ends) = segments.last().filter(|ends| Some(ends.number) == last) else { return };
    let is_made = |kind| matches!(kind, FileKind::Part | FileKind::Image | FileKind::Snapshot);
    let made = files.iter().filter(|file| is_made(file.kind) && file.wrong.is_none());
    let known =
        made.filter_map(|file| file.events).map(|(first, count)| first.saturating_add(count));
    let (events, known) = (ends.end.1, known.max().unwrap_or(0));
    let name = format::segment_name(ends.number);
    if let Some(file) = files.iter_mut().find(|file| file.name == name).filter(|_| events < known) {
        let what =
            format!("ends after event {events}, though {known} are known: restore it from a copy");
        file.wrong.get_or_insert(what);
    }
}

/// The head of the log, which stands at the beginning of the first segment; `None` where it cannot be read.
pub(super) fn genesis<D: Disk>(disk: &D) -> Option<Genesis> {
    let file = disk.open(&format::segment_name(1)).ok()?;
    let mut sector = vec![0; SECTOR];
    file.read_at(&mut sector, 0).ok()?;
    let header = SegmentHeader::from_bytes(&sector)?;
    let cipher = disk.seal().cipher(disk, header.key, Purpose::Segment).ok()?;
    let (mut stream, mut units, mut index) = (Vec::new(), 1, 0);
    let mut unit = [0; UNIT];
    while index < units {
        file.read_at(&mut unit, (SECTOR + index * UNIT) as u64).ok()?;
        let Unit::Good { stamp: 1, payload, .. } = format::unit(&unit) else { return None };
        stream.extend_from_slice(payload);
        units = BlockHeader::from_bytes(&stream)?.units(cipher.is_sealed());
        if units > FEW_UNITS {
            return None;
        }
        index += 1;
    }
    let block = BlockHeader::from_bytes(&stream)?;
    let len = cipher.stored_len(usize::try_from(block.events_len).ok()?);
    let events = stream.get_mut(HEADER_LEN..)?.get_mut(..len)?;
    let opened = cipher.open(block.number, 0, events)?;
    match event::decode(event::split(events.get(..opened)?).next()?).ok()?.1 {
        Body::Genesis(genesis) => Some(genesis),
        _ => None,
    }
}
