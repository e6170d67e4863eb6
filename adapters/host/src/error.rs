//! What can go wrong: misuse, I/O, a handle that has stopped. A rejected command is no error but an outcome.

use thalium::api::Invalid;
use thalium::ledger::Book;
use thalium::{ReplayError, RequestError};
use thalium_store::StoreError;

/// A field that is at fault.
pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Invalid {
    Invalid { field: field.into(), message: message.into() }
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A question or a command that makes no sense.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Records of rollups that are not what was written.
    #[error(
        "the rollups cannot be read: {0}; the books are not concerned. Restore the directory `rollups` from a copy"
    )]
    Rollups(String),
    /// Decisions on record that are not what was written.
    #[error(
        "the decisions on record cannot be read: {0}; the books are not concerned. Restore the directory `decisions` from a copy"
    )]
    Decisions(String),
    /// Cases that are not what was written.
    #[error(
        "the cases cannot be read: {0}; the books are not concerned. Restore the directory `cases` from a copy"
    )]
    Cases(String),
    /// A table that cannot be written.
    #[cfg(feature = "tables")]
    #[error(transparent)]
    Write(#[from] thalium_tables::WriteError),
    /// A table that cannot be read.
    #[cfg(feature = "tables")]
    #[error("{0}")]
    Table(#[source] thalium_tables::ReadError),
    /// A file that cannot be written.
    #[cfg(feature = "tables")]
    #[error("cannot write `{path}`: {source}")]
    WriteFile {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Personal data without keys to seal it with.
    #[error(
        "personal data needs keys: open the ledger with a key, a key file or a passphrase, and make it with one"
    )]
    NoKeys,
    /// Keys from a seed, for what is kept.
    #[error("`insecure_seed` is for tests in `memory:`: what is kept needs keys that no one knows")]
    Seeded,
    /// Keys of people that cannot be had, or not be destroyed.
    #[error("the keys of people: {0}")]
    Keys(#[from] thalium::port::keys::KeyError),
    /// An address that names no ledger.
    #[error("`{0}` is no address of a ledger: write `memory:`, `file:DIRECTORY` or a directory")]
    Address(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The directory could not be made.
    #[error("cannot create the directory `{path}`: {source}")]
    Create {
        /// The directory.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The log cannot be replayed.
    #[error("the log cannot be replayed: {0}")]
    Replay(#[from] ReplayError),
    /// The replayed state is not the one that the last close left.
    #[error(
        "replaying {events} events gives another state than the one that was closed: the log was changed, or this \
         build folds it differently. Nothing was changed; run `thalium verify`"
    )]
    StateDiffers {
        /// How many events were replayed.
        events: u64,
    },
    /// An object store that cannot be used.
    #[error("the object store at `{address}` cannot be used: {source}")]
    Objects {
        /// Its address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The system gives no thread.
    #[error("cannot start a thread: {0}; the process or the system is at its limit")]
    Thread(std::io::Error),
    /// A command for a ledger that was opened to be read.
    #[error("this ledger was opened to read: open it to write before anything is submitted")]
    ReadOnly,
    /// A ledger that finishes what it has taken.
    #[error(
        "the ledger is draining and takes nothing more: send requests to the one that takes over"
    )]
    Draining,
    /// A ledger in memory, which no one else can read.
    #[error(
        "`memory:` belongs to the one who opened it: give a directory to read beside its writer"
    )]
    NotShared,
    /// A log that is shorter than the size at which to read it.
    #[error("the log has {events} events: it cannot be read as of {at}")]
    NotThatLong {
        /// The size asked for.
        at: u64,
        /// The size that it has.
        events: u64,
    },
    /// A part of the history that cannot be used.
    #[error(transparent)]
    Part(#[from] thalium::PartError),
    /// A part of the history that was written and cannot be read.
    #[error("a part of the history was written and cannot be read: the disk is at fault")]
    PartLost,
    /// A request that is refused as a whole.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// An earlier write failed.
    #[error(
        "the ledger stopped: {why}. What was acknowledged is safe; whether the last requests were booked is known after \
         opening again, by their keys"
    )]
    Stopped {
        /// The failure.
        why: String,
    },
    /// The books do not balance: a fault of this library, never of the caller.
    #[error("the books are broken: {0}")]
    Broken(#[from] thalium::invariants::Broken),
    /// A panic in another thread left the handle in doubt.
    #[error("a panic in another call left this handle in doubt: open the ledger again")]
    Panicked,
}

/// Whether books could read all of the history that they were asked for.
pub(crate) fn readable(book: &Book) -> Result<(), Error> {
    Ok(book.is_readable().map_err(RequestError::from)?)
}

impl Error {
    /// Whether what is on the disk, or what it leads to, is not what was written.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Damaged { .. } | StoreError::Shorter { .. })
                | Self::Replay(_)
                | Self::Broken(_)
                | Self::Decisions(_)
                | Self::Cases(_)
                | Self::StateDiffers { .. }
        )
    }

    /// Whether a directory holds something else than what was to be written there.
    #[must_use]
    pub fn is_occupied(&self) -> bool {
        use StoreError::{CopyAhead, Exists, NewerCopy, NotItsBackup};
        matches!(
            self,
            Self::Store(Exists { .. } | NotItsBackup { .. } | NewerCopy { .. } | CopyAhead { .. })
        )
    }

    /// Whether there is no ledger at the address, so that making one would help.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Store(StoreError::Missing { .. }))
    }
}

impl From<thalium::api::PurposeError> for Error {
    fn from(error: thalium::api::PurposeError) -> Self {
        match error {
            thalium::api::PurposeError::Invalid(invalid) => invalid.into(),
            thalium::api::PurposeError::Key(error) => error.into(),
        }
    }
}
