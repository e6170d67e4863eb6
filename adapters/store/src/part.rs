//! Parts of the history: beside the segments that hold the events, a file for each run of events with the places where
//! they stand and the index that the core has made of them.
//!
//! A part is disposable: one that is missing or damaged is made again from the journal. `docs/format.md` writes it down
//! byte by byte.

mod places;
mod reader;

use std::collections::VecDeque;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use thalium::audit::merkle::Hash;
use thalium::part::{Cut, PAGE_LEN};

use crate::cipher::{Cipher, Purpose, TAG};
use crate::disk::{Disk, DiskFile};
use crate::end::End;
use crate::error::StoreError;
use crate::files::{Files, Name};
use crate::format::{SECTOR, u32_at, u64_at};
use crate::scan::{self, io};
use crate::visit::BlockPlace;
use places::{FENCE_LEN, Fence, Places};
pub use reader::PartReader;

const MAGIC: [u8; 8] = *b"THPART1\0";
const TEMPORARY: &str = "part.tmp";
/// Bytes of a page's head: its sum, its number, and the stamp of its part.
const PAGE_HEAD: usize = SECTOR - PAGE_LEN;
// Sealed, a page has its tag in place of the head.
const _: () = assert!(PAGE_HEAD == TAG);
/// What stands behind the pages is sealed as the page of this number, and of the part's first event.
const TAIL: u32 = u32::MAX;
/// Where the sum stands in the header.
const SUM_AT: usize = 508;
/// The longest that the summary and the fences of a part can be.
const SUMMARY_MAX: u64 = 1 << 30;

pub(crate) fn name_of(number: u64) -> String {
    format!("part-{number:08}.idx")
}

pub(crate) fn number_of(name: &str) -> Option<u64> {
    let number = name.strip_prefix("part-")?.strip_suffix(".idx")?.parse().ok()?;
    (name_of(number) == name).then_some(number)
}

/// The first sector of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    number: u64,
    generation: u64,
    first: u64,
    count: u64,
    /// The hashes of the headers of the last block before the part, and of its own last block.
    before: Hash,
    last: Hash,
    /// Pages of the index, pages of places, bytes of the summary behind them.
    pages: u64,
    places: u64,
    summary: u64,
    /// How many places there are.
    place_count: u64,
    /// The hash of what stands behind the pages.
    summary_hash: Hash,
    /// The number of the key with which the pages and what stands behind them are sealed; zero where they are not.
    key: u32,
}

impl Header {
    fn to_bytes(self) -> [u8; SECTOR] {
        let mut bytes = [0; SECTOR];
        bytes[0..8].copy_from_slice(&MAGIC);
        let numbers = [self.number, self.generation, self.first, self.count];
        let lengths = [self.pages, self.places, self.summary, self.place_count];
        for (to, from) in bytes[8..72].chunks_exact_mut(8).zip(numbers.iter().chain(&lengths)) {
            to.copy_from_slice(&from.to_le_bytes());
        }
        bytes[72..104].copy_from_slice(&self.before);
        bytes[104..136].copy_from_slice(&self.last);
        bytes[136..168].copy_from_slice(&self.summary_hash);
        bytes[168..172].copy_from_slice(&self.key.to_le_bytes());
        let sum = crc32c::crc32c(&bytes[0..SUM_AT]);
        bytes[SUM_AT..SUM_AT + 4].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// What the pages of this part carry and those of no other: a part may be made anew under the same name.
    fn stamp(self) -> u64 {
        u64_at(&Sha256::digest(self.to_bytes()), 0).unwrap_or(0)
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let hash = |at: usize| bytes.get(at..).and_then(|bytes| bytes.first_chunk().copied());
        let header = Self {
            number: u64_at(bytes, 8)?,
            generation: u64_at(bytes, 16)?,
            first: u64_at(bytes, 24)?,
            count: u64_at(bytes, 32)?,
            pages: u64_at(bytes, 40)?,
            places: u64_at(bytes, 48)?,
            summary: u64_at(bytes, 56)?,
            place_count: u64_at(bytes, 64)?,
            before: hash(72)?,
            last: hash(104)?,
            summary_hash: hash(136)?,
            key: u32_at(bytes, 168)?,
        };
        (header.to_bytes().as_slice() == bytes).then_some(header)
    }
}

/// The parts of a directory.
#[derive(Clone, Debug)]
pub struct Archive<D: Disk> {
    disk: D,
    files: Arc<Files<D>>,
    /// The end of the last part: its number, the sequence after its last event, the hash of its last block's header.
    number: u64,
    end: u64,
    last: Hash,
}

/// A part that was opened.
#[derive(Debug)]
pub struct Sealed<D: Disk> {
    /// The summary of its index.
    pub summary: Vec<u8>,
    /// The part.
    pub part: PartReader<D>,
    /// The sequence after its last event.
    pub end: u64,
    /// The hash of the header of its last block.
    pub last: Hash,
}

/// What a part says of itself.
pub(crate) struct PartLook {
    pub(crate) generation: u64,
    pub(crate) first: u64,
    pub(crate) count: u64,
    /// The hashes of the headers of the last block before it, and of its own last block.
    pub(crate) before: Hash,
    pub(crate) last: Hash,
    pub(crate) key: u32,
    /// The version of its index; `None` where that is encrypted and there are no keys.
    pub(crate) version: Option<u16>,
}

impl<D: Disk> Archive<D> {
    /// The archive of a directory, before its first part.
    pub fn new(disk: D) -> Self {
        let files = Arc::new(Files::new(disk.clone()));
        Self { disk, files, number: 0, end: 0, last: [0; 32] }
    }

