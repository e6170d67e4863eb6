//! `data`: the rules' values laid over the documents.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::code::{DataRef, Expr, NodeCode, RuleCode, Segment, WalkCode};
use super::error::{EvalError, Failure};
use super::expr::ITEM;
use super::index::Subject;
use super::machine::{Eval, Flow, Machine, Memo, Then};
use super::part::Part;
use super::tree::{Kind, NodeId, ROOT};
use super::value::Value;

/// A place under `data`: the node, if rules stand there, and the document, if there is one.
#[derive(Clone)]
struct Here {
    node: Option<NodeId>,
    document: Option<Value>,
    path: Vec<Value>,
}

impl<'p, 'c> Machine<'p, 'c> {
    /// What a reference into `data` is.
    pub(super) fn data(&mut self, reference: &'p DataRef) -> Eval<Option<Value>> {
        self.nested(|machine| {
            let node = machine.node(reference.node);
            let plain = node.is_some_and(|node| matches!(node.kind, Kind::Complete | Kind::Set));
            if plain && machine.world.replaced.is_empty() {
                let value = machine.value_of(reference.node)?;
                let rest = reference.path.get(reference.consumed..).unwrap_or_default();
                let Some(mut value) = value else { return Ok(None) };
                for key in rest {
                    let Some(key) = machine.expr(key)? else { return Ok(None) };
                    match value.get(&key) {
                        Some(found) => value = found.clone(),
                        None => return Ok(None),
                    }
                }
                return Ok(Some(value));
            }
            if let Some(found) = machine.document(reference) {
                return Ok(found.cloned());
            }
            let mut keys = Vec::with_capacity(reference.path.len());
            for key in &reference.path {
                let Some(key) = machine.expr(key)? else { return Ok(None) };
                keys.push(key);
            }
            machine.data_at(&keys)
        })
    }

    /// What a reference finds where it leads out of the rules by a constant: the document alone. `None` if that is not how it leads.
    fn document(&self, reference: &'p DataRef) -> Option<Option<&Value>> {
        let node = self.node(reference.node)?;
        let out = reference.path.get(reference.consumed)?;
        let plain = node.kind == Kind::Package && self.world.replaced.is_empty();
        if !plain || !matches!(out, Expr::Const(_)) {
            return None;
        }
        let mut found = self.world.data.as_ref();
        for key in &reference.path {
            let key = self.peek(key)?;
            found = found.zip(key).and_then(|(value, key)| stored(value, key));
        }
        Some(found)
    }

    /// What stands at a path under `data`.
    pub(super) fn data_at(&mut self, keys: &[Value]) -> Eval<Option<Value>> {
        let mut here = self.root();
        for (depth, key) in keys.iter().enumerate() {
            let rest = keys.get(depth..).unwrap_or_default();
            match self.kind(&here) {
                None => {
                    let document = here.document.as_ref();
                    let found =
                        document.and_then(|document| rest.iter().try_fold(document, stored));
                    return Ok(found.cloned());
                }
                Some((node, Kind::Complete | Kind::Set)) => {
                    let value = self.value_of(node)?;
                    return Ok(value.as_ref().and_then(|value| follow(value, rest)).cloned());
                }
                Some((_, Kind::Function)) => return Ok(None),
                Some((node, Kind::Partial)) => {
                    return Ok(self.part_at(node, rest)?.map(Part::value));
                }
                Some((_, Kind::Package)) => here = self.below(&here, key),
            }
        }
        self.extent(&here)
    }

    /// Every way in which a reference leads through `data`.
    pub(super) fn walk_data(&mut self, code: &'p WalkCode, then: Then<'_, 'p, 'c>) -> Eval<Flow> {
        let root = self.root();
        self.walk_from(&root, &code.path, code, then)
    }

