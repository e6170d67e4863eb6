//! What is asked of buckets and points when they are read: gaps, as-of joins, fewer points for a chart, and what traders compute of prices.

mod fill;
mod indicators;
mod join;
mod lttb;

pub use fill::{BUCKETS, FillError, Filled, fill};
pub use indicators::{Drawdown, drawdown, exponential_average, moving_average, returns};
pub use join::{Unsorted, as_of, instants};
pub use lttb::downsample;
