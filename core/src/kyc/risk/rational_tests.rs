//! What is printed of a fraction, and that order and sums are exact.

use super::*;

fn of(text: &str) -> Rational {
    let (top, bottom) = text.split_once('/').unwrap_or((text, "1"));
    let number = |text: &str| Rational::from(&Number::parse(text).unwrap());
    number(top).div(&number(bottom))
}

#[test]
fn six_digits_are_printed_and_a_half_goes_to_the_even_one() {
    for (exact, printed, whole) in [
        ("0", "0", true),
        ("70", "70", true),
        ("0.25", "0.25", true),
        ("125/3", "41.666667", false),
        ("-125/3", "-41.666667", false),
        ("1/3", "0.333333", false),
        ("0.0000005", "0", false),
        ("0.0000015", "0.000002", false),
        ("0.0000025", "0.000002", false),
        ("-0.0000015", "-0.000002", false),
        ("0.000001", "0.000001", true),
        ("69.9999999", "70", false),
        ("1e3", "1000", true),
    ] {
        let fraction = of(exact);
        assert_eq!(fraction.to_string(), printed, "{exact}");
        assert_eq!(fraction.is_printed_exactly(), whole, "{exact}");
    }
}

#[test]
fn comparison_is_exact_and_not_of_what_is_printed() {
    assert!(of("69.9999999") < of("70"));
    assert!(of("1/3") > of("0.333333"));
    assert_eq!(of("2/6"), of("1/3"));
    assert_eq!(of("1/3").add(&of("1/6")), of("0.5"));
    assert_eq!(of("1/3").mul(&of("3")), of("1"));
    assert_eq!(of("1/-3"), of("-1/3"));
    assert_eq!(of("1").div(&Rational::zero()), Rational::zero());
}
