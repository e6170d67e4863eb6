//! `thalium export`: accounts and transfers as tables.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use thalium_host::tables::Form;
use thalium_host::{Exported, Thalium};

use super::transfers::Filter;
use crate::failure::Failure;
use crate::output::{count, note, spinner};
use crate::session::Global;

/// Write accounts or transfers as CSV, JSON lines or Parquet
#[derive(Subcommand, Debug)]
pub(crate) enum Export {
    Accounts(Accounts),
    Transfers(Transfers),
}

/// Write the accounts with their balances
#[derive(Args, Debug)]
#[command(after_help = "\
Balances are counts of smallest units beside the asset and its scale; `balance` and `available` are decimal text.

Example:
  thalium export accounts accounts.parquet")]
pub(crate) struct Accounts {
    #[command(flatten)]
    to: To,
}

/// Write transfers, oldest first
#[derive(Args, Debug)]
#[command(after_help = "\
An amount is a count of smallest units (`units`) beside its asset and scale, and decimal text (`amount`).

Examples:
  thalium export transfers transfers.parquet --from 2026-01-01 --to 2026-03-31
  thalium export transfers - --account c1:ZAR | head")]
pub(crate) struct Transfers {
    #[command(flatten)]
    to: To,
    #[command(flatten)]
    filter: Filter,
}

#[derive(Args, Debug)]
struct To {
    /// The file, .csv, .jsonl or .parquet; `-` for standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The form [default: by the file's extension; csv on standard output]
    #[arg(long, value_enum)]
    form: Option<FormName>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FormName {
    Csv,
    Jsonl,
    Parquet,
}

impl FormName {
    /// The form that is named, or CSV: that of a stream.
    pub(crate) fn of_stream(name: Option<Self>) -> Form {
        name.map_or(Form::Csv, Self::form)
    }

    const fn form(self) -> Form {
        match self {
            Self::Csv => Form::Csv,
            Self::Jsonl => Form::JsonLines,
            Self::Parquet => Form::Parquet,
        }
    }

    /// The form that is named, or that a file's name tells.
    pub(crate) fn of(name: Option<Self>, path: &Path) -> Result<Form, Failure> {
        name.map(Self::form).or_else(|| Form::of(path)).ok_or_else(|| {
            let shown = path.display();
            Failure::usage(format!(
                "`{shown}` does not tell its form: name it .csv, .jsonl or .parquet, or add --form"
            ))
        })
    }
}

impl Export {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        match self {
            Self::Accounts(Accounts { to }) => to.write(&thalium, Exported::Accounts),
            Self::Transfers(Transfers { to, filter }) => {
                to.write(&thalium, Exported::Transfers(&filter.query()))
            }
        }
    }
}

impl To {
    fn write(&self, thalium: &Thalium, what: Exported<'_>) -> Result<(), Failure> {
        if self.file == Path::new("-") {
            let form = FormName::of_stream(self.form);
            return match what {
                Exported::Accounts => thalium.export_accounts(form, io::stdout(), |_| {}).map(drop),
                Exported::Transfers(query) => {
                    thalium.export_transfers(query, form, io::stdout(), |_| {}).map(drop)
                }
            }
            .map_err(Failure::from);
        }
        let form = FormName::of(self.form, &self.file)?;
        let progress = spinner("{spinner} {pos} rows, {per_sec}");
        let rows = thalium.export_file(what, form, &self.file, |done| progress.set_position(done));
        progress.finish_and_clear();
        note(format!("{} rows in {}", count(rows?), self.file.display()));
        Ok(())
    }
}
