//! Columns as JavaScript has them: typed arrays, lists of texts, Arrow's IPC streams.

use std::io::Cursor;
use std::panic::catch_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, FixedSizeBinaryArray, PrimitiveArray, RecordBatch, StringArray,
};
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use thalium_host::wire::Failure;

/// Bytes of an id.
const ID: i32 = 16;

/// Columns that are being collected.
#[derive(Default)]
pub(crate) struct Columns(Mutex<Table>);

/// Columns that were collected.
#[derive(Default)]
pub(crate) struct Table {
    batches: Vec<RecordBatch>,
    columns: Vec<(String, ArrayRef)>,
}

impl Columns {
    pub(crate) fn take(&self) -> Table {
        std::mem::take(&mut *self.held())
    }

    pub(crate) fn buffer(&self, name: &str, kind: &str, bytes: &[u8]) -> Result<(), Failure> {
        let buffer = Buffer::from(bytes);
        let array: ArrayRef = match kind {
            "Int8Array" => numbers::<Int8Type>(buffer),
            "Int16Array" => numbers::<Int16Type>(buffer),
            "Int32Array" => numbers::<Int32Type>(buffer),
            "BigInt64Array" => numbers::<Int64Type>(buffer),
            "Uint8Array" | "Uint8ClampedArray" => numbers::<UInt8Type>(buffer),
            "Uint16Array" => numbers::<UInt16Type>(buffer),
            "Uint32Array" => numbers::<UInt32Type>(buffer),
            "BigUint64Array" => numbers::<UInt64Type>(buffer),
            "ids" => {
                let ids = FixedSizeBinaryArray::try_new(ID, buffer, None);
                Arc::new(ids.map_err(|error| refused(name, error))?)
            }
            other => return Err(refused(name, format!("a {other} cannot hold whole numbers"))),
        };
        self.held().columns.push((name.to_owned(), array));
        Ok(())
    }

    pub(crate) fn texts(&self, name: &str, texts: Vec<Option<String>>) {
        self.held().columns.push((name.to_owned(), Arc::new(StringArray::from(texts))));
    }

    pub(crate) fn arrow(&self, stream: &[u8]) -> Result<(), Failure> {
        // What the decoder says of damage is an error, even where it is a panic: bytes come from outside.
        let read = catch_unwind(|| {
            StreamReader::try_new(Cursor::new(stream), None)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        });
        let read = read.map_err(|_| refused("arrow", "the stream is damaged"))?;
        let batches = read.map_err(|error| refused("arrow", error))?;
        self.held().batches.extend(batches);
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    pub(crate) fn batches(self) -> Result<Vec<RecordBatch>, Failure> {
        let Self { mut batches, columns } = self;
        if let Some((first, array)) = columns.first() {
            let len = array.len();
            if let Some((other, array)) = columns.iter().find(|(_, array)| array.len() != len) {
                let why = format!("has {} rows, `{first}` has {len}", array.len());
                return Err(refused(other, why));
            }
            let batch = RecordBatch::try_from_iter(columns);
            batches.push(batch.map_err(|error| refused("columns", error))?);
        }
        Ok(batches)
    }
}

/// Batches as a stream of Arrow's IPC format.
pub(crate) fn ipc(batches: &[RecordBatch]) -> Result<Vec<u8>, Failure> {
    let Some(first) = batches.first() else { return Ok(Vec::new()) };
    let write = || {
        let mut writer = StreamWriter::try_new(Vec::new(), first.schema_ref())?;
        batches.iter().try_for_each(|batch| writer.write(batch))?;
        writer.into_inner()
    };
    write().map_err(|error| refused("columns", error))
}

fn numbers<T: ArrowPrimitiveType>(buffer: Buffer) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(buffer.into(), None))
}

fn refused(column: &str, why: impl std::fmt::Display) -> Failure {
    Failure {
        code: "invalid".to_owned(),
        message: format!("column `{column}`: {why}"),
        field: Some(column.to_owned()),
    }
}
