use proptest::prelude::*;

use super::*;
use crate::time::parse_date;

const WEEKEND: [Weekday; 2] = [Weekday::Saturday, Weekday::Sunday];

fn date(text: &str) -> i32 {
    parse_date(text).unwrap()
}

fn holiday(date: i32) -> Holiday {
    Holiday { date, name: "day off".to_owned() }
}

/// Business days of 2026, by the holidays of New York.
fn new_york() -> BusinessDays {
    let holidays = [
        "2026-01-01",
        "2026-01-19",
        "2026-02-16",
        "2026-04-03",
        "2026-05-25",
        "2026-06-19",
        "2026-07-03",
        "2026-09-07",
        "2026-11-26",
        "2026-12-25",
    ];
    let holidays = holidays.map(|text| holiday(date(text))).to_vec();
    BusinessDays::new(&WEEKEND, holidays, date("2026-01-01")..=date("2026-12-31")).unwrap()
}

/// Thanksgiving's week: each date, whether it is a business day, the next one and the one before.
#[test]
fn a_week_with_a_holiday_has_four_business_days() {
    let days = new_york();
    for (own, is_one, next, previous) in [
        ("2026-11-23", true, "2026-11-24", "2026-11-20"),
        ("2026-11-24", true, "2026-11-25", "2026-11-23"),
        ("2026-11-25", true, "2026-11-27", "2026-11-24"),
        ("2026-11-26", false, "2026-11-27", "2026-11-25"),
        ("2026-11-27", true, "2026-11-30", "2026-11-25"),
        ("2026-11-28", false, "2026-11-30", "2026-11-27"),
        ("2026-11-29", false, "2026-11-30", "2026-11-27"),
    ] {
        assert_eq!(days.is_business_day(date(own)), Ok(is_one), "{own}");
        assert_eq!(days.next(date(own)), Ok(date(next)), "{own}");
        assert_eq!(days.previous(date(own)), Ok(date(previous)), "{own}");
    }
    assert_eq!(days.count(date("2026-11-23")..date("2026-11-30")), Ok(4));
    assert_eq!(days.count(date("2026-11-30")..date("2026-11-23")), Ok(0));
    assert_eq!(days.count(date("2026-01-01")..date("2026-12-31") + 1), Ok(251));
    assert_eq!(days.holiday(date("2026-11-26")), Some(&holiday(date("2026-11-26"))));
    assert_eq!(days.holiday(date("2026-11-28")), None);
}

/// Traded on a date, so many days later it is settled: over Labor Day, Good Friday and the end of a year.
#[test]
fn what_is_traded_is_settled_some_business_days_later() {
    let days = new_york();
    for (traded, later, settled) in [
        ("2026-09-02", 2, "2026-09-04"),
        ("2026-09-03", 2, "2026-09-08"),
        ("2026-09-04", 2, "2026-09-09"),
        ("2026-09-04", 1, "2026-09-08"),
        ("2026-09-04", 0, "2026-09-04"),
        // On a Saturday, on the holiday: as on Tuesday.
        ("2026-09-05", 2, "2026-09-10"),
        ("2026-09-07", 2, "2026-09-10"),
        ("2026-09-07", 0, "2026-09-08"),
        ("2026-04-01", 2, "2026-04-06"),
        ("2026-12-23", 2, "2026-12-28"),
    ] {
        let told = days.settlement(date(traded), later);
        assert_eq!(told, Ok(date(settled)), "{traded} and {later}");
    }
    let outside = days.settlement(date("2026-12-30"), 2).unwrap_err();
    assert_eq!(
        outside.to_string(),
        "2027-01-01 is not within 2026-01-01 to 2026-12-31, for which the calendar is valid: leave it out, or make the calendar valid for more"
    );
    // Days that are added begin with the date itself, whatever it is.
    for (from, later, to) in [
        ("2026-09-05", 0, "2026-09-05"),
        ("2026-09-05", 1, "2026-09-08"),
        ("2026-09-05", -1, "2026-09-04"),
        ("2026-09-08", -2, "2026-09-03"),
        ("2026-01-05", -1, "2026-01-02"),
    ] {
        assert_eq!(days.add(date(from), later), Ok(date(to)), "{from} and {later}");
    }
    assert!(days.add(date("2026-01-05"), i32::MIN).is_err());
}

/// Where the calendar ends with a month, what follows is of the next one, whatever it is.
#[test]
fn the_end_of_the_calendar_is_no_reason_not_to_go_back() {
    let to = |to: &str| {
        let weekend = [Weekday::Saturday, Weekday::Sunday];
        BusinessDays::new(&weekend, Vec::new(), date("2026-01-01")..=date(to)).unwrap()
    };
    let adjust =
        |days: &BusinessDays, on: &str| days.adjust(date(on), Convention::ModifiedFollowing);
    assert_eq!(adjust(&to("2026-10-31"), "2026-10-31"), Ok(date("2026-10-30")));
    assert!(adjust(&to("2026-10-25"), "2026-10-25").is_err(), "the 26th may be one");
    assert!(to("2026-10-31").adjust(date("2026-10-31"), Convention::Following).is_err());
}

#[test]
fn what_falls_on_no_business_day_goes_where_its_convention_says() {
    let days = new_york();
    for (own, following, modified, preceding) in [
        ("2026-09-08", "2026-09-08", "2026-09-08", "2026-09-08"),
        ("2026-09-07", "2026-09-08", "2026-09-08", "2026-09-04"),
        ("2026-01-31", "2026-02-02", "2026-01-30", "2026-01-30"),
        ("2026-05-31", "2026-06-01", "2026-05-29", "2026-05-29"),
        // At the beginning of a month the one before is of another.
        ("2026-08-01", "2026-08-03", "2026-08-03", "2026-07-31"),
    ] {
        for (convention, expected) in [
            (Convention::Following, following),
            (Convention::ModifiedFollowing, modified),
            (Convention::Preceding, preceding),
        ] {
            let told = days.adjust(date(own), convention);
            assert_eq!(told, Ok(date(expected)), "{own} {convention:?}");
        }
    }
}

