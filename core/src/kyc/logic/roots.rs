//! What of the data an expression can read: the first parts of its paths.

use std::collections::BTreeSet;

use super::code::{Code, Node, Op, Read};
use crate::value::Value;

/// The names that the paths of an expression begin with. What is known when it is compiled is here, and no other name is read unless `is_all`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roots {
    /// The names that are written in it.
    pub names: BTreeSet<Box<str>>,
    /// Whether it can read others, too: a path is computed, or the whole of the data is read.
    pub is_all: bool,
}

impl Roots {
    /// Whether the expression can read what has this name.
    #[must_use]
    pub fn can_be(&self, name: &str) -> bool {
        self.is_all || self.names.contains(name)
    }

    /// Takes a path by its first part; one without parts is the whole.
    pub(in crate::kyc) fn add(&mut self, first: Option<&str>) {
        match first {
            Some(name) => {
                self.names.insert(name.into());
            }
            None => self.is_all = true,
        }
    }

    /// What a part of a rule reads of the data that it is asked of. It nests no deeper than a rule may.
    pub(super) fn walk(&mut self, node: &Node) {
        match &node.code {
            Code::Literal(_) | Code::Undefined => {}
            Code::Var(read, default) => {
                self.read(read);
                default.iter().for_each(|node| self.walk(node));
            }
            Code::Lookup(path, default) => {
                self.is_all = true;
                self.walk(path);
                default.iter().for_each(|node| self.walk(node));
            }
            Code::List(nodes) | Code::If(nodes) | Code::And(nodes) | Code::Or(nodes) => {
                nodes.iter().for_each(|node| self.walk(node));
            }
            // What is asked of each item sees the item, and nothing of the data.
            Code::Each(_, parts) => self.walk(&parts.0),
            Code::Reduce(parts) => {
                self.walk(&parts.0);
                self.walk(&parts.2);
            }
            Code::Apply(Op::Missing | Op::MissingSome, nodes) => {
                for node in nodes {
                    match &node.code {
                        Code::Literal(value) => self.paths(value),
                        _ => {
                            self.is_all = true;
                            self.walk(node);
                        }
                    }
                }
            }
            Code::Apply(_, nodes) => nodes.iter().for_each(|node| self.walk(node)),
        }
    }

    fn read(&mut self, read: &Read) {
        self.add(read.keys.first().map(|key| &*key.name));
    }

    /// The paths that `missing` is given: a list, or one.
    fn paths(&mut self, value: &Value) {
        for path in value.as_elements().unwrap_or(std::slice::from_ref(value)) {
            match path {
                Value::String(text) => self.read(&Read::new(text)),
                // How many `missing_some` needs, or an index that no name of a variable is.
                Value::Number(_) => {}
                _ => self.is_all = true,
            }
        }
    }
}

#[cfg(test)]
#[path = "roots_tests.rs"]
mod tests;
