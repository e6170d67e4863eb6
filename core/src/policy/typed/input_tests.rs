use super::super::{Definition, Program};
use super::*;
use crate::policy::Outcome;

fn program() -> Program {
    let definition = r#"{"version": 1, "name": "p", "default": "allow",
        "facts": {"n": "units", "kyc.level": "text", "kyc.status": "text", "opened": "instant", "a.b.c": "bool", "a": "text"},
        "rules": [{"id": "r", "check": {"type": "new_account", "opened": "opened", "days": 1, "amount": "n", "above": 5}}]}"#;
    let definition = Definition::from_value(&Value::from_json(definition).unwrap()).unwrap();
    Program::load(&definition).unwrap()
}

fn told(json: &str) -> String {
    let read = Facts::from_input(&program(), Some(&Value::from_json(json).unwrap()), 0);
    read.map_or_else(|error| error.to_string(), |_| "read".to_owned())
}

#[test]
fn an_input_has_facts_and_nothing_else() {
    let cases = [
        ("{}", "read"),
        (r#"{"n": 5, "kyc": {"level": "L1"}, "kyc.status": "approved", "subject": {}}"#, "read"),
        (r#"{"n": null, "kyc": {"level": null}}"#, "read"),
        (r#"{"subject": {"tenant": "t", "roles": ["r"]}, "resource.tenant": "t"}"#, "read"),
        (r#"{"a": "x"}"#, "read"),
        ("[]", "the input is array where an object of facts belongs"),
        (r#"{"m": 5}"#, "`m` is no fact of `p`"),
        (r#"{"opend": null}"#, "`opend` is no fact of `p`: `opened` is"),
        (r#"{"kyc": {"levle": "L1"}}"#, "`kyc.levle` is no fact of `p`: `kyc.level` is"),
        (r#"{"kyc": "L1"}"#, "`kyc` is no fact of `p`"),
        (
            r#"{"kyc": {"level": {"x": 1}}}"#,
            "fact `kyc.level` is of another type than it is declared with",
        ),
        (r#"{"subject": {"id": "x"}}"#, "`subject.id` is no fact of `p`"),
        (
            r#"{"kyc": {"level": "L1"}, "kyc.level": "L3"}"#,
            "fact `kyc.level` is in the input twice: by its whole name and within an object",
        ),
        (
            r#"{"kyc": {"level": null}, "kyc.level": "L3"}"#,
            "fact `kyc.level` is in the input twice: by its whole name and within an object",
        ),
        (r#"{"a": {"b": {"c": true}}}"#, "fact `a` is of another type than it is declared with"),
        (r#"{"a.b": {"c": true}}"#, "`a.b` is no fact of `p`"),
        (
            r#"{"now": "2026-01-01T00:00:00Z"}"#,
            "`now` is the request's own time: leave it out of the input",
        ),
        (r#"{"n": "five"}"#, "fact `n` is of another type than it is declared with"),
        (r#"{"permission": "*:*"}"#, "fact `permission` is no permission: write `resource:action`"),
    ];
    for (json, wanted) in cases {
        assert_eq!(told(json), wanted, "{json}");
    }
}

#[test]
fn the_time_is_the_request_s() {
    let program = program();
    let input = r#"{"subject.tenant": "t", "resource.tenant": "t", "n": 6, "opened": "1970-01-01T00:00:00Z"}"#;
    let input = Value::from_json(input).unwrap();
    let at = |now| program.permits(&Facts::from_input(&program, Some(&input), now).unwrap());
    assert_eq!(at(0), Outcome::Review);
    assert_eq!(at(86_400_000_000_000), Outcome::Allow);
    // Without an input nothing but the time is known.
    assert_eq!(program.permits(&Facts::from_input(&program, None, 0).unwrap()), Outcome::Deny);
}

#[test]
fn an_input_that_is_large_or_deep_is_refused_soon() {
    let deep = r#"{"kyc":"#.repeat(300) + "1" + &"}".repeat(300);
    assert_eq!(told(&deep), "`kyc.kyc` is no fact of `p`");
    let long = format!(r#"{{"{}": 1}}"#, "x".repeat(100_000));
    assert!(told(&long).len() < 100);
}
