//! What a back office is asked at the end of a day: what is open, how old it is, who works on what, what was decided and how fast.

use std::collections::{BTreeMap, BTreeSet};

use super::command::Finding;
use super::registry::Cases;
use super::state::{Case, Decided, Standing};

/// A day, in nanoseconds.
const DAY: i64 = 86_400_000_000_000;
/// The days at which a band of ages ends; the last has no end.
pub const AGES: [i64; 4] = [1, 3, 7, 30];

/// How cases stand at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The instant, in nanoseconds since 1970.
    pub at: i64,
    /// The cases that wait for people, by kind and queue. Only queues in which some do.
    pub queues: BTreeMap<(String, String), QueueReport>,
    /// How many go on and wait in no queue, by kind.
    pub elsewhere: BTreeMap<String, u64>,
    /// What became of the cases of each kind.
    pub kinds: BTreeMap<String, KindReport>,
    /// Who works on what and voted for what. Those who are on the register and did nothing stand here, too.
    pub people: BTreeMap<String, PersonReport>,
    /// What was decided, by kind and decision.
    pub decisions: BTreeMap<(String, String), DecisionReport>,
    /// How documents stand, by kind and name.
    pub documents: BTreeMap<(String, String), DocumentReport>,
}

/// What waits in a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueReport {
    /// How many cases.
    pub cases: u64,
    /// How many of them wait less than one day, one to three, three to seven, seven to thirty, and thirty days or more: [`AGES`].
    pub ages: [u64; 5],
    /// Since when the oldest does.
    pub oldest_since: Option<i64>,
    /// How many should have been decided by now, whether they went on to this queue because of that or not.
    pub overdue: u64,
    /// On how many nobody works.
    pub unassigned: u64,
    /// How many rest.
    pub snoozed: u64,
}

/// What became of the cases of a kind, in all versions of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindReport {
    /// How many were opened.
    pub opened: u64,
    /// How many of them go on.
    pub open: u64,
    /// How many came to an end of their chart, and are there still.
    pub ended: u64,
    /// How many were ended from outside, and are so still.
    pub cancelled: u64,
    /// How often one was opened again.
    pub reopened: u64,
}

/// What somebody does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonReport {
    /// Whether they are on the register of staff.
    pub is_registered: bool,
    /// On how many cases they work now.
    pub assigned: u64,
    /// What they voted for of what was taken, by kind and decision.
    pub decided: BTreeMap<(String, String), VotesReport>,
    /// How often they voted for one that is pending.
    pub pending: u64,
    /// What they found of documents that they looked at, by kind, document and finding.
    pub looked: BTreeMap<(String, String, Finding), VotesReport>,
}

/// How often somebody voted for a decision that was taken, or found the same of a document, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VotesReport {
    /// How often.
    pub votes: u64,
    /// In how many of these votes each reason code was given.
    pub reasons: BTreeMap<String, u64>,
}

impl VotesReport {
    /// One more, for these reasons.
    pub(super) fn count(&mut self, reasons: &[String]) {
        self.votes = self.votes.saturating_add(1);
        count_each(&mut self.reasons, reasons);
    }
}

/// How often a decision was taken, why, and how fast.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionReport {
    /// How often.
    pub taken: u64,
    /// In how many of these each reason code was given, by whomever.
    pub reasons: BTreeMap<String, u64>,
    /// How long cases had waited for it, in whichever queues.
    pub waited: Spread,
    /// How many of these were taken after the time that the queue gives.
    pub late: u64,
}

/// How some lengths of time are spread, in nanoseconds.
///
/// The median and the percentile are nearest ranks: the smallest of the lengths that at least so many in a hundred do not exceed. Each is one
/// that was measured, and nothing is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many there are. Where there is none, all others are zero.
    pub count: u64,
    /// The shortest.
    pub least: i64,
    /// Half are not longer.
    pub median: i64,
    /// Ninety in a hundred are not longer.
    pub ninetieth: i64,
    /// The longest.
    pub most: i64,
}

/// How often a document stands how, as [`Standing`] says, and how long those that somebody has looked at had waited for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocumentReport {
    /// Asked for.
    pub requested: u64,
    /// Handed in, and not looked at.
    pub submitted: u64,
    /// Good.
    pub approved: u64,
    /// Not good.
    pub rejected: u64,
    /// Too late, or not valid any more.
    pub expired: u64,
    /// How long each was there before somebody had looked at it.
    pub waited: Spread,
}

impl Spread {
    /// Of some lengths, in any order.
    #[must_use]
    pub fn of(lengths: &[i64]) -> Self {
        let mut lengths = lengths.to_vec();
        lengths.sort_unstable();
        let (Some(least), Some(most)) = (lengths.first(), lengths.last()) else {
            return Self::default();
        };
        let rank = |percent: usize| {
            let rank = lengths.len().saturating_mul(percent).div_ceil(100);
            lengths.get(rank.saturating_sub(1)).copied().unwrap_or(*most)
        };
        Self {
            count: crate::value::length(lengths.len()),
            least: *least,
            median: rank(50),
            ninetieth: rank(90),
            most: *most,
        }
    }
}

