//! `thalium rollup query | symbols | changes | export | plot`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use thalium_host::Thalium;
use thalium_host::api::rollup::{ChangeQuery, KlineQuery, KlineView, SymbolQuery};
use thalium_host::tables::{Form, Table, Writer, kline_row};

use super::{chart, picture};
use crate::commands::export::FormName;
use crate::commands::{check_span, instant, last_instant};
use crate::failure::Failure;
use crate::output::{Rows, count, money, note, spinner};
use crate::session::Global;

/// So many candles are asked for at a time.
const PAGE: u32 = 10_000;

/// Which candles.
#[derive(Args, Debug)]
pub(crate) struct Which {
    /// The rollup
    rollup: String,
    /// The symbol
    symbol: String,
    /// The width: one of the rollup's levels, such as 1h
    width: String,
    /// Candles that begin then or later: a date, RFC 3339 or nanoseconds since 1970
    #[arg(long, value_name = "TIME", value_parser = instant)]
    from: Option<i64>,
    /// Candles that begin not later than this, or on this date
    #[arg(long, value_name = "TIME", value_parser = last_instant)]
    to: Option<i64>,
    /// Also the buckets between in which nothing has happened
    #[arg(long)]
    fill: bool,
}

impl Which {
    fn query(&self, limit: u32) -> Result<KlineQuery, Failure> {
        check_span(self.from, self.to)?;
        Ok(KlineQuery {
            rollup: self.rollup.clone(),
            symbol: self.symbol.clone(),
            width: self.width.clone(),
            from: self.from.map(|from| from.max(1).to_string()),
            to: self.to.map(|to| to.saturating_add(1).to_string()),
            limit: Some(limit),
            fill: self.fill,
        })
    }

    /// All candles, page by page.
    fn each(
        &self,
        thalium: &Thalium,
        mut take: impl FnMut(KlineView) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut query = self.query(PAGE)?;
        query.from = query.from.or_else(|| Some("1".to_owned()));
        loop {
            let page = thalium.klines(&query)?;
            page.klines.into_iter().try_for_each(&mut take)?;
            match page.next {
                Some(next) => query.from = Some(next),
                None => return Ok(()),
            }
        }
    }
}

/// Show the candles of a symbol
#[derive(Args, Debug)]
#[command(after_help = "\
Without --from, the newest are shown.

Examples:
  thalium rollup query klines BTC-USD 1h
  thalium rollup query klines BTC-USD 1d --from 2026-01-01 --to 2026-03-31 --csv")]
pub(crate) struct Query {
    #[command(flatten)]
    which: Which,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Query {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let page = global.open_to_read()?.klines(&self.which.query(self.limit)?)?;
        let output = global.output();
        if output.json {
            page.klines.iter().try_for_each(|kline| output.json(kline))?;
        } else {
            let mut table = Rows::new(&[
                "start",
                ">open",
                ">high",
                ">low",
                ">close",
                ">volume",
                ">turnover",
                ">average",
                ">trades",
                "state",
            ]);
            let amount = |text: String| if self.csv { text } else { money(&text) };
            for kline in page.klines {
                let state = state(&kline);
                table.push([
                    kline.start,
                    amount(kline.open),
                    amount(kline.high),
                    amount(kline.low),
                    amount(kline.close),
                    amount(kline.volume),
                    amount(kline.turnover),
                    kline.average.map(amount).unwrap_or_default(),
                    if self.csv { kline.trades.to_string() } else { count(kline.trades) },
                    state,
                ]);
            }
            output.listed(&table, self.csv, "no candles")?;
        }
        if let Some(next) = page.next {
            note(format!("more: --from {next}"));
        }
        Ok(())
    }
}

/// What is said of a candle besides its numbers.
pub(super) fn state(kline: &KlineView) -> String {
    match (kline.closed, kline.revision) {
        (false, _) => "open".to_owned(),
        (true, 0) => String::new(),
        (true, revision) => format!("revision {revision}"),
    }
}

/// List the symbols of a rollup, with their newest prices
#[derive(Args, Debug)]
pub(crate) struct Symbols {
    /// The rollup
    rollup: String,
    /// Behind the page that ended with this symbol
    #[arg(long, value_name = "SYMBOL")]
    after: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Symbols {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let (rollup, after) = (self.rollup.clone(), self.after.clone());
        let query = SymbolQuery { rollup, after, limit: Some(self.limit) };
        let page = global.open_to_read()?.list_symbols(&query)?;
        let output = global.output();
        if output.json {
            page.symbols.iter().try_for_each(|symbol| output.json(symbol))?;
        } else {
            let mut table = Rows::new(&["symbol", ">price", "at", "watermark"]);
            for symbol in page.symbols {
                table.push([
                    symbol.symbol,
                    symbol.price.unwrap_or_default(),
                    symbol.at.unwrap_or_default(),
                    symbol.watermark,
                ]);
            }
            output.listed(&table, self.csv, "no symbols")?;
        }
        if let Some(next) = page.next {
            note(format!("more: --after {next}"));
        }
        Ok(())
    }
}

