//! An expression of a model: an object is JSON Logic of the strict dialect, a text is JMESPath, as in charts. It sees the facts, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::super::jmespath::{JmesPath, Read, is_true};
use super::super::logic::{Budget, GuardError, Logic};
use crate::value::Value;

/// The largest value that an answer repeats, in bytes of its text.
const TOLD: u64 = 1_024;

/// An expression, compiled.
#[derive(Debug)]
pub(super) enum Ask {
    Logic(Logic),
    Path(JmesPath, BTreeSet<Read>, Box<str>),
}

/// What was read on the way to an answer.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// By path.
    pub(super) read: BTreeMap<String, Value>,
    /// The paths at which there was nothing.
    pub(super) missing: BTreeSet<String>,
}

impl Seen {
    fn note(&mut self, path: &str, value: &Value) {
        if matches!(value, Value::Null) {
            self.missing.insert(path.to_owned());
        }
        let told = match value.size() {
            0..=TOLD => value.clone(),
            size => Value::from(format!("({size} bytes are left out)")),
        };
        self.read.insert(path.to_owned(), told);
    }
}

impl Ask {
    /// Compiles an expression.
    pub(super) fn compile(source: &Value) -> Result<Self, GuardError> {
        let named = source.get_str("jmespath").filter(|_| source.len() == 1);
        match source.as_str().or_else(|| named.and_then(Value::as_str)) {
            Some(text) => {
                let path = JmesPath::compile(text)?;
                // It answers null where nothing stands, and a fact that nobody told would count as a good one.
                let reads = path.reads()?;
                Ok(Self::Path(path, reads, text.into()))
            }
            None => Logic::compile(source).map(Self::Logic),
        }
    }

    /// Whether it holds.
    pub(super) fn holds(
        &self,
        facts: &Value,
        budget: &mut Budget,
        seen: &mut Seen,
    ) -> Result<bool, GuardError> {
        match self {
            Self::Logic(rule) => {
                rule.holds_recorded(facts, budget, &mut |path, value| seen.note(path, value))
            }
            Self::Path(..) => self.value(facts, budget, seen).map(|value| is_true(&value)),
        }
    }

    /// What it answers.
    pub(super) fn value(
        &self,
        facts: &Value,
        budget: &mut Budget,
        seen: &mut Seen,
    ) -> Result<Value, GuardError> {
        match self {
            Self::Logic(rule) => {
                rule.evaluate_recorded(facts, budget, &mut |path, value| seen.note(path, value))
            }
            Self::Path(path, reads, text) => {
                for read in reads {
                    if let Some(found) = read.find(facts) {
                        seen.note(&read.path(), found);
                    }
                }
                let value = path.evaluate(facts, budget)?;
                if matches!(value, Value::Null) && seen.missing.is_empty() {
                    seen.note(text, &value);
                }
                Ok(value)
            }
        }
    }
}
