//! What is compared with a column, in Rego's order: null before booleans, numbers, texts, arrays.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::super::code::{Comparison, Pattern};
use super::super::value::Value;
use super::{Condition, Frame, Holds, Run, Runner, Term, halves, set};
use crate::policy::filter::{Atom, Operand, Order, Place, VALUES};

impl<'p> Runner<'_, 'p, '_> {
    /// For which rows two values compare so.
    pub(super) fn compared(&mut self, how: Comparison, a: &Term, b: &Term) -> Run<Condition> {
        match how {
            Comparison::Equal => self.ordered(Order::Equal, a, b),
            Comparison::NotEqual => Ok(self.ordered(Order::Equal, a, b)?.not()),
            Comparison::Less => self.ordered(Order::Less, a, b),
            Comparison::LessOrEqual => self.ordered(Order::LessOrEqual, a, b),
            Comparison::Greater => self.ordered(Order::Less, b, a),
            Comparison::GreaterOrEqual => self.ordered(Order::LessOrEqual, b, a),
        }
    }

    pub(super) fn equal(&mut self, a: &Term, b: &Term) -> Run<Condition> {
        self.ordered(Order::Equal, a, b)
    }

    fn ordered(&mut self, order: Order, a: &Term, b: &Term) -> Run<Condition> {
        match (a, b) {
            (Term::Known(a), Term::Known(b)) => {
                let mut fuel = self.machine.fuel();
                let found = fuel.compare(a, b);
                Ok(Condition::known(order.holds(self.machine.burnt(fuel, found)?)))
            }
            (Term::Truth(_), _) | (_, Term::Truth(_)) => {
                let mut any = Vec::new();
                for (one, a) in halves(a.clone()) {
                    for (other, b) in halves(b.clone()) {
                        let holds = self.ordered(order, &a, &b)?;
                        any.push(Condition::and([one.clone(), other, holds]));
                    }
                }
                self.bounded(Condition::or(any))
            }
            (Term::Column(place), Term::Known(value)) => {
                self.with_value(order, *place, value, false)
            }
            (Term::Known(value), Term::Column(place)) => {
                self.with_value(order, *place, value, true)
            }
            (Term::Column(a), Term::Column(b)) => self.with_column(order, *a, *b),
            _ => self.refuse("the row or a collection of its columns compared as a whole"),
        }
    }

    /// A column and a value, or the value and the column.
    fn with_value(
        &mut self,
        order: Order,
        place: Place,
        value: &Value,
        turned: bool,
    ) -> Run<Condition> {
        let holds =
            |other: &Value| order.holds(if turned { value.cmp(other) } else { other.cmp(value) });
        let null = self.not_null(place).not();
        let null = Condition::and([null, Condition::known(holds(&Value::Null))]);
        let kind = self.kind(place);
        let text = value.as_str();
        let other = match (kind, value) {
            (Some(Holds::Texts), Value::Array(_)) => {
                return self.refuse("an array column compared as a whole");
            }
            (Some(Holds::Boolean), Value::Bool(_)) => {
                let all: BTreeSet<Value> =
                    [false, true].map(Value::Bool).into_iter().filter(holds).collect();
                if all.len() == 2 {
                    self.not_null(place)
                } else {
                    Condition::of(Atom::OneOf(place, all))
                }
            }
            (Some(Holds::Number), Value::Number(_)) | (Some(Holds::Text), Value::String(_)) => {
                let zero = text.is_some_and(|text| text.contains('\0'));
                match order {
                    // No column has a zero byte.
                    Order::Equal if zero => Condition::False,
                    _ if zero => {
                        return self
                            .refuse("a text with a zero byte, which PostgreSQL does not have");
                    }
                    Order::Equal => {
                        Condition::of(Atom::OneOf(place, BTreeSet::from([value.clone()])))
                    }
                    _ => {
                        let (a, b) = (Operand::Column(place), Operand::Value(value.clone()));
                        let (a, b) = if turned { (b, a) } else { (a, b) };
                        Condition::of(Atom::Ordered(a, order, b))
                    }
                }
            }
            // Of two kinds all values are in the same order.
            (Some(kind), _) if holds(&sample(kind)) => self.not_null(place),
            _ => Condition::False,
        };
        Ok(Condition::or([null, other]))
    }

