//! A policy run for all rows at once: what is known is left to the machine, what depends on the row becomes conditions.
//!
//! It follows the machine instruction by instruction. Where the machine would stop early it may go on, so that an error which a decision on
//! one row does not meet refuses the filter; never the other way round.

mod compare;
mod rules;
mod terms;
mod touch;
mod walks;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use self::touch::{Reads, Scan, touched};
use super::builtin::{Cache, Context, Exhausted};
use super::code::{Block, Comparison, EveryCode, Expr, Instr, NodeCode, Site};
use super::error::EvalError;
use super::expr::ITEM;
use super::goal::Slot;
use super::machine::{Flow, Machine, NESTED};
use super::policy::{Policy, Request};
use super::tree::{Kind, NodeId, ROOT};
use super::value::Value;
use crate::policy::filter::{
    Condition, FilterError, Kind as Holds, LITERALS, Place, Table, VALUES,
};

/// What one level of this takes of the stack, in levels of the machine.
const LEVEL: u32 = 4;

type Run<T> = Result<T, FilterError>;

/// A value that may depend on the row.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Known(Value),
    /// A column's value.
    Column(Place),
    /// A boolean: whether a condition is true.
    Truth(Condition),
    Row,
    /// An object of the input that the row stands in, so many keys deep.
    Input(usize),
    /// An array with items that depend on the row, or a set.
    Items(bool, Arc<[Term]>),
    /// A position that nothing may ask for.
    Position,
}

/// The values that something can have, each with its condition. Of an expression no two can be true of one row.
type Ways = Vec<(Condition, Term)>;

/// The variables of a frame.
type Frame = Vec<Term>;

/// The rest of a body.
type Then<'k, 'a, 'p, 'c> = &'k mut dyn FnMut(&mut Runner<'a, 'p, 'c>, &mut Frame) -> Run<Ways>;

/// Each way in which an instruction holds.
type Each<'k, 'a, 'p, 'c> =
    &'k mut dyn FnMut(&mut Runner<'a, 'p, 'c>, &mut Frame, Condition) -> Run<()>;

struct Runner<'a, 'p, 'c> {
    machine: &'a mut Machine<'p, 'c>,
    table: &'a Table,
    input: Value,
    touched: &'a [bool],
    files: &'a [Arc<str>],
    at: Site,
    /// What instructions and expressions read, by their addresses; an expression may have that of its instruction.
    reads: RefCell<BTreeMap<(bool, *const ()), Rc<Facts>>>,
    /// The values of rules that depend on the row.
    complete: BTreeMap<NodeId, Ways>,
}

struct Facts {
    touches: bool,
    needs: Vec<Slot>,
    binds: Vec<Slot>,
}

/// The rows for which what stands at a path is true.
pub(in crate::policy) fn condition(
    policy: &Policy,
    keys: &[Value],
    table: &Table,
    request: &Request,
) -> Result<Condition, FilterError> {
    if request.strict {
        let message = "errors of built-in functions cannot be strict in a filter: they would be errors of single rows";
        return Err(FilterError::Input(message.to_owned()));
    }
    let input = request.input.clone().unwrap_or_else(|| Value::object([]));
    check(&input, &table.row)?;
    let nodes = policy.compiled.nodes.as_slice();
    let touched = touched(nodes, &table.row);
    let mut slots = 0;
    for rule in nodes.iter().flat_map(|node| node.rules.iter().chain(&node.default)) {
        let mut branch = Some(rule);
        while let Some(rule) = branch {
            slots = slots.max(rule.slots);
            branch = rule.otherwise.as_deref();
        }
    }
    let nothing = Block { instrs: Box::default(), places: Box::default(), file: u32::MAX };
    let mut cache = Cache::over(&policy.compiled.cache);
    let context =
        Context::new(request.now_ns, request.seed, request.steps, request.bytes, &mut cache);
    let data = Some(request.data.clone());
    let mut machine = Machine::new(nodes, &policy.files, Some(input.clone()), data, context, false);
    let mut told = Ok(Condition::False);
    machine.framed(slots, &[], &nothing, &mut |machine| {
        let mut runner = Runner {
            machine,
            table,
            input: input.clone(),
            touched: &touched,
            files: &policy.files,
            at: Site { file: u32::MAX, row: 0 },
            reads: RefCell::default(),
            complete: BTreeMap::new(),
        };
        told = runner.answer(keys);
        Ok(Flow::Stop)
    })?;
    told
}

