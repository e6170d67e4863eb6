//! Charts and the sessions that run on them, as plain data.
//!
//! Data of cases is JSON whose numbers are exact: where it is answered, it is the text of JSON, so that no reader makes a float of an amount.

use serde::{Deserialize, Serialize};
use thalium::kyc::case::told_effect;
use thalium::kyc::chart::{Effect, Event, Finding, Interpreter, Session, Status, Step, Trace};
use thalium::kyc::logic::Dialect;
use thalium::kyc::{Refused, Rules, Surroundings};
use thalium::policy::rego::Value;

use super::decision::{parsed, without};
use super::failure::Failure;
use super::policy::OpenPolicy;
use super::{Nothing, Surface, instant_of, json, operation};
use crate::charts::{Chart, ChartFault, ChartOptions, chart_text, read_chart};
use crate::{charts, hex, time};

/// Which chart to open. One of `path` and `text`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OpenChart {
    /// A file of JSON, YAML or SCXML.
    pub path: Option<String>,
    /// The text itself.
    pub text: Option<String>,
    /// The texts of charts that it invokes by their ids.
    pub charts: Vec<String>,
    /// The policy that its guards ask (`{"rego": PATH}`).
    pub policy: Option<OpenPolicy>,
    /// How JSON Logic takes values of other kinds: `strict`, which is the default, or `javascript`.
    pub dialect: Option<String>,
}

/// What is asked of a chart. In JSON the field `op` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ChartCall {
    /// What was loaded. Answer: a `ChartView`.
    DescribeChart(Nothing),
    /// What is probably wrong in it. Answer: a list of `ChartFinding`.
    LintChart(LintChart),
    /// A picture of it. Answer: a `ChartText`.
    DrawChart(DrawChart),
    /// Its text in another form. Answer: a `ChartText`.
    WriteChart(WriteChart),
    /// Begins a session. Answer: a `ChartStep`.
    StartSession(StartSession),
    /// Gives an event to a session. Answer: a `ChartStep`.
    StepSession(StepSession),
    /// Lets time pass for a session: its timers that are due happen. Answer: a `ChartStep`.
    AdvanceSession(AdvanceSession),
    /// Goes on with a session that rested, its timers as their `restore` says. Answer: a `ChartStep`.
    ResumeSession(ResumeSession),
    /// Ends a session from outside: its states are left. Answer: a `ChartStep`.
    CancelSession(AdvanceSession),
    /// What a session is. Answer: a `ChartSession`.
    DescribeSession(HeldSession),
}

/// What is to be known beside a chart when it is linted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LintChart {
    /// The events that can come from outside, such as `submitted` or `document.*`. Left out, any can; given, a transition for an event that nothing
    /// makes is a finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside: Option<Vec<String>>,
}

/// What picture of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DrawChart {
    /// `svg`, which is the default, or `mermaid`.
    #[serde(default)]
    pub format: Option<String>,
    /// A session whose active states are brought out.
    #[serde(default)]
    pub session: Option<String>,
}

/// In which form a chart is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteChart {
    /// `json`, which is the default, or `scxml`.
    #[serde(default)]
    pub format: Option<String>,
}

/// How a session begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartSession {
    /// Its id: the caller's own.
    pub id: String,
    /// What its variables begin with, by name: any JSON. Its numbers are read exactly.
    #[serde(default)]
    pub data: Option<serde_json::Value>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default)]
    pub now: Option<String>,
    /// Whether it is told what happened.
    #[serde(default)]
    pub trace: bool,
}

/// An event for a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StepSession {
    /// The session, as it was answered last.
    pub session: String,
    /// The event's name.
    pub event: String,
    /// What it carries, any JSON. Its numbers are read exactly.
    #[serde(default)]
    pub data: Option<serde_json::Value>,
    /// The id under which what tells it was invoked, if it was.
    #[serde(default)]
    pub invoke_id: Option<String>,
    /// The session below that is told, by its id; by default the session itself.
    #[serde(default)]
    pub to: Option<String>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default)]
    pub now: Option<String>,
    /// Whether it is told what happened.
    #[serde(default)]
    pub trace: bool,
}

