//! What an import tells: the charts, what Ballerine tolerates, and what is wrong.

use std::collections::BTreeSet;

use thalium::kyc::chart::{Chart, ChartError, Place};
use thalium::kyc::logic::Dialect;

use crate::json::At;

/// The most leniencies of an import.
pub const LENIENCIES: usize = 1_000;
/// The most errors that are told.
const ERRORS: usize = 100;

/// What becomes of what Ballerine tolerates and that means nothing, or something else than is written there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It is imported as what it means there, and told.
    #[default]
    Lenient,
    /// It is an error.
    Strict,
}

/// Definitions that were imported.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The chart of the definition; of a list of definitions that of the first.
    pub chart: Chart,
    /// The charts of the others: load them together with it.
    pub others: Vec<Chart>,
    /// The dialect that its guards are written for: load it in surroundings with it.
    pub dialect: Dialect,
    /// What was tolerated; empty in the strict mode.
    pub leniencies: Vec<Leniency>,
}

/// Something that Ballerine tolerates, with what it means there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leniency {
    /// The path to it: `definition/states/review/on/APPROVE`.
    pub path: String,
    /// The row, from one.
    pub row: u32,
    /// The column, from one.
    pub column: u32,
    /// What is wrong with it, and what became of it.
    pub what: String,
    /// The rule that it broke, one of [`RULES`].
    pub rule: &'static str,
}

/// Each rule of the strict mode, with what it finds.
pub const RULES: [(&str, &str); 22] = [
    ("after-by-chance", "a timer, which lives in the memory of one process there"),
    ("always-at-the-beginning", "a way without an event out of the state that a case begins in"),
    ("always-beside-plugins", "ways without an event out of a state whose plugins answer"),
    ("answer-dropped", "a plugin that is told no event for its answer, or only one of two"),
    ("backtick-text", "a text between backticks that is no JSON"),
    ("callback-not-heard", "an event for an answer that the state does not accept"),
    ("callbacks-swapped", "an event for success that is named as a failure, and the reverse"),
    ("final-without-type", "a state that nothing leads out of and that is not final"),
    ("forbidden-event", "an event that nothing is done for"),
    ("guard-always-holds", "a guard whose answer is a list, which always holds"),
    ("guard-reads-nothing", "a guard that reads a name that nothing gives a value"),
    ("guard-without-rule", "a guard that has no rule"),
    ("initial-missing", "a chart that does not say where it begins"),
    ("key-twice", "a key that stands twice in one object"),
    ("not-carried", "what is no business of a chart"),
    ("placeholder-in-request", "a text with braces that is filled in once more"),
    ("plugin-never-runs", "a plugin of a state that does not exist, or that none is run in"),
    ("plugins-after-leaving", "plugins that run on when their state has been left"),
    ("secret-in-request", "a secret in a request, where a value may name one, too"),
    ("transition-never-taken", "a transition behind one that always holds"),
    ("unknown-field", "a field that is not known there"),
    ("wildcard-never-heard", "a transition for `*`, which is refused before it is looked for"),
];

/// What was found so far.
#[derive(Debug)]
pub(crate) struct Report {
    mode: Mode,
    pub(crate) errors: Vec<ChartError>,
    pub(crate) leniencies: Vec<Leniency>,
}

impl Report {
    pub(crate) const fn new(mode: Mode) -> Self {
        Self { mode, errors: Vec::new(), leniencies: Vec::new() }
    }

    /// Something that cannot be imported.
    pub(crate) fn refuse(&mut self, at: &At<'_>, message: impl Into<String>) {
        self.refuse_at(at.place(), message);
    }

    pub(crate) fn refuse_at(&mut self, place: Place, message: impl Into<String>) {
        if self.errors.len() < ERRORS {
            self.errors.push(ChartError { place, message: message.into() });
        }
    }

    /// Something that is tolerated there.
    pub(crate) fn tolerate(&mut self, at: &At<'_>, rule: &'static str, what: impl Into<String>) {
        self.tolerate_at(at.place(), rule, what);
    }

    pub(crate) fn tolerate_at(
        &mut self,
        place: Place,
        rule: &'static str,
        what: impl Into<String>,
    ) {
        debug_assert!(RULES.iter().any(|(known, _)| *known == rule), "{rule}");
        let what = what.into();
        if self.mode == Mode::Strict {
            return self.refuse_at(place, format!("{what} (rule `{rule}`)"));
        }
        if self.leniencies.len() >= LENIENCIES {
            return self.refuse_at(place, format!("there are more than {LENIENCIES} leniencies before this: mend some of them first"));
        }
        let Place { path, row, column } = place;
        let told = Leniency { path, row, column, what, rule };
        // What several plugins do is read several times.
        if !self.leniencies.contains(&told) {
            self.leniencies.push(told);
        }
    }

    /// Looks at the fields of an object: those that are not known are told, and what stands twice.
    pub(crate) fn known(&mut self, at: &At<'_>, known: &[&str]) {
        for (key, field) in at.fields() {
            if !known.contains(&key) {
                self.tolerate(&field, "unknown-field", format!("`{}` is not known here, and nothing is done with it: remove it; known are {}", shown(key), listed(known)));
            }
        }
        self.once(at);
    }

    /// Tells the keys that stand twice.
    pub(crate) fn once(&mut self, at: &At<'_>) {
        let mut seen = BTreeSet::new();
        for (key, field) in at.all_fields().iter().rev() {
            if !seen.insert(*key) {
                self.tolerate(
                    field,
                    "key-twice",
                    format!(
                        "`{}` stands again below, and only the last counts: remove this one",
                        shown(key)
                    ),
                );
            }
        }
    }

    /// The text of a field that has to be one.
    pub(crate) fn text<'n>(&mut self, at: &At<'n>, key: &str) -> Option<&'n str> {
        let field = at.get(key)?;
        let text = field.text();
        if text.is_none() {
            self.refuse(&field, format!("is {}, and a text should stand here", field.node.told()));
        }
        text
    }

    /// The same; that it is not there is an error.
    pub(crate) fn needed<'n>(&mut self, at: &At<'n>, key: &str) -> Option<&'n str> {
        if at.get(key).is_none() {
            self.refuse(at, format!("has no `{key}`, which it needs"));
        }
        self.text(at, key)
    }

    /// The items of a field that has to be a list; none if it is not there.
    pub(crate) fn list<'n>(&mut self, at: &At<'n>, key: &str) -> Vec<At<'n>> {
        let Some(field) = at.get(key) else { return Vec::new() };
        let items = field.items();
        if items.is_none() {
            self.refuse(&field, format!("is {}, and a list should stand here", field.node.told()));
        }
        items.unwrap_or_default()
    }

    /// Whether a text can name a state, an event or a plugin here.
    pub(crate) fn name(&mut self, at: &At<'_>, what: &str, name: &str) -> bool {
        let is_name = !name.is_empty()
            && name.len() <= crate::json::KEY
            && !name.contains(|c: char| c.is_whitespace() || c.is_control());
        if !is_name {
            self.refuse(at, format!("`{}` cannot name {what}: it is empty, longer than 256 bytes, or has white space in it", shown(name)));
        }
        is_name
    }
}

/// As much of a text as a message has room for.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

pub(crate) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
