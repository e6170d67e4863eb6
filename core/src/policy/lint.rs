//! What is probably wrong in modules that load: names that nothing uses, rules that contradict one another, references that lead nowhere.
//!
//! A rule is only here if what it tells is certain. Ids are Regal's where it has the rule. A comment `# lint:ignore id` silences it on its own row
//! and on the next one, as does Regal's `# regal ignore:id`; several ids stand with commas between.

mod expressions;
mod heads;
mod names;
mod references;
mod schemas;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::near::nearest;
use super::rego::ast::Module;
use super::rego::{Place, comments, parse_module};
use super::snapshot::Snapshot;

/// The most findings.
pub const FINDINGS: usize = 1000;

/// What is probably wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id, one of [`RULES`].
    pub id: &'static str,
    /// The module.
    pub file: String,
    /// The row.
    pub row: u32,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: &'static str,
}

/// The linter's rules: the id of each, and how to mend what it finds.
pub const RULES: [(&str, &str); 23] = [
    ("conflicting-rules", "give one of the rules another condition, or join them by `else`"),
    ("constant-condition", "compare something that can be otherwise, or take the expression out"),
    ("deprecated-builtin", "use what replaces it: Rego v1 has it no more"),
    ("duplicate-rule", "take one of the rules out"),
    ("file-missing-test-suffix", "name the file `…_test.rego`"),
    ("impossible-not", "what rules collect is always defined: ask `count(…) == 0`"),
    ("invalid-metadata-attribute", "put it under `custom`"),
    (
        "leaked-internal-reference",
        "use a rule that is meant for others: its name has no `_` in front",
    ),
    ("not-equals-in-loop", "it holds if any item differs: use `not x in xs`, or `every`"),
    ("permissive-default", "let the default deny: what no rule permits is else allowed"),
    ("print-or-trace-call", "take it out: it is for tests and trying"),
    (
        "rule-shadows-builtin",
        "rename the rule: the built-in function cannot be called where it stands",
    ),
    ("schema-mismatch", "correct the reference, or the schema"),
    ("sprintf-arguments-mismatch", "give as many values as the format has verbs"),
    ("test-outside-test-package", "put tests into a package whose name ends in `_test`"),
    ("text-order", "texts have the alphabet's order: compare `to_number(…)` with a number"),
    ("unreachable-else", "what stands before it always has a value: give that a condition"),
    ("unresolved-reference", "write a rule or a document that is in the bundle"),
    (
        "unresolved-schema",
        "write `- input: schema.NAME`, and put the schema into the bundle as `schemas/NAME.json`",
    ),
    ("unused-argument", "name it `_`"),
    ("unused-import", "take the import out"),
    ("unused-rule", "take the rule out: its name says that it is for its own package only"),
    ("unused-variable", "take it out, or use it"),
];

impl Snapshot {
    /// What is probably wrong in the modules, by files and rows: the first [`FINDINGS`].
    ///
    /// ```
    /// use thalium::policy::bundle::{Bundle, File};
    /// use thalium::policy::snapshot::Snapshot;
    ///
    /// let module = "package access\n\ndefault allow := true\n\nallow := false if input.amount > \"100\"\n";
    /// let snapshot = Snapshot::new(&Bundle::read(&[File::new("access.rego", module)], None)?)?;
    /// let told: Vec<_> = snapshot.lint().into_iter().map(|found| (found.id, found.row)).collect();
    /// assert_eq!(told, [("permissive-default", 3), ("text-order", 5)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn lint(&self) -> Vec<Finding> {
        let mut sources = Vec::new();
        for source in self.policy().sources() {
            // What was loaded once is read again.
            if let Ok(module) = parse_module(&Arc::from(source.file), source.text, source.dialect) {
                sources.push((module, silenced(source.text)));
            }
        }
        let (modules, silenced): (Vec<Module>, Vec<_>) = sources.into_iter().unzip();
        let mut report = Report::default();
        for (at, module) in modules.iter().enumerate() {
            report.module = at;
            names::check(module, &mut report);
            heads::check(module, &mut report);
            expressions::check(module, &mut report);
        }
        names::check_private(&modules, &mut report);
        heads::check_same(&modules, &mut report);
        references::check(self, &modules, &mut report);
        schemas::check(self, &modules, &mut report);
        let file = |at: usize| modules.get(at).map_or("", |module| module.file.as_ref());
        let mut findings: Vec<Finding> = report
            .found
            .into_iter()
            .filter(|found| {
                let silenced = silenced.get(found.module);
                !silenced.is_some_and(|silenced| is_silenced(silenced, found.id, found.at.row))
            })
            .map(|found| Finding {
                id: found.id,
                file: file(found.module).to_owned(),
                row: found.at.row,
                message: found.message,
                hint: RULES.iter().find(|(id, _)| *id == found.id).map_or("", |(_, hint)| hint),
            })
            .collect();
        findings.sort_by(|a, b| {
            (&a.file, a.row, a.id, &a.message).cmp(&(&b.file, b.row, b.id, &b.message))
        });
        findings.dedup();
        findings.truncate(FINDINGS);
        findings
    }
}

/// What was found.
#[derive(Default)]
struct Report {
    /// The module that is looked at, by its number.
    module: usize,
    found: Vec<Found>,
}

struct Found {
    id: &'static str,
    module: usize,
    at: Place,
    message: String,
}

impl Report {
    fn add(&mut self, id: &'static str, at: Place, message: String) {
        // More than are told are kept, as some may be silenced.
        if self.found.len() < 8 * FINDINGS {
            self.found.push(Found { id, module: self.module, at, message });
        }
    }
}

/// The name that may have been meant, as the end of a message.
fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
}

/// Whether a module is one of tests.
fn is_test(module: &Module) -> bool {
    let package = module.package.last().is_some_and(|name| name.ends_with("_test"));
    package || module.file.ends_with("_test.rego")
}

/// The ids that comments silence, by the comments' rows.
fn silenced(text: &str) -> BTreeMap<u32, BTreeSet<String>> {
    let ids = |(row, comment): (u32, String)| {
        let comment = comment.trim();
        let ids = comment
            .strip_prefix("lint:ignore")
            .or_else(|| comment.strip_prefix("regal ignore:"))?;
        let ids = ids.split([',', ' ']).filter(|id| !id.is_empty()).map(str::to_owned);
        Some((row, ids.collect()))
    };
    comments(text).filter_map(ids).collect()
}

fn is_silenced(silenced: &BTreeMap<u32, BTreeSet<String>>, id: &str, row: u32) -> bool {
    let on = |row: u32| silenced.get(&row).is_some_and(|ids| ids.contains(id));
    on(row) || row.checked_sub(1).is_some_and(on)
}

#[cfg(test)]
#[path = "lint_tests.rs"]
mod tests;