/// A session, and an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AdvanceSession {
    /// The session, as it was answered last.
    pub session: String,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default)]
    pub now: Option<String>,
    /// Whether it is told what happened.
    #[serde(default)]
    pub trace: bool,
}

/// A session that rested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResumeSession {
    /// The session, as it was answered last.
    pub session: String,
    /// Since when it rested: RFC 3339 or nanoseconds since 1970.
    pub suspended_at: String,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default)]
    pub now: Option<String>,
    /// Whether it is told what happened.
    #[serde(default)]
    pub trace: bool,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HeldSession {
    /// The session, as it was answered last.
    pub session: String,
}

/// A chart that was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartView {
    /// Its name; empty where it has none.
    pub id: String,
    /// What it says of itself; empty where it says nothing.
    pub description: String,
    /// What names this content and no other, in hexadecimal: a session belongs to it.
    pub digest: String,
    /// Its states in document order.
    pub states: Vec<String>,
    /// Its variables.
    pub variables: Vec<String>,
    /// The events that it waits for, by name; without those of its own timers, and `done.…` and `error.…`.
    pub events: Vec<String>,
}

/// What is probably wrong in a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartFinding {
    /// The rule that found it.
    pub rule: String,
    /// How grave it is: `error`, `warning` or `hint`.
    pub severity: String,
    /// Where, as a path.
    pub path: String,
    /// The row; zero where the chart was not read from a text.
    pub row: u32,
    /// The column.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

impl From<Finding> for ChartFinding {
    fn from(finding: Finding) -> Self {
        Self {
            rule: finding.id.to_owned(),
            severity: finding.severity.name().to_owned(),
            path: finding.place.path,
            row: finding.place.row,
            column: finding.place.column,
            message: finding.message,
            hint: finding.hint.to_owned(),
        }
    }
}

/// A chart in some form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartText {
    /// The text.
    pub text: String,
}

/// What a session is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartSession {
    /// The session, to be kept and given back with the next event. It names the version of its chart.
    pub session: String,
    /// Its id.
    pub id: String,
    /// Whether it has come to an end.
    pub done: bool,
    /// The active states without children, in document order.
    pub states: Vec<String>,
    /// All active states, in document order.
    pub configuration: Vec<String>,
    /// Its variables: the text of a JSON object, whose numbers are exact.
    pub data: String,
    /// What waits for its time, in the order in which it is due.
    pub pending: Vec<ChartPending>,
}

/// A timer or a delayed event that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartPending {
    /// The session that it belongs to.
    pub session: String,
    /// When it is due: RFC 3339.
    pub due: String,
    /// The event.
    pub event: String,
    /// What becomes of it when its session rests: `deadline`, `remaining` or `restart`.
    pub restore: String,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartStep {
    /// What the session is now.
    pub at: ChartSession,
    /// Whether the event was heard: a transition was taken for it, or something that was invoked was told.
    pub heard: bool,
    /// What is to be done, in order, once the session is kept.
    pub effects: Vec<ChartEffect>,
    /// What went wrong in expressions, with the path where: a guard that fails does not hold, an action that fails ends its block.
    pub faults: Vec<String>,
    /// What happened, where that was asked for.
    pub trace: Vec<ChartMicrostep>,
}

/// Something that a chart asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartEffect {
    /// What: `send` a message, `invoke` a service, `cancel_invoke` one, `forward` an event to one, `log` something, or the session is `done`.
    pub kind: String,
    /// The session that asks for it.
    pub session: String,
    /// The id of the message or service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where the message goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What kind of processor or service it is for.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub of_type: Option<String>,
    /// The event's name, or what a line of the log is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the service is to be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub src: Option<String>,
    /// What is carried: the text of JSON, whose numbers are exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

