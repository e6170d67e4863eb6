//! The tree of rules: where each rule stands under `data`.

use std::sync::Arc;

use super::ast::{Head, Module, Rule, TermKind};
use super::error::{LoadError, Refusal, Refused};
use super::value::Value;

pub(super) type NodeId = usize;

/// The root's id.
pub(super) const ROOT: NodeId = 0;

/// The rules of a policy by their paths; a reference to a rule is its module's and its own place in it.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// What answers beside the rules; none of them stands at such a path, or above or below one.
    pub(super) foreign: Vec<Foreign>,
}

/// What answers at a path under `data` and is no rule and no document, so that Rego cannot read it: a typed program.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Foreign {
    pub(in crate::policy) path: Vec<Value>,
    /// The file where it is defined.
    pub(in crate::policy) file: String,
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) path: Vec<Value>,
    /// Sorted by key.
    pub(super) children: Vec<(Value, NodeId)>,
    pub(super) kind: Kind,
    /// Module and rule.
    pub(super) rules: Vec<(usize, usize)>,
    pub(super) default: Option<(usize, usize)>,
    /// How many arguments a function takes.
    pub(super) arity: usize,
}

/// What the rules of a node make together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// No rule stands here: a package, or a part of a longer head.
    Package,
    /// One value.
    Complete,
    /// A set.
    Set,
    /// An object whose keys follow from the rules' bodies.
    Partial,
    Function,
}

impl Tree {
    /// Of all modules' rules.
    pub(super) fn new(modules: &[Module], foreign: Vec<Foreign>) -> Result<Self, LoadError> {
        let mut tree = Self { nodes: vec![Node::new(Vec::new())], foreign };
        for (of, module) in modules.iter().enumerate() {
            let package = module.package.iter().map(|name| Value::String(Arc::clone(name)));
            let package: Vec<Value> = package.collect();
            tree.place(&package);
            for (at, rule) in module.rules.iter().enumerate() {
                let mut path = package.clone();
                path.push(Value::String(Arc::clone(&rule.name)));
                path.extend(ground_prefix(rule));
                let node = tree.place(&path);
                let dynamic = path.len() < package.len() + 1 + rule.path.len();
                tree.add(node, (of, at), rule, dynamic)
                    .map_err(|refusal| refusal.within(&module.file))?;
            }
        }
        tree.check(modules)?;
        Ok(tree)
    }

    /// The node of a path.
    pub(super) fn find(&self, path: &[Value]) -> Option<NodeId> {
        path.iter().try_fold(ROOT, |node, key| self.child(node, key))
    }

    pub(super) fn child(&self, node: NodeId, key: &Value) -> Option<NodeId> {
        let children = &self.node(node)?.children;
        let at = children.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
        children.get(at).map(|(_, node)| *node)
    }

    pub(super) fn node(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(node)
    }

    fn place(&mut self, path: &[Value]) -> NodeId {
        let mut node = ROOT;
        for (depth, key) in path.iter().enumerate() {
            if let Some(child) = self.child(node, key) {
                node = child;
                continue;
            }
            let made = self.nodes.len();
            self.nodes.push(Node::new(path.iter().take(depth + 1).cloned().collect()));
            if let Some(parent) = self.nodes.get_mut(node) {
                let at = parent.children.partition_point(|(other, _)| other < key);
                parent.children.insert(at, (key.clone(), made));
            }
            node = made;
        }
        node
    }

    fn add(
        &mut self,
        node: NodeId,
        id: (usize, usize),
        rule: &Rule,
        dynamic: bool,
    ) -> Result<(), Refusal> {
        let refuse = |message: String| Err(Refusal::new(Refused::Type, rule.at, message));
        let Some(node) = self.nodes.get_mut(node) else { return Ok(()) };
        let name = dotted(&node.path);
        let kind = match (&rule.args, &rule.head) {
            (Some(_), Head::Contains(_)) => {
                return refuse(format!("function `{name}` cannot make a set"));
            }
            (Some(_), _) if dynamic => {
                return refuse(format!("function `{name}` must have a name without variables"));
            }
            (Some(_), _) => Kind::Function,
            (None, _) if dynamic => Kind::Partial,
            (None, Head::Contains(_)) => Kind::Set,
            (None, Head::Value(_)) => Kind::Complete,
        };
        if rule.default {
            if kind != Kind::Complete && kind != Kind::Function {
                return refuse(format!("default rule `{name}` must have a name without variables"));
            }
            if node.default.replace(id).is_some() {
                return refuse(format!("multiple default rules `{name}` found"));
            }
        } else {
            node.rules.push(id);
        }
        let arity = rule.args.as_ref().map_or(0, Vec::len);
        let mixed = match (node.kind, kind) {
            (Kind::Package, _) => false,
            (before, now) => before != now || node.arity != arity,
        };
        if mixed {
            return refuse(format!("conflicting rules `{name}` found"));
        }
        node.kind = kind;
        node.arity = arity;
        Ok(())
    }

    /// What has one value, or makes a set, or is a function cannot have rules below it.
    fn check(&self, modules: &[Module]) -> Result<(), LoadError> {
        for node in &self.nodes {
            let closed = matches!(node.kind, Kind::Complete | Kind::Set | Kind::Function);
            let first = node.rules.first().or(node.default.as_ref());
            if closed
                && !node.children.is_empty()
                && let Some((module, rule)) = first
                && let Some(module) = modules.get(*module)
                && let Some(rule) = module.rules.get(*rule)
            {
                let name = dotted(&node.path);
                let message = format!("rule `{name}` conflicts with what stands below it");
                return Err(Refusal::new(Refused::Type, rule.at, message).within(&module.file));
            }
        }
        Ok(())
    }
}

impl Node {
    const fn new(path: Vec<Value>) -> Self {
        Self {
            path,
            children: Vec::new(),
            kind: Kind::Package,
            rules: Vec::new(),
            default: None,
            arity: 0,
        }
    }
}

/// The keys of a head up to the first that is no constant.
pub(super) fn ground_prefix(rule: &Rule) -> impl Iterator<Item = Value> {
    rule.path.iter().map_while(|term| match &term.kind {
        TermKind::Scalar(value) => Some(value.clone()),
        _ => None,
    })
}

/// `data.a.b`.
pub(super) fn dotted(path: &[Value]) -> String {
    path.iter().fold("data".to_owned(), |text, key| match key {
        Value::String(name) => format!("{text}.{name}"),
        other => format!("{text}[{other}]"),
    })
}
