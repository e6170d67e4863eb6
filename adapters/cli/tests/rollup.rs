//! Rollups on the command line: the real program, its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

struct Books(tempfile::TempDir);

impl Books {
    /// A store with a rollup.
    fn new() -> Self {
        let books = Self(tempfile::tempdir().unwrap());
        books.ok("init");
        books.ok("rollup define klines --level 1m --level 1h --price-scale 2 --quantity-scale 4 --delay 0s");
        books
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The exit code, the output and the errors of a command.
    fn run(&self, line: &str) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thalium"));
        command.current_dir(self.0.path()).env("THALIUM_DIR", self.path("books"));
        let told = command.args(line.split_whitespace()).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (told.status.code().unwrap(), text(told.stdout), text(told.stderr))
    }

    fn ok(&self, line: &str) -> String {
        let (code, out, err) = self.run(line);
        assert_eq!(code, 0, "{line}\n{out}\n{err}");
        out
    }

    fn json(&self, line: &str) -> Vec<Value> {
        let out = self.ok(&format!("{line} --json"));
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }
}

const TRADES: &str = "\
trade_id,time_ms,price,qty,side
1,1768478400000,100.50,1,buy
2,1768478430000,101.25,2.5,sell
3,1768478465000,99.00,1e-3,buy
";

#[test]
fn trades_go_in_and_candles_come_out() {
    let books = Books::new();
    books.write("trades.csv", TRADES);
    let told = &books.json("rollup ingest klines trades.csv --symbol BTC-ZAR")[0];
    assert_eq!((told["taken"].as_u64(), told["refused"].as_u64()), (Some(3), Some(0)));
    let told = &books.json("rollup ingest klines trades.csv --symbol BTC-ZAR")[0];
    assert_eq!((told["taken"].as_u64(), told["again"].as_u64()), (Some(0), Some(3)));
    assert_eq!(
        books.ok("rollup query klines BTC-ZAR 1m --csv"),
        "start,open,high,low,close,volume,turnover,average,trades,state\n\
         2026-01-15T12:00:00.000000000Z,100.50,101.25,100.50,101.25,3.5000,353.62,101.04,2,\n\
         2026-01-15T12:01:00.000000000Z,99.00,99.00,99.00,99.00,0.0010,0.10,99.00,1,open\n"
    );
    let hours = books.json("rollup query klines BTC-ZAR 1h");
    assert_eq!(
        (hours[0]["buy_volume"].as_str(), hours[0]["trades"].as_u64()),
        (Some("1.0010"), Some(3))
    );
    let symbols = books.json("rollup symbols klines");
    assert_eq!(symbols[0]["price"], "99.00");
    let changes = books.json("rollup changes klines");
    assert_eq!(
        (changes[0]["kind"].as_str(), changes[0]["width"].as_str()),
        (Some("closed"), Some("1m"))
    );
    let watched = books.json("rollup watch klines --from-start --limit 1");
    assert_eq!(watched[0]["kline"]["close"], "101.25");
}

#[test]
fn one_that_is_made_of_another_is_filled() {
    let books = Books::new();
    books.write("trades.csv", TRADES);
    books.ok("rollup ingest klines trades.csv --symbol BTC-ZAR");
    let told = &books.json(
        "rollup define days --of klines --level 1d --zone Africa/Johannesburg --keep 1d=365d",
    )[0];
    assert_eq!((told["trades"].as_u64(), told["price_scale"].as_u64()), (Some(3), Some(2)));
    let days = books.json("rollup query days BTC-ZAR 1d");
    assert_eq!(days[0]["start"], "2026-01-14T22:00:00.000000000Z");
    assert_eq!(
        books.json("rollup define klines --level 1m --price-scale 2 --quantity-scale 4")[0]["version"],
        2
    );
    assert_eq!(books.json("rollup list").len(), 2);
    assert_eq!(books.run("rollup drop klines").0, 2, "days are made of it");
    books.ok("rollup drop days");
    books.ok("rollup drop klines");
    assert!(books.json("rollup list").is_empty());
}

#[test]
fn candles_are_written_and_drawn() {
    let books = Books::new();
    books.write("trades.csv", TRADES);
    books.ok("rollup ingest klines trades.csv --symbol BTC-ZAR");
    let csv = books.ok("rollup export klines BTC-ZAR 1m -");
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "symbol,width,start,end,open,high,low,close,volume,turnover,average,trades,buy_volume,buy_turnover,sell_volume,sell_turnover,closed,revision"
    );
    assert_eq!(
        lines[1],
        "BTC-ZAR,1m,2026-01-15T12:00:00.000000000Z,2026-01-15T12:01:00.000000000Z,100.50,101.25,100.50,101.25,3.5000,353.62,101.04,2,1.0000,100.50,2.5000,253.12,true,0"
    );
    for file in ["candles.jsonl", "candles.parquet", "candles.svg", "candles.png"] {
        let what = if file.contains("sv") || file.contains("png") { "plot" } else { "export" };
        books.ok(&format!("rollup {what} klines BTC-ZAR 1m {file}"));
    }
    assert!(std::fs::read_to_string(books.path("candles.svg")).unwrap().contains("BTC-ZAR 1m"));
    assert!(std::fs::read(books.path("candles.png")).unwrap().starts_with(b"\x89PNG"));
    assert_eq!(std::fs::read_to_string(books.path("candles.jsonl")).unwrap().lines().count(), 2);
    assert!(std::fs::read(books.path("candles.parquet")).unwrap().starts_with(b"PAR1"));
    let drawn = books.ok("rollup plot klines BTC-ZAR 1m");
    assert!(drawn.contains("101.25") && drawn.contains("99.00"), "{drawn}");
}

#[test]
fn what_cannot_be_done_is_told_with_its_place() {
    let books = Books::new();
    books.write("bad.csv", "symbol,at,price,quantity\nA-B,2026-01-15T12:00:00Z,1,1\nA-B,noon,1,1\nA-B,2026-01-15T12:00:01Z,1.005,1\n");
    let (code, _, err) = books.run("rollup ingest klines bad.csv");
    assert_eq!(code, 2);
    assert!(err.contains("row 2, at: is no instant"), "{err}");
    let told = &books.json("rollup ingest klines bad.csv --bad-rows keep")[0];
    assert_eq!((told["taken"].as_u64(), told["refused"].as_u64()), (Some(1), Some(2)));
    assert_eq!(
        (told["faults"][0]["row"].as_u64(), told["faults"][1]["field"].as_str()),
        (Some(2), Some("price"))
    );
    for (line, what) in [
        ("rollup ingest none bad.csv", "there is no rollup `none`"),
        ("rollup ingest klines bad.txt", "does not tell its form"),
        ("rollup ingest klines bad.csv --column x=y", "a trade has"),
        ("rollup query klines A-B 7m", "none of the levels, which are 1m 1h"),
        ("rollup query klines A-B 1m --limit 0", "limit"),
        ("rollup define klines --level 1w --level 1M", "cannot be made of one before it"),
        ("rollup define klines --zone Nowhere", "is no time zone"),
        ("rollup plot klines A-B 1m candles.gif", "name it .svg or .png"),
        ("rollup plot klines X 1m", "there are no candles of X 1m"),
        ("rollup drop none", "there is no rollup `none`"),
    ] {
        let (code, out, err) = books.run(line);
        assert_eq!(code, 2, "{line}\n{out}\n{err}");
        assert!(err.contains(what), "{line}\n{err}");
    }
}
