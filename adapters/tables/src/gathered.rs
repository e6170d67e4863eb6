//! Columns that come one by one, as a language has them, put together to batches.

use std::sync::Arc;

use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, FixedSizeBinaryArray, PrimitiveArray, RecordBatch, StringArray,
};
use arrow_buffer::Buffer;

use crate::posts::{PostsError, fault};

/// Bytes of an id.
const ID: i32 = 16;

/// What a buffer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Whole numbers with a sign, of so many bytes.
    Signed(usize),
    /// Whole numbers without a sign, of so many bytes.
    Unsigned(usize),
    /// Ids of 16 bytes, big-endian.
    Id,
}

/// Columns that are being gathered.
#[derive(Default)]
pub struct Gathered {
    batches: Vec<RecordBatch>,
    columns: Vec<(String, ArrayRef)>,
}

impl Gathered {
    /// Takes a batch of rows.
    pub fn batch(&mut self, batch: RecordBatch) {
        self.batches.push(batch);
    }

    /// Takes a column.
    pub fn column(&mut self, name: &str, array: ArrayRef) {
        self.columns.push((name.to_owned(), array));
    }

    /// Takes a column of texts.
    pub fn texts(&mut self, name: &str, texts: Vec<Option<String>>) {
        self.column(name, Arc::new(StringArray::from(texts)));
    }

    /// Takes a column of numbers or ids from the memory in which they stand.
    ///
    /// # Errors
    /// Numbers of a size that is not read; memory that is not a whole number of ids.
    pub fn buffer(
        &mut self,
        name: &str,
        element: Element,
        buffer: Buffer,
    ) -> Result<(), PostsError> {
        let array: ArrayRef = match element {
            Element::Signed(1) => numbers::<Int8Type>(buffer),
            Element::Signed(2) => numbers::<Int16Type>(buffer),
            Element::Signed(4) => numbers::<Int32Type>(buffer),
            Element::Signed(8) => numbers::<Int64Type>(buffer),
            Element::Unsigned(1) => numbers::<UInt8Type>(buffer),
            Element::Unsigned(2) => numbers::<UInt16Type>(buffer),
            Element::Unsigned(4) => numbers::<UInt32Type>(buffer),
            Element::Unsigned(8) => numbers::<UInt64Type>(buffer),
            Element::Id => {
                let ids = FixedSizeBinaryArray::try_new(ID, buffer, None);
                Arc::new(ids.map_err(|error| fault(name, None, error))?)
            }
            Element::Signed(bytes) | Element::Unsigned(bytes) => {
                let message = format!("holds numbers of {bytes} bytes, which are not read");
                return Err(fault(name, None, message));
            }
        };
        self.column(name, array);
        Ok(())
    }

    /// The batches, the columns together as one of them.
    ///
    /// # Errors
    /// Columns of different lengths.
    pub fn batches(self) -> Result<Vec<RecordBatch>, PostsError> {
        let Self { mut batches, columns } = self;
        if let Some((first, array)) = columns.first() {
            let len = array.len();
            if let Some((other, array)) = columns.iter().find(|(_, array)| array.len() != len) {
                let message = format!("has {} rows, `{first}` has {len}", array.len());
                return Err(fault(other, None, message));
            }
            let batch = RecordBatch::try_from_iter(columns);
            batches.push(batch.map_err(|error| fault("columns", None, error))?);
        }
        Ok(batches)
    }
}

fn numbers<T: ArrowPrimitiveType>(buffer: Buffer) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(buffer.into(), None))
}

#[cfg(test)]
#[path = "gathered_tests.rs"]
mod tests;
