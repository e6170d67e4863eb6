use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::rollup::Holiday;
use crate::time::{parse_date, parse_instant};

const WEEK: [Weekday; 5] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
const HOUR: i64 = DAY / 24;

fn date(text: &str) -> i32 {
    parse_date(text).unwrap()
}

fn at(text: &str) -> i64 {
    parse_instant(&format!("{text}:00Z")).unwrap()
}

/// Business days of 2026: those of a week, but some.
fn days(week: &[Weekday], holidays: &[&str]) -> BusinessDays {
    let weekend: Vec<_> = Weekday::ALL.into_iter().filter(|day| !week.contains(day)).collect();
    let holiday = |text: &&str| Holiday { date: date(text), name: "day off".to_owned() };
    let holidays = holidays.iter().map(holiday).collect();
    BusinessDays::new(&weekend, holidays, date("2026-01-01")..=date("2026-12-31")).unwrap()
}

fn hours(week: &[Weekday], hours: &[&str]) -> BTreeMap<Weekday, Vec<Hours>> {
    let hours: Vec<Hours> = hours.iter().map(|text| text.parse().unwrap()).collect();
    week.iter().map(|day| (*day, hours.clone())).collect()
}

fn early((day, close): &(&str, &str)) -> EarlyClose {
    EarlyClose { date: date(day), close: close.parse().unwrap() }
}

/// A market of a zone, the days and hours of its week, its holidays, and when it closes earlier.
fn market(
    zone: &str,
    (week, own): (&[Weekday], &[&str]),
    holidays: &[&str],
    closes: &[(&str, &str)],
) -> TradingHours {
    let closes = closes.iter().map(early).collect();
    TradingHours::new(days(week, holidays), zone.parse().unwrap(), hours(week, own), closes)
        .unwrap()
}

fn session(day: &str, start: &str, end: &str) -> TradingSession {
    TradingSession { start: at(start), end: at(end), date: date(day) }
}

#[test]
fn a_week_with_a_holiday_and_an_early_close() {
    let stocks = market(
        "America/New_York",
        (&WEEK, &["09:30-16:00"]),
        &["2026-11-26"],
        &[("2026-11-27", "13:00")],
    );
    let told = stocks.sessions(at("2026-11-22T00:00")..at("2026-11-30T00:00")).unwrap();
    assert_eq!(
        told,
        [
            session("2026-11-23", "2026-11-23T14:30", "2026-11-23T21:00"),
            session("2026-11-24", "2026-11-24T14:30", "2026-11-24T21:00"),
            session("2026-11-25", "2026-11-25T14:30", "2026-11-25T21:00"),
            session("2026-11-27", "2026-11-27T14:30", "2026-11-27T18:00"),
        ]
    );
    for (instant, is_open) in [
        ("2026-11-25T14:30", true),
        ("2026-11-25T20:59", true),
        ("2026-11-25T21:00", false),
        ("2026-11-26T15:00", false),
        ("2026-11-27T17:59", true),
        ("2026-11-27T18:00", false),
    ] {
        assert_eq!(stocks.is_open(at(instant)), Ok(is_open), "{instant}");
    }
    let noon = at("2026-11-26T17:00");
    assert_eq!(
        (stocks.previous_session(noon), stocks.next_session(noon)),
        (Ok(told[2]), Ok(told[3]))
    );
    // From within a session, and from its beginning, the next is that behind it.
    for instant in [told[2].start, told[2].start + HOUR] {
        assert_eq!(stocks.previous_session(instant), Ok(told[1]));
        assert_eq!(stocks.next_session(instant), Ok(told[3]));
    }
}

