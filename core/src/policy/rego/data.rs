//! `data`: the rules' values laid over the documents.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::code::{DataRef, Expr, NodeCode, RuleCode, Segment, WalkCode};
use super::error::{EvalError, Failure};
use super::expr::ITEM;
use super::index::{Candidates, Subject};
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
                let mut rest = reference.path.get(reference.consumed..).unwrap_or_default();
                let value = match (node, rest.split_first()) {
                    (Some(node), Some((key, after))) if node.kind == Kind::Set => {
                        rest = after;
                        let Some(key) = machine.expr(key)? else { return Ok(None) };
                        machine.element(reference.node, node, &key)?
                    }
                    _ => machine.value_of(reference.node)?,
                };
                let Some(mut value) = value else { return Ok(None) };
                for key in rest {
                    let Some(key) = machine.expr(key)? else { return Ok(None) };
                    machine.seek(&key)?;
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
        self.charge(self.world.replaced.len().saturating_mul(keys.len()) / 8)?;
        keys.iter().try_for_each(|key| self.seek(key))?;
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
                Some((id, Kind::Set)) => {
                    let Some(node) = self.node(id) else { return Ok(None) };
                    let value = self.element(id, node, key)?;
                    let after = rest.get(1..).unwrap_or_default();
                    return Ok(value.as_ref().and_then(|value| follow(value, after)).cloned());
                }
                Some((node, Kind::Complete)) => {
                    let value = self.value_of(node)?;
                    return Ok(value.as_ref().and_then(|value| follow(value, rest)).cloned());
                }
                Some((_, Kind::Function)) => return Ok(None),
                Some((node, Kind::Partial)) => {
                    if let Some(Memo::Known(value)) = self.world.found.memo.get(&node) {
                        return Ok(follow(value, rest).cloned());
                    }
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
        self.charge(1 + self.world.replaced.len() / 8)?;
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
                for key in self.keys(here)? {
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
        self.charge(1 + self.world.replaced.len() / 8)?;
        let (node, kind) = match self.kind(here) {
            None => return Ok(here.document.clone()),
            Some(found) => found,
        };
        match kind {
            Kind::Complete | Kind::Set => self.value_of(node),
            Kind::Function => Ok(None),
            Kind::Partial => self.partial(node),
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
                    Some(document) => self.laid_over(document, rules)?,
                    None => rules,
                }))
            }
        }
    }

    fn keys(&mut self, here: &Here) -> Eval<Vec<Value>> {
        let length = here.document.as_ref().map_or(0, Value::len);
        self.charge(length / 8)?;
        self.allocate(length.saturating_mul(ITEM))?;
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
        Ok(keys)
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

    pub(super) fn node(&self, node: NodeId) -> Option<&'p NodeCode> {
        self.nodes.get(node)
    }

    fn children(&self, node: NodeId) -> &'p [(Value, NodeId)] {
        self.node(node).map_or(&[], |node| &node.children)
    }

    /// The value of a node with a value or a set; each is found out once.
    pub(super) fn value_of(&mut self, id: NodeId) -> Eval<Option<Value>> {
        match self.world.found.memo.get(&id) {
            Some(Memo::Known(value)) => return Ok(Some(value.clone())),
            Some(Memo::Undefined) => return Ok(None),
            Some(Memo::Running) => return Err(needs_itself()),
            None => {}
        }
        let Some(node) = self.node(id) else { return Ok(None) };
        self.note(id, Memo::Running);
        let value = if node.kind == Kind::Set {
            let mut items = Vec::new();
            self.each_rule(node, &[], &mut |machine, rule| {
                if let Some(value) = machine.expr(&rule.value)? {
                    machine.tell_held(rule, &value);
                    machine.allocate(ITEM)?;
                    items.push(value);
                }
                Ok(Flow::More)
            })?;
            Some(self.set(items)?)
        } else {
            self.decide(node, &[])?
        };
        self.note(id, value.clone().map_or(Memo::Undefined, Memo::Known));
        Ok(value)
    }

    fn note(&mut self, id: NodeId, memo: Memo) {
        self.world.found.memo.insert(id, memo);
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
            machine.tell_held(rule, &value);
            match &decided {
                Some(before) if !machine.equal(before, &value)? => {
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
            let mark = self.tell_entered(rule, args, true);
            self.framed(rule.slots, args, &rule.body, &mut |machine| {
                decided = machine.expr(&rule.value)?;
                if let Some(value) = &decided {
                    machine.tell_held(rule, value);
                }
                Ok(Flow::Stop)
            })?;
            self.tell_left(mark);
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
        self.tell_skipped(node, args);
        for at in self.candidates(node, args) {
            if let Some(rule) = node.rules.get(at)
                && self.rule(node, rule, args, on)? == Flow::Stop
            {
                break;
            }
        }
        Ok(())
    }

    /// The rules that can hold, in their order.
    pub(super) fn candidates(&self, node: &'p NodeCode, args: &[Value]) -> Candidates<'p> {
        let Some(index) = &node.index else { return Candidates::all(node.rules.len()) };
        let subject = match &index.subject {
            Subject::Input(path) => self.world.input.as_ref().and_then(|input| follow(input, path)),
            Subject::Argument(slot) => usize::try_from(*slot).ok().and_then(|slot| args.get(slot)),
        };
        index.candidates(subject)
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
            let mark = self.tell_entered(rule, args, false);
            self.framed(rule.slots, args, &rule.body, &mut |machine| {
                if on(machine, rule)? == Flow::More {
                    return Ok(Flow::More);
                }
                held = true;
                // A constant cannot contradict itself: one way is enough.
                Ok(if constant && rule.path.is_empty() { Flow::Stop } else { Flow::More })
            })?;
            self.tell_left(mark);
            if held {
                return Ok(if node.early { Flow::Stop } else { Flow::More });
            }
            branch = rule.otherwise.as_deref();
        }
        Ok(Flow::More)
    }

    /// The whole of what stands below a node whose keys follow from bodies; it is found out once.
    fn partial(&mut self, id: NodeId) -> Eval<Option<Value>> {
        if let Some(Memo::Known(value)) = self.world.found.memo.get(&id) {
            return Ok(Some(value.clone()));
        }
        let value = self.part_at(id, &[])?.map(Part::value);
        if let Some(value) = &value {
            self.note(id, Memo::Known(value.clone()));
        }
        Ok(value)
    }

    /// What stands below a node whose keys follow from bodies: its rules' object and its children's, as one.
    fn part_at(&mut self, id: NodeId, path: &[Value]) -> Eval<Option<Part>> {
        self.nested(|machine| {
            let Some(node) = machine.node(id) else { return Ok(None) };
            let mut found = match node.kind {
                Kind::Partial | Kind::Package => {
                    let mut own = match path.first() {
                        Some(key) => machine.part_of(id, node, key)?.and_then(|part| part.at(path)),
                        None => {
                            let part = machine.own_part(id, node)?;
                            machine.copied(part.len())?;
                            part.at(path)
                        }
                    };
                    if path.is_empty() {
                        for (key, child) in &node.children {
                            let Some(part) = machine.part_at(*child, &[])? else { continue };
                            let whole = own.get_or_insert_with(Part::empty);
                            whole.insert(std::slice::from_ref(key), part).map_err(conflict)?;
                        }
                    }
                    own
                }
                Kind::Set if !path.is_empty() => {
                    let (key, rest) = path.split_first().unwrap_or((&Value::Null, &[]));
                    let value = machine.element(id, node, key)?;
                    value.and_then(|value| Part::Leaf(value).at(rest))
                }
                Kind::Set => {
                    let value = machine.value_of(id)?;
                    let size = value.as_ref().map_or(0, Value::size);
                    machine.weigh(size)?;
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
    pub(super) fn own_part(&mut self, id: NodeId, node: &'p NodeCode) -> Eval<Arc<Part>> {
        if let Some(part) = self.world.found.parts.get(&id) {
            return Ok(Arc::clone(part));
        }
        if node.kind == Kind::Package {
            return Ok(Arc::new(Part::empty()));
        }
        if matches!(self.world.found.memo.get(&id), Some(Memo::Running)) {
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
            machine.tell_held(rule, &value);
            machine.allocate(ITEM * (path.len() + 2))?;
            path.iter().chain([&value]).try_for_each(|key| machine.seek(key))?;
            let leaf =
                if rule.contains { Part::Set(BTreeSet::from([value])) } else { Part::Leaf(value) };
            let added = part.insert(&path, leaf).map_err(conflict);
            added.map_err(|error| machine.located(error, rule.at))?;
            // More ways make more keys; stopping only tells that the rule held.
            Ok(Flow::Stop)
        })?;
        self.world.found.memo.remove(&id);
        let part = Arc::new(part);
        self.world.found.parts.insert(id, Arc::clone(&part));
        Ok(part)
    }
}

fn follow<'v>(value: &'v Value, path: &[Value]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// What a key finds in a document: documents are stored by paths of texts, so that a number finds its text as well, and in an array a text
/// the item of its number.
pub(super) fn stored<'v>(document: &'v Value, key: &Value) -> Option<&'v Value> {
    let found = document.get(key);
    match (key, document) {
        (Value::Number(number), _) => found.or_else(|| document.get_str(&number.to_string())),
        (Value::String(text), Value::Array(items)) => {
            items.get(usize::try_from(text.parse::<i64>().ok()?).ok()?)
        }
        _ => found,
    }
}

pub(super) fn conflict(_: super::part::Conflict) -> EvalError {
    EvalError::new(Failure::Conflict, "object keys must be unique")
}

pub(super) fn needs_itself() -> EvalError {
    EvalError::new(Failure::Internal, "a rule needs itself")
}
