//! `thalium holds`: the holds of an account that are open.

use clap::Args;
use thalium_host::{self as api, HoldQuery};

use super::transfers::show;
use super::viewer::Viewer;
use crate::failure::Failure;
use crate::session::Global;

/// List the holds of an account that are open, oldest first
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium holds c1:ZAR")]
pub(crate) struct Holds {
    /// The account, on either side: its key or id
    account: String,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = api::PAGE_DEFAULT)]
    limit: u32,
    /// Behind the page that ended with this cursor
    #[arg(long, value_name = "CURSOR")]
    after: Option<u64>,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    viewer: Viewer,
}

impl Holds {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let account = self.account.clone();
        let limit = Some(self.limit);
        let query = HoldQuery { account, after: self.after, limit, ..HoldQuery::default() };
        let thalium = global.open_to_read()?;
        let page = self.viewer.read(&thalium, |sight| api::find_holds(sight, &query))?;
        show(page, global.output(), self.csv, "no open holds")
    }
}
