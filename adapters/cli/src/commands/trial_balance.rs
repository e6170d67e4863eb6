//! `thalium trial-balance`: the two columns of every asset, and whether they agree.

use clap::Args;
use thalium_host::ledger::account::AccountKind;

use super::{last_instant, missing};
use crate::failure::Failure;
use crate::output::{Rows, money};
use crate::session::Global;

/// Print the trial balance of every asset: debit and credit columns, totals, whether they balance
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium trial-balance --asset ZAR --at 2026-01-31T00:00:00Z")]
pub(crate) struct TrialBalance {
    /// As it stood after everything up to this instant: RFC 3339, nanoseconds, or a date (its last instant in UTC)
    #[arg(long, value_name = "INSTANT", value_parser = last_instant)]
    at: Option<i64>,
    /// Only this asset
    #[arg(long, value_name = "CODE")]
    asset: Option<String>,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl TrialBalance {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        let output = global.output();
        let mut trials = thalium.trial_balance(self.at)?;
        trials.retain(|trial| self.asset.as_ref().is_none_or(|asset| *asset == trial.asset));
        let mut all = Rows::new(&["asset", "account", "kind", "debit", "credit"]);
        for trial in &trials {
            if output.json {
                output.json(trial)?;
                continue;
            }
            let mut rows = Rows::new(&["account", "kind", ">debit", ">credit"]);
            for line in &trial.lines {
                let kind = line.kind.map_or("-", AccountKind::name);
                rows.push([line.account.as_str(), kind, &money(&line.debit), &money(&line.credit)]);
                all.push([trial.asset.as_str(), &line.account, kind, &line.debit, &line.credit]);
            }
            rows.push(["total", "", &money(&trial.debit), &money(&trial.credit)]);
            all.push([trial.asset.as_str(), "total", "", &trial.debit, &trial.credit]);
            if !self.csv {
                let verdict = if trial.balanced { "balanced" } else { "NOT BALANCED" };
                output.line(format!("{}: {verdict}", trial.asset))?;
                output.indented(&rows)?;
            }
        }
        if self.csv {
            output.csv(&all)?;
        }
        if let Some(trial) = trials.iter().find(|trial| !trial.balanced) {
            return Err(Failure::Store(format!(
                "the books do not balance in {}: run `thalium verify`",
                trial.asset
            )));
        }
        match &self.asset {
            Some(asset) if trials.is_empty() => Err(missing("account in the asset", asset, output)),
            None if trials.is_empty() && !output.json && !self.csv => output.line("no accounts"),
            _ => Ok(()),
        }
    }
}
