use super::*;
use crate::kyc::logic::Logic;

fn refused(rule: &str, dialect: Dialect) -> String {
    let rule = Value::from_json(rule).unwrap();
    Logic::compile_as(&rule, dialect).map_or_else(|error| error.to_string(), |_| "taken".into())
}

#[test]
fn a_rule_that_is_wrong_is_refused_with_its_place() {
    let cases = [
        (r#"{"vra": "a"}"#, "rule: there is no operator `vra`"),
        (
            r#"{"and": [true, {"if": [{"missin": ["a"]}, 1, 2]}]}"#,
            "and/1/if/0: there is no operator `missin`; `missing` is near",
        ),
        (r#"{"approve": true}"#, "rule: there is no operator `approve`"),
        (r#"{"or": [{"==": [1]}]}"#, "or/0/==: takes 2 arguments and is given 1"),
        (r#"{"<": [1, 2, 3, 4]}"#, "<: takes 2 to 3 arguments and is given 4"),
        (r#"{"and": []}"#, "and: takes at least 1 arguments and is given 0"),
        (
            r#"{"merge": [{"a": 1, "b": 2}]}"#,
            "merge/0: an object of a rule has one key, which is its operator, and this one has 2",
        ),
        (r#"{"var": true}"#, "var: the path must be a text, as `document.status`"),
        (
            r#"{"!": {"method": ["a", "b"]}}"#,
            "!: `method` calls into JavaScript and is not taken; say what it does with other operators",
        ),
    ];
    for (rule, wanted) in cases {
        assert_eq!(refused(rule, Dialect::Strict), wanted, "{rule}");
    }
}

#[test]
fn the_dialect_of_javascript_takes_any_number_of_arguments() {
    for rule in [
        r#"{"and": []}"#,
        r#"{"<": [1, 2, 3, 4]}"#,
        r#"{"==": []}"#,
        r#"{"a": 1, "b": 2}"#,
        r#"{"map": []}"#,
    ] {
        assert_eq!(refused(rule, Dialect::JavaScript), "taken", "{rule}");
    }
    let none = "*: takes at least 1 arguments and is given 0";
    assert_eq!(refused(r#"{"*": []}"#, Dialect::JavaScript), none);
    let method = r#"{"method": ["a", "b"]}"#;
    assert!(refused(method, Dialect::JavaScript).contains("is not taken"));
}

#[test]
fn a_rule_has_bounds() {
    let nested = |deep: usize| format!("{}true{}", r#"{"!": ["#.repeat(deep), "]}".repeat(deep));
    assert_eq!(refused(&nested(100), Dialect::Strict), "taken");
    assert!(refused(&nested(101), Dialect::Strict).ends_with("nests deeper than 100 operators"));
    let lists = format!("{}{}", "[".repeat(250), "]".repeat(250));
    assert!(refused(&lists, Dialect::Strict).ends_with("nests deeper than 100 operators"));
    let wide = format!(r#"{{"or": [{}true]}}"#, r#"{"!":true},"#.repeat(PARTS));
    assert!(refused(&wide, Dialect::Strict).ends_with("has more than 20000 parts"));
}
