//! What rules a policy has: for those who list, test and explain it.

use std::sync::Arc;

use super::code::{Expr, RuleCode};
use super::policy::Policy;
use super::tree::{Kind, dotted};
use super::value::Value;

/// What the rules of one name make together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// One value.
    Complete,
    /// A set.
    Set,
    /// An object whose keys follow from the rules' bodies.
    Partial,
    /// A function's answers.
    Function,
}

/// The rules of one name.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Their path under `data`.
    pub path: &'a [Value],
    /// What they make together.
    pub kind: RuleKind,
    /// How many there are, without the default.
    pub count: usize,
    /// Whether each is true where it holds, so that none can be false.
    pub always_true: bool,
    /// The module of the first.
    pub file: &'a str,
    /// The row of the first.
    pub row: u32,
}

impl Rules<'_> {
    /// The path as it is written: `data.aml.verdict`.
    #[must_use]
    pub fn name(&self) -> String {
        dotted(self.path)
    }
}

impl Policy {
    /// The rules, by their paths in no order that means something.
    pub fn rules(&self) -> impl Iterator<Item = Rules<'_>> {
        self.compiled.tree.nodes.iter().zip(&self.compiled.nodes).filter_map(|(node, code)| {
            let kind = match node.kind {
                Kind::Package => return None,
                Kind::Complete => RuleKind::Complete,
                Kind::Set => RuleKind::Set,
                Kind::Partial => RuleKind::Partial,
                Kind::Function => RuleKind::Function,
            };
            let at = code.rules.first().or(code.default.as_ref())?.at;
            let file = usize::try_from(at.file).ok().and_then(|file| self.files.get(file));
            let file = file.map_or("", Arc::as_ref);
            let is_true = |rule: &RuleCode| matches!(rule.value, Expr::Const(Value::Bool(true)));
            let always_true = code.rules.iter().all(is_true);
            Some(Rules {
                path: &node.path,
                kind,
                count: code.rules.len(),
                always_true,
                file,
                row: at.row,
            })
        })
    }

    /// Whether there is a rule at a path, or below it, or one whose keys follow from its body above it.
    #[must_use]
    pub fn has(&self, path: &[Value]) -> bool {
        let tree = &self.compiled.tree;
        let mut node = super::tree::ROOT;
        for key in path {
            let is_open = tree.node(node).is_some_and(|node| node.kind != Kind::Package);
            match tree.child(node, key) {
                _ if is_open => return true,
                Some(child) => node = child,
                None => return false,
            }
        }
        true
    }
}
