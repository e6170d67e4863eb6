//! From decided events to durable blocks: one thread hashes, one writes, and what waits is written together. A third
//! puts what was cut from the log into parts, once it is durable.
//!
//! While a block syncs, the next one is decided and hashed. Nothing is acknowledged before its block is durable. A caller
//! who is alone is not handed from thread to thread: it hashes and writes its few events itself.

mod archive;
mod writer;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use thalium::audit::merkle::MerkleTree;
use thalium::event;
use thalium::ledger::image::Image;
use thalium::port::journal::{Block, Journal};
use thalium::port::telemetry::Stage;
use thalium_store::disk::Directory;
use thalium_store::{Preparer, Sealed, StoreJournal};

use crate::Error;
use crate::history::{History, Sealing};
use crate::metrics::{Metrics, Waiting};
use archive::archive_all;
use writer::{Hashed, Queue, Writer};

/// Chunks that may wait between two stages.
const DEPTH: usize = 16;
/// Events up to which a caller hashes a chunk itself.
const FEW: u64 = 16;
const IDLE: Duration = Duration::from_millis(200);

/// Events on their way.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    pub(crate) events: Vec<u8>,
    pub(crate) count: u64,
    /// What was cut from the log behind these events.
    pub(crate) sealing: Option<Sealing>,
    /// An image that is whole.
    pub(crate) image: Option<Image>,
}

/// How far the journal is.
#[derive(Debug, Default)]
struct Progress {
    tree: MerkleTree,
    failed: Option<String>,
    done: bool,
    /// Why the last cut could not be put into a part.
    archive_failed: Option<String>,
}

struct Shared {
    progress: Mutex<Progress>,
    changed: Condvar,
    queue: Queue,
    /// There until the pipeline is stopped.
    writer: Mutex<Option<Writer>>,
    hashing: Mutex<MerkleTree>,
    /// Chunks that were sent to be hashed and are not in the queue yet.
    unhashed: AtomicUsize,
    /// Cuts that were handed to the archiver and have no part yet.
    uncut: AtomicUsize,
    metrics: Arc<Metrics>,
}

impl Shared {
    fn update(&self, change: impl FnOnce(&mut Progress)) {
        // Progress is replaced whole, so a panic elsewhere leaves nothing half done in it.
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// Hashes a chunk and puts it into the queue; `false` when nobody writes any more.
    fn hash(&self, chunk: Chunk) -> bool {
        // A panic between two leaves leaves the tree behind the log, and nothing after it fits: the journal refuses it.
        let begun = Instant::now();
        let mut tree = self.hashing.lock().unwrap_or_else(PoisonError::into_inner);
        for event in event::split(&chunk.events) {
            tree.push(event);
        }
        let block = Block { events: chunk.events, event_count: chunk.count, tree: tree.clone() };
        self.metrics.took(Stage::Hash, begun.elapsed());
        self.queue.push(Hashed { block, sealing: chunk.sealing, image: chunk.image })
    }

    /// Writes the one small block that waits, unless someone is writing.
    fn help(&self) {
        if let Ok(mut writer) = self.writer.try_lock()
            && let Some(writer) = &mut *writer
            && self.queue.is_alone()
        {
            // A panic here leaves the journal in doubt, and no one waits for it any longer.
            let doubt = Done(self);
            writer.write_next(&self.queue, self);
            std::mem::forget(doubt);
        }
    }
}

/// The threads and what leads to them.
pub(crate) struct Pipeline {
    input: Option<SyncSender<Chunk>>,
    empty: Mutex<Receiver<Vec<u8>>>,
    sealed: Mutex<Receiver<Sealed<Directory>>>,
    shared: Arc<Shared>,
    hasher: Option<JoinHandle<()>>,
    writer: Option<JoinHandle<()>>,
    preparer: Option<JoinHandle<()>>,
    archiver: Option<JoinHandle<History>>,
}

impl Pipeline {
    pub(crate) fn start(
        journal: StoreJournal<Directory>,
        history: History,
        metrics: Arc<Metrics>,
    ) -> Result<Self, Error> {
        let tree = journal.tree();
        let (input, chunks) = sync_channel::<Chunk>(DEPTH);
        // Not bounded: what waits in it is in memory anyway, and a writer never waits for the history.
        let (written, archive) = channel();
        let (ready, sealed) = channel::<Sealed<Directory>>();
        let (returned, empty) = sync_channel::<Vec<u8>>(2 * DEPTH);
        let (wanted, wishes) = sync_channel::<u64>(1);
        let preparer = journal.preparer();
        let shared = Arc::new(Shared {
            progress: Mutex::new(Progress { tree: tree.clone(), ..Progress::default() }),
            hashing: Mutex::new(tree),
            writer: Mutex::new(Some(Writer::new(journal, returned, wanted, written))),
            changed: Condvar::default(),
            queue: Queue::default(),
            unhashed: AtomicUsize::default(),
            uncut: AtomicUsize::default(),
            metrics,
        });
        let preparer = named("thalium-prepare", move || prepare(&preparer, &wishes))?;
        let hasher = {
            let shared = Arc::clone(&shared);
            named("thalium-hash", move || hash(&chunks, &shared))?
        };
        let writer = {
            let shared = Arc::clone(&shared);
            named("thalium-write", move || write(&shared))?
        };
        let archiver = {
            let shared = Arc::clone(&shared);
            named("thalium-archive", move || archive_all(history, &archive, &ready, &shared))?
        };
        Ok(Self {
            input: Some(input),
            empty: Mutex::new(empty),
            sealed: Mutex::new(sealed),
            shared,
            hasher: Some(hasher),
            writer: Some(writer),
            preparer: Some(preparer),
            archiver: Some(archiver),
        })
    }

