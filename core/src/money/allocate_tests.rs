use proptest::prelude::*;

use super::*;
use crate::money::model::{Bits, words};

const METHODS: [AllocationMethod; 4] = [
    AllocationMethod::LargestRemainder,
    AllocationMethod::FloorFirst,
    AllocationMethod::ToFirst,
    AllocationMethod::ToLargest,
];

/// Shares of entries keyed `a`, `b`, `c` …
fn shares(total: u128, weights: &[u128], method: AllocationMethod) -> Vec<u128> {
    let entries: Vec<(char, u128)> = ('a'..).zip(weights.iter().copied()).collect();
    allocate(total, &entries, method).unwrap().into_iter().map(|(_, units)| units).collect()
}

/// A total, the weights, and the shares in the order of `METHODS`.
type Case = (u128, &'static [u128], [&'static [u128]; 4]);

#[test]
fn what_each_method_does_with_the_residue() {
    #[rustfmt::skip]
    let cases: [Case; 9] = [
        // total, weights,      LargestRemainder, FloorFirst,      ToFirst,         ToLargest
        (100, &[1, 1, 1],       [&[34, 33, 33],   &[34, 33, 33],   &[34, 33, 33],   &[34, 33, 33]]),
        (101, &[1, 1, 1],       [&[34, 34, 33],   &[34, 34, 33],   &[35, 33, 33],   &[35, 33, 33]]),
        // Exact shares 1.25, 1.5, 2.25: one unit over.
        (5,   &[5, 6, 9],       [&[1, 2, 2],      &[2, 1, 2],      &[2, 1, 2],      &[1, 1, 3]]),
        // Exact shares 2, 1.5, 0.5: the first is whole and gets nothing of the residue by turns.
        (4,   &[4, 3, 1],       [&[2, 2, 0],      &[2, 2, 0],      &[3, 1, 0],      &[3, 1, 0]]),
        // A weight of zero gets nothing, even at the head.
        (10,  &[0, 1, 1, 1],    [&[0, 4, 3, 3],   &[0, 4, 3, 3],   &[0, 4, 3, 3],   &[0, 4, 3, 3]]),
        (1,   &[1, 1, 1, 1],    [&[1, 0, 0, 0],   &[1, 0, 0, 0],   &[1, 0, 0, 0],   &[1, 0, 0, 0]]),
        (3,   &[1, 2, 4, 4],    [&[0, 1, 1, 1],   &[1, 0, 1, 1],   &[1, 0, 1, 1],   &[0, 0, 2, 1]]),
        (0,   &[1, 2],          [&[0, 0]; 4]),
        (7,   &[3],             [&[7]; 4]),
    ];
    for (total, weights, expected) in cases {
        for (method, expected) in METHODS.into_iter().zip(expected) {
            assert_eq!(shares(total, weights, method), expected, "{total} {weights:?} {method:?}");
        }
    }
}

#[test]
fn the_largest_numbers_are_exact() {
    for method in METHODS {
        let halves = shares(u128::MAX, &[u128::MAX, u128::MAX], method);
        assert_eq!(halves, [(1 << 127), (1 << 127) - 1]);
        assert_eq!(shares(u128::MAX, &[u128::MAX, 0], method), [u128::MAX, 0]);
    }
}

#[test]
fn what_is_refused() {
    let refusal = |entries: &[(u32, u128)]| {
        allocate(10, entries, AllocationMethod::ToFirst).unwrap_err().to_string()
    };
    let many: Vec<(u32, u128)> = (0..65_537).map(|key| (key, 1)).collect();
    assert_eq!(refusal(&[]), "there is nobody to allocate to");
    assert_eq!(refusal(&[(1, 0), (2, 0)]), "every weight is zero");
    assert_eq!(refusal(&[(7, 1), (3, 1), (7, 2)]), "entries 0 and 2 have the same key");
    assert_eq!(refusal(&many), "65537 entries are more than 65536");
    assert!(allocate(10, &many[1..], AllocationMethod::LargestRemainder).is_ok());
}

#[test]
fn the_result_is_in_the_order_of_keys() {
    let result = allocate(9, &[("c", 2), ("a", 1), ("b", 3)], AllocationMethod::ToFirst).unwrap();
    assert_eq!(result, [("a", 2), ("b", 4), ("c", 3)]);
}

