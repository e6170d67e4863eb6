//! Columns of posts: what is read, and what is refused with its column and row.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Date32Array, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int64Array,
    RecordBatch, StringArray, UInt64Array,
};
use thalium::{Engine, Genesis, Request};

use super::*;

const NOW: i64 = 1_767_225_600 * thalium::time::SECOND;

fn books() -> Engine {
    let mut engine = Engine::new(Genesis::default());
    let accounts = serde_json::json!([
        { "op": "asset", "code": "BTC", "scale": 8 },
        { "op": "account", "key": "bank", "asset": "ZAR", "kind": "asset" },
        { "op": "account", "key": "c1", "asset": "ZAR", "kind": "liability" },
        { "op": "account", "id": "7", "asset": "BTC" },
        { "op": "account", "id": "8", "asset": "BTC" },
    ]);
    let accounts: Vec<api::Command> = serde_json::from_value(accounts).unwrap();
    let commands = api::resolve(&engine, &accounts).commands;
    engine.execute(&Request { now: NOW, commands, ..Request::default() }).unwrap();
    engine
}

fn texts(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn posts(columns: Vec<(&str, ArrayRef)>, asset: Option<&str>) -> Result<Vec<Transfer>, PostsError> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut posts = PostColumns::read(&batch, 0, asset)?.resolve(books().book())?;
    let transfers = posts.commands().map(|command| match command {
        Command::Transfer(transfer) => transfer,
        other => panic!("{other:?}"),
    });
    Ok(transfers.collect())
}

/// What is wrong: the column, the row, and a word of the message.
fn refused(columns: Vec<(&str, ArrayRef)>, column: &str, row: Option<u64>, word: &str) {
    let error = posts(columns, None).unwrap_err();
    assert_eq!((error.column.as_str(), error.row), (column, row), "{error}");
    assert!(error.to_string().contains(word), "{error}");
}

fn plain() -> Vec<(&'static str, ArrayRef)> {
    vec![
        ("key", texts(&["a", "b"])),
        ("from", texts(&["bank", "bank"])),
        ("to", texts(&["c1", "c1"])),
        ("amount", texts(&["1.50", "2"])),
    ]
}

fn with(name: &'static str, array: ArrayRef) -> Vec<(&'static str, ArrayRef)> {
    let mut columns = plain();
    columns.retain(|(other, _)| *other != name && (name != "units" || *other != "amount"));
    columns.push((name, array));
    columns
}

#[test]
fn text_is_read_as_the_facade_reads_it() {
    let found = posts(plain(), None).unwrap();
    assert_eq!(found.iter().map(|post| post.amount).collect::<Vec<_>>(), [150, 200]);
    assert_eq!(found[0].id, Id::from_key("transfer", "a"));
    assert_eq!(found[1].debit_account_id, Id::from_key("account", "bank"));
    assert_eq!((found[0].ledger, found[0].code), (710, 1));
    assert_eq!(found[0].detail.as_ref().unwrap().key, "a");
}

