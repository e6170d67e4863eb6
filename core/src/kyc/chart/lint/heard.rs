//! What transitions are for, and in which states.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{plain, wider};
use super::variables;
use crate::kyc::chart::document::{Chart, Content, Datum, Kind};
use crate::kyc::chart::draw::Tree;
use crate::near::nearest;
use crate::value::Value;

/// What transitions are for: their states, by descriptors.
#[derive(Debug)]
pub(super) struct Heard<'c>(BTreeMap<&'c str, BTreeSet<usize>>);

impl<'c> Heard<'c> {
    pub(super) fn new(tree: &Tree<'c>) -> Self {
        let mut heard: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for arrow in &tree.arrows {
            for event in &arrow.transition.events {
                heard.entry(plain(event)).or_default().insert(arrow.source);
            }
        }
        Self(heard)
    }

    /// Whether an event is heard in some state that can be active with this one; with the chart, in any.
    pub(super) fn hears(&self, tree: &Tree<'_>, event: &str, at: usize) -> bool {
        let mut sources = wider(event).filter_map(|wide| self.0.get(wide));
        sources.any(|sources| has_beside(tree, sources, at))
    }

    /// Whether an error of some kind is heard in such a state.
    pub(super) fn hears_errors(&self, tree: &Tree<'_>, at: usize) -> bool {
        let is_error = |event: &str| event.split('.').next() == Some("error") || event.is_empty();
        let mut errors = self.0.iter().filter(|(event, _)| is_error(event));
        errors.any(|(_, sources)| has_beside(tree, sources, at))
    }

    /// Whether a descriptor begins so.
    pub(super) fn has_beginning(&self, beginning: &str) -> bool {
        self.0.keys().any(|event| event.starts_with(beginning))
    }

    /// The descriptor that was meant.
    pub(super) fn meant(&self, event: &str) -> String {
        // One of this name is heard in other states: that is what the finding says, and no other was meant.
        if self.0.contains_key(event) {
            return String::new();
        }
        let near = nearest(event, self.0.keys().copied());
        near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
    }
}

/// Whether one of these states can be active with another one: it stands in it or around it, or in another region.
pub(super) fn has_beside(tree: &Tree<'_>, states: &BTreeSet<usize>, at: usize) -> bool {
    let has = |from: usize, to: usize| from < to && states.range(from..to).next().is_some();
    let mut below = at;
    has(at, tree.node(at).end)
        || tree.chain(at).skip(1).any(|above| {
            let (inner, outer) = (tree.node(below).end, tree.node(above).end);
            let is_parallel = tree.kind(above) == Kind::Parallel;
            let beside = is_parallel && (has(above, below) || has(inner, outer));
            below = above;
            beside || states.contains(&above)
        })
}

/// What a chart hears, for what is linted together with it.
#[derive(Debug)]
pub(in crate::kyc) struct Hearing<'c> {
    tree: Tree<'c>,
    heard: Heard<'c>,
}

impl<'c> Hearing<'c> {
    pub(in crate::kyc) fn of(chart: &'c Chart) -> Self {
        let tree = Tree::new(chart);
        let heard = Heard::new(&tree);
        Self { tree, heard }
    }

    /// Whether an event is heard in any state.
    pub(in crate::kyc) fn hears(&self, event: &str) -> bool {
        self.heard.hears(&self.tree, event, 0)
    }

    /// Whether an event is heard while a state is active; none, if there is no such state.
    pub(in crate::kyc) fn hears_in(&self, state: &str, event: &str) -> Option<bool> {
        let at = self.tree.find(state)?;
        Some(self.heard.hears(&self.tree, event, at))
    }

    /// The variables that something in the chart changes; none, if a script may change any.
    pub(in crate::kyc) fn changed(&self) -> Option<BTreeSet<&'c str>> {
        variables::changed(&self.tree)
    }

    /// The variables of the chart that begin with nothing, and that nothing in the chart gives a value: none, if a script may give any.
    pub(in crate::kyc) fn unset(&self) -> Vec<&'c Datum> {
        let Some(changed) = self.changed() else { return Vec::new() };
        let is_unset = |datum: &&Datum| {
            matches!(datum.value, None | Some(Content::Value(Value::Null)))
                && !changed.contains(datum.id.as_str())
        };
        self.tree.chart.data.iter().filter(is_unset).collect()
    }

    /// The descriptor that was meant, as the end of a message.
    pub(in crate::kyc) fn meant(&self, event: &str) -> String {
        self.heard.meant(event)
    }
}
