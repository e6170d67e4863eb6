//! Failures under stable names.

use std::any::Any;

use serde::{Deserialize, Serialize};
use thalium::RequestError;
use thalium::policy::snapshot::DecideError;
use thalium_store::StoreError;

use super::command::Unreadable;
use crate::Error;

macro_rules! codes {
    ($($code:ident $text:literal $about:literal,)*) => {
        /// Every code of a failure, with what it means and what to do. A code is a promise: it is never given to another
        /// failure.
        pub const CODES: &[(&str, &str)] = &[$(($text, $about),)*];
        $(pub(super) const $code: &str = $text;)*
    };
}

codes! {
    INVALID "invalid" "A request that makes no sense; `field` says where. Nothing was done.",
    ADDRESS "address" "An address that names no ledger.",
    MISSING "missing" "There is no ledger at the address, and it was not to be made.",
    OCCUPIED "occupied" "What was to be written to holds something else already.",
    LOCKED "locked" "Another writes the ledger: close that one, wait for it, or open to read.",
    READ_ONLY "read_only" "The ledger was opened to read.",
    DRAINING "draining" "The ledger finishes what it has taken: send requests to the one that takes over.",
    NOT_THAT_LONG "not_that_long" "The log is shorter than the size at which to read it.",
    TOO_LARGE "too_large" "A request past a bound: send less at a time.",
    CLOCK "clock" "An instant that is out of range or far ahead of the log's newest: check the clock.",
    KEYS "keys" "The key is missing, is another, or the ledger is not encrypted.",
    VERSION "version" "The files are of a newer format: open them with a newer build.",
    DAMAGED "damaged" "What is on the disk is not what was written: restore it from a copy.",
    IO "io" "The disk or the system refused.",
    STOPPED "stopped" "The ledger stopped after a failure. What was acknowledged is safe; whether the last requests were booked is known after opening again, by their keys.",
    PANICKED "panicked" "A fault of this library stopped the ledger: open it again, and report it.",
    CLOSED "closed" "The handle was closed, or the process was forked since it was opened: open the ledger again.",
    UNSUPPORTED "unsupported" "This build cannot do it.",
    POLICY "policy" "A policy that is refused, with the file and the row: nothing was loaded.",
    CHART "chart" "A chart that is refused, with all that is wrong by row, column and path: nothing was loaded.",
    REFUSED "refused" "An event that a session cannot take: it has ended, a budget is used up, or its data would not be as its schema has it. The session stands as it was.",
    UNDECIDED "undecided" "A policy that came to no answer: rules that contradict each other, a budget used up, or an answer that is no verdict. It is no permission: deny.",
}

/// A failure as plain data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Its stable name, one of [`CODES`].
    pub code: String,
    /// What went wrong, where, and what to do, for people.
    pub message: String,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
}

impl Failure {
    /// A request that makes no sense.
    pub(super) fn usage(field: &str, message: impl ToString) -> Self {
        let message = format!("{field}: {}", message.to_string());
        Self { code: INVALID.to_owned(), message, field: Some(field.to_owned()) }
    }

    /// What was asked with is well formed, and refused.
    pub(super) fn refused(field: &str, message: String) -> Self {
        Self { code: REFUSED.to_owned(), message, field: Some(field.to_owned()) }
    }

    /// JSON that does not hold what was expected.
    pub(super) fn unread(error: &serde_json::Error) -> Self {
        Self { code: INVALID.to_owned(), message: error.to_string(), field: None }
    }

    /// A command that cannot be read.
    pub(super) fn of_command(index: usize, error: &Unreadable) -> Self {
        Self::of_field(&format!("commands[{index}]"), error)
    }

    /// What cannot be read in a field.
    pub(super) fn of_field(field: &str, error: &Unreadable) -> Self {
        let dot = if error.field.is_empty() { "" } else { "." };
        Self::usage(&format!("{field}{dot}{}", error.field), &error.message)
    }

    /// A key that cannot be had, or is none.
    pub(super) fn keys(error: impl ToString) -> Self {
        Self { code: KEYS.to_owned(), message: error.to_string(), field: None }
    }

    /// What this build cannot do.
    #[cfg(not(all(feature = "tables", feature = "blnk")))]
    pub(super) fn unsupported(what: &str) -> Self {
        Self { code: UNSUPPORTED.to_owned(), message: what.to_owned(), field: None }
    }

    /// A handle that was closed.
    #[must_use]
    pub fn closed(message: &str) -> Self {
        Self { code: CLOSED.to_owned(), message: message.to_owned(), field: None }
    }

    /// A panic that was caught at the border of a language.
    #[must_use]
    pub fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::panicked(text.unwrap_or("a panic"))
    }

    /// A fault of this library.
    #[must_use]
    pub fn panicked(what: &str) -> Self {
        let message =
            format!("a fault of this library: {what}. Open the ledger again, and report it");
        Self { code: PANICKED.to_owned(), message, field: None }
    }
}

