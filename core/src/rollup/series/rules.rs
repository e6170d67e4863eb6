//! How a series is folded, what it keeps of a bucket, and what is told of its changes.

use crate::rollup::{Hierarchy, MergeError, OutOfRange};

/// What becomes of entries whose bucket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// They are refused.
    Refuse,
    /// They are folded in for so many nanoseconds after the end of their bucket. What was folded in cannot be taken back.
    Merge {
        /// How long.
        horizon: i64,
    },
    /// All entries are kept for so many nanoseconds after the end of their bucket. As long they can be added, corrected and taken back.
    Correct {
        /// How long.
        horizon: i64,
    },
}

impl Late {
    pub(in crate::rollup) const fn horizon(self) -> i64 {
        match self {
            Self::Refuse => 0,
            Self::Merge { horizon } | Self::Correct { horizon } => horizon,
        }
    }

    pub(in crate::rollup) const fn is_kept(self) -> bool {
        matches!(self, Self::Correct { .. })
    }
}

/// How a series is folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Into which buckets.
    pub levels: Hierarchy,
    /// How far the watermark is behind the newest instant, in nanoseconds: how much out of order entries may come.
    pub delay: i64,
    /// What becomes of what is later.
    pub late: Late,
}

/// A bucket in which something has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket<A> {
    /// When it begins.
    pub start: i64,
    /// When it ends, and the next begins.
    pub end: i64,
    /// How often it was changed since it was closed.
    pub revision: u32,
    /// What has happened in it; `None` where all of it was taken back.
    pub value: Option<A>,
}

/// Why a closed bucket was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Something was added that is late.
    Late,
    /// Something was corrected.
    Corrected,
    /// Something was taken back.
    Removed,
}

/// What has become of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The watermark has passed the end of a bucket.
    Closed {
        /// Of which level, from zero.
        level: usize,
        /// When it begins.
        start: i64,
    },
    /// A closed bucket was changed.
    Revised {
        /// Of which level, from zero.
        level: usize,
        /// When it begins.
        start: i64,
        /// For the how manieth time.
        revision: u32,
        /// Why.
        cause: Cause,
    },
    /// Something was not taken.
    Refused {
        /// When it was, and which of those at that instant.
        key: (i64, u64),
        /// Why it was not.
        why: Refusal,
    },
}

/// Why something is not taken. Then nothing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its bucket is closed, and the horizon has passed.
    #[error(
        "is late: its bucket ended at {end}, and what ended by {closed} is not changed any more"
    )]
    Late {
        /// When its bucket ended.
        end: i64,
        /// What ended by then is not changed.
        closed: i64,
    },
    /// Buckets of that time were dropped.
    #[error(
        "is of a time whose buckets were dropped: what was before {before} is not there any more"
    )]
    Expired {
        /// What was before is not there.
        before: i64,
    },
    /// Another entry has the instant and the sequence.
    #[error(
        "another entry has this instant and sequence: correct that, or give this another sequence"
    )]
    Differs,
    /// No entry has the instant and the sequence.
    #[error("no entry has this instant and sequence")]
    NotFound,
    /// Entries are not kept, so that none can be corrected or taken back.
    #[error("entries of this series are not kept: none can be corrected or taken back")]
    NotKept,
    /// An instant out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Sums that cannot be counted.
    #[error(transparent)]
    Merge(#[from] MergeError),
}

/// Whether an entry was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It was not.
    New,
    /// The same was: nothing has changed.
    Again,
}
