//! What can go wrong with a store: what, where, and what to do.

use std::io;

/// Why a store cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process or handle writes the directory.
    #[error(
        "the store at `{place}` is in use by another writer: close that one first, or open a copy"
    )]
    Locked {
        /// The directory.
        place: String,
    },
    /// A directory without a journal.
    #[error("there is no store at `{place}`: create one with `thalium init`")]
    Missing {
        /// The directory.
        place: String,
    },
    /// A directory that has a journal already.
    #[error("there is a store at `{place}` already: open it, or choose an empty directory")]
    Exists {
        /// The directory.
        place: String,
    },
    /// A directory that holds something else than a copy of the journal.
    #[error(
        "`{place}` holds no backup of this store: give an empty directory, or that of its own last backup"
    )]
    NotItsBackup {
        /// The directory.
        place: String,
    },
    /// A copy of what was restored from this journal's copies, or of what it was restored into.
    #[error(
        "`{place}` holds generation {generation} of the store, which is newer than this one, generation {own}: copy the \
         store that was restored last, or give an empty directory"
    )]
    NewerCopy {
        /// The directory of the copy.
        place: String,
        /// Its generation.
        generation: u64,
        /// The journal's.
        own: u64,
    },
    /// A copy that has what its journal has not.
    #[error(
        "the copy at `{place}` has {events} events, and the last of them are not in this store, which was put back to an \
         earlier state: restore the copy, or give an empty directory"
    )]
    CopyAhead {
        /// The directory of the copy.
        place: String,
        /// The events in the copy.
        events: u64,
    },
    /// What is in the directory is encrypted, and no key was given.
    #[error("the store at `{place}` is encrypted: give the key that it was encrypted with")]
    Sealed {
        /// The directory.
        place: String,
    },
    /// What is in the directory is not encrypted.
    #[error("the store at `{place}` is not encrypted: back it up and restore it under a key")]
    Unsealed {
        /// The directory.
        place: String,
    },
    /// A key that cannot be had, or is another.
    #[error("the store at `{place}` cannot be decrypted: {what}")]
    Key {
        /// The directory.
        place: String,
        /// What is wrong with the key, and what to do.
        what: String,
    },
    /// The disk refused.
    #[error("cannot {what} `{name}` in `{place}`: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file.
        name: String,
        /// In which directory.
        place: String,
        /// What the disk said.
        source: io::Error,
    },
    /// Bytes that were durable are no longer what was written.
    #[error(
        "the store is damaged: `{name}`, byte {offset}, block {block}: {what}. Nothing was changed; restore the file \
         from a copy"
    )]
    Damaged {
        /// The file.
        name: String,
        /// Where in it.
        offset: u64,
        /// In which block.
        block: u64,
        /// What does not fit.
        what: String,
    },
    /// The files are of a version that this build does not know.
    #[error(
        "`{name}` has format version {version}, this build knows versions up to {known}: open it with a newer build. \
         Nothing was changed"
    )]
    Version {
        /// The file.
        name: String,
        /// Its version.
        version: u16,
        /// The newest that this build knows.
        known: u16,
    },
    /// Parts of another journal's history, or of this one before it went another way.
    #[error(
        "the parts of the history in this directory end with event {events} as another journal does: remove the files \
         `part-*.idx` and `image` and open again, they are made anew"
    )]
    OtherHistory {
        /// The event at which they part ways.
        events: u64,
    },
    /// A journal that is shorter than what was derived from it.
    #[error(
        "the journal ends after {events} events, though a part of its history knows of {known}: events that were durable \
         are lost. Nothing was changed; restore the journal from a copy"
    )]
    Shorter {
        /// The events that are there.
        events: u64,
        /// The events that were there.
        known: u64,
    },
    /// An earlier write failed, so what is on the disk is known only after reopening.
    #[error("the store stopped after an earlier failure: reopen it; what was acknowledged is safe")]
    Stopped,
    /// A block that does not continue the journal.
    #[error("the block begins at event {got}, the journal ends at {expected}")]
    OutOfOrder {
        /// Where the block begins.
        got: u64,
        /// Where the journal ends.
        expected: u64,
    },
    /// A block too large to be written.
    #[error("the block has {0} bytes of events, at most 1 GiB can be written at once")]
    TooLarge(usize),
}
