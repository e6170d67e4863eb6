//! Posts by the column: many thousands at a time, without an object for each.

use std::collections::VecDeque;
use std::sync::Arc;

use thalium::ledger::status::TransferStatus;
use thalium::{COMMANDS_MAX, Command};
use thalium_tables::arrow_array::builder::StringDictionaryBuilder;
use thalium_tables::arrow_array::types::UInt8Type;
use thalium_tables::arrow_array::{
    ArrayRef, BooleanArray, RecordBatch, TimestampNanosecondArray, UInt64Array,
};
use thalium_tables::{PostColumns, Posts, PostsError};

use crate::{Error, Thalium, Ticket};

/// Requests under way: while one syncs, the next is decided.
const IN_FLIGHT: usize = 4;

/// Why columns were not booked.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    /// They cannot be read. Nothing was booked.
    #[error(transparent)]
    Columns(#[from] PostsError),
    /// The ledger failed: which rows were booked is known after opening again, by their ids.
    #[error(transparent)]
    Ledger(#[from] Error),
}

/// What became of each row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostOutcomes {
    /// The statuses.
    pub statuses: Vec<TransferStatus>,
    /// The place in the log; zero where nothing is booked.
    pub sequences: Vec<u64>,
    /// When it was decided; of a retry, when it was booked.
    pub timestamps: Vec<i64>,
    /// Rows that were booked now.
    pub booked: u64,
    /// Rows that had been booked before.
    pub replayed: u64,
    /// Rows that were refused.
    pub rejected: u64,
}

impl Thalium {
    /// Books the rows of columns (see [`PostColumns`] for what they hold), in order and in requests of up to
    /// [`COMMANDS_MAX`] rows; returns when all of it is durable. Everything is read before the first row is booked; a row
    /// that is refused stops no other. `told` gets how many rows are durable.
    ///
    /// # Errors
    /// Columns that cannot be read; a ledger that stops on the way.
    pub fn post_columns(
        &self,
        batches: &[RecordBatch],
        asset: Option<&str>,
        mut told: impl FnMut(u64),
    ) -> Result<PostOutcomes, ColumnsError> {
        let mut first = 0;
        let mut posts: Vec<Posts> = Vec::with_capacity(batches.len());
        for batch in batches {
            let columns = PostColumns::read(batch, first, asset)?;
            first += columns.len() as u64;
            posts.push(self.read(|book| columns.resolve(book))??);
        }
        let mut outcomes = PostOutcomes::default();
        let mut under_way = VecDeque::with_capacity(IN_FLIGHT);
        let mut commands = posts.iter_mut().flat_map(Posts::commands);
        loop {
            let request: Vec<Command> = commands.by_ref().take(COMMANDS_MAX).collect();
            let is_last = request.len() < COMMANDS_MAX;
            if !request.is_empty() {
                under_way.push_back(self.send(request)?);
            }
            while under_way.len() == IN_FLIGHT || (is_last && !under_way.is_empty()) {
                let Some(ticket) = under_way.pop_front() else { break };
                self.land(ticket, &mut outcomes)?;
                told(outcomes.statuses.len() as u64);
            }
            if is_last {
                return Ok(outcomes);
            }
        }
    }

    fn land(&self, ticket: Ticket, outcomes: &mut PostOutcomes) -> Result<(), Error> {
        for outcome in self.wait(ticket)? {
            let number = outcome.status.number();
            let status = TransferStatus::from_number(number).unwrap_or(TransferStatus::Created);
            outcomes.booked += u64::from(outcome.status.is_created());
            outcomes.replayed += u64::from(outcome.status.is_replay());
            outcomes.rejected += u64::from(!outcome.is_booked());
            outcomes.statuses.push(status);
            outcomes.sequences.push(if outcome.is_booked() { outcome.sequence } else { 0 });
            outcomes.timestamps.push(outcome.timestamp);
        }
        Ok(())
    }
}

impl PostOutcomes {
    /// The outcomes as Arrow: `ok`, `status`, `replayed`, `sequence`, `timestamp`.
    ///
    /// # Errors
    /// None that is known: the columns are of one length.
    pub fn batch(&self) -> Result<RecordBatch, Error> {
        let failed = |error: &dyn std::fmt::Display| {
            Error::Write(thalium_tables::WriteError::Parquet(error.to_string()))
        };
        let mut status = StringDictionaryBuilder::<UInt8Type>::new();
        for one in &self.statuses {
            status.append(one.name()).map_err(|error| failed(&error))?;
        }
        let is = |wanted: fn(TransferStatus) -> bool| -> ArrayRef {
            Arc::new(BooleanArray::from_iter(self.statuses.iter().map(|one| Some(wanted(*one)))))
        };
        let sequences = self.sequences.iter().map(|sequence| (*sequence > 0).then_some(*sequence));
        let instants = TimestampNanosecondArray::from(self.timestamps.clone()).with_timezone("UTC");
        let columns: [(&str, ArrayRef); 5] = [
            ("ok", is(|one| matches!(one, TransferStatus::Created | TransferStatus::Exists))),
            ("status", Arc::new(status.finish())),
            ("replayed", is(|one| one == TransferStatus::Exists)),
            ("sequence", Arc::new(UInt64Array::from_iter(sequences))),
            ("timestamp", Arc::new(instants)),
        ];
        RecordBatch::try_from_iter(columns).map_err(|error| failed(&error))
    }
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
