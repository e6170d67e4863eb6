//! Operators of the dialect of JavaScript: those of json-logic-js, with the conversions of ECMAScript.
//!
//! Numbers are exact decimals where JavaScript has doubles: see [`Dialect::JavaScript`](super::Dialect::JavaScript) for what that changes.

use std::cmp::Ordering;

use super::budget::Budget;
use super::code::{Node, Op};
use super::data::Data;
use super::decimal::{plain, truncated};
use super::error::Stop;
use super::item::Item;
use super::machine::{Answer, Machine};
use super::numeric::{Numeric, number_of_text, parse_float};
use super::strict::substring;
use crate::value::{Value, length};

impl Machine<'_, '_> {
    pub(super) fn javascript<'a>(
        &mut self,
        op: Op,
        nodes: &'a [Node],
        data: Data<'a>,
    ) -> Answer<'a> {
        match op {
            Op::Add | Op::Multiply | Op::Max | Op::Min => return self.folded(op, nodes, data),
            Op::Cat => {
                let mut out = String::new();
                for node in nodes {
                    let part = self.eval(node, data)?;
                    joined(&part, &mut out, self.budget)?;
                }
                return Ok(out.into());
            }
            _ => {}
        }
        let (a, b) = (self.argument(nodes, 0, data)?, self.argument(nodes, 1, data)?);
        match op {
            Op::Equal => Ok(loosely_equal(&a, &b, self.budget)?.into()),
            Op::Unequal => Ok((!loosely_equal(&a, &b, self.budget)?).into()),
            Op::Same => Ok(strictly_equal(&a, &b, self.budget)?.into()),
            Op::Different => Ok((!strictly_equal(&a, &b, self.budget)?).into()),
            Op::Not => Ok((!a.is_true()).into()),
            Op::Greater => Ok(ordered(&a, &b, self.budget, Ordering::is_gt)?.into()),
            Op::GreaterEqual => Ok(ordered(&a, &b, self.budget, Ordering::is_ge)?.into()),
            Op::Less | Op::LessEqual => {
                let holds = if op == Op::Less { Ordering::is_lt } else { Ordering::is_le };
                let last = self.argument(nodes, 2, data)?;
                let first = ordered(&a, &b, self.budget, holds)?;
                let between =
                    matches!(last, Item::Undefined) || ordered(&b, &last, self.budget, holds)?;
                Ok((first && between).into())
            }
            Op::In => self.found(&a, &b),
            Op::Substr => {
                let count = self.argument(nodes, 2, data)?;
                self.units(&a, &b, &count)
            }
            Op::Subtract if matches!(b, Item::Undefined) => {
                Ok(numeric(&a, self.budget)?.negative().into())
            }
            _ => {
                self.budget.calculate(a.value(), b.value())?;
                let (a, b) = (numeric(&a, self.budget)?, numeric(&b, self.budget)?);
                Ok(match op {
                    Op::Subtract => a.add(&b.negative())?,
                    Op::Divide => a.divide(&b)?,
                    _ => a.remainder(&b)?,
                }
                .into())
            }
        }
    }

    /// Sums and products are of what `parseFloat` reads, the greatest and least of what is converted.
    fn folded<'a>(&mut self, op: Op, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        // A product of one is that one, as it stands.
        if let ([single], Op::Multiply) = (nodes, op) {
            return self.eval(single, data);
        }
        let mut total = match op {
            Op::Add => Numeric::whole(0),
            Op::Multiply => Numeric::whole(1),
            _ => Numeric::Infinite(op == Op::Max),
        };
        for node in nodes {
            let part = self.eval(node, data)?;
            let next = match op {
                Op::Add | Op::Multiply => floated(&part, self.budget)?,
                _ => numeric(&part, self.budget)?,
            };
            if let Numeric::Finite(number) = &total {
                self.budget.calculate(&Value::Number(number.clone()), part.value())?;
            }
            total = match (op, total.order(&next)) {
                (Op::Add, _) => total.add(&next)?,
                (Op::Multiply, _) => total.multiply(&next)?,
                (_, None) => Numeric::NotANumber,
                (Op::Max, Some(Ordering::Less)) | (Op::Min, Some(Ordering::Greater)) => next,
                _ => total,
            };
        }
        Ok(total.into())
    }

    /// What `indexOf` finds: a text in a text, or a value in a list.
    fn found<'a>(&mut self, part: &Item<'_>, whole: &Item<'_>) -> Answer<'a> {
        match whole.value() {
            // An empty text is not true, and has nothing in it, not even an empty one.
            Value::String(whole) if !whole.is_empty() => {
                let part = text(part, self.budget)?;
                self.budget.step(length(whole.len()) / 64)?;
                Ok(whole.contains(part.as_str()).into())
            }
            Value::Array(_) | Value::Set(_) => {
                for item in whole.value().as_elements().unwrap_or_default() {
                    self.budget.step(1)?;
                    if strictly_equal(part, &Item::Ref(item), self.budget)? {
                        return Ok(true.into());
                    }
                }
                Ok(false.into())
            }
            _ => Ok(false.into()),
        }
    }

    /// A part of a text, in units of UTF-16.
    fn units<'a>(&mut self, whole: &Item<'_>, start: &Item<'_>, count: &Item<'_>) -> Answer<'a> {
        let whole = text(whole, self.budget)?;
        self.budget.write(length(whole.len()))?;
        let start = clamped(&numeric(start, self.budget)?);
        let count = match count {
            Item::Undefined => i64::MAX,
            count => clamped(&numeric(count, self.budget)?),
        };
        let units: Vec<u16> = whole.encode_utf16().collect();
        Ok(substring(units.len(), start, count, |from, count| {
            String::from_utf16_lossy(units.get(from..from + count).unwrap_or_default())
        })
        .into())
    }
}