    fn walk_from(
        &mut self,
        here: &Here,
        path: &'p [Segment],
        code: &'p WalkCode,
        then: Then<'_, 'p, 'c>,
    ) -> Eval<Flow> {
        self.step()?;
        let (first, rest) = match (self.kind(here), path.split_first()) {
            (None, _) => {
                return match &here.document {
                    Some(document) => self.segments(document, path, code, then),
                    None => Ok(Flow::More),
                };
            }
            (Some((node, Kind::Partial)), Some((Segment::Key(_), _))) => {
                return self.walk_part(node, path, code, then);
            }
            (Some((_, Kind::Package)), Some((first, rest))) => (first, rest),
            _ => {
                return match self.extent(here)? {
                    Some(value) => self.segments(&value, path, code, then),
                    None => Ok(Flow::More),
                };
            }
        };
        match first {
            Segment::Key(key) => {
                let Some(key) = self.expr(key)? else { return Ok(Flow::More) };
                let below = self.below(here, &key);
                self.walk_from(&below, rest, code, then)
            }
            Segment::Each(pattern) => {
                for key in self.keys(here) {
                    if !self.matches(pattern, &key)? {
                        continue;
                    }
                    let below = self.below(here, &key);
                    if self.walk_from(&below, rest, code, then)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
                Ok(Flow::More)
            }
        }
    }

    /// Below a node whose keys follow from bodies, known keys are looked up before the rest is walked.
    fn walk_part(
        &mut self,
        node: NodeId,
        path: &'p [Segment],
        code: &'p WalkCode,
        then: Then<'_, 'p, 'c>,
    ) -> Eval<Flow> {
        let mut keys = Vec::new();
        for segment in path {
            let Segment::Key(key) = segment else { break };
            let Some(key) = self.expr(key)? else { return Ok(Flow::More) };
            keys.push(key);
        }
        let rest = path.get(keys.len()..).unwrap_or_default();
        match self.part_at(node, &keys)? {
            Some(part) => {
                let value = part.value();
                self.segments(&value, rest, code, then)
            }
            None => Ok(Flow::More),
        }
    }

    /// The whole of what stands somewhere: documents with the rules' values over them.
    fn extent(&mut self, here: &Here) -> Eval<Option<Value>> {
        self.step()?;
        let (node, kind) = match self.kind(here) {
            None => return Ok(here.document.clone()),
            Some(found) => found,
        };
        match kind {
            Kind::Complete | Kind::Set => self.value_of(node),
            Kind::Function => Ok(None),
            Kind::Partial => Ok(self.part_at(node, &[])?.map(Part::value)),
            Kind::Package => {
                let mut pairs = Vec::new();
                for (key, _) in self.children(node) {
                    let below = self.below(here, key);
                    let value = self.nested(|machine| machine.extent(&below))?;
                    if let Some(value) = value {
                        self.allocate(2 * ITEM)?;
                        pairs.push((key.clone(), value));
                    }
                }
                let rules = Value::object(pairs);
                Ok(Some(match &here.document {
                    Some(document) => laid_over(document, rules),
                    None => rules,
                }))
            }
        }
    }

    fn keys(&self, here: &Here) -> Vec<Value> {
        let mut keys: Vec<Value> = match &here.document {
            Some(Value::Object(pairs)) => pairs.keys().cloned().collect(),
            Some(Value::Array(items)) => (0..items.len()).map(Value::from).collect(),
            Some(Value::Set(items)) => items.iter().cloned().collect(),
            _ => Vec::new(),
        };
        if let Some((node, _)) = self.kind(here) {
            keys.extend(self.children(node).iter().map(|(key, _)| key.clone()));
            keys.sort();
            keys.dedup();
        }
        keys
    }

    fn root(&self) -> Here {
        Here { node: Some(ROOT), document: self.world.data.clone(), path: Vec::new() }
    }

    fn below(&self, here: &Here, key: &Value) -> Here {
        let node = here.node.and_then(|node| {
            let children = self.children(node);
            let at = children.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
            children.get(at).map(|(_, node)| *node)
        });
        let document = here.document.as_ref().and_then(|document| stored(document, key)).cloned();
        let mut path = Vec::new();
        // The path is only needed where something is replaced.
        if !self.world.replaced.is_empty() {
            path.clone_from(&here.path);
            path.push(key.clone());
        }
        Here { node, document, path }
    }

    /// The node whose rules count there: none where a `with` replaces them.
    fn kind(&self, here: &Here) -> Option<(NodeId, Kind)> {
        let id = here.node?;
        let replaced = self.world.replaced.iter().any(|path| here.path.starts_with(path));
        let node = self.node(id).filter(|_| !replaced)?;
        Some((id, node.kind))
    }

    fn node(&self, node: NodeId) -> Option<&'p NodeCode> {
        self.nodes.get(node)
    }

