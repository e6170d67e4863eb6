//! What leaves as a table and comes again, beside the bare writing of the same cells and the bare booking of the same
//! commands.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::Instant;

use clap::Parser;
use thalium_benches::load::{BATCH, Batches, chart};
use thalium_benches::{Figure, millions, print};
use thalium_host::blnk::{Export, Options, Plan};
use thalium_host::tables::{Form, Row, commands, read};
use thalium_host::{Command, TableImport, Thalium, TransferQuery};

/// Export and import of tables, and of what Blnk holds
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Transfers, in thousands
    #[arg(long, default_value_t = 500)]
    thousands: u64,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let directory = tempfile::tempdir()?;
    let t = Thalium::open("memory:")?;
    let mut batches = Batches::new(2_000_000);
    for request in chart() {
        t.wait(t.send_request(&request)?)?;
    }
    for _ in 0..(arguments.thousands * 1_000).div_ceil(BATCH) {
        t.wait(t.send_request(&batches.batch())?)?;
    }

    let mut figures = Vec::new();
    let accounts = directory.path().join("accounts.jsonl");
    t.export_accounts(Form::JsonLines, BufWriter::new(File::create(&accounts)?), |_| ())?;
    for (name, form) in
        [("CSV", Form::Csv), ("JSON lines", Form::JsonLines), ("Parquet", Form::Parquet)]
    {
        let transfers = directory.path().join("transfers");
        let mut count = 0;
        let start = Instant::now();
        let stream = BufWriter::with_capacity(1 << 20, File::create(&transfers)?);
        t.export_transfers(&TransferQuery::default(), form, stream, |done| count = done)?;
        let rate = millions(count, start.elapsed());
        figures.push(Figure::limit(format!("export, {name}"), rate, "M transfers/s"));
        let size = transfers.metadata()?.len() as f64 / count as f64;
        figures.push(Figure::limit("  size", size, "bytes/transfer"));

        let start = Instant::now();
        let rows: Vec<Row> = read(&transfers, form)?.collect::<std::result::Result<_, _>>()?;
        let rate = millions(count, start.elapsed());
        figures.push(Figure::limit(format!("read, {name}"), rate, "M transfers/s"));
        if form == Form::Csv {
            let bare = millions(count, bare_csv(&transfers, &directory.path().join("bare"))?);
            figures.push(Figure::limit(
                "  limit: csv reads and writes the cells",
                bare,
                "M transfers/s",
            ));
            figures.extend(import(&accounts, &rows)?);
        }
    }
    figures.push(blnk(arguments.thousands * 1_000)?);
    print(&figures, arguments.json);
    Ok(())
}

/// The library alone, over the same cells.
fn bare_csv(from: &Path, to: &Path) -> Result<std::time::Duration> {
    let start = Instant::now();
    let mut writer = csv::Writer::from_path(to)?;
    for record in csv::Reader::from_path(from)?.into_byte_records() {
        writer.write_byte_record(&record?)?;
    }
    writer.flush()?;
    Ok(start.elapsed())
}

/// Rows into a fresh ledger, beside the same commands ready-made.
fn import(accounts: &Path, rows: &[Row]) -> Result<[Figure; 3]> {
    let accounts: Vec<Row> =
        read(accounts, Form::JsonLines)?.collect::<std::result::Result<_, _>>()?;
    let count = rows.len() as u64;
    let t = Thalium::open("memory:")?;
    t.import_accounts(&accounts)?;
    let mut told = TableImport::default();
    let start = Instant::now();
    t.import_transfers(rows, 0, &mut told)?;
    let imported = millions(count, start.elapsed());
    if told.booked != count || !t.compare_accounts(&accounts)?.is_empty() {
        return Err(format!("{} of {count} were booked", told.booked).into());
    }

    let bare = Thalium::open("memory:")?;
    bare.import_accounts(&accounts)?;
    let ready = rows.iter().map(|row| Ok(commands::transfer(row)?.command));
    let ready: Vec<Command> =
        ready.collect::<std::result::Result<Vec<_>, String>>()?.into_iter().flatten().collect();
    let start = Instant::now();
    for batch in ready.chunks(8_190) {
        bare.submit(batch)?;
    }
    let limit = millions(count, start.elapsed());
    Ok([
        Figure::limit("import into memory, rows of CSV", imported, "M transfers/s"),
        Figure::limit("  limit: the same commands, ready-made", limit, "M transfers/s"),
        Figure::limit("  share of the limit", imported / limit, "of 1"),
    ])
}

/// A ledger of Blnk's with two balances, from its JSON to compared balances.
fn blnk(count: u64) -> Result<Figure> {
    let balance = |id: &str, credit: u64, debit: u64| {
        format!(
            r#"{{"balance_id":"{id}","currency":"USD","created_at":"2026-07-01T08:00:00Z","credit_balance":{credit},"debit_balance":{debit}}}"#
        )
    };
    let balances =
        format!("[{},{}]", balance("bln_a", 0, 5 * count), balance("bln_b", 5 * count, 0));
    let transaction = |n: u64| {
        format!(
            r#"{{"transaction_id":"txn_{n}","reference":"ref_{n}","status":"APPLIED","source":"bln_a","destination":"bln_b","currency":"USD","precision":100,"precise_amount":5,"created_at":"2026-07-01T09:00:00.{n:09}Z"}}"#
        )
    };
    let transactions: Vec<String> = (0..count).map(transaction).collect();
    let transactions = format!("[{}]", transactions.join(","));
    let t = Thalium::open("memory:")?;
    let start = Instant::now();
    let export = Export::from_json(b"[]", balances.as_bytes(), transactions.as_bytes(), b"[]")?;
    let differences = t.import_blnk(&Plan::of(&export, &Options::default()), |_| ())?;
    let rate = millions(count, start.elapsed());
    match differences.first() {
        None => Ok(Figure::limit("import of Blnk's into memory, from JSON", rate, "M transfers/s")),
        Some(first) => Err(format!("{} differences; first: {first:?}", differences.len()).into()),
    }
}
