//! Blocks to write: events whose sequences tell where they belong.

use thalium::audit::merkle::MerkleTree;
use thalium::event::{self, Body, Envelope, Header};
use thalium::port::journal::Block;

/// Events and their size, of blocks of one unit, of many and of a whole segment, over several segments of 24 KiB.
pub const SIZES: [(u64, usize); 8] =
    [(1, 10), (3, 200), (60, 250), (1, 1), (90, 250), (2, 30), (30, 200), (1, 5)];

/// A block of events of about `size` bytes each, behind what `tree` holds.
pub fn block(tree: &MerkleTree, count: u64, size: usize) -> Block {
    let mut block = Block { tree: tree.clone(), event_count: count, ..Block::default() };
    for _ in 0..count {
        let bytes = event_bytes(block.tree.size(), size);
        block.tree.push(&bytes);
        block.events.extend_from_slice(&bytes);
    }
    block
}

fn event_bytes(sequence: u64, size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let envelope = Envelope { actor: "a".repeat(size), ..Envelope::default() };
    let header = Header { sequence, timestamp: 1, request: sequence };
    event::encode(header, &Body::Request(envelope), &mut bytes);
    bytes
}
