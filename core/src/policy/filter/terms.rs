//! Expressions and references that depend on the row.

use super::super::builtin::Builtin;
use super::super::code::{DataRef, Expr, Site};
use super::super::data::stored;
use super::super::tree::{Kind, ROOT};
use super::super::value::Value;
use super::{
    Condition, Found, Frame, Holds, LITERALS, Run, Runner, Term, Ways, halves, known, one, touch,
};
use crate::policy::filter::{Atom, Operand, Part, Place};

/// The most keys of an object that a column may choose among.
const KEYS: usize = 1_024;

/// How a key leads further.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup {
    Plain,
    /// In a document, where a number finds its text as well.
    Stored,
}

impl<'p> Runner<'_, 'p, '_> {
    /// The values of an expression.
    pub(super) fn term(&mut self, expr: &'p Expr, frame: &mut Frame) -> Run<Ways> {
        match expr {
            Expr::Const(value) => return Ok(one(Some(value.clone()))),
            Expr::Slot(slot) => {
                let term = super::get(frame, *slot).cloned();
                return Ok(term.map(|term| (Condition::True, term)).into_iter().collect());
            }
            _ => {}
        }
        let facts = self.facts_of_expr(expr);
        if self.is_known(&facts, frame) {
            self.lend(&facts, frame);
            return Ok(one(self.machine.expr(expr)?));
        }
        self.machine.step()?;
        self.deeper(|run| run.dependent(expr, frame))
    }

    fn dependent(&mut self, expr: &'p Expr, frame: &mut Frame) -> Run<Ways> {
        match expr {
            Expr::Const(_) | Expr::Slot(_) => Ok(Ways::new()),
            Expr::Input(path) => {
                let mut ways = vec![(Condition::True, Term::Input(0))];
                for key in path {
                    ways = self.stepped(ways, &Term::Known(key.clone()), Lookup::Plain)?;
                }
                Ok(ways)
            }
            Expr::Data(reference) => self.data(reference, frame),
            Expr::Index(base, path) => {
                let ways = self.term(base, frame)?;
                self.followed(ways, path, Lookup::Plain, frame)
            }
            Expr::Array(items) => self.collected(items, frame, false),
            Expr::Set(items) => self.collected(items, frame, true),
            Expr::Object(_) => self.refuse("an object of what depends on the row"),
            Expr::Builtin(builtin, args, at) => {
                let mut found = Found::default();
                for (condition, args) in self.product(args, frame)? {
                    for (also, term) in self.built_in(builtin, &args, *at)? {
                        found.add(Condition::and([condition.clone(), also]), term);
                    }
                }
                self.finished(found, &Condition::True)
            }
            Expr::Function(node, args) => {
                let mut found = Found::default();
                for (condition, args) in self.product(args, frame)? {
                    for (also, term) in self.decide(*node, &args)? {
                        found.add(Condition::and([condition.clone(), also]), term);
                    }
                }
                self.finished(found, &Condition::True)
            }
            Expr::Compare(comparison, pair) => {
                self.pair(pair, frame, &mut |run, a, b| run.compared(*comparison, a, b))
            }
            Expr::Member(pair) => self.pair(pair, frame, &mut |run, a, b| run.member(a, b)),
            Expr::Closure(_) => self.refuse("a comprehension over what depends on the row"),
            Expr::Template(_) => self.refuse("a text made of what depends on the row"),
        }
    }

