use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::time::{format_instant, parse_instant};

const HOUR: i64 = DAY / 24;

fn calendar(width: &str, zone: &str) -> Calendar {
    Calendar::new(width.parse().unwrap()).in_zone(zone.parse().unwrap())
}

fn at(text: &str) -> i64 {
    parse_instant(&format!("{text}:00Z")).unwrap()
}

/// The lengths in hours of the buckets of a day, from its midnight to the next.
#[test]
fn a_day_has_the_buckets_that_its_clocks_show() {
    for (zone, width, noon, lengths) in [
        ("Europe/Berlin", "1d", "2026-03-29T12:00", &[23.0][..]),
        ("Europe/Berlin", "1d", "2026-10-25T12:00", &[25.0]),
        ("Europe/Berlin", "4h", "2026-03-29T12:00", &[3.0, 4.0, 4.0, 4.0, 4.0, 4.0]),
        ("Europe/Berlin", "4h", "2026-10-25T12:00", &[5.0, 4.0, 4.0, 4.0, 4.0, 4.0]),
        ("Europe/Berlin", "6h", "2026-06-25T12:00", &[6.0, 6.0, 6.0, 6.0]),
        ("Australia/Lord_Howe", "12h", "2026-04-05T02:00", &[12.5, 12.0]),
        ("Australia/Lord_Howe", "12h", "2026-10-04T02:00", &[11.5, 12.0]),
        ("America/Sao_Paulo", "12h", "2018-11-04T15:00", &[11.0, 12.0]),
        ("Africa/Johannesburg", "12h", "2026-10-25T12:00", &[12.0, 12.0]),
    ] {
        let (days, parts) = (calendar("1d", zone), calendar(width, zone));
        let (mut start, end) = (days.start(at(noon)).unwrap(), days.end(at(noon)).unwrap());
        let mut found = Vec::new();
        while start < end {
            assert_eq!(parts.start(start), Ok(start), "{zone} {width}");
            let next = parts.end(start).unwrap();
            #[allow(clippy::cast_precision_loss, reason = "hours of a day, for people")]
            found.push((next - start) as f64 / HOUR as f64);
            start = next;
        }
        assert_eq!(found, lengths, "{zone} {width}");
        assert_eq!(start, end);
    }
}

#[test]
fn an_hour_that_is_gone_through_twice_is_two() {
    let hours = calendar("1h", "Europe/Berlin");
    let starts = ["2026-10-24T23:30", "2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T02:30"];
    for start in starts {
        assert_eq!(hours.start(at(start)), Ok(at(start) - HOUR / 2));
        assert_eq!(hours.end(at(start)), Ok(at(start) + HOUR / 2));
    }
    // Midnight is shown twice where clocks are put back from half past it: the day has begun with the first.
    let days = calendar("1d", "America/Havana");
    let (first, second) = (at("2026-11-01T04:30"), at("2026-11-01T05:30"));
    assert_eq!(days.start(first), Ok(at("2026-11-01T04:00")));
    assert_eq!(days.start(second), Ok(at("2026-11-01T04:00")));
}

#[test]
fn a_day_that_a_zone_has_skipped_has_no_bucket() {
    let days = calendar("1d", "Pacific/Apia");
    let before = at("2011-12-30T09:00");
    assert_eq!(days.start(before), Ok(at("2011-12-29T10:00")));
    assert_eq!(days.end(before), Ok(at("2011-12-30T10:00")));
    assert_eq!(days.start(at("2011-12-30T10:00")), Ok(at("2011-12-30T10:00")));
    assert_eq!(days.end(at("2011-12-30T10:00")), Ok(at("2011-12-31T10:00")));
}

#[test]
fn what_has_begun_has_a_bucket_though_its_end_is_out_of_range() {
    let now = at("2026-01-01T12:00");
    for (width, instant) in
        [("1M", at("2262-04-05T00:00")), ("1y", at("2262-02-01T00:00")), ("600y", now)]
    {
        let own = calendar(width, "Europe/Berlin");
        let started = own.start(instant).unwrap();
        assert!(started <= instant && own.start(started) == Ok(started), "{width}");
        assert_eq!(own.end(instant), Err(OutOfRange), "{width}");
    }
}