/// When hours open and close on dates on which clocks are put forward or back, and near to them.
#[test]
fn sessions_have_the_hours_that_pass() {
    let (new_york, berlin) = ("America/New_York", "Europe/Berlin");
    for (zone, own, day, expected) in [
        (new_york, "09:30-16:00", "2026-03-06", Some(("2026-03-06T14:30", "2026-03-06T21:00"))),
        (new_york, "09:30-16:00", "2026-03-08", Some(("2026-03-08T13:30", "2026-03-08T20:00"))),
        (new_york, "09:30-16:00", "2026-03-09", Some(("2026-03-09T13:30", "2026-03-09T20:00"))),
        (berlin, "09:00-17:30", "2026-03-27", Some(("2026-03-27T08:00", "2026-03-27T16:30"))),
        (berlin, "09:00-17:30", "2026-03-30", Some(("2026-03-30T07:00", "2026-03-30T15:30"))),
        // 22 hours, and 24.
        (new_york, "18:00-17:00", "2026-03-08", Some(("2026-03-07T23:00", "2026-03-08T21:00"))),
        (new_york, "18:00-17:00", "2026-11-01", Some(("2026-10-31T22:00", "2026-11-01T22:00"))),
        (berlin, "00:00-24:00", "2026-03-29", Some(("2026-03-28T23:00", "2026-03-29T22:00"))),
        (berlin, "00:00-24:00", "2026-10-25", Some(("2026-10-24T22:00", "2026-10-25T23:00"))),
        // From two to three no clock shows anything.
        (new_york, "02:15-02:45", "2026-03-08", None),
        (new_york, "02:30-04:00", "2026-03-08", Some(("2026-03-08T07:00", "2026-03-08T08:00"))),
        (new_york, "01:00-02:30", "2026-03-08", Some(("2026-03-08T06:00", "2026-03-08T07:00"))),
        // From one to two they show everything twice: it is taken for the first.
        (new_york, "01:15-01:45", "2026-11-01", Some(("2026-11-01T05:15", "2026-11-01T05:45"))),
        (new_york, "01:30-02:30", "2026-11-01", Some(("2026-11-01T05:30", "2026-11-01T07:30"))),
        (berlin, "02:30-03:30", "2026-10-25", Some(("2026-10-25T00:30", "2026-10-25T02:30"))),
        (berlin, "02:30-03:30", "2026-03-29", Some(("2026-03-29T01:00", "2026-03-29T01:30"))),
    ] {
        let every_day = market(zone, (&Weekday::ALL, &[own]), &[], &[]);
        let told = every_day.sessions_on(date(day)).unwrap();
        let expected: Vec<_> =
            expected.iter().map(|(start, end)| session(day, start, end)).collect();
        assert_eq!(told, expected, "{own} on {day} in {zone}");
    }
    let tokyo = market("Asia/Tokyo", (&WEEK, &["12:30-15:00", "09:00-11:30"]), &[], &[]);
    assert_eq!(
        tokyo.sessions_on(date("2026-03-09")).unwrap(),
        [
            session("2026-03-09", "2026-03-09T00:00", "2026-03-09T02:30"),
            session("2026-03-09", "2026-03-09T03:30", "2026-03-09T06:00"),
        ]
    );
}

/// Futures over Labor Day: at an instant, of which business day the session is.
#[test]
fn a_session_over_midnight_is_of_the_day_on_which_it_closes() {
    let futures = market(
        "America/New_York",
        (&WEEK, &["18:00-17:00"]),
        &["2026-09-07"],
        &[("2026-09-04", "13:00")],
    );
    for (instant, day) in [
        ("2026-09-02T21:59", None),
        ("2026-09-02T22:00", Some("2026-09-03")),
        ("2026-09-03T04:00", Some("2026-09-03")),
        ("2026-09-03T20:59", Some("2026-09-03")),
        ("2026-09-03T21:00", None),
        ("2026-09-03T22:00", Some("2026-09-04")),
        ("2026-09-04T16:59", Some("2026-09-04")),
        ("2026-09-04T17:00", None),
        ("2026-09-06T22:00", None),
        ("2026-09-07T22:00", Some("2026-09-08")),
        ("2026-09-08T20:59", Some("2026-09-08")),
    ] {
        let told = futures.session_of(at(instant)).unwrap();
        assert_eq!(told.map(|session| session.date), day.map(date), "{instant}");
    }
    let friday = session("2026-09-04", "2026-09-03T22:00", "2026-09-04T17:00");
    let tuesday = session("2026-09-08", "2026-09-07T22:00", "2026-09-08T21:00");
    for instant in ["2026-09-04T17:00", "2026-09-06T23:00", "2026-09-07T21:59"] {
        assert_eq!(futures.previous_session(at(instant)), Ok(friday), "{instant}");
        assert_eq!(futures.next_session(at(instant)), Ok(tuesday), "{instant}");
    }
    assert_eq!(futures.sessions(friday.start..tuesday.start + 1), Ok(vec![friday, tuesday]));
    assert_eq!(futures.sessions(friday.start + 1..tuesday.start), Ok(vec![]));
    // What closes early leaves out what would open later.
    let halves = ["09:00-11:30", "12:30-15:00"];
    let tokyo = market("Asia/Tokyo", (&WEEK, &halves), &[], &[("2026-12-30", "12:00")]);
    let morning = session("2026-12-30", "2026-12-30T00:00", "2026-12-30T02:30");
    assert_eq!(tokyo.sessions_on(date("2026-12-30")), Ok(vec![morning]));
}

