//! `thalium rollup ingest`: trades from a file.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rust_decimal::Decimal;
use thalium_host::Thalium;
use thalium_host::api::rollup::{BadRowsView, IngestReport, IngestTrades, RowFaultView, TradeRow};
use thalium_host::rollup::FAULTS;
use thalium_host::tables::arrow_array::RecordBatch;
use thalium_host::tables::{self, Form, Row};

use super::typed::Typed;
use crate::commands::export::FormName;
use crate::commands::{close, named, pair};
use crate::failure::Failure;
use crate::output::{Rows, count, note, spinner};
use crate::session::Global;

/// So many trades are given in a call.
const AT_A_TIME: usize = 16_384;
/// Faults that are shown.
const SHOWN_MAX: usize = 20;

/// The names of columns that are known, the usual ones of exports, each with what it holds.
const KNOWN: [(&str, Field); 25] = [
    ("symbol", Field::Symbol),
    ("pair", Field::Symbol),
    ("instrument", Field::Symbol),
    ("market", Field::Symbol),
    ("at", Field::At(1)),
    ("time", Field::At(1)),
    ("timestamp", Field::At(1)),
    ("time_s", Field::At(1_000_000_000)),
    ("time_ms", Field::At(1_000_000)),
    ("timestamp_ms", Field::At(1_000_000)),
    ("time_us", Field::At(1_000)),
    ("timestamp_us", Field::At(1_000)),
    ("time_ns", Field::At(1)),
    ("timestamp_ns", Field::At(1)),
    ("id", Field::Id),
    ("trade_id", Field::Id),
    ("price", Field::Price),
    ("quantity", Field::Quantity),
    ("qty", Field::Quantity),
    ("size", Field::Quantity),
    ("amount", Field::Quantity),
    ("taker", Field::Taker),
    ("side", Field::Taker),
    ("buyer_maker", Field::BuyerMaker),
    ("is_buyer_maker", Field::BuyerMaker),
];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Symbol,
    /// An instant; a whole number counts so many nanoseconds.
    At(i64),
    Id,
    Price,
    Quantity,
    Taker,
    /// Whether the buyer was there first, so that the seller took.
    BuyerMaker,
}

/// How instants are counted.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Unit {
    S,
    Ms,
    Us,
    Ns,
}

/// Put the trades of a file into a rollup
#[derive(Args, Debug)]
#[command(after_help = "\
The columns are found by their names: symbol, at, id, price, quantity, taker, and other usual ones such as time_ms, trade_id, \
qty, side, buyer_maker. A file without symbols is of one: --symbol. Trades that have an id count once while the rollup \
keeps them (its horizon); what is older is refused as late.

Examples:
  thalium rollup ingest klines trades.csv --symbol BTC-USD
  thalium rollup ingest klines - --form jsonl < trades.jsonl
  thalium rollup ingest klines fills.parquet --column quantity=base_amount --time-unit ms --bad-rows keep")]
pub(crate) struct Ingest {
    /// The rollup
    rollup: String,
    /// The file, .csv, .jsonl or .parquet; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The symbol of all trades
    #[arg(long)]
    symbol: Option<String>,
    /// The name of a column, as in quantity=base_amount; repeat it
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair)]
    column: Vec<(String, String)>,
    /// How instants that are whole numbers are counted [default: by the column's name, or nanoseconds]
    #[arg(long, value_enum, value_name = "UNIT")]
    time_unit: Option<Unit>,
    /// What becomes of the others where a row is not taken: refuse, which ends there, or keep
    #[arg(long, value_name = "WHAT", default_value = "refuse", value_parser = named::<BadRowsView>)]
    bad_rows: BadRowsView,
    /// The form of the file [default: by its extension; csv from standard input]
    #[arg(long, value_enum)]
    form: Option<FormName>,
}

