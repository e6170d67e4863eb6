use proptest::prelude::*;

use super::*;

fn sample(at: i64, sequence: u64, value: i64) -> Sample {
    Sample { at, sequence, value: Net::new(value < 0, value.unsigned_abs().into()) }
}

fn of(values: &[i64]) -> Summary {
    let samples = (0..).zip(values).map(|(at, value)| sample(at, 0, *value));
    super::super::fold(samples).unwrap().unwrap()
}

/// Of numbers: sum, average to two digits, variance, variance of a sample to one digit.
#[test]
fn numbers_in_short() {
    let net = |value: i64| Net::new(value < 0, value.unsigned_abs().into());
    for (values, sum, average, variance, of_sample) in [
        (&[2, 4, 4, 4, 5, 5, 7, 9][..], 40, 500, 4, Some(46)),
        (&[5], 5, 500, 0, None),
        (&[-1, 1], 0, 0, 1, Some(20)),
        (&[-7, -8], -15, -750, 0, Some(5)),
        (&[1, 1, 2], 4, 133, 0, Some(3)),
    ] {
        let own = of(values);
        let half_even = RoundingMode::HalfEven;
        assert_eq!(own.sum(), Ok(net(sum)), "{values:?}");
        assert_eq!(own.average(2, half_even), Ok(net(average)), "{values:?}");
        let amount = |units| Amount::from_units(units);
        assert_eq!(own.variance(false, 0, half_even), Ok(Some(amount(variance))), "{values:?}");
        assert_eq!(own.variance(true, 1, half_even), Ok(of_sample.map(amount)), "{values:?}");
    }
}

#[test]
fn a_standard_deviation_is_the_root_of_the_variance() {
    for (values, of_sample, root) in [
        (&[2, 4, 4, 4, 5, 5, 7, 9][..], false, Some(2_000)),
        (&[2, 4, 4, 4, 5, 5, 7, 9], true, Some(2_138)),
        (&[1], true, None),
        (&[3, 3], true, Some(0)),
    ] {
        let told = of(values).standard_deviation(of_sample, 3).unwrap();
        assert_eq!(told, root.map(Amount::from_units), "{values:?}");
    }
}

#[test]
fn what_is_too_much_is_an_error_and_changes_nothing() {
    let most = |at, negative| Sample { at, sequence: 0, value: Net::new(negative, u128::MAX) };
    let mut own = Summary::of(&most(0, false));
    own.add(&most(1, true)).unwrap_err();
    assert_eq!(own, Summary::of(&most(0, false)), "two squares of the most are beyond 256 bits");
    assert_eq!(own.sum(), Ok(Net::new(false, u128::MAX)));
    assert_eq!(own.average(1, RoundingMode::HalfEven), Err(ConvertError::Overflow));
    assert_eq!(
        own.average(39, RoundingMode::HalfEven),
        Err(ConvertError::ScaleTooLarge { scale: 39 })
    );
}

proptest! {
    /// In any order and in any parts, numbers come to the same, and that is what they come to by themselves.
    #[test]
    fn numbers_come_to_the_same_in_any_order(
        values in prop::collection::vec((-9..9_i64, 0..3_u64, -1_000..1_000_i64), 1..40), cut in any::<prop::sample::Index>(),
    ) {
        let samples: Vec<Sample> = values.iter().map(|(at, sequence, value)| sample(*at, *sequence, *value)).collect();
        let fold = |samples: &[Sample]| super::super::fold::<Summary>(samples).unwrap().unwrap();
        let own = fold(&samples);
        let reversed: Vec<Sample> = samples.iter().rev().copied().collect();
        prop_assert_eq!(fold(&reversed), own);
        let cut = cut.index(samples.len());
        if cut > 0 {
            let (mut late, early) = (fold(&samples[cut..]), fold(&samples[..cut]));
            late.take_in(&early).unwrap();
            prop_assert_eq!(late, own);
        }
        prop_assert_eq!(own.first(), *samples.iter().min().unwrap());
        prop_assert_eq!(own.last(), *samples.iter().max().unwrap());
        prop_assert_eq!(own.least().value, samples.iter().map(|sample| sample.value).min().unwrap());
        prop_assert_eq!(own.most().value, samples.iter().map(|sample| sample.value).max().unwrap());
        let count = i128::try_from(samples.len()).unwrap();
        let sum: i128 = values.iter().map(|(.., value)| i128::from(*value)).sum();
        let squares: i128 = values.iter().map(|(.., value)| i128::from(value * value)).sum();
        prop_assert_eq!(own.sum().unwrap(), Net::new(sum < 0, sum.unsigned_abs()));
        let variance = (count * squares - sum * sum) / (count * count);
        let told = own.variance(false, 0, RoundingMode::Down).unwrap().unwrap();
        prop_assert_eq!(told.units(), variance.unsigned_abs());
    }
}
