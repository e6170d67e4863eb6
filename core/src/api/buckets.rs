//! Buckets of time that a question asks for.

use super::query::page_limit;
use super::resolve::{Invalid, invalid, short};
use crate::rollup::{Calendar, Width, Zone};
use crate::time::{self, DAY};

/// Buckets of a page where the question does not say.
const DEFAULT: u32 = 500;

/// Which buckets are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked<'a> {
    pub(super) width: Option<&'a str>,
    pub(super) zone: Option<&'a str>,
    pub(super) from: Option<&'a str>,
    pub(super) to: Option<&'a str>,
    pub(super) limit: Option<u32>,
}

/// Buckets, each of which begins where the one before ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Buckets {
    /// When each begins and ends.
    pub(super) spans: Vec<(i64, i64)>,
    /// When the first of the next page begins, where there is one.
    pub(super) next: Option<i64>,
}

impl Buckets {
    /// Those that anything of what is asked for falls into. Nothing happens before `earliest` or after `latest`.
    pub(super) fn of(asked: Asked<'_>, earliest: i64, latest: i64) -> Result<Self, Invalid> {
        let width: Width =
            asked.width.unwrap_or("1d").parse().map_err(|error| invalid("width", error))?;
        let zone = asked.zone.map(str::parse::<Zone>).transpose();
        let zone = zone.map_err(|error| invalid("zone", error))?;
        let limit = page_limit(Some(asked.limit.unwrap_or(DEFAULT)))?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let from = instant("from", asked.from, zone.as_ref(), 0)?;
        let to = instant("to", asked.to, zone.as_ref(), 1)?;
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(invalid("from", "is after `to`: swap them"));
        }
        let calendar = Calendar::new(width);
        let calendar = match zone {
            Some(zone) => calendar.in_zone(zone),
            None => calendar,
        };
        let (low, high) =
            (from.unwrap_or(earliest).max(earliest), to.unwrap_or(latest).min(latest));
        let mut buckets = Self { spans: Vec::new(), next: None };
        if low > high {
            return Ok(buckets);
        }
        let out = |error| invalid("width", error);
        let first = calendar.start(low).map_err(out)?;
        let mut start = first;
        if from.is_none() {
            start = calendar.start(high).map_err(out)?;
            for _ in 1..limit {
                match calendar.start(start.saturating_sub(1)) {
                    Ok(before) if before >= first => start = before,
                    _ => break,
                }
            }
        }
        while start <= high {
            if buckets.spans.len() >= limit {
                buckets.next = Some(start);
                break;
            }
            let end = calendar.end(start).map_err(out)?;
            buckets.spans.push((start, end));
            start = end;
        }
        Ok(buckets)
    }
}

/// An instant; a date is that of a zone, and stands for its first instant, or for the last before that of `later` days on.
fn instant(
    field: &'static str,
    text: Option<&str>,
    zone: Option<&Zone>,
    later: i64,
) -> Result<Option<i64>, Invalid> {
    let Some(text) = text else { return Ok(None) };
    let none = || {
        let forms = "write 2026-01-31, 2026-01-31T09:30:00Z or nanoseconds since 1970";
        invalid(field, format!("`{}` is no instant: {forms}", short(text)))
    };
    let at = match time::parse_date(text) {
        None => time::parse_instant(text),
        Some(days) => {
            let local = i64::from(days).checked_add(later).and_then(|days| days.checked_mul(DAY));
            let first = match zone {
                None => local,
                Some(zone) => local.and_then(|local| zone.first_at(local).ok()),
            };
            // Where clocks are ahead, the first day begins before 1970, of which nothing is known.
            let first = first.and_then(|first| first.checked_sub(later));
            first.filter(|_| days >= 0).map(|first| first.max(0))
        }
    };
    at.filter(|at| *at >= 0).map(Some).ok_or_else(none)
}

#[cfg(test)]
#[path = "buckets_tests.rs"]
mod tests;
