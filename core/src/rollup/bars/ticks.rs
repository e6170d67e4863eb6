//! Columns of trades, and what is wrong with them.

use super::buckets::Buckets;
use crate::rollup::{is_valid, other_length};

/// Trades, a row each. Prices and quantities are whole units, as [`Trade`](crate::rollup::Trade) has them.
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
    pub(super) fn is_there(&self, row: usize) -> bool {
        self.valid.is_none_or(|valid| is_valid(valid, row))
    }

    /// Looks at all rows before the first is added; gives how many are left out.
    pub(super) fn check(
        &self,
        buckets: &Buckets,
        symbols: usize,
        missing: Missing,
    ) -> Result<u64, TicksError> {
        let ticks = self;
        let of = ticks.at.len();
        let columns = [
            ("symbol", ticks.symbol.len()),
            ("price", ticks.price.len()),
            ("quantity", ticks.quantity.len()),
        ];
        if let Some((column, rows)) = other_length(of, columns, ticks.valid) {
            return Err(TicksError::Rows { column, rows, of });
        }
        let value = |row, column, what| Err(TicksError::Value { row, column, what });
        // First whether there is any, which takes next to nothing; then which.
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
        let is_out = |at: i64| buckets.bounds(at).is_err();
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
            if missing == Missing::Refuse {
                let what = "something is missing: leave the row out, or have such rows skipped";
                return value(row, "valid", what);
            }
            skipped += 1;
        }
        Ok(skipped)
    }

    /// The first row that is there and has something in a column.
    fn first<T: Copy>(&self, column: &[T], is_meant: impl Fn(T) -> bool) -> Option<usize> {
        let mut rows = column.iter().enumerate();
        rows.find(|(row, one)| self.is_there(*row) && is_meant(**one)).map(|(row, _)| row)
    }
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
