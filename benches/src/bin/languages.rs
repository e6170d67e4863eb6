//! Posts by the column from Python and Node.js and trades from Python, beside the same from Rust; a decision about an object of Node.js; what
//! importing costs, how large a wheel is.
//!
//! The packages are those that `cargo xtask python --full` and `cargo xtask node --full` built last.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::collections::VecDeque;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::Parser;
use thalium::{COMMANDS_MAX, Id, Transfer};
use thalium_benches::{Figure, millions, print};
use thalium_host::api::rollup::{DefineRollup, LateView};
use thalium_host::rollup::{BadRows, Names, Numbers, Trades};
use thalium_host::{Account, NewAsset, Thalium, money::AssetKind};

/// Posts and trades by the column, and decisions, from each language
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Posts, and trades, in thousands
    #[arg(long, default_value_t = 2_000)]
    thousands: u64,
    /// Rounds; the best of each language is told
    #[arg(long, default_value_t = 3)]
    rounds: u32,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const ACCOUNTS: u64 = 10_000;
/// Requests under way at a time, as the columns have them.
const IN_FLIGHT: usize = 4;
const SYMBOLS: i64 = 500;
/// Decisions of a round: so often each of a thousand users asks.
const DECISIONS: u64 = 100_000;
/// Trades of a call, as a table has them.
const CALL: usize = 1 << 22;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let rows = arguments.thousands * 1_000;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let python = root.join("target/python/bin/python");
    let (mut rust, mut columns, mut node) = (0_f64, 0_f64, 0_f64);
    let (mut trades, mut table) = (0_f64, 0_f64);
    // Turn by turn: the disk of a shared machine is not the same from one minute to the next.
    for _ in 0..arguments.rounds {
        rust = rust.max(from_rust(rows)?);
        columns = columns.max(run(&python, &root.join("benches/languages/columns.py"), rows)?);
        node = node.max(run(Path::new("node"), &root.join("benches/languages/columns.mjs"), rows)?);
        trades = trades.max(trades_from_rust(rows)?);
        table = table.max(run(&python, &root.join("benches/languages/trades.py"), rows)?);
    }
    let decide = root.join("benches/languages/decide.mjs");
    let mut decision = f64::INFINITY;
    for _ in 0..arguments.rounds {
        decision = decision.min(run(Path::new("node"), &decide, DECISIONS)?);
    }
    let import = import_millis(&python)?;
    let wheel = wheel_bytes(&root.join("target/wheels/plain"))? as f64 / 1e6;
    let figures = [
        Figure::limit("durable posts, Rust", rust, "M posts/s"),
        Figure::target("durable posts, columns of Python", columns, "M posts/s", 0.8 * rust),
        Figure::target("durable posts, typed arrays of Node.js", node, "M posts/s", 0.8 * rust),
        Figure::limit("durable trades, Rust", trades, "M trades/s"),
        Figure::target("durable trades, a table of Python", table, "M trades/s", trades / 1.1),
        Figure::at_most(
            "a decision by twelve rules of Rego about an object of Node.js",
            decision,
            "µs",
            8.0,
        ),
        Figure::at_most("importing the Python package", import, "ms", 50.0),
        Figure::at_most("the wheel", wheel, "MB", 15.0),
    ];
    print(&figures, arguments.json);
    Ok(())
}

