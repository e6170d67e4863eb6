//! What a callback says, in one neutral way, and the event that a chart hears of it.

use super::{Proof, Provider, Verified};
use crate::kyc::chart::Event;
use crate::time::format_instant;
use crate::value::Value;

/// What came of a check. Names and numbers are promises: they are stored, and charts are written against them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The provider has no objection.
    Approved,
    /// The provider objects.
    Rejected {
        /// Whether the provider says that the person may try again. False where it does not say so.
        retry: bool,
    },
    /// A person has to look at it.
    Review,
    /// The time ran out before there was a result, or the person went away.
    Expired,
    /// It was called off.
    Cancelled,
    /// It goes on; nothing is decided.
    Processing,
    /// None of these, or not told in the callback: `kind` says what it was, and the provider's API what it means.
    Other,
}

impl Outcome {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Approved,
        Self::Rejected { retry: false },
        Self::Rejected { retry: true },
        Self::Review,
        Self::Expired,
        Self::Cancelled,
        Self::Processing,
        Self::Other,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected { retry: false } => "rejected",
            Self::Rejected { retry: true } => "rejected_retry",
            Self::Review => "review",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Processing => "processing",
            Self::Other => "other",
        }
    }

    /// Its number, from 1.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Approved => 1,
            Self::Rejected { retry: false } => 2,
            Self::Rejected { retry: true } => 3,
            Self::Review => 4,
            Self::Expired => 5,
            Self::Cancelled => 6,
            Self::Processing => 7,
            Self::Other => 8,
        }
    }

    /// The outcome of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// The outcome of a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.number() == number)
    }

    /// The name of the event that a chart hears: one for both kinds of a rejection, told apart by `event.data.retry`.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::Approved => "check.approved",
            Self::Rejected { .. } => "check.rejected",
            Self::Review => "check.review",
            Self::Expired => "check.expired",
            Self::Cancelled => "check.cancelled",
            Self::Processing => "check.processing",
            Self::Other => "check.other",
        }
    }
}

/// What came of a part of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// No objection.
    Passed,
    /// A person has to look at it, as at a possible hit on a list.
    Review,
    /// An objection.
    Failed,
}

impl Part {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Review => "review",
            Self::Failed => "failed",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Passed, Self::Review, Self::Failed].into_iter().find(|part| part.name() == name)
    }
}

/// The parts of a check, as far as the callback tells them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The document of identity.
    pub document: Option<Part>,
    /// The face, and whether it is the document's.
    pub face: Option<Part>,
    /// Lists of sanctions and of politically exposed persons.
    pub sanctions: Option<Part>,
}

/// What a callback says. Of the person it holds nothing but the references by which the provider and the caller know the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// Who says it.
    pub provider: Provider,
    /// By what a second delivery is known: the provider's id of the event, or the SHA-256 of the body where it has none.
    pub event_id: String,
    /// The provider's own name of what happened.
    pub kind: String,
    /// The provider's id of the check, applicant, session or inquiry.
    pub about: String,
    /// The caller's own reference, if one was given when the check was begun.
    pub subject: Option<String>,
    /// When it happened, nanoseconds UTC.
    pub occurred_at: Option<i64>,
    /// What came of it.
    pub outcome: Outcome,
    /// The provider's labels and codes, at most [`REASONS`](super::REASONS) of [`REASON`](super::REASON) characters.
    pub reasons: Vec<String>,
    /// What came of its parts.
    pub parts: Parts,
    /// Whether it is of the provider's sandbox, if the callback says so.
    pub sandbox: Option<bool>,
    /// The SHA-256 of the body in lower-case hexadecimal.
    pub evidence: String,
}

impl Callback {
    /// Whether it says what came of the check, or of a part of it: neither that it goes on, nor something else altogether.
    #[must_use]
    pub fn decides(&self) -> bool {
        match self.outcome {
            Outcome::Processing => false,
            Outcome::Other => self.parts != Parts::default(),
            _ => true,
        }
    }

    /// The instant that orders it among those about the same check. None for [`Outcome::Other`] that tells of no part: a tag that was changed must
    /// not make the decision before it a late one.
    #[must_use]
    pub fn position(&self) -> Option<i64> {
        self.occurred_at.filter(|_| self.outcome != Outcome::Other || self.decides())
    }

    /// The event that a chart hears: [`Outcome::event`], with the fields of the callback by their names, `retry` of a rejection, and instants as
    /// RFC 3339; what is not known is `null`.
    #[must_use]
    pub fn to_event(&self) -> Event {
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        let part = |part: Option<Part>| part.map_or(Value::Null, |part| Value::from(part.name()));
        let occurred_at = self.occurred_at.map(format_instant);
        let Parts { document, face, sanctions } = self.parts;
        let parts = [("document", document), ("face", face), ("sanctions", sanctions)];
        let data = Value::fields([
            ("provider", Value::from(self.provider.name())),
            ("event_id", Value::from(self.event_id.as_str())),
            ("kind", Value::from(self.kind.as_str())),
            ("about", Value::from(self.about.as_str())),
            ("subject", text(&self.subject)),
            ("occurred_at", text(&occurred_at)),
            ("outcome", Value::from(self.outcome.name())),
            ("retry", Value::from(self.outcome == Outcome::Rejected { retry: true })),
            (
                "reasons",
                Value::array(self.reasons.iter().map(|reason| Value::from(reason.as_str()))),
            ),
            ("parts", Value::fields(parts.map(|(name, held)| (name, part(held))))),
            ("sandbox", self.sandbox.map_or(Value::Null, Value::from)),
            ("evidence", Value::from(self.evidence.as_str())),
        ]);
        Event::named(self.outcome.event()).with(data)
    }
}

impl Verified {
    /// The event that a chart hears of a callback that was proven: [`Callback::to_event`], with what proves it as `verified`, so that the log of the
    /// case says it: `key`, the id of the key that signed the body, or else `origin`, the address that it came from; and `signed_at`, RFC 3339, where
    /// the provider signs that.
    #[must_use]
    pub fn to_event(&self, callback: &Callback) -> Event {
        let (key, origin) = match &self.proof {
            Proof::Key { id } => (Value::from(id.as_str()), Value::Null),
            Proof::Origin { from } => (Value::Null, Value::from(from.to_string())),
        };
        let signed_at = self.signed_at.map_or(Value::Null, |at| Value::from(format_instant(at)));
        let verified = Value::fields([("key", key), ("origin", origin), ("signed_at", signed_at)]);
        let event = callback.to_event();
        let told = event.data.as_ref().and_then(Value::as_object);
        let data =
            told.map(|told| Value::Object(told.with(Value::from("verified"), verified).into()));
        Event { data, ..event }
    }
}

#[cfg(test)]
#[path = "outcome_tests.rs"]
mod tests;
