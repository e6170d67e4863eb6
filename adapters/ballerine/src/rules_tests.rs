use thalium::kyc::logic::{Budget, Dialect, Logic};

use super::*;

const CONTEXT: &str = r#"{"entity": {"data": {"score": 55, "name": "Nordhavn", "country": "NO", "founded": "2019-12-01", "owners": ["A"], "none": [], "limit": 50, "flag": false, "list": [{"n": 3}]}}, "now": "2026-11-30T00:00:00Z"}"#;

fn passes(rule: &str) -> bool {
    let guard = rules(&format!(r#"{{"operator": "and", "rules": [{rule}]}}"#))
        .unwrap_or_else(|errors| panic!("{errors:?}"));
    let logic = Logic::compile_as(&guard, Dialect::JavaScript).unwrap();
    logic.holds(&Value::from_json(CONTEXT).unwrap(), &mut Budget::default()).unwrap()
}

#[test]
fn operators_of_rules() {
    let cases = [
        ("score", "EQUALS", "55", true),
        ("score", "EQUALS", "\"55\"", false),
        ("flag", "EQUALS", "false", true),
        ("nothing", "EQUALS", "55", false),
        ("score", "NOT_EQUALS", "54", true),
        ("nothing", "NOT_EQUALS", "54", false),
        ("score", "GT", "55", false),
        ("score", "GT", "54.9", true),
        ("nothing", "LT", "1", false),
        ("score", "LT", "56", true),
        ("score", "GTE", "55", true),
        ("score", "LTE", "54", false),
        ("score", "BETWEEN", "{\"min\": 55, \"max\": 60}", true),
        ("score", "BETWEEN", "{\"min\": 56, \"max\": 60}", false),
        ("country", "IN", "[\"SE\", \"NO\"]", true),
        ("nothing", "IN", "[\"SE\"]", false),
        ("country", "NOT_IN", "[\"SE\"]", true),
        ("nothing", "NOT_IN", "[\"SE\"]", false),
        ("owners", "EXISTS", "{}", true),
        ("none", "EXISTS", "{}", false),
        ("score", "EXISTS", "{}", false),
        ("founded", "LAST_YEAR", "{\"years\": 7}", true),
        ("founded", "LAST_YEAR", "{\"years\": 6}", false),
        ("list[0].n", "EQUALS", "3", true),
    ];
    for (key, operator, value, wanted) in cases {
        let rule = format!(
            r#"{{"key": "entity.data.{key}", "operator": "{operator}", "value": {value}}}"#
        );
        assert_eq!(passes(&rule), wanted, "{rule}");
    }
}

#[test]
fn rules_compare_with_other_parts_of_the_context() {
    let rule = |operator: &str, path: &str| {
        format!(
            r#"{{"key": "entity.data.score", "operator": "{operator}", "value": "{path}", "isPathComparison": true}}"#
        )
    };
    assert!(passes(&rule("GT", "entity.data.limit")));
    assert!(!passes(&rule("LT", "entity.data.limit")));
    assert!(!passes(&rule("NOT_EQUALS", "entity.data.nothing")));
}

#[test]
fn sets_within_sets() {
    let rule = |value: u8| {
        format!(r#"{{"key": "entity.data.score", "operator": "EQUALS", "value": {value}}}"#)
    };
    let set = |operator: &str, values: &[u8]| {
        let rules: Vec<_> = values.iter().map(|value| rule(*value)).collect();
        format!(r#"{{"operator": "{operator}", "rules": [{}]}}"#, rules.join(","))
    };
    assert!(passes(&set("or", &[1, 55])));
    assert!(!passes(&set("and", &[1, 55])));
    assert!(passes(&set("and", &[])));
    assert!(!passes(&set("or", &[])));
}

#[test]
fn what_cannot_be_asked_is_refused_with_its_place() {
    let cases = [
        (r#"{"operator": "or", "rules": []}"#, ""),
        (r#"{"operator": "xor", "rules": []}"#, ""),
        (
            r#"{"operator": "and", "rules": [{"key": "a", "operator": "AML_CHECK", "value": 1}]}"#,
            "rules/0",
        ),
        (
            r#"{"operator": "and", "rules": [{"key": "a", "operator": "EQUAL", "value": 1}]}"#,
            "rules/0",
        ),
        (
            r#"{"operator": "and", "rules": [{"key": "a", "operator": "GT", "value": [1]}]}"#,
            "rules/0",
        ),
        (
            r#"{"operator": "and", "rules": [{"key": "a", "operator": "IN", "value": 1}]}"#,
            "rules/0",
        ),
        (
            r#"{"operator": "and", "rules": [{"key": "a", "operator": "GT", "value": 1, "not": true}]}"#,
            "rules/0/not",
        ),
        (
            r#"{"operator": "and", "rules": [{"key": "a", "operator": "BETWEEN", "value": {"min": 1}}]}"#,
            "rules/0",
        ),
        (r#"{"operator": "and", "rules": 1}"#, "rules"),
        ("[", ""),
    ];
    for (text, path) in cases {
        let errors = rules(text).unwrap_err();
        assert_eq!(errors[0].place.path, path, "{text}: {errors:?}");
        assert!(errors[0].place.row > 0);
    }
}
