use super::*;

/// A law that says five years after the end of the relationship, day by day over leap years.
#[test]
fn years_are_those_of_the_calendar() {
    let day = |text: &str| crate::time::parse_date(text).unwrap();
    for (ended, years, until) in [
        ("2026-01-31", 5, "2031-01-31"),
        ("2024-02-29", 1, "2025-02-28"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2026-12-31", 0, "2026-12-31"),
        ("1999-06-30", 100, "2099-06-30"),
        ("9999-01-31", 1, "9999-12-31"),
    ] {
        assert_eq!(years_after(day(ended), years), day(until), "{ended} and {years} years");
    }
    assert_eq!(years_after(i32::MAX, 5), day("9999-12-31"), "a day that no calendar has");
}

#[test]
fn a_span_has_both_its_days() {
    let span = Span { since: Some(5), until: Some(7), ..Span::default() };
    for (day, holds) in [(4, false), (5, true), (7, true), (8, false)] {
        assert_eq!(span.holds(day), holds, "{day}");
    }
    assert!(Span::default().holds(i32::MIN) && Span::default().holds(i32::MAX));
}
