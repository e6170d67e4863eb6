//! What a rule's references need of the tree, for the search for rules that need themselves.

use std::collections::BTreeSet;

use super::emit::Emitter;
use super::error::{Place, Refusal, Refused};
use super::goal::T;
use super::tree::{Kind, NodeId, ROOT, Tree};

/// A part of the tree that a rule needs, for the search for rules that need themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// The node's own rules.
    Own(NodeId),
    /// All rules at the node and below it but functions.
    All(NodeId),
    /// What answers beside the rules, by its place in the tree.
    Foreign(usize),
}

/// Refuses what needs what Rego cannot read.
pub(super) fn check_foreign(
    needs: &BTreeSet<Need>,
    tree: &Tree,
    who: &str,
    at: Place,
) -> Result<(), Refusal> {
    let foreign = needs.iter().find_map(|need| match need {
        Need::Foreign(place) => tree.foreign.get(*place),
        Need::Own(_) | Need::All(_) => None,
    });
    let Some(foreign) = foreign else { return Ok(()) };
    let keys: Vec<&str> = foreign.path.iter().filter_map(|key| key.as_str()).collect();
    let (path, file) = (keys.join("/"), &foreign.file);
    let message = format!(
        "{who} reads the value at `{path}`, by its name or with all that stands beside it; there {file} answers, and the verdict of a typed \
         program cannot be read from Rego: ask for `{path}` as well, and join the verdicts"
    );
    Err(Refusal::new(Refused::Unsupported, at, message))
}

impl Emitter<'_> {
    /// Notes what a reference into `data` needs; answers the node where it starts and how many keys lead there.
    pub(super) fn need(&mut self, path: &[T]) -> (NodeId, usize) {
        for (place, foreign) in self.tree.foreign.iter().enumerate() {
            // A reference leads to it, into it, or to what has it within; a key that is not known may be any.
            let mut keys = foreign.path.iter().zip(path);
            if keys.all(|(own, key)| !matches!(key, T::Const(key) if key != own)) {
                self.needs.insert(Need::Foreign(place));
            }
        }
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
