//! A definition: a chart that was loaded, with the schema of its context, ready to run cases.

mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use self::survey::Survey;
use super::chart::{
    Chart, ChartError, DataModel as _, Event, Expr, Finding, Interpreter, Known, Program, Role,
    Session, State, Step, StepError, lint_with, told_by,
};
use super::logic::{Budget, Dialect};
use super::rules::{Code, Names, RESERVED, Rules, Surroundings, shown};
use crate::value::Value;

pub use super::chart::Violation;

/// The most charts that are loaded together.
pub const CHARTS: usize = 64;
/// The most names that a refusal tells.
const NAMED: usize = 8;
/// What all guards of a step may take.
const BUDGET: Budget = Budget::new(1_000_000, 16 << 20);

/// A definition of cases.
///
/// ```
/// use thalium::kyc::{ChartErrors, Definition, Surroundings};
/// use thalium::kyc::chart::{Chart, Event};
/// use thalium::value::Value;
///
/// let text = r#"
/// chart: 1
/// id: papers
/// context: {asked: 0}
/// states:
///   waiting:
///     on:
///       more: {actions: [{assign: {asked: {expr: {"+": [{var: asked}, 1]}}}}]}
///       sent: {target: settled, guard: {"<": [{var: asked}, 3]}}
///   settled: {type: final}
/// "#;
/// let chart = Chart::from_text(text).map_err(ChartErrors)?;
/// let definition = Definition::load(chart, Vec::new(), Surroundings::default())?;
/// let begun = definition.start("case-1", 0, &Value::Null)?;
/// let event = |name: &str| Event { name: name.to_owned(), ..Event::default() };
/// let asked = definition.step(&begun.session, event("more"), 1)?;
/// assert_eq!(asked.session.data().to_json(), r#"{"asked":1}"#);
/// let done = definition.step(&asked.session, event("sent"), 2)?;
/// assert_eq!(definition.program().atomic(&done.session).collect::<Vec<_>>(), ["settled"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Definition {
    chart: Chart,
    program: Arc<Program<Code>>,
    /// Those that can be invoked by their ids: all, and itself.
    charts: BTreeMap<String, Arc<Program<Code>>>,
    /// The names of all events that the others tell; none, if one tells whatever it likes.
    told: Option<BTreeSet<String>>,
    surroundings: Surroundings,
    digest: [u8; 32],
}

/// What is wrong with a definition: all of it that could be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ChartErrors(pub Vec<ChartError>);

impl From<Vec<ChartError>> for ChartErrors {
    fn from(errors: Vec<ChartError>) -> Self {
        Self(errors)
    }
}

/// Why an event was refused. The case stands as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no step.
    #[error(transparent)]
    Step(StepError),
    /// The context would not be as its schema has it.
    #[error("the context would not be as its schema has it: {}", .0.iter().map(told).collect::<Vec<_>>().join("; "))]
    Context(Vec<Violation>),
    /// What the case begins with is given to variables that the chart does not have.
    #[error("the chart has no variable {}: declare it in `context`, or do not give it", .0.iter().map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>().join(", "))]
    Unknown(Vec<String>),
    /// The context is too large to be looked at.
    #[error(
        "the context is too large to be held against its schema: keep documents elsewhere, and their references in it"
    )]
    Unchecked,
}

impl From<StepError> for Refused {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Context { found } => Self::Context(found),
            StepError::Unchecked => Self::Unchecked,
            other => Self::Step(other),
        }
    }
}

fn told(violation: &Violation) -> String {
    let Violation { session, at, what } = violation;
    match session {
        Some(session) => format!("in the session `{}`, {at}: {what}", shown(session)),
        None => format!("{at}: {what}"),
    }
}

