//! What changes between two versions of a bundle: files, rules, documents and typed rules, as plain data that an officer of compliance can read.
//!
//! Rules are compared by what they mean: white space, comments, the order of rules, and the names of variables and imports are no change. What is
//! not understood to be the same is told as a change: a change may be told that makes no difference, and none that makes one is left out. What
//! a change decides otherwise is not told here: decisions on record are decided once more, and a shadow decides beside what is in force.

mod files;
mod modules;
mod shape;
mod typed;
mod values;

use std::collections::BTreeMap;

use self::modules::Code;
use self::values::{both, compare};
use super::bundle::Manifest;
use super::rego::Value;
use super::snapshot::Snapshot;

/// The most entries that are told of a list.
pub const ENTRIES: usize = 1000;

/// The most rows of one rule's or package's annotations, and the most places of one rule on a side.
pub const NOTES: usize = 32;

/// The most bytes that are told of a value.
pub const SHOWN: usize = 256;

/// What changes from one version to another. Each list is sorted, and has at most [`ENTRIES`] entries.
///
/// It [is empty](Diff::is_empty) if and only if no file that means something has other bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// The version before.
    pub before: Version,
    /// The version after.
    pub after: Version,
    /// The manifest's roots: what the bundle owns.
    pub roots: Listed<Named>,
    /// The manifest's metadata, by their JSON pointers.
    pub metadata: Listed<Row>,
    /// The files, by their names: modules, documents, typed rules with their tests, and the manifest.
    pub files: Listed<FileChange>,
    /// The packages, by their paths.
    pub packages: Listed<PackageChange>,
    /// The rules, by their paths.
    pub rules: Listed<RuleChange>,
    /// What is annotated as an entry point, by its path.
    pub entry_points: Listed<Named>,
    /// The documents under `data`, by their JSON pointers.
    pub documents: Listed<Row>,
    /// The typed rules, by their programs' paths.
    pub typed: Listed<TypedChange>,
}

/// A version of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The bundle's name for it; empty where it has none.
    pub revision: String,
    /// What names this content and no other.
    pub digest: [u8; 32],
}

/// The first entries of a list, and how many more there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The entries.
    pub entries: Vec<T>,
    /// How many more there are.
    pub more: u64,
}

/// How something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is there after only.
    Added,
    /// It is there before only.
    Removed,
    /// It means something else.
    Changed,
    /// Only its annotations change: title, description and the like.
    Notes,
    /// Only how it is written changes: comments, white space, the order of rules, names of variables.
    Text,
}

/// A name that is there on one side only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Whether it comes or goes.
    pub change: Change,
}

/// A part of a document. Of a list, an item that comes or goes has its own place on its side; an item that changes has the same on both, and what
/// is only put into another order is told whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its JSON pointer; of long ones the beginning and `…`.
    pub pointer: String,
    /// How it changes.
    pub change: Change,
    /// Its JSON before, numbers as they are written; of a long one the first [`SHOWN`] bytes and `…`.
    pub before: Option<String>,
    /// Its JSON after.
    pub after: Option<String>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Its name in the bundle.
    pub file: String,
    /// How it changes.
    pub change: Change,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageChange {
    /// Its path, such as `data.aml`.
    pub package: String,
    /// How it changes.
    pub change: Change,
    /// How its own annotations change, at most [`NOTES`] rows.
    pub notes: Listed<Row>,
}

/// The rules of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// Their path, such as `data.aml.verdict`.
    pub path: String,
    /// The package that they stand in.
    pub package: String,
    /// How they change.
    pub change: Change,
    /// Where they stand before: of rules that change those that have no equal after, of annotations all, at most [`NOTES`].
    pub before: Vec<Site>,
    /// Where they stand after: of rules that change those that have no equal before.
    pub after: Vec<Site>,
    /// How their annotations change, at most [`NOTES`] rows.
    pub notes: Listed<Row>,
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// The module.
    pub file: String,
    /// The row.
    pub row: u32,
}

