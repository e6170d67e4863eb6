//! Whatever a text says, it is compiled or refused, and finds the same twice, within its budget.

use proptest::prelude::*;

use super::*;
use crate::kyc::logic::data::Parts;

const WORDS: [&str; 45] = [
    "a",
    "b",
    "c",
    "@",
    "*",
    ".",
    "[",
    "]",
    "[]",
    "[?",
    "[*]",
    "[0]",
    "[-1]",
    "[1:]",
    "[::-1]",
    "{",
    "}",
    "a:",
    "(",
    ")",
    ",",
    ":",
    "&",
    "&&",
    "||",
    "|",
    "!",
    "==",
    "!=",
    "<",
    ">=",
    "`1`",
    "`[1,\"a\"]`",
    "'x'",
    "\"a\"",
    "sort(",
    "length(",
    "map(&",
    "sum(",
    "to_string(",
    "merge(",
    "deep_merge(",
    " ",
    "-",
    "å",
];

fn text() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..24);
    prop_oneof![3 => words.prop_map(|words| words.concat()), 1 => "\\PC{0,40}"]
}

/// Texts that are expressions.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a", "b", "c", "@", "`1`", "'x'", "`null`", "[0]", "a.b", "c[*]",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 40, 2, |inner| {
        let sign = prop::sample::select(vec![" || ", " && ", " | ", " == ", " < ", " >= "]);
        let name = prop::sample::select(vec![
            "length",
            "sort",
            "to_string",
            "to_array",
            "type",
            "not_null",
            "keys",
            "sum",
            "reverse",
        ]);
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| format!("{a}{sign}{b}")),
            (name, inner.clone()).prop_map(|(name, of)| format!("{name}({of})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[?{b}]")),
            inner.clone().prop_map(|of| format!("map(&{of}, to_array(@))")),
            inner.prop_map(|of| format!("{{x: {of}}}")),
        ]
    })
}

fn data() -> Value {
    let json = r#"{"a": {"b": [1, 2, {"c": "x"}], "c": null}, "b": [[1], [2, [3]], "å"], "c": [{"a": 2}, {"a": 1}]}"#;
    Value::from_json(json).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_compiled_or_refused(text in text()) {
        match JmesPath::compile(&text) {
            Ok(path) => _ = path.evaluate(&data(), &mut Budget::new(2_000, 50_000)),
            Err(error) => {
                let column: usize = error.place.trim_start_matches("column ").parse().unwrap();
                prop_assert!(column >= 1 && column <= text.chars().count() + 1, "{error}");
            }
        }
    }

    #[test]
    fn an_expression_finds_the_same_twice(text in expression()) {
        let path = JmesPath::compile(&text).unwrap();
        let (mut first, mut second) = (Budget::new(2_000, 50_000), Budget::new(2_000, 50_000));
        let found = path.evaluate(&data(), &mut first);
        prop_assert_eq!(&found, &path.evaluate(&data(), &mut second));
        prop_assert_eq!(first, second);
        if let Ok(found) = found {
            let held = path.holds(&data(), &mut Budget::new(2_000, 50_000));
            prop_assert_eq!(held, Ok(machine::is_true(&found)));
        }
    }

    /// What is lent by its parts is found, and costs, as in the object of them.
    #[test]
    fn what_is_lent_is_found_as_in_the_object_of_it(text in expression()) {
        let path = JmesPath::compile(&text).unwrap();
        let data = data();
        let word = "x".to_owned();
        let inner = [("b", Some(Data::Text(&word))), ("c", None)];
        let inner = Parts { named: &inner, others: None };
        let named = [("a", Some(Data::Parts(&inner))), ("b", None)];
        let lent = Parts { named: &named, others: data.as_object() };
        let whole = Data::Parts(&lent).to_value();
        let (mut first, mut second) = (Budget::new(2_000, 50_000), Budget::new(2_000, 50_000));
        let found = path.evaluate_lent(Data::Parts(&lent), &mut first);
        prop_assert_eq!(found, path.evaluate(&whole, &mut second));
        prop_assert_eq!(first, second);
    }
}
