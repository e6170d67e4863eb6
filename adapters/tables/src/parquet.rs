//! Parquet, by way of Arrow.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::panic::AssertUnwindSafe;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchReader};
use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::batches::Batches;
use crate::table::{Cell, Table};
use crate::times::timestamps;
use crate::write::WriteError;

/// Rows of a batch: what is in memory at a time.
const BATCH: usize = 16_384;
/// Writes rows as Parquet.
pub(crate) struct ParquetRows<W: Write + Send> {
    batches: Batches,
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> ParquetRows<W> {
    pub(crate) fn new(table: Table, stream: W) -> Result<Self, WriteError> {
        let batches = Batches::new(table);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = ArrowWriter::try_new(stream, batches.schema(), Some(properties));
        Ok(Self { batches, writer: writer.map_err(refused)? })
    }

    pub(crate) fn write(&mut self, row: &[Cell]) -> Result<(), WriteError> {
        self.batches.push(row)?;
        if self.batches.len() == BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        self.writer.write(&self.batches.take()?).map_err(refused)
    }

    pub(crate) fn finish(mut self) -> Result<W, WriteError> {
        if self.batches.len() > 0 {
            self.flush()?;
        }
        self.writer.into_inner().map_err(refused)
    }
}

fn refused(error: impl std::fmt::Display) -> WriteError {
    WriteError::Parquet(error.to_string())
}

/// Reads the rows of a Parquet file, each as texts by the names of the columns.
pub(crate) fn read(
    file: File,
) -> Result<impl Iterator<Item = Result<BTreeMap<String, String>, String>>, String> {
    let (_, batches) = read_batches(file, BATCH)?;
    Ok(batches.flat_map(|batch| match batch {
        Err(why) => vec![Err(why)],
        Ok(batch) => (0..batch.num_rows()).map(|row| texts(&batch, row)).collect(),
    }))
}

/// The columns of a Parquet file, and its rows in batches of so many.
pub(crate) fn read_batches(
    file: File,
    rows: usize,
) -> Result<(SchemaRef, impl Iterator<Item = Result<RecordBatch, String>>), String> {
    let mut reader = guarded(|| {
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)?;
        reader.with_batch_size(rows).build()
    })?;
    let schema = reader.schema();
    let batches = std::iter::from_fn(move || guarded(|| reader.next().transpose()).transpose());
    Ok((schema, batches))
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
        DataType::Decimal128(..) => {
            Cell::Text(array.as_primitive::<Decimal128Type>().value_as_string(row))
        }
        DataType::Timestamp(..) => {
            let (instants, nanos) = timestamps(array)?;
            Cell::Instant(instants.get(row)?.checked_mul(nanos)?)
        }
        DataType::Boolean => Cell::Text(array.as_boolean().value(row).to_string()),
        DataType::Date32 => Cell::Date(array.as_primitive::<Date32Type>().value(row)),
        _ => return None,
    })
}
