//! Names resolved: variables to slots, rules and imports to paths, functions to what they call.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ast::{Literal, LiteralKind, Part, Term, TermKind};
use super::builtin::{self, Builtin, PRINT};
use super::checks::{DEPRECATED, check_args, check_replaced, check_whole};
use super::error::{Place, Refusal, Refused};
use super::globals::{Global, Globals};
use super::goal::{
    Callee, Closure, EveryGoal, Goal, GoalKind, Make, Piece, Replacement, Root, Slot, T, Target,
};
use super::scope::{Names, check_declared, declared};
use super::tree::{Kind, NodeId, Tree, dotted};
use super::value::Value;

/// The most variables of one rule.
const SLOTS: Slot = 10_000;

/// Resolves one rule, or one query.
pub(super) struct Resolver<'a> {
    pub(super) globals: &'a Globals,
    tree: &'a Tree,
    scopes: Vec<BTreeMap<Arc<str>, Slot>>,
    /// The name of each slot.
    pub(super) names: Vec<Arc<str>>,
    /// What `rego.metadata.chain()` and `rego.metadata.rule()` answer here.
    pub(super) metadata: Option<(Value, Value)>,
    /// The built-ins that a `with` replaces somewhere: only then can one that is refused be called.
    mocked: &'a BTreeSet<String>,
    /// Whether it is a query, in which `==` is a call even where it is negated.
    pub(super) query: bool,
}

/// A term that stands alone.
pub(super) enum Statement {
    /// What is said to those who watch.
    Print(T),
    Unify(T, T),
    /// A call with one argument more than its function takes: the answer.
    Output(Callee, Vec<T>, T),
    Test(T),
}

pub(super) type Resolved<T> = Result<T, Refusal>;

impl<'a> Resolver<'a> {
    pub(super) fn new(globals: &'a Globals, tree: &'a Tree, mocked: &'a BTreeSet<String>) -> Self {
        let scopes = vec![BTreeMap::new()];
        let names = Vec::new();
        Self { globals, tree, scopes, names, metadata: None, mocked, query: false }
    }

    /// The next slot.
    pub(super) fn next(&self) -> Slot {
        Slot::try_from(self.names.len()).unwrap_or(Slot::MAX)
    }

    /// A slot of its own for a name.
    pub(super) fn fresh(&mut self, name: &Arc<str>) -> Slot {
        let slot = self.next();
        self.names.push(Arc::clone(name));
        slot
    }

    /// A slot of its own without a name.
    pub(super) fn unnamed(&mut self) -> Slot {
        self.fresh(&Arc::from("_"))
    }

    /// The variables of the outermost scope, for a query's bindings.
    pub(super) fn bindings(&self) -> Vec<(Arc<str>, Slot)> {
        let mut bindings: Vec<_> =
            self.scopes.first().cloned().unwrap_or_default().into_iter().collect();
        bindings.sort_by_key(|(_, slot)| *slot);
        bindings
    }

    /// Declares a function's arguments, which may be patterns, in the outermost scope.
    pub(super) fn args(&mut self, args: &[Term]) -> Resolved<BTreeSet<Arc<str>>> {
        self.check_names(args, "args")?;
        let mut given = BTreeSet::new();
        for (name, _) in args.iter().flat_map(declared) {
            if given.insert(Arc::clone(&name)) {
                self.declare(&name);
            }
        }
        Ok(given)
    }

    /// A body in the innermost scope, with the names that it and the head use first.
    pub(super) fn body(
        &mut self,
        body: &[Literal],
        head: &[&Term],
        given: &BTreeSet<Arc<str>>,
    ) -> Resolved<Vec<Goal>> {
        let names = Names::of(body, head, given)?;
        check_declared(body, head)?;
        for name in &names.used {
            if self.local(name).is_none() && !self.is_global(name) {
                self.declare(name);
            }
        }
        if self.next() > SLOTS {
            let at = body.first().map_or(Place::default(), |literal| literal.at);
            return Err(Refusal::new(Refused::Compile, at, "too many variables"));
        }
        let mut goals = Vec::new();
        for literal in body {
            self.literal(literal, &mut goals)?;
        }
        Ok(goals)
    }

