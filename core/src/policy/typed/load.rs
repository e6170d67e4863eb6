//! Definitions, checked and compiled. Whatever a program could stumble over is found here, with its place in the document.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::definition::{Definition, Kind, Otherwise, Role};
use super::error::{TypedError, excerpt};
use super::program::Program;
use super::schema::{BUILT_IN, Schema, permission};
use super::tables::Thresholds;

mod check;
mod condition;
mod thresholds;

/// The version of the document's form.
pub const VERSION: u32 = 1;
/// The most rules of a definition.
pub const RULES: usize = 200;
/// The most facts that it declares, the most roles, thresholds and jurisdictions, and the most lists.
pub const NAMES: usize = 250;
/// The most texts of a list, a condition, or of what roles inherit, are called and permit.
pub const LIST: usize = 4096;
/// The most conditions in one another.
pub const CONDITION_DEPTH: usize = 16;
/// The most conditions of a definition.
pub const CONDITIONS: usize = 4096;
/// The most tables of a jurisdiction.
pub const TABLES: usize = 64;
/// The longest name, in bytes.
pub const NAME: usize = 64;

/// What a definition is compiled with.
#[derive(Default)]
pub(super) struct Loader {
    schema: Schema,
    lists: BTreeMap<String, Box<[u32]>>,
    thresholds: Thresholds,
    /// Of thresholds, whether they have entries by key.
    keyed: BTreeMap<String, (u16, bool)>,
    conditions: usize,
}

type Loaded<T> = Result<T, TypedError>;

impl Program {
    /// Of a definition.
    ///
    /// # Errors
    /// The first that is wrong with it, with its place: an unknown fact, role, list or threshold, a value of the wrong type, roles that
    /// inherit in a circle, tables without an order, a condition that a request could evade by keeping a fact back, too many of anything.
    pub fn load(definition: &Definition) -> Result<Self, TypedError> {
        if definition.version != VERSION {
            return Err(TypedError::new("version", format_args!("is not {VERSION}")));
        }
        is_name("name", &definition.name)?;
        let mut loader = Loader::default();
        loader.facts(&definition.facts)?;
        loader.roles(&definition.roles)?;
        loader.lists(&definition.lists)?;
        loader.thresholds(&definition.thresholds)?;
        let allows = definition.default == Otherwise::Allow;
        let rules = loader.rules(&definition.rules, allows)?;
        Ok(Self {
            name: definition.name.as_str().into(),
            schema: Arc::new(loader.schema),
            thresholds: loader.thresholds,
            rules,
            allows,
        })
    }
}

impl Loader {
    fn facts(&mut self, declared: &BTreeMap<String, Kind>) -> Loaded<()> {
        at_most("facts", declared.len(), NAMES)?;
        for name in declared.keys() {
            let path = format!("facts.{}", excerpt(name));
            is_name(&path, name)?;
            if BUILT_IN.iter().any(|(own, _)| own == name) {
                return Err(TypedError::new(path, "is always there: leave it out"));
            }
        }
        let declared = declared.iter().map(|(name, kind)| (name.as_str(), *kind));
        for ((name, kind), slot) in BUILT_IN.into_iter().chain(declared).zip(0..) {
            self.schema.facts.push((name.into(), kind));
            self.schema.slots.insert(name.into(), slot);
        }
        Ok(())
    }

    fn roles(&mut self, roles: &BTreeMap<String, Role>) -> Loaded<()> {
        at_most("roles", roles.len(), NAMES)?;
        let mut names = BTreeSet::new();
        for (name, role) in roles {
            let path = format!("roles.{}", excerpt(name));
            is_name(&path, name)?;
            let number = self.schema.texts.intern(name);
            at_most(format_args!("{path}.aliases"), role.aliases.len(), LIST)?;
            for (at, alias) in role.aliases.iter().enumerate() {
                let path = format!("{path}.aliases[{at}]");
                is_label(&path, alias)?;
                if roles.contains_key(alias) || !names.insert(alias.as_str()) {
                    return Err(TypedError::new(path, "is the name of another role"));
                }
                let alias = self.schema.texts.intern(alias);
                self.schema.aliases.insert(alias, number);
            }
            at_most(format_args!("{path}.permissions"), role.permissions.len(), LIST)?;
            for (at, pattern) in role.permissions.iter().enumerate() {
                if permission(pattern, true).is_none() {
                    let what =
                        "is no permission: write `resource:action`, or `*` for either of them";
                    return Err(TypedError::new(format_args!("{path}.permissions[{at}]"), what));
                }
                let patterns = &mut self.schema.grants.patterns;
                let next = u16::try_from(patterns.len());
                let next = next.ok().filter(|next| usize::from(*next) < LIST);
                let next = next
                    .ok_or_else(|| TypedError::new("roles", "name more than 4096 permissions"))?;
                patterns.entry(pattern.as_str().into()).or_insert(next);
            }
        }
        for name in roles.keys() {
            let row = self.row(roles, name)?;
            let number = self.schema.texts.intern(name);
            self.schema.grants.rows.insert(number, row);
        }
        Ok(())
    }

