//! `thalium transfers`: transfers by what they carry, page after page.

use clap::{Args, ValueEnum};
use thalium_host::ledger::transaction;
use thalium_host::{self as api, TransferPage, TransferQuery};

use super::viewer::Viewer;
use crate::failure::Failure;
use crate::output::{Output, Rows, note};
use crate::session::Global;

/// Find transfers by account, asset, code, time and effective date
#[derive(Args, Debug)]
#[command(after_help = "\
All that is given must match. A page ends with the cursor of the next one, which stays good whatever is booked.

Examples:
  thalium transfers --account c1:ZAR --side debit --from 2026-01-01 --reverse
  thalium transfers --asset ZAR --code 7 --from-date 2026-01-01 --to-date 2026-01-31 --csv
  thalium transfers --limit 50 --after 1204")]
pub(crate) struct Transfers {
    #[command(flatten)]
    filter: Filter,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = api::PAGE_DEFAULT)]
    limit: u32,
    /// Behind the page that ended with this cursor
    #[arg(long, value_name = "CURSOR")]
    after: Option<u64>,
    /// Newest first
    #[arg(long)]
    reverse: bool,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    viewer: Viewer,
}

/// Which transfers; all that is given must match.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Filter {
    /// That debit or credit this account: its key or id
    #[arg(long)]
    account: Option<String>,
    /// That touch the account on this side
    #[arg(long, requires = "account")]
    side: Option<Side>,
    /// In this asset
    #[arg(long, value_name = "CODE")]
    asset: Option<String>,
    /// With this code
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    code: Option<u16>,
    /// Recorded not before: RFC 3339, nanoseconds, or a date
    #[arg(long, value_name = "INSTANT")]
    from: Option<String>,
    /// Recorded not after
    #[arg(long, value_name = "INSTANT")]
    to: Option<String>,
    /// Effective not before this date
    #[arg(long, value_name = "DATE")]
    from_date: Option<String>,
    /// Effective not after this date
    #[arg(long, value_name = "DATE")]
    to_date: Option<String>,
}

impl Filter {
    pub(crate) fn query(&self) -> TransferQuery {
        TransferQuery {
            account: self.account.clone(),
            side: self.side.map(|side| match side {
                Side::Debit => transaction::Side::Debit,
                Side::Credit => transaction::Side::Credit,
            }),
            asset: self.asset.clone(),
            code: self.code,
            from: self.from.clone(),
            to: self.to.clone(),
            from_date: self.from_date.clone(),
            to_date: self.to_date.clone(),
            ..TransferQuery::default()
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Side {
    Debit,
    Credit,
}

impl Transfers {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let query = TransferQuery {
            after: self.after,
            limit: Some(self.limit),
            newest_first: self.reverse,
            ..self.filter.query()
        };
        let thalium = global.open_to_read()?;
        let output = global.output();
        let page = self.viewer.read(&thalium, |sight| api::find_transfers(sight, &query))?;
        show(page, output, self.csv, "no transfers")
    }
}

/// Shows a page of transfers.
pub(super) fn show(
    page: TransferPage,
    output: Output,
    csv: bool,
    none: &'static str,
) -> Result<(), Failure> {
    if output.json {
        for transfer in &page.transfers {
            output.json(transfer)?;
        }
    } else {
        let mut table = Rows::new(&[
            ">event", "time", "date", "transfer", "from", "to", ">amount", ">code", "state",
        ]);
        for transfer in page.transfers {
            let name = if transfer.key.is_empty() { transfer.id.to_string() } else { transfer.key };
            table.push([
                transfer.sequence.to_string(),
                transfer.timestamp,
                transfer.effective_date,
                name,
                transfer.from,
                transfer.to,
                transfer.amount,
                transfer.code.to_string(),
                transfer.state,
            ]);
        }
        output.listed(&table, csv, none)?;
    }
    if let Some(next) = page.next {
        note(format!("more: --after {next}"));
    }
    Ok(())
}
