//! A kind of case: what a back office does with the cases that run on a chart, as it is written. `docs/cases.md` has the format.

mod names;
mod read;
mod write;

use std::collections::BTreeMap;

use crate::kyc::chart::{Duration, Expr, Place};
use crate::value::Value;

/// What people do with the cases of a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kind {
    /// Its name.
    pub id: String,
    /// What it is for.
    pub description: Option<String>,
    /// The id of the chart that its cases run on.
    pub chart: String,
    /// The variables of the chart whose values are evidence: a decision goes stale when one of them changes.
    pub evidence: Vec<String>,
    /// Where cases wait for people. The first that fits a case has it; one that fits none waits for somebody else.
    pub queues: Vec<Queue>,
    /// What can be decided, by name.
    pub decisions: BTreeMap<String, Ruling>,
    /// The documents that a case can ask for, by name.
    pub documents: BTreeMap<String, Paper>,
    /// What the chart hears of documents.
    pub document_events: DocumentEvents,
    /// The effect by which the chart asks for a document, its data with the name as `document`: then it is asked for. None: people ask.
    pub asks: Option<String>,
    /// What may be sent to the chart, and by whom. None: anything may, by anybody, that does not come about in another way.
    pub events: Option<BTreeMap<String, Sending>>,
    /// Who may decide beside the rules, and for how long. None: nobody.
    pub overrides: Option<Overriding>,
    /// Who may open a case again that has ended. None: nobody.
    pub reopening: Option<Reopening>,
    /// Who may move a case to another version of its kind. None: whoever is on the register of staff.
    pub migration: Option<Migrating>,
    /// What may be said of a new case, and how many a party has. None: all variables of the chart, and as many as one likes.
    pub opening: Option<Opening>,
    /// Who may end a case from outside. None: whoever is on the register of staff.
    pub cancelling: Option<Cancelling>,
    /// Who may let a case rest, and for how long. None: whoever is on the register of staff, for as long as they like.
    pub resting: Option<Resting>,
    /// What the chart of a parent hears when a case has ended that was opened for it. None: nothing.
    pub child_ended: Option<String>,
    /// What the register of parties is told of whom a case is about. None: nothing.
    pub party: Option<Registering>,
    /// Where it stands in its text.
    pub place: Place,
}

/// An event that may be sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sending {
    /// By whom: the roles of those who may. None: anybody whom the host lets in.
    pub roles: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// Where cases wait for people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// Its name.
    pub id: String,
    /// States of the chart: a case fits while one of them is active, or without any.
    pub states: Vec<String>,
    /// What must hold as well, of the variables.
    pub when: Option<Expr>,
    /// Whose work it is: the roles of those who may take a case from it.
    pub roles: Vec<String>,
    /// How long a case may wait there, until somebody has decided.
    pub within: Option<Duration>,
    /// What the chart hears when that is over.
    pub missed: Option<String>,
    /// The queue that a case goes to when that is over. It comes after this one, so that nothing goes round.
    pub escalate: Option<String>,
    /// Who gets it.
    pub assign: Assign,
    /// Where it stands.
    pub place: Place,
}

/// Who gets a case that came to a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assign {
    /// Who takes it.
    #[default]
    Nobody,
    /// Of those who may take it and are there, who has the fewest; of these, the first by name.
    LeastLoaded,
    /// Of those who may take it and are there, who was given one longest ago; of these, the first by name.
    RoundRobin,
}

impl Assign {
    /// The word for it: `nobody`, `least_loaded`, `round_robin`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::LeastLoaded => "least_loaded",
            Self::RoundRobin => "round_robin",
        }
    }
}

/// A decision that people can take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ruling {
    /// In which states of the chart; in any, where none is named.
    pub states: Vec<String>,
    /// Who may vote for it.
    pub roles: Vec<String>,
    /// So many different people must.
    pub quorum: u8,
    /// Some of them must be of higher rank.
    pub senior: Option<Senior>,
    /// The reason codes that it may be given; where there are any, at least one must be.
    pub reasons: Vec<String>,
    /// Who had a part in the case and may not vote.
    pub not_by: Vec<Part>,
    /// What the chart hears when all have voted.
    pub event: String,
    /// What it hears of each vote before.
    pub proposed: Option<String>,
    /// What it hears when the votes are taken back, or have gone stale.
    pub returned: Option<String>,
    /// What every event of it carries, an object.
    pub data: Option<Value>,
    /// Where it stands.
    pub place: Place,
}

