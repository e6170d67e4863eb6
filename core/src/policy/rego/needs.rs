//! What a rule's references need of the tree, for the search for rules that need themselves.

use super::emit::Emitter;
use super::goal::T;
use super::tree::{Kind, NodeId, ROOT};

/// A part of the tree that a rule needs, for the search for rules that need themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// The node's own rules.
    Own(NodeId),
    /// All rules at the node and below it but functions.
    All(NodeId),
}

impl Emitter<'_> {
    /// Notes what a reference into `data` needs; answers the node where it starts and how many keys lead there.
    pub(super) fn need(&mut self, path: &[T]) -> (NodeId, usize) {
        let mut node = ROOT;
        for (depth, key) in path.iter().enumerate() {
            let Some(here) = self.tree.node(node) else { break };
            match here.kind {
                Kind::Complete | Kind::Set => {
                    self.needs.insert(Need::Own(node));
                    return (node, depth);
                }
                Kind::Function => return (node, depth),
                Kind::Partial => return self.need_partial(node, path, depth),
                Kind::Package => {}
            }
            let T::Const(key) = key else {
                self.need_any(node, path.get(depth..).unwrap_or_default());
                return (node, depth);
            };
            match self.tree.child(node, key) {
                Some(child) => node = child,
                None => return (node, depth),
            }
        }
        self.needs.insert(Need::All(node));
        (node, path.len())
    }

    /// Below a package: a key that is not known leads to every child, and what is behind it is needed of each only as far as it goes on.
    fn need_any(&mut self, node: NodeId, path: &[T]) {
        let Some(here) = self.tree.node(node) else { return };
        let Some((key, rest)) = path.split_first() else {
            self.needs.insert(Need::All(node));
            return;
        };
        match (here.kind, key) {
            (Kind::Complete | Kind::Set, _) => _ = self.needs.insert(Need::Own(node)),
            (Kind::Function, _) => {}
            (Kind::Partial, _) => _ = self.need_partial(node, path, 0),
            (Kind::Package, T::Const(key)) => {
                if let Some(child) = self.tree.child(node, key) {
                    self.need_any(child, rest);
                }
            }
            (Kind::Package, _) => {
                for (_, child) in &here.children {
                    self.need_any(*child, rest);
                }
            }
        }
    }

    /// Below a node whose keys follow from bodies, a constant key needs that child only, and the node's own rules.
    fn need_partial(&mut self, top: NodeId, path: &[T], depth: usize) -> (NodeId, usize) {
        let mut node = top;
        for key in path.iter().skip(depth) {
            let T::Const(key) = key else {
                self.needs.insert(Need::All(node));
                return (top, depth);
            };
            self.needs.insert(Need::Own(node));
            match self.tree.child(node, key) {
                Some(child) => node = child,
                None => return (top, depth),
            }
        }
        self.needs.insert(Need::All(node));
        (top, depth)
    }
}
