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