impl Ingest {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let columns = self.columns()?;
        let parts = self.parts(&columns)?;
        let thalium = global.open()?;
        let progress = spinner("{spinner} {pos} trades, {per_sec}");
        let mut giving = Giving {
            thalium: &thalium,
            call: IngestTrades {
                rollup: self.rollup.clone(),
                bad_rows: Some(self.bad_rows),
                ..IngestTrades::default()
            },
            first: 0,
            told: IngestReport::default(),
        };
        let mut done = Ok(());
        for part in parts {
            let given = part.and_then(|part| match part {
                Part::Row(row) => giving.push(self.trade(&columns, row)?),
                Part::Batch(batch) => giving.give_batch(&batch),
            });
            progress.set_position(giving.read());
            if let Err(failure) = given {
                done = Err(failure);
                break;
            }
        }
        let done = done.and_then(|()| giving.give());
        progress.finish_and_clear();
        let told = giving.told;
        close(thalium);
        self.tell(global, &told)?;
        match done {
            Err(failure) if told.taken > 0 => {
                note(format!("{} trades were taken before it", count(told.taken)));
                Err(failure)
            }
            done => done,
        }
    }

    /// Of which columns the fields are.
    fn columns(&self) -> Result<BTreeMap<String, Field>, Failure> {
        let mut columns: BTreeMap<_, _> =
            KNOWN.into_iter().map(|(name, field)| (name.to_owned(), field)).collect();
        for (field, column) in &self.column {
            let known = columns.get(field).copied().ok_or_else(|| {
                let fields = "symbol, at, id, price, quantity, taker or buyer_maker";
                Failure::usage(format!("--column {field}={column}: a trade has {fields}"))
            })?;
            let is_other =
                |own: &Field| std::mem::discriminant(own) != std::mem::discriminant(&known);
            columns.retain(|_, own| is_other(own));
            columns.insert(column.clone(), known);
        }
        Ok(columns)
    }

    fn parts(&self, columns: &BTreeMap<String, Field>) -> Result<Parts, Failure> {
        if self.file != Path::new("-") && FormName::of(self.form, &self.file)? == Form::Parquet {
            let (schema, batches) = tables::read_batches(&self.file).map_err(Failure::usage)?;
            if let Some(typed) = Typed::of(&schema, columns, self.symbol.as_deref()) {
                let batches = batches.map(move |batch| {
                    let batch = typed.batch(&batch.map_err(Failure::usage)?);
                    batch.map(Part::Batch).map_err(Failure::usage)
                });
                return Ok(Box::new(batches));
            }
        }
        Ok(Box::new(self.rows()?.map(|row| row.map(Part::Row))))
    }

    fn rows(&self) -> Result<Box<dyn Iterator<Item = Result<Row, Failure>>>, Failure> {
        if self.file != Path::new("-") {
            let form = FormName::of(self.form, &self.file)?;
            let rows = tables::read(&self.file, form).map_err(Failure::usage)?;
            return Ok(Box::new(rows.map(|row| row.map_err(Failure::usage))));
        }
        let numbered = |(number, row): (u64, Result<Row, String>)| {
            row.map_err(|why| Failure::usage(format!("standard input, row {number}: {why}")))
        };
        Ok(match FormName::of_stream(self.form) {
            Form::Csv => {
                let rows = tables::csv_rows(io::stdin()).map_err(Failure::usage)?;
                Box::new((1..).zip(rows).map(numbered))
            }
            Form::JsonLines => Box::new((1..).zip(tables::json_rows(io::stdin())).map(numbered)),
            Form::Parquet => {
                let what = "Parquet is not read from standard input: give a file";
                return Err(Failure::usage(what));
            }
        })
    }

    /// The trade of a row.
    fn trade(&self, columns: &BTreeMap<String, Field>, row: Row) -> Result<TradeRow, Failure> {
        let mut trade = TradeRow { symbol: self.symbol.clone(), ..TradeRow::default() };
        for (name, text) in row {
            match columns.get(&name) {
                Some(Field::Symbol) if self.symbol.is_none() => trade.symbol = Some(text),
                Some(Field::At(nanos)) => trade.at = Some(self.instant(*nanos, text)?),
                Some(Field::Id) => trade.id = Some(text),
                Some(Field::Price) => trade.price = Some(plain(text)),
                Some(Field::Quantity) => trade.quantity = Some(plain(text)),
                Some(Field::Taker) => trade.taker = Some(taker(&text)),
                Some(Field::BuyerMaker) => {
                    trade.taker = Some(match text.to_ascii_lowercase().as_str() {
                        "true" | "1" => "seller".to_owned(),
                        "false" | "0" => "buyer".to_owned(),
                        other => other.to_owned(),
                    });
                }
                Some(Field::Symbol) | None => {}
            }
        }
        Ok(trade)
    }

    /// An instant in nanoseconds, or as it is written.
    fn instant(&self, nanos: i64, text: String) -> Result<String, Failure> {
        /// Nanoseconds before March 1973 are taken for another unit.
        const EARLY: i64 = 100_000_000_000_000_000;
        let Ok(number) = text.parse::<i64>() else { return Ok(text) };
        let unit = self.time_unit.map(|unit| match unit {
            Unit::S => 1_000_000_000,
            Unit::Ms => 1_000_000,
            Unit::Us => 1_000,
            Unit::Ns => 1,
        });
        if unit.is_none() && nanos == 1 && number < EARLY {
            let what = "counts what? Say so: --time-unit s, ms, us or ns";
            return Err(Failure::usage(format!("the instant {number} {what}")));
        }
        let counted = number.checked_mul(unit.unwrap_or(nanos));
        counted.map(|nanos| nanos.to_string()).ok_or_else(|| {
            Failure::usage(format!("the instant {number} is out of range: see --time-unit"))
        })
    }

    fn tell(&self, global: &Global, told: &IngestReport) -> Result<(), Failure> {
        let output = global.output();
        if output.json {
            return output.json(told);
        }
        for RowFaultView { row, field, message } in told.faults.iter().take(SHOWN_MAX) {
            note(format!("row {row}, {field}: {message}"));
        }
        if let Some(hidden) = told.faults.len().checked_sub(SHOWN_MAX).filter(|hidden| *hidden > 0)
        {
            note(format!("… and {} more; --json tells more", count(hidden as u64)));
        }
        let mut table = Rows::new(&["rollup", ">taken", ">taken before", ">refused"]);
        table.push([&self.rollup, &count(told.taken), &count(told.again), &count(told.refused)]);
        output.table(&table)
    }
}

