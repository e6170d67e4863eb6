use proptest::prelude::*;

use super::*;

#[test]
fn widths_are_written_as_the_market_writes_them_or_in_words() {
    for (text, written) in [
        ("1m", "1m"),
        ("1M", "1M"),
        ("15 minutes", "15m"),
        ("60 seconds", "1m"),
        ("90m", "90m"),
        ("1 hour", "1h"),
        ("24h", "1d"),
        ("7 days", "1w"),
        ("10 days", "10d"),
        ("12 months", "1y"),
        ("3M", "1q"),
        ("5 months", "5M"),
        ("250ms", "250ms"),
        ("1 nanosecond", "1ns"),
        ("600y", "600y"),
    ] {
        assert_eq!(
            text.parse::<Width>().map(|width| width.to_string()),
            Ok(written.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_width_is_told() {
    for text in [
        "",
        "m",
        "0m",
        "1",
        "-1m",
        "1.5h",
        "1 m m",
        "1  m",
        "1x",
        "1 fortnight",
        "1Y",
        "one day",
        "601y",
        "9223372036854775808ns",
        "4294967296M",
        " 1m",
        "1mm",
        "1mss",
    ] {
        let told = text.parse::<Width>().map_err(|error| error.to_string());
        assert!(
            told.as_ref().is_err_and(|told| told.starts_with(&format!("`{text}` is no width"))),
            "{text}: {told:?}"
        );
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(nanos in 1..=i64::MAX, months in 1..=MONTHS_MAX) {
        for width in [Width::fixed(nanos), Width::fixed((nanos / DAY).max(1) * DAY), Width::months(months)] {
            let width = width.unwrap();
            prop_assert_eq!(width.to_string().parse(), Ok(width));
        }
    }
}
