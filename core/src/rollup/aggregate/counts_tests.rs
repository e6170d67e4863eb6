use super::*;
use crate::money::Amount;

fn entry(at: i64, class: u32) -> Classified {
    Classified { at, sequence: 0, class, tally: Tally::once(Amount::from_units(10)) }
}

fn fold<A: Aggregate<Entry = Classified>>(entries: &[(i64, u32)]) -> A {
    let entries = entries.iter().map(|(at, class)| entry(*at, *class));
    super::super::fold(entries).unwrap().unwrap()
}

#[test]
fn the_most_frequent_come_first() {
    let counts: Counts = fold(&[(1, 7), (2, 5), (3, 7), (4, 2), (5, 2), (6, 9)]);
    let top: Vec<_> = counts.top(3).iter().map(|(class, tally)| (*class, tally.count)).collect();
    assert_eq!(top, [(2, 2), (7, 2), (5, 1)]);
    assert_eq!(counts.classes()[0], (2, Tally { amount: Amount::from_units(20), count: 2 }));
}

#[test]
fn a_number_falls_into_one_step_of_a_histogram() {
    for (value, step) in [(-1, 0), (9, 0), (10, 1), (99, 1), (100, 2), (1_000, 2)] {
        assert_eq!(step_of(&[10, 100], &value), step, "{value}");
    }
}

#[test]
fn a_state_lasts_until_the_next() {
    let states: Durations = fold(&[(0, 1), (10, 2), (15, 1), (20, 3)]);
    assert_eq!(states.until(50), [(1, 15), (2, 5), (3, 30)]);
    assert_eq!(states.until(20), [(1, 15), (2, 5), (3, 0)]);
    let mut late: Durations = fold(&[(30, 2)]);
    late.take_in(&states).unwrap();
    assert_eq!(late.until(31), [(1, 15), (2, 6), (3, 10)]);
}

#[test]
fn there_are_no_more_classes_than_there_may_be() {
    let most = u32::try_from(CLASSES).unwrap();
    let mut counts: Counts = fold(&(0..most).map(|class| (0, class)).collect::<Vec<_>>());
    let before = counts.clone();
    assert_eq!(counts.add(&entry(1, most)), Err(MergeError::TooMany));
    let full = Classified { tally: Tally { count: u64::MAX, ..Tally::default() }, ..entry(1, 3) };
    assert_eq!(counts.add(&full), Err(MergeError::Overflow));
    assert_eq!(counts, before);
    counts.add(&entry(1, 5)).unwrap();
}

/// A state too many is refused when it begins, and the others go on.
#[test]
fn there_are_no_more_states_than_there_may_be() {
    let most = i64::try_from(CLASSES).unwrap();
    let at = |n: i64| entry(n, u32::try_from(n).unwrap());
    let mut states = Durations::of(&at(0));
    for n in 1..most {
        states.add(&at(n)).unwrap();
    }
    let before = states.clone();
    assert_eq!(states.has_room(&at(most)), Err(MergeError::TooMany));
    assert_eq!(states.add(&at(most)), Err(MergeError::TooMany));
    assert_eq!(states, before);
    states.add(&entry(most, 5)).unwrap();
    assert_eq!(states.until(most)[5], (5, 1));
}
