//! `thalium import tables`: accounts and transfers that were exported as tables.

use std::path::{Path, PathBuf};

use clap::Args;
use thalium_host::TableImport;
use thalium_host::tables::{Row, read};

use super::close;
use super::export::FormName;
use crate::failure::Failure;
use crate::output::{Rows, count, note, spinner};
use crate::session::Global;

/// Rows that are taken in at a time.
const BATCH: usize = 65_536;
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
        let accounts = self.accounts.as_deref().map(|path| self.rows(path)).transpose()?;
        let accounts: Option<Vec<Row>> =
            accounts.map(|rows| rows.collect::<Result<_, _>>()).transpose()?;
        let transfers = self.transfers.as_deref().map(|path| self.rows(path)).transpose()?;
        let thalium = global.open()?;
        let progress = spinner("{spinner} {pos} rows, {per_sec}");
        let mut opened = TableImport::default();
        let mut booked = TableImport::default();
        if let Some(rows) = &accounts {
            opened = thalium.import_accounts(rows)?;
        }
        let mut ended = Ok(());
        if let Some(mut rows) = transfers {
            loop {
                let batch: Vec<_> = rows.by_ref().take(BATCH).collect();
                if batch.is_empty() {
                    break;
                }
                let (mut good, first) = (Vec::with_capacity(batch.len()), booked.rows);
                for row in batch {
                    match row {
                        Ok(row) => good.push(row),
                        Err(failure) => ended = Err(failure),
                    }
                }
                thalium.import_transfers(&good, first, &mut booked)?;
                progress.set_position(booked.rows);
                if ended.is_err() {
                    break;
                }
            }
        }
        progress.finish_and_clear();
        let mut balances = Vec::new();
        if let (Some(rows), true, Ok(())) = (&accounts, self.transfers.is_some(), &ended) {
            balances = thalium.compare_accounts(rows)?;
        }
        close(thalium);
        tell(global, &opened, &booked, &balances)?;
        ended?;
        let is_whole = opened.left_out == 0 && balances.is_empty() && booked.differences.is_empty();
        if is_whole { Ok(()) } else { Err(Failure::Rejected) }
    }

    fn rows(
        &self,
        path: &Path,
    ) -> Result<impl Iterator<Item = Result<Row, Failure>> + use<>, Failure> {
        let form = FormName::of(self.form, path)?;
        let rows = read(path, form).map_err(Failure::usage)?;
        Ok(rows.map(|row| row.map_err(Failure::usage)))
    }
}

fn tell(
    global: &Global,
    opened: &TableImport,
    booked: &TableImport,
    balances: &[(u64, String)],
) -> Result<(), Failure> {
    let output = global.output();
    let all = [
        ("accounts", &opened.differences[..]),
        ("transfers", &booked.differences),
        ("balances", balances),
    ];
    if output.json {
        for (table, differences) in all {
            for (row, why) in differences {
                output.json(&serde_json::json!({ "table": table, "row": row, "detail": why }))?;
            }
        }
        let counts = |own: &TableImport| serde_json::json!({ "rows": own.rows, "booked": own.booked, "replayed": own.replayed, "left_out": own.left_out });
        return output.json(&serde_json::json!({
            "summary": true, "accounts": counts(opened), "transfers": counts(booked), "balances_that_differ": balances.len(),
        }));
    }
    for (table, differences) in all {
        for (row, why) in differences.iter().take(SHOWN_MAX) {
            note(format!("{table}, row {row}: {why}"));
        }
        if let Some(hidden) = differences.len().checked_sub(SHOWN_MAX).filter(|hidden| *hidden > 0)
        {
            note(format!("… and {} more; --json tells all", count(hidden as u64)));
        }
    }
    let mut table = Rows::new(&["table", ">rows", ">booked", ">known before", ">left out"]);
    for (name, own) in [("accounts", opened), ("transfers", booked)] {
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
