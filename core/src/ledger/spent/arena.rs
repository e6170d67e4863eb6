//! The memory of the tables.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::pages::{Chunk, Pages};

/// Memory for the tables, cut from chunks of the host's.
#[derive(Debug)]
pub(super) struct Arena {
    pages: Arc<dyn Pages>,
    chunks: Vec<Held>,
    /// The chunk that pieces are cut from, and how much of it is cut off.
    current: usize,
    used: usize,
}

/// A chunk, and how many of its pieces are in use.
struct Held {
    chunk: Box<dyn Chunk>,
    pieces: usize,
}

/// A piece of a chunk.
#[derive(Debug)]
pub(super) struct Piece {
    chunk: usize,
    range: Range<usize>,
}

impl Arena {
    const CHUNK_LEN: usize = 16 << 20;

    pub(super) fn new(pages: Arc<dyn Pages>) -> Self {
        Self { pages, chunks: Vec::new(), current: 0, used: Self::CHUNK_LEN }
    }

    pub(super) fn piece(&mut self, len: usize) -> Piece {
        if self.used + len > Self::CHUNK_LEN {
            self.begin_chunk();
        }
        let range = self.used..self.used + len;
        self.used = range.end;
        if let Some(held) = self.chunks.get_mut(self.current) {
            held.pieces += 1;
        }
        Piece { chunk: self.current, range }
    }

    /// Gives a piece back; a chunk without pieces is cut anew.
    pub(super) fn free(&mut self, piece: &Piece) {
        if let Some(held) = self.chunks.get_mut(piece.chunk) {
            held.pieces -= 1;
        }
    }

    fn begin_chunk(&mut self) {
        let free = self.chunks.iter().position(|held| held.pieces == 0);
        self.current = free.unwrap_or(self.chunks.len());
        self.used = 0;
        if free.is_none() {
            self.chunks.push(Held { chunk: self.pages.chunk(Self::CHUNK_LEN), pieces: 0 });
        }
    }

    pub(super) fn bytes(&self, piece: &Piece) -> &[u8] {
        let chunk = self.chunks.get(piece.chunk).map(|held| held.chunk.bytes());
        chunk.and_then(|chunk| chunk.get(piece.range.clone())).unwrap_or_default()
    }

    #[inline]
    pub(super) fn bytes_mut(&mut self, piece: &Piece) -> &mut [u8] {
        let chunk = self.chunks.get_mut(piece.chunk).map(|held| held.chunk.bytes_mut());
        chunk.and_then(|chunk| chunk.get_mut(piece.range.clone())).unwrap_or_default()
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pieces of {} bytes", self.pieces, self.chunk.bytes().len())
    }
}
