//! Evaluates an expression on a value.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::node::{Comparison, Node, Over, Slice};
use crate::kyc::logic::Budget;
use crate::kyc::logic::budget::made;
use crate::kyc::logic::error::Stop;
use crate::value::Value;

pub(super) type Answer<'a> = Result<Cow<'a, Value>, Stop>;

const NULL: Cow<'static, Value> = Cow::Owned(Value::Null);

pub(super) fn eval<'a>(node: &'a Node, current: &'a Value, budget: &mut Budget) -> Answer<'a> {
    budget.step(1)?;
    match node {
        Node::Current => Ok(Cow::Borrowed(current)),
        Node::Literal(_) | Node::Fields(_) => Ok(known(node, current).map_or(NULL, Cow::Borrowed)),
        Node::Then(pair) => match eval(&pair.0, current, budget)? {
            Cow::Borrowed(value) => eval(&pair.1, value, budget),
            Cow::Owned(value) => Ok(Cow::Owned(eval(&pair.1, &value, budget)?.into_owned())),
        },
        Node::Compare(comparison, pair) => {
            // What most filters are: fields and constants, of which nothing has to be made.
            if let (Some(a), Some(b)) = (known(&pair.0, current), known(&pair.1, current)) {
                budget.step(2)?;
                return compare(*comparison, a, b, budget);
            }
            let (a, b) = (eval(&pair.0, current, budget)?, eval(&pair.1, current, budget)?);
            compare(*comparison, &a, &b, budget)
        }
        Node::All(nodes) => first(nodes, false, current, budget),
        Node::Any(nodes) => first(nodes, true, current, budget),
        Node::Not(inner) => {
            let held = is_true(eval(inner, current, budget)?.as_ref());
            Ok(Cow::Owned(Value::Bool(!held)))
        }
        other => rare(other, current, budget),
    }
}

/// The value of a constant, or of fields.
fn known<'a>(node: &'a Node, current: &'a Value) -> Option<&'a Value> {
    match node {
        Node::Literal(value) => Some(value),
        Node::Fields(names) => {
            let mut at = current;
            for name in names {
                let Some(next) = at.get_str(name) else { return Some(&Value::Null) };
                at = next;
            }
            Some(at)
        }
        _ => None,
    }
}

/// The rest, apart, so that the frame of what is nested most stays small.
#[inline(never)]
fn rare<'a>(node: &'a Node, current: &'a Value, budget: &mut Budget) -> Answer<'a> {
    match node {
        Node::Index(index) => Ok(item(current, *index).map_or(NULL, Cow::Borrowed)),
        Node::Slice(slice) => sliced(*slice, current, budget),
        Node::Flatten(inner) => {
            let whole = eval(inner, current, budget)?;
            let Some(items) = whole.as_elements() else { return Ok(NULL) };
            let mut flat = Vec::new();
            for item in items {
                let inner = item.as_elements().unwrap_or(std::slice::from_ref(item));
                budget.list(inner.len())?;
                flat.extend(inner.iter().cloned());
            }
            list(flat)
        }
        Node::Each(over, parts) => {
            let whole = eval(&parts.0, current, budget)?;
            projected(over, &whole, &parts.1, budget)
        }
        Node::List(_) | Node::Object(_) if *current == Value::Null => Ok(NULL),
        Node::List(nodes) => {
            budget.list(nodes.len())?;
            let mut items = Vec::with_capacity(nodes.len());
            for node in nodes {
                items.push(eval(node, current, budget)?.into_owned());
            }
            list(items)
        }
        Node::Object(nodes) => {
            budget.list(2 * nodes.len())?;
            let mut pairs = Vec::with_capacity(nodes.len());
            for (name, node) in nodes {
                pairs.push((name.clone(), eval(node, current, budget)?.into_owned()));
            }
            Ok(Cow::Owned(made(Value::object(pairs))?))
        }
        Node::Call(function, arguments, column) => {
            function.call(arguments, current, budget).map_err(|stop| stop.at(*column))
        }
        // A reference is taken by its function, and the rest is not rare.
        _ => Ok(NULL),
    }
}

