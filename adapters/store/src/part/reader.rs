//! Reading a part: pages of its index, and events where they stand in the journal.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use thalium::event;
use thalium::part::{PAGE_LEN, Part, Unreadable};

use super::places::{Fence, PER_PAGE, PLACE_LEN, Place, STRIDE};
use super::{Header, page_of};
use crate::cipher::{Cipher, PIECE, TAG};
use crate::disk::Disk;
use crate::files::{Files, Name};
use crate::format::{self, BlockHeader, HEADER_LEN, PAYLOAD, SECTOR, UNIT, Unit};

/// Pages that a part keeps at hand: a walk through a history asks for the same ones again.
const PAGES_KEPT: usize = 4;
/// Bytes that most events have at most: what is read for one and those before it from its place on.
const EVENT_BYTES: usize = 176;
/// Bytes after which an event from a place on is found, or is not there.
const READ_MAX: usize = event::EVENT_MAX * 16;
const _: () = assert!(STRIDE < 16);

/// A part of the history that stands in files.
pub struct PartReader<D: Disk> {
    files: Arc<Files<D>>,
    header: Header,
    cipher: Arc<Cipher>,
    stamp: u64,
    name: Name,
    fences: Vec<Fence>,
    /// The pages asked for last, the newest at the end.
    pages: Mutex<Vec<Kept>>,
    /// What was read last for one event: whoever finds an id by its event reads that event next.
    last: Mutex<(u64, Arc<[u8]>)>,
}

type Kept = (u32, Arc<[u8; PAGE_LEN]>);

impl<D: Disk> fmt::Debug for PartReader<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} events from {}", self.name, self.header.count, self.header.first)
    }
}

impl<D: Disk> PartReader<D> {
    pub(super) fn new(
        files: Arc<Files<D>>,
        header: Header,
        cipher: Arc<Cipher>,
        fences: Vec<Fence>,
    ) -> Self {
        let (name, stamp) = (Name::Part(header.number), header.stamp());
        Self {
            files,
            header,
            cipher,
            stamp,
            name,
            fences,
            pages: Mutex::new(Vec::new()),
            last: Mutex::default(),
        }
    }

