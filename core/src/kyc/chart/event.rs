//! Events: what a chart is told, and what it tells itself.

use crate::value::Value;

/// Where an event came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// From the interpreter itself: `error.execution`, `done.state.…`.
    Platform,
    /// Raised by the chart.
    Internal,
    /// From outside.
    #[default]
    External,
}

/// An event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// Its name: tokens joined by dots.
    pub name: String,
    /// Where it came from.
    pub source: Source,
    /// The id that it was sent under, if it was given one or its sending failed.
    pub send_id: Option<String>,
    /// Where an answer can be sent.
    pub origin: Option<String>,
    /// By what kind of processor it came.
    pub origin_kind: Option<String>,
    /// What was invoked and tells it.
    pub invoke_id: Option<String>,
    /// What it carries.
    pub data: Option<Value>,
}

impl Event {
    /// An event from outside that carries nothing.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// The same, carrying data.
    #[must_use]
    pub fn with(mut self, data: Value) -> Self {
        self.data = Some(data);
        self
    }

    pub(super) fn platform(name: impl Into<String>, data: Option<Value>) -> Self {
        Self { name: name.into(), source: Source::Platform, data, ..Self::default() }
    }
}
