use proptest::prelude::*;

use super::*;

fn fold(values: &[Net]) -> Percentiles {
    let samples = values.iter().map(|value| Sample { at: 0, sequence: 0, value: *value });
    super::super::fold(samples).unwrap().unwrap()
}

#[test]
fn a_number_is_told_by_its_step() {
    for (value, told) in
        [(0, 0), (1, 1), (255, 255), (256, 257), (257, 257), (258, 259), (1_000, 1_002)]
    {
        assert_eq!(middle(step(Net::new(false, value))), Net::new(false, told), "{value}");
        assert_eq!(middle(step(Net::new(true, value))), Net::new(true, told), "-{value}");
    }
    assert_eq!(fold(&[Net::new(false, u128::MAX)]).at(500_000), Net::new(false, u128::MAX));
}

proptest! {
    /// A percentile is the number of its rank, but for one part in 256; and parts come to the same in any order.
    #[test]
    fn a_percentile_is_near_the_number_of_its_rank(
        values in prop::collection::vec((any::<bool>(), any::<u128>(), 0..128_u32), 1..60),
        millionths in 0..=1_000_000_u32, cut in any::<prop::sample::Index>(),
    ) {
        let mut values: Vec<Net> = values.iter().map(|(negative, value, shift)| Net::new(*negative, value >> shift)).collect();
        let own = fold(&values);
        let cut = cut.index(values.len());
        if cut > 0 {
            let mut late = fold(&values[cut..]);
            late.take_in(&fold(&values[..cut])).unwrap();
            prop_assert_eq!(&late, &own);
        }
        values.sort_unstable();
        let rank = (values.len() as u128 * u128::from(millionths)).div_ceil(1_000_000).max(1);
        let exact = values[usize::try_from(rank).unwrap() - 1];
        let told = own.at(millionths);
        prop_assert_eq!(told.is_negative() && !exact.is_zero(), exact.is_negative());
        prop_assert!(told.magnitude().abs_diff(exact.magnitude()) <= exact.magnitude() / 256, "{:?} {:?}", told, exact);
    }
}
