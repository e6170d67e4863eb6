use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::money::Amount;
use crate::rollup::{Calendar, Candle, Hierarchy, OutOfRange, Trade};

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const LEVELS: [&str; 5] = ["1m", "5m", "1h", "1d", "1M"];

fn trade(at: i64, sequence: u64, price: u128) -> Trade {
    let price = Amount::from_units(price);
    Trade { at, sequence, price, quantity: Amount::from_units(2), taker: None }
}

fn series(levels: &[&str], delay: i64, late: Late) -> Series<Candle> {
    let calendars = levels.iter().map(|width| Calendar::new(width.parse().unwrap()));
    let levels = Hierarchy::new(calendars.collect()).unwrap();
    Series::new(Arc::new(Rules { levels, delay, late }))
}

/// When a bucket begins, open and close, and how often it was changed.
type Told = (i64, Option<(u128, u128)>, u32);

fn told(series: &Series<Candle>, level: usize) -> Vec<Told> {
    let prices = |candle: &Candle| (candle.first().price.units(), candle.last().price.units());
    let of = |bucket: &Bucket<Candle>| {
        (bucket.start, bucket.value.as_ref().map(prices), bucket.revision)
    };
    series.buckets(level, i64::MIN..i64::MAX).map(of).collect()
}

#[test]
fn what_is_late_is_taken_or_refused_as_agreed_and_recorded() {
    let horizon = 10 * MINUTE;
    for (late, is_taken) in [
        (Late::Refuse, [false, false]),
        (Late::Merge { horizon }, [true, false]),
        (Late::Correct { horizon }, [true, false]),
    ] {
        let mut series = series(&["1m", "5m"], 30 * SECOND, late);
        for at in [10 * MINUTE, 10 * MINUTE + 59 * SECOND, 20 * MINUTE] {
            series.add(&trade(at, 1, 100)).unwrap();
        }
        // Up to the delay it is not late.
        series.add(&trade(20 * MINUTE - 30 * SECOND, 1, 7)).unwrap();
        assert_eq!(series.watermark(), 20 * MINUTE - 30 * SECOND);
        drop(series.take_changes());
        // Nine minutes late, then so late that the horizon has passed.
        let own = [trade(10 * MINUTE + 1, 1, 50), trade(8 * MINUTE, 1, 50)];
        for (trade, is_taken) in own.iter().zip(is_taken) {
            let before = (told(&series, 0), told(&series, 1));
            let done = series.add(trade);
            let changes: Vec<_> = series.take_changes().collect();
            if is_taken {
                assert_eq!(done, Ok(Added::New), "{late:?}");
                let revised = |level, start| Change::Revised {
                    level,
                    start,
                    revision: 1,
                    cause: Cause::Late,
                };
                assert_eq!(changes, [revised(0, 10 * MINUTE), revised(1, 10 * MINUTE)]);
            } else {
                let why = done.unwrap_err();
                assert!(matches!(why, Refusal::Late { .. }), "{late:?}");
                assert_eq!(changes, [Change::Refused { key: trade.key(), why }]);
                assert_eq!((told(&series, 0), told(&series, 1)), before);
            }
        }
    }
}

#[test]
fn each_bucket_closes_once_in_order() {
    let mut series = series(&["1m", "5m"], 0, Late::Refuse);
    for at in [0, MINUTE, 3 * MINUTE] {
        series.add(&trade(at, 1, 1)).unwrap();
    }
    series.advance(5 * MINUTE);
    series.advance(4 * MINUTE);
    series.advance(5 * MINUTE);
    let closed = |level, start| Change::Closed { level, start };
    let expected = [closed(0, 0), closed(0, MINUTE), closed(0, 3 * MINUTE), closed(1, 0)];
    assert_eq!(series.take_changes().collect::<Vec<_>>(), expected);
    assert!(series.take_changes().next().is_none());
}

