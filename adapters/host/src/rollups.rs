//! Rollups beside the books: what is called, with what is kept of it.

mod shelf;
#[cfg(feature = "tables")]
mod tables;

use std::sync::atomic::Ordering;

use thalium::api::Invalid;
use thalium::api::rollup as api;
use thalium::rollup::{BadRows, Done, Ingested, Rollups, Trades};

use self::shelf::Records;
pub use self::shelf::VerifiedRollups;
pub(crate) use self::shelf::{Shelf, verify};
use crate::{Error, Thalium};

/// One call takes at most so many trades in columns: what is durable together has its bound.
const COLUMN_ROWS: usize = 1 << 22;

fn fault(error: thalium::rollup::RollupError) -> Error {
    Error::Invalid(error.into())
}

impl Thalium {
    /// Does something to the rollups, unless the ledger will be closed.
    fn to_rollups<T>(
        &self,
        work: impl FnOnce(&mut Rollups, &Records) -> Result<Done<T>, Error>,
    ) -> Result<T, Error> {
        if self.is_draining.load(Ordering::Relaxed) {
            return Err(Error::Draining);
        }
        self.shelf.write(work)
    }

    /// Defines a rollup, or defines one anew; `told` is told how many records of all were folded in, where there are any.
    ///
    /// # Errors
    /// A definition that is none, or cannot take the place of the one that is there; a ledger that was opened to read or has stopped.
    pub fn define_rollup_telling(
        &self,
        asked: &api::DefineRollup,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<api::RollupView, Error> {
        let shelf = &self.shelf;
        let _one = shelf.defining.lock().map_err(|_| Error::Panicked)?;
        let building = shelf.read(|rollups| {
            let definition = api::definition(rollups, asked)?;
            rollups.define(definition).map_err(fault)
        })?;
        if let Some(building) = building {
            let mut builder = shelf.build(building, told)?;
            self.to_rollups(|rollups, records| {
                // What was given meanwhile.
                builder.end(records, rollups.records())?;
                rollups.install(builder.building).map_err(fault)
            })?;
        }
        shelf.read(|rollups| {
            let rollup = rollups.get(&asked.name);
            rollup.map(api::rollup_view).ok_or(Error::Panicked)
        })
    }

    /// As [`Thalium::define_rollup_telling`], and tells nobody.
    ///
    /// # Errors
    /// As [`Thalium::define_rollup_telling`].
    pub fn define_rollup(&self, asked: &api::DefineRollup) -> Result<api::RollupView, Error> {
        self.define_rollup_telling(asked, &mut |_, _| {})
    }

    /// Takes a rollup away.
    ///
    /// # Errors
    /// There is none of that name, or others are made of it; a ledger that was opened to read or has stopped.
    pub fn drop_rollup(&self, name: &str) -> Result<(), Error> {
        let _one = self.shelf.defining.lock().map_err(|_| Error::Panicked)?;
        self.to_rollups(|rollups, _| {
            rollups.discard(name).map_err(|error| {
                // Here the name is what was asked for.
                Error::Invalid(Invalid { field: "name".into(), ..error.into() })
            })
        })
    }

    /// The rollups, by name.
    ///
    /// # Errors
    /// A journal that cannot be read.
    pub fn list_rollups(&self) -> Result<Vec<api::RollupView>, Error> {
        self.shelf.read(|rollups| Ok(api::rollup_views(rollups)))
    }

    /// Gives trades to a rollup at an instant; they are durable when this returns.
    ///
    /// # Errors
    /// A rollup that is not there or has no trades of its own; a row that is not taken, where none is to be taken then; a ledger that was
    /// opened to read or has stopped.
    pub fn ingest_trades_at(
        &self,
        now: i64,
        call: &api::IngestTrades,
    ) -> Result<api::IngestReport, Error> {
        self.to_rollups(|rollups, _| Ok(api::ingest_trades(rollups, call, now)?))
    }

    /// As [`Thalium::ingest_trades_at`], now.
    ///
    /// # Errors
    /// As [`Thalium::ingest_trades_at`].
    pub fn ingest_trades(&self, call: &api::IngestTrades) -> Result<api::IngestReport, Error> {
        self.ingest_trades_at(self.now(), call)
    }

    /// Gives trades in columns to a rollup: the way for millions.
    ///
    /// # Errors
    /// As [`Thalium::ingest_trades_at`].
    pub fn ingest_columns(
        &self,
        rollup: &str,
        trades: &Trades<'_>,
        bad: BadRows,
    ) -> Result<Ingested, Error> {
        if trades.at.len() > COLUMN_ROWS {
            return Err(api::too_many_trades(trades.at.len(), COLUMN_ROWS).into());
        }
        let now = self.now();
        self.to_rollups(|rollups, _| rollups.ingest(rollup, trades, bad, now).map_err(fault))
    }

    /// Puts a trade in the place of that with its symbol, instant and id; gives what that was.
    ///
    /// # Errors
    /// As [`Thalium::ingest_trades_at`]; there is no such trade, or it is too late for it.
    pub fn correct_trade(&self, call: &api::CorrectTrade) -> Result<api::TradeView, Error> {
        self.correct_trade_at(self.now(), call)
    }

    /// As [`Thalium::correct_trade`], at an instant.
    ///
    /// # Errors
    /// As [`Thalium::correct_trade`].
    pub fn correct_trade_at(
        &self,
        now: i64,
        call: &api::CorrectTrade,
    ) -> Result<api::TradeView, Error> {
        self.to_rollups(|rollups, _| Ok(api::correct_trade(rollups, call, now)?))
    }

    /// Takes a trade back; gives what it was.
    ///
    /// # Errors
    /// As [`Thalium::correct_trade`].
    pub fn remove_trade(&self, call: &api::RemoveTrade) -> Result<api::TradeView, Error> {
        self.to_rollups(|rollups, _| Ok(api::remove_trade(rollups, call)?))
    }

    /// Tells a rollup what time it is, so that buckets close in which nothing happens any more.
    ///
    /// # Errors
    /// As [`Thalium::ingest_trades_at`].
    pub fn advance_rollup(&self, rollup: &str, now: i64) -> Result<(), Error> {
        self.to_rollups(|rollups, _| rollups.advance(rollup, now).map_err(fault))
    }

    /// Candles of a symbol.
    ///
    /// # Errors
    /// A rollup that is not there, a width that is none of its levels, a journal that cannot be read.
    pub fn klines(&self, query: &api::KlineQuery) -> Result<api::KlinePage, Error> {
        self.shelf.read(|rollups| Ok(api::klines(rollups, query)?))
    }

    /// The symbols of a rollup, with their newest prices.
    ///
    /// # Errors
    /// As [`Thalium::klines`].
    pub fn list_symbols(&self, query: &api::SymbolQuery) -> Result<api::SymbolPage, Error> {
        self.shelf.read(|rollups| Ok(api::symbols(rollups, query)?))
    }

    /// What has become of a rollup.
    ///
    /// # Errors
    /// As [`Thalium::klines`].
    pub fn rollup_changes(&self, query: &api::ChangeQuery) -> Result<api::ChangePage, Error> {
        self.shelf.read(|rollups| Ok(api::changes(rollups, query)?))
    }
}

#[cfg(test)]
#[path = "rollups_tests.rs"]
mod tests;
