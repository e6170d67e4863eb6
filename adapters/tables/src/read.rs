//! Reading rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::{Form, parquet};

/// The most bytes of a row of CSV or JSON.
const ROW_MAX: u64 = 1 << 20;
/// Rows of a batch of Parquet: what is in memory at a time.
const BATCH: usize = 1 << 17;
/// Bytes of CSV that are read ahead.
const CSV_BUFFER: usize = 1 << 16;

/// A row: texts by the names of the columns, without those that say nothing.
pub type Row = BTreeMap<String, String>;

/// A table that cannot be read: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{file}`{}: {why}", place(*row))]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// Which row, from one; zero for the file as a whole.
    pub row: u64,
    /// What is wrong.
    pub why: String,
}

fn place(row: u64) -> String {
    if row == 0 { String::new() } else { format!(", row {row}") }
}

/// Reads the rows of a table; ends behind the first that cannot be read.
///
/// # Errors
/// A file that cannot be opened, or is no table.
pub fn read(
    path: &Path,
    form: Form,
) -> Result<impl Iterator<Item = Result<Row, ReadError>> + use<>, ReadError> {
    let file = path.display().to_string();
    let told = |row: u64, why: String| ReadError { file: file.clone(), row, why };
    let opened = File::open(path).map_err(|error| told(0, error.to_string()))?;
    let rows: Rows = match form {
        Form::Parquet => Box::new(parquet::read(opened).map_err(|why| told(0, why))?),
        Form::Csv => csv_rows(opened).map_err(|why| told(0, why))?,
        Form::JsonLines => Box::new(json_rows(opened)),
    };
    let mut ended = false;
    Ok((1..).zip(rows).map_while(move |(number, row)| {
        if ended {
            return None;
        }
        ended = row.is_err();
        Some(row.map_err(|why| ReadError { file: file.clone(), row: number, why }))
    }))
}

/// Reads a Parquet file with the types that it has: its columns, and its rows in batches.
///
/// # Errors
/// A file that cannot be opened, or is no Parquet.
pub fn read_batches(
    path: &Path,
) -> Result<(SchemaRef, impl Iterator<Item = Result<RecordBatch, ReadError>> + use<>), ReadError> {
    let file = path.display().to_string();
    let opened = File::open(path).map_err(|error| error.to_string());
    match opened.and_then(|opened| parquet::read_batches(opened, BATCH)) {
        Ok((schema, batches)) => {
            let told = move |why: String| ReadError { file: file.clone(), row: 0, why };
            Ok((schema, batches.map(move |batch| batch.map_err(&told))))
        }
        Err(why) => Err(ReadError { file, row: 0, why }),
    }
}

type Rows = Box<dyn Iterator<Item = Result<Row, String>>>;

/// The rows of a text in CSV, the first of which names the columns.
///
/// # Errors
/// A first row that cannot be read.
pub fn csv_rows(stream: impl Read + 'static) -> Result<Rows, String> {
    let bounded = Bounded { stream, left: ROW_MAX };
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(CSV_BUFFER).from_reader(bounded);
    let names = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut record = csv::StringRecord::new();
    Ok(Box::new(std::iter::from_fn(move || {
        reader.get_mut().left = ROW_MAX;
        match reader.read_record(&mut record) {
            Ok(false) => None,
            Err(error) => Some(Err(error.to_string())),
            Ok(true) => {
                let cells = names.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
                Some(Ok(cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()))
            }
        }
    })))
}

/// A stream that gives no row more than its bytes: a quotation mark without its partner would take in the whole file.
struct Bounded<R> {
    stream: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(std::io::Error::other(format!("a row has more than {ROW_MAX} bytes")));
        }
        let read = self.stream.read(buffer)?;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// The rows of a text in JSON lines.
pub fn json_rows(stream: impl Read) -> impl Iterator<Item = Result<Row, String>> {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    std::iter::from_fn(move || {
        loop {
            line.clear();
            match stream.by_ref().take(ROW_MAX + 1).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Err(error) => return Some(Err(error.to_string())),
                Ok(_) if line.len() as u64 > ROW_MAX => {
                    return Some(Err(format!("has more than {ROW_MAX} bytes")));
                }
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => return Some(json_row(&line)),
            }
        }
    })
}

fn json_row(line: &[u8]) -> Result<Row, String> {
    let object: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let mut row = Row::new();
    for (name, value) in object {
        let text = match value {
            serde_json::Value::Null => continue,
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(number) if number.is_u64() => number.to_string(),
            other => return Err(format!("{name}: `{other}` is neither text nor a whole number")),
        };
        row.insert(name, text);
    }
    Ok(row)
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
