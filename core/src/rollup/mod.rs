//! Rollups: events folded into buckets of time, exactly.

mod aggregate;
mod bars;
mod business;
mod calendar;
mod chunk;
mod hierarchy;
mod hopping;
mod market;
mod read;
mod registry;
mod series;
mod session;
mod sliding;
mod tally;
mod time_bucket;
mod width;
mod zone;

pub use aggregate::{
    Aggregate, CLASSES, Candle, Chain, Classified, Counter, Counts, Distinct, Durations, Entry,
    Increase, Lasted, Linear, MergeError, Named, NotBetween, Ohlcv, Percentiles, Quote, Rolled,
    Sample, Sloping, Standing, Step, Summary, Taker, TimeWeighted, Trade, Volume, step_of,
};
pub use bars::{Bar, Bars, Missing, NotAlike, Ticks, TicksError};
pub use business::{
    BusinessDays, BusinessError, Convention, EarlyClose, HOLIDAYS, HOURS, Holiday, Hours,
    HoursError, LocalTime, LocalTimeError, TradingError, TradingHours, TradingSession, Weekday,
};
pub use calendar::Calendar;
pub use chunk::{
    COLUMNS, ChunkError, Column, ROWS, TEXT, decode as decode_chunk, encode as encode_chunk,
};
pub use hierarchy::{Hierarchy, HierarchyError, LEVELS};
pub use hopping::{Hopping, HoppingError, Hops, HopsError, PANES, Windowed};
pub use market::{
    BadRows, FAULTS, IngestError, Ingested, Market, MarketImageError, Names, Numbers, RowError,
    RowFault, SYMBOL, SYMBOLS, Trades,
};
pub use read::{
    BUCKETS, Drawdown, FillError, Filled, Unsorted, as_of, downsample, drawdown,
    exponential_average, fill, instants, moving_average, returns,
};
pub use registry::{
    AHEAD, Building, CHANGES, Changes, Definition, Done, NAME, OfFault, ROLLUPS, Record,
    RecordError, Rollup, RollupError, Rollups, RollupsImageError, SCALE, TradeRows,
};
pub use series::{Added, Bucket, Cause, Change, Late, Refusal, Rules, Series};
pub use session::{GapError, Session, SessionError, Sessions};
pub use sliding::{EXACT, Sliding, SlidingError, Window, WindowError};
pub use tally::Tally;
pub use time_bucket::{BucketOptions, Offset, time_bucket};
pub use width::{Width, WidthError};
pub use zone::{Zone, ZoneError};

/// An instant or a civil time that 64 bits of nanoseconds cannot tell: from 1677 to 2262 they can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is out of the range of instants, which is from 1677-09-21 to 2262-04-11")]
pub struct OutOfRange;

/// Whether a row is there, by a bit each, the least first, as Arrow has them.
fn is_valid(valid: &[u8], row: usize) -> bool {
    valid.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1)
}

/// The first of some columns that has not as many rows as it is to have, and how many it has. Rows that are there are told by a bit each.
fn other_length<const N: usize>(
    of: usize,
    columns: [(&'static str, usize); N],
    valid: Option<&[u8]>,
) -> Option<(&'static str, usize)> {
    let other = columns.into_iter().find(|(_, rows)| *rows != of);
    let short = valid.filter(|valid| valid.len() < of.div_ceil(8));
    other.or(short.map(|valid| ("valid", valid.len() * 8)))
}
