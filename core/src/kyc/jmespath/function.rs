//! The functions of the specification: names, what each takes, and what it answers.

use std::borrow::Cow;

use super::machine::{Answer, eval, list};
use super::node::Node;
use crate::kyc::logic::Budget;
use crate::kyc::logic::budget::made;
use crate::kyc::logic::decimal::divide;
use crate::kyc::logic::error::Stop;
use crate::kyc::logic::strict::kind;
use crate::near::nearest;
use crate::value::{Number, Value, length};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Avg,
    Ceil,
    Contains,
    DeepMerge,
    EndsWith,
    Floor,
    Join,
    Keys,
    Length,
    Map,
    Max,
    MaxBy,
    Merge,
    Min,
    MinBy,
    NotNull,
    Reverse,
    Sort,
    SortBy,
    StartsWith,
    Sum,
    ToArray,
    ToNumber,
    ToString,
    Type,
    Values,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    Any,
    Number,
    Text,
    List,
    Object,
    TextOrList,
    Sized,
    Numbers,
    Texts,
    /// All of them, or all of them texts.
    NumbersOrTexts,
    Expression,
}

use Want::{
    Any, Expression, List, Number as Num, Numbers, NumbersOrTexts, Object, Sized, Text, TextOrList,
    Texts,
};

const FUNCTIONS: [(&str, Function, &[Want]); 27] = [
    ("abs", Function::Abs, &[Num]),
    ("avg", Function::Avg, &[Numbers]),
    ("ceil", Function::Ceil, &[Num]),
    ("contains", Function::Contains, &[TextOrList, Any]),
    // The one that the specification does not have.
    ("deep_merge", Function::DeepMerge, &[Object]),
    ("ends_with", Function::EndsWith, &[Text, Text]),
    ("floor", Function::Floor, &[Num]),
    ("join", Function::Join, &[Text, Texts]),
    ("keys", Function::Keys, &[Object]),
    ("length", Function::Length, &[Sized]),
    ("map", Function::Map, &[Expression, List]),
    ("max", Function::Max, &[NumbersOrTexts]),
    ("max_by", Function::MaxBy, &[List, Expression]),
    ("merge", Function::Merge, &[Object]),
    ("min", Function::Min, &[NumbersOrTexts]),
    ("min_by", Function::MinBy, &[List, Expression]),
    ("not_null", Function::NotNull, &[Any]),
    ("reverse", Function::Reverse, &[TextOrList]),
    ("sort", Function::Sort, &[NumbersOrTexts]),
    ("sort_by", Function::SortBy, &[List, Expression]),
    ("starts_with", Function::StartsWith, &[Text, Text]),
    ("sum", Function::Sum, &[Numbers]),
    ("to_array", Function::ToArray, &[Any]),
    ("to_number", Function::ToNumber, &[Any]),
    ("to_string", Function::ToString, &[Any]),
    ("type", Function::Type, &[Any]),
    ("values", Function::Values, &[Object]),
];