/// The input has objects down to where the row will stand, and nothing there.
fn check(input: &Value, row: &[Value]) -> Run<()> {
    let refuse = |message: &str| Err(FilterError::Input(message.to_owned()));
    let mut here = input;
    for key in row {
        if here.as_object().is_none() {
            return refuse("the input has no object where the row stands");
        }
        match here.get(key) {
            Some(below) => here = below,
            None => return Ok(()),
        }
    }
    refuse("the input has something where the row stands")
}

impl<'a, 'p, 'c> Runner<'a, 'p, 'c> {
    fn answer(&mut self, keys: &[Value]) -> Run<Condition> {
        let (mut node, mut left) = (ROOT, keys.len());
        for key in keys {
            let Some(here) = self.node(node).filter(|node| node.kind == Kind::Package) else {
                break;
            };
            match touch::child(here, key) {
                Some(below) => (node, left) = (below, left - 1),
                // A document.
                None => return self.plain(keys),
            }
        }
        if let Some(rule) =
            self.node(node).and_then(|node| node.rules.first().or(node.default.as_ref()))
        {
            self.at = rule.at;
        }
        if !self.scan().below(node).into_iter().any(|node| self.is_touched(node)) {
            return self.plain(keys);
        }
        if left > 0 {
            return self.refuse("a path below that of a rule which depends on the row");
        }
        let ways = self.complete(node)?;
        let mut all = Vec::new();
        for (condition, term) in ways {
            all.push(Condition::and([condition, self.is_true(&term)?]));
        }
        self.bounded(Condition::or(all))
    }

    /// What stands at a path and does not depend on the row.
    fn plain(&mut self, keys: &[Value]) -> Run<Condition> {
        match self.machine.data_at(keys)? {
            Some(value) => self.is_true(&Term::Known(value)),
            None => Ok(Condition::False),
        }
    }

    fn is_true(&mut self, term: &Term) -> Run<Condition> {
        match term {
            Term::Known(Value::Bool(value)) => Ok(Condition::known(*value)),
            Term::Truth(condition) => Ok(condition.clone()),
            Term::Column(place) if self.kind(*place) == Some(Holds::Boolean) => {
                self.compared(Comparison::Equal, term, &Term::Known(Value::Bool(true)))
            }
            _ => self.refuse("a rule with another value than true or false"),
        }
    }

    /// The values at the end of a body, for each way in which it holds.
    fn body(
        &mut self,
        body: &'p [Instr],
        frame: &mut Frame,
        then: Then<'_, 'a, 'p, 'c>,
    ) -> Run<Ways> {
        let mut so_far = Condition::True;
        for (at, instr) in body.iter().enumerate() {
            self.machine.step()?;
            let rest = body.get(at + 1..).unwrap_or_default();
            let condition = match instr {
                Instr::Print(_) => continue,
                _ if self.is_known(&self.facts_of(instr), frame) => {
                    if instr.is_single() {
                        if !self.single(instr, frame)? {
                            return Ok(Ways::new());
                        }
                        continue;
                    }
                    let mut found = Found::default();
                    let facts = self.facts_of(instr);
                    for way in self.several(instr, frame)? {
                        for (slot, value) in facts.binds.iter().zip(way) {
                            set(frame, *slot, Term::Known(value));
                        }
                        self.rest(rest, frame, &Condition::True, then, &mut found)?;
                    }
                    return self.finished(found, &so_far);
                }
                Instr::Test(expr) => {
                    let ways = self.term(expr, frame)?;
                    self.truthy(&ways)
                }
                Instr::Not(inner) => self.holds(&inner.instrs, frame)?.not(),
                Instr::Every(every) => self.every(every, frame)?,
                Instr::Let(slot, expr) => {
                    let mut ways = self.term(expr, frame)?;
                    if ways.len() > 1 {
                        let mut found = Found::default();
                        for (condition, term) in ways {
                            set(frame, *slot, term);
                            self.rest(rest, frame, &condition, then, &mut found)?;
                        }
                        return self.finished(found, &so_far);
                    }
                    let Some((condition, term)) = ways.pop() else { return Ok(Ways::new()) };
                    set(frame, *slot, term);
                    condition
                }
                Instr::Match(pattern, expr) => {
                    let mut found = Found::default();
                    for (condition, term) in self.term(expr, frame)? {
                        let matched = self.matched(pattern, &term, frame)?;
                        let both = Condition::and([condition, matched]);
                        self.rest(rest, frame, &both, then, &mut found)?;
                    }
                    return self.finished(found, &so_far);
                }
                Instr::Walk(code) => {
                    let mut found = Found::default();
                    self.walk(code, rest.first(), frame, &mut |run, frame, condition| {
                        run.rest(rest, frame, &condition, then, &mut found)
                    })?;
                    return self.finished(found, &so_far);
                }
                Instr::Relation(builtin, ..) => {
                    return self.refuse(&format!("`{}` of the row", builtin.name));
                }
                Instr::With(..) => return self.refuse("`with` around what depends on the row"),
            };
            so_far = self.bounded(Condition::and([so_far, condition]))?;
            if so_far == Condition::False {
                return Ok(Ways::new());
            }
        }
        let mut found = Found::default();
        for (condition, term) in then(self, frame)? {
            found.add(condition, term);
        }
        self.finished(found, &so_far)
    }

