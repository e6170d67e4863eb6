use super::{KIND_RULES, lint_kind};
use crate::kyc::Surroundings;
use crate::kyc::case::{Desk, Kind};
use crate::kyc::chart::{Chart, Expr, Place, Severity};
use crate::value::Value;

const CHART: &str = r#"
chart: 1
id: onboarding
context: {risk: low, country: DE, note: null}
states:
  review:
    on:
      decided: {target: settled, actions: [{assign: {risk: {expr: event.data.risk}}}]}
      late.*: overdue
  overdue: {on: {decided: settled}}
  resting: {on: {woken: review}}
  settled: {type: final}
"#;

/// A chart beside the other one, that hears of decisions, too.
const BESIDE: &str = "
chart: 1
id: beside
states:
  waiting: {on: {decided: heard}}
  heard: {type: final}
";

/// For each rule a kind in which it finds something, with the row, and one that is as near to it and in which nothing is wrong.
const CASES: &[(&str, &str, u32, &str, &str)] = &[
    (
        "constant-evidence",
        "evidence that never changes",
        1,
        "evidence: [country]",
        "evidence: [risk]",
    ),
    (
        "hidden-queue",
        "a queue after one without condition",
        6,
        "queues:\n- {id: a, roles: [officer]}\n- {id: b, states: [review], roles: [officer]}",
        "queues:\n- {id: b, states: [review], roles: [officer]}\n- {id: a, roles: [officer]}",
    ),
    (
        "hidden-queue",
        "a queue whose states are those of one before it",
        6,
        "queues:\n- {id: a, states: [review, overdue], when: true, roles: [officer]}\n- {id: b, states: [overdue], roles: [officer]}",
        "queues:\n- {id: a, states: [review, overdue], when: \"risk == 'high'\", roles: [officer]}\n- {id: b, states: [overdue], roles: [officer]}",
    ),
    (
        "hidden-queue",
        "a queue of more states than one before it",
        6,
        "queues:\n- {id: a, roles: [officer]}\n- {id: b, roles: [officer]}",
        "queues:\n- {id: a, states: [review], roles: [officer]}\n- {id: b, roles: [officer]}",
    ),
    (
        "hidden-queue",
        "a queue for those that wait too long, and nobody sends them",
        6,
        "queues:\n- {id: a, states: [review], within: P1D, roles: [officer]}\n- {id: b, when: false, roles: [officer]}",
        "queues:\n- {id: a, states: [review], within: P1D, escalate: b, roles: [officer]}\n- {id: b, when: false, roles: [officer]}",
    ),
    (
        "idle-queue",
        "a queue of people who decide nothing",
        5,
        "queues:\n- {id: a, roles: [clerk]}",
        "queues:\n- {id: a, roles: [clerk, officer]}",
    ),
    (
        "undecided-final",
        "an end that would come of an event that nobody can send",
        1,
        "events: {woken: {}}\ndecisions: {approve: {states: [review], roles: [officer], event: late.now}}",
        "events: {decided: {}}\ndecisions: {approve: {states: [review], roles: [officer], event: late.now}}",
    ),
    (
        "unset-variable",
        "a variable that is empty for ever",
        1,
        "opening: {given: [risk]}",
        "opening: {given: [risk, note]}",
    ),
    (
        "unheard-decision",
        "a decision where nobody waits for it",
        6,
        "decisions:\n  approve: {states: [review], roles: [officer], event: decided}\n  reject: {states: [review, resting], roles: [officer], event: decided}",
        "decisions:\n  approve: {states: [review], roles: [officer], event: decided}\n  reject: {states: [review, overdue], roles: [officer], event: decided}",
    ),
    (
        "unheard-decision",
        "votes that are taken back where nobody waits for it",
        5,
        "decisions:\n  approve: {states: [review], roles: [officer], event: decided, returned: woken}",
        "decisions:\n  approve: {states: [review], roles: [officer], event: decided, returned: late.again}",
    ),
    (
        "unheard-queue",
        "a queue whose time is over where nobody waits for it",
        5,
        "queues:\n- {id: a, states: [overdue], within: P1D, missed: late.once, roles: [officer]}",
        "queues:\n- {id: a, states: [review], within: P1D, missed: late.once, roles: [officer]}",
    ),
];

fn found(text: &str, others: &[&str]) -> Vec<(&'static str, Severity, u32)> {
    let mut text = format!("case: 1\nid: k\nchart: onboarding\n{text}\n");
    if !text.contains("decisions:") {
        // Somebody decides, unless the case says who.
        let ruling = "{states: [review], roles: [officer], event: decided}";
        text.push_str(&format!("decisions: {{approve: {ruling}}}\n"));
    }
    let kind = Kind::from_text(&text).unwrap();
    let charts = [&[CHART], others].concat();
    let charts: Vec<Chart> = charts.iter().map(|text| Chart::from_text(text).unwrap()).collect();
    Desk::load(kind.clone(), charts.clone(), Surroundings::default()).unwrap();
    let found = lint_kind(&kind, &charts).into_iter();
    found.map(|found| (found.id, found.severity, found.place.row)).collect()
}

#[test]
fn every_rule_finds_its_own_and_nothing_beside_it() {
    for &(rule, about, row, wrong, right) in CASES {
        let severity = KIND_RULES.iter().find(|known| known.id == rule).unwrap().severity;
        assert_eq!(found(wrong, &[]), [(rule, severity, row)], "{about}");
        assert_eq!(found(right, &[]), [], "{about}");
    }
    for rule in KIND_RULES {
        assert!(CASES.iter().any(|(id, ..)| *id == rule.id), "{} is not tested", rule.id);
    }
}

#[test]
fn what_another_chart_hears_is_heard() {
    let wrong = "decisions: {approve: {states: [resting], roles: [officer], event: decided}}";
    assert_eq!(found(wrong, &[]).len(), 1);
    assert_eq!(found(wrong, &[BESIDE]), []);
}

#[test]
fn what_a_script_may_change_is_not_constant() {
    let kind = Kind::from_text("case: 1\nid: k\nchart: onboarding\nevidence: [country]").unwrap();
    let chart = Chart::from_text(CHART).unwrap();
    let script = Expr { source: Value::string("country = 'FR'"), place: Place::default() };
    let scripted = Chart { script: Some(script), ..chart.clone() };
    assert_eq!(lint_kind(&kind, &[chart]).len(), 1);
    assert_eq!(lint_kind(&kind, &[scripted]).len(), 0);
}
