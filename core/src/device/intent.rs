//! An intent: a command that waits for the back end, and what became of it.

use serde::{Deserialize, Serialize};

use crate::api::{Command, Intent, Invalid, Outcome};
use crate::time::{format_instant, parse_instant};

/// How far an intent has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum IntentState {
    /// It was never sent.
    Queued,
    /// It was sent, perhaps more than once, and not answered: it may be booked.
    Sent,
    /// It stands at the back end: in its books, or in the case that it was handed in to.
    Booked,
    /// The back end refused it; its outcome says why.
    Rejected,
    /// It was taken back before it was sent.
    Cancelled,
}

impl IntentState {
    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Booked => "booked",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it still has to be sent.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Sent)
    }

    /// Whether it came to its end before an instant, and changed last then.
    pub(super) fn is_resolved(self, changed_at: &str, before: i64) -> bool {
        !self.is_open() && parse_instant(changed_at).is_some_and(|at| at < before)
    }

    /// Refuses to take back what the back end may have.
    pub(super) fn check_cancel(self, key: &str) -> Result<(), Invalid> {
        let message = match self {
            Self::Queued => return Ok(()),
            Self::Sent => "was sent and may be booked: wait for its outcome".to_owned(),
            state => format!("is {}: it cannot be taken back", state.name()),
        };
        Err(Invalid { field: "key".into(), message: format!("`{key}` {message}") })
    }
}

/// An intent, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntentView {
    /// The command's key: a retry on the device with the same key is the same intent.
    pub key: String,
    /// Its number on this device: intents are sent in this order.
    pub number: u64,
    /// How far it has come.
    pub state: IntentState,
    /// When it was made, by the device's clock.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub made_at: String,
    /// When its state last changed, by the device's clock.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub changed_at: String,
    /// How often it was sent.
    pub attempts: u32,
    /// What the customer asked for.
    pub command: Command,
    /// What became of it, once the back end has answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub outcome: Option<Outcome>,
}

impl IntentView {
    pub(super) fn new(key: String, number: u64, command: Command, now: i64) -> Self {
        Self {
            key,
            number,
            state: IntentState::Queued,
            made_at: format_instant(now),
            changed_at: format_instant(now),
            attempts: 0,
            command,
            outcome: None,
        }
    }

    /// Refuses another command under the same key.
    pub(super) fn check_same(&self, command: &Command) -> Result<(), Invalid> {
        let Some(name) = differing(&self.command, command) else { return Ok(()) };
        let key = &self.key;
        let message = format!("`{key}` was given with another `{name}`: take a new key for it");
        Err(Invalid { field: "key".into(), message })
    }

    /// What is sent of it.
    pub(super) fn as_sent(&self) -> Intent {
        Intent { made_at: self.made_at.clone(), command: self.command.clone() }
    }

    pub(super) fn sent(&self, now: i64) -> Self {
        Self { attempts: self.attempts.saturating_add(1), ..self.with(IntentState::Sent, now) }
    }

    pub(super) fn resolved(&self, outcome: &Outcome, now: i64) -> Self {
        let state = if outcome.ok { IntentState::Booked } else { IntentState::Rejected };
        Self { outcome: Some(outcome.clone()), ..self.with(state, now) }
    }

    pub(super) fn cancelled(&self, now: i64) -> Result<Self, Invalid> {
        self.state.check_cancel(&self.key)?;
        Ok(self.with(IntentState::Cancelled, now))
    }

    fn with(&self, state: IntentState, now: i64) -> Self {
        Self { state, changed_at: format_instant(now), ..self.clone() }
    }
}

/// The field in which two commands differ.
fn differing(old: &Command, new: &Command) -> Option<&'static str> {
    let first = |fields: &[(&'static str, bool)]| {
        fields.iter().find(|(_, differs)| *differs).map(|(name, _)| *name)
    };
    match (old, new) {
        _ if old == new => None,
        (Command::Post(a), Command::Post(b)) => first(&[
            ("from", a.from != b.from),
            ("to", a.to != b.to),
            ("amount", a.amount != b.amount),
            ("description", a.extra.description != b.extra.description),
            ("metadata", true),
        ]),
        (Command::Hold(a), Command::Hold(b)) => first(&[
            ("from", a.from != b.from),
            ("to", a.to != b.to),
            ("amount", a.amount != b.amount),
            ("timeout", a.timeout != b.timeout),
            ("description", a.extra.description != b.extra.description),
            ("metadata", true),
        ]),
        (Command::Release(a), Command::Release(b)) => {
            first(&[("hold", a.hold != b.hold), ("metadata", true)])
        }
        _ => Some("op"),
    }
}
