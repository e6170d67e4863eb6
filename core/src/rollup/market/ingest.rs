//! Rows into the series of their symbols.
//!
//! What happens to one symbol says nothing of another. So the rows of each are taken one after another, in their order, while its buckets
//! are near: among hundreds of symbols, going from one to the next with every row costs more than folding it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::{AUTOMATIC, Origin};
use super::{Market, Names, RowError, RowFault, SYMBOLS, Trades};
use crate::rollup::{Added, Trade};

/// So many rows that were refused are told one by one.
pub const FAULTS: usize = 1_000;
/// The number of no symbol.
const NONE: u32 = u32::MAX;

/// What becomes of the others where a row is not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadRows {
    /// None is taken.
    #[default]
    Refuse,
    /// They are taken, and it is told which is not.
    Keep,
}

/// What has become of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    /// How many were taken.
    pub taken: u64,
    /// How many had been taken before: these count once.
    pub again: u64,
    /// How many were not taken.
    pub refused: u64,
    /// The first [`FAULTS`] of those, and why.
    pub faults: Vec<RowError>,
}

/// Rows of which none is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IngestError {
    /// Columns of different lengths.
    #[error("the column `{column}` has {rows} rows, `at` has {of}")]
    Rows {
        /// Which.
        column: &'static str,
        /// How many it has.
        rows: usize,
        /// How many there are to be.
        of: usize,
    },
    /// A row that is not taken.
    #[error(transparent)]
    Row(#[from] RowError),
}

/// What has become of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rollup) enum Fate {
    /// It says nothing that could be taken, or it is not its turn yet.
    Unread,
    Taken,
    /// It had been taken before.
    Again,
    /// Its series did not take it.
    Refused,
}

/// What has become of each row.
pub(in crate::rollup) struct Taken {
    pub(in crate::rollup) ingested: Ingested,
    /// Of each row.
    pub(in crate::rollup) fates: Vec<Fate>,
    /// Of each row the number of its symbol among `names`.
    pub(in crate::rollup) symbol: Vec<u32>,
    pub(in crate::rollup) names: Vec<Arc<str>>,
    /// The number of the first row, by which rows have sequences that come without.
    pub(in crate::rollup) first: u64,
}

impl Market {
    /// Takes trades in; those of a symbol in the order of their rows. What changes by them is kept until [`Market::take_changes`] asks for
    /// it. The newest instant moves the watermark: rows ahead of the caller's clock are the caller's to refuse.
    ///
    /// # Errors
    /// Columns of different lengths; a row that is not taken, where none is to be taken then. Then nothing has changed.
    pub fn ingest(&mut self, trades: &Trades<'_>, bad: BadRows) -> Result<Ingested, IngestError> {
        let origin = Origin::Caller { latest: i64::MAX };
        self.take(trades, bad, origin).map(|taken| taken.ingested)
    }

    /// As [`Market::ingest`]; tells of each row what has become of it.
    pub(in crate::rollup) fn take(
        &mut self,
        trades: &Trades<'_>,
        bad: BadRows,
        origin: Origin,
    ) -> Result<Taken, IngestError> {
        trades.check()?;
        let (symbols, first) = (self.symbols.len(), self.rows);
        let mut work = Work::new(trades, bad, origin, first);
        self.find(&mut work);
        let begun = self.fold(&mut work);
        if let Some(fault) = work.faults.first().filter(|_| bad == BadRows::Refuse) {
            for place in begun {
                if let Some((_, series)) = self.symbols.get_mut(place) {
                    series.roll_back();
                }
            }
            self.drop_from(symbols);
            self.rows = first;
            return Err((*fault).into());
        }
        for place in begun {
            if let Some((_, series)) = self.symbols.get_mut(place) {
                series.commit();
            }
        }
        Ok(work.end(self))
    }

