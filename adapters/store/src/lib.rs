//! The embedded store: a directory with an append-only journal, and nothing that a server would have to run.
//!
//! It stores and carries; it decides nothing. What is in the files is written down byte by byte in `docs/format.md`.
//!
//! - One writer per directory, held by a file lock; any number of readers beside it, which it does not notice.
//! - A block is acknowledged when `fdatasync` has returned. After a failed write or sync the journal takes no more.
//! - Opening cuts a torn tail at the last whole block and says so; damage before the tail refuses to open and says
//!   where.

#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod backup;
mod behind;
mod cipher;
pub mod disk;
mod end;
mod error;
mod files;
mod format;
mod image;
mod inspect;
mod journal;
mod keyring;
mod mark;
#[cfg(feature = "objects")]
pub mod objects;
mod part;
mod reader;
mod records;
mod restore;
mod scan;
mod seal;
mod sealed_keys;
mod snapshot;
mod versions;
mod visit;
mod whole;

pub use backup::{Backup, Step, backup, copy, marked};
pub use behind::Behind;
pub use end::End;
pub use error::StoreError;
pub use format::SEGMENT_LEN;
pub use image::Image;
pub use inspect::{FileFound, FileKind, Inspection, inspect};
pub use journal::{Options, Preparer, StoreJournal};
pub use keyring::{Keyring, KeyringReport, RewrapProgress, carry_over};
pub use part::{Archive, PartReader, Sealed};
pub use reader::{Reader, WriterLock};
pub use records::Records;
pub use restore::{Restored, Until, restore};
pub use scan::{Recovery, Torn, verify};
pub use seal::Seal;
pub use sealed_keys::SealedKeys;
pub use snapshot::Snapshot;
pub use visit::{BlockPlace, Events, Visit};