    /// Whether something is true of two values.
    fn pair(
        &mut self,
        pair: &'p (Expr, Expr),
        frame: &mut Frame,
        holds: &mut dyn FnMut(&mut Self, &Term, &Term) -> Run<Condition>,
    ) -> Run<Ways> {
        let (a, b) = (self.term(&pair.0, frame)?, self.term(&pair.1, frame)?);
        self.machine.charge(a.len().saturating_mul(b.len()))?;
        let (mut all, mut none) = (Vec::new(), Vec::new());
        let mut defined: Vec<Condition> = Vec::new();
        for (one, a) in &a {
            for (other, b) in &b {
                let both = Condition::and([one.clone(), other.clone()]);
                if both != Condition::False {
                    let holds = holds(self, a, b)?;
                    none.push(Condition::and([both.clone(), holds.not()]));
                    all.push(Condition::and([both.clone(), holds]));
                    defined.push(both);
                }
            }
        }
        let holds = self.bounded(Condition::or(all))?;
        if let [Condition::True] = defined.as_slice() {
            return Ok(vec![(Condition::True, truth(holds))]);
        }
        let mut found = Found::default();
        found.add(holds, Term::Known(Value::Bool(true)));
        found.add(self.bounded(Condition::or(none))?, Term::Known(Value::Bool(false)));
        self.finished(found, &Condition::True)
    }

    /// Every combination of the values of some expressions.
    fn product(
        &mut self,
        exprs: &'p [Expr],
        frame: &mut Frame,
    ) -> Run<Vec<(Condition, Vec<Term>)>> {
        let mut all = vec![(Condition::True, Vec::new())];
        for expr in exprs {
            let ways = self.term(expr, frame)?;
            if all.len().saturating_mul(ways.len()) > LITERALS {
                return self.refuse("too many combinations of values");
            }
            let mut next = Vec::new();
            for (condition, terms) in &all {
                for (also, term) in &ways {
                    let both = Condition::and([condition.clone(), also.clone()]);
                    if both != Condition::False {
                        let mut terms = terms.clone();
                        terms.push(term.clone());
                        next.push((self.bounded(both)?, terms));
                    }
                }
            }
            all = next;
        }
        Ok(all)
    }

    fn collected(&mut self, items: &'p [Expr], frame: &mut Frame, set: bool) -> Run<Ways> {
        let product = self.product(items, frame)?;
        Ok(product
            .into_iter()
            .map(|(condition, terms)| {
                let term = match known(&terms) {
                    Some(values) if set => Term::Known(Value::set(values)),
                    Some(values) => Term::Known(Value::array(values)),
                    None => Term::Items(set, terms.into()),
                };
                (condition, term)
            })
            .collect())
    }

    fn data(&mut self, reference: &'p DataRef, frame: &mut Frame) -> Run<Ways> {
        let reached = self.scan().reached(reference);
        if reached.into_iter().any(|node| self.is_touched(node)) {
            let ways = self.complete(reference.node)?;
            let rest = reference.path.get(reference.consumed..).unwrap_or_default();
            return self.followed(ways, rest, Lookup::Plain, frame);
        }
        // Down to the first key that depends on the row.
        let mut keys = Vec::new();
        for key in &reference.path {
            let facts = self.facts_of_expr(key);
            if !self.is_known(&facts, frame) {
                break;
            }
            self.lend(&facts, frame);
            let Some(key) = self.machine.expr(key)? else { return Ok(Ways::new()) };
            keys.push(key);
        }
        let mut node = ROOT;
        let mut lookup = None;
        for key in &keys {
            let Some(here) = self.node(node) else { break };
            if here.kind != Kind::Package {
                break;
            }
            match touch::child(here, key) {
                Some(below) => node = below,
                None => {
                    lookup = Some(Lookup::Stored);
                    break;
                }
            }
        }
        if lookup.is_none() {
            if self.node(node).is_none_or(|node| node.kind == Kind::Package) {
                return self.refuse("a package's rules by a key that depends on the row");
            }
            lookup = Some(Lookup::Plain);
        }
        let ways = one(self.machine.data_at(&keys)?);
        let rest = reference.path.get(keys.len()..).unwrap_or_default();
        self.followed(ways, rest, lookup.unwrap_or(Lookup::Plain), frame)
    }

