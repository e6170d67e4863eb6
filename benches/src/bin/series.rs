//! Trades into bars of three levels, one after another: also late ones, and with one taken back.
//!
//! The bars of a minute, five minutes and an hour are there after each trade. Dense: 500 symbols, whose minutes have dozens of trades.
//! Sparse: every trade opens a minute.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use thalium::money::Amount;
use thalium::rollup::{
    BadRows, Calendar, Candle, Hierarchy, Late, Market, Names, Numbers, Rules, Series, Sliding,
    Tally, Trade, Trades, Window,
};
use thalium_benches::trades::{Columns, Random, SYMBOLS};
use thalium_benches::{Figure, millions, print, timed};

const MINUTE: i64 = 60_000_000_000;

/// Trades into bars of three levels, one after another
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Trades, in millions, made in a day
    #[arg(long, default_value_t = 20)]
    millions: usize,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn rules(late: Late) -> Result<Arc<Rules>> {
    let calendars = ["1m", "5m", "1h"].map(|width| width.parse().map(Calendar::new));
    let levels = Hierarchy::new(calendars.into_iter().collect::<std::result::Result<_, _>>()?)?;
    Ok(Arc::new(Rules { levels, delay: 5 * MINUTE, late }))
}

fn series(count: u32, late: Late) -> Result<Vec<Series<Candle>>> {
    let rules = rules(late)?;
    Ok((0..count).map(|_| Series::new(Arc::clone(&rules))).collect())
}

fn trades(columns: &Columns) -> impl Iterator<Item = (u32, Trade)> {
    let units = |value: &i64| Amount::from_units(u128::from(value.unsigned_abs()));
    let rows = columns.at.iter().zip(&columns.symbol);
    let rows = rows.zip(columns.price.iter().zip(&columns.quantity));
    (0..).zip(rows).map(move |(sequence, ((at, symbol), (price, quantity)))| {
        let (price, quantity) = (units(price), units(quantity));
        (*symbol, Trade { at: *at, sequence, price, quantity, taker: None })
    })
}

/// Adds all trades; gives how many were not taken.
fn add(series: &mut [Series<Candle>], trades: impl Iterator<Item = (u32, Trade)>) -> u64 {
    let mut refused = 0;
    for (symbol, trade) in trades {
        let own = usize::try_from(symbol).ok().and_then(|symbol| series.get_mut(symbol));
        if let Some(own) = own {
            refused += u64::from(own.add(&trade).is_err());
            // Who watches is told, trade by trade.
            black_box(own.take_changes().count());
        }
    }
    refused
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let count = arguments.millions * 1_000_000;
    let columns = Columns::made(count);
    let rate = |time: Duration| millions(u64::try_from(count).unwrap_or(u64::MAX), time);
    let horizon = 120 * MINUTE;

    let mut merged = series(SYMBOLS, Late::Merge { horizon })?;
    let (refused, merge) = timed(|| add(&mut merged, trades(&columns)));
    assert_eq!(refused, 0);
    drop(merged);
    let mut kept = series(SYMBOLS, Late::Correct { horizon })?;
    let (refused, correct) = timed(|| add(&mut kept, trades(&columns)));
    assert_eq!(refused, 0);

    // Trades of the last hour, some of every symbol.
    let last: Vec<_> =
        trades(&columns).skip(count - count / 24).step_by(41).take(100_000).collect();
    let (gone, remove) = timed(|| {
        let remove = |(symbol, trade): &(u32, Trade)| {
            let own = usize::try_from(*symbol).ok().and_then(|symbol| kept.get_mut(symbol))?;
            own.remove((trade.at, trade.sequence)).ok()
        };
        last.iter().filter_map(remove).count()
    });
    assert_eq!(gone, last.len());
    drop(kept);

    // Every trade a minute on, of its symbol.
    let mut now = vec![columns.at.first().copied().unwrap_or(0); SYMBOLS as usize];
    let mut few = series(SYMBOLS, Late::Merge { horizon })?;
    let sparse = trades(&columns).take(count / 4).map(|(symbol, mut trade)| {
        if let Some(now) = usize::try_from(symbol).ok().and_then(|symbol| now.get_mut(symbol)) {
            *now += MINUTE;
            trade.at = *now;
        }
        (symbol, trade)
    });
    let (_, sparse) = timed(|| add(&mut few, sparse));

    // A limit that is looked at and charged, of a hundred thousand customers at random.
    let day = Window::new(24 * 60 * MINUTE)?;
    let mut customers = vec![Sliding::default(); 100_000];
    let mut random = Random(11);
    let checks: Vec<(i64, i64)> =
        (0..2_000_000).map(|n| (random.below(100_000), n * 43_200_000)).collect();
    let entry = Tally::once(Amount::from_units(5));
    let (let_through, limits) = timed(|| {
        let check = |(customer, at): &(i64, i64)| {
            let own =
                usize::try_from(*customer).ok().and_then(|customer| customers.get_mut(customer))?;
            let most = own.with(&day, *at, entry).ok()?;
            (most.amount <= Amount::from_units(100)).then(|| own.add(&day, *at, entry).ok())?
        };
        checks.iter().filter_map(check).count()
    });
    assert!(let_through > checks.len() / 2);

    // A market of as many minutes as fit, written out and read again.
    let mut market = Market::new(rules(Late::Merge { horizon })?);
    let points = 2_000_000;
    let at: Vec<i64> = (0..points).map(|n| n / 100 * MINUTE).collect();
    let codes: Vec<u32> = (0..100).cycle().take(at.len()).collect();
    let names: Vec<String> = (0..100).map(|n| format!("COIN{n}-USD")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows = Trades {
        at: &at,
        sequence: None,
        symbol: Names::Coded { codes: &codes, names: &names },
        price: Numbers::Ints(columns.price.get(..at.len()).ok_or("too few trades")?),
        quantity: Numbers::Ints(columns.quantity.get(..at.len()).ok_or("too few trades")?),
        taker: None,
        valid: None,
    };
    let (told, ingest) = timed(|| market.ingest(&rows, BadRows::Keep));
    assert_eq!(told?.refused, 0);
    let image = market.image();
    let bytes: usize = image.iter().map(Vec::len).sum();
    let rules = rules(Late::Merge { horizon })?;
    let (again, open) =
        timed(|| Market::from_image(rules, image.iter().map(Vec::as_slice)).map(drop));
    again?;

    let micros = |time: Duration, of: usize| time.as_secs_f64() * 1e6 / of as f64;
    print(
        &[
            Figure::target("three levels, merged, dense", rate(merge), "M trades/CPU-second", 6.0),
            Figure::target(
                "three levels, all kept, dense",
                rate(correct),
                "M trades/CPU-second",
                6.0,
            ),
            Figure::target(
                "three levels, merged, sparse",
                rate(sparse) / 4.0,
                "M trades/CPU-second",
                3.0,
            ),
            Figure::limit(
                "trades ingested into a market, each a minute",
                at.len() as f64 / ingest.as_secs_f64() / 1e6,
                "M trades/CPU-second",
            ),
            Figure::limit("a minute's candle in an image", bytes as f64 / at.len() as f64, "bytes"),
            Figure::limit(
                "candles read from an image",
                at.len() as f64 / open.as_secs_f64() / 1e6,
                "M candles/CPU-second",
            ),
            Figure::at_most(
                "a limit checked and charged, 100,000 keys",
                micros(limits, checks.len()),
                "µs",
                0.4,
            ),
            Figure::at_most(
                "a trade taken back, of three levels",
                micros(remove, last.len()),
                "µs",
                5.0,
            ),
        ],
        arguments.json,
    );
    Ok(())
}