    /// The rest of a body, for one way in which an instruction before it holds.
    fn rest(
        &mut self,
        rest: &'p [Instr],
        frame: &mut Frame,
        condition: &Condition,
        then: Then<'_, 'a, 'p, 'c>,
        found: &mut Found,
    ) -> Run<()> {
        if *condition == Condition::False {
            return Ok(());
        }
        for (after, term) in self.deeper(|run| run.body(rest, frame, then))? {
            let both = Condition::and([condition.clone(), after]);
            self.machine.allocate(ITEM.saturating_mul(both.literals() + 1))?;
            found.add(both, term);
        }
        Ok(())
    }

    /// For which rows a body holds in any way.
    fn holds(&mut self, body: &'p [Instr], frame: &mut Frame) -> Run<Condition> {
        let ways =
            self.deeper(|run| run.body(body, frame, &mut |_, _| Ok(one(Some(Value::Bool(true))))))?;
        self.bounded(Condition::or(ways.into_iter().map(|(condition, _)| condition)))
    }

    fn every(&mut self, every: &'p EveryCode, frame: &mut Frame) -> Run<Condition> {
        let mut any = Vec::new();
        for (condition, domain) in self.term(&every.domain, frame)? {
            let Some(items) = self.items(&domain)? else { continue };
            let mut all = vec![condition];
            for (key, item) in items {
                self.machine.step()?;
                let key = self.matched(&every.key, &key, frame)?;
                let value = self.matched(&every.value, &item, frame)?;
                let both = Condition::and([key, value]);
                if both != Condition::False {
                    all.push(self.holds(&every.body.instrs, frame)?);
                }
                all.push(both);
            }
            any.push(self.bounded(Condition::and(all))?);
        }
        self.bounded(Condition::or(any))
    }

    /// Runs what is known and holds in at most one way.
    fn single(&mut self, instr: &'p Instr, frame: &mut Frame) -> Run<bool> {
        let facts = self.facts_of(instr);
        self.lend(&facts, frame);
        if !self.machine.single(instr)? {
            return Ok(false);
        }
        for slot in &facts.binds {
            set(frame, *slot, Term::Known(self.machine.slot(*slot).clone()));
        }
        Ok(true)
    }

    /// All ways in which what is known holds: what each binds.
    fn several(&mut self, instr: &'p Instr, frame: &Frame) -> Run<Vec<Vec<Value>>> {
        let facts = self.facts_of(instr);
        self.lend(&facts, frame);
        let mut ways = Vec::new();
        self.machine.several(instr, &mut |machine| {
            machine.allocate(ITEM.saturating_mul(facts.binds.len() + 1))?;
            ways.push(facts.binds.iter().map(|slot| machine.slot(*slot).clone()).collect());
            Ok(Flow::More)
        })?;
        Ok(ways)
    }

    /// The variables that code reads, given to the machine.
    fn lend(&mut self, facts: &Facts, frame: &Frame) {
        for slot in &facts.needs {
            if let Some(Term::Known(value)) = get(frame, *slot) {
                self.machine.bind(*slot, value.clone());
            }
        }
    }

    fn is_known(&self, facts: &Facts, frame: &Frame) -> bool {
        let is_known = |slot: &Slot| matches!(get(frame, *slot), Some(Term::Known(_)));
        !facts.touches && facts.needs.iter().all(is_known)
    }

    fn facts_of(&self, instr: &Instr) -> Rc<Facts> {
        self.facts((true, std::ptr::from_ref(instr).cast()), |scan, reads| scan.instr(instr, reads))
    }

