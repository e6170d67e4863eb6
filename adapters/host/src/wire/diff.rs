//! What changes from one version of a policy to another, as plain data.

use std::collections::BTreeMap;

use serde::Serialize;
use thalium::policy::diff::{Change, Diff, Listed, Named, Row, Site, Version};

use super::policy::OpenPolicy;
use crate::hex;

/// With which version a policy is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskDiff {
    /// The version after: that which is asked is the one before.
    pub to: OpenPolicy,
}

/// What changes from one version of a policy to another. Of each list the first 1,000 entries are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyDiff {
    /// The version before.
    pub before: DiffVersion,
    /// The version after.
    pub after: DiffVersion,
    /// Whether nothing changes at all.
    pub empty: bool,
    /// Whether nothing changes but how it is written, and the revision.
    pub same: bool,
    /// The roots that come or go.
    pub roots: Vec<DiffName>,
    /// The manifest's metadata, by JSON pointer.
    pub metadata: Vec<DiffRow>,
    /// The files.
    pub files: Vec<DiffName>,
    /// The packages.
    pub packages: Vec<DiffPackage>,
    /// The rules, by path.
    pub rules: Vec<DiffRule>,
    /// What is annotated as an entry point.
    pub entry_points: Vec<DiffName>,
    /// The documents under `data`, by JSON pointer.
    pub documents: Vec<DiffRow>,
    /// The typed rules, field by field.
    pub typed: Vec<DiffTyped>,
    /// What is left out of lists that are longer.
    pub more: Vec<DiffMore>,
}

/// How much of a list is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffMore {
    /// The list, such as `documents`.
    pub list: String,
    /// How many entries are left out.
    pub entries: u64,
}

/// A version of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffVersion {
    /// The bundle's name for it; empty where it has none.
    pub revision: String,
    /// What names this content and no other, in hexadecimal.
    pub digest: String,
}

/// How something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DiffChange {
    /// It is there after only.
    Added,
    /// It is there before only.
    Removed,
    /// It means something else.
    Changed,
    /// Only its annotations change.
    Notes,
    /// Only how it is written changes.
    Text,
}

/// A file or a name that comes, goes or changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffName {
    /// The name.
    pub name: String,
    /// How it changes.
    pub change: DiffChange,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffRow {
    /// Its JSON pointer.
    pub pointer: String,
    /// How it changes.
    pub change: DiffChange,
    /// Its JSON text before, of a long one the beginning and `…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Its JSON text after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffPackage {
    /// Its path, such as `data.aml`.
    pub package: String,
    /// How it changes.
    pub change: DiffChange,
    /// How its own annotations change, at most 32 rows.
    pub notes: Vec<DiffRow>,
    /// How many rows of them are left out.
    pub notes_more: u64,
}

/// The rules of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffRule {
    /// Their path, such as `data.aml.verdict`.
    pub path: String,
    /// Their package.
    pub package: String,
    /// How they change.
    pub change: DiffChange,
    /// Where those stand before that have no equal after, at most 32.
    pub before: Vec<DiffSite>,
    /// Where those stand after that have no equal before, at most 32.
    pub after: Vec<DiffSite>,
    /// How their annotations change, at most 32 rows.
    pub notes: Vec<DiffRow>,
    /// How many rows of them are left out.
    pub notes_more: u64,
}

/// Where a rule stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffSite {
    /// The module.
    pub file: String,
    /// The row.
    pub row: u32,
}

/// A field of typed rules. Whole numbers are told as texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffTyped {
    /// The program's path, such as `limits/verdict`.
    pub path: String,
    /// The part, such as `rules`; empty where the whole program comes or goes.
    pub part: String,
    /// Which of them, such as `limits/day`; of `rules`, empty where their order changes.
    pub name: String,
    /// The field's JSON pointer in it; empty where all of it comes or goes.
    pub field: String,
    /// How it changes.
    pub change: DiffChange,
    /// Its JSON text before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Its JSON text after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl From<Change> for DiffChange {
    fn from(change: Change) -> Self {
        match change {
            Change::Added => Self::Added,
            Change::Removed => Self::Removed,
            Change::Changed => Self::Changed,
            Change::Notes => Self::Notes,
            Change::Text => Self::Text,
        }
    }
}

impl From<Version> for DiffVersion {
    fn from(version: Version) -> Self {
        Self { revision: version.revision, digest: hex(&version.digest) }
    }
}

impl From<Named> for DiffName {
    fn from(named: Named) -> Self {
        Self { name: named.name, change: named.change.into() }
    }
}

impl From<Row> for DiffRow {
    fn from(row: Row) -> Self {
        Self {
            pointer: row.pointer,
            change: row.change.into(),
            before: row.before,
            after: row.after,
        }
    }
}

impl From<Site> for DiffSite {
    fn from(site: Site) -> Self {
        Self { file: site.file, row: site.row }
    }
}

/// The entries of a list; what is left out of it is counted.
fn entries<A, B>(
    list: &str,
    listed: Listed<A>,
    more: &mut BTreeMap<String, u64>,
    view: impl Fn(A) -> B,
) -> Vec<B> {
    if listed.more > 0 {
        more.insert(list.to_owned(), listed.more);
    }
    listed.entries.into_iter().map(view).collect()
}

fn rows(listed: Listed<Row>) -> (Vec<DiffRow>, u64) {
    (listed.entries.into_iter().map(DiffRow::from).collect(), listed.more)
}

fn sites(sites: Vec<Site>) -> Vec<DiffSite> {
    sites.into_iter().map(DiffSite::from).collect()
}

impl From<Diff> for PolicyDiff {
    fn from(diff: Diff) -> Self {
        let (empty, same) = (diff.is_empty(), diff.is_same());
        let mut left = BTreeMap::new();
        let more = &mut left;
        let file = |file: thalium::policy::diff::FileChange| DiffName {
            name: file.file,
            change: file.change.into(),
        };
        let mut told = Self {
            before: diff.before.into(),
            after: diff.after.into(),
            empty,
            same,
            roots: entries("roots", diff.roots, more, DiffName::from),
            metadata: entries("metadata", diff.metadata, more, DiffRow::from),
            files: entries("files", diff.files, more, file),
            packages: entries("packages", diff.packages, more, |package| {
                let (notes, notes_more) = rows(package.notes);
                let change = package.change.into();
                DiffPackage { package: package.package, change, notes, notes_more }
            }),
            rules: entries("rules", diff.rules, more, |rule| {
                let (notes, notes_more) = rows(rule.notes);
                DiffRule {
                    path: rule.path,
                    package: rule.package,
                    change: rule.change.into(),
                    before: sites(rule.before),
                    after: sites(rule.after),
                    notes,
                    notes_more,
                }
            }),
            entry_points: entries("entry_points", diff.entry_points, more, DiffName::from),
            documents: entries("documents", diff.documents, more, DiffRow::from),
            typed: entries("typed", diff.typed, more, |typed| DiffTyped {
                path: typed.path,
                part: typed.part,
                name: typed.name,
                field: typed.field,
                change: typed.change.into(),
                before: typed.before,
                after: typed.after,
            }),
            more: Vec::new(),
        };
        told.more = left.into_iter().map(|(list, entries)| DiffMore { list, entries }).collect();
        told
    }
}
