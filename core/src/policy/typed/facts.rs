//! What a program is asked with.

use std::ops::Bound;
use std::sync::Arc;

use super::definition::Kind;
use super::error::{FactFault, FactsError, excerpt};
use super::instant::Instant;
use super::program::Program;
use super::schema::{
    PERMISSION, RESOURCE_TENANT, ROLES, SUBJECT_TENANT, Schema, Texts, has_bit, permission,
};
use super::written::Units;
use crate::policy::rego::Value;

/// The longest text of a fact, in bytes.
pub const FACT_TEXT: usize = 1024;
/// The most elements of a set of texts.
pub const FACT_SET: usize = 256;
/// The most texts in the facts of a request that the program does not mention.
pub const FACT_TEXTS: u32 = 4096;

/// The value of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact<'a> {
    /// A whole number: money in its smallest unit, or a count.
    Units(i128),
    /// A text.
    Text(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// A point in time.
    Instant(Instant),
    /// A set of texts.
    Texts(&'a [&'a str]),
}

/// A fact as it is kept: its texts are numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Cell {
    #[default]
    Missing,
    Units(i128),
    Text(u32),
    Bool(bool),
    Instant(i64),
    Texts(Box<[u32]>),
}

/// The facts of a request, for one program: texts are looked up when they are set, so that a decision compares numbers.
///
/// A fact that is not set is missing. Facts can be used for one request after the other: see [`Facts::reset`].
///
/// ```
/// use thalium::policy::Outcome;
/// use thalium::policy::typed::{Check, Definition, Fact, Facts, Kind, Program, Rule};
///
/// let definition: Definition = serde_json::from_str(
///     r#"{"version": 1, "name": "limits", "default": "allow", "facts": {"amount": "units"},
///         "rules": [{"id": "limits/amount", "check": {"type": "amount", "fact": "amount", "max": ["18500"]}}]}"#,
/// )?;
/// let program = Program::load(&definition)?;
/// let mut facts = Facts::new(&program);
/// facts.set("subject.tenant", Fact::Text("broker-7"))?;
/// facts.set("resource.tenant", Fact::Text("broker-7"))?;
/// facts.set("amount", Fact::Units(18_500))?;
/// assert_eq!(program.permits(&facts), Outcome::Allow);
/// facts.set("amount", Fact::Units(18_501))?;
/// assert_eq!(program.permits(&facts), Outcome::Deny);
/// assert!(facts.set("amuont", Fact::Units(1)).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Facts {
    schema: Arc<Schema>,
    cells: Box<[Cell]>,
    /// The texts that the program does not mention: numbered after those that it does.
    others: Texts,
    /// What the roles of the subject grant, all of them together.
    granted: Box<[u64]>,
    /// The patterns that the permission is granted by.
    wanted: [Option<u16>; 4],
}

