use proptest::prelude::*;

use super::*;
use crate::money::model::words;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn from_decimals() {
    #[rustfmt::skip]
    let cases = [
        ("0",        2,  Ok(0)),
        ("0.000",    0,  Ok(0)),
        ("250.5",    2,  Ok(25_050)),
        ("250.50",   2,  Ok(25_050)),
        ("250.500",  2,  Ok(25_050)),
        ("250.505",  2,  Err("decimal `250.505` is not a whole number of smallest units at scale 2")),
        ("-0.01",    2,  Err("decimal `-0.01` is negative, amounts are unsigned")),
        ("1",        38, Ok(10_u128.pow(38))),
        ("4",        38, Err("decimal `4` is too large at scale 38")),
        ("0.0000000000000000000000000001", 28, Ok(1)),
        ("0.0000000000000000000000000001", 27, Err("decimal `0.0000000000000000000000000001` is not a whole number of smallest units at scale 27")),
        ("79228162514264337593543950335",  0,  Ok(MAX_MANTISSA)),
        ("79228162514264337593543950335",  10, Err("decimal `79228162514264337593543950335` is too large at scale 10")),
    ];
    for (text, scale, expected) in cases {
        let result = Amount::from_decimal(decimal(text), scale);
        let result = result.map(Amount::units).map_err(|error| error.to_string());
        assert_eq!(result, expected.map_err(str::to_owned), "{text}");
    }
    let mut negative_zero = decimal("0.00");
    negative_zero.set_sign_negative(true);
    assert_eq!(Amount::from_decimal(negative_zero, 2), Ok(Amount::ZERO));
}

#[test]
fn to_decimals() {
    let misfit = |units: u128, scale: u8| {
        Err(format!("{units} units at scale {scale} do not fit a decimal exactly"))
    };
    #[rustfmt::skip]
    let cases = [
        (0,                 2,   Ok("0.00")),
        (25_050,            2,   Ok("250.50")),
        (25_050,            0,   Ok("25050")),
        (1,                 28,  Ok("0.0000000000000000000000000001")),
        (1,                 29,  misfit(1, 29)),
        (10,                29,  Ok("0.0000000000000000000000000001")),
        (0,                 255, Ok("0.0000000000000000000000000000")),
        (MAX_MANTISSA,      0,   Ok("79228162514264337593543950335")),
        (MAX_MANTISSA + 1,  0,   misfit(MAX_MANTISSA + 1, 0)),
        (MAX_MANTISSA * 10, 1,   Ok("79228162514264337593543950335")),
        (MAX_MANTISSA * 10, 0,   misfit(MAX_MANTISSA * 10, 0)),
        (10_u128.pow(30),   2,   Ok("10000000000000000000000000000")),
        (u128::MAX,         38,  misfit(u128::MAX, 38)),
    ];
    for (units, scale, expected) in cases {
        let result = Amount::from_units(units).to_decimal(scale);
        let result = result.map(|d| d.to_string()).map_err(|error| error.to_string());
        assert_eq!(result, expected.map(str::to_owned), "{units} at scale {scale}");
    }
}

proptest! {
    /// There and back is the same amount, and a refusal is only of what has no exact decimal.
    #[test]
    fn amounts_are_never_rounded(units in words(), zeros in 0..30_u32, scale in 0..=38_u8) {
        let units = units.checked_mul(10_u128.pow(zeros)).unwrap_or(units);
        let amount = Amount::from_units(units);
        match amount.to_decimal(scale) {
            Ok(decimal) => prop_assert_eq!(Amount::from_decimal(decimal, scale), Ok(amount)),
            Err(_) => {
                let (mut significant, mut digits) = (units, i32::from(scale));
                while significant != 0 && significant % 10 == 0 && digits > 0 {
                    significant /= 10;
                    digits -= 1;
                }
                prop_assert!(significant > MAX_MANTISSA || digits > 28);
            }
        }
    }

    #[test]
    fn decimals_are_never_rounded(mantissa in 0..=MAX_MANTISSA, shift in 0..96_u32, digits in 0..=28_u32, scale in 0..=38_u8) {
        let mantissa = i128::try_from(mantissa >> shift).unwrap();
        let decimal = Decimal::from_i128_with_scale(mantissa, digits);
        match Amount::from_decimal(decimal, scale) {
            // The texts agree, read by two parsers that share nothing.
            Ok(amount) => {
                prop_assert_eq!(Amount::parse(&decimal.to_string(), scale), Ok(amount));
                let back = amount.to_decimal(scale).unwrap();
                prop_assert_eq!(back.normalize(), decimal.normalize());
            }
            Err(_) => prop_assert!(Amount::parse(&decimal.to_string(), scale).is_err()),
        }
    }
}
