//! Arrow's C interface by way of capsules: <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>.
#![allow(unsafe_code)] // Pointers of C are read and handed out here, and nowhere else.

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, make_array};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

/// Batches as a stream that whoever asks may take.
pub(crate) fn stream(py: Python<'_>, batches: Vec<RecordBatch>) -> PyResult<Bound<'_, PyCapsule>> {
    let schema = batches.first().map(RecordBatch::schema);
    let schema = schema.ok_or_else(|| PyValueError::new_err("there are no columns"))?;
    let batches = RecordBatchIterator::new(batches.into_iter().map(Ok), schema);
    let stream = FFI_ArrowArrayStream::new(Box::new(batches));
    // Dropping the stream releases it, unless it was moved out of the capsule: then its release is gone.
    PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
}

/// Takes the batches of a stream's capsule.
pub(crate) fn batches(capsule: &Bound<'_, PyCapsule>) -> PyResult<Vec<RecordBatch>> {
    let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
    // SAFETY: the capsule's name says that it points to such a stream, which is moved out and left released.
    let reader = unsafe { RecordBatchStreamReader::from_raw(pointer.as_ptr().cast()) };
    let read = reader.and_then(Iterator::collect::<Result<Vec<RecordBatch>, _>>);
    read.map_err(|error| PyValueError::new_err(format!("the columns cannot be read: {error}")))
}

/// Takes the array of a pair of capsules.
pub(crate) fn array(
    schema: &Bound<'_, PyCapsule>,
    array: &Bound<'_, PyCapsule>,
) -> PyResult<ArrayRef> {
    let schema = schema.pointer_checked(Some(c"arrow_schema"))?;
    let array = array.pointer_checked(Some(c"arrow_array"))?;
    // SAFETY: the names of the capsules say what they point to; both are moved out and left released.
    let data = unsafe {
        let schema = FFI_ArrowSchema::from_raw(schema.as_ptr().cast());
        let array = FFI_ArrowArray::from_raw(array.as_ptr().cast());
        from_ffi(array, &schema)
    };
    let data =
        data.map_err(|error| PyTypeError::new_err(format!("an array cannot be read: {error}")))?;
    Ok(make_array(data))
}

/// Takes the rows of a pair of capsules.
pub(crate) fn batch(
    schema: &Bound<'_, PyCapsule>,
    array: &Bound<'_, PyCapsule>,
) -> PyResult<RecordBatch> {
    let array = self::array(schema, array)?;
    let rows = array.as_struct_opt().filter(|rows| rows.null_count() == 0);
    rows.map(RecordBatch::from).ok_or_else(|| {
        PyTypeError::new_err("an array that is no record batch: give a table, or rows")
    })
}
