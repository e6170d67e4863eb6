//! Reading a part: pages of its index, and events where they stand in the journal.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use thalium::event;
use thalium::part::{PAGE_LEN, Part, Unreadable};

use super::places::{PER_PAGE, PLACE_LEN, Place};
use super::{Header, name_of, page_of};
use crate::disk::Disk;
use crate::files::Files;
use crate::format::{self, HEADER_LEN, PAYLOAD, SECTOR, UNIT, Unit};

/// Pages that a part keeps at hand: a walk through a history asks for the same ones again.
const PAGES_KEPT: usize = 4;
/// Bytes that are read for one event and those behind it.
const READ_MIN: usize = 4 * UNIT;

/// A part of the history that stands in files.
pub struct PartReader<D: Disk> {
    files: Arc<Files<D>>,
    header: Header,
    stamp: u64,
    name: String,
    /// The first ordinal of each page of places.
    fences: Vec<u32>,
    /// The pages asked for last, the newest at the end.
    pages: Mutex<Vec<Kept>>,
}

type Kept = (u32, Arc<[u8; PAGE_LEN]>);

impl<D: Disk> fmt::Debug for PartReader<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} events from {}", self.name, self.header.count, self.header.first)
    }
}

impl<D: Disk> PartReader<D> {
    pub(super) fn new(files: Arc<Files<D>>, header: Header, fences: Vec<u32>) -> Self {
        let (name, stamp) = (name_of(header.number), header.stamp());
        Self { files, header, stamp, name, fences, pages: Mutex::new(Vec::new()) }
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
        let read = self.files.read_at(&self.name, &mut sector, at);
        read.map_err(|error| self.damaged(format!("byte {at} cannot be read: {error}")))?;
        let page = page_of(&sector, self.stamp, number)
            .ok_or_else(|| self.damaged(format!("byte {at}: the checksum does not fit")))?;
        Ok(Arc::new(*page))
    }

    /// The last place before an event or at it.
    fn place(&self, ordinal: u32) -> Result<Place, Unreadable> {
        let missing = || self.damaged(format!("there is no place for event {ordinal} of it"));
        let before = self.fences.partition_point(|fence| *fence <= ordinal);
        let page = before.checked_sub(1).ok_or_else(missing)?;
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

    /// So many bytes of the events of a block, from an offset on, or as many as there are; and what is wrong with what
    /// follows, which need not belong to the block: it may be being written.
    fn payload(
        &self,
        place: Place,
        from: usize,
        len: usize,
    ) -> Result<(Vec<u8>, Option<Unreadable>), Unreadable> {
        let name = format::segment_name(u64::from(place.segment));
        let start = HEADER_LEN + from;
        let (first, last) = (start / PAYLOAD, (start + len).div_ceil(PAYLOAD));
        let mut units = vec![0; (last - first) * UNIT];
        let at = u64::from(place.sector) * SECTOR as u64 + (first * UNIT) as u64;
        let read = self
            .files
            .read_at(&name, &mut units, at)
            .map_err(|error| Unreadable(format!("`{name}`, byte {at} cannot be read: {error}")))?;
        let mut bytes = Vec::with_capacity((last - first) * PAYLOAD);
        let (mut stamp_of_block, mut wrong) = (None, None);
        for (index, chunk) in (first..).zip(units.get(..read).unwrap_or_default().chunks(UNIT)) {
            match format::unit(chunk) {
                Unit::Good { stamp, index: own, payload }
                    if usize::try_from(own) == Ok(index)
                        && *stamp_of_block.get_or_insert(stamp) == stamp =>
                {
                    bytes.extend_from_slice(payload);
                }
                // The block's end.
                Unit::Good { .. } | Unit::Blank => break,
                Unit::Bad => {
                    let at = at + ((index - first) * UNIT) as u64;
                    wrong = Some(Unreadable(format!(
                        "`{name}`, byte {at}: the checksum does not fit; restore the file from a copy"
                    )));
                    break;
                }
            }
        }
        Ok((bytes.split_off((start - first * PAYLOAD).min(bytes.len())), wrong))
    }
}

impl<D: Disk> Part for PartReader<D> {
    fn events(&self, sequence: u64, bytes: usize) -> Result<Arc<[u8]>, Unreadable> {
        let missing = || self.damaged(format!("event {sequence} does not stand where it says"));
        let ordinal = sequence.checked_sub(self.header.first);
        let ordinal = ordinal.and_then(|nth| u32::try_from(nth).ok()).ok_or_else(missing)?;
        let place = self.place(ordinal)?;
        let skipped = ordinal - place.ordinal;
        let mut want = bytes.max(READ_MIN);
        loop {
            let from = usize::try_from(place.offset).map_err(|_| missing())?;
            let (read, wrong) = self.payload(place, from, want)?;
            let wanted = event::split(&read).skip(usize::try_from(skipped).map_err(|_| missing())?);
            let (mut start, mut len) = (0, 0);
            for event in wanted {
                if len == 0 {
                    start = event.as_ptr().addr() - read.as_ptr().addr();
                }
                len += event.len();
            }
            if len > 0 {
                return read.get(start..start + len).map(Into::into).ok_or_else(missing);
            }
            if let Some(wrong) = wrong {
                return Err(wrong);
            }
            // A place is followed by events of 16 KiB at most: more is read once, or the event is not there.
            if want > event::EVENT_MAX * 20 {
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
