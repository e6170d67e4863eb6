//! Bars of many symbols, from columns of trades in almost any order.
//!
//! Each symbol has a few bars open, that of a bucket in the place that its time gives it. A bar gives way to a newer one in its place
//! and goes behind those that are done, which stand in order. A trade that is late is added to its bar among the newest of them, or,
//! where it is later than that, stands aside until there are many, which are taken in together. Trades are added in the order of their rows,
//! so that of two at one instant the later counts as the last whatever way it went, and none is dropped.

use super::{Calendar, OutOfRange, Volume};

/// Open bars of a symbol.
const OPEN: usize = 8;
/// So many of the bars that are done are searched for that of a late trade: what is in order costs the same however much there is.
const NEWEST: usize = 128;
/// So many stand aside at least before they are taken in.
const ASIDE: usize = 1 << 16;
/// Buckets of which the bounds are known.
const KNOWN: usize = 64;

/// Trades, a row each. Prices and quantities are whole units, as [`Trade`](super::Trade) has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ticks<'a> {
    /// When, in nanoseconds since 1970.
    pub at: &'a [i64],
    /// Of which symbol: its number, below that of the symbols.
    pub symbol: &'a [u32],
    /// The price, not negative.
    pub price: &'a [i64],
    /// How much was traded, not negative.
    pub quantity: &'a [i64],
    /// Of each row a bit, the least first, as Arrow has them: zero where something of it is missing. All are there by default.
    pub valid: Option<&'a [u8]>,
}

impl Ticks<'_> {
    /// Whether nothing of a row is missing.
    #[inline]
    fn is_there(&self, row: usize) -> bool {
        self.valid.is_none_or(|valid| is_valid(valid, row))
    }

    /// The first row that is there and has something in a column.
    fn first<T: Copy>(&self, column: &[T], is_meant: impl Fn(T) -> bool) -> Option<usize> {
        let mut rows = column.iter().enumerate();
        rows.find(|(row, one)| self.is_there(*row) && is_meant(**one)).map(|(row, _)| row)
    }
}

fn is_valid(valid: &[u8], row: usize) -> bool {
    valid.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1)
}

/// What becomes of a row in which something is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// It is left out, and counted.
    #[default]
    Skip,
    /// It is an error.
    Refuse,
}

/// Rows that cannot be read. None of them is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicksError {
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
    /// A value that cannot be.
    #[error("row {row}, `{column}`: {what}")]
    Value {
        /// Where, from zero.
        row: usize,
        /// In which column.
        column: &'static str,
        /// What is wrong, and what to do.
        what: &'static str,
    },
}

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
    open: Vec<Part>,
    /// Of each symbol those that are done, by time.
    done: Vec<Vec<Part>>,
    /// Those whose bucket is older than the newest that are done, in the order in which they came.
    aside: Vec<(u32, Part)>,
    /// How many may stand aside.
    aside_most: usize,
}

