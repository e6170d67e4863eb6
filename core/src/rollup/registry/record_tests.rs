//! Records as bytes.

use super::super::rows::Given;
use super::*;
use crate::rollup::market::{Fate, Taken};
use crate::rollup::{Ingested, Names, Numbers, Trades};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn trade(at: i64, price: u128) -> Trade {
    let (price, quantity) = (Amount::from_units(price), Amount::from_units(5));
    Trade { at, sequence: 7, price, quantity, taker: Some(Taker::Seller) }
}

/// Three trades, of which the second comes after its minute was closed.
fn trades(price: u128, goes_on: bool) -> Record {
    let (price, quantity) = ([price; 3], [5; 3]);
    let trades = Trades {
        at: &[0, 1_000, 2_000],
        sequence: Some(&[7; 3]),
        symbol: Names::Coded { codes: &[0, 1, 0], names: &["A-B", "C-D"] },
        price: Numbers::Units(&price),
        quantity: Numbers::Units(&quantity),
        taker: Some(&[2; 3]),
        valid: None,
    };
    let taken = Taken {
        ingested: Ingested::default(),
        fates: vec![Fate::Taken, Fate::Refused, Fate::Taken],
        symbol: vec![0, 1, 0],
        names: vec!["A-B".into(), "C-D".into()],
        first: 0,
    };
    let mut all = Vec::new();
    Given::new(&trades, &taken).split("klines", |rows, _, _| all.push(rows));
    Record::Trades { rollup: "klines".into(), rows: all.remove(0), goes_on }
}

fn all() -> Vec<Record> {
    let rollup = || Arc::from("klines");
    vec![
        Record::Dropped(rollup()),
        trades(3, true),
        trades(u128::MAX, false),
        Record::Corrected { rollup: rollup(), symbol: "A-B".to_owned(), trade: trade(9, 4) },
        Record::Removed { rollup: rollup(), symbol: "A-B".to_owned(), key: (-9, u64::MAX) },
        Record::Advanced { rollup: rollup(), now: 1_700_000_000_000_000_000 },
    ]
}

/// The bytes are a promise.
#[test]
fn records_have_these_bytes() {
    let told: Vec<_> = all().iter().map(|record| hex(&record.encode(3).unwrap())).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rollup/registry/records.golden");
    let golden = std::fs::read_to_string(path).unwrap();
    assert_eq!(told.join("\n"), golden.trim_end());
}

/// A record comes back as it was, at its place; cut short, changed in its head or of another place it is refused.
#[test]
fn a_record_comes_back() {
    for record in all() {
        let bytes = record.encode(3).unwrap();
        assert_eq!(Record::from_bytes(&bytes, 3), Ok(record.clone()));
        assert!(matches!(
            Record::from_bytes(&bytes, 4),
            Err(RecordError::Number { number: 3, expected: 4 })
        ));
        for cut in 0..bytes.len() {
            assert!(Record::from_bytes(&bytes[..cut], 3).is_err(), "{record:?} cut at {cut}");
        }
        for byte in [0, 5, 6, 7, 8, 16, 31] {
            let mut other = bytes.clone();
            other[byte] ^= 0x80;
            assert!(Record::from_bytes(&other, 3).is_err(), "{record:?} changed at {byte}");
        }
    }
}

/// Trades come back with what they are, and whether they were taken.
#[test]
fn rows_are_trades() {
    let Record::Trades { rows, .. } = trades(3, false) else { unreachable!() };
    let told: Vec<_> =
        rows.iter().map(|(symbol, trade, taken)| (symbol.to_owned(), trade.at, taken)).collect();
    let row = |symbol: &str, at, taken| (symbol.to_owned(), at, taken);
    assert_eq!(told, [row("A-B", 0, true), row("C-D", 1_000, false), row("A-B", 2_000, true)]);
}
