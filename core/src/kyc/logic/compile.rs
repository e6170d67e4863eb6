//! Reads a rule: once, when a definition is loaded, so that what cannot be evaluated is told then and not in the middle of a case.

use super::code::{Code, METHOD, Node, OPERATORS, Op, Operator, Read};
use super::decimal::plain;
use super::{Dialect, GuardError};
use crate::near::nearest;
use crate::value::Value;

/// How deep a rule may nest.
pub const NESTING: u32 = 100;

/// How many parts a rule may have.
pub const PARTS: usize = 20_000;

/// Reads a rule.
pub(super) struct Compiler {
    pub(super) dialect: Dialect,
    pub(super) places: Vec<Place>,
}

/// Where a part stands: within another, and how it is reached from there.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) within: Option<u32>,
    pub(super) step: Step,
}

/// How a part is reached.
#[derive(Debug)]
pub(super) enum Step {
    Operator(Box<str>),
    Item(usize),
}

/// The path to a place, as `and/1/<`.
pub(super) fn path(places: &[Place], place: Option<u32>) -> String {
    let mut steps = Vec::new();
    let mut at = place;
    while let Some(found) = at.and_then(|at| places.get(usize::try_from(at).ok()?)) {
        steps.push(match &found.step {
            Step::Operator(name) => name.to_string(),
            Step::Item(item) => item.to_string(),
        });
        at = found.within;
    }
    steps.reverse();
    if steps.is_empty() { "rule".to_owned() } else { steps.join("/") }
}

impl Compiler {
    pub(super) fn rule(&mut self, rule: &Value) -> Result<Node, GuardError> {
        if rule.depth() > 2 * NESTING {
            return Err(self.refusal(None, format!("nests deeper than {NESTING} operators")));
        }
        self.node(rule, None, 0)
    }

    fn node(&mut self, rule: &Value, within: Option<u32>, deep: u32) -> Result<Node, GuardError> {
        if deep > NESTING {
            return Err(self.refusal(within, format!("nests deeper than {NESTING} operators")));
        }
        let code = match rule {
            Value::Object(object) => match object.as_slice() {
                [(Value::String(name), arguments)] => {
                    return self.operation(name, arguments, within, deep);
                }
                _ if self.dialect == Dialect::JavaScript => Code::Literal(rule.clone()),
                pairs => {
                    let message = format!(
                        "an object of a rule has one key, which is its operator, and this one has {}",
                        pairs.len()
                    );
                    return Err(self.refusal(within, message));
                }
            },
            Value::Array(items) => list(self.nodes(items, within, deep)?, rule),
            scalar => Code::Literal(scalar.clone()),
        };
        // A constant has no place of its own: nothing goes wrong in it.
        Ok(Node { place: within.unwrap_or(0), code })
    }

    fn nodes(
        &mut self,
        items: &[Value],
        within: Option<u32>,
        deep: u32,
    ) -> Result<Vec<Node>, GuardError> {
        let mut nodes = Vec::with_capacity(items.len().min(PARTS));
        for (at, item) in items.iter().enumerate() {
            // Only what may go wrong needs to know where it stands.
            let place = match item {
                Value::Object(_) | Value::Array(_) => Some(self.place(within, Step::Item(at))?),
                _ => within,
            };
            nodes.push(self.node(item, place, deep + 1)?);
        }
        Ok(nodes)
    }

    fn place(&mut self, within: Option<u32>, step: Step) -> Result<u32, GuardError> {
        let place = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        if self.places.len() >= PARTS {
            return Err(self.refusal(within, format!("has more than {PARTS} parts")));
        }
        self.places.push(Place { within, step });
        Ok(place)
    }