    /// What a role grants with all that it inherits.
    fn row(&self, roles: &BTreeMap<String, Role>, name: &str) -> Loaded<Box<[u64]>> {
        let mut row = vec![0_u64; self.schema.grants.words()];
        let (mut open, mut seen) = (vec![name], BTreeSet::new());
        while let Some(own) = open.pop() {
            let Some(role) = roles.get(own).filter(|_| seen.insert(own)) else { continue };
            for pattern in &role.permissions {
                let bit = self.schema.grants.patterns.get(pattern.as_str()).copied();
                let bit = bit.unwrap_or_default();
                if let Some(word) = row.get_mut(usize::from(bit / 64)) {
                    *word |= 1 << (bit % 64);
                }
            }
            let path = |at| format!("roles.{own}.inherits[{at}]");
            at_most(format_args!("roles.{own}.inherits"), role.inherits.len(), NAMES)?;
            for (at, parent) in role.inherits.iter().enumerate() {
                if parent == name {
                    let what = format!("closes a circle: `{name}` inherits from itself");
                    return Err(TypedError::new(path(at), what));
                }
                if !roles.contains_key(parent) {
                    let what = format!("there is no role `{}`", excerpt(parent));
                    return Err(TypedError::new(path(at), what));
                }
                open.push(parent);
            }
        }
        Ok(row.into())
    }

    fn lists(&mut self, lists: &BTreeMap<String, Vec<String>>) -> Loaded<()> {
        at_most("lists", lists.len(), NAMES)?;
        for (name, texts) in lists {
            let path = format!("lists.{}", excerpt(name));
            is_name(&path, name)?;
            let texts = self.texts(&path, texts)?;
            self.lists.insert(name.clone(), texts);
        }
        Ok(())
    }

    /// The numbers of texts, sorted, each once.
    fn texts(&mut self, path: &str, texts: &[String]) -> Loaded<Box<[u32]>> {
        at_most(path, texts.len(), LIST)?;
        let number = |(at, text): (usize, &String)| {
            is_label(&format!("{path}[{at}]"), text)?;
            Ok(self.schema.texts.intern(text))
        };
        let mut numbers = texts.iter().enumerate().map(number).collect::<Loaded<Vec<_>>>()?;
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers.into())
    }

    /// The slot of a fact and its type.
    fn fact(&self, path: &str, name: &str) -> Loaded<(u16, Kind)> {
        let slot = self.schema.slots.get(name).copied();
        let kind = slot.and_then(|slot| self.schema.facts.get(usize::from(slot)));
        slot.zip(kind.map(|(_, kind)| *kind)).ok_or_else(|| {
            let what = format!("there is no fact `{}`: declare it under `facts`", excerpt(name));
            TypedError::new(path, what)
        })
    }

    /// The slot of a fact that has one of these types.
    fn slot(&self, path: &str, name: &str, kinds: &[Kind]) -> Loaded<u16> {
        let (slot, kind) = self.fact(path, name)?;
        if kinds.contains(&kind) {
            return Ok(slot);
        }
        let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
        let what = format!(
            "the fact `{}` is of type {}, and {} is expected",
            excerpt(name),
            kind.name(),
            names.join(" or ")
        );
        Err(TypedError::new(path, what))
    }
}

fn at_most(path: impl std::fmt::Display, count: usize, most: usize) -> Loaded<()> {
    if count <= most {
        return Ok(());
    }
    Err(TypedError::new(path, format_args!("has {count} items: at most {most} are taken")))
}

/// A name of what a document defines.
fn is_name(path: &str, name: &str) -> Loaded<()> {
    let of_name =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_./".contains(&byte);
    if (1..=NAME).contains(&name.len()) && name.bytes().all(of_name) {
        return Ok(());
    }
    let what = format!(
        "`{}` is no name: write 1 to {NAME} of a-z, 0-9, `-`, `_`, `.` and `/`",
        excerpt(name)
    );
    Err(TypedError::new(path, what))
}

/// A text that others chose, such as the code of a country.
fn is_label(path: &str, text: &str) -> Loaded<()> {
    if (1..=super::facts::FACT_TEXT).contains(&text.len()) {
        return Ok(());
    }
    Err(TypedError::new(path, "is empty, or longer than a fact can be"))
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
