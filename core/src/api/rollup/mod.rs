//! Rollups as plain data: definitions, trades, candles and changes, as `docs/rollups.md` tells them.

mod define;
mod read;
mod trades;

pub use define::{DefineRollup, LateView, RollupView, definition, rollup_view, rollup_views};
pub use read::{
    ChangePage, ChangeQuery, ChangeView, KlinePage, KlineQuery, KlineView, SymbolPage, SymbolQuery,
    SymbolView, changes, klines, symbols,
};
pub use trades::{
    AdvanceRollup, BadRowsView, CorrectTrade, IngestReport, IngestTrades, NamedRollup, RemoveTrade,
    RowFaultView, TRADES_MAX, TradeRow, TradeView, correct_trade, ingest_trades, remove_trade,
};

use super::query::page_limit;
use super::resolve::Invalid;
use crate::rollup::RollupError;

/// What is not done, for a reason that is the caller's: which field, what is wrong, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct RollupFault {
    /// The field; of a row as in `trades[3].price`.
    pub field: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl RollupFault {
    pub(super) fn new(field: impl Into<String>, message: impl ToString) -> Self {
        Self { field: field.into(), message: message.to_string() }
    }

    /// More trades than a call takes.
    #[must_use]
    pub fn too_many(trades: usize, most: usize) -> Self {
        let what = format!("are {trades}, at most {most} can be given in a call: send several");
        Self::new("trades", what)
    }
}

impl From<Invalid> for RollupFault {
    fn from(Invalid { field, message }: Invalid) -> Self {
        Self::new(field, message)
    }
}

impl From<RollupError> for RollupFault {
    fn from(error: RollupError) -> Self {
        Self::new(error.field(), error)
    }
}

/// How many are told of what is asked for.
fn limit(asked: Option<u32>) -> Result<usize, RollupFault> {
    let limit = page_limit(Some(asked.unwrap_or(500)))?;
    Ok(usize::try_from(limit).unwrap_or(usize::MAX))
}

/// An instant.
fn instant(field: &str, text: &str) -> Result<i64, RollupFault> {
    crate::time::parse_instant(text).filter(|at| *at > 0).ok_or_else(|| {
        RollupFault::new(
            field,
            "is no instant: write 2026-01-31T09:30:00Z or nanoseconds since 1970",
        )
    })
}