#[test]
fn what_is_corrected_and_taken_back_changes_every_level() {
    let mut series = series(&LEVELS, 0, Late::Correct { horizon: 1_000 * MINUTE });
    for (at, price) in [(10, 100), (20, 200), (30, 300), (3_600, 400)] {
        series.add(&trade(at * SECOND, 1, price)).unwrap();
    }
    assert_eq!(series.correct(&trade(10 * SECOND, 1, 111)), Ok(trade(10 * SECOND, 1, 100)));
    assert_eq!(series.remove((30 * SECOND, 1)), Ok(trade(30 * SECOND, 1, 300)));
    assert_eq!(told(&series, 0), [(0, Some((111, 200)), 2), (60 * MINUTE, Some((400, 400)), 0)]);
    assert_eq!(told(&series, 1)[0], (0, Some((111, 200)), 2));
    assert_eq!(told(&series, 3), [(0, Some((111, 400)), 0)], "the day is open");
    // All of a minute taken back: it stays, with its number.
    for second in [10, 20] {
        series.remove((second * SECOND, 1)).unwrap();
    }
    assert_eq!(told(&series, 0)[0], (0, None, 4));
    assert_eq!(told(&series, 3), [(0, Some((400, 400)), 0)]);
    series.add(&trade(5 * SECOND, 9, 9)).unwrap();
    assert_eq!(told(&series, 0)[0], (0, Some((9, 9)), 5));
    assert_eq!(told(&series, 3), [(0, Some((9, 400)), 0)]);
}

#[test]
fn an_entry_counts_once_and_no_other_takes_its_place() {
    let late = Late::Correct { horizon: MINUTE };
    let mut series = series(&["1m"], 0, late);
    let own = trade(5, 1, 10);
    assert_eq!(series.add(&own), Ok(Added::New));
    assert_eq!(series.add(&own), Ok(Added::Again));
    assert_eq!(series.add(&trade(5, 1, 11)), Err(Refusal::Differs));
    assert_eq!(series.add(&trade(5, 2, 11)), Ok(Added::New));
    assert_eq!(series.remove((5, 3)), Err(Refusal::NotFound));
    assert_eq!(series.correct(&trade(70 * SECOND, 3, 1)), Err(Refusal::NotFound));
    assert_eq!(series.buckets(0, 0..MINUTE).next().unwrap().value.unwrap().volume().trades(), 2);
    series.advance(3 * MINUTE);
    let error = series.remove((5, 1)).unwrap_err();
    assert_eq!(error, Refusal::Late { end: MINUTE, closed: 2 * MINUTE });
    let mut merged = self::series(&["1m"], 0, Late::Merge { horizon: MINUTE });
    merged.add(&own).unwrap();
    assert_eq!(merged.remove((5, 1)), Err(Refusal::NotKept));
}

#[test]
fn what_is_too_much_changes_nothing() {
    let mut series = series(&["1m", "1h"], 0, Late::Correct { horizon: 60 * MINUTE });
    let most = |at, sequence| Trade {
        quantity: Amount::from_units(u128::MAX / 2 - 1),
        ..trade(at, sequence, 1)
    };
    series.add(&most(1, 1)).unwrap();
    series.add(&most(MINUTE, 1)).unwrap();
    let before = series.clone();
    // The minute has room for it, the hour has not.
    let error = Refusal::Merge(MergeError::Overflow);
    assert_eq!(series.add(&trade(2 * MINUTE, 1, 1)), Ok(Added::New));
    assert_eq!(series.add(&most(2 * MINUTE, 2)), Err(error));
    assert_eq!(series.correct(&most(2 * MINUTE, 1)), Err(error));
    assert_eq!(series.remove((2 * MINUTE, 1)), Ok(trade(2 * MINUTE, 1, 1)));
    assert_eq!(told(&series, 0)[..2], told(&before, 0)[..]);
    assert_eq!(told(&series, 1), told(&before, 1));
    assert_eq!(series.add(&trade(i64::MIN, 1, 1)), Err(Refusal::OutOfRange(OutOfRange)));
}

#[test]
fn what_is_undone_is_never_told() {
    let mut series = series(&["1m"], 0, Late::Refuse);
    for at in [0, MINUTE] {
        series.add(&trade(at, 1, 1)).unwrap();
    }
    series.begin();
    series.add(&trade(2 * MINUTE, 1, 1)).unwrap();
    assert_eq!(series.take_changes().count(), 1, "what was before");
    series.add(&trade(3 * MINUTE, 1, 1)).unwrap();
    series.roll_back();
    assert_eq!(series.take_changes().count(), 0);
    series.add(&trade(2 * MINUTE, 1, 1)).unwrap();
    let closed = Change::Closed { level: 0, start: MINUTE };
    assert_eq!(series.take_changes().collect::<Vec<_>>(), [closed]);
}

