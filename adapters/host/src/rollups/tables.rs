//! Trades by the batch, as Arrow has them.

use thalium::api::Invalid;
use thalium::api::rollup::{IngestReport, ingest_report};
use thalium::rollup::{BadRows, Done, FAULTS, Rollups};
use thalium_tables::arrow_array::RecordBatch;
use thalium_tables::{TradeColumns, pieces};

use super::{COLUMN_ROWS, fault};
use crate::{Error, Thalium};

impl Thalium {
    /// Gives a table of trades to a rollup (see [`TradeColumns`] for its columns); they are durable when this returns. Up to 4,194,304 rows
    /// are taken together, however many batches they are; more of them in pieces of so many, one after another, each durable before the next.
    /// Rows are counted over all batches, from zero.
    ///
    /// # Errors
    /// A rollup that is not there or has no trades of its own; a column that is missing, unknown or of a type that is not read; a row that
    /// is not taken, where none is to be taken then: its piece is not, and it is told from where on; a ledger that was opened to read or has
    /// stopped.
    pub fn ingest_batches(
        &self,
        rollup: &str,
        batches: &[RecordBatch],
        bad: BadRows,
    ) -> Result<IngestReport, Error> {
        self.ingest_batches_at(self.now(), rollup, batches, bad)
    }

    /// As [`Thalium::ingest_batches`], at an instant.
    ///
    /// # Errors
    /// As [`Thalium::ingest_batches`].
    pub fn ingest_batches_at(
        &self,
        now: i64,
        rollup: &str,
        batches: &[RecordBatch],
        bad: BadRows,
    ) -> Result<IngestReport, Error> {
        self.ingest_pieces(now, rollup, pieces(batches, COLUMN_ROWS), bad)
    }

    fn ingest_pieces(
        &self,
        now: i64,
        rollup: &str,
        pieces: impl Iterator<Item = Result<RecordBatch, Invalid>>,
        bad: BadRows,
    ) -> Result<IngestReport, Error> {
        // Also where there are no rows.
        self.shelf.read(|rollups| rollups.existing(rollup).map(|_| ()).map_err(fault))?;
        let mut told = IngestReport::default();
        let mut first = 0;
        for piece in pieces {
            let given = piece.map_err(Error::from).and_then(|piece| {
                let rows = piece.num_rows() as u64;
                let give = |rollups: &mut Rollups| give(rollups, rollup, &piece, bad, now, first);
                self.to_rollups(|rollups, _| Ok(give(rollups)?)).map(|report| (rows, report))
            });
            let (rows, report) = given.map_err(|error| behind(error, first))?;
            told.taken += report.taken;
            told.again += report.again;
            told.refused += report.refused;
            told.faults.extend(report.faults);
            told.faults.truncate(FAULTS);
            first += rows;
        }
        Ok(told)
    }
}

/// Gives the rows of a batch to a rollup; the first has the number `first`. Its digits are those that it has then.
fn give(
    rollups: &mut Rollups,
    rollup: &str,
    batch: &RecordBatch,
    bad: BadRows,
    now: i64,
    first: u64,
) -> Result<Done<IngestReport>, Invalid> {
    let definition = rollups.existing(rollup)?.definition();
    let (price, quantity) = (definition.price_scale, definition.quantity_scale);
    let columns = TradeColumns::read(batch, price, quantity)?;
    let given = rollups.ingest(rollup, &columns.trades(), bad, now);
    ingest_report(given, first, |error| columns.fault(error))
}

/// What is wrong behind rows that are durable already.
fn behind(error: Error, first: u64) -> Error {
    match error {
        Error::Invalid(Invalid { field, message }) if first > 0 => {
            let message = format!("{message}; the rows before row {first} are in already");
            Invalid { field, message }.into()
        }
        error => error,
    }
}

#[cfg(test)]
#[path = "tables_tests.rs"]
mod tests;