    fn literal(&mut self, literal: &Literal, goals: &mut Vec<Goal>) -> Resolved<()> {
        let at = literal.at;
        if literal.with.is_empty() && !literal.negated {
            return self.plain(literal, goals);
        }
        // The replacements stand outside of what the literal declares.
        let mut with = Vec::new();
        for one in &literal.with {
            let (target, replacement) = (self.target(&one.target)?, self.replacement(&one.value)?);
            self.check_arity(&target, &replacement, one.at)?;
            with.push((target, replacement));
        }
        let mut inner = Vec::new();
        if literal.negated {
            self.negation(literal, &mut inner)?;
        } else {
            self.plain(literal, &mut inner)?;
        }
        if with.is_empty() {
            goals.append(&mut inner);
        } else {
            goals.push(Goal { at, kind: GoalKind::With(with, inner) });
        }
        Ok(())
    }

    pub(super) fn plain(&mut self, literal: &Literal, goals: &mut Vec<Goal>) -> Resolved<()> {
        let at = literal.at;
        match &literal.kind {
            LiteralKind::Term(term) => match self.statement(term)? {
                Statement::Unify(a, b) => unify(at, a, b, goals),
                Statement::Output(callee, args, last) => {
                    unify(at, last, self.call(callee, args, at)?, goals);
                }
                Statement::Test(term) | Statement::Print(term) => {
                    goals.push(Goal { at, kind: GoalKind::Test(term) })
                }
            },
            LiteralKind::Unify(a, b) => {
                let (a, b) = (self.term(a)?, self.term(b)?);
                unify(at, a, b, goals);
            }
            LiteralKind::Assign(target, value) => {
                check_pattern(target)?;
                self.check_names(std::slice::from_ref(target), "variables")?;
                let value = self.term(value)?;
                for (name, _) in declared(target) {
                    self.declare(&name);
                }
                let target = self.term(target)?;
                unify(at, target, value, goals);
            }
            LiteralKind::Declare(names) => names.iter().for_each(|name| _ = self.declare(name)),
            LiteralKind::SomeIn(key, value, domain) => {
                let domain = self.term(domain)?;
                for term in key.iter().chain([value]) {
                    for (name, _) in declared(term) {
                        self.declare(&name);
                    }
                }
                let key = key.as_ref().map(|key| self.term(key)).transpose()?;
                let value = self.term(value)?;
                goals.push(Goal { at, kind: GoalKind::SomeIn(key, value, domain) });
            }
            LiteralKind::Every(every) => {
                let domain = self.term(&every.domain)?;
                let first = self.next();
                self.scopes.push(BTreeMap::new());
                let mut given = BTreeSet::new();
                for term in every.key.iter().chain([&every.value]) {
                    let TermKind::Var(name) = &term.kind else {
                        let message = "`every` declares variables only";
                        return Err(Refusal::new(Refused::Parse, term.at, message));
                    };
                    if name.as_ref() != "_" {
                        self.declare(name);
                        given.insert(Arc::clone(name));
                    }
                }
                let key = every.key.as_ref().map(|key| self.term(key)).transpose()?;
                let value = self.term(&every.value)?;
                let body = self.body(&every.body, &[], &given)?;
                self.scopes.pop();
                let goal = EveryGoal { key, value, domain, body, first };
                goals.push(Goal { at, kind: GoalKind::Every(Box::new(goal)) });
            }
        }
        Ok(())
    }

