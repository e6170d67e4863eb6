//! `thalium statement`: opening balance, lines, closing balance.

use clap::Args;
use thalium_host::{StatementView, account_id};

use super::viewer::Viewer;
use super::{check_span, instant, last_instant, missing};
use crate::failure::Failure;
use crate::output::{Rows, money};
use crate::session::Global;

/// Print the statement of an account: opening balance, lines, closing balance
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  thalium statement c1:ZAR --from 2026-01-01 --to 2026-01-31 --csv\n  thalium statement c1:ZAR --viewer broker-7"
)]
pub(crate) struct Statement {
    /// Its key or id
    account: String,
    /// From this instant on: RFC 3339, nanoseconds, or a date
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    from: Option<i64>,
    /// Up to this instant
    #[arg(long, value_name = "INSTANT", value_parser = last_instant)]
    to: Option<i64>,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    viewer: Viewer,
}

impl Statement {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        check_span(self.from, self.to)?;
        let thalium = global.open_to_read()?;
        let output = global.output();
        let id = account_id("account", &self.account).map_err(Failure::usage)?;
        let (from, to) = (self.from.unwrap_or(0), self.to.unwrap_or(0));
        let found = self.viewer.read(&thalium, |sight| Ok(sight.statement(id, from, to)))?;
        let statement = found.ok_or_else(|| missing("account", &self.account, output))?;
        if output.json {
            return output.json(&statement);
        }
        if self.csv {
            return output.csv(&rows(&statement, usize::MAX, str::to_owned));
        }
        output.line(format!("statement of {}, in {}", statement.account, statement.asset))?;
        output.table(&rows(&statement, usize::MAX, money))
    }
}

/// The lines of a statement between its two balances; of more than `limit` only the newest.
pub(crate) fn rows(statement: &StatementView, limit: usize, text: fn(&str) -> String) -> Rows {
    let mut rows = Rows::new(&[
        "time",
        "date",
        "what",
        "transfer",
        "part",
        "counterparty",
        ">change",
        ">balance",
        ">available",
        "description",
    ]);
    let opening = text(&statement.opening);
    rows.push(["", "", "opening", "", "", "", "", opening.as_str(), "", ""]);
    let hidden = statement.entries.len().saturating_sub(limit);
    if hidden > 0 {
        rows.push(["", "", &format!("… {hidden} lines"), "", "", "", "", "", "", ""]);
    }
    for entry in statement.entries.iter().skip(hidden) {
        rows.push([
            entry.timestamp.clone(),
            entry.effective_date.clone(),
            entry.what.clone(),
            entry.transfer.clone(),
            entry.part.clone().unwrap_or_default(),
            entry.counterparty.clone(),
            text(&entry.change),
            text(&entry.balance),
            text(&entry.available),
            entry.description.clone(),
        ]);
    }
    let closing = text(&statement.closing);
    rows.push(["", "", "closing", "", "", "", "", closing.as_str(), "", ""]);
    rows
}
