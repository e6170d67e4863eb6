//! The trades of a record, as columns.

use std::ops::Range;
use std::sync::Arc;

use super::record::{BODY, RecordError};
use crate::money::Amount;
use crate::rollup::chunk::{Part, encode_parts};
use crate::rollup::market::{Fate, Origin, Taken};
use crate::rollup::{Column, Names, Numbers, SYMBOL, Taker, Trade, Trades, decode_chunk};

/// So many rows are put into one record first: with what they take mostly, they fit.
const FIRST: usize = 2_048;
const COLUMNS: usize = 7;

/// Trades, and which of them were taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TradeRows {
    at: Vec<i64>,
    sequence: Vec<u64>,
    price: Vec<u128>,
    quantity: Vec<u128>,
    taker: Vec<u8>,
    taken: Vec<u8>,
    symbols: Vec<Arc<str>>,
    symbol: Vec<u32>,
}

impl TradeRows {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// The trades with their symbols, in order, and whether they were taken.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Trade, bool)> {
        (0..self.len()).filter_map(|row| self.row(row))
    }

    fn row(&self, row: usize) -> Option<(&str, Trade, bool)> {
        let amount = |rows: &[u128]| rows.get(row).copied().map(Amount::from_units);
        let trade = Trade {
            at: *self.at.get(row)?,
            sequence: *self.sequence.get(row)?,
            price: amount(&self.price)?,
            quantity: amount(&self.quantity)?,
            taker: Taker::from_number(*self.taker.get(row)?)?,
        };
        let symbol = self.symbols.get(usize::try_from(*self.symbol.get(row)?).ok()?)?;
        Some((symbol, trade, *self.taken.get(row)? != 0))
    }

    /// Shows them as they would be given; without `whole` those that were not taken are missing.
    pub(super) fn with_trades<T>(&self, whole: bool, work: impl FnOnce(&Trades<'_>) -> T) -> T {
        let names: Vec<&str> = self.symbols.iter().map(AsRef::as_ref).collect();
        let valid = self
            .taken
            .chunks(8)
            .map(|taken| taken.iter().rev().fold(0, |bits, taken| bits << 1 | taken));
        let valid: Option<Vec<u8>> = (!whole).then(|| valid.collect());
        work(&Trades {
            at: &self.at,
            sequence: Some(&self.sequence),
            symbol: Names::Coded { codes: &self.symbol, names: &names },
            price: Numbers::Units(&self.price),
            quantity: Numbers::Units(&self.quantity),
            taker: Some(&self.taker),
            valid: valid.as_deref(),
        })
    }

    /// The bytes of a chunk of them.
    pub(super) fn chunk(&self) -> Result<Vec<u8>, RecordError> {
        let texts = self.symbols.iter().map(AsRef::as_ref).collect();
        let sequence = self.sequence.iter().map(|sequence| sequence.cast_signed());
        let small = |rows: &[u8]| Part::Ints(rows.iter().copied().map(i64::from).collect());
        let columns: [Part<'_>; COLUMNS] = [
            Part::Ints((&self.at).into()),
            Part::Ints(sequence.collect()),
            Part::Texts { texts, rows: &self.symbol },
            Part::amounts(&self.price),
            Part::amounts(&self.quantity),
            small(&self.taker),
            small(&self.taken),
        ];
        Ok(encode_parts(&columns)?)
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let columns = decode_chunk(bytes)?;
        let wrong = |column| RecordError::Column { column };
        let columns: [Column; COLUMNS] = columns.try_into().map_err(|_| wrong(COLUMNS))?;
        let mut rows = Self::default();
        for (index, column) in columns.into_iter().enumerate() {
            match (index, column) {
                (0, Column::Ints(at)) => rows.at = at,
                (1, Column::Ints(sequence)) => {
                    rows.sequence = sequence.into_iter().map(i64::cast_unsigned).collect();
                }
                (2, Column::Texts { texts, rows: places }) => {
                    if texts.iter().any(|text| text.is_empty() || text.len() > SYMBOL) {
                        return Err(wrong(2));
                    }
                    rows.symbols = texts.into_iter().map(Arc::from).collect();
                    rows.symbol = places;
                }
                (3, column) => rows.price = amounts(column).ok_or(wrong(3))?,
                (4, column) => rows.quantity = amounts(column).ok_or(wrong(4))?,
                (5, Column::Ints(taker)) => rows.taker = bytes_to(2, &taker).ok_or(wrong(5))?,
                (6, Column::Ints(taken)) => rows.taken = bytes_to(1, &taken).ok_or(wrong(6))?,
                _ => return Err(wrong(index)),
            }
        }
        Ok(rows)
    }
}

