use proptest::prelude::*;

use super::*;

const HALF_EVEN: RoundingMode = RoundingMode::HalfEven;

fn amounts(units: &[u128]) -> Vec<Amount> {
    units.iter().copied().map(Amount::from_units).collect()
}

fn nets(units: &[i64]) -> Vec<Net> {
    units.iter().map(|units| Net::new(*units < 0, units.unsigned_abs().into())).collect()
}

fn window(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

/// Prices of four days: +5 %, −20 %, nothing of nothing.
#[test]
fn returns_are_parts_of_the_price_before() {
    let told = returns(&amounts(&[100, 105, 84, 0, 7]), 4, HALF_EVEN).unwrap();
    let expected = nets(&[500, -2_000, -10_000]);
    assert_eq!(told, [None, Some(expected[0]), Some(expected[1]), Some(expected[2]), None]);
    assert_eq!(returns(&[], 4, HALF_EVEN), Ok(vec![]));
    let thirds = amounts(&[3, 4]);
    assert_eq!(returns(&thirds, 2, RoundingMode::Unnecessary), Err(ConvertError::Inexact));
}

#[test]
fn averages_move_along() {
    let values = nets(&[1, 2, 4, -7, 12]);
    let told = moving_average(&values, window(2), 1, HALF_EVEN).unwrap();
    let expected: Vec<_> = nets(&[15, 30, -15, 25]).into_iter().map(Some).collect();
    assert_eq!(told, [&[None], &expected[..]].concat());
    assert_eq!(moving_average(&values, window(9), 1, HALF_EVEN).unwrap(), [None; 5]);
    // 10, then a half of what is missing each time: 2 / (3 + 1).
    let told = exponential_average(&nets(&[10, 20, 20, -20]), window(3), 2, HALF_EVEN).unwrap();
    assert_eq!(told, nets(&[1_000, 1_500, 1_750, -125]));
    assert_eq!(
        exponential_average(&nets(&[5, 9]), window(1), 0, HALF_EVEN).unwrap(),
        nets(&[5, 9])
    );
}

#[test]
fn the_furthest_fall_from_a_peak() {
    for (prices, told) in [
        (&[100, 120, 90, 130, 91, 140][..], Some((3, 4, 3_000))),
        (&[100, 75, 100, 75], Some((0, 1, 2_500))),
        (&[5, 0], Some((0, 1, 10_000))),
        (&[1, 2, 3], None),
        (&[0, 0], None),
        (&[], None),
    ] {
        let own = drawdown(&amounts(prices), 4, HALF_EVEN).unwrap();
        assert_eq!(own.map(|own| (own.peak, own.trough, own.part.units())), told, "{prices:?}");
    }
    let most = drawdown(&amounts(&[u128::MAX, u128::MAX - 1, 1]), 2, HALF_EVEN).unwrap().unwrap();
    assert_eq!((most.peak, most.trough, most.part), (0, 2, Amount::from_units(100)));
}

proptest! {
    /// A moving average is that of the numbers in its window by themselves; a fall is the largest of all pairs.
    #[test]
    fn they_are_what_is_computed_by_hand(units in prop::collection::vec(1..1_000_i64, 1..40), count in 1..10_usize) {
        let told = moving_average(&nets(&units), window(count), 0, RoundingMode::Down).unwrap();
        for (index, told) in told.iter().enumerate() {
            let own = units[..=index].windows(count).next_back().map(|window| window.iter().sum::<i64>() / i64::try_from(count).unwrap());
            prop_assert_eq!(*told, own.map(|own| nets(&[own])[0]));
        }
        let prices: Vec<Amount> = units.iter().map(|units| Amount::from_units(units.unsigned_abs().into())).collect();
        let fall = drawdown(&prices, 6, RoundingMode::Down).unwrap().map_or(0, |fall| fall.part.units());
        let pairs = (0..units.len()).flat_map(|high| (high..units.len()).map(move |low| (high, low)));
        let most = pairs.map(|(high, low)| (units[high] - units[low]).max(0) * 1_000_000 / units[high]).max().unwrap();
        prop_assert_eq!(fall, u128::from(most.unsigned_abs()));
    }
}
