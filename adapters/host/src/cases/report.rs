//! What a back office reports, as plain data.

use std::collections::BTreeMap;

use serde::Serialize;
use thalium::kyc::case::{Finding, Report, Spread, Standing, VotesReport};

use crate::time;

/// Nanoseconds of a second.
const SECOND: i64 = 1_000_000_000;

/// How cases stand at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseReport {
    /// The instant: RFC 3339.
    pub at: String,
    /// The cases that wait for people, by kind and queue.
    pub queues: Vec<QueueReport>,
    /// What became of the cases of each kind.
    pub kinds: Vec<KindReport>,
    /// Who works on what and voted for what.
    pub people: Vec<PersonReport>,
    /// What was decided, by kind and decision.
    pub decisions: Vec<DecisionReport>,
    /// How documents stand, by kind and name.
    pub documents: Vec<DocumentReport>,
}

/// What waits in a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueReport {
    /// The kind of case.
    pub kind: String,
    /// The queue.
    pub queue: String,
    /// How many cases wait in it.
    pub cases: u64,
    /// How many of them less than a day.
    pub under_a_day: u64,
    /// How many one to three days.
    pub one_to_three_days: u64,
    /// How many three to seven days.
    pub three_to_seven_days: u64,
    /// How many seven to thirty days.
    pub seven_to_thirty_days: u64,
    /// How many thirty days or more.
    pub thirty_days_or_more: u64,
    /// Since when the oldest does: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<String>,
    /// How many have waited too long.
    pub overdue: u64,
    /// On how many nobody works.
    pub unassigned: u64,
    /// How many rest.
    pub snoozed: u64,
}

/// What became of the cases of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KindReport {
    /// The kind.
    pub kind: String,
    /// How many were opened.
    pub opened: u64,
    /// How many of them go on.
    pub open: u64,
    /// How many of these wait in no queue.
    pub elsewhere: u64,
    /// How many came to an end.
    pub ended: u64,
    /// How many were ended from outside.
    pub cancelled: u64,
    /// How often one was opened again.
    pub reopened: u64,
}

/// What somebody does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonReport {
    /// Who.
    pub person: String,
    /// Whether they are on the register of staff.
    pub registered: bool,
    /// How many cases they work on.
    pub assigned: u64,
    /// In how many decisions that were taken they voted.
    pub voted: u64,
    /// In how many that are pending.
    pub pending: u64,
    /// What they voted for of what was taken.
    pub decisions: Vec<PersonDecision>,
    /// What they found of documents that they looked at.
    pub documents: Vec<PersonDocument>,
}

/// How often somebody found the same of a document, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonDocument {
    /// The kind of case.
    pub kind: String,
    /// The document.
    pub document: String,
    /// What they found: `approve`, `reject` or `revise`.
    pub finding: String,
    /// How often.
    pub found: u64,
    /// How often with each reason code.
    pub reasons: Vec<ReasonCount>,
}

/// How often somebody voted for a decision that was taken, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonDecision {
    /// The kind of case.
    pub kind: String,
    /// The decision.
    pub decision: String,
    /// How often they voted for it.
    pub voted: u64,
    /// How often with each reason code.
    pub reasons: Vec<ReasonCount>,
}

/// How often something was decided, why, and how long it took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecisionReport {
    /// The kind of case.
    pub kind: String,
    /// The decision.
    pub decision: String,
    /// How often it was taken.
    pub taken: u64,
    /// How often with each reason code.
    pub reasons: Vec<ReasonCount>,
    /// The shortest time in which it was taken, in whole seconds from when the case came to its queue.
    pub least_seconds: u64,
    /// The time in which half of them were.
    pub median_seconds: u64,
    /// The time in which nine of ten were.
    pub ninetieth_seconds: u64,
    /// The longest.
    pub most_seconds: u64,
    /// How often it was taken after the time that its queue gives.
    pub late: u64,
}

/// How often a reason was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReasonCount {
    /// Its code.
    pub reason: String,
    /// How often.
    pub count: u64,
}

