use std::fmt::Debug;

use proptest::prelude::*;

use super::*;
use crate::money::Net;
use crate::rollup::aggregate::fold;
use crate::rollup::{Sample, Summary, TimeWeighted};

const MINUTE: i64 = 60_000_000_000;

fn sample(at: i64, sequence: u64) -> Sample {
    Sample { at, sequence, value: Net::between(sequence.into(), 0) }
}

fn visits(gap: i64, longest: i64) -> Sessions<Summary> {
    Sessions::new(gap * MINUTE, longest * MINUTE).unwrap()
}

fn told(visits: &Sessions<Summary>) -> Vec<(i64, i64, u64)> {
    let of =
        |visit: &Session<Summary>| (visit.start / MINUTE, visit.end / MINUTE, visit.value.count());
    visits.sessions(i64::MIN..i64::MAX).map(of).collect()
}

/// Pages seen at minutes, in the order in which that is told: a visit ends where there is none for half an hour.
#[test]
fn what_is_near_to_one_another_is_a_visit() {
    for (minutes, expected) in [
        (&[0][..], &[(0, 0, 1)][..]),
        (&[0, 29, 58], &[(0, 58, 3)]),
        // Half an hour is a gap.
        (&[0, 30], &[(0, 0, 1), (30, 30, 1)]),
        (&[60, 0, 30], &[(0, 0, 1), (30, 30, 1), (60, 60, 1)]),
        // Late: before, within, behind, and between two, which become one.
        (&[40, 20], &[(20, 40, 2)]),
        (&[20, 40, 30], &[(20, 40, 3)]),
        (&[20, 20, 20], &[(20, 20, 3)]),
        (&[0, 100, 10], &[(0, 10, 2), (100, 100, 1)]),
        (&[0, 50, 25], &[(0, 50, 3)]),
        (&[0, 50, 100, 25, 75], &[(0, 100, 5)]),
        (&[0, 50, 29, 21], &[(0, 50, 4)]),
        (&[-10, 10], &[(-10, 10, 2)]),
    ] {
        let mut own = visits(30, 600);
        for (sequence, minute) in (0..).zip(minutes) {
            own.add(&sample(minute * MINUTE, sequence)).unwrap();
        }
        assert_eq!(told(&own), expected, "{minutes:?}");
    }
}

#[test]
fn a_session_that_would_be_too_long_takes_no_more() {
    let mut own = visits(30, 60);
    for minute in [0, 29, 58, 100] {
        own.add(&sample(minute * MINUTE, 0)).unwrap();
    }
    let before = own.clone();
    // Behind, before, and between two that would be too long together.
    for (minute, long) in [(61, 61), (-3, 61), (87, 100), (75, 100)] {
        let error = SessionError::TooLong { long: long * MINUTE, longest: 60 * MINUTE };
        assert_eq!(own.add(&sample(minute * MINUTE, 1)), Err(error), "{minute}");
        assert_eq!(own, before);
    }
    own.add(&sample(60 * MINUTE, 1)).unwrap();
    assert_eq!(told(&own), [(0, 60, 4), (100, 100, 1)]);
}

/// Where it depends on what follows what, what falls between is refused.
#[test]
fn what_cannot_be_told_changes_nothing() {
    let mut balance: Sessions<TimeWeighted> = Sessions::new(30, 600).unwrap();
    for at in [0, 20, 60] {
        balance.add(&sample(at, 0)).unwrap();
    }
    let before = balance.clone();
    let interleaved = Err(SessionError::Merge(MergeError::Interleaved));
    for at in [10, 20, 0] {
        assert_eq!(balance.add(&sample(at, 0)), interleaved);
        assert_eq!(balance, before);
    }
    balance.add(&sample(40, 0)).unwrap();
    balance.add(&sample(-5, 0)).unwrap();
    let all = [-5, 0, 20, 40, 60].map(|at| sample(at, 0));
    let value = fold::<TimeWeighted>(&all).unwrap().unwrap();
    let told: Vec<_> = balance.sessions(-5..-4).cloned().collect();
    assert_eq!(told, [Session { start: -5, end: 60, value }]);

    let mut sums = visits(30, 600);
    let most = |at| Sample { at, sequence: 0, value: Net::between(u128::MAX, 0) };
    sums.add(&most(0)).unwrap();
    sums.add(&most(50 * MINUTE)).unwrap();
    let before = sums.clone();
    for minute in [0, -5, 55] {
        let overflow = Err(SessionError::Merge(MergeError::Overflow));
        assert_eq!(sums.add(&most(minute * MINUTE)), overflow);
    }
    // It has room in the one, but not in both.
    let both = sums.add(&sample(25 * MINUTE, 1));
    assert_eq!(both, Err(SessionError::Merge(MergeError::Overflow)));
    assert_eq!(sums, before);
}

