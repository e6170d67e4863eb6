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
    /// How much of the last chunk is cut off.
    used: usize,
}

struct Held(Box<dyn Chunk>);

/// A piece of a chunk.
#[derive(Debug)]
pub(super) struct Piece {
    chunk: usize,
    range: Range<usize>,
}

impl Arena {
    const CHUNK_LEN: usize = 16 << 20;

    pub(super) fn new(pages: Arc<dyn Pages>) -> Self {
        Self { pages, chunks: Vec::new(), used: 0 }
    }

    pub(super) fn piece(&mut self, len: usize) -> Piece {
        if self.chunks.is_empty() || self.used + len > Self::CHUNK_LEN {
            self.chunks.push(Held(self.pages.chunk(Self::CHUNK_LEN)));
            self.used = 0;
        }
        let range = self.used..self.used + len;
        self.used = range.end;
        Piece { chunk: self.chunks.len() - 1, range }
    }

    pub(super) fn bytes(&self, piece: &Piece) -> &[u8] {
        let chunk = self.chunks.get(piece.chunk).map(|held| held.0.bytes());
        chunk.and_then(|chunk| chunk.get(piece.range.clone())).unwrap_or_default()
    }

    #[inline]
    pub(super) fn bytes_mut(&mut self, piece: &Piece) -> &mut [u8] {
        let chunk = self.chunks.get_mut(piece.chunk).map(|held| held.0.bytes_mut());
        chunk.and_then(|chunk| chunk.get_mut(piece.range.clone())).unwrap_or_default()
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.bytes().len())
    }
}
