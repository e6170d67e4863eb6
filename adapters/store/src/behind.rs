//! How far a copy is behind its journal, without reading what is between them.

use crate::backup;
use crate::disk::{Disk, DiskFile};
use crate::end::End;
use crate::error::StoreError;
use crate::format::{self, BlockHeader, SECTOR, SegmentHeader, UNIT, Unit};
use crate::mark;
use crate::scan::{self, io};

/// How far a copy is behind its journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Events that are durable in the journal and not in the copy.
    pub events: u64,
    /// Bytes of the blocks that hold them; what a full segment leaves unused at its end may be among them.
    pub bytes: u64,
}

/// How far a copy that ends there is behind its journal, beside the writer. Reads the heads of blocks in the journal's last
/// segment, and no events.
pub(crate) fn behind<D: Disk>(source: &D, copied: &End) -> Result<Behind, StoreError> {
    let durable = mark::durable(source)?.unwrap_or(u64::MAX);
    let segments = scan::segments(source)?;
    let last = segments.last().copied().unwrap_or(0);
    let mut found = Behind::default();
    for number in segments.into_iter().filter(|number| *number >= copied.segment) {
        let name = format::segment_name(number);
        let file = source.open(&name).map_err(io(source, "open", &name))?;
        let from = Some(copied).filter(|end| end.segment == number);
        let begin = from.map_or(SECTOR as u64, |end| end.offset);
        if number < last {
            let len = file.len().map_err(io(source, "measure", &name))?;
            found.bytes += len.saturating_sub(begin);
            continue;
        }
        let header = SegmentHeader::from_bytes(&backup::first_sector(source, &name)?);
        let header = header
            .ok_or_else(|| scan::damaged(&name, 0, 0, "the segment's header is unreadable"))?;
        let block = from.map_or(header.first_block, |end| end.next_block);
        let (end, size) =
            hop(&file, header.key > 0, begin, block, durable).map_err(io(source, "read", &name))?;
        let size = size.unwrap_or(header.first_sequence);
        found.bytes += end - begin;
        found.events = size.saturating_sub(copied.tree().size());
    }
    Ok(found)
}

/// Goes from block to block as long as they are durable: where the last one ends, and how many events there are then;
/// `None` where there is no such block.
fn hop<F: DiskFile>(
    file: &F,
    is_sealed: bool,
    begin: u64,
    first: u64,
    durable: u64,
) -> std::io::Result<(u64, Option<u64>)> {
    let (mut at, mut size, mut number) = (begin, None, first);
    let mut unit = [0; UNIT];
    loop {
        let read = file.read_at(&mut unit, at)?;
        let block = match format::unit(unit.get(..read).unwrap_or_default()) {
            Unit::Good { stamp, index: 0, payload } if stamp == number => {
                BlockHeader::from_bytes(payload)
            }
            _ => None,
        };
        let Some(block) = block.filter(|block| block.tree_size <= durable) else {
            return Ok((at, size));
        };
        (number, size) = (number + 1, Some(block.tree_size));
        at += format::padded(block.units(is_sealed)) as u64;
    }
}
