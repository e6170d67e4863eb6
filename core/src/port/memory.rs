//! The references: a journal and parts of a history in memory, for tests and for what need not last.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use super::journal::{Block, Journal};
use crate::audit::merkle::MerkleTree;
use crate::event;
use crate::part::{Cut, PAGE_LEN, Part, Unreadable};

/// A journal in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal {
    events: Vec<Vec<u8>>,
    tree: MerkleTree,
}

impl Journal for MemoryJournal {
    type Error = Infallible;

    fn append(&mut self, block: &Block) -> Result<(), Infallible> {
        for event in event::split(&block.events) {
            self.events.push(event.to_vec());
        }
        self.tree = block.tree.clone();
        Ok(())
    }

    fn replay(&mut self, take: &mut dyn FnMut(&[u8])) -> Result<(), Infallible> {
        for event in &self.events {
            take(event);
        }
        Ok(())
    }

    fn event_count(&self) -> u64 {
        self.tree.size()
    }

    fn tree(&self) -> MerkleTree {
        self.tree.clone()
    }
}

/// A part of a history in memory.
#[derive(Clone)]
pub struct MemoryPart {
    first: u64,
    events: Vec<u8>,
    /// Where each event ends.
    ends: Vec<usize>,
    pages: Vec<u8>,
}

impl MemoryPart {
    /// The part that was cut, with the summary of its index.
    #[must_use]
    pub fn of(cut: &Cut) -> (Vec<u8>, Self) {
        let index = cut.index();
        let (mut events, mut ends) = (Vec::new(), Vec::new());
        for event in cut.events() {
            events.extend_from_slice(event);
            ends.push(events.len());
        }
        (index.summary, Self { first: cut.first(), events, ends, pages: index.pages })
    }
}

impl fmt::Debug for MemoryPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} events from {}", self.ends.len(), self.first)
    }
}

impl Part for MemoryPart {
    fn events(&self, sequence: u64, bytes: usize) -> Result<Arc<[u8]>, Unreadable> {
        let missing = || Unreadable(format!("there is no event {sequence}"));
        let place = |sequence: u64| usize::try_from(sequence.checked_sub(self.first)?).ok();
        let at = place(sequence).filter(|at| *at < self.ends.len()).ok_or_else(missing)?;
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or(0);
        let enough = self.ends.iter().skip(at).take_while(|end| **end <= start + bytes).last();
        let end = enough.or(self.ends.get(at)).copied().unwrap_or(start);
        Ok(self.events.get(start..end).ok_or_else(missing)?.into())
    }

    fn page(&self, number: u32) -> Result<Arc<[u8; PAGE_LEN]>, Unreadable> {
        let at = usize::try_from(number).ok();
        let page = at.and_then(|at| self.pages.as_chunks::<PAGE_LEN>().0.get(at));
        page.map(|page| Arc::new(*page))
            .ok_or_else(|| Unreadable(format!("there is no page {number}")))
    }
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
