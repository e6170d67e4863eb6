use proptest::prelude::*;

use super::*;
use crate::time::parse_instant;

fn at(text: &str) -> i64 {
    parse_instant(&format!("{text}Z")).unwrap()
}

#[test]
fn buckets_begin_where_a_calendar_begins() {
    for (width, instant, start) in [
        ("1m", "2026-01-31T09:30:59.999999999", "2026-01-31T09:30:00"),
        ("1w", "2026-01-31T09:30:00", "2026-01-26T00:00:00"),
        ("1w", "1999-12-31T00:00:00", "1999-12-27T00:00:00"),
        ("1M", "2024-02-29T23:59:59.9", "2024-02-01T00:00:00"),
        ("1q", "1999-12-31T00:00:00", "1999-10-01T00:00:00"),
        ("5M", "2024-02-29T00:00:00", "2023-10-01T00:00:00"),
        ("1y", "1969-12-31T00:00:00", "1969-01-01T00:00:00"),
        ("7s", "2000-01-02T23:59:59", "2000-01-02T23:59:53"),
    ] {
        let width = width.parse().unwrap();
        let found = time_bucket(width, at(instant), BucketOptions::default());
        assert_eq!(found, Ok(at(start)), "{width} {instant}");
    }
}

/// A fiscal year from April on, a trading day from 17:00 on, and months that begin with the 31st where there is one.
#[test]
fn buckets_are_counted_from_an_origin_and_moved_by_an_offset() {
    let april =
        BucketOptions { origin: Some(at("2026-04-15T12:00:00")), ..BucketOptions::default() };
    let evening =
        BucketOptions { offset: Offset::Nanos(-7 * DAY / 24), ..BucketOptions::default() };
    let months = BucketOptions { offset: Offset::Months(1), ..BucketOptions::default() };
    for (width, options, instant, start) in [
        ("1y", april, "2026-03-31T00:00:00", "2025-04-01T00:00:00"),
        ("1y", april, "2026-04-01T00:00:00", "2026-04-01T00:00:00"),
        ("1d", evening, "2026-01-31T16:59:59", "2026-01-30T17:00:00"),
        ("1d", evening, "2026-01-31T17:00:00", "2026-01-31T17:00:00"),
        ("1q", months, "2026-01-31T17:00:00", "2025-11-01T00:00:00"),
    ] {
        let found = time_bucket(width.parse().unwrap(), at(instant), options);
        assert_eq!(found, Ok(at(start)), "{width} {instant}");
    }
}

#[test]
fn what_no_instant_can_tell_is_an_error() {
    let week: Width = "1w".parse().unwrap();
    let century: Width = "100y".parse().unwrap();
    let options = BucketOptions::default();
    assert_eq!(time_bucket(week, i64::MIN, options), Err(OutOfRange));
    assert_eq!(time_bucket(century, i64::MIN, options), Err(OutOfRange));
    assert!(time_bucket(week, i64::MAX, options).is_ok());
    for offset in [Offset::Nanos(i64::MAX), Offset::Nanos(i64::MIN), Offset::Months(i32::MAX)] {
        assert_eq!(
            time_bucket(week, i64::MIN / 2 - 1, BucketOptions { offset, ..options }).is_ok(),
            matches!(offset, Offset::Nanos(i64::MIN))
        );
    }
}

proptest! {
    #[test]
    fn an_instant_is_in_its_bucket_and_its_beginning_too(
        nanos in 1..=400 * DAY, at in -(1_i64 << 62)..1_i64 << 62, origin in prop::option::of(-(1_i64 << 61)..1_i64 << 61),
    ) {
        let width = Width::fixed(nanos).unwrap();
        let options = BucketOptions { origin, ..BucketOptions::default() };
        let start = time_bucket(width, at, options).unwrap();
        prop_assert!(start <= at && at - start < nanos);
        prop_assert_eq!(time_bucket(width, start, options), Ok(start));
        prop_assert_eq!((start - origin.unwrap_or(MONDAY)) % nanos, 0);
    }
}
