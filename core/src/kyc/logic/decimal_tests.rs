use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[test]
fn a_quotient_has_34_digits_and_a_half_goes_to_the_even_one() {
    let cases = [
        ("10", "4", "2.5"),
        ("0.1", "0.3", "0.3333333333333333333333333333333333"),
        ("2", "3", "0.6666666666666666666666666666666667"),
        ("-2", "3", "-0.6666666666666666666666666666666667"),
        ("200000000000000000000000000000000000000", "2", "100000000000000000000000000000000000000"),
        // 34 digits and a half: down to the even digit, and up to it.
        ("10000000000000000000000000000000005", "10", "1000000000000000000000000000000000"),
        ("10000000000000000000000000000000015", "10", "1000000000000000000000000000000002"),
        ("10000000000000000000000000000000005.1", "10", "1000000000000000000000000000000001"),
        ("99999999999999999999999999999999999", "10", "10000000000000000000000000000000000"),
        ("0", "7", "0"),
        ("1e-9000", "2", "5e-9001"),
    ];
    for (a, b, wanted) in cases {
        assert_eq!(divide(&number(a), &number(b)), Ok(number(wanted)), "{a} / {b}");
    }
    assert_eq!(divide(&number("1"), &number("0.0")), Err(NumberError::DivideByZero));
}

#[test]
fn a_remainder_has_the_sign_of_the_dividend() {
    let cases = [
        ("7", "3", "1"),
        ("-7", "3", "-1"),
        ("7", "-3", "1"),
        ("5.5", "2", "1.5"),
        ("1", "0.3", "0.1"),
    ];
    for (a, b, wanted) in cases {
        assert_eq!(remainder(&number(a), &number(b)), Ok(number(wanted)), "{a} % {b}");
    }
    assert_eq!(remainder(&number("1.5"), &number("0")), Err(NumberError::ModuloByZero));
    assert_eq!(remainder(&number("1"), &number("0")), Err(NumberError::ModuloByZero));
}

#[test]
fn a_number_is_written_plainly_as_long_as_people_can_read_it() {
    let cases = [
        ("0", "0"),
        ("-12", "-12"),
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("123456789012345678901", "123456789012345678901"),
        ("1234567890123456789012", "1.234567890123456789012e+21"),
        ("1e21", "1e+21"),
        ("0.000001", "0.000001"),
        ("-0.0000001", "-1e-7"),
        ("1234567.891", "1234567.891"),
    ];
    for (written, wanted) in cases {
        assert_eq!(plain(&number(written)), wanted, "{written}");
    }
}
