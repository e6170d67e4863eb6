//! A chart as a document of SCXML: its states and what they hold.

use thalium::kyc::chart::{
    Action, Binding, Chart, ChartError, Content, Datum, Done, Initial, Kind, Place, State, Timer,
    Transition,
};

use crate::bounds::{BYTES, DEPTH};
use crate::write_act::{Attributes, error, value};
use crate::xml::{OWN, SCXML, parse};

/// Writes a chart as a document of SCXML 1.0, which [`import`](crate::import) reads as the same chart.
///
/// # Errors
/// What has no form there, such as a history state with children or a name with blanks, and what would be out of [bounds](crate::BYTES).
pub fn export(chart: &Chart) -> Result<String, ChartError> {
    let mut writer = Writer {
        text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned(),
        open: Vec::new(),
        unnamed: 0,
    };
    writer.chart(chart, true)?;
    writer.text.push('\n');
    // What is read is bounded, and nothing is written that would not be read.
    parse(&writer.text)
        .map_err(|error| ChartError { place: chart.place.clone(), message: error.message })?;
    Ok(writer.text)
}

/// What is written so far.
pub(crate) struct Writer {
    text: String,
    open: Vec<Open>,
    // How many states with timers have no name.
    unnamed: usize,
}

struct Open {
    name: &'static str,
    holds: Holds,
}

#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Nothing,
    Elements,
    Text,
}

impl Writer {
    pub(crate) fn start(
        &mut self,
        name: &'static str,
        attributes: &Attributes,
        place: &Place,
    ) -> Result<(), ChartError> {
        if self.open.len() >= DEPTH || self.text.len() > BYTES {
            return Err(error(
                place,
                format!(
                    "a document has at most {BYTES} bytes, and nests at most {DEPTH} deep: split the chart"
                ),
            ));
        }
        if let Some(parent) = self.open.last_mut() {
            if parent.holds == Holds::Nothing {
                self.text.push('>');
            }
            parent.holds = Holds::Elements;
        }
        self.line();
        self.text.push('<');
        self.text.push_str(name);
        attributes.write(place, &mut self.text)?;
        self.open.push(Open { name, holds: Holds::Nothing });
        Ok(())
    }

    /// Text of XML into the element that is open.
    pub(crate) fn put(&mut self, text: &str) {
        if let Some(parent) = self.open.last_mut().filter(|_| !text.is_empty()) {
            self.text.push('>');
            self.text.push_str(text);
            parent.holds = Holds::Text;
        }
    }

