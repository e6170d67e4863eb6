//! Blocks that wait to be written, and who writes them: a thread of its own, or the caller that waits for a block which
//! is alone, since waking a thread can take as long as the disk.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, SyncSender};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use std::time::Instant;

use thalium::ledger::image::Image;
use thalium::port::journal::{Block, Journal};
use thalium::port::telemetry::Stage;
use thalium_store::disk::Directory;
use thalium_store::{StoreError, StoreJournal};

use super::archive::Written;
use super::{DEPTH, Shared};
use crate::history::Sealing;

/// Bytes of events at which a block is closed even if more is waiting.
const BLOCK_BYTES: usize = 8 << 20;
/// Bytes of events up to which a caller writes a block itself.
const SMALL: usize = 16 << 10;

/// Events that were hashed.
pub(super) struct Hashed {
    pub(super) block: Block,
    pub(super) sealing: Option<Sealing>,
    pub(super) image: Option<Image>,
}

/// Blocks that wait to be written.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// There is something to write, or nothing more will come.
    ready: Condvar,
    /// There is room.
    room: Condvar,
}

#[derive(Default)]
struct Waiting {
    blocks: VecDeque<Hashed>,
    /// Nothing more comes.
    is_closed: bool,
    /// Nobody writes any more.
    is_abandoned: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // What waits is whole, wherever a thread panicked.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a block behind the others, when there is room; `false` when nobody writes any more.
    pub(super) fn push(&self, hashed: Hashed) -> bool {
        let mut waiting = self.lock();
        while waiting.blocks.len() >= DEPTH && !waiting.is_abandoned {
            waiting = self.room.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if waiting.is_abandoned {
            return false;
        }
        waiting.blocks.push_back(hashed);
        drop(waiting);
        self.ready.notify_one();
        true
    }

    /// Lets the writer end when all is written.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.ready.notify_all();
    }

    /// Lets nobody wait for room any longer.
    pub(super) fn abandon(&self) {
        self.lock().is_abandoned = true;
        self.room.notify_all();
    }

    /// Waits until there is something to write; `false` when nothing more comes.
    pub(super) fn wait(&self) -> bool {
        let mut waiting = self.lock();
        while waiting.blocks.is_empty() && !waiting.is_closed {
            waiting = self.ready.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        !waiting.blocks.is_empty()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.lock().blocks.len()
    }

    /// Whether one small block waits, and no other.
    pub(super) fn is_alone(&self) -> bool {
        let waiting = self.lock();
        waiting.blocks.len() == 1
            && waiting.blocks.iter().all(|hashed| hashed.block.events.len() <= SMALL)
    }

    /// What waits, in one block. A part ends where a block ends.
    fn take(&self, returned: &SyncSender<Vec<u8>>) -> Option<Hashed> {
        let mut waiting = self.lock();
        let mut all = waiting.blocks.pop_front()?;
        while all.block.events.len() < BLOCK_BYTES
            && all.sealing.is_none()
            && let Some(Hashed { block, sealing, image }) = waiting.blocks.pop_front()
        {
            all.block.events.extend_from_slice(&block.events);
            all.block.event_count += block.event_count;
            all.block.tree = block.tree;
            all.sealing = sealing;
            all.image = image.or(all.image);
            let _ = returned.try_send(block.events);
        }
        drop(waiting);
        self.room.notify_all();
        Some(all)
    }
}

/// The journal, and where the writer sends what it is done with, which segment it will want next, and what it has
/// written.
pub(super) struct Writer {
    journal: StoreJournal<Directory>,
    segment: u64,
    returned: SyncSender<Vec<u8>>,
    wanted: SyncSender<u64>,
    written: Sender<Written>,
}

impl Writer {
    pub(super) fn new(
        journal: StoreJournal<Directory>,
        returned: SyncSender<Vec<u8>>,
        wanted: SyncSender<u64>,
        written: Sender<Written>,
    ) -> Self {
        let segment = journal.segment();
        let _ = wanted.try_send(segment + 1);
        Self { journal, segment, returned, wanted, written }
    }

    pub(super) fn into_journal(self) -> StoreJournal<Directory> {
        self.journal
    }

    /// Writes what waits as one block, and tells those who wait for it; `false` when nothing waits.
    pub(super) fn write_next(&mut self, queue: &Queue, shared: &Shared) -> bool {
        let Some(Hashed { mut block, sealing, image }) = queue.take(&self.returned) else {
            return false;
        };
        let begun = Instant::now();
        if let Err(error) = self.journal.append(&block) {
            if !matches!(error, StoreError::Stopped) {
                tracing::error!(%error, "the ledger stopped: it takes nothing more until it is opened again");
                shared.update(|progress| progress.failed = Some(error.to_string()));
            }
            return true;
        }
        shared.metrics.took(Stage::Write, begun.elapsed());
        let (events, bytes) = (block.event_count, block.events.len());
        tracing::trace!(events, bytes, took = ?begun.elapsed(), "block durable");
        let tree = std::mem::take(&mut block.tree);
        shared.update(|progress| progress.tree = tree);
        if self.journal.segment() != self.segment {
            self.segment = self.journal.segment();
            tracing::debug!(segment = self.segment, "segment begun");
            let _ = self.wanted.try_send(self.segment + 1);
        }
        let _ = self.returned.try_send(block.events);
        // An archiver that has ended leaves the history in memory, and is missed by no one else.
        if let Some(place) = self.journal.last() {
            let _ = self.written.send(Written::Block(place));
        }
        if let Some(sealing) = sealing {
            shared.uncut.fetch_add(1, Ordering::Relaxed);
            tracing::debug!(events = self.journal.event_count(), "cut");
            let _ = self.written.send(Written::Cut(Box::new((sealing, self.journal.end()))));
        }
        if let Some(image) = image {
            let _ = self.written.send(Written::Image(Box::new(image)));
        }
        true
    }
}
