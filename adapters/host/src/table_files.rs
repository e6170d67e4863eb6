//! Tables in files: written whole or not at all, and taken in again with a report of every difference.

use std::io::BufWriter;
use std::path::Path;

use serde::Serialize;
use thalium_tables::{Form, Row, read};

use crate::{Error, TableImport, Thalium, TransferQuery, write_whole};

/// Rows that are taken in at a time.
const BATCH: usize = 65_536;

/// What is written as a table.
#[derive(Clone, Copy, Debug)]
pub enum Exported<'a> {
    /// The accounts with their balances.
    Accounts,
    /// Transfers, oldest first.
    Transfers(&'a TransferQuery),
}

/// What came of tables that were taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TablesReport {
    /// Whether everything stands in the books as in the tables.
    pub ok: bool,
    /// The rows of the accounts.
    pub accounts: TableCounts,
    /// The rows of the transfers.
    pub transfers: TableCounts,
    /// What came out otherwise.
    pub differences: Vec<TableDifference>,
    /// Why a table was not read to its end; the rows before it were taken in.
    pub ended: Option<String>,
}

/// What became of the rows of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableCounts {
    /// Rows.
    pub rows: u64,
    /// Of them, those that were booked.
    pub booked: u64,
    /// Those that were booked before.
    pub replayed: u64,
    /// Those that were left out.
    pub left_out: u64,
}

/// What came out otherwise than in a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableDifference {
    /// Which table: `accounts`, `transfers`, or `balances` where the accounts were compared in the end.
    pub table: String,
    /// The row, from one.
    pub row: u64,
    /// What.
    pub detail: String,
}

impl Thalium {
    /// Writes a table to a file, which is there whole or not at all, and gives how many rows it has. `told` gets how many are
    /// written.
    ///
    /// # Errors
    /// A file that cannot be written, and as [`Thalium::export_transfers`].
    pub fn export_file(
        &self,
        what: Exported<'_>,
        form: Form,
        file: &Path,
        mut told: impl FnMut(u64),
    ) -> Result<u64, Error> {
        let cannot = |source| Error::WriteFile { path: file.display().to_string(), source };
        write_whole(file, cannot, |own| {
            let stream = BufWriter::with_capacity(1 << 20, own.try_clone().map_err(cannot)?);
            let mut rows = 0;
            let counted = |done| {
                rows = done;
                told(done);
            };
            match what {
                Exported::Accounts => self.export_accounts(form, stream, counted),
                Exported::Transfers(query) => self.export_transfers(query, form, stream, counted),
            }?;
            Ok(rows)
        })
    }

    /// Takes in accounts and transfers that were exported as tables, under their ids and at their times. With both tables the
    /// balances are compared in the end. An import that was cut short is gone on with: what was booked is recognised. `told`
    /// gets how many transfers were taken in.
    ///
    /// # Errors
    /// A table that cannot be read at all; as [`Thalium::submit`].
    pub fn import_files(
        &self,
        accounts: Option<(&Path, Form)>,
        transfers: Option<(&Path, Form)>,
        mut told: impl FnMut(u64),
    ) -> Result<TablesReport, Error> {
        let open = |(path, form): (&Path, Form)| read(path, form).map_err(Error::Table);
        let accounts = accounts.map(open).transpose()?;
        let accounts = accounts.map(|rows| rows.collect::<Result<Vec<Row>, _>>()).transpose();
        let accounts = accounts.map_err(Error::Table)?;
        let transfers = transfers.map(open).transpose()?;
        let (mut opened, mut booked, mut ended) =
            (TableImport::default(), TableImport::default(), None);
        if let Some(rows) = &accounts {
            opened = self.import_accounts(rows)?;
        }
        let mut has_more = true;
        let is_compared = accounts.is_some() && transfers.is_some();
        let mut rows = transfers.into_iter().flatten();
        while has_more && ended.is_none() {
            let (mut good, first) = (Vec::with_capacity(BATCH), booked.rows);
            for row in rows.by_ref().take(BATCH) {
                match row {
                    Ok(row) => good.push(row),
                    Err(error) => ended = Some(error.to_string()),
                }
            }
            has_more = good.len() == BATCH;
            if !good.is_empty() {
                self.import_transfers(&good, first, &mut booked)?;
                told(booked.rows);
            }
        }
        let balances = match &accounts {
            Some(rows) if is_compared && ended.is_none() => self.compare_accounts(rows)?,
            _ => Vec::new(),
        };
        let ok = ended.is_none()
            && opened.left_out == 0
            && balances.is_empty()
            && booked.differences.is_empty();
        let of = |table: &str, found: Vec<(u64, String)>| {
            let table = table.to_owned();
            found.into_iter().map(move |(row, detail)| TableDifference {
                table: table.clone(),
                row,
                detail,
            })
        };
        Ok(TablesReport {
            ok,
            accounts: TableCounts::from(&opened),
            transfers: TableCounts::from(&booked),
            differences: of("accounts", opened.differences)
                .chain(of("transfers", booked.differences))
                .chain(of("balances", balances))
                .collect(),
            ended,
        })
    }
}

impl From<&TableImport> for TableCounts {
    fn from(told: &TableImport) -> Self {
        let TableImport { rows, booked, replayed, left_out, .. } = *told;
        Self { rows, booked, replayed, left_out }
    }
}