impl Function {
    /// The function of a name, or what is wrong with it.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        if let Some((_, function, _)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) {
            return Ok(*function);
        }
        let shown: String = name.chars().take(64).collect();
        Err(match nearest(name, FUNCTIONS.iter().map(|(known, ..)| *known)) {
            Some(near) => format!("there is no function `{shown}`; `{near}` is near"),
            None => format!("there is no function `{shown}`"),
        })
    }

    fn signature(self) -> (&'static str, &'static [Want]) {
        let found = FUNCTIONS.iter().find(|(_, function, _)| *function == self);
        found.map_or(("", &[]), |(name, _, wants)| (*name, *wants))
    }

    /// Whether it takes the last argument any number of times.
    const fn is_variadic(self) -> bool {
        matches!(self, Self::DeepMerge | Self::Merge | Self::NotNull)
    }

    /// Whether it can be given these arguments, as far as the text tells.
    pub(super) fn check(self, arguments: &[Node]) -> Result<(), String> {
        let (name, wants) = self.signature();
        let fits = if self.is_variadic() {
            arguments.len() >= wants.len()
        } else {
            arguments.len() == wants.len()
        };
        if !fits {
            let least = if self.is_variadic() { "at least " } else { "" };
            return Err(format!(
                "`{name}` takes {least}{} arguments and is given {}",
                wants.len(),
                arguments.len()
            ));
        }
        for (at, node) in arguments.iter().enumerate() {
            let wanted = wants.get(at).or(wants.last()) == Some(&Expression);
            match (wanted, matches!(node, Node::Expression(_))) {
                (true, false) => {
                    return Err(format!(
                        "argument {} of `{name}` must be an expression with `&` before it, as `&name`",
                        at + 1
                    ));
                }
                (false, true) => {
                    return Err(format!(
                        "argument {} of `{name}` is a value; write it without `&`",
                        at + 1
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn call<'a>(
        self,
        nodes: &'a [Node],
        current: &'a Value,
        budget: &mut Budget,
    ) -> Answer<'a> {
        let (name, wants) = self.signature();
        let mut given = Vec::with_capacity(nodes.len());
        for (at, node) in nodes.iter().enumerate() {
            let value = match node {
                Node::Expression(_) => Cow::Borrowed(&Value::Null),
                node => eval(node, current, budget)?,
            };
            let want = wants.get(at).or(wants.last()).copied().unwrap_or(Any);
            want.check(&value, budget).map_err(|told| match told {
                Told::Stop(stop) => stop,
                Told::Kind(kind) => Stop::new(format!(
                    "argument {} of `{name}` must be {}, and {kind}",
                    at + 1,
                    want.words()
                )),
            })?;
            given.push(value);
        }
        let mut given = given.into_iter();
        let first = given.next().unwrap_or(Cow::Borrowed(&Value::Null));
        match self {
            Self::Abs => Ok(number(&first).abs().into_answer()),
            Self::Ceil => Ok(number(&first).ceil().into_answer()),
            Self::Floor => Ok(number(&first).floor().into_answer()),
            Self::Sum => Ok(sum(items(&first), budget)?.into_answer()),
            Self::Avg if first.is_empty() => Ok(Cow::Owned(Value::Null)),
            Self::Avg => {
                let sum = sum(items(&first), budget)?;
                Ok(divide(&sum, &Number::from(first.len()))?.into_answer())
            }
            Self::NotNull => {
                let mut all = std::iter::once(first).chain(given);
                let found = all.find(|value| **value != Value::Null);
                Ok(found.unwrap_or(Cow::Owned(Value::Null)))
            }
            Self::ToArray => match first.as_elements() {
                Some(_) => Ok(first),
                None => list(vec![first.into_owned()]),
            },
            Self::Length => Ok(Cow::Owned(Value::from(match first.as_str() {
                Some(text) => {
                    budget.step(length(text.len()) / 64)?;
                    text.chars().count()
                }
                None => first.len(),
            }))),
            Self::Type => {
                let name = if let Value::Set(_) = *first { "array" } else { first.kind() };
                Ok(Cow::Owned(Value::from(name)))
            }
            Self::ToNumber => Ok(match first.as_ref() {
                Value::Number(_) => first,
                Value::String(text) => {
                    budget.step(length(text.len()) / 8)?;
                    Cow::Owned(Number::parse(text).map_or(Value::Null, Value::Number))
                }
                _ => Cow::Owned(Value::Null),
            }),
            Self::ToString => {
                if first.as_str().is_some() {
                    return Ok(first);
                }
                budget.write(first.size())?;
                Ok(Cow::Owned(Value::from(first.to_json())))
            }
            Self::Map | Self::MaxBy | Self::MinBy | Self::SortBy => {
                let list_of = if self == Self::Map { given.next().unwrap_or(first) } else { first };
                let expression = nodes.iter().find_map(|node| match node {
                    Node::Expression(inner) => Some(inner.as_ref()),
                    _ => None,
                });
                self.by(items(&list_of), expression.unwrap_or(&Node::Current), name, budget)
            }
            _ => self.collected(&first, given, budget),
        }
    }

    /// Functions of texts, lists and objects.
    fn collected<'a>(
        self,
        first: &Value,
        mut rest: impl Iterator<Item = Cow<'a, Value>>,
        budget: &mut Budget,
    ) -> Answer<'a> {
        match self {
            Self::Keys | Self::Values => {
                let pairs = first.as_object().map_or([].as_slice(), |object| object.as_slice());
                budget.list(pairs.len())?;
                if self == Self::Values {
                    return list(pairs.iter().map(|(_, value)| value.clone()).collect());
                }
                let name = |key: &Value| match key {
                    Value::String(_) => key.clone(),
                    other => Value::from(other.to_json()),
                };
                list(pairs.iter().map(|(key, _)| name(key)).collect())
            }
            Self::Merge => {
                let mut pairs = Vec::new();
                let mut add = |object: &Value| -> Result<(), Stop> {
                    let more = object.as_object().map_or([].as_slice(), |object| object.as_slice());
                    budget.list(2 * more.len())?;
                    pairs.extend(more.iter().cloned());
                    Ok(())
                };
                add(first)?;
                for object in rest {
                    add(&object)?;
                }
                Ok(Cow::Owned(made(Value::object(pairs))?))
            }
            Self::DeepMerge => {
                let mut all = first.clone();
                for object in rest {
                    all = deep(&all, &object, budget)?;
                }
                Ok(Cow::Owned(made(all)?))
            }
            Self::Reverse => {
                budget.write(first.size())?;
                match first.as_str() {
                    Some(text) => {
                        Ok(Cow::Owned(Value::from(text.chars().rev().collect::<String>())))
                    }
                    None => list(items(first).iter().rev().cloned().collect()),
                }
            }
            Self::Max | Self::Min => {
                budget.step(first.size() / 8)?;
                let all = items(first).iter();
                let found = if self == Self::Max { all.rev().max() } else { all.min() };
                Ok(Cow::Owned(found.cloned().unwrap_or(Value::Null)))
            }
            Self::Sort => {
                let mut sorted = items(first).to_vec();
                sorting(sorted.len(), first.size(), budget)?;
                sorted.sort();
                list(sorted)
            }
            Self::Join => {
                let (separator, parts) = (first.as_str().unwrap_or_default(), rest.next());
                let parts = parts.as_deref().map_or([].as_slice(), items);
                let between = length(separator.len()).saturating_mul(length(parts.len()));
                budget.write(parts.iter().map(Value::size).fold(between, u64::saturating_add))?;
                let texts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
                Ok(Cow::Owned(made(Value::from(texts.join(separator)))?))
            }
            _ => {
                let second = rest.next().unwrap_or(Cow::Borrowed(&Value::Null));
                Ok(Cow::Owned(Value::Bool(self.told(first, &second, budget)?)))
            }
        }
    }

    /// `contains`, `starts_with` and `ends_with`.
    fn told(self, first: &Value, second: &Value, budget: &mut Budget) -> Result<bool, Stop> {
        let part = second.as_str();
        let Some(text) = first.as_str() else {
            for item in items(first) {
                budget.step(1)?;
                budget.compare(item, second)?;
                if item == second {
                    return Ok(true);
                }
            }
            return Ok(false);
        };
        budget.step(length(text.len()) / 64)?;
        Ok(part.is_some_and(|part| match self {
            Self::StartsWith => text.starts_with(part),
            Self::EndsWith => text.ends_with(part),
            _ => text.contains(part),
        }))
    }

    /// Functions that ask an expression of each item.
    fn by<'a>(
        self,
        of: &[Value],
        expression: &Node,
        name: &str,
        budget: &mut Budget,
    ) -> Answer<'a> {
        budget.list(2 * of.len())?;
        let mut keyed = Vec::with_capacity(of.len());
        for item in of {
            keyed.push((eval(expression, item, budget)?.into_owned(), item));
        }
        if self == Self::Map {
            return list(keyed.into_iter().map(|(key, _)| key).collect());
        }
        let mut first = None;
        for (key, _) in &keyed {
            let orders = matches!(key, Value::Number(_) | Value::String(_));
            let wanted = *first.get_or_insert_with(|| key.kind());
            if !orders || wanted != key.kind() {
                return Err(Stop::new(format!(
                    "the expression of `{name}` must be a number for all items or a text for all, and is {} for one",
                    kind(key)
                )));
            }
        }
        let size = keyed.iter().fold(0_u64, |size, (key, _)| size.saturating_add(key.size()));
        sorting(keyed.len(), size, budget)?;
        // Of equals the first, as in a list that is sorted by a sort that is stable.
        let found = match self {
            Self::MaxBy => keyed.into_iter().rev().max_by(|(a, _), (b, _)| a.cmp(b)),
            Self::MinBy => keyed.into_iter().min_by(|(a, _), (b, _)| a.cmp(b)),
            _ => {
                keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
                return list(keyed.into_iter().map(|(_, item)| item.clone()).collect());
            }
        };
        Ok(Cow::Owned(found.map_or(Value::Null, |(_, item)| item.clone())))
    }
}

