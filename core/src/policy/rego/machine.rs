//! Bodies run: instructions one after the other, each way in which one holds continued by those after it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::builtin::{Builtin, Context, Exhausted, Fault};
use super::code::{
    Base, Block, EveryCode, Expr, Instr, NodeCode, Pattern, ReplacementCode, Segment, Site,
    TargetCode, WalkCode, WithCode,
};
use super::error::{EvalError, Failure};
use super::goal::Slot;
use super::part::Part;
use super::trace::Observer;
use super::tree::NodeId;
use super::value::{DEPTH, Value};

/// How deep rules and ways nest in one another: what a debug build's stack of two megabytes holds.
pub(super) const NESTED: u32 = 220;

pub(super) type Eval<T> = Result<T, EvalError>;

/// Whether more ways are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    More,
    Stop,
}

/// What happens at the end of a body, for each way in which it holds.
pub(super) type Then<'k, 'p, 'c> = &'k mut dyn FnMut(&mut Machine<'p, 'c>) -> Eval<Flow>;

/// What a query runs on.
pub(super) struct Machine<'p, 'c> {
    pub(super) nodes: &'p [NodeCode],
    /// The modules' names.
    files: &'p [Arc<str>],
    pub(super) world: World<'p>,
    pub(super) context: Context<'c>,
    /// Whether errors of built-in functions end the query, instead of making the expression undefined.
    pub(super) strict: bool,
    slots: Vec<Value>,
    /// Where the running rule's frame starts.
    frame: usize,
    pub(super) depth: u32,
    /// Who is told what happens. Without one nothing is paid for it but the question.
    pub(super) observer: Option<&'c mut dyn Observer>,
}

/// What a `with` replaces, and what was found out under it.
#[derive(Default)]
pub(super) struct World<'p> {
    pub(super) input: Option<Value>,
    pub(super) data: Option<Value>,
    /// The paths under `data` at which rules do not count.
    pub(super) replaced: Vec<&'p [Value]>,
    pub(super) mocks: Vec<(Mocked, Mock)>,
    pub(super) found: Found,
}

/// What was found out about rules.
#[derive(Default)]
pub(super) struct Found {
    pub(super) memo: BTreeMap<NodeId, Memo>,
    pub(super) parts: BTreeMap<NodeId, Arc<Part>>,
    /// What single keys of a node lead to.
    pub(super) keyed: BTreeMap<(NodeId, Value), Option<Arc<Part>>>,
    /// How many keys of a node were looked up one by one.
    pub(super) lookups: BTreeMap<NodeId, u32>,
}

