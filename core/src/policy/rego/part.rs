//! What rules with variable keys make together: an object whose leaves are the rules' values.

use std::collections::{BTreeMap, BTreeSet};

use super::value::Value;

/// A leaf is one rule's whole value and takes no more keys; objects and sets take what other rules add.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Leaf(Value),
    Set(BTreeSet<Value>),
    Object(BTreeMap<Value, Part>),
}

/// Rules that contradict one another.
pub(super) struct Conflict;

impl Part {
    /// An object without keys.
    pub(super) const fn empty() -> Self {
        Self::Object(BTreeMap::new())
    }

    /// Adds a rule's value, or a set's element, under keys.
    pub(super) fn insert(&mut self, path: &[Value], leaf: Part) -> Result<(), Conflict> {
        let Some((key, rest)) = path.split_first() else { return self.merge(leaf) };
        let Self::Object(pairs) = self else { return Err(Conflict) };
        match pairs.get_mut(key) {
            Some(part) => part.insert(rest, leaf),
            None => {
                let nested = rest
                    .iter()
                    .rev()
                    .fold(leaf, |part, key| Self::Object(BTreeMap::from([(key.clone(), part)])));
                pairs.insert(key.clone(), nested);
                Ok(())
            }
        }
    }

    /// Adds all of another part.
    pub(super) fn merge(&mut self, other: Self) -> Result<(), Conflict> {
        match (self, other) {
            (Self::Leaf(a), Self::Leaf(b)) if *a == b => Ok(()),
            (Self::Set(a), Self::Set(b)) => {
                a.extend(b);
                Ok(())
            }
            (Self::Object(a), Self::Object(b)) => {
                for (key, part) in b {
                    match a.get_mut(&key) {
                        Some(before) => before.merge(part)?,
                        None => _ = a.insert(key, part),
                    }
                }
                Ok(())
            }
            _ => Err(Conflict),
        }
    }

    /// What stands under keys, of a leaf too.
    pub(super) fn at(&self, path: &[Value]) -> Option<Self> {
        let Some((key, rest)) = path.split_first() else { return Some(self.clone()) };
        match self {
            Self::Object(pairs) => pairs.get(key)?.at(rest),
            Self::Leaf(value) => {
                let found = path.iter().try_fold(value, |value, key| value.get(key));
                found.cloned().map(Self::Leaf)
            }
            Self::Set(items) => {
                let item = items.get(key)?;
                let found = rest.iter().try_fold(item, |value, key| value.get(key));
                found.cloned().map(Self::Leaf)
            }
        }
    }

    /// How many leaves and elements it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Leaf(_) => 1,
            Self::Set(items) => items.len(),
            Self::Object(pairs) => pairs.values().map(Self::len).sum(),
        }
    }

    /// The value.
    pub(super) fn value(self) -> Value {
        match self {
            Self::Leaf(value) => value,
            Self::Set(items) => Value::set(items),
            Self::Object(pairs) => {
                Value::object(pairs.into_iter().map(|(key, part)| (key, part.value())))
            }
        }
    }
}
