//! The journal: prewritten segments, appended one block at a time.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use thalium::audit::merkle::{Hash, MerkleTree};
use thalium::port::journal::{Block, Journal};

use crate::cipher::{Cipher, Purpose};
use crate::disk::{Disk, DiskFile};
use crate::end::End;
use crate::error::StoreError;
use crate::format::{self, BlockHeader, EVENTS_MAX, SECTOR, SEGMENT_LEN, SegmentHeader};
use crate::mark;
use crate::reader::{Reader, WriterLock};
use crate::scan::{self, Recovery, io};
use crate::snapshot::Snapshot;
use crate::versions;
use crate::visit::{BlockPlace, Events, Visit};

const PREPARED: &str = "prepared.log";
const PREPARING: &str = "prepared.tmp";
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// How a journal is kept.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Bytes of a segment, at most; the first ones of a store are shorter.
    pub segment_len: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { segment_len: SEGMENT_LEN }
    }
}

/// The journal of a store.
pub struct StoreJournal<D: Disk> {
    disk: D,
    options: Options,
    file: D::File,
    /// The same file, for blocks; `None` where they go through the system's cache.
    uncached: Option<D::File>,
    name: String,
    segment: u64,
    generation: u64,
    /// The number of the key with which the segment is sealed, and what seals with it.
    key: u32,
    cipher: Arc<Cipher>,
    offset: u64,
    next_block: u64,
    previous: Hash,
    tree: MerkleTree,
    snapshot: Option<Snapshot>,
    last: Option<BlockPlace>,
    /// Where the last block of the segment begins; zero while it has none.
    last_block: u64,
    buffer: Vec<u8>,
    stopped: bool,
    mark: Option<D::File>,
    _lock: D::Lock,
}

impl<D: Disk> StoreJournal<D> {
    /// Whether a directory holds a store, be it a damaged one.
    ///
    /// # Errors
    /// The disk's.
    pub fn is_at(disk: &D) -> Result<bool, StoreError> {
        scan::names(disk).map(|names| scan::is_store(&names))
    }

    /// Begins a journal in an empty directory.
    ///
    /// # Errors
    /// A directory that has one, or that another writes; the disk's errors.
    pub fn create(disk: D, options: Options) -> Result<Self, StoreError> {
        Self::create_generation(disk, options, 1)
    }

    /// As [`StoreJournal::create`], for what is restored: each restoring begins a new generation.
    pub(crate) fn create_generation(
        disk: D,
        options: Options,
        generation: u64,
    ) -> Result<Self, StoreError> {
        let lock = lock(&disk)?;
        if scan::is_store(&scan::names(&disk)?) {
            return Err(StoreError::Exists { place: disk.place() });
        }
        let preparer = Preparer { disk: disk.clone(), options };
        preparer.run(1)?;
        let header = SegmentHeader {
            number: 1,
            generation,
            first_block: 1,
            first_sequence: 0,
            previous: [0; 32],
            key: disk.seal().current(),
        };
        let file = begin_segment(&disk, header)?;
        let name = format::segment_name(1);
        Ok(Self {
            uncached: disk.open_uncached(&name).ok(),
            name,
            file,
            segment: 1,
            generation,
            key: header.key,
            cipher: disk.seal().cipher(&disk, header.key, Purpose::Segment)?,
            offset: SECTOR as u64,
            next_block: 1,
            previous: [0; 32],
            tree: MerkleTree::default(),
            snapshot: None,
            last: None,
            last_block: 0,
            buffer: Vec::new(),
            stopped: false,
            mark: mark::open(&disk),
            _lock: lock,
            disk,
            options,
        })
    }

    /// Opens the journal of a directory, hands its events to `take`, and cuts a torn tail.
    ///
    /// # Errors
    /// A directory without a journal, one that another writes, damage, and the disk's errors.
    pub fn open(
        disk: D,
        options: Options,
        take: &mut dyn FnMut(&[u8]),
    ) -> Result<(Self, Recovery), StoreError> {
        Self::open_from(disk, options, None, &mut Events(take))
    }