impl Bars {
    /// Of buckets of a calendar and so many symbols, which take 920 bytes each from the beginning.
    #[must_use]
    pub fn new(calendar: Calendar, symbols: u32, missing: Missing) -> Self {
        let symbols = usize::try_from(symbols).unwrap_or(usize::MAX);
        let open = vec![Part::EMPTY; symbols.saturating_mul(OPEN)];
        let done = vec![Vec::new(); symbols];
        Self {
            buckets: Buckets::new(calendar),
            missing,
            skipped: 0,
            open,
            done,
            aside: Vec::new(),
            aside_most: ASIDE,
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
        let skipped = self.check(&ticks)?;
        // Where nothing is missing, no row has to be asked.
        let ticks = Ticks { valid: ticks.valid.filter(|_| skipped > 0), ..ticks };
        let first = (0..ticks.at.len()).find(|row| ticks.is_there(*row));
        self.buckets.begin(first.and_then(|row| ticks.at.get(row)).copied());
        let rows = ticks.at.iter().zip(ticks.symbol).zip(ticks.price).zip(ticks.quantity);
        for (row, (((at, symbol), price), quantity)) in rows.enumerate() {
            if ticks.is_there(row) {
                self.tick(*at, *symbol, *price, *quantity);
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
            merge(own, others);
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
            let mut parts: Vec<Part> =
                open.iter().filter(|part| part.trades > 0).copied().collect();
            open.fill(Part::EMPTY);
            parts.sort_unstable_by_key(|part| part.start);
            merge(done, parts);
        }
        self.take_in();
    }

    /// Takes in what stands aside: a bucket that does so is not opened again. That there may be as many then as bars are done bounds
    /// both what they take and how often this is done.
    fn take_in(&mut self) {
        let mut aside = std::mem::take(&mut self.aside);
        // Those of one bucket stay in the order in which they came.
        aside.sort_by_key(|(symbol, part)| (*symbol, part.start));
        for of_one in aside.chunk_by(|one, other| one.0 == other.0) {
            let symbol = of_one.first().and_then(|(symbol, _)| usize::try_from(*symbol).ok());
            if let Some(done) = symbol.and_then(|symbol| self.done.get_mut(symbol)) {
                merge(done, of_one.iter().map(|(_, part)| *part).collect());
            }
        }
        self.aside_most = ASIDE + self.done.iter().map(Vec::len).sum::<usize>();
    }

    /// Looks at all rows before the first is added; gives how many are left out.
    fn check(&self, ticks: &Ticks<'_>) -> Result<u64, TicksError> {
        let of = ticks.at.len();
        for (column, rows) in [
            ("symbol", ticks.symbol.len()),
            ("price", ticks.price.len()),
            ("quantity", ticks.quantity.len()),
        ] {
            if rows != of {
                return Err(TicksError::Rows { column, rows, of });
            }
        }
        if let Some(valid) = ticks.valid
            && valid.len() < of.div_ceil(8)
        {
            return Err(TicksError::Rows { column: "valid", rows: valid.len() * 8, of });
        }
        let value = |row, column, what| Err(TicksError::Value { row, column, what });
        // First whether there is any, which takes next to nothing; then which.
        let symbols = self.done.len();
        let no_symbol =
            |symbol: u32| usize::try_from(symbol).map_or(true, |symbol| symbol >= symbols);
        if ticks.symbol.iter().copied().max().is_some_and(no_symbol)
            && let Some(row) = ticks.first(ticks.symbol, no_symbol)
        {
            return value(row, "symbol", "there are fewer symbols: number them from zero");
        }
        for (column, values) in [("price", ticks.price), ("quantity", ticks.quantity)] {
            if values.iter().fold(0, |all, one| all | one) < 0
                && let Some(row) = ticks.first(values, |one| one < 0)
            {
                return value(row, column, "is below zero");
            }
        }
        // The calendar ends before instants do.
        let is_out = |at: i64| self.buckets.bounds(at).is_err();
        let is_in = |(low, high): (i64, i64)| low > high || !(is_out(low) || is_out(high));
        let wider = |(low, high): (i64, i64), at: &i64| (low.min(*at), high.max(*at));
        let there =
            || (0..of).filter(|row| ticks.is_there(*row)).filter_map(|row| ticks.at.get(row));
        let none = (i64::MAX, i64::MIN);
        if !is_in(ticks.at.iter().fold(none, wider))
            && !is_in(there().fold(none, wider))
            && let Some(row) = ticks.first(ticks.at, is_out)
        {
            return value(row, "at", "is out of the range of instants");
        }
        if ticks.valid.is_none() {
            return Ok(0);
        }
        let mut skipped = 0;
        for row in (0..of).filter(|row| !ticks.is_there(*row)) {
            if self.missing == Missing::Refuse {
                let what = "something is missing: leave the row out, or have such rows skipped";
                return value(row, "valid", what);
            }
            skipped += 1;
        }
        Ok(skipped)
    }

    #[inline]
    fn tick(&mut self, at: i64, symbol: u32, price: i64, quantity: i64) {
        let (start, number) = self.buckets.find(at);
        // INVARIANT: every symbol was looked at, and has `OPEN` places.
        let symbol = usize::try_from(symbol).unwrap_or(usize::MAX);
        let place = symbol.wrapping_mul(OPEN) + number % OPEN;
        match self.open.get_mut(place) {
            Some(part) if part.start == start && part.trades > 0 => part.add(at, price, quantity),
            _ => self.turn(place, symbol, start, at, price, quantity),
        }
    }

    /// A trade of a bucket that is not open.
    #[cold]
    fn turn(
        &mut self,
        place: usize,
        symbol: usize,
        start: i64,
        at: i64,
        price: i64,
        quantity: i64,
    ) {
        let new = Part::of(start, at, price, quantity);
        let (Some(part), Some(done)) = (self.open.get_mut(place), self.done.get_mut(symbol)) else {
            return;
        };
        if part.trades == 0 {
            *part = new;
            return;
        }
        // What is older than the bar in its place is late: that has not to give way to it.
        let part = if part.start < start { std::mem::replace(part, new) } else { new };
        if done.last().is_none_or(|last| last.start < part.start) {
            done.push(part);
            return;
        }
        let newest = done.len().saturating_sub(NEWEST);
        let found =
            position(done.get(newest..).unwrap_or_default(), part.start, self.buckets.length);
        match found {
            Ok(index) => {
                if let Some(own) = done.get_mut(newest + index) {
                    *own = own.merged(&part);
                }
            }
            Err(0) if newest > 0 => {
                let symbol = u32::try_from(symbol).unwrap_or(u32::MAX);
                self.aside.push((symbol, part));
                if self.aside.len() >= self.aside_most {
                    self.take_in();
                }
            }
            Err(index) => done.insert(newest + index, part),
        }
    }
}

/// Where the bar of a bucket stands among others by time, or is to stand. Where no bucket is without trades, it is found at once.
fn position(parts: &[Part], start: i64, length: i64) -> Result<usize, usize> {
    let last = parts.last().map_or(start, |part| part.start);
    let back = usize::try_from(last.saturating_sub(start) / length).unwrap_or(usize::MAX);
    let index = (parts.len().saturating_sub(1)).saturating_sub(back);
    match parts.get(index) {
        Some(part) if part.start == start => Ok(index),
        _ => parts.binary_search_by_key(&start, |part| part.start),
    }
}

/// Merges bars of a symbol into others of it, both by time. Of one bucket the trades of the second are of later rows.
fn merge(done: &mut Vec<Part>, later: Vec<Part>) {
    let is_behind = |part: &Part| done.last().is_none_or(|last| last.start < part.start);
    if later.first().is_none_or(is_behind)
        && later.is_sorted_by(|one, other| one.start < other.start)
    {
        done.extend(later);
        return;
    }
    let mut all = std::mem::take(done);
    all.extend(later);
    // What is sorted in two runs is soon sorted, and what is of one bucket keeps its order.
    all.sort_by_key(|part| part.start);
    done.reserve(all.len());
    for part in all {
        match done.last_mut() {
            Some(own) if own.start == part.start => *own = own.merged(&part),
            _ => done.push(part),
        }
    }
}

/// A part of a bar: the trades of a bucket that were seen together.
#[derive(Clone, Copy, Debug)]
struct Part {
    start: i64,
    first: i64,
    last: i64,
    open: i64,
    high: i64,
    low: i64,
    close: i64,
    trades: u64,
    quantity: u128,
    /// Prices times quantities: each is below 2¹²⁶, so 192 bits hold as many as there can be.
    turnover: u128,
    turnover_high: u64,
}

impl Part {
    const EMPTY: Self = Self {
        start: i64::MIN,
        first: 0,
        last: 0,
        open: 0,
        high: 0,
        low: 0,
        close: 0,
        trades: 0,
        quantity: 0,
        turnover: 0,
        turnover_high: 0,
    };

    fn of(start: i64, at: i64, price: i64, quantity: i64) -> Self {
        let (open, high, low, close) = (price, price, price, price);
        Self {
            start,
            first: at,
            last: at,
            open,
            high,
            low,
            close,
            trades: 1,
            quantity: u128::from(quantity.unsigned_abs()),
            turnover: turnover(price, quantity),
            turnover_high: 0,
        }
    }

    /// With a trade more, of a later row.
    #[inline]
    fn add(&mut self, at: i64, price: i64, quantity: i64) {
        if at < self.first {
            (self.first, self.open) = (at, price);
        }
        if at >= self.last {
            (self.last, self.close) = (at, price);
        }
        self.high = self.high.max(price);
        self.low = self.low.min(price);
        self.trades += 1;
        self.quantity += u128::from(quantity.unsigned_abs());
        let (turnover, carry) = self.turnover.overflowing_add(turnover(price, quantity));
        self.turnover = turnover;
        self.turnover_high += u64::from(carry);
    }

    /// With the trades of later rows.
    // INVARIANT: no sum overflows, since there are fewer than 2⁶⁴ rows, quantities are below 2⁶³ and products below 2¹²⁶.
    fn merged(&self, later: &Self) -> Self {
        let (opens, closes) = (self.first <= later.first, later.last >= self.last);
        let (turnover, carry) = self.turnover.overflowing_add(later.turnover);
        Self {
            start: self.start,
            first: self.first.min(later.first),
            last: self.last.max(later.last),
            open: if opens { self.open } else { later.open },
            close: if closes { later.close } else { self.close },
            high: self.high.max(later.high),
            low: self.low.min(later.low),
            trades: self.trades + later.trades,
            quantity: self.quantity + later.quantity,
            turnover,
            turnover_high: self.turnover_high + later.turnover_high + u64::from(carry),
        }
    }

    fn bar(&self, symbol: u32) -> Bar {
        let turnover = (u128::from(self.turnover_high), self.turnover);
        let volume = Volume::counted(self.trades, self.quantity, turnover);
        let Self { start, open, high, low, close, .. } = *self;
        Bar { symbol, start, open, high, low, close, volume }
    }
}

#[inline]
fn turnover(price: i64, quantity: i64) -> u128 {
    u128::from(price.unsigned_abs()) * u128::from(quantity.unsigned_abs())
}

/// The buckets of a calendar, of which those that were asked for last are known.
#[derive(Clone, Debug)]
struct Buckets {
    calendar: Calendar,
    /// About how long a bucket is.
    length: i64,
    /// 2⁶⁴ over that, rounded up: what is about a bucket apart has another place.
    places: u64,
    /// From where places are counted, so that one is of one bucket: when that of the first trade began. It stays, since open bars
    /// have their places by it.
    origin: Option<i64>,
    known: Box<[Known; KNOWN]>,
}

/// A bucket: when it begins and ends, and its number among those beside it.
#[derive(Clone, Copy, Debug)]
struct Known {
    start: i64,
    end: i64,
    number: usize,
}

impl Known {
    const NONE: Self = Self { start: 1, end: 0, number: 0 };
}

impl Buckets {
    fn new(calendar: Calendar) -> Self {
        let length = calendar.least_length();
        let places = (u64::MAX / length.unsigned_abs().max(1)).saturating_add(1);
        Self { calendar, length, places, origin: None, known: Box::new([Known::NONE; KNOWN]) }
    }

    fn begin(&mut self, at: Option<i64>) {
        let start = || self.calendar.start(at?).ok();
        self.origin = self.origin.or_else(start);
    }

    fn bounds(&self, at: i64) -> Result<(i64, i64), OutOfRange> {
        Ok((self.calendar.start(at)?, self.calendar.end(at).unwrap_or(i64::MAX)))
    }

    /// When the bucket begins that an instant is in, and a number that those beside it do not have.
    #[inline]
    fn find(&mut self, at: i64) -> (i64, usize) {
        let place = self.place(at);
        match self.known.get(place) {
            Some(known) if known.start <= at && at < known.end => (known.start, known.number),
            _ => self.look_up(at, place),
        }
    }

    /// Where an instant's bucket is kept. It need not be exact: what stands there says whether it is the one.
    #[inline]
    fn place(&self, at: i64) -> usize {
        let since = at.wrapping_sub(self.origin.unwrap_or(0)).cast_unsigned();
        let number = (u128::from(since) * u128::from(self.places)) >> 64;
        usize::try_from(number).unwrap_or(0) % KNOWN
    }

    #[cold]
    fn look_up(&mut self, at: i64, place: usize) -> (i64, usize) {
        // INVARIANT: the first and the last instant were looked at, and what is between them is in range too.
        let (start, end) = self.bounds(at).unwrap_or((at, at));
        let number = self.place(start);
        if let Some(known) = self.known.get_mut(place) {
            *known = Known { start, end, number };
        }
        (start, number)
    }
}

#[cfg(test)]
#[path = "bars_tests.rs"]
mod tests;
