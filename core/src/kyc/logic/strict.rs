//! Operators of the strict dialect: exact numbers, and no value is taken for one of another kind.

use super::code::{Node, Op};
use super::data::Data;
use super::decimal::{divide, plain, remainder};
use super::error::Stop;
use super::machine::{Answer, Machine};
use crate::value::{Number, Value, length};

impl Machine<'_, '_> {
    pub(super) fn strict<'a>(&mut self, op: Op, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        match op {
            Op::Equal | Op::Same => Ok(self.equal(nodes, data)?.into()),
            Op::Unequal | Op::Different => Ok((!self.equal(nodes, data)?).into()),
            Op::Less => self.ordered(nodes, data, |order| order.is_lt()),
            Op::LessEqual => self.ordered(nodes, data, |order| order.is_le()),
            Op::Greater => self.ordered(nodes, data, |order| order.is_gt()),
            Op::GreaterEqual => self.ordered(nodes, data, |order| order.is_ge()),
            Op::Not => match self.argument(nodes, 0, data)?.value() {
                Value::Bool(value) => Ok((!value).into()),
                other => Err(no_condition(other)),
            },
            Op::In => self.within(nodes, data),
            Op::Cat => self.cat(nodes, data),
            Op::Substr => self.part(nodes, data),
            _ => self.calculated(op, nodes, data),
        }
    }

    /// Whether two values are equal. Null is only equal to null; other values must be of one kind.
    fn equal<'a>(&mut self, nodes: &'a [Node], data: Data<'a>) -> Result<bool, Stop> {
        let (one, other) = (self.argument(nodes, 0, data)?, self.argument(nodes, 1, data)?);
        match (one.value(), other.value()) {
            (Value::String(a), Value::String(b)) if a.len() != b.len() => Ok(false),
            (a, b) if same_kind(a, b) => {
                self.budget.compare(a, b)?;
                Ok(a == b)
            }
            (Value::Null, _) | (_, Value::Null) => Ok(false),
            (a, b) => Err(Stop::new(format!("compares {} with {}", kind(a), kind(b)))),
        }
    }

    fn ordered<'a>(
        &mut self,
        nodes: &'a [Node],
        data: Data<'a>,
        holds: fn(std::cmp::Ordering) -> bool,
    ) -> Answer<'a> {
        let mut before = self.argument(nodes, 0, data)?;
        for node in nodes.iter().skip(1) {
            let next = self.eval(node, data)?;
            let (a, b) = (before.value(), next.value());
            let order = match (a, b) {
                (Value::Number(a), Value::Number(b)) => a.cmp(b),
                (Value::String(a), Value::String(b)) => a.cmp(b),
                _ => {
                    let message = format!(
                        "compares {} with {}; only two numbers or two texts have an order",
                        kind(a),
                        kind(b)
                    );
                    return Err(Stop::new(message));
                }
            };
            self.budget.compare(a, b)?;
            if !holds(order) {
                return Ok(false.into());
            }
            before = next;
        }
        Ok(true.into())
    }

    fn calculated<'a>(&mut self, op: Op, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        let first = self.argument(nodes, 0, data)?;
        let mut total = number(first.value())?.clone();
        if nodes.len() == 1 {
            return Ok(if op == Op::Subtract { total.neg().into() } else { first });
        }
        for node in nodes.iter().skip(1) {
            let next = self.eval(node, data)?;
            let other = number(next.value())?;
            self.budget.calculate(&Value::Number(total.clone()), next.value())?;
            total = match op {
                Op::Add => total.add(other)?,
                Op::Subtract => total.sub(other)?,
                Op::Multiply => total.mul(other)?,
                Op::Divide => divide(&total, other)?,
                Op::Remainder => remainder(&total, other)?,
                Op::Max => total.max(other.clone()),
                _ => total.min(other.clone()),
            };
        }
        Ok(total.into())
    }

    /// Whether a text stands in a text, or a value in a list.
    fn within<'a>(&mut self, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        let (part, whole) = (self.argument(nodes, 0, data)?, self.argument(nodes, 1, data)?);
        match (part.value(), whole.value()) {
            (Value::String(part), Value::String(whole)) => {
                self.budget.step(length(whole.len()) / 64)?;
                Ok(whole.contains(part.as_ref()).into())
            }
            (part, Value::Set(set)) => {
                self.budget.compare(part, whole.value())?;
                Ok(set.contains(part).into())
            }
            (part, Value::Array(items)) => {
                for item in items.iter() {
                    self.budget.step(1)?;
                    self.budget.compare(part, item)?;
                    if part == item {
                        return Ok(true.into());
                    }
                }
                Ok(false.into())
            }
            (part, whole) => Err(Stop::new(format!(
                "looks for {} in {}; a text has texts in it, and a list has values",
                kind(part),
                kind(whole)
            ))),
        }
    }

    /// Texts and numbers one after another.
    fn cat<'a>(&mut self, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        let mut text = String::new();
        for node in nodes {
            let part = self.eval(node, data)?;
            self.budget.write(part.value().size())?;
            match part.value() {
                Value::String(part) => text.push_str(part),
                Value::Number(number) => text.push_str(&plain(number)),
                other => {
                    let message = format!("joins texts and numbers, and is given {}", kind(other));
                    return Err(Stop::new(message));
                }
            }
        }
        Ok(text.into())
    }

    /// A part of a text, in characters: from a start, which counts from the end if it is negative, so many or all but so many.
    fn part<'a>(&mut self, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        let whole = self.argument(nodes, 0, data)?;
        let Value::String(text) = whole.value() else {
            return Err(Stop::new(format!(
                "takes a part of a text, and is given {}",
                kind(whole.value())
            )));
        };
        let mut bounds = [0, i64::MAX];
        for (bound, node) in bounds.iter_mut().zip(nodes.iter().skip(1)) {
            let given = self.eval(node, data)?;
            let whole = number(given.value())?.to_i64();
            *bound = whole.ok_or_else(|| Stop::new("counts characters in whole numbers"))?;
        }
        self.budget.write(length(text.len()))?;
        let [start, count] = bounds;
        Ok(substring(text.chars().count(), start, count, |from, count| {
            text.chars().skip(from).take(count).collect::<String>()
        })
        .into())
    }
}

