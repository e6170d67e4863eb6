//! Why a bundle is refused.

use std::fmt;

use crate::policy::rego::LoadError;

/// Why a bundle is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// A file is wrong.
    #[error("{file}: {message}")]
    File {
        /// Its name in the bundle.
        file: String,
        /// What is wrong, and what to do.
        message: String,
    },
    /// The policy cannot be loaded.
    #[error(transparent)]
    Policy(#[from] LoadError),
}

pub(super) fn refuse(file: &str, message: impl fmt::Display) -> BundleError {
    BundleError::File { file: file.to_owned(), message: message.to_string() }
}
