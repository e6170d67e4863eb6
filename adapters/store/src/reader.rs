//! Reading a journal beside its writer: no lock is taken, nothing is written, the writer is never delayed.

use std::io::ErrorKind;

use thalium::audit::merkle::MerkleTree;

use crate::disk::{Disk, DiskFile};
use crate::end::End;
use crate::error::StoreError;
use crate::format::{self, BlockHeader, SECTOR, UNIT, Unit};
use crate::mark;
use crate::scan::{self, Found, Recovery, Scan, damaged, io};
use crate::snapshot::Snapshot;
use crate::versions;
use crate::visit::{Events, Visit};

/// Follows a journal that another process may be writing.
///
/// What it hands on is durable: while a writer lives, the blocks that the writer has marked as synced; without one, all
/// that are whole. Memory is bounded by the largest block.
#[derive(Debug)]
pub struct Reader<D: Disk> {
    disk: D,
    scan: Scan,
    file: Option<D::File>,
    name: String,
    bytes: Vec<u8>,
}

/// What comes next in a segment.
enum Next {
    /// A block, which was handed on.
    Block,
    /// A block that is not whole, or not to be seen yet.
    Hidden,
    /// Nothing.
    None,
}

/// Keeps a directory to one writer while it lives.
pub struct WriterLock<D: Disk>(pub(crate) D::Lock);

impl<D: Disk> Reader<D> {
    /// A reader at the journal's beginning. With `trusting` a snapshot spares hashing what it covers.
    ///
    /// # Errors
    /// A directory without a journal; the disk's.
    pub fn open(disk: D, trusting: bool) -> Result<Self, StoreError> {
        scan::segments(&disk)?;
        versions::check(&disk)?;
        let snapshot = if trusting { Snapshot::read(&disk) } else { None };
        let scan = Scan::new(snapshot.as_ref());
        Ok(Self { disk, scan, file: None, name: String::new(), bytes: Vec::new() })
    }

    /// A reader that goes on where an earlier one ended.
    ///
    /// # Errors
    /// A journal that has no such segment; the disk's.
    pub fn resume(disk: D, end: End) -> Result<Self, StoreError> {
        versions::check(&disk)?;
        let name = format::segment_name(end.segment);
        let file = scan::file_of(&disk, &name, &end)?;
        let (_, cipher) = scan::cipher_of(&disk, &file, &name)?;
        let scan = Scan::resume(end, cipher);
        Ok(Self { scan, file: Some(file), name, bytes: Vec::new(), disk })
    }

    /// What was read, and where it ends.
    #[must_use]
    pub fn recovery(&self) -> &Recovery {
        &self.scan.recovery
    }

    /// Where it has read up to: a place from which another may [resume](Self::resume).
    #[must_use]
    pub fn end(&self) -> &End {
        &self.scan.end
    }

    /// Takes the writer's lock, unless another holds it: the first step of taking the journal over.
    ///
    /// # Errors
    /// The disk's.
    pub fn try_lock(&self) -> Result<Option<WriterLock<D>>, StoreError> {
        let lock = self.disk.lock().map_err(io(&self.disk, "lock", "lock"))?;
        Ok(lock.map(WriterLock))
    }

    pub(crate) fn disk(&self) -> &D {
        &self.disk
    }

    /// How many events were handed on.
    #[must_use]
    pub fn event_count(&self) -> u64 {
        self.scan.recovery.events
    }

    /// The tree over the events handed on, or over those that the snapshot covers if those are more.
    #[must_use]
    pub fn tree(&self) -> &MerkleTree {
        &self.scan.end.tree
    }

    /// Hands on the events that have become durable since, block by block, until at least `enough` were handed on in all.
    ///
    /// # Errors
    /// Damage, and where; the disk's. Blocks before it were handed on.
    pub fn poll(&mut self, enough: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), StoreError> {
        self.poll_visiting(enough, &mut Events(take))
    }

    /// As [`Reader::poll`], for more than the events.
    ///
    /// # Errors
    /// As [`Reader::poll`], and the visitor's.
    pub fn poll_visiting(&mut self, enough: u64, visit: &mut dyn Visit) -> Result<(), StoreError> {
        let durable = self.durable()?;
        let polled = self.poll_durable(durable, enough, visit);
        match (polled, durable) {
            // A writer may have begun meanwhile, and have a block half written: then its mark decides.
            (Err(StoreError::Damaged { .. }), None) => {
                let durable = self.durable()?;
                self.poll_durable(durable, enough, visit)
            }
            (polled, _) => polled,
        }
    }

    /// How many events the writer has marked as durable; `None` without a writer.
    pub(crate) fn durable(&self) -> Result<Option<u64>, StoreError> {
        mark::durable(&self.disk)
    }