impl Definition {
    /// Loads a chart, with those that it invokes by their ids.
    ///
    /// # Errors
    /// All that is wrong with them: what does not compile, names of variables, states and charts that none of them has, names that no variable
    /// can have. What is wrong with another one than the first says which.
    pub fn load(
        chart: Chart,
        others: Vec<Chart>,
        surroundings: Surroundings,
    ) -> Result<Self, ChartErrors> {
        let mut others = others;
        others.sort_by(|one, other| one.id.cmp(&other.id));
        let mut names = Names::default();
        let ids: BTreeSet<String> =
            iter::once(&chart).chain(&others).filter_map(|chart| chart.id.clone()).collect();
        let mut survey = |chart: &Chart| {
            let mut survey = Survey { ids: &ids, names: &mut names, errors: Vec::new() };
            survey.chart(chart);
            survey.errors
        };
        let mut errors = survey(&chart);
        if others.len() >= CHARTS {
            let message = format!(
                "comes with {} others, at most {} charts are loaded together",
                others.len(),
                CHARTS
            );
            errors.push(ChartError { place: chart.place.clone(), message });
            return Err(ChartErrors(errors));
        }
        let surveyed: Vec<_> = others.into_iter().map(|other| (survey(&other), other)).collect();
        let told = surveyed.iter().try_fold(BTreeSet::new(), |mut told, (_, other)| {
            told.append(&mut told_by(other)?);
            Some(told)
        });
        let rules = Rules::new(&surroundings, BUDGET).naming(&names);
        // What the survey has told already is not told again.
        let compiled = |chart: &Chart, errors: &mut Vec<ChartError>| {
            let found = Program::compile(chart, &rules).map_err(|found| {
                let key = |error: &ChartError| (error.place.path.clone(), error.message.clone());
                let told: BTreeSet<_> = errors.iter().map(key).collect();
                errors.extend(found.into_iter().filter(|error| !told.contains(&key(error))));
            });
            found.ok()
        };
        let program = compiled(&chart, &mut errors);
        let mut digest = Sha256::new();
        digest.update(chart.to_json());
        let mut charts = BTreeMap::new();
        let others = surveyed.into_iter().map(|(mut own, other)| {
            let program = compiled(&other, &mut own);
            errors.extend(own.into_iter().map(|error| of_chart(error, &other)));
            (program, other)
        });
        let others: Vec<_> = others.collect();
        for (program, other) in others {
            // A separator that no text of JSON begins with.
            digest.update([0]);
            digest.update(other.to_json());
            let taken = |id: &String| charts.contains_key(id) || chart.id.as_ref() == Some(id);
            match (&other.id, program) {
                (Some(id), _) if taken(id) => {
                    let message = format!("is the second chart `{id}`: give each an id of its own");
                    errors.push(ChartError { place: other.place.clone(), message });
                }
                (Some(id), Some(program)) => {
                    charts.insert(id.clone(), Arc::new(program));
                }
                (None, _) => {
                    let message = "has no `id`, which another chart could invoke it by".to_owned();
                    errors.push(ChartError { place: other.place.clone(), message });
                }
                (Some(_), None) => {}
            }
        }
        let Some(program) = program.filter(|_| errors.is_empty()) else {
            return Err(ChartErrors(errors));
        };
        let program = Arc::new(program);
        // A chart may invoke itself, and one that it invokes may invoke it: how deep is bounded where it runs.
        charts.extend(chart.id.clone().map(|id| (id, Arc::clone(&program))));
        if surroundings.dialect != Dialect::Strict {
            digest.update([1]);
            digest.update(format!("{:?}", surroundings.dialect));
        }
        if let Some(policies) = &surroundings.policies {
            digest.update([2]);
            digest.update(policies.digest());
        }
        let digest = digest.finalize().into();
        Ok(Self { chart, program, charts, told, surroundings, digest })
    }

    /// The chart as it was written.
    #[must_use]
    pub const fn chart(&self) -> &Chart {
        &self.chart
    }

    /// The chart as it runs.
    #[must_use]
    pub fn program(&self) -> &Program<Code> {
        &self.program
    }