impl DocumentReport {
    /// How many stand so.
    #[must_use]
    pub const fn of(&self, standing: Standing) -> u64 {
        match standing {
            Standing::Requested => self.requested,
            Standing::Submitted => self.submitted,
            Standing::Approved => self.approved,
            Standing::Rejected => self.rejected,
            Standing::Expired => self.expired,
        }
    }

    const fn of_mut(&mut self, standing: Standing) -> &mut u64 {
        match standing {
            Standing::Requested => &mut self.requested,
            Standing::Submitted => &mut self.submitted,
            Standing::Approved => &mut self.approved,
            Standing::Rejected => &mut self.rejected,
            Standing::Expired => &mut self.expired,
        }
    }
}

impl Cases {
    /// How all cases stand at an instant, in one pass over them. Of what a case decided, what it remembers is counted: its last decisions. What was
    /// found of documents is counted since the first fact that was folded in.
    ///
    /// Nothing happens by it: what is due by then and was not told yet stands as it does.
    #[must_use]
    pub fn report(&self, now: i64) -> Report {
        let mut report = Report { at: now, ..Report::default() };
        for (name, _) in self.people() {
            report.person(name).is_registered = true;
        }
        let mut waited: BTreeMap<(&str, &str), Vec<i64>> = BTreeMap::new();
        for case in self.iter() {
            report.counted(case);
            for decided in &case.decided {
                report.decided(&case.kind, decided);
                let lengths = waited.entry((&case.kind, &decided.decision)).or_default();
                lengths.push(decided.at.saturating_sub(decided.since));
            }
        }
        for ((kind, decision), lengths) in waited {
            report.decision(kind, decision).waited = Spread::of(&lengths);
        }
        for (person, looked) in &self.looked.people {
            report.person(person).looked.clone_from(looked);
        }
        for (paper, lengths) in &self.looked.waited {
            report.documents.entry(paper.clone()).or_default().waited = Spread::of(lengths);
        }
        report
    }
}

impl Report {
    fn person(&mut self, name: &str) -> &mut PersonReport {
        self.people.entry(name.to_owned()).or_default()
    }

    fn decision(&mut self, kind: &str, decision: &str) -> &mut DecisionReport {
        self.decisions.entry((kind.to_owned(), decision.to_owned())).or_default()
    }

    fn counted(&mut self, case: &Case) {
        let kind = self.kinds.entry(case.kind.clone()).or_default();
        kind.opened += 1;
        kind.reopened = kind.reopened.saturating_add(case.reopened.into());
        *(if case.is_open() {
            &mut kind.open
        } else if case.cancelled {
            &mut kind.cancelled
        } else {
            &mut kind.ended
        }) += 1;
        for (name, document) in &case.documents {
            let key = (case.kind.clone(), name.clone());
            *self.documents.entry(key).or_default().of_mut(document.standing) += 1;
        }
        if let Some(assignee) = &case.assignee {
            self.person(assignee).assigned += 1;
        }
        for vote in case.pending.iter().flat_map(|pending| &pending.votes) {
            self.person(&vote.by).pending += 1;
        }
        if case.is_open() {
            self.waits(case);
        }
    }

    /// Where a case waits that goes on.
    fn waits(&mut self, case: &Case) {
        let Some(place) = &case.place else {
            *self.elsewhere.entry(case.kind.clone()).or_default() += 1;
            return;
        };
        let key = (case.kind.clone(), place.queue.clone());
        let (queue, now) = (self.queues.entry(key).or_default(), self.at);
        queue.cases += 1;
        let since = place.waits_since();
        let age = now.saturating_sub(since);
        let band = AGES.iter().filter(|days| age >= days.saturating_mul(DAY)).count();
        if let Some(count) = queue.ages.get_mut(band) {
            *count += 1;
        }
        queue.oldest_since = Some(queue.oldest_since.map_or(since, |oldest| oldest.min(since)));
        queue.overdue += u64::from(place.is_late(now));
        queue.unassigned += u64::from(case.assignee.is_none());
        queue.snoozed += u64::from(case.rests(now));
    }

    fn decided(&mut self, kind: &str, decided: &Decided) {
        for vote in &decided.votes {
            let key = (kind.to_owned(), decided.decision.clone());
            let report = self.person(&vote.by).decided.entry(key).or_default();
            report.count(&vote.reasons);
        }
        let report = self.decision(kind, &decided.decision);
        report.taken += 1;
        report.late += u64::from(decided.is_late());
        count_each(&mut report.reasons, decided.votes.iter().flat_map(|vote| &vote.reasons));
    }
}

/// Counts each reason once, however often it is given.
fn count_each<'a>(
    counts: &mut BTreeMap<String, u64>,
    reasons: impl IntoIterator<Item = &'a String>,
) {
    for reason in reasons.into_iter().collect::<BTreeSet<_>>() {
        *counts.entry(reason.clone()).or_default() += 1;
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
