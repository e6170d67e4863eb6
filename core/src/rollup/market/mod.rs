//! A market: trades of many symbols into candles of several levels.

mod image;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

pub use self::image::MarketImageError;
use self::rows::AUTOMATIC;
pub use self::rows::{Names, Numbers, RowError, RowFault, Trades};
use super::{Added, Candle, Change, Refusal, Rules, Series, Trade};

/// A symbol is at most so many bytes long.
pub const SYMBOL: usize = 128;
/// A market has at most so many symbols.
pub const SYMBOLS: usize = 100_000;
/// So many rows that were refused are told one by one.
const TOLD: usize = 1_000;

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
    /// The first thousand of those, and why.
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

/// Candles of the trades of many symbols.
///
/// ```
/// use std::sync::Arc;
/// use thalium::rollup::{BadRows, Calendar, Hierarchy, Late, Market, Names, Numbers, Rules, Trades};
///
/// let levels = Hierarchy::new(vec![Calendar::new("1m".parse()?), Calendar::new("1h".parse()?)])?;
/// let rules = Rules { levels, delay: 0, late: Late::Merge { horizon: i64::MAX } };
/// let mut market = Market::new(Arc::new(rules));
/// let (second, names) = (1_000_000_000, ["BTC-ZAR", "ETH-ZAR"]);
/// let told = market.ingest(
///     &Trades {
///         at: &[second, 2 * second, 61 * second],
///         sequence: None,
///         symbol: Names::Coded { codes: &[0, 1, 0], names: &names },
///         price: Numbers::Ints(&[100, 7, 110]),
///         quantity: Numbers::Ints(&[3, 1, 2]),
///         taker: None,
///         valid: None,
///     },
///     BadRows::Refuse,
/// )?;
/// assert_eq!(told.taken, 3);
/// let hours = market.series("BTC-ZAR").unwrap().buckets(1, 0..second);
/// assert_eq!(hours.map(|hour| hour.value.unwrap().volume().trades()).collect::<Vec<_>>(), [2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Market {
    rules: Arc<Rules>,
    /// Of each symbol its place.
    places: BTreeMap<Arc<str>, usize>,
    symbols: Vec<(Arc<str>, Series<Candle>)>,
    /// How many rows came without a sequence: they get one by that.
    rows: u64,
    /// Whose changes have not been asked for.
    changed: BTreeSet<usize>,
}

impl Market {
    /// One without a trade.
    #[must_use]
    pub const fn new(rules: Arc<Rules>) -> Self {
        Self {
            rules,
            places: BTreeMap::new(),
            symbols: Vec::new(),
            rows: 0,
            changed: BTreeSet::new(),
        }
    }

