//! Charts: a definition of cases is opened once, and runs them by the clock of the host. Nothing is kept between two steps but what the caller keeps.

mod error;
mod held;

use std::borrow::Cow;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use thalium::kyc::case::PolicyFile;
use thalium::kyc::chart::{self, Finding, Program, Session, Step, mermaid, svg};
use thalium::kyc::logic::Dialect;
use thalium::kyc::{Code, Definition, Policies, Surroundings};
use thalium::policy::bundle::File;
use thalium::policy::rego::{Request, Value};

pub use self::error::ChartFault;
pub use self::held::Held;
use crate::Policy;
use crate::policies::Asked;

/// The largest text of a chart, in bytes.
pub const CHART_BYTES: usize = 16 << 20;

/// A chart that runs.
///
/// ```
/// use thalium_host::Chart;
/// use thalium_host::kyc::chart::Event;
/// use thalium_host::policy::rego::Value;
///
/// let chart = Chart::of("{chart: 1, id: papers, states: {waiting: {on: {sent: settled}}, settled: {type: final}}}")?;
/// let begun = chart.definition().start("case-1", 0, &Value::Null)?;
/// let sent = Event { name: "sent".to_owned(), ..Event::default() };
/// let done = chart.definition().step(&begun.session, sent, 1)?;
/// assert_eq!(chart.definition().program().atomic(&done.session).collect::<Vec<_>>(), ["settled"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Chart(Definition);

/// What a chart is opened with.
#[derive(Debug, Default)]
pub struct ChartOptions {
    /// The charts that it invokes by their ids.
    pub charts: Vec<chart::Chart>,
    /// The policy that its guards ask (`{"rego": PATH}`).
    pub policy: Option<Policy>,
    /// How JSON Logic takes values of other kinds.
    pub dialect: Dialect,
}

/// What expressions are loaded with.
pub(crate) fn surroundings(dialect: Dialect, policy: Option<Policy>) -> Surroundings {
    let policies = policy.map(|policy| Arc::new(Asking(policy)) as Arc<dyn Policies>);
    Surroundings { dialect, policies }
}

impl Chart {
    /// Opens the chart in a file of JSON, YAML or SCXML.
    ///
    /// # Errors
    /// It cannot be read, or is refused: with all that is wrong, by row, column and path.
    pub fn open(path: impl AsRef<Path>, options: ChartOptions) -> Result<Self, ChartFault> {
        Self::with(&chart_text(path.as_ref())?, options)
    }

    /// Of a text of JSON, YAML or SCXML.
    ///
    /// # Errors
    /// As [`Chart::open`].
    pub fn of(text: &str) -> Result<Self, ChartFault> {
        Self::with(text, ChartOptions::default())
    }

    /// Of a text, with options.
    ///
    /// # Errors
    /// As [`Chart::open`].
    pub fn with(text: &str, options: ChartOptions) -> Result<Self, ChartFault> {
        let ChartOptions { charts, policy, dialect } = options;
        Ok(Self(Definition::load(read_chart(text)?, charts, surroundings(dialect, policy))?))
    }

    /// What runs.
    #[must_use]
    pub const fn definition(&self) -> &Definition {
        &self.0
    }

    /// What is probably wrong in it; of transitions for events that nothing makes, where `outside` says which can come from outside, such as
    /// `document.*`.
    #[must_use]
    pub fn lint(&self, outside: Option<&[String]>) -> Vec<Finding> {
        self.0.lint(outside)
    }

    /// A picture as Mermaid's text, with the active states of a session brought out.
    #[must_use]
    pub fn mermaid(&self, session: Option<&Session>) -> String {
        mermaid(self.0.chart(), &|state| is_active(self.0.program(), session, state))
    }

    /// A picture as SVG, with the active states of a session brought out.
    ///
    /// # Errors
    /// It is too large to be drawn.
    pub fn svg(&self, session: Option<&Session>) -> Result<String, ChartFault> {
        Ok(svg(self.0.chart(), &|state| is_active(self.0.program(), session, state))?)
    }