    /// What names this content and no other: SHA-256 over the charts as JSON, the dialect if it is not the strict one, and the digest of the
    /// policies if there are some. The order in which others were given does not count.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The events that its transitions wait for, sorted, each once; without those of its own timers, and `done.…` and `error.…`, which no caller sends.
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&State> = self.chart.states.iter().collect();
        while let Some(state) = open.pop() {
            let is_own = |event: &str| {
                let timers = || state.timers.iter().filter_map(|timer| timer.event.as_deref());
                matches!(event.split('.').next(), Some("done" | "error" | "after"))
                    || timers().any(|timer| timer == event)
            };
            let named = state.transitions.iter().flat_map(|transition| &transition.events);
            found.extend(named.filter(|event| !is_own(event)).cloned());
            open.extend(&state.states);
        }
        found.into_iter().collect()
    }

    /// What is probably wrong in its chart, variables that nothing reads among it. The charts that are loaded together with it are looked at each by
    /// itself.
    ///
    /// `outside` are the events that can come from outside, such as `submitted` or `document.*`; nothing, if any can. A transition for one that
    /// neither they nor the charts make is a finding.
    #[must_use]
    pub fn lint(&self, outside: Option<&[String]>) -> Vec<Finding> {
        let told = outside.zip(self.told.as_ref());
        let outside = told.map(|(outside, told)| outside.iter().chain(told).cloned().collect());
        let outside: Option<Vec<String>> = outside;
        let rules = self.rules(BUDGET);
        let reads = |expr: &Expr| {
            let roots =
                rules.compile(Role::Value, expr).map(|code| code.roots()).unwrap_or_default();
            let own = roots.names.iter().filter(|name| !RESERVED.contains(&&***name));
            (!roots.is_all).then(|| own.map(|name| name.clone().into_string()).collect())
        };
        lint_with(&self.chart, &Known { outside: outside.as_deref(), reads: Some(&reads) })
    }

    /// Begins a case.
    ///
    /// # Errors
    /// A variable is given that the chart does not have, a budget is used up, or the context is not as its schema has it.
    pub fn start(&self, id: &str, now: i64, given: &Value) -> Result<Step, Refused> {
        self.begin(false, id, now, given)
    }

    /// The same, told with what happened or without.
    ///
    /// # Errors
    /// As [`Definition::start`].
    pub fn begin(
        &self,
        is_traced: bool,
        id: &str,
        now: i64,
        given: &Value,
    ) -> Result<Step, Refused> {
        self.check_given(given)?;
        self.run(is_traced, |interpreter| interpreter.start(id, now, given))
    }

    /// Whether the chart has the variables that a case is to begin with.
    fn check_given(&self, given: &Value) -> Result<(), Refused> {
        let Some(given) = given.as_object().filter(|given| !given.is_empty()) else {
            return Ok(());
        };
        let known: BTreeSet<&str> = self.chart.data.iter().map(|datum| datum.id.as_str()).collect();
        let names = given.keys().filter_map(Value::as_str).filter(|name| !known.contains(name));
        let unknown: Vec<String> = names.take(NAMED).map(str::to_owned).collect();
        if unknown.is_empty() { Ok(()) } else { Err(Refused::Unknown(unknown)) }
    }

    /// Gives an event to a case.
    ///
    /// # Errors
    /// As [`Definition::start`], or the case has ended or is of another definition.
    pub fn step(&self, session: &Session, event: Event, now: i64) -> Result<Step, Refused> {
        self.run(false, |interpreter| interpreter.step(session, event, now))
    }

    /// Lets time pass for a case.
    ///
    /// # Errors
    /// As [`Definition::step`].
    pub fn advance(&self, session: &Session, now: i64) -> Result<Step, Refused> {
        self.run(false, |interpreter| interpreter.advance(session, now))
    }

    /// Any step, told with what happened in it or without.
    ///
    /// # Errors
    /// As [`Definition::step`].
    pub fn run(
        &self,
        is_traced: bool,
        step: impl FnOnce(&mut Interpreter<'_, '_, Rules<'_>>) -> Result<Step, StepError>,
    ) -> Result<Step, Refused> {
        let mut rules = Rules::new(&self.surroundings, BUDGET).of(&self.charts);
        if is_traced {
            rules = rules.recorded();
        }
        let interpreter = Interpreter::new(&self.program, &mut rules);
        Ok(step(&mut if is_traced { interpreter.traced() } else { interpreter })?)
    }

    /// The data model of its charts, for what is asked of a session beside its steps.
    pub(super) fn rules(&self, budget: Budget) -> Rules<'_> {
        Rules::new(&self.surroundings, budget).of(&self.charts)
    }
}

/// An error of a chart that is loaded with another: it says which text its place is of.
fn of_chart(error: ChartError, chart: &Chart) -> ChartError {
    let Some(id) = &chart.id else { return error };
    ChartError { message: format!("{} (in the chart `{}`)", error.message, shown(id)), ..error }
}

#[cfg(test)]
#[path = "definition_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "definition/bounds_tests.rs"]
mod bounds;
