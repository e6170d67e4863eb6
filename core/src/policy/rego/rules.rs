//! What rules a policy has: for those who list, test and explain it.

use std::collections::BTreeSet;

use super::code::{Expr, RuleCode, Site};
use super::error::LoadError;
use super::policy::{Module, Policy, Query};
use super::tree::{Kind, NodeId, dotted};
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
            let file = self.file(at);
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

    /// A query for what stands at a path, whatever its keys are called.
    pub(in crate::policy) fn query_of(&self, path: &[Value]) -> Result<Query, LoadError> {
        let keys: String = path.iter().map(|key| format!("[{}]", key.to_json())).collect();
        self.query(&format!("result = data{keys}"))
    }

    /// A module's name; none of a query.
    pub(in crate::policy) fn file(&self, at: Site) -> &str {
        let file = usize::try_from(at.file).ok().and_then(|file| self.files.get(file));
        file.map_or("", AsRef::as_ref)
    }

    /// A module's text; none of a query.
    pub(in crate::policy) fn text(&self, at: Site) -> &str {
        let text = usize::try_from(at.file).ok().and_then(|file| self.texts.get(file));
        text.map_or("", |(text, _)| text)
    }

    /// The modules as they were loaded.
    pub(in crate::policy) fn sources(&self) -> impl Iterator<Item = Module<'_>> {
        let texts = self.files.iter().zip(&self.texts);
        texts.map(|(file, (text, dialect))| Module { file, text, dialect: *dialect })
    }

    /// The name of a node's rules.
    pub(in crate::policy) fn name_of(&self, node: NodeId) -> String {
        self.compiled.tree.node(node).map_or_else(String::new, |node| dotted(&node.path))
    }

    /// The modules by their numbers, each with the rows of its rules and expressions.
    pub(in crate::policy) fn rows(&self) -> impl Iterator<Item = (&str, &BTreeSet<u32>)> {
        self.files.iter().map(AsRef::as_ref).zip(&self.compiled.rows)
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
