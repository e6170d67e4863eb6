//! What the charts of a kind have, and what of a kind they do not.

use std::collections::{BTreeMap, BTreeSet};

use crate::kyc::case::kind::Kind;
use crate::kyc::chart::{Chart, ChartError, Content, Given, Place, State, stem, stems_for};
use crate::kyc::rules::{Names, meant, shown};

/// What charts that are loaded together have.
#[derive(Debug, Default)]
pub(super) struct Known<'c> {
    /// The states of all of them.
    states: BTreeSet<&'c str>,
    /// The events that their transitions are for, without wildcards; `*` is empty.
    heard: BTreeSet<&'c str>,
    /// The variables that the first one is begun with.
    context: BTreeSet<&'c str>,
    /// All variables of the first one.
    variables: BTreeSet<&'c str>,
    /// What is invoked, by the ids that are written down, with the variables that it is begun with; none where only a run tells what it is.
    invoked: BTreeMap<&'c str, Option<BTreeSet<&'c str>>>,
}

impl<'c> Known<'c> {
    pub(super) fn of(root: &'c Chart, others: &'c [Chart]) -> Self {
        let mut known = Self::default();
        known.context.extend(root.data.iter().map(|datum| &*datum.id));
        known.variables.clone_from(&known.context);
        let mut charts: Vec<&Chart> = others.iter().collect();
        let library = charts.clone();
        // Its own states alone have data that its guards see.
        let own = known.chart(root, &library, &mut charts);
        known.variables.extend(own.iter().flat_map(|state| &state.data).map(|datum| &*datum.id));
        while let Some(chart) = charts.pop() {
            known.chart(chart, &library, &mut charts);
        }
        known
    }

    /// Takes a chart in, and tells its states; the charts that are written in it are put with the others.
    fn chart(
        &mut self,
        chart: &'c Chart,
        library: &[&'c Chart],
        charts: &mut Vec<&'c Chart>,
    ) -> Vec<&'c State> {
        let mut all: Vec<&State> = chart.states.iter().collect();
        let mut at = 0;
        while let Some(state) = all.get(at).copied() {
            at += 1;
            all.extend(&state.states);
            self.states.extend(state.id.as_deref());
            let events = state.transitions.iter().flat_map(|transition| &transition.events);
            self.heard.extend(events.map(|event| stem(event)));
            for invoke in &state.invokes {
                let chart = match (&invoke.content, &invoke.src) {
                    (Some(Content::Chart(chart)), _) => {
                        charts.push(chart);
                        Some(&**chart)
                    }
                    (_, Some(Given::Known(id))) => {
                        library.iter().copied().find(|chart| chart.id.as_ref() == Some(id))
                    }
                    _ => None,
                };
                let Some(id) = invoke.id.as_deref() else { continue };
                let context = chart.map(|chart| chart.data.iter().map(|datum| &*datum.id));
                let known = self.invoked.entry(id).or_insert_with(|| Some(BTreeSet::new()));
                match (known.as_mut(), context) {
                    (Some(known), Some(context)) => known.extend(context),
                    _ => *known = None,
                }
            }
        }
        all
    }

    /// What guards of the kind may name.
    pub(super) fn names(&self) -> Names {
        let owned = |names: &BTreeSet<&str>| names.iter().map(|&name| name.to_owned()).collect();
        Names { variables: owned(&self.variables), states: owned(&self.states) }
    }

