//! All that is done in a chart, wherever it stands.

use crate::kyc::chart::document::{Action, ActionKind};
use crate::kyc::chart::draw::Tree;

/// What an action is done for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// A transition, by its number among those of the chart.
    Arrow(usize),
    /// A state that is entered, or what comes back from a service.
    Entry,
    /// A state that is left.
    Exit,
}

/// An action of a chart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Act<'c> {
    /// The number of its state.
    pub(super) at: usize,
    pub(super) of: For,
    /// Whether it stands in another one, which may leave it out.
    pub(super) is_nested: bool,
    pub(super) action: &'c Action,
}

/// The actions of a chart with those in them.
pub(super) fn actions<'c>(tree: &Tree<'c>) -> Vec<Act<'c>> {
    let mut waiting: Vec<(usize, For, bool, &[Action])> = Vec::new();
    if let Some(initial) = tree.initial(0) {
        waiting.push((0, For::Entry, false, &initial.actions));
    }
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(state) = node.state else { continue };
        let block = |of| move |block: &'c Vec<Action>| (at, of, false, &block[..]);
        waiting.extend(state.entry.iter().map(block(For::Entry)));
        waiting.extend(state.exit.iter().map(block(For::Exit)));
        waiting.extend(state.initial.iter().map(|it| (at, For::Entry, false, &it.actions[..])));
        let finalize = state.invokes.iter().filter_map(|invoke| invoke.finalize.as_ref());
        waiting.extend(finalize.map(block(For::Entry)));
    }
    let arrows = tree.arrows.iter().enumerate();
    waiting.extend(
        arrows.map(|(at, arrow)| {
            (arrow.source, For::Arrow(at), false, &arrow.transition.actions[..])
        }),
    );
    let mut all = Vec::new();
    while let Some((at, of, is_nested, actions)) = waiting.pop() {
        for action in actions {
            all.push(Act { at, of, is_nested, action });
            match &action.kind {
                ActionKind::If(branches) => {
                    let branches = branches.iter();
                    waiting.extend(branches.map(|branch| (at, of, true, &branch.actions[..])));
                }
                ActionKind::Foreach { actions, .. } => waiting.push((at, of, true, actions)),
                _ => {}
            }
        }
    }
    all
}
