//! Handing out what the books hold, and taking it in again.

use std::io::Write;

use thalium_tables::arrow_array::RecordBatch;
use thalium_tables::commands::{self, Made};
use thalium_tables::{Batches, Cell, Form, Row, Table, Writer, account_row, transfer_row};

use crate::api::Sight;
use crate::{
    Command, Error, Id, Outcome, PAGE_MAX, Thalium, TransferQuery, account_id, find_records,
};

/// Accounts that are read under one lock.
const ACCOUNTS: usize = 10_000;

/// What became of the rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableImport {
    /// Rows.
    pub rows: u64,
    /// Of them, those that were booked.
    pub booked: u64,
    /// Those that were booked before.
    pub replayed: u64,
    /// Those that were left out.
    pub left_out: u64,
    /// What came out otherwise than in the table: the row, from one, and what.
    pub differences: Vec<(u64, String)>,
}

impl Thalium {
    /// Writes the accounts with their balances as a table, each as it is when it is read, and gives the stream back.
    /// `told` gets how many rows are written.
    ///
    /// # Errors
    /// A stream that fails, a count that the form cannot hold, a history that cannot be read.
    pub fn export_accounts<W: Write + Send>(
        &self,
        form: Form,
        stream: W,
        mut told: impl FnMut(u64),
    ) -> Result<W, Error> {
        let mut writer = Writer::new(Table::Accounts, form, stream)?;
        let mut done = 0;
        self.each_account_page(&mut |rows| {
            rows.iter().try_for_each(|row| writer.write(row))?;
            done += rows.len() as u64;
            told(done);
            Ok(())
        })?;
        Ok(writer.finish()?)
    }

    /// Writes the transfers that a query asks for as a table, and gives the stream back. Without a limit in the query all
    /// of them are written.
    ///
    /// # Errors
    /// As [`Thalium::export_accounts`], and a query that makes no sense.
    pub fn export_transfers<W: Write + Send>(
        &self,
        query: &TransferQuery,
        form: Form,
        stream: W,
        mut told: impl FnMut(u64),
    ) -> Result<W, Error> {
        let mut writer = Writer::new(Table::Transfers, form, stream)?;
        let mut done = 0;
        self.each_transfer_page(query, &mut |rows| {
            rows.iter().try_for_each(|row| writer.write(row))?;
            done += rows.len() as u64;
            told(done);
            Ok(())
        })?;
        Ok(writer.finish()?)
    }

    /// The transfers that a query asks for as Arrow, in batches. Without a limit in the query all of them.
    ///
    /// # Errors
    /// As [`Thalium::export_transfers`].
    pub fn transfer_batches(&self, query: &TransferQuery) -> Result<Vec<RecordBatch>, Error> {
        batches_of(Table::Transfers, |take| self.each_transfer_page(query, take))
    }

    /// The accounts with their balances as Arrow, in batches.
    ///
    /// # Errors
    /// As [`Thalium::export_accounts`].
    pub fn account_batches(&self) -> Result<Vec<RecordBatch>, Error> {
        batches_of(Table::Accounts, |take| self.each_account_page(take))
    }

