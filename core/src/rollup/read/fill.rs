//! Every bucket of a range, also those in which nothing has happened.

use std::ops::Range;

use crate::rollup::{Bucket, Calendar, OutOfRange};

/// A range has at most so many buckets.
pub const BUCKETS: usize = 1_000_000;

/// A bucket of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled<'a, A> {
    /// When it begins.
    pub start: i64,
    /// When it ends.
    pub end: i64,
    /// What has happened in it; `None` where nothing has.
    pub value: Option<&'a A>,
    /// What has happened in the last before it in which anything has: what is carried forward into a gap.
    pub before: Option<&'a A>,
}

/// A range that cannot be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// An instant out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Too many buckets.
    #[error("the range has more than {BUCKETS} buckets: ask for less, or for wider ones")]
    TooMany,
}

/// Every bucket of a calendar that begins in a range, by time, with what has happened in it.
///
/// # Errors
/// A range that instants do not reach, or that has too many buckets.
pub fn fill<'a, A>(
    calendar: &Calendar,
    range: Range<i64>,
    buckets: impl IntoIterator<Item = &'a Bucket<A>>,
) -> Result<Vec<Filled<'a, A>>, FillError> {
    let mut filled = Vec::new();
    if range.is_empty() {
        return Ok(filled);
    }
    let mut start = calendar.start(range.start)?;
    if start < range.start {
        start = calendar.end(start)?;
    }
    let mut before = None;
    let mut buckets = buckets.into_iter().peekable();
    while start < range.end {
        if filled.len() >= BUCKETS {
            return Err(FillError::TooMany);
        }
        // The last bucket there is ends behind all instants.
        let end = calendar.end(start).unwrap_or(i64::MAX);
        let mut value = None;
        while let Some(bucket) = buckets.next_if(|bucket| bucket.start <= start) {
            if bucket.start == start {
                value = bucket.value.as_ref();
            } else {
                before = bucket.value.as_ref().or(before);
            }
        }
        filled.push(Filled { start, end, value, before });
        before = value.or(before);
        if end == i64::MAX {
            break;
        }
        start = end;
    }
    Ok(filled)
}

#[cfg(test)]
#[path = "fill_tests.rs"]
mod tests;
