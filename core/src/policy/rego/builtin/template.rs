//! `strings.render_template`: a template of Go's `text/template` with the values of an object.
//!
//! Numbers of the object are texts there, as OPA hands them over: no zero is false, and none is compared with a number that stands in
//! the template.

use std::cmp::Ordering;
use std::rc::Rc;

use super::gofmt::Arg;
use super::template_syntax::{Base, Kind, Node, Operand, Pipe, parse};
use super::{Builtin, Context, Exhausted, Fault, object, operand, string};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[Builtin::new("strings.render_template", 2, render)];

fn render(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let text = string(args, 1)?;
    object(args, 2)?;
    let nodes = context.cached("template", text, |context| {
        context.charge(text.len())?;
        context.allocate(text.len().saturating_mul(64))?;
        parse(text)
    })?;
    let data = Item::Data(operand(args, 2)?.clone());
    let names = vec![(String::new(), data.clone())];
    let mut run = Run { context, names, out: String::new() };
    run.nodes(&nodes, &data)?;
    // What Go says of nothing is what OPA says of it.
    Ok(Some(run.out.replace("<no value>", "<undefined>").into()))
}

/// A value in a template.
#[derive(Clone, Debug)]
enum Item {
    /// Of the object.
    Data(Value),
    /// Of the template.
    Int(i64),
    /// There is none.
    Missing,
}

/// How a block goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

struct Run<'a, 'c> {
    context: &'a mut Context<'c>,
    names: Vec<(String, Item)>,
    out: String,
}

fn wrong(what: impl Into<String>) -> Fault {
    Fault::Builtin(format!("template: {}", what.into()))
}

impl Run<'_, '_> {
    fn write(&mut self, text: &str) -> Result<(), Fault> {
        self.context.charge(1 + text.len() / 16)?;
        self.context.allocate(text.len())?;
        self.out.push_str(text);
        Ok(())
    }

    // INVARIANT: templates nest no deeper than their syntax allows, and so does this.
    fn nodes(&mut self, nodes: &[Node], dot: &Item) -> Result<Flow, Fault> {
        for node in nodes {
            self.context.charge(1)?;
            match node {
                Node::Text(text) => self.write(text)?,
                Node::Show(pipe) => {
                    let item = self.pipe(pipe, dot)?;
                    if pipe.names.is_empty() {
                        let text = item.text();
                        self.write(&text)?;
                    }
                }
                Node::Break => return Ok(Flow::Break),
                Node::Continue => return Ok(Flow::Continue),
                Node::Block { kind, pipe, body, other } => {
                    let known = self.names.len();
                    let flow = self.block(*kind, pipe, body, other, dot);
                    self.names.truncate(known);
                    match flow? {
                        Flow::Next => {}
                        flow => return Ok(flow),
                    }
                }
            }
        }
        Ok(Flow::Next)
    }

    fn block(
        &mut self,
        kind: Kind,
        pipe: &Pipe,
        body: &[Node],
        other: &[Node],
        dot: &Item,
    ) -> Result<Flow, Fault> {
        if kind == Kind::Range {
            return self.range(pipe, body, other, dot);
        }
        let item = self.pipe(pipe, dot)?;
        match (item.holds(), kind) {
            (true, Kind::With) => self.nodes(body, &item),
            (true, _) => self.nodes(body, dot),
            (false, _) => self.nodes(other, dot),
        }
    }

    fn range(
        &mut self,
        pipe: &Pipe,
        body: &[Node],
        other: &[Node],
        dot: &Item,
    ) -> Result<Flow, Fault> {
        let commands = &pipe.commands;
        let all = self.commands(commands, dot)?;
        let known = self.names.len();
        let length = all.range_length();
        self.context.charge(length)?;
        self.context.allocate(length.saturating_mul(64))?;
        let pairs = all.pairs()?;
        if let (Item::Int(int), [_, _]) = (&all, pipe.names.as_slice()) {
            return Err(wrong(format!("can't use {int} to iterate over more than one variable")));
        }
        if pairs.is_empty() {
            return self.nodes(other, dot);
        }
        for (key, item) in pairs {
            match pipe.names.as_slice() {
                [one] => self.set(one, item.clone(), pipe.assigns)?,
                [one, two] => {
                    self.set(one, key, pipe.assigns)?;
                    self.set(two, item.clone(), pipe.assigns)?;
                }
                [] => {}
                _ => return Err(wrong("too many declarations in range")),
            }
            let flow = self.nodes(body, &item)?;
            self.names.truncate(known);
            if flow == Flow::Break {
                break;
            }
        }
        Ok(Flow::Next)
    }

