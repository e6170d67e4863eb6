use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[test]
fn quotients_print_as_opa() {
    for (a, b, want) in [
        ("1", "3", "0.33333333333333333334"),
        ("2", "3", "0.6666666666666666667"),
        ("10", "3", "3.3333333333333333333"),
        ("1", "10", "0.1"),
        ("10", "2", "5"),
        ("1.5", "0.5", "3"),
        ("1", "4", "0.25"),
        ("-1", "8", "-0.125"),
        ("1", "1000000", "1e-06"),
        ("12345678", "10", "1.2345678e+06"),
        ("1e30", "10", "100000000000000000000000000000"),
    ] {
        assert_eq!(number(a).div(&number(b)).unwrap().to_string(), want, "{a} / {b}");
    }
    assert_eq!(number("1").div(&Number::ZERO), Err(NumberError::DivideByZero));
    assert_eq!(number("1").div(&number("0.0")), Err(NumberError::DivideByZero));
    assert_eq!(number("1").rem(&Number::ZERO), Err(NumberError::ModuloByZero));
    assert_eq!(number("1.5").rem(&number("1")), Err(NumberError::ModuloOfFraction));
}

#[test]
fn sums_and_products_are_exact() {
    assert_eq!(number("19.99").mul(&number("100")).unwrap().to_string(), "1999");
    assert_eq!(number("0.1").add(&number("0.2")).unwrap().to_string(), "0.3");
    assert_eq!(number("1").sub(&number("0.9")).unwrap().to_string(), "0.1");
    let max = Number::from(i64::MAX);
    assert_eq!(max.add(&number("1")).unwrap().to_string(), "9223372036854775808");
    assert_eq!(Number::from(i64::MIN).neg().to_string(), "9223372036854775808");
    assert_eq!(Number::from(i64::MIN).abs().sub(&number("1")).unwrap().to_i64(), Some(i64::MAX));
}

#[test]
fn texts_are_kept_where_they_were_written() {
    for text in ["1.0", "1e3", "1E3", "-0", "0.10", "123456789012345678901234567890", "1e-7"] {
        assert_eq!(number(text).to_string(), text);
    }
    for (text, want) in [("1.50", "1.5"), ("1e3", "1000"), ("0.00001", "1e-05"), ("1e-7", "1e-07")]
    {
        let computed = number(text).add(&Number::ZERO).unwrap();
        assert_eq!(computed.to_string(), want);
    }
    for text in ["", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x1", "1_0", " 1", "NaN", "--1"] {
        assert_eq!(Number::parse(text).err(), Some(NumberError::Malformed), "{text}");
    }
    for text in ["1e999999999", "1e-999999999", "1e10001", "1e99999999999999999999"] {
        assert_eq!(Number::parse(text).err(), Some(NumberError::Large), "{text}");
    }
    assert_eq!(number("0e999999999").signum(), 0);
}

#[test]
fn equality_and_order_are_by_value() {
    let sorted = ["-1e3", "-1.5", "-1", "0", "1e-3", "0.5", "1", "1.5", "2", "1e3", "1e30"];
    for (at, a) in sorted.iter().enumerate() {
        for (other, b) in sorted.iter().enumerate() {
            assert_eq!(number(a).cmp(&number(b)), at.cmp(&other), "{a} {b}");
        }
    }
    for (a, b) in [("1", "1.0"), ("1e3", "1000"), ("-0", "0"), ("0.0", "0"), ("100e-2", "1")] {
        assert_eq!(number(a), number(b));
    }
}

#[test]
fn rounding() {
    for (text, floor, ceil, round) in [
        ("2.5", "2", "3", "3"),
        ("-2.5", "-3", "-2", "-3"),
        ("2.4", "2", "3", "2"),
        ("-2.4", "-3", "-2", "-2"),
        ("7", "7", "7", "7"),
        ("7.0", "7", "7", "7"),
        ("1e2", "100", "100", "100"),
        ("0.5", "0", "1", "1"),
    ] {
        let number = number(text);
        let found = (number.floor(), number.ceil(), number.round());
        let found = (found.0.to_string(), found.1.to_string(), found.2.to_string());
        assert_eq!(found, (floor.into(), ceil.into(), round.into()), "{text}");
    }
}