    fn facts_of_expr(&self, expr: &Expr) -> Rc<Facts> {
        self.facts((false, std::ptr::from_ref(expr).cast()), |scan, reads| scan.expr(expr, reads))
    }

    fn facts(&self, of: (bool, *const ()), look: impl FnOnce(Scan<'_>, &mut Reads)) -> Rc<Facts> {
        if let Some(facts) = self.reads.borrow().get(&of) {
            return Rc::clone(facts);
        }
        let mut reads = Reads::default();
        look(self.scan(), &mut reads);
        let facts = Rc::new(Facts {
            touches: reads.touches(self.touched),
            needs: reads.needs().collect(),
            binds: reads.binds.into_iter().collect(),
        });
        self.reads.borrow_mut().insert(of, Rc::clone(&facts));
        facts
    }

    fn scan(&self) -> Scan<'_> {
        Scan { nodes: self.machine.nodes, row: &self.table.row }
    }

    fn node(&self, id: NodeId) -> Option<&'p NodeCode> {
        self.machine.node(id)
    }

    fn is_touched(&self, id: NodeId) -> bool {
        self.touched.get(id).copied().unwrap_or(true)
    }

    fn finished(&mut self, found: Found, so_far: &Condition) -> Run<Ways> {
        let mut ways = Ways::new();
        let mut literals = 0_usize;
        for (term, conditions) in found.entries {
            let condition = Condition::and([so_far.clone(), Condition::or(conditions)]);
            let condition = self.bounded(condition)?;
            literals = literals.saturating_add(condition.literals());
            self.machine.charge(condition.literals().saturating_add(condition.values()))?;
            if condition != Condition::False {
                ways.push((condition, term));
            }
        }
        if literals > LITERALS {
            return self.refuse(&format!("more than {LITERALS} conditions"));
        }
        Ok(ways)
    }

    fn bounded(&self, condition: Condition) -> Run<Condition> {
        if condition.literals() > LITERALS {
            return self.refuse(&format!("more than {LITERALS} conditions"));
        }
        if condition.values() > VALUES {
            return self.refuse(&format!("columns among more than {VALUES} values"));
        }
        Ok(condition)
    }

    fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> Run<T>) -> Run<T> {
        if self.machine.depth + LEVEL > NESTED {
            return Err(EvalError::from(Exhausted::Depth).into());
        }
        self.machine.depth += LEVEL;
        let told = run(self);
        self.machine.depth -= LEVEL;
        told
    }

    fn refuse<T>(&self, message: &str) -> Run<T> {
        let file = usize::try_from(self.at.file).ok().and_then(|file| self.files.get(file));
        let file = file.map_or_else(|| "query".to_owned(), ToString::to_string);
        Err(FilterError::Rule { file, row: self.at.row, message: message.to_owned() })
    }
}

/// Values and the ways in which each came about.
#[derive(Default)]
struct Found {
    entries: Vec<(Term, Vec<Condition>)>,
}

impl Found {
    fn add(&mut self, condition: Condition, term: Term) {
        if condition == Condition::False {
            return;
        }
        match self.entries.iter_mut().find(|(other, _)| *other == term) {
            Some((_, conditions)) => conditions.push(condition),
            None => self.entries.push((term, vec![condition])),
        }
    }

    /// Whether there is an answer for every row.
    fn settled(&self) -> bool {
        self.entries.iter().any(|(_, conditions)| conditions.contains(&Condition::True))
    }
}

/// A boolean by what it can be.
fn halves(term: Term) -> Vec<(Condition, Term)> {
    match term {
        Term::Truth(condition) => vec![
            (condition.not(), Term::Known(Value::Bool(false))),
            (condition, Term::Known(Value::Bool(true))),
        ],
        other => vec![(Condition::True, other)],
    }
}

/// What is the same for every row, if it is defined.
fn one(value: Option<Value>) -> Ways {
    value.into_iter().map(|value| (Condition::True, Term::Known(value))).collect()
}

fn known(terms: &[Term]) -> Option<Vec<Value>> {
    let value =
        |term: &Term| if let Term::Known(value) = term { Some(value.clone()) } else { None };
    terms.iter().map(value).collect()
}

fn get(frame: &Frame, slot: Slot) -> Option<&Term> {
    frame.get(usize::try_from(slot).ok()?)
}

fn set(frame: &mut Frame, slot: Slot, term: Term) {
    if let Some(place) = usize::try_from(slot).ok().and_then(|slot| frame.get_mut(slot)) {
        *place = term;
    }
}