/// Which of those who vote must be of higher rank.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Senior {
    /// When: always, where nothing is said.
    pub when: Option<Expr>,
    /// Of which roles.
    pub roles: Vec<String>,
    /// How many.
    pub count: u8,
}

/// A part that somebody had in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// They opened it.
    Opener,
    /// They handed in a document, or evidence.
    Submitter,
    /// They decided beside the rules.
    Overrider,
}

impl Part {
    /// The word for it: `opener`, `submitter`, `overrider`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opener => "opener",
            Self::Submitter => "submitter",
            Self::Overrider => "overrider",
        }
    }
}

/// A document that a case can ask for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paper {
    /// What it is.
    pub description: Option<String>,
    /// How often it may be handed in.
    pub attempts: u8,
    /// How long one has to hand it in.
    pub within: Option<Duration>,
    /// Who may decide about it.
    pub roles: Vec<String>,
    /// The reason codes for not taking it; where there are any, at least one must be given.
    pub reasons: Vec<String>,
    /// Who may not decide about it: a submitter is who handed it in. Where a text says nothing, that one.
    pub not_by: Vec<Part>,
    /// Where it stands.
    pub place: Place,
}

/// What the chart hears of documents; of what has no name, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentEvents {
    /// One was asked for.
    pub requested: Option<String>,
    /// One was handed in.
    pub submitted: Option<String>,
    /// One is good.
    pub approved: Option<String>,
    /// One is not good.
    pub rejected: Option<String>,
    /// One is to be handed in again.
    pub revised: Option<String>,
    /// One did not come in time, or is not valid any more.
    pub expired: Option<String>,
}

/// The words for these events, in their order.
const DOCUMENT_EVENTS: [&str; 6] =
    ["requested", "submitted", "approved", "rejected", "revised", "expired"];

impl DocumentEvents {
    /// Each with the word for it.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'static str, Option<&String>)> {
        let all = [
            &self.requested,
            &self.submitted,
            &self.approved,
            &self.rejected,
            &self.revised,
            &self.expired,
        ];
        DOCUMENT_EVENTS.into_iter().zip(all.map(Option::as_ref))
    }

    fn all_mut(&mut self) -> [&mut Option<String>; 6] {
        [
            &mut self.requested,
            &mut self.submitted,
            &mut self.approved,
            &mut self.rejected,
            &mut self.revised,
            &mut self.expired,
        ]
    }
}

/// Who may decide beside the rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overriding {
    /// Of which roles.
    pub roles: Vec<String>,
    /// For how long at most.
    pub most: Duration,
    /// What the chart hears.
    pub event: String,
    /// What it hears when that is over.
    pub expired: String,
    /// Where it stands.
    pub place: Place,
}

/// Who may open a case again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reopening {
    /// Of which roles.
    pub roles: Vec<String>,
    /// The variables that it begins with as they were.
    pub keep: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// Who may move a case to another version of its kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Migrating {
    /// Of which roles.
    pub roles: Vec<String>,
    /// The variables that have the same value afterwards.
    pub keep: Vec<String>,
    /// The variables of charts that it invoked, by the ids that they were invoked under: those go on, with the same values.
    pub below: BTreeMap<String, Vec<String>>,
    /// The states that a case which is in one of them is in afterwards, too.
    pub stay: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// What may be said of a new case, and how many a party has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opening {
    /// The variables of the chart that whoever opens a case may give. None: all.
    pub given: Option<Vec<String>>,
    /// Whether a party has one case of the kind, which is opened again when it has ended.
    pub is_once: bool,
    /// Where it stands.
    pub place: Place,
}

/// Who may end a case from outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cancelling {
    /// Of which roles.
    pub roles: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// Who may let a case rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resting {
    /// Of which roles.
    pub roles: Vec<String>,
    /// For how long at most.
    pub most: Duration,
    /// Where it stands.
    pub place: Place,
}

/// What the register of parties is told of whom a case is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registering {
    /// How far they were identified.
    pub kyc_level: Option<Levels>,
    /// How much risk they are: the name of a level of risk, or null, which tells nothing.
    pub risk: Option<Expr>,
    /// Flags, and when they have them.
    pub flags: BTreeMap<String, Expr>,
    /// Where it stands.
    pub place: Place,
}

/// Levels by their names.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    /// The name of the level, or null, which tells nothing.
    pub of: Expr,
    /// The number that each has on the register.
    pub levels: BTreeMap<String, u8>,
    /// Where it stands.
    pub place: Place,
}

#[cfg(test)]
#[path = "kind/kind_tests.rs"]
mod tests;
