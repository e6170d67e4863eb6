//! Columns that were read, as Python takes them: Arrow by capsule, numbers as the bytes of a buffer.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, TimestampNanosecondType, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};
use thalium_host::PostOutcomes;

use crate::{arrow, border, guard};

/// A table.
#[pyclass(frozen, module = "thalium._native")]
pub(crate) struct Batches(pub(crate) Vec<RecordBatch>);

#[pymethods]
impl Batches {
    /// The table as an Arrow stream; as often as it is asked for.
    fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        guard(py, || arrow::stream(py, self.0.clone()))
    }

    /// How many rows there are.
    fn rows(&self, py: Python<'_>) -> PyResult<usize> {
        guard(py, || Ok(self.0.iter().map(RecordBatch::num_rows).sum()))
    }

    /// The names of the columns.
    fn names(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        guard(py, || {
            let schema = self.0.first().map(RecordBatch::schema);
            let fields = schema.iter().flat_map(|schema| schema.fields().iter());
            Ok(fields.map(|field| field.name().clone()).collect())
        })
    }

    /// The numbers of a column: their format by the `struct` module, and their bytes.
    fn numbers<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        missing: Option<i64>,
    ) -> PyResult<(&'static str, Bound<'py, PyBytes>)> {
        guard(py, || {
            let (format, bytes) = self.read(name, missing)?;
            Ok((format, PyBytes::new(py, &bytes)))
        })
    }
}

impl Batches {
    fn read(&self, name: &str, missing: Option<i64>) -> PyResult<(&'static str, Vec<u8>)> {
        let columns = self.0.iter().map(|batch| batch.column_by_name(name));
        let columns: Option<Vec<_>> = columns.collect();
        let columns = columns.unwrap_or_default();
        let Some(first) = columns.first() else { return Err(PyKeyError::new_err(name.to_owned())) };
        let kind = first.data_type();
        let column = Column { name, missing, arrays: columns.iter().map(|one| &***one) };
        match kind {
            DataType::UInt64 => Ok(("Q", column.of::<UInt64Type, u64, _>(u64::to_ne_bytes)?)),
            DataType::Date32 => Ok(("i", column.of::<Date32Type, i32, _>(i32::to_ne_bytes)?)),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                Ok(("q", column.of::<TimestampNanosecondType, i64, _>(i64::to_ne_bytes)?))
            }
            DataType::Decimal128(_, 0) => {
                Ok(("q", column.of::<Decimal128Type, i64, _>(i64::to_ne_bytes)?))
            }
            DataType::Boolean => Ok(("?", column.flags()?)),
            _ => Err(PyTypeError::new_err(format!(
                "column {name:?} is of texts, which a buffer does not hold: read it by Arrow (to_arrow, to_pandas, to_polars)"
            ))),
        }
    }
}

/// A column in pieces.
struct Column<'a, A> {
    name: &'a str,
    missing: Option<i64>,
    arrays: A,
}

impl<'a, A: Iterator<Item = &'a dyn Array>> Column<'a, A> {
    /// The numbers one after another as `N`: an error where one does not fit, never another number.
    fn of<T: ArrowPrimitiveType, N: TryFrom<T::Native> + TryFrom<i64>, const SIZE: usize>(
        self,
        bytes: fn(N) -> [u8; SIZE],
    ) -> PyResult<Vec<u8>> {
        let Self { name, missing, arrays } = self;
        let missing = missing.map(N::try_from).transpose().map_err(|_| narrow(name))?.map(bytes);
        let mut out = Vec::new();
        for array in arrays {
            out.reserve(array.len() * SIZE);
            for value in array.as_primitive::<T>() {
                let value = match value {
                    Some(value) => bytes(N::try_from(value).map_err(|_| narrow(name))?),
                    None => missing.ok_or_else(|| absent(name))?,
                };
                out.extend_from_slice(&value);
            }
        }
        Ok(out)
    }

    fn flags(self) -> PyResult<Vec<u8>> {
        let missing = self.missing.map(|missing| missing != 0);
        let values = self.arrays.flat_map(|array| array.as_boolean().iter());
        let flag = |value: Option<bool>| value.or(missing).ok_or_else(|| absent(self.name));
        values.map(|value| flag(value).map(u8::from)).collect()
    }
}

fn narrow(name: &str) -> PyErr {
    PyValueError::new_err(format!(
        "column {name:?} holds a number that does not fit into 64 bits: read it by Arrow (to_arrow, to_pandas, to_polars)"
    ))
}

fn absent(name: &str) -> PyErr {
    PyValueError::new_err(format!(
        "column {name:?} has missing values: say with missing= which number stands for them, or read it by Arrow"
    ))
}

/// What became of the rows of columns. What is not asked for is not copied.
#[pyclass(frozen, module = "thalium._native")]
pub(crate) struct Outcomes(pub(crate) PostOutcomes);

#[pymethods]
impl Outcomes {
    /// How many rows were booked, replayed and rejected.
    fn counts(&self, py: Python<'_>) -> PyResult<(u64, u64, u64)> {
        guard(py, || Ok((self.0.booked, self.0.replayed, self.0.rejected)))
    }

    /// The number of each row's status, two bytes each.
    fn statuses<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        guard(py, || bytes(py, self.0.statuses.iter().map(|one| one.number().to_ne_bytes())))
    }

    /// The place of each row in the log, eight bytes each; zero where nothing is booked.
    fn sequences<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        guard(py, || bytes(py, self.0.sequences.iter().map(|one| one.to_ne_bytes())))
    }

    /// When each row was decided, in nanoseconds since 1970, eight bytes each.
    fn timestamps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        guard(py, || bytes(py, self.0.timestamps.iter().map(|one| one.to_ne_bytes())))
    }

    /// All of it as a table.
    fn table(&self, py: Python<'_>) -> PyResult<Batches> {
        border(py, || Ok(Batches(vec![self.0.batch()?])))
    }
}

/// Numbers of one size in memory of Python's own.
fn bytes<'py, const SIZE: usize>(
    py: Python<'py>,
    numbers: impl ExactSizeIterator<Item = [u8; SIZE]>,
) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, numbers.len() * SIZE, |to| {
        for (place, number) in to.chunks_exact_mut(SIZE).zip(numbers) {
            place.copy_from_slice(&number);
        }
        Ok(())
    })
}
