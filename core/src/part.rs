//! Parts of the history that a host keeps outside of memory: what a part is made of, and how it is read again.
//!
//! The log grows in memory. From time to time a host [cuts](crate::Engine::cut) it, writes an [`Index`] of what was cut
//! beside the journal that holds the events, and hands both back as a [`Part`]; then the memory is free. An index is
//! derived from events and can be made again from them, so it is no source of truth.
//!
//! `docs/format.md` writes an index down byte by byte.

mod build;
mod pages;
mod summary;

use std::fmt;
use std::sync::Arc;

pub use build::{Cut, Index};
pub(crate) use build::{Expiry, date_key, fingerprint, upper_half};
pub(crate) use pages::{Directory, Entry, Stray};
pub(crate) use summary::Summary;
pub use summary::{SummaryError, VERSION};

/// Bytes of a page of an index. A host adds up to 16 of its own (a checksum, a tag) to fill a sector.
pub const PAGE_LEN: usize = 4080;

/// A part of the history, kept by the host: events that follow one another, and the pages of their index.
pub trait Part: fmt::Debug + Send + Sync {
    /// Whole events, one behind the other, from that of a sequence on: as many as `bytes` hold, and at least that one.
    ///
    /// # Errors
    /// What was read is damaged or could not be read.
    fn events(&self, sequence: u64, bytes: usize) -> Result<Arc<[u8]>, Unreadable>;

    /// A page of the index.
    ///
    /// # Errors
    /// As [`Part::events`].
    fn page(&self, number: u32) -> Result<Arc<[u8; PAGE_LEN]>, Unreadable>;
}

/// History that could not be read: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("history could not be read: {0}")]
pub struct Unreadable(pub String);

#[cfg(test)]
#[path = "part_tests.rs"]
mod tests;
