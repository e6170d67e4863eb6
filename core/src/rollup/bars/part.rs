//! What is known of the trades of a bucket.

use super::Bar;
use crate::rollup::Volume;

/// A bar that is open: the trades of a bucket that were seen together, as far as 80 bytes hold them, so that few cache lines have to be
/// fetched for one. Prices and quantities are not negative.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Open {
    /// When the first trade was; behind all buckets where there is none.
    first: i64,
    last: i64,
    open: i64,
    close: i64,
    high: i64,
    low: i64,
    turnover: u128,
    quantity: u64,
    trades: u64,
}

impl Open {
    pub(super) const EMPTY: Self = Self {
        first: i64::MAX,
        last: i64::MIN,
        open: 0,
        close: 0,
        high: 0,
        low: 0,
        turnover: 0,
        quantity: 0,
        trades: 0,
    };

    pub(super) fn of(at: i64, price: i64, quantity: i64) -> Self {
        Self {
            first: at,
            last: at,
            open: price,
            close: price,
            high: price,
            low: price,
            turnover: turnover(price, quantity),
            quantity: quantity.cast_unsigned(),
            trades: 1,
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.trades == 0
    }

    pub(super) const fn first(&self) -> i64 {
        self.first
    }

    /// Something of both cache lines.
    #[inline]
    pub(super) const fn touched(&self) -> u64 {
        self.first.cast_unsigned() ^ self.trades
    }

    /// With a trade more, of a later row. `false` where it is not of the bucket from `start` to `end`, or sums are too large for it:
    /// then nothing is added.
    #[inline]
    pub(super) fn add(
        &mut self,
        (start, end): (i64, i64),
        at: i64,
        price: i64,
        quantity: i64,
    ) -> bool {
        let (turnover, is_much) = self.turnover.overflowing_add(turnover(price, quantity));
        let (quantity, are_many) = self.quantity.overflowing_add(quantity.cast_unsigned());
        if self.first < start || self.first >= end || is_much || are_many {
            return false;
        }
        if at < self.first {
            (self.first, self.open) = (at, price);
        }
        if at >= self.last {
            (self.last, self.close) = (at, price);
        }
        self.high = self.high.max(price);
        self.low = self.low.min(price);
        (self.turnover, self.quantity) = (turnover, quantity);
        self.trades += 1;
        true
    }
}

/// The trades of a bucket that were taken in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) start: i64,
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
    pub(super) fn of(start: i64, part: &Open) -> Self {
        let Open { first, last, open, close, high, low, turnover, quantity, trades } = *part;
        let quantity = quantity.into();
        Self {
            start,
            first,
            last,
            open,
            high,
            low,
            close,
            trades,
            quantity,
            turnover,
            turnover_high: 0,
        }
    }

    /// With the trades of later rows.
    // INVARIANT: no sum overflows, since there are fewer than 2⁶⁴ rows, quantities are below 2⁶³ and products below 2¹²⁶.
    pub(super) fn take_in(&mut self, later: &Self) {
        if later.first < self.first {
            (self.first, self.open) = (later.first, later.open);
        }
        if later.last >= self.last {
            (self.last, self.close) = (later.last, later.close);
        }
        self.high = self.high.max(later.high);
        self.low = self.low.min(later.low);
        self.trades += later.trades;
        self.quantity += later.quantity;
        let (turnover, carry) = self.turnover.overflowing_add(later.turnover);
        self.turnover = turnover;
        self.turnover_high += later.turnover_high + u64::from(carry);
    }

    pub(super) fn bar(&self, symbol: u32) -> Bar {
        let turnover = (u128::from(self.turnover_high), self.turnover);
        let volume = Volume::counted(self.trades, self.quantity, turnover);
        let Self { start, open, high, low, close, .. } = *self;
        Bar { symbol, start, open, high, low, close, volume }
    }
}

#[inline]
fn turnover(price: i64, quantity: i64) -> u128 {
    u128::from(price.cast_unsigned()) * u128::from(quantity.cast_unsigned())
}

/// Takes later parts of a symbol, by time, in among others of it, by time too.
pub(super) fn take_in(parts: &mut Vec<Part>, later: impl Iterator<Item = Part>, length: i64) {
    let known = parts.len();
    for part in later {
        let found = position(parts.get(..known).unwrap_or_default(), part.start, length);
        match found.and_then(|index| parts.get_mut(index)) {
            Some(own) => own.take_in(&part),
            None => parts.push(part),
        }
    }
    in_order(parts);
}

/// Puts parts in order by time, and makes one of those of a bucket. They keep their order.
pub(super) fn in_order(parts: &mut Vec<Part>) {
    if parts.is_sorted_by(|one, other| one.start < other.start) {
        return;
    }
    // What is sorted in a few runs is soon sorted.
    parts.sort_by_key(|part| part.start);
    parts.dedup_by(|later, own| {
        let is_one = later.start == own.start;
        if is_one {
            own.take_in(later);
        }
        is_one
    });
}

/// Where the part of a bucket stands. Where no bucket is without trades, it is found at once.
fn position(parts: &[Part], start: i64, length: i64) -> Option<usize> {
    let first = parts.first()?.start;
    let index = usize::try_from(start.checked_sub(first)? / length).ok()?;
    match parts.get(index) {
        Some(part) if part.start == start => Some(index),
        _ => parts.binary_search_by_key(&start, |part| part.start).ok(),
    }
}