    fn followed(
        &mut self,
        mut ways: Ways,
        path: &'p [Expr],
        lookup: Lookup,
        frame: &mut Frame,
    ) -> Run<Ways> {
        for key in path {
            let mut found = Found::default();
            for (condition, key) in self.term(key, frame)? {
                for (also, term) in self.stepped(ways.clone(), &key, lookup)? {
                    found.add(Condition::and([condition.clone(), also]), term);
                }
            }
            ways = self.finished(found, &Condition::True)?;
        }
        Ok(ways)
    }

    /// What is behind a key.
    pub(super) fn stepped(&mut self, ways: Ways, key: &Term, lookup: Lookup) -> Run<Ways> {
        let mut found = Found::default();
        for (condition, term) in ways {
            for (half, key) in halves(key.clone()) {
                for (also, term) in self.step(&term, &key, lookup)? {
                    found.add(Condition::and([condition.clone(), half.clone(), also]), term);
                }
            }
        }
        self.finished(found, &Condition::True)
    }

    fn step(&mut self, term: &Term, key: &Term, lookup: Lookup) -> Run<Ways> {
        match (term, key) {
            (Term::Known(value), Term::Known(key)) => {
                self.machine.seek(key)?;
                Ok(one(match lookup {
                    Lookup::Plain => value.get(key),
                    Lookup::Stored => stored(value, key),
                }
                .cloned()))
            }
            (Term::Known(value), Term::Column(place)) => self.chosen(value, *place, lookup),
            (Term::Input(depth), Term::Known(key)) => Ok(self.input_at(*depth, key)),
            (Term::Row, Term::Known(key)) => {
                let place = key.as_str().and_then(|name| self.table.place(name));
                Ok(place.map(|place| (Condition::True, Term::Column(place))).into_iter().collect())
            }
            (Term::Column(place), Term::Known(Value::Number(_)))
                if self.kind(*place) == Some(Holds::Texts) =>
            {
                self.refuse("an item of a column by its position")
            }
            (Term::Column(place), Term::Known(_)) if self.kind(*place).is_some() => Ok(Ways::new()),
            (Term::Truth(_), _) => Ok(Ways::new()),
            _ => self.refuse("a reference by what depends on the row"),
        }
    }

    fn input_at(&self, depth: usize, key: &Value) -> Ways {
        if self.table.row.get(depth) == Some(key) {
            let term =
                if depth + 1 == self.table.row.len() { Term::Row } else { Term::Input(depth + 1) };
            return vec![(Condition::True, term)];
        }
        let path = self.table.row.get(..depth).unwrap_or_default();
        let here = path.iter().try_fold(&self.input, |value, key| value.get(key));
        one(here.and_then(|here| here.get(key)).cloned())
    }

    /// What a column's value chooses: the document's keys one by one.
    fn chosen(&mut self, value: &Value, place: Place, lookup: Lookup) -> Run<Ways> {
        let kind = self.kind(place);
        let mut found = Found::default();
        match value {
            Value::Object(pairs) => {
                if lookup == Lookup::Stored && kind == Some(Holds::Number) {
                    return self.refuse("a column of numbers as a key of documents");
                }
                if pairs.len() > KEYS {
                    return self.refuse(&format!("a column as a key of more than {KEYS}"));
                }
                for (key, value) in pairs.iter() {
                    self.machine.step()?;
                    let equal = self.equal(&Term::Column(place), &Term::Known(key.clone()))?;
                    found.add(equal, Term::Known(value.clone()));
                }
            }
            Value::Set(_) if lookup == Lookup::Plain => {
                let member = self.member(&Term::Column(place), &Term::Known(value.clone()))?;
                found.add(member, Term::Column(place));
            }
            Value::Array(_) | Value::Set(_) => return self.refuse("a column as a position"),
            _ => {}
        }
        self.finished(found, &Condition::True)
    }

    pub(super) fn kind(&self, place: Place) -> Option<Holds> {
        self.table.column(place).map(|column| column.kind)
    }

