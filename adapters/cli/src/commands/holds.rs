//! `thalium holds`: the holds of an account that are open.

use clap::Args;
use thalium_host::{self as api, HoldQuery};

use super::transfers::show;
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
}

impl Holds {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let query =
            HoldQuery { account: self.account.clone(), after: self.after, limit: Some(self.limit) };
        let thalium = global.open_to_read()?;
        let page = thalium.read(|book| api::find_holds(book, &query))?.map_err(Failure::usage)?;
        show(page, global.output(), self.csv, "no open holds")
    }
}
