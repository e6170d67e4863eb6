//! Posts by the column: many thousands at a time, without an object for each.

use std::collections::VecDeque;
use std::sync::Arc;

use thalium::ledger::status::TransferStatus;
use thalium::{COMMANDS_MAX, Command, Status};
use thalium_tables::arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, RecordBatch, StringArray, TimestampNanosecondArray,
    UInt8Array, UInt64Array,
};
use thalium_tables::{PostColumns, Posts, PostsError};

use crate::{Error, Thalium, Ticket};

/// Requests under way: while one syncs, the next is decided.
const IN_FLIGHT: usize = 4;

/// Slices that a further thread is started for: some milliseconds of reading.
const WORTH_A_THREAD: usize = 8;

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

/// Rows that were looked at, and can be booked.
enum Rows {
    Kept(Box<Posts>),
    /// To be read again, from the row `first` on; the books need not be asked again.
    Again {
        slice: RecordBatch,
        first: u64,
        ledgers: Vec<u32>,
    },
}

/// Rows that make one request.
struct Slice {
    first: u64,
    rows: RecordBatch,
}

/// The rows of all batches, with how many they are.
fn slices(batches: &[RecordBatch]) -> (Vec<Slice>, u64) {
    let mut slices = Vec::new();
    let mut first = 0;
    for batch in batches {
        for start in (0..batch.num_rows()).step_by(COMMANDS_MAX) {
            let rows = batch.slice(start, COMMANDS_MAX.min(batch.num_rows() - start));
            let count = rows.num_rows() as u64;
            slices.push(Slice { first, rows });
            first += count;
        }
    }
    (slices, first)
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
        let (slices, count) = slices(batches);
        let rows = self.look_at(&slices, asset)?;
        let mut outcomes = PostOutcomes::for_rows(count);
        let mut under_way = VecDeque::with_capacity(IN_FLIGHT);
        let mut request: Vec<Command> = Vec::with_capacity(COMMANDS_MAX);
        let mut rows = rows.into_iter().peekable();
        while let Some(next) = rows.next() {
            let mut posts = match next {
                Rows::Kept(posts) => *posts,
                Rows::Again { slice, first, ledgers } => {
                    PostColumns::read(&slice, first, asset)?.in_ledgers(ledgers)?
                }
            };
            let mut commands = posts.commands();
            loop {
                request.extend(commands.by_ref().take(COMMANDS_MAX - request.len()));
                if request.len() < COMMANDS_MAX && (rows.peek().is_some() || request.is_empty()) {
                    break;
                }
                let full = std::mem::replace(&mut request, Vec::with_capacity(COMMANDS_MAX));
                under_way.push_back(self.send(full)?);
                if under_way.len() == IN_FLIGHT
                    && let Some(ticket) = under_way.pop_front()
                {
                    self.land(ticket, &mut outcomes)?;
                    told(outcomes.statuses.len() as u64);
                }
            }
        }
        for ticket in under_way {
            self.land(ticket, &mut outcomes)?;
            told(outcomes.statuses.len() as u64);
        }
        Ok(outcomes)
    }

    /// Reads every row, so that none is booked of columns that cannot be read. What is wrong is told of the first row that
    /// has something wrong, on however many threads they are read.
    fn look_at(&self, slices: &[Slice], asset: Option<&str>) -> Result<Vec<Rows>, ColumnsError> {
        let look = |slices: &[Slice]| {
            let rows = slices.iter().map(|Slice { first, rows }| {
                let columns = PostColumns::read(rows, *first, asset)?;
                Ok(match self.read(|book| columns.resolve(book))??.forget() {
                    Ok(ledgers) => Rows::Again { slice: rows.clone(), first: *first, ledgers },
                    Err(posts) => Rows::Kept(posts),
                })
            });
            rows.collect::<Result<Vec<_>, ColumnsError>>()
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = slices.len().div_ceil(threads).max(WORTH_A_THREAD);
        std::thread::scope(|scope| {
            let mut shares = slices.chunks(share);
            let mine = shares.next().unwrap_or_default();
            let others: Vec<_> = shares.map(|share| scope.spawn(move || look(share))).collect();
            let mut rows = look(mine)?;
            for other in others {
                rows.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok(rows)
        })
    }

    fn land(&self, ticket: Ticket, outcomes: &mut PostOutcomes) -> Result<(), Error> {
        for outcome in self.wait(ticket)? {
            // A row is a transfer, and nothing else was sent.
            let Status::Transfer(status) = outcome.status else { continue };
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
    fn for_rows(rows: u64) -> Self {
        let rows = usize::try_from(rows).unwrap_or(0);
        Self {
            statuses: Vec::with_capacity(rows),
            sequences: Vec::with_capacity(rows),
            timestamps: Vec::with_capacity(rows),
            ..Self::default()
        }
    }

    /// The outcomes as Arrow: `ok`, `status`, `replayed`, `sequence`, `timestamp`.
    ///
    /// # Errors
    /// None that is known: the columns are of one length.
    pub fn batch(&self) -> Result<RecordBatch, Error> {
        let failed = |error: &dyn std::fmt::Display| {
            Error::Write(thalium_tables::WriteError::Parquet(error.to_string()))
        };
        // Few statuses come of many rows, mostly the same one after another: no hashing.
        let mut names: Vec<TransferStatus> = Vec::new();
        let mut last = 0;
        let index = |one: &TransferStatus| {
            if names.get(last) != Some(one) {
                last = names.iter().position(|name| name == one).unwrap_or_else(|| {
                    names.push(*one);
                    names.len() - 1
                });
            }
            u8::try_from(last).unwrap_or(u8::MAX)
        };
        let keys: UInt8Array = self.statuses.iter().map(index).collect::<Vec<_>>().into();
        let names = StringArray::from_iter_values(names.iter().map(|status| status.name()));
        let status =
            DictionaryArray::try_new(keys, Arc::new(names)).map_err(|error| failed(&error))?;
        let is = |wanted: fn(TransferStatus) -> bool| -> ArrayRef {
            Arc::new(BooleanArray::from_iter(self.statuses.iter().map(|one| Some(wanted(*one)))))
        };
        let sequences = self.sequences.iter().map(|sequence| (*sequence > 0).then_some(*sequence));
        let instants = TimestampNanosecondArray::from(self.timestamps.clone()).with_timezone("UTC");
        let columns: [(&str, ArrayRef); 5] = [
            ("ok", is(|one| matches!(one, TransferStatus::Created | TransferStatus::Exists))),
            ("status", Arc::new(status)),
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