    /// A term that stands alone: a call with one argument more than its function takes unifies with the answer.
    pub(super) fn statement(&mut self, term: &Term) -> Resolved<Statement> {
        if let TermKind::Call(name, args) = &term.kind {
            let plain = |name: &Term, wanted| matches!(&name.kind, TermKind::Var(n) if n.as_ref() == wanted);
            if let [a, b] = args.as_slice()
                && (plain(name, "eq") || plain(name, "assign"))
                && !self.is_global("eq")
            {
                return Ok(Statement::Unify(self.term(a)?, self.term(b)?));
            }
            if plain(name, "print") && !self.is_global("print") {
                return self.print(args, term.at);
            }
            let callee = self.callee(name, term.at)?;
            let arity = self.arity(callee);
            if args.len() == arity.1 + 1
                && let Some((last, args)) = args.split_last()
            {
                return Ok(Statement::Output(callee, self.terms(args)?, self.term(last)?));
            }
        }
        Ok(Statement::Test(self.term(term)?))
    }

    /// What is printed is only read by those who watch; each argument is the set of its values, so that what is undefined fails nothing.
    fn print(&mut self, args: &[Term], at: Place) -> Resolved<Statement> {
        let mut sets = Vec::new();
        for arg in args {
            let name: Arc<str> = Arc::from(format!("%printed{}", self.next()));
            let value = Term::new(at, TermKind::Var(name));
            let kind = LiteralKind::Unify(value.clone(), arg.clone());
            let body = [Literal { at, negated: false, kind, with: Vec::new() }];
            sets.push(self.closure(Make::Set, &[&value], &body, at)?);
        }
        Ok(Statement::Print(T::Call(Callee::Builtin(&PRINT), sets, at.row)))
    }

    /// A term.
    pub(super) fn term(&mut self, term: &Term) -> Resolved<T> {
        let at = term.at;
        Ok(match &term.kind {
            TermKind::Scalar(value) => T::Const(value.clone()),
            TermKind::Var(name) => self.var(name),
            TermKind::Ref(head, path) => {
                let head = self.term(head)?;
                let path = self.terms(path)?;
                match head {
                    T::Ref(root, mut before) => {
                        before.extend(path);
                        T::Ref(root, before)
                    }
                    other => T::Ref(Root::Term(Box::new(other)), path),
                }
            }
            TermKind::Array(items) => T::Array(self.terms(items)?),
            TermKind::Set(items) => T::Set(self.terms(items)?),
            TermKind::Object(pairs) => {
                let pairs = pairs.iter().map(|(k, v)| Ok((self.term(k)?, self.term(v)?)));
                T::Object(pairs.collect::<Resolved<_>>()?)
            }
            TermKind::Op(name, args) => self.operations(name, args, at)?,
            TermKind::Call(name, args) => {
                if let Some(constant) = self.metadata_call(name, args) {
                    return Ok(T::Const(constant));
                }
                let callee = self.callee(name, at)?;
                let args = self.terms(args)?;
                self.call(callee, args, at)?
            }
            TermKind::ArrayOf(head, body) => self.closure(Make::Array, &[head], body, at)?,
            TermKind::SetOf(head, body) => self.closure(Make::Set, &[head], body, at)?,
            TermKind::ObjectOf(pair, body) => {
                self.closure(Make::Object, &[&pair.0, &pair.1], body, at)?
            }
            TermKind::Template(parts) => {
                let pieces = parts.iter().map(|part| self.piece(part));
                T::Template(pieces.collect::<Resolved<_>>()?)
            }
        })
    }

    /// An operator, and those that stand in its first operand: one after the other, as they are as many as are written in a row.
    fn operations(&mut self, name: &'static str, args: &[Term], at: Place) -> Resolved<T> {
        let (mut operation, mut outer) = ((name, args, at), Vec::new());
        while let Some(Term { at, kind: TermKind::Op(name, args), .. }) = operation.1.first() {
            outer.push(std::mem::replace(&mut operation, (*name, args.as_slice(), *at)));
        }
        let mut first = None;
        loop {
            let (name, args, at) = operation;
            let mut all = Vec::with_capacity(args.len());
            all.extend(first.take());
            all.append(&mut self.terms(args.get(all.len()..).unwrap_or_default())?);
            let builtin = builtin::find(name).ok_or_else(|| undefined(at, name))?;
            let call = self.call(Callee::Builtin(builtin), all, at)?;
            match outer.pop() {
                Some(next) => (first, operation) = (Some(call), next),
                None => return Ok(call),
            }
        }
    }

