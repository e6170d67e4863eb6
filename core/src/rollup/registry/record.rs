//! What is kept of what happened to rollups: a header of 32 bytes, as every event has one, and a body. `docs/series.md` writes them down.

use std::sync::Arc;

use minicbor::{Decoder, Encoder};

use super::definition::{Definition, NAME};
use super::rows::TradeRows;
use crate::codec::{self, Canonical, CodecError};
use crate::event::frame::{self, Frame};
use crate::money::Amount;
use crate::rollup::{ChunkError, SYMBOL, Taker, Trade};

const VERSION: u8 = 1;
/// The kind of a record of trades.
const TRADES: u16 = 514;
/// Header flag: what was asked for goes on in the next record.
const GOES_ON: u8 = 2;
/// Bytes of a body.
pub(super) const BODY: usize = frame::BODY_MAX;

/// What happened to rollups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// One was defined, or defined anew.
    Defined(Arc<Definition>),
    /// One was taken away.
    Dropped(Arc<str>),
    /// Trades were given to one. With `goes_on`, those of the next record were given with them.
    Trades {
        /// Which.
        rollup: Arc<str>,
        /// What they are, and which were taken.
        rows: TradeRows,
        /// Whether more were given with them.
        goes_on: bool,
    },
    /// A trade was corrected.
    Corrected {
        /// Of which rollup.
        rollup: Arc<str>,
        /// Of which symbol.
        symbol: String,
        /// What it is now.
        trade: Trade,
    },
    /// A trade was taken back.
    Removed {
        /// Of which rollup.
        rollup: Arc<str>,
        /// Of which symbol.
        symbol: String,
        /// Its instant and sequence.
        key: (i64, u64),
    },
    /// It was told that time has passed.
    Advanced {
        /// To which rollup.
        rollup: Arc<str>,
        /// What time it is.
        now: i64,
    },
}

/// Bytes that are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Fewer bytes than it needs, or more.
    #[error("a record of a rollup is cut short, or longer than it says")]
    Size,
    /// It is of a newer version.
    #[error(
        "a record of a rollup has kind {kind} and version {version}, which this build does not know: open it with a newer one"
    )]
    Unknown {
        /// Its kind.
        kind: u16,
        /// Its version.
        version: u8,
    },
    /// Its place is another.
    #[error("record {number} stands where {expected} is to be: the journal was changed")]
    Number {
        /// What it says.
        number: u64,
        /// What its number is to be.
        expected: u64,
    },
    /// Trades that are none.
    #[error("the trades of a record: {0}")]
    Chunk(#[from] ChunkError),
    /// Trades of other columns.
    #[error("the trades of a record: column {column} is none that trades have")]
    Column {
        /// Which.
        column: usize,
    },
    /// Something else in it is wrong.
    #[error("a record of a rollup: {0}")]
    Codec(#[from] CodecError),
}

impl Record {
    const fn kind(&self) -> u16 {
        match self {
            Self::Defined(_) => 512,
            Self::Dropped(_) => 513,
            Self::Trades { .. } => TRADES,
            Self::Corrected { .. } => 515,
            Self::Removed { .. } => 516,
            Self::Advanced { .. } => 517,
        }
    }

    /// The rollup that it is about; none where it was taken away or defined.
    pub(super) fn root(&self) -> Option<&Arc<str>> {
        match self {
            Self::Defined(_) | Self::Dropped(_) => None,
            Self::Trades { rollup, .. }
            | Self::Corrected { rollup, .. }
            | Self::Removed { rollup, .. }
            | Self::Advanced { rollup, .. } => Some(rollup),
        }
    }

    /// Its bytes, as the record of a number.
    ///
    /// # Errors
    /// Trades that do not fit into one.
    pub(super) fn encode(&self, number: u64) -> Result<Vec<u8>, RecordError> {
        match self {
            Self::Defined(definition) => framed(number, self.kind(), 0, &[&definition.to_bytes()]),
            Self::Trades { rollup, rows, goes_on } => {
                encode_trades(number, rollup, &rows.chunk()?, *goes_on)
            }
            _ => framed(number, self.kind(), 0, &[&Small::of(self).to_bytes()]),
        }
    }

    /// What bytes say that are the record of a number.
    ///
    /// # Errors
    /// Bytes that are none, of a newer version, or of another place.
    pub fn from_bytes(bytes: &[u8], number: u64) -> Result<Self, RecordError> {
        let Frame { kind, version, flags, number: own, is_plain, body } =
            Frame::of(bytes).ok_or(RecordError::Size)?;
        let unknown = RecordError::Unknown { kind, version };
        let is_known = version == VERSION && (flags == 0 || (flags, kind) == (GOES_ON, TRADES));
        if !is_known || !is_plain {
            return Err(unknown);
        }
        if own != number {
            return Err(RecordError::Number { number: own, expected: number });
        }
        Ok(match kind {
            512 => Self::Defined(Arc::new(Definition::from_bytes(body)?)),
            TRADES => {
                let (length, body) = body.split_first().ok_or(RecordError::Size)?;
                let (name, chunk) =
                    body.split_at_checked((*length).into()).ok_or(RecordError::Size)?;
                let rollup = std::str::from_utf8(name).map_err(|_| CodecError::Malformed)?;
                let rows = TradeRows::decode(chunk)?;
                Self::Trades { rollup: rollup.into(), rows, goes_on: flags == GOES_ON }
            }
            513 | 515..=517 => {
                Small::from_bytes(body)?.record(kind).ok_or(CodecError::Malformed)?
            }
            _ => return Err(unknown),
        })
    }
}

/// The bytes of a record of trades, which are those of a chunk.
pub(super) fn encode_trades(
    number: u64,
    rollup: &str,
    chunk: &[u8],
    goes_on: bool,
) -> Result<Vec<u8>, RecordError> {
    // INVARIANT: a name has at most 64 bytes.
    let length = u8::try_from(rollup.len()).map_err(|_| RecordError::Size)?;
    let flags = if goes_on { GOES_ON } else { 0 };
    framed(number, TRADES, flags, &[&[length], rollup.as_bytes(), chunk])
}

/// A header, and a body behind it.
fn framed(number: u64, kind: u16, flags: u8, body: &[&[u8]]) -> Result<Vec<u8>, RecordError> {
    Frame::bytes(number, kind, VERSION, flags, body).ok_or(RecordError::Size)
}

/// What the records of few bytes have among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Small {
    rollup: String,
    symbol: Option<String>,
    at: Option<i64>,
    sequence: Option<u64>,
    /// Price and quantity, and who took it.
    amounts: Option<(u128, u128, u8)>,
}

