//! Trades in columns, shaped as Arrow shapes them, and what is wrong with a row.

use super::{IngestError, SYMBOL};
use crate::money::Amount;
use crate::rollup::{Refusal, Taker, Trade, is_valid, other_length};

/// From here on are the sequences of rows that come without one: so no row is taken for another.
pub(super) const AUTOMATIC: u64 = 1 << 63;

/// Who gives trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rollup) enum Origin {
    /// Somebody who may be wrong: what is later than an instant is refused.
    Caller {
        /// The instant.
        latest: i64,
    },
    /// What was taken before: also trades that were given without a sequence have one.
    Record,
}

/// A column of whole numbers.
#[derive(Clone, Copy, Debug)]
pub enum Numbers<'a> {
    /// Of 64 bits.
    Ints(&'a [i64]),
    /// Of 128 bits, as Arrow has decimals.
    Wide(&'a [i128]),
    /// Of 128 bits, none below zero.
    Units(&'a [u128]),
}

impl Numbers<'_> {
    const fn len(&self) -> usize {
        match self {
            Self::Ints(rows) => rows.len(),
            Self::Wide(rows) => rows.len(),
            Self::Units(rows) => rows.len(),
        }
    }

    /// The amount of a row; `None` where it is below zero.
    fn amount(&self, row: usize) -> Option<Amount> {
        let units = match self {
            Self::Ints(rows) => rows.get(row).copied()?.into(),
            Self::Wide(rows) => rows.get(row).copied()?,
            Self::Units(rows) => return rows.get(row).copied().map(Amount::from_units),
        };
        u128::try_from(units).ok().map(Amount::from_units)
    }
}

/// A column of names.
#[derive(Clone, Copy, Debug)]
pub enum Names<'a> {
    /// By a dictionary: of each row the place of its name.
    Coded {
        /// The places.
        codes: &'a [u32],
        /// The names.
        names: &'a [&'a str],
    },
    /// UTF-8, one name behind the other, and where each begins and the last ends: one more than there are rows.
    Texts {
        /// Where each begins.
        offsets: &'a [i32],
        /// The names.
        bytes: &'a [u8],
    },
}

impl<'a> Names<'a> {
    const fn len(&self) -> usize {
        match self {
            Self::Coded { codes, .. } => codes.len(),
            Self::Texts { offsets, .. } => offsets.len().saturating_sub(1),
        }
    }

    pub(super) fn name(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Coded { codes, names } => {
                names.get(usize::try_from(*codes.get(row)?).ok()?).copied()
            }
            Self::Texts { offsets, bytes } => {
                let place = |row: usize| usize::try_from(*offsets.get(row)?).ok();
                std::str::from_utf8(bytes.get(place(row)?..place(row + 1)?)?).ok()
            }
        }
    }
}

/// Trades, a row each. Prices and quantities are whole units, as [`Trade`] has them.
#[derive(Clone, Copy, Debug)]
pub struct Trades<'a> {
    /// When, in nanoseconds since 1970.
    pub at: &'a [i64],
    /// Which of those of the symbol at that instant, as the market numbers them, below 2⁶³: by it a trade that comes twice counts once. Without it,
    /// every row is another trade.
    pub sequence: Option<&'a [u64]>,
    /// Of which symbol.
    pub symbol: Names<'a>,
    /// The price.
    pub price: Numbers<'a>,
    /// How much was traded.
    pub quantity: Numbers<'a>,
    /// Who took it: 1 for the buyer, 2 for the seller, 0 where it is not known.
    pub taker: Option<&'a [u8]>,
    /// Of each row a bit, the least first: zero where something of it is missing. All are there by default.
    pub valid: Option<&'a [u8]>,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row}, `{column}`: {why}")]
pub struct RowError {
    /// Which, from zero.
    pub row: usize,
    /// In which column.
    pub column: &'static str,
    /// What is wrong, and what to do.
    pub why: RowFault,
}

