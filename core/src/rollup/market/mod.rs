//! A market: trades of many symbols into candles of several levels.

mod image;
mod ingest;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

pub use self::image::MarketImageError;
pub use self::ingest::{BadRows, FAULTS, IngestError, Ingested};
pub(in crate::rollup) use self::ingest::{Fate, Taken};
pub(in crate::rollup) use self::rows::Origin;
pub use self::rows::{Names, Numbers, RowError, RowFault, Trades};
use super::{Candle, Change, Refusal, Rules, Series, Trade};

/// A symbol is at most so many bytes long.
pub const SYMBOL: usize = 128;
/// A market has at most so many symbols.
pub const SYMBOLS: usize = 100_000;
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
    /// The number of the next row that comes without a sequence: it gets one by that.
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
