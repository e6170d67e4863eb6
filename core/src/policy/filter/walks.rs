//! References with open keys, through what is known and what depends on the row.

use std::sync::Arc;

use super::super::code::{Base, Comparison, Expr, Instr, Pattern, Segment, WalkCode};
use super::super::goal::Slot;
use super::super::tree::{Kind, ROOT};
use super::super::value::Value;
use super::terms::Lookup;
use super::{Condition, Each, Frame, Holds, Run, Runner, Term, Ways, set, touch};
use crate::policy::filter::Place;

/// A walk, and the instruction behind it.
#[derive(Clone, Copy)]
struct Walk<'p> {
    code: &'p WalkCode,
    next: Option<&'p Instr>,
}

impl<'a, 'p, 'c> Runner<'a, 'p, 'c> {
    /// All keys and items of what has some; none where the machine has none. Nothing can be said of all items of a column.
    pub(super) fn items(&mut self, term: &Term) -> Run<Option<Vec<(Term, Term)>>> {
        let known = |value: &Value| Term::Known(value.clone());
        if let Term::Known(value) = term {
            self.machine.copied(value.len().saturating_mul(2))?;
        }
        Ok(Some(match term {
            Term::Known(Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| (Term::Known(Value::from(at)), known(item))).collect()
            }
            Term::Known(Value::Set(items)) => {
                items.iter().map(|item| (known(item), known(item))).collect()
            }
            Term::Known(Value::Object(pairs)) => {
                pairs.iter().map(|(key, item)| (known(key), known(item))).collect()
            }
            Term::Items(false, items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| (Term::Known(Value::from(at)), item.clone())).collect()
            }
            Term::Items(true, items) => {
                items.iter().map(|item| (item.clone(), item.clone())).collect()
            }
            Term::Row => {
                let columns = self.table.columns().iter().enumerate();
                let name = |name: &Arc<str>| Term::Known(Value::String(Arc::clone(name)));
                columns.map(|(at, column)| (name(&column.name), Term::Column(at))).collect()
            }
            Term::Column(place) if self.kind(*place) != Some(Holds::Texts) => return Ok(None),
            Term::Known(_) | Term::Truth(_) => return Ok(None),
            Term::Column(_) => {
                return self.refuse(
                    "the items of a column one by one: ask whether known values are `in` it",
                );
            }
            Term::Input(_) | Term::Position => {
                return self.refuse("the keys of the object that the row stands in");
            }
        }))
    }

    /// Every way in which a reference with open keys leads somewhere. `next` is what stands behind it.
    pub(super) fn walk(
        &mut self,
        code: &'p WalkCode,
        next: Option<&'p Instr>,
        frame: &mut Frame,
        each: Each<'_, 'a, 'p, 'c>,
    ) -> Run<()> {
        let code = Walk { code, next };
        match &code.code.base {
            Base::Expr(base) => {
                for (condition, term) in self.term(base, frame)? {
                    self.segments(&term, &code.code.path, code, &condition, frame, each)?;
                }
                Ok(())
            }
            Base::Data => {
                let (mut node, mut keys, mut left) = (ROOT, Vec::new(), false);
                for segment in &code.code.path {
                    let Some(here) = self.node(node) else { break };
                    if left || here.kind != Kind::Package {
                        break;
                    }
                    let Segment::Key(key) = segment else { break };
                    let facts = self.facts_of_expr(key);
                    if !self.is_known(&facts, frame) {
                        break;
                    }
                    self.lend(&facts, frame);
                    let Some(key) = self.machine.expr(key)? else { return Ok(()) };
                    match touch::child(here, &key) {
                        Some(below) => node = below,
                        None => left = true,
                    }
                    keys.push(key);
                }
                let rest = code.code.path.get(keys.len()..).unwrap_or_default();
                if !left && self.scan().below(node).into_iter().any(|node| self.is_touched(node)) {
                    for (condition, term) in self.complete(node)? {
                        self.segments(&term, rest, code, &condition, frame, each)?;
                    }
                    return Ok(());
                }
                if !left && self.node(node).is_none_or(|node| node.kind == Kind::Package) {
                    return self.refuse("a package's rules by keys that depend on the row");
                }
                match self.machine.data_at(&keys)? {
                    Some(value) => {
                        let base = Term::Known(value);
                        self.segments(&base, rest, code, &Condition::True, frame, each)
                    }
                    None => Ok(()),
                }
            }
        }
    }

    fn segments(
        &mut self,
        term: &Term,
        path: &'p [Segment],
        walk: Walk<'p>,
        condition: &Condition,
        frame: &mut Frame,
        each: Each<'_, 'a, 'p, 'c>,
    ) -> Run<()> {
        self.machine.step()?;
        if *condition == Condition::False {
            return Ok(());
        }
        let code = walk.code;
        let Some((first, rest)) = path.split_first() else {
            let mut all = vec![condition.clone(), self.matched(&code.into, term, frame)?];
            if code.truthy {
                all.push(self.truthy(&[(Condition::True, term.clone())]));
            }
            return match Condition::and(all) {
                Condition::False => Ok(()),
                all => each(self, frame, all),
            };
        };
        let pattern = match first {
            Segment::Key(key) => {
                for (also, key) in self.term(key, frame)? {
                    for (found, term) in
                        self.stepped(vec![(also, term.clone())], &key, Lookup::Plain)?
                    {
                        let all = Condition::and([condition.clone(), found]);
                        self.deeper(|run| run.segments(&term, rest, walk, &all, frame, each))?;
                    }
                }
                return Ok(());
            }
            Segment::Each(pattern) => pattern,
        };
        if let Term::Column(place) = term
            && self.kind(*place) == Some(Holds::Texts)
        {
            return self.within_column(*place, pattern, (rest, walk), condition, frame, each);
        }
        for (key, item) in self.items(term)?.into_iter().flatten() {
            let matched = self.matched(pattern, &key, frame)?;
            let all = Condition::and([condition.clone(), matched]);
            if all != Condition::False {
                self.deeper(|run| run.segments(&item, rest, walk, &all, frame, each))?;
            }
        }
        Ok(())
    }

    /// Whether an array column has an item: all that can be asked of its items.
    fn within_column(
        &mut self,
        place: Place,
        key: &'p Pattern,
        (rest, walk): (&'p [Segment], Walk<'p>),
        condition: &Condition,
        frame: &mut Frame,
        each: Each<'_, 'a, 'p, 'c>,
    ) -> Run<()> {
        let one_by_one = "the items of a column one by one: ask whether known values are `in` it";
        match key {
            Pattern::Any => {}
            Pattern::Bind(slot) => set(frame, *slot, Term::Position),
            _ => return self.refuse(one_by_one),
        }
        // An item that must equal something is that.
        let (slot, wanted) = match (&walk.code.into, rest, walk.code.truthy) {
            (Pattern::Equal(wanted), [], false) => (None, self.term(wanted, frame)?),
            (Pattern::Bind(slot), [], false) => match self.wanted(*slot, walk.next, frame)? {
                Some(wanted) => (Some(*slot), wanted),
                None => return self.refuse(one_by_one),
            },
            _ => return self.refuse(one_by_one),
        };
        for (also, wanted) in wanted {
            let has = self.member(&wanted, &Term::Column(place))?;
            let all = Condition::and([condition.clone(), also, has]);
            if all != Condition::False {
                if let Some(slot) = slot {
                    set(frame, slot, wanted);
                }
                each(self, frame, all)?;
            }
        }
        Ok(())
    }

    /// What a variable can be, if what stands behind it says so: it equals something, or is in a collection.
    fn wanted(
        &mut self,
        slot: Slot,
        next: Option<&'p Instr>,
        frame: &mut Frame,
    ) -> Run<Option<Ways>> {
        let is = |expr: &Expr| matches!(expr, Expr::Slot(other) if *other == slot);
        let (among, expr) = match next {
            Some(Instr::Test(Expr::Compare(Comparison::Equal, pair))) if is(&pair.0) => {
                (false, &pair.1)
            }
            Some(Instr::Test(Expr::Compare(Comparison::Equal, pair))) if is(&pair.1) => {
                (false, &pair.0)
            }
            Some(Instr::Test(Expr::Member(pair))) if is(&pair.0) => (true, &pair.1),
            _ => return Ok(None),
        };
        if self.facts_of_expr(expr).needs.contains(&slot) {
            return Ok(None);
        }
        let ways = self.term(expr, frame)?;
        if !among {
            return Ok(Some(ways));
        }
        let mut items = Ways::new();
        for (condition, all) in ways {
            // In what has no items there is none.
            for (_, item) in self.items(&all)?.into_iter().flatten() {
                items.push((condition.clone(), item));
            }
        }
        Ok(Some(items))
    }
}
