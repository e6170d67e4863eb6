//! The reference journal: it keeps events in memory, for tests and for what need not last.

use std::convert::Infallible;

use super::journal::{Block, Journal};
use crate::audit::merkle::MerkleTree;
use crate::event;

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

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
