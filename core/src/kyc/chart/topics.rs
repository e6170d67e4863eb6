//! Names of events as transitions know them: every descriptor of a chart gets a number, so that matching compares numbers.
//!
//! The descriptors that match an event are the beginnings of its name, token by token. Sorted by their tokens, those that begin with one
//! stand behind it in a row: a descriptor matches if the longest one that matches stands within its row.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The descriptors of a chart.
#[derive(Debug, Default)]
pub(super) struct Topics {
    /// Sorted by their tokens, without `.*`; the number of one is its place, from one. Zero is `*`.
    names: Box<[Box<str>]>,
    /// Their numbers, by what is quicker to compare: whole names.
    numbers: BTreeMap<Box<str>, u32>,
}

/// A descriptor of a transition: the topics that it matches, `first..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    first: u32,
    end: u32,
}

impl Row {
    pub(super) const fn holds(self, topic: u32) -> bool {
        self.first <= topic && topic < self.end
    }
}

/// The descriptor without its wildcard; `*` is empty.
pub(super) fn stem(descriptor: &str) -> &str {
    if descriptor == "*" {
        return "";
    }
    let stem = descriptor.strip_suffix(".*").unwrap_or(descriptor);
    stem.strip_suffix('.').unwrap_or(stem)
}

impl Topics {
    /// Of the stems of descriptors.
    pub(super) fn new<'a>(stems: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<Box<str>> =
            stems.filter(|stem| !stem.is_empty()).map(Box::from).collect();
        names.sort_by(|a, b| by_tokens(a, b));
        names.dedup();
        let numbers = (1..).zip(&names).map(|(number, name)| (name.clone(), number)).collect();
        Self { names: names.into(), numbers }
    }

    /// The topics that a stem matches.
    pub(super) fn row(&self, stem: &str) -> Row {
        if stem.is_empty() {
            return Row { first: 0, end: u32::MAX };
        }
        let Some(first) = self.numbers.get(stem).copied() else { return Row { first: 0, end: 0 } };
        let at = usize::try_from(first).unwrap_or(usize::MAX).saturating_sub(1);
        let behind = self.names.get(at..).unwrap_or_default();
        let begins = |name: &str| {
            name.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let length = behind.partition_point(|name| begins(name));
        Row { first, end: number(at.saturating_add(length).saturating_add(1)) }
    }

    /// The topic of an event: the longest descriptor that its name begins with.
    pub(super) fn of(&self, event: &str) -> u32 {
        let mut name = event;
        loop {
            if let Some(number) = self.numbers.get(name) {
                return *number;
            }
            match name.rsplit_once('.') {
                Some((shorter, _)) => name = shorter,
                None => return 0,
            }
        }
    }
}

/// The order of two lists of tokens: that of their bytes, if a dot is less than any other. Names have no control characters.
fn by_tokens(one: &str, other: &str) -> Ordering {
    let rank = |byte: u8| if byte == b'.' { 0 } else { byte };
    one.bytes().map(rank).cmp(other.bytes().map(rank))
}

/// INVARIANT: a chart's descriptors are counted, and far fewer.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "topics_tests.rs"]
mod tests;
