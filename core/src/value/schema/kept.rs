//! A schema of what changes in parts: of an object that was as the schema has it, only the members that changed are looked at.

use std::sync::Arc;

use super::super::{Object, Value, length};
use super::node::Node;
use super::{Schema, validate};

/// How often the nodes are walked for what they take: each reference to what stands before it needs one walk more.
const WALKS: usize = 8;

/// The steps for each byte of a value that a node takes by itself: its keywords but lists of choices and of patterns take no more.
const OWN: u64 = 12;

/// A schema, and what is known of it before there is a document.
#[derive(Debug)]
pub(crate) struct Kept {
    schema: Schema,
    /// No fewer steps than it takes for each byte of a document; none where it goes round in circles, or looks across the members of the whole.
    rate: Option<u64>,
}

impl Kept {
    pub(crate) fn new(schema: Schema) -> Self {
        let is_by_member = schema.nodes.first().is_some_and(Node::is_by_member);
        let rate = if is_by_member { rate(&schema.nodes) } else { None };
        Self { schema, rate }
    }

    pub(crate) const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// No fewer steps than [`Schema::validate`] takes for the document.
    pub(crate) fn most(&self, document: &Value) -> u64 {
        let bytes = document.size().saturating_add(1);
        self.rate.map_or(u64::MAX, |rate| rate.saturating_mul(bytes))
    }

    /// Whether nothing is wrong with an object, if nothing was before: it has the same members, and those of another value are as they have to be.
    /// If not, and also where members alone do not tell, the whole has to be looked at.
    pub(crate) fn still_holds(&self, before: &Object, now: &Object) -> bool {
        let members = || before.iter().zip(now.iter());
        self.rate.is_some()
            && before.len() == now.len()
            && members().all(|((old_name, old), (name, value))| {
                is_same(old_name, name) && (is_same(old, value) || self.admits(name, value))
            })
    }

    fn admits(&self, name: &Value, member: &Value) -> bool {
        name.as_str().is_some_and(|name| validate::admits(&self.schema.nodes, name, member))
    }
}

/// Whether two values are the same, where that is told at a glance.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(a), Value::String(b)) if Arc::ptr_eq(a, b) => true,
        (Value::Array(one), Value::Array(other)) => Arc::ptr_eq(one, other),
        (Value::Object(one), Value::Object(other)) => Arc::ptr_eq(one, other),
        (Value::Set(one), Value::Set(other)) => Arc::ptr_eq(one, other),
        _ => one.is_short() && one == other,
    }
}

/// The steps for each byte of a document, and one byte more, that the nodes take at most.
///
/// INVARIANT: what a node is asked of more than once are parts of a value, and the bytes of a value are no fewer than those of its parts, with one
/// more for each. So a node takes its own steps, and those of each node that it asks, once for each byte.
fn rate(nodes: &[Node]) -> Option<u64> {
    let mut rates = vec![None; nodes.len()];
    for _ in 0..WALKS {
        for (at, node) in nodes.iter().enumerate().rev() {
            let lists = node.choices.as_ref().map_or(0, Vec::len);
            let lists = lists.saturating_add(node.object.patterns.len());
            let own = OWN.saturating_add(length(lists));
            let all = node
                .asked()
                .try_fold(own, |sum: u64, asked| Some(sum.saturating_add((*rates.get(asked)?)?)));
            if let Some(rate) = rates.get_mut(at) {
                *rate = all;
            }
        }
        if let Some(Some(rate)) = rates.first() {
            return Some(*rate);
        }
    }
    None
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
