//! `thalium balance-history | volumes`: an account in each bucket of time, and what was moved in it.

use clap::Args;
use thalium_host::api::{BalanceHistoryQuery, VolumeQuery, balance_history, volumes};

use super::viewer::Viewer;
use crate::failure::Failure;
use crate::output::{Output, Rows, note};
use crate::session::Global;

/// Which buckets of time.
#[derive(Args, Debug)]
struct Buckets {
    /// How wide the buckets are: 1h, 1d, 1w, 1M and others
    #[arg(long, default_value = "1d")]
    width: String,
    /// The time zone by whose clocks they begin, such as Africa/Johannesburg [default: UTC]
    #[arg(long)]
    zone: Option<String>,
    /// From the bucket on that has this: RFC 3339, nanoseconds, or a date of the zone [default: the newest]
    #[arg(long, value_name = "INSTANT")]
    from: Option<String>,
    /// Up to the bucket that has this
    #[arg(long, value_name = "INSTANT")]
    to: Option<String>,
    /// At most so many buckets
    #[arg(long, value_name = "N", default_value_t = 500)]
    limit: u32,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Buckets {
    fn end(&self, output: &Output, rows: &Rows, next: Option<&String>) -> Result<(), Failure> {
        match (output.json, self.csv) {
            (true, _) => return Ok(()),
            (_, true) => output.csv(rows)?,
            _ if rows.is_empty() => output.line("nothing in that time")?,
            _ => output.table(rows)?,
        }
        if let Some(next) = next {
            note(format!("there is more: --from {next}"));
        }
        Ok(())
    }
}

/// Show what an account held in each bucket of time: open, high, low, close, average
#[derive(Args, Debug)]
#[command(after_help = "\
The average is weighted by how long each balance stood.

Examples:
  thalium balance-history c1:ZAR
  thalium balance-history c1:ZAR --width 1M --zone Africa/Johannesburg --from 2026-01-01 --csv")]
pub(crate) struct BalanceHistory {
    /// Its key or id
    account: String,
    #[command(flatten)]
    buckets: Buckets,
    #[command(flatten)]
    viewer: Viewer,
}

impl BalanceHistory {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        let output = global.output();
        let query = BalanceHistoryQuery {
            account: self.account.clone(),
            width: Some(self.buckets.width.clone()),
            zone: self.buckets.zone.clone(),
            from: self.buckets.from.clone(),
            to: self.buckets.to.clone(),
            limit: Some(self.buckets.limit),
            viewer: None,
        };
        let page = self.viewer.read(&thalium, |sight| balance_history(sight, &query))?;
        if output.json {
            output.json(&page)?;
        }
        let mut rows = Rows::new(&[
            "start",
            ">open",
            ">high",
            ">low",
            ">close",
            ">average",
            ">available",
            ">debits",
            ">credits",
            ">entries",
        ]);
        for bucket in page.buckets {
            rows.push([
                bucket.start,
                bucket.open,
                bucket.high,
                bucket.low,
                bucket.close,
                bucket.average.unwrap_or_default(),
                bucket.available,
                bucket.debits,
                bucket.credits,
                bucket.entries.to_string(),
            ]);
        }
        self.buckets.end(&output, &rows, page.next.as_ref())
    }
}

/// Show how much was moved in each bucket of time, by asset and type: of an account, a party or an asset
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  thalium volumes --account c1:ZAR --width 1M
  thalium volumes --party c1 --zone Africa/Johannesburg --from 2026-01-01
  thalium volumes --asset ZAR --code 7 --csv")]
pub(crate) struct Volumes {
    #[command(flatten)]
    of: Of,
    /// Only transfers with this code
    #[arg(long)]
    code: Option<u16>,
    #[command(flatten)]
    buckets: Buckets,
    #[command(flatten)]
    viewer: Viewer,
}

/// Of what.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Of {
    /// Of an account: its key or id
    #[arg(long)]
    account: Option<String>,
    /// Of all accounts of a party: its key or id
    #[arg(long)]
    party: Option<String>,
    /// Of all that was moved of an asset: its code
    #[arg(long)]
    asset: Option<String>,
}

impl Volumes {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        let output = global.output();
        let query = VolumeQuery {
            account: self.of.account.clone(),
            party: self.of.party.clone(),
            asset: self.of.asset.clone(),
            code: self.code,
            width: Some(self.buckets.width.clone()),
            zone: self.buckets.zone.clone(),
            from: self.buckets.from.clone(),
            to: self.buckets.to.clone(),
            limit: Some(self.buckets.limit),
            viewer: None,
        };
        let page = self.viewer.read(&thalium, |sight| volumes(sight, &query))?;
        if output.json {
            output.json(&page)?;
        }
        let mut rows = Rows::new(&["start", "asset", ">code", ">transfers", ">debits", ">credits"]);
        for volume in page.volumes {
            rows.push([
                volume.start,
                volume.asset,
                volume.code.to_string(),
                volume.transfers.to_string(),
                volume.debits,
                volume.credits,
            ]);
        }
        self.buckets.end(&output, &rows, page.next.as_ref())
    }
}
