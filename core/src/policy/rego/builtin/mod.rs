//! Built-in functions: looked up by name once, when a policy is compiled.
//!
//! To write some: a file with `pub(super) const ALL: &[Builtin]`, joined in [`FILES`]. A function gets as many arguments as it was declared to take and
//! answers `Ok(Some(value))`, `Ok(None)` for undefined, or a [`Fault`]. What takes more than a few steps calls [`Context::charge`] before it works,
//! and what makes large values [`Context::allocate`]. `walk` and its like are relations: they answer an array of all their results, which the evaluator enumerates.

mod aggregates;
mod arrays;
mod bits;
mod crypto;
mod edits;
mod elements;
mod encode;
mod glob;
mod globs;
mod gofloat;
mod gofmt;
mod graph;
#[cfg(test)]
mod harness;
#[cfg(any(test, feature = "test-hooks"))]
mod hooks;
mod json_error;
mod json_patch;
mod json_paths;
mod json_schema;
mod json_text;
mod jwt;
mod net;
mod notes;
mod numbers;
mod objects;
mod private_keys;
mod ranges;
mod refused;
mod regex;
mod semver;
mod sets;
mod sprintf;
mod strings;
mod subset;
mod template;
mod template_syntax;
mod time;
mod types;
mod units;
mod urlquery;
mod uuid;
mod yaml;

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub(super) use crate::value::Exhausted;
use crate::value::regex_syntax::{self, PatternError};

use super::json::JsonError;
use super::number::NumberError;
use super::value::Value;

pub(in crate::policy) use self::crypto::hex;
pub(super) use self::gofmt::term;
pub(super) use self::notes::PRINT;

/// What joins the files of functions.
const FILES: &[&[Builtin]] = &[
    aggregates::ALL,
    arrays::ALL,
    bits::ALL,
    crypto::ALL,
    edits::ALL,
    encode::ALL,
    glob::ALL,
    globs::ALL,
    graph::ALL,
    #[cfg(any(test, feature = "test-hooks"))]
    hooks::ALL,
    json_patch::ALL,
    json_paths::ALL,
    json_schema::ALL,
    json_text::ALL,
    jwt::ALL,
    net::ALL,
    notes::ALL,
    numbers::ALL,
    objects::ALL,
    private_keys::ALL,
    ranges::ALL,
    refused::ALL,
    regex::ALL,
    semver::ALL,
    sets::ALL,
    sprintf::ALL,
    strings::ALL,
    subset::ALL,
    template::ALL,
    time::ALL,
    types::ALL,
    units::ALL,
    urlquery::ALL,
    uuid::ALL,
    yaml::ALL,
];

/// A built-in function.
pub(super) struct Builtin {
    /// The name that policies call it by, dotted: `json.marshal`.
    pub(super) name: &'static str,
    /// How many arguments it takes, at least and at most.
    pub(super) arity: (u8, u8),
    /// What answers.
    pub(super) run: Run,
    /// Whether the answer is an array of results, each of which holds (`walk`).
    pub(super) relation: bool,
}

/// A function's code: it gets as many arguments as its arity allows.
pub(super) type Run = fn(&mut Context<'_>, &[Value]) -> Result<Option<Value>, Fault>;

impl Builtin {
    /// A function of so many arguments.
    pub(super) const fn new(name: &'static str, arity: u8, run: Run) -> Self {
        Self { name, arity: (arity, arity), run, relation: false }
    }

    /// A relation of so many arguments.
    pub(super) const fn relation(name: &'static str, arity: u8, run: Run) -> Self {
        Self { name, arity: (arity, arity), run, relation: true }
    }
}

impl fmt::Debug for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The function of a name.
pub(super) fn find(name: &str) -> Option<&'static Builtin> {
    FILES.iter().flat_map(|file| file.iter()).find(|builtin| builtin.name == name)
}

