//! Work on values, counted where it is done.
//!
//! A part that stands in several places of a value is one in memory, and as many in its text and in a comparison: sixty levels of pairs are 2⁶⁰ leaves.
//! So what looks at a whole value is charged by its size, and what compares by what it looked at.

use std::cmp::Ordering;
use std::sync::Arc;

use super::builtin::Exhausted;
use super::error::{EvalError, Failure};
use super::expr::ITEM;
use super::machine::{Eval, Machine};
use super::value::{Object, Set, Value, length};

/// How many parts of values are compared in one step.
const PARTS: u64 = 8;

/// How many bytes of a value's text are worth a step.
const BYTES: u64 = 16;

/// What may still be looked at.
pub(super) struct Fuel {
    given: u64,
    left: u64,
}

/// There was too much to look at.
#[derive(Debug)]
pub(super) struct Spent;

impl Fuel {
    pub(super) const fn new(parts: u64) -> Self {
        Self { given: parts, left: parts }
    }

    /// The order of two values, as [`Ord`] has it.
    pub(super) fn compare(&mut self, a: &Value, b: &Value) -> Result<Ordering, Spent> {
        match (a, b) {
            (Value::Array(a), Value::Array(b)) if Arc::ptr_eq(a, b) => Ok(Ordering::Equal),
            (Value::Array(a), Value::Array(b)) => self.compare_items(a, b),
            (Value::Object(a), Value::Object(b)) if Arc::ptr_eq(a, b) => Ok(Ordering::Equal),
            (Value::Object(a), Value::Object(b)) => self.compare_pairs(a, b),
            (Value::Set(a), Value::Set(b)) if Arc::ptr_eq(a, b) => Ok(Ordering::Equal),
            (Value::Set(a), Value::Set(b)) => self.compare_items(a.as_slice(), b.as_slice()),
            (Value::String(one), Value::String(other)) => {
                self.take(1 + length(one.len().min(other.len())) / 64)?;
                Ok(a.cmp(b))
            }
            (Value::Number(_), Value::Number(_)) => {
                self.take(1 + (a.size().saturating_add(b.size())) / 4)?;
                Ok(a.cmp(b))
            }
            _ => {
                self.take(1)?;
                Ok(a.cmp(b))
            }
        }
    }

    fn compare_items(&mut self, a: &[Value], b: &[Value]) -> Result<Ordering, Spent> {
        self.take(1)?;
        for (a, b) in a.iter().zip(b) {
            let order = self.compare(a, b)?;
            if order.is_ne() {
                return Ok(order);
            }
        }
        Ok(a.len().cmp(&b.len()))
    }

    fn compare_pairs(&mut self, a: &Object, b: &Object) -> Result<Ordering, Spent> {
        self.take(1)?;
        for (a, b) in a.iter().zip(b.iter()) {
            let order = self.compare_pair(a, b)?;
            if order.is_ne() {
                return Ok(order);
            }
        }
        Ok(a.len().cmp(&b.len()))
    }

    fn compare_pair(
        &mut self,
        a: (&Value, &Value),
        b: (&Value, &Value),
    ) -> Result<Ordering, Spent> {
        match self.compare(a.0, b.0)? {
            Ordering::Equal => self.compare(a.1, b.1),
            order => Ok(order),
        }
    }

    const fn take(&mut self, parts: u64) -> Result<(), Spent> {
        match self.left.checked_sub(parts) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(Spent)
            }
        }
    }
}

