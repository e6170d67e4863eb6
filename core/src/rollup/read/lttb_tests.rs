use proptest::prelude::*;

use super::*;

proptest! {
    /// As many as were asked for stay, in order, the first and the last among them, and one of each part.
    #[test]
    fn as_many_as_asked_stay(values in prop::collection::vec(any::<i64>(), 0..200), count in 0..250_usize) {
        let at: Vec<i64> = (0..).take(values.len()).collect();
        let rows = downsample(&at, &values, count);
        prop_assert_eq!(rows.len(), count.min(values.len()));
        prop_assert!(rows.is_sorted_by(|one, other| one < other));
        if count >= 2 && values.len() >= 2 {
            prop_assert_eq!((rows[0], *rows.last().unwrap()), (0, values.len() - 1));
        }
    }
}

/// Worked by hand: of five points the one between the first and the last that is furthest from their line stays.
#[test]
fn the_point_that_is_furthest_away_stays() {
    let at = [0, 1, 2, 3, 4];
    for (values, stays) in [([0, 0, 9, 0, 0], 2), ([0, 1, 2, 9, 4], 3), ([0, -9, 5, 0, 0], 1)] {
        assert_eq!(downsample(&at, &values, 3), [0, stays, 4], "{values:?}");
    }
}

/// Points that are a nanosecond apart, of today and of large numbers, are drawn as those that begin at zero.
#[test]
fn where_the_first_point_stands_makes_no_difference() {
    let at: Vec<i64> = (0..200).collect();
    let value: Vec<i64> = at.iter().map(|at| at * at % 97).collect();
    let rows = downsample(&at, &value, 30);
    for (today, large) in
        [(1_793_012_400_000_000_000, 9_000_000_000_000_000_001), (i64::MIN, i64::MIN)]
    {
        let moved = |column: &[i64], by: i64| column.iter().map(|own| own + by).collect::<Vec<_>>();
        assert_eq!(downsample(&moved(&at, today), &moved(&value, large), 30), rows);
    }
}
