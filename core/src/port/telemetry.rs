//! The telemetry port: who is told what a ledger does and how long it takes, as it happens.
//!
//! No name, id, key or amount is ever told.

use std::fmt;
use std::time::Duration;

/// A step on the way of a request, or of the history to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Opening: what was recovered, and read again.
    Open,
    /// Deciding a request.
    Decide,
    /// Hashing its events into the tree.
    Hash,
    /// Writing a block and waiting until it is durable.
    Write,
    /// What a caller waited for its outcomes to be durable.
    Durable,
    /// Putting a run of the history into a part.
    Part,
    /// Writing an image of the state.
    Image,
}

impl Stage {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Decide, Self::Hash, Self::Write, Self::Durable, Self::Part, Self::Image];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Decide => "decide",
            Self::Hash => "hash",
            Self::Write => "write",
            Self::Durable => "durable",
            Self::Part => "part",
            Self::Image => "image",
        }
    }
}

/// Something that is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// A stage took so long.
    Took(Stage, Duration),
    /// A request was decided: how many of its commands were booked, recognised as retries of what was booked, and
    /// rejected.
    Decided {
        /// Booked.
        booked: u64,
        /// Booked before.
        replayed: u64,
        /// Rejected.
        rejected: u64,
    },
    /// So many events were folded again since opening began; told every 65,536 events.
    Recovered(u64),
    /// How much there is of something, by the name that it has in the metrics; told whenever a host is asked for its
    /// health or its metrics.
    Level(&'static str, u64),
}

/// Is told. An implementation returns at once: it is called where requests are decided and written.
pub trait Telemetry: fmt::Debug + Send + Sync {
    /// Takes note of something.
    fn record(&self, sample: Sample);
}
