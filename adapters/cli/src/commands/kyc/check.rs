//! `thalium kyc check` and `thalium kyc lint`.

use clap::Args;
use thalium_host::wire::ChartFinding;

use super::ChartArgs;
use crate::commands::answered;
use crate::failure::Failure;
use crate::output::count;
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

/// Tell what is probably wrong in a chart that loads: states that nothing leads to, events that nobody hears, timers without effect
#[derive(Args, Debug)]
#[command(after_help = "\
Errors and warnings follow from the chart, whatever its guards say; a hint may be intended.
Exit code 1: something other than hints was found.

Example:
  thalium kyc lint onboarding.yaml")]
pub(crate) struct Lint {
    #[command(flatten)]
    chart: ChartArgs,
}

impl Lint {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let found = self.chart.open()?.findings();
        let output = global.output();
        let told = found.iter().try_for_each(|finding| {
            if output.json {
                return output.json(finding);
            }
            let ChartFinding { rule, severity, path, row, column, message, hint } = finding;
            output.line(format!("{row}:{column}: {severity}: {path}: {message} ({rule}): {hint}"))
        });
        let told = told.and_then(|()| {
            let number = found.len();
            if output.json { Ok(()) } else { output.line(format!("{number} findings")) }
        });
        answered(told, found.iter().all(|finding| finding.severity == "hint"))
    }
}