impl From<Unreadable> for Failure {
    fn from(error: Unreadable) -> Self {
        if error.field.is_empty() {
            let message = format!("the request {}", error.message);
            return Self { code: INVALID.to_owned(), message, field: None };
        }
        Self::usage(&error.field, error.message)
    }
}

#[cfg(feature = "tables")]
impl From<thalium_tables::PostsError> for Failure {
    fn from(error: thalium_tables::PostsError) -> Self {
        let message = error.to_string();
        Self { code: INVALID.to_owned(), message, field: Some(error.column) }
    }
}

#[cfg(feature = "tables")]
impl From<crate::ColumnsError> for Failure {
    fn from(error: crate::ColumnsError) -> Self {
        match error {
            crate::ColumnsError::Columns(error) => error.into(),
            crate::ColumnsError::Ledger(error) => error.into(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let field = match &error {
            Error::Invalid(invalid) => Some(invalid.field.to_string()),
            _ => None,
        };
        Self { code: error.code().to_owned(), message: error.to_string(), field }
    }
}

impl Error {
    /// The stable name of the failure: one of [`wire::CODES`](crate::wire::CODES).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => INVALID,
            Self::NoKeys | Self::Keys(_) | Self::Seeded => KEYS,
            Self::Address(_) | Self::NotShared => ADDRESS,
            Self::ReadOnly => READ_ONLY,
            Self::Draining => DRAINING,
            Self::NotThatLong { .. } => NOT_THAT_LONG,
            Self::Objects { source, .. } if source.kind() == std::io::ErrorKind::Unsupported => {
                UNSUPPORTED
            }
            Self::Create { .. } | Self::Thread(_) | Self::Objects { .. } => IO,
            Self::Stopped { .. } => STOPPED,
            Self::Panicked => PANICKED,
            Self::Replay(_)
            | Self::Rollups(_)
            | Self::Decisions(_)
            | Self::Cases(_)
            | Self::StateDiffers { .. }
            | Self::Part(_)
            | Self::PartLost
            | Self::Broken(_) => DAMAGED,
            Self::Request(error) => of_request(error),
            Self::Store(error) => of_store(error),
            #[cfg(feature = "tables")]
            Self::Write(_) | Self::WriteFile { .. } => IO,
            #[cfg(feature = "tables")]
            Self::Table(_) => INVALID,
        }
    }
}

impl From<crate::OnRecordError> for Failure {
    fn from(error: crate::OnRecordError) -> Self {
        match error {
            crate::OnRecordError::Ledger(error) => error.into(),
            crate::OnRecordError::Policy(error) => error.into(),
        }
    }
}

impl From<thalium::api::Invalid> for Failure {
    fn from(error: thalium::api::Invalid) -> Self {
        Error::from(error).into()
    }
}

impl crate::PolicyError {
    /// The stable name of the failure: one of [`wire::CODES`](crate::wire::CODES).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => IO,
            Self::Bundle(_) => POLICY,
            Self::Ask(_)
            | Self::Query(_)
            | Self::Input(_)
            | Self::Decide(DecideError::Input(_)) => INVALID,
            Self::InputTooLarge => TOO_LARGE,
            Self::Eval(_) | Self::Decide(_) => UNDECIDED,
            Self::Filter(error) => super::review::of_filter(error).0,
        }
    }
}

fn of_request(error: &RequestError) -> &'static str {
    use RequestError as E;
    match error {
        E::TooManyCommands(_)
        | E::ContextTooLong { .. }
        | E::DetailTooLarge { .. }
        | E::TooManyLegs { .. }
        | E::OutOfBounds { .. } => TOO_LARGE,
        E::InstantOutOfRange(_) | E::FarJump { .. } => CLOCK,
        E::History(_) | E::NotReplayed { .. } => DAMAGED,
    }
}

fn of_store(error: &StoreError) -> &'static str {
    use StoreError as E;
    match error {
        E::Locked { .. } => LOCKED,
        E::Missing { .. } => MISSING,
        E::Exists { .. } | E::NotItsBackup { .. } | E::NewerCopy { .. } | E::CopyAhead { .. } => {
            OCCUPIED
        }
        E::Sealed { .. } | E::Unsealed { .. } | E::Key { .. } => KEYS,
        E::Io { .. } => IO,
        E::Damaged { .. } | E::OtherHistory { .. } | E::Shorter { .. } | E::OutOfOrder { .. } => {
            DAMAGED
        }
        E::Version { .. } => VERSION,
        E::Stopped => STOPPED,
        E::TooLarge(_) => TOO_LARGE,
    }
}