#[test]
fn the_last_instant_is_in_the_last_bucket() {
    for late in [Late::Merge { horizon: MINUTE }, Late::Correct { horizon: MINUTE }] {
        let mut series = series(&["1m", "1h"], 0, late);
        for (at, sequence) in [(i64::MAX, 1), (i64::MAX - 1, 1), (i64::MAX, 2)] {
            series.add(&trade(at, sequence, 5)).unwrap();
        }
        for level in [0, 1] {
            let buckets: Vec<_> = series.buckets(level, 0..i64::MAX).collect();
            assert_eq!(buckets.len(), 1, "{late:?}");
            assert_eq!(buckets[0].value.unwrap().volume().trades(), 3);
        }
        series.advance(i64::MAX);
        let first = trade(i64::MIN, 1, 1);
        assert_eq!(series.add(&first), Err(Refusal::OutOfRange(OutOfRange)));
    }
}

#[test]
fn what_is_dropped_stays_in_what_is_made_of_it() {
    let mut series = series(&["1m", "1h"], 0, Late::Correct { horizon: 10 * MINUTE });
    for minute in 0..100 {
        series.add(&trade(minute * MINUTE, 1, minute.unsigned_abs().into())).unwrap();
    }
    // Hours that can be changed keep their minutes.
    assert_eq!(series.expire(0, i64::MAX), 60);
    assert_eq!(told(&series, 0)[0].0, 60 * MINUTE);
    assert_eq!(told(&series, 1), [(0, Some((0, 59)), 0), (60 * MINUTE, Some((60, 99)), 0)]);
    assert_eq!(
        series.add(&trade(59 * MINUTE, 1, 1)),
        Err(Refusal::Expired { before: 60 * MINUTE })
    );
    series.remove((95 * MINUTE, 1)).unwrap();
    assert_eq!(told(&series, 1)[1], (60 * MINUTE, Some((60, 99)), 0));
    assert_eq!(series.expire(0, i64::MAX), 0);
    assert_eq!(series.expire(1, i64::MAX), 1);
    assert_eq!(series.expire(7, i64::MAX), 0);
}

