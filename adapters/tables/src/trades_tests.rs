//! Columns of trades: what is read, what is not copied, and what is refused with its column and row.

use std::sync::Arc;

use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int32Type, Int64Type, TimestampNanosecondType, UInt64Type,
};
use arrow_array::{
    Decimal128Array, DictionaryArray, Float64Array, Int32Array, Int64Array, LargeStringArray,
    NullArray, StringArray, StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
};
use thalium::rollup::RowFault;

use super::*;

const NOON: i64 = 1_768_478_400 * thalium::time::SECOND;

/// Digits of prices and of quantities.
const SCALES: (u8, u8) = (2, 4);

type Columns = Vec<(&'static str, ArrayRef)>;

/// A trade as text would have it: symbol, instant, id, price, quantity, taker.
type Row = (String, i64, Option<u64>, i128, i128, u8);

fn decimals(values: Vec<Option<i128>>, scale: i8) -> ArrayRef {
    Arc::new(Decimal128Array::from(values).with_precision_and_scale(38, scale).unwrap())
}

fn texts_of(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn dictionary<K: ArrowDictionaryKeyType>(names: [&str; 3]) -> ArrayRef {
    Arc::new(names.into_iter().collect::<DictionaryArray<K>>())
}

fn plain() -> Columns {
    vec![
        ("symbol", texts_of(&["BTC-ZAR", "ETH-ZAR", "BTC-ZAR"])),
        ("at", Arc::new(TimestampNanosecondArray::from(vec![NOON, NOON + 1, NOON + 2]))),
        ("price", decimals(vec![Some(10_050), Some(700), Some(0)], 2)),
        ("quantity", decimals(vec![Some(5_000), Some(10_000), Some(200)], 4)),
    ]
}

fn with(name: &'static str, array: ArrayRef) -> Columns {
    let mut columns = plain();
    let other = name.strip_suffix("_units").unwrap_or(name);
    columns.retain(|(own, _)| *own != other);
    columns.push((name, array));
    columns
}

/// A row that is missing: which, the column at fault, and why.
type Fault = (usize, String, String);

/// The trades of columns, and what is wrong with those that are missing.
fn read(columns: Columns) -> Result<(Vec<Row>, Vec<Fault>), Invalid> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let columns = TradeColumns::read(&batch, SCALES.0, SCALES.1)?;
    let trades = columns.trades();
    let units = |numbers: &Numbers<'_>, row: usize| match numbers {
        Numbers::Ints(rows) => i128::from(rows[row]),
        Numbers::Wide(rows) => rows[row],
        Numbers::Units(_) => panic!("nothing is read so"),
    };
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for row in 0..trades.at.len() {
        if trades.valid.is_some_and(|valid| valid[row / 8] >> (row % 8) & 1 == 0) {
            let why = RowFault::Missing;
            let Invalid { field, message } = columns.fault(&RowError { row, column: "valid", why });
            faults.push((row, field.into_owned(), message));
            continue;
        }
        let symbol = match trades.symbol {
            Names::Coded { codes, names } => names[usize::try_from(codes[row]).unwrap()],
            Names::Texts { offsets, bytes } => {
                let place = |row: usize| usize::try_from(offsets[row]).unwrap();
                std::str::from_utf8(&bytes[place(row)..place(row + 1)]).unwrap()
            }
        };
        rows.push((
            symbol.to_owned(),
            trades.at[row],
            trades.sequence.map(|ids| ids[row]),
            units(&trades.price, row),
            units(&trades.quantity, row),
            trades.taker.map_or(0, |taker| taker[row]),
        ));
    }
    Ok((rows, faults))
}

fn rows(columns: Columns) -> Vec<Row> {
    let (rows, faults) = read(columns).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    rows
}

/// What is wrong with a column: a word of the message.
fn refused(columns: Columns, column: &str, word: &str) {
    let error = read(columns).unwrap_err();
    assert_eq!(error.field, column, "{error}");
    assert!(error.message.contains(word), "{error}");
}

