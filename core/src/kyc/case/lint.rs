//! What is probably wrong in a kind of cases that loads: votes that the chart does not hear where they are given, queues that no case comes to.
//!
//! A warning follows from the kind and its charts, whatever guards say; a hint may be intended.

use std::collections::BTreeSet;

use super::kind::{Kind, Queue};
use crate::kyc::chart::{
    Chart, FINDINGS, Finding, Hearing, Place, Rule, Severity, cut_off, is_free, is_literally,
    told_by,
};

/// The rules for kinds, by ids.
pub const KIND_RULES: [Rule; 7] = [
    Rule {
        id: "constant-evidence",
        severity: Severity::Hint,
        finds: "a variable that is evidence, and that nothing in the chart changes",
        hint: "take it out of `evidence`, or assign it",
    },
    Rule {
        id: "hidden-queue",
        severity: Severity::Warning,
        finds: "a queue that no case comes to: one before it takes all that fit it",
        hint: "put it before the other one, or give the other one a guard",
    },
    Rule {
        id: "idle-queue",
        severity: Severity::Hint,
        finds: "a queue whose roles may take no decision and look at no document",
        hint: "give it a role that decides something",
    },
    Rule {
        id: "undecided-final",
        severity: Severity::Warning,
        finds: "an end of a chart that no decision leads to, nor anything else that can come to it",
        hint: "let a decision tell the event that leads there, add it to `events`, or take the end out",
    },
    Rule {
        id: "unheard-decision",
        severity: Severity::Warning,
        finds: "a decision that can be taken in a state in which no chart hears of it",
        hint: "add a transition for its event to the state, or take the state out of the decision",
    },
    Rule {
        id: "unheard-queue",
        severity: Severity::Warning,
        finds: "a queue whose time is over in a state in which no chart hears of it",
        hint: "add a transition for its event to the state, or leave `missed` out",
    },
    Rule {
        id: "unset-variable",
        severity: Severity::Hint,
        finds: "a variable of the chart that begins with nothing, and that nobody gives a value",
        hint: "assign it in the chart, add it to `given` of `opening`, or take it out",
    },
];

/// What is probably wrong in a kind of cases, beside its charts: the first 1,000, by rows and paths. What is told supposes that they load together
/// with [`Desk::load`](super::Desk::load).
///
/// ```
/// use thalium::kyc::ChartErrors;
/// use thalium::kyc::case::{Kind, lint_kind};
/// use thalium::kyc::chart::Chart;
///
/// let chart = Chart::from_text("
/// chart: 1
/// id: papers
/// states:
///   review: {on: {decided: settled}}
///   resting: {on: {woken: review}}
///   settled: {type: final}
/// ").map_err(ChartErrors)?;
/// let kind = Kind::from_text("
/// case: 1
/// id: papers
/// chart: papers
/// decisions:
///   approve: {states: [review, resting], roles: [compliance], event: decided}
/// ").map_err(ChartErrors)?;
/// let found: Vec<_> = lint_kind(&kind, &[chart]).into_iter().map(|finding| finding.id).collect();
/// assert_eq!(found, ["unheard-decision"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn lint_kind(kind: &Kind, charts: &[Chart]) -> Vec<Finding> {
    let mut report = Report { kind, charts, hearings: Vec::new(), findings: Vec::new() };
    report.hearings.extend(charts.iter().map(Hearing::of));
    report.decisions();
    report.queues();
    report.evidence();
    report.unset();
    report.ends();
    let mut findings = report.findings;
    findings.sort_by(|a, b| {
        let key = |found: &Finding| (found.place.row, found.place.column);
        (key(a), &a.message).cmp(&(key(b), &b.message))
    });
    findings.dedup();
    findings.truncate(FINDINGS);
    findings
}

struct Report<'c> {
    kind: &'c Kind,
    charts: &'c [Chart],
    /// Of the charts, in their order.
    hearings: Vec<Hearing<'c>>,
    findings: Vec<Finding>,
}

impl<'c> Report<'c> {
    fn decisions(&mut self) {
        let kind = self.kind;
        for (name, ruling) in &kind.decisions {
            let told = [Some(&ruling.event), ruling.proposed.as_ref(), ruling.returned.as_ref()];
            self.unheard("unheard-decision", &ruling.place, &ruling.states, told, |state| {
                format!("`{name}` can be decided in `{state}`")
            });
        }
    }