    /// Reads what is left of a journal that no one writes any more, the torn tail among it. The caller holds the lock.
    pub(crate) fn finish(mut self, visit: &mut dyn Visit) -> Result<(End, Recovery), StoreError> {
        self.poll_durable(None, u64::MAX, visit)?;
        if let Some(file) = &self.file {
            self.scan.rest(&self.disk, file, &self.name, true, visit)?;
        }
        self.scan.finish()
    }

    /// As [`Reader::poll_visiting`], of a journal whose writer has marked so many events as durable; `None` without a writer.
    pub(crate) fn poll_durable(
        &mut self,
        durable: Option<u64>,
        enough: u64,
        visit: &mut dyn Visit,
    ) -> Result<(), StoreError> {
        while self.event_count() < enough {
            // Looked for before the block: a segment is begun when all blocks before it are written, so where this one
            // is there and no block is, the segment at hand is at its end.
            let is_last = !self.has_next()?;
            match self.block(durable, visit)? {
                Next::Block => {}
                // Without a writer, only the journal's very last block can be one that is not whole.
                Next::Hidden if durable.is_none() && !is_last => {
                    let (offset, block) = (self.scan.end.offset, self.scan.end.next_block);
                    let what = "part of the block is missing";
                    return Err(damaged(&self.name, offset, block, what));
                }
                Next::Hidden => return self.reached(durable),
                Next::None if is_last => return self.reached(durable),
                Next::None => self.next_segment(visit)?,
            }
        }
        Ok(())
    }

    /// Whether there is a segment after the one at hand.
    fn has_next(&self) -> Result<bool, StoreError> {
        let last = scan::segments(&self.disk)?.last().copied().unwrap_or(0);
        Ok(last > self.scan.end.segment)
    }

    /// Whether all was there that the writer has marked as durable.
    fn reached(&self, durable: Option<u64>) -> Result<(), StoreError> {
        match durable {
            Some(durable) if durable > self.event_count() => {
                let what = format!(
                    "the journal ends after {} events, though its writer marked {durable} as durable",
                    self.event_count()
                );
                Err(damaged(&self.name, self.scan.end.offset, self.scan.end.next_block, &what))
            }
            _ => Ok(()),
        }
    }

    /// Goes on to the segment after the one that was read to its end.
    fn next_segment(&mut self, visit: &mut dyn Visit) -> Result<(), StoreError> {
        let number = self.scan.end.segment + 1;
        let name = format::segment_name(number);
        let file = match self.disk.open(&name) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(damaged(&name, 0, self.scan.end.next_block, "the file is missing"));
            }
            opened => opened.map_err(io(&self.disk, "open", &name))?,
        };
        self.bytes.resize(SECTOR, 0);
        let read = file.read_at(&mut self.bytes, 0).map_err(io(&self.disk, "read", &name))?;
        let header = self.bytes.get(..read).unwrap_or_default();
        self.scan.begin(&self.disk, &name, number, header)?;
        visit.segment(&name, header)?;
        self.file = Some(file);
        self.name = name;
        Ok(())
    }

    /// Reads the next block of the segment.
    fn block(&mut self, durable: Option<u64>, visit: &mut dyn Visit) -> Result<Next, StoreError> {
        let Some(file) = &self.file else { return Ok(Next::None) };
        let (offset, number) = (self.scan.end.offset, self.scan.end.next_block);
        let base = usize::try_from(offset).unwrap_or(usize::MAX);
        let failed = || io(&self.disk, "read", &self.name);
        self.bytes.resize(UNIT, 0);
        let read = file.read_at(&mut self.bytes, offset).map_err(failed())?;
        let header = match format::unit(self.bytes.get(..read).unwrap_or_default()) {
            Unit::Good { stamp, index: 0, payload } if stamp == number => {
                versions::check_block(&self.name, payload)?;
                BlockHeader::from_bytes(payload)
            }
            // Half written, as it may look beside a writer; without one, or where the writer counts it, it is damage.
            Unit::Bad if durable.is_none_or(|durable| durable > self.event_count()) => {
                return Err(damaged(&self.name, offset, number, "the checksum does not fit"));
            }
            // Beside a writer it may be half written.
            Unit::Bad => return Ok(Next::Hidden),
            _ => return Ok(Next::None),
        };
        let Some(header) = header else {
            return Err(damaged(&self.name, offset, number, "the block's header is unreadable"));
        };
        if durable.is_some_and(|durable| header.tree_size > durable) {
            return Ok(Next::Hidden);
        }
        self.bytes.resize(format::padded(header.units(self.scan.cipher.is_sealed())), 0);
        let read = file.read_at(&mut self.bytes, offset).map_err(failed())?;
        let bytes = self.bytes.get(..read).unwrap_or_default();
        match self.scan.block(&self.name, base, bytes, visit)? {
            Found::Block { place, .. } => {
                visit.block(place, &self.scan.end, bytes)?;
                Ok(Next::Block)
            }
            Found::Torn | Found::Nothing => Ok(Next::Hidden),
        }
    }
}
