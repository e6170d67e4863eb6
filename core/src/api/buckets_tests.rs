//! Buckets as they are asked for.

use super::*;
use crate::time::{format_instant, parse_instant};

fn at(text: &str) -> i64 {
    parse_instant(text).unwrap()
}

/// The first and the last bucket, how many there are, and where the next page begins.
fn told(asked: Asked<'_>) -> Result<(String, String, usize, Option<String>), String> {
    let (earliest, latest) = (at("2026-03-27T15:30:00Z"), at("2026-03-30T09:00:00Z"));
    let Buckets { spans, next } =
        Buckets::of(asked, earliest, latest).map_err(|error| error.field.into_owned())?;
    assert!(spans.windows(2).all(|pair| pair[0].1 == pair[1].0), "one begins where another ends");
    let short = |at: i64| format_instant(at).replace(":00.000000000Z", "");
    let first = spans.first().map_or(String::new(), |span| short(span.0));
    let last = spans.last().map_or(String::new(), |span| short(span.1));
    Ok((first, last, spans.len(), next.map(short)))
}

/// What is asked for in a row of a table: width, zone, from, to, limit; `-` is not said.
fn asked(row: &str) -> Asked<'_> {
    let words: Vec<&str> = row.split_whitespace().collect();
    let said = |n: usize| Some(words[n]).filter(|word| *word != "-");
    Asked {
        width: said(0),
        zone: said(1),
        from: said(2),
        to: said(3),
        limit: said(4).map(|limit| limit.parse().unwrap()),
    }
}

#[test]
fn buckets_are_those_that_anything_falls_into() {
    let table = [
        // Days of UTC by default, from when there is anything until now.
        ("- - - - -", "2026-03-27T00:00", "2026-03-31T00:00", 4, None),
        // The newest, or the first from an instant on.
        ("- - - - 2", "2026-03-29T00:00", "2026-03-31T00:00", 2, None),
        ("- - 2026-03-28 - 2", "2026-03-28T00:00", "2026-03-30T00:00", 2, Some("2026-03-30T00:00")),
        ("- - 2026-03-28 2026-03-28 -", "2026-03-28T00:00", "2026-03-29T00:00", 1, None),
        // A bucket is whole, whichever part of it is asked for.
        (
            "- - 2026-03-28T12:00:00Z 2026-03-28T13:00:00Z -",
            "2026-03-28T00:00",
            "2026-03-29T00:00",
            1,
            None,
        ),
        // A date is one of the zone: the day on which clocks are put forward has 23 hours.
        (
            "1d Europe/Berlin 2026-03-29 2026-03-29 -",
            "2026-03-28T23:00",
            "2026-03-29T22:00",
            1,
            None,
        ),
        (
            "1h Europe/Berlin 2026-03-29 2026-03-29 -",
            "2026-03-28T23:00",
            "2026-03-29T22:00",
            23,
            None,
        ),
        // What is before the beginning or after now is not there.
        ("1w - 2020-01-01 2030-01-01 -", "2026-03-23T00:00", "2026-04-06T00:00", 2, None),
        ("- - 2026-04-01 - -", "", "", 0, None),
        ("- - - 2026-01-01 -", "", "", 0, None),
    ];
    for (row, first, last, count, next) in table {
        let expected = (first.to_owned(), last.to_owned(), count, next.map(str::to_owned));
        assert_eq!(told(asked(row)), Ok(expected), "{row}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let table = [
        ("0d - - - -", "width"),
        ("1d Mars/Olympus - - -", "zone"),
        ("1d - yesterday - -", "from"),
        ("1d - - 9999-99-99 -", "to"),
        ("1d - 2026-03-29 2026-03-28 -", "from"),
        ("1d - - - 0", "limit"),
        ("1d - - - 10001", "limit"),
    ];
    for (row, field) in table {
        assert_eq!(told(asked(row)), Err(field.to_owned()), "{row}");
    }
}
