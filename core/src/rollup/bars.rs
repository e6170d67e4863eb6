//! Bars of many symbols, from columns of trades in almost any order.
//!
//! Each symbol has a few bars open, that of a bucket in the place that its time gives it. A bar gives way to a newer one in its place,
//! and goes to those that are done. A trade of a bucket that has given way is late, and stands aside until there are many, which are taken
//! in together. Trades are added in the order of their rows, so that of two at one instant the later counts as the last whatever way it
//! went, and none is dropped.

mod buckets;
mod part;
mod ticks;

use self::buckets::Buckets;
use self::part::{Open, Part, in_order, take_in};
pub use self::ticks::{Missing, Ticks, TicksError};
use super::{Calendar, Volume};

/// Open bars of a symbol.
const OPEN: usize = 8;
/// So many late trades stand aside at least before they are taken in.
const ASIDE: usize = 1 << 16;
/// So many rows are looked at together: where their bars are is found, and fetched, before the first is added.
const GROUP: usize = 64;

/// Bars that cannot be made one, since they are of another calendar, or of other symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bars of another calendar or of another number of symbols cannot be joined")]
pub struct NotAlike;

/// What trades of a symbol did in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Of which symbol.
    pub symbol: u32,
    /// When its bucket begins.
    pub start: i64,
    /// The first price.
    pub open: i64,
    /// The highest.
    pub high: i64,
    /// The lowest.
    pub low: i64,
    /// The last.
    pub close: i64,
    /// How much was traded.
    pub volume: Volume,
}

/// Makes bars of trades.
///
/// ```
/// use thalium::money::RoundingMode;
/// use thalium::rollup::{Bars, Calendar, Missing, Ticks};
///
/// let second = 1_000_000_000;
/// let mut bars = Bars::new(Calendar::new("1m".parse()?), 2, Missing::Skip);
/// bars.add(Ticks {
///     at: &[61 * second, 59 * second, 65 * second],
///     symbol: &[0, 0, 1],
///     price: &[101, 100, 7],
///     quantity: &[3, 1, 5],
///     valid: None,
/// })?;
/// let made: Vec<_> = bars.finish().collect();
/// assert_eq!(made.iter().map(|bar| (bar.symbol, bar.start / second, bar.close)).collect::<Vec<_>>(), [(0, 0, 100), (0, 60, 101), (1, 60, 7)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bars {
    buckets: Buckets,
    missing: Missing,
    skipped: u64,
    /// [`OPEN`] of each symbol.
    open: Vec<Open>,
    /// Of each symbol those that gave way, mostly by time.
    done: Vec<Vec<Part>>,
    /// Trades that are late, in the order in which they came.
    late: Vec<Late>,
    /// How many may stand aside.
    late_most: usize,
}

/// A trade of a bucket that has given way to a newer one.
#[derive(Clone, Copy, Debug)]
struct Late {
    symbol: u32,
    start: i64,
    at: i64,
    price: i64,
    quantity: i64,
}

/// Where a row's bar is to be among those that are open, and its bucket.
#[derive(Clone, Copy, Debug)]
struct Place {
    own: usize,
    start: i64,
    end: i64,
}

impl Bars {
    /// Of buckets of a calendar and so many symbols, which take 700 bytes each from the beginning.
    #[must_use]
    pub fn new(calendar: Calendar, symbols: u32, missing: Missing) -> Self {
        let symbols = usize::try_from(symbols).unwrap_or(usize::MAX);
        let open = vec![Open::EMPTY; symbols.saturating_mul(OPEN)];
        let done = vec![Vec::new(); symbols];
        Self {
            buckets: Buckets::new(calendar),
            missing,
            skipped: 0,
            open,
            done,
            late: Vec::new(),
            late_most: ASIDE,
        }
    }

    /// How many rows were left out, since something of them was missing.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Adds trades: all rows, or none. Of two at one instant, that of the earlier row is the first.
    ///
    /// # Errors
    /// Columns of different lengths, a symbol that is none, a price or a quantity below zero, an instant that is out of range, a row in
    /// which something is missing, where those are refused.
    pub fn add(&mut self, ticks: Ticks<'_>) -> Result<(), TicksError> {
        let skipped = ticks.check(&self.buckets, self.done.len(), self.missing)?;
        // Where nothing is missing, no row has to be asked.
        let ticks = Ticks { valid: ticks.valid.filter(|_| skipped > 0), ..ticks };
        let first = (0..ticks.at.len()).find(|row| ticks.is_there(*row));
        self.buckets.begin(first.and_then(|row| ticks.at.get(row)).copied());
        let rows = ticks.at.chunks(GROUP).zip(ticks.symbol.chunks(GROUP));
        let rows = rows.zip(ticks.price.chunks(GROUP).zip(ticks.quantity.chunks(GROUP)));
        for (group, ((at, symbol), (price, quantity))) in rows.enumerate() {
            let places = self.places(at, symbol);
            let rows = at.iter().zip(symbol).zip(price).zip(quantity).zip(&places);
            for (row, ((((at, symbol), price), quantity), place)) in rows.enumerate() {
                if ticks.is_there(group * GROUP + row) {
                    self.tick(*place, *symbol, *at, *price, *quantity);
                }
            }
        }
        self.skipped += skipped;
        Ok(())
    }