/// Show what has become of a rollup: which buckets were closed and changed, and which trades were not taken
#[derive(Args, Debug)]
pub(crate) struct Changes {
    /// The rollup
    rollup: String,
    /// Behind the change of this number
    #[arg(long, value_name = "NUMBER")]
    after: Option<u64>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Changes {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let (rollup, after) = (self.rollup.clone(), self.after);
        let query = ChangeQuery { rollup, after, limit: Some(self.limit) };
        let page = global.open_to_read()?.rollup_changes(&query)?;
        let output = global.output();
        if page.lost > 0 {
            note(format!("{} changes before these are not kept any more", count(page.lost)));
        }
        if output.json {
            return page.changes.iter().try_for_each(|change| output.json(change));
        }
        let mut table =
            Rows::new(&[">number", "kind", "symbol", "width", "time", ">revision", "id", "cause"]);
        let is_full = u32::try_from(page.changes.len()) == Ok(self.limit);
        for change in page.changes {
            table.push([
                change.number.to_string(),
                change.kind,
                change.symbol,
                change.width.unwrap_or_default(),
                change.start.or(change.at).unwrap_or_default(),
                change.revision.map(|revision| revision.to_string()).unwrap_or_default(),
                change.id.unwrap_or_default(),
                change.cause.unwrap_or_default(),
            ]);
        }
        output.listed(&table, self.csv, "no changes")?;
        if is_full {
            note(format!("more: --after {}", page.next));
        }
        Ok(())
    }
}

/// Write the candles of a symbol as CSV, JSON lines or Parquet
#[derive(Args, Debug)]
#[command(after_help = "\
Prices and quantities are decimal text, exactly.

Example:
  thalium rollup export klines BTC-USD 1h candles.parquet --from 2026-01-01")]
pub(crate) struct Export {
    #[command(flatten)]
    which: Which,
    /// The file, .csv, .jsonl or .parquet; `-` for standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The form [default: by the file's extension; csv on standard output]
    #[arg(long, value_enum)]
    form: Option<FormName>,
}

impl Export {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        // What is wrong with the question is told before a file is made.
        thalium.klines(&self.which.query(1)?)?;
        if self.file == Path::new("-") {
            let form = FormName::of_stream(self.form);
            return self.write(&thalium, form, io::stdout()).map(drop);
        }
        let form = FormName::of(self.form, &self.file)?;
        let failed = |error: io::Error| {
            Failure::Output(format!("cannot write `{}`: {error}", self.file.display()))
        };
        let file = BufWriter::new(File::create(&self.file).map_err(failed)?);
        let rows = self.write(&thalium, form, file)?;
        note(format!("{} rows in {}", count(rows), self.file.display()));
        Ok(())
    }

    fn write(&self, thalium: &Thalium, form: Form, to: impl Write + Send) -> Result<u64, Failure> {
        let told = |error: thalium_host::tables::WriteError| {
            Failure::from(thalium_host::Error::from(error))
        };
        let mut writer = Writer::new(Table::Klines, form, to).map_err(told)?;
        let progress = spinner("{spinner} {pos} candles, {per_sec}");
        let mut rows = 0;
        self.which.each(thalium, |kline| {
            rows += 1;
            progress.set_position(rows);
            writer.write(&kline_row(&self.which.symbol, &self.which.width, &kline)).map_err(told)
        })?;
        progress.finish_and_clear();
        writer.finish().map_err(told)?.flush()?;
        Ok(rows)
    }
}

/// Draw the candles of a symbol: in the terminal, or as a picture
#[derive(Args, Debug)]
#[command(after_help = "\
Without --from, the newest are drawn.

Examples:
  thalium rollup plot klines BTC-USD 1h
  thalium rollup plot klines BTC-USD 1d year.svg --from 2026-01-01")]
pub(crate) struct Plot {
    #[command(flatten)]
    which: Which,
    /// The picture, .svg or .png [default: the terminal]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// At most so many candles [default: as many as fit in the terminal; 200 in a picture]
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
}

impl Plot {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let fits = if self.file.is_some() { 200 } else { chart::width() };
        let query = self.which.query(self.limit.unwrap_or(fits))?;
        let page = global.open_to_read()?.klines(&query)?;
        let title = format!("{} {}", self.which.symbol, self.which.width);
        let output = global.output();
        if page.klines.is_empty() {
            return Err(Failure::usage(format!("there are no candles of {title}")));
        }
        if let Some(file) = &self.file {
            picture::draw(file, &title, &page.klines)?;
            note(format!("{} candles in {}", page.klines.len(), file.display()));
            return Ok(());
        }
        output.line(chart::text(&title, &page.klines))
    }
}
