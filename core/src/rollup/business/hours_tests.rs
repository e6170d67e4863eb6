use super::*;

#[test]
fn times_of_day_are_what_a_clock_shows() {
    for (text, seconds, written) in [
        ("00:00", 0, "00:00"),
        ("09:30", 34_200, "09:30"),
        ("09:30:00", 34_200, "09:30"),
        ("16:59:59", 61_199, "16:59:59"),
        ("24:00", 86_400, "24:00"),
    ] {
        let time: LocalTime = text.parse().unwrap();
        assert_eq!((time.seconds(), time.to_string().as_str()), (seconds, written), "{text}");
    }
    for text in [
        "",
        "9:30",
        "09:60",
        "24:01",
        "25:00",
        "09:30:60",
        "09",
        "0930",
        "09:30:00:00",
        "+9:30",
        "09:3o",
    ] {
        let told = text.parse::<LocalTime>().unwrap_err().to_string();
        assert!(told.starts_with(&format!("`{text}` is no time of day: write")), "{told}");
    }
    assert_eq!(LocalTime::new(u32::MAX, 0, 0), None);
}

/// When they open and close, in hours since the midnight that their day begins with.
#[test]
fn hours_that_do_not_open_before_they_close_open_on_the_day_before() {
    let hour = 3_600 * SECOND;
    for (text, opens, closes) in [
        ("09:00-17:00", 9, 17),
        ("00:00-24:00", 0, 24),
        ("18:00-17:00", -6, 17),
        ("17:00-17:00", -7, 17),
        ("20:00-24:00", 20, 24),
    ] {
        let hours: Hours = text.parse().unwrap();
        assert_eq!((hours.opens(), hours.closes()), (opens * hour, closes * hour), "{text}");
        assert_eq!(hours.is_overnight(), opens < 0, "{text}");
        assert_eq!(hours.to_string(), text);
    }
    for text in ["", "09:00", "09:00-", "09:00-25:00", "24:00-01:00", "18:00-00:00", "09:00–17:00"]
    {
        let told = text.parse::<Hours>().unwrap_err().to_string();
        assert!(told.starts_with(&format!("`{text}` are no hours: write")), "{told}");
    }
}