/// A field of typed rules. Whole numbers are told as texts, which mean the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedChange {
    /// The program's path, such as `limits/verdict`.
    pub path: String,
    /// The part of the document, such as `rules` or `thresholds`; empty where the whole program comes or goes.
    pub part: String,
    /// Which of them, such as `limits/day`; of `rules`, empty where their order changes.
    pub name: String,
    /// The field's JSON pointer in it, such as `/check/max/0`; empty where all of it comes or goes. A table of thresholds is named by its day.
    pub field: String,
    /// How it changes.
    pub change: Change,
    /// Its JSON before, as [`Row::before`].
    pub before: Option<String>,
    /// Its JSON after.
    pub after: Option<String>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), more: 0 }
    }
}

impl<T> Listed<T> {
    /// Whether there is nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.more == 0
    }

    /// Adds an entry, or counts it where there is no room: then it is not made.
    fn add(&mut self, most: usize, entry: impl FnOnce() -> T) {
        if self.entries.len() < most {
            self.entries.push(entry());
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

impl Change {
    /// The word for it: `added`, `removed`, `changed`, `notes`, `text`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Notes => "notes",
            Self::Text => "text",
        }
    }
}

impl Diff {
    /// Whether nothing changes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.files.is_empty() && self.is_same()
    }

    /// Whether nothing changes but how it is written, and the revision.
    #[must_use]
    pub const fn is_same(&self) -> bool {
        self.roots.is_empty()
            && self.metadata.is_empty()
            && self.packages.is_empty()
            && self.rules.is_empty()
            && self.entry_points.is_empty()
            && self.documents.is_empty()
            && self.typed.is_empty()
    }
}

/// What changes from one version to another.
///
/// ```
/// use thalium::policy::bundle::{Bundle, File};
/// use thalium::policy::diff::{Change, diff};
/// use thalium::policy::snapshot::Snapshot;
///
/// let version = |module, limit| {
///     let files = [File::new("aml.rego", module), File::new("limits/data.json", limit)];
///     Snapshot::new(&Bundle::read(&files, None)?)
/// };
/// let before = version("package aml\n\nlarge if input.amount > data.limits.large\n", r#"{"large": 10000}"#)?;
/// let after = version("package aml\n\n# From now on at it, too.\nlarge if input.amount >= data.limits.large\n", r#"{"large": 9000}"#)?;
/// let diff = diff(&before, &after);
/// let rule = &diff.rules.entries[0];
/// assert_eq!((rule.path.as_str(), rule.change), ("data.aml.large", Change::Changed));
/// assert_eq!((rule.before[0].row, rule.after[0].row), (3, 4));
/// let row = &diff.documents.entries[0];
/// assert_eq!((row.pointer.as_str(), row.before.as_deref(), row.after.as_deref()), ("/limits/large", Some("10000"), Some("9000")));
/// # Ok::<(), thalium::policy::bundle::BundleError>(())
/// ```
#[must_use]
pub fn diff(before: &Snapshot, after: &Snapshot) -> Diff {
    let (code, now) = (Code::of(before), Code::of(after));
    let roots =
        |manifest: &Manifest| manifest.roots.iter().cloned().map(|root| (root, ())).collect();
    Diff {
        before: version(before),
        after: version(after),
        roots: named(&roots(before.manifest()), &roots(after.manifest())),
        metadata: compare(&before.manifest().metadata, &after.manifest().metadata, ENTRIES),
        files: files::changes((before, &code), (after, &now)),
        packages: modules::packages(&code, &now),
        rules: modules::rules(&code, &now),
        entry_points: named(&code.entry_points, &now.entry_points),
        documents: compare(before.data(), after.data(), ENTRIES),
        typed: typed::changes(before, after),
    }
}

fn version(snapshot: &Snapshot) -> Version {
    Version { revision: snapshot.manifest().revision.clone(), digest: snapshot.digest() }
}

/// The names that are there on one side only.
fn named(before: &BTreeMap<String, ()>, after: &BTreeMap<String, ()>) -> Listed<Named> {
    let mut listed = Listed::default();
    for (name, old, new) in both(before, after) {
        let change = match (old, new) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => continue,
        };
        listed.add(ENTRIES, || Named { name: name.clone(), change });
    }
    listed
}

/// A value as it is told: its JSON, of a long one the beginning.
fn shown(value: &Value) -> String {
    cut(value.to_json(), SHOWN)
}

/// The first bytes of a text, and `…` where there are more.
fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        let end = (0..=most).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or_default());
        text.push('…');
    }
    text
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
