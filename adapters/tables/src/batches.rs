//! Rows as Arrow: batches, column by column.

use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, Date32Builder, Decimal128Builder, StringBuilder, TimestampNanosecondBuilder,
    UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};

use crate::table::{Cell, Column, Shape, Table};
use crate::write::WriteError;

/// Digits of a decimal.
const DIGITS: u8 = 38;
const DIGITS_END: u128 = 10_u128.pow(38);

/// Collects rows of a table as Arrow.
pub struct Batches {
    columns: &'static [Column],
    builders: Vec<Builder>,
    waiting: usize,
    taken: u64,
    schema: Arc<Schema>,
}

impl Batches {
    /// Begins a table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        let columns = table.columns();
        let field = |column: &Column| Field::new(column.name, data_type(column.shape), true);
        Self {
            columns,
            builders: columns.iter().map(|column| Builder::new(column.shape)).collect(),
            waiting: 0,
            taken: 0,
            schema: Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>())),
        }
    }

    /// The columns and their types.
    #[must_use]
    pub fn schema(&self) -> Arc<Schema> {
        Arc::clone(&self.schema)
    }

    /// Rows that wait to be taken.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // What is asked for is how many, to know when to take them.
    pub fn len(&self) -> usize {
        self.waiting
    }

    /// Adds a row; its cells stand in the order of the table's columns.
    ///
    /// # Errors
    /// A count of more digits than a decimal has.
    pub fn push(&mut self, row: &[Cell]) -> Result<(), WriteError> {
        for ((column, builder), cell) in self.columns.iter().zip(&mut self.builders).zip(row) {
            if !builder.push(cell) {
                let row = self.taken + self.waiting as u64 + 1;
                return Err(WriteError::Digits { row, column: column.name });
            }
        }
        self.waiting += 1;
        Ok(())
    }

    /// Takes the rows that wait.
    ///
    /// # Errors
    /// None that is known: the columns are of one length.
    pub fn take(&mut self) -> Result<RecordBatch, WriteError> {
        let arrays = self.builders.iter_mut().map(Builder::finish).collect();
        self.taken += self.waiting as u64;
        self.waiting = 0;
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| WriteError::Parquet(error.to_string()))
    }
}

enum Builder {
    Text(StringBuilder),
    Count(UInt64Builder),
    Units(Decimal128Builder),
    Instant(TimestampNanosecondBuilder),
    Date(Date32Builder),
}

impl Builder {
    fn new(shape: Shape) -> Self {
        match shape {
            Shape::Text => Self::Text(StringBuilder::new()),
            Shape::Count => Self::Count(UInt64Builder::new()),
            Shape::Units => Self::Units(
                Decimal128Builder::new().with_data_type(DataType::Decimal128(DIGITS, 0)),
            ),
            Shape::Instant => Self::Instant(TimestampNanosecondBuilder::new().with_timezone("UTC")),
            Shape::Date => Self::Date(Date32Builder::new()),
        }
    }

    /// Adds a cell; false if it does not fit.
    fn push(&mut self, cell: &Cell) -> bool {
        match (self, cell) {
            (Self::Text(text), Cell::Text(cell)) => text.append_value(cell),
            (Self::Count(count), Cell::Count(cell)) => count.append_value(*cell),
            (Self::Units(units), Cell::Units(cell)) => {
                let Some(cell) = i128::try_from(*cell).ok().filter(|_| *cell < DIGITS_END) else {
                    return false;
                };
                units.append_value(cell);
            }
            (Self::Instant(instant), Cell::Instant(cell)) => instant.append_value(*cell),
            (Self::Date(date), Cell::Date(cell)) => date.append_value(*cell),
            (Self::Text(text), _) => text.append_null(),
            (Self::Count(count), _) => count.append_null(),
            (Self::Units(units), _) => units.append_null(),
            (Self::Instant(instant), _) => instant.append_null(),
            (Self::Date(date), _) => date.append_null(),
        }
        true
    }

    fn finish(&mut self) -> ArrayRef {
        let builder: &mut dyn ArrayBuilder = match self {
            Self::Text(text) => text,
            Self::Count(count) => count,
            Self::Units(units) => units,
            Self::Instant(instant) => instant,
            Self::Date(date) => date,
        };
        builder.finish()
    }
}

fn data_type(shape: Shape) -> DataType {
    match shape {
        Shape::Text => DataType::Utf8,
        Shape::Count => DataType::UInt64,
        Shape::Units => DataType::Decimal128(DIGITS, 0),
        Shape::Instant => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
        Shape::Date => DataType::Date32,
    }
}
