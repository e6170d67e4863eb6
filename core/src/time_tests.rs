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
