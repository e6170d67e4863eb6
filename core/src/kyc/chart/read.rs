//! Charts read from JSON and YAML, in the format of `docs/charts.md`, with everything that is wrong told at once.

mod action;
mod given;
mod state;
mod transition;

pub(super) use self::action::HOST;
pub(super) use self::given::{Marker, hides};
pub(super) use self::state::{INVOKE_DONE, INVOKE_ERROR};
pub(super) use self::transition::{done_event, timer_event};
use super::document::{Binding, Chart, Initial};
use super::model::ChartError;
use super::node::NodeKind;
use crate::kyc::reader::cursor::{self, Cursor};
use crate::kyc::reader::{self, Format};

/// The version of the format.
const VERSION: u64 = 1;

const CHART: [&str; 10] = [
    "chart",
    "id",
    "description",
    "datamodel",
    "binding",
    "context",
    "schema",
    "initial",
    "script",
    "states",
];

impl Chart {
    /// Reads a chart from a text of JSON or YAML.
    ///
    /// What is read is well formed, and not more: whether its targets exist and its expressions mean something is found when it is compiled.
    ///
    /// ```
    /// use thalium::kyc::chart::Chart;
    ///
    /// let chart = Chart::from_text("
    /// chart: 1
    /// id: individual
    /// initial: collecting
    /// states:
    ///   collecting:
    ///     on: {submitted: review}
    ///     after: {P30D: expired}
    ///   review:
    ///     on:
    ///       decided: [{target: approved, guard: {'==': [{var: event.data.outcome}, approve]}}, rejected]
    ///   approved: {type: final}
    ///   rejected: {type: final}
    ///   expired: {type: final}
    /// ").unwrap();
    /// assert_eq!(chart.states.len(), 5);
    /// assert_eq!(Chart::from_text(&chart.to_json()).unwrap().states[0].timers.len(), 1);
    ///
    /// let wrong = Chart::from_text("{chart: 1, states: {a: {on: {x: {trget: b}}}}}").unwrap_err();
    /// let told = "1:34: states/a/on/x/trget: `trget` is not known here: did you mean `target`?";
    /// assert_eq!(wrong[0].to_string(), told);
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong, up to a hundred places, in the order of the text: what is neither JSON nor YAML (then that alone), keys that
    /// are not known or stand twice, values of another kind, delays that are none, and what is too large: a text is at most 1 MiB, nests at
    /// most 64 deep, and has at most 100,000 values.
    pub fn from_text(text: &str) -> Result<Self, Vec<ChartError>> {
        Reader::read(text, Charts, |reader, at| reader.chart(at, true))
    }
}

/// The format of charts.
struct Charts;

impl Format for Charts {
    const FOREIGN: &'static [(&'static str, &'static str)] = &FOREIGN;
}

type Reader = reader::Reader<Charts>;

impl Reader {
    fn chart(&mut self, at: &Cursor<'_>, outermost: bool) -> Chart {
        let Some(fields) = self.fields(at, "a chart", &CHART) else { return Chart::default() };
        if outermost || fields.get("chart").is_some() {
            self.version(fields, "chart", VERSION);
        }
        Chart {
            id: fields.get("id").and_then(|at| self.text(&at)),
            description: fields.get("description").and_then(|at| self.text(&at)),
            datamodel: fields.get("datamodel").and_then(|at| self.text(&at)),
            binding: fields
                .get("binding")
                .and_then(|at| {
                    self.word(&at, &[("early", Binding::Early), ("late", Binding::Late)])
                })
                .unwrap_or_default(),
            initial: fields.get("initial").and_then(|at| self.initial(&at)),
            data: fields.get("context").map(|at| self.data(&at)).unwrap_or_default(),
            schema: fields.get("schema").map(|at| at.node.to_value()),
            script: fields.get("script").and_then(|at| self.expr(&at)),
            states: fields.get("states").map(|at| self.states(&at)).unwrap_or_default(),
            place: at.place(),
        }
    }

    /// `collecting`, `[left, right]`, or `{target: collecting, actions: […]}`.
    fn initial(&mut self, at: &Cursor<'_>) -> Option<Initial> {
        if at.node.as_map().is_none() {
            return Some(Initial {
                targets: self.targets(at),
                actions: Vec::new(),
                place: at.place(),
            });
        }
        let fields = self.fields(at, "where it begins", &["target", "actions"])?;
        Some(Initial {
            targets: fields.get("target").map(|at| self.targets(&at)).unwrap_or_default(),
            actions: fields.get("actions").map(|at| self.actions(&at)).unwrap_or_default(),
            place: at.place(),
        })
    }

    /// The names of states: one, or a list.
    fn targets(&mut self, at: &Cursor<'_>) -> Vec<String> {
        match &at.node.kind {
            NodeKind::List(_) => {
                let names: Vec<_> = at.items().map(|at| self.name(&at)).collect();
                names.into_iter().flatten().collect()
            }
            NodeKind::Text(_) => self.name(at).into_iter().collect(),
            _ => {
                self.expected(at, "the name of a state, or a list of names,");
                Vec::new()
            }
        }
    }

    /// A name: a text without white space.
    fn name(&mut self, at: &Cursor<'_>) -> Option<String> {
        let name = self.text(at)?;
        if name.is_empty() || name.contains(char::is_whitespace) {
            self.wrong(at, "a name has no white space and is not empty; several are a list");
            return None;
        }
        Some(name)
    }
}

/// Names that others have for what has another one here.
const FOREIGN: [(&str, &str); 16] = [
    ("cond", "guard"),
    ("compound", "state"),
    ("atomic", "state"),
    ("datamodel", "context"),
    ("data", "context"),
    ("donedata", "output"),
    ("input", "with"),
    ("on_done", "done"),
    ("onDone", "done"),
    ("onentry", "entry"),
    ("onexit", "exit"),
    ("params", "with"),
    ("item", "as"),
    ("target", "to"),
    ("transition", "on"),
    ("array", "foreach"),
];

/// That something is not known, and what may be meant.
fn unknown(written: &str, known: &[&str]) -> String {
    reader::unknown(&FOREIGN, written, known)
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
