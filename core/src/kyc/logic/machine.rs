//! Evaluates a rule: what both dialects have in common, which is all but what operators do with values of other kinds.

use std::cmp::Ordering;

use super::budget::{Budget, made};
use super::code::{Code, Each, Key, Node, Op, Read, index};
use super::data::Data;
use super::decimal::plain;
use super::error::Stop;
use super::item::Item;
use super::{Dialect, javascript, strict};
use crate::value::{Value, length};

/// What is told of every value that is read: the path and the value.
pub(in crate::kyc) type Record<'r> = dyn FnMut(&str, &Value) + 'r;

pub(super) type Answer<'a> = Result<Item<'a>, Stop>;

/// One evaluation.
pub(super) struct Machine<'m, 'r> {
    pub(super) dialect: Dialect,
    pub(super) budget: &'m mut Budget,
    pub(super) record: Option<&'m mut Record<'r>>,
    /// The data of the whole rule: within `map` and its like the data is an item, which has been read with its list.
    pub(super) root: Data<'m>,
}

impl Machine<'_, '_> {
    pub(super) fn eval<'a>(&mut self, node: &'a Node, data: Data<'a>) -> Answer<'a> {
        if let Err(exhausted) = self.budget.step(1) {
            return Err(Stop::from(exhausted).at(node.place));
        }
        match &node.code {
            Code::Literal(value) => Ok(Item::Ref(value)),
            Code::Var(read, default) => self.var(read, default.as_deref(), data),
            Code::And(nodes) => self.and(nodes, node.place, data),
            Code::Apply(op, nodes) => {
                if let [a, b] = nodes.as_slice()
                    && let Some(held) = self.compared(*op, a, b, data)?
                {
                    return Ok(held.into());
                }
                self.apply(*op, nodes, data).map_err(|stop| stop.at(node.place))
            }
            other => self.rare(other, node.place, data),
        }
    }

    /// What most guards are: a comparison of what the data says with a constant, both of one kind and short. It is what both dialects answer,
    /// for the same steps, and makes no values on the way; none if it is anything else.
    fn compared(
        &mut self,
        op: Op,
        a: &Node,
        b: &Node,
        data: Data<'_>,
    ) -> Result<Option<bool>, Stop> {
        let holds: fn(Ordering) -> bool = match op {
            Op::Equal | Op::Same => Ordering::is_eq,
            Op::Unequal | Op::Different => Ordering::is_ne,
            Op::Less => Ordering::is_lt,
            Op::LessEqual => Ordering::is_le,
            Op::Greater => Ordering::is_gt,
            Op::GreaterEqual => Ordering::is_ge,
            _ => return Ok(None),
        };
        if self.record.is_some() {
            return Ok(None);
        }
        let (Some(one), Some(other)) = (known(a, data), known(b, data)) else { return Ok(None) };
        let equality = matches!(op, Op::Equal | Op::Same | Op::Unequal | Op::Different);
        let order = match (one, other) {
            (Value::Number(one), Value::Number(other)) => one.cmp(other),
            // The order of texts is one of the things in which the dialects differ.
            (Value::String(one), Value::String(other))
                if equality && one.len() <= SHORT && other.len() <= SHORT =>
            {
                one.cmp(other)
            }
            _ => return Ok(None),
        };
        for node in [a, b] {
            self.budget.step(1).map_err(|spent| Stop::from(spent).at(node.place))?;
        }
        Ok(Some(holds(order)))
    }

