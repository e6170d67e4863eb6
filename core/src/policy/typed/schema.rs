//! What a program knows of facts: their names, their types, the texts that it mentions, and what roles grant.

use std::collections::BTreeMap;

use super::definition::Kind;

/// The tenant of whoever asks.
pub(super) const SUBJECT_TENANT: u16 = 0;
/// The tenant of what is asked for.
pub(super) const RESOURCE_TENANT: u16 = 1;
/// The roles of whoever asks.
pub(super) const ROLES: u16 = 2;
/// What is asked for, as `resource:action`.
pub(super) const PERMISSION: u16 = 3;
/// Whose thresholds are in force.
pub(super) const JURISDICTION: u16 = 4;
/// The time of the request.
pub(super) const NOW: u16 = 5;

/// The facts that are always there, in the order of their slots.
pub(super) const BUILT_IN: [(&str, Kind); 6] = [
    ("subject.tenant", Kind::Text),
    ("resource.tenant", Kind::Text),
    ("subject.roles", Kind::Texts),
    ("permission", Kind::Text),
    ("jurisdiction", Kind::Text),
    ("now", Kind::Instant),
];

/// Texts and their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts {
    texts: Vec<Box<str>>,
    numbers: BTreeMap<Box<str>, u32>,
}

impl Texts {
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    pub(super) fn text(&self, number: u32) -> Option<&str> {
        self.texts.get(usize::try_from(number).ok()?).map(AsRef::as_ref)
    }

    /// The number of a text; of a new one the next.
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        if let Some(number) = self.find(text) {
            return number;
        }
        // INVARIANT: whoever interns bounds how many there are, far below 2³².
        let number = self.len();
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.texts.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.numbers.clear();
    }
}

/// What a program knows of facts.
#[derive(Debug, Default)]
pub(super) struct Schema {
    /// Name and type by slot.
    pub(super) facts: Vec<(Box<str>, Kind)>,
    pub(super) slots: BTreeMap<Box<str>, u16>,
    /// The texts that the program mentions.
    pub(super) texts: Texts,
    /// Of aliases of roles, the role.
    pub(super) aliases: BTreeMap<u32, u32>,
    pub(super) grants: Grants,
}

/// What roles grant: a row of bits for each role, a bit for each pattern that a role names.
#[derive(Debug, Default)]
pub(super) struct Grants {
    /// Patterns such as `account:*`, by number.
    pub(super) patterns: BTreeMap<Box<str>, u16>,
    pub(super) rows: BTreeMap<u32, Box<[u64]>>,
}

impl Grants {
    /// How many words a row has.
    pub(super) fn words(&self) -> usize {
        self.patterns.len().div_ceil(64)
    }

    /// The patterns that a permission is granted by: itself, all actions, all resources, everything.
    pub(super) fn granted_by(&self, resource: &str, action: &str) -> [Option<u16>; 4] {
        let find = |resource: &str, action: &str| {
            self.patterns.get(format!("{resource}:{action}").as_str()).copied()
        };
        [find(resource, action), find(resource, "*"), find("*", action), find("*", "*")]
    }
}

/// Whether a bit is set.
pub(super) fn has_bit(row: &[u64], bit: u16) -> bool {
    row.get(usize::from(bit / 64)).is_some_and(|word| word >> (bit % 64) & 1 == 1)
}

/// The two halves of a permission, where either can be `*` if it is allowed to.
pub(super) fn permission(text: &str, wildcards: bool) -> Option<(&str, &str)> {
    let (resource, action) = text.split_once(':')?;
    let is_half = |half: &str| {
        let of_name =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
        half == "*" && wildcards || (1..=64).contains(&half.len()) && half.bytes().all(of_name)
    };
    (is_half(resource) && is_half(action)).then_some((resource, action))
}