#[test]
fn what_is_dropped_is_taken_for_no_beginning() {
    let mut own = visits(30, 600);
    for minute in [0, 10, 50, 70, 200] {
        own.add(&sample(minute * MINUTE, 0)).unwrap();
    }
    assert_eq!(own.expire(39 * MINUTE), 0);
    assert_eq!(own.expire(40 * MINUTE), 1);
    assert_eq!(own.expire(20 * MINUTE), 0);
    assert_eq!(
        own.add(&sample(39 * MINUTE, 0)),
        Err(SessionError::Expired { before: 40 * MINUTE })
    );
    own.add(&sample(40 * MINUTE, 0)).unwrap();
    assert_eq!(told(&own), [(40, 70, 3), (200, 200, 1)]);
    assert_eq!(own.sessions(41 * MINUTE..201 * MINUTE).count(), 1);
    assert_eq!(own.sessions(Range { start: 5, end: -5 }).count(), 0);
    assert_eq!(
        own.sessions(i64::MIN..i64::MAX).next_back().map(|last| last.start / MINUTE),
        Some(200)
    );
}

#[test]
fn gaps_that_are_none_are_told() {
    let told = |gap, longest| Sessions::<Summary>::new(gap, longest).err();
    for gap in [0, -1, CENTURY + 1] {
        assert_eq!(told(gap, CENTURY), Some(GapError::Gap { gap }));
    }
    for longest in [0, 4, CENTURY + 1] {
        assert_eq!(told(5, longest), Some(GapError::Longest { longest, gap: 5 }));
    }
    assert_eq!(told(CENTURY, CENTURY), None);
}

#[test]
fn the_ends_of_time_are_far_apart() {
    let mut own: Sessions<Summary> = Sessions::new(CENTURY, CENTURY).unwrap();
    for at in [i64::MIN, i64::MAX, 0] {
        own.add(&sample(at, 0)).unwrap();
    }
    assert_eq!(own.sessions(i64::MIN..i64::MAX).count(), 2);
    assert_eq!(own.expire(i64::MAX), 3);
}

/// Sorted, and cut where there is a gap.
fn expected<A: Aggregate<Entry = Sample>>(gap: i64, entries: &[Sample]) -> Vec<Session<A>> {
    let mut entries = entries.to_vec();
    entries.sort_by_key(Entry::key);
    let together = |one: &Sample, next: &Sample| next.at - one.at < gap;
    let of = |entries: &[Sample]| Session {
        start: entries[0].at,
        end: entries[entries.len() - 1].at,
        value: fold::<A>(entries).unwrap().unwrap(),
    };
    entries.chunk_by(together).map(of).collect()
}

/// Adds them as they come; gives those that were taken.
fn assert_are_sessions<A: Aggregate<Entry = Sample> + PartialEq + Debug>(
    (gap, longest): (i64, i64),
    entries: &[Sample],
) -> Vec<Sample> {
    let mut own: Sessions<A> = Sessions::new(gap, longest).unwrap();
    let is_taken = |entry: &&Sample| {
        let before: Vec<_> = own.sessions(i64::MIN..i64::MAX).cloned().collect();
        let is_taken = own.add(entry).is_ok();
        let after: Vec<_> = own.sessions(i64::MIN..i64::MAX).cloned().collect();
        assert!(is_taken || before == after, "what is refused changes nothing");
        is_taken
    };
    let taken: Vec<Sample> = entries.iter().filter(is_taken).copied().collect();
    let told: Vec<_> = own.sessions(i64::MIN..i64::MAX).cloned().collect();
    assert_eq!(told, expected::<A>(gap, &taken));
    taken
}

proptest! {
    /// In whatever order entries come, sessions are what they are when all are sorted and cut at the gaps. None is refused where none
    /// of those is too long; and where one is, not all of it is taken.
    #[test]
    fn sessions_are_cut_at_the_gaps_in_any_order(
        instants in prop::collection::vec(-200..200_i64, 1..60), gap in 1..20_i64, longer in 0..200_i64,
    ) {
        let longest = gap + longer;
        let mut entries: Vec<Sample> = (0..).zip(&instants).map(|(sequence, at)| sample(*at, sequence)).collect();
        let is_short = expected::<Summary>(gap, &entries).iter().all(|session| session.end - session.start <= longest);
        let taken = assert_are_sessions::<Summary>((gap, longest), &entries);
        prop_assert_eq!(taken.len() == entries.len(), is_short);
        assert_are_sessions::<TimeWeighted>((gap, longest), &entries);
        entries.sort_by_key(Entry::key);
        let taken = assert_are_sessions::<TimeWeighted>((gap, longest), &entries);
        prop_assert_eq!(taken.len() == entries.len(), is_short, "in order, it is known what follows what");
        entries.reverse();
        let taken = assert_are_sessions::<TimeWeighted>((gap, longest), &entries);
        prop_assert_eq!(taken.len() == entries.len(), is_short);
    }
}