    /// What a kind names and the charts do not have.
    pub(super) fn check(&self, kind: &Kind) -> Vec<ChartError> {
        let mut errors = Vec::new();
        self.context_of(&kind.place, "evidence", &kind.evidence, &mut errors);
        for queue in &kind.queues {
            self.states_of(&queue.place, "states", &queue.states, &mut errors);
            self.event(&queue.place, "missed", queue.missed.as_ref(), &mut errors);
        }
        for ruling in kind.decisions.values() {
            self.states_of(&ruling.place, "states", &ruling.states, &mut errors);
            let events = [
                ("event", Some(&ruling.event)),
                ("proposed", ruling.proposed.as_ref()),
                ("returned", ruling.returned.as_ref()),
            ];
            for (key, event) in events {
                self.event(&ruling.place, key, event, &mut errors);
            }
        }
        for (key, event) in kind.document_events.named() {
            self.event(&kind.place, &format!("document_events/{key}"), event, &mut errors);
        }
        for (name, sending) in kind.events.iter().flatten() {
            self.event(&sending.place, "", Some(name), &mut errors);
        }
        if let Some(overriding) = &kind.overrides {
            self.event(&overriding.place, "event", Some(&overriding.event), &mut errors);
            self.event(&overriding.place, "expired", Some(&overriding.expired), &mut errors);
        }
        if let Some(reopening) = &kind.reopening {
            self.context_of(&reopening.place, "keep", &reopening.keep, &mut errors);
        }
        if let Some(migrating) = &kind.migration {
            self.context_of(&migrating.place, "keep", &migrating.keep, &mut errors);
            for (service, names) in &migrating.below {
                self.invoked_as(&migrating.place, service, names, &mut errors);
            }
            self.states_of(&migrating.place, "stay", &migrating.stay, &mut errors);
        }
        if let Some(opening) = &kind.opening {
            let given = opening.given.as_deref().unwrap_or_default();
            self.context_of(&opening.place, "given", given, &mut errors);
        }
        self.event(&kind.place, "child_ended", kind.child_ended.as_ref(), &mut errors);
        errors
    }

    fn states_of(&self, place: &Place, key: &str, states: &[String], errors: &mut Vec<ChartError>) {
        for state in states.iter().filter(|state| !self.states.contains(state.as_str())) {
            let meant = asked(state, self.states.iter().copied());
            let what = format!("no chart has the state `{}`{meant}", shown(state));
            errors.push(wrong(place, key, what));
        }
    }

    fn context_of(&self, place: &Place, key: &str, names: &[String], errors: &mut Vec<ChartError>) {
        for name in names.iter().filter(|name| !self.context.contains(name.as_str())) {
            let meant = asked(name, self.context.iter().copied());
            let what =
                format!("the chart has no variable `{}` in its `context`{meant}", shown(name));
            errors.push(wrong(place, key, what));
        }
    }

    fn invoked_as(
        &self,
        place: &Place,
        service: &str,
        names: &[String],
        errors: &mut Vec<ChartError>,
    ) {
        let key = format!("below/{service}");
        let Some(context) = self.invoked.get(service) else {
            let meant = asked(service, self.invoked.keys().copied());
            let what = format!("no chart invokes anything as `{}`{meant}", shown(service));
            return errors.push(wrong(place, &key, what));
        };
        let Some(context) = context else { return };
        for name in names.iter().filter(|name| !context.contains(name.as_str())) {
            let meant = asked(name, context.iter().copied());
            let what = format!(
                "what is invoked as `{}` has no variable `{}` in its `context`{meant}",
                shown(service),
                shown(name)
            );
            errors.push(wrong(place, &key, what));
        }
    }

    fn event(
        &self,
        place: &Place,
        key: &str,
        event: Option<&String>,
        errors: &mut Vec<ChartError>,
    ) {
        let Some(event) = event.filter(|event| !self.hears(event)) else { return };
        let heard = self.heard.iter().copied();
        let what = format!(
            "no state of any chart hears `{}`: add a transition for it, or leave it out{}",
            shown(event),
            asked(event, heard)
        );
        errors.push(wrong(place, key, what));
    }

    /// Whether a transition is for an event.
    fn hears(&self, event: &str) -> bool {
        stems_for(event).any(|stem| self.heard.contains(stem))
    }
}

/// That the chart of a kind is not among those that are given.
pub(super) fn no_chart(kind: &Kind, charts: &[Chart]) -> ChartError {
    let ids = charts.iter().filter_map(|chart| chart.id.as_deref());
    let what = format!(
        "the chart `{}` is not loaded together with the kind: load it{}",
        shown(&kind.chart),
        asked(&kind.chart, ids)
    );
    wrong(&kind.place, "chart", what)
}

/// The name that was meant, as the end of a message.
fn asked<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    meant(name, names).map(|meant| format!("; {meant}")).unwrap_or_default()
}

/// An error at a key of what stands at a place; rows and columns are those of the whole.
fn wrong(place: &Place, key: &str, message: String) -> ChartError {
    let path = match (place.path.is_empty(), key.is_empty()) {
        (_, true) => place.path.clone(),
        (true, _) => key.to_owned(),
        _ => format!("{}/{key}", place.path),
    };
    ChartError { place: Place { path, ..place.clone() }, message }
}