    fn terms(&mut self, terms: &[Term]) -> Resolved<Vec<T>> {
        terms.iter().map(|term| self.term(term)).collect()
    }

    fn closure(&mut self, make: Make, head: &[&Term], body: &[Literal], at: Place) -> Resolved<T> {
        let first = self.next();
        self.scopes.push(BTreeMap::new());
        let body = self.body(body, head, &BTreeSet::new())?;
        let head = head.iter().map(|term| self.term(term)).collect::<Resolved<_>>()?;
        self.scopes.pop();
        Ok(T::Closure(Box::new(Closure { make, head, body, first, at })))
    }

    /// Annotations are known when a rule is compiled.
    fn metadata_call(&self, name: &Term, args: &[Term]) -> Option<Value> {
        let (chain, rule) = self.metadata.as_ref().filter(|_| args.is_empty())?;
        let parts = names(name)?;
        if parts.first().is_some_and(|first| self.is_global(first)) {
            return None;
        }
        match parts.join(".").as_str() {
            "rego.metadata.chain" => Some(chain.clone()),
            "rego.metadata.rule" => Some(rule.clone()),
            _ => None,
        }
    }

    /// An expression of a template is the set of its values.
    fn piece(&mut self, part: &Part) -> Resolved<Piece> {
        let literal = match part {
            Part::Text(text) => return Ok(Piece::Text(Arc::clone(text))),
            Part::Expr(literal) => literal,
        };
        let LiteralKind::Term(term) = &literal.kind else {
            let message = "expected a term in a template string";
            return Err(Refusal::new(Refused::Parse, literal.at, message));
        };
        let at = literal.at;
        let name: Arc<str> = Arc::from(format!("%value{}", self.next()));
        let value = Term::new(at, TermKind::Var(name));
        let kind = LiteralKind::Unify(value.clone(), term.clone());
        let body = [Literal { at, negated: literal.negated, kind, with: literal.with.clone() }];
        Ok(Piece::Expr(self.closure(Make::Set, &[&value], &body, at)?))
    }

    fn var(&mut self, name: &Arc<str>) -> T {
        if name.as_ref() == "_" {
            return T::Var(self.fresh(name));
        }
        if let Some(slot) = self.local(name) {
            return T::Var(slot);
        }
        match (name.as_ref(), self.globals.get(name)) {
            ("data", _) => T::Ref(Root::Data, Vec::new()),
            ("input", _) => T::Ref(Root::Input, Vec::new()),
            (_, Some(Global::Data(path))) => {
                T::Ref(Root::Data, path.iter().cloned().map(T::Const).collect())
            }
            (_, Some(Global::Input(path))) => {
                T::Ref(Root::Input, path.iter().cloned().map(T::Const).collect())
            }
            _ => T::Var(self.declare(name)),
        }
    }

    fn declare(&mut self, name: &Arc<str>) -> Slot {
        let slot = self.fresh(name);
        if let Some(scope) = self.scopes.last_mut()
            && name.as_ref() != "_"
        {
            scope.insert(Arc::clone(name), slot);
        }
        slot
    }

