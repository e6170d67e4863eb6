//! Whether a copy is gone on with: its journal must have what it has, to the last block.

use std::io::ErrorKind;

use super::generation_of;
use crate::disk::{Disk, DiskFile};
use crate::end::End;
use crate::error::StoreError;
use crate::format::{self, SECTOR, SegmentHeader, UNIT, Unit};
use crate::reader::Reader;
use crate::scan::{self, io};
use crate::versions;

/// A reader of the journal from where its copy ends.
pub(super) fn resume<D: Disk, T: Disk>(
    source: D,
    target: &T,
    end: End,
) -> Result<Reader<D>, StoreError> {
    let name = format::segment_name(end.segment);
    let (journal, copy) = (Segment::of(&source, &name, &end)?, Segment::of(target, &name, &end)?);
    let place = target.place();
    if let Some(header) = &journal.header
        && SegmentHeader::from_bytes(header).is_none()
    {
        versions::check_segment(&name, header)?;
        return Err(scan::damaged(&name, 0, end.next_block, "the segment's header is unreadable"));
    }
    // Both must have begun the segment with the same header: it holds the hash of all that went before.
    if journal.header != copy.header {
        let (own, generation) = (generation_of(&source)?, end.generation);
        return Err(if generation > own {
            StoreError::NewerCopy { place, generation, own }
        } else {
            StoreError::NotItsBackup { place }
        });
    }
    if !copy.ends_there {
        let what = "it has not the block with which its file `backup` says that it ends; begin the copy anew in an \
                    empty directory";
        return Err(scan::damaged(&name, end.offset, end.next_block, what));
    }
    if !journal.ends_there {
        return Err(StoreError::CopyAhead { place, events: end.tree().size() });
    }
    Reader::resume(source, end)
}

/// What there is of the segment in which a copy ends.
#[derive(Default)]
struct Segment {
    /// Its first sector; `None` where there is no such file.
    header: Option<Vec<u8>>,
    /// Whether the block that ends there is the one whose hash the end has.
    ends_there: bool,
}

impl Segment {
    fn of<D: Disk>(disk: &D, name: &str, end: &End) -> Result<Self, StoreError> {
        let file = match disk.open(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            opened => opened.map_err(io(disk, "open", name))?,
        };
        let mut header = vec![0; SECTOR];
        let read = file.read_at(&mut header, 0).map_err(io(disk, "read", name))?;
        header.truncate(read);
        let ends_there = ends_there(&file, end).map_err(io(disk, "read", name))?;
        Ok(Self { header: Some(header), ends_there })
    }
}

fn ends_there<F: DiskFile>(file: &F, end: &End) -> std::io::Result<bool> {
    let first = SECTOR as u64;
    if end.offset <= first {
        // A segment without a block begins where the one before it ended.
        let mut sector = [0; SECTOR];
        file.read_at(&mut sector, 0)?;
        return Ok(SegmentHeader::from_bytes(&sector).is_some_and(|header| {
            let begins = (header.first_block, header.first_sequence, header.previous);
            begins == (end.next_block, end.tree.size(), end.previous)
        }));
    }
    // A block fills whole sectors: the first unit of its last one says how many stand before it.
    let (mut unit, at) = ([0; UNIT], end.offset - first);
    let read = file.read_at(&mut unit, at)?;
    let last_block = match format::unit(unit.get(..read).unwrap_or_default()) {
        Unit::Good { stamp, index, .. } if stamp.checked_add(1) == Some(end.next_block) => {
            at.checked_sub(u64::from(index) * UNIT as u64)
        }
        _ => None,
    };
    let last_block = last_block.filter(|at| *at >= first);
    let header = last_block.and_then(|last_block| scan::header_at(file, last_block));
    Ok(header.is_some_and(|header| {
        let ends = (header.hash(), header.generation, header.tree_size, header.root);
        ends == (end.previous, end.generation, end.tree.size(), end.tree.root())
    }))
}
