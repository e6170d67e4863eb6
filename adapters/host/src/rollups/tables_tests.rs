//! A table of trades comes to what its rows come to, and what is wrong is told with its row.

use std::sync::Arc;

use thalium::api::rollup::{BadRowsView, DefineRollup, IngestTrades, KlineQuery, TradeRow};
use thalium_tables::arrow_array::{
    ArrayRef, Decimal128Array, Int64Array, StringArray, TimestampMicrosecondArray, UInt64Array,
};

use super::*;

const SECOND: i64 = 1_000_000_000;
const NOON: i64 = 1_768_478_400 * SECOND;
const LATER: i64 = NOON + 100_000 * SECOND;
const SYMBOLS: [&str; 2] = ["BTC-ZAR", "ETH-ZAR"];

fn open() -> Thalium {
    let t = Thalium::open("memory:").unwrap();
    t.define_rollup(&DefineRollup {
        name: "klines".to_owned(),
        levels: Some(vec!["1m".to_owned(), "1h".to_owned()]),
        price_scale: Some(2),
        ..DefineRollup::default()
    })
    .unwrap();
    t
}

fn symbol(row: i64) -> &'static str {
    SYMBOLS[usize::try_from(row % 2).unwrap()]
}

fn price(row: i64) -> i64 {
    10_000 + row % 700
}

fn text(row: i64) -> TradeRow {
    let price = price(row);
    TradeRow {
        symbol: Some(symbol(row).to_owned()),
        at: Some((NOON + row * SECOND).to_string()),
        id: Some(row.to_string()),
        price: Some(format!("{}.{:02}", price / 100, price % 100)),
        quantity: Some("0.5".to_owned()),
        taker: (row % 3 == 0).then(|| "buyer".to_owned()),
    }
}

