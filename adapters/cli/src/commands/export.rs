//! `thalium export`: accounts and transfers as tables.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use thalium_host::Thalium;
use thalium_host::tables::Form;

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
    /// The form that is named, or that a file's name tells.
    pub(crate) fn of(name: Option<Self>, path: &Path) -> Result<Form, Failure> {
        let named = name.map(|name| match name {
            Self::Csv => Form::Csv,
            Self::Jsonl => Form::JsonLines,
            Self::Parquet => Form::Parquet,
        });
        named.or_else(|| Form::of(path)).ok_or_else(|| {
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
            Self::Accounts(Accounts { to }) => to.write(&thalium, |thalium, form, stream, told| {
                thalium.export_accounts(form, stream, told).map(drop)
            }),
            Self::Transfers(Transfers { to, filter }) => {
                let query = filter.query();
                to.write(&thalium, |thalium, form, stream, told| {
                    thalium.export_transfers(&query, form, stream, told).map(drop)
                })
            }
        }
    }
}

type Stream = Box<dyn Write + Send>;

impl To {
    /// Writes a table: a file is there whole or not at all.
    fn write(
        &self,
        thalium: &Thalium,
        export: impl Fn(&Thalium, Form, Stream, &mut dyn FnMut(u64)) -> Result<(), thalium_host::Error>,
    ) -> Result<(), Failure> {
        let progress = spinner("{spinner} {pos} rows, {per_sec}");
        let mut rows = 0;
        let mut told = |done| {
            rows = done;
            progress.set_position(done);
        };
        if self.file == Path::new("-") {
            let form =
                self.form.map_or(Ok(Form::Csv), |form| FormName::of(Some(form), &self.file))?;
            return export(thalium, form, Box::new(io::stdout()), &mut told).map_err(Failure::from);
        }
        let form = FormName::of(self.form, &self.file)?;
        let cannot = |error: io::Error| {
            Failure::Output(format!("cannot write `{}`: {error}", self.file.display()))
        };
        let mut beside = self.file.clone().into_os_string();
        beside.push(".part");
        let beside = PathBuf::from(beside);
        let stream =
            Box::new(BufWriter::with_capacity(1 << 20, File::create(&beside).map_err(cannot)?));
        let written = export(thalium, form, stream, &mut told).map_err(Failure::from);
        let written = written.and_then(|()| std::fs::rename(&beside, &self.file).map_err(cannot));
        progress.finish_and_clear();
        if let Err(failure) = written {
            // It is of no use to anyone; what stood under the name before is untouched.
            let _ = std::fs::remove_file(&beside);
            return Err(failure);
        }
        note(format!("{} rows in {}", count(rows), self.file.display()));
        Ok(())
    }
}