/// A microstep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartMicrostep {
    /// The session whose it is.
    pub session: String,
    /// The event that it answers; none if none was needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The guards that were asked, in order.
    pub guards: Vec<ChartGuard>,
    /// The paths of the transitions that were taken.
    pub taken: Vec<String>,
    /// The states that were left, in order.
    pub exited: Vec<String>,
    /// The states that were entered, in order.
    pub entered: Vec<String>,
    /// What else was evaluated and read something, in order: of actions, delays, and what services, messages and ends are told.
    pub mappings: Vec<ChartMapping>,
    /// What went wrong, with the path where: each was an event `error.…` of the chart, too.
    pub faults: Vec<String>,
}

/// Expressions that were evaluated in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartMapping {
    /// The path of the action, timer, invocation, variable or final state that has them.
    pub path: String,
    /// Whether it held, of a condition (`if`) that could be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<bool>,
    /// What they read: the name and the text of JSON.
    pub read: Vec<ChartRead>,
}

/// A guard that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartGuard {
    /// The path of its transition.
    pub path: String,
    /// Whether it held; none if that could not be told, which is a no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<bool>,
    /// What it read: the name and the text of JSON.
    pub read: Vec<ChartRead>,
}

/// A value that a guard read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChartRead {
    /// What was asked for.
    pub name: String,
    /// What it was: the text of JSON.
    pub value: String,
}

/// Opens a chart, which JSON names.
///
/// # Errors
/// A request that cannot be read, or what [`Chart::open`] says.
pub fn open_chart(request: &str) -> Result<Chart, Failure> {
    super::read_json::<OpenChart>(request)?.open()
}

fn dialect(name: Option<&str>) -> Result<Dialect, Failure> {
    match name {
        None | Some("strict") => Ok(Dialect::Strict),
        Some("javascript") => Ok(Dialect::JavaScript),
        Some(_) => Err(Failure::usage("dialect", "is `strict` or `javascript`")),
    }
}

/// What expressions are loaded with.
pub(super) fn surroundings(
    name: Option<&str>,
    policy: Option<&OpenPolicy>,
) -> Result<Surroundings, Failure> {
    let policy = policy.map(OpenPolicy::open).transpose()?;
    Ok(charts::surroundings(dialect(name)?, policy))
}

impl OpenChart {
    /// Opens it.
    ///
    /// # Errors
    /// What [`Chart::open`] says.
    pub fn open(&self) -> Result<Chart, Failure> {
        let dialect = dialect(self.dialect.as_deref())?;
        let policy = self.policy.as_ref().map(OpenPolicy::open).transpose()?;
        let charts = self.charts.iter().map(|text| read_chart(text)).collect::<Result<_, _>>()?;
        let options = ChartOptions { charts, policy, dialect };
        match (&self.path, &self.text) {
            (Some(path), None) => Ok(Chart::with(&chart_text(path.as_ref())?, options)?),
            (None, Some(text)) => Ok(Chart::with(text, options)?),
            _ => Err(Failure::usage("path", "give one of `path` and `text`")),
        }
    }
}