/// The part of a text of so many units that `substr` answers.
pub(super) fn substring<T>(
    units: usize,
    start: i64,
    count: i64,
    part: impl FnOnce(usize, usize) -> T,
) -> T {
    let back = |by: i64| units.saturating_sub(usize::try_from(by.unsigned_abs()).unwrap_or(units));
    let from = usize::try_from(start).unwrap_or_else(|_| back(start)).min(units);
    let rest = units - from;
    let left_off = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    let taken = usize::try_from(count).unwrap_or_else(|_| rest.saturating_sub(left_off));
    part(from, taken.min(rest))
}

const fn same_kind(a: &Value, b: &Value) -> bool {
    matches!(
        (a, b),
        (Value::Null, Value::Null)
            | (Value::Bool(_), Value::Bool(_))
            | (Value::Number(_), Value::Number(_))
            | (Value::String(_), Value::String(_))
            | (Value::Array(_), Value::Array(_))
            | (Value::Object(_), Value::Object(_))
            | (Value::Set(_), Value::Set(_))
    )
}

fn number(value: &Value) -> Result<&Number, Stop> {
    value
        .as_number()
        .ok_or_else(|| Stop::new(format!("takes numbers, and is given {}", kind(value))))
}

/// That something is no condition.
pub(super) fn no_condition(value: &Value) -> Stop {
    Stop::new(format!(
        "a condition must be true or false, and is {}; `!!` tells whether there is something",
        kind(value)
    ))
}

/// That something is no list.
pub(super) fn no_list(value: &Value) -> Stop {
    Stop::new(format!("takes a list, and is given {}", kind(value)))
}

/// The kind of a value, in words.
pub(in crate::kyc) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::Set(_) => "a set",
    }
}
