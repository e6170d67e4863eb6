//! What of a policy depends on the row: found before anything runs, rather too much than too little.

use std::collections::BTreeSet;

use super::super::code::{
    Base, DataRef, Expr, Instr, NodeCode, Pattern, PieceCode, ReplacementCode, Segment, WalkCode,
};
use super::super::goal::Slot;
use super::super::tree::{Kind, NodeId, ROOT};
use super::super::value::Value;

/// What an expression or an instruction reads.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// Whether it reads the row, or an object that the row stands in.
    row: bool,
    nodes: BTreeSet<NodeId>,
    slots: BTreeSet<Slot>,
    /// The slots that it binds itself.
    pub(super) binds: BTreeSet<Slot>,
}

impl Reads {
    /// Whether it depends on the row, whatever its variables are.
    pub(super) fn touches(&self, touched: &[bool]) -> bool {
        self.row || self.nodes.iter().any(|node| touched.get(*node).copied().unwrap_or(true))
    }

    /// The slots that are bound before it.
    pub(super) fn needs(&self) -> impl Iterator<Item = Slot> {
        self.slots.difference(&self.binds).copied()
    }
}

/// The nodes whose rules depend on the row, themselves or through others.
pub(super) fn touched(nodes: &[NodeCode], row: &[Value]) -> Vec<bool> {
    let scan = Scan { nodes, row };
    let mut touched = vec![false; nodes.len()];
    let mut readers: Vec<Vec<NodeId>> = vec![Vec::new(); nodes.len()];
    let mut open = Vec::new();
    for (id, node) in nodes.iter().enumerate() {
        let mut reads = Reads::default();
        for rule in node.rules.iter().chain(&node.default) {
            let mut branch = Some(rule);
            while let Some(rule) = branch {
                rule.body.instrs.iter().for_each(|instr| scan.instr(instr, &mut reads));
                rule.path.iter().for_each(|expr| scan.expr(expr, &mut reads));
                scan.expr(&rule.value, &mut reads);
                branch = rule.otherwise.as_deref();
            }
        }
        for other in &reads.nodes {
            if let Some(readers) = readers.get_mut(*other) {
                readers.push(id);
            }
        }
        if reads.row {
            open.push(id);
        }
    }
    while let Some(id) = open.pop() {
        if let Some(mark @ false) = touched.get_mut(id) {
            *mark = true;
            open.extend(readers.get(id).into_iter().flatten());
        }
    }
    touched
}

/// Looks through code for what it reads.
#[derive(Clone, Copy)]
pub(super) struct Scan<'p> {
    pub(super) nodes: &'p [NodeCode],
    pub(super) row: &'p [Value],
}

impl<'p> Scan<'p> {
    pub(super) fn exprs(self, exprs: &[Expr], reads: &mut Reads) {
        exprs.iter().for_each(|expr| self.expr(expr, reads));
    }

    pub(super) fn expr(self, expr: &Expr, reads: &mut Reads) {
        match expr {
            Expr::Const(_) => {}
            Expr::Slot(slot) => _ = reads.slots.insert(*slot),
            // One leads to the other.
            Expr::Input(path) => {
                reads.row |= path.iter().zip(self.row).all(|(key, other)| key == other);
            }
            Expr::Data(reference) => {
                self.exprs(&reference.path, reads);
                reads.nodes.extend(self.reached(reference));
            }
            Expr::Index(base, path) => {
                self.expr(base, reads);
                self.exprs(path, reads);
            }
            Expr::Array(items) | Expr::Set(items) | Expr::Builtin(_, items, _) => {
                self.exprs(items, reads);
            }
            Expr::Object(pairs) => pairs.iter().for_each(|(key, item)| {
                self.expr(key, reads);
                self.expr(item, reads);
            }),
            Expr::Function(node, args) => {
                reads.nodes.insert(*node);
                self.exprs(args, reads);
            }
            Expr::Compare(_, pair) | Expr::Member(pair) => {
                self.expr(&pair.0, reads);
                self.expr(&pair.1, reads);
            }
            Expr::Closure(code) => {
                code.body.instrs.iter().for_each(|instr| self.instr(instr, reads));
                self.exprs(&code.head, reads);
            }
            Expr::Template(pieces) => pieces.iter().for_each(|piece| match piece {
                PieceCode::Text(_) => {}
                PieceCode::Expr(expr) => self.expr(expr, reads),
            }),
        }
    }