    /// The sequence after the last event of the parts.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Removes the parts that follow none of those that were opened: of an older version, damaged, or made after another
    /// one of their number. Only for a writer that has read the whole journal: until then they tell how long it was.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove_stale(&self) -> Result<(), StoreError> {
        for name in scan::names(&self.disk)? {
            if number_of(&name).is_some_and(|number| number > self.number) {
                self.disk.remove(&name).map_err(io(&self.disk, "remove", &name))?;
            }
        }
        Ok(())
    }

    /// Opens the next part; `None` where there is none that is whole and follows the one before it.
    pub fn open_next(&mut self) -> Option<Sealed<D>> {
        let opened = self.open_part();
        if opened.is_none() {
            // It is made anew under the same name.
            self.files.forget(Name::Part(self.number + 1));
        }
        opened
    }

    fn open_part(&mut self) -> Option<Sealed<D>> {
        let header = self.header_of(self.number + 1)?;
        if header.first != self.end || header.before != self.last {
            return None;
        }
        let (cipher, fences, summary) = self.tail_of(&header)?;
        let end = header.first.checked_add(header.count)?;
        (self.number, self.end, self.last) = (header.number, end, header.last);
        let part = PartReader::new(Arc::clone(&self.files), header, cipher, fences);
        Some(Sealed { summary, part, end, last: header.last })
    }

    /// What a part says of itself, if it is whole: its pages are not looked at, nor what it follows. What is behind its
    /// pages is neither, where it is encrypted and there are no keys.
    pub(crate) fn look(&self, number: u64) -> Option<PartLook> {
        let header = self.header_of(number)?;
        let is_closed = header.key > 0 && self.disk.seal().current() == 0;
        let version = if is_closed {
            None
        } else {
            let (_, _, summary) = self.tail_of(&header)?;
            Some(u16::from_le_bytes(*summary.first_chunk()?))
        };
        let Header { generation, first, count, before, last, key, .. } = header;
        first.checked_add(count)?;
        Some(PartLook { generation, first, count, before, last, key, version })
    }

    fn header_of(&self, number: u64) -> Option<Header> {
        let mut sector = [0; SECTOR];
        self.read(Name::Part(number), &mut sector, 0)?;
        let header = Header::from_bytes(&sector)?;
        let is_it = header.number == number && header.count > 0 && header.summary <= SUMMARY_MAX;
        is_it.then_some(header)
    }

    /// What stands behind the pages of a part, and what opens the pages.
    fn tail_of(&self, header: &Header) -> Option<(Arc<Cipher>, Vec<Fence>, Vec<u8>)> {
        let name = Name::Part(header.number);
        let pages = header.pages.checked_add(header.places)?;
        let mut tail = vec![0; usize::try_from(header.summary).ok()?];
        self.read(name, &mut tail, pages.checked_add(1)?.checked_mul(SECTOR as u64)?)?;
        if <Hash>::from(Sha256::digest(&tail)) != header.summary_hash {
            return None;
        }
        let cipher = self.cipher(header.key).ok()?;
        let opened = cipher.open_one(header.first, TAIL, &mut tail)?;
        tail.truncate(opened);
        let fences = usize::try_from(header.places).ok()?.checked_mul(FENCE_LEN)?;
        let summary = tail.split_off(fences.min(tail.len()));
        let fences = tail.chunks_exact(FENCE_LEN).filter_map(Fence::from_bytes).collect();
        Some((cipher, fences, summary))
    }

    /// What seals and opens a part.
    fn cipher(&self, key: u32) -> Result<Arc<Cipher>, StoreError> {
        self.disk.seal().cipher(&self.disk, key, Purpose::Part)
    }

