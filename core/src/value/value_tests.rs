use proptest::prelude::*;

use super::*;

pub(crate) fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z\"\\\\\n\u{e9}<]{0,6}".prop_map(Value::from),
        (any::<i32>(), 0i64..6).prop_map(|(n, places)| {
            Value::from(Number::from_decimal(n.into(), -places).unwrap())
        }),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::array),
            prop::collection::vec(("[a-c]{0,2}".prop_map(Value::from), inner), 0..5)
                .prop_map(Value::object),
        ]
    })
}

proptest! {
    #[test]
    fn json_is_read_as_it_is_written(value in values()) {
        prop_assert_eq!(&Value::from_json(&value.to_json()).unwrap(), &value);
        prop_assert_eq!(&Value::from_json(&value.to_html_safe_json()).unwrap(), &value);
    }

    #[test]
    fn the_order_is_total(a in values(), b in values(), c in values()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
        let set = Value::set([a.clone(), b.clone(), c.clone(), a.clone()]);
        for item in [&a, &b, &c] {
            prop_assert_eq!(set.get(item), Some(item));
        }
    }
}

#[test]
fn kinds_are_in_order() {
    let texts =
        ["null", "false", "true", "-1", "1", "\"\"", "\"a\"", "[]", "[1]", "{}", "{\"a\":1}"];
    let values: Vec<Value> = texts.iter().map(|text| Value::from_json(text).unwrap()).collect();
    assert!(values.is_sorted());
    assert!(values.last().unwrap() < &Value::set([]));
}

#[test]
fn of_equal_keys_the_last_counts() {
    let value = Value::from_json(r#"{"b": 1, "a": 1, "b": 2, "a": 3, "b": 3}"#).unwrap();
    assert_eq!(value.to_json(), r#"{"a":3,"b":3}"#);
}

#[test]
fn texts() {
    let set = Value::set([Value::int(2), Value::int(1), Value::int(2)]);
    assert_eq!(set.to_string(), "{1, 2}");
    assert_eq!(Value::set([]).to_string(), "set()");
    assert_eq!(Value::object([]).to_string(), "{}");
    assert_eq!(Value::object([(Value::int(1), set)]).to_json(), r#"{"1":[1,2]}"#);
    assert_eq!(Value::from("<\u{1}").to_json(), r#""<\u0001""#);
    assert_eq!(Value::from("<").to_html_safe_json(), r#""\u003c""#);
}

#[test]
fn no_json() {
    for text in [
        "",
        "[1",
        "{\"a\"}",
        "{\"a\":1,}",
        "[1,]",
        "tru",
        "\"\\x\"",
        "\"\n\"",
        "1 2",
        "01",
        "{1:2}",
    ] {
        assert!(Value::from_json(text).is_err(), "{text}");
    }
    assert_eq!(Value::from_json(r#""\ud83d\ude00\ud83d""#).unwrap().as_str(), Some("😀\u{fffd}"));
}

#[test]
fn keys_are_equal_by_value_and_indices_by_text() {
    let array = Value::from_json("[7, 8]").unwrap();
    let object = Value::object([(Value::int(1), Value::from("a"))]);
    let set = Value::set([Value::int(1)]);
    for (key, index) in [("1", true), ("1.0", false), ("1e0", false), ("10e-1", false)] {
        let key = Value::from_json(key).unwrap();
        assert_eq!(array.get(&key), index.then_some(&Value::int(8)), "{key}");
        assert_eq!(object.get(&key), Some(&Value::from("a")), "{key}");
        assert_eq!(set.get(&key), Some(&Value::int(1)), "{key}");
    }
    let half = Value::from_json("0.5").unwrap();
    let doubled = half.as_number().unwrap().add(half.as_number().unwrap()).unwrap();
    assert_eq!(array.get(&Value::from(doubled)), Some(&Value::int(8)));
    assert_eq!(array.get(&Value::from("1")), None);
    assert_eq!(array.get(&Value::int(-1)), None);
    assert_eq!(array.get(&Value::int(2)), None);
}