    /// An empty buffer, with the room of one that was written.
    pub(crate) fn buffer(&self) -> Vec<u8> {
        let empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = empty.try_recv().unwrap_or_default();
        buffer.clear();
        buffer
    }

    /// The next part that was put into a file, for the engine to read it there from now on.
    pub(crate) fn sealed(&self) -> Option<Sealed<Directory>> {
        self.sealed.lock().unwrap_or_else(PoisonError::into_inner).try_recv().ok()
    }

    /// Sends events on their way. The caller holds the engine's lock, so that they go in the order of the log.
    pub(crate) fn send(&self, chunk: Chunk) -> Result<(), Error> {
        let Some(input) = &self.input else { return Err(self.failure()) };
        let is_idle = self.shared.unhashed.load(Ordering::Acquire) == 0;
        let sent = if is_idle && chunk.count <= FEW {
            self.shared.hash(chunk)
        } else {
            self.shared.unhashed.fetch_add(1, Ordering::Release);
            input.send(chunk).is_ok()
        };
        if sent { Ok(()) } else { Err(self.failure()) }
    }

    /// Waits until so many events are durable.
    pub(crate) fn wait(&self, events: u64) -> Result<(), Error> {
        let mut progress = self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if progress.tree.size() < events {
            drop(progress);
            self.shared.help();
            progress = self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner);
        }
        loop {
            if progress.tree.size() >= events {
                return Ok(());
            }
            if progress.failed.is_some() || progress.done {
                drop(progress);
                return Err(self.failure());
            }
            progress = self.shared.changed.wait(progress).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Why nothing more is taken, if that is so.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let failed =
            self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner).failed.is_some();
        if failed { Err(self.failure()) } else { Ok(()) }
    }

    /// Why nothing more is taken, and why the history stays in memory, if either is so.
    pub(crate) fn troubles(&self) -> (Option<String>, Option<String>) {
        let progress = self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner);
        (progress.failed.clone(), progress.archive_failed.clone())
    }

    /// What waits at each stage.
    pub(crate) fn waiting(&self) -> Waiting {
        let count = |atomic: &AtomicUsize| atomic.load(Ordering::Relaxed) as u64;
        Waiting {
            to_hash: count(&self.shared.unhashed),
            to_write: self.shared.queue.len() as u64,
            for_parts: count(&self.shared.uncut),
        }
    }

    /// The tree over the durable events.
    pub(crate) fn tree(&self) -> MerkleTree {
        self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner).tree.clone()
    }

    /// Ends the threads when everything sent is written, and gives the journal and its history back unless it failed.
    pub(crate) fn stop(&mut self) -> Result<(StoreJournal<Directory>, History), Error> {
        self.input = None;
        let hashed = self.hasher.take().is_some_and(|thread| thread.join().is_ok());
        self.shared.queue.close();
        let written = self.writer.take().is_some_and(|thread| thread.join().is_ok());
        // With the writer go the ends of the channels to the preparer and the archiver.
        let writer = self.shared.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let journal = writer.map(Writer::into_journal);
        if let Some(thread) = self.preparer.take() {
            // A preparer that failed leaves segments that grow; that is no failure of the ledger.
            let _ = thread.join();
        }
        let history = self.archiver.take().and_then(|thread| thread.join().ok());
        self.check()?;
        journal.filter(|_| hashed && written).zip(history).ok_or(Error::Panicked)
    }

    fn failure(&self) -> Error {
        let progress = self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let why = progress.failed.clone().unwrap_or_else(|| "the writer has ended".to_owned());
        Error::Stopped { why }
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

/// A thread that the system's tools show by its name.
fn named<T: Send + 'static>(
    name: &str,
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, Error> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(Error::Thread)
}

fn hash(chunks: &Receiver<Chunk>, shared: &Shared) {
    // A panic here leaves events that are never written, and no one waits for them.
    let doubt = Done(shared);
    while let Ok(chunk) = chunks.recv() {
        let queued = shared.hash(chunk);
        shared.unhashed.fetch_sub(1, Ordering::Release);
        if !queued {
            break;
        }
    }
    std::mem::forget(doubt);
}

fn write(shared: &Shared) {
    // Whatever ends this thread, a panic among it, no one waits for it any longer.
    let _done = Done(shared);
    while shared.queue.wait() {
        // A caller that panicked while it wrote left the journal in doubt.
        let Ok(mut writer) = shared.writer.lock() else { return };
        let Some(writer) = &mut *writer else { return };
        while writer.write_next(&shared.queue, shared) {}
    }
}

struct Done<'a>(&'a Shared);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!("the ledger stopped: a panic left its journal in doubt");
        }
        self.0.queue.abandon();
        self.0.update(|progress| progress.done = true);
    }
}

fn prepare(preparer: &Preparer<Directory>, wishes: &Receiver<u64>) {
    loop {
        match wishes.recv_timeout(IDLE) {
            Ok(number) => {
                if let Err(error) = preparer.run(number) {
                    tracing::warn!(%error, "no segment was prewritten: the next one grows");
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