    fn operation(
        &mut self,
        name: &str,
        arguments: &Value,
        within: Option<u32>,
        deep: u32,
    ) -> Result<Node, GuardError> {
        let found = OPERATORS.iter().find(|(known, ..)| *known == name);
        let Some((_, operator, least, most)) = found.filter(|(known, ..)| *known != METHOD) else {
            return Err(self.refusal(within, unknown(name)));
        };
        let place = self.place(within, Step::Operator(name.into()))?;
        // `{"var": "a"}` is short for `{"var": ["a"]}`.
        let mut nodes = match arguments {
            Value::Array(items) => self.nodes(items, Some(place), deep)?,
            single => vec![self.node(single, Some(place), deep + 1)?],
        };
        let strict = self.dialect == Dialect::Strict;
        if strict && !(*least..=*most).contains(&nodes.len()) {
            return Err(self.refusal(Some(place), arity(*least, *most, nodes.len())));
        }
        if !strict && matches!(operator, Operator::Apply(Op::Multiply)) && nodes.is_empty() {
            return Err(self.refusal(Some(place), arity(*least, *most, 0)));
        }
        let code = match operator {
            Operator::If => Code::If(nodes),
            Operator::And => Code::And(nodes),
            Operator::Or => Code::Or(nodes),
            Operator::Apply(op) => Code::Apply(*op, nodes),
            _ => {
                let mut rest = nodes.drain(..);
                let mut next = || rest.next();
                let missing =
                    |node: Option<Node>| node.unwrap_or(Node { place, code: Code::Undefined });
                match operator {
                    Operator::Each(each) => {
                        Code::Each(*each, Box::new((missing(next()), missing(next()))))
                    }
                    Operator::Reduce => {
                        let (list, body) = (missing(next()), missing(next()));
                        let null = Node { place, code: Code::Literal(Value::Null) };
                        Code::Reduce(Box::new((list, body, next().unwrap_or(null))))
                    }
                    _ => {
                        let (path, default) = (next(), next().map(Box::new));
                        self.variable(path, default, place)?
                    }
                }
            }
        };
        Ok(Node { place, code })
    }

    fn variable(
        &self,
        path: Option<Node>,
        default: Option<Box<Node>>,
        place: u32,
    ) -> Result<Code, GuardError> {
        let Some(node) = path else { return Ok(Code::Var(Read::new(""), default)) };
        let read = match &node.code {
            Code::Literal(Value::String(text)) => Read::new(text),
            Code::Literal(Value::Null) => Read::new(""),
            Code::Literal(Value::Number(number)) => Read::new(&plain(number)),
            Code::Literal(_) if self.dialect == Dialect::Strict => {
                return Err(
                    self.refusal(Some(place), "the path must be a text, as `document.status`")
                );
            }
            _ => return Ok(Code::Lookup(Box::new(node), default)),
        };
        Ok(Code::Var(read, default))
    }

    fn refusal(&self, place: Option<u32>, message: impl Into<String>) -> GuardError {
        let message = message.into();
        GuardError { place: path(&self.places, place), message, exhausted: None }
    }
}

/// A list whose items are all constants is one.
fn list(nodes: Vec<Node>, rule: &Value) -> Code {
    let constant = nodes.iter().all(|node| matches!(node.code, Code::Literal(_)));
    if constant { Code::Literal(rule.clone()) } else { Code::List(nodes) }
}

fn unknown(name: &str) -> String {
    if name == METHOD {
        return "`method` calls into JavaScript and is not taken; say what it does with other operators"
            .to_owned();
    }
    let shown: String = name.chars().take(64).collect();
    match nearest(name, OPERATORS.iter().map(|(known, ..)| *known)) {
        Some(near) => format!("there is no operator `{shown}`; `{near}` is near"),
        None => format!("there is no operator `{shown}`"),
    }
}

fn arity(least: usize, most: usize, found: usize) -> String {
    let wanted = match (least, most) {
        (least, most) if least == most => least.to_string(),
        (least, usize::MAX) => format!("at least {least}"),
        (least, most) => format!("{least} to {most}"),
    };
    format!("takes {wanted} arguments and is given {found}")
}

#[cfg(test)]
#[path = "compile_tests.rs"]
mod tests;