/// A property that is no part of JSON: the length of a text or a list, and a character of a text.
pub(super) fn property<'a>(of: &Value, name: &str, index: Option<usize>) -> Option<Item<'a>> {
    match of {
        Value::Array(_) | Value::Set(_) if name == "length" => {
            Some(Item::Own(Value::from(of.len())))
        }
        Value::String(text) if name == "length" => {
            Some(Item::Own(Value::from(text.encode_utf16().count())))
        }
        Value::String(text) => {
            let unit = text.encode_utf16().nth(index?)?;
            Some(String::from_utf16_lossy(&[unit]).into())
        }
        _ => None,
    }
}

/// `ToString`.
pub(super) fn text(item: &Item<'_>, budget: &mut Budget) -> Result<String, Stop> {
    match (item, item.value()) {
        (Item::Undefined, _) => Ok("undefined".to_owned()),
        (Item::NotANumber, _) => Ok("NaN".to_owned()),
        (Item::Infinite(negative), _) => {
            Ok(if *negative { "-Infinity" } else { "Infinity" }.to_owned())
        }
        (_, Value::Null) => Ok("null".to_owned()),
        _ => {
            let mut out = String::new();
            joined(item, &mut out, budget)?;
            Ok(out)
        }
    }
}

/// An item as `Array.prototype.join` writes it: nothing for null and undefined, else `ToString`.
fn joined(item: &Item<'_>, out: &mut String, budget: &mut Budget) -> Result<(), Stop> {
    match item {
        Item::Undefined => {}
        Item::NotANumber | Item::Infinite(_) => out.push_str(&text(item, budget)?),
        Item::Ref(_) | Item::Own(_) => {
            budget.write(item.value().size())?;
            write(item.value(), out);
        }
    }
    Ok(())
}

/// Not deeper than values are, and not longer than their text as JSON, which has been charged, but for the names of objects.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => {}
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&plain(number)),
        Value::String(text) => out.push_str(text),
        Value::Object(_) => out.push_str("[object Object]"),
        Value::Array(_) | Value::Set(_) => {
            for (at, item) in value.as_elements().unwrap_or_default().iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
        }
    }
}

/// `ToNumber`.
fn numeric(item: &Item<'_>, budget: &mut Budget) -> Result<Numeric, Stop> {
    Ok(match item {
        Item::Undefined | Item::NotANumber => Numeric::NotANumber,
        Item::Infinite(negative) => Numeric::Infinite(*negative),
        Item::Ref(_) | Item::Own(_) => match item.value() {
            Value::Null | Value::Bool(false) => Numeric::whole(0),
            Value::Bool(true) => Numeric::whole(1),
            Value::Number(number) => Numeric::Finite(number.clone()),
            Value::String(text) => {
                budget.step(length(text.len()) / 8)?;
                number_of_text(text)
            }
            _ => number_of_text(&text(item, budget)?),
        },
    })
}

