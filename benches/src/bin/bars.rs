//! Trades into exact one-minute bars, beside one pass over the same columns, and beside a flat array of bars.
//!
//! The trades of 500 symbols, of which few make most, stand within five minutes of their order; one in a hundred comes up to an hour
//! late. The bars of the first two million are compared with those of a plain map of candles.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use clap::Parser;
use thalium::money::Amount;
use thalium::rollup::{Aggregate, Bar, Bars, Calendar, Candle, Missing, Trade};
use thalium_benches::trades::{Columns, SYMBOLS};
use thalium_benches::{Figure, millions, print, timed};

const SECOND: i64 = 1_000_000_000;

/// Trades into one-minute bars
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Trades, in millions, made in a day
    #[arg(long, default_value_t = 50)]
    millions: usize,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let count = arguments.millions * 1_000_000;
    let columns = Columns::made(count);
    let rows = |from, to| columns.rows(from, to).ok_or("rows that are not there");
    let minutes = Calendar::new("1m".parse()?);
    let berlin = minutes.clone().in_zone("Europe/Berlin".parse()?);

    let (sum, pass) = timed(|| {
        let products = columns.price.iter().zip(&columns.quantity);
        let turnover = products.fold(0_u128, |sum, (price, quantity)| {
            sum.wrapping_add(u128::from(price.unsigned_abs()) * u128::from(quantity.unsigned_abs()))
        });
        let last = columns.at.iter().max().copied();
        (turnover, last, columns.symbol.iter().max().copied())
    });
    black_box(sum);
    let (dense, dense_time) = timed(|| dense(&columns));
    black_box(dense);
    let made = |calendar: &Calendar| -> Result<(Vec<Bar>, Duration)> {
        let (bars, time) = timed(|| -> Result<Vec<Bar>> {
            let mut bars = Bars::new(calendar.clone(), SYMBOLS, Missing::Skip);
            bars.add(rows(0, count)?)?;
            Ok(bars.finish().collect())
        });
        Ok((bars?, time))
    };
    let (bars, utc) = made(&minutes)?;
    let (of_zone, zone) = made(&berlin)?;
    let (_, again) = made(&minutes)?;
    assert_eq!(bars, of_zone, "offsets of Berlin are whole hours");

    let half = count / 2;
    let clock = Instant::now();
    let joined = std::thread::scope(|scope| -> Result<Vec<Bar>> {
        let late = rows(half, count)?;
        let mut bars = Bars::new(minutes.clone(), SYMBOLS, Missing::Skip);
        let second = scope.spawn(move || bars.add(late).map(|()| bars));
        let mut bars = Bars::new(minutes.clone(), SYMBOLS, Missing::Skip);
        bars.add(rows(0, half)?)?;
        bars.join(second.join().map_err(|_| "a thread has ended early")??)?;
        Ok(bars.finish().collect())
    })?;
    let two = clock.elapsed();
    assert_eq!(joined, bars);
    check(&columns, count.min(2_000_000))?;

    let utc = utc.min(again);
    let times = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
    print(
        &[
            Figure::limit("one pass over the columns", rate(count, pass), "M trades/CPU-second"),
            Figure::limit(
                "a flat array of bars, none checked",
                rate(count, dense_time),
                "M trades/CPU-second",
            ),
            Figure::target(
                "one-minute bars, 500 symbols",
                rate(count, utc),
                "M trades/CPU-second",
                120.0,
            ),
            Figure::limit("bars that they make", bars.len() as f64 / 1_000.0, "thousand"),
            Figure::at_most("in a time zone, beside UTC", times(zone, utc), "times the CPU", 1.2),
            Figure::target("two threads, beside one", times(utc, two), "times as fast", 1.7),
        ],
        arguments.json,
    );
    Ok(())
}

fn rate(count: usize, time: Duration) -> f64 {
    millions(u64::try_from(count).unwrap_or(u64::MAX), time)
}

/// What no bar can be made faster than: a place for each symbol and minute of the day from the beginning, in UTC, and nothing is asked.
fn dense(columns: &Columns) -> u128 {
    #[derive(Clone, Copy)]
    struct Place {
        first: i64,
        last: i64,
        prices: [i64; 4],
        turnover: u128,
        quantity: u64,
        trades: u64,
    }
    const NONE: Place = Place {
        first: i64::MAX,
        last: i64::MIN,
        prices: [0, 0, i64::MAX, 0],
        turnover: 0,
        quantity: 0,
        trades: 0,
    };
    let minutes = 25 * 60 + 5;
    let from = (1_767_225_600 - 3_600) * SECOND;
    let mut places = vec![NONE; minutes * SYMBOLS as usize];
    let prices = columns.price.iter().zip(&columns.quantity);
    for ((at, symbol), (price, quantity)) in columns.at.iter().zip(&columns.symbol).zip(prices) {
        let minute = usize::try_from((at - from) / (60 * SECOND)).unwrap_or(0);
        if let Some(place) = places.get_mut(minute * SYMBOLS as usize + *symbol as usize) {
            let [open, high, low, close] = &mut place.prices;
            if *at < place.first {
                (place.first, *open) = (*at, *price);
            }
            if *at >= place.last {
                (place.last, *close) = (*at, *price);
            }
            *high = (*high).max(*price);
            *low = (*low).min(*price);
            let product = u128::from(price.cast_unsigned()) * u128::from(quantity.cast_unsigned());
            place.turnover = place.turnover.wrapping_add(product);
            place.quantity = place.quantity.wrapping_add(quantity.cast_unsigned());
            place.trades += 1;
        }
    }
    places.iter().fold(0, |sum, place| sum ^ place.turnover ^ u128::from(place.trades))
}

/// Compares the bars of the first rows with candles, a trade after another.
fn check(columns: &Columns, count: usize) -> Result<()> {
    let minutes = Calendar::new("1m".parse()?);
    let mut bars = Bars::new(minutes.clone(), SYMBOLS, Missing::Skip);
    bars.add(columns.rows(0, count).ok_or("rows that are not there")?)?;
    let mut candles: BTreeMap<(u32, i64), Candle> = BTreeMap::new();
    let prices = columns.price.iter().zip(&columns.quantity);
    let rows = columns.at.iter().zip(&columns.symbol).zip(prices);
    for (sequence, ((at, symbol), (price, quantity))) in (0..).zip(rows).take(count) {
        let units = |value: i64| Amount::from_units(u128::from(value.unsigned_abs()));
        let (price, quantity) = (units(*price), units(*quantity));
        let trade = Trade { at: *at, sequence, price, quantity, taker: None };
        let key = (*symbol, minutes.start(*at)?);
        match candles.get_mut(&key) {
            Some(candle) => candle.add(&trade)?,
            None => {
                candles.insert(key, Candle::of(&trade));
            }
        }
    }
    let made: Vec<Bar> = bars.finish().collect();
    assert_eq!(made.len(), candles.len());
    for (bar, (key, candle)) in made.iter().zip(&candles) {
        let prices = [candle.first(), candle.high(), candle.low(), candle.last()];
        let prices = prices.map(|quote| quote.price.units());
        let own =
            [bar.open, bar.high, bar.low, bar.close].map(|price| u128::from(price.unsigned_abs()));
        assert_eq!(((bar.symbol, bar.start), own, bar.volume), (*key, prices, *candle.volume()));
    }
    Ok(())
}
