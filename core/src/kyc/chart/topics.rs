//! Names of events as transitions know them: every descriptor of a chart gets a number, so that matching compares numbers.
//!
//! The descriptors that match an event are the beginnings of its name, token by token. Sorted by their tokens, those that begin with one
//! stand behind it in a row: a descriptor matches if the longest one that matches stands within its row.

use std::cmp::Ordering;
use std::iter;

/// The descriptors of a chart.
#[derive(Debug, Default)]
pub(super) struct Topics {
    /// Sorted by their tokens, without `.*`; the number of one is its place, from one. Zero is `*`.
    names: Box<[Box<str>]>,
    /// The same with their numbers, in an order that is quicker to search: by their lengths, and those of one length by their bytes.
    numbers: Box<[(Box<str>, u32)]>,
}

/// A descriptor of a transition: the topics that it matches, `first..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    first: u32,
    end: u32,
    /// It matches one name, and none that goes on behind it.
    is_whole: bool,
}

/// What an event is: the longest descriptor that its name begins with, and whether its name ends there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Topic {
    number: u32,
    is_whole: bool,
}

impl Row {
    pub(super) const fn holds(self, topic: Topic) -> bool {
        self.first <= topic.number && topic.number < self.end && (topic.is_whole || !self.is_whole)
    }
}

/// The stems of the descriptors that are for an event, the longest first: the beginnings of its name, token by token (SCXML, 3.12.1), and
/// that of `*`.
pub(in crate::kyc) fn stems_for(event: &str) -> impl Iterator<Item = &str> {
    iter::successors(Some(event), |name| {
        let shorter = || name.rsplit_once('.').map_or("", |(shorter, _)| shorter);
        (!name.is_empty()).then(shorter)
    })
}

/// The descriptor without its wildcard; `*` is empty.
pub(in crate::kyc) fn stem(descriptor: &str) -> &str {
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
        let numbers = (1..).zip(&names).map(|(number, name)| (name.clone(), number));
        let mut numbers: Vec<_> = numbers.collect();
        numbers.sort_by(|(one, _), (other, _)| by_length(one, other));
        Self { names: names.into(), numbers: numbers.into() }
    }

    /// The topics that a stem matches.
    pub(super) fn row(&self, stem: &str) -> Row {
        if stem.is_empty() {
            return Row { first: 0, end: u32::MAX, is_whole: false };
        }
        let Some(first) = self.number(stem) else {
            return Row { first: 0, end: 0, is_whole: false };
        };
        let at = usize::try_from(first).unwrap_or(usize::MAX).saturating_sub(1);
        let behind = self.names.get(at..).unwrap_or_default();
        let begins = |name: &str| {
            name.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let length = behind.partition_point(|name| begins(name));
        Row { first, end: number(at.saturating_add(length).saturating_add(1)), is_whole: false }
    }

    /// The one topic that is a name, and of the events of that topic the one that has no longer name.
    pub(super) fn whole(&self, name: &str) -> Row {
        let row = self.row(name);
        Row { end: row.end.min(row.first.saturating_add(1)), is_whole: true, ..row }
    }

    fn number(&self, stem: &str) -> Option<u32> {
        let at = self.numbers.binary_search_by(|(name, _)| by_length(name, stem)).ok()?;
        self.numbers.get(at).map(|(_, number)| *number)
    }

    /// The topic of an event: the longest descriptor that its name begins with.
    pub(super) fn of(&self, event: &str) -> Topic {
        let found = stems_for(event).find_map(|stem| Some((stem, self.number(stem)?)));
        found.map_or(Topic { number: 0, is_whole: false }, |(stem, number)| Topic {
            number,
            is_whole: stem.len() == event.len(),
        })
    }
}

fn by_length(one: &str, other: &str) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
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
