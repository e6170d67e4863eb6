//! Rules as a picture shows them.

use proptest::prelude::*;

use super::*;

fn shown(rule: &str) -> String {
    readable(&Value::from_json(rule).unwrap())
}

#[test]
fn a_rule_is_read_as_people_say_it() {
    for (rule, want) in [
        (r#"{"<": [{"var": "attempts"}, 3]}"#, "attempts < 3"),
        (r#"{"and": [{"var": "a"}, {"var": "b"}]}"#, "a and b"),
        (
            r#"{"==": [{"var": "event.data.outcome"}, "approve"]}"#,
            "event.data.outcome == 'approve'",
        ),
        (r#"{"!!": [{"var": "hits"}]}"#, "hits"),
        (r#"{"!": {"var": "hits"}}"#, "not hits"),
        (r#"{"!": [{"and": [{"var": "a"}, {"var": "b"}]}]}"#, "not (a and b)"),
        (r#"{"<": [1, {"var": "a"}, 3]}"#, "1 < a < 3"),
        (r#"{"in": [{"var": "type"}, ["passport", "visa"]]}"#, "type in ['passport', 'visa']"),
        (
            r#"{"or": [{"and": [{"var": "a"}, {"var": "b"}]}, {"!=": [{"var": "c"}, null]}]}"#,
            "a and b or c != null",
        ),
        (r#"{"and": [{"or": [{"var": "a"}, {"var": "b"}]}, {"var": "c"}]}"#, "(a or b) and c"),
        (r#"{"*": [{"+": [{"var": "a"}, 1]}, 2.50]}"#, "(a + 1) * 2.50"),
        (r#"{"-": [{"var": "a"}, {"-": [{"var": "b"}, 1]}]}"#, "a - (b - 1)"),
        (r#"{"==": [{"==": [{"var": "a"}, 1]}, true]}"#, "(a == 1) == true"),
        (r#"{"missing": ["name", "born"]}"#, "missing('name', 'born')"),
        (r#"{"if": [{"var": "a"}, 1, 2]}"#, "if a then 1 else 2"),
        (r#"{"var": ["a", 7]}"#, "a"),
        (r#"{"jmespath": "hits[?score > `5`]"}"#, "hits[?score > `5`]"),
        (r#"{"rego": "data.kyc/ok"}"#, "policy data.kyc/ok"),
        ("true", "true"),
        // What has no short form is as it is written.
        (
            r#"{"some": [{"var": "l"}, {">": [{"var": ""}, 1]}]}"#,
            r#"{"some": [l, {"var": ''} > 1]}"#,
        ),
        (r#"{"a": 1, "b": {"var": "c"}}"#, r#"{"a": 1, "b": c}"#),
        ("[]", "[]"),
        (r#"{"-": [{"var": "a"}]}"#, r#"{"-": [a]}"#),
    ] {
        assert_eq!(shown(rule), want, "{rule}");
    }
}

#[test]
fn a_large_rule_is_cut() {
    let wide = format!("{{\"and\": [{}true]}}", "{\"var\": \"abcdefgh\"},".repeat(10_000));
    assert!(shown(&wide).len() < 2 * BYTES);
    let deep = format!("{}1{}", "{\"!\": [".repeat(100), "]}".repeat(100));
    assert!(shown(&deep).contains('…') && shown(&deep).len() < BYTES);
    let long = format!("{{\"{}\": \"{}\"}}", "k".repeat(9_000), "v".repeat(9_000));
    assert!(shown(&long).len() < 4 * BYTES);
}

proptest! {
    #[test]
    fn any_json_has_a_short_text(text in "[\\[\\]{}\":,a-c!<>=+*/0-9 -]{0,60}") {
        if let Ok(rule) = Value::from_json(&text) {
            prop_assert!(readable(&rule).len() < 4 * BYTES);
        }
    }
}
