//! What is reachable: the parts of a value, and the nodes of a graph.

use std::collections::{BTreeSet, VecDeque};

use super::elements::elements;
use super::{Builtin, Context, Fault, object, operand};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::relation("walk", 1, walk),
    Builtin::new("graph.reachable", 2, reachable),
    Builtin::new("graph.reachable_paths", 2, paths),
];

/// Every part of a value with its path, itself first.
fn walk(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let mut found = Vec::new();
    let mut path = Vec::new();
    visit(context, operand(args, 1)?, &mut path, &mut found)?;
    Ok(Some(Value::array(found)))
}

// INVARIANT: values nest no deeper than `DEPTH`, and so does this.
fn visit(
    context: &mut Context<'_>,
    value: &Value,
    path: &mut Vec<Value>,
    found: &mut Vec<Value>,
) -> Result<(), Fault> {
    context.charge(1 + path.len() / 4)?;
    context.allocate(path.len().saturating_mul(24).saturating_add(120))?;
    found.push(Value::array([Value::array(path.iter().cloned()), value.clone()]));
    let mut enter = |key: Value, value: &Value| {
        path.push(key);
        let done = visit(context, value, path, found);
        path.pop();
        done
    };
    match value {
        Value::Array(items) => {
            items.iter().enumerate().try_for_each(|(at, item)| enter(at.into(), item))
        }
        Value::Object(object) => object.iter().try_for_each(|(key, item)| enter(key.clone(), item)),
        Value::Set(set) => set.iter().try_for_each(|item| enter(item.clone(), item)),
        _ => Ok(()),
    }
}

/// Where a node leads; what is no collection leads nowhere.
fn edges(value: &Value) -> &[Value] {
    value.as_elements().unwrap_or_default()
}

fn reachable(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let graph = object(args, 1)?;
    let mut queue: VecDeque<&Value> = elements(args, 2, "{array, set}")?.iter().collect();
    let mut reached = BTreeSet::new();
    context.charge(queue.len())?;
    while let Some(node) = queue.pop_front() {
        let Some(next) = graph.get(node) else {
            continue;
        };
        if reached.insert(node) {
            let next = edges(next);
            context.charge(next.len())?;
            context.allocate(next.len().saturating_mul(16))?;
            queue.extend(next);
        }
    }
    Ok(Some(Value::set(reached.into_iter().cloned())))
}

/// A node on a path, where it leads, and how many of those ways were taken.
struct Step<'a> {
    node: &'a Value,
    next: &'a [Value],
    taken: usize,
}

fn paths(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let graph = object(args, 1)?;
    let mut found = Vec::new();
    for node in elements(args, 2, "{array, set}")? {
        context.charge(1)?;
        let Some(next) = graph.get(node).map(edges) else {
            continue;
        };
        if next.is_empty() {
            found.push(Value::array([node.clone()]));
        }
        for neighbour in next {
            // Ways that were gone from one neighbour are not gone again, also where another path would come by: as OPA has it, and its published cases,
            // until its change of April 2026 (pull request 8510).
            let mut reached = BTreeSet::from([node]);
            let mut path = vec![Step { node, next: &[], taken: 0 }];
            go(context, &mut path, neighbour, graph.get(neighbour), &mut found)?;
            while let Some(step) = path.last_mut() {
                let Some(neighbour) = step.next.get(step.taken) else {
                    path.pop();
                    continue;
                };
                step.taken += 1;
                context.charge(1)?;
                if reached.contains(neighbour) {
                    add(context, &path, &mut found)?;
                } else {
                    reached.insert(step.node);
                    go(context, &mut path, neighbour, graph.get(neighbour), &mut found)?;
                }
            }
        }
    }
    Ok(Some(Value::set(found)))
}

/// Steps on a node; where it is not in the graph, or leads nowhere, the path ends.
fn go<'a>(
    context: &mut Context<'_>,
    path: &mut Vec<Step<'a>>,
    node: &'a Value,
    next: Option<&'a Value>,
    found: &mut Vec<Value>,
) -> Result<(), Fault> {
    let Some(next) = next.map(edges) else {
        return add(context, path, found);
    };
    path.push(Step { node, next, taken: 0 });
    if next.is_empty() {
        add(context, path, found)?;
    }
    Ok(())
}

fn add(context: &mut Context<'_>, path: &[Step<'_>], found: &mut Vec<Value>) -> Result<(), Fault> {
    context.charge(path.len())?;
    context.allocate(path.len().saturating_mul(24).saturating_add(64))?;
    found.push(Value::array(path.iter().map(|step| step.node.clone())));
    Ok(())
}

#[cfg(test)]
#[path = "graph_tests.rs"]
mod tests;