#[test]
fn calendars_that_are_none_say_what_is_wrong() {
    let (from, to) = (date("2026-01-01"), date("2026-12-31"));
    let told = |weekend: &[Weekday], holidays: Vec<Holiday>, from, to| {
        BusinessDays::new(weekend, holidays, from..=to).unwrap_err()
    };
    for (from, to) in [(to, from), (FIRST - 1, to), (from, LAST + 1), (i32::MIN, i32::MAX)] {
        assert_eq!(told(&WEEKEND, vec![], from, to), BusinessError::Validity { from, to });
    }
    assert!(BusinessDays::new(&[], vec![], FIRST..=LAST).is_ok());
    assert_eq!(told(&Weekday::ALL, vec![], from, to), BusinessError::Weekend);
    let many = vec![holiday(from); HOLIDAYS + 1];
    let error = BusinessError::Holidays { holidays: HOLIDAYS + 1 };
    assert_eq!(told(&WEEKEND, many, from, to), error);
    for (name, bytes) in [(String::new(), 0), ("x".repeat(129), 129)] {
        let unnamed = vec![Holiday { date: from, name }];
        assert_eq!(told(&WEEKEND, unnamed, from, to), BusinessError::Name { date: from, bytes });
    }
    let twice = vec![holiday(to), holiday(from), holiday(to)];
    let error = told(&WEEKEND, twice, from, to);
    assert_eq!(error.to_string(), "two holidays on 2026-12-31: make one of them");
    let outside = told(&WEEKEND, vec![holiday(to + 1)], from, to);
    assert_eq!(outside, BusinessError::Outside { date: to + 1, from, to });
    assert_eq!(
        told(&WEEKEND, vec![], to, from).to_string(),
        "valid from 2026-12-31 to 2026-01-01: give the earlier date first, and both from 1840-01-01 to 2099-12-31, as far as the clocks of zones are known"
    );
}

#[test]
fn what_cannot_be_answered_is_told() {
    let days = new_york();
    let (from, to) = (date("2026-01-01"), date("2026-12-31"));
    for date in [from - 1, to + 1, i32::MIN, i32::MAX] {
        let outside = BusinessError::Outside { date, from, to };
        assert_eq!(days.is_business_day(date), Err(outside.clone()));
        assert_eq!(days.next(date), Err(outside.clone()));
        assert_eq!(days.previous(date), Err(outside.clone()));
        assert_eq!(days.add(date, 0), Err(outside.clone()));
        assert_eq!(days.adjust(date, Convention::Following), Err(outside));
    }
    assert!(days.count(from - 1..to).is_err() && days.count(from..to + 2).is_err());
    assert!(days.previous(from).is_err() && days.next(to).is_err());
    let years = (0..400).map(|day| holiday(from + day)).collect();
    let closed = BusinessDays::new(&[], years, from - 400..=from + 800).unwrap();
    assert_eq!(closed.next(from), Err(BusinessError::NotFound { date: from }));
    assert_eq!(
        closed.next(from).unwrap_err().to_string(),
        "no business day within 366 days of 2026-01-01: look at the holidays"
    );
    assert_eq!(closed.next(from + 100), Ok(from + 400));
}

proptest! {
    /// Whatever weekends and holidays there are, answers are those of looking at one day after another.
    #[test]
    fn answers_are_those_of_one_day_after_another(
        weekend in prop::sample::subsequence(Weekday::ALL.to_vec(), 0..=6), off in prop::collection::btree_set(-60..=60, 0..40),
        around in FIRST + 100..LAST - 100, near in -60..=60, other in -60..=61, days in -30_i32..=30,
    ) {
        let (from, to) = (around - 60, around + 60);
        let off: BTreeSet<i32> = off.into_iter().map(|day| around + day).collect();
        let own = BusinessDays::new(&weekend, off.iter().rev().copied().map(holiday).collect(), from..=to).unwrap();
        let is_one = |day: &i32| !weekend.contains(&Weekday::of(*day)) && !off.contains(day);
        let date = around + near;
        prop_assert_eq!(own.is_business_day(date), Ok(is_one(&date)));
        prop_assert_eq!(own.next(date).ok(), (date + 1..=to).find(is_one));
        prop_assert_eq!(own.previous(date).ok(), (from..date).rev().find(is_one));
        let range = date..around + other;
        prop_assert_eq!(own.count(range.clone()), Ok(range.filter(is_one).count()));
        let nth = usize::try_from(days.unsigned_abs()).unwrap();
        let added = match days {
            0 => Some(date),
            1.. => (date + 1..=to).filter(is_one).nth(nth - 1),
            _ => (from..date).rev().filter(is_one).nth(nth - 1),
        };
        prop_assert_eq!(own.add(date, days).ok(), added);
        if let Ok(told) = own.adjust(date, Convention::ModifiedFollowing) {
            prop_assert!(is_one(&told));
            // Where the calendar ends first, what follows is of another month.
            let next = (date..=to).find(is_one);
            let is_near = next.is_some_and(|next| month_of(next) == month_of(date));
            prop_assert_eq!(Some(told) == next, is_near);
        }
    }

    #[test]
    fn days_of_the_week_follow_one_another(date in FIRST..=LAST) {
        let day = NaiveDate::from_epoch_days(date).unwrap();
        prop_assert_eq!(Weekday::of(date).to_string(), day.format("%A").to_string());
    }
}
