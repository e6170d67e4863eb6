//! Columns as Python has them: Arrow by capsule, numbers by the buffer protocol, lists of text.

use std::sync::{Mutex, MutexGuard, PoisonError};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use bytes::Bytes;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyCapsule;
use thalium_host::tables::{Element, Gathered};

use crate::{arrow, guard, raised};

/// Columns that are being collected.
#[pyclass(frozen, module = "thalium._native")]
#[derive(Default)]
pub(crate) struct Columns(Mutex<Gathered>);

impl Columns {
    /// What was collected.
    pub(crate) fn take(&self) -> Gathered {
        std::mem::take(&mut *self.held())
    }

    fn held(&self) -> MutexGuard<'_, Gathered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        guard(py, || self.take_batches(arrow::batches(capsule)?, &names))
    }

    /// Takes a table from an Arrow array of rows, with other names where some are given.
    fn batch(
        &self,
        py: Python<'_>,
        schema: &Bound<'_, PyCapsule>,
        array: &Bound<'_, PyCapsule>,
        names: Vec<(String, String)>,
    ) -> PyResult<()> {
        guard(py, || self.take_batches(vec![arrow::batch(schema, array)?], &names))
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
            self.held().column(name, arrow::array(schema, array)?);
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
        guard(py, || self.take_buffer(py, name, format, itemsize, bytes))
    }

    /// Takes a column of texts.
    fn texts(&self, py: Python<'_>, name: &str, texts: Vec<Option<String>>) -> PyResult<()> {
        guard(py, || {
            self.held().texts(name, texts);
            Ok(())
        })
    }
}

impl Columns {
    fn take_batches(&self, batches: Vec<RecordBatch>, names: &[(String, String)]) -> PyResult<()> {
        for batch in batches {
            let fields = batch.schema_ref().fields().iter();
            let name = |field: &arrow_schema::FieldRef| {
                let other = names.iter().find(|(from, _)| from == field.name());
                other.map_or_else(|| field.name().clone(), |(_, to)| to.clone())
            };
            let columns = fields.map(name).zip(batch.columns().iter().cloned());
            let batch = RecordBatch::try_from_iter(columns);
            let batch = batch.map_err(|error| PyValueError::new_err(error.to_string()))?;
            self.held().batch(batch);
        }
        Ok(())
    }

    fn take_buffer(
        &self,
        py: Python<'_>,
        name: &str,
        format: &str,
        itemsize: usize,
        bytes: PyBackedBytes,
    ) -> PyResult<()> {
        if format.starts_with(['>', '!']) {
            return Err(PyTypeError::new_err(format!("`{name}` is of another byte order")));
        }
        let element = match format {
            _ if format.ends_with(['b', 'h', 'i', 'l', 'q', 'n']) => Element::Signed(itemsize),
            _ if format.ends_with(['B', 'H', 'I', 'L', 'Q', 'N']) => Element::Unsigned(itemsize),
            _ if itemsize == 16 => Element::Id,
            _ => {
                let message = format!(
                    "`{name}` is a buffer of format `{format}`, which is not read: give whole numbers, ids of 16 bytes, or text"
                );
                return Err(PyTypeError::new_err(message));
            }
        };
        // The bytes are Python's own and do not change: no copy is made of them.
        let taken = self.held().buffer(name, element, Buffer::from(Bytes::from_owner(bytes)));
        taken.map_err(|error| raised(py, &error.into()))
    }
}
