use std::collections::BTreeSet;

use super::*;

const HOUR: i64 = 3_600 * SECOND;

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn at(text: &str) -> i64 {
    let parsed = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    parsed.and_utc().timestamp_nanos_opt().unwrap()
}

/// What the clock shows twice is taken for the later instant, and what it skips for that at which it would have been shown.
#[test]
fn what_a_clock_shows_twice_or_never_is_taken_as_postgres_does() {
    for (name, shown, taken, first) in [
        ("Europe/Berlin", "2026-01-31 12:00", "2026-01-31 11:00", "2026-01-31 11:00"),
        ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29 00:59", "2026-03-29 00:59"),
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-10-25 01:59", "2026-10-24 23:59", "2026-10-24 23:59"),
        ("Europe/Berlin", "2026-10-25 02:00", "2026-10-25 01:00", "2026-10-25 00:00"),
        ("Europe/Berlin", "2026-10-25 02:59", "2026-10-25 01:59", "2026-10-25 00:59"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00", "2026-10-25 02:00"),
        ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00", "2018-11-04 03:00"),
        ("America/Sao_Paulo", "2018-02-17 23:30", "2018-02-18 02:30", "2018-02-18 01:30"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 15:15", "2026-04-04 14:45"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00", "2011-12-30 10:00"),
        ("UTC", "2026-10-25 02:30", "2026-10-25 02:30", "2026-10-25 02:30"),
    ] {
        let zone = zone(name);
        assert_eq!(zone.instant_of(at(shown)), Ok(at(taken)), "{name} {shown}");
        assert_eq!(zone.first_at(at(shown)), Ok(at(first)), "{name} {shown}");
    }
}

#[test]
fn a_zone_has_the_offset_of_the_database_at_every_hour() {
    let full = std::env::var("THALIUM_TEST_TIER").is_ok_and(|tier| tier == "full");
    let some = [
        Tz::Africa__Johannesburg,
        Tz::America__New_York,
        Tz::America__Sao_Paulo,
        Tz::Asia__Amman,
        Tz::Asia__Kolkata,
        Tz::Australia__Lord_Howe,
        Tz::Europe__Berlin,
        Tz::Pacific__Apia,
        Tz::Africa__Casablanca,
        Tz::Antarctica__Troll,
    ];
    let (zones, step) = if full {
        (chrono_tz::TZ_VARIANTS.to_vec(), 5 * 3_600)
    } else {
        (some.to_vec(), 11 * 3_600)
    };
    for tz in zones {
        let zone = zone(tz.name());
        let mut wrong = BTreeSet::new();
        for seconds in (i64::MIN / SECOND..i64::MAX / SECOND).step_by(step) {
            let then = DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
            let offset = tz.offset_from_utc_datetime(&then).fix().local_minus_utc();
            if zone.offset_at(seconds * SECOND) != i64::from(offset) {
                wrong.insert(then);
            }
        }
        assert!(wrong.is_empty(), "{}: {wrong:?}", tz.name());
    }
}

#[test]
fn the_ends_of_time_are_told() {
    let (east, west) = (zone("Pacific/Apia"), zone("America/New_York"));
    assert_eq!(east.local(i64::MAX), Err(OutOfRange));
    assert_eq!(west.local(i64::MIN), Err(OutOfRange));
    assert_eq!(west.instant_of(i64::MAX), Err(OutOfRange));
    assert_eq!(west.first_at(i64::MAX), Err(OutOfRange));
    assert!(east.local(i64::MAX - 25 * HOUR).is_ok());
}

#[test]
fn a_name_that_no_zone_has_is_told() {
    for name in ["", "Europe/Atlantis", "+02:00", "europe/berlin"] {
        assert!(
            name.parse::<Zone>().unwrap_err().to_string().contains("is no time zone"),
            "{name}"
        );
    }
}
