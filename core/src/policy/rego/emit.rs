//! Goals in order made into instructions.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::builtin::PRINT;
use super::code::{
    Base, Block, ClosureCode, Comparison, DataRef, EveryCode, Expr, Instr, Pattern, PieceCode,
    ReplacementCode, Segment, Site, TargetCode, WalkCode, WithCode,
};
use super::error::{Place, Refusal, Refused};
use super::goal::{Callee, Closure, Goal, GoalKind, Piece, Replacement, Root, Slot, T, Target};
use super::needs::Need;
use super::prepared::Constant;
use super::safety::{Bound, Deps, left_matches, order, unsafe_variable, value};
use super::tree::Tree;
use super::value::Value;

/// Emits the code of one rule.
pub(super) struct Emitter<'a> {
    pub(super) tree: &'a Tree,
    /// The names of the slots; those made here are added.
    pub(super) names: Vec<Arc<str>>,
    pub(super) needs: BTreeSet<Need>,
    /// Constants that built-in functions compile.
    pub(super) constants: Vec<Constant>,
    /// The built-ins that a `with` replaces somewhere: they are never made into instructions of their own.
    pub(super) mocked: &'a BTreeSet<String>,
    /// The file, by its number.
    pub(super) file: u32,
    /// Where the rule starts: what stands there belongs to its head.
    pub(super) head: Place,
    /// The rows of the expressions that are run.
    pub(super) rows: BTreeSet<u32>,
}

pub(super) type Emitted<T> = Result<T, Refusal>;

