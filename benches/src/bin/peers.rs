//! Trades into exact one-minute bars, beside Polars and DuckDB: every bar of theirs is compared, and those of plain whole numbers.
//!
//! The ticks are those of `bars`, told to the millisecond, so that several are of one instant; in one of a hundred the price or the
//! quantity is missing. Each program is on one thread, and what its CPU does for bars is counted, not reading and writing. Symbols are
//! their numbers (`code`), or texts that have to be told apart first (`symbol`). What the peers are asked for is in
//! `benches/languages/peers.py`; an environment for them is made in `target/peers`, from PyPI. Where they cannot be had, the other
//! figures are told alone.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::fmt::{Display, Write};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, UInt32Array};
use clap::Parser;
use parquet::arrow::ArrowWriter;
use serde::Deserialize;
use thalium::money::RoundingMode;
use thalium::rollup::{Bar, Bars, Calendar, Missing, Ticks};
use thalium_benches::texts::{Texts, differing};
use thalium_benches::trades::{Columns, Random, SYMBOLS};
use thalium_benches::{Figure, millions, print, timed};

/// Trades into one-minute bars, beside Polars and DuckDB
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Trades, in millions, made in a day; some 150 bytes of memory each
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=150))]
    millions: u32,
    /// Rounds, turn by turn; the best of each is told
    #[arg(long, default_value_t = 2)]
    rounds: u32,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const MILLISECOND: i64 = 1_000_000;
/// Rows that are written together.
const BATCH: usize = 1 << 20;
/// The first rows, of which plain whole numbers make bars.
const MODEL: usize = 1_000_000;
/// How many times as fast bars are to be as a peer's, by a column of symbols.
const TARGETS: [(&str, &str, f64); 3] =
    [("Polars", "code", 10.0), ("Polars", "symbol", 6.0), ("DuckDB", "symbol", 12.0)];
const NOT_THERE: &str = "rows that are not there";

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let count = usize::try_from(arguments.millions)? * 1_000_000;
    let trades = Made::of(count)?;
    let folder = tempfile::tempdir()?;
    let peers = Peers::found(folder.path());
    let mut own = Vec::new();
    let mut theirs = Vec::new();
    let mut bars = 0;
    for round in 0..arguments.rounds.max(1) {
        let (made, time) = timed(|| trades.bars(count, &trades.columns.symbol, SYMBOLS));
        let by_code = lines(&made?, |symbol| symbol)?;
        least(&mut own, Run::of_thalium("code", time.as_secs_f64()));
        let (made, time) = timed(|| trades.bars_of_texts());
        let (made, names) = made?;
        let by_symbol = lines(&made, |symbol| names.get(symbol as usize).copied().unwrap_or(""))?;
        least(&mut own, Run::of_thalium("symbol", time.as_secs_f64()));
        bars = made.len();
        let Ok(peers) = &peers else { continue };
        if round == 0 {
            trades.write(&peers.ticks)?;
            let first = count.min(MODEL);
            let made = trades.bars(first, &trades.columns.symbol, SYMBOLS)?;
            let made = lines(&made, |code| format!("COIN{code}-USD"))?;
            for run in peers.run(&["model"], &[&first.to_string()])? {
                run.compare(&made)?;
            }
        }
        for run in peers.run(&["polars", "duckdb"], &[])? {
            run.compare(if run.symbol == "code" { &by_code } else { &by_symbol })?;
            least(&mut theirs, run);
        }
    }
    if let Err(why) = &peers {
        eprintln!("neither Polars nor DuckDB beside: {why}");
    }
    let mut figures: Vec<Figure> = own.iter().map(|run| run.rate(count)).collect();
    figures.push(Figure::limit("bars that they make", bars as f64 / 1_000.0, "thousand"));
    figures.extend(theirs.iter().map(|run| run.rate(count)));
    for run in &theirs {
        if let Some(own) = own.iter().find(|own| own.symbol == run.symbol) {
            figures.push(own.beside(run));
        }
    }
    print(&figures, arguments.json);
    Ok(())
}

/// Trades as columns, with symbols as texts beside their numbers, and some that are incomplete.
struct Made {
    columns: Columns,
    symbols: Texts,
    /// Of each row a bit, the least first, as Arrow has them: whether its price is there.
    priced: Vec<u8>,
    /// The same of its quantity.
    measured: Vec<u8>,
}