/// Asks something of a chart, and gives the answer as JSON.
///
/// # Errors
/// A request that cannot be read, or what [`Chart`]'s own methods say.
pub fn chart(chart: &Chart, request: &str) -> Result<String, Failure> {
    let request = parsed(request)?;
    let op = request.get_str("op").and_then(Value::as_str).unwrap_or_default();
    if operation::surface_of(op) != Some(Surface::Chart) {
        return Err(operation::unknown(op, Surface::Chart));
    }
    // The data is kept apart: it is read once, exactly.
    let (fields, data) = without(&request, "data");
    let call: ChartCall = super::read_json(&fields)?;
    if data.is_some() && !matches!(call, ChartCall::StartSession(_) | ChartCall::StepSession(_)) {
        return Err(Failure::usage("data", "is nothing that this is asked with: leave it out"));
    }
    match call {
        ChartCall::DescribeChart(Nothing {}) => json(&chart.describe()),
        ChartCall::LintChart(LintChart { outside }) => json(&chart.findings(outside.as_deref())),
        ChartCall::DrawChart(call) => {
            let session = call.session.as_deref().map(|held| chart.held(held)).transpose()?;
            let text = match call.format.as_deref() {
                None | Some("svg") => chart.svg(session.as_ref())?,
                Some("mermaid") => chart.mermaid(session.as_ref()),
                Some(_) => return Err(Failure::usage("format", "is `svg` or `mermaid`")),
            };
            json(&ChartText { text })
        }
        ChartCall::WriteChart(call) => {
            let text = match call.format.as_deref() {
                None | Some("json") => chart.definition().chart().to_json(),
                Some("scxml") => chart.scxml()?,
                Some(_) => return Err(Failure::usage("format", "is `json` or `scxml`")),
            };
            json(&ChartText { text })
        }
        ChartCall::StartSession(call) => {
            let now = instant(call.now.as_deref())?;
            let data = data.unwrap_or(Value::Null);
            answer(chart, chart.definition().begin(call.trace, &call.id, now, &data))
        }
        ChartCall::StepSession(call) => {
            let (session, now) = (chart.held(&call.session)?, instant(call.now.as_deref())?);
            let event =
                Event { name: call.event, data, invoke_id: call.invoke_id, ..Event::default() };
            told(chart, call.trace, |runs| match &call.to {
                Some(to) => runs.deliver(&session, to, event, now),
                None => runs.step(&session, event, now),
            })
        }
        ChartCall::AdvanceSession(call) => {
            let (session, now) = (chart.held(&call.session)?, instant(call.now.as_deref())?);
            told(chart, call.trace, |runs| runs.advance(&session, now))
        }
        ChartCall::ResumeSession(call) => {
            let (session, now) = (chart.held(&call.session)?, instant(call.now.as_deref())?);
            let since = instant_of("suspended_at", &call.suspended_at)?;
            told(chart, call.trace, |runs| runs.resume(&session, since, now))
        }
        ChartCall::CancelSession(call) => {
            let (session, now) = (chart.held(&call.session)?, instant(call.now.as_deref())?);
            told(chart, call.trace, |runs| runs.cancel(&session, now))
        }
        ChartCall::DescribeSession(call) => {
            json(&chart.session(call.session.clone(), &chart.held(&call.session)?))
        }
    }
}

fn instant(now: Option<&str>) -> Result<i64, Failure> {
    now.map_or_else(|| Ok(crate::now()), |text| instant_of("now", text))
}

fn told(
    chart: &Chart,
    is_traced: bool,
    step: impl FnOnce(
        &mut Interpreter<'_, '_, Rules<'_>>,
    ) -> Result<Step, thalium::kyc::chart::StepError>,
) -> Result<String, Failure> {
    answer(chart, chart.definition().run(is_traced, step))
}

fn answer(chart: &Chart, step: Result<Step, Refused>) -> Result<String, Failure> {
    json(&chart.step_view(&step.map_err(ChartFault::from)?))
}

impl Chart {
    /// What was loaded.
    #[must_use]
    pub fn describe(&self) -> ChartView {
        let (definition, chart) = (self.definition(), self.definition().chart());
        ChartView {
            id: chart.id.clone().unwrap_or_default(),
            description: chart.description.clone().unwrap_or_default(),
            digest: hex(definition.digest()),
            states: definition.program().states().map(str::to_owned).collect(),
            variables: chart.data.iter().map(|datum| datum.id.clone()).collect(),
            events: definition.events(),
        }
    }

