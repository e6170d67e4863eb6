//! A time over which a market is open, and buckets of it.

use std::ops::Range;

use super::TradingError;
use crate::rollup::{BUCKETS, Width};

/// A time over which a market is open.
///
/// ```
/// use thalium::rollup::TradingSession;
///
/// let hour = 3_600_000_000_000;
/// let session = TradingSession { start: 0, end: 5 * hour / 2, date: 0 };
/// let buckets: Vec<_> = session.buckets("1h".parse()?)?.collect();
/// assert_eq!(buckets, [0..hour, hour..2 * hour, 2 * hour..5 * hour / 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TradingSession {
    /// When it opens.
    pub start: i64,
    /// When it closes: that instant is not in it.
    pub end: i64,
    /// Its business day, as days since 1970: that on which it closes.
    pub date: i32,
}

impl TradingSession {
    /// Whether an instant is in it.
    #[must_use]
    pub const fn contains(self, at: i64) -> bool {
        self.start <= at && at < self.end
    }

    /// Its buckets, by time: each as long as a width from the open on, by time that passes, the last up to the close. Every instant of
    /// the session is in one.
    ///
    /// # Errors
    /// A width of months, or more than a million of it.
    pub fn buckets(self, width: Width) -> Result<impl Iterator<Item = Range<i64>>, TradingError> {
        let nanos = width.nanos().ok_or(TradingError::Width { width })?;
        let most = i64::try_from(BUCKETS).unwrap_or(i64::MAX);
        if self.end.saturating_sub(self.start).saturating_sub(1) / nanos >= most {
            return Err(TradingError::TooManyBuckets { width });
        }
        let first = Some(self.start).filter(|start| self.contains(*start));
        let next =
            move |start: &i64| start.checked_add(nanos).filter(|start| self.contains(*start));
        let bucket = move |start: i64| start..start.saturating_add(nanos).min(self.end);
        Ok(std::iter::successors(first, next).map(bucket))
    }

    /// The bucket of a width that an instant is in; `None` where that is not in the session.
    ///
    /// # Errors
    /// A width of months.
    pub fn bucket_of(self, at: i64, width: Width) -> Result<Option<Range<i64>>, TradingError> {
        let nanos = width.nanos().ok_or(TradingError::Width { width })?;
        let start = at.saturating_sub(at.saturating_sub(self.start) % nanos);
        let bucket = start..start.saturating_add(nanos).min(self.end);
        Ok(Some(bucket).filter(|_| self.contains(at)))
    }
}
