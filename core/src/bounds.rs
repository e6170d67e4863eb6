//! The bounds of a request: what is refused as a whole, before anything is decided.

use crate::command::{COMMANDS_MAX, CONTEXT_MAX, Command, Request};
use crate::ledger::Book;
use crate::ledger::detail::{Detail, DetailTooLarge};
use crate::ledger::transaction::LEGS_MAX;
use crate::part::Unreadable;
use crate::party::OutOfBounds;
use crate::time::format_instant;

/// A request that is refused as a whole, before anything is decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Too many commands.
    #[error(
        "the request has {0} commands, at most {COMMANDS_MAX} are allowed: send several requests"
    )]
    TooManyCommands(usize),
    /// A text of the context is too long.
    #[error("the context's `{field}` has {bytes} bytes, at most {CONTEXT_MAX} are allowed")]
    ContextTooLong {
        /// The field.
        field: &'static str,
        /// Its size.
        bytes: usize,
    },
    /// A command carries too large a detail.
    #[error("command {index}: {error}")]
    DetailTooLarge {
        /// The command, from zero.
        index: usize,
        /// What is too large.
        error: DetailTooLarge,
    },
    /// A change of the registry of parties is out of its bounds.
    #[error("command {index}: {error}")]
    OutOfBounds {
        /// The command, from zero.
        index: usize,
        /// What is out of its bounds.
        error: OutOfBounds,
    },
    /// A transaction has too many legs.
    #[error("command {index} has {legs} legs, at most {LEGS_MAX} are allowed")]
    TooManyLegs {
        /// The command, from zero.
        index: usize,
        /// Its legs.
        legs: usize,
    },
    /// The instant is before 1970 or leaves no room behind it.
    #[error("the instant {0} is out of range: give nanoseconds since 1970")]
    InstantOutOfRange(i64),
    /// A part of the history could not be read. The engine takes no more requests: what it decided without that part is
    /// void.
    #[error(transparent)]
    History(#[from] Unreadable),
    /// The log was not replayed as far as its parts reach.
    #[error(
        "the log has {events} events of the {parts} that stand in parts: replay the rest before anything is executed"
    )]
    NotReplayed {
        /// The events that were replayed.
        events: u64,
        /// The events in parts.
        parts: u64,
    },
    /// The instant is far ahead of the log's newest.
    #[error(
        "the instant {} is far ahead of the log's newest, {}: check the clock; a store that was at rest for longer is \
         opened with a larger limit",
        format_instant(*.now), format_instant(*.newest)
    )]
    FarJump {
        /// The instant given.
        now: i64,
        /// The newest instant in the log.
        newest: i64,
    },
}

/// Checks the bounds of a request and says how many instants it takes up.
pub(crate) fn check(book: &Book, jump_max: i64, request: &Request) -> Result<i64, RequestError> {
    let (events, (_, parts)) = (book.event_count(), book.parts());
    if events < parts {
        return Err(RequestError::NotReplayed { events, parts });
    }
    if request.commands.len() > COMMANDS_MAX {
        return Err(RequestError::TooManyCommands(request.commands.len()));
    }
    let newest = book.clock();
    if newest > 0 && request.now.saturating_sub(newest) > jump_max {
        return Err(RequestError::FarJump { now: request.now, newest });
    }
    let context = &request.context;
    for (field, text) in [
        ("actor", &context.actor),
        ("role", &context.role),
        ("request_id", &context.request_id),
        ("origin", &context.origin),
    ] {
        if text.len() > CONTEXT_MAX {
            return Err(RequestError::ContextTooLong { field, bytes: text.len() });
        }
    }
    let mut ticks = 0;
    for (index, command) in request.commands.iter().enumerate() {
        let detail: Option<&Detail> = match command {
            Command::Asset(_) => None,
            Command::Party(change) => {
                change.check().map_err(|error| RequestError::OutOfBounds { index, error })?;
                None
            }
            Command::Account(account) => account.detail.as_deref(),
            Command::Transfer(transfer) => transfer.detail.as_deref(),
            Command::Transaction(transaction) => {
                if transaction.legs.len() > LEGS_MAX {
                    return Err(RequestError::TooManyLegs { index, legs: transaction.legs.len() });
                }
                transaction.detail.as_deref()
            }
        };
        if let Some(detail) = detail {
            detail.check().map_err(|error| RequestError::DetailTooLarge { index, error })?;
        }
        ticks += command.ticks();
    }
    // Room for every instant that the request can take up.
    let base = newest.max(request.now);
    let expiries = i64::try_from(book.timeout_count()).unwrap_or(i64::MAX);
    if request.now < 0
        || base.checked_add(ticks).and_then(|end| end.checked_add(expiries + 1)).is_none()
    {
        return Err(RequestError::InstantOutOfRange(request.now));
    }
    Ok(ticks)
}
