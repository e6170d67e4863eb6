//! One rollup: its definition, and what its trades have come to.

use std::sync::Arc;

use super::RollupError;
use super::changes::Changes;
use super::definition::Definition;
use super::record::Record;
use crate::rollup::market::Origin;
use crate::rollup::{BadRows, Market, Refusal, Series, Trade};

/// A rollup.
#[derive(Clone, Debug)]
pub struct Rollup {
    pub(super) definition: Arc<Definition>,
    pub(super) version: u32,
    pub(super) market: Market,
    /// How many trades were taken.
    pub(super) trades: u64,
    pub(super) changes: Changes,
    /// The newest watermark of all symbols.
    pub(super) newest: i64,
    /// Of each level that is kept for a time, by when buckets of all symbols were dropped last.
    pub(super) dropped: Vec<i64>,
}

impl Rollup {
    /// One without a trade.
    pub(super) fn new(definition: Arc<Definition>, version: u32) -> Result<Self, RollupError> {
        let market = Market::new(Arc::new(definition.rules()?));
        let dropped = vec![i64::MIN; definition.keep.len()];
        let (trades, changes, newest) = (0, Changes::default(), i64::MIN);
        Ok(Self { definition, version, market, trades, changes, newest, dropped })
    }

    /// What it is.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// How often it was defined.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// How many trades were taken, also those that were taken back.
    #[must_use]
    pub const fn trades(&self) -> u64 {
        self.trades
    }

    /// Its candles.
    #[must_use]
    pub const fn market(&self) -> &Market {
        &self.market
    }

    /// What has become of it.
    #[must_use]
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The level of a width.
    #[must_use]
    pub fn level(&self, width: crate::rollup::Width) -> Option<usize> {
        self.definition.levels.iter().position(|own| *own == width)
    }

    /// Takes in what happened to it, or to that which it is made of. With `whole`, also what that one did not take is offered, so that its
    /// refusal is told.
    pub(super) fn fold(&mut self, record: &Record, whole: bool) {
        match record {
            Record::Defined(_) | Record::Dropped(_) => {}
            Record::Trades { rows, goes_on, .. } => {
                // What is refused is recorded among the changes. INVARIANT: columns of a record are of one length.
                let taken = rows.with_trades(whole, |trades| {
                    self.market.take(trades, BadRows::Keep, Origin::Record)
                });
                self.trades += taken.map_or(0, |taken| taken.ingested.taken);
                if *goes_on {
                    return;
                }
            }
            Record::Corrected { symbol, trade, .. } => drop(self.market.correct(symbol, trade)),
            Record::Removed { symbol, key, .. } => drop(self.market.remove(symbol, *key)),
            Record::Advanced { now, .. } => self.market.advance(*now),
        }
        self.settle();
    }

    /// Drops what is kept no longer, and numbers what has changed.
    pub(super) fn settle(&mut self) {
        self.newest = self.newest.max(self.market.newest_changed().unwrap_or(i64::MIN));
        if self.newest > i64::MIN {
            for ((level, span), dropped) in self.definition.keep.iter().zip(&mut self.dropped) {
                let by = self.newest.saturating_sub(*span);
                let calendar = self.market.rules().levels.calendars().get(*level);
                let edge = calendar.and_then(|calendar| calendar.start(by).ok()).unwrap_or(by);
                if edge > *dropped {
                    *dropped = edge;
                    self.market.expire(*level, by);
                } else {
                    self.market.expire_changed(*level, by);
                }
            }
        }
        for (symbol, change) in self.market.take_changes() {
            self.changes.push(symbol, change);
        }
    }

    /// Corrects or takes back a trade; gives what it was. What is refused leaves no trace.
    pub(super) fn replace(
        &mut self,
        symbol: &str,
        key: (i64, u64),
        with: Option<&Trade>,
    ) -> Result<Trade, Refusal> {
        if !self.definition.late.is_kept() {
            return Err(Refusal::NotKept);
        }
        let work = |series: &mut Series<_>| {
            series.begin();
            let done = match with {
                Some(trade) => series.correct(trade),
                None => series.remove(key),
            };
            if done.is_ok() {
                series.commit()
            } else {
                series.roll_back()
            }
            done
        };
        let done = self.market.change(symbol, work).unwrap_or(Err(Refusal::NotFound));
        self.settle();
        done
    }
}