    /// Its text as SCXML.
    ///
    /// # Errors
    /// SCXML has no way to say what it says.
    pub fn scxml(&self) -> Result<String, ChartFault> {
        chart_as_scxml(self.0.chart())
    }

    /// A session as text, to be kept: it names the version of the chart that it belongs to.
    #[must_use]
    pub fn hold(&self, step: &Step) -> String {
        Held { definition: *self.0.digest(), session: step.session.clone() }.to_text()
    }

    /// A session that was kept.
    ///
    /// # Errors
    /// It is none, or belongs to another version of the chart.
    pub fn held(&self, text: &str) -> Result<Session, ChartFault> {
        let held = Held::from_text(text)?;
        if held.definition != *self.0.digest() {
            return Err(ChartFault::Version {
                session: held.session.id().to_owned(),
                theirs: crate::hex(&held.definition),
                ours: crate::hex(self.0.digest()),
            });
        }
        Ok(held.session)
    }
}

/// The text of a chart's file.
///
/// # Errors
/// It cannot be read, is no text, or is too large.
pub fn chart_text(path: &Path) -> Result<String, ChartFault> {
    let fault = |source| ChartFault::Read { path: path.display().to_string(), source };
    let file = fs::File::open(path).map_err(fault)?;
    let mut text = String::new();
    let most = u64::try_from(CHART_BYTES).unwrap_or(u64::MAX);
    file.take(most.saturating_add(1)).read_to_string(&mut text).map_err(fault)?;
    if text.len() > CHART_BYTES {
        let why = format!("has more than {} MiB", CHART_BYTES >> 20);
        return Err(fault(std::io::Error::other(why)));
    }
    Ok(text)
}

/// Reads a chart: SCXML begins with `<`, everything else is JSON or YAML.
///
/// # Errors
/// All that is wrong with it.
pub fn read_chart(text: &str) -> Result<chart::Chart, ChartFault> {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Ok(thalium_scxml::import(text)?);
    }
    Ok(chart::Chart::from_text(text)?)
}

/// The text of a chart as SCXML.
///
/// # Errors
/// SCXML has no way to say what it says.
pub fn chart_as_scxml(chart: &chart::Chart) -> Result<String, ChartFault> {
    Ok(thalium_scxml::export(chart).map_err(|error| vec![error])?)
}

fn is_active(program: &Program<Code>, session: Option<&Session>, state: &str) -> bool {
    session.is_some_and(|session| program.is_active(session, state))
}

/// The policies of a bundle that is kept with what asks them.
pub(crate) fn lend(files: &[PolicyFile]) -> Result<Arc<dyn Policies>, String> {
    let files = files.iter().map(|file| File {
        name: Cow::Borrowed(file.name.as_str()),
        bytes: Cow::Borrowed(&**file.bytes),
    });
    let files: Vec<File<'_>> = files.collect();
    let policy = Policy::of(&files, None).map_err(|error| error.to_string())?;
    Ok(Arc::new(Asking(policy)))
}

/// A policy that guards ask. What chance there is follows from the instant, so that a step can be repeated.
#[derive(Debug)]
struct Asking(Policy);

impl Policies for Asking {
    fn check(&self, path: &str) -> Result<(), String> {
        self.0.entry(path).map(|_| ()).map_err(|error| error.to_string())
    }

    fn ask(&self, path: &str, input: Value, now: i64) -> Result<Option<Value>, String> {
        let told = |error: crate::PolicyError| error.to_string();
        let asked = Asked { now: Some(now), seed: Some(now.unsigned_abs()), ..Asked::default() };
        let request = Request { input: Some(input), ..asked.request().map_err(told)? };
        let entry = self.0.entry(path).map_err(told)?;
        self.0.snapshot().evaluate(&entry, request).map_err(|error| error.to_string())
    }

    fn digest(&self) -> [u8; 32] {
        self.0.snapshot().digest()
    }
}

#[cfg(test)]
#[path = "charts_tests.rs"]
mod tests;
