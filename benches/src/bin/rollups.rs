//! Trades into durable rollups: given, opened again, asked for, and built anew.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::time::Duration;

use clap::Parser;
use thalium_benches::trades::{Columns, SYMBOLS};
use thalium_benches::{Figure, millions, print, timed};
use thalium_host::Thalium;
use thalium_host::api::rollup::{DefineRollup, KlineQuery, LateView};
use thalium_host::rollup::{BadRows, Names, Numbers, Trades};

/// Trades that are given in a call.
const CALL: usize = 50_000;
const LEVELS: [&str; 3] = ["1m", "5m", "1h"];

/// Trades into durable rollups
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Trades, in millions, made in a day
    #[arg(long, default_value_t = 10)]
    millions: usize,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn definition(name: &str, of: Option<&str>, late: LateView) -> DefineRollup {
    DefineRollup {
        name: name.to_owned(),
        of: of.map(ToOwned::to_owned),
        levels: Some(LEVELS.map(ToOwned::to_owned).to_vec()),
        delay: Some("5m".to_owned()),
        late: Some(late),
        horizon: Some("2h".to_owned()),
        ..DefineRollup::default()
    }
}

/// Gives all trades to a rollup.
fn give(t: &Thalium, columns: &Columns, names: &[&str], rollup: &str) -> Result<()> {
    let ids: Vec<u64> = (0..).take(columns.at.len()).collect();
    for from in (0..columns.at.len()).step_by(CALL) {
        let to = columns.at.len().min(from + CALL);
        let rows = columns.rows(from, to).ok_or("rows that are not there")?;
        let trades = Trades {
            at: rows.at,
            sequence: ids.get(from..to),
            symbol: Names::Coded { codes: rows.symbol, names },
            price: Numbers::Ints(rows.price),
            quantity: Numbers::Ints(rows.quantity),
            taker: None,
            valid: None,
        };
        let told = t.ingest_columns(rollup, &trades, BadRows::Refuse)?;
        assert_eq!(usize::try_from(told.taken), Ok(to - from));
    }
    Ok(())
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let count = arguments.millions * 1_000_000;
    let columns = Columns::made(count);
    let rate = |time: Duration| millions(u64::try_from(count).unwrap_or(u64::MAX), time);
    let names: Vec<String> = (0..SYMBOLS).map(|n| format!("COIN{n}-USD")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();

    let here = Thalium::open("memory:")?;
    here.define_rollup(&definition("merged", None, LateView::Merge))?;
    let (done, memory) = timed(|| give(&here, &columns, &names, "merged"));
    done?;
    drop(here);

    let directory = tempfile::tempdir()?;
    let address = directory.path().display().to_string();
    let t = Thalium::open(&address)?;
    t.define_rollup(&definition("merged", None, LateView::Merge))?;
    let (done, merged) = timed(|| give(&t, &columns, &names, "merged"));
    done?;
    let (built, build) =
        timed(|| t.define_rollup(&definition("later", Some("merged"), LateView::Merge)));
    assert_eq!(built?.trades, count as u64);
    t.drop_rollup("later")?;
    t.drop_rollup("merged")?;
    t.define_rollup(&definition("kept", None, LateView::Correct))?;
    let (done, kept) = timed(|| give(&t, &columns, &names, "kept"));
    done?;

    let query = KlineQuery {
        rollup: "kept".to_owned(),
        symbol: "COIN7-USD".to_owned(),
        width: "1m".to_owned(),
        limit: Some(500),
        ..KlineQuery::default()
    };
    let asked = 200;
    let (told, ask) = timed(|| {
        (0..asked)
            .map(|_| t.klines(&query).map(|page| page.klines.len()))
            .sum::<std::result::Result<usize, _>>()
    });
    let candles = told? as f64;
    t.close()?;
    let rollups = directory.path().join("rollups");
    let image = std::fs::metadata(rollups.join("image"))?.len();
    let journal: u64 = thalium_host::inspect(&rollups, None)?
        .files
        .iter()
        .filter(|file| file.name.starts_with("segment"))
        .filter_map(|file| file.used)
        .sum();
    let (again, open) = timed(|| {
        let t = Thalium::open(&address)?;
        t.klines(&query).map(|page| page.klines.len())
    });
    assert!(again? > 0);

    print(
        &[
            Figure::limit("trades of three levels, in memory", rate(memory), "M trades/s"),
            Figure::target("trades of three levels, durable", rate(merged), "M trades/s", 1.0),
            Figure::target("the same, all kept for two hours", rate(kept), "M trades/s", 1.0),
            Figure::limit("a rollup built from the journal", rate(build), "M trades/s"),
            Figure::limit("a stored trade, of both", journal as f64 / (2 * count) as f64, "bytes"),
            Figure::limit("image", image as f64 / 1e6, "MB"),
            Figure::limit("opening, with the first question", open.as_secs_f64(), "s"),
            Figure::limit(
                "500 candles asked for",
                ask.as_secs_f64() * 1e6 / candles,
                "µs a candle",
            ),
        ],
        arguments.json,
    );
    Ok(())
}
