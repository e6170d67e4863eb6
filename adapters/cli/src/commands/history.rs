//! `thalium history`: what moved an account, with the balance after each.

use clap::Args;
use thalium_host as api;
use thalium_host::ledger::query::AccountFilter;

use super::viewer::Viewer;
use super::{check_span, instant, last_instant, missing};
use crate::failure::Failure;
use crate::output::Rows;
use crate::session::Global;

/// List what moved an account, with the balance after each: its transfers, and holds that ran out
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium history c1:ZAR --from 2026-01-01 --limit 20 --reverse")]
pub(crate) struct History {
    /// Its key or id
    account: String,
    /// Not before: RFC 3339, nanoseconds, or a date
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    from: Option<i64>,
    /// Not after
    #[arg(long, value_name = "INSTANT", value_parser = last_instant)]
    to: Option<i64>,
    /// At most so many [default: all]
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// Newest first
    #[arg(long)]
    reverse: bool,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    viewer: Viewer,
}

impl History {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        check_span(self.from, self.to)?;
        let thalium = global.open_to_read()?;
        let output = global.output();
        let id = api::account_id("account", &self.account).map_err(Failure::usage)?;
        let rows = self.viewer.read(&thalium, |sight| {
            let Some(account) = sight.account(id) else { return Ok(None) };
            let filter = AccountFilter {
                timestamp_min: self.from.unwrap_or(0),
                timestamp_max: self.to.unwrap_or(0),
                limit: self.limit.unwrap_or(u32::MAX),
                reversed: self.reverse,
                ..AccountFilter::of(account.opened.id)
            };
            let row = |entry: &_| sight.entry_view(&account, entry);
            Ok(Some(sight.book().account_moves(&filter).iter().map(row).collect::<Vec<_>>()))
        })?;
        let rows = rows.ok_or_else(|| missing("account", &self.account, output))?;
        let mut table = Rows::new(&[
            ">event",
            "time",
            "date",
            "what",
            "transfer",
            "part",
            "counterparty",
            "side",
            ">amount",
            ">balance",
            ">available",
        ]);
        for entry in rows {
            if output.json {
                output.json(&entry)?;
                continue;
            }
            table.push([
                entry.sequence.to_string(),
                entry.timestamp,
                entry.effective_date,
                entry.what,
                entry.transfer,
                entry.part.unwrap_or_default(),
                entry.counterparty,
                entry.side,
                entry.amount,
                entry.balance,
                entry.available,
            ]);
        }
        match (output.json, self.csv) {
            (true, _) => Ok(()),
            (_, true) => output.csv(&table),
            _ if table.is_empty() => output.line("no transfers"),
            _ => output.table(&table),
        }
    }
}