    /// Finds the symbol of each row, and takes in the first one of each that is new: a symbol is not there by a row that is not taken.
    fn find(&mut self, work: &mut Work<'_, '_>) {
        for row in 0..work.fates.len() {
            let (name, trade) = match work.trades.row(row, work.first, work.origin) {
                Ok(read) => read,
                Err(fault) if work.refuse(fault) => break,
                Err(_) => continue,
            };
            let symbol = work.symbols.number(&work.trades.symbol, row, name);
            if let Some(own) = work.symbol.get_mut(row) {
                *own = symbol;
            }
            let Some(place) = work.symbols.place(symbol) else { continue };
            if place.is_none() {
                *place = self.places.get(name).copied();
            }
            if place.is_some() {
                continue;
            }
            match self.begin(name, &trade) {
                Ok((own, added)) => {
                    *place = Some(own);
                    self.rows = self.rows.max(rows_by(&trade));
                    work.told(row, added);
                }
                Err(why) => {
                    work.decide(row, Fate::Refused);
                    if work.refuse(RowError { row, column: why.column(), why }) {
                        break;
                    }
                }
            }
        }
    }

    /// Takes in the first trade of a new symbol.
    fn begin(&mut self, symbol: &str, trade: &Trade) -> Result<(usize, Added), RowFault> {
        let place = self.place(symbol).ok_or(RowFault::TooMany { most: SYMBOLS })?;
        let series = self.symbols.get_mut(place).map(|(_, series)| series);
        match series.ok_or(RowFault::Name)?.add(trade) {
            Ok(added) => {
                self.changed.insert(place);
                Ok((place, added))
            }
            Err(why) => {
                self.drop_from(place);
                Err(why.into())
            }
        }
    }

    /// Takes in what waits, a symbol after another; gives the places of those that can be undone.
    fn fold(&mut self, work: &mut Work<'_, '_>) -> Vec<usize> {
        let mut begun = Vec::new();
        let (order, ends) = work.by_symbol();
        let mut from = 0;
        for (symbol, end) in ends.into_iter().enumerate() {
            let rows = order.get(from..end).unwrap_or_default();
            from = end;
            let place = work.symbols.places.get(symbol).copied().flatten();
            let Some((place, (_, series))) =
                place.and_then(|place| Some((place, self.symbols.get_mut(place)?)))
            else {
                continue;
            };
            if rows.is_empty() {
                continue;
            }
            self.changed.insert(place);
            if work.bad == BadRows::Refuse {
                series.begin();
                begun.push(place);
            }
            for row in rows.iter().copied() {
                if row >= work.stop {
                    break;
                }
                let Ok(trade) = work.trades.trade(row, work.first, work.origin) else { continue };
                match series.add(&trade) {
                    Ok(added) => {
                        self.rows = self.rows.max(rows_by(&trade));
                        work.told(row, added);
                    }
                    Err(why) => {
                        work.decide(row, Fate::Refused);
                        let why = RowFault::from(why);
                        if work.refuse(RowError { row, column: why.column(), why }) {
                            break;
                        }
                    }
                }
            }
        }
        begun
    }
}

/// How many rows without a sequence there are by a trade, if it came so.
const fn rows_by(trade: &Trade) -> u64 {
    match trade.sequence.checked_sub(AUTOMATIC) {
        Some(number) => number.saturating_add(1),
        None => 0,
    }
}

/// Rows that are taken in.
struct Work<'t, 'a> {
    trades: &'t Trades<'a>,
    bad: BadRows,
    origin: Origin,
    first: u64,
    fates: Vec<Fate>,
    /// Of each row the number of its symbol, where that could be read.
    symbol: Vec<u32>,
    symbols: Symbols<'a>,
    /// In no order until they are told.
    faults: Vec<RowError>,
    refused: u64,
    /// Rows from there on are not taken any more.
    stop: usize,
}

impl<'t, 'a> Work<'t, 'a> {
    fn new(trades: &'t Trades<'a>, bad: BadRows, origin: Origin, first: u64) -> Self {
        let rows = trades.at.len();
        Self {
            trades,
            bad,
            origin,
            first,
            fates: vec![Fate::Unread; rows],
            symbol: vec![NONE; rows],
            symbols: Symbols::of(&trades.symbol),
            faults: Vec::new(),
            refused: 0,
            stop: rows,
        }
    }

    fn decide(&mut self, row: usize, fate: Fate) {
        if let Some(own) = self.fates.get_mut(row) {
            *own = fate;
        }
    }

    fn told(&mut self, row: usize, added: Added) {
        self.decide(row, if added == Added::New { Fate::Taken } else { Fate::Again });
    }

