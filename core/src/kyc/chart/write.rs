//! Charts written as JSON, so that they are read again as they were.

mod action;
mod given;
mod out;
mod state;

use std::collections::BTreeSet;

use self::given::data;
use self::out::Out;
use super::document::{Binding, Chart, Initial};

impl Chart {
    /// The chart as JSON, in the format that [`Chart::from_text`] reads: pretty, in the order of the chart, without what is said by default.
    ///
    /// The same chart gives the same bytes. What it means is read again as it was, places aside: a state without a name stands in a list, a
    /// second block of actions makes a list of lists, and transitions whose order an object cannot tell stand in a list as well. What no text
    /// can say is written as the nearest that one can: sets as lists, keys that are no texts as their JSON; what is larger than a text may be
    /// is written, and not read again.
    ///
    /// ```
    /// use thalium::kyc::chart::Chart;
    ///
    /// let chart = Chart::from_text("{chart: 1, id: tiny, states: {open: {on: {close: [closed]}}, closed: {type: final}}}").unwrap();
    /// assert_eq!(chart.to_json(), r#"{
    ///   "chart": 1,
    ///   "id": "tiny",
    ///   "states": { "open": { "on": { "close": "closed" } }, "closed": { "type": "final" } }
    /// }
    /// "#);
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        chart(self, true).write(&mut text, 0);
        text.push('\n');
        text
    }
}

/// A chart; one within another does not say the version again.
fn chart(chart: &Chart, outermost: bool) -> Out {
    let mut out = Out::object();
    out.put_if("chart", outermost.then(|| Out::Raw("1".to_owned())));
    out.put_if("id", chart.id.as_deref().map(Out::text));
    out.put_if("description", chart.description.as_deref().map(Out::text));
    out.put_if("datamodel", chart.datamodel.as_deref().map(Out::text));
    out.put_if("binding", (chart.binding == Binding::Late).then(|| Out::text("late")));
    out.put_if("context", (!chart.data.is_empty()).then(|| data(&chart.data)));
    out.put_if("schema", chart.schema.as_ref().map(Out::value));
    out.put_if("initial", chart.initial.as_ref().map(initial));
    out.put_if("script", chart.script.as_ref().map(|script| Out::value(&script.source)));
    out.put_if("states", (!chart.states.is_empty()).then(|| state::states(&chart.states)));
    out
}

fn initial(initial: &Initial) -> Out {
    if initial.actions.is_empty() {
        return targets(&initial.targets);
    }
    let mut out = Out::object();
    out.put("target", targets(&initial.targets));
    out.put("actions", action::actions(&initial.actions));
    out
}

fn targets(targets: &[String]) -> Out {
    match targets {
        [one] => Out::text(one),
        all => Out::List(all.iter().map(|name| Out::text(name)).collect()),
    }
}

/// Whether each stands once, so that they can be the keys of an object.
fn are_distinct<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    names.into_iter().all(|name| seen.insert(name))
}

/// Whether they can be the keys of an object of names: each stands once, and none marks a value.
fn are_keys<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    names.into_iter().all(|name| !given::is_mark(name) && seen.insert(name))
}

#[cfg(test)]
#[path = "write/random_tests.rs"]
mod random;

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
