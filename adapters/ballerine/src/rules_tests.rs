use thalium::kyc::logic::{Budget, Dialect, Logic};

use super::*;

const CONTEXT: &str = r#"{"entity": {"data": {"score": 55, "name": "Nordhavn", "country": "NO", "founded": "2019-12-01", "owners": ["A"], "none": [], "limit": 50, "text": "55", "many": [55], "odd": {"a": 1}, "mixed": ["NO", null], "word": "never", "spoken": "in 2026", "later": "2026-01-01T10:00:00.000Z", "flag": false, "list": [{"n": 3}]}}, "now": "2026-11-30T00:00:00Z"}"#;

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
        // A text is no number, even where it writes one.
        ("text", "GTE", "55", false),
        ("text", "LTE", "55", false),
        ("text", "GTE", "\"55\"", true),
        ("text", "GT", "54", true),
        ("text", "BETWEEN", "{\"min\": 55, \"max\": 60}", false),
        // A list or an object is compared with nothing.
        ("many", "GT", "54", false),
        ("many", "GTE", "55", false),
        ("many", "LTE", "55", false),
        ("many", "BETWEEN", "{\"min\": 1, \"max\": 60}", false),
        ("many", "NOT_EQUALS", "54", false),
        ("odd", "NOT_EQUALS", "54", false),
        ("many", "IN", "[55]", false),
        ("many", "NOT_IN", "[54]", false),
        ("odd", "NOT_IN", "[54]", false),
        ("flag", "NOT_IN", "[true]", true),
        // What is no date is in no year.
        ("word", "LAST_YEAR", "{\"years\": 7}", false),
        ("spoken", "LAST_YEAR", "{\"years\": 7}", false),
        ("score", "LAST_YEAR", "{\"years\": 7}", false),
        ("owners", "LAST_YEAR", "{\"years\": 7}", false),
        ("later", "LAST_YEAR", "{\"years\": 1}", true),
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
    for (operator, path, wanted) in [
        ("IN", "entity.data.many", true),
        ("NOT_IN", "entity.data.owners", true),
        ("NOT_IN", "entity.data.none", true),
        ("NOT_IN", "entity.data.many", false),
        // Only lists of plain values have something in them, or not.
        ("IN", "entity.data.text", false),
        ("NOT_IN", "entity.data.word", false),
        ("NOT_IN", "entity.data.odd", false),
        ("NOT_IN", "entity.data.list", false),
        ("NOT_IN", "entity.data.mixed", false),
        ("NOT_EQUALS", "entity.data.many", false),
        ("GTE", "entity.data.text", false),
    ] {
        assert_eq!(passes(&rule(operator, path)), wanted, "{operator} {path}");
    }
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
        (
            r#"{"operator": "and", "rules": [{"key": "a", "operator": "BETWEEN", "value": {"min": 1, "max": [2]}}]}"#,
            "rules/0",
        ),
        (
            r#"{"operator": "and", "rules": [{"key": "a", "operator": "LAST_YEAR", "value": {"years": -1}}]}"#,
            "rules/0",
        ),
        (
            r#"{"operator": "and", "rules": [{"key": "a", "operator": "LAST_YEAR", "value": {"years": 1.5}}]}"#,
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

#[test]
fn a_date_is_written_as_one() {
    let passes = |text: &str| {
        let guard = rules(r#"{"operator": "and", "rules": [{"key": "since", "operator": "LAST_YEAR", "value": {"years": 900}}]}"#).unwrap();
        let logic = Logic::compile_as(&guard, Dialect::JavaScript).unwrap();
        let context = Value::fields([
            ("since", Value::from(text)),
            ("now", Value::from("2026-11-30T00:00:00Z")),
        ]);
        logic.holds(&context, &mut Budget::default()).unwrap()
    };
    for text in [
        "2026-01-31",
        "2026-01-31T09:30",
        "2026-01-31T09:30Z",
        "2026-01-31T09:30:15",
        "2026-01-31T23:59:59Z",
        "2026-01-31T00:00:00.123Z",
    ] {
        assert!(passes(text), "{text}");
    }
    for text in [
        "",
        "z",
        "2026",
        "2026-13-01",
        "2026-00-01",
        "2026-01-32",
        "2026/01/31",
        "20 6-01-31",
        "2e3 -01-31",
        "+202-01-31",
        "2026-1-31",
        "2026-01-31 ",
        "2026-01-31T",
        "2026-01-31T24:00",
        "2026-01-31T09:60",
        "2026-01-31T09:3",
        "2026-01-31T09:30:",
        "2026-01-31T09:30:15.",
        "2026-01-31T09:30:15.12xZ",
        "2026-01-31T09:30:15Zx",
        "2026-01-31x",
    ] {
        assert!(!passes(text), "{text}");
    }
}
