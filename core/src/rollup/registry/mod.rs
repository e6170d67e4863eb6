//! Rollups by name: definitions as data, each with what its trades have come to.
//!
//! What happens is told as [`Record`]s; whoever keeps them makes them durable before anything is told of them. What a rollup holds follows
//! from its definition and the trades that were taken, not from when it was defined: one that comes later, or is changed, is a
//! [`Building`] until all records were folded into it.

mod building;
mod bytes;
mod changes;
mod definition;
mod error;
mod image;
mod record;
mod rollup;
mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::building::Building;
pub use self::changes::{CHANGES, Changes};
use self::definition::excerpt;
pub use self::definition::{Definition, NAME, SCALE};
pub use self::error::{OfFault, RollupError};
pub use self::image::RollupsImageError;
use self::record::encode_trades;
pub use self::record::{Record, RecordError};
pub use self::rollup::Rollup;
use self::rows::Given;
pub use self::rows::TradeRows;
use super::market::Origin;
use super::{BadRows, Ingested, RowFault, Trade, Trades};

/// There are at most so many.
pub const ROLLUPS: usize = 64;
/// Trades that are further ahead of the clock are refused, in nanoseconds.
pub const AHEAD: i64 = 60 * crate::time::SECOND;

/// What was done, and the records of it: they are to be made durable, in their order, before it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "what is not made durable is not there after opening again"]
pub struct Done<T> {
    /// What was done.
    pub answer: T,
    /// The records.
    pub records: Vec<Vec<u8>>,
}

impl<T> Done<T> {
    /// The same, told in another way.
    pub fn map<U>(self, tell: impl FnOnce(T) -> U) -> Done<U> {
        Done { answer: tell(self.answer), records: self.records }
    }
}

/// Rollups by name.
///
/// ```
/// use thalium::rollup::{BadRows, Definition, Late, Names, Numbers, Rollups, Trades};
///
/// let mut rollups = Rollups::default();
/// let day = 86_400_000_000_000;
/// let klines = Definition {
///     name: "klines".into(),
///     of: None,
///     levels: Definition::LEVELS.iter().map(|width| width.parse().unwrap()).collect(),
///     zone: Some("Africa/Johannesburg".parse()?),
///     origin: None,
///     offset: 0,
///     delay: 5_000_000_000,
///     late: Late::Correct { horizon: day },
///     keep: vec![(0, 30 * day)],
///     price_scale: 2,
///     quantity_scale: 8,
/// };
/// let building = rollups.define(klines)?.expect("it is new");
/// let mut journal = rollups.install(building)?.records;
/// let trades = Trades {
///     at: &[day],
///     sequence: Some(&[7]),
///     symbol: Names::Coded { codes: &[0], names: &["BTC-ZAR"] },
///     price: Numbers::Ints(&[123_456_789]),
///     quantity: Numbers::Ints(&[150_000_000]),
///     taker: None,
///     valid: None,
/// };
/// let done = rollups.ingest("klines", &trades, BadRows::Refuse, day)?;
/// assert_eq!(done.answer.taken, 1);
/// journal.extend(done.records);
///
/// let mut again = Rollups::default();
/// for record in &journal {
///     again.replay(record)?;
/// }
/// assert_eq!(again.get("klines").unwrap().trades(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rollups {
    all: BTreeMap<Arc<str>, Slot>,
    /// How many records there are.
    records: u64,
}

#[derive(Clone, Debug)]
struct Slot {
    rollup: Rollup,
    /// Whether it was ever given anything, or that which it is made of was.
    has_history: bool,
    /// Whether what happened before it was defined is not folded in yet.
    is_stale: bool,
}