/// Whether a name is a built-in function's, or what such names begin with: `count`, `time`.
pub(in crate::policy) fn is_taken(name: &str) -> bool {
    let mut builtins = FILES.iter().flat_map(|file| file.iter()).chain([&PRINT]);
    builtins.any(|builtin| {
        builtin.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Why a built-in function has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// An operand is of another type: `eval_type_error`. OPA's text after the function's name: `operand 1 must be number but got string`.
    Type(String),
    /// The operands have no answer: `eval_builtin_error`, with OPA's text after the function's name.
    Builtin(String),
    /// The query used up what it may, or needs what the engine cannot give: it ends, whatever the policy says.
    Exhausted(Exhausted),
}

impl Fault {
    /// Operand `at` (from 1) is not what it must be: `want` is a type or a phrase as OPA has it (`number`, `one of {array, set}`).
    pub(super) fn operand(at: usize, want: &str, got: &Value) -> Self {
        Self::Type(format!("operand {at} must be {want} but got {}", got.kind()))
    }

    /// Operand `at` (from 1) is of the right type and still not what it must be: OPA's text after `operand N`.
    pub(super) fn operand_is(at: usize, what: impl fmt::Display) -> Self {
        Self::Type(format!("operand {at} {what}"))
    }

    /// The operands have no answer.
    pub(super) fn builtin(what: impl fmt::Display) -> Self {
        Self::Builtin(what.to_string())
    }

    /// The same, told by what was done; a limit stays one.
    pub(super) fn within(self, what: impl fmt::Display) -> Self {
        match self {
            Self::Builtin(error) => Self::Builtin(format!("{what}: {error}")),
            other => other,
        }
    }
}

// INVARIANT: what is refused because it is too much for this engine, and not because it is wrong, ends the query. As an error of the function it would
// leave the expression undefined, and a rule that denies would not.
impl From<PatternError> for Fault {
    fn from(error: PatternError) -> Self {
        match error {
            PatternError::Wrong(text) => Self::Builtin(text),
            PatternError::Exhausted(what) => Self::Exhausted(what),
        }
    }
}

impl From<NumberError> for Fault {
    fn from(error: NumberError) -> Self {
        match error {
            NumberError::Large => Self::Exhausted(Exhausted::Size),
            NumberError::Malformed
            | NumberError::DivideByZero
            | NumberError::ModuloByZero
            | NumberError::ModuloOfFraction => Self::builtin(error),
        }
    }
}

impl From<JsonError> for Fault {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Deep => Self::Exhausted(Exhausted::Depth),
            JsonError::Number(error) => error.into(),
            JsonError::End | JsonError::Unexpected { .. } | JsonError::Twice { .. } => {
                Self::builtin(error)
            }
        }
    }
}

impl From<Exhausted> for Fault {
    fn from(what: Exhausted) -> Self {
        Self::Exhausted(what)
    }
}

/// Bytes as text.
///
/// # Errors
///
/// They are no UTF-8. OPA keeps them, and shows each as U+FFFD where it writes JSON: neither a replacement that compares as equal to another nor
/// a wrong one may decide anything.
pub(super) fn utf8(bytes: Vec<u8>) -> Result<String, Fault> {
    String::from_utf8(bytes).map_err(|_| Fault::Exhausted(Exhausted::Text))
}

/// What a query lends its functions. Nothing here reads a clock or chance: both come in as data.
pub(super) struct Context<'a> {
    now_ns: i64,
    seed: u64,
    draws: u64,
    steps: u64,
    bytes: u64,
    cache: &'a mut Cache,
}

/// What functions compiled of their arguments (regular expressions, schemas, key sets): by kind and text.
#[derive(Default)]
pub(super) struct Cache {
    entries: BTreeMap<(&'static str, String), Arc<dyn Any + Send + Sync>>,
    /// What was compiled before, and is looked at first.
    base: Option<Arc<Cache>>,
}

impl Cache {
    /// An empty one over another.
    pub(super) fn over(base: &Arc<Self>) -> Self {
        Self { base: Some(Arc::clone(base)), ..Self::default() }
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}

/// The most entries of a cache; when it is full it is emptied.
const ENTRIES: usize = 1024;

impl<'a> Context<'a> {
    /// Of a clock, a seed, and how many steps and bytes are left.
    pub(super) fn new(
        now_ns: i64,
        seed: u64,
        steps: u64,
        bytes: u64,
        cache: &'a mut Cache,
    ) -> Self {
        Self { now_ns, seed, draws: 0, steps, bytes, cache }
    }