    fn read(&self, name: Name, to: &mut [u8], at: u64) -> Option<()> {
        let read = self.files.read_at(name, to, at).ok()?;
        (read == to.len()).then_some(())
    }

    /// Writes the next part: the events that were cut, which stand in `blocks` and end where the journal ended with
    /// `end`. It is there whole when this returns; [`Archive::open_next`] opens it.
    ///
    /// # Errors
    /// Blocks that are not those of the cut; the disk's.
    pub fn write(
        &self,
        cut: &Cut,
        blocks: &VecDeque<BlockPlace>,
        end: &End,
    ) -> Result<(), StoreError> {
        let places = Places::of(cut, blocks).filter(|_| cut.first() == self.end);
        let places = places.ok_or(StoreError::OutOfOrder {
            got: blocks.front().map_or(cut.first(), |block| block.first),
            expected: self.end,
        })?;
        let index = cut.index();
        let number = self.number + 1;
        let (place_pages, fences) = places.pages();
        let mut tail: Vec<u8> = fences.iter().flat_map(|fence| fence.to_bytes()).collect();
        tail.extend_from_slice(&index.summary);
        let key = self.disk.seal().current();
        let cipher = self.cipher(key)?;
        let mut stored = Vec::with_capacity(tail.len() + TAG);
        cipher.push(&mut stored, cut.first(), TAIL, &tail);
        let header = Header {
            number,
            generation: end.generation,
            first: cut.first(),
            count: cut.count(),
            before: self.last,
            last: end.previous,
            pages: (index.pages.len() / PAGE_LEN) as u64,
            places: (place_pages.len() / PAGE_LEN) as u64,
            summary: stored.len() as u64,
            place_count: places.len() as u64,
            summary_hash: Sha256::digest(&stored).into(),
            key,
        };
        self.write_file(header, &cipher, &[&index.pages, &place_pages], &stored).map_err(io(
            &self.disk,
            "write",
            &name_of(number),
        ))?;
        // What was open under this name is another file.
        self.files.forget(Name::Part(number));
        Ok(())
    }

    fn write_file(
        &self,
        header: Header,
        cipher: &Cipher,
        pages: &[&[u8]],
        tail: &[u8],
    ) -> std::io::Result<()> {
        const PIECE: usize = 1 << 20;
        let file = self.disk.create(TEMPORARY)?;
        file.write_at(&header.to_bytes(), 0)?;
        let (mut piece, mut at) = (Vec::with_capacity(PIECE), SECTOR as u64);
        let stamp = header.stamp();
        let pages = pages.iter().flat_map(|pages| pages.as_chunks::<PAGE_LEN>().0);
        for (number, page) in (0_u32..).zip(pages) {
            push_page(&mut piece, cipher, stamp, number, page);
            if piece.len() >= PIECE {
                file.write_at(&piece, at)?;
                at += piece.len() as u64;
                piece.clear();
            }
        }
        piece.extend_from_slice(tail);
        file.write_at(&piece, at)?;
        file.sync()?;
        self.disk.rename(TEMPORARY, &name_of(header.number))?;
        self.disk.sync_names()
    }
}

/// Writes a page with its head, or sealed.
fn push_page(to: &mut Vec<u8>, cipher: &Cipher, stamp: u64, number: u32, page: &[u8; PAGE_LEN]) {
    if cipher.is_sealed() {
        cipher.push(to, stamp, number, page);
        return;
    }
    let at = to.len();
    to.extend_from_slice(&[0; 4]);
    to.extend_from_slice(&number.to_le_bytes());
    to.extend_from_slice(&stamp.to_le_bytes());
    to.extend_from_slice(page);
    if let Some((sum, rest)) = to.get_mut(at..).and_then(|page| page.split_first_chunk_mut::<4>()) {
        *sum = crc32c::crc32c(rest).to_le_bytes();
    }
}

/// What a page holds, if it is whole and the one that is meant.
fn page_of<'a>(
    sector: &'a mut [u8; SECTOR],
    cipher: &Cipher,
    stamp: u64,
    number: u32,
) -> Option<&'a [u8; PAGE_LEN]> {
    if cipher.is_sealed() {
        cipher.open_one(stamp, number, sector)?;
        return sector.first_chunk();
    }
    let (sum, rest) = sector.split_first_chunk::<4>()?;
    let is_it = crc32c::crc32c(rest).to_le_bytes() == *sum
        && u32_at(sector, 4)? == number
        && u64_at(sector, 8)? == stamp;
    if is_it { sector.get(PAGE_HEAD..)?.first_chunk() } else { None }
}
