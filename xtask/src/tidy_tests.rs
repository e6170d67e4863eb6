use super::*;
use std::collections::BTreeSet;

#[test]
fn rules_have_unique_names() {
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), RULES.len());
}

#[test]
fn a_finding_reads_as_place_what_remedy() {
    let finding = Finding::error("core/src/a.rs", 3, "uses `std::fs`", "move it to an adapter");
    assert_eq!(
        finding.report("core-imports"),
        "core/src/a.rs:3: error: [core-imports] uses `std::fs`; move it to an adapter"
    );
}

#[test]
fn an_unknown_rule_is_refused() {
    let tidy = Tidy { rule: Some("no-such-rule".to_owned()), list: false };
    let failure = tidy.run(&Repo::find().unwrap()).unwrap_err();
    assert!(failure.to_string().contains("`no-such-rule`"));
}