/// What depends on days of which nothing is known is an error, and nothing else is.
#[test]
fn at_the_ends_of_a_calendar_what_is_known_is_told() {
    let futures = market("America/New_York", (&WEEK, &["18:00-17:00"]), &[], &[]);
    let (from, to) = (date("2026-01-01"), date("2026-12-31"));
    let outside = |date| TradingError::Business(BusinessError::Outside { date, from, to });
    let first = session("2026-01-01", "2025-12-31T23:00", "2026-01-01T22:00");
    let last = session("2026-12-31", "2026-12-30T23:00", "2026-12-31T22:00");
    assert_eq!(futures.session_of(at("2025-12-31T22:59")), Err(outside(from - 1)));
    assert_eq!(futures.session_of(first.start), Ok(Some(first)));
    assert_eq!(futures.next_session(first.start).map(|next| next.date), Ok(from + 1));
    assert_eq!(futures.previous_session(first.start), Err(outside(from - 1)));
    assert_eq!(futures.session_of(at("2026-12-31T22:59")), Ok(None));
    assert_eq!(futures.session_of(at("2026-12-31T23:00")), Err(outside(to + 1)));
    assert_eq!(futures.previous_session(at("2026-12-31T22:59")), Ok(last));
    assert_eq!(futures.next_session(last.start), Err(outside(to + 1)));
    assert_eq!(futures.sessions(last.start..at("2026-12-31T23:00")), Ok(vec![last]));
    assert_eq!(futures.sessions(last.start..at("2026-12-31T23:01")), Err(outside(to + 1)));
    assert_eq!(futures.sessions(5..5), Ok(vec![]));
    assert!(futures.sessions(i64::MAX - 1..i64::MAX).is_err());
    assert_eq!(futures.session_of(i64::MIN), Err(TradingError::OutOfRange(OutOfRange)));

    let ages = BusinessDays::new(&[], vec![], date("1900-01-01")..=date("2099-12-31")).unwrap();
    let zone: Zone = "Europe/Berlin".parse().unwrap();
    let never = TradingHours::new(ages, zone, BTreeMap::new(), vec![]).unwrap();
    let now = at("2026-01-01T12:00");
    assert_eq!(never.is_open(now), Ok(false));
    assert_eq!(never.next_session(now), Err(TradingError::NotFound { at: now }));
    assert_eq!(
        never.previous_session(now).unwrap_err().to_string(),
        "no session within 366 days of 2026-01-01T12:00:00.000000000Z: look at the hours and the holidays"
    );
    let century = at("1910-01-01T00:00")..at("2020-01-01T00:00");
    assert_eq!(never.sessions(century), Err(TradingError::TooLong));
}