    fn with_column(&mut self, order: Order, a: Place, b: Place) -> Run<Condition> {
        if a == b {
            return Ok(Condition::known(order.holds(Ordering::Equal)));
        }
        let (Some(one), Some(other)) = (self.kind(a), self.kind(b)) else {
            return Ok(Condition::False);
        };
        let (has_a, has_b) = (self.not_null(a), self.not_null(b));
        let both = if one != other {
            let holds = order.holds(sample(one).cmp(&sample(other)));
            Condition::and([Condition::known(holds), has_a.clone(), has_b.clone()])
        } else if one == Holds::Texts {
            return self.refuse("an array column compared as a whole");
        } else {
            Condition::of(Atom::Ordered(Operand::Column(a), order, Operand::Column(b)))
        };
        let is = |how: Ordering| Condition::known(order.holds(how));
        Ok(Condition::or([
            both,
            Condition::and([is(Ordering::Equal), has_a.not(), has_b.not()]),
            Condition::and([is(Ordering::Less), has_a.not(), has_b.clone()]),
            Condition::and([is(Ordering::Greater), has_a, has_b.not()]),
        ]))
    }

    /// For which rows a value is an item.
    pub(super) fn member(&mut self, item: &Term, all: &Term) -> Run<Condition> {
        match (item, all) {
            (Term::Truth(_), _) => {
                let mut any = Vec::new();
                for (condition, half) in halves(item.clone()) {
                    any.push(Condition::and([condition, self.member(&half, all)?]));
                }
                self.bounded(Condition::or(any))
            }
            (_, Term::Column(place)) if self.kind(*place) == Some(Holds::Texts) => {
                self.in_column(item, *place)
            }
            (_, Term::Column(_) | Term::Truth(_)) => Ok(Condition::False),
            (_, Term::Known(all)) => {
                let items: Vec<&Value> = match all {
                    Value::Array(items) => items.iter().collect(),
                    Value::Set(items) => items.iter().collect(),
                    Value::Object(pairs) => pairs.values().collect(),
                    _ => Vec::new(),
                };
                self.machine.copied(items.len())?;
                match item {
                    Term::Column(place) => self.among(*place, &items),
                    _ => {
                        let mut any = Vec::new();
                        for other in items {
                            any.push(self.equal(item, &Term::Known(other.clone()))?);
                        }
                        Ok(Condition::or(any))
                    }
                }
            }
            (_, Term::Items(_, items)) => {
                let mut any = Vec::new();
                for other in items.iter() {
                    any.push(self.equal(item, other)?);
                }
                self.bounded(Condition::or(any))
            }
            _ => self.refuse("an item of the row, or of the object that it stands in"),
        }
    }

    /// For which rows a column is one of some values.
    fn among(&mut self, place: Place, items: &[&Value]) -> Run<Condition> {
        if items.len() > VALUES {
            return self.refuse(&format!("a column among more than {VALUES} values"));
        }
        let mut any = Vec::new();
        for item in items {
            any.push(self.with_value(Order::Equal, place, item, false)?);
        }
        Ok(Condition::or(any))
    }

    fn in_column(&mut self, item: &Term, place: Place) -> Run<Condition> {
        Ok(match item {
            Term::Known(Value::String(text)) if text.contains('\0') => Condition::False,
            Term::Known(text @ Value::String(_)) => {
                Condition::of(Atom::Has(place, Operand::Value(text.clone())))
            }
            Term::Known(Value::Null) => Condition::of(Atom::HasNull(place)),
            Term::Known(_) | Term::Truth(_) => Condition::False,
            Term::Column(item) => {
                let has = match self.kind(*item) {
                    Some(Holds::Text) => Condition::of(Atom::Has(place, Operand::Column(*item))),
                    _ => Condition::False,
                };
                let null = self.not_null(*item).not();
                Condition::or([has, Condition::and([null, Condition::of(Atom::HasNull(place))])])
            }
            _ => return self.refuse("the row or a collection of its columns compared as a whole"),
        })
    }

