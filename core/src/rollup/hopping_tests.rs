use std::cell::Cell;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::money::Net;
use crate::rollup::aggregate::fold;
use crate::rollup::{Sample, Summary, TimeWeighted};
use crate::time::parse_instant;

const MINUTE: i64 = 60_000_000_000;
const HOUR: i64 = 60 * MINUTE;

fn sample(at: i64, sequence: u64, units: u128) -> Sample {
    Sample { at, sequence, value: Net::between(units, 0) }
}

fn calendar(text: &str) -> Calendar {
    let (width, zone) = text.split_once(' ').unwrap_or((text, "UTC"));
    Calendar::new(width.parse().unwrap()).in_zone(zone.parse().unwrap())
}

fn hopping<A: Aggregate>(hop: &str, size: &str) -> Hopping<A> {
    Hopping::new(Arc::new(Hops::new(calendar(hop), size.parse().unwrap()).unwrap()))
}

fn at(text: &str) -> i64 {
    parse_instant(&format!("{text}:00Z")).unwrap()
}

#[test]
fn a_window_is_so_many_hops() {
    for (hop, size, panes) in [
        ("1m", "1m", Some(1)),
        ("1m", "1024m", Some(1_024)),
        ("1d", "1w", Some(7)),
        ("1M", "1q", Some(3)),
        ("1q", "1y", Some(4)),
        ("1m", "1025m", None),
        ("1s", "1d", None),
        ("4h", "6h", None),
        ("4h", "1h", None),
        ("1d", "1M", None),
        ("1M", "30d", None),
    ] {
        let told = Hops::new(calendar(hop), size.parse().unwrap());
        assert_eq!(told.as_ref().ok().map(Hops::panes), panes, "{size} every {hop}");
    }
    let told = |hop, size: &str| Hops::new(calendar(hop), size.parse().unwrap()).unwrap_err();
    assert!(told("4h", "6h").to_string().starts_with("a window of 6h every 4h: give a size that"));
    assert_eq!(
        told("1s", "1d").to_string(),
        "a window of 1d every 1s is 86400 hops long: give up to 1024"
    );
}

/// Of a window of seven days, on the days before and after clocks were put back in Berlin: how many hours it is long.
#[test]
fn a_window_of_days_has_the_hours_that_its_days_have() {
    let mut own: Hopping<Summary> = hopping("1d Europe/Berlin", "1w");
    own.add(&sample(at("2026-10-25T12:00"), 0, 1)).unwrap();
    let windows: Vec<_> = own.windows(i64::MIN..i64::MAX).map(Result::unwrap).collect();
    let told: Vec<_> = windows.iter().map(|window| (window.end - window.start) / HOUR).collect();
    assert_eq!(told, [169; 7]);
    assert_eq!(windows[0].start, at("2026-10-18T22:00"));
    assert_eq!(windows[6].start, at("2026-10-24T22:00"));
    assert_eq!(windows[6].end, at("2026-10-31T23:00"));
}

#[test]
fn what_was_dropped_is_in_no_window_and_is_not_taken_again() {
    let mut own: Hopping<Summary> = hopping("1h", "3h");
    for hour in [0, 1, 2, 9] {
        own.add(&sample(hour * HOUR, 0, 1)).unwrap();
    }
    assert_eq!(own.expire(2 * HOUR + 1), 2);
    assert_eq!(own.expire(HOUR), 0);
    let late = own.add(&sample(HOUR, 1, 1));
    assert_eq!(late, Err(HoppingError::Expired { before: 2 * HOUR + 1 }));
    // Of the pane that has not ended, what is late is taken.
    own.add(&sample(2 * HOUR, 1, 1)).unwrap();
    let told: Vec<_> = own
        .windows(-9 * HOUR..9 * HOUR)
        .map(|window| window.map(|window| (window.start / HOUR, window.value.count())).unwrap())
        .collect();
    assert_eq!(told, [(2, 2), (7, 1), (8, 1)]);
    // None begins before what was dropped, though it would hold something.
    assert_eq!(own.expire(9 * HOUR), 1);
    assert_eq!(own.windows(0..i64::MAX).count(), 1);
}

