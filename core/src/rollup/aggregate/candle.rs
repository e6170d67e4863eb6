//! Candles: what trades did to a price in a bucket of time.
//!
//! Exact, and the same whatever the order in which trades are added and candles merged: prices and volumes are whole units, what they
//! make together is kept in 256 bits, and of two trades at one instant the sequence tells which was first.

use std::cmp::{Ordering, Reverse};

use super::total::power_of_ten;
use super::{Aggregate, Entry, MergeError};
use crate::money::wide::U256;
use crate::money::{Amount, ConvertError, RoundingMode};

/// Which side took what was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Taker {
    /// The buyer: the price was asked.
    Buyer,
    /// The seller: the price was bid.
    Seller,
}

impl Taker {
    /// The number of one, or of none: 0 where it is not known, 1 for the buyer, 2 for the seller.
    pub(crate) const fn number(taker: Option<Self>) -> u8 {
        match taker {
            None => 0,
            Some(Self::Buyer) => 1,
            Some(Self::Seller) => 2,
        }
    }

    /// That of a number; `None` where it is of neither.
    pub(crate) const fn from_number(number: u8) -> Option<Option<Self>> {
        match number {
            0 => Some(None),
            1 => Some(Some(Self::Buyer)),
            2 => Some(Some(Self::Seller)),
            _ => None,
        }
    }
}

/// A trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// When, in nanoseconds since 1970.
    pub at: i64,
    /// Which of those at one instant, as the market numbers them.
    pub sequence: u64,
    /// The price of one coin, in smallest units of the asset that is paid with.
    pub price: Amount,
    /// How much was traded, in smallest units.
    pub quantity: Amount,
    /// Who took it, where that is known.
    pub taker: Option<Taker>,
}

/// A price, and the trade that made it.
// INVARIANT: `at` and `sequence` come first, so that the derived order is that of the trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quote {
    /// When.
    pub at: i64,
    /// Which of those at one instant.
    pub sequence: u64,
    /// The price.
    pub price: Amount,
}

impl Quote {
    /// One that is none.
    pub(in crate::rollup) const NONE: Self =
        Self { at: 0, sequence: 0, price: Amount::from_units(0) };

    const fn of(trade: &Trade) -> Self {
        Self { at: trade.at, sequence: trade.sequence, price: trade.price }
    }
}

/// How much was traded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    trades: u64,
    quantity: Amount,
    /// Prices times quantities, in units of the one times units of the other.
    turnover: U256,
}

impl Volume {
    fn of(trade: &Trade) -> Self {
        let turnover = U256::product(trade.price.units(), trade.quantity.units());
        Self { trades: 1, quantity: trade.quantity, turnover }
    }

    /// What was counted elsewhere; the turnover in words of 128 bits, the higher first.
    pub(in crate::rollup) const fn counted(
        trades: u64,
        quantity: u128,
        (high, low): (u128, u128),
    ) -> Self {
        Self {
            trades,
            quantity: Amount::from_units(quantity),
            turnover: U256::from_words(high, low),
        }
    }

    /// The turnover in words of 128 bits, the higher first.
    pub(in crate::rollup) const fn words(&self) -> (u128, u128) {
        self.turnover.words()
    }

    fn plus(self, other: Self) -> Result<Self, MergeError> {
        let sum = || {
            Some(Self {
                trades: self.trades.checked_add(other.trades)?,
                quantity: self.quantity.checked_add(other.quantity)?,
                turnover: self.turnover.checked_add(other.turnover)?,
            })
        };
        sum().ok_or(MergeError::Overflow)
    }

    /// How many trades.
    #[must_use]
    pub const fn trades(&self) -> u64 {
        self.trades
    }

    /// How much was traded.
    #[must_use]
    pub const fn quantity(&self) -> Amount {
        self.quantity
    }

    /// What was paid for it, in smallest units of the asset that is paid with: prices are those of one coin, which has
    /// 10^`quantity_scale` units. Rounded once, however many trades there are.
    ///
    /// # Errors
    /// A scale beyond 38, more than 2¹²⁸ units, or a fraction where none may be rounded away.
    pub fn turnover(
        &self,
        quantity_scale: u8,
        rounding: RoundingMode,
    ) -> Result<Amount, ConvertError> {
        let coin = U256::from_u128(power_of_ten(quantity_scale)?);
        let (units, ..) = self.turnover.divided(coin, false, rounding)?;
        Ok(Amount::from_units(units))
    }

    /// As [`Volume::turnover`], rounded half to even and as text: prices have `price_scale` digits behind the point. It has room for any.
    ///
    /// # Errors
    /// A scale beyond 38.
    pub fn turnover_text(
        &self,
        quantity_scale: u8,
        price_scale: u8,
    ) -> Result<String, ConvertError> {
        Ok(self.turnover.divided_half_even(power_of_ten(quantity_scale)?).to_text(price_scale))
    }

    /// The average price, weighted by what was traded at each (VWAP), with so many digits more than prices have; `None` where nothing
    /// was traded.
    ///
    /// # Errors
    /// As [`Volume::turnover`].
    pub fn average_price(
        &self,
        digits: u8,
        rounding: RoundingMode,
    ) -> Result<Option<Amount>, ConvertError> {
        if self.quantity.is_zero() {
            return Ok(None);
        }
        let turnover =
            self.turnover.checked_mul(power_of_ten(digits)?).ok_or(ConvertError::Overflow)?;
        let quantity = U256::from_u128(self.quantity.units());
        let (units, ..) = turnover.divided(quantity, false, rounding)?;
        Ok(Some(Amount::from_units(units)))
    }
}

