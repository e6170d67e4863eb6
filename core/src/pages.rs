//! Where the memory of the log in memory comes from.
//!
//! A history grows by fresh memory. What that costs is the system's business and can exceed the cost of deciding (a page
//! fault for every 4 KiB), so a host may bring larger pages; without one the allocator's serve.

use std::fmt;

/// Gives out memory.
pub trait Pages: fmt::Debug + Send + Sync {
    /// Exactly `len` bytes, whatever they hold.
    fn chunk(&self, len: usize) -> Box<dyn Chunk>;
}

/// Memory that was given out; it is returned when it is dropped.
pub trait Chunk: Send + Sync {
    /// All of it.
    fn bytes(&self) -> &[u8];

    /// All of it, to be written.
    fn bytes_mut(&mut self) -> &mut [u8];
}

/// The allocator's memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heap;

impl Pages for Heap {
    fn chunk(&self, len: usize) -> Box<dyn Chunk> {
        Box::new(vec![0; len])
    }
}

impl Chunk for Vec<u8> {
    fn bytes(&self) -> &[u8] {
        self
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self
    }
}