/// What is done: an entry added, corrected or taken back, or time passing.
#[derive(Clone, Copy, Debug)]
enum Step {
    Add(Trade),
    Correct(Trade),
    Remove((i64, u64)),
    Advance(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let at = prop_oneof![
        6 => (0..90_i64).prop_map(|n| n * 10 * SECOND),
        2 => (0..400_i64).prop_map(|n| n * MINUTE),
        1 => (0..60_i64).prop_map(|n| n * 1_000 * MINUTE),
    ];
    let step =
        (at, 0..3_u64, 0..9_u128, 0..16_u8).prop_map(|(at, sequence, price, what)| match what {
            0..=9 => Step::Add(trade(at, sequence, price)),
            10..=11 => Step::Correct(trade(at, sequence, price)),
            12..=14 => Step::Remove((at, sequence)),
            _ => Step::Advance(at),
        });
    prop::collection::vec(step, 0..200)
}

proptest! {
    /// Whatever is added, corrected, taken back and too late: every level is what the entries that were taken come to by themselves,
    /// and every change of a closed bucket is told with its number.
    #[test]
    fn every_level_is_what_its_entries_come_to(steps in steps(), minutes in 0..300_i64, delay in 0..10_i64) {
        let horizon = minutes * MINUTE;
        let delay = delay * MINUTE;
        let mut own = series(&LEVELS, delay, Late::Correct { horizon });
        let mut entries: BTreeMap<(i64, u64), Trade> = BTreeMap::new();
        let mut revisions: BTreeMap<(usize, i64), u32> = BTreeMap::new();
        let mut watermark = i64::MIN;
        let calendars: Vec<Calendar> = LEVELS.iter().map(|width| Calendar::new(width.parse().unwrap())).collect();
        for step in steps {
            let (key, done) = match step {
                Step::Add(entry) => (entry.key(), own.add(&entry).map(|added| added == Added::New)),
                Step::Correct(entry) => (entry.key(), own.correct(&entry).map(|_| true)),
                Step::Remove(key) => (key, own.remove(key).map(|_| true)),
                Step::Advance(now) => {
                    own.advance(now);
                    watermark = watermark.max(now - delay);
                    continue;
                }
            };
            let is_late = calendars[0].end(key.0).unwrap() <= watermark.saturating_sub(horizon);
            let before = entries.get(&key).copied();
            let expected = match (step, before) {
                _ if is_late => Err(()),
                (Step::Add(entry), None) => {
                    entries.insert(key, entry);
                    Ok(true)
                }
                (Step::Add(entry), Some(before)) if entry == before => Ok(false),
                (Step::Correct(entry), Some(_)) => {
                    entries.insert(key, entry);
                    Ok(true)
                }
                (Step::Remove(_), Some(_)) => {
                    entries.remove(&key);
                    Ok(true)
                }
                _ => Err(()),
            };
            prop_assert_eq!(done.map_err(|_| ()), expected);
            if expected == Ok(true) {
                for (level, calendar) in calendars.iter().enumerate() {
                    if calendar.end(key.0).unwrap() <= watermark {
                        *revisions.entry((level, calendar.start(key.0).unwrap())).or_default() += 1;
                    }
                }
            }
            if matches!(step, Step::Add(_)) && expected == Ok(true) {
                watermark = watermark.max(key.0 - delay);
            }
        }
        let mut told: BTreeMap<(usize, i64), u32> = BTreeMap::new();
        for change in own.take_changes() {
            if let Change::Revised { level, start, revision, .. } = change {
                prop_assert_eq!(told.insert((level, start), revision).unwrap_or(0) + 1, revision);
            }
        }
        prop_assert_eq!(&told, &revisions);
        for (level, calendar) in calendars.iter().enumerate() {
            let mut expected: BTreeMap<i64, Candle> = BTreeMap::new();
            for entry in entries.values() {
                let start = calendar.start(entry.at).unwrap();
                expected.entry(start).and_modify(|candle| candle.add(entry).unwrap()).or_insert_with(|| Candle::of(entry));
            }
            let made: BTreeMap<i64, Candle> = own.buckets(level, i64::MIN..i64::MAX)
                .filter_map(|bucket| Some((bucket.start, bucket.value?)))
                .collect();
            prop_assert_eq!(made, expected, "level {}", level);
            for bucket in own.buckets(level, i64::MIN..i64::MAX) {
                prop_assert_eq!(revisions.get(&(level, bucket.start)).copied().unwrap_or(0), bucket.revision);
            }
        }
    }
}

/// All that is there of a series.
fn whole(series: &Series<Candle>) -> impl PartialEq + std::fmt::Debug {
    let levels: Vec<Vec<Bucket<Candle>>> = (0..LEVELS.len())
        .map(|level| series.buckets(level, i64::MIN..i64::MAX).cloned().collect())
        .collect();
    let kept: Vec<_> = series
        .kept
        .iter()
        .filter_map(|(start, _, kept)| Some((*start, kept.sum().ok()??)))
        .collect();
    let closed: Vec<usize> = series.levels.iter().map(|level| level.closed).collect();
    let starts: Vec<Vec<i64>> = series
        .levels
        .iter()
        .map(|level| level.buckets.iter().map(|bucket| bucket.start).collect())
        .collect();
    (levels, kept, closed, starts, series.watermark, series.changes.clone())
}

fn take(series: &mut Series<Candle>, step: Step) {
    match step {
        Step::Add(entry) => drop(series.add(&entry)),
        Step::Correct(entry) => drop(series.correct(&entry)),
        Step::Remove(key) => drop(series.remove(key)),
        Step::Advance(now) => series.advance(now),
    }
}

proptest! {
    /// What is undone was never there, and what stays is what it would have been by itself.
    #[test]
    fn changes_that_are_undone_were_never_made(before in steps(), undone in steps(), after in steps(), is_kept in any::<bool>()) {
        let horizon = 200 * MINUTE;
        let late = if is_kept { Late::Correct { horizon } } else { Late::Merge { horizon } };
        let mut own = series(&LEVELS, MINUTE, late);
        let mut other = own.clone();
        own.begin();
        for step in before {
            take(&mut own, step);
            take(&mut other, step);
        }
        own.commit();
        prop_assert_eq!(whole(&own), whole(&other));
        own.begin();
        undone.into_iter().for_each(|step| take(&mut own, step));
        own.roll_back();
        prop_assert_eq!(whole(&own), whole(&other));
        for step in after {
            take(&mut own, step);
            take(&mut other, step);
        }
        prop_assert_eq!(whole(&own), whole(&other));
    }
}