    pub(super) fn instr(self, instr: &Instr, reads: &mut Reads) {
        match instr {
            Instr::Test(expr) => self.expr(expr, reads),
            Instr::Let(slot, expr) => {
                reads.binds.insert(*slot);
                self.expr(expr, reads);
            }
            Instr::Match(pattern, expr) => {
                self.pattern(pattern, reads);
                self.expr(expr, reads);
            }
            Instr::Not(body) => body.instrs.iter().for_each(|instr| self.instr(instr, reads)),
            Instr::Every(every) => {
                self.expr(&every.domain, reads);
                self.pattern(&every.key, reads);
                self.pattern(&every.value, reads);
                every.body.instrs.iter().for_each(|instr| self.instr(instr, reads));
            }
            Instr::Walk(code) => self.walk(code, reads),
            Instr::Relation(_, args, pattern, _) => {
                self.exprs(args, reads);
                self.pattern(pattern, reads);
            }
            // What it tells decides nothing.
            Instr::Print(_) => {}
            Instr::With(with, body) => {
                for one in with {
                    match &one.replacement {
                        ReplacementCode::Value(expr) => self.expr(expr, reads),
                        ReplacementCode::Builtin(_) => {}
                        ReplacementCode::Function(node) => _ = reads.nodes.insert(*node),
                    }
                }
                body.instrs.iter().for_each(|instr| self.instr(instr, reads));
            }
        }
    }

    fn walk(self, code: &WalkCode, reads: &mut Reads) {
        match &code.base {
            Base::Data => {
                let mut node = ROOT;
                let mut keys = code.path.iter();
                // Down to where the rules begin, or are left.
                let outside = loop {
                    let package = self.nodes.get(node).filter(|node| node.kind == Kind::Package);
                    let (Some(here), Some(Segment::Key(Expr::Const(key)))) = (package, keys.next())
                    else {
                        break false;
                    };
                    match child(here, key) {
                        Some(below) => node = below,
                        None => break true,
                    }
                };
                if !outside {
                    reads.nodes.extend(self.below(node));
                }
            }
            Base::Expr(expr) => self.expr(expr, reads),
        }
        for segment in &code.path {
            match segment {
                Segment::Key(expr) => self.expr(expr, reads),
                Segment::Each(pattern) => self.pattern(pattern, reads),
            }
        }
        self.pattern(&code.into, reads);
    }

    fn pattern(self, pattern: &Pattern, reads: &mut Reads) {
        match pattern {
            Pattern::Any => {}
            Pattern::Bind(slot) => _ = reads.binds.insert(*slot),
            Pattern::Equal(expr) => self.expr(expr, reads),
            Pattern::Array(items) => items.iter().for_each(|item| self.pattern(item, reads)),
            Pattern::Object(pairs) => pairs.iter().for_each(|(key, item)| {
                self.expr(key, reads);
                self.pattern(item, reads);
            }),
        }
    }

    /// The nodes whose rules a reference may need.
    pub(super) fn reached(self, reference: &DataRef) -> Vec<NodeId> {
        let Some(node) = self.nodes.get(reference.node) else { return Vec::new() };
        let left = matches!(
            reference.path.get(reference.consumed),
            Some(Expr::Const(key)) if child(node, key).is_none()
        );
        if node.kind == Kind::Package && left {
            return Vec::new();
        }
        self.below(reference.node)
    }

    pub(super) fn below(self, top: NodeId) -> Vec<NodeId> {
        let (mut open, mut all) = (vec![top], Vec::new());
        while let Some(id) = open.pop() {
            all.push(id);
            open.extend(
                self.nodes
                    .get(id)
                    .iter()
                    .flat_map(|node| node.children.iter().map(|(_, child)| *child)),
            );
        }
        all
    }
}

/// The node below another under a key.
pub(super) fn child(node: &NodeCode, key: &Value) -> Option<NodeId> {
    let at = node.children.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
    node.children.get(at).map(|(_, id)| *id)
}
