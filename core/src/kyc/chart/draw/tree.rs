//! The states of a chart as a flat list in document order, so that nothing walks them by recursion.

use std::collections::BTreeMap;

use crate::kyc::chart::document::{Chart, Initial, Kind, State, Transition};

/// A chart's states and transitions, by numbers. The chart itself is number zero.
#[derive(Debug)]
pub(in crate::kyc::chart) struct Tree<'c> {
    pub(in crate::kyc::chart) chart: &'c Chart,
    pub(in crate::kyc::chart) nodes: Vec<Node<'c>>,
    pub(in crate::kyc::chart) arrows: Vec<Arrow<'c>>,
    ids: BTreeMap<&'c str, usize>,
    /// What a number without a state stands for: nothing that has children or transitions.
    none: Node<'c>,
}

/// A state, or the chart.
#[derive(Clone, Debug, Default)]
pub(in crate::kyc::chart) struct Node<'c> {
    pub(in crate::kyc::chart) state: Option<&'c State>,
    pub(in crate::kyc::chart) parent: usize,
    pub(in crate::kyc::chart) children: Vec<usize>,
    /// The number after its last descendant's.
    pub(in crate::kyc::chart) end: usize,
    pub(in crate::kyc::chart) depth: usize,
}

/// A transition of a state. Those targets that no state has are left out.
#[derive(Clone, Debug)]
pub(in crate::kyc::chart) struct Arrow<'c> {
    pub(in crate::kyc::chart) source: usize,
    pub(in crate::kyc::chart) transition: &'c Transition,
    pub(in crate::kyc::chart) targets: Vec<usize>,
}

impl<'c> Tree<'c> {
    pub(in crate::kyc::chart) fn new(chart: &'c Chart) -> Self {
        let mut nodes = vec![Node { end: 1, ..Node::default() }];
        let mut ids = BTreeMap::new();
        let mut waiting: Vec<(usize, usize, &State)> =
            chart.states.iter().rev().map(|state| (0, 1, state)).collect();
        while let Some((parent, depth, state)) = waiting.pop() {
            let at = nodes.len();
            if let Some(id) = &state.id {
                ids.entry(id.as_str()).or_insert(at);
            }
            if let Some(node) = nodes.get_mut(parent) {
                node.children.push(at);
            }
            let state = Some(state);
            nodes.push(Node { state, parent, children: Vec::new(), end: at + 1, depth });
            let children = state.map_or(&[][..], |state| &state.states);
            waiting.extend(children.iter().rev().map(|child| (at, depth + 1, child)));
        }
        // Children come after their parents, so a walk from the end sees each end before it is passed on.
        for at in (1..nodes.len()).rev() {
            let told = nodes.get(at).map(|node| (node.parent, node.end));
            let Some((parent, end)) = told else { continue };
            if let Some(node) = nodes.get_mut(parent) {
                node.end = node.end.max(end);
            }
        }
        let mut tree = Self { chart, nodes, arrows: Vec::new(), ids, none: Node::default() };
        for (source, node) in tree.nodes.iter().enumerate() {
            for transition in node.state.map_or(&[][..], |state| &state.transitions) {
                let targets = tree.resolve(&transition.targets);
                tree.arrows.push(Arrow { source, transition, targets });
            }
        }
        tree
    }

    pub(in crate::kyc::chart) fn node(&self, at: usize) -> &Node<'c> {
        self.nodes.get(at).unwrap_or(&self.none)
    }

    pub(in crate::kyc::chart) fn kind(&self, at: usize) -> Kind {
        self.node(at).state.map_or(Kind::State, |state| state.kind)
    }

    pub(in crate::kyc::chart) fn is_history(&self, at: usize) -> bool {
        matches!(self.kind(at), Kind::History { .. })
    }

    /// Its name, or one that tells where it stands.
    pub(in crate::kyc::chart) fn name(&self, at: usize) -> String {
        match self.node(at).state.and_then(|state| state.id.as_ref()) {
            Some(id) => id.clone(),
            None if at == 0 => self.chart.id.clone().unwrap_or_else(|| "chart".to_owned()),
            None => format!("(state {at})"),
        }
    }

    pub(in crate::kyc::chart) fn find(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    pub(in crate::kyc::chart) fn resolve(&self, targets: &[String]) -> Vec<usize> {
        targets.iter().filter_map(|target| self.find(target)).collect()
    }

    /// What is written of where a state or the chart begins.
    pub(in crate::kyc::chart) fn initial(&self, at: usize) -> Option<&'c Initial> {
        match self.node(at).state {
            Some(state) => state.initial.as_ref(),
            None if at == 0 => self.chart.initial.as_ref(),
            None => None,
        }
    }

    /// Where a compound state or the chart begins; nothing for other states.
    pub(in crate::kyc::chart) fn begins(&self, at: usize) -> Vec<usize> {
        let node = self.node(at);
        if self.kind(at) != Kind::State || node.children.is_empty() {
            return Vec::new();
        }
        let told = self.initial(at).map(|initial| self.resolve(&initial.targets));
        let mut told = told.unwrap_or_default();
        told.retain(|&target| self.is_inside(target, at));
        if told.is_empty() {
            told.extend(node.children.iter().find(|&&child| !self.is_history(child)));
        }
        told
    }

    /// Whether a state is a descendant of another.
    pub(in crate::kyc::chart) fn is_inside(&self, at: usize, of: usize) -> bool {
        of < at && at < self.node(of).end
    }

    pub(in crate::kyc::chart) fn is_within(&self, at: usize, of: usize) -> bool {
        at == of || self.is_inside(at, of)
    }

    /// A state, its parent, and so on to the chart.
    pub(in crate::kyc::chart) fn chain(&self, at: usize) -> impl Iterator<Item = usize> {
        let mut next = Some(at);
        std::iter::from_fn(move || {
            let at = next?;
            next = (at != 0).then(|| self.node(at).parent);
            Some(at)
        })
    }

    /// The state that a transition leaves everything in: none if it has no targets.
    pub(in crate::kyc::chart) fn domain(&self, arrow: &Arrow<'_>) -> Option<usize> {
        if arrow.targets.is_empty() {
            return None;
        }
        let holds = |at: usize| arrow.targets.iter().all(|&target| self.is_inside(target, at));
        let is_compound = |at: usize| at == 0 || self.kind(at) == Kind::State;
        if arrow.transition.internal && is_compound(arrow.source) && holds(arrow.source) {
            return Some(arrow.source);
        }
        self.chain(arrow.source).skip(1).find(|&at| is_compound(at) && holds(at))
    }
}