    /// The command's clock, in nanoseconds since 1970: one and the same for the whole query.
    pub(super) const fn now_ns(&self) -> i64 {
        self.now_ns
    }

    /// The next number that looks like chance and follows from the query's seed alone (SplitMix64).
    pub(super) fn draw(&mut self) -> u64 {
        self.draws = self.draws.wrapping_add(1);
        mix(self.seed.wrapping_add(self.draws.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// A number that follows from the query's seed and a text: what `rand.intn` and `uuid.rfc4122` need, which answer the same for the same key.
    pub(super) fn draw_for(&self, key: &str) -> u64 {
        let start = self.seed ^ 0xCBF2_9CE4_8422_2325;
        mix(key
            .bytes()
            .fold(start, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)))
    }

    /// How many steps and bytes are left.
    pub(super) const fn left(&self) -> (u64, u64) {
        (self.steps, self.bytes)
    }

    /// Takes steps: about one for each item, or for each 16 bytes, that is looked at.
    pub(super) fn charge(&mut self, steps: usize) -> Result<(), Fault> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(Fault::Exhausted(Exhausted::Steps))
            }
        }
    }

    /// Takes bytes, before they are allocated; an item of a collection is about 24.
    pub(super) fn allocate(&mut self, bytes: usize) -> Result<(), Fault> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        match self.bytes.checked_sub(bytes) {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => {
                self.bytes = 0;
                Err(Fault::Exhausted(Exhausted::Memory))
            }
        }
    }

    /// What was made of a text before, or is made now: `kind` tells apart what different functions make.
    pub(super) fn cached<T: Any + Send + Sync>(
        &mut self,
        kind: &'static str,
        text: &str,
        make: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<Arc<T>, Fault> {
        let key = (kind, text.to_owned());
        let before = self.cache.base.as_ref().and_then(|base| base.entries.get(&key));
        if let Some(found) = before.or_else(|| self.cache.entries.get(&key))
            && let Ok(found) = Arc::clone(found).downcast::<T>()
        {
            return Ok(found);
        }
        let made = Arc::new(make(self)?);
        if self.cache.entries.len() >= ENTRIES {
            self.cache.entries.clear();
        }
        let shared: Arc<dyn Any + Send + Sync> = Arc::<T>::clone(&made);
        self.cache.entries.insert(key, shared);
        Ok(made)
    }
}

const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// Operand `at` (from 1) as a number, or the error that OPA has.
pub(super) fn number(args: &[Value], at: usize) -> Result<&super::number::Number, Fault> {
    let value = operand(args, at)?;
    value.as_number().ok_or_else(|| Fault::operand(at, "number", value))
}

/// Operand `at` (from 1) as a text.
pub(super) fn string(args: &[Value], at: usize) -> Result<&str, Fault> {
    let value = operand(args, at)?;
    value.as_str().ok_or_else(|| Fault::operand(at, "string", value))
}

/// Operand `at` (from 1) as an array.
pub(super) fn array(args: &[Value], at: usize) -> Result<&[Value], Fault> {
    let value = operand(args, at)?;
    value.as_array().ok_or_else(|| Fault::operand(at, "array", value))
}

/// Operand `at` (from 1) as an object.
pub(super) fn object(args: &[Value], at: usize) -> Result<&super::value::Object, Fault> {
    let value = operand(args, at)?;
    value.as_object().ok_or_else(|| Fault::operand(at, "object", value))
}

/// Operand `at` (from 1) as a set.
pub(super) fn set(args: &[Value], at: usize) -> Result<&super::value::Set, Fault> {
    let value = operand(args, at)?;
    value.as_set().ok_or_else(|| Fault::operand(at, "set", value))
}

/// Operand `at` (from 1).
pub(super) fn operand(args: &[Value], at: usize) -> Result<&Value, Fault> {
    args.get(at.wrapping_sub(1)).ok_or_else(|| Fault::builtin(format!("operand {at} is missing")))
}
