//! What is not done to rollups, and why.

use super::{NAME, ROLLUPS, RecordError, SCALE};
use crate::rollup::{HierarchyError, IngestError, Refusal, RowFault};

/// What is not done, and why. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RollupError {
    /// A name that is none.
    #[error("`{name}` is no name of a rollup: write 1 to {NAME} of a-z, 0-9, `-`, `_` and `.`")]
    Name {
        /// What was written.
        name: String,
    },
    /// One too many.
    #[error("there are {ROLLUPS} rollups already: drop one that nobody asks")]
    TooMany,
    /// There is none of a name.
    #[error("there is no rollup `{name}`: define it, or ask for the list")]
    Unknown {
        /// The name.
        name: String,
    },
    /// What one is made of cannot be that.
    #[error("cannot be `{of}`: {why}")]
    Of {
        /// What it is.
        of: String,
        /// Why not.
        why: OfFault,
    },
    /// Others are made of it.
    #[error("`{other}` is made of it: drop that first")]
    HasOthers {
        /// Which.
        other: String,
    },
    /// It has no trades of its own.
    #[error("is made of the trades of `{of}`: give them to that")]
    NotOwn {
        /// Of which.
        of: String,
    },
    /// Levels that are none.
    #[error(transparent)]
    Levels(#[from] HierarchyError),
    /// A length of time that is none.
    #[error("is no length of time that it can be, or of a level that is not there twice")]
    Span {
        /// Of what.
        field: &'static str,
    },
    /// Too many digits.
    #[error("is {scale}: at most {SCALE} digits behind the point are kept")]
    Scale {
        /// Of what.
        field: &'static str,
        /// How many.
        scale: u8,
    },
    /// Other digits than the trades have.
    #[error("is {own} for the trades that are there, and cannot become {next}")]
    OtherScale {
        /// Of what.
        field: &'static str,
        /// How many there are.
        own: u8,
        /// How many there were to be.
        next: u8,
    },
    /// Trades that are not taken.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A trade that is ahead of the clock.
    #[error(transparent)]
    Ahead(RowFault),
    /// A trade that is not changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is not complete: a fault of whoever builds it.
    #[error("is not complete: record {next} of {records} comes next")]
    Incomplete {
        /// Which comes next.
        next: u64,
        /// How many there are.
        records: u64,
    },
    /// A record that cannot be written, or is none.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// Why a rollup cannot be made of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfFault {
    /// There is none of that name.
    #[error("there is no such rollup")]
    Unknown,
    /// That one has no trades of its own.
    #[error("that one is made of another; name the one that has the trades")]
    NotOwn,
    /// It has trades, or others are made of it.
    #[error("it has trades of its own, or others are made of it")]
    HasTrades,
}

impl RollupError {
    /// The field of a definition that is at fault, or `rollup`.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Name { .. } | Self::TooMany | Self::HasOthers { .. } => "name",
            Self::Of { .. } => "of",
            Self::Levels(_) => "levels",
            Self::Span { field } | Self::Scale { field, .. } | Self::OtherScale { field, .. } => {
                field
            }
            Self::Ingest(_) => "trades",
            Self::Refused(Refusal::NotFound | Refusal::Differs) => "id",
            Self::Refused(Refusal::Merge(_)) => "quantity",
            Self::Refused(Refusal::NotKept)
            | Self::Unknown { .. }
            | Self::NotOwn { .. }
            | Self::Incomplete { .. }
            | Self::Record(_) => "rollup",
            Self::Refused(_) | Self::Ahead(_) => "at",
        }
    }
}