    fn built_in(&mut self, builtin: &'static Builtin, args: &[Term], at: Site) -> Run<Ways> {
        if let Some(values) = known(args) {
            let told = self.machine.run(builtin, &values, at);
            return Ok(one(told.map_err(|error| self.machine.located(error, at))?));
        }
        if let Some(both) = args.iter().position(|arg| matches!(arg, Term::Truth(_))) {
            let mut found = Found::default();
            for (condition, half) in halves(args.get(both).cloned().unwrap_or(Term::Row)) {
                let mut args = args.to_vec();
                if let Some(arg) = args.get_mut(both) {
                    *arg = half;
                }
                for (also, term) in self.built_in(builtin, &args, at)? {
                    found.add(Condition::and([condition.clone(), also]), term);
                }
            }
            return self.finished(found, &Condition::True);
        }
        match (builtin.name, args) {
            ("startswith", [text, part]) => self.texts(Part::Start, text, part),
            ("endswith", [text, part]) => self.texts(Part::End, text, part),
            ("contains", [text, part]) => self.texts(Part::Within, text, part),
            ("is_null", [term]) => self.is_kind("null", term),
            ("is_boolean", [term]) => self.is_kind("boolean", term),
            ("is_number", [term]) => self.is_kind("number", term),
            ("is_string", [term]) => self.is_kind("string", term),
            ("is_array", [term]) => self.is_kind("array", term),
            ("is_object", [term]) => self.is_kind("object", term),
            ("is_set", [term]) => self.is_kind("set", term),
            (name, _) => {
                self.at = at;
                self.refuse(&format!("`{name}` of what depends on the row"))
            }
        }
    }

    fn texts(&mut self, part: Part, text: &Term, within: &Term) -> Run<Ways> {
        let (mut operands, mut defined) = (Vec::new(), Vec::new());
        for term in [text, within] {
            match term {
                Term::Known(Value::String(_)) | Term::Column(_) => {}
                Term::Position => return self.refuse("a position"),
                // Of another type: undefined.
                _ => return Ok(Ways::new()),
            }
            match term {
                Term::Column(place) if self.kind(*place) == Some(Holds::Text) => {
                    defined.push(self.not_null(*place));
                    operands.push(Operand::Column(*place));
                }
                Term::Known(value) => operands.push(Operand::Value(value.clone())),
                _ => return Ok(Ways::new()),
            }
        }
        let zero =
            |term: &Term| matches!(term, Term::Known(Value::String(text)) if text.contains('\0'));
        if zero(text) {
            return self.refuse("a text with a zero byte, which PostgreSQL does not have");
        }
        let holds = match <[Operand; 2]>::try_from(operands) {
            // No column has a zero byte.
            _ if zero(within) => Condition::False,
            Ok([text, within]) => Condition::of(Atom::Texts(part, text, within)),
            Err(_) => Condition::False,
        };
        Ok(vec![(Condition::and(defined), truth(holds))])
    }

    fn is_kind(&mut self, kind: &str, term: &Term) -> Run<Ways> {
        let holds = match term {
            Term::Column(place) if kind == "null" => self.not_null(*place).not(),
            Term::Column(place) => {
                let own = match self.kind(*place) {
                    Some(Holds::Boolean) => "boolean",
                    Some(Holds::Number) => "number",
                    Some(Holds::Text) => "string",
                    Some(Holds::Texts) => "array",
                    None => "",
                };
                if own == kind { self.not_null(*place) } else { Condition::False }
            }
            Term::Row | Term::Input(_) => Condition::known(kind == "object"),
            Term::Items(set, _) => Condition::known(kind == if *set { "set" } else { "array" }),
            Term::Known(_) | Term::Truth(_) | Term::Position => return self.refuse("a position"),
        };
        Ok(vec![(Condition::True, truth(holds))])
    }
}

fn truth(condition: Condition) -> Term {
    match condition {
        Condition::True => Term::Known(Value::Bool(true)),
        Condition::False => Term::Known(Value::Bool(false)),
        other => Term::Truth(other),
    }
}