#[test]
fn whole_numbers_are_told() {
    for (text, whole) in [("1", Some(1)), ("1.0", Some(1)), ("1e2", Some(100)), ("1.5", None)] {
        assert_eq!(number(text).to_i64(), whole);
        assert_eq!(number(text).is_integer(), whole.is_some());
    }
    assert_eq!(Number::from(u64::MAX).to_u64(), Some(u64::MAX));
    assert_eq!(number("-1").to_usize(), None);
}

proptest! {
    #[test]
    fn arithmetic_is_that_of_wider_integers(a: i64, b: i64) {
        let (x, y) = (Number::from(a), Number::from(b));
        let (a, b) = (i128::from(a), i128::from(b));
        let wide = |n: i128| Number::from_bigint(BigInt::from(n)).unwrap();
        prop_assert_eq!(x.add(&y).unwrap(), wide(a + b));
        prop_assert_eq!(x.sub(&y).unwrap(), wide(a - b));
        prop_assert_eq!(x.mul(&y).unwrap(), wide(a * b));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        if b != 0 {
            prop_assert_eq!(x.rem(&y).unwrap(), wide(a % b));
            if a % b == 0 {
                prop_assert_eq!(x.div(&y).unwrap(), wide(a / b));
            }
        }
    }

    #[test]
    fn scaled_integers_add_and_multiply_exactly(a in -1_000_000_000i64..1_000_000_000, b in -1_000_000_000i64..1_000_000_000, p in 0i64..9, q in 0i64..9) {
        let of = |n: i64, places: i64| Number::from_decimal(BigInt::from(n), -places).unwrap();
        let (x, y) = (of(a, p), of(b, q));
        let ten = |n: i64| i128::from(10i64.pow(u32::try_from(n).unwrap()));
        let sum = i128::from(a) * ten(9 - p) + i128::from(b) * ten(9 - q);
        prop_assert_eq!(x.add(&y).unwrap(), Number::from_decimal(BigInt::from(sum), -9).unwrap());
        let product = i128::from(a) * i128::from(b);
        let product = Number::from_decimal(BigInt::from(product), -p - q).unwrap();
        prop_assert_eq!(x.mul(&y).unwrap(), product);
        let text = x.to_string();
        prop_assert_eq!(Number::parse(&text).unwrap(), x);
    }

    #[test]
    fn quotients_are_within_their_last_bit(a in 1u32..1_000_000, b in 1u32..1_000_000) {
        let (x, y) = (Number::from(a), Number::from(b));
        let off = x.div(&y).unwrap().mul(&y).unwrap().sub(&x).unwrap().abs();
        prop_assert!(off.mul(&Number::from(1u64 << 63)).unwrap() <= x);
    }
}

#[test]
fn numbers_at_the_bound_keep_their_size() {
    let text = "1e9999";
    let number = Number::parse(text).unwrap();
    let whole = number.add(&Number::from(1_i64)).unwrap();
    for made in [number.floor(), number.ceil(), number.round(), number.neg().neg(), number.abs()] {
        assert_eq!(made, number);
    }
    assert_eq!(whole.neg().abs(), whole);
    assert_eq!(whole.sub(&number).unwrap(), Number::from(1_i64));
    let nines = format!("{}.5", "9".repeat(10_000));
    let nines = Number::parse(&nines).unwrap();
    assert_eq!(nines.ceil().to_string(), format!("1{}", "0".repeat(10_000)));
    assert_eq!(nines.neg().floor(), nines.ceil().neg());
    assert_eq!(Number::parse("9e10000").unwrap_err(), NumberError::Large);
    assert_eq!(Number::parse("1e-10001").unwrap_err(), NumberError::Large);
    assert_eq!(number.mul(&number).unwrap_err(), NumberError::Large);
}