/// What is wrong with cells: the rows, and a word of the messages.
fn missing(columns: Columns, column: &str, wrong: &[usize], word: &str) {
    let (rows, faults) = read(columns).unwrap();
    assert_eq!(faults.iter().map(|(row, ..)| *row).collect::<Vec<_>>(), wrong);
    assert_eq!(rows.len(), 3 - wrong.len());
    for (_, field, message) in faults {
        assert_eq!(field, column);
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn what_has_the_form_of_a_rollup_is_not_copied() {
    let batch = RecordBatch::try_from_iter(plain()).unwrap();
    let columns = TradeColumns::read(&batch, SCALES.0, SCALES.1).unwrap();
    let trades = columns.trades();
    let own = |name: &str| batch.column_by_name(name).unwrap();
    let at = own("at").as_primitive::<TimestampNanosecondType>().values();
    assert_eq!(trades.at.as_ptr(), at.as_ptr());
    let price = own("price").as_primitive::<Decimal128Type>().values();
    assert!(matches!(trades.price, Numbers::Wide(rows) if rows.as_ptr() == price.as_ptr()));
    let bytes = own("symbol").as_string::<i32>().value_data();
    let is_same = |names: &[u8]| names.as_ptr() == bytes.as_ptr();
    assert!(matches!(trades.symbol, Names::Texts { bytes, .. } if is_same(bytes)));
    assert!(trades.valid.is_none() && trades.taker.is_none() && trades.sequence.is_none());
}

#[test]
fn every_form_comes_to_the_same() {
    let expected = rows(plain());
    assert_eq!(expected[0], ("BTC-ZAR".to_owned(), NOON, None, 10_050, 5_000, 0));
    let names = ["BTC-ZAR", "ETH-ZAR", "BTC-ZAR"];
    let forms: [(&'static str, ArrayRef); 14] = [
        ("symbol", Arc::new(LargeStringArray::from(names.to_vec()))),
        ("symbol", Arc::new(StringViewArray::from(names.to_vec()))),
        ("symbol", dictionary::<Int8Type>(names)),
        ("symbol", dictionary::<Int32Type>(names)),
        ("symbol", dictionary::<UInt64Type>(names)),
        ("at", Arc::new(Int64Array::from(vec![NOON, NOON + 1, NOON + 2]))),
        ("price", decimals(vec![Some(1_005), Some(70), Some(0)], 1)),
        ("price", decimals(vec![Some(1_005_000), Some(70_000), Some(0)], 4)),
        ("price", texts_of(&["100.5", "7.000", "0"])),
        ("price", Arc::new(StringViewArray::from(vec!["100.50", "07", "0.0"]))),
        ("price_units", Arc::new(Int64Array::from(vec![10_050, 700, 0]))),
        ("price_units", Arc::new(UInt64Array::from(vec![10_050, 700, 0]))),
        ("quantity", decimals(vec![Some(50), Some(100), Some(2)], 2)),
        ("quantity_units", Arc::new(Int64Array::from(vec![5_000, 10_000, 200]))),
    ];
    for (name, array) in forms {
        let kind = array.data_type().clone();
        assert_eq!(rows(with(name, array)), expected, "{name} as {kind}");
    }
    let batch = RecordBatch::try_from_iter(with("symbol", dictionary::<Int32Type>(names))).unwrap();
    let part = batch.slice(1, 2);
    let columns = TradeColumns::read(&part, SCALES.0, SCALES.1).unwrap();
    assert_eq!(columns.trades().at, [NOON + 1, NOON + 2]);
}

#[test]
fn instants_are_of_any_unit_and_zone() {
    let second = NOON / thalium::time::SECOND;
    let forms: [ArrayRef; 5] = [
        Arc::new(TimestampSecondArray::from(vec![second; 3])),
        Arc::new(TimestampSecondArray::from(vec![second; 3]).with_timezone("Africa/Johannesburg")),
        Arc::new(TimestampMillisecondArray::from(vec![second * 1_000; 3]).with_timezone("UTC")),
        Arc::new(TimestampMicrosecondArray::from(vec![second * 1_000_000; 3])),
        Arc::new(TimestampNanosecondArray::from(vec![NOON; 3]).with_timezone("+02:00")),
    ];
    for array in forms {
        assert!(rows(with("at", array)).iter().all(|row| row.1 == NOON));
    }
    let late = TimestampSecondArray::from(vec![Some(second), Some(i64::MAX), None]);
    let (_, faults) = read(with("at", Arc::new(late))).unwrap();
    assert_eq!(faults[0], (1, "at".to_owned(), "is no instant from 1970 to 2262".to_owned()));
    assert!(faults[1].2.contains("is missing"), "{faults:?}");
    missing(with("at", Arc::new(Int64Array::from(vec![0, NOON, -1]))), "at", &[0, 2], "1970");
    refused(with("at", texts_of(&["2026-01-15"; 3])), "at", "Utf8");
}

#[test]
fn ids_and_takers_are_there_or_not() {
    let mut columns = plain();
    let dictionary: DictionaryArray<Int64Type> =
        [Some("seller"), None, Some("buyer")].into_iter().collect();
    columns.push(("taker", Arc::new(dictionary)));
    columns.push(("id", Arc::new(Int64Array::from(vec![7, i64::MAX, 0]))));
    let found: Vec<_> = rows(columns).into_iter().map(|row| (row.2, row.5)).collect();
    assert_eq!(found, [(Some(7), 2), (Some((1 << 63) - 1), 0), (Some(0), 1)]);
    let nothing = rows(with("taker", Arc::new(NullArray::new(3))));
    assert!(nothing.iter().all(|row| row.5 == 0));
    let takers = texts_of(&["buyer", "Buyer", ""]);
    missing(with("taker", takers), "taker", &[1, 2], "neither `buyer` nor `seller`");
    let ids = UInt64Array::from(vec![1 << 63, 5, u64::MAX]);
    missing(with("id", Arc::new(ids)), "id", &[0, 2], "below 2^63");
    missing(with("id", Arc::new(Int64Array::from(vec![-1, 5, 6]))), "id", &[0], "below 2^63");
    let some = Int64Array::from(vec![Some(1), None, Some(2)]);
    missing(with("id", Arc::new(some)), "id", &[1], "missing");
    refused(with("id", texts_of(&["1", "2", "3"])), "id", "Utf8");
}

#[test]
fn what_cannot_be_read_is_told_with_its_row() {
    let some = |first: i128| vec![Some(first), None, Some(1_000)];
    let (found, faults) = read(with("price", decimals(some(12_345), 3))).unwrap();
    assert_eq!((found.len(), found[0].3), (1, 100));
    let told: Vec<_> = faults.iter().map(|(row, _, message)| (*row, message.as_str())).collect();
    assert_eq!(
        told,
        [
            (0, "has more than 2 digits behind the point"),
            (1, "is missing: leave the row out, or fill it in")
        ]
    );
    let large = decimals(vec![Some(10_i128.pow(38) - 1), Some(-5), Some(0)], 0);
    let (found, faults) = read(with("price", large)).unwrap();
    assert_eq!((faults.len(), faults[0].2.as_str()), (1, "is too large"));
    // What is below zero is the rollup's to refuse.
    assert_eq!(found[0].3, -500);
    let far = decimals(vec![Some(0), Some(1), Some(-1)], -38);
    missing(with("price", far), "price", &[1, 2], "too large");
    missing(with("price", texts_of(&["1.005", "1e3", "-1"])), "price", &[0, 1, 2], "amount");
    let nines = "9".repeat(38);
    missing(with("price", texts_of(&[nines.as_str(), "1", "2"])), "price", &[0], "too large");
    let some = StringArray::from(vec![None, Some("A-B"), None]);
    missing(with("symbol", Arc::new(some)), "symbol", &[0, 2], "missing");
    // The first column at fault is told of a row.
    let mut columns = with("price", decimals(vec![None, Some(1), Some(1)], 2));
    columns.retain(|(name, _)| *name != "at");
    columns.push(("at", Arc::new(Int64Array::from(vec![-1, NOON, NOON]))));
    missing(columns, "at", &[0], "1970");
}

#[test]
fn columns_that_are_none_of_trades_are_refused() {
    let floats = || Arc::new(Float64Array::from(vec![1.5; 3])) as ArrayRef;
    let ints = || Arc::new(Int64Array::from(vec![1; 3])) as ArrayRef;
    refused(with("price", floats()), "price", "cast it to decimal128(38, 2)");
    refused(with("quantity", floats()), "quantity", "cast it to decimal128(38, 4)");
    refused(with("price", ints()), "price", "`price_units`");
    refused(with("price_units", floats()), "price_units", "Float64");
    refused(with("symbol", ints()), "symbol", "Int64");
    refused(with("taker", ints()), "taker", "Int64");
    refused(with("amount", ints()), "amount", "there are at, symbol, price");
    let numbers = DictionaryArray::<Int32Type>::new(Int32Array::from(vec![0; 3]), ints());
    refused(with("symbol", Arc::new(numbers)), "symbol", "Dictionary");
    let mut both = plain();
    both.push(("price_units", ints()));
    refused(both, "price_units", "beside `price`");
    let mut twice = plain();
    twice.push(("symbol", texts_of(&["a", "b", "c"])));
    refused(twice, "symbol", "twice");
    for name in ["symbol", "at", "price", "quantity"] {
        let mut without = plain();
        without.retain(|(own, _)| *own != name);
        refused(without, name, "missing");
    }
}

#[test]
fn the_first_thousand_rows_are_told_and_all_are_missing() {
    let rows = 5_000;
    let columns: [(&str, ArrayRef); 4] = [
        ("symbol", Arc::new(StringArray::from_iter_values(vec!["A-B"; rows]))),
        ("at", Arc::new(Int64Array::from(vec![NOON; rows]))),
        ("price", decimals((0..rows).map(|row| (row >= 2_000).then_some(1)).collect(), 2)),
        ("quantity", decimals((0..rows).map(|row| (row % 2 == 1).then_some(1)).collect(), 4)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let columns = TradeColumns::read(&batch, 2, 4).unwrap();
    let told = &columns.faults.told;
    assert_eq!((told.len(), told.last_key_value().unwrap().0), (1_000, &999));
    assert!(told.values().all(|fault| fault.field == "price"));
    let valid = columns.trades().valid.unwrap();
    let count: u32 = valid.iter().map(|bits| bits.count_ones()).sum();
    assert_eq!(count, 1_500);
}