    pub(crate) fn end(&mut self) {
        let Some(Open { name, holds }) = self.open.pop() else { return };
        match holds {
            Holds::Nothing => return self.text.push_str("/>"),
            Holds::Elements => self.line(),
            Holds::Text => {}
        }
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    pub(crate) fn leaf(
        &mut self,
        name: &'static str,
        attributes: &Attributes,
        place: &Place,
    ) -> Result<(), ChartError> {
        self.start(name, attributes, place)?;
        self.end();
        Ok(())
    }

    fn line(&mut self) {
        self.text.push('\n');
        for _ in &self.open {
            self.text.push_str("  ");
        }
    }

    pub(crate) fn chart(&mut self, chart: &Chart, root: bool) -> Result<(), ChartError> {
        let place = &chart.place;
        let mut attributes = Attributes::default();
        if root {
            attributes.put("xmlns", SCXML);
            attributes.put("xmlns:thalium", OWN);
        }
        attributes.put("version", "1.0");
        attributes.text("name", chart.id.as_deref());
        attributes.text("datamodel", chart.datamodel.as_deref());
        attributes.text("thalium:description", chart.description.as_deref());
        attributes.text("binding", (chart.binding == Binding::Late).then_some("late"));
        if let Some(initial) = &chart.initial {
            if !initial.actions.is_empty() {
                return Err(error(
                    place,
                    "SCXML lets a chart begin without actions: put what begins into a state, or the actions into a script",
                ));
            }
            targets(&mut attributes, initial, place)?;
        }
        self.start("scxml", &attributes, place)?;
        if let Some(schema) = &chart.schema {
            self.start("thalium:schema", &Attributes::default(), place)?;
            self.put(&crate::write_act::json(schema, place)?);
            self.end();
        }
        self.data(&chart.data, place)?;
        if let Some(script) = &chart.script {
            self.script(script)?;
        }
        for state in &chart.states {
            self.state(state)?;
        }
        self.end();
        Ok(())
    }

    fn state(&mut self, state: &State) -> Result<(), ChartError> {
        let place = &state.place;
        fits(state)?;
        let mut attributes = Attributes::default();
        attributes.text("id", state.id.as_deref());
        let name = match state.kind {
            Kind::State => "state",
            Kind::Parallel => "parallel",
            Kind::Final => "final",
            Kind::History { deep } => {
                attributes.put("type", if deep { "deep" } else { "shallow" });
                "history"
            }
        };
        let initial = state.initial.as_ref();
        if let Some(initial) = initial.filter(|initial| initial.actions.is_empty()) {
            targets(&mut attributes, initial, place)?;
        }
        attributes.text("thalium:description", state.description.as_deref());
        self.start(name, &attributes, place)?;
        self.data(&state.data, place)?;
        if let Some(initial) = initial.filter(|initial| !initial.actions.is_empty()) {
            let mut attributes = Attributes::default();
            attributes.names("target", &initial.targets, &initial.place)?;
            self.start("initial", &Attributes::default(), &initial.place)?;
            self.start("transition", &attributes, &initial.place)?;
            self.actions(&initial.actions)?;
            self.end();
            self.end();
        }
        self.blocks("onentry", &state.entry, place)?;
        self.blocks("onexit", &state.exit, place)?;
        self.timers(state)?;
        for transition in &state.transitions {
            self.transition(transition)?;
        }
        for invoke in &state.invokes {
            self.invoke(invoke)?;
        }
        if let Some(done) = &state.done {
            self.done(done)?;
        }
        for inner in &state.states {
            self.state(inner)?;
        }
        self.end();
        Ok(())
    }

    fn blocks(
        &mut self,
        name: &'static str,
        blocks: &[Vec<Action>],
        place: &Place,
    ) -> Result<(), ChartError> {
        for block in blocks {
            self.start(name, &Attributes::default(), place)?;
            self.actions(block)?;
            self.end();
        }
        Ok(())
    }

    /// Timers as the events that they are short for, marked so that they are read as timers.
    fn timers(&mut self, state: &State) -> Result<(), ChartError> {
        if state.timers.is_empty() {
            return Ok(());
        }
        let owner = match &state.id {
            Some(id) => id.clone(),
            None => {
                self.unnamed += 1;
                format!("unnamed{}", self.unnamed)
            }
        };
        for (nth, Timer { delay, event, restore, place }) in state.timers.iter().enumerate() {
            let made = format!("after.{nth}.{owner}");
            let mut block = Attributes::default();
            let way = restore.name();
            block.put("thalium:timer", way);
            block.text("thalium:event", event.as_deref());
            let mut send = Attributes::default();
            send.put("event", event.as_deref().unwrap_or(&made));
            send.put("id", &made);
            send.delay(Some(delay), place)?;
            self.start("onentry", &block, place)?;
            self.leaf("send", &send, place)?;
            self.end();
            let mut block = Attributes::default();
            block.put("thalium:timer", way);
            let mut cancel = Attributes::default();
            cancel.put("sendid", &made);
            self.start("onexit", &block, place)?;
            self.leaf("cancel", &cancel, place)?;
            self.end();
        }
        Ok(())
    }

    fn transition(&mut self, transition: &Transition) -> Result<(), ChartError> {
        let place = &transition.place;
        let mut attributes = Attributes::default();
        attributes.names("event", &transition.events, place)?;
        attributes.expr("cond", transition.guard.as_ref(), place)?;
        attributes.names("target", &transition.targets, place)?;
        attributes.text("type", transition.internal.then_some("internal"));
        attributes.text("thalium:description", transition.description.as_deref());
        self.start("transition", &attributes, place)?;
        self.actions(&transition.actions)?;
        self.end();
        Ok(())
    }

    fn data(&mut self, data: &[Datum], place: &Place) -> Result<(), ChartError> {
        if data.is_empty() {
            return Ok(());
        }
        self.start("datamodel", &Attributes::default(), place)?;
        for Datum { id, value: given, place } in data {
            let mut attributes = Attributes::default();
            attributes.put("id", id);
            let mut text = String::new();
            match given {
                None => {}
                Some(Content::Expr(expr)) => attributes.expr("expr", Some(expr), place)?,
                Some(Content::Src(address)) => attributes.put("src", address),
                Some(Content::Value(held)) => text = value(held, true, place)?,
                Some(Content::Chart(_)) => {
                    return Err(error(
                        place,
                        "a chart can only be what is invoked: write it there",
                    ));
                }
            }
            self.start("data", &attributes, place)?;
            self.put(&text);
            self.end();
        }
        self.end();
        Ok(())
    }

    fn done(&mut self, done: &Done) -> Result<(), ChartError> {
        if done.content.is_some() && !done.params.is_empty() {
            return Err(error(
                &done.place,
                "what is told is either a whole or its parts: keep one",
            ));
        }
        self.start("donedata", &Attributes::default(), &done.place)?;
        self.carried(done.content.as_ref(), &done.params, false, &done.place)?;
        self.end();
        Ok(())
    }
}

fn targets(
    attributes: &mut Attributes,
    initial: &Initial,
    place: &Place,
) -> Result<(), ChartError> {
    if initial.targets.is_empty() {
        return Err(error(place, "what it begins with names no state: name one"));
    }
    attributes.names("initial", &initial.targets, place)
}

/// Whether a state has only what SCXML has for its kind.
fn fits(state: &State) -> Result<(), ChartError> {
    let history = matches!(state.kind, Kind::History { .. });
    let last = state.kind == Kind::Final || history;
    let held = [
        (state.kind != Kind::State && state.initial.is_some(), "a beginning"),
        (
            history
                && !(state.entry.is_empty() && state.exit.is_empty() && state.timers.is_empty()),
            "actions or timers",
        ),
        (state.kind == Kind::Final && !state.transitions.is_empty(), "transitions"),
        (last && !state.invokes.is_empty(), "invocations"),
        (last && !state.data.is_empty(), "data"),
        (last && !state.states.is_empty(), "children"),
        (state.kind != Kind::Final && state.done.is_some(), "data for its end"),
    ];
    let empty = state.initial.as_ref().is_some_and(|initial| initial.targets.is_empty());
    match held.iter().find(|(wrong, _)| *wrong) {
        Some((_, what)) => Err(error(
            &state.place,
            format!("a state of this kind has no {what} in SCXML: remove what it has"),
        )),
        None if empty => Err(error(&state.place, "what it begins with names no state: name one")),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
