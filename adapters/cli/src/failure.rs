//! How a command ends when it does not end well, and the exit code for it.

use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A command was rejected; the output has said so already.
    #[error("rejected")]
    Rejected,
    /// Arguments or input that make no sense.
    #[error("{0}")]
    Usage(String),
    /// The store failed.
    #[error("{0}")]
    Store(String),
    /// The store is damaged.
    #[error("{0}")]
    Damaged(String),
    /// The output cannot be written.
    #[error("{0}")]
    Output(String),
    /// Whoever reads the output has gone.
    #[error("the output was closed")]
    Closed,
}

impl Failure {
    /// Text that cannot be used.
    pub(crate) fn usage(message: impl ToString) -> Self {
        Self::Usage(message.to_string())
    }

    /// The exit code that `--help` documents.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Closed => ExitCode::SUCCESS,
            Self::Rejected => ExitCode::from(1),
            Self::Usage(_) => ExitCode::from(2),
            Self::Store(_) | Self::Damaged(_) | Self::Output(_) => ExitCode::from(3),
        }
    }

    /// The stable name of what went wrong, for machines.
    pub(crate) fn status(&self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Usage(_) => "usage",
            Self::Store(_) => "store_failed",
            Self::Damaged(_) => "damaged",
            Self::Output(_) => "output_failed",
            Self::Closed => "output_closed",
        }
    }

    /// What to print, if it was not printed already.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Rejected | Self::Closed => None,
            Self::Usage(message)
            | Self::Store(message)
            | Self::Damaged(message)
            | Self::Output(message) => Some(message),
        }
    }
}

impl From<thalium_host::Error> for Failure {
    fn from(error: thalium_host::Error) -> Self {
        use thalium_host::Error as E;
        let usage = error.is_missing()
            || error.is_occupied()
            || matches!(
                error,
                E::Address(_)
                    | E::Invalid(_)
                    | E::NoKeys
                    | E::Request(_)
                    | E::NotShared
                    | E::NotThatLong { .. }
                    | E::ReadOnly
            );
        match error {
            error if usage => Self::Usage(error.to_string()),
            error if error.is_damaged() => Self::Damaged(error.to_string()),
            error => Self::Store(error.to_string()),
        }
    }
}

impl From<thalium_host::ChartFault> for Failure {
    fn from(error: thalium_host::ChartFault) -> Self {
        Self::usage(error)
    }
}

impl From<thalium_host::CaseFault> for Failure {
    fn from(error: thalium_host::CaseFault) -> Self {
        match error {
            thalium_host::CaseFault::Ledger(error) => error.into(),
            thalium_host::CaseFault::Chart(error) => error.into(),
            thalium_host::CaseFault::Policy(error) => error.into(),
        }
    }
}

impl From<thalium_host::PolicyError> for Failure {
    fn from(error: thalium_host::PolicyError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<thalium_host::OnRecordError> for Failure {
    fn from(error: thalium_host::OnRecordError) -> Self {
        match error {
            thalium_host::OnRecordError::Ledger(error) => error.into(),
            thalium_host::OnRecordError::Policy(error) => error.into(),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        Self::Output(format!("cannot write the output: {error}"))
    }
}
