use proptest::prelude::*;

use super::*;
use crate::money::model::{Bits, words};

fn wide() -> impl Strategy<Value = U256> {
    (words(), words()).prop_map(|(high, low)| U256 { high, low })
}

#[test]
fn extremes() {
    let max = U256 { high: u128::MAX, low: u128::MAX };
    let one = U256::from_u128(1);
    let square = U256::product(u128::MAX, u128::MAX);
    assert_eq!(square, U256 { high: u128::MAX - 1, low: 1 });
    assert_eq!(max.checked_add(one), None);
    assert_eq!(U256::ZERO.checked_sub(one), None);
    assert_eq!(max.checked_mul(2), None);
    assert_eq!(max.checked_div_rem(U256::ZERO), None);
    assert_eq!(U256::ZERO.checked_div_rem(U256::ZERO), None);
    assert_eq!(max.checked_div_rem(one), None);
    assert_eq!(max.checked_div_rem(max), Some((1, U256::ZERO)));
    assert_eq!(max.checked_div_rem(U256 { high: 1, low: 0 }), {
        Some((u128::MAX, U256::from_u128(u128::MAX)))
    });
    assert_eq!(square.checked_div_rem(U256::from_u128(u128::MAX)), Some((u128::MAX, U256::ZERO)));
}

#[test]
fn halves_are_compared_without_overflow() {
    let max = U256 { high: u128::MAX, low: u128::MAX };
    let middle = U256 { high: 1 << 127, low: 0 };
    let cases = [
        (U256::from_u128(1), U256::from_u128(2), Ordering::Equal),
        (U256::from_u128(1), U256::from_u128(3), Ordering::Less),
        (U256::from_u128(2), U256::from_u128(3), Ordering::Greater),
        (middle, max, Ordering::Greater),
        (U256::ZERO, max, Ordering::Less),
    ];
    for (part, whole, expected) in cases {
        assert_eq!(part.cmp_half_of(whole), expected, "{part:?} of {whole:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn products_are_those_of_the_model(a in words(), b in words()) {
        let product = U256::product(a, b);
        prop_assert_eq!(Bits::of_wide(product), Bits::of(a).times(&Bits::of(b)));
    }

    #[test]
    fn sums_and_differences_are_those_of_the_model(a in wide(), b in wide()) {
        let (x, y) = (Bits::of_wide(a), Bits::of_wide(b));
        let sum = x.plus(&y);
        match a.checked_add(b) {
            Some(result) => prop_assert_eq!(Bits::of_wide(result), sum),
            None => prop_assert!(sum.len() > 256),
        }
        match a.checked_sub(b) {
            Some(result) => prop_assert_eq!(Bits::of_wide(result), x.minus(&y)),
            None => prop_assert!(x.compare(&y).is_lt()),
        }
        prop_assert_eq!(a.cmp(&b), x.compare(&y));
    }

    #[test]
    fn wide_products_are_those_of_the_model(a in wide(), b in words()) {
        let product = Bits::of_wide(a).times(&Bits::of(b));
        match a.checked_mul(b) {
            Some(result) => prop_assert_eq!(Bits::of_wide(result), product),
            None => prop_assert!(product.len() > 256),
        }
    }

    #[test]
    fn quotients_are_those_of_the_model(a in wide(), b in wide(), short in any::<bool>()) {
        let b = if short { U256::from_u128(b.low) } else { b };
        prop_assume!(!b.is_zero());
        check_division(a, b)?;
    }

    /// Dividends just around a multiple of the divisor, where an estimate is off by one.
    #[test]
    fn quotients_next_to_multiples(b in wide(), factor in words(), off in 0..3_u128, below in any::<bool>()) {
        prop_assume!(!b.is_zero());
        let off = U256::from_u128(off);
        let near = |multiple: U256| {
            if below { multiple.checked_sub(off) } else { multiple.checked_add(off) }
        };
        // A divisor of 256 bits leaves no room for a factor, so try a shorter one too.
        for b in [b, U256::from_u128(b.high), U256 { high: b.high >> 64, low: b.low }] {
            if let Some(a) = b.checked_mul(factor).and_then(near).filter(|_| !b.is_zero()) {
                check_division(a, b)?;
            }
            if let Some(a) = b.checked_mul(factor >> 64).and_then(near).filter(|_| !b.is_zero()) {
                check_division(a, b)?;
            }
        }
    }
}

fn check_division(a: U256, b: U256) -> Result<(), TestCaseError> {
    let (quotient, remainder) = Bits::of_wide(a).div_rem(&Bits::of_wide(b));
    match a.checked_div_rem(b) {
        Some((q, r)) => {
            prop_assert_eq!(Bits::of(q), quotient);
            prop_assert_eq!(Bits::of_wide(r), remainder);
        }
        None => prop_assert!(quotient.len() > 128),
    }
    Ok(())
}