/// What trades did in a bucket: the first price, the highest, the lowest, the last, and how much was traded.
///
/// ```
/// use thalium::money::{Amount, RoundingMode};
/// use thalium::rollup::{Aggregate, Candle, Taker, Trade};
///
/// let trade = |at, price, quantity| {
///     let (price, quantity) = (Amount::from_units(price), Amount::from_units(quantity));
///     Trade { at, sequence: 0, price, quantity, taker: Some(Taker::Buyer) }
/// };
/// // 1.5 BTC at 60,000.00 USD, half a bitcoin at 60,100.00.
/// let mut candle = Candle::of(&trade(2, 6_010_000, 50_000_000));
/// candle.add(&trade(1, 6_000_000, 150_000_000))?;
/// assert_eq!(candle.first().price, Amount::from_units(6_000_000));
/// assert_eq!(candle.volume().turnover(8, RoundingMode::HalfEven)?, Amount::from_units(12_005_000));
/// assert_eq!(candle.volume().average_price(0, RoundingMode::HalfEven)?, Some(Amount::from_units(6_002_500)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candle {
    first: Quote,
    high: Quote,
    low: Quote,
    last: Quote,
    all: Volume,
    bought: Volume,
    sold: Volume,
}

impl Candle {
    /// The first, the highest, the lowest and the last price; what was traded, bought and sold.
    pub(in crate::rollup) const fn parts(&self) -> ([Quote; 4], [Volume; 3]) {
        ([self.first, self.high, self.low, self.last], [self.all, self.bought, self.sold])
    }

    /// Whether prices are between the lowest and the highest, and what both sides took is not more than all.
    pub(in crate::rollup) fn is_sound(&self) -> bool {
        let prices = [self.first.price, self.last.price, self.low.price, self.high.price];
        let is_between = |price: &Amount| self.low.price <= *price && *price <= self.high.price;
        let is_part = |both: Volume| {
            both.trades <= self.all.trades
                && both.quantity <= self.all.quantity
                && both.turnover <= self.all.turnover
        };
        prices.iter().all(is_between) && self.bought.plus(self.sold).is_ok_and(is_part)
    }

    /// Of its parts.
    pub(in crate::rollup) const fn from_parts(
        [first, high, low, last]: [Quote; 4],
        [all, bought, sold]: [Volume; 3],
    ) -> Self {
        Self { first, high, low, last, all, bought, sold }
    }

    /// The first price.
    #[must_use]
    pub const fn first(&self) -> Quote {
        self.first
    }

    /// The highest price, when it was first paid.
    #[must_use]
    pub const fn high(&self) -> Quote {
        self.high
    }

    /// The lowest price, when it was first paid.
    #[must_use]
    pub const fn low(&self) -> Quote {
        self.low
    }

    /// The last price.
    #[must_use]
    pub const fn last(&self) -> Quote {
        self.last
    }

    /// How much was traded.
    #[must_use]
    pub const fn volume(&self) -> &Volume {
        &self.all
    }

    /// How much buyers took.
    #[must_use]
    pub const fn bought(&self) -> &Volume {
        &self.bought
    }

    /// How much sellers took.
    #[must_use]
    pub const fn sold(&self) -> &Volume {
        &self.sold
    }
}

impl Entry for Trade {
    fn key(&self) -> (i64, u64) {
        (self.at, self.sequence)
    }
}

impl Aggregate for Candle {
    type Entry = Trade;

    fn of(trade: &Trade) -> Self {
        let quote = Quote::of(trade);
        let all = Volume::of(trade);
        let of = |taker| if trade.taker == Some(taker) { all } else { Volume::default() };
        Self {
            first: quote,
            high: quote,
            low: quote,
            last: quote,
            all,
            bought: of(Taker::Buyer),
            sold: of(Taker::Seller),
        }
    }

    fn has_room(&self, trade: &Trade) -> Result<(), MergeError> {
        // What one side took is a part of all.
        self.all.plus(Volume::of(trade)).map(|_| ())
    }

    fn add(&mut self, trade: &Trade) -> Result<(), MergeError> {
        let (quote, own) = (Quote::of(trade), Volume::of(trade));
        let all = self.all.plus(own)?;
        match trade.taker {
            Some(Taker::Buyer) => self.bought = self.bought.plus(own)?,
            Some(Taker::Seller) => self.sold = self.sold.plus(own)?,
            None => {}
        }
        self.all = all;
        // Most change none of these.
        if quote < self.first {
            self.first = quote;
        }
        if quote > self.last {
            self.last = quote;
        }
        if quote.price >= self.high.price {
            self.high = highest(self.high, quote);
        }
        if quote.price <= self.low.price {
            self.low = lowest(self.low, quote);
        }
        Ok(())
    }

    /// Which of both is which makes no difference.
    fn take_in(&mut self, other: &Self) -> Result<(), MergeError> {
        *self = Self {
            first: self.first.min(other.first),
            high: highest(self.high, other.high),
            low: lowest(self.low, other.low),
            last: self.last.max(other.last),
            all: self.all.plus(other.all)?,
            bought: self.bought.plus(other.bought)?,
            sold: self.sold.plus(other.sold)?,
        };
        Ok(())
    }
}

fn highest(one: Quote, other: Quote) -> Quote {
    std::cmp::max_by(one, other, |one, other| {
        by_price(one, other).then(Reverse(one).cmp(&Reverse(other)))
    })
}

fn lowest(one: Quote, other: Quote) -> Quote {
    std::cmp::min_by(one, other, |one, other| by_price(one, other).then(one.cmp(other)))
}

fn by_price(one: &Quote, other: &Quote) -> Ordering {
    one.price.cmp(&other.price)
}

#[cfg(test)]
#[path = "candle_tests.rs"]
mod tests;
