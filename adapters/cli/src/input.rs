//! Reads commands from JSON lines or CSV, line by line: a line that cannot be read is told with its line and field,
//! and stops no other.

mod csv_row;
mod lines;

use std::io::BufRead;

use clap::ValueEnum;
use thalium_host::Command;
use thalium_host::wire::{self, Unreadable};

use lines::{Lines, Raw};

/// The form of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object per line, `{"op":"post",…}`.
    Jsonl,
    /// Comma-separated values under a header.
    Csv,
}

impl Format {
    /// The form that a file's name tells.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// A line of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number, from one.
    pub(crate) number: u64,
    /// Its bytes, with the end of the line.
    pub(crate) bytes: u64,
    /// What it says.
    pub(crate) command: Result<Command, Unreadable>,
}

/// Reads commands from a stream.
#[derive(Debug)]
pub(crate) struct Reader<R> {
    lines: Lines<R>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Jsonl,
    Csv { header: Option<csv_row::Header> },
}

impl<R: BufRead> Reader<R> {
    /// A reader of a stream in a form.
    pub(crate) fn new(stream: R, format: Format) -> Self {
        let kind = match format {
            Format::Jsonl => Kind::Jsonl,
            Format::Csv => Kind::Csv { header: None },
        };
        Self { lines: Lines::new(stream), kind }
    }

    /// The next line that is not blank; `None` at the end.
    ///
    /// # Errors
    /// A stream that cannot be read, or a CSV header that makes no sense: then no line can be read.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line>, Unreadable> {
        loop {
            let Some(raw) = self
                .lines
                .next_raw()
                .map_err(|error| Unreadable::new("", format!("cannot be read: {error}")))?
            else {
                return Ok(None);
            };
            let Raw { number, bytes, text } = raw;
            let text = text.map_err(|message| Unreadable::new("", message));
            if text.as_ref().is_ok_and(|text| text.trim().is_empty()) {
                continue;
            }
            let command = match &mut self.kind {
                Kind::Jsonl => text.and_then(wire::command),
                Kind::Csv { header: header @ None } => {
                    *header = Some(csv_row::Header::read(text?)?);
                    continue;
                }
                Kind::Csv { header: Some(header) } => text.and_then(|text| header.command(text)),
            };
            return Ok(Some(Line { number, bytes, command }));
        }
    }
}

/// An excerpt of what was found, for an error.
fn short(text: &str) -> String {
    text.chars().take(64).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