/// The parts of a whole for which there is something.
fn projected<'a>(over: &Over, whole: &Value, then: &Node, budget: &mut Budget) -> Answer<'a> {
    let parts: &mut dyn Iterator<Item = &Value> = match (over, whole) {
        (Over::Values, Value::Object(object)) => &mut object.values(),
        (Over::Items | Over::Filter(_), Value::Array(_) | Value::Set(_)) => {
            &mut whole.as_elements().unwrap_or_default().iter()
        }
        _ => return Ok(NULL),
    };
    let mut kept = Vec::new();
    for part in parts {
        if let Over::Filter(condition) = over
            && !is_true(eval(condition, part, budget)?.as_ref())
        {
            continue;
        }
        let answer = eval(then, part, budget)?;
        if *answer != Value::Null {
            budget.list(1)?;
            kept.push(answer.into_owned());
        }
    }
    list(kept)
}

/// The first that is, or is not, true; or the last.
fn first<'a>(nodes: &'a [Node], held: bool, current: &'a Value, budget: &mut Budget) -> Answer<'a> {
    let mut last = NULL;
    for node in nodes {
        last = eval(node, current, budget)?;
        if is_true(&last) == held {
            break;
        }
    }
    Ok(last)
}

/// Any two values are equal or not. Only two numbers or two texts have an order: with others the answer is null.
fn compare<'a>(comparison: Comparison, a: &Value, b: &Value, budget: &mut Budget) -> Answer<'a> {
    budget.compare(a, b)?;
    let order = match (comparison, a, b) {
        (Comparison::Equal, ..) => return Ok(Cow::Owned(Value::Bool(a == b))),
        (Comparison::Unequal, ..) => return Ok(Cow::Owned(Value::Bool(a != b))),
        (_, Value::Number(a), Value::Number(b)) => a.cmp(b),
        (_, Value::String(a), Value::String(b)) => a.cmp(b),
        _ => return Ok(NULL),
    };
    let holds = match comparison {
        Comparison::Less => order == Ordering::Less,
        Comparison::LessEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        _ => order != Ordering::Less,
    };
    Ok(Cow::Owned(Value::Bool(holds)))
}

/// JMESPath's truth: null, false, an empty text, list or object are not true, and all else is, even zero.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) | Value::Set(_) => !value.is_empty(),
    }
}

fn item(list: &Value, index: i64) -> Option<&Value> {
    let items = list.as_elements()?;
    let at = usize::try_from(index.unsigned_abs()).ok()?;
    items.get(if index < 0 { items.len().checked_sub(at)? } else { at })
}

/// As Python slices: bounds beyond the list are its ends.
fn sliced<'a>(slice: Slice, whole: &'a Value, budget: &mut Budget) -> Answer<'a> {
    let Some(items) = whole.as_elements() else { return Ok(NULL) };
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let step = slice.step.unwrap_or(1);
    let back = step < 0;
    let (least, most) = if back { (-1, length - 1) } else { (0, length) };
    let bound = |given: Option<i64>, absent: i64| match given {
        None => absent,
        Some(given) if given < 0 => given.saturating_add(length).max(least),
        Some(given) => given.min(most),
    };
    let (start, stop) = if back { (most, least) } else { (least, most) };
    let (mut at, stop) = (bound(slice.start, start), bound(slice.stop, stop));
    let mut kept = Vec::new();
    while if back { at > stop } else { at < stop } {
        let found = usize::try_from(at).ok().and_then(|at| items.get(at));
        budget.list(1)?;
        kept.extend(found.cloned());
        at = at.saturating_add(step);
    }
    list(kept)
}

pub(super) fn list<'a>(items: Vec<Value>) -> Answer<'a> {
    Ok(Cow::Owned(made(Value::array(items))?))
}
