//! Parquet, by way of Arrow: batches of rows, column by column.

use std::collections::BTreeMap;
use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, Date32Builder, Decimal128Builder, StringBuilder, TimestampNanosecondBuilder,
    UInt64Builder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Int64Type, TimestampNanosecondType, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::table::{Cell, Column, Shape};
use crate::write::WriteError;

/// Rows of a batch: what is in memory at a time.
const BATCH: usize = 16_384;
/// Digits of a decimal.
const DIGITS: u8 = 38;
const DIGITS_END: u128 = 10_u128.pow(38);

/// Writes rows as Parquet.
pub(crate) struct ParquetRows<W: Write + Send> {
    columns: &'static [Column],
    builders: Vec<Builder>,
    waiting: usize,
    written: u64,
    schema: Arc<Schema>,
    writer: ArrowWriter<W>,
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

impl<W: Write + Send> ParquetRows<W> {
    pub(crate) fn new(columns: &'static [Column], stream: W) -> Result<Self, WriteError> {
        let field = |column: &Column| Field::new(column.name, data_type(column.shape), true);
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer =
            ArrowWriter::try_new(stream, Arc::clone(&schema), Some(properties)).map_err(refused)?;
        let builders = columns.iter().map(|column| Builder::new(column.shape)).collect();
        Ok(Self { columns, builders, waiting: 0, written: 0, schema, writer })
    }

    pub(crate) fn write(&mut self, row: &[Cell]) -> Result<(), WriteError> {
        for ((column, builder), cell) in self.columns.iter().zip(&mut self.builders).zip(row) {
            if !builder.push(cell) {
                return Err(WriteError::Digits { row: self.written + 1, column: column.name });
            }
        }
        self.waiting += 1;
        self.written += 1;
        if self.waiting == BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        let arrays = self.builders.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(refused)?;
        self.waiting = 0;
        self.writer.write(&batch).map_err(refused)
    }

    pub(crate) fn finish(mut self) -> Result<W, WriteError> {
        if self.waiting > 0 {
            self.flush()?;
        }
        self.writer.into_inner().map_err(refused)
    }
}

fn refused(error: impl std::fmt::Display) -> WriteError {
    WriteError::Parquet(error.to_string())
}

/// Reads the rows of a Parquet file, each as texts by the names of the columns; stops at the first error.
pub(crate) fn read(
    file: std::fs::File,
) -> Result<impl Iterator<Item = Result<BTreeMap<String, String>, String>>, String> {
    let mut reader = guarded(|| {
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)?;
        reader.with_batch_size(BATCH).build()
    })?;
    let batches = std::iter::from_fn(move || guarded(|| reader.next().transpose()).transpose());
    Ok(batches.flat_map(|batch| match batch {
        Err(why) => vec![Err(why)],
        Ok(batch) => (0..batch.num_rows()).map(|row| texts(&batch, row)).collect(),
    }))
}

/// What the decoder says of damage is an error, even where it is a panic: files come from outside.
fn guarded<T, E: std::fmt::Display>(read: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match std::panic::catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("the file is damaged".to_owned()),
    }
}

fn texts(batch: &RecordBatch, row: usize) -> Result<BTreeMap<String, String>, String> {
    let mut texts = BTreeMap::new();
    for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        if array.is_null(row) {
            continue;
        }
        let cell = cell(array, row).ok_or_else(|| {
            format!(
                "column `{}` has the type {}, which is not read",
                field.name(),
                field.data_type()
            )
        })?;
        texts.insert(field.name().clone(), cell.to_text());
    }
    Ok(texts)
}

fn cell(array: &ArrayRef, row: usize) -> Option<Cell> {
    Some(match array.data_type() {
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => Cell::Text(array.as_string_view().value(row).to_owned()),
        DataType::UInt64 => Cell::Count(array.as_primitive::<UInt64Type>().value(row)),
        DataType::Int64 => {
            Cell::Count(u64::try_from(array.as_primitive::<Int64Type>().value(row)).ok()?)
        }
        DataType::Decimal128(_, 0) => {
            let units = array.as_primitive::<Decimal128Type>().value(row);
            Cell::Units(u128::try_from(units).ok()?)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, Some(_)) => {
            Cell::Instant(array.as_primitive::<TimestampNanosecondType>().value(row))
        }
        DataType::Date32 => Cell::Date(array.as_primitive::<Date32Type>().value(row)),
        _ => return None,
    })
}