    fn pipe(&mut self, pipe: &Pipe, dot: &Item) -> Result<Item, Fault> {
        let item = self.commands(&pipe.commands, dot)?;
        for name in &pipe.names {
            self.set(name, item.clone(), pipe.assigns)?;
        }
        Ok(item)
    }

    fn set(&mut self, name: &str, item: Item, assigns: bool) -> Result<(), Fault> {
        if !assigns {
            self.context.allocate(64)?;
            self.names.push((name.to_owned(), item));
            return Ok(());
        }
        let found = self.names.iter_mut().rev().find(|(known, _)| known == name);
        found.ok_or_else(|| wrong(format!("undefined variable \"${name}\"")))?.1 = item;
        Ok(())
    }

    fn commands(&mut self, commands: &[Vec<Operand>], dot: &Item) -> Result<Item, Fault> {
        let mut last = None;
        for command in commands {
            self.context.charge(1)?;
            last = Some(self.command(command, last, dot)?);
        }
        last.ok_or_else(|| wrong("missing value for command"))
    }

    fn command(
        &mut self,
        command: &[Operand],
        last: Option<Item>,
        dot: &Item,
    ) -> Result<Item, Fault> {
        match command.split_first() {
            Some((Operand { base: Base::Function(name), fields }, args)) if fields.is_empty() => {
                self.call(name, args, last, dot)
            }
            Some((Operand { base: Base::Nil, .. }, [])) => Err(wrong("nil is not a command")),
            Some((one, [])) if last.is_none() => self.operand(one, dot),
            _ => Err(wrong("can't give argument to non-function")),
        }
    }

    fn operand(&mut self, operand: &Operand, dot: &Item) -> Result<Item, Fault> {
        let mut item = match &operand.base {
            Base::Dot => dot.clone(),
            Base::Nil => Item::Missing,
            Base::Bool(value) => Item::Data(Value::Bool(*value)),
            Base::Int(int) => Item::Int(*int),
            Base::Text(text) => Item::Data(Value::string(text)),
            Base::Variable(name) => {
                let found = self.names.iter().rev().find(|(known, _)| known == name);
                found.ok_or_else(|| wrong(format!("undefined variable \"${name}\"")))?.1.clone()
            }
            Base::Function(name) => self.call(name, &[], None, dot)?,
            Base::Pipe(pipe) => self.pipe(pipe, dot)?,
        };
        for name in &operand.fields {
            item = item.field(name)?;
        }
        Ok(item)
    }

    fn call(
        &mut self,
        name: &str,
        args: &[Operand],
        last: Option<Item>,
        dot: &Item,
    ) -> Result<Item, Fault> {
        let bool = |value| Ok(Item::Data(Value::Bool(value)));
        if matches!(name, "and" | "or") {
            // What decides ends it: the rest is not looked at.
            let mut found = None;
            for arg in args {
                let item = self.operand(arg, dot)?;
                if item.holds() == (name == "or") {
                    return Ok(item);
                }
                found = Some(item);
            }
            return last.or(found).ok_or_else(|| wrong(format!("wrong number of args for {name}")));
        }
        let mut items = Vec::with_capacity(args.len());
        for arg in args {
            items.push(self.operand(arg, dot)?);
        }
        items.extend(last);
        match (name, items.as_slice()) {
            ("not", [one]) => bool(!one.holds()),
            ("len", [one]) => one.length(),
            ("index", [all, keys @ ..]) => {
                keys.iter().try_fold(all.clone(), |all, key| all.at(key))
            }
            ("eq", [one, others @ ..]) if !others.is_empty() => {
                for other in others {
                    if one.same(other)? {
                        return bool(true);
                    }
                }
                bool(false)
            }
            ("ne", [one, other]) => bool(!one.same(other)?),
            ("lt", [one, other]) => bool(one.order(other)? == Ordering::Less),
            ("le", [one, other]) => bool(one.order(other)? != Ordering::Greater),
            ("gt", [one, other]) => bool(one.order(other)? == Ordering::Greater),
            ("ge", [one, other]) => bool(one.order(other)? != Ordering::Less),
            ("print" | "println" | "printf", _) => self.print(name, &items),
            ("not" | "len" | "index" | "eq" | "ne" | "lt" | "le" | "gt" | "ge", _) => {
                Err(wrong(format!("wrong number of args for {name}")))
            }
            _ => Err(wrong(format!("function {name:?} not defined"))),
        }
    }