    fn local(&self, name: &str) -> Option<Slot> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name).copied())
    }

    fn is_global(&self, name: &str) -> bool {
        matches!(name, "data" | "input") || self.globals.get(name).is_some()
    }

    pub(super) fn call(&self, callee: Callee, args: Vec<T>, at: Place) -> Resolved<T> {
        let (least, most) = self.arity(callee);
        if (least..=most).contains(&args.len()) {
            if let Callee::Builtin(builtin) = callee {
                check_args(builtin.name, &args, at)?;
            }
            return Ok(T::Call(callee, args, at.row));
        }
        let name = self.callee_name(callee);
        let (wanted, given) = (most, args.len());
        let message = format!("{name}: arity mismatch: have {given} arguments, want {wanted}");
        Err(Refusal::new(Refused::Type, at, message))
    }

    fn arity(&self, callee: Callee) -> (usize, usize) {
        match callee {
            Callee::Builtin(Builtin { arity: (least, most), .. }) => {
                (usize::from(*least), usize::from(*most))
            }
            Callee::Function(node) => {
                let arity = self.tree.node(node).map_or(0, |node| node.arity);
                (arity, arity)
            }
        }
    }

    fn callee_name(&self, callee: Callee) -> String {
        match callee {
            Callee::Builtin(builtin) => builtin.name.to_owned(),
            Callee::Function(node) => {
                self.tree.node(node).map_or_else(String::new, |node| dotted(&node.path))
            }
        }
    }

    fn callee(&self, name: &Term, at: Place) -> Resolved<Callee> {
        let parts = names(name).ok_or_else(|| undefined(at, "?"))?;
        let text = parts.join(".");
        if let Some(node) = self.function(&parts) {
            return Ok(Callee::Function(node));
        }
        let shadowed = parts.first().is_some_and(|first| self.is_global(first));
        let builtin = builtin::find(&text).filter(|_| !shadowed);
        let refused = REFUSED.contains(&text.as_str());
        match builtin {
            Some(_) if self.globals.v1 && DEPRECATED.contains(&text.as_str()) => {
                let message = format!("deprecated built-in function calls in expression: {text}");
                Err(Refusal::new(Refused::Type, at, message))
            }
            Some(builtin) if !refused || self.mocked.contains(&text) => {
                Ok(Callee::Builtin(builtin))
            }
            _ if refused => {
                let message = format!("built-in function `{text}` reaches outside of the engine");
                Err(Refusal::new(Refused::Unsupported, at, message))
            }
            _ => Err(undefined(at, &text)),
        }
    }

    /// The function of this policy that a dotted name means.
    fn function(&self, parts: &[Arc<str>]) -> Option<NodeId> {
        let (first, rest) = parts.split_first()?;
        let mut path = match (first.as_ref(), self.globals.get(first)) {
            ("data", _) => Vec::new(),
            (_, Some(Global::Data(path))) => path.clone(),
            _ => return None,
        };
        path.extend(rest.iter().map(|name| Value::String(Arc::clone(name))));
        let node = self.tree.find(&path)?;
        (self.tree.node(node)?.kind == Kind::Function).then_some(node)
    }

    fn target(&mut self, target: &Term) -> Resolved<Target> {
        if let Some(callee) = self.as_function(target) {
            return Ok(match callee {
                Callee::Builtin(builtin) => {
                    check_replaced(builtin, target.at)?;
                    Target::Builtin(builtin.name)
                }
                Callee::Function(node) => Target::Function(node),
            });
        }
        let refuse = |message: &str| Err(Refusal::new(Refused::Type, target.at, message));
        let T::Ref(root, path) = self.term(target)? else {
            return refuse(
                "with keyword target must reference existing input, data, or a function",
            );
        };
        let mut keys = Vec::new();
        for key in path {
            let T::Const(value) = key else {
                return refuse("with keyword target must not have variables");
            };
            keys.push(value);
        }
        match root {
            Root::Input => Ok(Target::Input(keys)),
            Root::Data => {
                check_whole(self.tree, &keys, target.at)?;
                Ok(Target::Data(keys))
            }
            Root::Term(_) => {
                refuse("with keyword target must reference existing input, data, or a function")
            }
        }
    }

    /// A function can only be replaced by one with as many arguments.
    fn check_arity(&self, target: &Target, by: &Replacement, at: Place) -> Resolved<()> {
        let target = match target {
            Target::Builtin(name) => builtin::find(name).map(Callee::Builtin),
            Target::Function(node) => Some(Callee::Function(*node)),
            Target::Input(_) | Target::Data(_) => None,
        };
        if let (Some(target), Replacement::Function(by)) = (target, by)
            && self.arity(target) != self.arity(*by)
        {
            let message = format!("function `{}` has another arity", self.callee_name(*by));
            return Err(Refusal::new(Refused::Type, at, message));
        }
        Ok(())
    }

    fn replacement(&mut self, value: &Term) -> Resolved<Replacement> {
        Ok(match self.as_function(value) {
            Some(callee) => Replacement::Function(callee),
            None => Replacement::Value(self.term(value)?),
        })
    }

    /// The function that a term names without calling it.
    fn as_function(&self, term: &Term) -> Option<Callee> {
        let parts = names(term)?;
        if parts.first().is_some_and(|first| self.local(first).is_some()) {
            return None;
        }
        if let Some(node) = self.function(&parts) {
            return Some(Callee::Function(node));
        }
        if parts.first().is_some_and(|first| self.is_global(first)) {
            return None;
        }
        builtin::find(&parts.join(".")).map(Callee::Builtin)
    }
}