#[test]
fn hours_that_are_none_say_which_and_why() {
    let zone: Zone = "America/New_York".parse().unwrap();
    let told = |own: BTreeMap<Weekday, Vec<Hours>>, closes: &[(&str, &str)]| {
        let closes = closes.iter().map(early).collect();
        TradingHours::new(days(&WEEK, &["2026-11-26"]), zone.clone(), own, closes).unwrap_err()
    };
    let stocks = || hours(&WEEK, &["09:30-16:00"]);
    let nine = ["01:00-02:00"; 9];
    let (monday, saturday) = (Weekday::Monday, Weekday::Saturday);
    assert_eq!(
        told(hours(&[monday], &nine), &[]),
        TradingError::TooManyHours { weekday: monday, hours: 9 }
    );
    assert_eq!(
        told(hours(&[saturday], &["09:30-16:00"]), &[]),
        TradingError::Weekend { weekday: saturday }
    );
    for (own, message) in [
        (
            &["09:00-12:00", "11:00-13:00"],
            "`11:00-13:00` of Monday opens before `09:00-12:00` has closed: let it open then or later",
        ),
        (
            &["16:00-17:30", "18:00-17:00"],
            "`16:00-17:30` of Monday opens before `18:00-17:00` has closed: let it open then or later",
        ),
        // In the evening, before the day has closed.
        (
            &["17:00-16:00", "16:00-17:30"],
            "`17:00-16:00` of Tuesday opens before `16:00-17:30` has closed: let it open then or later",
        ),
    ] {
        assert_eq!(told(hours(&WEEK, own), &[]).to_string(), message);
    }
    // Behind Sunday there is Monday again.
    let mut week = hours(&[Weekday::Sunday], &["18:00-23:00"]);
    week.extend(hours(&[monday], &["20:00-17:00"]));
    let every_day = days(&Weekday::ALL, &[]);
    let [earlier, later] = ["18:00-23:00", "20:00-17:00"].map(|text| text.parse().unwrap());
    assert_eq!(
        TradingHours::new(every_day, zone.clone(), week, vec![]),
        Err(TradingError::Overlap { weekday: monday, earlier, later })
    );
    for (day, close) in [
        ("2026-11-28", "13:00"),
        ("2026-11-26", "13:00"),
        ("2026-11-27", "16:00"),
        ("2026-11-27", "09:30"),
    ] {
        let error = TradingError::Early { date: date(day), close: close.parse().unwrap() };
        assert_eq!(told(stocks(), &[(day, close)]), error, "{day} {close}");
    }
    let twice = [("2026-11-27", "13:00"), ("2026-11-27", "12:00")];
    assert_eq!(
        told(stocks(), &twice).to_string(),
        "two early closes on 2026-11-27: leave out the later"
    );
    assert!(matches!(
        told(stocks(), &[("2027-11-26", "13:00")]),
        TradingError::Business(BusinessError::Outside { .. })
    ));
    let many = vec![("2026-11-27", "13:00"); HOLIDAYS + 1];
    assert_eq!(told(stocks(), &many), TradingError::TooManyEarly { early: HOLIDAYS + 1 });
}

/// A session of six hours and a half, in buckets: how long they are, in minutes.
#[test]
fn buckets_begin_with_the_session_and_end_with_it() {
    let own = session("2026-11-25", "2026-11-25T14:30", "2026-11-25T21:00");
    let minute = HOUR / 60;
    for (width, lengths) in [
        ("1h", &[60, 60, 60, 60, 60, 60, 30][..]),
        ("4h", &[240, 150]),
        ("130m", &[130, 130, 130]),
        ("6 hours", &[360, 30]),
        ("1d", &[390]),
        ("300y", &[390]),
    ] {
        let width: Width = match width {
            "300y" => Width::fixed(i64::MAX).unwrap(),
            text => text.parse().unwrap(),
        };
        let buckets: Vec<_> = own.buckets(width).unwrap().collect();
        let told: Vec<_> =
            buckets.iter().map(|bucket| (bucket.end - bucket.start) / minute).collect();
        assert_eq!(told, lengths, "{width}");
        assert_eq!(own.bucket_of(own.end - 1, width), Ok(buckets.last().cloned()), "{width}");
        assert_eq!(own.bucket_of(own.end, width), Ok(None));
        assert_eq!(own.bucket_of(own.start - 1, width), Ok(None));
    }
    let months: Width = "1M".parse().unwrap();
    assert_eq!(own.buckets(months).err(), Some(TradingError::Width { width: months }));
    assert_eq!(own.bucket_of(own.start, months), Err(TradingError::Width { width: months }));
    let short: Width = "1ms".parse().unwrap();
    let error = own.buckets(short).err().unwrap();
    assert_eq!(
        error.to_string(),
        "more than 1000000 buckets of 1ms in a session: give a wider one"
    );
    let none = TradingSession { start: 5, end: 5, date: 0 };
    assert_eq!(none.buckets(short).unwrap().count(), 0);
}