    /// The rest, apart, so that the frame of what is nested most stays small.
    #[inline(never)]
    fn rare<'a>(&mut self, code: &'a Code, place: u32, data: Data<'a>) -> Answer<'a> {
        match code {
            Code::Or(nodes) => {
                let mut last = Item::Undefined;
                for node in nodes {
                    last = self.eval(node, data)?;
                    if self.truth(&last, place)? {
                        break;
                    }
                }
                Ok(last)
            }
            Code::If(nodes) => self.branch(nodes, place, data),
            Code::List(nodes) => {
                self.budget.list(nodes.len()).map_err(|spent| Stop::from(spent).at(place))?;
                let mut items = Vec::with_capacity(nodes.len());
                for node in nodes {
                    items.push(self.eval(node, data)?.into_value());
                }
                list(items).map_err(|stop| stop.at(place))
            }
            Code::Lookup(path, default) => {
                let path = self.eval(path, data)?;
                self.lookup(&path, default.as_deref(), data).map_err(|stop| stop.at(place))
            }
            Code::Each(each, parts) => self.each(*each, &parts.0, &parts.1, place, data),
            Code::Reduce(parts) => self.reduce(parts, place, data),
            // What is not rare, and no argument.
            _ => Ok(Item::Undefined),
        }
    }

    /// The first that is not true, or the last.
    fn and<'a>(&mut self, nodes: &'a [Node], place: u32, data: Data<'a>) -> Answer<'a> {
        let mut last = Item::Undefined;
        for node in nodes {
            last = self.eval(node, data)?;
            if !self.truth(&last, place)? {
                break;
            }
        }
        Ok(last)
    }

    fn branch<'a>(&mut self, nodes: &'a [Node], place: u32, data: Data<'a>) -> Answer<'a> {
        let mut pairs = nodes.chunks_exact(2);
        for pair in pairs.by_ref() {
            let [condition, answer] = pair else { continue };
            let held = self.eval(condition, data)?;
            if self.truth(&held, place)? {
                return self.eval(answer, data);
            }
        }
        pairs.remainder().first().map_or(Ok(Item::Ref(&Value::Null)), |last| self.eval(last, data))
    }

    /// Whether a condition holds. The strict dialect takes only true and false for one.
    fn truth(&self, item: &Item<'_>, place: u32) -> Result<bool, Stop> {
        match (self.dialect, item.value()) {
            (_, Value::Bool(value)) => Ok(*value),
            (Dialect::JavaScript, _) => Ok(item.is_true()),
            (Dialect::Strict, other) => Err(strict::no_condition(other).at(place)),
        }
    }