    /// As [`StoreJournal::open`], from where the journal once ended if that is given, for more than the events.
    ///
    /// # Errors
    /// As [`StoreJournal::open`]; a journal that does not continue `start`; the visitor's.
    pub fn open_from(
        disk: D,
        options: Options,
        start: Option<End>,
        visit: &mut dyn Visit,
    ) -> Result<(Self, Recovery), StoreError> {
        if !scan::is_store(&scan::names(&disk)?) {
            return Err(StoreError::Missing { place: disk.place() });
        }
        let lock = lock(&disk)?;
        versions::check(&disk)?;
        let snapshot = Snapshot::read(&disk);
        let (end, recovery) = scan::scan(&disk, snapshot.as_ref(), start, visit)?;
        let journal = Self::at_end(disk, options, lock, end, snapshot, &recovery)?;
        Ok((journal, recovery))
    }

    /// Takes over a journal that a reader has followed, as its next writer: only what the reader has not handed on yet
    /// is read. `lock` is the one that [`Reader::try_lock`] gave.
    ///
    /// # Errors
    /// Damage in what is left, and the disk's.
    pub fn take_over(
        reader: Reader<D>,
        lock: WriterLock<D>,
        options: Options,
        visit: &mut dyn Visit,
    ) -> Result<(Self, Recovery), StoreError> {
        let disk = reader.disk().clone();
        let (end, recovery) = reader.finish(visit)?;
        let journal = Self::at_end(disk, options, lock.0, end, None, &recovery)?;
        Ok((journal, recovery))
    }

    /// The journal of its next writer, from where it ends.
    fn at_end(
        disk: D,
        options: Options,
        lock: D::Lock,
        end: End,
        snapshot: Option<Snapshot>,
        recovery: &Recovery,
    ) -> Result<Self, StoreError> {
        let name = format::segment_name(end.segment);
        let file = disk.open(&name).map_err(io(&disk, "open", &name))?;
        let (key, cipher) = scan::cipher_of(&disk, &file, &name)?;
        let journal = Self {
            key,
            cipher,
            uncached: disk.open_uncached(&name).ok(),
            file,
            name,
            segment: end.segment,
            generation: end.generation,
            offset: end.offset,
            next_block: end.next_block,
            previous: end.previous,
            tree: end.tree,
            snapshot,
            last: None,
            last_block: end.last_block,
            buffer: Vec::new(),
            stopped: false,
            mark: mark::open(&disk),
            _lock: lock,
            disk,
            options,
        };
        if recovery.torn.is_some() {
            journal.wipe_tail()?;
        }
        journal.settle(end.last_block)?;
        journal.mark();
        Ok(journal)
    }