/// Why an argument is not taken.
enum Told {
    Stop(Stop),
    Kind(String),
}

impl Want {
    fn check(self, value: &Value, budget: &mut Budget) -> Result<(), Told> {
        let texts = |value: &Value| matches!(value, Value::String(_));
        let numbers = |value: &Value| matches!(value, Value::Number(_));
        let fits = match self {
            Any | Expression => true,
            Num => numbers(value),
            Text => texts(value),
            List => value.as_elements().is_some(),
            Object => matches!(value, Value::Object(_)),
            TextOrList => texts(value) || value.as_elements().is_some(),
            Sized => texts(value) || value.as_elements().is_some() || value.as_object().is_some(),
            Numbers | Texts | NumbersOrTexts => {
                let Some(items) = value.as_elements() else {
                    return Err(Told::Kind(format!("is {}", kind(value))));
                };
                budget.step(length(items.len()) / 8).map_err(|spent| Told::Stop(spent.into()))?;
                let as_texts = match self {
                    Numbers => false,
                    Texts => true,
                    _ => items.first().is_some_and(texts),
                };
                let wrong =
                    items.iter().find(|item| if as_texts { !texts(item) } else { !numbers(item) });
                return wrong
                    .map_or(Ok(()), |item| Err(Told::Kind(format!("has {} in it", kind(item)))));
            }
        };
        if fits { Ok(()) } else { Err(Told::Kind(format!("is {}", kind(value)))) }
    }