    /// The name of its file.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.to_string()
    }

    fn damaged(&self, what: impl fmt::Display) -> Unreadable {
        Unreadable(format!(
            "`{}`: {what}; remove the file and open again, it is made anew from the journal",
            self.name
        ))
    }

    fn kept_page(&self, number: u32) -> Result<Arc<[u8; PAGE_LEN]>, Unreadable> {
        let mut kept = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.iter().rposition(|(own, _)| *own == number) {
            if let Some(used) = kept.get_mut(at..) {
                used.rotate_left(1);
            }
        } else {
            let page = self.read_page(number)?;
            if kept.len() >= PAGES_KEPT {
                kept.remove(0);
            }
            kept.push((number, page));
        }
        let (_, page) = kept.last().ok_or_else(|| self.damaged("no page was kept"))?;
        Ok(Arc::clone(page))
    }

    fn read_page(&self, number: u32) -> Result<Arc<[u8; PAGE_LEN]>, Unreadable> {
        let mut sector = [0; SECTOR];
        let at = (u64::from(number) + 1) * SECTOR as u64;
        let read = self.files.read_at(self.name, &mut sector, at);
        read.map_err(|error| self.damaged(format!("byte {at} cannot be read: {error}")))?;
        let page = page_of(&mut sector, &self.cipher, self.stamp, number)
            .ok_or_else(|| self.damaged(format!("byte {at}: the checksum does not fit")))?;
        Ok(Arc::new(*page))
    }

    /// The last place before an event or at it.
    fn place(&self, ordinal: u32) -> Result<Place, Unreadable> {
        let missing = || self.damaged(format!("there is no place for event {ordinal} of it"));
        let before = self.fences.partition_point(|fence| fence.first.ordinal <= ordinal);
        let page = before.checked_sub(1).ok_or_else(missing)?;
        if let Some(place) = self.fences.get(page).and_then(|fence| fence.place(ordinal)) {
            return Ok(place);
        }
        let left = usize::try_from(self.header.place_count).unwrap_or(usize::MAX);
        let count = left.saturating_sub(page * PER_PAGE).min(PER_PAGE);
        let number = self.header.pages + page as u64;
        let bytes = self.kept_page(u32::try_from(number).map_err(|_| missing())?)?;
        let (places, _) = bytes.as_chunks::<PLACE_LEN>();
        let places = places.get(..count).ok_or_else(missing)?;
        let ordinal_of = |bytes: &[u8; PLACE_LEN]| Place::from_bytes(bytes).map(|at| at.ordinal);
        let behind = places.partition_point(|bytes| ordinal_of(bytes) <= Some(ordinal));
        let place = behind.checked_sub(1).and_then(|at| places.get(at));
        place.and_then(|bytes| Place::from_bytes(bytes)).ok_or_else(missing)
    }

    /// So many bytes of the events of a block, from a place on, or as many as there are; and what is wrong with what
    /// follows, which need not belong to the block: it may be being written.
    fn payload(&self, place: Place, len: usize) -> Result<Payload, Unreadable> {
        let segment = u64::from(place.segment);
        let cipher = self.files.cipher(segment).map_err(|error| Unreadable(error.to_string()))?;
        let offset = usize::try_from(place.offset).unwrap_or(usize::MAX / 2);
        if !cipher.is_sealed() {
            let start = HEADER_LEN + offset;
            return self.stream(place, start, start + len);
        }
        // Pieces are opened whole, and the last one is as long as the block's events leave it.
        let header = self.stream(place, 0, HEADER_LEN)?;
        let header = BlockHeader::from_bytes(header.bytes.get(..HEADER_LEN).unwrap_or_default());
        let header = header.ok_or_else(|| self.damaged("a place where no block begins"))?;
        let sealed_len = cipher.stored_len(usize::try_from(header.events_len).unwrap_or(0));
        let (first, last) = (offset / PIECE, (offset + len).div_ceil(PIECE));
        let start = HEADER_LEN + first * (PIECE + TAG);
        let end = HEADER_LEN + sealed_len.min(last * (PIECE + TAG));
        let Payload { mut bytes, start, wrong } = self.stream(place, start, end.max(start))?;
        let index = u32::try_from(first).unwrap_or(u32::MAX);
        let want = end.saturating_sub(HEADER_LEN + first * (PIECE + TAG));
        let pieces = bytes.get_mut(start..).filter(|own| own.len() >= want);
        let pieces = pieces.and_then(|own| own.get_mut(..want));
        let opened = pieces.and_then(|own| cipher.open(header.number, index, own));
        match (opened, wrong) {
            (Some(opened), wrong) => {
                bytes.truncate(start + opened);
                Ok(Payload { bytes, start: start + offset - first * PIECE, wrong })
            }
            (None, Some(wrong)) => Err(wrong),
            (None, None) => {
                let (name, at) = (Name::Segment(segment), u64::from(place.sector) * SECTOR as u64);
                Err(Unreadable(format!(
                    "`{name}`, block at byte {at}: it was not encrypted with the key of its segment; restore the file \
                     from a copy"
                )))
            }
        }
    }

    /// The bytes of a block from one to another of its header and events, as far as they are there, in whole units.
    fn stream(&self, place: Place, start: usize, end: usize) -> Result<Payload, Unreadable> {
        let name = Name::Segment(u64::from(place.segment));
        let (first, last) = (start / PAYLOAD, end.div_ceil(PAYLOAD));
        let mut bytes = vec![0; (last - first) * UNIT];
        let at = u64::from(place.sector) * SECTOR as u64 + (first * UNIT) as u64;
        let read = self
            .files
            .read_at(name, &mut bytes, at)
            .map_err(|error| Unreadable(format!("`{name}`, byte {at} cannot be read: {error}")))?;
        let (mut filled, mut stamp_of_block, mut wrong) = (0, None, None);
        for (nth, index) in (0..read / UNIT).zip(first..) {
            let unit = nth * UNIT..(nth + 1) * UNIT;
            match format::unit(bytes.get(unit.clone()).unwrap_or_default()) {
                Unit::Good { stamp, index: own, .. }
                    if usize::try_from(own) == Ok(index)
                        && *stamp_of_block.get_or_insert(stamp) == stamp =>
                {
                    // The payloads move together, over the heads of their units.
                    bytes.copy_within(unit.end - PAYLOAD..unit.end, filled);
                    filled += PAYLOAD;
                }
                // The block's end.
                Unit::Good { .. } | Unit::Blank => break,
                Unit::Bad => {
                    let at = at + unit.start as u64;
                    wrong = Some(Unreadable(format!(
                        "`{name}`, byte {at}: the checksum does not fit; restore the file from a copy"
                    )));
                    break;
                }
            }
        }
        bytes.truncate(filled);
        Ok(Payload { bytes, start: start - first * PAYLOAD, wrong })
    }
}

/// What was read of a block.
struct Payload {
    bytes: Vec<u8>,
    /// Where in it the place is.
    start: usize,
    wrong: Option<Unreadable>,
}

impl<D: Disk> Part for PartReader<D> {
    fn events(&self, sequence: u64, bytes: usize) -> Result<Arc<[u8]>, Unreadable> {
        let missing = || self.damaged(format!("event {sequence} does not stand where it says"));
        let ordinal = sequence.checked_sub(self.header.first);
        let ordinal = ordinal.and_then(|nth| u32::try_from(nth).ok()).ok_or_else(missing)?;
        if bytes <= EVENT_BYTES {
            let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.0 == sequence && !last.1.is_empty() {
                return Ok(Arc::clone(&last.1));
            }
        }
        let place = self.place(ordinal)?;
        let skipped =
            ordinal.checked_sub(place.ordinal).filter(|skipped| u64::from(*skipped) < STRIDE);
        let skipped = usize::try_from(skipped.ok_or_else(missing)?).map_err(|_| missing())?;
        let mut want = bytes.max((skipped + 1) * EVENT_BYTES);
        loop {
            let Payload { bytes, start, wrong } = self.payload(place, want)?;
            let mut range = start..start;
            for (nth, event) in event::split(bytes.get(start..).unwrap_or_default()).enumerate() {
                range.end += event.len();
                if nth < skipped {
                    range.start = range.end;
                }
            }
            if !range.is_empty() {
                let read: Arc<[u8]> = bytes.get(range).ok_or_else(missing)?.into();
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
                    (sequence, Arc::clone(&read));
                return Ok(read);
            }
            if let Some(wrong) = wrong {
                return Err(wrong);
            }
            if want > READ_MAX {
                return Err(missing());
            }
            want *= 8;
        }
    }

    fn page(&self, number: u32) -> Result<Arc<[u8; PAGE_LEN]>, Unreadable> {
        if u64::from(number) >= self.header.pages {
            return Err(self.damaged(format!("there is no page {number}")));
        }
        self.kept_page(number)
    }
}
