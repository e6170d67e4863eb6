//! What the charts of a definition know together, and what of a chart cannot be meant: told before anything of it is compiled.

use std::collections::BTreeSet;

use super::super::chart::{
    Action, ActionKind, Chart, ChartError, Content, Given, Invoke, Place, State, is_chart,
};
use super::super::rules::{Names, meant, shown, variable};

/// Data models whose expressions run here: this one, and SCXML's null data model, which knows `In()` alone.
const MODELS: [&str; 2] = ["thalium", "null"];

/// A look at a chart and at those that are written in it.
pub(super) struct Survey<'a> {
    /// The charts that can be invoked by their ids.
    pub(super) ids: &'a BTreeSet<String>,
    pub(super) names: &'a mut Names,
    pub(super) errors: Vec<ChartError>,
}

impl Survey<'_> {
    pub(super) fn chart(&mut self, outermost: &Chart) {
        let mut charts = vec![outermost];
        while let Some(chart) = charts.pop() {
            // What looks alike in another data model may mean something else.
            if let Some(model) = chart.datamodel.as_deref().filter(|model| !MODELS.contains(model))
            {
                let message = format!(
                    "its expressions are for the data model `{model}`, which does not run here: write them as JSON Logic or JMESPath, and leave `datamodel` out"
                );
                self.wrong(&chart.place, message);
            }
            chart.data.iter().for_each(|datum| self.variable(&datum.id));
            self.actions(chart.initial.iter().flat_map(|initial| &initial.actions));
            let mut states: Vec<&State> = chart.states.iter().collect();
            while let Some(state) = states.pop() {
                self.state(state);
                states.extend(&state.states);
                charts.extend(state.invokes.iter().filter_map(|invoke| match &invoke.content {
                    Some(Content::Chart(chart)) => Some(&**chart),
                    _ => None,
                }));
            }
        }
    }

    fn state(&mut self, state: &State) {
        self.names.states.extend(state.id.clone());
        state.data.iter().for_each(|datum| self.variable(&datum.id));
        self.actions(state.entry.iter().chain(&state.exit).flatten());
        self.actions(state.initial.iter().flat_map(|initial| &initial.actions));
        self.actions(state.transitions.iter().flat_map(|transition| &transition.actions));
        for invoke in &state.invokes {
            self.actions(invoke.finalize.iter().flatten());
            self.invoke(invoke);
        }
    }

    fn invoke(&mut self, invoke: &Invoke) {
        let is_chart = match &invoke.kind {
            None => is_chart(None),
            Some(Given::Known(kind)) => is_chart(Some(kind)),
            Some(Given::Expr(_)) => false,
        };
        if !is_chart {
            return;
        }
        let id = match (&invoke.src, &invoke.content) {
            (Some(Given::Known(id)), _) | (None, Some(Content::Src(id))) => id.as_str(),
            (None, Some(Content::Value(value))) => value.as_str().unwrap_or_default(),
            (Some(Given::Expr(_)), _) | (None, Some(Content::Expr(_) | Content::Chart(_))) => {
                return;
            }
            (None, None) => {
                let message = "does not say which chart it invokes: name one by `src`, write it as `chart`, or name the `type` of a service";
                return self.wrong(&invoke.place, message.to_owned());
            }
        };
        if !self.ids.contains(id) {
            let meant =
                meant(id, self.ids.iter().map(String::as_str)).map(|meant| format!("; {meant}"));
            let message = format!(
                "invokes the chart `{}`, which is not loaded together with this one: load it, or name the `type` of a service{}",
                shown(id),
                meant.unwrap_or_default()
            );
            self.wrong(&invoke.place, message);
        }
    }

    /// The variables that loops make.
    fn actions<'c>(&mut self, actions: impl Iterator<Item = &'c Action>) {
        let mut open: Vec<&Action> = actions.collect();
        while let Some(action) = open.pop() {
            match &action.kind {
                ActionKind::If(branches) => {
                    open.extend(branches.iter().flat_map(|branch| &branch.actions))
                }
                ActionKind::Foreach { item, index, actions, .. } => {
                    self.variable(item);
                    index.iter().for_each(|index| self.variable(index));
                    open.extend(actions);
                }
                _ => {}
            }
        }
    }

    /// One that no variable can have is told where it is compiled.
    fn variable(&mut self, name: &str) {
        if variable(name).is_ok() {
            self.names.variables.insert(name.to_owned());
        }
    }

    fn wrong(&mut self, place: &Place, message: String) {
        self.errors.push(ChartError { place: place.clone(), message });
    }
}
