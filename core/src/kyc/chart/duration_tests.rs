//! Delays as people and standards write them.

use proptest::prelude::*;

use super::{Duration, DurationError};
use crate::time::{DAY, SECOND, format_instant, parse_instant};

fn read(text: &str) -> Result<Duration, DurationError> {
    text.parse()
}

#[test]
fn delays_that_always_take_as_long() {
    let cases = [
        ("0", 0),
        ("0s", 0),
        ("250ms", SECOND / 4),
        ("1s", SECOND),
        ("1.5s", SECOND + SECOND / 2),
        (".5s", SECOND / 2),
        (" 2s ", 2 * SECOND),
        ("0.000001ms", 1),
        ("0.000000001s", 1),
        ("2.50s", 2 * SECOND + SECOND / 2),
        ("10m", 600 * SECOND),
        ("1.5h", 5_400 * SECOND),
        ("2d", 2 * DAY),
        ("PT0S", 0),
        ("PT1H", 3_600 * SECOND),
        ("PT72H", 3 * DAY),
        ("P3D", 3 * DAY),
        ("P1W", 7 * DAY),
        ("P0.5W", DAY * 7 / 2),
        ("PT1.5H", 5_400 * SECOND),
        ("PT1,5H", 5_400 * SECOND),
        ("P1DT2H3M4.5S", DAY + 7_384 * SECOND + SECOND / 2),
        ("PT0.000000001S", 1),
        ("P30D", 30 * DAY),
        ("P3650D", 3_650 * DAY),
    ];
    for (text, nanos) in cases {
        let duration = read(text).unwrap();
        assert_eq!(duration.after(0), Ok(nanos), "{text}");
        assert_eq!(duration.after(-5), Ok(nanos - 5), "{text}");
        assert_eq!(duration.is_zero(), nanos == 0, "{text}");
    }
}

#[test]
fn delays_of_the_calendar() {
    let cases = [
        ("P1M", "2026-01-15T12:00:00Z", "2026-02-15T12:00:00Z"),
        ("P1M", "2026-01-31T23:59:59.999999999Z", "2026-02-28T23:59:59.999999999Z"),
        ("P1M", "2024-01-31T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("P1M", "2026-02-28T00:00:00Z", "2026-03-28T00:00:00Z"),
        ("P1Y", "2024-02-29T08:00:00Z", "2025-02-28T08:00:00Z"),
        ("P4Y", "2024-02-29T08:00:00Z", "2028-02-29T08:00:00Z"),
        ("P12M", "2024-02-29T08:00:00Z", "2025-02-28T08:00:00Z"),
        ("P1Y1M1DT1H", "2026-11-30T23:30:00Z", "2028-01-01T00:30:00Z"),
        ("P3M", "2026-11-30T00:00:00Z", "2027-02-28T00:00:00Z"),
        ("P5Y", "1969-12-31T00:00:00Z", "1974-12-31T00:00:00Z"),
    ];
    for (text, now, due) in cases {
        let due_at = read(text).unwrap().after(parse_instant(now).unwrap()).unwrap();
        assert_eq!(
            due_at,
            parse_instant(due).unwrap(),
            "{text} after {now}: {}",
            format_instant(due_at)
        );
    }
}

#[test]
fn texts_that_are_no_delays() {
    for text in [
        "",
        " ",
        "s",
        "ms",
        ".",
        ".s",
        "1.s",
        "1",
        "15",
        "-1s",
        "+1s",
        "1 s",
        "1S",
        "1sec",
        "1e3s",
        "1_000ms",
        "soon",
        "P",
        "PT",
        "P1",
        "P1H",
        "PT1D",
        "PT1Y",
        "P1DT",
        "P1D1Y",
        "P1D1D",
        "PT1M1H",
        "P-1D",
        "-P1D",
        "p1d",
        "P1d",
        "P.5D",
        "P1.D",
        "PT1.5H1M",
        "P0.5DT1H",
        "P1YM",
        "P1DT1H ago",
        "３s",
        "P1D\u{0}",
    ] {
        assert!(matches!(read(text), Err(DurationError::Malformed(_))), "{text}");
    }
    for text in ["0.0000000001s", "PT0.0000000001S", "P0.5M", "P1.5Y", "1.0000000001ms"] {
        assert!(matches!(read(text), Err(DurationError::Fraction(_))), "{text}");
    }
    for text in [
        "P101Y",
        "P1201M",
        "P36526D",
        "PT9999999999999999999H",
        "99999999999999999999999999s",
        "P99999999999Y",
    ] {
        assert!(matches!(read(text), Err(DurationError::TooLong(_))), "{text}");
    }
    assert!(
        matches!(read(&"1".repeat(100)), Err(DurationError::Malformed(text)) if text.len() == 64)
    );
    assert_eq!(
        read("72h!").unwrap_err().to_string(),
        "`72h!` is no delay: write `250ms`, `1.5s`, or a duration of ISO 8601 such as `PT72H`, `P3D`, `P1M`"
    );
}

#[test]
fn the_longest_delays_end_or_say_that_they_cannot() {
    for text in ["P100Y", "P1200M", "P36525D"] {
        let duration = read(text).unwrap();
        assert!(duration.after(0).is_ok(), "{text}");
        assert_eq!(duration.after(i64::MAX), Err(DurationError::Unreachable), "{text}");
        assert!(duration.after(i64::MIN).is_ok(), "{text}");
    }
}

#[test]
fn a_delay_is_written_as_iso_8601_has_it() {
    let cases = [
        ("0", "PT0S"),
        ("250ms", "PT0.25S"),
        ("90s", "PT1M30S"),
        ("1.5h", "PT1H30M"),
        ("PT36H", "P1DT12H"),
        ("P2W", "P14D"),
        ("P365D", "P365D"),
        ("P48M", "P4Y"),
        ("P14M", "P1Y2M"),
        ("P1Y2M3DT4H5M6.000000007S", "P1Y2M3DT4H5M6.000000007S"),
        ("P100Y", "P100Y"),
    ];
    for (text, wanted) in cases {
        assert_eq!(read(text).unwrap().to_string(), wanted, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_equal(months in 0..=super::MONTHS_MAX, days in 0_i64..36_525, rest in prop_oneof![Just(0), 0..DAY, (0..DAY / SECOND).prop_map(|seconds| seconds * SECOND)]) {
        let duration = Duration::of(months, days * DAY + rest);
        prop_assert_eq!(read(&duration.to_string()), Ok(duration));
    }

    #[test]
    fn no_text_and_no_instant_panics(text in "P?[0-9]{0,20}[.,]?[0-9]{0,20}[YMWDTHSmsd]{0,3}[0-9]{0,3}[HMSD]?", now in any::<i64>()) {
        if let Ok(duration) = read(&text)
            && let Ok(due) = duration.after(now)
        {
            prop_assert!(due >= now);
        }
    }

    #[test]
    fn milliseconds_are_exact(ms in 0_i64..1_000_000_000) {
        let told = [format!("{ms}ms"), format!("{}.{:03}s", ms / 1000, ms % 1000), format!("PT{}.{:03}S", ms / 1000, ms % 1000)];
        for text in told {
            prop_assert_eq!(read(&text).unwrap().after(0), Ok(ms * 1_000_000));
        }
    }
}