    /// How it is folded.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    pub(in crate::rollup) fn shared_rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules)
    }

    /// The symbols, in order.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(AsRef::as_ref)
    }

    /// The symbols behind one, or all, in order, with their candles.
    pub fn symbols_after<'a>(
        &'a self,
        symbol: Option<&str>,
    ) -> impl Iterator<Item = (&'a str, &'a Series<Candle>)> {
        let from = symbol.map_or(Bound::Unbounded, Bound::Excluded);
        let places = self.places.range::<str, _>((from, Bound::Unbounded));
        places.filter_map(|(symbol, place)| {
            self.symbols.get(*place).map(|(_, series)| (&**symbol, series))
        })
    }

    /// The candles of a symbol.
    #[must_use]
    pub fn series(&self, symbol: &str) -> Option<&Series<Candle>> {
        self.symbols.get(*self.places.get(symbol)?).map(|(_, series)| series)
    }

    /// Takes trades in, in the order of their rows. What changes by them is kept until [`Market::take_changes`] asks for it. The newest
    /// instant moves the watermark: rows ahead of the caller's clock are the caller's to refuse.
    ///
    /// # Errors
    /// Columns of different lengths; a row that is not taken, where none is to be taken then. Then nothing has changed.
    pub fn ingest(&mut self, trades: &Trades<'_>, bad: BadRows) -> Result<Ingested, IngestError> {
        self.ingest_telling(trades, bad, i64::MAX, |_, _, _| {})
    }

    /// As [`Market::ingest`]; rows of later than an instant are refused. Tells of each row that could be read its symbol, its trade and what
    /// has become of it, in order, up to that by which none is taken.
    pub(in crate::rollup) fn ingest_telling(
        &mut self,
        trades: &Trades<'_>,
        bad: BadRows,
        latest: i64,
        mut tell: impl FnMut(&str, &Trade, Option<Added>),
    ) -> Result<Ingested, IngestError> {
        trades.check()?;
        let mut told = Ingested::default();
        let (symbols, rows) = (self.symbols.len(), self.rows);
        // Where a row undoes the others, each series remembers what it was.
        let mut begun = BTreeSet::new();
        for row in 0..trades.at.len() {
            let added = trades.row(row, self.rows, latest).and_then(|(symbol, trade)| {
                let added = self.put(symbol, &trade, |place, series| {
                    if bad == BadRows::Refuse && begun.insert(place) {
                        series.begin();
                    }
                });
                tell(symbol, &trade, added.as_ref().ok().copied());
                added.map_err(|why| RowError { row, column: why.column(), why })
            });
            match added {
                Ok(Added::New) => told.taken += 1,
                Ok(Added::Again) => told.again += 1,
                Err(fault) if bad == BadRows::Refuse => {
                    self.roll_back(&begun, symbols);
                    self.rows = rows;
                    return Err(fault.into());
                }
                Err(fault) => {
                    told.refused += 1;
                    if told.faults.len() < TOLD {
                        told.faults.push(fault);
                    }
                }
            }
        }
        for place in begun {
            if let Some((_, series)) = self.symbols.get_mut(place) {
                series.commit();
            }
        }
        Ok(told)
    }

    /// Puts a trade in the place of that which has its instant and sequence; gives what that was. `None` where there is no such symbol.
    ///
    /// # Errors
    /// As [`Series::correct`].
    pub fn correct(&mut self, symbol: &str, trade: &Trade) -> Option<Result<Trade, Refusal>> {
        self.change(symbol, |series| series.correct(trade))
    }

    /// Takes a trade back; gives what it was. `None` where there is no such symbol.
    ///
    /// # Errors
    /// As [`Series::remove`].
    pub fn remove(&mut self, symbol: &str, key: (i64, u64)) -> Option<Result<Trade, Refusal>> {
        self.change(symbol, |series| series.remove(key))
    }

    /// Changes the series of a symbol; `None` where there is none.
    pub(in crate::rollup) fn change<T>(
        &mut self,
        symbol: &str,
        work: impl FnOnce(&mut Series<Candle>) -> T,
    ) -> Option<T> {
        let place = *self.places.get(symbol)?;
        self.changed.insert(place);
        self.symbols.get_mut(place).map(|(_, series)| work(series))
    }

    /// Lets time pass, so that buckets close in which nothing happens any more.
    pub fn advance(&mut self, now: i64) {
        for (place, (_, series)) in self.symbols.iter_mut().enumerate() {
            series.advance(now);
            self.changed.insert(place);
        }
    }

    /// Drops the buckets of a level that ended by an instant, as [`Series::expire`] does; gives how many.
    pub fn expire(&mut self, level: usize, by: i64) -> usize {
        self.symbols.iter_mut().map(|(_, series)| series.expire(level, by)).sum()
    }

    /// As [`Market::expire`], of those symbols whose changes have not been asked for.
    pub(in crate::rollup) fn expire_changed(&mut self, level: usize, by: i64) {
        for place in &self.changed {
            if let Some((_, series)) = self.symbols.get_mut(*place) {
                series.expire(level, by);
            }
        }
    }

    /// The newest watermark of those symbols whose changes have not been asked for; `None` where there are none.
    pub(in crate::rollup) fn newest_changed(&self) -> Option<i64> {
        let series = |place: &usize| self.symbols.get(*place).map(|(_, series)| series.watermark());
        self.changed.iter().filter_map(series).max()
    }

    /// What has changed since this was asked last: of each symbol in order.
    pub fn take_changes(&mut self) -> Vec<(Arc<str>, Change)> {
        let mut all = Vec::new();
        for place in std::mem::take(&mut self.changed) {
            if let Some((symbol, series)) = self.symbols.get_mut(place) {
                all.extend(series.take_changes().map(|change| (Arc::clone(symbol), change)));
            }
        }
        all
    }

    /// Takes a trade in; `touch` is shown the series before it is changed.
    pub(in crate::rollup) fn put(
        &mut self,
        symbol: &str,
        trade: &Trade,
        touch: impl FnOnce(usize, &mut Series<Candle>),
    ) -> Result<Added, RowFault> {
        let symbols = self.symbols.len();
        let place = match self.places.get(symbol) {
            Some(place) => *place,
            None => self.place(symbol).ok_or(RowFault::TooMany { most: SYMBOLS })?,
        };
        let Some((_, series)) = self.symbols.get_mut(place) else {
            return Err(RowFault::Name);
        };
        touch(place, series);
        let added = series.add(trade);
        self.changed.insert(place);
        match added {
            Ok(added) => {
                if let Some(number) = trade.sequence.checked_sub(AUTOMATIC) {
                    self.rows = self.rows.max(number.saturating_add(1));
                }
                return Ok(added);
            }
            // A symbol is not there by a row that is not taken.
            Err(_) if place >= symbols => self.drop_from(symbols),
            Err(_) => {}
        }
        added.map_err(RowFault::from)
    }

    /// The place of a new symbol; `None` where there may be no more.
    fn place(&mut self, symbol: &str) -> Option<usize> {
        let place = self.symbols.len();
        if place >= SYMBOLS {
            return None;
        }
        let symbol: Arc<str> = symbol.into();
        self.places.insert(Arc::clone(&symbol), place);
        self.symbols.push((symbol, Series::new(Arc::clone(&self.rules))));
        Some(place)
    }

    /// Undoes what was done to some series, and drops those that are new.
    fn roll_back(&mut self, begun: &BTreeSet<usize>, symbols: usize) {
        for place in begun {
            if let Some((_, series)) = self.symbols.get_mut(*place) {
                series.roll_back();
            }
        }
        self.drop_from(symbols);
    }

    /// Drops the symbols from a place on.
    fn drop_from(&mut self, symbols: usize) {
        for (symbol, _) in self.symbols.drain(symbols..) {
            self.places.remove(&symbol);
        }
        drop(self.changed.split_off(&symbols));
    }
}

#[cfg(test)]
#[path = "market_tests.rs"]
mod tests;
