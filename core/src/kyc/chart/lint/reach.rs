//! Which states can be entered, if every guard may hold.

use std::collections::BTreeSet;

use crate::kyc::chart::document::{Expr, Kind};
use crate::kyc::chart::draw::{Tree, expression};

/// Whether a condition is literally so.
pub(in crate::kyc) fn is_literally(guard: Option<&Expr>, wanted: bool) -> bool {
    guard.is_some_and(|guard| {
        let told = expression(guard);
        told.trim() == if wanted { "true" } else { "false" }
    })
}

/// Whether nothing keeps a transition from being taken.
pub(in crate::kyc) fn is_free(guard: Option<&Expr>) -> bool {
    guard.is_none() || is_literally(guard, true)
}

/// States that can be entered, from the beginning of a chart or from somewhere else.
#[derive(Debug)]
pub(super) struct Reach {
    /// By numbers of states.
    pub(super) states: Vec<bool>,
    /// What has to be entered with its own beginning still.
    down: Vec<usize>,
    /// Whose transitions were not walked yet.
    new: Vec<usize>,
}

impl Reach {
    /// What can be entered from the chart's beginning. Dead transitions are not walked.
    pub(super) fn begin(tree: &Tree<'_>, dead: &BTreeSet<usize>) -> Self {
        let mut reach = Self::none(tree);
        reach.mark(0);
        for target in tree.begins(0) {
            reach.enter(tree, target);
        }
        reach.walk(tree, dead, None);
        reach
    }

    /// What can be entered after some states were, while other regions may be wherever they could be before.
    pub(super) fn after(
        tree: &Tree<'_>,
        dead: &BTreeSet<usize>,
        targets: &[usize],
        of: &Self,
    ) -> Self {
        let mut reach = Self::none(tree);
        for &target in targets {
            reach.enter(tree, target);
        }
        reach.walk(tree, dead, Some(of));
        reach
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.states.get(at).copied().unwrap_or_default()
    }

    fn none(tree: &Tree<'_>) -> Self {
        Self { states: vec![false; tree.nodes.len()], down: Vec::new(), new: Vec::new() }
    }

    fn mark(&mut self, at: usize) -> bool {
        match self.states.get_mut(at) {
            Some(reached) if !*reached => {
                *reached = true;
                self.new.push(at);
                true
            }
            _ => false,
        }
    }

    /// A target and all that is entered with it.
    fn enter(&mut self, tree: &Tree<'_>, target: usize) {
        self.down.push(target);
        let mut below = target;
        for at in tree.chain(target).skip(1) {
            self.mark(at);
            if tree.kind(at) == Kind::Parallel {
                for &child in tree.node(at).children.iter().filter(|&&child| child != below) {
                    if !tree.is_history(child) && !self.has(child) {
                        self.down.push(child);
                    }
                }
            }
            below = at;
        }
    }

    fn walk(&mut self, tree: &Tree<'_>, dead: &BTreeSet<usize>, of: Option<&Self>) {
        let mut arrows: Vec<Vec<usize>> = vec![Vec::new(); tree.nodes.len()];
        for (at, arrow) in tree.arrows.iter().enumerate() {
            if let Some(own) = arrows.get_mut(arrow.source).filter(|_| !dead.contains(&at)) {
                own.push(at);
            }
        }
        // A state that begins somewhere is entered there once, even if it was marked on the way to a descendant.
        let mut begun: BTreeSet<usize> = BTreeSet::new();
        loop {
            if let Some(at) = self.down.pop() {
                self.mark(at);
                if begun.insert(at) {
                    if tree.kind(at) == Kind::Parallel {
                        let children = tree.node(at).children.iter().copied();
                        self.down.extend(children.filter(|&child| !tree.is_history(child)));
                    } else {
                        for target in tree.begins(at) {
                            self.enter(tree, target);
                        }
                    }
                }
                continue;
            }
            let Some(at) = self.new.pop() else { return };
            for arrow in arrows.get(at).into_iter().flatten().filter_map(|&at| tree.arrows.get(at))
            {
                for &target in &arrow.targets {
                    self.enter(tree, target);
                }
            }
            if let Some(of) = of.filter(|_| tree.kind(at) == Kind::Parallel) {
                for other in at..tree.node(at).end {
                    if of.has(other) {
                        self.mark(other);
                    }
                }
            }
        }
    }
}