/// The same arrays and the same accounts as the languages have, booked from Rust.
fn from_rust(rows: u64) -> Result<f64> {
    let directory = tempfile::tempdir()?;
    let t = Thalium::open(&directory.path().display().to_string())?;
    let kind = AssetKind::Crypto;
    let asset = NewAsset { code: "USDX".into(), scale: 2, kind, ledger: Some(1_000) };
    t.do_one(asset)?;
    let account =
        |n: u64| Account { id: Some(n.to_string()), asset: "USDX".into(), ..Account::default() };
    for first in (1..=ACCOUNTS).step_by(1_000) {
        let batch: Vec<_> = (first..first + 1_000).map(|n| account(n).into()).collect();
        t.submit(&batch)?;
    }
    let ids: Vec<u64> = (0..rows).map(|row| 1_000_000 + row).collect();
    let from: Vec<u64> = (0..rows).map(|row| row * 7_919 % ACCOUNTS + 1).collect();
    let to: Vec<u64> = (0..rows).map(|row| (row * 7_919 + 1) % ACCOUNTS + 1).collect();
    let units: Vec<u64> = (0..rows).map(|row| row % 1_000 + 1).collect();
    let begun = Instant::now();
    let mut under_way = VecDeque::new();
    let mut posts = ids.iter().zip(&from).zip(&to).zip(&units).peekable();
    while posts.peek().is_some() {
        let request = posts.by_ref().take(COMMANDS_MAX).map(|(((id, from), to), units)| {
            thalium::Command::Transfer(Transfer {
                id: Id((*id).into()),
                debit_account_id: Id((*from).into()),
                credit_account_id: Id((*to).into()),
                amount: (*units).into(),
                ledger: 1_000,
                code: 1,
                ..Transfer::default()
            })
        });
        under_way.push_back(t.send(request.collect())?);
        if under_way.len() == IN_FLIGHT
            && let Some(ticket) = under_way.pop_front()
        {
            t.wait(ticket)?;
        }
    }
    for ticket in under_way {
        t.wait(ticket)?;
    }
    Ok(millions(rows, begun.elapsed()))
}

/// The same trades as `trades.py` has, as columns of Rust.
fn trades_from_rust(rows: u64) -> Result<f64> {
    let directory = tempfile::tempdir()?;
    let t = Thalium::open(&directory.path().display().to_string())?;
    t.define_rollup(&DefineRollup {
        name: "klines".to_owned(),
        levels: Some(["1m", "5m", "1h"].map(ToOwned::to_owned).to_vec()),
        late: Some(LateView::Merge),
        ..DefineRollup::default()
    })?;
    let count = i64::try_from(rows)?;
    let step = 86_400_000_000_000 / count.max(1);
    let at: Vec<i64> = (0..count).map(|row| 1_767_225_600_000_000_000 + row * step).collect();
    let ids: Vec<u64> = (0..rows).collect();
    let codes = (0..count).map(|row| u32::try_from(row * 7_919 % SYMBOLS));
    let codes = codes.collect::<std::result::Result<Vec<u32>, _>>()?;
    let price = (0..count).map(|row| 5_000_000_000_000 + row * 104_729 % 100_000_000_000);
    let price: Vec<i128> = price.map(i128::from).collect();
    let quantity = (0..count).map(|row| 1 + row * 7_919 % 500_000_000);
    let quantity: Vec<i128> = quantity.map(i128::from).collect();
    let names: Vec<String> = (0..SYMBOLS).map(|n| format!("COIN{n}-USD")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let begun = Instant::now();
    for from in (0..at.len()).step_by(CALL) {
        let rows = from..at.len().min(from + CALL);
        let there = "rows that are not there";
        let trades = Trades {
            at: at.get(rows.clone()).ok_or(there)?,
            sequence: ids.get(rows.clone()),
            symbol: Names::Coded { codes: codes.get(rows.clone()).ok_or(there)?, names: &names },
            price: Numbers::Wide(price.get(rows.clone()).ok_or(there)?),
            quantity: Numbers::Wide(quantity.get(rows).ok_or(there)?),
            taker: None,
            valid: None,
        };
        t.ingest_columns("klines", &trades, BadRows::Refuse)?;
    }
    Ok(millions(rows, begun.elapsed()))
}

/// What a language's program says: millions a second, or what one takes.
fn run(program: &Path, script: &Path, rows: u64) -> Result<f64> {
    let directory = tempfile::tempdir()?;
    let output =
        Command::new(program).arg(script).arg(directory.path()).arg(rows.to_string()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
}

/// The least of five imports, each in a process of its own.
fn import_millis(python: &Path) -> Result<f64> {
    let program = "import time; a = time.perf_counter(); import thalium; print((time.perf_counter() - a) * 1000)";
    let mut least = f64::INFINITY;
    for _ in 0..5 {
        let output = Command::new(python).args(["-c", program]).output()?;
        least = least.min(String::from_utf8_lossy(&output.stdout).trim().parse()?);
    }
    Ok(least)
}

fn wheel_bytes(folder: &Path) -> Result<u64> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<std::io::Result<_>>()?;
    found.retain(|path| path.extension().is_some_and(|extension| extension == "whl"));
    let wheel = found.first().ok_or("there is no wheel: run `cargo xtask python --full` first")?;
    Ok(std::fs::metadata(wheel)?.len())
}
