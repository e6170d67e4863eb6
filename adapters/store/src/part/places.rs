//! Where the events of a part stand in the journal: a place for the first event of each block and for every few more.

use std::collections::VecDeque;

use thalium::part::{Cut, PAGE_LEN};

use crate::format::{SECTOR, u32_at};
use crate::visit::BlockPlace;

/// Events of a block from one place to the next.
pub(super) const STRIDE: u64 = 8;
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

/// What is kept in memory of a page of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fence {
    /// Its first place.
    pub(super) first: Place,
    /// The length of all its events where they are of one block and equally long, as plain transfers are; else zero.
    pub(super) stride: u32,
}

pub(super) const FENCE_LEN: usize = PLACE_LEN + 4;

impl Fence {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        [self.first.to_bytes().as_slice(), &self.stride.to_le_bytes()].concat()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self { first: Place::from_bytes(bytes)?, stride: u32_at(bytes, PLACE_LEN)? })
    }

    /// The place of an event of its page, where that follows from the first.
    pub(super) fn place(self, ordinal: u32) -> Option<Place> {
        let after = ordinal.checked_sub(self.first.ordinal).filter(|_| self.stride > 0)?;
        let offset = self.first.offset.checked_add(after.checked_mul(self.stride)?)?;
        Some(Place { ordinal, offset, ..self.first })
    }
}

/// The places of a part, in order.
#[derive(Default)]
pub(super) struct Places {
    places: Vec<Place>,
    fences: Vec<Fence>,
}

impl Places {
    /// The places of events that were cut, which fill `blocks` from the first to the last; `None` where they do not.
    pub(super) fn of(cut: &Cut, blocks: &VecDeque<BlockPlace>) -> Option<Self> {
        let mut places = Self::default();
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
                let len = u32::try_from(events.next()?.len()).ok()?;
                places.push(Place { ordinal, segment, sector, offset }, len, nth);
                offset = offset.checked_add(len)?;
                ordinal = ordinal.checked_add(1)?;
            }
        }
        (next == cut.end() && events.next().is_none()).then_some(places)
    }

    /// Takes in the next event, which is so long and the `nth` of its block.
    fn push(&mut self, place: Place, len: u32, nth: u64) {
        if nth.is_multiple_of(STRIDE) {
            if self.places.len().is_multiple_of(PER_PAGE) {
                self.fences.push(Fence { first: place, stride: len });
            }
            self.places.push(place);
        }
        if let Some(fence) = self.fences.last_mut()
            && ((fence.first.segment, fence.first.sector) != (place.segment, place.sector)
                || len != fence.stride)
        {
            fence.stride = 0;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The pages that they fill, and their fences.
    pub(super) fn pages(&self) -> (Vec<u8>, &[Fence]) {
        let mut pages = Vec::new();
        for chunk in self.places.chunks(PER_PAGE) {
            chunk.iter().for_each(|place| pages.extend_from_slice(&place.to_bytes()));
            pages.resize(pages.len().next_multiple_of(PAGE_LEN), 0);
        }
        (pages, &self.fences)
    }
}
