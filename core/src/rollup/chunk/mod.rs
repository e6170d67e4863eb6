//! Chunks: columns of a series as bytes, a few of them for each row.
//!
//! Numbers that grow evenly, as times do, are kept as the differences of their differences; what all have as a factor is kept once, as the
//! thousandfold of a millisecond; what is left is cut into blocks, each with as many bits a number as its own need. `docs/series.md` writes
//! a chunk down byte by byte.

mod ints;

use std::borrow::Cow;

use self::ints::Reader;

/// A chunk has at most so many rows.
pub const ROWS: usize = 1 << 16;
/// A chunk has at most so many columns.
pub const COLUMNS: usize = 64;
/// A text is at most so many bytes long.
pub const TEXT: usize = 1_024;

const MAGIC: [u8; 4] = *b"ThCk";
const VERSION: u8 = 1;
const HEAD: usize = 10;

/// A column of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// Whole numbers: times, prices in smallest units.
    Ints(Vec<i64>),
    /// Amounts that do not fit them.
    Wide(Vec<u128>),
    /// Texts by a dictionary: each one once, and of each row its place among them.
    Texts {
        /// The texts.
        texts: Vec<String>,
        /// Of each row the place of its text.
        rows: Vec<u32>,
    },
}

impl Column {
    /// How many rows it has.
    #[must_use]
    pub const fn rows(&self) -> usize {
        match self {
            Self::Ints(rows) => rows.len(),
            Self::Wide(rows) => rows.len(),
            Self::Texts { rows, .. } => rows.len(),
        }
    }
}

/// A column of a chunk that is to be.
#[derive(Clone, Debug)]
pub(in crate::rollup) enum Part<'a> {
    Ints(Cow<'a, [i64]>),
    Wide(&'a [u128]),
    Texts { texts: Vec<&'a str>, rows: &'a [u32] },
}

impl<'a> Part<'a> {
    /// Amounts, as numbers of 64 bits where all fit.
    pub(in crate::rollup) fn amounts(rows: &'a [u128]) -> Self {
        let narrow: Option<Vec<i64>> =
            rows.iter().map(|units| i64::try_from(*units).ok()).collect();
        narrow.map_or(Self::Wide(rows), |rows| Self::Ints(rows.into()))
    }

    fn of(column: &'a Column) -> Self {
        match column {
            Column::Ints(rows) => Self::Ints(rows.into()),
            Column::Wide(rows) => Self::Wide(rows),
            Column::Texts { texts, rows } => {
                Self::Texts { texts: texts.iter().map(String::as_str).collect(), rows }
            }
        }
    }

    fn rows(&self) -> usize {
        match self {
            Self::Ints(rows) => rows.len(),
            Self::Wide(rows) => rows.len(),
            Self::Texts { rows, .. } => rows.len(),
        }
    }
}

/// Columns that are no chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// More rows or columns than a chunk has, or columns of different lengths.
    #[error(
        "a chunk has up to {ROWS} rows and {COLUMNS} columns of one length, not {rows} and {columns}"
    )]
    Size {
        /// How many rows the longest has.
        rows: usize,
        /// How many columns.
        columns: usize,
    },
    /// A text that is too long, or a row that names none.
    #[error(
        "column {column}: a text is longer than {TEXT} bytes, or row {row} names one that is not there"
    )]
    Text {
        /// Which.
        column: usize,
        /// Which text or row, from zero.
        row: usize,
    },
    /// Bytes that no chunk has.
    #[error("the bytes are no chunk: {what} at byte {at}; it is damaged, or of a newer version")]
    Damaged {
        /// Where.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
}

/// Columns as bytes.
///
/// ```
/// use thalium::rollup::{Column, decode_chunk, encode_chunk};
///
/// let minute = 60_000_000_000;
/// let times: Vec<i64> = (0..1_000).map(|n| n * minute).collect();
/// let prices: Vec<i64> = (0..1_000).map(|n| 4_000_000 + n % 7).collect();
/// let columns = [Column::Ints(times), Column::Ints(prices)];
/// let bytes = encode_chunk(&columns)?;
/// assert!(bytes.len() < 500, "half a byte a row: {}", bytes.len());
/// assert_eq!(decode_chunk(&bytes)?, columns);
/// # Ok::<(), thalium::rollup::ChunkError>(())
/// ```
///
/// # Errors
/// Too many rows or columns, columns of different lengths, a text that is too long, a row that names none.
pub fn encode(columns: &[Column]) -> Result<Vec<u8>, ChunkError> {
    encode_parts(&columns.iter().map(Part::of).collect::<Vec<_>>())
}

