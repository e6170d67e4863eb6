//! Posts by the column give what posts one by one give.

use std::sync::Arc;

use thalium_tables::arrow_array::{Int64Array, StringArray};

use super::*;
use crate::{Account, Post};

fn open() -> Thalium {
    let t = Thalium::open("memory:").unwrap();
    let accounts = [Account::asset("bank", "ZAR").into(), Account::liability("c1", "ZAR").into()];
    assert!(t.submit(&accounts).unwrap().iter().all(|outcome| outcome.ok));
    t
}

fn batch(rows: &[(String, &str, &str, i64)]) -> RecordBatch {
    let text = |of: fn(&(String, &str, &str, i64)) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(of)))
    };
    let units: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.3)));
    RecordBatch::try_from_iter([
        ("key", text(|row| row.0.clone())),
        ("from", text(|row| row.1.to_owned())),
        ("to", text(|row| row.2.to_owned())),
        ("units", units),
    ])
    .unwrap()
}

#[test]
fn columns_book_what_posts_book() {
    let rows: Vec<_> = (0..20_000_i64)
        .map(|row| match row % 3 {
            0 => (format!("k{row}"), "bank", "c1", row + 1),
            1 => (format!("k{row}"), "c1", "bank", row),
            // Refused: there is no such account.
            _ => (format!("k{row}"), "nobody", "bank", 1),
        })
        .collect();
    let (by_column, one_by_one) = (open(), open());
    let mut told = 0;
    let batches = [batch(&rows[..5]), batch(&rows[5..])];
    let outcomes = by_column.post_columns(&batches, None, |rows| told = rows).unwrap();
    assert_eq!(told, 20_000);
    let mut statuses = Vec::new();
    for rows in rows.chunks(1_000) {
        let posts: Vec<_> = rows
            .iter()
            .map(|(key, from, to, units)| {
                let (whole, cents) = (units / 100, units % 100);
                Post::new(key, *from, *to, format!("{whole}.{cents:02} ZAR")).into()
            })
            .collect();
        statuses.extend(one_by_one.submit(&posts).unwrap().into_iter().map(|told| told.status));
    }
    let by_name: Vec<_> = outcomes.statuses.iter().map(|status| status.name()).collect();
    assert!(by_name.iter().zip(&statuses).enumerate().all(|(row, (a, b))| a == b || {
        // The ledger of an account that is not there is not known by the column.
        row % 3 == 2 && b == "debit_account_not_found"
    }));
    let state = |t: &Thalium| t.account("c1").unwrap().unwrap().balances;
    assert_eq!(state(&by_column), state(&one_by_one));
    assert_eq!((outcomes.booked + outcomes.rejected, outcomes.replayed), (20_000, 0));
    // The same again books nothing.
    let again = by_column.post_columns(&batches, None, |_| {}).unwrap();
    assert_eq!((again.booked, again.replayed), (0, outcomes.booked));
    let table = again.batch().unwrap();
    assert_eq!((table.num_rows(), table.num_columns()), (20_000, 5));
}

#[test]
fn nothing_is_booked_of_columns_that_cannot_be_read() {
    let t = open();
    let good = batch(&[("a".to_owned(), "bank", "c1", 1)]);
    let bad = batch(&[("b".to_owned(), "bank", "c1", -1)]);
    let error = t.post_columns(&[good, bad], None, |_| {}).unwrap_err();
    assert!(matches!(error, ColumnsError::Columns(PostsError { row: Some(1), .. })), "{error}");
    assert!(t.transfer("a").unwrap().is_none());
    let none = t.post_columns(&[], None, |_| {}).unwrap();
    assert_eq!(none, PostOutcomes::default());
    let read = t.transfer_batches(&crate::TransferQuery::default()).unwrap();
    assert_eq!(read.iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
    let accounts = t.account_batches().unwrap();
    assert_eq!(accounts.iter().map(RecordBatch::num_rows).sum::<usize>(), 2);
}