impl Made {
    fn of(count: usize) -> Result<Self> {
        let mut columns = Columns::made(count);
        for at in &mut columns.at {
            *at -= at.rem_euclid(MILLISECOND);
        }
        let names: Vec<String> = (0..SYMBOLS).map(|code| format!("COIN{code}-USD")).collect();
        let name = |code: &u32| names.get(*code as usize).map_or("", String::as_str);
        let symbols = Texts::of(columns.symbol.iter().map(name)).ok_or("too many texts")?;
        let mut random = Random(11);
        let mut bits = || {
            let mut byte = || (0..8).fold(0, |byte, _| byte << 1 | u8::from(random.below(200) > 0));
            (0..count.div_ceil(8)).map(|_| byte()).collect()
        };
        let (priced, measured) = (bits(), bits());
        Ok(Self { columns, symbols, priced, measured })
    }

    /// Those of the first rows.
    fn bars(&self, rows: usize, symbol: &[u32], symbols: u32) -> Result<Vec<Bar>> {
        let both = self.priced.iter().zip(&self.measured);
        let valid: Vec<u8> = both.map(|(price, quantity)| price & quantity).collect();
        let ticks = Ticks {
            symbol: symbol.get(..rows).ok_or(NOT_THERE)?,
            valid: Some(&valid),
            ..self.columns.rows(0, rows).ok_or(NOT_THERE)?
        };
        let mut bars = Bars::new(Calendar::new("1m".parse()?), symbols, Missing::Skip);
        bars.add(ticks)?;
        Ok(bars.finish().collect())
    }

    /// Those of all rows, by the names of their symbols, which are found first.
    fn bars_of_texts(&self) -> Result<(Vec<Bar>, Vec<&str>)> {
        let (codes, names) = self.symbols.coded().ok_or("symbols that are no texts")?;
        Ok((self.bars(codes.len(), &codes, u32::try_from(names.len())?)?, names))
    }

    /// Writes all rows as Parquet.
    fn write(&self, to: &Path) -> Result<()> {
        let Columns { at, symbol, price, quantity } = &self.columns;
        let mut writer = None;
        let mut names = self.symbols.rows();
        for from in (0..at.len()).step_by(BATCH) {
            let rows = from..at.len().min(from + BATCH);
            let part = |column: &[i64]| column.get(rows.clone()).map(<[i64]>::to_vec);
            // What is missing has no value: the bit is looked up by the row.
            let nullable = |column: &[i64], there: &[u8]| -> Option<Int64Array> {
                let bit = |row: usize| there.get(row / 8).is_some_and(|b| b >> (row % 8) & 1 == 1);
                let column = rows.clone().zip(column.get(rows.clone())?);
                Some(column.map(|(row, value)| bit(row).then_some(*value)).collect())
            };
            let codes = symbol.get(rows.clone()).map(<[u32]>::to_vec).ok_or(NOT_THERE)?;
            let texts = names.by_ref().take(rows.len()).map(std::str::from_utf8);
            let texts: Vec<&str> = texts.collect::<std::result::Result<_, _>>()?;
            let sequence = i64::try_from(from)?..i64::try_from(rows.end)?;
            let column = |name, column: ArrayRef| (name, column, true);
            let batch = RecordBatch::try_from_iter_with_nullable([
                column("instant", Arc::new(Int64Array::from(part(at).ok_or(NOT_THERE)?))),
                column("sequence", Arc::new(Int64Array::from_iter_values(sequence))),
                column("symbol", Arc::new(StringArray::from_iter_values(texts))),
                column("code", Arc::new(UInt32Array::from(codes))),
                column("price", Arc::new(nullable(price, &self.priced).ok_or(NOT_THERE)?)),
                column("quantity", Arc::new(nullable(quantity, &self.measured).ok_or(NOT_THERE)?)),
            ])?;
            let writer = match &mut writer {
                Some(writer) => writer,
                none => none.insert(ArrowWriter::try_new(File::create(to)?, batch.schema(), None)?),
            };
            writer.write(&batch)?;
        }
        writer.map(ArrowWriter::close).transpose()?;
        Ok(())
    }
}