impl Facts {
    /// None yet.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let schema = Arc::clone(program.schema());
        Self {
            cells: schema.facts.iter().map(|_| Cell::Missing).collect(),
            others: Texts::default(),
            granted: vec![0; schema.grants.words()].into(),
            wanted: [None; 4],
            schema,
        }
    }

    /// Those that an object of Rego has, such as the `input` that its policies are asked with.
    ///
    /// A fact `account.opened` is the object's `account.opened` or the `opened` of its `account`. Numbers are whole numbers or their texts,
    /// times are texts of RFC 3339, sets are arrays or sets of texts. What is `null` is missing, and what the program does not declare is left.
    ///
    /// # Errors
    /// A fact that is of another type, or too large.
    pub fn from_value(program: &Program, object: &Value) -> Result<Self, FactsError> {
        let mut facts = Self::new(program);
        let schema = Arc::clone(&facts.schema);
        for (name, kind) in &schema.facts {
            if let Some(value) = find(object, name) {
                facts.read(name, *kind, value)?;
            }
        }
        Ok(facts)
    }

    /// The type of a fact that is declared, or always there.
    pub(super) fn kind_of(&self, name: &str) -> Option<Kind> {
        let slot = self.schema.slots.get(name)?;
        self.schema.facts.get(usize::from(*slot)).map(|(_, kind)| *kind)
    }

    /// Whether a fact's name begins so and goes on.
    pub(super) fn leads(&self, start: &str) -> bool {
        let mut next =
            self.schema.slots.range::<str, _>((Bound::Excluded(start), Bound::Unbounded));
        next.next().is_some_and(|(name, _)| name.starts_with(start))
    }

    /// Reads a fact, as [`Facts::from_value`] says.
    pub(super) fn read(&mut self, name: &str, kind: Kind, value: &Value) -> Result<(), FactsError> {
        let refused = |fault| FactsError { name: excerpt(name), fault };
        match (kind, value) {
            (_, Value::Null) => Ok(()),
            (Kind::Units, Value::Number(number)) => {
                let units = number.to_bigint().and_then(|number| i128::try_from(number).ok());
                self.set(name, Fact::Units(units.ok_or_else(|| refused(FactFault::Kind))?))
            }
            (Kind::Units, Value::String(text)) => {
                let units = text.parse::<Units>().ok().filter(|units| *units != Units::UNLIMITED);
                self.set(name, Fact::Units(units.ok_or_else(|| refused(FactFault::Kind))?.0))
            }
            (Kind::Text, Value::String(text)) => self.set(name, Fact::Text(text)),
            (Kind::Bool, Value::Bool(value)) => self.set(name, Fact::Bool(*value)),
            (Kind::Instant, Value::String(text)) => {
                let time = text.parse().map_err(|_| refused(FactFault::Instant))?;
                self.set(name, Fact::Instant(time))
            }
            (Kind::Texts, Value::Array(_) | Value::Set(_)) => {
                let elements = value.as_elements().unwrap_or_default();
                if elements.len() > FACT_SET {
                    return Err(refused(FactFault::TooLarge));
                }
                let texts: Option<Vec<_>> = elements.iter().map(Value::as_str).collect();
                let texts = texts.ok_or_else(|| refused(FactFault::Kind))?;
                self.set(name, Fact::Texts(&texts))
            }
            _ => Err(refused(FactFault::Kind)),
        }
    }

    /// Sets a fact, in the place of the one that was there. A tenant whose name is empty is missing.
    ///
    /// # Errors
    /// A name that the program does not know, a value of another type or too large, a `permission` that is none. Nothing has changed then.
    pub fn set(&mut self, name: &str, fact: Fact<'_>) -> Result<(), FactsError> {
        let refused = |fault| FactsError { name: excerpt(name), fault };
        let slot = self.schema.slots.get(name).copied();
        let slot = slot.ok_or_else(|| refused(FactFault::Unknown))?;
        let kind = self.schema.facts.get(usize::from(slot)).map(|(_, kind)| *kind);
        let cell = match (kind, fact) {
            (Some(Kind::Units), Fact::Units(units)) => Cell::Units(units),
            (Some(Kind::Bool), Fact::Bool(value)) => Cell::Bool(value),
            (Some(Kind::Instant), Fact::Instant(Instant(nanos))) => Cell::Instant(nanos),
            (Some(Kind::Text), Fact::Text(text)) => {
                if slot == PERMISSION {
                    let halves = permission(text, false);
                    let (resource, action) =
                        halves.ok_or_else(|| refused(FactFault::Permission))?;
                    let number = self.number(text).map_err(refused)?;
                    self.wanted = self.schema.grants.granted_by(resource, action);
                    Cell::Text(number)
                } else if text.is_empty() && [SUBJECT_TENANT, RESOURCE_TENANT].contains(&slot) {
                    // Two tenants without a name are not one.
                    Cell::Missing
                } else {
                    Cell::Text(self.number(text).map_err(refused)?)
                }
            }
            (Some(Kind::Texts), Fact::Texts(texts)) => {
                let numbers = self.numbers(slot, texts).map_err(refused)?;
                if slot == ROLES {
                    self.grant(&numbers);
                }
                Cell::Texts(numbers)
            }
            _ => return Err(refused(FactFault::Kind)),
        };
        self.put(slot, cell);
        Ok(())
    }

    /// Takes a fact away: it is missing then. Answers whether it was there.
    pub fn unset(&mut self, name: &str) -> bool {
        let Some(slot) = self.schema.slots.get(name).copied() else { return false };
        match slot {
            ROLES => self.granted.fill(0),
            PERMISSION => self.wanted = [None; 4],
            _ => {}
        }
        let known = self.is_known(slot);
        self.put(slot, Cell::Missing);
        known
    }

    /// Takes all facts away.
    pub fn reset(&mut self) {
        self.cells.fill(Cell::Missing);
        self.others.clear();
        self.granted.fill(0);
        self.wanted = [None; 4];
    }

    fn put(&mut self, slot: u16, cell: Cell) {
        if let Some(place) = self.cells.get_mut(usize::from(slot)) {
            *place = cell;
        }
    }

    /// The number of a text.
    fn number(&mut self, text: &str) -> Result<u32, FactFault> {
        if text.len() > FACT_TEXT {
            return Err(FactFault::TooLarge);
        }
        if let Some(number) = self.schema.texts.find(text) {
            return Ok(number);
        }
        if self.others.len() >= FACT_TEXTS && self.others.find(text).is_none() {
            return Err(FactFault::TooLarge);
        }
        Ok(self.schema.texts.len().saturating_add(self.others.intern(text)))
    }

    /// The numbers of texts, sorted, each once; of aliases of roles, those of the roles.
    fn numbers(&mut self, slot: u16, texts: &[&str]) -> Result<Box<[u32]>, FactFault> {
        if texts.len() > FACT_SET {
            return Err(FactFault::TooLarge);
        }
        let numbers: Result<Vec<_>, _> = texts.iter().map(|text| self.number(text)).collect();
        let mut numbers = numbers?;
        if slot == ROLES {
            for number in &mut numbers {
                *number = self.schema.aliases.get(number).copied().unwrap_or(*number);
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers.into())
    }

    fn grant(&mut self, roles: &[u32]) {
        self.granted.fill(0);
        for row in roles.iter().filter_map(|role| self.schema.grants.rows.get(role)) {
            for (word, bits) in self.granted.iter_mut().zip(row) {
                *word |= bits;
            }
        }
    }

    /// Whether they were built for a program that has this schema.
    pub(super) fn are_of(&self, schema: &Arc<Schema>) -> bool {
        Arc::ptr_eq(&self.schema, schema)
    }

    #[inline]
    pub(super) fn cell(&self, slot: u16) -> &Cell {
        self.cells.get(usize::from(slot)).unwrap_or(&Cell::Missing)
    }

    pub(super) fn is_known(&self, slot: u16) -> bool {
        *self.cell(slot) != Cell::Missing
    }

    /// Whether a role of the subject grants the permission. Both are known, or it does not.
    pub(super) fn is_granted(&self) -> bool {
        self.wanted.iter().flatten().any(|pattern| has_bit(&self.granted, *pattern))
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u32) -> &str {
        let mentioned = self.schema.texts.len();
        let text = match number.checked_sub(mentioned) {
            Some(other) => self.others.text(other),
            None => self.schema.texts.text(number),
        };
        text.unwrap_or_default()
    }
}

/// The value at a name with dots: whole, or an object's after the other.
fn find<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let whole = object.get_str(name);
    whole.or_else(|| name.split('.').try_fold(object, |value, part| value.get_str(part)))
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