impl Rollups {
    /// A rollup.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Rollup> {
        self.all.get(name).map(|slot| &slot.rollup)
    }

    /// A rollup that has to be there.
    ///
    /// # Errors
    /// It is not.
    pub fn existing(&self, name: &str) -> Result<&Rollup, RollupError> {
        self.get(name).ok_or_else(|| unknown(name))
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Rollup> {
        self.all.values().map(|slot| &slot.rollup)
    }

    /// How many records there are.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Begins to define a rollup, or to define one anew; `None` where it is defined so. What was given to that which it is made of is to be
    /// folded into it, if there is anything: see [`Building::is_complete`].
    ///
    /// # Errors
    /// A definition that is none, or cannot take the place of the one that is there.
    pub fn define(&self, definition: Definition) -> Result<Option<Building>, RollupError> {
        if self.is_defined(&definition) {
            return Ok(None);
        }
        let rollup = self.next(Arc::new(definition))?;
        let start = if self.has_history(&rollup.definition) { 0 } else { self.records };
        Ok(Some(Building::new(rollup, start)))
    }

    /// Puts a rollup that is built in its place.
    ///
    /// # Errors
    /// It is not complete; what was given meanwhile does not fit its definition.
    pub fn install(&mut self, building: Building) -> Result<Done<()>, RollupError> {
        if !building.is_complete(self) {
            return Err(RollupError::Incomplete { next: building.next(), records: self.records });
        }
        let rollup = building.into_rollup();
        if self.is_defined(&rollup.definition) {
            return Ok(Done { answer: (), records: Vec::new() });
        }
        // Trades may have come since it was begun.
        self.check(&rollup.definition)?;
        let records = vec![self.encode(&Record::Defined(Arc::clone(&rollup.definition)))?];
        self.put(rollup, false);
        Ok(Done { answer: (), records })
    }

    /// Takes a rollup away.
    ///
    /// # Errors
    /// There is none of that name, or others are made of it.
    pub fn discard(&mut self, name: &str) -> Result<Done<()>, RollupError> {
        let Some((name, _)) = self.all.get_key_value(name) else {
            return Err(unknown(name));
        };
        let name = Arc::clone(name);
        self.check_without(&name)?;
        let records = vec![self.encode(&Record::Dropped(Arc::clone(&name)))?];
        self.all.remove(&name);
        Ok(Done { answer: (), records })
    }

    /// Gives trades to a rollup, as [`Market::ingest`](super::Market::ingest) does, and to those that are made
    /// of it. What is more than a minute ahead of `now` is refused.
    ///
    /// # Errors
    /// There is none of that name, or it has no trades of its own; columns of different lengths; a row that is not taken, where none is to
    /// be taken then.
    pub fn ingest(
        &mut self,
        name: &str,
        trades: &Trades<'_>,
        bad: BadRows,
        now: i64,
    ) -> Result<Done<Ingested>, RollupError> {
        let slot = self.own(name)?;
        let latest = now.saturating_add(AHEAD);
        let taken = slot.rollup.market.take(trades, bad, Origin::Caller { latest })?;
        let mut given = Given::new(trades, &taken);
        slot.rollup.trades += taken.ingested.taken;
        slot.rollup.settle();
        slot.has_history |= !given.is_empty();
        let rollup = Arc::clone(&slot.rollup.definition.name);
        let has_others = self.of(&rollup).next().is_some();
        let (mut records, mut failed) = (Vec::new(), None);
        given.split(&rollup, |rows, chunk, goes_on| {
            match encode_trades(self.records, &rollup, chunk, goes_on) {
                Ok(bytes) => records.push(bytes),
                Err(error) => failed = Some(error),
            }
            self.records += 1;
            if has_others {
                let rollup = Arc::clone(&rollup);
                self.fold_into_others(&Record::Trades { rollup, rows, goes_on });
            }
        });
        failed.map_or(Ok(Done { answer: taken.ingested, records }), |error| Err(error.into()))
    }

    /// Puts a trade in the place of that which has its symbol, instant and sequence; gives what that was.
    ///
    /// # Errors
    /// As [`Rollups::ingest`]; there is no such trade, it is too late for it, or trades are not kept.
    pub fn correct(
        &mut self,
        name: &str,
        symbol: &str,
        trade: &Trade,
        now: i64,
    ) -> Result<Done<Trade>, RollupError> {
        let slot = self.own(name)?;
        let latest = now.saturating_add(AHEAD);
        if trade.at > latest {
            return Err(RollupError::Ahead(RowFault::Ahead { latest }));
        }
        let answer = slot.rollup.replace(symbol, (trade.at, trade.sequence), Some(trade))?;
        let rollup = Arc::clone(&slot.rollup.definition.name);
        self.tell(Record::Corrected { rollup, symbol: symbol.to_owned(), trade: *trade }, answer)
    }

    /// Takes a trade back; gives what it was.
    ///
    /// # Errors
    /// As [`Rollups::correct`].
    pub fn remove(
        &mut self,
        name: &str,
        symbol: &str,
        key: (i64, u64),
    ) -> Result<Done<Trade>, RollupError> {
        let slot = self.own(name)?;
        let answer = slot.rollup.replace(symbol, key, None)?;
        let rollup = Arc::clone(&slot.rollup.definition.name);
        self.tell(Record::Removed { rollup, symbol: symbol.to_owned(), key }, answer)
    }

    /// Tells a rollup what time it is, so that buckets close in which nothing happens any more.
    ///
    /// # Errors
    /// As [`Rollups::ingest`].
    pub fn advance(&mut self, name: &str, now: i64) -> Result<Done<()>, RollupError> {
        let slot = self.own(name)?;
        if slot.rollup.market.symbols().next().is_none() {
            return Ok(Done { answer: (), records: Vec::new() });
        }
        let record = Record::Advanced { rollup: Arc::clone(&slot.rollup.definition.name), now };
        slot.rollup.fold(&record, true);
        slot.has_history = true;
        self.tell(record, ())
    }

    /// Takes in a record that was made durable. Rollups that were defined when there were trades already are not complete afterwards:
    /// see [`Rollups::stale`].
    ///
    /// # Errors
    /// Bytes that are no record, or not the next.
    pub fn replay(&mut self, bytes: &[u8]) -> Result<(), RollupError> {
        let record = Record::from_bytes(bytes, self.records)?;
        match &record {
            Record::Defined(definition) => {
                let rollup = self.next(Arc::clone(definition))?;
                let is_stale = self.has_history(definition);
                self.put(rollup, is_stale);
            }
            Record::Dropped(name) => {
                self.check_without(name)?;
                self.all.remove(name);
            }
            _ => {
                if let Some(slot) = record.root().and_then(|root| self.all.get_mut(root)) {
                    slot.has_history = true;
                    if !slot.is_stale {
                        slot.rollup.fold(&record, true);
                    }
                }
                self.fold_into_others(&record);
            }
        }
        self.records += 1;
        Ok(())
    }

    /// The rollups that records from the first on have to be folded into, after [`Rollups::replay`]; then [`Rollups::complete`] takes them.
    pub fn stale(&self) -> impl Iterator<Item = Building> {
        // Nothing was folded into them yet.
        let stale = self.all.values().filter(|slot| slot.is_stale);
        stale.map(|slot| Building::new(slot.rollup.clone(), 0))
    }

    /// Takes a rollup that was not complete after [`Rollups::replay`].
    ///
    /// # Errors
    /// It is not complete yet.
    pub fn complete(&mut self, building: Building) -> Result<(), RollupError> {
        if !building.is_complete(self) {
            return Err(RollupError::Incomplete { next: building.next(), records: self.records });
        }
        let rollup = building.into_rollup();
        if let Some(slot) = self.all.get_mut(&rollup.definition.name) {
            (slot.rollup, slot.is_stale) = (rollup, false);
        }
        Ok(())
    }

    /// Whether a rollup is there as a definition says.
    fn is_defined(&self, definition: &Definition) -> bool {
        self.get(&definition.name).is_some_and(|own| *own.definition == *definition)
    }

    /// The next version of what a definition names, without a trade.
    fn next(&self, definition: Arc<Definition>) -> Result<Rollup, RollupError> {
        let version = self.get(&definition.name).map_or(0, Rollup::version).saturating_add(1);
        // What is wrong with a definition is told before what is wrong with its place among the others.
        let rollup = Rollup::new(definition, version)?;
        self.check(&rollup.definition)?;
        Ok(rollup)
    }

    /// Puts a rollup in the place of the one of its name.
    fn put(&mut self, rollup: Rollup, is_stale: bool) {
        let has_history = self.has_history(&rollup.definition);
        let name = Arc::clone(&rollup.definition.name);
        self.all.insert(name, Slot { rollup, has_history, is_stale });
    }

    /// Whether the others can do without a rollup.
    fn check_without(&self, name: &str) -> Result<(), RollupError> {
        let others = |other: &Arc<str>| Err(RollupError::HasOthers { other: other.to_string() });
        self.of(name).next().map_or(Ok(()), others)
    }

    /// Whether a definition can take its place among the others.
    fn check(&self, definition: &Definition) -> Result<(), RollupError> {
        let name = &definition.name;
        let own = self.all.get(name);
        if own.is_none() && self.all.len() >= ROLLUPS {
            return Err(RollupError::TooMany);
        }
        if let Some(of) = &definition.of {
            let fault = |why| RollupError::Of { of: excerpt(of), why };
            match self.all.get(of) {
                _ if of == name => return Err(fault(OfFault::NotOwn)),
                None => return Err(fault(OfFault::Unknown)),
                Some(slot) if slot.rollup.definition.of.is_some() => {
                    return Err(fault(OfFault::NotOwn));
                }
                Some(slot) => slot.rollup.definition.check_scales(definition)?,
            }
        }
        // Its trades, and what is made of them, are what they are.
        let is_held = |slot: &&Slot| {
            let is_root = slot.rollup.definition.of.is_none();
            is_root && (slot.has_history || self.of(name).next().is_some())
        };
        let Some(slot) = own.filter(is_held) else { return Ok(()) };
        if definition.of.is_some() {
            return Err(RollupError::Of { of: excerpt(name), why: OfFault::HasTrades });
        }
        slot.rollup.definition.check_scales(definition)
    }

    /// Whether anything was ever given to that which a definition's rollup is made of.
    fn has_history(&self, definition: &Definition) -> bool {
        let root = self.all.get(definition.root());
        // One that was made of another had nothing of its own.
        let was_of = |slot: &&Slot| definition.of.is_none() && slot.rollup.definition.of.is_some();
        root.filter(|slot| !was_of(slot)).is_some_and(|slot| slot.has_history)
    }

    /// A rollup that has trades of its own.
    fn own(&mut self, name: &str) -> Result<&mut Slot, RollupError> {
        let slot = self.all.get_mut(name).ok_or_else(|| unknown(name))?;
        match &slot.rollup.definition.of {
            Some(of) => Err(RollupError::NotOwn { of: of.to_string() }),
            None => Ok(slot),
        }
    }

    /// The names of those that are made of another.
    fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Arc<str>> {
        let others = self.all.iter();
        let is_of = move |slot: &Slot| slot.rollup.definition.of.as_deref() == Some(name);
        others.filter(move |(_, slot)| is_of(slot)).map(|(name, _)| name)
    }

    /// Those that are made of it fold in what it took.
    fn fold_into_others(&mut self, record: &Record) {
        let root = record.root();
        for slot in self.all.values_mut() {
            if root.is_some() && slot.rollup.definition.of.as_ref() == root {
                slot.has_history = true;
                if !slot.is_stale {
                    slot.rollup.fold(record, false);
                }
            }
        }
    }

    fn tell<T>(&mut self, record: Record, answer: T) -> Result<Done<T>, RollupError> {
        self.fold_into_others(&record);
        let records = vec![self.encode(&record)?];
        Ok(Done { answer, records })
    }

    /// The bytes of the next record.
    fn encode(&mut self, record: &Record) -> Result<Vec<u8>, RecordError> {
        let bytes = record.encode(self.records)?;
        self.records += 1;
        Ok(bytes)
    }
}

fn unknown(name: &str) -> RollupError {
    RollupError::Unknown { name: excerpt(name) }
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;