    fn print(&mut self, name: &str, items: &[Item]) -> Result<Item, Fault> {
        let texts: Vec<Rc<str>> = items.iter().map(Item::plain).collect();
        let length = texts.iter().map(|text| text.len() + 1).sum::<usize>();
        self.context.charge(1 + length / 16)?;
        self.context.allocate(length)?;
        let text = match (name, texts.as_slice()) {
            ("println", texts) => texts.join(" ") + "\n",
            ("printf", [format, rest @ ..]) => {
                let values = items.get(1..).unwrap_or_default().iter().zip(rest);
                let args: Vec<Arg> = values
                    .map(|(item, text)| match item {
                        Item::Int(int) => Arg::Int(*int),
                        _ => Arg::Text(text.to_string()),
                    })
                    .collect();
                super::sprintf::format(self.context, format, &args)?
            }
            ("printf", []) => return Err(wrong("wrong number of args for printf")),
            (_, texts) => {
                let mut joined = String::new();
                for (at, text) in texts.iter().enumerate() {
                    let words = |at: usize| items.get(at).is_some_and(Item::is_text);
                    // Between two that are no texts, a space.
                    if at > 0 && !words(at) && !words(at - 1) {
                        joined.push(' ');
                    }
                    joined.push_str(text);
                }
                joined
            }
        };
        Ok(Item::Data(text.into()))
    }
}

impl Item {
    fn holds(&self) -> bool {
        match self {
            Self::Missing | Self::Data(Value::Null) => false,
            Self::Int(int) => *int != 0,
            Self::Data(Value::Bool(value)) => *value,
            Self::Data(Value::String(text)) => !text.is_empty(),
            Self::Data(Value::Number(_)) => true,
            Self::Data(all) => !all.is_empty(),
        }
    }

    fn is_text(&self) -> bool {
        matches!(self, Self::Data(Value::String(_) | Value::Number(_)))
    }

    /// A text, or a number of the object.
    fn word(&self) -> Option<Rc<str>> {
        self.is_text().then(|| self.plain())
    }

    /// As it is shown by itself.
    fn text(&self) -> Rc<str> {
        match self {
            Self::Missing | Self::Data(Value::Null) => "<no value>".into(),
            item => item.plain(),
        }
    }

    fn plain(&self) -> Rc<str> {
        match self {
            Self::Missing => "<nil>".into(),
            Self::Int(int) => int.to_string().into(),
            Self::Data(Value::String(text)) => Rc::from(&**text),
            Self::Data(value) => {
                let mut out = String::new();
                show(value, &mut out);
                out.into()
            }
        }
    }

