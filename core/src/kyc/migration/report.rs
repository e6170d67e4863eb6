//! What a migration would do to many cases: how many move, which do not, and why.

use std::collections::BTreeMap;
use std::fmt;

use super::changes::{InvokedFate, Migrated, TimerFate};
use super::error::MigrationError;
use crate::value::Value;

/// The most reasons that are told apart; what else was refused is counted together.
const REASONS: usize = 64;
/// The most ids of a reason.
const EXAMPLES: usize = 8;
/// The most pairs of states that are told apart.
const PAIRS: usize = 4_096;
/// The most characters of a reason.
const REASON: usize = 1_000;

/// What a migration would do to many cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Whether the migration names no definition that it is from: cases of any version whose states it knows are moved.
    pub is_any: bool,
    /// How many cases there are.
    pub total: u64,
    /// How many would be moved.
    pub migrated: u64,
    /// How many have ended: there is nothing to move.
    pub ended: u64,
    /// How many would be refused.
    pub refused: u64,
    /// Why, by the sentence that says it, at most 64 of them; what is missing here to `refused` has other reasons.
    pub reasons: BTreeMap<String, Refusal>,
    /// How many sessions go from an old state to a new one, those of invoked charts among them.
    pub states: BTreeMap<(String, String), u64>,
    /// How many timers would be dropped.
    pub timers_dropped: u64,
    /// How many timers would begin.
    pub timers_started: u64,
    /// How many services and charts would be dropped.
    pub invoked_dropped: u64,
    /// How many services and charts new states would have invoked, had they been entered.
    pub invoked_not_begun: u64,
}

/// Cases that would be refused for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// How many.
    pub count: u64,
    /// The ids of some, at most eight.
    pub examples: Vec<String>,
}

impl Report {
    /// Counts a case.
    pub(super) fn count(&mut self, id: &str, outcome: Result<&Migrated, &MigrationError>) {
        self.total += 1;
        let migrated = match outcome {
            Ok(migrated) => migrated,
            Err(MigrationError::Ended) => {
                self.ended += 1;
                return;
            }
            Err(error) => {
                self.refused += 1;
                let reason: String = error.to_string().chars().take(REASON).collect();
                if self.reasons.len() < REASONS || self.reasons.contains_key(&reason) {
                    let refusal = self.reasons.entry(reason).or_default();
                    refusal.count += 1;
                    if refusal.examples.len() < EXAMPLES {
                        refusal.examples.push(id.to_owned());
                    }
                }
                return;
            }
        };
        self.migrated += 1;
        for changes in &migrated.changes {
            for pair in &changes.states {
                if self.states.len() < PAIRS || self.states.contains_key(pair) {
                    *self.states.entry(pair.clone()).or_default() += 1;
                }
            }
            for timer in &changes.timers {
                self.timers_dropped += u64::from(timer.fate == TimerFate::Dropped);
                self.timers_started += u64::from(timer.fate == TimerFate::Started);
            }
            for invoked in &changes.invoked {
                self.invoked_dropped += u64::from(invoked.fate == InvokedFate::Dropped);
                self.invoked_not_begun += u64::from(invoked.fate == InvokedFate::NotBegun);
            }
        }
    }

    /// As an object with the names of its fields; `reasons` are `{reason, count, examples}`, the most frequent first, and `states` are
    /// `{from, to, count}`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let reason = |(reason, refusal): (&String, &Refusal)| {
            let examples = refusal.examples.iter().map(|id| Value::from(&**id));
            Value::fields([
                ("reason", Value::from(&**reason)),
                ("count", refusal.count.into()),
                ("examples", Value::array(examples)),
            ])
        };
        let state = |((from, to), count): (&(String, String), &u64)| {
            let names = [("from", Value::from(&**from)), ("to", Value::from(&**to))];
            Value::fields(names.into_iter().chain([("count", (*count).into())]))
        };
        Value::fields([
            ("is_any", self.is_any.into()),
            ("total", self.total.into()),
            ("migrated", self.migrated.into()),
            ("ended", self.ended.into()),
            ("refused", self.refused.into()),
            ("reasons", Value::array(self.by_count().into_iter().map(reason))),
            ("states", Value::array(self.states.iter().map(state))),
            ("timers_dropped", self.timers_dropped.into()),
            ("timers_started", self.timers_started.into()),
            ("invoked_dropped", self.invoked_dropped.into()),
            ("invoked_not_begun", self.invoked_not_begun.into()),
        ])
    }

    /// The reasons, the most frequent first.
    fn by_count(&self) -> Vec<(&String, &Refusal)> {
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by_key(|(_, refusal)| std::cmp::Reverse(refusal.count));
        reasons
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { total, migrated, ended, refused, .. } = self;
        write!(f, "{total} cases: {migrated} would move, {refused} refused, {ended} have ended")?;
        if self.is_any {
            f.write_str("\n  no `from` is named: cases of any version are taken")?;
        }
        for ((from, to), count) in &self.states {
            write!(f, "\n  {from} -> {to}: {count}")?;
        }
        for (reason, refusal) in self.by_count() {
            let more = if refusal.count > crate::value::length(refusal.examples.len()) {
                ", …"
            } else {
                ""
            };
            let examples = refusal.examples.join(", ");
            write!(f, "\n  refused {}: {reason} ({examples}{more})", refusal.count)?;
        }
        let told = self.reasons.values().map(|refusal| refusal.count).fold(0, u64::saturating_add);
        if told < *refused {
            write!(f, "\n  refused {}: for other reasons", refused.saturating_sub(told))?;
        }
        for (count, what) in [
            (self.timers_dropped, "timers would be dropped"),
            (self.timers_started, "timers would begin"),
            (self.invoked_dropped, "services and charts would be dropped"),
            (
                self.invoked_not_begun,
                "services and charts would not be begun, whose states are taken over",
            ),
        ] {
            if count > 0 {
                write!(f, "\n  {count} {what}")?;
            }
        }
        Ok(())
    }
}
