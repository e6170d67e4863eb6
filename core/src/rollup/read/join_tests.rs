use proptest::prelude::*;

use super::*;

#[test]
fn what_is_not_in_order_says_where() {
    assert_eq!(as_of(&[1, 2, 1], &[], 0), Err(Unsorted { side: "left", row: 2 }));
    assert_eq!(as_of(&[], &[3, 2], 0), Err(Unsorted { side: "right", row: 1 }));
    assert_eq!(instants(&[&[3, 5], &[], &[1, 3, 9]]), [1, 3, 5, 9]);
}

proptest! {
    /// It is the last row that is not after, and not too long ago.
    #[test]
    fn the_last_by_then_is_found(
        mut left in prop::collection::vec(-50..50_i64, 0..40), mut right in prop::collection::vec(-50..50_i64, 0..40), tolerance in 0..20_u64,
    ) {
        left.sort_unstable();
        right.sort_unstable();
        let told = as_of(&left, &right, tolerance).unwrap();
        for (at, row) in left.iter().zip(told) {
            let last = right.iter().rposition(|other| other <= at);
            prop_assert_eq!(row, last.filter(|row| at.abs_diff(right[*row]) <= tolerance));
        }
    }
}
