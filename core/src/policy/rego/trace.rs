//! What happens while a query runs, told to whoever watches. The answer is the same, watched or not, unless what is printed uses up what
//! the query may use.

use super::code::{Block, Expr, Instr, NodeCode, Pattern, RuleCode, Segment, Site};
use super::error::{Failure, Place};
use super::machine::{Eval, Flow, Machine, Then};
use super::tree::NodeId;
use super::value::Value;

/// The most lines that one `print` says.
const LINES: usize = 64;

/// What became of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It holds; of a rule, it has a value.
    Held,
    /// It does not hold: false, unequal, or no item does.
    Failed,
    /// It is undefined.
    Undefined,
    /// The question ended within it.
    Ended,
}

/// A rule that is entered.
pub(in crate::policy) struct Entered<'a> {
    pub(in crate::policy) node: NodeId,
    pub(in crate::policy) at: Site,
    /// A function's arguments, or the key that is looked up.
    pub(in crate::policy) args: &'a [Value],
    pub(in crate::policy) default: bool,
    /// Whether no expression of its own stands in its body.
    pub(in crate::policy) bare: bool,
}

/// Who is told. Rules and expressions nest: [`Observer::enter`] and [`Observer::begin`] answer a mark that is given back at the end.
///
/// INVARIANT: an end may be missing, as an error leaves them out; a mark ends all that began after it.
pub(in crate::policy) trait Observer {
    /// A rule's body is run.
    fn enter(&mut self, rule: &Entered<'_>) -> usize;
    /// A rule has a value.
    fn held(&mut self, rule: Site, value: &Value);
    /// A rule's body came to its end.
    fn leave(&mut self, mark: usize);
    /// A rule is not run: an index told that it cannot hold.
    fn skip(&mut self, node: NodeId, at: Site);
    /// An expression is run.
    fn begin(&mut self, file: u32, at: Place) -> usize;
    /// It holds in one more way.
    fn way(&mut self, mark: usize, values: &[Value]);
    /// What became of it.
    fn end(&mut self, mark: usize, told: Told, values: &[Value]);
    /// `print` or `trace` said something.
    fn note(&mut self, at: Site, text: String);
}

impl Value {
    /// Whether its text has at most about so many bytes.
    pub(in crate::policy) fn fits(&self, bytes: u64) -> bool {
        self.size() <= bytes
    }
}

impl<'p, 'c> Machine<'p, 'c> {
    /// As [`Machine::block_from`], telling what happens.
    pub(super) fn watched_from(
        &mut self,
        body: &'p Block,
        from: usize,
        then: Then<'_, 'p, 'c>,
    ) -> Eval<Flow> {
        for (at, instr) in body.instrs.iter().enumerate().skip(from) {
            self.step()?;
            let place = body.places.get(at).copied().unwrap_or_default();
            if let Instr::Print(args) = instr {
                self.print(args, Site { file: body.file, row: place.row })?;
                continue;
            }
            if place.row == 0 && instr.is_single() {
                if !self.single(instr)? {
                    return Ok(Flow::More);
                }
                continue;
            }
            if place.row == 0 {
                return self.nested(|machine| {
                    machine.several(instr, &mut |machine| machine.block_from(body, at + 1, then))
                });
            }
            let mark = self.tell(|observer| observer.begin(body.file, place)).unwrap_or_default();
            if !instr.is_single() {
                return self.nested(|machine| {
                    machine.watched_ways(instr, mark, &mut |machine| {
                        machine.block_from(body, at + 1, then)
                    })
                });
            }
            if !self.watched(instr, mark)? {
                return Ok(Flow::More);
            }
        }
        then(self)
    }

    fn watched_ways(
        &mut self,
        instr: &'p Instr,
        mark: usize,
        then: Then<'_, 'p, 'c>,
    ) -> Eval<Flow> {
        let mut told = Told::Failed;
        let flow = self.several(instr, &mut |machine| {
            told = Told::Held;
            let values = machine.bound_by(instr);
            machine.tell(|observer| observer.way(mark, &values));
            then(machine)
        })?;
        self.tell(|observer| observer.end(mark, told, &[]));
        Ok(flow)
    }

    /// Whether what holds in one way at most does.
    fn watched(&mut self, instr: &'p Instr, mark: usize) -> Eval<bool> {
        let (told, values) = match instr {
            Instr::Test(Expr::Compare(comparison, pair)) => {
                let pair = match (self.peek(&pair.0), self.peek(&pair.1)) {
                    (Some(a), Some(b)) => a.zip(b).map(|(a, b)| (a.clone(), b.clone())),
                    _ => self.nested(|machine| {
                        let Some(a) = machine.expr(&pair.0)? else { return Ok(None) };
                        Ok(machine.expr(&pair.1)?.map(|b| (a, b)))
                    })?,
                };
                match pair {
                    None => (Told::Undefined, Vec::new()),
                    Some((a, b)) => {
                        let mut fuel = self.fuel();
                        let order = fuel.compare(&a, &b);
                        let holds = comparison.holds(self.burnt(fuel, order)?);
                        (if holds { Told::Held } else { Told::Failed }, vec![a, b])
                    }
                }
            }
            Instr::Test(expr) => match self.expr(expr)? {
                None => (Told::Undefined, self.known_of(expr)),
                Some(Value::Bool(false)) => (Told::Failed, self.known_of(expr)),
                Some(Value::Bool(true)) => (Told::Held, Vec::new()),
                Some(value) => (Told::Held, vec![value]),
            },
            Instr::Let(slot, expr) => match self.expr(expr)? {
                Some(value) => {
                    self.bind(*slot, value.clone());
                    (Told::Held, vec![value])
                }
                None => (Told::Undefined, self.known_of(expr)),
            },
            Instr::Match(pattern, expr) => match self.expr(expr)? {
                Some(value) => {
                    let holds = self.matches(pattern, &value)?;
                    (if holds { Told::Held } else { Told::Failed }, vec![value])
                }
                None => (Told::Undefined, self.known_of(expr)),
            },
            _ => (if self.single(instr)? { Told::Held } else { Told::Failed }, Vec::new()),
        };
        self.tell(|observer| observer.end(mark, told, &values));
        Ok(told == Told::Held)
    }