impl Small {
    fn of(record: &Record) -> Self {
        let mut small = Self {
            rollup: record.root().map(ToString::to_string).unwrap_or_default(),
            ..Self::default()
        };
        match record {
            Record::Defined(_) | Record::Trades { .. } => {}
            Record::Dropped(rollup) => small.rollup = rollup.to_string(),
            Record::Corrected { symbol, trade, .. } => {
                small.symbol = Some(symbol.clone());
                (small.at, small.sequence) = (Some(trade.at), Some(trade.sequence));
                let taker = Taker::number(trade.taker);
                small.amounts = Some((trade.price.units(), trade.quantity.units(), taker));
            }
            Record::Removed { symbol, key: (at, sequence), .. } => {
                small.symbol = Some(symbol.clone());
                (small.at, small.sequence) = (Some(*at), Some(*sequence));
            }
            Record::Advanced { now, .. } => small.at = Some(*now),
        }
        small
    }

    /// The record of a kind that it is; `None` where something is missing or is too much.
    fn record(self, kind: u16) -> Option<Record> {
        let Self { rollup, symbol, at, sequence, amounts } = self;
        let rollup = Arc::from(rollup);
        Some(match (kind, symbol, at, sequence, amounts) {
            (513, None, None, None, None) => Record::Dropped(rollup),
            (515, Some(symbol), Some(at), Some(sequence), Some((price, quantity, taker))) => {
                let (price, quantity) = (Amount::from_units(price), Amount::from_units(quantity));
                let taker = Taker::from_number(taker)?;
                let trade = Trade { at, sequence, price, quantity, taker };
                Record::Corrected { rollup, symbol, trade }
            }
            (516, Some(symbol), Some(at), Some(sequence), None) => {
                Record::Removed { rollup, symbol, key: (at, sequence) }
            }
            (517, None, Some(now), None, None) => Record::Advanced { rollup, now },
            _ => return None,
        })
    }
}

impl Canonical for Small {
    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> codec::Encoded {
        let is_there = self.amounts.is_some();
        let present = [
            (1, true),
            (2, self.symbol.is_some()),
            (3, self.at.is_some()),
            (4, self.sequence.is_some()),
            (5, is_there),
            (6, is_there),
            (7, is_there),
        ];
        let (price, quantity, taker) = self.amounts.unwrap_or_default();
        codec::fields(to, &present, |field, to| {
            match field {
                1 => to.str(&self.rollup)?,
                2 => to.str(self.symbol.as_deref().unwrap_or_default())?,
                3 => to.i64(self.at.unwrap_or_default())?,
                4 => to.u64(self.sequence.unwrap_or_default())?,
                5 => to.bytes(&price.to_be_bytes())?,
                6 => to.bytes(&quantity.to_be_bytes())?,
                _ => to.u8(taker)?,
            };
            Ok(())
        })
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError> {
        let mut small = Self::default();
        let (mut price, mut quantity, mut taker) = (None, None, None);
        let units = |from: &mut Decoder<'_>| {
            let bytes = from.bytes()?.try_into().map_err(|_| CodecError::Malformed)?;
            Ok::<_, CodecError>(u128::from_be_bytes(bytes))
        };
        codec::read_fields(from, |field, from| {
            match field {
                1 => from.str()?.clone_into(&mut small.rollup),
                2 => small.symbol = Some(from.str()?.to_owned()),
                3 => small.at = Some(from.i64()?),
                4 => small.sequence = Some(from.u64()?),
                5 => price = Some(units(from)?),
                6 => quantity = Some(units(from)?),
                7 => taker = Some(from.u8()?),
                _ => return Err(CodecError::UnknownField(field)),
            }
            Ok(())
        })?;
        let is_long = |symbol: &String| symbol.is_empty() || symbol.len() > SYMBOL;
        if small.rollup.len() > NAME || small.symbol.as_ref().is_some_and(is_long) {
            return Err(CodecError::TooLarge);
        }
        small.amounts = match (price, quantity, taker) {
            (Some(price), Some(quantity), Some(taker)) => Some((price, quantity, taker)),
            (None, None, None) => None,
            _ => return Err(CodecError::Malformed),
        };
        Ok(small)
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