/// Amounts as they were written: none of 64 bits is below zero.
fn amounts(column: Column) -> Option<Vec<u128>> {
    match column {
        Column::Ints(rows) => rows.into_iter().map(|units| u128::try_from(units).ok()).collect(),
        Column::Wide(rows) => Some(rows),
        Column::Texts { .. } => None,
    }
}

/// Small numbers as bytes; `None` where one is above the greatest.
fn bytes_to(most: u8, rows: &[i64]) -> Option<Vec<u8>> {
    let small = |row: &i64| u8::try_from(*row).ok().filter(|row| *row <= most);
    rows.iter().map(small).collect()
}

/// What was given to a rollup and is to be kept of it: rows that could be read, and were not taken before.
pub(super) struct Given<'t, 'a> {
    trades: &'t Trades<'a>,
    taken: &'t Taken,
    rows: Vec<usize>,
    /// Of each symbol its place in the record at hand, and which record that is.
    places: Vec<(usize, u32)>,
    records: usize,
}

impl<'t, 'a> Given<'t, 'a> {
    pub(super) fn new(trades: &'t Trades<'a>, taken: &'t Taken) -> Self {
        let is_kept = |fate: &Fate| matches!(fate, Fate::Taken | Fate::Refused);
        let rows = taken.fates.iter().enumerate().filter(|(_, fate)| is_kept(fate));
        let places = vec![(0, 0); taken.names.len()];
        Self { trades, taken, rows: rows.map(|(row, _)| row).collect(), places, records: 0 }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Calls for each run of rows that fits into a record with a name, in order: with the rows, the bytes of their chunk, and whether more
    /// follow.
    pub(super) fn split(&mut self, name: &str, mut take: impl FnMut(TradeRows, &[u8], bool)) {
        let room = BODY.saturating_sub(name.len() + 1);
        let (mut row, mut most) = (0, FIRST);
        while row < self.rows.len() {
            let end = self.rows.len().min(row + most);
            let part = self.part(row..end);
            let chunk = part.chunk().unwrap_or_default();
            // INVARIANT: a row by itself fits.
            if chunk.len() <= room || end - row == 1 {
                take(part, &chunk, end < self.rows.len());
                row = end;
            } else {
                most = (end - row).div_ceil(2);
            }
        }
    }

    /// Some of them, next to one another.
    fn part(&mut self, rows: Range<usize>) -> TradeRows {
        let Self { trades, taken, rows: all, places, records } = self;
        *records += 1;
        let count = rows.len();
        let mut part = TradeRows {
            at: Vec::with_capacity(count),
            sequence: Vec::with_capacity(count),
            price: Vec::with_capacity(count),
            quantity: Vec::with_capacity(count),
            taker: Vec::with_capacity(count),
            taken: Vec::with_capacity(count),
            symbols: Vec::new(),
            symbol: Vec::with_capacity(count),
        };
        for row in all.get(rows).unwrap_or_default() {
            let symbol = taken.symbol.get(*row).and_then(|symbol| usize::try_from(*symbol).ok());
            // What was told of an instant then is told no more.
            let trade = trades.trade(*row, taken.first, Origin::Record);
            let (Some(symbol), Ok(trade)) = (symbol, trade) else { continue };
            let (Some(place), Some(name)) = (places.get_mut(symbol), taken.names.get(symbol))
            else {
                continue;
            };
            if place.0 != *records {
                *place = (*records, u32::try_from(part.symbols.len()).unwrap_or(u32::MAX));
                part.symbols.push(Arc::clone(name));
            }
            part.symbol.push(place.1);
            part.at.push(trade.at);
            part.sequence.push(trade.sequence);
            part.price.push(trade.price.units());
            part.quantity.push(trade.quantity.units());
            part.taker.push(Taker::number(trade.taker));
            part.taken.push((taken.fates.get(*row) == Some(&Fate::Taken)).into());
        }
        part
    }
}
