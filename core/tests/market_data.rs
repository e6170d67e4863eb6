//! Trades of a real market, as they stand in a file outside of the repository: what they come to, and what they take.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;
use rust_decimal::Decimal;
use thalium::money::Amount;
use thalium::rollup::{
    Aggregate, Bars, Calendar, Candle, Column, Hierarchy, Late, Missing, Ohlcv, Rolled, Rules,
    Series, Taker, Ticks, Trade, decode_chunk, encode_chunk,
};

/// A file of market data, where there is a folder of it.
fn file(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("THALIUM_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    Some(named.unwrap_or(beside).join(name)).filter(|file| file.is_file())
}

/// The trades: identifier, milliseconds, price, quantity, whether the seller took it.
fn trades() -> Option<Vec<Trade>> {
    let text = std::fs::read_to_string(file("btcusdt-trades.csv")?).ok()?;
    let trade = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        Trade {
            at: cells[1].parse::<i64>().unwrap() * 1_000_000,
            sequence: cells[0].parse().unwrap(),
            price: amount(cells[2], 8),
            quantity: amount(cells[3], 8),
            taker: Some(if cells[4] == "true" { Taker::Seller } else { Taker::Buyer }),
        }
    };
    Some(text.lines().skip(1).map(trade).collect())
}

/// With so many fraction digits. Some quantities are written with an exponent.
fn amount(text: &str, scale: u8) -> Amount {
    let number = Decimal::from_scientific(text).or_else(|_| text.parse()).unwrap();
    Amount::parse(&number.to_string(), scale).unwrap()
}

fn units(amount: Amount) -> i64 {
    amount.units().try_into().unwrap()
}

#[test]
fn real_trades_are_bars_of_every_level_and_take_a_few_bytes() {
    let Some(trades) = trades() else {
        println!("market data: no folder of trades (THALIUM_DATA names one): skipped");
        return;
    };
    // In order or not, one after another or in columns, they come to the same.
    let widths = ["1s", "1m", "1h"];
    let calendars: Vec<_> = widths.map(|width| Calendar::new(width.parse().unwrap())).into();
    let levels = Hierarchy::new(calendars.clone()).unwrap();
    let rules = Rules { levels, delay: 0, late: Late::Correct { horizon: i64::MAX } };
    let mut series: Series<Candle> = Series::new(Arc::new(rules));
    trades.iter().rev().for_each(|trade| {
        series.add(trade).unwrap();
    });
    let column = |of: fn(&Trade) -> i64| trades.iter().map(of).collect::<Vec<_>>();
    let (at, price) = (column(|trade| trade.at), column(|trade| units(trade.price)));
    let (quantity, symbol) = (column(|trade| units(trade.quantity)), vec![0; trades.len()]);
    for (level, calendar) in calendars.iter().enumerate() {
        let mut candles: BTreeMap<i64, Candle> = BTreeMap::new();
        for trade in &trades {
            let start = calendar.start(trade.at).unwrap();
            candles
                .entry(start)
                .and_modify(|candle| candle.add(trade).unwrap())
                .or_insert_with(|| Candle::of(trade));
        }
        let own = series.buckets(level, 0..i64::MAX);
        let own: BTreeMap<i64, Candle> =
            own.map(|bucket| (bucket.start, bucket.value.unwrap())).collect();
        assert_eq!(own, candles, "{}", widths[level]);
        let mut bars = Bars::new(calendar.clone(), 1, Missing::Refuse);
        bars.add(Ticks {
            at: &at,
            symbol: &symbol,
            price: &price,
            quantity: &quantity,
            valid: None,
        })
        .unwrap();
        for (bar, (start, candle)) in bars.finish().zip(&candles) {
            let prices = [candle.first(), candle.high(), candle.low(), candle.last()]
                .map(|quote| units(quote.price));
            assert_eq!((bar.start, [bar.open, bar.high, bar.low, bar.close]), (*start, prices));
            assert_eq!(&bar.volume, candle.volume());
        }
    }
    let columns = [
        Column::Ints(at),
        Column::Ints(column(|trade| trade.sequence.cast_signed())),
        Column::Ints(price),
        Column::Ints(quantity),
        Column::Ints(column(|trade| (trade.taker == Some(Taker::Seller)).into())),
    ];
    let bytes = encode_chunk(&columns).unwrap();
    assert_eq!(decode_chunk(&bytes).unwrap(), columns);
    println!("market data: {} trades in {} bytes", trades.len(), bytes.len());
    assert!(bytes.len() <= 8 * trades.len(), "a trade takes at most eight bytes");
}

/// A month of minutes, rolled up to hours and days, is what an independent program comes to.
#[test]
fn a_month_of_real_bars_is_what_the_model_makes_of_it() {
    let model = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz/model/klines.py");
    let Some(file) = file("btc-perp-1m-bars.csv.gz") else {
        println!("market data: no folder of bars (THALIUM_DATA names one): skipped");
        return;
    };
    let run = |program: &str| std::process::Command::new(program);
    let (Ok(text), Ok(expected)) = (
        run("gzip").arg("-dc").arg(&file).output(),
        run("python3").arg(&model).arg(&file).output(),
    ) else {
        println!("market data: gzip or python3 is not there: skipped");
        return;
    };
    assert!(expected.status.success(), "{}", String::from_utf8_lossy(&expected.stderr));
    let text = String::from_utf8(text.stdout).unwrap();
    let bar = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let at = NaiveDateTime::parse_from_str(cells[0], "%Y-%m-%d %H:%M:%S%.f").unwrap();
        let at = at.and_utc().timestamp_nanos_opt().unwrap();
        let [open, high, low, close, volume] = [1, 2, 3, 4, 5].map(|cell| amount(cells[cell], 18));
        Ohlcv::new((at, 0), [open, high, low, close], volume).unwrap()
    };
    let widths = ["1m", "1h", "1d"];
    let calendars = widths.map(|width| Calendar::new(width.parse().unwrap()));
    let levels = Hierarchy::new(calendars.to_vec()).unwrap();
    let rules = Rules { levels, delay: 0, late: Late::Correct { horizon: i64::MAX } };
    let mut series: Series<Rolled> = Series::new(Arc::new(rules));
    for line in text.lines().skip(1) {
        series.add(&bar(line)).unwrap();
    }
    let mut told = String::new();
    for (level, width) in widths.iter().enumerate().skip(1) {
        for bucket in series.buckets(level, i64::MIN..i64::MAX) {
            let own = bucket.value.unwrap();
            let [open, high, low, close] = own.prices().map(Amount::units);
            let (start, volume, bars) = (bucket.start, own.volume().units(), own.bars());
            told += &format!("{width},{start},{open},{high},{low},{close},{volume},{bars}\n");
        }
    }
    println!("market data: {} bars of hours and days", told.lines().count());
    assert!(told == String::from_utf8(expected.stdout).unwrap(), "hours or days differ");
}
