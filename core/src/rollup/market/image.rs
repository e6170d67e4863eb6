//! A market written out as chunks, and read again: so that it is there without all trades that it was made of.
//!
//! Four tables, one after another, each cut into chunks of up to 65,536 rows: a head of one row, the symbols, the buckets of each level,
//! the trades that are kept. `docs/series.md` names their columns.

use std::sync::Arc;

use super::{Market, Series, Trade};
use crate::money::Amount;
use crate::rollup::aggregate::{Quote, Volume};
use crate::rollup::{
    Bucket, Candle, ChunkError, Column, Late, ROWS, Rules, SYMBOL, Taker, decode_chunk,
    encode_chunk,
};

/// What is no image of a market of these rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarketImageError {
    /// A chunk that is none, or is not there.
    #[error("chunk {chunk}: {why}")]
    Chunk {
        /// Which, from zero.
        chunk: usize,
        /// What is wrong.
        why: ChunkError,
    },
    /// A chunk with other columns or rows than it is to have.
    #[error("chunk {chunk}: {what}; it is damaged, or of a market of other rules")]
    Content {
        /// Which, from zero.
        chunk: usize,
        /// What is wrong.
        what: &'static str,
    },
}

/// Rows of a table, as columns that grow.
struct Table {
    columns: Vec<Column>,
    rows: usize,
}

/// A value of a row.
enum Cell<'a> {
    Int(i64),
    Wide(u128),
    Text(&'a str),
}

impl Table {
    const EMPTY: Self = Self { columns: Vec::new(), rows: 0 };

    /// Adds a row; writes a chunk where it is full.
    fn push<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>, chunks: &mut Vec<Vec<u8>>) {
        for (index, cell) in cells.into_iter().enumerate() {
            if index >= self.columns.len() {
                self.columns.push(match cell {
                    Cell::Int(_) => Column::Ints(Vec::new()),
                    Cell::Wide(_) => Column::Wide(Vec::new()),
                    Cell::Text(_) => Column::Texts { texts: Vec::new(), rows: Vec::new() },
                });
            }
            match (self.columns.get_mut(index), cell) {
                (Some(Column::Ints(rows)), Cell::Int(value)) => rows.push(value),
                (Some(Column::Wide(rows)), Cell::Wide(value)) => rows.push(value),
                (Some(Column::Texts { texts, rows }), Cell::Text(text)) => {
                    rows.push(u32::try_from(texts.len()).unwrap_or(u32::MAX));
                    texts.push(text.to_owned());
                }
                // INVARIANT: every row of a table has the same cells.
                _ => {}
            }
        }
        self.rows += 1;
        if self.rows == ROWS {
            self.end(chunks);
        }
    }

    /// Writes what is left.
    fn end(&mut self, chunks: &mut Vec<Vec<u8>>) {
        let table = std::mem::replace(self, Self::EMPTY);
        if table.rows > 0 {
            // INVARIANT: a table has fewer columns, rows and bytes of text than a chunk may have.
            chunks.extend(encode_chunk(&table.columns));
        }
    }
}

/// Chunks that are read a row after another.
struct Rows<I> {
    chunks: I,
    /// Which one is read.
    chunk: usize,
    columns: Vec<Column>,
    row: usize,
    rows: usize,
    cell: usize,
}

impl<'a, I: Iterator<Item = &'a [u8]>> Rows<I> {
    const fn new(chunks: I) -> Self {
        Self { chunks, chunk: 0, columns: Vec::new(), row: 0, rows: 0, cell: 0 }
    }

    const fn error(&self, what: &'static str) -> MarketImageError {
        MarketImageError::Content { chunk: self.chunk.saturating_sub(1), what }
    }

    /// Goes on to the next row of a table with so many columns.
    fn next(&mut self, columns: usize) -> Result<(), MarketImageError> {
        (self.row, self.cell) = (self.row + 1, 0);
        if self.row < self.rows {
            return Ok(());
        }
        let bytes = self.chunks.next().ok_or(self.error("the next chunk is not there"))?;
        let chunk = self.chunk;
        self.columns = decode_chunk(bytes).map_err(|why| MarketImageError::Chunk { chunk, why })?;
        self.chunk += 1;
        (self.row, self.rows) = (0, self.columns.first().map_or(0, Column::rows));
        if self.columns.len() == columns && self.rows > 0 {
            Ok(())
        } else {
            Err(self.error("other columns than there are to be"))
        }
    }