#[test]
fn ids_and_numbers_are_read_in_every_form() {
    let ids: [u128; 2] = [u128::MAX - 1, 1 << 100];
    let bytes = ids.iter().map(|id| id.to_be_bytes());
    let binary: ArrayRef = Arc::new(FixedSizeBinaryArray::try_from_iter(bytes).unwrap());
    let dictionary: DictionaryArray<Int32Type> = ["c1", "c1"].into_iter().collect();
    let numbers: ArrayRef = Arc::new(UInt64Array::from(vec![7, 8]));
    let signed: ArrayRef = Arc::new(Int64Array::from(vec![8, 7]));
    let dates: ArrayRef = Arc::new(Date32Array::from(vec![Some(20_000), None]));
    let columns = vec![
        ("id", binary),
        ("from", numbers),
        ("to", signed),
        ("units", Arc::new(Int64Array::from(vec![i64::MAX, 0])) as ArrayRef),
        ("effective_date", dates),
        ("code", Arc::new(UInt64Array::from(vec![3, 65_535])) as ArrayRef),
    ];
    let found = posts(columns, Some("BTC")).unwrap();
    assert_eq!(found.iter().map(|post| post.id.0).collect::<Vec<_>>(), ids);
    assert_eq!((found[0].debit_account_id, found[0].credit_account_id), (Id(7), Id(8)));
    assert_eq!((found[0].amount, found[1].code, found[0].ledger), ((1 << 63) - 1, 65_535, 1_000));
    assert_eq!(found[0].effective_date, EffectiveDate::days(20_000));
    assert_eq!(found[1].effective_date, EffectiveDate::NONE);
    let found = posts(with("to", Arc::new(dictionary)), None).unwrap();
    assert_eq!(found[1].credit_account_id, Id::from_key("account", "c1"));
    let decimals = Decimal128Array::from(vec![150, 1]).with_precision_and_scale(38, 2).unwrap();
    let found = posts(with("amount", Arc::new(decimals)), None).unwrap();
    assert_eq!(found.iter().map(|post| post.amount).collect::<Vec<_>>(), [150, 1]);
}

#[test]
fn what_makes_no_sense_is_told_with_its_column_and_row() {
    let numbers = |values: Vec<i64>| Arc::new(Int64Array::from(values)) as ArrayRef;
    refused(with("units", numbers(vec![1, -1])), "units", Some(1), "negative");
    refused(with("amount", texts(&["1.50", "1.505"])), "amount", Some(1), "");
    refused(with("amount", texts(&["-1.50", "1"])), "amount", Some(0), "");
    let floats = Arc::new(Float64Array::from(vec![1.5, 2.0]));
    refused(with("amount", floats.clone()), "amount", None, "float");
    refused(with("units", floats), "units", None, "Float64");
    let decimals = Decimal128Array::from(vec![1_505, 1]).with_precision_and_scale(38, 3).unwrap();
    refused(with("amount", Arc::new(decimals)), "amount", Some(0), "");
    refused(with("amonut", texts(&["1", "2"])), "amonut", None, "amount");
    refused(
        with("units", Arc::new(Int64Array::from(vec![Some(1), None]))),
        "units",
        Some(1),
        "empty",
    );
    refused(with("asset", texts(&["ZAR", "XXL"])), "asset", None, "XXL");
    refused(with("asset", texts(&["ZAR", "zar"])), "asset", None, "zar");
    refused(with("code", numbers(vec![1, 65_536])), "code", Some(1), "65,535");
    refused(with("key", texts(&["a", ""])), "key", Some(1), "missing");
    refused(with("key", texts(&["a", "12"])), "key", Some(1), "id");
    refused(with("id", texts(&["1", "twelve"])), "id", Some(1), "UUID");
    refused(with("from", texts(&["bank", ""])), "from", Some(1), "missing");
    refused(with("effective_date", texts(&["2026-01-01", "x"])), "effective_date", None, "date");
    let mut both = plain();
    both.push(("units", numbers(vec![1, 2])));
    refused(both, "amount", None, "units");
    for name in ["key", "from", "to"] {
        let mut without = plain();
        without.retain(|(other, _)| *other != name);
        refused(without, name, None, "missing");
    }
    let error = posts(with("asset", texts(&["ZAR", "ZAR"])), Some("ZAR")).unwrap_err();
    assert_eq!(error.column, "asset");
    // An account that is not there is the ledger's to refuse, unless its asset has to be known.
    refused(with("from", texts(&["bank", "nobody"])), "asset", Some(1), "not known");
    let mut columns = with("units", numbers(vec![1, 2]));
    columns.retain(|(name, _)| *name != "from");
    columns.push(("from", texts(&["bank", "nobody"])));
    assert_eq!(posts(columns, None).unwrap()[1].ledger, 0);
}
