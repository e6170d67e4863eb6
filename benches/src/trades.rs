//! Trades of many symbols, of which few make most.

use thalium::rollup::Ticks;

/// How many symbols.
pub const SYMBOLS: u32 = 500;
const SECOND: i64 = 1_000_000_000;

/// Trades as columns.
#[derive(Debug)]
pub struct Columns {
    /// When.
    pub at: Vec<i64>,
    /// Of which symbol.
    pub symbol: Vec<u32>,
    /// The price.
    pub price: Vec<i64>,
    /// How much.
    pub quantity: Vec<i64>,
}

impl Columns {
    /// So many, made in a day of 2026. They stand within five minutes of their order, and one in a hundred comes up to an hour late.
    #[must_use]
    pub fn made(count: usize) -> Self {
        let mut random = Random(7);
        let mut columns = Self {
            at: Vec::with_capacity(count),
            symbol: Vec::with_capacity(count),
            price: Vec::with_capacity(count),
            quantity: Vec::with_capacity(count),
        };
        let step = 86_400 * SECOND / i64::try_from(count).unwrap_or(i64::MAX).max(1);
        let mut now = 1_767_225_600 * SECOND;
        for _ in 0..count {
            now += step;
            let late = if random.below(100) == 0 { 3_600 } else { 300 };
            columns.at.push(now - random.below(late * SECOND));
            // The smaller of two: small numbers are the likelier.
            let symbol = random.below(SYMBOLS.into()).min(random.below(SYMBOLS.into()));
            columns.symbol.push(u32::try_from(symbol).unwrap_or(0));
            columns.price.push(5_000_000_000_000 + random.below(100_000_000_000));
            columns.quantity.push(1 + random.below(500_000_000));
        }
        columns
    }

    /// Some of them; `None` where they are not there.
    #[must_use]
    pub fn rows(&self, from: usize, to: usize) -> Option<Ticks<'_>> {
        Some(Ticks {
            at: self.at.get(from..to)?,
            symbol: self.symbol.get(from..to)?,
            price: self.price.get(from..to)?,
            quantity: self.quantity.get(from..to)?,
            valid: None,
        })
    }
}

/// SplitMix64: the same numbers everywhere.
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    /// One from zero to below a bound.
    pub fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((mixed ^ mixed >> 31) >> 1).unwrap_or(0) % bound
    }
}
