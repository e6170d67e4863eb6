//! Why a policy is refused when it is loaded, and why a query ends without an answer.

use std::fmt;
use std::sync::Arc;

use super::builtin::Exhausted;

/// A place in a policy: rows and columns count from one; columns count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u32,
}

/// What kind of refusal it is, by OPA's code for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The text is no Rego.
    Parse,
    /// The policy means nothing: an undefined function, a conflict, a wrong import.
    Compile,
    /// A variable that nothing binds.
    Unsafe,
    /// A rule that depends on itself.
    Recursion,
    /// A call with too few or too many arguments, or of the wrong type.
    Type,
    /// What Rego has and this engine refuses.
    Unsupported,
}

impl Refused {
    /// OPA's code; what only this engine refuses has its own.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Parse => "rego_parse_error",
            Self::Compile => "rego_compile_error",
            Self::Unsafe => "rego_unsafe_var_error",
            Self::Recursion => "rego_recursion_error",
            Self::Type => "rego_type_error",
            Self::Unsupported => "rego_unsupported_error",
        }
    }
}

/// Why a policy is refused when it is loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {}: {message}", at.row, at.column, kind.code())]
pub struct LoadError {
    /// What kind it is.
    pub kind: Refused,
    /// The file, by the name that it was loaded under.
    pub file: Arc<str>,
    /// Where in it.
    pub at: Place,
    /// What is wrong.
    pub message: String,
}

/// A refusal that has yet to be told its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) kind: Refused,
    pub(super) at: Place,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(kind: Refused, at: Place, message: impl fmt::Display) -> Self {
        Self { kind, at, message: message.to_string() }
    }

    pub(super) fn within(self, file: &Arc<str>) -> LoadError {
        LoadError { kind: self.kind, file: Arc::clone(file), at: self.at, message: self.message }
    }
}

/// Why a query ends without an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {}", site(.0), .0.kind.code(), .0.message)]
pub struct EvalError(Box<Failed>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Failed {
    kind: Failure,
    at: Option<(Arc<str>, u32)>,
    message: String,
}

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Rules that contradict one another.
    Conflict,
    /// An operand of the wrong type. Only where built-in errors are strict.
    Type,
    /// A built-in function that has no answer. Only where built-in errors are strict.
    Builtin,
    /// The query used up what it may.
    Exhausted(Exhausted),
    /// A function that reaches outside of the engine was called.
    Refused,
    /// A rule that came to need itself: a fault of the engine, which refuses such rules when they are loaded.
    Internal,
}

impl Failure {
    /// OPA's code; what only this engine has is its own.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Conflict => "eval_conflict_error",
            Self::Type => "eval_type_error",
            Self::Builtin => "eval_builtin_error",
            Self::Exhausted(_) => "eval_exhausted_error",
            Self::Refused => "eval_refused_error",
            Self::Internal => "eval_internal_error",
        }
    }
}

impl EvalError {
    pub(super) fn new(kind: Failure, message: impl fmt::Display) -> Self {
        Self(Box::new(Failed { kind, at: None, message: message.to_string() }))
    }

    pub(super) fn at(mut self, file: Arc<str>, row: u32) -> Self {
        self.0.at.get_or_insert((file, row));
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub const fn kind(&self) -> Failure {
        self.0.kind
    }

    /// OPA's code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.0.kind.code()
    }
}

fn site(failed: &Failed) -> String {
    failed.at.as_ref().map_or_else(String::new, |(file, row)| format!("{file}:{row}: "))
}

impl From<Exhausted> for EvalError {
    fn from(error: Exhausted) -> Self {
        Self::new(Failure::Exhausted(error), error)
    }
}
