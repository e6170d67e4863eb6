//! The trades of a record, as columns.

use std::collections::BTreeMap;

use super::record::{BODY, RecordError};
use crate::money::Amount;
use crate::rollup::{Column, SYMBOL, Taker, Trade, decode_chunk, encode_chunk};

/// So many rows are put into one record first: with what they take mostly, they fit.
const FIRST: usize = 2_048;
const COLUMNS: usize = 7;

/// Trades, and which of them were taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TradeRows {
    at: Vec<i64>,
    sequence: Vec<i64>,
    price: Vec<u128>,
    quantity: Vec<u128>,
    taker: Vec<i64>,
    taken: Vec<i64>,
    symbols: Vec<String>,
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
            sequence: self.sequence.get(row)?.cast_unsigned(),
            price: amount(&self.price)?,
            quantity: amount(&self.quantity)?,
            taker: u8::try_from(*self.taker.get(row)?).ok().and_then(Taker::from_number)?,
        };
        let symbol = self.symbols.get(usize::try_from(*self.symbol.get(row)?).ok()?)?;
        Some((symbol, trade, *self.taken.get(row)? != 0))
    }

    fn push(&mut self, trade: &Trade, taken: bool) {
        self.at.push(trade.at);
        self.sequence.push(trade.sequence.cast_signed());
        self.price.push(trade.price.units());
        self.quantity.push(trade.quantity.units());
        self.taker.push(Taker::number(trade.taker).into());
        self.taken.push(taken.into());
    }

    /// Some of them, next to one another.
    fn part(&self, rows: std::ops::Range<usize>) -> Self {
        let mut part = Gathering::default();
        for (symbol, trade, taken) in rows.filter_map(|row| self.row(row)) {
            part.push(symbol, &trade, taken);
        }
        part.end()
    }

    /// Calls for each run of rows that fits into a record with a name, in order: with the rows, the bytes of their chunk, and whether more
    /// follow.
    pub(super) fn split(&self, name: &str, mut take: impl FnMut(Self, &[u8], bool)) {
        let room = BODY.saturating_sub(name.len() + 1);
        let (mut row, mut most) = (0, FIRST);
        while row < self.len() {
            let end = self.len().min(row + most);
            let part = self.part(row..end);
            let chunk = part.chunk().unwrap_or_default();
            // INVARIANT: a row by itself fits.
            if chunk.len() <= room || end - row == 1 {
                take(part, &chunk, end < self.len());
                row = end;
            } else {
                most = (end - row).div_ceil(2);
            }
        }
    }

    /// The bytes of a chunk of them.
    pub(super) fn chunk(&self) -> Result<Vec<u8>, RecordError> {
        let amounts = |rows: &[u128]| {
            let narrow: Option<Vec<i64>> =
                rows.iter().map(|units| i64::try_from(*units).ok()).collect();
            narrow.map_or_else(|| Column::Wide(rows.to_vec()), Column::Ints)
        };
        let texts = Column::Texts { texts: self.symbols.clone(), rows: self.symbol.clone() };
        let columns: [Column; COLUMNS] = [
            Column::Ints(self.at.clone()),
            Column::Ints(self.sequence.clone()),
            texts,
            amounts(&self.price),
            amounts(&self.quantity),
            Column::Ints(self.taker.clone()),
            Column::Ints(self.taken.clone()),
        ];
        Ok(encode_chunk(&columns)?)
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let columns = decode_chunk(bytes)?;
        let wrong = |column| RecordError::Column { column };
        let columns: [Column; COLUMNS] = columns.try_into().map_err(|_| wrong(COLUMNS))?;
        let mut rows = Self::default();
        for (index, column) in columns.into_iter().enumerate() {
            match (index, column) {
                (0, Column::Ints(at)) => rows.at = at,
                (1, Column::Ints(sequence)) => rows.sequence = sequence,
                (2, Column::Texts { texts, rows: places }) => {
                    if texts.iter().any(|text| text.is_empty() || text.len() > SYMBOL) {
                        return Err(wrong(2));
                    }
                    (rows.symbols, rows.symbol) = (texts, places);
                }
                (3, column) => rows.price = amounts(column).ok_or(wrong(3))?,
                (4, column) => rows.quantity = amounts(column).ok_or(wrong(4))?,
                (5, Column::Ints(taker)) if taker.iter().all(|taker| (0..=2).contains(taker)) => {
                    rows.taker = taker;
                }
                (6, Column::Ints(taken)) if taken.iter().all(|taken| (0..=1).contains(taken)) => {
                    rows.taken = taken;
                }
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

/// Rows as they come.
#[derive(Default)]
pub(super) struct Gathering {
    rows: TradeRows,
    places: BTreeMap<Box<str>, u32>,
    /// The symbol that came last, since many follow one another.
    last: Option<u32>,
}

impl Gathering {
    pub(super) fn push(&mut self, symbol: &str, trade: &Trade, taken: bool) {
        let is_last = |place: &u32| {
            let place = usize::try_from(*place).ok();
            place.and_then(|place| self.rows.symbols.get(place)).is_some_and(|last| last == symbol)
        };
        let place = match self.last.filter(is_last) {
            Some(place) => place,
            None => match self.places.get(symbol) {
                Some(place) => *place,
                None => {
                    let place = u32::try_from(self.rows.symbols.len()).unwrap_or(u32::MAX);
                    self.places.insert(symbol.into(), place);
                    self.rows.symbols.push(symbol.to_owned());
                    place
                }
            },
        };
        self.last = Some(place);
        self.rows.symbol.push(place);
        self.rows.push(trade, taken);
    }

    pub(super) fn end(self) -> TradeRows {
        self.rows
    }
}