    /// All rows of a table have been read.
    fn end(&mut self) -> Result<(), MarketImageError> {
        if self.row + 1 < self.rows {
            return Err(self.error("more rows than there are to be"));
        }
        (self.row, self.rows) = (0, 0);
        Ok(())
    }

    /// The next cell of the row, which has to be of a kind.
    fn cell<T>(
        &mut self,
        what: &'static str,
        read: impl FnOnce(&Column, usize) -> Option<T>,
    ) -> Result<T, MarketImageError> {
        let cell = self.columns.get(self.cell).and_then(|column| read(column, self.row));
        self.cell += 1;
        cell.ok_or(self.error(what))
    }

    fn int(&mut self) -> Result<i64, MarketImageError> {
        self.cell("a number that is none", |column, row| match column {
            Column::Ints(rows) => rows.get(row).copied(),
            _ => None,
        })
    }

    fn count(&mut self) -> Result<u64, MarketImageError> {
        self.int().map(i64::cast_unsigned)
    }

    fn wide(&mut self) -> Result<u128, MarketImageError> {
        self.cell("an amount that is none", |column, row| match column {
            Column::Wide(rows) => rows.get(row).copied(),
            _ => None,
        })
    }

    fn text(&mut self) -> Result<String, MarketImageError> {
        self.cell("a text that is none", |column, row| match column {
            Column::Texts { texts, rows } => {
                texts.get(usize::try_from(*rows.get(row)?).ok()?).cloned()
            }
            _ => None,
        })
    }

    fn quote(&mut self) -> Result<Quote, MarketImageError> {
        let (at, sequence) = (self.int()?, self.count()?);
        Ok(Quote { at, sequence, price: Amount::from_units(self.wide()?) })
    }

    fn volume(&mut self) -> Result<Volume, MarketImageError> {
        Ok(Volume::counted(self.count()?, self.wide()?, (self.wide()?, self.wide()?)))
    }
}

/// Columns of a bucket: its own, four prices and three volumes.
const BUCKET: usize = 5 + 4 * 3 + 3 * 4;
/// Columns of a trade that is kept.
const KEPT: usize = 6;

fn bucket_cells(place: i64, bucket: &Bucket<Candle>) -> Vec<Cell<'static>> {
    let Bucket { start, end, revision, value } = bucket;
    let mut cells = Vec::with_capacity(BUCKET);
    cells.extend([place, *start, *end, (*revision).into(), value.is_some().into()].map(Cell::Int));
    let empty = Candle::from_parts([Quote::NONE; 4], [Volume::default(); 3]);
    let (quotes, volumes) = value.as_ref().unwrap_or(&empty).parts();
    for Quote { at, sequence, price } in quotes {
        cells.extend([Cell::Int(at), Cell::Int(sequence.cast_signed()), Cell::Wide(price.units())]);
    }
    for volume in volumes {
        let (high, low) = volume.words();
        cells.extend([
            Cell::Int(volume.trades().cast_signed()),
            Cell::Wide(volume.quantity().units()),
            Cell::Wide(high),
            Cell::Wide(low),
        ]);
    }
    cells
}

impl Market {
    /// Writes it out: chunks, to be kept in their order. What has changed and was not asked for is not among it.
    #[must_use]
    pub fn image(&self) -> Vec<Vec<u8>> {
        let mut chunks = Vec::new();
        let mut table = Table::EMPTY;
        let levels = self.rules.levels.calendars().len();
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let all = |of: &dyn Fn(&Series<Candle>) -> usize| {
            count(self.symbols.iter().map(|(_, series)| of(series)).sum())
        };
        let mut head = vec![self.rows.cast_signed(), count(self.symbols.len()), count(levels)];
        head.extend((0..levels).map(|level| all(&|series| series.level_buckets(level).len())));
        head.push(all(&|series| series.kept_entries().count()));
        table.push(head.into_iter().map(Cell::Int), &mut chunks);
        table.end(&mut chunks);
        for (symbol, series) in &self.symbols {
            let before = (0..levels).map(|level| Cell::Int(series.before(level)));
            let own = [Cell::Text(symbol), Cell::Int(series.watermark())];
            table.push(own.into_iter().chain(before), &mut chunks);
        }
        table.end(&mut chunks);
        for level in 0..levels {
            for (place, (_, series)) in self.symbols.iter().enumerate() {
                for bucket in series.level_buckets(level) {
                    table.push(bucket_cells(count(place), bucket), &mut chunks);
                }
            }
            table.end(&mut chunks);
        }
        for (place, (_, series)) in self.symbols.iter().enumerate() {
            for trade in series.kept_entries() {
                let cells = [
                    Cell::Int(count(place)),
                    Cell::Int(trade.at),
                    Cell::Int(trade.sequence.cast_signed()),
                    Cell::Wide(trade.price.units()),
                    Cell::Wide(trade.quantity.units()),
                    Cell::Int(Taker::number(trade.taker).into()),
                ];
                table.push(cells, &mut chunks);
            }
        }
        table.end(&mut chunks);
        chunks
    }