/// Some rows, with another price for one of them.
fn batch(rows: std::ops::Range<i64>, wrong: Option<(i64, i64)>) -> RecordBatch {
    let of = |row: i64| match wrong {
        Some((own, price)) if own == row => i128::from(price),
        _ => i128::from(price(row)) * 10,
    };
    let at = rows.clone().map(|row| (NOON + row * SECOND) / 1_000);
    let takers = rows.clone().map(|row| (row % 3 == 0).then_some("buyer"));
    let decimals = |decimals: Vec<i128>, scale| -> ArrayRef {
        let decimals = Decimal128Array::from(decimals);
        Arc::new(decimals.with_precision_and_scale(38, scale).unwrap())
    };
    let columns: [(&str, ArrayRef); 6] = [
        ("at", Arc::new(TimestampMicrosecondArray::from_iter_values(at))),
        ("symbol", Arc::new(StringArray::from_iter_values(rows.clone().map(symbol)))),
        ("id", Arc::new(UInt64Array::from_iter_values(rows.clone().map(i64::cast_unsigned)))),
        ("price", decimals(rows.clone().map(of).collect(), 3)),
        ("quantity", decimals(rows.clone().map(|_| 5).collect(), 1)),
        ("taker", Arc::new(takers.collect::<StringArray>())),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

/// All candles, as text.
fn candles(t: &Thalium) -> String {
    let mut told = String::new();
    for (symbol, width) in SYMBOLS.iter().flat_map(|symbol| [(symbol, "1m"), (symbol, "1h")]) {
        let query = KlineQuery {
            rollup: "klines".to_owned(),
            symbol: (*symbol).to_owned(),
            width: width.to_owned(),
            limit: Some(10_000),
            ..KlineQuery::default()
        };
        told += &format!("{:?}", t.klines(&query).unwrap());
    }
    told
}

#[test]
fn a_table_comes_to_what_its_rows_come_to() {
    let (by_row, by_table, in_pieces) = (open(), open(), open());
    let trades = (0..3_000).map(text).collect();
    let call = IngestTrades { rollup: "klines".to_owned(), trades, ..IngestTrades::default() };
    let expected = by_row.ingest_trades_at(LATER, &call).unwrap();
    assert_eq!(expected.taken, 3_000);
    let batches = [batch(0..7, None), batch(7..7, None), batch(7..3_000, None)];
    let given = by_table.ingest_batches_at(LATER, "klines", &batches, BadRows::Refuse).unwrap();
    let cut = pieces(&batches, 11);
    let cut = in_pieces.ingest_pieces(LATER, "klines", cut, BadRows::Refuse).unwrap();
    assert_eq!((&given, &cut), (&expected, &expected));
    assert_eq!(candles(&by_table), candles(&by_row));
    assert_eq!(candles(&in_pieces), candles(&by_row));
    let again = by_row.ingest_batches_at(LATER, "klines", &batches, BadRows::Refuse).unwrap();
    assert_eq!((again.taken, again.again), (0, 3_000));
}

#[test]
fn a_row_at_fault_is_told_with_its_number_in_the_table() {
    // More digits than the rollup has; below zero.
    let batches = [batch(0..50, Some((42, 100_001))), batch(50..100, Some((99, -10)))];
    let t = open();
    let refused = t.ingest_batches_at(LATER, "klines", &batches, BadRows::Refuse).unwrap_err();
    let message = "trades[42].price: has more than 2 digits behind the point";
    assert_eq!(refused.to_string(), message);
    assert_eq!(t.list_rollups().unwrap()[0].trades, 0);

    let told = t.ingest_batches_at(LATER, "klines", &batches, BadRows::Keep).unwrap();
    assert_eq!((told.taken, told.again, told.refused), (98, 0, 2));
    let faults: Vec<_> = told.faults.iter().map(|fault| (fault.row, &*fault.field)).collect();
    assert_eq!(faults, [(42, "price"), (99, "price")]);
    assert_eq!(told.faults[1].message, "is below zero");

    let t = open();
    let refused = t.ingest_pieces(LATER, "klines", pieces(&batches, 20), BadRows::Refuse);
    assert_eq!(
        refused.unwrap_err().to_string(),
        format!("{message}; the rows before row 40 are in already")
    );
    assert_eq!(t.list_rollups().unwrap()[0].trades, 40);
    let told = t.ingest_pieces(LATER, "klines", pieces(&batches, 20), BadRows::Keep).unwrap();
    assert_eq!((told.taken, told.again, told.refused), (58, 40, 2));
    assert_eq!(told.faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [42, 99]);
    // What the rollup itself does not take: it is ahead of the clock.
    let early = t.ingest_batches_at(NOON, "klines", &[batch(0..100, None)], BadRows::Refuse);
    assert!(early.unwrap_err().to_string().starts_with("trades[61].at: is later than"));
}

#[test]
fn tables_that_make_no_sense_are_refused() {
    let t = open();
    let none =
        RecordBatch::try_from_iter([("at", Arc::new(Int64Array::from(vec![NOON])) as ArrayRef)])
            .unwrap();
    let field = |rollup: &str, batches: &[RecordBatch]| match t.ingest_batches(
        rollup,
        batches,
        BadRowsView::Keep.into(),
    ) {
        Err(Error::Invalid(fault)) => fault.field.into_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(field("none", &[]), "rollup");
    assert_eq!(field("none", std::slice::from_ref(&none)), "rollup");
    assert_eq!(field("klines", std::slice::from_ref(&none)), "symbol");
    let told = t.ingest_batches("klines", &[batch(0..0, None)], BadRows::Refuse).unwrap();
    assert_eq!(told, IngestReport::default());
    assert_eq!(t.ingest_batches("klines", &[], BadRows::Refuse).unwrap(), told);
    t.define_rollup(&DefineRollup {
        name: "made".to_owned(),
        of: Some("klines".to_owned()),
        ..DefineRollup::default()
    })
    .unwrap();
    assert_eq!(field("made", &[batch(0..1, None)]), "rollup");
}