    pub(super) fn not_null(&self, place: Place) -> Condition {
        match self.table.column(place) {
            Some(column) if column.nullable => Condition::of(Atom::IsNull(place)).not(),
            _ => Condition::True,
        }
    }

    /// For which rows a value is defined and not false.
    pub(super) fn truthy(&self, ways: &[(Condition, Term)]) -> Condition {
        Condition::or(ways.iter().map(|(condition, term)| {
            let holds = match term {
                Term::Known(Value::Bool(false)) => Condition::False,
                Term::Truth(holds) => holds.clone(),
                Term::Column(place) if self.kind(*place) == Some(Holds::Boolean) => {
                    Condition::of(Atom::OneOf(*place, BTreeSet::from([Value::Bool(false)]))).not()
                }
                _ => Condition::True,
            };
            Condition::and([condition.clone(), holds])
        }))
    }

    /// For which rows a value matches, binding what is not bound yet.
    pub(super) fn matched(
        &mut self,
        pattern: &'p Pattern,
        term: &Term,
        frame: &mut Frame,
    ) -> Run<Condition> {
        match pattern {
            Pattern::Any => Ok(Condition::True),
            Pattern::Bind(slot) => {
                set(frame, *slot, term.clone());
                Ok(Condition::True)
            }
            Pattern::Equal(expr) => {
                let mut any = Vec::new();
                for (condition, wanted) in self.term(expr, frame)? {
                    any.push(Condition::and([condition, self.equal(&wanted, term)?]));
                }
                self.bounded(Condition::or(any))
            }
            Pattern::Array(patterns) => {
                let items: Vec<Term> = match term {
                    Term::Known(Value::Array(items)) => {
                        items.iter().cloned().map(Term::Known).collect()
                    }
                    Term::Items(false, items) => items.to_vec(),
                    Term::Known(_) | Term::Truth(_) | Term::Row | Term::Input(_) => {
                        return Ok(Condition::False);
                    }
                    Term::Column(place) if self.kind(*place) != Some(Holds::Texts) => {
                        return Ok(Condition::False);
                    }
                    _ => return self.refuse("a pattern that a column must match"),
                };
                if items.len() != patterns.len() {
                    return Ok(Condition::False);
                }
                let mut all = Vec::new();
                for (pattern, item) in patterns.iter().zip(&items) {
                    all.push(self.deeper(|run| run.matched(pattern, item, frame))?);
                }
                self.bounded(Condition::and(all))
            }
            Pattern::Object(patterns) => {
                let pairs = match term {
                    Term::Known(Value::Object(pairs)) => pairs,
                    Term::Row | Term::Input(_) | Term::Position => {
                        return self.refuse("a pattern that the row must match");
                    }
                    _ => return Ok(Condition::False),
                };
                if pairs.len() != patterns.len() {
                    return Ok(Condition::False);
                }
                let mut all = Vec::new();
                for (key, pattern) in patterns {
                    let mut any = Vec::new();
                    for (condition, key) in self.term(key, frame)? {
                        let Term::Known(key) = key else {
                            return self.refuse("a pattern with a key that depends on the row");
                        };
                        if let Some(item) = pairs.get(&key) {
                            let item = Term::Known(item.clone());
                            let matched = self.deeper(|run| run.matched(pattern, &item, frame))?;
                            any.push(Condition::and([condition, matched]));
                        }
                    }
                    all.push(Condition::or(any));
                }
                self.bounded(Condition::and(all))
            }
        }
    }
}

impl Order {
    const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
        }
    }
}

/// Some value of a kind: all stand in the same order to values of another.
fn sample(kind: Holds) -> Value {
    match kind {
        Holds::Boolean => Value::Bool(false),
        Holds::Number => Value::int(0),
        Holds::Text => Value::string(""),
        Holds::Texts => Value::array([]),
    }
}
