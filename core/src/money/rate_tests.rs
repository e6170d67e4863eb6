use proptest::prelude::*;

use super::*;
use crate::money::model::{Bits, words};

const MODES: [RoundingMode; 8] = [
    RoundingMode::Up,
    RoundingMode::Down,
    RoundingMode::Ceiling,
    RoundingMode::Floor,
    RoundingMode::HalfUp,
    RoundingMode::HalfDown,
    RoundingMode::HalfEven,
    RoundingMode::Unnecessary,
];

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

/// The table of Java's `RoundingMode`: tenths in, whole units out, in the order of `MODES`.
#[test]
fn rounding_modes() {
    #[rustfmt::skip]
    let cases: [(i64, [Option<i64>; 8]); 11] = [
        //    Up        Down      Ceiling   Floor     HalfUp    HalfDown  HalfEven  Unnecessary
        ( 55, [Some( 6), Some( 5), Some( 6), Some( 5), Some( 6), Some( 5), Some( 6), None]),
        ( 25, [Some( 3), Some( 2), Some( 3), Some( 2), Some( 3), Some( 2), Some( 2), None]),
        ( 16, [Some( 2), Some( 1), Some( 2), Some( 1), Some( 2), Some( 2), Some( 2), None]),
        ( 11, [Some( 2), Some( 1), Some( 2), Some( 1), Some( 1), Some( 1), Some( 1), None]),
        ( 10, [Some( 1); 8]),
        (  0, [Some( 0); 8]),
        (-10, [Some(-1); 8]),
        (-11, [Some(-2), Some(-1), Some(-1), Some(-2), Some(-1), Some(-1), Some(-1), None]),
        (-16, [Some(-2), Some(-1), Some(-1), Some(-2), Some(-2), Some(-2), Some(-2), None]),
        (-25, [Some(-3), Some(-2), Some(-2), Some(-3), Some(-3), Some(-2), Some(-2), None]),
        (-55, [Some(-6), Some(-5), Some(-5), Some(-6), Some(-6), Some(-5), Some(-6), None]),
    ];
    let net = |value: i64| Net::new(value < 0, value.unsigned_abs().into());
    for (tenths, expected) in cases {
        for (mode, expected) in MODES.into_iter().zip(expected) {
            let result = Rate::ONE.convert_net(net(tenths), 1, 0, mode).map(|c| c.net);
            let expected = expected.map(net).ok_or(ConvertError::Inexact);
            assert_eq!(result, expected, "{tenths} tenths {mode:?}");
            if tenths >= 0 {
                let amount = Amount::from_units(tenths.unsigned_abs().into());
                let result = Rate::ONE.convert(amount, 1, 0, mode).map(|c| c.amount.into());
                assert_eq!(result, expected, "{tenths} tenths {mode:?}");
            }
        }
    }
}

#[test]
fn a_negative_fraction_of_a_unit_rounds_to_plain_zero() {
    let conversion = rate("1/3").convert_net(Net::new(true, 1), 0, 0, RoundingMode::Down).unwrap();
    assert_eq!(conversion.net, Net::ZERO);
    assert_eq!(conversion.direction, RoundingDirection::TowardZero);
}

#[test]
fn conversions() {
    use RoundingMode::{Down, HalfEven, HalfUp, Up};
    #[rustfmt::skip]
    let cases = [
        // amount    at scale, rate,       to scale, mode,     result
        ("100.00",         2, "18.2345",   2,  HalfEven, "1823.45"),
        ("0.01",           2, "18.2345",   2,  HalfEven, "0.18"),
        ("1000.00",        2, "157.39",    0,  HalfUp,   "157390"),
        ("1",              0, "0.00635365", 2, HalfUp,   "0.01"),
        ("1.00",           2, "1/3",       18, Down,     "0.333333333333333333"),
        ("1.00",           2, "1/3",       18, Up,       "0.333333333333333334"),
        ("0.000000000000000001", 18, "1",  2,  Up,       "0.01"),
        ("0.000000000000000001", 18, "1",  2,  Down,     "0.00"),
        ("250.00",         2, "0",         2,  Up,       "0.00"),
        ("340282366920938463463374607431768211455", 0, "1", 0, Down, "340282366920938463463374607431768211455"),
        // The product needs 254 bits.
        ("340282366920938463463374607431768211455", 0, "170141183460469231731687303715884105727/340282366920938463463374607431768211455", 0, Up, "170141183460469231731687303715884105727"),
        // The divisor needs 254 bits.
        ("3.00000000000000000000000000000000000000", 38, "340282366920938463463374607431768211455/340282366920938463463374607431768211454", 0, Up, "4"),
    ];
    for (amount, from_scale, text, to_scale, mode, expected) in cases {
        let amount = Amount::parse(amount, from_scale).unwrap();
        let conversion = rate(text).convert(amount, from_scale, to_scale, mode).unwrap();
        assert_eq!(conversion.amount.to_text(to_scale), expected, "{text}");
    }
}