/// Bars as lines of text, in which nothing is rounded.
fn lines<Name: Display>(bars: &[Bar], name: impl Fn(u32) -> Name) -> Result<String> {
    let mut text = String::new();
    for Bar { symbol, start, open, high, low, close, volume } in bars {
        let (trades, quantity) = (volume.trades(), volume.quantity().units());
        // As if a coin had one unit.
        let turnover = volume.turnover(0, RoundingMode::Unnecessary)?.units();
        let symbol = name(*symbol);
        writeln!(
            text,
            "{symbol},{start},{open},{high},{low},{close},{quantity},{turnover},{trades}"
        )?;
    }
    Ok(text)
}

/// What one way to make bars took.
#[derive(Deserialize)]
struct Run {
    peer: String,
    /// By which column of symbols.
    symbol: String,
    /// How the first and the last price were asked for, where there are several ways.
    way: Option<String>,
    seconds: f64,
    /// Where the bars are.
    bars: PathBuf,
}

impl Run {
    fn of_thalium(symbol: &str, seconds: f64) -> Self {
        let (peer, symbol) = ("Thalium".to_owned(), symbol.to_owned());
        Self { peer, symbol, way: None, seconds, bars: PathBuf::new() }
    }

    fn name(&self) -> String {
        let symbols = if self.symbol == "code" { "numbered symbols" } else { "texts as symbols" };
        let keys = self.way.as_ref().map_or_else(String::new, |way| format!(", {way} keys"));
        format!("{}, {symbols}{keys}", self.peer)
    }

    fn rate(&self, count: usize) -> Figure {
        let rate = millions(count as u64, std::time::Duration::from_secs_f64(self.seconds));
        Figure::limit(self.name(), rate, "M ticks/CPU-second")
    }

    /// How many times as fast this is as a peer.
    fn beside(&self, peer: &Self) -> Figure {
        let (name, unit) = (format!("beside {}", peer.name()), "times as fast");
        let ratio = peer.seconds / self.seconds;
        let of = TARGETS
            .iter()
            .find(|(name, symbol, _)| peer.peer.starts_with(name) && peer.symbol == *symbol);
        match of {
            Some((.., target)) => Figure::target(name, ratio, unit, *target),
            None => Figure::limit(name, ratio, unit),
        }
    }

    /// Whether its bars are those that are expected.
    fn compare(&self, expected: &str) -> Result<()> {
        match differing(expected, &std::fs::read_to_string(&self.bars)?) {
            0 => Ok(()),
            differing => Err(format!("{}: {differing} bars are others", self.name()).into()),
        }
    }
}

/// Keeps of each way the run that took least.
fn least(runs: &mut Vec<Run>, run: Run) {
    let is_alike = |known: &&mut Run| {
        (&known.peer, &known.symbol, &known.way) == (&run.peer, &run.symbol, &run.way)
    };
    match runs.iter_mut().find(is_alike) {
        Some(known) => known.seconds = known.seconds.min(run.seconds),
        None => runs.push(run),
    }
}

/// Python with the peers.
struct Peers {
    python: PathBuf,
    script: PathBuf,
    ticks: PathBuf,
    folder: PathBuf,
}

impl Peers {
    /// In an environment under target/, which is made where it is not there yet.
    fn found(folder: &Path) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let environment = root.join("target/peers");
        let python = environment.join("bin/python");
        if !python.is_file() {
            output(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        }
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        output(Command::new(&python).args(pip).arg(root.join("benches/languages/peers.txt")))?;
        let script = root.join("benches/languages/peers.py");
        Ok(Self { python, script, ticks: folder.join("ticks.parquet"), folder: folder.into() })
    }

    /// What each says, in a process of its own.
    fn run(&self, peers: &[&str], more: &[&str]) -> Result<Vec<Run>> {
        let mut runs = Vec::new();
        for peer in peers {
            let mut command = Command::new(&self.python);
            command.arg(&self.script).arg(peer).arg(&self.ticks).arg(&self.folder).args(more);
            for line in output(&mut command)?.lines() {
                runs.push(serde_json::from_str(line)?);
            }
        }
        Ok(runs)
    }
}

/// What a program prints; what it complains of, where it fails.
fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("`{program}`: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let last = complaint.lines().rfind(|line| !line.trim().is_empty());
    Err(format!("`{program}`: {}", last.unwrap_or("failed")).into())
}