/// Zones, each read once, and a date on which something becomes of their clocks.
static PLACES: LazyLock<Vec<(Zone, i32)>> = LazyLock::new(|| {
    [
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("America/Havana", "2026-11-01"),
        ("America/Sao_Paulo", "2018-11-04"),
        // Past midnight, clocks were put back to the evening; and a day was skipped.
        ("America/St_Johns", "2010-11-07"),
        ("Pacific/Apia", "2011-12-30"),
        ("Asia/Tokyo", "2026-01-01"),
    ]
    .map(|(name, day)| (name.parse().unwrap(), date(day)))
    .to_vec()
});

/// Hours of a day, in quarters of an hour up to 20:00, some of which open later than that on the day before.
fn some_hours() -> impl Strategy<Value = Vec<Hours>> {
    let edges = prop::collection::btree_set(1..=80_u32, 0..8);
    (edges, prop::option::of(80..96_u32)).prop_map(|(edges, evening)| {
        let time = |quarter: u32| LocalTime::new(quarter / 4, quarter % 4 * 15, 0).unwrap();
        let edges: Vec<u32> = evening.into_iter().chain(edges).collect();
        let hours = |pair: &[u32]| Hours::new(time(pair[0]), time(pair[1])).unwrap();
        edges.chunks_exact(2).map(hours).collect()
    })
}

proptest! {
    /// Sessions never overlap, each is that of its own instants, and its buckets are a partition of it; between them it is closed.
    #[test]
    fn every_instant_is_in_one_session_at_most(
        (zone, around) in prop::sample::select(&**PLACES), week in prop::collection::vec(some_hours(), 7),
        weekend in prop::sample::subsequence(Weekday::ALL.to_vec(), 0..=4), off in prop::collection::btree_set(-20..=20, 0..8),
        early in (-20..=20, 1..96_u32), width in prop::sample::select(vec!["25m", "1h", "7h", "1d"]),
    ) {
        let (from, to) = (around - 20, around + 20);
        let holiday = |day: i32| Holiday { date: around + day, name: "day off".to_owned() };
        let days = BusinessDays::new(&weekend, off.into_iter().map(holiday).collect(), from..=to).unwrap();
        let hours: BTreeMap<_, _> = Weekday::ALL.into_iter().zip(week).filter(|(day, _)| !weekend.contains(day)).collect();
        let close = LocalTime::new(early.1 / 4, early.1 % 4 * 15, 0).unwrap();
        let early = vec![EarlyClose { date: around + early.0, close }];
        // Where it does not close then, it never closes early.
        let market = TradingHours::new(days.clone(), zone.clone(), hours.clone(), early);
        let market = market.or_else(|_| TradingHours::new(days, zone, hours, Vec::new())).unwrap();

        let all: Vec<TradingSession> = (from..=to).flat_map(|date| market.sessions_on(date).unwrap()).collect();
        let width: Width = width.parse().unwrap();
        for own in &all {
            prop_assert!(own.start < own.end);
            for instant in [own.start, own.end - 1, own.start + (own.end - own.start) / 2] {
                prop_assert_eq!(market.session_of(instant), Ok(Some(*own)));
            }
            let buckets: Vec<_> = own.buckets(width).unwrap().collect();
            let mut start = own.start;
            for bucket in &buckets {
                prop_assert!(bucket.start == start && bucket.start < bucket.end);
                for instant in [bucket.start, bucket.end - 1] {
                    prop_assert_eq!(own.bucket_of(instant, width), Ok(Some(bucket.clone())));
                }
                start = bucket.end;
            }
            prop_assert_eq!(start, own.end);
        }
        for pair in all.windows(2) {
            let (one, next) = (pair[0], pair[1]);
            prop_assert!(one.end <= next.start);
            prop_assert_eq!(market.next_session(one.start), Ok(next));
            prop_assert_eq!(market.previous_session(next.start), Ok(one));
            if one.end < next.start {
                prop_assert_eq!(market.session_of(one.end), Ok(None));
                prop_assert_eq!(market.is_open(next.start - 1), Ok(false));
                prop_assert_eq!(market.next_session(one.end), Ok(next));
                prop_assert_eq!(market.previous_session(one.end), Ok(one));
            }
        }
        let inside: Vec<_> = all.into_iter().filter(|own| own.date > from).collect();
        if let (Some(first), Some(last)) = (inside.first(), inside.last()) {
            prop_assert!(market.next_session(last.start).is_err());
            prop_assert_eq!(market.sessions(first.start..last.start + 1), Ok(inside.clone()));
        }
    }
}
