//! The states of a definition by their names: what targets lead to, and what each state is called in a chart, where no two share a name.

use std::collections::{BTreeMap, BTreeSet};

use thalium::kyc::chart::STATES;

use crate::json::At;
use crate::report::{Report, shown};

/// The states, the definition itself first.
#[derive(Debug)]
pub(crate) struct Names {
    /// The id of the whole, which ids of states begin with.
    machine: String,
    states: Vec<Named>,
    /// States by what they call themselves.
    custom: BTreeMap<String, usize>,
}

/// A state.
#[derive(Debug)]
pub(crate) struct Named {
    /// What it is called in the chart.
    pub(crate) id: String,
    key: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
}

impl Names {
    pub(crate) fn of(report: &mut Report, definition: &At<'_>) -> Self {
        let machine = definition.get("id").and_then(|id| id.text()).unwrap_or("(machine)");
        let root = Named {
            id: String::new(),
            key: String::new(),
            parent: None,
            children: BTreeMap::new(),
        };
        let mut names =
            Self { machine: machine.to_owned(), states: vec![root], custom: BTreeMap::new() };
        // INVARIANT: JSON nests no deeper than its reader lets it.
        names.walk(report, definition, 0);
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<String> = names
            .states
            .iter()
            .filter(|own| !seen.insert(own.key.clone()))
            .map(|own| own.key.clone())
            .collect();
        for at in 1..names.states.len() {
            let key = names.key(at).to_owned();
            let id = if twice.contains(&key) { names.path(at).join(".") } else { key };
            if let Some(own) = names.states.get_mut(at) {
                own.id = id;
            }
        }
        names
    }

    fn walk(&mut self, report: &mut Report, at: &At<'_>, parent: usize) {
        let Some(states) = at.get("states") else { return };
        for (key, state) in states.fields() {
            if key.contains('.') {
                report.refuse(
                    &state,
                    format!(
                        "`{}` has a dot in it, which no target could name: rename the state",
                        shown(key)
                    ),
                );
                continue;
            }
            if !report.name(&state, "a state", key) || self.child(parent, key).is_some() {
                continue;
            }
            let index = self.states.len();
            if index > STATES {
                return report.refuse(
                    &state,
                    format!(
                        "there are more than {STATES} states before this: split the definition"
                    ),
                );
            }
            if let Some(id) = state.get("id").and_then(|id| id.text()) {
                self.custom.insert(id.to_owned(), index);
            }
            self.states.push(Named {
                id: String::new(),
                key: key.to_owned(),
                parent: Some(parent),
                children: BTreeMap::new(),
            });
            if let Some(above) = self.states.get_mut(parent) {
                above.children.insert(key.to_owned(), index);
            }
            self.walk(report, &state, index);
        }
    }

    fn key(&self, at: usize) -> &str {
        self.states.get(at).map_or("", |own| &own.key)
    }

    /// What a state is called in the chart.
    pub(crate) fn id(&self, at: usize) -> &str {
        self.states.get(at).map_or("", |own| &own.id)
    }

    pub(crate) fn parent(&self, at: usize) -> usize {
        self.states.get(at).and_then(|own| own.parent).unwrap_or_default()
    }

    pub(crate) fn child(&self, at: usize, key: &str) -> Option<usize> {
        self.states.get(at)?.children.get(key).copied()
    }

    pub(crate) fn is_atomic(&self, at: usize) -> bool {
        self.states.get(at).is_some_and(|own| own.children.is_empty())
    }

    fn path(&self, at: usize) -> Vec<&str> {
        let mut path = Vec::new();
        let mut at = at;
        while at != 0 {
            path.push(self.key(at));
            at = self.parent(at);
        }
        path.reverse();
        path
    }

    /// The state below another that a path of keys leads to.
    fn below(&self, from: usize, path: &str) -> Option<usize> {
        path.split('.').try_fold(from, |at, key| self.child(at, key))
    }

    /// The state that a target means, as the interpreter there finds it: `#ID`, `.CHILD`, or what stands beside the source.
    pub(crate) fn target(&self, source: usize, text: &str) -> Option<usize> {
        if let Some(id) = text.strip_prefix('#') {
            return self.custom.get(id).copied().or_else(|| {
                let path = id.strip_prefix(self.machine.as_str())?.strip_prefix('.')?;
                self.below(0, path)
            });
        }
        if let Some(path) = text.strip_prefix('.') {
            return self.below(source, path);
        }
        self.below(self.parent(source), text)
    }

    /// The keys beside a state, for who looks for one that is not there.
    pub(crate) fn beside(&self, at: usize) -> Vec<&str> {
        let around = self.states.get(self.parent(at));
        around
            .map(|own| own.children.keys().map(String::as_str).take(16).collect())
            .unwrap_or_default()
    }

    /// Some keys of the outermost level.
    pub(crate) fn outermost(&self) -> Vec<&str> {
        let root = self.states.first();
        root.map(|own| own.children.keys().map(String::as_str).take(16).collect())
            .unwrap_or_default()
    }
}