    const fn words(self) -> &'static str {
        match self {
            Any => "a value",
            Num => "a number",
            Text => "a text",
            List => "a list",
            Object => "an object",
            TextOrList => "a text or a list",
            Sized => "a text, a list or an object",
            Numbers => "a list of numbers",
            Texts => "a list of texts",
            NumbersOrTexts => "a list of numbers or of texts",
            Expression => "an expression",
        }
    }
}

trait IntoAnswer {
    fn into_answer<'a>(self) -> Cow<'a, Value>;
}

impl IntoAnswer for Number {
    fn into_answer<'a>(self) -> Cow<'a, Value> {
        Cow::Owned(Value::Number(self))
    }
}

fn number(value: &Value) -> &Number {
    value.as_number().unwrap_or(&Number::ZERO)
}

fn items(value: &Value) -> &[Value] {
    value.as_elements().unwrap_or_default()
}

fn sum(numbers: &[Value], budget: &mut Budget) -> Result<Number, Stop> {
    let mut total = Number::ZERO;
    for value in numbers {
        budget.step(1)?;
        budget.calculate(&Value::Number(total.clone()), value)?;
        total = total.add(number(value))?;
    }
    Ok(total)
}

/// Takes the steps of sorting so many items of that size together.
fn sorting(items: usize, size: u64, budget: &mut Budget) -> Result<(), Stop> {
    let rounds = u64::from(usize::BITS - items.leading_zeros());
    let work = length(items).saturating_add(size / 64);
    budget.list(items)?;
    Ok(budget.step(work.saturating_mul(rounds) / 4)?)
}

/// One object laid over another: of a name that both have, objects are laid over one another, and else the upper counts. It goes no deeper than values
/// nest.
fn deep(lower: &Value, upper: &Value, budget: &mut Budget) -> Result<Value, Stop> {
    let (Some(below), Some(above)) = (lower.as_object(), upper.as_object()) else {
        return Ok(upper.clone());
    };
    budget.list(2 * (below.as_slice().len() + above.as_slice().len()))?;
    let mut pairs = below.as_slice().to_vec();
    for (name, value) in above.as_slice() {
        let value = match below.get(name) {
            Some(under) => deep(under, value, budget)?,
            None => value.clone(),
        };
        pairs.push((name.clone(), value));
    }
    Ok(Value::object(pairs))
}

#[cfg(test)]
#[path = "function_tests.rs"]
mod tests;