/// What was found out about a node's rules.
#[derive(Clone, Debug)]
pub(super) enum Memo {
    Running,
    Undefined,
    Known(Value),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mocked {
    Builtin(&'static str),
    Function(NodeId),
}

#[derive(Clone, Debug)]
pub(super) enum Mock {
    Value(Value),
    Builtin(&'static Builtin),
    Function(NodeId),
}

impl<'p, 'c> Machine<'p, 'c> {
    pub(super) fn new(
        nodes: &'p [NodeCode],
        files: &'p [Arc<str>],
        input: Option<Value>,
        data: Option<Value>,
        context: Context<'c>,
        strict: bool,
    ) -> Self {
        let world = World { input, data, ..World::default() };
        Self {
            nodes,
            files,
            world,
            context,
            strict,
            slots: Vec::new(),
            frame: 0,
            depth: 0,
            observer: None,
        }
    }

    /// Runs a body in a frame of its own whose first slots are the arguments.
    pub(super) fn framed(
        &mut self,
        slots: usize,
        args: &[Value],
        body: &'p Block,
        then: Then<'_, 'p, 'c>,
    ) -> Eval<Flow> {
        self.framed_with(slots, args, None, body, then)
    }

    /// As [`Self::framed`], with one more slot that is bound.
    pub(super) fn framed_with(
        &mut self,
        slots: usize,
        args: &[Value],
        known: Option<(Slot, &Value)>,
        body: &'p Block,
        then: Then<'_, 'p, 'c>,
    ) -> Eval<Flow> {
        let (before, length) = (self.frame, self.slots.len());
        self.charge(slots / 16)?;
        self.frame = length;
        self.slots.extend_from_slice(args);
        self.slots.resize(length + slots.max(args.len()), Value::Null);
        if let Some((slot, value)) = known {
            self.bind(slot, value.clone());
        }
        let flow = self.nested(|machine| machine.block(body, then));
        self.slots.truncate(length);
        self.frame = before;
        flow
    }

    /// Runs a body; `then` for each way in which it holds.
    pub(super) fn block(&mut self, body: &'p Block, then: Then<'_, 'p, 'c>) -> Eval<Flow> {
        self.block_from(body, 0, then)
    }

    /// As [`Self::block`], from an instruction on.
    pub(super) fn block_from(
        &mut self,
        body: &'p Block,
        from: usize,
        then: Then<'_, 'p, 'c>,
    ) -> Eval<Flow> {
        if self.observer.is_some() {
            return self.watched_from(body, from, then);
        }
        let rest = body.instrs.get(from..).unwrap_or_default();
        for (at, instr) in rest.iter().enumerate() {
            self.step()?;
            if instr.is_single() {
                if !self.single(instr)? {
                    return Ok(Flow::More);
                }
            } else {
                return self.nested(|machine| {
                    machine.several(instr, &mut |machine| {
                        machine.block_from(body, from + at + 1, then)
                    })
                });
            }
        }
        then(self)
    }

    /// Whether a body holds in any way.
    pub(super) fn holds(&mut self, body: &'p Block) -> Eval<bool> {
        let mut holds = false;
        self.block(body, &mut |_| {
            holds = true;
            Ok(Flow::Stop)
        })?;
        Ok(holds)
    }

    pub(super) fn single(&mut self, instr: &'p Instr) -> Eval<bool> {
        match instr {
            Instr::Test(Expr::Compare(comparison, pair)) => {
                Ok(self.compare(*comparison, pair)? == Some(true))
            }
            Instr::Test(expr) => Ok(!matches!(self.expr(expr)?, None | Some(Value::Bool(false)))),
            Instr::Let(slot, expr) => match self.expr(expr)? {
                Some(value) => {
                    self.bind(*slot, value);
                    Ok(true)
                }
                None => Ok(false),
            },
            Instr::Match(pattern, expr) => match self.expr(expr)? {
                Some(value) => self.matches(pattern, &value),
                None => Ok(false),
            },
            Instr::Not(body) => {
                let holds = self.nested(|machine| machine.holds(body))?;
                Ok(!holds)
            }
            Instr::Every(every) => self.nested(|machine| machine.every(every)),
            Instr::With(with, body) => {
                let Some(inner) = self.replace(with)? else { return Ok(false) };
                let outer = std::mem::replace(&mut self.world, inner);
                let holds = self.nested(|machine| machine.holds(body));
                self.world = outer;
                holds
            }
            Instr::Print(_) => Ok(true),
            Instr::Walk(_) | Instr::Relation(..) => Ok(false),
        }
    }

    /// Runs what can hold in several ways; `then` for each.
    pub(super) fn several(&mut self, instr: &'p Instr, then: Then<'_, 'p, 'c>) -> Eval<Flow> {
        match instr {
            Instr::Walk(code) => self.walk(code, then),
            Instr::Relation(builtin, args, into, at) => {
                let Some(Value::Array(results)) = self.builtin(builtin, args, *at)? else {
                    return Ok(Flow::More);
                };
                for result in results.iter() {
                    self.step()?;
                    if self.matches(into, result)? && then(self)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
                Ok(Flow::More)
            }
            Instr::With(with, body) => {
                let Some(inner) = self.replace(with)? else { return Ok(Flow::More) };
                let mut other = std::mem::replace(&mut self.world, inner);
                // What comes after the literal runs outside of its `with`.
                let flow = self.block(body, &mut |machine| {
                    std::mem::swap(&mut machine.world, &mut other);
                    let flow = then(machine);
                    std::mem::swap(&mut machine.world, &mut other);
                    flow
                });
                self.world = other;
                flow
            }
            _ => Ok(Flow::More),
        }
    }

    fn every(&mut self, every: &'p EveryCode) -> Eval<bool> {
        let Some(domain) = self.expr(&every.domain)? else { return Ok(false) };
        match &domain {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    if !self.every_item(every, &Value::from(at), item)? {
                        return Ok(false);
                    }
                }
            }
            Value::Set(items) => {
                for item in items.iter() {
                    if !self.every_item(every, item, item)? {
                        return Ok(false);
                    }
                }
            }
            Value::Object(pairs) => {
                for (key, item) in pairs.iter() {
                    if !self.every_item(every, key, item)? {
                        return Ok(false);
                    }
                }
            }
            // What has no items is no domain.
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn every_item(&mut self, every: &'p EveryCode, key: &Value, item: &Value) -> Eval<bool> {
        self.step()?;
        Ok(self.matches(&every.key, key)?
            && self.matches(&every.value, item)?
            && self.holds(&every.body)?)
    }

    fn walk(&mut self, code: &'p WalkCode, then: Then<'_, 'p, 'c>) -> Eval<Flow> {
        match &code.base {
            Base::Data => self.walk_data(code, then),
            Base::Expr(base) => match self.expr(base)? {
                Some(value) => self.segments(&value, &code.path, code, then),
                None => Ok(Flow::More),
            },
        }
    }

    /// Every way in which the rest of a reference leads into a value.
    pub(super) fn segments(
        &mut self,
        value: &Value,
        path: &'p [Segment],
        code: &'p WalkCode,
        then: Then<'_, 'p, 'c>,
    ) -> Eval<Flow> {
        self.step()?;
        let Some((first, rest)) = path.split_first() else {
            let falsy = code.truthy && matches!(value, Value::Bool(false));
            if falsy || !self.matches(&code.into, value)? {
                return Ok(Flow::More);
            }
            return then(self);
        };
        let each = match first {
            Segment::Key(key) => {
                let Some(key) = self.expr(key)? else { return Ok(Flow::More) };
                self.seek(&key)?;
                return match value.get(&key) {
                    Some(value) => self.segments(value, rest, code, then),
                    None => Ok(Flow::More),
                };
            }
            Segment::Each(pattern) => pattern,
        };
        let mut visit = |machine: &mut Self, key: &Value, value: &Value| {
            if !machine.matches(each, key)? {
                return Ok(Flow::More);
            }
            machine.segments(value, rest, code, then)
        };
        match value {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    if visit(self, &Value::from(at), item)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
            Value::Set(items) => {
                for item in items.iter() {
                    if visit(self, item, item)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
            Value::Object(pairs) => {
                for (key, item) in pairs.iter() {
                    if visit(self, key, item)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
            _ => {}
        }
        Ok(Flow::More)
    }

    /// Whether a value matches, binding what is not bound yet.
    pub(super) fn matches(&mut self, pattern: &'p Pattern, value: &Value) -> Eval<bool> {
        match pattern {
            Pattern::Any => Ok(true),
            Pattern::Bind(slot) => {
                self.bind(*slot, value.clone());
                Ok(true)
            }
            Pattern::Equal(expr) => match self.peek(expr) {
                Some(Some(wanted)) if wanted.is_short() => Ok(wanted == value),
                Some(None) => Ok(false),
                _ => match self.expr(expr)? {
                    Some(wanted) => self.equal(&wanted, value),
                    None => Ok(false),
                },
            },
            Pattern::Array(patterns) => {
                let Value::Array(items) = value else { return Ok(false) };
                if items.len() != patterns.len() {
                    return Ok(false);
                }
                for (pattern, item) in patterns.iter().zip(items.iter()) {
                    if !self.matches(pattern, item)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Pattern::Object(patterns) => {
                let Value::Object(pairs) = value else { return Ok(false) };
                if pairs.len() != patterns.len() {
                    return Ok(false);
                }
                for (key, pattern) in patterns {
                    let Some(key) = self.expr(key)? else { return Ok(false) };
                    self.seek(&key)?;
                    let Some(item) = pairs.get(&key) else { return Ok(false) };
                    if !self.matches(pattern, item)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    /// The world inside a `with`; none if a replacement is undefined.
    fn replace(&mut self, with: &'p [WithCode]) -> Eval<Option<World<'p>>> {
        self.charge((self.world.replaced.len() + self.world.mocks.len()) / 8)?;
        let mut inner = World {
            input: self.world.input.clone(),
            data: self.world.data.clone(),
            replaced: self.world.replaced.clone(),
            mocks: self.world.mocks.clone(),
            found: Found::default(),
        };
        for one in with {
            let mock = match &one.replacement {
                ReplacementCode::Value(expr) => match self.expr(expr)? {
                    Some(value) => Mock::Value(value),
                    None => return Ok(None),
                },
                ReplacementCode::Builtin(builtin) => Mock::Builtin(builtin),
                ReplacementCode::Function(node) => Mock::Function(*node),
            };
            match (&one.target, mock) {
                (TargetCode::Input(path), Mock::Value(value)) => {
                    inner.input = Some(self.set_path(inner.input.as_ref(), path, value)?);
                }
                (TargetCode::Data(path), Mock::Value(value)) => {
                    inner.data = Some(self.set_path(inner.data.as_ref(), path, value)?);
                    inner.replaced.push(path);
                }
                (TargetCode::Builtin(name), mock) => {
                    inner.mocks.push((Mocked::Builtin(name), mock));
                }
                (TargetCode::Function(node), mock) => {
                    inner.mocks.push((Mocked::Function(*node), mock));
                }
                _ => return Ok(None),
            }
        }
        let deep = inner.input.iter().chain(&inner.data).any(|value| value.depth() > DEPTH);
        if deep { Err(Exhausted::Depth.into()) } else { Ok(Some(inner)) }
    }

    /// What replaces a function.
    pub(super) fn mock(&mut self, of: Mocked) -> Eval<Option<Mock>> {
        self.charge(self.world.mocks.len() / 8)?;
        let found = self.world.mocks.iter().rev().find(|(mocked, _)| *mocked == of);
        Ok(found.map(|(_, mock)| mock.clone()))
    }

    /// Runs without what is replaced: a function that replaces another calls the original.
    pub(super) fn unmocked<T>(&mut self, run: impl FnOnce(&mut Self) -> Eval<T>) -> Eval<T> {
        let mocks = std::mem::take(&mut self.world.mocks);
        let found = std::mem::take(&mut self.world.found);
        let answer = run(self);
        self.world.mocks = mocks;
        self.world.found = found;
        answer
    }

    pub(super) fn bind(&mut self, slot: Slot, value: Value) {
        let at = usize::try_from(slot).unwrap_or(usize::MAX).saturating_add(self.frame);
        if let Some(place) = self.slots.get_mut(at) {
            *place = value;
        }
    }

    pub(super) fn slot(&self, slot: Slot) -> &Value {
        let at = usize::try_from(slot).unwrap_or(usize::MAX).saturating_add(self.frame);
        self.slots.get(at).unwrap_or(&Value::Null)
    }

    pub(super) fn step(&mut self) -> Eval<()> {
        self.context.charge(1).map_err(|fault| self.fatal(fault))
    }

    pub(super) fn charge(&mut self, steps: usize) -> Eval<()> {
        self.context.charge(steps).map_err(|fault| self.fatal(fault))
    }

    pub(super) fn allocate(&mut self, bytes: usize) -> Eval<()> {
        self.context.allocate(bytes).map_err(|fault| self.fatal(fault))
    }

    pub(super) fn nested<T>(&mut self, run: impl FnOnce(&mut Self) -> Eval<T>) -> Eval<T> {
        if self.depth >= NESTED {
            return Err(Exhausted::Depth.into());
        }
        self.depth += 1;
        let answer = run(self);
        self.depth -= 1;
        answer
    }

    /// An error with the place where it arose.
    pub(super) fn located(&self, error: EvalError, at: Site) -> EvalError {
        let file = usize::try_from(at.file).ok().and_then(|file| self.files.get(file));
        let query: Arc<str> = file.map_or_else(|| Arc::from("query"), Arc::clone);
        error.at(query, at.row)
    }

    /// The error that a fault is where it ends the query.
    pub(super) fn fatal(&self, fault: Fault) -> EvalError {
        match fault {
            Fault::Type(message) => EvalError::new(Failure::Type, message),
            Fault::Builtin(message) => EvalError::new(Failure::Builtin, message),
            Fault::Exhausted(what) => what.into(),
        }
    }
}