    /// Takes in the trades of later rows, which another has made bars of, of the same calendar and symbols: so two threads do a half
    /// each.
    ///
    /// # Errors
    /// They are not alike. Then nothing is taken in.
    pub fn join(&mut self, other: Self) -> Result<(), NotAlike> {
        if self.buckets.calendar != other.buckets.calendar || self.done.len() != other.done.len() {
            return Err(NotAlike);
        }
        self.skipped += other.skipped;
        self.close();
        for (own, others) in self.done.iter_mut().zip(other.parts()) {
            take_in(own, others.into_iter(), self.buckets.length);
        }
        Ok(())
    }

    /// The bars, by symbol and time.
    pub fn finish(self) -> impl Iterator<Item = Bar> {
        let of_symbol =
            |(symbol, parts): (u32, Vec<Part>)| parts.into_iter().map(move |part| part.bar(symbol));
        (0..).zip(self.parts()).flat_map(of_symbol)
    }

    /// All bars of each symbol, by time.
    fn parts(mut self) -> Vec<Vec<Part>> {
        self.close();
        self.done
    }

    /// Takes in what is open, and what stands aside.
    fn close(&mut self) {
        for (done, open) in self.done.iter_mut().zip(self.open.chunks_mut(OPEN)) {
            for part in open.iter().filter(|part| !part.is_empty()) {
                done.push(Part::of(self.buckets.find(part.first()).start, part));
            }
            open.fill(Open::EMPTY);
        }
        self.take_in();
    }

    /// Takes in what stands aside: a bucket of which a trade does so is not opened again before. That there may be as many then as bars
    /// are done bounds both what they take and how often this is done.
    fn take_in(&mut self) {
        for done in &mut self.done {
            in_order(done);
        }
        let mut late = std::mem::take(&mut self.late);
        // Those of one bucket stay in the order in which they came.
        late.sort_by_key(|trade| (trade.symbol, trade.start));
        for of_one in late.chunk_by(|one, other| one.symbol == other.symbol) {
            let symbol = of_one.first().and_then(|trade| usize::try_from(trade.symbol).ok());
            if let Some(done) = symbol.and_then(|symbol| self.done.get_mut(symbol)) {
                let part = |trade: &Late| {
                    let Late { start, at, price, quantity, .. } = *trade;
                    Part::of(start, &Open::of(at, price, quantity))
                };
                take_in(done, of_one.iter().map(part), self.buckets.length);
            }
        }
        self.late_most = ASIDE + self.done.iter().map(Vec::len).sum::<usize>();
    }

    /// Where the bars of some rows are to be.
    // INVARIANT: every symbol was looked at, and has `OPEN` places.
    #[inline]
    fn places(&mut self, at: &[i64], symbol: &[u32]) -> [Place; GROUP] {
        let mut places = [Place { own: 0, start: 0, end: 0 }; GROUP];
        let mut touched = 0;
        for ((at, symbol), place) in at.iter().zip(symbol).zip(&mut places) {
            let bucket = self.buckets.find(*at);
            let symbol = usize::try_from(*symbol).unwrap_or(usize::MAX);
            let own = symbol.wrapping_mul(OPEN).wrapping_add(bucket.number % OPEN);
            *place = Place { own, start: bucket.start, end: bucket.end };
            // Bars are fetched side by side, where a row after another would wait for its own.
            touched ^= self.open.get(own).map_or(0, Open::touched);
        }
        std::hint::black_box(touched);
        places
    }

    #[inline]
    fn tick(&mut self, place: Place, symbol: u32, at: i64, price: i64, quantity: i64) {
        let bucket = (place.start, place.end);
        let part = self.open.get_mut(place.own);
        if !part.is_some_and(|part| part.add(bucket, at, price, quantity)) {
            self.turn(place, symbol, at, price, quantity);
        }
    }

    /// A trade of a bucket that is not open, or of which an open bar holds no more.
    #[cold]
    fn turn(&mut self, place: Place, symbol: u32, at: i64, price: i64, quantity: i64) {
        let new = Open::of(at, price, quantity);
        let done = usize::try_from(symbol).ok().and_then(|symbol| self.done.get_mut(symbol));
        let (Some(part), Some(done)) = (self.open.get_mut(place.own), done) else {
            return;
        };
        if part.is_empty() {
            *part = new;
            return;
        }
        let start = self.buckets.find(part.first()).start;
        if start <= place.start {
            done.push(Part::of(start, &std::mem::replace(part, new)));
            return;
        }
        // What is older than the bar in its place is late: that has not to give way to it.
        self.late.push(Late { symbol, start: place.start, at, price, quantity });
        if self.late.len() >= self.late_most {
            self.take_in();
        }
    }
}

#[cfg(test)]
#[path = "bars_tests.rs"]
mod tests;
