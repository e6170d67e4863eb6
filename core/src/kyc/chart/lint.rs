//! What is probably wrong in a chart: states that are never entered or never left, transitions that are never taken, events that nobody hears.
//!
//! A rule of the severities error and warning is only here if what it tells follows from the chart, whatever its guards say; a hint may be intended.

mod events;
mod heard;
mod outcomes;
mod paths;
mod reach;
mod variables;
mod walk;

use super::document::{Chart, Content, Expr, Place};
use super::draw::Tree;
pub(in crate::kyc) use events::{cut_off, told_by};
pub(in crate::kyc) use heard::Hearing;
pub(in crate::kyc) use reach::{is_free, is_literally};

/// The most findings.
pub const FINDINGS: usize = 1000;
/// The most states of a chart that is looked at, and the most transitions, with timers and invocations.
const STATES: usize = 4096;
const TRANSITIONS: usize = 16_384;
/// The most charts that are written in a chart, to be invoked.
const CHARTS: usize = 256;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The chart cannot do what it says.
    Error,
    /// Something in it is without effect, or a case gets stuck.
    Warning,
    /// It may be intended.
    Hint,
}

impl Severity {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// What is probably wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id, one of [`RULES`].
    pub id: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: &'static str,
}

/// A rule of the linter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: &'static str,
    /// How grave its findings are.
    pub severity: Severity,
    /// What it finds.
    pub finds: &'static str,
    /// How to mend what it finds.
    pub hint: &'static str,
}

const fn rule(
    id: &'static str,
    severity: Severity,
    finds: &'static str,
    hint: &'static str,
) -> Rule {
    Rule { id, severity, finds, hint }
}

/// The linter's rules, by ids.
pub const RULES: [Rule; 22] = [
    rule(
        "dead-end",
        Severity::Warning,
        "a state that can be entered, is not the end of the chart, and is left by no transition",
        "add a transition that leaves it, or make it a final state",
    ),
    rule(
        "endless-transition",
        Severity::Error,
        "transitions without event and guard that lead in a circle: a step never ends",
        "give one of them an event or a guard",
    ),
    rule(
        "false-guard",
        Severity::Warning,
        "a transition whose guard is literally false",
        "write a guard that can hold, or take the transition out",
    ),
    rule(
        "half-heard-invoke",
        Severity::Hint,
        "a state that invokes a service, and hears that it is done or that it failed, but not both",
        "add a transition for the other one",
    ),
    rule(
        "idle-history",
        Severity::Warning,
        "a history state that never finds a history: its parent is not left and come back to",
        "let a transition leave its parent and a later one lead to the history, or take it out",
    ),
    rule(
        "misplaced-initial",
        Severity::Error,
        "a state that begins at itself, around itself, or elsewhere",
        "name one of its descendants",
    ),
    rule(
        "outcome-on-error",
        Severity::Hint,
        "an error that leads to a state, an event or a status whose name tells success",
        "check that the transitions of success and of error are not swapped",
    ),
    rule(
        "outcome-on-success",
        Severity::Hint,
        "a success that leads, without condition, to a state, an event or a status whose name tells failure",
        "check that the transitions of success and of error are not swapped",
    ),
    rule(
        "shadowed-transition",
        Severity::Warning,
        "a transition that is never taken, as one before it in its state always is",
        "put it before the other one, or give the other one a guard",
    ),
    rule(
        "single-region",
        Severity::Hint,
        "a parallel state with one region",
        "make it a state that is not parallel, or add the other region",
    ),
    rule(
        "too-large",
        Severity::Warning,
        "a chart that is too large to be looked at",
        "make parts of it charts of their own, and invoke them",
    ),
    rule(
        "undeclared-variable",
        Severity::Warning,
        "a variable that is read, and neither declared nor assigned anywhere",
        "declare it as data of the chart",
    ),
    rule(
        "undescribed-final",
        Severity::Hint,
        "an end of the chart without a description",
        "describe what it means that a case ends there",
    ),
    rule(
        "unheard-event",
        Severity::Warning,
        "an event that the chart sends to itself, and no transition is for",
        "add a transition for it, or do not send it",
    ),
    rule(
        "unheard-invoke",
        Severity::Warning,
        "a state that invokes something, and hears neither that it is done nor that it failed",
        "add transitions for `done.invoke.ID` and `error.*`",
    ),
    rule(
        "unheard-raise",
        Severity::Hint,
        "an event that is raised where no transition is for it: others are for it elsewhere",
        "raise it where it is heard, or add a transition for it there",
    ),
    rule(
        "unheard-timer",
        Severity::Warning,
        "a timer whose event no transition is for while it runs",
        "add a transition for its event to the state of the timer",
    ),
    rule(
        "unknown-event",
        Severity::Warning,
        "a transition for an event that nothing makes: no action, timer, invocation or declared outside event",
        "correct its name, or declare it as an event from outside",
    ),
    rule(
        "unreachable-final",
        Severity::Warning,
        "a final state that no path of transitions leads to",
        "add a transition that leads to it, or take it out",
    ),
    rule(
        "unreachable-state",
        Severity::Warning,
        "a state that no path of transitions leads to",
        "add a transition that leads to it, or take it out",
    ),
    rule(
        "unreachable-transition",
        Severity::Warning,
        "a transition for an event in a state that is always left before an event is heard",
        "give the transition without event a guard, or take this one out",
    ),
    rule(
        "unused-variable",
        Severity::Hint,
        "a variable that is declared, and that no expression reads",
        "take it out, or read it",
    ),
];