#[test]
fn a_window_that_has_no_room_is_an_error_and_others_are_told() {
    let mut own: Hopping<Summary> = hopping("1h", "2h");
    own.add(&sample(0, 0, u128::MAX)).unwrap();
    own.add(&sample(HOUR, 0, u128::MAX)).unwrap();
    let before = own.windows(0..1).collect::<Vec<_>>();
    let overflow = Err(HoppingError::Merge(MergeError::Overflow));
    assert_eq!(own.add(&sample(1, 0, u128::MAX)), overflow);
    assert_eq!(own.windows(0..1).collect::<Vec<_>>(), before);
    let told: Vec<_> = own
        .windows(i64::MIN..i64::MAX)
        .map(|window| window.map(|window| window.start / HOUR))
        .collect();
    assert_eq!(told, [Ok(-1), Err(MergeError::Overflow), Ok(1)]);
}

#[test]
fn the_ends_of_time_have_windows() {
    let mut own: Hopping<Summary> = hopping("1h", "3h");
    own.add(&sample(i64::MAX, 0, 1)).unwrap();
    own.add(&sample(i64::MIN + HOUR, 0, 1)).unwrap();
    let windows: Vec<_> = own.windows(i64::MIN..i64::MAX).map(Result::unwrap).collect();
    assert_eq!(windows.last().unwrap().end, i64::MAX);
    assert!(windows.iter().all(|window| window.start < window.end && window.value.count() == 1));
    let out = own.add(&sample(i64::MIN, 0, 1));
    assert_eq!(out, Err(HoppingError::OutOfRange(OutOfRange)));
    let reversed = Range { start: 5, end: -5 };
    assert_eq!(own.windows(reversed).count(), 0);
}

thread_local! {
    static MERGES: Cell<usize> = const { Cell::new(0) };
}

/// Counts how often anything is merged.
#[derive(Clone, Debug)]
struct Counted(usize);

impl Aggregate for Counted {
    type Entry = Sample;

    fn of(_: &Sample) -> Self {
        Self(1)
    }

    fn take_in(&mut self, other: &Self) -> Result<(), MergeError> {
        MERGES.set(MERGES.get() + 1);
        self.0 += other.0;
        Ok(())
    }
}

/// However long windows are, a pane is merged a few times.
#[test]
fn all_windows_cost_a_few_merges_a_pane() {
    let mut own: Hopping<Counted> = hopping("1m", "1000m");
    for minute in 0..5_000 {
        own.add(&sample(minute * MINUTE, 0, 1)).unwrap();
    }
    MERGES.set(0);
    let told: Vec<_> = own.windows(i64::MIN..i64::MAX).map(Result::unwrap).collect();
    assert!(MERGES.get() < 3 * told.len(), "{}", MERGES.get());
    assert_eq!(told.len(), 5_999);
    assert_eq!((told[0].value.0, told[2_000].value.0, told[5_998].value.0), (1, 1_000, 1));
}

/// Calendars, each read once, and an instant near to which something becomes of its clocks.
static CALENDARS: LazyLock<Vec<(Calendar, i64)>> = LazyLock::new(|| {
    [
        ("1m", "2026-10-25T01:00"),
        ("7m UTC", "1969-12-31T23:00"),
        ("1h Europe/Berlin", "2026-10-25T01:00"),
        ("4h Europe/Berlin", "2026-03-29T01:00"),
        ("12h Australia/Lord_Howe", "2026-04-04T15:00"),
        ("1d America/New_York", "2026-11-01T06:00"),
        ("1d Pacific/Apia", "2011-12-30T10:00"),
        ("1M Europe/Berlin", "2026-03-29T01:00"),
    ]
    .map(|(text, around)| (calendar(text), at(around)))
    .to_vec()
});