    /// What is probably wrong in it, as [`Chart::lint`].
    #[must_use]
    pub fn findings(&self, outside: Option<&[String]>) -> Vec<ChartFinding> {
        self.lint(outside).into_iter().map(ChartFinding::from).collect()
    }

    /// What a step came to.
    #[must_use]
    pub fn step_view(&self, step: &Step) -> ChartStep {
        ChartStep {
            at: self.session(self.hold(step), &step.session),
            heard: step.heard,
            effects: step.effects.iter().map(chart_effect).collect(),
            faults: step
                .faults
                .iter()
                .map(|(place, why)| format!("{}: {why}", place.path))
                .collect(),
            trace: microsteps(&step.trace),
        }
    }

    fn session(&self, held: String, session: &Session) -> ChartSession {
        let program = self.definition().program();
        let names = |states: &mut dyn Iterator<Item = &str>| states.map(str::to_owned).collect();
        let pending = session.pending().into_iter().map(|pending| ChartPending {
            session: pending.session.to_owned(),
            due: time::format_instant(pending.due),
            event: pending.message.event.clone().unwrap_or_default(),
            restore: pending.restore.name().to_owned(),
        });
        ChartSession {
            session: held,
            id: session.id().to_owned(),
            done: session.status() == Status::Done,
            states: names(&mut program.atomic(session)),
            configuration: names(&mut program.active(session)),
            data: session.data().to_json(),
            pending: pending.collect(),
        }
    }
}

/// What a chart asks for, as plain data.
pub(crate) fn chart_effect(effect: &Effect) -> ChartEffect {
    let told = told_effect(effect);
    let text = |name| told.get_str(name).and_then(Value::as_str).map(str::to_owned);
    ChartEffect {
        kind: text("kind").unwrap_or_default(),
        session: text("session").unwrap_or_default(),
        id: text("id"),
        target: text("target"),
        of_type: text("type"),
        name: text("name"),
        src: text("src"),
        data: told.get_str("data").map(Value::to_json),
    }
}

fn microsteps(trace: &Trace) -> Vec<ChartMicrostep> {
    let told = trace.microsteps.iter().map(|micro| ChartMicrostep {
        session: micro.session.to_string(),
        event: micro.event.as_ref().map(|event| event.name.clone()),
        guards: micro
            .guards
            .iter()
            .map(|asked| ChartGuard {
                path: asked.way.place.path.clone(),
                held: asked.held,
                read: reads(&asked.read),
            })
            .collect(),
        taken: micro.taken.iter().map(|way| way.place.path.clone()).collect(),
        exited: micro.exited.clone(),
        entered: micro.entered.clone(),
        mappings: micro
            .mappings
            .iter()
            .map(|mapping| ChartMapping {
                path: mapping.place.path.clone(),
                held: mapping.held,
                read: reads(&mapping.read),
            })
            .collect(),
        faults: micro.faults.iter().map(|(place, why)| format!("{}: {why}", place.path)).collect(),
    });
    told.collect()
}

fn reads(read: &[(String, Value)]) -> Vec<ChartRead> {
    let read = read.iter();
    read.map(|(name, value)| ChartRead { name: name.clone(), value: value.to_json() }).collect()
}

impl From<ChartFault> for Failure {
    fn from(error: ChartFault) -> Self {
        let (code, field) = match &error {
            ChartFault::Read { .. } => (super::failure::IO, Some("path")),
            ChartFault::Chart(_) | ChartFault::Draw(_) => (super::failure::CHART, None),
            ChartFault::Refused(Refused::Context(_) | Refused::Unknown(_)) => {
                (super::failure::REFUSED, Some("data"))
            }
            ChartFault::Refused(_) => (super::failure::REFUSED, None),
            ChartFault::Session(_) | ChartFault::Version { .. } => {
                (super::failure::INVALID, Some("session"))
            }
        };
        Self { code: code.to_owned(), message: error.to_string(), field: field.map(str::to_owned) }
    }
}