/// How documents of a name stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentReport {
    /// The kind of case.
    pub kind: String,
    /// The document.
    pub document: String,
    /// How many are asked for.
    pub requested: u64,
    /// How many were handed in.
    pub submitted: u64,
    /// How many are good.
    pub approved: u64,
    /// How many are not.
    pub rejected: u64,
    /// How many did not come in time, or are not valid any more.
    pub expired: u64,
    /// How often somebody has looked at one, since the log began.
    pub looked_at: u64,
    /// The shortest time for which one had waited for that, in whole seconds from when it was handed in.
    pub least_seconds: u64,
    /// The time for which half of them had.
    pub median_seconds: u64,
    /// The time for which nine of ten had.
    pub ninetieth_seconds: u64,
    /// The longest.
    pub most_seconds: u64,
}

impl ReasonCount {
    fn all(counts: &BTreeMap<String, u64>) -> Vec<Self> {
        let of = |(reason, count): (&String, &u64)| Self { reason: reason.clone(), count: *count };
        counts.iter().map(of).collect()
    }
}

impl PersonDecision {
    fn of(((kind, decision), of): (&(String, String), &VotesReport)) -> Self {
        let reasons = ReasonCount::all(&of.reasons);
        Self { kind: kind.clone(), decision: decision.clone(), voted: of.votes, reasons }
    }
}

impl PersonDocument {
    fn of(((kind, document, finding), of): (&(String, String, Finding), &VotesReport)) -> Self {
        let (kind, document) = (kind.clone(), document.clone());
        let (finding, reasons) = (finding.name().to_owned(), ReasonCount::all(&of.reasons));
        Self { kind, document, finding, found: of.votes, reasons }
    }
}

fn seconds(nanoseconds: i64) -> u64 {
    u64::try_from(nanoseconds / SECOND).unwrap_or_default()
}

impl CaseReport {
    pub(super) fn of(report: &Report) -> Self {
        let queues = report.queues.iter().map(|((kind, queue), it)| {
            let [under, three, seven, thirty, more] = it.ages;
            QueueReport {
                kind: kind.clone(),
                queue: queue.clone(),
                cases: it.cases,
                under_a_day: under,
                one_to_three_days: three,
                three_to_seven_days: seven,
                seven_to_thirty_days: thirty,
                thirty_days_or_more: more,
                oldest: it.oldest_since.map(time::format_instant),
                overdue: it.overdue,
                unassigned: it.unassigned,
                snoozed: it.snoozed,
            }
        });
        let kinds = report.kinds.iter().map(|(kind, it)| KindReport {
            kind: kind.clone(),
            opened: it.opened,
            open: it.open,
            elsewhere: report.elsewhere.get(kind).copied().unwrap_or_default(),
            ended: it.ended,
            cancelled: it.cancelled,
            reopened: it.reopened,
        });
        let people = report.people.iter().map(|(person, it)| PersonReport {
            person: person.clone(),
            registered: it.is_registered,
            assigned: it.assigned,
            voted: it.decided.values().map(|of| of.votes).sum(),
            pending: it.pending,
            decisions: it.decided.iter().map(PersonDecision::of).collect(),
            documents: it.looked.iter().map(PersonDocument::of).collect(),
        });
        let decisions = report.decisions.iter().map(|((kind, decision), it)| {
            let Spread { least, median, ninetieth, most, .. } = it.waited;
            DecisionReport {
                kind: kind.clone(),
                decision: decision.clone(),
                taken: it.taken,
                reasons: ReasonCount::all(&it.reasons),
                least_seconds: seconds(least),
                median_seconds: seconds(median),
                ninetieth_seconds: seconds(ninetieth),
                most_seconds: seconds(most),
                late: it.late,
            }
        });
        let documents = report.documents.iter().map(|((kind, document), it)| DocumentReport {
            kind: kind.clone(),
            document: document.clone(),
            requested: it.of(Standing::Requested),
            submitted: it.of(Standing::Submitted),
            approved: it.of(Standing::Approved),
            rejected: it.of(Standing::Rejected),
            expired: it.of(Standing::Expired),
            looked_at: it.waited.count,
            least_seconds: seconds(it.waited.least),
            median_seconds: seconds(it.waited.median),
            ninetieth_seconds: seconds(it.waited.ninetieth),
            most_seconds: seconds(it.waited.most),
        });
        Self {
            at: time::format_instant(report.at),
            queues: queues.collect(),
            kinds: kinds.collect(),
            people: people.collect(),
            decisions: decisions.collect(),
            documents: documents.collect(),
        }
    }
}