/// Why a row is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// Something of it is missing.
    #[error("something is missing: leave the row out, or fill it in")]
    Missing,
    /// A name that is none.
    #[error("no name of 1 to {SYMBOL} bytes of UTF-8")]
    Name,
    /// More symbols than there may be.
    #[error("one symbol too many: there may be {most}")]
    TooMany {
        /// How many there may be.
        most: usize,
    },
    /// A number below zero.
    #[error("is below zero")]
    Negative,
    /// A sequence that rows without one have.
    #[error("is a sequence of 2^63 or more: these are for rows that have none")]
    Sequence,
    /// A row from the future.
    #[error(
        "is later than {latest}, which is ahead of the clock: check the clock of whoever sent it"
    )]
    Ahead {
        /// The latest instant that is taken.
        latest: i64,
    },
    /// A taker that is none.
    #[error("is no taker: 1 is the buyer, 2 the seller, 0 is not known")]
    Taker,
    /// The series does not take it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl RowFault {
    /// The column of a row that could be read, and is not taken.
    pub(super) const fn column(&self) -> &'static str {
        match self {
            Self::Name | Self::TooMany { .. } => "symbol",
            Self::Refused(Refusal::Differs) => "sequence",
            Self::Refused(Refusal::Merge(_)) => "quantity",
            _ => "at",
        }
    }
}

impl<'a> Trades<'a> {
    /// Whether all columns are as long as `at`.
    pub(super) fn check(&self) -> Result<(), IngestError> {
        let of = self.at.len();
        let columns = [
            ("sequence", self.sequence.map_or(of, <[u64]>::len)),
            ("symbol", self.symbol.len()),
            ("price", self.price.len()),
            ("quantity", self.quantity.len()),
            ("taker", self.taker.map_or(of, <[u8]>::len)),
        ];
        match other_length(of, columns, self.valid) {
            Some((column, rows)) => Err(IngestError::Rows { column, rows, of }),
            None => Ok(()),
        }
    }

    /// The trade of a row and its symbol. Where rows have no sequence, they have one by their numbers, and `first` is that of the first.
    pub(in crate::rollup) fn row(
        &self,
        row: usize,
        first: u64,
        origin: Origin,
    ) -> Result<(&'a str, Trade), RowError> {
        let fault = |column, why| RowError { row, column, why };
        if !self.valid.is_none_or(|valid| is_valid(valid, row)) {
            return Err(fault("valid", RowFault::Missing));
        }
        let name = self.symbol.name(row).filter(|name| !name.is_empty() && name.len() <= SYMBOL);
        let name = name.ok_or(fault("symbol", RowFault::Name))?;
        Ok((name, self.trade(row, first, origin)?))
    }

    /// As [`Trades::row`], of a row that is there and whose symbol is known.
    pub(in crate::rollup) fn trade(
        &self,
        row: usize,
        first: u64,
        origin: Origin,
    ) -> Result<Trade, RowError> {
        let fault = |column, why| RowError { row, column, why };
        let at = self.at.get(row).copied().unwrap_or(0);
        if let Origin::Caller { latest } = origin
            && at > latest
        {
            return Err(fault("at", RowFault::Ahead { latest }));
        }
        let amount = |column, numbers: &Numbers<'_>| {
            numbers.amount(row).ok_or(fault(column, RowFault::Negative))
        };
        let taker = self.taker.and_then(|taker| taker.get(row)).copied().unwrap_or(0);
        let taker = Taker::from_number(taker).ok_or(fault("taker", RowFault::Taker))?;
        let own = self.sequence.and_then(|rows| rows.get(row)).copied();
        if own.is_some_and(|own| own >= AUTOMATIC) && origin != Origin::Record {
            return Err(fault("sequence", RowFault::Sequence));
        }
        let sequence = own.unwrap_or(AUTOMATIC | first.saturating_add(row as u64));
        // One more, and the number of rows that have none would not be written out.
        if sequence == u64::MAX {
            return Err(fault("sequence", RowFault::Sequence));
        }
        Ok(Trade {
            at,
            sequence,
            price: amount("price", &self.price)?,
            quantity: amount("quantity", &self.quantity)?,
            taker,
        })
    }
}