/// Built-in functions that reach outside of the engine. They can be called only where a `with` replaces them.
pub(super) const REFUSED: [&str; 3] = ["http.send", "net.lookup_ip_addr", "opa.runtime"];

/// `a = b`, taken apart where both sides are arrays of one length, so that each part can be put in its own order.
pub(super) fn unify(at: Place, a: T, b: T, goals: &mut Vec<Goal>) {
    match (a, b) {
        (T::Array(a), T::Array(b)) if a.len() == b.len() && !a.is_empty() => {
            for (a, b) in a.into_iter().zip(b) {
                unify(at, a, b, goals);
            }
        }
        (T::Object(a), T::Object(b)) if same_keys(&a, &b) => {
            for ((_, a), (_, b)) in a.into_iter().zip(b) {
                unify(at, a, b, goals);
            }
        }
        (a, b) => goals.push(Goal { at, kind: GoalKind::Unify(a, b) }),
    }
}

fn same_keys(a: &[(T, T)], b: &[(T, T)]) -> bool {
    let mut keys: Vec<&Value> = Vec::new();
    !a.is_empty()
        && a.len() == b.len()
        && a.iter().zip(b).all(|((a, _), (b, _))| match (a, b) {
            (T::Const(a), T::Const(b)) if a == b && !keys.contains(&a) => {
                keys.push(a);
                true
            }
            _ => false,
        })
}

/// The parts of a dotted name.
pub(super) fn names(term: &Term) -> Option<Vec<Arc<str>>> {
    match &term.kind {
        TermKind::Var(name) => Some(vec![Arc::clone(name)]),
        TermKind::Ref(head, path) => {
            let TermKind::Var(name) = &head.kind else { return None };
            let mut parts = vec![Arc::clone(name)];
            for key in path {
                let TermKind::Scalar(Value::String(key)) = &key.kind else { return None };
                parts.push(Arc::clone(key));
            }
            Some(parts)
        }
        _ => None,
    }
}

fn check_pattern(pattern: &Term) -> Resolved<()> {
    match &pattern.kind {
        TermKind::Var(_) | TermKind::Scalar(_) => Ok(()),
        TermKind::Array(items) => items.iter().try_for_each(check_pattern),
        TermKind::Object(pairs) => pairs.iter().try_for_each(|(_, value)| check_pattern(value)),
        _ => Err(Refusal::new(Refused::Compile, pattern.at, "cannot assign to this term")),
    }
}

fn undefined(at: Place, name: &str) -> Refusal {
    Refusal::new(Refused::Type, at, format!("undefined function `{name}`"))
}
