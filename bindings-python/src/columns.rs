//! Columns as Python has them: Arrow by capsule, numbers by the buffer protocol, lists of text.

use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, FixedSizeBinaryArray, PrimitiveArray, RecordBatch, StringArray,
};
use arrow_buffer::Buffer;
use bytes::Bytes;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyCapsule;

use crate::{arrow, guard};

/// Bytes of an id.
const ID: i32 = 16;

/// Columns that are being collected.
#[pyclass(frozen, module = "thalium._native")]
#[derive(Default)]
pub(crate) struct Columns {
    batches: Mutex<Vec<RecordBatch>>,
    columns: Mutex<Vec<(String, ArrayRef)>>,
}

impl Columns {
    /// What was collected.
    pub(crate) fn batches(&self) -> PyResult<Vec<RecordBatch>> {
        let mut batches = std::mem::take(&mut *held(&self.batches));
        let columns = std::mem::take(&mut *held(&self.columns));
        if !columns.is_empty() {
            let lengths: Vec<_> = columns.iter().map(|(_, array)| array.len()).collect();
            if lengths.windows(2).any(|pair| pair.first() != pair.last()) {
                let told: Vec<_> = columns
                    .iter()
                    .map(|(name, array)| format!("`{name}` {}", array.len()))
                    .collect();
                let message = format!("the columns are of different lengths: {}", told.join(", "));
                return Err(PyValueError::new_err(message));
            }
            let batch = RecordBatch::try_from_iter(columns);
            batches.push(batch.map_err(|error| PyValueError::new_err(error.to_string()))?);
        }
        Ok(batches)
    }

    fn push(&self, name: &str, array: ArrayRef) {
        held(&self.columns).push((name.to_owned(), array));
    }
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[pymethods]
impl Columns {
    #[new]
    fn new(py: Python<'_>) -> PyResult<Self> {
        guard(py, || Ok(Self::default()))
    }

    /// Takes a table from an Arrow stream, with other names where some are given.
    fn stream(
        &self,
        py: Python<'_>,
        capsule: &Bound<'_, PyCapsule>,
        names: Vec<(String, String)>,
    ) -> PyResult<()> {
        guard(py, || self.take_stream(capsule, &names))
    }

    /// Takes a column from Arrow.
    fn array(
        &self,
        py: Python<'_>,
        name: &str,
        schema: &Bound<'_, PyCapsule>,
        array: &Bound<'_, PyCapsule>,
    ) -> PyResult<()> {
        guard(py, || {
            self.push(name, arrow::array(schema, array)?);
            Ok(())
        })
    }

    /// Takes a column of whole numbers or of ids from the bytes of a buffer; `format` is that of the `struct` module.
    fn buffer(
        &self,
        py: Python<'_>,
        name: &str,
        format: &str,
        itemsize: usize,
        bytes: PyBackedBytes,
    ) -> PyResult<()> {
        guard(py, || self.take_buffer(name, format, itemsize, bytes))
    }

    /// Takes a column of texts.
    fn texts(&self, py: Python<'_>, name: &str, texts: Vec<Option<String>>) -> PyResult<()> {
        guard(py, || {
            self.push(name, Arc::new(StringArray::from(texts)));
            Ok(())
        })
    }
}

impl Columns {
    fn take_stream(
        &self,
        capsule: &Bound<'_, PyCapsule>,
        names: &[(String, String)],
    ) -> PyResult<()> {
        for batch in arrow::batches(capsule)? {
            let fields = batch.schema_ref().fields().iter();
            let name = |field: &arrow_schema::FieldRef| {
                let other = names.iter().find(|(from, _)| from == field.name());
                other.map_or_else(|| field.name().clone(), |(_, to)| to.clone())
            };
            let columns = fields.map(name).zip(batch.columns().iter().cloned());
            let batch = RecordBatch::try_from_iter(columns);
            let batch = batch.map_err(|error| PyValueError::new_err(error.to_string()))?;
            held(&self.batches).push(batch);
        }
        Ok(())
    }

    fn take_buffer(
        &self,
        name: &str,
        format: &str,
        itemsize: usize,
        bytes: PyBackedBytes,
    ) -> PyResult<()> {
        let is_signed = format.ends_with(['b', 'h', 'i', 'l', 'q', 'n']);
        let is_unsigned = format.ends_with(['B', 'H', 'I', 'L', 'Q', 'N']);
        // The bytes are Python's own and do not change: no copy is made of them.
        let buffer = Buffer::from(Bytes::from_owner(bytes));
        let array: ArrayRef = match (is_signed, is_unsigned, itemsize) {
            _ if format.starts_with(['>', '!']) => {
                return Err(PyTypeError::new_err(format!("`{name}` is of another byte order")));
            }
            (true, _, 1) => numbers::<Int8Type>(buffer),
            (true, _, 2) => numbers::<Int16Type>(buffer),
            (true, _, 4) => numbers::<Int32Type>(buffer),
            (true, _, 8) => numbers::<Int64Type>(buffer),
            (_, true, 1) => numbers::<UInt8Type>(buffer),
            (_, true, 2) => numbers::<UInt16Type>(buffer),
            (_, true, 4) => numbers::<UInt32Type>(buffer),
            (_, true, 8) => numbers::<UInt64Type>(buffer),
            (_, _, 16) => {
                let ids = FixedSizeBinaryArray::try_new(ID, buffer, None);
                Arc::new(ids.map_err(|error| PyValueError::new_err(error.to_string()))?)
            }
            _ => {
                let message = format!(
                    "`{name}` is a buffer of format `{format}`, which is not read: give whole numbers, ids of 16 bytes, or text"
                );
                return Err(PyTypeError::new_err(message));
            }
        };
        self.push(name, array);
        Ok(())
    }
}

fn numbers<T: ArrowPrimitiveType>(buffer: Buffer) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(buffer.into(), None))
}
