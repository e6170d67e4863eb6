//! `thalium import tables`: accounts and transfers that were exported as tables.

use std::path::{Path, PathBuf};

use clap::Args;
use thalium_host::tables::Form;
use thalium_host::{TableDifference, TablesReport};

use super::close;
use super::export::FormName;
use crate::failure::Failure;
use crate::output::{Rows, count, note, spinner};
use crate::session::Global;

/// Differences that are shown.
const SHOWN_MAX: usize = 20;

/// Import accounts and transfers that were exported as tables
#[derive(Args, Debug)]
#[command(after_help = "\
Accounts are opened and transfers booked under the ids and at the times of the tables, so the ledger must be new, or know \
nothing that is younger. With both tables the balances are compared in the end. An import that was cut short is gone on \
with by starting it again: what was booked is recognised.

Example:
  thalium import tables --accounts accounts.parquet --transfers transfers.parquet")]
pub(crate) struct Tables {
    /// The accounts, as `thalium export accounts` writes them
    #[arg(long, value_name = "FILE", required_unless_present = "transfers")]
    accounts: Option<PathBuf>,
    /// The transfers, as `thalium export transfers` writes them
    #[arg(long, value_name = "FILE")]
    transfers: Option<PathBuf>,
    /// The form of the files [default: by their extensions]
    #[arg(long, value_enum)]
    form: Option<FormName>,
}

impl Tables {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let (accounts, transfers) = (self.table(&self.accounts)?, self.table(&self.transfers)?);
        let thalium = global.open()?;
        let progress = spinner("{spinner} {pos} rows, {per_sec}");
        let told = thalium.import_files(accounts, transfers, |done| progress.set_position(done));
        progress.finish_and_clear();
        let told = told?;
        close(thalium);
        tell(global, &told)?;
        match &told.ended {
            Some(why) => Err(Failure::usage(why)),
            None if told.ok => Ok(()),
            None => Err(Failure::Rejected),
        }
    }

    fn table<'a>(&self, file: &'a Option<PathBuf>) -> Result<Option<(&'a Path, Form)>, Failure> {
        let Some(path) = file.as_deref() else { return Ok(None) };
        Ok(Some((path, FormName::of(self.form, path)?)))
    }
}

fn tell(global: &Global, told: &TablesReport) -> Result<(), Failure> {
    let output = global.output();
    if output.json {
        for difference in &told.differences {
            output.json(difference)?;
        }
        let balances = told.differences.iter().filter(|own| own.table == "balances").count();
        return output.json(&serde_json::json!({
            "summary": true, "accounts": told.accounts, "transfers": told.transfers,
            "balances_that_differ": balances,
        }));
    }
    for TableDifference { table, row, detail } in told.differences.iter().take(SHOWN_MAX) {
        note(format!("{table}, row {row}: {detail}"));
    }
    if let Some(hidden) = told.differences.len().checked_sub(SHOWN_MAX).filter(|hidden| *hidden > 0)
    {
        note(format!("… and {} more; --json tells all", count(hidden as u64)));
    }
    let mut table = Rows::new(&["table", ">rows", ">booked", ">known before", ">left out"]);
    for (name, own) in [("accounts", told.accounts), ("transfers", told.transfers)] {
        table.push([
            name,
            &count(own.rows),
            &count(own.booked),
            &count(own.replayed),
            &count(own.left_out),
        ]);
    }
    output.table(&table)
}
