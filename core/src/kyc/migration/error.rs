//! What is wrong with a migration, and why a case is not moved by one.

use std::fmt;

use super::super::chart::{ChartError, Place, StepError};
use super::super::definition::Refused;

/// What a finding means for the cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The migration is not one between these definitions: no case is moved.
    Wrong,
    /// A case that it concerns is not moved.
    Refused,
    /// A case is moved, and somebody should know.
    Told,
}

impl Weight {
    /// The word for it: `wrong`, `refused`, `told`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Refused => "refused",
            Self::Told => "told",
        }
    }
}

/// What was found about a migration before any case was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationFinding {
    /// What it means for the cases.
    pub weight: Weight,
    /// Where in the migration, and what. What is missing there has the place of what it is missing in.
    pub error: ChartError,
}

impl MigrationFinding {
    pub(in crate::kyc) fn of(weight: Weight, place: &Place, message: String) -> Self {
        Self { weight, error: ChartError { place: place.clone(), message } }
    }
}

/// `wrong: 4:3: states/reviw: the old chart has no state `reviw`: did you mean `review`?`
impl fmt::Display for MigrationFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.weight.name(), self.error)
    }
}

/// Why a case is not moved. It stands as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MigrationError {
    /// The migration is not one between these definitions.
    #[error("the migration does not fit: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unfit(Vec<MigrationFinding>),
    /// The session's states are not such as the old chart can have.
    #[error("the session is not one of the old definition: give the definition that it is on")]
    Foreign,
    /// The session has come to an end.
    #[error("the session has ended: there is nothing to move, keep it with the old definition")]
    Ended,
    /// An active state has no place in the new chart.
    #[error("{0}")]
    State(String),
    /// The mapped states cannot be active together in the new chart.
    #[error("{0}")]
    Configuration(String),
    /// A variable has no place, is missing, or could not be told.
    #[error("{0}")]
    Context(String),
    /// The new context is not as the new schema has it.
    #[error("{0}")]
    Schema(Refused),
    /// A timer has no place.
    #[error("{0}")]
    Timer(String),
    /// What was invoked has no place.
    #[error("{0}")]
    Invoked(String),
    /// What a history state stands for has no place.
    #[error("{0}")]
    History(String),
    /// A bound of sessions is passed, or the chart of a session that was invoked is not to be found.
    #[error("{0}")]
    Step(StepError),
}

impl From<StepError> for MigrationError {
    fn from(error: StepError) -> Self {
        match Refused::from(error) {
            Refused::Step(error) => Self::Step(error),
            refused => Self::Schema(refused),
        }
    }
}

impl MigrationError {
    /// The word for its kind: `unfit`, `foreign`, `ended`, `state`, `configuration`, `context`, `schema`, `timer`, `invoked`, `history`, `step`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unfit(_) => "unfit",
            Self::Foreign => "foreign",
            Self::Ended => "ended",
            Self::State(_) => "state",
            Self::Configuration(_) => "configuration",
            Self::Context(_) => "context",
            Self::Schema(_) => "schema",
            Self::Timer(_) => "timer",
            Self::Invoked(_) => "invoked",
            Self::History(_) => "history",
            Self::Step(_) => "step",
        }
    }
}
