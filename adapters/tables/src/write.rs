//! Writing rows.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::Form;
use crate::parquet::ParquetRows;
use crate::table::{Cell, Column, Table};

/// A table that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The stream fails.
    #[error(transparent)]
    Stream(#[from] io::Error),
    /// A count has more digits than a decimal of Parquet can have.
    #[error(
        "row {row}: {column} has more than 38 digits, which the decimals of Arrow and Parquet cannot hold: write CSV or JSON lines"
    )]
    Digits {
        /// Which row, from one.
        row: u64,
        /// In which column.
        column: &'static str,
    },
    /// The Parquet library refuses.
    #[error("cannot be written as Parquet: {0}")]
    Parquet(String),
}

/// Writes a table to a stream, row by row.
pub struct Writer<W: Write + Send> {
    columns: &'static [Column],
    form: Rows<W>,
}

enum Rows<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    JsonLines(W),
    Parquet(Box<ParquetRows<W>>),
}

impl<W: Write + Send> Writer<W> {
    /// Begins a table.
    ///
    /// # Errors
    /// A stream that fails.
    pub fn new(table: Table, form: Form, stream: W) -> Result<Self, WriteError> {
        let columns = table.columns();
        let form = match form {
            Form::Csv => {
                let mut writer = csv::Writer::from_writer(stream);
                writer.write_record(columns.iter().map(|column| column.name)).map_err(of_csv)?;
                Rows::Csv(Box::new(writer))
            }
            Form::JsonLines => Rows::JsonLines(stream),
            Form::Parquet => Rows::Parquet(Box::new(ParquetRows::new(table, stream)?)),
        };
        Ok(Self { columns, form })
    }

    /// Writes a row; its cells stand in the order of the table's columns.
    ///
    /// # Errors
    /// A stream that fails, or a count that the form cannot hold.
    pub fn write(&mut self, row: &[Cell]) -> Result<(), WriteError> {
        match &mut self.form {
            Rows::Csv(writer) => {
                writer.write_record(row.iter().map(Cell::to_text)).map_err(of_csv)?;
            }
            Rows::JsonLines(stream) => {
                let object = Object { columns: self.columns, row };
                serde_json::to_writer(&mut *stream, &object).map_err(io::Error::from)?;
                stream.write_all(b"\n")?;
            }
            Rows::Parquet(rows) => rows.write(row)?,
        }
        Ok(())
    }

    /// Ends the table, and gives the stream back.
    ///
    /// # Errors
    /// A stream that fails.
    pub fn finish(self) -> Result<W, WriteError> {
        match self.form {
            Rows::Csv(writer) => writer.into_inner().map_err(|error| error.into_error().into()),
            Rows::JsonLines(mut stream) => {
                stream.flush()?;
                Ok(stream)
            }
            Rows::Parquet(rows) => rows.finish(),
        }
    }
}

fn of_csv(error: csv::Error) -> WriteError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => io::Error::other(format!("{other:?}")).into(),
    }
}

/// A row as a JSON object, without the cells that say nothing.
struct Object<'a> {
    columns: &'static [Column],
    row: &'a [Cell],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (column, cell) in self.columns.iter().zip(self.row) {
            match cell {
                Cell::Nothing => {}
                Cell::Count(count) => map.serialize_entry(column.name, count)?,
                cell => map.serialize_entry(column.name, &cell.to_text())?,
            }
        }
        map.end()
    }
}