    /// Writes down what is wrong with a row; whether no more are taken for it.
    fn refuse(&mut self, fault: RowError) -> bool {
        self.refused += 1;
        if self.bad == BadRows::Refuse {
            // INVARIANT: what is refused after another is before that.
            self.stop = fault.row;
            self.faults = vec![fault];
            return true;
        }
        self.faults.push(fault);
        if self.faults.len() >= 2 * FAULTS {
            self.tell_first();
        }
        false
    }

    fn tell_first(&mut self) {
        self.faults.sort_unstable_by_key(|fault| fault.row);
        self.faults.truncate(FAULTS);
    }

    /// The rows that wait, those of a symbol beside one another and in order; and of each symbol where its rows end.
    fn by_symbol(&self) -> (Vec<usize>, Vec<usize>) {
        let waits = |row: &usize| self.fates.get(*row) == Some(&Fate::Unread);
        let rows = || {
            let rows = self.symbol.iter().enumerate().take(self.stop);
            rows.filter(move |(row, symbol)| **symbol != NONE && waits(row))
        };
        let mut ends = vec![0_usize; self.symbols.names.len()];
        let place = |symbol: u32| usize::try_from(symbol).unwrap_or(usize::MAX);
        for (_, symbol) in rows() {
            if let Some(count) = ends.get_mut(place(*symbol)) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            // For now where they begin: each row that is put there moves it on.
            (*end, sum) = (sum, sum + *end);
        }
        let mut order = vec![0; sum];
        for (row, symbol) in rows() {
            if let Some(end) = ends.get_mut(place(*symbol)) {
                if let Some(at) = order.get_mut(*end) {
                    *at = row;
                }
                *end += 1;
            }
        }
        (order, ends)
    }

    fn end(mut self, market: &Market) -> Taken {
        self.tell_first();
        let count = |fate: Fate| self.fates.iter().filter(|own| **own == fate).count() as u64;
        let ingested = Ingested {
            taken: count(Fate::Taken),
            again: count(Fate::Again),
            refused: self.refused,
            faults: self.faults,
        };
        let own = |place: Option<usize>| place.and_then(|place| market.symbols.get(place));
        let names = self.symbols.names.iter().zip(&self.symbols.places);
        let names = names.map(|(name, place)| {
            own(*place).map_or_else(|| Arc::from(*name), |(name, _)| Arc::clone(name))
        });
        let names = names.collect();
        Taken { ingested, fates: self.fates, symbol: self.symbol, names, first: self.first }
    }
}

/// The symbols of rows, numbered in the order in which they come.
struct Symbols<'a> {
    numbers: BTreeMap<&'a str, u32>,
    names: Vec<&'a str>,
    /// Of each its place in the market.
    places: Vec<Option<usize>>,
    /// Of each code of a dictionary its number: a name may stand in it twice.
    codes: Vec<u32>,
    /// The number that came last, since many follow one another.
    last: u32,
}

impl<'a> Symbols<'a> {
    fn of(names: &Names<'a>) -> Self {
        let codes = match names {
            Names::Coded { names, .. } => vec![NONE; names.len()],
            Names::Texts { .. } => Vec::new(),
        };
        Self { numbers: BTreeMap::new(), names: Vec::new(), places: Vec::new(), codes, last: NONE }
    }

    /// The number of the symbol of a row.
    fn number(&mut self, names: &Names<'a>, row: usize, name: &'a str) -> u32 {
        let code = match names {
            Names::Coded { codes, .. } => {
                codes.get(row).and_then(|code| usize::try_from(*code).ok())
            }
            Names::Texts { .. } => None,
        };
        let known = match code {
            Some(code) => self.codes.get(code).copied().unwrap_or(NONE),
            None if self.name(self.last) == Some(name) => self.last,
            None => NONE,
        };
        if known != NONE {
            return known;
        }
        let next = u32::try_from(self.names.len()).unwrap_or(NONE);
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.names.push(name);
            self.places.push(None);
        }
        if let Some(own) = code.and_then(|code| self.codes.get_mut(code)) {
            *own = number;
        }
        self.last = number;
        number
    }

    fn name(&self, number: u32) -> Option<&'a str> {
        self.names.get(usize::try_from(number).ok()?).copied()
    }

    fn place(&mut self, number: u32) -> Option<&mut Option<usize>> {
        self.places.get_mut(usize::try_from(number).ok()?)
    }
}
