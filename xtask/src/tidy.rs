//! `cargo xtask tidy`: holds the `Invariant:` lines of ARCHITECTURE.md by reading the sources as text.
//!
//! A rule is a function from the tree to findings, in a file with its kin under `tidy/`, with a test of a good and of
//! a bad sample. To add one: write it, name it in `RULES`, reference it from its invariant as `[tidy: NAME]`.

mod borders;
mod crates;
mod files;
mod imports;
mod invariants;
mod manifest;
mod paths;
mod source;
mod tree;

use clap::Args;
use std::fmt;

use crate::failure::Failure;
use crate::repo::Repo;
use tree::Tree;

/// Check what the compiler cannot: who imports whom, how long files are, that invariants have a test
///
/// Reads the sources as text, without comments, literals and (for rules about imports) tests. Each finding says file
/// and line, what is wrong and what to do. A warning does not fail the run.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask tidy                 every rule\n  \
    cargo xtask tidy --list          the rules and what each of them holds\n  \
    cargo xtask tidy core-imports    one rule")]
pub(crate) struct Tidy {
    /// Only this rule
    rule: Option<String>,

    /// List the rules
    #[arg(long, conflicts_with = "rule")]
    list: bool,
}

pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) holds: &'static str,
    pub(crate) check: fn(&Tree) -> Vec<Finding>,
}

/// Something that a rule does not allow, at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) what: String,
    pub(crate) remedy: String,
    pub(crate) severity: Severity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    Error,
    Warning,
}

pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "core-imports",
        holds: "core does no I/O: no files, sockets, threads, async, clock, randomness, printing",
        check: imports::core_imports,
    },
    Rule {
        name: "domain-imports",
        holds: "domains import neither each other nor ports nor the engine; money imports no domain",
        check: imports::domain_imports,
    },
    Rule {
        name: "adapter-dependencies",
        holds: "only adapters/host depends on adapters; CLI and bindings on the facade and the host",
        check: crates::adapter_dependencies,
    },
    Rule {
        name: "crate-lints",
        holds: "every crate of the workspace opts into the workspace's lints",
        check: crates::crate_lints,
    },
    Rule { name: "lock-file", holds: "Cargo.lock is committed", check: crates::lock_file },
    Rule {
        name: "file-length",
        holds: "no source file is longer than 700 lines, tests apart; a warning from 450",
        check: files::file_length,
    },
    Rule {
        name: "no-unsafe",
        holds: "no unsafe code but in files at a border of C",
        check: files::no_unsafe,
    },
    Rule {
        name: "guarded-exports",
        holds: "no panic leaves a function that another language calls",
        check: borders::guarded_exports,
    },
    Rule {
        name: "foreign-words",
        holds: "no path of somebody's machine, no note of unfinished work",
        check: files::foreign_words,
    },
    Rule {
        name: "fuzz-seeds",
        holds: "every fuzz target starts from committed seeds",
        check: files::fuzz_seeds,
    },
    Rule {
        name: "invariant-references",
        holds: "every invariant of ARCHITECTURE.md names the rule or the test that holds it",
        check: invariants::invariant_references,
    },
];

impl Tidy {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        if self.list {
            for Rule { name, holds, .. } in RULES {
                println!("{name:22}{holds}");
            }
            return Ok(());
        }
        match &self.rule {
            None => check(repo),
            Some(name) => match RULES.iter().position(|rule| rule.name == name) {
                Some(at) => check_rules(repo, RULES.get(at..=at).unwrap_or_default()),
                None => Err(Failure::new(format!(
                    "no rule is called `{name}`; see `cargo xtask tidy --list`"
                ))),
            },
        }
    }
}

/// Checks every rule; prints the findings and fails if one of them is an error.
pub(crate) fn check(repo: &Repo) -> Result<(), Failure> {
    check_rules(repo, RULES)
}

fn check_rules(repo: &Repo, rules: &[Rule]) -> Result<(), Failure> {
    let tree = Tree::load(repo.root())?;
    let (mut errors, mut warnings) = (0_usize, 0_usize);
    for rule in rules {
        for finding in (rule.check)(&tree) {
            match finding.severity {
                Severity::Error => errors += 1,
                Severity::Warning => warnings += 1,
            }
            println!("{}", finding.report(rule.name));
        }
    }
    let (count, files) = (rules.len(), tree.len());
    println!("tidy: {count} rules over {files} files: {errors} errors, {warnings} warnings");
    match errors {
        0 => Ok(()),
        _ => Err(Failure::new(format!("tidy found {errors} errors; each says above what to do"))),
    }
}

impl Finding {
    pub(crate) fn error(
        path: &str,
        line: usize,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let (path, what, remedy) = (path.to_owned(), what.into(), remedy.into());
        Self { path, line, what, remedy, severity: Severity::Error }
    }

    fn report(&self, rule: &str) -> String {
        let Self { path, line, what, remedy, severity } = self;
        format!("{path}:{line}: {severity} [{rule}] {what}; {remedy}")
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error:",
            Self::Warning => "warning:",
        })
    }
}

#[cfg(test)]
#[path = "tidy_tests.rs"]
mod tests;
