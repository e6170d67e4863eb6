//! Where the events of a part stand in the journal: a place for the first event of each block and for every few more.

use std::collections::VecDeque;

use thalium::part::{Cut, PAGE_LEN};

use crate::format::{SECTOR, u32_at};
use crate::visit::BlockPlace;

/// Events of a block from one place to the next.
pub(super) const STRIDE: u64 = 16;
pub(super) const PLACE_LEN: usize = 16;
/// How many fill a page.
pub(super) const PER_PAGE: usize = PAGE_LEN / PLACE_LEN;

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its number in the part.
    pub(super) ordinal: u32,
    pub(super) segment: u32,
    /// Where its block begins, in sectors of the segment.
    pub(super) sector: u32,
    /// Where it begins in the events of its block.
    pub(super) offset: u32,
}

impl Place {
    fn to_bytes(self) -> [u8; PLACE_LEN] {
        let mut bytes = [0; PLACE_LEN];
        let words = [self.ordinal, self.segment, self.sector, self.offset];
        for (to, word) in bytes.chunks_exact_mut(4).zip(words) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self {
            ordinal: u32_at(bytes, 0)?,
            segment: u32_at(bytes, 4)?,
            sector: u32_at(bytes, 8)?,
            offset: u32_at(bytes, 12)?,
        })
    }
}

/// The places of a part, in order.
pub(super) struct Places(Vec<Place>);

impl Places {
    /// The places of events that were cut, which fill `blocks` from the first to the last; `None` where they do not.
    pub(super) fn of(cut: &Cut, blocks: &VecDeque<BlockPlace>) -> Option<Self> {
        let mut places = Vec::new();
        let mut events = cut.events();
        let mut ordinal = 0_u32;
        let mut next = cut.first();
        for block in blocks {
            if block.first != next {
                return None;
            }
            next += block.count;
            let segment = u32::try_from(block.segment).ok()?;
            let sector = u32::try_from(block.offset / SECTOR as u64).ok()?;
            let mut offset = 0;
            for nth in 0..block.count {
                if nth.is_multiple_of(STRIDE) {
                    places.push(Place { ordinal, segment, sector, offset });
                }
                offset = offset.checked_add(u32::try_from(events.next()?.len()).ok()?)?;
                ordinal = ordinal.checked_add(1)?;
            }
        }
        (next == cut.end() && events.next().is_none()).then_some(Self(places))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The pages that they fill, and the first ordinal of each.
    pub(super) fn pages(&self) -> (Vec<u8>, Vec<u32>) {
        let (mut pages, mut fences) = (Vec::new(), Vec::new());
        for chunk in self.0.chunks(PER_PAGE) {
            fences.extend(chunk.first().map(|place| place.ordinal));
            chunk.iter().for_each(|place| pages.extend_from_slice(&place.to_bytes()));
            pages.resize(pages.len().next_multiple_of(PAGE_LEN), 0);
        }
        (pages, fences)
    }
}
