//! Batches are cut and joined, and no row is lost.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type};
use arrow_array::{ArrayRef, DictionaryArray, Int64Array, StringArray};

use super::*;

fn batch(rows: std::ops::Range<i64>) -> RecordBatch {
    let names: DictionaryArray<UInt8Type> =
        rows.clone().map(|row| if row % 3 == 0 { "a" } else { "b" }).collect();
    let columns: [(&str, ArrayRef); 2] =
        [("row", Arc::new(Int64Array::from_iter_values(rows))), ("name", Arc::new(names))];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn rows(batch: &RecordBatch) -> Vec<i64> {
    let names = batch.column_by_name("name").unwrap().as_dictionary::<UInt8Type>();
    let names = names.downcast_dict::<StringArray>().unwrap();
    let rows = batch.column_by_name("row").unwrap().as_primitive::<Int64Type>().values();
    for (row, name) in rows.iter().zip(names) {
        assert_eq!(name, Some(if row % 3 == 0 { "a" } else { "b" }));
    }
    rows.to_vec()
}

#[test]
fn rows_come_in_their_order_however_they_are_cut() {
    let batches = [batch(0..5), batch(5..5), batch(5..6), batch(6..30)];
    for size in [1, 4, 5, 7, 29, 30, 31] {
        let found: Vec<Vec<i64>> =
            pieces(&batches, size).map(|piece| rows(&piece.unwrap())).collect();
        assert!(found.iter().rev().skip(1).all(|piece| piece.len() == size), "{size}");
        assert!(found.concat().into_iter().eq(0..30), "{size}");
    }
    assert_eq!(pieces(&[], 5).count(), 0);
    // Its columns are looked at, also where it has no rows.
    assert_eq!(pieces(&[batch(0..0)], 5).count(), 1);
}

#[test]
fn batches_that_do_not_belong_together_are_told() {
    let row = || Arc::new(Int64Array::from(vec![1])) as ArrayRef;
    let name = || Arc::new(StringArray::from(vec!["a"])) as ArrayRef;
    for (second, column) in [
        (RecordBatch::try_from_iter([("row", row())]).unwrap(), "row"),
        (batch(0..1).project(&[1]).unwrap(), "row"),
        (RecordBatch::try_from_iter([("name", name()), ("row", row())]).unwrap(), "name"),
    ] {
        let error = pieces(&[batch(0..2), second], 5).next().unwrap().unwrap_err();
        assert_eq!(error.field, column, "{error}");
    }
}