/// What `parseFloat` reads of the text of an item.
fn floated(item: &Item<'_>, budget: &mut Budget) -> Result<Numeric, Stop> {
    match (item, item.value()) {
        (Item::Infinite(negative), _) => Ok(Numeric::Infinite(*negative)),
        (_, Value::Number(number)) => Ok(Numeric::Finite(number.clone())),
        (_, Value::String(text)) => {
            budget.step(length(text.len()) / 8)?;
            Ok(parse_float(text))
        }
        (_, Value::Array(_) | Value::Set(_)) => Ok(parse_float(&text(item, budget)?)),
        _ => Ok(Numeric::NotANumber),
    }
}

/// `ToIntegerOrInfinity`, as far as a length goes.
fn clamped(numeric: &Numeric) -> i64 {
    match numeric {
        Numeric::NotANumber => 0,
        Numeric::Infinite(negative) => {
            if *negative {
                -i64::MAX
            } else {
                i64::MAX
            }
        }
        Numeric::Finite(number) => {
            let beyond = if number.signum() < 0 { -i64::MAX } else { i64::MAX };
            truncated(number).to_i64().unwrap_or(beyond)
        }
    }
}

/// What `==` distinguishes.
#[derive(PartialEq)]
enum Kind {
    Nothing,
    Boolean,
    Number,
    Text,
    Object,
}

fn kind(item: &Item<'_>) -> Kind {
    match (item, item.value()) {
        (Item::NotANumber | Item::Infinite(_), _) => Kind::Number,
        (_, Value::Null) => Kind::Nothing,
        (_, Value::Bool(_)) => Kind::Boolean,
        (_, Value::Number(_)) => Kind::Number,
        (_, Value::String(_)) => Kind::Text,
        (_, Value::Array(_) | Value::Object(_) | Value::Set(_)) => Kind::Object,
    }
}

/// `IsStrictlyEqual`, but that a list or an object is not even equal to itself: which of two equal ones it is would depend on how the data came
/// into memory, and an answer must not.
fn strictly_equal(a: &Item<'_>, b: &Item<'_>, budget: &mut Budget) -> Result<bool, Stop> {
    match (kind(a), kind(b)) {
        (Kind::Object, Kind::Object) => Ok(false),
        (Kind::Number, Kind::Number) => Ok(order(a, b, budget)? == Some(Ordering::Equal)),
        (Kind::Nothing, Kind::Nothing) => {
            Ok(matches!(a, Item::Undefined) == matches!(b, Item::Undefined))
        }
        (one, other) => {
            budget.compare(a.value(), b.value())?;
            Ok(one == other && a.value() == b.value())
        }
    }
}

/// `IsLooselyEqual`.
fn loosely_equal(a: &Item<'_>, b: &Item<'_>, budget: &mut Budget) -> Result<bool, Stop> {
    match (kind(a), kind(b)) {
        (Kind::Nothing, Kind::Nothing) => Ok(true),
        (Kind::Nothing, _) | (_, Kind::Nothing) => Ok(false),
        (one, other) if one == other => strictly_equal(a, b, budget),
        // A list or an object is its text, unless it is compared with its like.
        (Kind::Object, Kind::Text) => loosely_equal(&text(a, budget)?.into(), b, budget),
        (Kind::Text, Kind::Object) => loosely_equal(a, &text(b, budget)?.into(), budget),
        _ => Ok(order(a, b, budget)? == Some(Ordering::Equal)),
    }
}

/// `IsLessThan` and its kin: two texts by their units of UTF-16, all else as numbers; with what is no number nothing holds.
fn ordered(
    a: &Item<'_>,
    b: &Item<'_>,
    budget: &mut Budget,
    holds: fn(Ordering) -> bool,
) -> Result<bool, Stop> {
    let textual = |item: &Item<'_>| matches!(kind(item), Kind::Text | Kind::Object);
    if !(textual(a) && textual(b)) {
        return Ok(order(a, b, budget)?.is_some_and(holds));
    }
    budget.compare(a.value(), b.value())?;
    if let (Value::String(a), Value::String(b)) = (a.value(), b.value()) {
        return Ok(holds(a.encode_utf16().cmp(b.encode_utf16())));
    }
    let (a, b) = (text(a, budget)?, text(b, budget)?);
    Ok(holds(a.encode_utf16().cmp(b.encode_utf16())))
}

/// How two items compare as numbers.
fn order(a: &Item<'_>, b: &Item<'_>, budget: &mut Budget) -> Result<Option<Ordering>, Stop> {
    if let (Value::Number(a), Value::Number(b)) = (a.value(), b.value()) {
        return Ok(Some(a.cmp(b)));
    }
    Ok(numeric(a, budget)?.order(&numeric(b, budget)?))
}

#[cfg(test)]
#[path = "javascript_tests.rs"]
mod tests;
