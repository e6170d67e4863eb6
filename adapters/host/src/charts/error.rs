//! Why there is no chart, or no step.

use thalium::kyc::chart::{ChartError, DrawError, StepError};
use thalium::kyc::{ChartErrors, Refused};

/// Why there is no chart, or no step of it.
#[derive(Debug, thiserror::Error)]
pub enum ChartFault {
    /// Its file cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// Where.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is refused, with all that is wrong.
    #[error(transparent)]
    Chart(#[from] ChartErrors),
    /// It cannot be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// The event was refused; the case stands as it was.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// What was kept is no session.
    #[error("is no session that was kept: {0}")]
    Session(String),
    /// It is a session of another version of the chart.
    #[error(
        "the session `{session}` was begun with the version {theirs} of its chart, and this is {ours}: open that one"
    )]
    Version {
        /// The session's id.
        session: String,
        /// The digest of its chart.
        theirs: String,
        /// The digest of this one.
        ours: String,
    },
}

impl From<Vec<ChartError>> for ChartFault {
    fn from(errors: Vec<ChartError>) -> Self {
        Self::Chart(ChartErrors(errors))
    }
}

impl From<StepError> for ChartFault {
    fn from(error: StepError) -> Self {
        Self::Refused(Refused::Step(error))
    }
}
