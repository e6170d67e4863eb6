//! All that is done in a chart, wherever it stands.

use crate::kyc::chart::document::{Action, ActionKind};
use crate::kyc::chart::draw::Tree;

/// The actions of a chart with those in them, each with the number of its state.
pub(super) fn actions<'c>(tree: &Tree<'c>) -> Vec<(usize, &'c Action)> {
    let mut waiting: Vec<(usize, &[Action])> = Vec::new();
    if let Some(initial) = tree.initial(0) {
        waiting.push((0, &initial.actions));
    }
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(state) = node.state else { continue };
        waiting.extend(state.entry.iter().chain(&state.exit).map(|block| (at, &block[..])));
        waiting.extend(state.initial.iter().map(|initial| (at, &initial.actions[..])));
        waiting.extend(state.transitions.iter().map(|transition| (at, &transition.actions[..])));
        let finalize = state.invokes.iter().filter_map(|invoke| invoke.finalize.as_ref());
        waiting.extend(finalize.map(|actions| (at, &actions[..])));
    }
    let mut all = Vec::new();
    while let Some((at, actions)) = waiting.pop() {
        for action in actions {
            all.push((at, action));
            match &action.kind {
                ActionKind::If(branches) => {
                    waiting.extend(branches.iter().map(|branch| (at, &branch.actions[..])));
                }
                ActionKind::Foreach { actions, .. } => waiting.push((at, actions)),
                _ => {}
            }
        }
    }
    all
}