    /// The arguments of a call that are known without working them out again.
    fn known_of(&self, expr: &Expr) -> Vec<Value> {
        let known = |expr: &Expr| self.peek(expr).flatten().cloned();
        match expr {
            Expr::Builtin(_, args, _) | Expr::Function(_, args) => {
                args.iter().map(known).collect::<Option<_>>().unwrap_or_default()
            }
            Expr::Member(pair) => {
                known(&pair.0).zip(known(&pair.1)).map_or_else(Vec::new, |(a, b)| vec![a, b])
            }
            _ => Vec::new(),
        }
    }

    /// What the way that an instruction has taken bound.
    fn bound_by(&self, instr: &Instr) -> Vec<Value> {
        let mut values = Vec::new();
        match instr {
            Instr::Walk(code) => {
                for segment in &code.path {
                    if let Segment::Each(pattern) = segment {
                        self.bound(pattern, &mut values);
                    }
                }
                self.bound(&code.into, &mut values);
            }
            Instr::Relation(_, _, into, _) => self.bound(into, &mut values),
            _ => {}
        }
        values
    }

    fn bound(&self, pattern: &Pattern, values: &mut Vec<Value>) {
        match pattern {
            Pattern::Bind(slot) => values.push(self.slot(*slot).clone()),
            Pattern::Array(items) => items.iter().for_each(|item| self.bound(item, values)),
            Pattern::Object(pairs) => pairs.iter().for_each(|(_, item)| self.bound(item, values)),
            Pattern::Any | Pattern::Equal(_) => {}
        }
    }

    /// Says what a `print` says: a line for each choice of its arguments' values, as OPA does.
    fn print(&mut self, args: &'p [Expr], at: Site) -> Eval<()> {
        let mut lines = vec![String::new()];
        for (nth, arg) in args.iter().enumerate() {
            let strict = std::mem::replace(&mut self.strict, false);
            let values = self.nested(|machine| machine.expr(arg));
            self.strict = strict;
            // It never fails, but that what it uses up counts.
            let values = match values {
                Err(error) if matches!(error.kind(), Failure::Exhausted(_)) => return Err(error),
                Err(_) => None,
                Ok(values) => values,
            };
            let values =
                values.as_ref().and_then(Value::as_set).map_or(&[][..], |set| set.as_slice());
            let mut texts: Vec<String> = Vec::new();
            for value in values.iter().take(LINES) {
                self.weigh(value.size())?;
                texts.push(
                    value.as_str().map_or_else(|| super::builtin::term(value), str::to_owned),
                );
            }
            if texts.is_empty() {
                texts.push("<undefined>".to_owned());
            }
            let mut longer = Vec::new();
            for line in &lines {
                for text in texts.iter().take(LINES.saturating_sub(longer.len())) {
                    self.allocate(line.len() + text.len())?;
                    let space = if nth == 0 { "" } else { " " };
                    longer.push(format!("{line}{space}{text}"));
                }
            }
            lines = longer;
        }
        for line in lines {
            self.tell(|observer| observer.note(at, line));
        }
        Ok(())
    }

    /// Tells what `trace` says.
    #[cold]
    pub(super) fn tell_trace(&mut self, args: &[Value], at: Site) {
        if let Some(text) = args.first().and_then(Value::as_str) {
            self.tell(|observer| observer.note(at, text.to_owned()));
        }
    }

    /// Tells that a rule is entered.
    pub(super) fn tell_entered(&mut self, rule: &RuleCode, args: &[Value], default: bool) -> usize {
        if self.observer.is_none() {
            return 0;
        }
        let bare = rule.body.places.iter().all(|place| place.column == 0);
        let entered = Entered { node: rule.node, at: rule.at, args, default, bare };
        self.tell(|observer| observer.enter(&entered)).unwrap_or_default()
    }

    /// Tells that a rule has a value.
    pub(super) fn tell_held(&mut self, rule: &RuleCode, value: &Value) {
        self.tell(|observer| observer.held(rule.at, value));
    }

    /// Tells that a rule's body came to its end.
    pub(super) fn tell_left(&mut self, mark: usize) {
        self.tell(|observer| observer.leave(mark));
    }

    /// Tells which rules an index leaves out.
    pub(super) fn tell_skipped(&mut self, node: &'p NodeCode, args: &[Value]) {
        if self.observer.is_none() || node.index.is_none() {
            return;
        }
        let mut run = self.candidates(node, args).peekable();
        for (at, rule) in node.rules.iter().enumerate() {
            if run.next_if_eq(&at).is_none() {
                self.tell(|observer| observer.skip(rule.node, rule.at));
            }
        }
    }

    fn tell<T>(&mut self, what: impl FnOnce(&mut (dyn Observer + 'c)) -> T) -> Option<T> {
        self.observer.as_deref_mut().map(what)
    }
}
