//! A row of CSV as a command. A row is one line: quotes may hold commas, but no line breaks, so that a quote which is
//! not closed costs its own line and no other.

use serde_json::{Map, Value};
use thalium_host::Command;
use thalium_host::wire::{self, Unreadable};

use super::short;

/// The columns that hold numbers; all others hold text.
const COUNTS: &[&str] = &["timeout", "code", "user_data_64", "user_data_32"];
/// The columns that there are, beside `metadata.NAME`.
const COLUMNS: &[&str] = &[
    "op",
    "key",
    "id",
    "from",
    "to",
    "amount",
    "hold",
    "timeout",
    "description",
    "effective_date",
    "code",
    "user_data_128",
    "user_data_64",
    "user_data_32",
    "linked",
];

/// The names of the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    names: Vec<String>,
}

impl Header {
    /// Reads the header.
    pub(super) fn read(text: &str) -> Result<Self, Unreadable> {
        let mut names: Vec<String> = Vec::new();
        for name in &split(text)? {
            let name = name.trim().to_ascii_lowercase();
            let is_metadata = name.strip_prefix("metadata.").is_some_and(|rest| !rest.is_empty());
            if !is_metadata && !COLUMNS.contains(&name.as_str()) {
                let message = format!(
                    "is no column that is known: the header has some of {}, metadata.NAME",
                    COLUMNS.join(", ")
                );
                return Err(Unreadable::new(short(&name), message));
            }
            if names.contains(&name) {
                return Err(Unreadable::new(
                    name,
                    "stands twice in the header: keep one of the columns",
                ));
            }
            names.push(name);
        }
        Ok(Self { names })
    }

    /// Reads a row.
    pub(super) fn command(&self, text: &str) -> Result<Command, Unreadable> {
        let row = split(text)?;
        if row.len() != self.names.len() {
            let message = format!(
                "has {} fields, the header has {}: mind the commas",
                row.len(),
                self.names.len()
            );
            return Err(Unreadable::new("", message));
        }
        let mut object = Map::new();
        let mut metadata = Map::new();
        for (name, cell) in self.names.iter().zip(&row) {
            if cell.is_empty() {
                continue;
            }
            if let Some(name) = name.strip_prefix("metadata.") {
                metadata.insert(name.to_owned(), Value::String(cell.to_owned()));
            } else {
                object.insert(name.clone(), value(name, cell)?);
            }
        }
        if !metadata.is_empty() {
            object.insert("metadata".to_owned(), Value::Object(metadata));
        }
        object.entry("op").or_insert_with(|| Value::String("post".to_owned()));
        wire::from_object(object)
    }
}

fn value(name: &str, cell: &str) -> Result<Value, Unreadable> {
    if name == "linked" {
        return match cell {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(Unreadable::new(name, format!("`{}` is neither true nor false", short(cell)))),
        };
    }
    if COUNTS.contains(&name) {
        return cell.parse::<u64>().map(Value::from).map_err(|_| {
            Unreadable::new(
                name,
                format!("`{}` is no whole number: write digits only", short(cell)),
            )
        });
    }
    Ok(Value::String(cell.to_owned()))
}

fn split(text: &str) -> Result<csv::StringRecord, Unreadable> {
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 != 0 {
        return Err(Unreadable::new(
            "",
            "has a quote that is not closed; a row is one line, and a quote inside is doubled",
        ));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(text.len().clamp(64, 1 << 16))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(_) => Ok(record),
        Err(error) => Err(Unreadable::new("", format!("is no CSV: {error}"))),
    }
}