impl Emitter<'_> {
    pub(super) const fn site(&self, row: u32) -> Site {
        Site { file: self.file, row }
    }

    /// Where an expression's instructions are told to stand: what belongs to the head has no column.
    fn place(&mut self, at: Place) -> Place {
        if at == self.head {
            return Place { row: at.row, column: 0 };
        }
        self.rows.insert(at.row);
        at
    }

    /// A body, and terms that are evaluated after it.
    pub(super) fn block(
        &mut self,
        goals: Vec<Goal>,
        head: Vec<T>,
        bound: &mut Bound,
        at: Place,
    ) -> Emitted<(Block, Vec<Expr>)> {
        let mut flat = Vec::new();
        for goal in goals {
            self.flatten(goal, &mut flat);
        }
        let mut heads = Vec::new();
        for term in head {
            heads.push(self.pull(term, at, &mut flat));
        }
        let (goals, after) = order(flat, bound, &self.names)?;
        let (mut instrs, mut places) = (Vec::new(), Vec::new());
        for goal in goals {
            let place = self.place(goal.at);
            self.goal(goal, bound, &mut instrs)?;
            places.resize(instrs.len(), place);
        }
        bound.extend(after);
        let mut exprs = Vec::new();
        for term in heads {
            let mut deps = Deps::default();
            value(&term, &mut deps);
            if let Some(slot) = deps.needs.iter().find(|slot| !bound.contains(slot)) {
                return Err(unsafe_variable(at, *slot, &self.names));
            }
            exprs.push(self.expr(term, bound)?);
        }
        let block = Block { instrs: instrs.into(), places: places.into(), file: self.file };
        Ok((block, exprs))
    }

    /// Pulls references with variable keys out of a goal's terms: each becomes a goal of its own, so that what it binds can be ordered.
    fn flatten(&mut self, goal: Goal, out: &mut Vec<Goal>) {
        let at = goal.at;
        let kind = match goal.kind {
            GoalKind::Test(term) => GoalKind::Test(self.pull_within(term, at, out)),
            GoalKind::Unify(a, b) => {
                let both = is_dynamic(&a) && is_dynamic(&b);
                let a = if both { self.pull(a, at, out) } else { self.pull_within(a, at, out) };
                GoalKind::Unify(a, self.pull_within(b, at, out))
            }
            GoalKind::Not(mut not) => {
                let first = self.next();
                let mut flat = Vec::new();
                not.before.into_iter().for_each(|goal| self.flatten(goal, &mut flat));
                not.before = std::mem::take(&mut flat);
                not.body.into_iter().for_each(|goal| self.flatten(goal, &mut flat));
                not.body = flat;
                not.own.extend(first..self.next());
                GoalKind::Not(not)
            }
            GoalKind::With(with, body) => {
                let mut flat = Vec::new();
                body.into_iter().for_each(|goal| self.flatten(goal, &mut flat));
                let with = with.into_iter().map(|(target, replacement)| match replacement {
                    Replacement::Value(term) => {
                        (target, Replacement::Value(self.pull(term, at, out)))
                    }
                    function @ Replacement::Function(_) => (target, function),
                });
                GoalKind::With(with.collect(), flat)
            }
            GoalKind::SomeIn(key, item, domain) => {
                let key = key.map(|key| self.pull_within(key, at, out));
                let item = self.pull_within(item, at, out);
                GoalKind::SomeIn(key, item, self.pull(domain, at, out))
            }
            GoalKind::Every(mut every) => {
                every.domain = self.pull(every.domain, at, out);
                GoalKind::Every(every)
            }
        };
        out.push(Goal { at, kind });
    }

    /// The term, or a variable in its place.
    pub(super) fn pull(&mut self, term: T, at: Place, out: &mut Vec<Goal>) -> T {
        let dynamic = is_dynamic(&term);
        let term = self.pull_within(term, at, out);
        if !dynamic {
            return term;
        }
        let slot = self.fresh();
        out.push(Goal { at, kind: GoalKind::Unify(T::Var(slot), term) });
        T::Var(slot)
    }

    fn pull_within(&mut self, term: T, at: Place, out: &mut Vec<Goal>) -> T {
        if let T::Call(callee, args, row) = term {
            return self.pull_calls((callee, args, row), at, out);
        }
        let mut all = |items: Vec<T>, out: &mut Vec<Goal>| -> Vec<T> {
            items.into_iter().map(|item| self.pull(item, at, out)).collect()
        };
        match term {
            T::Ref(Root::Term(root), path) => {
                let root = self.pull(*root, at, out);
                let path = path.into_iter().map(|key| self.pull(key, at, out)).collect();
                T::Ref(Root::Term(Box::new(root)), path)
            }
            T::Ref(root, path) => T::Ref(root, all(path, out)),
            T::Array(items) => T::Array(all(items, out)),
            T::Set(items) => T::Set(all(items, out)),
            T::Object(pairs) => T::Object(
                pairs
                    .into_iter()
                    .map(|(key, item)| (self.pull(key, at, out), self.pull(item, at, out)))
                    .collect(),
            ),
            other => other,
        }
    }

    fn next(&self) -> Slot {
        Slot::try_from(self.names.len()).unwrap_or(Slot::MAX)
    }

    fn fresh(&mut self) -> Slot {
        let slot = self.next();
        self.names.push(Arc::from("_"));
        slot
    }

    fn goal(&mut self, goal: Goal, bound: &mut Bound, out: &mut Vec<Instr>) -> Emitted<()> {
        let at = goal.at;
        match goal.kind {
            GoalKind::Test(term) => {
                if self.is_walk(&term, bound) {
                    return self.walk(term, None, true, bound, out);
                }
                if let T::Call(Callee::Builtin(builtin), args, row) = term {
                    if builtin.name == PRINT.name {
                        let mut args = self.exprs(args, bound)?;
                        for arg in &mut args {
                            if let Expr::Closure(code) = arg {
                                // What is printed is told when it is printed.
                                code.body.places.fill(Place::default());
                            }
                        }
                        out.push(Instr::Print(args));
                        return Ok(());
                    }
                    if builtin.relation {
                        let args = self.exprs(args, bound)?;
                        out.push(Instr::Relation(builtin, args, Pattern::Any, self.site(row)));
                        return Ok(());
                    }
                    let expr = self.builtin(builtin, args, row, bound)?;
                    out.push(Instr::Test(expr));
                    return Ok(());
                }
                let expr = self.expr(term, bound)?;
                out.push(Instr::Test(expr));
            }
            GoalKind::Unify(a, b) => {
                let (matched, valued) = match left_matches(&a, &b, bound) {
                    Some(false) => (b, a),
                    _ => (a, b),
                };
                self.unify(matched, valued, bound, out)?;
            }
            GoalKind::Not(not) => {
                for goal in not.before {
                    self.goal(goal, bound, out)?;
                }
                let mark = bound.mark();
                let (body, _) = self.block(not.body, Vec::new(), bound, at)?;
                bound.rewind(mark);
                out.push(Instr::Not(body));
            }
            GoalKind::SomeIn(key, item, domain) => {
                let base = Base::Expr(self.expr(domain, bound)?);
                let key = match key {
                    Some(key) => self.pattern(key, bound)?,
                    None => Pattern::Any,
                };
                let into = self.pattern(item, bound)?;
                let path = Box::new([match key {
                    Pattern::Equal(key) => Segment::Key(key),
                    pattern => Segment::Each(pattern),
                }]);
                out.push(Instr::Walk(Box::new(WalkCode { base, path, into, truthy: false })));
            }
            GoalKind::Every(every) => {
                let domain = self.expr(every.domain, bound)?;
                let mark = bound.mark();
                let key = match every.key {
                    Some(key) => self.pattern(key, bound)?,
                    None => Pattern::Any,
                };
                let value = self.pattern(every.value, bound)?;
                let (body, _) = self.block(every.body, Vec::new(), bound, at)?;
                bound.rewind(mark);
                out.push(Instr::Every(Box::new(EveryCode { domain, key, value, body })));
            }
            GoalKind::With(with, body) => {
                let mut codes = Vec::new();
                for (target, replacement) in with {
                    codes.push(self.with(target, replacement, bound, at)?);
                }
                let (body, _) = self.block(body, Vec::new(), bound, at)?;
                out.push(Instr::With(codes.into(), body));
            }
        }
        Ok(())
    }

    fn unify(
        &mut self,
        matched: T,
        valued: T,
        bound: &mut Bound,
        out: &mut Vec<Instr>,
    ) -> Emitted<()> {
        if self.is_walk(&valued, bound) {
            return self.walk(valued, Some(matched), false, bound, out);
        }
        if self.is_walk(&matched, bound) {
            return self.walk(matched, Some(valued), false, bound, out);
        }
        if let T::Call(Callee::Builtin(builtin), args, row) = valued {
            if builtin.relation {
                let args = self.exprs(args, bound)?;
                let into = self.pattern(matched, bound)?;
                out.push(Instr::Relation(builtin, args, into, self.site(row)));
                return Ok(());
            }
            let valued = self.builtin(builtin, args, row, bound)?;
            return self.match_value(matched, valued, bound, out);
        }
        let valued = self.expr(valued, bound)?;
        self.match_value(matched, valued, bound, out)
    }

    fn match_value(
        &mut self,
        matched: T,
        valued: Expr,
        bound: &mut Bound,
        out: &mut Vec<Instr>,
    ) -> Emitted<()> {
        out.push(match self.pattern(matched, bound)? {
            Pattern::Bind(slot) => Instr::Let(slot, valued),
            Pattern::Equal(expr) => {
                Instr::Test(Expr::Compare(Comparison::Equal, Box::new((valued, expr))))
            }
            pattern => Instr::Match(pattern, valued),
        });
        Ok(())
    }

    /// Whether a term is a reference with a key that is not bound.
    fn is_walk(&self, term: &T, bound: &Bound) -> bool {
        let T::Ref(_, path) = term else { return false };
        path.iter().any(|key| {
            let mut free = false;
            key.each_slot(&mut |slot| free |= !bound.contains(&slot));
            free && !matches!(key, T::Closure(_) | T::Template(_))
        })
    }

    fn walk(
        &mut self,
        term: T,
        into: Option<T>,
        truthy: bool,
        bound: &mut Bound,
        out: &mut Vec<Instr>,
    ) -> Emitted<()> {
        let T::Ref(root, path) = term else { return Ok(()) };
        let base = match root {
            Root::Data => {
                self.need(&path);
                Base::Data
            }
            Root::Input => Base::Expr(Expr::Input(Box::new([]))),
            Root::Term(term) => Base::Expr(self.expr(*term, bound)?),
        };
        let mut segments = Vec::new();
        for key in path {
            segments.push(match self.pattern(key, bound)? {
                Pattern::Equal(expr) => Segment::Key(expr),
                pattern => Segment::Each(pattern),
            });
        }
        let into = match into {
            Some(into) => self.pattern(into, bound)?,
            None => Pattern::Any,
        };
        let path = segments.into();
        out.push(Instr::Walk(Box::new(WalkCode { base, path, into, truthy })));
        Ok(())
    }

    fn pattern(&mut self, term: T, bound: &mut Bound) -> Emitted<Pattern> {
        let mut free = false;
        term.each_slot(&mut |slot| free |= !bound.contains(&slot));
        if !free {
            return Ok(Pattern::Equal(self.expr(term, bound)?));
        }
        Ok(match term {
            T::Var(slot) => {
                bound.insert(slot);
                Pattern::Bind(slot)
            }
            T::Array(items) => {
                let items = items.into_iter().map(|item| self.pattern(item, bound));
                Pattern::Array(items.collect::<Emitted<_>>()?)
            }
            T::Object(pairs) => {
                let mut patterns = Vec::new();
                for (key, item) in pairs {
                    let key = self.expr(key, bound)?;
                    patterns.push((key, self.pattern(item, bound)?));
                }
                Pattern::Object(patterns.into())
            }
            other => Pattern::Equal(self.expr(other, bound)?),
        })
    }

    fn exprs(&mut self, terms: Vec<T>, bound: &Bound) -> Emitted<Box<[Expr]>> {
        terms.into_iter().map(|term| self.expr(term, bound)).collect()
    }

    /// A term whose variables are bound.
    pub(super) fn expr(&mut self, term: T, bound: &Bound) -> Emitted<Expr> {
        Ok(match term {
            T::Const(value) => Expr::Const(value),
            T::Var(slot) => Expr::Slot(slot),
            T::Ref(Root::Input, path) => match constants(&path) {
                Some(path) => Expr::Input(path),
                None => {
                    let path = self.exprs(path, bound)?;
                    Expr::Index(Box::new(Expr::Input(Box::new([]))), path)
                }
            },
            T::Ref(Root::Data, path) => {
                let (node, consumed) = self.need(&path);
                let path = self.exprs(path, bound)?;
                Expr::Data(Box::new(DataRef { node, consumed, path }))
            }
            T::Ref(Root::Term(root), path) => {
                let root = self.expr(*root, bound)?;
                Expr::Index(Box::new(root), self.exprs(path, bound)?)
            }
            T::Array(items) => {
                let items = self.exprs(items, bound)?;
                match constant_items(&items) {
                    Some(items) => Expr::Const(Value::array(items)),
                    None => Expr::Array(items),
                }
            }
            T::Set(items) => {
                let items = self.exprs(items, bound)?;
                match constant_items(&items) {
                    Some(items) => Expr::Const(Value::set(items)),
                    None => Expr::Set(items),
                }
            }
            T::Object(pairs) => self.object(pairs, bound)?,
            T::Call(Callee::Builtin(builtin), args, row) => {
                self.builtin(builtin, args, row, bound)?
            }
            T::Call(Callee::Function(node), args, _) => {
                self.needs.insert(Need::Own(node));
                Expr::Function(node, self.exprs(args, bound)?)
            }
            T::Closure(closure) => self.closure(*closure, bound)?,
            T::Template(pieces) => {
                let mut codes = Vec::new();
                for piece in pieces {
                    codes.push(match piece {
                        Piece::Text(text) => PieceCode::Text(text),
                        Piece::Expr(term) => PieceCode::Expr(self.expr(term, bound)?),
                    });
                }
                Expr::Template(codes.into())
            }
        })
    }

    fn object(&mut self, pairs: Vec<(T, T)>, bound: &Bound) -> Emitted<Expr> {
        let mut exprs = Vec::new();
        for (key, item) in pairs {
            exprs.push((self.expr(key, bound)?, self.expr(item, bound)?));
        }
        let constant = exprs.iter().map(|pair| match pair {
            (Expr::Const(key), Expr::Const(item)) => Some((key.clone(), item.clone())),
            _ => None,
        });
        Ok(match constant.collect::<Option<Vec<_>>>() {
            Some(pairs) => Expr::Const(Value::object(pairs)),
            None => Expr::Object(exprs.into()),
        })
    }

    fn closure(&mut self, closure: Closure, bound: &Bound) -> Emitted<Expr> {
        let mut inner = bound.clone();
        let (body, head) = self.block(closure.body, closure.head, &mut inner, closure.at)?;
        let code = ClosureCode { make: closure.make, body, head: head.into() };
        Ok(Expr::Closure(Box::new(code)))
    }

    fn with(
        &mut self,
        target: Target,
        replacement: Replacement,
        bound: &Bound,
        at: Place,
    ) -> Emitted<WithCode> {
        let function = matches!(target, Target::Builtin(_) | Target::Function(_));
        let replacement = match replacement {
            Replacement::Value(term) => ReplacementCode::Value(self.expr(term, bound)?),
            Replacement::Function(_) if !function => {
                let message = "only a function can be replaced by a function";
                return Err(Refusal::new(Refused::Type, at, message));
            }
            Replacement::Function(Callee::Builtin(builtin)) => ReplacementCode::Builtin(builtin),
            Replacement::Function(Callee::Function(node)) => {
                self.needs.insert(Need::Own(node));
                ReplacementCode::Function(node)
            }
        };
        let target = match target {
            Target::Input(path) => TargetCode::Input(path.into()),
            Target::Data(path) => TargetCode::Data(path.into()),
            Target::Builtin(name) => TargetCode::Builtin(name),
            Target::Function(node) => TargetCode::Function(node),
        };
        Ok(WithCode { target, replacement })
    }
}

/// Whether a term can hold in several ways: a reference with a variable key, or a relation.
pub(super) fn is_dynamic(term: &T) -> bool {
    match term {
        T::Ref(_, path) => path.iter().any(has_variable),
        T::Call(Callee::Builtin(builtin), ..) => builtin.relation,
        _ => false,
    }
}

fn has_variable(key: &T) -> bool {
    match key {
        T::Var(_) => true,
        T::Array(items) | T::Set(items) => items.iter().any(has_variable),
        T::Object(pairs) => pairs.iter().any(|(key, item)| has_variable(key) || has_variable(item)),
        other => is_dynamic(other),
    }
}

fn constants(path: &[T]) -> Option<Box<[Value]>> {
    let constant = |key: &T| if let T::Const(value) = key { Some(value.clone()) } else { None };
    path.iter().map(constant).collect()
}

fn constant_items(items: &[Expr]) -> Option<Vec<Value>> {
    let constant =
        |item: &Expr| if let Expr::Const(value) = item { Some(value.clone()) } else { None };
    items.iter().map(constant).collect()
}
