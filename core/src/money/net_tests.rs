use proptest::prelude::*;

use super::*;
use crate::money::model::words;

fn net(negative: bool, magnitude: u128) -> Net {
    Net::new(negative, magnitude)
}

fn nets() -> impl Strategy<Value = Net> {
    (any::<bool>(), words()).prop_map(|(negative, magnitude)| Net::new(negative, magnitude))
}

#[test]
fn sides_make_a_net() {
    #[rustfmt::skip]
    let cases = [
        (0,         0,         net(false, 0)),
        (5,         5,         net(false, 0)),
        (7,         5,         net(false, 2)),
        (5,         7,         net(true,  2)),
        (u128::MAX, 0,         net(false, u128::MAX)),
        (0,         u128::MAX, net(true,  u128::MAX)),
        (u128::MAX, u128::MAX, net(false, 0)),
    ];
    for (plus, minus, expected) in cases {
        assert_eq!(Net::between(plus, minus), expected);
    }
}

#[test]
fn zero_is_never_negative() {
    let zeros =
        [net(true, 0), Net::ZERO.negated(), net(true, 3).checked_add(net(false, 3)).unwrap()];
    for zero in zeros {
        assert!(!zero.is_negative());
        assert_eq!(zero, Net::ZERO);
        assert_eq!(zero.to_text(2), "0.00");
    }
}

#[test]
fn sums() {
    #[rustfmt::skip]
    let cases = [
        (net(false, 5), net(false, 3), Some(net(false, 8))),
        (net(false, 5), net(true,  3), Some(net(false, 2))),
        (net(true,  5), net(false, 3), Some(net(true,  2))),
        (net(true,  3), net(false, 5), Some(net(false, 2))),
        (net(true,  5), net(true,  3), Some(net(true,  8))),
        (net(false, u128::MAX), net(false, 1), None),
        (net(true,  u128::MAX), net(true,  1), None),
        (net(true,  u128::MAX), net(false, u128::MAX), Some(Net::ZERO)),
    ];
    for (a, b, expected) in cases {
        assert_eq!(a.checked_add(b), expected);
        assert_eq!(a.checked_sub(b.negated()), expected);
    }
}

#[test]
fn order_is_that_of_the_number_line() {
    let sorted =
        [net(true, u128::MAX), net(true, 2), net(true, 1), Net::ZERO, net(false, 1), net(false, 2)];
    assert!(sorted.is_sorted());
    assert!(sorted.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn text_and_amounts() {
    assert_eq!(net(true, 25_000).to_text(2), "-250.00");
    assert_eq!(net(true, 5).to_text(2), "-0.05");
    assert_eq!(net(false, 25_000).to_text(0), "25000");
    assert_eq!(net(false, 5).to_amount(), Some(Amount::from_units(5)));
    assert_eq!(net(true, 5).to_amount(), None);
    assert_eq!(Net::from(Amount::from_units(5)), net(false, 5));
}

#[test]
fn is_serialised_as_a_string() {
    assert_eq!(serde_json::to_string(&net(true, 25_000)).unwrap(), r#""-25000""#);
    let accepted = [("-5", net(true, 5)), ("5", net(false, 5)), (r#""0""#, Net::ZERO)];
    for (json, expected) in accepted {
        assert_eq!(serde_json::from_str::<Net>(json).unwrap(), expected);
    }
    #[rustfmt::skip]
    let refused = [
        (r#""-0""#,  "`-0` is a negative zero"),
        (r#""-""#,   "`-` has no digits"),
        (r#""--1""#, "`--1` has something other than a digit at character 2"),
        (r#""-01""#, "`-01` has a leading zero"),
        (r#""+1""#,  "`+1` has something other than a digit at character 1"),
        ("-1.0",     "floating point"),
    ];
    for (json, expected) in refused {
        let error = serde_json::from_str::<Net>(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{json}: {error}");
    }
}

proptest! {
    #[test]
    fn serialised_forms_are_read_back(net in nets()) {
        let json = serde_json::to_string(&net).unwrap();
        prop_assert_eq!(serde_json::from_str::<Net>(&json).unwrap(), net);
    }

    #[test]
    fn small_nets_count_as_native_integers_do(a in any::<i64>(), b in any::<i64>()) {
        let of = |value: i128| Net::new(value < 0, value.unsigned_abs());
        let (x, y) = (i128::from(a), i128::from(b));
        prop_assert_eq!(of(x).checked_add(of(y)), Some(of(x + y)));
        prop_assert_eq!(of(x).checked_sub(of(y)), Some(of(x - y)));
        prop_assert_eq!(of(x).cmp(&of(y)), x.cmp(&y));
    }

    #[test]
    fn a_sum_less_one_part_is_the_other(a in nets(), b in nets()) {
        prop_assert_eq!(a.checked_add(b), b.checked_add(a));
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Some(a));
        }
    }
}
