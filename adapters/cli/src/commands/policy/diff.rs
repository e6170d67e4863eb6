//! `thalium policy diff`.

use std::path::PathBuf;

use clap::Args;
use thalium_host::Policy;
use thalium_host::wire::{DiffRow, DiffSite, PolicyDiff};

use super::word;
use crate::commands::answered;
use crate::failure::Failure;
use crate::output::one_line;
use crate::session::Global;

/// Tell what changes from one version of a bundle to another: files, rules, documents and typed rules
#[derive(Args, Debug)]
#[command(after_help = "\
Rules are compared by what they mean: white space, comments, the order of rules and the names of variables are no change.
What a change would have decided otherwise is told by `thalium policy replay`.
Exit code 1: something changes.

Example:
  thalium policy diff policies-in-force.tar.gz policies/")]
pub(crate) struct Diff {
    /// The bundle before: a directory, a .tar.gz, or one module
    before: PathBuf,
    /// The bundle after
    after: PathBuf,
}

impl Diff {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let (before, after) = (Policy::open(&self.before, None)?, Policy::open(&self.after, None)?);
        let diff = PolicyDiff::from(before.diff(&after));
        let output = global.output();
        let told = if output.json {
            output.json(&diff)
        } else {
            lines(&diff).iter().try_for_each(|line| output.line(one_line(line)))
        };
        answered(told, diff.empty)
    }
}

/// A line for each entry.
fn lines(diff: &PolicyDiff) -> Vec<String> {
    let mut lines = Vec::new();
    let sides = |before: &str, after: &str| format!("{before} -> {after}");
    if diff.before.revision != diff.after.revision {
        lines.push(format!("revision: {}", sides(&diff.before.revision, &diff.after.revision)));
    }
    if !diff.empty {
        lines.push(format!("digest: {}", sides(&diff.before.digest, &diff.after.digest)));
    }
    let heads = lines.len();
    let named = |what: &str, names: &[thalium_host::wire::DiffName]| {
        let line =
            |it: &thalium_host::wire::DiffName| format!("{what} {}: {}", word(&it.change), it.name);
        names.iter().map(line).collect::<Vec<_>>()
    };
    lines.extend(named("root", &diff.roots));
    lines.extend(diff.metadata.iter().map(|it| row("metadata", it)));
    lines.extend(named("file", &diff.files));
    for package in &diff.packages {
        lines.push(format!("package {}: {}", word(&package.change), package.package));
        lines.extend(package.notes.iter().map(|it| format!("  {}", row("notes", it))));
    }
    for rule in &diff.rules {
        let at = sides(&places(&rule.before), &places(&rule.after));
        lines.push(format!("rule {}: {}  {at}", word(&rule.change), rule.path));
        lines.extend(rule.notes.iter().map(|it| format!("  {}", row("notes", it))));
    }
    lines.extend(named("entry point", &diff.entry_points));
    lines.extend(diff.documents.iter().map(|it| row("data", it)));
    for typed in &diff.typed {
        let whole = DiffRow {
            pointer: [&typed.path, &typed.part, &typed.name, &typed.field]
                .map(String::as_str)
                .join(" "),
            change: typed.change,
            before: typed.before.clone(),
            after: typed.after.clone(),
        };
        lines.push(row("typed", &whole));
    }
    let changes = lines.len() - heads;
    lines.extend(diff.more.iter().map(|it| format!("and {} more under {}", it.entries, it.list)));
    if diff.same && !diff.empty {
        lines.push("nothing changes but how it is written".to_owned());
    }
    lines.push(format!("{changes} changes"));
    lines
}

fn row(what: &str, row: &DiffRow) -> String {
    let sides = match (&row.before, &row.after) {
        (Some(before), Some(after)) => format!("{before} -> {after}"),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => String::new(),
    };
    format!("{what} {}: {}  {sides}", word(&row.change), row.pointer.trim_end())
}

fn places(sites: &[DiffSite]) -> String {
    let told: Vec<String> =
        sites.iter().map(|site| format!("{}:{}", site.file, site.row)).collect();
    if told.is_empty() { "nowhere".to_owned() } else { told.join(", ") }
}
