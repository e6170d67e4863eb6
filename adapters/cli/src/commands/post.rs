//! `thalium post`: one posting by arguments, or many commands from a file.

use std::num::NonZeroUsize;

use clap::Args;
use thalium_host as api;

use super::movement::{ExtraArgs, id_without};
use super::{post_file, submit_one};
use crate::failure::Failure;
use crate::input::Format;
use crate::session::Global;

/// Move money: one posting by arguments, or many commands from a file
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Post {
    /// Its name: a retry with the same key never books twice
    #[arg(long, default_value = "", hide_default_value = true, conflicts_with = "file")]
    key: String,
    /// The account that is debited
    #[arg(long, required_unless_present = "file", conflicts_with = "file")]
    from: Option<String>,
    /// The account that is credited
    #[arg(long, required_unless_present = "file", conflicts_with = "file")]
    to: Option<String>,
    /// How much, as in "250.00 ZAR"
    #[arg(
        long,
        allow_hyphen_values = true,
        required_unless_present = "file",
        conflicts_with = "file"
    )]
    amount: Option<String>,
    #[command(flatten)]
    extra: ExtraArgs,
    #[command(flatten)]
    pub(crate) many: Many,
}

/// How many commands are read and told.
#[derive(Args, Clone, Debug)]
pub(crate) struct Many {
    /// Commands from a file, or from standard input with `-`
    #[arg(long)]
    pub(crate) file: Option<String>,
    /// The form of the file [default: by its extension, .jsonl or .csv]
    #[arg(long, value_enum, requires = "file")]
    pub(crate) format: Option<Format>,
    /// Write the outcome of every line to a file (.jsonl or .csv), or as JSON lines to standard output with `-`
    #[arg(long, value_name = "FILE", requires = "file")]
    pub(crate) results: Option<String>,
    /// Stop at the first line that is rejected or cannot be read; lines are then submitted one by one
    #[arg(long, requires = "file")]
    pub(crate) stop_on_error: bool,
    /// Commands that become durable together
    #[arg(long, value_name = "N", requires = "file", default_value = "4096", value_parser = batch)]
    pub(crate) batch: NonZeroUsize,
}

/// The most commands of a batch.
const BATCH_MAX: usize = 4_096;

const AFTER_HELP: &str = "\
Examples:
  thalium post --key dep-1 --from bank:ZAR --to c1:ZAR --amount \"250.00 ZAR\"
  thalium post --key fees-1 --from c1:ZAR --to bank:ZAR --amount 250 --subject c1 --description \"school fees of Lerato\"
  thalium post --file day.csv --results outcomes.jsonl
  produce | thalium post --file - --format jsonl --results -

JSON lines, an object per line; `op` is post, hold, capture, release, transaction, transfer, account or asset:
  {\"op\":\"post\",\"key\":\"dep-1\",\"from\":\"bank:ZAR\",\"to\":\"c1:ZAR\",\"amount\":\"250.00 ZAR\"}
  {\"op\":\"hold\",\"key\":\"ord-7\",\"from\":\"c1:ZAR\",\"to\":\"c2:ZAR\",\"amount\":\"100\",\"timeout\":3600}
  {\"op\":\"transaction\",\"key\":\"trade-1\",\"legs\":[{\"account\":\"c1:ZAR\",\"side\":\"debit\",\"amount\":\"9\"},…]}

CSV, a header and a row per line; any of these columns, and metadata.NAME (op is post where it is empty):
  op,key,id,from,to,amount,hold,timeout,description,effective_date,code,linked,user_data_128,user_data_64,user_data_32

A line that is rejected or cannot be read stops no other. A line has at most 64 KiB.
A line without key and id gets a new id. Only a line with a key (or an id) can be retried safely: run the same file
again and what was booked is recognised.";

impl Post {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match &self.many.file {
            Some(file) => post_file::run(global, &self.many, file),
            None => submit_one(global, self.command()),
        }
    }

    fn command(&self) -> api::Post {
        api::Post {
            key: self.key.clone(),
            id: id_without(&self.key),
            from: self.from.clone().unwrap_or_default(),
            to: self.to.clone().unwrap_or_default(),
            amount: self.amount.clone().unwrap_or_default(),
            extra: self.extra.extra(),
        }
    }
}

fn batch(text: &str) -> Result<NonZeroUsize, String> {
    let number: NonZeroUsize =
        text.parse().map_err(|_| "is no whole number above zero".to_owned())?;
    if number.get() > BATCH_MAX { Err(format!("is more than {BATCH_MAX}")) } else { Ok(number) }
}
