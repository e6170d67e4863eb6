//! Conditions, compiled: `not` is gone into the comparisons, facts are slots and texts are numbers.

use std::cmp::Ordering;

use super::facts::{Cell, Facts};
use super::tables::{Tables, place};

/// Why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// A fact is missing.
    Fact(u16),
    /// No table of thresholds is in force.
    NoTable,
    /// A threshold has no entry for the key.
    NoKey(u16),
    /// Amounts are below zero, or too large to be computed with.
    Range,
}

/// An amount: written down, a threshold, or an entry of a threshold for a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    Exactly(i128),
    One(u16),
    By(u16, u16),
}

/// Of several entries, which one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strict {
    Lowest,
    Highest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Compare {
    pub(super) const fn negated(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
        }
    }

    const fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
            Self::Gt => ordering.is_gt(),
            Self::Ge => ordering.is_ge(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    All(Box<[Self]>),
    Any(Box<[Self]>),
    /// Whether a fact is known is this.
    Known(u16, bool),
    Bool(u16, bool),
    Text(u16, bool, u32),
    Units(u16, Compare, Amount),
    Instant(u16, Compare, i64),
    /// Two facts of one type; texts and booleans are only compared for equality.
    Facts(u16, Compare, u16),
    /// Whether a text, or one of a set, is among these is this.
    Among(u16, bool, Box<[u32]>),
    /// Whether a text, or one of a set, is in the other set is this.
    Within(u16, bool, u16),
}

/// What a fact that is missing does to `any`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// It decides nothing if another one holds: for rules that permit.
    Waits,
    /// It wins over one that holds. INVARIANT: with it a fact that is taken away can turn what does not hold into what does, or either into a
    /// gap, and never back; so a rule that denies or reviews is never lifted by a fact that is kept back.
    Wins,
}

/// Whether a condition holds. A gap says which fact is missing.
#[inline]
pub(super) fn holds(
    test: &Test,
    missing: Missing,
    facts: &Facts,
    tables: &Tables<'_>,
) -> Result<bool, Gap> {
    // Most rules ask for one text, such as the action.
    if let Test::Text(slot, equal, text) = test
        && let Cell::Text(own) = facts.cell(*slot)
    {
        return Ok((own == text) == *equal);
    }
    walk(test, missing, facts, tables)
}

fn walk(test: &Test, missing: Missing, facts: &Facts, tables: &Tables<'_>) -> Result<bool, Gap> {
    match test {
        Test::All(tests) => {
            let mut gap = None;
            for test in tests {
                match holds(test, missing, facts, tables) {
                    Ok(true) => {}
                    Ok(false) => return Ok(false),
                    Err(found) => gap = gap.or(Some(found)),
                }
            }
            gap.map_or(Ok(true), Err)
        }
        Test::Any(tests) => {
            let (mut gap, mut any) = (None, false);
            for test in tests {
                match holds(test, missing, facts, tables) {
                    Ok(true) if missing == Missing::Waits => return Ok(true),
                    Ok(one) => any |= one,
                    Err(found) => gap = gap.or(Some(found)),
                }
            }
            gap.map_or(Ok(any), Err)
        }
        Test::Known(slot, known) => Ok(facts.is_known(*slot) == *known),
        Test::Bool(slot, value) => Ok(truth(facts, *slot)? == *value),
        Test::Text(slot, equal, text) => {
            let Cell::Text(own) = facts.cell(*slot) else { return Err(Gap::Fact(*slot)) };
            Ok((own == text) == *equal)
        }
        Test::Units(slot, compare, amount) => {
            let own = units(facts, *slot)?;
            let other = value(*amount, Strict::Lowest, facts, tables)?;
            Ok(compare.holds(own.cmp(&other)))
        }
        Test::Instant(slot, compare, time) => Ok(compare.holds(instant(facts, *slot)?.cmp(time))),
        Test::Facts(slot, compare, other) => match (facts.cell(*slot), facts.cell(*other)) {
            (Cell::Units(a), Cell::Units(b)) => Ok(compare.holds(a.cmp(b))),
            (Cell::Instant(a), Cell::Instant(b)) => Ok(compare.holds(a.cmp(b))),
            (Cell::Text(a), Cell::Text(b)) => Ok(compare.holds(a.cmp(b))),
            (Cell::Bool(a), Cell::Bool(b)) => Ok(compare.holds(a.cmp(b))),
            (Cell::Missing, _) => Err(Gap::Fact(*slot)),
            _ => Err(Gap::Fact(*other)),
        },
        Test::Among(slot, among, texts) => Ok(listed(facts, *slot, texts)?.is_some() == *among),
        Test::Within(slot, within, other) => {
            Ok(listed(facts, *slot, set(facts, *other)?)?.is_some() == *within)
        }
    }
}

/// The text of a fact, or the first of its texts, that is among sorted ones.
pub(super) fn listed(facts: &Facts, slot: u16, texts: &[u32]) -> Result<Option<u32>, Gap> {
    let is_there = |text: &u32| place(texts, *text).is_some();
    match facts.cell(slot) {
        Cell::Text(own) => Ok(Some(*own).filter(is_there)),
        Cell::Texts(own) => Ok(own.iter().copied().find(is_there)),
        _ => Err(Gap::Fact(slot)),
    }
}

#[inline]
pub(super) fn truth(facts: &Facts, slot: u16) -> Result<bool, Gap> {
    if let Cell::Bool(value) = facts.cell(slot) { Ok(*value) } else { Err(Gap::Fact(slot)) }
}

#[inline]
pub(super) fn instant(facts: &Facts, slot: u16) -> Result<i64, Gap> {
    if let Cell::Instant(nanos) = facts.cell(slot) { Ok(*nanos) } else { Err(Gap::Fact(slot)) }
}

#[inline]
pub(super) fn set(facts: &Facts, slot: u16) -> Result<&[u32], Gap> {
    if let Cell::Texts(texts) = facts.cell(slot) { Ok(texts) } else { Err(Gap::Fact(slot)) }
}

#[inline]
pub(super) fn units(facts: &Facts, slot: u16) -> Result<i128, Gap> {
    if let Cell::Units(units) = facts.cell(slot) { Ok(*units) } else { Err(Gap::Fact(slot)) }
}

/// The value of an amount; of an entry by a set, the strictest.
#[inline(always)]
pub(super) fn value(
    amount: Amount,
    strict: Strict,
    facts: &Facts,
    tables: &Tables<'_>,
) -> Result<i128, Gap> {
    match amount {
        Amount::Exactly(units) => Ok(units),
        Amount::One(threshold) => tables.one(threshold),
        Amount::By(threshold, slot) => {
            let keys = match facts.cell(slot) {
                Cell::Text(key) => std::slice::from_ref(key),
                Cell::Texts(keys) => keys,
                _ => return Err(Gap::Fact(slot)),
            };
            tables.by(threshold, keys, strict)
        }
    }
}
