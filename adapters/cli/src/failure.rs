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
    /// The store failed or is damaged.
    #[error("{0}")]
    Store(String),
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
            Self::Store(_) => ExitCode::from(3),
        }
    }

    /// What to print, if it was not printed already.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Rejected | Self::Closed => None,
            Self::Usage(message) | Self::Store(message) => Some(message),
        }
    }
}

impl From<thalium_host::Error> for Failure {
    fn from(error: thalium_host::Error) -> Self {
        let usage = error.is_missing()
            || matches!(error, thalium_host::Error::Address(_) | thalium_host::Error::Request(_));
        if usage { Self::Usage(error.to_string()) } else { Self::Store(error.to_string()) }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        Self::Usage(format!("cannot write the output: {error}"))
    }
}
