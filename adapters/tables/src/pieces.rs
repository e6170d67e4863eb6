//! Batches of rows in other pieces than they came in.

use arrow_array::{Array, RecordBatch};
use arrow_select::concat::concat;
use thalium::api::Invalid;

/// The rows of batches in pieces of so many, but for the last: a piece is copied if it is of several batches.
pub fn pieces(
    batches: &[RecordBatch],
    rows: usize,
) -> impl Iterator<Item = Result<RecordBatch, Invalid>> {
    let (mut place, mut from) = (0, 0);
    std::iter::from_fn(move || {
        let (mut parts, mut room) = (Vec::new(), rows.max(1));
        while room > 0
            && let Some(batch) = batches.get(place)
        {
            let taken = room.min(batch.num_rows() - from);
            parts.push(batch.slice(from, taken));
            (room, from) = (room - taken, from + taken);
            if from == batch.num_rows() {
                (place, from) = (place + 1, 0);
            }
        }
        match parts.as_slice() {
            [] => None,
            [one] => Some(Ok(one.clone())),
            [first, ..] => Some(joined(first, &parts)),
        }
    })
}

/// All rows of batches that have the columns of the first.
fn joined(first: &RecordBatch, batches: &[RecordBatch]) -> Result<RecordBatch, Invalid> {
    let wrong =
        |column: &str, message: String| Invalid { field: column.to_owned().into(), message };
    let mut columns = Vec::with_capacity(first.num_columns());
    for field in first.schema_ref().fields() {
        let name = field.name().as_str();
        let arrays = batches.iter().map(|batch| {
            let array = batch.column_by_name(name);
            array.filter(|_| batch.num_columns() == first.num_columns()).map(|array| array.as_ref())
        });
        let arrays: Option<Vec<&dyn Array>> = arrays.collect();
        let arrays = arrays.ok_or_else(|| {
            wrong(name, "is not beside the same columns in every batch".to_owned())
        })?;
        let array = concat(&arrays).map_err(|error| wrong(name, error.to_string()))?;
        columns.push((name, array));
    }
    let joined = RecordBatch::try_from_iter(columns);
    joined.map_err(|error| wrong("columns", error.to_string()))
}

#[cfg(test)]
#[path = "pieces_tests.rs"]
mod tests;
