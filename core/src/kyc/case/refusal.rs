//! Why a case does not do what is asked. Nothing has changed then.

use crate::kyc::Refused;
use crate::time::format_instant;

/// Why a case does not do what is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such case.
    #[error("there is no case `{0}`: open it first")]
    NoCase(String),
    /// There is one already.
    #[error("there is a case `{0}` already: give the new one another key")]
    CaseExists(String),
    /// There is no such kind.
    #[error("there is no kind of case `{name}`{}", hint(.meant.as_ref()))]
    NoKind {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        meant: Option<String>,
    },
    /// Its kind has nothing of that name.
    #[error("the kind `{kind}` has no {what} `{name}`{}", hint(.meant.as_ref()))]
    Unknown {
        /// The kind.
        kind: String,
        /// What it has none of: decision, document, queue.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// What may have been meant.
        meant: Option<String>,
    },
    /// The case has ended.
    #[error("the case `{0}` has ended: open it again, or open another")]
    Ended(String),
    /// The case goes on.
    #[error("the case `{0}` goes on: only one that has ended is opened again")]
    Open(String),
    /// The one who asks may not.
    #[error("`{actor}` may not {what}: it takes one of the roles {}, and the register of staff gives them {}", list(.needed), list(.has))]
    Role {
        /// Who.
        actor: String,
        /// What they may not.
        what: String,
        /// The roles of which one is needed.
        needed: Vec<String>,
        /// Those that they have.
        has: Vec<String>,
    },
    /// Nobody of that name is on the register.
    #[error("`{0}` is not on the register of staff: put them there first")]
    NoPerson(String),
    /// The one who asks had a part in the case that keeps them from deciding.
    #[error("`{actor}` {part} and may not decide: another person must")]
    HadPart {
        /// Who.
        actor: String,
        /// Which part.
        part: &'static str,
    },
    /// The one who asks has voted already.
    #[error("`{0}` has voted for this already: another person must")]
    SamePerson(String),
    /// Another decision is pending.
    #[error("the decision `{pending}` is pending: vote for it, or take it back first")]
    OtherPending {
        /// Which.
        pending: String,
    },
    /// Those who are still to vote must be of higher rank.
    #[error("whoever votes next must be of higher rank, one of {}", list(.needed))]
    NotSenior {
        /// Of which roles.
        needed: Vec<String>,
    },
    /// No decision is pending.
    #[error("no decision is pending in the case `{0}`")]
    NothingPending(String),
    /// It cannot be decided in the states that the case is in.
    #[error("`{decision}` can be decided in {} only, and the case is in {}", list(.states), list(.active))]
    State {
        /// The decision.
        decision: String,
        /// In which states it can.
        states: Vec<String>,
        /// The states of the case.
        active: Vec<String>,
    },
    /// The evidence has changed since it was looked at.
    #[error(
        "the evidence is another than what was seen: look at the case again (its evidence is {now})"
    )]
    Stale {
        /// Its digest now.
        now: String,
    },
    /// Reason codes that are none, or none where one is needed.
    #[error("{what}: one or more of {}", list(.known))]
    Reasons {
        /// What is wrong.
        what: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// It works for another.
    #[error("the case `{case}` is with `{assignee}`: they decide first, or release it")]
    Assigned {
        /// The case.
        case: String,
        /// Who works on it.
        assignee: String,
    },
    /// The document does not stand so that this could be done.
    #[error("the document `{document}` is {standing}: {what}")]
    Document {
        /// Which.
        document: String,
        /// How it stands.
        standing: &'static str,
        /// What can be done.
        what: &'static str,
    },
    /// It was handed in too often.
    #[error(
        "the document `{document}` was handed in {most} times, which is all there is: decide the case"
    )]
    Attempts {
        /// Which.
        document: String,
        /// How often it may be.
        most: u8,
    },
    /// The chart does not hear what is to be told.
    #[error("the chart does not hear `{event}` in {}: nothing was done", list(.active))]
    Unheard {
        /// The event.
        event: String,
        /// The states of the case.
        active: Vec<String>,
    },
    /// Nobody may.
    #[error("the kind `{kind}` lets nobody {what}")]
    Nobody {
        /// The kind.
        kind: String,
        /// What.
        what: &'static str,
    },
    /// An instant that does not fit.
    #[error("{field}: {} {what}", format_instant(*.at))]
    Instant {
        /// Which field.
        field: &'static str,
        /// The instant.
        at: i64,
        /// What is wrong.
        what: &'static str,
    },
    /// A text that is none.
    #[error("{field}: {what}")]
    Text {
        /// Which field.
        field: &'static str,
        /// What is wrong.
        what: String,
    },
    /// Another has voted for the decision with other data.
    #[error(
        "the votes before were for other data: vote for those, which are told where none are given, or take the votes back"
    )]
    OtherData,
    /// The request was another when it was done.
    #[error("the request `{0}` was another when it was done: give this one an id of its own")]
    OtherRequest(String),
    /// There are too many.
    #[error("{what}: there are {most} at most")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// The version of its kind that the case is pinned to is not there.
    #[error(
        "the case `{case}` is pinned to a version of `{kind}` that is not there any more: define it again"
    )]
    Version {
        /// The case.
        case: String,
        /// Its kind.
        kind: String,
    },
    /// Its chart refuses it.
    #[error("the chart of the case `{case}`: {why}")]
    Chart {
        /// The case.
        case: String,
        /// Why.
        why: Box<Refused>,
    },
    /// A guard of the kind cannot be told.
    #[error("a guard of the kind `{kind}`: {why}")]
    Guard {
        /// The kind.
        kind: String,
        /// Why.
        why: String,
    },
    /// It cannot go on in another version.
    #[error("the case `{case}` cannot be moved: {why}")]
    Migration {
        /// The case.
        case: String,
        /// Why.
        why: String,
    },
}

impl Refusal {
    /// Its code, a promise.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoCase(_) => "no_case",
            Self::CaseExists(_) => "case_exists",
            Self::NoKind { .. } => "no_kind",
            Self::Unknown { .. } => "unknown_name",
            Self::Ended(_) => "ended",
            Self::Open(_) => "open",
            Self::Role { .. } => "role",
            Self::NoPerson(_) => "no_person",
            Self::HadPart { .. } => "had_part",
            Self::SamePerson(_) => "same_person",
            Self::OtherPending { .. } => "other_pending",
            Self::NotSenior { .. } => "not_senior",
            Self::NothingPending(_) => "nothing_pending",
            Self::State { .. } => "state",
            Self::Stale { .. } => "stale",
            Self::Reasons { .. } => "reasons",
            Self::Assigned { .. } => "assigned",
            Self::Document { .. } => "document",
            Self::Attempts { .. } => "attempts",
            Self::Unheard { .. } => "unheard",
            Self::Nobody { .. } => "nobody",
            Self::Instant { .. } => "instant",
            Self::Text { .. } => "text",
            Self::OtherData => "other_data",
            Self::OtherRequest(_) => "other_request",
            Self::TooMany { .. } => "too_many",
            Self::Version { .. } => "version",
            Self::Chart { .. } => "chart",
            Self::Guard { .. } => "guard",
            Self::Migration { .. } => "migration",
        }
    }
}

fn hint(meant: Option<&String>) -> String {
    meant.map(|meant| format!(": {meant}")).unwrap_or_default()
}

/// Names as a sentence has them.
fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
