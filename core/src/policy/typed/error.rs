//! Why a definition, or a fact, is refused.

use std::fmt;

/// What is wrong with a definition, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct TypedError {
    /// Where in the document, such as `rules[3].check.amount`.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

impl TypedError {
    pub(super) fn new(path: impl fmt::Display, message: impl fmt::Display) -> Self {
        Self { path: path.to_string(), message: message.to_string() }
    }
}

/// A fact that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fact `{name}` {fault}")]
pub struct FactsError {
    /// Its name.
    pub name: String,
    /// What is wrong with it.
    pub fault: FactFault,
}

/// What is wrong with a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactFault {
    /// The program does not know the name.
    #[error("is not declared")]
    Unknown,
    /// It is of another type.
    #[error("is of another type than it is declared with")]
    Kind,
    /// It is longer, or has more elements, than is taken.
    #[error("is too large")]
    TooLarge,
    /// A permission that is no `resource:action`, or has a `*`.
    #[error("is no permission: write `resource:action`")]
    Permission,
    /// A time that is none.
    #[error("is no time of RFC 3339")]
    Instant,
}

/// The beginning of a name that was written, to be shown.
pub(super) fn excerpt(name: &str) -> String {
    name.chars().take(64).collect()
}
