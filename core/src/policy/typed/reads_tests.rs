use super::super::Definition;
use super::*;
use crate::policy::rego::Value;

fn needs(facts: &str, rules: &str) -> Vec<(String, Need)> {
    let definition = format!(
        r#"{{"version": 1, "name": "p", "default": "deny", "facts": {facts}, "rules": {rules},
            "thresholds": {{"default": {{"tables": [{{"from": "2026-01-01", "values": {{"t": {{"L0": 1}}}}}}]}}}}}}"#
    );
    let definition = Definition::from_value(&Value::from_json(&definition).unwrap()).unwrap();
    let program = Program::load(&definition).unwrap();
    let reads = program.reads().into_iter();
    reads
        .skip(2)
        .filter(|read| read.need != Need::Never)
        .map(|read| (read.name.to_owned(), read.need))
        .collect()
}

#[test]
fn a_fact_is_needed_always_or_sometimes() {
    use Need::{Always, Sometimes};
    let facts = r#"{"a": "text", "b": "text", "n": "units", "unread": "bool"}"#;
    let cases: [(&str, &[(&str, Need)]); 7] = [
        ("[]", &[]),
        (
            r#"[{"id": "r", "check": {"type": "access"}}]"#,
            &[("subject.roles", Always), ("permission", Always)],
        ),
        (
            r#"[{"id": "r", "check": {"type": "amount", "fact": "n", "max": [{"threshold": "t", "by": "a"}]}}]"#,
            &[("jurisdiction", Always), ("now", Always), ("a", Always), ("n", Always)],
        ),
        (
            r#"[{"id": "r", "when": {"eq": {"fact": "a", "value": "x"}}, "check": {"type": "large", "amount": "n", "at_least": 5}}]"#,
            &[("a", Always), ("n", Sometimes)],
        ),
        (
            r#"[{"id": "r", "when": {"eq": {"fact": "a", "value": "x"}}, "check": {"type": "permit"}}]"#,
            &[("a", Sometimes)],
        ),
        (
            r#"[{"id": "r", "when": {"all": [{"eq": {"fact": "a", "value": "x"}}, {"eq": {"fact": "b", "value": "x"}}]}, "check": {"type": "match"}}]"#,
            &[("a", Sometimes), ("b", Sometimes)],
        ),
        (
            r#"[{"id": "r", "when": {"any": [{"eq": {"fact": "a", "value": "x"}}, {"not": {"is_known": "b"}}]}, "check": {"type": "match"}}]"#,
            &[("a", Always), ("b", Sometimes)],
        ),
    ];
    for (rules, wanted) in cases {
        let wanted: Vec<_> =
            wanted.iter().map(|(name, need)| ((*name).to_owned(), *need)).collect();
        assert_eq!(needs(facts, rules), wanted, "{rules}");
    }
}