    fn queues(&mut self) {
        let kind = self.kind;
        let rulings = kind.decisions.values().map(|ruling| &ruling.roles);
        let papers = kind.documents.values().map(|paper| &paper.roles);
        let working: BTreeSet<&String> = rulings.chain(papers).flatten().collect();
        for (at, queue) in kind.queues.iter().enumerate() {
            let id = &queue.id;
            self.unheard(
                "unheard-queue",
                &queue.place,
                &queue.states,
                [queue.missed.as_ref()],
                |state| format!("the time in `{id}` can be over in `{state}`"),
            );
            let before = kind.queues.get(..at).unwrap_or_default();
            if !before.iter().any(|other| other.escalate.as_ref() == Some(id)) {
                let taker = before.iter().find(|other| takes_all(other, queue));
                let why = if is_literally(queue.when.as_ref(), false) {
                    Some("its guard is false, and no queue escalates to it".to_owned())
                } else {
                    taker.map(|taker| format!("`{}` before it takes all that fit it", taker.id))
                };
                if let Some(why) = why {
                    let message = format!("no case comes to `{id}`: {why}");
                    self.add("hidden-queue", &queue.place, message);
                }
            }
            if !working.is_empty() && !queue.roles.iter().any(|role| working.contains(role)) {
                let message = format!("who may take a case from `{id}` may decide nothing of it");
                self.add("idle-queue", &queue.place, message);
            }
        }
    }

    /// The chart that its cases run on.
    fn root(&self) -> Option<&Hearing<'c>> {
        let at = self.charts.iter().position(|chart| chart.id.as_ref() == Some(&self.kind.chart));
        self.hearings.get(at?)
    }

    fn evidence(&mut self) {
        let kind = self.kind;
        let changed = self.root().and_then(Hearing::changed);
        let Some(changed) = changed else { return };
        for name in kind.evidence.iter().filter(|name| !changed.contains(name.as_str())) {
            let message = format!("`{name}` is evidence, and nothing in the chart changes it");
            self.add("constant-evidence", &kind.place, message);
        }
    }

    /// Variables that are empty for ever: guards that read them are answered before they are asked.
    fn unset(&mut self) {
        let kind = self.kind;
        let Some(given) = kind.opening.as_ref().and_then(|opening| opening.given.as_ref()) else {
            return;
        };
        let unset = self.root().map(Hearing::unset);
        for name in unset.iter().flatten().map(|datum| &datum.id) {
            if !given.contains(name) {
                let message =
                    format!("`{name}` of the chart is empty, and nobody gives it a value");
                self.add("unset-variable", &kind.place, message);
            }
        }
    }

    /// Ends that are only reached by events that nothing makes. What may be sent is only known of a kind that says it.
    fn ends(&mut self) {
        let Some(mut outside) = self.kind.outside() else { return };
        for chart in self.charts {
            let Some(told) = told_by(chart) else { return };
            outside.extend(told);
        }
        for chart in self.charts {
            for end in cut_off(chart, &outside) {
                let of = chart.id.as_deref().unwrap_or_default();
                let message = format!("nothing that can come leads to the end `{end}` of `{of}`");
                self.add("undecided-final", &self.kind.place, message);
            }
        }
    }

    /// Events that are not heard in a state while they are told there. One that another chart hears may reach it: the two may run together.
    fn unheard<const N: usize>(
        &mut self,
        id: &'static str,
        place: &Place,
        states: &[String],
        events: [Option<&String>; N],
        when: impl Fn(&str) -> String,
    ) {
        for event in events.into_iter().flatten() {
            for state in states {
                let told: Vec<Option<bool>> =
                    self.hearings.iter().map(|chart| chart.hears_in(state, event)).collect();
                let elsewhere = self.hearings.iter().zip(&told);
                let mut elsewhere = elsewhere.filter(|(_, told)| told.is_none());
                if told.contains(&Some(true)) || elsewhere.any(|(chart, _)| chart.hears(event)) {
                    continue;
                }
                let of = self.hearings.iter().zip(&told).find(|(_, told)| told.is_some());
                let Some((chart, _)) = of else { continue };
                let message = format!(
                    "{}, and no transition is for `{event}` there{}",
                    when(state),
                    chart.meant(event)
                );
                self.add(id, place, message);
            }
        }
    }

    fn add(&mut self, id: &'static str, place: &Place, message: String) {
        let Some(rule) = KIND_RULES.iter().find(|rule| rule.id == id) else { return };
        let (severity, hint) = (rule.severity, rule.hint);
        self.findings.push(Finding { id, severity, place: place.clone(), message, hint });
    }
}

/// Whether every case that fits one queue fits another one.
fn takes_all(taker: &Queue, queue: &Queue) -> bool {
    let states = &taker.states;
    let fits_all = || queue.states.iter().all(|state| states.contains(state));
    is_free(taker.when.as_ref()) && (states.is_empty() || (!queue.states.is_empty() && fits_all()))
}

#[cfg(test)]
#[path = "lint_tests.rs"]
mod tests;