    /// Reads one again that was written out, of the same rules.
    ///
    /// # Errors
    /// Chunks that are none, are not all there, or are of a market of other rules.
    pub fn from_image<'a>(
        rules: Arc<Rules>,
        chunks: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, MarketImageError> {
        let levels = rules.levels.calendars().len();
        let mut rows = Rows::new(chunks.into_iter());
        rows.next(4 + levels)?;
        let mut market = Self::new(Arc::clone(&rules));
        market.rows = rows.count()?;
        if i64::try_from(market.rows).is_err() {
            return Err(rows.error("a number of rows that is none"));
        }
        let (symbols, own_levels) = (rows.count()?, rows.count()?);
        if u64::try_from(levels) != Ok(own_levels) {
            return Err(rows.error("other levels than the rules have"));
        }
        let buckets: Vec<u64> = (0..levels).map(|_| rows.count()).collect::<Result<_, _>>()?;
        let kept = rows.count()?;
        rows.end()?;
        for _ in 0..symbols {
            rows.next(2 + levels)?;
            let (symbol, watermark) = (rows.text()?, rows.int()?);
            let is_one = !symbol.is_empty() && symbol.len() <= SYMBOL;
            if !is_one || market.places.contains_key(symbol.as_str()) {
                return Err(rows.error("a symbol that is none, or is there already"));
            }
            let before = (0..levels).map(|_| rows.int()).collect::<Result<Vec<_>, _>>()?;
            market.place(&symbol).ok_or(rows.error("a symbol too many"))?;
            if let Some((_, series)) = market.symbols.last_mut() {
                series.begin_image(watermark, &before);
            }
        }
        rows.end()?;
        for (level, count) in buckets.into_iter().enumerate() {
            for _ in 0..count {
                rows.next(BUCKET)?;
                let place = rows.count()?;
                let (start, end, revision) = (rows.int()?, rows.int()?, rows.int()?);
                let is_there = rows.int()? != 0;
                let quotes = [rows.quote()?, rows.quote()?, rows.quote()?, rows.quote()?];
                let volumes = [rows.volume()?, rows.volume()?, rows.volume()?];
                let revision =
                    u32::try_from(revision).map_err(|_| rows.error("a revision that is none"))?;
                let value = is_there.then(|| Candle::from_parts(quotes, volumes));
                if value.as_ref().is_some_and(|candle| !candle.is_sound()) {
                    return Err(rows.error("a candle that contradicts itself"));
                }
                let is_taken = market.at(place).is_some_and(|series| {
                    series.push_bucket(level, Bucket { start, end, revision, value })
                });
                if !is_taken {
                    return Err(
                        rows.error("a bucket that is none of the calendar, or out of order")
                    );
                }
            }
            rows.end()?;
        }
        if kept > 0 && !matches!(rules.late, Late::Correct { .. }) {
            return Err(rows.error("trades that the rules do not keep"));
        }
        for _ in 0..kept {
            rows.next(KEPT)?;
            let (place, at, sequence) = (rows.count()?, rows.int()?, rows.count()?);
            let (price, quantity) =
                (Amount::from_units(rows.wide()?), Amount::from_units(rows.wide()?));
            let taker = u8::try_from(rows.int()?).ok().and_then(Taker::from_number);
            let taker = taker.ok_or(rows.error("a taker that is none"))?;
            let trade = Trade { at, sequence, price, quantity, taker };
            if !market.at(place).is_some_and(|series| series.push_kept(&trade)) {
                return Err(rows.error("a trade of no bucket, or out of order"));
            }
        }
        rows.end()?;
        if !market.symbols.iter_mut().all(|(_, series)| series.end_image()) {
            return Err(rows.error("trades that do not come to the candles that are made of them"));
        }
        match rows.chunks.next() {
            None => Ok(market),
            Some(_) => Err(rows.error("more chunks than there are to be")),
        }
    }

    fn at(&mut self, place: u64) -> Option<&mut Series<Candle>> {
        let place = usize::try_from(place).ok()?;
        self.symbols.get_mut(place).map(|(_, series)| series)
    }
}

#[cfg(test)]
#[path = "image_tests.rs"]
mod tests;
