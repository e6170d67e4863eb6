//! `thalium kyc check` and `thalium kyc lint`.

use clap::Args;
use serde::Serialize;
use thalium_host::wire::ChartFinding;

use super::ChartArgs;
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

/// Tell what is probably wrong in charts that load: states that nothing leads to, events that nobody hears, timers without effect
#[derive(Args, Debug)]
#[command(after_help = "\
Errors and warnings follow from the chart, whatever its guards say; a hint may be intended. Those that are given with --with are looked at, too.
Exit code 1: something other than hints was found.

Examples:
  thalium kyc lint onboarding.yaml
  thalium kyc lint onboarding.yaml --with document.yaml --with decision.yaml")]
pub(crate) struct Lint {
    #[command(flatten)]
    chart: ChartArgs,
}

impl Lint {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let output = global.output();
        let (mut number, mut is_clean) = (0, true);
        let mut told = Ok(());
        for opened in self.chart.open_each() {
            let (path, chart) = opened?;
            let file = path.display().to_string();
            for finding in chart.findings() {
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
