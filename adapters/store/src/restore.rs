//! Restoring a journal from a copy of it, whole or as it was at some point, under a new generation.

use thalium::audit::merkle::{Hash, MerkleTree};
use thalium::event::{self, Kind};
use thalium::port::journal::{Block, Journal};

use crate::backup::generation_of;
use crate::disk::Disk;
use crate::error::StoreError;
use crate::journal::{Options, StoreJournal};
use crate::scan;

/// Events that become durable together while restoring.
const BLOCK_BYTES: usize = 4 << 20;

/// How far to restore. The cut is made between two requests, so that nothing of one is restored in part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Until {
    /// All of it.
    #[default]
    End,
    /// No more than the first so many events.
    Size(u64),
    /// Nothing that was asked for after this instant, in nanoseconds since 1970.
    Instant(i64),
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Events in the new journal.
    pub events: u64,
    /// Events in the copy.
    pub of: u64,
    /// The root over the new journal's events: that of the old journal at the same size.
    pub root: Hash,
    /// The new journal's generation, one more than the copy's: who follows a journal by its size can tell that this is
    /// another one.
    pub generation: u64,
}

/// Restores a journal into an empty directory. The copy is verified on the way, from its first byte.
///
/// # Errors
/// A directory that holds a store; damage in the copy, and where: nothing is left then that opens as a ledger of fewer
/// events than asked for, unless it is told; the disks'.
pub fn restore<D: Disk, T: Disk>(
    copy: &D,
    target: T,
    options: Options,
    until: Until,
) -> Result<Restored, StoreError> {
    let generation = generation_of(copy)? + 1;
    let journal = StoreJournal::create_generation(target, options, generation)?;
    let mut restoring = Restoring {
        block: Block { tree: journal.tree(), ..Block::default() },
        journal,
        request: Vec::new(),
        until,
        ended: false,
    };
    let mut failed = None;
    let verified = scan::verify(copy, &mut |event| {
        if failed.is_none() {
            failed = restoring.take(event).err();
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let of = verified?.events;
    restoring.end_request()?;
    restoring.write()?;
    let tree = restoring.journal.tree();
    Ok(Restored { events: tree.size(), of, root: tree.root(), generation })
}

struct Restoring<T: Disk> {
    journal: StoreJournal<T>,
    /// The events that are written next.
    block: Block,
    /// The events of the request at hand, which is restored whole or not at all.
    request: Vec<Vec<u8>>,
    until: Until,
    ended: bool,
}

impl<T: Disk> Restoring<T> {
    fn take(&mut self, event: &[u8]) -> Result<(), StoreError> {
        if self.ended {
            return Ok(());
        }
        // What no one asked for (the log's head, a hold that runs out) stands alone, as does what is no event of the books.
        let (is_first, at) = match event::header(event) {
            Ok((header, kind)) => (kind == Kind::Request || header.request == 0, header.timestamp),
            Err(_) => (true, i64::MIN),
        };
        if is_first {
            self.end_request()?;
            self.ended |= matches!(self.until, Until::Instant(until) if at > until);
        }
        if !self.ended {
            self.request.push(event.to_vec());
        }
        Ok(())
    }

    fn end_request(&mut self) -> Result<(), StoreError> {
        let request = std::mem::take(&mut self.request);
        let size = self.block.tree.size() + request.len() as u64;
        if matches!(self.until, Until::Size(most) if size > most) {
            self.ended = true;
            return Ok(());
        }
        for event in request {
            self.block.tree.push(&event);
            self.block.events.extend_from_slice(&event);
            self.block.event_count += 1;
        }
        if self.block.events.len() >= BLOCK_BYTES { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), StoreError> {
        if self.block.event_count > 0 {
            self.journal.append(&self.block)?;
            let tree: MerkleTree = self.block.tree.clone();
            self.block = Block { tree, ..Block::default() };
        }
        Ok(())
    }
}
