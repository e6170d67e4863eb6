//! Everything that is printed goes through here: tables for people, JSON lines and CSV for machines.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;
use std::time::Duration;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use thalium_host::{Sample, Stage, Telemetry};

use crate::failure::Failure;

/// Which side of a column its text stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Text.
    Left,
    /// Money and counts.
    Right,
}

/// Rows under headers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    /// Columns by name; a name with `>` before it stands at the right.
    pub(crate) fn new(columns: &[&str]) -> Self {
        let column = |name: &&str| match name.strip_prefix('>') {
            Some(name) => (name.to_owned(), Align::Right),
            None => ((*name).to_owned(), Align::Left),
        };
        Self { columns: columns.iter().map(column).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(row.into_iter().map(Into::into).collect());
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table, without borders: two spaces between the columns, `indent` before them.
    fn text(&self, indent: usize) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        if self.columns.iter().any(|(name, _)| !name.is_empty()) {
            table.set_header(self.columns.iter().map(|(name, _)| name));
        }
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| one_line(cell)));
        }
        for (index, (_, align)) in self.columns.iter().enumerate() {
            if let Some(column) = table.column_mut(index) {
                column.set_padding((0, 2));
                if *align == Align::Right {
                    column.set_cell_alignment(CellAlignment::Right);
                }
            }
        }
        let margin = " ".repeat(indent);
        let lines: Vec<String> =
            table.lines().map(|line| format!("{margin}{}", line.trim_end())).collect();
        lines.join("\n")
    }
}

/// Where output goes, and in which form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// One JSON object per line.
    pub(crate) json: bool,
}

impl Output {
    /// A line for people.
    pub(crate) fn line(self, text: impl AsRef<str>) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", text.as_ref())?;
        Ok(())
    }

    /// A JSON object on a line of its own, handed on at once.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        write_json(&mut out, value)?;
        out.flush()?;
        Ok(())
    }

    /// A table for people.
    pub(crate) fn table(self, rows: &Rows) -> Result<(), Failure> {
        self.line(rows.text(0))
    }

    /// A table for people, set in.
    pub(crate) fn indented(self, rows: &Rows) -> Result<(), Failure> {
        self.line(rows.text(2))
    }

    /// The same rows as CSV.
    pub(crate) fn csv(self, rows: &Rows) -> Result<(), Failure> {
        let mut writer = csv::Writer::from_writer(io::stdout().lock());
        let header = rows.columns.iter().map(|(name, _)| name.replace(' ', "_"));
        writer.write_record(header).map_err(csv_failure)?;
        for row in &rows.rows {
            writer.write_record(row).map_err(csv_failure)?;
        }
        writer.flush()?;
        Ok(())
    }

    /// A table for people, or as CSV; `none` is said where it has no rows.
    pub(crate) fn listed(self, rows: &Rows, csv: bool, none: &str) -> Result<(), Failure> {
        match csv {
            true => self.csv(rows),
            false if rows.is_empty() => self.line(none),
            false => self.table(rows),
        }
    }

    /// Pairs of a name and a value, one below the other.
    pub(crate) fn pairs(self, pairs: &[(&str, String)]) -> Result<(), Failure> {
        let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in pairs {
            self.line(format!("{name:width$}  {}", one_line(value)))?;
        }
        Ok(())
    }
}

/// Something that matters to a person at the terminal, whatever the output is.
pub(crate) fn note(text: impl AsRef<str>) {
    // Nothing can be done if the error stream is closed.
    let _ = writeln!(io::stderr().lock(), "{}", text.as_ref());
}

/// Whether a person watches the error stream.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// A bar on the error stream, if a person watches it.
pub(crate) fn bar(size: u64, what: &str) -> ProgressBar {
    if size == 0 || !is_watched() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg}  {bar:40} {percent}%  {per_sec}  {eta} left");
    let bar = ProgressBar::new(size);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.with_message(what.to_owned())
}

/// Shows how far opening a store is, when it takes long enough for something to be shown.
#[derive(Debug, Default)]
pub(crate) struct Recovering(OnceLock<ProgressBar>);

impl Telemetry for Recovering {
    fn record(&self, sample: Sample) {
        let shown = || spinner("{spinner} {pos} events read again, {per_sec}");
        match (sample, self.0.get()) {
            (Sample::Recovered(events), _) => self.0.get_or_init(shown).set_position(events),
            (Sample::Took(Stage::Open, _), Some(bar)) => bar.finish_and_clear(),
            _ => {}
        }
    }
}

/// How far something has come whose end is not known, on the error stream, if a person watches it.
pub(crate) fn spinner(template: &str) -> ProgressBar {
    if !is_watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template(template);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Writes a value as one line of JSON.
pub(crate) fn write_json(out: &mut impl Write, value: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// A CSV writer's error is the stream's.
pub(crate) fn csv_failure(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Failure::usage(format!("cannot write CSV: {other:?}")),
    }
}

/// A count with thousands separated: `1,234,567`.
pub(crate) fn count(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A decimal text with the thousands of its whole part separated: `1,234.50`.
pub(crate) fn money(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let Ok(number) = whole.parse::<u128>() else { return text.to_owned() };
    fraction.map_or_else(
        || format!("{sign}{}", count(number)),
        |rest| format!("{sign}{}.{rest}", count(number)),
    )
}

/// Text from the books in a table: control characters must not reach a terminal.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
#[path = "output_tests.rs"]
mod tests;