    /// The snapshot that the last close left, if it could be used.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_ref()
    }

    /// The number of the segment that is being written.
    #[must_use]
    pub fn segment(&self) -> u64 {
        self.segment
    }

    /// Where the journal ends.
    #[must_use]
    pub fn end(&self) -> End {
        End {
            segment: self.segment,
            offset: self.offset,
            last_block: self.last_block,
            next_block: self.next_block,
            generation: self.generation,
            previous: self.previous,
            tree: self.tree.clone(),
        }
    }

    /// Where the block stands that was appended last, since the journal was opened.
    #[must_use]
    pub fn last(&self) -> Option<BlockPlace> {
        self.last
    }

    /// Its directory.
    #[must_use]
    pub fn disk(&self) -> &D {
        &self.disk
    }

    /// Leaves a snapshot of the state that the journal leads to, for the next opening.
    ///
    /// # Errors
    /// The disk's.
    pub fn close(self, state_hash: Hash) -> Result<(), StoreError> {
        if self.stopped {
            return Err(StoreError::Stopped);
        }
        let snapshot = Snapshot { tree: self.tree, state_hash };
        snapshot.write(&self.disk).map_err(io(&self.disk, "write", "snapshot"))
    }

    /// Prewrites the next segment; runs beside the writer, on a thread of the host's.
    #[must_use]
    pub fn preparer(&self) -> Preparer<D> {
        Preparer { disk: self.disk.clone(), options: self.options }
    }

    /// Makes the last block durable, which from here on counts as such: a process that was killed may have left it
    /// without a sync, and after a sync that failed the system may take what it holds for written. So it is written
    /// again. The blocks before it were synced before it was begun.
    fn settle(&self, last_block: u64) -> Result<(), StoreError> {
        if last_block > 0 {
            let len = usize::try_from(self.offset - last_block).unwrap_or(usize::MAX);
            let mut bytes = vec![0; len];
            let failed = |what| io(&self.disk, what, &self.name);
            let read = self.file.read_at(&mut bytes, last_block).map_err(failed("read"))?;
            let bytes = bytes.get(..read).unwrap_or_default();
            self.file.write_at(bytes, last_block).map_err(failed("write the last block of"))?;
        }
        self.file.sync().map_err(io(&self.disk, "sync", &self.name))
    }

    /// What was torn would be taken for a part of the next block of the same number, so it goes.
    fn wipe_tail(&self) -> Result<(), StoreError> {
        let len = self.file.len().map_err(io(&self.disk, "measure", &self.name))?;
        let zeros = vec![0; 1 << 20];
        let mut at = self.offset;
        while at < len {
            let count = usize::try_from(len - at).unwrap_or(usize::MAX).min(zeros.len());
            let zeros = zeros.get(..count).unwrap_or_default();
            self.file.write_at(zeros, at).map_err(io(
                &self.disk,
                "wipe the torn tail of",
                &self.name,
            ))?;
            at += count as u64;
        }
        self.file.sync().map_err(io(&self.disk, "sync", &self.name))
    }

    fn write(&mut self, block: &Block) -> Result<(), StoreError> {
        if block.events.len() > EVENTS_MAX {
            return Err(StoreError::TooLarge(block.events.len()));
        }
        let first = block.tree.size().saturating_sub(block.event_count);
        if first != self.tree.size() {
            return Err(StoreError::OutOfOrder { got: first, expected: self.tree.size() });
        }
        let header = BlockHeader {
            number: self.next_block,
            generation: self.generation,
            first_sequence: first,
            event_count: u32::try_from(block.event_count).unwrap_or(u32::MAX),
            // INVARIANT: at most EVENTS_MAX, which a u32 holds.
            events_len: u32::try_from(block.events.len()).unwrap_or(u32::MAX),
            tree_size: block.tree.size(),
            root: block.tree.root(),
            previous: self.previous,
        };
        let mut needed = format::padded(header.units(self.cipher.is_sealed())) as u64;
        let len = format::segment_len(self.segment, self.options.segment_len);
        let is_full = self.offset + needed > len && self.offset > SECTOR as u64;
        if is_full || self.disk.seal().current() != self.key {
            self.rotate()?;
            needed = format::padded(header.units(self.cipher.is_sealed())) as u64;
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let start = format::encode_block(header, &block.events, &self.cipher, &mut buffer);
        self.write_block(buffer.get(start..).unwrap_or_default())?;
        self.buffer = buffer;
        self.last = Some(BlockPlace {
            segment: self.segment,
            offset: self.offset,
            first,
            count: block.event_count,
        });
        self.last_block = self.offset;
        self.offset += needed;
        self.next_block += 1;
        self.previous = header.hash();
        self.tree = block.tree.clone();
        self.mark();
        Ok(())
    }

    /// Writes a block at the journal's end, and makes it durable.
    fn write_block(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let mut file = self.uncached.as_ref().unwrap_or(&self.file);
        let mut written = file.write_at(bytes, self.offset);
        if self.uncached.is_some()
            && written.as_ref().is_err_and(|error| error.kind() == ErrorKind::InvalidInput)
        {
            // The file system opens files past its cache, but does not write them so.
            self.uncached = None;
            file = &self.file;
            written = file.write_at(bytes, self.offset);
        }
        written.map_err(io(&self.disk, "write", &self.name))?;
        file.sync().map_err(io(&self.disk, "sync", &self.name))
    }

    /// Tells readers how much is durable.
    fn mark(&self) {
        if let Some(mark) = &self.mark {
            mark::write(mark, self.tree.size());
        }
    }

    fn rotate(&mut self) -> Result<(), StoreError> {
        let header = SegmentHeader {
            number: self.segment + 1,
            generation: self.generation,
            first_block: self.next_block,
            first_sequence: self.tree.size(),
            previous: self.previous,
            key: self.disk.seal().current(),
        };
        self.cipher = self.disk.seal().cipher(&self.disk, header.key, Purpose::Segment)?;
        self.key = header.key;
        self.file = begin_segment(&self.disk, header)?;
        self.name = format::segment_name(header.number);
        self.uncached = self.uncached.take().and_then(|_| self.disk.open_uncached(&self.name).ok());
        self.segment = header.number;
        self.offset = SECTOR as u64;
        Ok(())
    }
}