/// As [`encode`], of columns that stand elsewhere.
pub(in crate::rollup) fn encode_parts(columns: &[Part<'_>]) -> Result<Vec<u8>, ChunkError> {
    let rows = columns.iter().map(Part::rows).max().unwrap_or(0);
    let size = ChunkError::Size { rows, columns: columns.len() };
    if rows > ROWS || columns.len() > COLUMNS || columns.iter().any(|column| column.rows() != rows)
    {
        return Err(size);
    }
    let mut bytes = Vec::new();
    bytes.extend(MAGIC);
    bytes.extend([VERSION, u8::try_from(columns.len()).map_err(|_| size)?]);
    bytes.extend(u32::try_from(rows).map_err(|_| size)?.to_le_bytes());
    for (index, column) in columns.iter().enumerate() {
        let kind = match column {
            Part::Ints(_) => 1,
            Part::Wide(_) => 2,
            Part::Texts { .. } => 3,
        };
        bytes.push(kind);
        let head = bytes.len();
        bytes.extend([0; 4]);
        match column {
            Part::Ints(rows) => ints::encode(&mut bytes, rows),
            Part::Wide(rows) => wide(&mut bytes, rows),
            Part::Texts { texts, rows } => self::texts(&mut bytes, index, texts, rows)?,
        }
        let length = u32::try_from(bytes.len() - head - 4).map_err(|_| size)?;
        if let Some(own) = bytes.get_mut(head..head + 4) {
            own.copy_from_slice(&length.to_le_bytes());
        }
    }
    Ok(bytes)
}

/// The columns of a chunk.
///
/// # Errors
/// Bytes that no chunk has: where, and what is wrong there.
pub fn decode(bytes: &[u8]) -> Result<Vec<Column>, ChunkError> {
    let mut reader = Reader::new(bytes);
    if reader.take(4)? != MAGIC || reader.byte()? != VERSION {
        return Err(ChunkError::Damaged { at: 0, what: "no chunk of version 1 begins" });
    }
    let columns = usize::from(reader.byte()?);
    let rows = reader.length("rows")?;
    if rows > ROWS || columns > COLUMNS {
        return Err(ChunkError::Size { rows, columns });
    }
    debug_assert_eq!(reader.at(), HEAD);
    let mut found = Vec::with_capacity(columns);
    for _ in 0..columns {
        let kind = reader.byte()?;
        let length = reader.length("a column")?;
        let mut body = reader.part(length)?;
        found.push(match kind {
            1 => Column::Ints(ints::decode(&mut body, rows)?),
            2 => {
                let high = ints::decode(&mut body, rows)?;
                let low = ints::decode(&mut body, rows)?;
                let word = |value: i64| u128::from(value.cast_unsigned());
                let both = |(high, low): (i64, i64)| word(high) << 64 | word(low);
                Column::Wide(high.into_iter().zip(low).map(both).collect())
            }
            3 => read_texts(&mut body, rows)?,
            _ => return Err(body.damaged("a column of no known kind")),
        });
        body.end()?;
    }
    reader.end()?;
    Ok(found)
}

/// The upper and the lower half of each.
fn wide(bytes: &mut Vec<u8>, rows: &[u128]) {
    let word = |value: u128| u64::try_from(value & u128::from(u64::MAX)).unwrap_or(0).cast_signed();
    ints::encode(bytes, &rows.iter().map(|row| word(row >> 64)).collect::<Vec<_>>());
    ints::encode(bytes, &rows.iter().map(|row| word(*row)).collect::<Vec<_>>());
}

fn texts(
    bytes: &mut Vec<u8>,
    column: usize,
    texts: &[&str],
    rows: &[u32],
) -> Result<(), ChunkError> {
    let error = |row| ChunkError::Text { column, row };
    let is_none = |row: &u32| usize::try_from(*row).map_or(true, |row| row >= texts.len());
    if let Some(row) = rows.iter().position(is_none) {
        return Err(error(row));
    }
    bytes.extend(u32::try_from(texts.len()).map_err(|_| error(ROWS))?.to_le_bytes());
    for (index, text) in texts.iter().enumerate() {
        if text.len() > TEXT || index >= ROWS {
            return Err(error(index));
        }
        bytes.extend(u16::try_from(text.len()).map_err(|_| error(index))?.to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    ints::encode(bytes, &rows.iter().map(|row| i64::from(*row)).collect::<Vec<_>>());
    Ok(())
}

fn read_texts(body: &mut Reader<'_>, rows: usize) -> Result<Column, ChunkError> {
    let count = body.length("texts")?;
    if count > ROWS {
        return Err(body.damaged("too many texts"));
    }
    let mut texts = Vec::new();
    for _ in 0..count {
        let length =
            body.take(2)?.first_chunk().map_or(0, |bytes| usize::from(u16::from_le_bytes(*bytes)));
        let text = body.take(length)?;
        let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= TEXT);
        texts.push(text.ok_or_else(|| body.damaged("a text that is none"))?.to_owned());
    }
    let rows = ints::decode(body, rows)?;
    let names = |row: &u32| usize::try_from(*row).is_ok_and(|row| row < count);
    let place = |row: &i64| u32::try_from(*row).ok().filter(names);
    let rows: Option<Vec<u32>> = rows.iter().map(place).collect();
    let rows = rows.ok_or_else(|| body.damaged("a row that names no text"))?;
    Ok(Column::Texts { texts, rows })
}

#[cfg(test)]
#[path = "chunk_tests.rs"]
mod tests;