fn times(width: Width, panes: u32) -> Width {
    let width = match width.kind() {
        Kind::Fixed(nanos) => Width::fixed(nanos * i64::from(panes)),
        Kind::Months(months) => Width::months(months * panes),
    };
    width.unwrap()
}

/// The windows, looked at one after another.
fn expected<A: Aggregate<Entry = Sample>>(
    hops: &Hops,
    range: Range<i64>,
    before: i64,
    entries: &[Sample],
) -> Vec<(i64, i64, A)> {
    let end_of = |at| hops.calendar.end(at).unwrap();
    let mut entries = entries.to_vec();
    entries.sort_by_key(Entry::key);
    let mut told = Vec::new();
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return told;
    };
    let mut start = hops.calendar.start(first.at).unwrap();
    for _ in 1..hops.panes {
        start = hops.calendar.start(start - 1).unwrap();
    }
    while start <= last.at {
        let end = (0..hops.panes).fold(start, |end, _| end_of(end));
        let inside = entries.iter().filter(|entry| start <= entry.at && entry.at < end);
        if range.contains(&start)
            && end_of(start) > before
            && let Some(value) = fold::<A>(inside).unwrap()
        {
            told.push((start, end, value));
        }
        start = end_of(start);
    }
    told
}

fn told<A: Aggregate>(hopping: &Hopping<A>, range: Range<i64>) -> Vec<(i64, i64, A)> {
    let told = hopping.windows(range).map(|window| {
        let Windowed { start, end, value } = window.unwrap();
        (start, end, value)
    });
    told.collect()
}

proptest! {
    /// In whatever order entries come, and whatever was dropped between, windows are those that are looked at one after another.
    #[test]
    fn windows_are_what_is_in_them(
        (calendar, around) in prop::sample::select(&**CALENDARS), panes in 1..12_u32,
        entries in prop::collection::vec((prop_oneof![4 => -60..60_i64, 1 => 200..260_i64], 0..9_u128), 1..50),
        range in (-150..300_i64, 0..300_i64), expired in prop::option::of((-60..60_i64, any::<prop::sample::Index>())),
    ) {
        let quarter = calendar.least_length() / 4;
        let when = |quarters: i64| around + quarters * quarter;
        let samples: Vec<Sample> = (0..).zip(&entries).map(|(index, (at, units))| sample(when(*at), index, *units)).collect();
        let size = times(calendar.width(), panes);
        let hops = Arc::new(Hops::new(calendar, size).unwrap());
        let range = when(range.0)..when(range.0 + range.1);

        let mut summaries: Hopping<Summary> = Hopping::new(hops.clone());
        let (before, at) = expired.map_or((i64::MIN, usize::MAX), |(before, at)| (when(before), at.index(samples.len())));
        let is_kept = |entry: &Sample| hops.calendar.end(entry.at).unwrap() > before;
        for (index, entry) in samples.iter().enumerate() {
            if index == at {
                summaries.expire(before);
            }
            let refused = HoppingError::Expired { before };
            let expected = if index < at || is_kept(entry) { Ok(()) } else { Err(refused) };
            prop_assert_eq!(summaries.add(entry), expected);
        }
        let kept: Vec<Sample> = samples.iter().filter(|entry| is_kept(entry)).copied().collect();
        prop_assert_eq!(told(&summaries, range.clone()), expected::<Summary>(&hops, range.clone(), before, &kept));

        // In order, also what depends on what follows what.
        let mut sorted = samples;
        sorted.sort_by_key(Entry::key);
        let mut balances: Hopping<TimeWeighted> = Hopping::new(hops.clone());
        for entry in &sorted {
            balances.add(entry).unwrap();
        }
        prop_assert_eq!(told(&balances, range.clone()), expected::<TimeWeighted>(&hops, range, i64::MIN, &sorted));
    }
}