/// Who took a trade, by the side that a program has written.
pub(super) fn taker(side: &str) -> String {
    match side.to_ascii_lowercase().as_str() {
        "buy" | "b" | "bid" => "buyer".to_owned(),
        "sell" | "s" | "ask" => "seller".to_owned(),
        other => other.to_owned(),
    }
}

/// A number as decimal text, also where a program has written `2e-6`: exactly, or as it is.
fn plain(text: String) -> String {
    let is_scientific = text.bytes().any(|byte| byte.eq_ignore_ascii_case(&b'e'));
    let number = if is_scientific { Decimal::from_scientific(&text).ok() } else { None };
    number.map_or(text, |number| number.to_string())
}

/// What is read of a file.
enum Part {
    Row(Row),
    Batch(RecordBatch),
}

type Parts = Box<dyn Iterator<Item = Result<Part, Failure>>>;

/// Trades on their way.
struct Giving<'a> {
    thalium: &'a Thalium,
    call: IngestTrades,
    /// How many rows were given before.
    first: u64,
    told: IngestReport,
}

impl Giving<'_> {
    fn read(&self) -> u64 {
        self.first + self.call.trades.len() as u64
    }

    fn push(&mut self, trade: TradeRow) -> Result<(), Failure> {
        self.call.trades.push(trade);
        if self.call.trades.len() >= AT_A_TIME { self.give() } else { Ok(()) }
    }

    /// Gives what is there.
    fn give(&mut self) -> Result<(), Failure> {
        let given = self.thalium.ingest_trades(&self.call);
        self.tell(given, self.call.trades.len() as u64)?;
        self.call.trades.clear();
        Ok(())
    }

    /// Gives a batch.
    fn give_batch(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let (rollup, bad) = (&self.call.rollup, self.call.bad_rows.unwrap_or_default());
        let batches = std::slice::from_ref(batch);
        let given = self.thalium.ingest_batches(rollup, batches, bad.into());
        self.tell(given, batch.num_rows() as u64)
    }

    /// Takes down what has become of so many rows, which are counted from one.
    fn tell(
        &mut self,
        given: Result<IngestReport, thalium_host::Error>,
        rows: u64,
    ) -> Result<(), Failure> {
        let report = given.map_err(|error| match error {
            thalium_host::Error::Invalid(fault) => {
                Failure::usage(self.placed(&fault.field, &fault.message))
            }
            error => error.into(),
        })?;
        let numbered = report
            .faults
            .into_iter()
            .map(|fault| RowFaultView { row: self.first + fault.row + 1, ..fault });
        self.told.faults.extend(numbered.take(FAULTS.saturating_sub(self.told.faults.len())));
        self.told.taken += report.taken;
        self.told.again += report.again;
        self.told.refused += report.refused;
        self.first += rows;
        Ok(())
    }

    /// What is wrong with a row, by its place in the file.
    fn placed(&self, field: &str, message: &str) -> String {
        let row = field.strip_prefix("trades[").and_then(|rest| rest.split_once("]."));
        match row.and_then(|(row, field)| Some((row.parse::<u64>().ok()?, field))) {
            Some((row, field)) => format!("row {}, {field}: {message}", self.first + row + 1),
            None => format!("{field}: {message}"),
        }
    }
}