    fn var<'a>(&mut self, read: &'a Read, default: Option<&'a Node>, data: Data<'a>) -> Answer<'a> {
        let names = read.keys.iter().map(|Key { name, index }| (name.as_ref(), *index));
        match self.walk(names, data) {
            None => self.fallback(&read.text, default, data),
            Some(found) => {
                self.tell(&read.text, found.value(), data);
                Ok(found)
            }
        }
    }

    /// What stands at a path; none if nothing does.
    fn walk<'a, 'n>(
        &self,
        names: impl Iterator<Item = (&'n str, Option<usize>)>,
        data: Data<'a>,
    ) -> Option<Item<'a>> {
        let mut at = data;
        let mut names = names;
        while let Some((name, index)) = names.next() {
            let next = match at {
                Data::Value(value) if let Some(items) = value.as_elements() => {
                    index.and_then(|index| items.get(index)).map(Data::Value)
                }
                other => other.part(name),
            };
            match next {
                Some(next) => at = next,
                None if self.dialect == Dialect::JavaScript => {
                    let found = match at {
                        Data::Value(value) => javascript::property(value, name, index),
                        Data::Text(_) => javascript::property(&at.to_value(), name, index),
                        Data::Parts(_) => None,
                    };
                    return found.filter(|_| names.next().is_none());
                }
                None => return None,
            }
        }
        Some(at.into())
    }

    /// What is answered if nothing stands at a path.
    fn fallback<'a>(
        &mut self,
        path: &str,
        default: Option<&'a Node>,
        data: Data<'a>,
    ) -> Answer<'a> {
        let found = match default {
            Some(default) => self.eval(default, data)?,
            None => Item::Ref(&Value::Null),
        };
        self.tell(path, found.value(), data);
        Ok(if matches!(found, Item::Undefined) { Item::Ref(&Value::Null) } else { found })
    }

    fn tell(&mut self, path: &str, found: &Value, data: Data<'_>) {
        if let Some(record) = &mut self.record
            && data.is_same(self.root)
        {
            record(path, found);
        }
    }

    /// The value at a path that is known only now.
    fn lookup<'a>(
        &mut self,
        path: &Item<'_>,
        default: Option<&'a Node>,
        data: Data<'a>,
    ) -> Answer<'a> {
        let text = self.path(path)?;
        if let Some(found) = self.find(&text, data)? {
            self.tell(&text, found.value(), data);
            return Ok(found);
        }
        self.fallback(&text, default, data)
    }

    fn find<'a>(&mut self, path: &str, data: Data<'a>) -> Result<Option<Item<'a>>, Stop> {
        self.budget.step(length(path.len()) / 16)?;
        if path.is_empty() {
            return Ok(Some(data.into()));
        }
        Ok(self.walk(path.split('.').map(|name| (name, index(name))), data))
    }

    fn path(&mut self, item: &Item<'_>) -> Result<String, Stop> {
        match (item, item.value()) {
            (Item::Undefined, _) => Ok(String::new()),
            (Item::Ref(_) | Item::Own(_), Value::Null) => Ok(String::new()),
            (_, Value::String(text)) => Ok(text.to_string()),
            (_, Value::Number(number)) => {
                self.budget.write(item.value().size())?;
                Ok(plain(number))
            }
            _ if self.dialect == Dialect::JavaScript => javascript::text(item, self.budget),
            (_, other) => Err(Stop::new(format!(
                "a path must be a text, as `document.status`, and here it is {}",
                strict::kind(other)
            ))),
        }
    }

    fn each<'a>(
        &mut self,
        each: Each,
        list_of: &'a Node,
        body: &'a Node,
        place: u32,
        data: Data<'a>,
    ) -> Answer<'a> {
        let whole = self.eval(list_of, data)?;
        let Some(items) = whole.value().as_elements() else {
            return match (self.dialect, each) {
                (Dialect::Strict, _) => Err(strict::no_list(whole.value()).at(place)),
                (_, Each::Map | Each::Filter) => Ok(Item::Own(Value::array([]))),
                (_, Each::None) => Ok(true.into()),
                (_, Each::All | Each::Some) => Ok(false.into()),
            };
        };
        let mut kept = Vec::new();
        if matches!(each, Each::Map | Each::Filter) {
            self.budget.list(items.len()).map_err(|spent| Stop::from(spent).at(place))?;
        }
        for item in items {
            let answer = self.eval(body, Data::Value(item))?;
            if each == Each::Map {
                kept.push(answer.into_value());
                continue;
            }
            let holds = self.truth(&answer, place)?;
            match each {
                Each::Filter if holds => kept.push(item.clone()),
                Each::All if !holds => return Ok(false.into()),
                Each::None if holds => return Ok(false.into()),
                Each::Some if holds => return Ok(true.into()),
                _ => {}
            }
        }
        match each {
            Each::Map | Each::Filter => list(kept).map_err(|stop| stop.at(place)),
            // JSON Logic: all of nothing is not so.
            Each::All => Ok((!items.is_empty()).into()),
            Each::None => Ok(true.into()),
            Each::Some => Ok(false.into()),
        }
    }

    fn reduce<'a>(
        &mut self,
        (list_of, body, first): &'a (Node, Node, Node),
        place: u32,
        data: Data<'a>,
    ) -> Answer<'a> {
        let whole = self.eval(list_of, data)?;
        let mut so_far = self.eval(first, data)?.detached();
        let Some(items) = whole.value().as_elements() else {
            return match self.dialect {
                Dialect::Strict => Err(strict::no_list(whole.value()).at(place)),
                Dialect::JavaScript => Ok(so_far),
            };
        };
        let (accumulator, current) = (Value::from("accumulator"), Value::from("current"));
        for item in items {
            self.budget.step(1).map_err(|spent| Stop::from(spent).at(place))?;
            let scope = Value::object([
                (accumulator.clone(), so_far.into_value()),
                (current.clone(), item.clone()),
            ]);
            so_far = self.eval(body, Data::Value(&scope))?.detached();
        }
        Ok(so_far)
    }

    fn apply<'a>(&mut self, op: Op, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        match op {
            Op::Missing => return self.missing(nodes, data),
            Op::MissingSome => return self.missing_some(nodes, data),
            Op::Merge => return self.merge(nodes, data),
            Op::Log => return self.argument(nodes, 0, data),
            Op::Truth => return Ok(self.argument(nodes, 0, data)?.is_true().into()),
            _ => {}
        }
        match self.dialect {
            Dialect::Strict => self.strict(op, nodes, data),
            Dialect::JavaScript => self.javascript(op, nodes, data),
        }
    }

    pub(super) fn argument<'a>(
        &mut self,
        nodes: &'a [Node],
        at: usize,
        data: Data<'a>,
    ) -> Answer<'a> {
        nodes.get(at).map_or(Ok(Item::Undefined), |node| self.eval(node, data))
    }

    /// The paths at which there is nothing, null or an empty text. A list as first argument is taken for all of them.
    fn missing<'a>(&mut self, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        let mut paths = Vec::with_capacity(nodes.len());
        for node in nodes {
            paths.push(self.eval(node, data)?);
        }
        let mut missing = Vec::new();
        match paths.split_first() {
            Some((first, _)) if first.value().as_elements().is_some() => {
                for path in first.value().as_elements().unwrap_or_default() {
                    self.is_missing(&Item::Ref(path), data, &mut missing)?;
                }
            }
            _ => {
                for path in &paths {
                    self.is_missing(path, data, &mut missing)?;
                }
            }
        }
        list(missing)
    }

    fn is_missing(
        &mut self,
        path: &Item<'_>,
        data: Data<'_>,
        missing: &mut Vec<Value>,
    ) -> Result<(), Stop> {
        self.budget.step(1)?;
        let text = self.path(path)?;
        let found = self.find(&text, data)?;
        let value = found.as_ref().map_or(&Value::Null, Item::value);
        self.tell(&text, value, data);
        if matches!(value, Value::Null) || value.as_str() == Some("") {
            self.budget.list(1)?;
            missing.push(path.value().clone());
        }
        Ok(())
    }

    /// None of the paths if enough of them have something, else those that have not.
    fn missing_some<'a>(&mut self, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        let needed = self.argument(nodes, 0, data)?;
        let paths = self.argument(nodes, 1, data)?;
        let (Some(needed), Some(list_of)) =
            (needed.value().as_number(), paths.value().as_elements())
        else {
            return Err(Stop::new("takes a number, how many are needed, and a list of paths"));
        };
        let mut missing = Vec::new();
        for path in list_of {
            self.is_missing(&Item::Ref(path), data, &mut missing)?;
        }
        let there = crate::value::Number::from(list_of.len().saturating_sub(missing.len()));
        list(if there >= *needed { Vec::new() } else { missing })
    }

    /// One list of all: the items of those that are lists, and the others.
    fn merge<'a>(&mut self, nodes: &'a [Node], data: Data<'a>) -> Answer<'a> {
        let mut all = Vec::new();
        for node in nodes {
            let part = self.eval(node, data)?;
            match part.value().as_elements() {
                Some(items) => {
                    self.budget.list(items.len())?;
                    all.extend(items.iter().cloned());
                }
                None => {
                    self.budget.list(1)?;
                    all.push(part.into_value());
                }
            }
        }
        list(all)
    }
}

/// The longest text whose comparison costs no steps: that of [`Value::is_short`].
const SHORT: usize = 64;

/// The value of a constant, or of a path at which there is one.
fn known<'a>(node: &'a Node, data: Data<'a>) -> Option<&'a Value> {
    match &node.code {
        Code::Literal(value) => Some(value),
        Code::Var(read, _) => {
            let mut at = data;
            for key in &read.keys {
                at = at.part(&key.name)?;
            }
            if let Data::Value(value) = at { Some(value) } else { None }
        }
        _ => None,
    }
}

fn list<'a>(items: Vec<Value>) -> Answer<'a> {
    Ok(Item::Own(made(Value::array(items))?))
}
