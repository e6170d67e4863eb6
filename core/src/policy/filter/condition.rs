//! Conditions over the columns of a row, each true or false for every row, whatever is NULL in it.
//!
//! A condition has no negation above its literals: what is negated is turned around down to them, where the SQL for either sign is exact.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::policy::rego::Value;

/// A column, by its place in the table.
pub(in crate::policy) type Place = usize;

/// The most literals of a condition.
pub(in crate::policy) const LITERALS: usize = 4_096;

/// The most values that its columns are looked for among.
pub(in crate::policy) const VALUES: usize = 65_536;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) enum Condition {
    True,
    False,
    /// An atom, or its opposite.
    Is(bool, Arc<Atom>),
    And(Arc<[Condition]>),
    Or(Arc<[Condition]>),
}

/// What is true or false of a row. What reads a NULL is false, but for what asks for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) enum Atom {
    IsNull(Place),
    /// A text, a number or a boolean is one of some values of its own kind.
    OneOf(Place, BTreeSet<Value>),
    /// Two operands of one kind in that order.
    Ordered(Operand, Order, Operand),
    /// Two texts.
    Texts(Part, Operand, Operand),
    /// An array has an item.
    Has(Place, Operand),
    /// An array has an item that is NULL.
    HasNull(Place),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) enum Operand {
    Column(Place),
    Value(Value),
}

/// How two operands compare; the others of Rego are these turned around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) enum Order {
    Equal,
    Less,
    LessOrEqual,
}

/// Where the second text stands in the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) enum Part {
    Start,
    End,
    Within,
}

impl Condition {
    pub(in crate::policy) fn of(atom: Atom) -> Self {
        match &atom {
            Atom::OneOf(_, values) if values.is_empty() => Self::False,
            _ => Self::Is(true, Arc::new(atom)),
        }
    }

    pub(in crate::policy) const fn known(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    /// How many literals it has.
    pub(in crate::policy) fn literals(&self) -> usize {
        match self {
            Self::True | Self::False => 0,
            Self::Is(..) => 1,
            Self::And(all) | Self::Or(all) => all.iter().map(Self::literals).sum(),
        }
    }

    /// How many values its columns are looked for among.
    pub(in crate::policy) fn values(&self) -> usize {
        match self {
            Self::Is(_, atom) if let Atom::OneOf(_, values) = atom.as_ref() => values.len(),
            Self::True | Self::False | Self::Is(..) => 0,
            Self::And(all) | Self::Or(all) => all.iter().map(Self::values).sum(),
        }
    }

    pub(in crate::policy) fn not(&self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Is(sign, atom) => Self::Is(!sign, Arc::clone(atom)),
            Self::And(all) => Self::or(all.iter().map(Self::not)),
            Self::Or(all) => Self::and(all.iter().map(Self::not)),
        }
    }

    pub(in crate::policy) fn and(all: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Kept::default();
        for one in all {
            let parts = if let Self::And(parts) = &one { parts } else { &Arc::from([one]) };
            for part in parts.iter() {
                match part {
                    Self::False => return Self::False,
                    Self::True => {}
                    part if kept.has(&part.not()) => return Self::False,
                    part => kept.add(part),
                }
            }
        }
        let clash = kept
            .literals()
            .enumerate()
            .any(|(at, one)| kept.literals().skip(at + 1).any(|other| contradict(one, other)));
        match kept.all.as_slice() {
            _ if clash => Self::False,
            [] => Self::True,
            [one] => one.clone(),
            _ => Self::And(kept.all.into()),
        }
    }

    pub(in crate::policy) fn or(all: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Kept::default();
        // A column that is one of these, or one of those: one list, where the first of them stands.
        let mut lists: Vec<(usize, Place, BTreeSet<Value>)> = Vec::new();
        for one in all {
            let parts = if let Self::Or(parts) = &one { parts } else { &Arc::from([one]) };
            for part in parts.iter() {
                match part {
                    Self::True => return Self::True,
                    Self::False => {}
                    Self::Is(true, atom) if let Atom::OneOf(place, values) = atom.as_ref() => {
                        match lists.iter_mut().find(|(_, other, _)| other == place) {
                            Some((_, _, list)) => list.extend(values.iter().cloned()),
                            None => lists.push((kept.all.len(), *place, values.clone())),
                        }
                    }
                    part if kept.has(&part.not()) => return Self::True,
                    part => kept.add(part),
                }
            }
        }
        for (at, place, values) in lists.into_iter().rev() {
            let list = Self::of(Atom::OneOf(place, values));
            if kept.has(&list.not()) {
                return Self::True;
            }
            kept.all.insert(at, list);
        }
        match kept.all.as_slice() {
            [] => Self::False,
            [one] => one.clone(),
            _ => Self::Or(kept.all.into()),
        }
    }

    /// Whether no row makes both true, as far as can be seen.
    pub(in crate::policy) fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => true,
            (Self::Or(all), other) | (other, Self::Or(all)) => {
                all.iter().all(|one| one.excludes(other))
            }
            (Self::And(all), other) | (other, Self::And(all)) => {
                all.iter().any(|one| one.excludes(other))
            }
            (one, other) => contradict(one, other),
        }
    }
}

/// Parts of a condition, each once.
#[derive(Default)]
struct Kept {
    all: Vec<Condition>,
    seen: BTreeSet<Condition>,
}

impl Kept {
    fn add(&mut self, part: &Condition) {
        if self.seen.insert(part.clone()) {
            self.all.push(part.clone());
        }
    }

    fn has(&self, part: &Condition) -> bool {
        self.seen.contains(part)
    }

    /// As many as it is worth comparing with each other.
    fn literals(&self) -> impl Iterator<Item = &Condition> {
        self.all.iter().filter(|part| matches!(part, Condition::Is(..))).take(64)
    }
}

/// Whether two literals cannot both be true.
fn contradict(one: &Condition, other: &Condition) -> bool {
    let (Condition::Is(a, one), Condition::Is(b, other)) = (one, other) else { return false };
    if one == other {
        return a != b;
    }
    match (one.as_ref(), other.as_ref()) {
        (Atom::OneOf(x, xs), Atom::OneOf(y, ys)) if x == y => match (a, b) {
            (true, true) => xs.is_disjoint(ys),
            (true, false) => xs.is_subset(ys),
            (false, true) => ys.is_subset(xs),
            (false, false) => false,
        },
        (Atom::IsNull(place), atom) | (atom, Atom::IsNull(place)) => *a && *b && atom.reads(*place),
        (Atom::Ordered(x, how, y), Atom::Ordered(v, other, w)) => {
            let less = matches!(how, Order::Less) || matches!(other, Order::Less);
            *a && *b && less && x == w && y == v && *how != Order::Equal && *other != Order::Equal
        }
        _ => false,
    }
}

impl Atom {
    /// Whether it is only true where that column is not NULL.
    fn reads(&self, place: Place) -> bool {
        let is = |operand: &Operand| *operand == Operand::Column(place);
        match self {
            Self::IsNull(_) => false,
            Self::OneOf(of, _) | Self::HasNull(of) => *of == place,
            Self::Ordered(a, _, b) | Self::Texts(_, a, b) => is(a) || is(b),
            Self::Has(of, item) => *of == place || is(item),
        }
    }
}