    fn each_account_page(&self, take: Take<'_>) -> Result<(), Error> {
        let mut done = 0;
        loop {
            let rows: Vec<_> = self.read(|book| {
                let accounts = book.accounts_from(done).take(ACCOUNTS);
                accounts.map(|account| account_row(book, &account)).collect()
            })?;
            if rows.is_empty() {
                return Ok(());
            }
            take(&rows)?;
            done = done.saturating_add(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        }
    }

    fn each_transfer_page(&self, query: &TransferQuery, take: Take<'_>) -> Result<(), Error> {
        let mut left = query.limit.map_or(u64::MAX, u64::from);
        let mut query = query.clone();
        while left > 0 {
            query.limit = Some(u32::try_from(left).map_or(PAGE_MAX, |left| left.min(PAGE_MAX)));
            let (rows, next) = self.read_state(|engine| {
                let sight = Sight::of(engine, query.viewer.as_deref())?;
                sight.must_be_whole()?;
                let book = sight.book();
                let (records, next) = find_records(&sight, &query)?;
                let rows: Vec<_> = records.iter().map(|own| transfer_row(book, own)).collect();
                Ok::<_, Error>((rows, next))
            })??;
            if !rows.is_empty() {
                take(&rows)?;
            }
            left -= rows.len() as u64;
            query.after = next;
            if next.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Opens the accounts of a table's rows, with their assets, at the times at which they were opened there.
    ///
    /// # Errors
    /// As [`Thalium::submit`].
    pub fn import_accounts(&self, rows: &[Row]) -> Result<TableImport, Error> {
        let mut told = TableImport::default();
        let assets = rows.iter().filter_map(|row| commands::asset(row).ok().flatten());
        let mut assets: Vec<Command> = assets.collect();
        assets.sort_by_key(|asset| format!("{asset:?}"));
        assets.dedup();
        self.submit_all(&assets, |_, _| true)?;
        self.import_rows(rows, 0, commands::account, &mut told)?;
        Ok(told)
    }

    /// Books the transfers of a table's rows, the first of which has the number `first` + 1.
    ///
    /// # Errors
    /// As [`Thalium::submit`].
    pub fn import_transfers(
        &self,
        rows: &[Row],
        first: u64,
        told: &mut TableImport,
    ) -> Result<(), Error> {
        self.import_rows(rows, first, commands::transfer, told)
    }

    /// Holds the balances of the books against those of a table's rows.
    ///
    /// # Errors
    /// A history that cannot be read.
    pub fn compare_accounts(&self, rows: &[Row]) -> Result<Vec<(u64, String)>, Error> {
        let mut differences = Vec::new();
        for (number, row) in (1..).zip(rows) {
            let id = account_id("id", row.get("id").map_or("", String::as_str))?;
            differences.extend(self.read(|book| compare(book, id, row))?.map(|why| (number, why)));
        }
        Ok(differences)
    }

    fn import_rows(
        &self,
        rows: &[Row],
        first: u64,
        make: impl Fn(&Row) -> Result<Made, String>,
        told: &mut TableImport,
    ) -> Result<(), Error> {
        let mut batch = Vec::new();
        let mut numbers = Vec::new();
        for (number, row) in (first + 1..).zip(rows) {
            told.rows += 1;
            match make(row) {
                Err(why) => {
                    told.left_out += 1;
                    told.differences.push((number, why));
                }
                Ok(Made { command, told: why }) => {
                    told.differences.extend(why.map(|why| (number, why)));
                    told.left_out += u64::from(command.is_none());
                    numbers.extend(command.is_some().then_some(number));
                    batch.extend(command);
                }
            }
        }
        let mut numbers = numbers.into_iter();
        self.submit_all(&batch, |_, outcomes| {
            for (outcome, number) in outcomes.into_iter().zip(numbers.by_ref()) {
                note(&outcome, number, told);
            }
            true
        })
    }
}

/// What is done with a page of rows.
type Take<'a> = &'a mut dyn FnMut(&[Vec<Cell>]) -> Result<(), Error>;

/// A batch for each page of a table; one without rows where there are none.
fn batches_of(
    table: Table,
    each_page: impl FnOnce(Take<'_>) -> Result<(), Error>,
) -> Result<Vec<RecordBatch>, Error> {
    let mut batches = Batches::new(table);
    let mut taken = Vec::new();
    each_page(&mut |rows| {
        rows.iter().try_for_each(|row| batches.push(row))?;
        taken.push(batches.take()?);
        Ok(())
    })?;
    if taken.is_empty() {
        taken.push(batches.take()?);
    }
    Ok(taken)
}

fn note(outcome: &Outcome, number: u64, told: &mut TableImport) {
    match outcome {
        Outcome { ok: true, replayed: true, .. } => told.replayed += 1,
        Outcome { ok: true, .. } => told.booked += 1,
        Outcome { status, reason, .. } => {
            told.left_out += 1;
            let reason = reason.as_deref().unwrap_or_default();
            told.differences.push((number, format!("{status}: {reason}")));
        }
    }
}

fn compare(book: &thalium::ledger::Book, id: Id, row: &Row) -> Option<String> {
    let Some(account) = book.account(id) else {
        return Some("the account is not there".to_owned());
    };
    let found = account.balances;
    let fields = [
        ("debits_pending", found.debits_pending),
        ("debits_posted", found.debits_posted),
        ("credits_pending", found.credits_pending),
        ("credits_posted", found.credits_posted),
    ];
    fields.into_iter().find_map(|(name, found)| {
        let there = row.get(name).map_or("0", String::as_str);
        (there != found.to_string())
            .then(|| format!("{name} of {id} is {there} in the table, {found} in the books"))
    })
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
