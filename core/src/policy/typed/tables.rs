//! Thresholds by jurisdiction and day.

use super::facts::{Cell, Facts};
use super::schema::{JURISDICTION, NOW};
use super::test::{Gap, Strict};

/// The thresholds of a program.
#[derive(Debug, Default)]
pub(super) struct Thresholds {
    pub(super) names: Vec<Box<str>>,
    /// Of jurisdictions, sorted by their texts' numbers: the tables, the earliest first.
    pub(super) own: Box<[(u32, Box<[Dated]>)]>,
    /// Where a jurisdiction has none in force.
    pub(super) default: Box<[Dated]>,
}

/// A table and the moment from which on it is in force.
#[derive(Debug)]
pub(super) struct Dated {
    pub(super) from: i64,
    pub(super) entries: Box<[Entry]>,
}

/// A threshold.
#[derive(Debug)]
pub(super) enum Entry {
    One(i128),
    /// The keys' numbers, sorted, their amounts in the same order, and that of all others.
    By(Box<[u32]>, Box<[i128]>, Option<i128>),
}

/// The thresholds in force for some facts, or why there are none.
pub(super) struct Tables<'a>(Result<&'a [Entry], Gap>);

impl Thresholds {
    /// Those in force. That there are none matters only to a rule that asks for one.
    pub(super) fn in_force(&self, facts: &Facts) -> Tables<'_> {
        if self.names.is_empty() {
            return Tables(Err(Gap::NoTable));
        }
        let Cell::Instant(now) = facts.cell(NOW) else { return Tables(Err(Gap::Fact(NOW))) };
        let Cell::Text(jurisdiction) = facts.cell(JURISDICTION) else {
            return Tables(Err(Gap::Fact(JURISDICTION)));
        };
        let at =
            |tables: &'_ [Dated]| tables.partition_point(|table| table.from <= *now).checked_sub(1);
        let own = self.own.binary_search_by_key(jurisdiction, |(text, _)| *text).ok();
        let own = own.and_then(|own| self.own.get(own)).map(|(_, tables)| tables);
        let own = own.and_then(|tables| tables.get(at(tables)?));
        let table = own.or_else(|| self.default.get(at(&self.default)?));
        Tables(table.map(|table| table.entries.as_ref()).ok_or(Gap::NoTable))
    }
}

impl Tables<'_> {
    #[inline]
    fn entry(&self, threshold: u16) -> Result<&Entry, Gap> {
        self.0?.get(usize::from(threshold)).ok_or(Gap::NoKey(threshold))
    }

    /// A threshold that is the same for all.
    #[inline]
    pub(super) fn one(&self, threshold: u16) -> Result<i128, Gap> {
        match self.entry(threshold)? {
            Entry::One(units) => Ok(*units),
            Entry::By(..) => Err(Gap::NoKey(threshold)),
        }
    }

    /// The strictest entry of the keys; that of all others where none of them has one.
    pub(super) fn by(&self, threshold: u16, keys: &[u32], strict: Strict) -> Result<i128, Gap> {
        let (own, amounts, others) = match self.entry(threshold)? {
            Entry::One(units) => return Ok(*units),
            Entry::By(own, amounts, others) => (own, amounts, others),
        };
        let mut found: Option<i128> = None;
        for key in keys {
            if let Some(units) = place(own, *key).and_then(|at| amounts.get(at)) {
                found = Some(match (found, strict) {
                    (None, _) => *units,
                    (Some(other), Strict::Lowest) => other.min(*units),
                    (Some(other), Strict::Highest) => other.max(*units),
                });
            }
        }
        found.or(*others).ok_or(Gap::NoKey(threshold))
    }
}

/// Where a number is among sorted ones.
#[inline]
pub(super) fn place(sorted: &[u32], number: u32) -> Option<usize> {
    // Most are few, and few are found sooner by going through them.
    const FEW: usize = 16;
    if sorted.len() <= FEW {
        return sorted.iter().position(|own| *own == number);
    }
    sorted.binary_search(&number).ok()
}
