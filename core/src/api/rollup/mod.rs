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
    RowFaultView, TRADES_MAX, TradeRow, TradeView, correct_trade, ingest_report, ingest_trades,
    remove_trade,
};

use super::query::page_limit;
use super::resolve::{Invalid, invalid};
use crate::rollup::RollupError;

/// More trades than a call takes.
#[must_use]
pub fn too_many_trades(trades: usize, most: usize) -> Invalid {
    invalid("trades", format!("are {trades}, at most {most} can be given in a call: send several"))
}

impl From<RollupError> for Invalid {
    fn from(error: RollupError) -> Self {
        invalid(error.field(), error)
    }
}

/// How many are told of what is asked for.
fn limit(asked: Option<u32>) -> Result<usize, Invalid> {
    let limit = page_limit(Some(asked.unwrap_or(500)))?;
    Ok(usize::try_from(limit).unwrap_or(usize::MAX))
}

/// An instant.
fn instant(field: &'static str, text: &str) -> Result<i64, Invalid> {
    crate::time::parse_instant(text).filter(|at| *at > 0).ok_or_else(|| {
        invalid(field, "is no instant: write 2026-01-31T09:30:00Z or nanoseconds since 1970")
    })
}
