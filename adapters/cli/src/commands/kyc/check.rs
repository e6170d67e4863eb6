//! `thalium kyc check` and `thalium kyc lint`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use thalium_host::chart_text;
use thalium_host::kyc::case::Kind;
use thalium_host::wire::{ChartFinding, LintCases, lint_cases};

use super::{ChartArgs, bundle};
use crate::commands::answered;
use crate::failure::Failure;
use crate::output::{Output, count};
use crate::session::Global;

/// Tell whether a chart can run, or all that is wrong with it, and what it has
#[derive(Args, Debug)]
#[command(after_help = "\
Exit code 2: it is refused; every error has its row, column and path.

Example:
  thalium kyc check onboarding.yaml")]
pub(crate) struct Check {
    #[command(flatten)]
    chart: ChartArgs,
}

impl Check {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let view = self.chart.open()?.describe();
        let output = global.output();
        if output.json {
            return output.json(&view);
        }
        let number =
            |list: &Vec<String>| format!("{}: {}", count(list.len() as u64), list.join(", "));
        output.pairs(&[
            ("chart", view.id.clone()),
            ("digest", view.digest.clone()),
            ("states", number(&view.states)),
            ("events", number(&view.events)),
            ("variables", number(&view.variables)),
        ])
    }
}

/// Tell what is probably wrong in charts and kinds of cases that load: states that nothing leads to, events that nobody hears, queues that no case comes to
#[derive(Args, Debug)]
#[command(after_help = "\
Errors and warnings follow from the chart, whatever its guards say; a hint may be intended. Those that are given with --with are looked at, too.
With --outside, or with a kind that lists its `events`, transitions of the first chart for events that nothing makes are told, too.
Exit code 1: something other than hints was found.

Examples:
  thalium kyc lint onboarding.yaml
  thalium kyc lint onboarding.yaml --with document.yaml --with decision.yaml
  thalium kyc lint onboarding.yaml --cases cases.yaml
  thalium kyc lint onboarding.yaml --outside submitted --outside 'document.*'")]
pub(crate) struct Lint {
    #[command(flatten)]
    chart: ChartArgs,
    /// A kind of cases that runs on the charts, to be looked at as well: a file
    #[arg(long, value_name = "FILE")]
    cases: Vec<PathBuf>,
    /// An event that can come to the chart from outside, such as submitted or 'document.*'; repeat it. By default any can
    #[arg(long, value_name = "EVENT")]
    outside: Vec<String>,
}

impl Lint {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let output = global.output();
        let mut outside: Option<Vec<String>> =
            (!self.outside.is_empty()).then(|| self.outside.clone());
        let mut all: Vec<(String, Vec<ChartFinding>)> = Vec::new();
        let charts = if self.cases.is_empty() { Vec::new() } else { self.chart.texts()? };
        for path in &self.cases {
            let (text, file) = (chart_text(path)?, path.display().to_string());
            let call = LintCases {
                kind: text.clone(),
                charts: charts.clone(),
                dialect: Some(self.chart.dialect.name().to_owned()),
                policy: self.chart.policy.as_deref().map(bundle),
            };
            let named = |error| Failure::usage(format!("{file}:\n{error}"));
            let found = lint_cases(&call).map_err(named)?;
            if let Ok(kind) = Kind::from_text(&text) {
                // What may be sent besides is only known of a kind that says it.
                if let Some(all) = kind.outside() {
                    outside.get_or_insert_default().extend(all);
                } else if let Some(outside) = &mut outside {
                    outside.extend(kind.told().map(str::to_owned));
                }
            }
            all.push((file, found));
        }
        for (at, opened) in self.chart.open_each().enumerate() {
            let (path, chart) = opened?;
            // What comes from outside comes to the first; the others are told by it.
            let found = chart.findings(outside.as_deref().filter(|_| at == 0));
            all.push((path.display().to_string(), found));
        }
        let mut told = Ok(());
        let (mut number, mut is_clean) = (0, true);
        for (file, found) in all {
            for finding in found {
                number += 1;
                is_clean &= finding.severity == "hint";
                told = told.and_then(|()| tell(output, &file, finding));
            }
        }
        let told = told.and_then(|()| {
            if output.json { Ok(()) } else { output.line(format!("{number} findings")) }
        });
        answered(told, is_clean)
    }
}

fn tell(output: Output, file: &str, finding: ChartFinding) -> Result<(), Failure> {
    if output.json {
        return output.json(&Found { file, finding });
    }
    let ChartFinding { rule, severity, path, row, column, message, hint } = finding;
    output.line(format!("{file}:{row}:{column}: {severity}: {path}: {message} ({rule}): {hint}"))
}

/// A finding, and the file that it is about.
#[derive(Serialize)]
struct Found<'a> {
    file: &'a str,
    #[serde(flatten)]
    finding: ChartFinding,
}
