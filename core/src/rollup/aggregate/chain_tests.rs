use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::rollup::{Calendar, Hierarchy, Late, Refusal, Rules, Series};

const SECOND: i64 = 1_000_000_000;
const HALF_EVEN: RoundingMode = RoundingMode::HalfEven;

fn sample(at: i64, value: i64) -> Sample {
    Sample { at: at * SECOND, sequence: 0, value: net(value) }
}

fn net(value: i64) -> Net {
    Net::new(value < 0, value.unsigned_abs().into())
}

fn fold<S: Step<Point = Sample>>(samples: &[(i64, i64)]) -> Chain<S> {
    let samples = samples.iter().map(|(at, value)| sample(*at, *value));
    super::super::fold(samples).unwrap().unwrap()
}

/// A balance at seconds: its average over a minute, from what is known of before.
#[test]
fn a_balance_counts_as_long_as_it_stands() {
    for (samples, before, average) in [
        (&[(0, 100)][..], None, Some(100)),
        (&[(30, 100)], None, Some(100)),
        (&[(30, 100)], Some(0), Some(50)),
        (&[(0, 100), (45, 500)], Some(9), Some(200)),
        (&[(10, -60), (20, 60)], Some(0), Some(30)),
        (&[(60, 100)], None, None),
        (&[(60, 100)], Some(7), Some(7)),
    ] {
        let own: TimeWeighted = fold(samples);
        let told = own.average(0, 60 * SECOND, before.map(net), 0, HALF_EVEN).unwrap();
        assert_eq!(told, average.map(net), "{samples:?}");
    }
    let line: Linear = fold(&[(0, 0), (10, 100), (30, 0)]);
    assert_eq!(line.average(0, HALF_EVEN), Ok(Some(net(50))));
    assert_eq!(fold::<Sloping>(&[(5, 1)]).average(0, HALF_EVEN), Ok(None));
}

#[test]
fn a_counter_that_begins_again_goes_on() {
    for (samples, increase, resets, a_minute) in [
        (&[(0, 5)][..], 0, 0, None),
        (&[(0, 5), (60, 65)], 60, 0, Some(60)),
        (&[(0, 5), (20, 10), (40, 3), (60, 4)], 9, 1, Some(9)),
        (&[(0, 5), (60, 0)], 0, 1, Some(0)),
    ] {
        let own: Counter = fold(samples);
        assert_eq!(own.increase(), Ok(net(increase)), "{samples:?}");
        assert_eq!(own.resets(), resets);
        let rate = own.rate(3, HALF_EVEN).unwrap();
        assert_eq!(rate, a_minute.map(|minute| net(minute * 1_000 / 60)), "{samples:?}");
    }
}

#[test]
fn what_runs_into_another_is_not_guessed() {
    let mut own: TimeWeighted = fold(&[(0, 1), (10, 2)]);
    let before = own.clone();
    for other in [fold(&[(5, 3)]), fold(&[(10, 3)]), fold(&[(-5, 1), (20, 2)])] {
        assert_eq!(own.take_in(&other), Err(MergeError::Interleaved));
        assert_eq!(own, before);
    }
    own.take_in(&fold(&[(-5, 3)])).unwrap();
    assert_eq!(own, fold(&[(-5, 3), (0, 1), (10, 2)]));
}

/// Late entries are folded in where entries are kept, and refused where they are not.
#[test]
fn a_balance_history_takes_what_is_late_where_it_is_kept() {
    let calendars = ["1m", "1h"].map(|width| Calendar::new(width.parse().unwrap()));
    let levels = Hierarchy::new(calendars.to_vec()).unwrap();
    for (late, is_taken) in [
        (Late::Merge { horizon: 3_600 * SECOND }, false),
        (Late::Correct { horizon: 3_600 * SECOND }, true),
    ] {
        let rules = Rules { levels: levels.clone(), delay: 0, late };
        let mut series: Series<TimeWeighted> = Series::new(Arc::new(rules));
        for (at, value) in [(0, 100), (59, 0), (300, 50)] {
            series.add(&sample(at, value)).unwrap();
        }
        // In a minute that is there, and in one that is not.
        for (at, value) in [(30, 40), (200, 7)] {
            let told = series.add(&sample(at, value)).map(|_| ());
            let refused = Err(Refusal::Merge(MergeError::Interleaved));
            assert_eq!(told, if is_taken { Ok(()) } else { refused });
        }
        let expected: Vec<_> = [(0, 100), (30, 40), (59, 0), (200, 7), (300, 50)]
            .into_iter()
            .filter(|(at, _)| is_taken || ![30, 200].contains(at))
            .collect();
        let hour: Vec<_> =
            series.buckets(1, 0..SECOND).map(|bucket| bucket.value.clone()).collect();
        assert_eq!(hour, [Some(fold(&expected))]);
    }
}

proptest! {
    /// Whatever the parts and the order in which they are put together, the average is what standing for each second comes to.
    #[test]
    fn averages_are_those_of_every_second(
        values in prop::collection::btree_map(0..60_i64, -1_000..1_000_i64, 1..20), before in -50..50_i64, seed in any::<u64>(),
    ) {
        let samples: Vec<(i64, i64)> = values.into_iter().collect();
        let mut parts: Vec<TimeWeighted> = samples.iter().map(|one| fold(&[*one])).collect();
        let mut random = seed;
        while parts.len() > 1 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = usize::try_from(random >> 33).unwrap() % (parts.len() - 1);
            let later = parts.remove(at + 1);
            if random & 1 << 40 == 0 {
                parts[at].take_in(&later).unwrap();
            } else {
                let mut later = later;
                later.take_in(&parts[at]).unwrap();
                parts[at] = later;
            }
        }
        prop_assert_eq!(&parts[0], &fold(&samples));
        let at = |second: i64| samples.iter().rev().find(|(at, _)| *at <= second).map_or(before, |(_, value)| *value);
        let sum: i64 = (0..60).map(at).sum();
        let told = parts[0].average(0, 60 * SECOND, Some(net(before)), 0, RoundingMode::Down).unwrap();
        prop_assert_eq!(told, Some(net(sum / 60)));
    }
}