#[test]
fn a_trading_day_begins_in_the_evening() {
    let days = calendar("1d", "America/New_York").moved_by(-7 * HOUR);
    // Sunday, on which clocks were put forward, 17:00 in New York.
    assert_eq!(days.start(at("2026-03-08T20:59")), Ok(at("2026-03-07T22:00")));
    assert_eq!(days.start(at("2026-03-08T21:00")), Ok(at("2026-03-08T21:00")));
    let years = Calendar::new("1y".parse().unwrap()).from_origin(at("2000-04-01T00:00"));
    assert_eq!(years.start(at("2026-03-31T23:59")), Ok(at("2025-04-01T00:00")));
    assert_eq!(years.end(at("2026-03-31T23:59")), Ok(at("2026-04-01T00:00")));
}

/// Zones, each with the instants at which its clocks change.
static ZONES: LazyLock<BTreeMap<&str, (Zone, Vec<i64>)>> = LazyLock::new(|| {
    let names = [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Sao_Paulo",
        "America/Havana",
        "Asia/Amman",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Casablanca",
        "Africa/Monrovia",
        "Europe/Dublin",
    ];
    let changes = |name: &'static str| {
        let zone: Zone = name.parse().unwrap();
        let (mut at, mut changes) = (-(1_i64 << 62), Vec::new());
        while let Some(until) = zone.span_at(at).until {
            changes.push(until);
            at = until;
        }
        (name, (zone, changes))
    };
    names.into_iter().map(changes).collect()
});

fn widths() -> impl Strategy<Value = Width> {
    let named = [
        "1s", "7m", "15m", "1h", "90m", "4h", "5h", "12h", "1d", "36h", "10d", "1w", "1M", "5M",
        "1q", "1y",
    ];
    prop::sample::select(named.map(|text| text.parse::<Width>().unwrap()).to_vec())
}

/// An instant, often near to a change of the clocks.
fn instants() -> impl Strategy<Value = (&'static str, i64)> {
    let names = ZONES.keys().copied().collect::<Vec<_>>();
    let near = (any::<prop::sample::Index>(), -30 * HOUR..30 * HOUR);
    (prop::sample::select(names), near, -(1_i64 << 62)..1_i64 << 62, any::<bool>()).prop_map(
        |(zone, (index, near), anywhere, is_near)| match &ZONES[zone].1 {
            changes if is_near && !changes.is_empty() => (zone, index.get(changes) + near),
            _ => (zone, anywhere),
        },
    )
}

proptest! {
    /// Buckets are a partition: they begin where the one before ends, and an instant is in one alone.
    #[test]
    fn every_instant_is_in_one_bucket(
        (zone, at) in instants(), width in widths(), offset in -DAY..DAY, origin in prop::option::of(-(1_i64 << 60)..1_i64 << 60),
    ) {
        let mut buckets = Calendar::new(width).in_zone(ZONES[zone].0.clone()).moved_by(offset);
        if let Some(origin) = origin {
            buckets = buckets.from_origin(origin);
        }
        let (start, end) = (buckets.start(at).unwrap(), buckets.end(at).unwrap());
        prop_assert!(start <= at && at < end, "{} {} {}", format_instant(start), format_instant(at), format_instant(end));
        for inside in [start, end - 1, start + (end - start) / 2] {
            prop_assert_eq!(buckets.start(inside), Ok(start));
            prop_assert_eq!(buckets.end(inside), Ok(end));
        }
        prop_assert_eq!(buckets.start(end), Ok(end));
        if start > -(1_i64 << 62) {
            prop_assert_eq!(buckets.end(start - 1), Ok(start));
        }
    }

    #[test]
    fn in_utc_it_is_what_time_bucket_says(at in -(1_i64 << 62)..1_i64 << 62, width in widths()) {
        let told = time_bucket::time_bucket(width, at, time_bucket::BucketOptions::default());
        prop_assert_eq!(Calendar::new(width).start(at), told);
        prop_assert_eq!(Calendar::new(width).in_zone(ZONES["UTC"].0.clone()).start(at), told);
    }
}