    fn field(&self, name: &str) -> Result<Self, Fault> {
        match self {
            Self::Missing | Self::Data(Value::Null) => Ok(Self::Missing),
            Self::Data(Value::Object(object)) => {
                Ok(object.get_str(name).map_or(Self::Missing, |value| Self::Data(value.clone())))
            }
            item => Err(wrong(format!("can't evaluate field {name} in type {}", item.kind()))),
        }
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Missing | Self::Data(Value::Null) => "interface {}",
            Self::Int(_) => "int",
            Self::Data(Value::Bool(_)) => "bool",
            Self::Data(Value::Number(_)) => "json.Number",
            Self::Data(Value::String(_)) => "string",
            Self::Data(Value::Array(_) | Value::Set(_)) => "[]interface {}",
            Self::Data(Value::Object(_)) => "map[string]interface {}",
        }
    }

    fn length(&self) -> Result<Self, Fault> {
        let length = match self {
            Self::Data(Value::String(_) | Value::Number(_)) => self.plain().len(),
            Self::Data(all @ (Value::Array(_) | Value::Set(_) | Value::Object(_))) => all.len(),
            item => return Err(wrong(format!("error calling len: len of type {}", item.kind()))),
        };
        Ok(Self::Int(i64::try_from(length).unwrap_or(i64::MAX)))
    }

    fn at(&self, key: &Self) -> Result<Self, Fault> {
        match (self, key) {
            (Self::Data(Value::Object(object)), Self::Data(Value::String(name))) => {
                Ok(object.get_str(name).map_or(Self::Missing, |value| Self::Data(value.clone())))
            }
            (Self::Data(Value::Array(_) | Value::Set(_)), Self::Int(at)) => {
                let items = if let Self::Data(all) = self { all.as_elements() } else { None };
                let found = usize::try_from(*at).ok().and_then(|at| items?.get(at));
                let found = found
                    .ok_or_else(|| wrong(format!("error calling index: index out of range: {at}")));
                Ok(Self::Data(found?.clone()))
            }
            // A byte of a text.
            (Self::Data(Value::String(_) | Value::Number(_)), Self::Int(_)) => {
                Err(Exhausted::Unsupported.into())
            }
            (Self::Missing | Self::Data(Value::Null), _) => {
                Err(wrong("error calling index: index of untyped nil"))
            }
            (item, key) => Err(wrong(format!(
                "error calling index: can't index item of type {} with {}",
                item.kind(),
                key.kind()
            ))),
        }
    }

    fn same(&self, other: &Self) -> Result<bool, Fault> {
        let missing = |item: &Self| matches!(item, Self::Missing | Self::Data(Value::Null));
        match (self, other) {
            _ if missing(self) || missing(other) => Ok(missing(self) && missing(other)),
            (Self::Data(Value::Bool(a)), Self::Data(Value::Bool(b))) => Ok(a == b),
            _ => Ok(self.order(other)? == Ordering::Equal),
        }
    }

    fn order(&self, other: &Self) -> Result<Ordering, Fault> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Ok(a.cmp(b)),
            _ => match (self.word(), other.word()) {
                (Some(a), Some(b)) => Ok(a.cmp(&b)),
                _ => Err(wrong("incompatible types for comparison")),
            },
        }
    }

    fn range_length(&self) -> usize {
        match self {
            Self::Int(int) => usize::try_from(*int).unwrap_or(0),
            Self::Data(all) => all.len(),
            Self::Missing => 0,
        }
    }

    /// What a range goes through.
    fn pairs(&self) -> Result<Vec<(Self, Self)>, Fault> {
        let int = |at: usize| Self::Int(i64::try_from(at).unwrap_or(i64::MAX));
        Ok(match self {
            Self::Missing | Self::Data(Value::Null) => Vec::new(),
            Self::Data(all @ (Value::Array(_) | Value::Set(_))) => {
                let items = all.as_elements().unwrap_or_default().iter().enumerate();
                items.map(|(at, item)| (int(at), Self::Data(item.clone()))).collect()
            }
            Self::Data(Value::Object(object)) => {
                let pair = |(key, value): (&Value, &Value)| {
                    let key = key.as_str().map_or_else(|| key.to_json().into(), Value::from);
                    (Self::Data(key), Self::Data(value.clone()))
                };
                object.iter().map(pair).collect()
            }
            Self::Int(int) => (0..*int).map(|at| (Self::Int(at), Self::Int(at))).collect(),
            item => return Err(wrong(format!("range can't iterate over {}", item.plain()))),
        })
    }
}

/// As Go's `%v` writes it.
// INVARIANT: values nest no deeper than `DEPTH`, and so does this.
fn show(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("<nil>"),
        Value::String(text) => out.push_str(text),
        Value::Array(_) | Value::Set(_) => {
            for (at, item) in value.as_elements().unwrap_or_default().iter().enumerate() {
                out.push(if at == 0 { '[' } else { ' ' });
                show(item, out);
            }
            out.push_str(if value.is_empty() { "[]" } else { "]" });
        }
        Value::Object(object) => {
            out.push_str("map[");
            for (at, (key, value)) in object.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { " " });
                show(key, out);
                out.push(':');
                show(value, out);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_json()),
    }
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