/// Sorts by an order that can fail; equal items keep their places. The standard sort must not be told a wrong order.
pub(super) fn sort<T>(
    items: Vec<T>,
    order: &mut dyn FnMut(&T, &T) -> Result<Ordering, Spent>,
) -> Result<Vec<T>, Spent> {
    // What is sorted already is the usual case.
    let mut sorted = true;
    for pair in items.windows(2) {
        if let [a, b] = pair
            && order(a, b)?.is_gt()
        {
            sorted = false;
            break;
        }
    }
    if sorted {
        return Ok(items);
    }
    let mut runs: Vec<Vec<T>> = items.into_iter().map(|item| vec![item]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut rest = runs.into_iter();
        while let Some(a) = rest.next() {
            merged.push(match rest.next() {
                Some(b) => merge(a, b, order)?,
                None => a,
            });
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

fn merge<T>(
    a: Vec<T>,
    b: Vec<T>,
    order: &mut dyn FnMut(&T, &T) -> Result<Ordering, Spent>,
) -> Result<Vec<T>, Spent> {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    while let (Some(first), Some(second)) = (a.peek(), b.peek()) {
        let next = if order(first, second)?.is_gt() { b.next() } else { a.next() };
        merged.extend(next);
    }
    merged.extend(a);
    merged.extend(b);
    Ok(merged)
}

impl Machine<'_, '_> {
    /// What may be compared with the steps that are left.
    pub(super) const fn fuel(&self) -> Fuel {
        Fuel::new(self.context.left().0.saturating_mul(PARTS))
    }

    /// Takes the steps for what was compared.
    pub(super) fn burnt<T>(&mut self, fuel: Fuel, answer: Result<T, Spent>) -> Eval<T> {
        self.charge(narrow(fuel.given.saturating_sub(fuel.left) / PARTS))?;
        answer.map_err(|Spent| {
            // Nothing is left, so that nothing else can be done instead.
            _ = self.context.charge(usize::MAX);
            EvalError::from(Exhausted::Steps)
        })
    }

    /// Whether two values are equal.
    pub(super) fn equal(&mut self, a: &Value, b: &Value) -> Eval<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        let mut fuel = self.fuel();
        let order = fuel.compare(a, b);
        self.burnt(fuel, order).map(Ordering::is_eq)
    }

    /// Whether any of the items equals a value.
    pub(super) fn any_equal<'v>(
        &mut self,
        items: impl Iterator<Item = &'v Value>,
        wanted: &Value,
    ) -> Eval<bool> {
        let mut fuel = self.fuel();
        let mut found = Ok(false);
        for item in items {
            found = if item.len() == wanted.len() {
                fuel.compare(item, wanted).map(Ordering::is_eq)
            } else {
                fuel.take(1).map(|()| false)
            };
            if !matches!(found, Ok(false)) {
                break;
            }
        }
        self.burnt(fuel, found)
    }

    /// The set of the items.
    pub(super) fn set(&mut self, items: Vec<Value>) -> Eval<Value> {
        let mut fuel = self.fuel();
        let sorted = distinct(items, &mut fuel);
        self.burnt(fuel, sorted).map(|items| Value::Set(Arc::new(Set::sorted(items))))
    }

    /// The object of the pairs. Of equal keys the last counts, unless they must have equal values.
    pub(super) fn object_of(&mut self, pairs: Vec<(Value, Value)>, unique: bool) -> Eval<Value> {
        let mut fuel = self.fuel();
        let sorted = by_key(pairs, unique, &mut fuel);
        match self.burnt(fuel, sorted)? {
            Some(pairs) => Ok(Value::Object(Arc::new(Object::sorted(pairs)))),
            None => Err(EvalError::new(Failure::Conflict, "object keys must be unique")),
        }
    }

    /// Takes the steps for looking a key up among many.
    pub(super) fn seek(&mut self, key: &Value) -> Eval<()> {
        match key {
            short if short.is_short() => Ok(()),
            Value::String(text) => self.charge(text.len() / 64),
            _ => self.charge(narrow(key.size() / BYTES)),
        }
    }

    /// Takes the steps for looking at the whole of what has so many bytes of text, which must fit into the memory that is left.
    pub(super) fn weigh(&mut self, size: u64) -> Eval<()> {
        self.charge(narrow(size / BYTES))?;
        if size > self.context.left().1 {
            // What is not there cannot be taken: all is.
            _ = self.context.allocate(usize::MAX);
            return Err(Exhausted::Memory.into());
        }
        Ok(())
    }

    /// Takes the memory of a value's text.
    pub(super) fn write_down(&mut self, value: &Value) -> Eval<()> {
        self.allocate(narrow(value.size()))
    }

    /// Takes what copying so many items costs.
    pub(super) fn copied(&mut self, items: usize) -> Eval<()> {
        self.charge(items / 4)?;
        self.allocate(items.saturating_mul(ITEM))
    }

    /// A copy of a document in which a path has the value; what stands in the way gives way.
    pub(super) fn set_path(
        &mut self,
        document: Option<&Value>,
        path: &[Value],
        value: Value,
    ) -> Eval<Value> {
        let Some((key, rest)) = path.split_first() else { return Ok(value) };
        let object = document.and_then(Value::as_object);
        let below = object.and_then(|object| object.get(key));
        let nested = self.set_path(below, rest, value)?;
        self.copied(object.map_or(0, Object::len))?;
        Ok(match object {
            Some(object) => Value::Object(Arc::new(object.with(key.clone(), nested))),
            None => Value::object([(key.clone(), nested)]),
        })
    }

    /// The rules' values and a document as one: objects key by key; where they contradict each other the document's, as OPA has it.
    pub(super) fn laid_over(&mut self, document: &Value, rules: Value) -> Eval<Value> {
        let (Value::Object(base), Value::Object(over)) = (document, &rules) else {
            return Ok(document.clone());
        };
        self.copied(base.len().saturating_add(over.len()))?;
        let mut pairs = Vec::with_capacity(base.len());
        for (key, value) in base.iter() {
            pairs.push(match over.get(key) {
                Some(rule) => (key.clone(), self.laid_over(value, rule.clone())?),
                None => (key.clone(), value.clone()),
            });
        }
        let new = over.iter().filter(|(key, _)| !base.contains(key));
        pairs.extend(new.map(|(key, value)| (key.clone(), value.clone())));
        Ok(Value::object(pairs))
    }
}

fn distinct(items: Vec<Value>, fuel: &mut Fuel) -> Result<Vec<Value>, Spent> {
    let items = sort(items, &mut |a, b| fuel.compare(a, b))?;
    let mut kept: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let new = match kept.last() {
            Some(last) => fuel.compare(last, &item)?.is_ne(),
            None => true,
        };
        if new {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// Sorted by key, each once; none where they must be unique and are not.
fn by_key(
    pairs: Vec<(Value, Value)>,
    unique: bool,
    fuel: &mut Fuel,
) -> Result<Option<Vec<(Value, Value)>>, Spent> {
    let pairs = sort(pairs, &mut |a, b| fuel.compare(&a.0, &b.0))?;
    let mut kept: Vec<(Value, Value)> = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        match kept.last_mut() {
            Some(last) if fuel.compare(&last.0, &key)?.is_eq() => {
                if unique && fuel.compare(&last.1, &value)?.is_ne() {
                    return Ok(None);
                }
                last.1 = value;
            }
            _ => kept.push((key, value)),
        }
    }
    Ok(Some(kept))
}

fn narrow(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[path = "work_tests.rs"]
mod tests;
