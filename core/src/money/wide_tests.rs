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

/// A number of so many digits behind the point, read as what it says.
fn units_of(text: &str) -> U256 {
    text.bytes().filter(u8::is_ascii_digit).fold(U256::ZERO, |all, digit| {
        let digit = U256::from_u128((digit - b'0').into());
        all.checked_mul(10).unwrap().checked_add(digit).unwrap()
    })
}

#[test]
fn numbers_of_any_length_are_told_to_the_unit() {
    let max = U256 { high: u128::MAX, low: u128::MAX };
    let all = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    for (number, scale, text) in [
        (max, 0, all.to_owned()),
        (max, 38, format!("{}.{}", &all[..40], &all[40..])),
        (U256 { high: 1, low: 0 }, 2, "3402823669209384634633746074317682114.56".to_owned()),
        (U256::ZERO, 0, "0".to_owned()),
        (U256::from_u128(5), 3, "0.005".to_owned()),
    ] {
        assert_eq!(number.to_text(scale), text);
        assert_eq!(units_of(&text), number, "{text}");
    }
}

proptest! {
    #[test]
    fn a_wide_number_is_told_and_divided_as_a_narrow_one(number in wide(), low in any::<u128>(), divisor in 1..=u128::MAX, scale in 0..=38_u8) {
        prop_assert_eq!(units_of(&number.to_text(scale)), number);
        prop_assert_eq!(U256::from_u128(low).to_text(scale), crate::money::Amount::from_units(low).to_text(scale));
        if let Ok((units, ..)) = number.divided(U256::from_u128(divisor), false, RoundingMode::HalfEven) {
            prop_assert_eq!(number.divided_half_even(divisor), U256::from_u128(units));
        }
    }
}