#[test]
fn the_remainder_is_reported() {
    let third = rate("1/3").convert(Amount::from_units(100), 0, 0, RoundingMode::Up).unwrap();
    assert_eq!(third.amount.units(), 34);
    assert_eq!(third.direction, RoundingDirection::AwayFromZero);
    assert_eq!(third.remainder.numerator(), (0, 1));
    assert_eq!(third.remainder.denominator(), (0, 3));
    let whole = rate("1/4").convert(Amount::from_units(100), 0, 0, RoundingMode::Up).unwrap();
    assert_eq!(whole.direction, RoundingDirection::Exact);
    assert!(whole.remainder.is_zero());
}

#[test]
fn conversions_that_are_refused() {
    let convert = |amount, text, from, to, mode| rate(text).convert(amount, from, to, mode);
    let (one, down) = (Amount::from_units(1), RoundingMode::Down);
    #[rustfmt::skip]
    let cases = [
        (convert(one, "1", 39, 0, down),                "scale 39 is larger than 38"),
        (convert(one, "1", 0, 255, down),               "scale 255 is larger than 38"),
        (convert(Amount::MAX, "2", 0, 0, down),         "converted amount is too large"),
        (convert(Amount::MAX, "1", 0, 1, down),         "converted amount is too large"),
        (convert(Amount::MAX, "340282366920938463463374607431768211455", 0, 38, down), "converted amount is too large"),
        // (2^128 - 1) × (2^127 + 1) / 2^127 has the floor 2^128.
        (convert(Amount::MAX, "170141183460469231731687303715884105729/170141183460469231731687303715884105728", 0, 0, down), "converted amount is too large"),
        (convert(one, "1/3", 0, 0, RoundingMode::Unnecessary), "converted amount is not a whole number of smallest units"),
    ];
    for (result, expected) in cases {
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
}

/// The floor is `u128::MAX`, and rounding away goes beyond it.
#[test]
fn rounding_up_may_overflow() {
    // (2^43 - 1) × (2^86 + 2^43 + 1) = 2^129 - 1, and half of that is u128::MAX and a half.
    let amount = Amount::from_units((1 << 43) - 1);
    let rate = Rate::ratio((1 << 86) + (1 << 43) + 1, 2).unwrap();
    let convert = |mode| rate.convert(amount, 0, 0, mode).map(|c| c.amount);
    assert_eq!(convert(RoundingMode::Down), Ok(Amount::MAX));
    assert_eq!(convert(RoundingMode::HalfDown), Ok(Amount::MAX));
    assert_eq!(convert(RoundingMode::HalfEven), Err(ConvertError::Overflow));
    assert_eq!(convert(RoundingMode::Up), Err(ConvertError::Overflow));
}

#[test]
fn rates_are_read_reduced_and_printed() {
    #[rustfmt::skip]
    let cases = [
        ("2/8", "1/4"), ("0.25", "1/4"), ("0.2500", "1/4"), ("0/7", "0/1"), ("0", "0/1"), ("18", "18/1"),
        ("18.2345", "36469/2000"), ("0.00000000000000000000000000000000000001", "1/100000000000000000000000000000000000000"),
        ("0.000000000000000000000000000000000000010000", "1/100000000000000000000000000000000000000"),
    ];
    for (text, printed) in cases {
        assert_eq!(rate(text).to_string(), printed);
        let json = serde_json::to_string(&rate(text)).unwrap();
        assert_eq!(json, format!("\"{printed}\""));
        assert_eq!(serde_json::from_str::<Rate>(&json).unwrap(), rate(text));
    }
    #[rustfmt::skip]
    let refused = [
        ("1/0",  "rate has a denominator of zero"),
        ("",     "rate is not a decimal number: amount is empty"),
        ("-1",   "rate is not a decimal number: amount `-1` begins with the sign `-`, amounts are unsigned"),
        ("1/2/3", "rate is not a ratio of whole numbers: whole number `1/2/3` has something other than a digit at character 4"),
        ("1/",   "rate is not a ratio of whole numbers: whole number `1/` has no digits"),
        ("0.5/2", "rate is not a ratio of whole numbers: whole number `0.5/2` has something other than a digit at character 2"),
        ("0.000000000000000000000000000000000000001", "rate is not a decimal number: amount `0.000000000000000000000000000000000000001` has 39 fraction digits, the scale allows 38"),
    ];
    for (text, expected) in refused {
        assert_eq!(text.parse::<Rate>().unwrap_err().to_string(), expected);
    }
    assert!(serde_json::from_str::<Rate>("0.25").is_err(), "a number may have lost digits");
}

#[test]
fn inverse_compose_and_basis_points() {
    assert_eq!(rate("2/3").inverse(), Ok(rate("3/2")));
    assert_eq!(Rate::ZERO.inverse(), Err(RateError::NoInverse));
    assert_eq!(rate("2/3").compose(rate("3/4")), Ok(rate("1/2")));
    assert_eq!(rate("2/3").compose(Rate::ZERO), Ok(Rate::ZERO));
    let most = Rate::ratio(u128::MAX, 1).unwrap();
    assert_eq!(most.compose(most.inverse().unwrap()), Ok(Rate::ONE));
    assert_eq!(most.compose(rate("2")), Err(RateError::Overflow));
    assert_eq!(Rate::basis_points(0), Rate::ZERO);
    assert_eq!(Rate::basis_points(125), rate("0.0125"));
    assert_eq!(Rate::basis_points(10_000), Rate::ONE);
    assert_eq!(Rate::basis_points(u32::MAX), rate("429496.7295"));
    assert!(rate("1/3") < rate("0.34") && rate("0.33") < rate("1/3"));
}

fn rates() -> impl Strategy<Value = Rate> {
    (words(), words().prop_filter("not zero", |d| *d != 0))
        .prop_map(|(n, d)| Rate::ratio(n, d).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Against the formula in the documentation, without shortcuts, in integers without bounds.
    #[test]
    fn conversions_are_those_of_the_model(
        n in words(), d in words(), units in words(), negative in any::<bool>(),
        from in 0..=38_u8, to in 0..=38_u8, mode in prop::sample::select(&MODES),
    ) {
        prop_assume!(d != 0);
        let numerator = Bits::of(units).times(&Bits::of(n)).times(&Bits::pow10(to));
        let denominator = Bits::of(d).times(&Bits::pow10(from));
        let (floor, rest) = numerator.div_rem(&denominator);
        let expected = if rest.is_zero() {
            floor.to_u128().ok_or(ConvertError::Overflow)
        } else if floor.len() > 128 {
            Err(ConvertError::Overflow)
        } else {
            let twice = rest.plus(&rest).compare(&denominator);
            let odd = floor.to_u128().unwrap() % 2 == 1;
            match (mode, negative) {
                (RoundingMode::Unnecessary, _) => Err(ConvertError::Inexact),
                (RoundingMode::Up, _)
                | (RoundingMode::Ceiling, false)
                | (RoundingMode::Floor, true) => Ok(true),
                (RoundingMode::Down, _)
                | (RoundingMode::Ceiling, true)
                | (RoundingMode::Floor, false) => Ok(false),
                (RoundingMode::HalfUp, _) => Ok(twice.is_ge()),
                (RoundingMode::HalfDown, _) => Ok(twice.is_gt()),
                (RoundingMode::HalfEven, _) => Ok(twice.is_gt() || twice.is_eq() && odd),
            }
            .and_then(|away| {
                let result = if away { floor.plus(&Bits::of(1)) } else { floor.clone() };
                result.to_u128().ok_or(ConvertError::Overflow)
            })
        };
        let rate = Rate::ratio(n, d).unwrap();
        let result = rate.convert_net(Net::new(negative, units), from, to, mode);
        prop_assert_eq!(result.map(|c| c.net), expected.map(|units| Net::new(negative, units)));
        if let Ok(NetConversion { remainder, .. }) = result {
            // The same fraction: a / b = c / d if a × d = c × b.
            let ((n1, n0), (d1, d0)) = (remainder.numerator(), remainder.denominator());
            prop_assert_eq!(
                Bits::of_words(n1, n0).times(&denominator),
                rest.times(&Bits::of_words(d1, d0))
            );
        }
        if !negative {
            let plain = rate.convert(Amount::from_units(units), from, to, mode);
            prop_assert_eq!(plain.map(|c| c.amount.units()), expected);
        }
    }

    #[test]
    fn composing_is_the_exact_product(a in rates(), b in rates()) {
        let n = Bits::of(a.numerator()).times(&Bits::of(b.numerator()));
        let d = Bits::of(a.denominator()).times(&Bits::of(b.denominator()));
        if let Ok(product) = a.compose(b) {
            prop_assert_eq!(
                Bits::of(product.numerator()).times(&d),
                n.times(&Bits::of(product.denominator()))
            );
            prop_assert_eq!(Rate::ratio(product.numerator(), product.denominator()), Ok(product));
        }
        prop_assert_eq!(a.compose(b), b.compose(a));
        if !a.is_zero() {
            prop_assert_eq!(a.compose(a.inverse().unwrap()), Ok(Rate::ONE));
        }
    }

    #[test]
    fn text_is_read_back(a in rates(), b in rates()) {
        prop_assert_eq!(a.to_string().parse(), Ok(a));
        prop_assert_eq!(a.cmp(&b).is_eq(), a == b);
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
    }
}
