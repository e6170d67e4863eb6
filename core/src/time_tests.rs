use super::*;

#[test]
fn instants_keep_their_nanoseconds() {
    for nanos in [0, 1, -1, 1_610_064_000_278_000_000, i64::MAX, i64::MIN + 1] {
        assert_eq!(parse_instant(&format_instant(nanos)), Some(nanos));
    }
    assert_eq!(format_instant(1), "1970-01-01T00:00:00.000000001Z");
    assert_eq!(parse_instant("2026-01-31T11:30:00+02:00"), parse_instant("2026-01-31T09:30:00Z"));
    for bad in ["", "yesterday", "2026-01-31", "2026-13-01T00:00:00Z", "9223372036854775808"] {
        assert_eq!(parse_instant(bad), None, "{bad}");
    }
}

#[test]
fn dates_are_days_since_1970() {
    for (text, days) in [("1970-01-01", 0), ("1969-12-31", -1), ("2026-01-31", 20_484)] {
        assert_eq!(parse_date(text), Some(days));
        assert_eq!(format_date(days).as_deref(), Some(text));
    }
    for bad in ["2026-02-30", "2026-1-1", "31-01-2026", ""] {
        assert_eq!(parse_date(bad), None, "{bad}");
    }
    assert_eq!(date_of(-1), -1);
    assert_eq!(date_of(86_400 * SECOND), 1);
}

#[test]
fn what_a_clock_shows_has_no_zone() {
    let shown = [
        ("1970-01-01", 0),
        ("2000-01-03", 10_959 * DAY),
        ("2000-01-03T00:00:00", 10_959 * DAY),
        ("1969-12-31T23:59:59.5", -SECOND / 2),
        ("2026-03-08T02:30:00.000000001", 20_520 * DAY + 9_000 * SECOND + 1),
    ];
    for (text, nanos) in shown {
        assert_eq!(parse_local(text), Some(nanos), "{text}");
        assert_eq!(parse_local(&format_local(nanos)), Some(nanos), "{text}");
    }
    for (nanos, text) in
        [(0, "1970-01-01"), (SECOND, "1970-01-01T00:00:01"), (-1, "1969-12-31T23:59:59.999999999")]
    {
        assert_eq!(format_local(nanos), text);
    }
    let none = [
        "",
        "2026-3-8",
        "2026-03-08T02:30",
        "2026-03-08T24:00:00",
        "2026-03-08T02:30:60",
        "2026-03-08T02:30:00Z",
        "2026-03-08T02:30:00+02:00",
        "2026-03-08T02:30:00.",
        "2026-03-08T02:30:00.0000000001",
        "2026-03-08 02:30:00",
        " 026-03-08T02:30:00",
        "0000-01-01T00:00:00",
        "2300-01-01",
        "1",
    ];
    for text in none {
        assert_eq!(parse_local(text), None, "{text}");
    }
}