impl<D: Disk> Journal for StoreJournal<D> {
    type Error = StoreError;

    fn append(&mut self, block: &Block) -> Result<(), StoreError> {
        if self.stopped {
            return Err(StoreError::Stopped);
        }
        let done = self.write(block);
        self.stopped = done.is_err();
        done
    }

    fn replay(&mut self, take: &mut dyn FnMut(&[u8])) -> Result<(), StoreError> {
        scan::scan(&self.disk, None, None, &mut Events(take)).map(|_| ())
    }

    fn event_count(&self) -> u64 {
        self.tree.size()
    }

    fn tree(&self) -> MerkleTree {
        self.tree.clone()
    }
}

/// Prewrites segments, so that appending to one changes no file's length and `fdatasync` writes data alone.
#[derive(Clone, Debug)]
pub struct Preparer<D> {
    disk: D,
    options: Options,
}

impl<D: Disk> Preparer<D> {
    /// Prewrites the segment of a number, unless one is ready.
    ///
    /// # Errors
    /// The disk's. The journal goes on without: it lets its segment grow.
    pub fn run(&self, number: u64) -> Result<(), StoreError> {
        if scan::names(&self.disk)?.iter().any(|name| name == PREPARED) {
            return Ok(());
        }
        let failed = |what| io(&self.disk, what, PREPARING);
        let len = format::segment_len(number, self.options.segment_len);
        let file = self.disk.create_uncached(PREPARING).map_err(failed("create"))?;
        let mut written = prewrite(&file, len);
        if written.as_ref().is_err_and(|error| error.kind() == ErrorKind::InvalidInput) {
            // The file system opens files past its cache, but does not write them so.
            let file = self.disk.create(PREPARING).map_err(failed("create"))?;
            written = prewrite(&file, len);
        }
        written.map_err(failed("prewrite"))?;
        self.disk.rename(PREPARING, PREPARED).map_err(failed("rename"))?;
        self.disk.sync_names().map_err(failed("sync the name of"))
    }
}

/// Fills a file with zeros and syncs it.
fn prewrite<F: DiskFile>(file: &F, len: u64) -> std::io::Result<()> {
    const PIECE: usize = 1 << 20;
    // Writes past the cache take their bytes from memory that begins where a sector may begin.
    let memory = vec![0; PIECE + SECTOR];
    let aligned = memory.as_ptr().addr().wrapping_neg() % SECTOR;
    let zeros = memory.get(aligned..aligned + PIECE).unwrap_or_default();
    let mut at = 0;
    while at < len {
        let count = usize::try_from(len - at).unwrap_or(usize::MAX).min(zeros.len());
        file.write_at(zeros.get(..count).unwrap_or_default(), at)?;
        at += count as u64;
    }
    file.sync()
}

/// Takes the writer's lock. A reader that looks for a writer holds it for a moment, so one refusal is not the last word.
pub(crate) fn lock<D: Disk>(disk: &D) -> Result<D::Lock, StoreError> {
    for _ in 0..LOCK_TRIES {
        if let Some(lock) = disk.lock().map_err(io(disk, "lock", "lock"))? {
            return Ok(lock);
        }
        std::thread::sleep(LOCK_PAUSE);
    }
    Err(StoreError::Locked { place: disk.place() })
}

/// Begins a segment: in the prewritten file if there is one, else in a new one that grows.
fn begin_segment<D: Disk>(disk: &D, header: SegmentHeader) -> Result<D::File, StoreError> {
    let name = format::segment_name(header.number);
    let prepared = scan::names(disk)?.iter().any(|name| name == PREPARED);
    let temporary = if prepared { PREPARED } else { "segment.tmp" };
    let file = if prepared { disk.open(temporary) } else { disk.create(temporary) };
    let file = file.map_err(io(disk, "begin", temporary))?;
    file.write_at(&header.to_bytes(), 0).map_err(io(disk, "write", temporary))?;
    file.sync().map_err(io(disk, "sync", temporary))?;
    // The name appears after the header is durable, so a segment that has a name has a header.
    disk.rename(temporary, &name).map_err(io(disk, "rename", temporary))?;
    disk.sync_names().map_err(io(disk, "sync the name of", &name))?;
    Ok(file)
}
