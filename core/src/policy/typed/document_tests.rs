use super::super::Program;
use super::*;

const PLATFORM: &str = include_str!("platform.json");

#[test]
fn a_definition_is_what_its_json_says() {
    let read = Definition::from_value(&Value::from_json(PLATFORM).unwrap()).unwrap();
    assert_eq!(read, serde_json::from_str(PLATFORM).unwrap());
    // JSON is YAML, too.
    let yaml = Definition::from_value(&Value::from_yaml(PLATFORM).unwrap()).unwrap();
    assert_eq!(yaml, read);
    assert!(Program::load(&read).is_ok());
}

#[test]
fn yaml_has_dates_and_numbers_as_they_are_written() {
    let yaml = "
version: 1
name: limits
default: allow
facts: {amount: units, kyc.level: text, opened: instant}
thresholds:
  default:
    tables:
    - from: 2026-01-01
      values: {daily: {L0: 18500, L1: \"170141183460469231731687303715884105726\", L2: unlimited}}
rules:
- id: limits/day
  when: {all: [{gt: {fact: amount, value: -1}}, {lt: {fact: opened, value: 2026-01-01T00:00:00Z}}]}
  check: {type: amount, fact: amount, max: [{threshold: daily, by: kyc.level}, 18446744073709551615]}
";
    let read = Definition::from_value(&Value::from_yaml(yaml).unwrap()).unwrap();
    let json = r#"{"version": 1, "name": "limits", "default": "allow",
        "facts": {"amount": "units", "kyc.level": "text", "opened": "instant"},
        "thresholds": {"default": {"tables": [{"from": "2026-01-01",
            "values": {"daily": {"L0": 18500, "L1": "170141183460469231731687303715884105726", "L2": "unlimited"}}}]}},
        "rules": [{"id": "limits/day",
            "when": {"all": [{"gt": {"fact": "amount", "value": -1}}, {"lt": {"fact": "opened", "value": "2026-01-01T00:00:00Z"}}]},
            "check": {"type": "amount", "fact": "amount", "max": [{"threshold": "daily", "by": "kyc.level"}, 18446744073709551615]}}]}"#;
    assert_eq!(read, serde_json::from_str(json).unwrap());
    assert!(Program::load(&read).is_ok());
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let rule = |rule: &str| format!(r#"{{"version": 1, "name": "x", "rules": [{rule}]}}"#);
    let cases = [
        ("[]".to_owned(), "definition: "),
        ("{}".to_owned(), "definition: missing field `version`"),
        (
            r#"{"version": 1, "name": "x", "rulse": []}"#.to_owned(),
            "definition: unknown field `rulse`",
        ),
        (r#"{"version": "1", "name": "x"}"#.to_owned(), "version: "),
        (r#"{"version": 1.5, "name": "x"}"#.to_owned(), "version: `1.5` is no whole number"),
        (r#"{"version": 1, "name": "x", "facts": {"a": "money"}}"#.to_owned(), "facts.a: "),
        (
            r#"{"version": 1, "name": "x", "facts": {"a": {"b": 1, "c": 2}}}"#.to_owned(),
            "facts.a: has several",
        ),
        (r#"{"version": 1, "name": "x", "lists": {"a": ["b", 7]}}"#.to_owned(), "lists.a[1]: "),
        (rule(r#"{"id": "a"}"#), "rules[0]: missing field `check`"),
        (
            rule(r#"{"id": "a", "check": {"type": "match", "kode": 1}}"#),
            "rules[0].check: unknown field `kode`",
        ),
        (
            rule(r#"{"id": "a", "check": {"type": "large", "amount": "a", "at_least": 0.5}}"#),
            "rules[0].check.at_least: `0.5` is no whole",
        ),
        (
            rule(r#"{"id": "a", "check": {"type": "large", "amount": "a", "at_least": 1e3}}"#),
            "rules[0].check.at_least: `1e3` is no whole",
        ),
        (
            rule(
                r#"{"id": "a", "when": {"all": [{"eq": {"fact": "a"}}]}, "check": {"type": "permit"}}"#,
            ),
            "rules[0].when.all[0].eq: missing field `value`",
        ),
        (
            rule(r#"{"id": "a", "when": {"nor": []}, "check": {"type": "permit"}}"#),
            "rules[0].when: unknown variant `nor`",
        ),
        (rule(r#"{"id": "a", "when": "all", "check": {"type": "permit"}}"#), "rules[0].when: "),
        (
            rule(r#"{"id": "a", "outcome": {"deny": null}, "check": {"type": "permit"}}"#),
            "rules[0].outcome: write `deny` as a word",
        ),
    ];
    for (json, wanted) in cases {
        let told = Definition::from_value(&Value::from_json(&json).unwrap()).unwrap_err();
        assert!(told.to_string().starts_with(wanted), "{told} / {wanted}");
    }
}

#[test]
fn what_nests_deep_is_refused() {
    let deep = |levels| {
        let when = r#"{"not": "#.repeat(levels) + "1" + &"}".repeat(levels);
        let json = format!(
            r#"{{"version": 1, "name": "x", "rules": [{{"id": "a", "when": {when}, "check": {{"type": "permit"}}}}]}}"#
        );
        Definition::from_value(&Value::from_json(&json).unwrap()).unwrap_err().to_string()
    };
    assert!(deep(8).starts_with("rules[0].when.not"), "{}", deep(8));
    assert_eq!(deep(300), "definition: nests deeper than 48");
}
