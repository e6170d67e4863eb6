use proptest::prelude::*;

use super::*;
use crate::money::MAX_EXCERPT_CHARS;
use crate::money::model::words;

fn units(text: &str, scale: u8) -> u128 {
    match Amount::parse(text, scale) {
        Ok(amount) => amount.units(),
        Err(error) => panic!("{error}"),
    }
}

fn refusal(text: &str, scale: u8) -> String {
    match Amount::parse(text, scale) {
        Ok(amount) => panic!("`{text}` was read as {amount:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn reads_exact_decimals() {
    let max = "340282366920938463463374607431768211455";
    #[rustfmt::skip]
    let cases = [
        ("0",                     0,  0),
        ("0",                     2,  0),
        ("0.00",                  2,  0),
        ("250.00",                2,  25_000),
        ("250",                   2,  25_000),
        ("250.5",                 2,  25_050),
        ("250.05",                2,  25_005),
        ("000250.05",             2,  25_005),
        ("1.500",                 2,  150),
        ("1.0",                   0,  1),
        ("1.00000000000000000000000000000000000000000000", 0, 1),
        ("0.000000000000000001",  18, 1),
        ("1",                     38, 10_u128.pow(38)),
        (max,                     0,  u128::MAX),
        ("3402823669209384634633746074317682114.55", 2, u128::MAX),
        ("3.40282366920938463463374607431768211455", 38, u128::MAX),
    ];
    for (text, scale, expected) in cases {
        assert_eq!(units(text, scale), expected, "`{text}` at scale {scale}");
    }
}

#[test]
fn refuses_everything_else() {
    let (over, seventy, long) =
        ("340282366920938463463374607431768211456", "7".repeat(70), "0".repeat(129));
    let (sixty_four, sixty_four_zeros) = ("7".repeat(64), "0".repeat(64));
    #[rustfmt::skip]
    let cases = [
        ("",          2, "amount is empty".to_owned()),
        ("+1",        2, "amount `+1` begins with the sign `+`, amounts are unsigned".to_owned()),
        ("-0",        2, "amount `-0` begins with the sign `-`, amounts are unsigned".to_owned()),
        (".5",        2, "amount `.5` has no digit before the point".to_owned()),
        (".",         2, "amount `.` has no digit before the point".to_owned()),
        ("5.",        2, "amount `5.` has no digit after the point".to_owned()),
        ("1.2.3",     2, "amount `1.2.3` has a second point at character 4".to_owned()),
        ("1..2",      2, "amount `1..2` has a second point at character 3".to_owned()),
        ("1e5",       2, "amount `1e5` has `e` at character 2, expected a digit".to_owned()),
        ("1E5",       2, "amount `1E5` has `E` at character 2, expected a digit".to_owned()),
        ("0x1F",      2, "amount `0x1F` has `x` at character 2, expected a digit".to_owned()),
        ("NaN",       2, "amount `NaN` has `N` at character 1, expected a digit".to_owned()),
        ("inf",       2, "amount `inf` has `i` at character 1, expected a digit".to_owned()),
        ("1,000.00",  2, "amount `1,000.00` has `,` at character 2, expected a digit".to_owned()),
        ("1_000",     2, "amount `1_000` has `_` at character 2, expected a digit".to_owned()),
        ("1 000",     2, "amount `1 000` has ` ` at character 2, expected a digit".to_owned()),
        (" 1",        2, "amount ` 1` has ` ` at character 1, expected a digit".to_owned()),
        ("1\n",       2, "amount `1\\n` has `\\n` at character 2, expected a digit".to_owned()),
        ("1\0",       2, "amount `1\\0` has `\\0` at character 2, expected a digit".to_owned()),
        ("1-",        2, "amount `1-` has `-` at character 2, expected a digit".to_owned()),
        ("٣",         2, "amount `٣` has `٣` at character 1, expected a digit".to_owned()),
        ("１.00",     2, "amount `１.00` has `１` at character 1, expected a digit".to_owned()),
        ("12½",       2, "amount `12½` has `½` at character 3, expected a digit".to_owned()),
        ("1.505",     2, "amount `1.505` has 3 fraction digits, the scale allows 2".to_owned()),
        ("1.5050",    2, "amount `1.5050` has 3 fraction digits, the scale allows 2".to_owned()),
        ("0.1",       0, "amount `0.1` has 1 fraction digits, the scale allows 0".to_owned()),
        (over,        0, format!("amount `{over}` is too large at scale 0")),
        ("4",         38, "amount `4` is too large at scale 38".to_owned()),
        ("1",         39, "amount `1` is too large at scale 39".to_owned()),
        (&seventy,    0, format!("amount `{sixty_four}…` is too large at scale 0")),
        (&long,       0, format!("amount `{sixty_four_zeros}…` has 129 bytes, at most 128 are allowed")),
    ];
    for (text, scale, expected) in cases {
        assert_eq!(refusal(text, scale), expected);
    }
}

#[test]
fn a_hundred_and_twenty_eight_bytes_are_read() {
    assert_eq!(units(&format!("{}1", "0".repeat(127)), 0), 1);
}

#[test]
fn prints_the_scale_exactly() {
    #[rustfmt::skip]
    let cases = [
        (0,         0,  "0"),
        (0,         2,  "0.00"),
        (5,         2,  "0.05"),
        (25_000,    2,  "250.00"),
        (25_000,    0,  "25000"),
        (1,         18, "0.000000000000000001"),
        (u128::MAX, 0,  "340282366920938463463374607431768211455"),
        (u128::MAX, 38, "3.40282366920938463463374607431768211455"),
        (u128::MAX, 39, "0.340282366920938463463374607431768211455"),
        (1,         40, "0.0000000000000000000000000000000000000001"),
    ];
    for (units, scale, expected) in cases {
        assert_eq!(Amount::from_units(units).to_text(scale), expected);
    }
}

#[test]
fn operations_stop_at_the_bounds() {
    let one = Amount::from_units(1);
    assert_eq!(one.checked_add(Amount::MAX), None);
    assert_eq!(Amount::ZERO.checked_sub(one), None);
    assert_eq!(Amount::MAX.checked_mul(2), None);
    assert_eq!(one.checked_div_rem(0), None);
    let seven = Amount::from_units(7);
    assert_eq!(seven.checked_div_rem(2), Some((Amount::from_units(3), one)));
    assert_eq!(Amount::checked_sum([]), Some(Amount::ZERO));
    assert_eq!(Amount::checked_sum([seven, one, seven]), Some(Amount::from_units(15)));
    assert_eq!(Amount::checked_sum([Amount::MAX, one]), None);
}

#[test]
fn is_serialised_as_a_string() {
    let max = r#""340282366920938463463374607431768211455""#;
    assert_eq!(serde_json::to_string(&Amount::MAX).unwrap(), max);
    #[rustfmt::skip]
    let accepted = [(max, u128::MAX), (r#""0""#, 0), ("0", 0), ("25000", 25_000), ("18446744073709551615", u64::MAX.into())];
    for (json, expected) in accepted {
        assert_eq!(serde_json::from_str::<Amount>(json).unwrap().units(), expected);
    }
    #[rustfmt::skip]
    let refused = [
        ("1.0",     "floating point"),
        ("1e3",     "floating point"),
        // Beyond 64 bits a JSON number reaches us as a float, its digits lost.
        ("18446744073709551616", "floating point"),
        ("-1",      "non-negative"),
        (r#""-1""#, "`-1` has something other than a digit at character 1"),
        (r#""+1""#, "`+1` has something other than a digit at character 1"),
        (r#""1.0""#, "`1.0` has something other than a digit at character 2"),
        (r#""007""#, "`007` has a leading zero"),
        (r#""""#,   "`` has no digits"),
        (r#""340282366920938463463374607431768211456""#, "is too large"),
        ("null",    "null"),
        ("true",    "boolean"),
        ("[1]",     "sequence"),
    ];
    for (json, expected) in refused {
        let error = serde_json::from_str::<Amount>(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{json}: {error}");
    }
}

#[test]
fn cbor_carries_every_integer() {
    for units in [0, 1, u64::MAX.into(), u128::from(u64::MAX) + 1, u128::MAX] {
        let mut text = Vec::new();
        ciborium::into_writer(&Amount::from_units(units), &mut text).unwrap();
        assert_eq!(ciborium::from_reader::<Amount, _>(&*text).unwrap().units(), units);
        let mut number = Vec::new();
        ciborium::into_writer(&units, &mut number).unwrap();
        assert_eq!(ciborium::from_reader::<Amount, _>(&*number).unwrap().units(), units);
    }
    let mut float = Vec::new();
    ciborium::into_writer(&1.0_f64, &mut float).unwrap();
    assert!(ciborium::from_reader::<Amount, _>(&*float).is_err());
}

proptest! {
    #[test]
    fn text_is_read_back(units in words(), scale in any::<u8>()) {
        let amount = Amount::from_units(units);
        let text = amount.to_text(scale);
        if text.len() <= MAX_AMOUNT_TEXT_BYTES {
            prop_assert_eq!(Amount::parse(&text, scale), Ok(amount));
        }
        prop_assert_eq!(text.split_once('.').map_or(0, |(_, f)| f.len()), usize::from(scale));
    }

    #[test]
    fn serialised_forms_are_read_back(units in words()) {
        let amount = Amount::from_units(units);
        let json = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), amount);
    }

    /// Whatever comes in, the answer is an amount that prints as the same number, or a message of
    /// bounded length on one line.
    #[test]
    fn any_text_is_read_or_refused(text in prop_oneof![any::<String>(), "[0-9.+e, -]{0,50}"], scale in 0..=38_u8) {
        match Amount::parse(&text, scale) {
            Ok(amount) => {
                let back = amount.to_text(scale);
                prop_assert_eq!(canonical(&back), canonical(&text));
            }
            Err(error) => {
                let message = error.to_string();
                prop_assert!(message.chars().count() < MAX_EXCERPT_CHARS * 10 + 100);
                prop_assert!(!message.contains(char::is_control));
            }
        }
    }
}

/// The text without zeros that add nothing.
fn canonical(text: &str) -> (String, String) {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    (whole.trim_start_matches('0').to_owned(), fraction.trim_end_matches('0').to_owned())
}