/// What is known beside the chart, and makes more rules possible.
#[derive(Clone, Copy, Default)]
pub struct Known<'a> {
    /// Descriptors of all events that may come from outside, with those of what is invoked, such as `document.*`. None: any may come.
    pub outside: Option<&'a [String]>,
    /// The variables that an expression of the data model reads; none of one that reads whatever it likes. None: nothing is said about variables.
    #[expect(clippy::type_complexity, reason = "an alias would hide what it is")]
    pub reads: Option<&'a dyn Fn(&Expr) -> Option<Vec<String>>>,
}

impl std::fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").field("outside", &self.outside).finish_non_exhaustive()
    }
}

/// What is probably wrong in a chart and in the charts written in it: the first [`FINDINGS`], by rows and paths.
///
/// ```
/// use thalium::kyc::chart::{Chart, State, Transition, lint};
///
/// let opened = State { id: Some("opened".to_owned()), ..State::default() };
/// let chart = Chart { states: vec![opened], ..Chart::default() };
/// let told: Vec<_> = lint(&chart).into_iter().map(|finding| finding.id).collect();
/// assert_eq!(told, ["dead-end"]);
/// ```
#[must_use]
pub fn lint(chart: &Chart) -> Vec<Finding> {
    lint_with(chart, &Known::default())
}

/// The same, with the rules that need to know more.
#[must_use]
pub fn lint_with(chart: &Chart, known: &Known<'_>) -> Vec<Finding> {
    let mut report = Report::default();
    let mut charts = vec![(chart, *known)];
    let mut at = 0;
    while let Some(&(chart, known)) = charts.get(at) {
        at += 1;
        if let Some(tree) = fits(chart, &mut report) {
            paths::check(&tree, &mut report);
            events::check(&tree, &known, &mut report);
            outcomes::check(&tree, &mut report);
            variables::check(&tree, &known, &mut report);
            // What is declared of outside events is about the outer chart.
            let inner = Known { outside: None, ..known };
            let inner = written(&tree).map(|chart| (chart, inner));
            charts.extend(inner.take(CHARTS.saturating_sub(charts.len())));
        }
    }
    let mut findings = report.findings;
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    findings.dedup();
    findings.truncate(FINDINGS);
    findings
}

fn key(finding: &Finding) -> (u32, u32, &str, &str, &str) {
    let place = &finding.place;
    (place.row, place.column, &place.path, finding.id, &finding.message)
}

/// The charts that are written in a chart.
fn written<'c>(tree: &Tree<'c>) -> impl Iterator<Item = &'c Chart> {
    let states: Vec<_> = tree.nodes.iter().filter_map(|node| node.state).collect();
    states.into_iter().flat_map(|state| &state.invokes).filter_map(|invoke| match &invoke.content {
        Some(Content::Chart(chart)) => Some(chart.as_ref()),
        _ => None,
    })
}

/// The chart as a list, if it is not too large.
fn fits<'c>(chart: &'c Chart, report: &mut Report) -> Option<Tree<'c>> {
    let tree = Tree::new(chart);
    let (states, mut transitions) = (tree.nodes.len() - 1, tree.arrows.len());
    for state in tree.nodes.iter().filter_map(|node| node.state) {
        transitions += state.timers.len() + state.invokes.len();
    }
    let deepest = tree.nodes.iter().map(|node| node.depth).max().unwrap_or_default();
    if states <= STATES && transitions <= TRANSITIONS && deepest <= DEPTH {
        return Some(tree);
    }
    let message = format!(
        "the chart has {states} states, {deepest} deep, and {transitions} transitions, timers and invocations: at most {STATES}, {DEPTH} deep, and {TRANSITIONS} are looked at"
    );
    report.add("too-large", &chart.place, message);
    None
}

/// The deepest that states stand in states.
const DEPTH: usize = 128;

/// What was found.
#[derive(Debug, Default)]
struct Report {
    findings: Vec<Finding>,
}

impl Report {
    fn add(&mut self, id: &str, place: &Place, message: String) {
        let Some(rule) = RULES.iter().find(|rule| rule.id == id) else { return };
        // More than are told are kept, as the first ones by rows are wanted.
        if self.findings.len() < 8 * FINDINGS {
            self.findings.push(Finding {
                id: rule.id,
                severity: rule.severity,
                place: place.clone(),
                message,
                hint: rule.hint,
            });
        }
    }
}

#[cfg(test)]
#[path = "lint_tests.rs"]
mod tests;