fn entries() -> impl Strategy<Value = Vec<(u16, u128)>> {
    let weights = prop_oneof![words().boxed(), (0..5_u128).boxed(), (0..1000_u128).boxed()];
    prop::collection::btree_map(any::<u16>(), weights, 1..12)
        .prop_filter("some weight", |map| map.values().any(|weight| *weight != 0))
        .prop_map(|map| map.into_iter().collect())
}

fn totals() -> impl Strategy<Value = u128> {
    prop_oneof![words().boxed(), (0..100_u128).boxed()]
}

proptest! {
    #[test]
    fn shares_add_up_and_do_not_depend_on_order(
        total in totals(),
        (sorted, shuffled) in entries().prop_flat_map(|e| (Just(e.clone()), Just(e).prop_shuffle())),
        method in prop::sample::select(&METHODS),
    ) {
        let shares = allocate(total, &sorted, method).unwrap();
        let sum = shares.iter().try_fold(0_u128, |sum, (_, units)| sum.checked_add(*units));
        prop_assert_eq!(sum, Some(total));
        prop_assert_eq!(&allocate(total, &shuffled, method).unwrap(), &shares);
        for ((key, weight), (share_key, units)) in sorted.iter().zip(&shares) {
            prop_assert_eq!(key, share_key);
            prop_assert!(*weight != 0 || *units == 0);
        }
    }

    /// The distance of a share from `total × weight / sum` is less than one unit, that is, the
    /// distance of `share × sum` from `total × weight` is less than `sum`.
    #[test]
    fn one_unit_each_keeps_within_one_unit(
        total in totals(), entries in entries(), method in prop::sample::select(&METHODS[..2]),
    ) {
        let sum = entries.iter().fold(Bits::of(0), |sum, (_, w)| sum.plus(&Bits::of(*w)));
        for ((_, weight), (_, units)) in entries.iter().zip(allocate(total, &entries, method).unwrap()) {
            let exact = Bits::of(total).times(&Bits::of(*weight));
            let share = Bits::of(units).times(&sum);
            let far = if exact.compare(&share).is_ge() { exact.minus(&share) } else { share.minus(&exact) };
            prop_assert!(far.compare(&sum).is_lt());
        }
    }

    /// Nobody who was rounded down has a larger fraction, or an equal one and a smaller key, than
    /// somebody who was rounded up.
    #[test]
    fn the_largest_remainders_win(total in totals(), entries in entries()) {
        let sum = entries.iter().fold(Bits::of(0), |sum, (_, w)| sum.plus(&Bits::of(*w)));
        let shares = allocate(total, &entries, AllocationMethod::LargestRemainder).unwrap();
        let ranked: Vec<(Bits, bool)> = entries
            .iter()
            .zip(shares)
            .map(|((_, weight), (_, units))| {
                let (floor, fraction) = Bits::of(total).times(&Bits::of(*weight)).div_rem(&sum);
                (fraction, Bits::of(units) != floor)
            })
            .collect();
        for (i, (down, raised)) in ranked.iter().enumerate().filter(|(_, (_, raised))| !raised) {
            prop_assert!(!raised);
            for (j, (up, _)) in ranked.iter().enumerate().filter(|(_, (_, raised))| *raised) {
                let order = up.compare(down);
                prop_assert!(order.is_gt() || (order.is_eq() && j < i));
            }
        }
    }

    /// All but one get the floor.
    #[test]
    fn the_whole_residue_goes_to_one(
        total in totals(), entries in entries(), method in prop::sample::select(&METHODS[2..]),
    ) {
        let sum = entries.iter().fold(Bits::of(0), |sum, (_, w)| sum.plus(&Bits::of(*w)));
        let shares = allocate(total, &entries, method).unwrap();
        let taker = match method {
            AllocationMethod::ToFirst => entries.iter().position(|(_, weight)| *weight != 0),
            _ => {
                let largest = entries.iter().map(|(_, weight)| *weight).max();
                entries.iter().position(|(_, weight)| Some(*weight) == largest)
            }
        };
        for (i, ((_, weight), (_, units))) in entries.iter().zip(shares).enumerate() {
            let (floor, _) = Bits::of(total).times(&Bits::of(*weight)).div_rem(&sum);
            prop_assert!(Some(i) == taker || Bits::of(units) == floor);
        }
    }
}