    fn children(&self, node: NodeId) -> &'p [(Value, NodeId)] {
        self.node(node).map_or(&[], |node| &node.children)
    }

    /// The value of a node with a value or a set; each is found out once.
    fn value_of(&mut self, id: NodeId) -> Eval<Option<Value>> {
        match self.world.memo.get(id) {
            Some(Memo::Known(value)) => return Ok(Some(value.clone())),
            Some(Memo::Undefined) => return Ok(None),
            Some(Memo::Running) => return Err(needs_itself()),
            _ => {}
        }
        let Some(node) = self.node(id) else { return Ok(None) };
        self.note(id, Memo::Running);
        let value = if node.kind == Kind::Set {
            let mut items = Vec::new();
            self.each_rule(node, &[], &mut |machine, rule| {
                if let Some(value) = machine.expr(&rule.value)? {
                    machine.allocate(ITEM)?;
                    items.push(value);
                }
                Ok(Flow::More)
            })?;
            Some(Value::set(items))
        } else {
            self.decide(node, &[])?
        };
        self.note(id, value.clone().map_or(Memo::Undefined, Memo::Known));
        Ok(value)
    }

    fn note(&mut self, id: NodeId, memo: Memo) {
        if let Some(place) = self.world.memo.get_mut(id) {
            *place = memo;
        }
    }

    /// A function's answer.
    pub(super) fn call(&mut self, id: NodeId, args: &[Value]) -> Eval<Option<Value>> {
        match self.node(id) {
            Some(node) => self.decide(node, args),
            None => Ok(None),
        }
    }

    /// The one value on which all rules that hold agree; else the default.
    fn decide(&mut self, node: &'p NodeCode, args: &[Value]) -> Eval<Option<Value>> {
        let mut decided: Option<Value> = None;
        self.each_rule(node, args, &mut |machine, rule| {
            let Some(value) = machine.expr(&rule.value)? else { return Ok(Flow::More) };
            match &decided {
                Some(before) if *before != value => {
                    let message = if node.kind == Kind::Function {
                        "functions must not produce multiple outputs for same inputs"
                    } else {
                        "complete rules must not produce multiple outputs"
                    };
                    let error = EvalError::new(Failure::Conflict, message);
                    return Err(machine.located(error, rule.at));
                }
                _ => decided = Some(value),
            }
            Ok(Flow::Stop)
        })?;
        if decided.is_none()
            && let Some(rule) = &node.default
        {
            self.framed(rule.slots, args, &rule.body, &mut |machine| {
                decided = machine.expr(&rule.value)?;
                Ok(Flow::Stop)
            })?;
        }
        Ok(decided)
    }

    /// Runs the rules that can hold. `on` answers [`Flow::Stop`] for a way that gave a value: then no `else` is tried.
    fn each_rule(
        &mut self,
        node: &'p NodeCode,
        args: &[Value],
        on: &mut dyn FnMut(&mut Self, &'p RuleCode) -> Eval<Flow>,
    ) -> Eval<()> {
        let Some(index) = &node.index else {
            for rule in &node.rules {
                if self.rule(node, rule, args, on)? == Flow::Stop {
                    break;
                }
            }
            return Ok(());
        };
        let subject = match &index.subject {
            Subject::Input(path) => {
                self.world.input.as_ref().and_then(|input| follow(input, path)).cloned()
            }
            Subject::Argument(slot) => {
                usize::try_from(*slot).ok().and_then(|slot| args.get(slot)).cloned()
            }
        };
        for at in index.candidates(subject.as_ref()) {
            if let Some(rule) = node.rules.get(at)
                && self.rule(node, rule, args, on)? == Flow::Stop
            {
                break;
            }
        }
        Ok(())
    }

    /// Runs a rule, and where it has no value its `else`. Stops where the first rule that holds decides for all.
    fn rule(
        &mut self,
        node: &'p NodeCode,
        rule: &'p RuleCode,
        args: &[Value],
        on: &mut dyn FnMut(&mut Self, &'p RuleCode) -> Eval<Flow>,
    ) -> Eval<Flow> {
        let mut branch = Some(rule);
        while let Some(rule) = branch {
            self.step()?;
            let constant = matches!(rule.value, Expr::Const(_));
            let mut held = false;
            self.framed(rule.slots, args, &rule.body, &mut |machine| {
                if on(machine, rule)? == Flow::More {
                    return Ok(Flow::More);
                }
                held = true;
                // A constant cannot contradict itself: one way is enough.
                Ok(if constant && rule.path.is_empty() { Flow::Stop } else { Flow::More })
            })?;
            if held {
                return Ok(if node.early { Flow::Stop } else { Flow::More });
            }
            branch = rule.otherwise.as_deref();
        }
        Ok(Flow::More)
    }

    /// What stands below a node whose keys follow from bodies: its rules' object and its children's, as one.
    fn part_at(&mut self, id: NodeId, path: &[Value]) -> Eval<Option<Part>> {
        self.nested(|machine| {
            let Some(node) = machine.node(id) else { return Ok(None) };
            let mut found = match node.kind {
                Kind::Partial | Kind::Package => {
                    let mut own = machine.own_part(id, node)?.at(path);
                    if path.is_empty() {
                        for (key, child) in &node.children {
                            let Some(part) = machine.part_at(*child, &[])? else { continue };
                            let whole = own.get_or_insert_with(Part::empty);
                            whole.insert(std::slice::from_ref(key), part).map_err(conflict)?;
                        }
                    }
                    own
                }
                Kind::Set => {
                    let value = machine.value_of(id)?;
                    let items = value.as_ref().and_then(Value::as_set);
                    let items: BTreeSet<Value> = items.into_iter().flatten().cloned().collect();
                    Part::Set(items).at(path)
                }
                Kind::Complete => {
                    machine.value_of(id)?.and_then(|value| Part::Leaf(value).at(path))
                }
                Kind::Function => None,
            };
            if let Some((key, rest)) = path.split_first()
                && let Ok(at) = node.children.binary_search_by(|(other, _)| other.cmp(key))
                && let Some((_, child)) = node.children.get(at)
                && let Some(part) = machine.part_at(*child, rest)?
            {
                match &mut found {
                    Some(before) => before.merge(part).map_err(conflict)?,
                    None => found = Some(part),
                }
            }
            Ok(found)
        })
    }

    /// The object of a node's own rules.
    fn own_part(&mut self, id: NodeId, node: &'p NodeCode) -> Eval<Arc<Part>> {
        if let Some(part) = self.world.parts.get(&id) {
            return Ok(Arc::clone(part));
        }
        if node.kind == Kind::Package {
            return Ok(Arc::new(Part::empty()));
        }
        if matches!(self.world.memo.get(id), Some(Memo::Running)) {
            return Err(needs_itself());
        }
        self.note(id, Memo::Running);
        let mut part = Part::empty();
        self.each_rule(node, &[], &mut |machine, rule| {
            let mut path = Vec::with_capacity(rule.path.len());
            for key in &rule.path {
                let Some(key) = machine.expr(key)? else { return Ok(Flow::More) };
                path.push(key);
            }
            let Some(value) = machine.expr(&rule.value)? else { return Ok(Flow::More) };
            machine.allocate(ITEM * (path.len() + 2))?;
            let leaf =
                if rule.contains { Part::Set(BTreeSet::from([value])) } else { Part::Leaf(value) };
            let added = part.insert(&path, leaf).map_err(conflict);
            added.map_err(|error| machine.located(error, rule.at))?;
            // More ways make more keys; stopping only tells that the rule held.
            Ok(Flow::Stop)
        })?;
        self.note(id, Memo::Unknown);
        let part = Arc::new(part);
        self.world.parts.insert(id, Arc::clone(&part));
        Ok(part)
    }
}

fn follow<'v>(value: &'v Value, path: &[Value]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// What a key finds in a document: documents are stored by texts, so that a number finds its text as well.
fn stored<'v>(document: &'v Value, key: &Value) -> Option<&'v Value> {
    let found = document.get(key);
    match key {
        Value::Number(number) => found.or_else(|| document.get_str(&number.to_string())),
        _ => found,
    }
}

/// The rules' values and a document as one: objects key by key; where they contradict each other the document's, as OPA has it.
fn laid_over(document: &Value, rules: Value) -> Value {
    match (document, &rules) {
        (Value::Object(base), Value::Object(over)) => {
            let kept = base.iter().map(|(key, value)| match over.get(key) {
                Some(rule) => (key.clone(), laid_over(value, rule.clone())),
                None => (key.clone(), value.clone()),
            });
            let kept: Vec<(Value, Value)> = kept.collect();
            let new = over.iter().filter(|(key, _)| !base.contains(key));
            let new = new.map(|(key, value)| (key.clone(), value.clone()));
            Value::object(kept.into_iter().chain(new))
        }
        _ => document.clone(),
    }
}

fn conflict(_: super::part::Conflict) -> EvalError {
    EvalError::new(Failure::Conflict, "object keys must be unique")
}

fn needs_itself() -> EvalError {
    EvalError::new(Failure::Internal, "a rule needs itself")
}
