//! What holds of every program and of all facts.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::super::definition::{Definition, Rule as Written};
use super::super::{Fact, Instant};
use super::tests::{PLATFORM, platform};
use super::*;

static PROGRAM: LazyLock<Program> = LazyLock::new(platform);

/// A fact by name, or none.
type Set = (&'static str, Option<Value>);

#[derive(Clone, Debug)]
enum Value {
    Units(i128),
    Text(&'static str),
    Bool(bool),
    Instant(i64),
    Texts(Vec<&'static str>),
}

fn facts(program: &Program, sets: &[Set]) -> Facts {
    let mut facts = Facts::new(program);
    for (name, value) in sets {
        let set = match value {
            None => continue,
            Some(Value::Units(units)) => facts.set(name, Fact::Units(*units)),
            Some(Value::Text(text)) => facts.set(name, Fact::Text(text)),
            Some(Value::Bool(value)) => facts.set(name, Fact::Bool(*value)),
            Some(Value::Instant(nanos)) => facts.set(name, Fact::Instant(Instant(*nanos))),
            Some(Value::Texts(texts)) => facts.set(name, Fact::Texts(texts)),
        };
        set.unwrap();
    }
    facts
}

fn units(name: &'static str) -> BoxedStrategy<Set> {
    let units = prop_oneof![
        4 => 0..30_000_i128,
        2 => 90_000..200_000_i128,
        1 => Just(i128::MAX),
        1 => -2..2_i128
    ];
    (Just(name), rare(units.prop_map(Value::Units).boxed())).boxed()
}

/// Sometimes it is not there.
fn rare(value: BoxedStrategy<Value>) -> BoxedStrategy<Option<Value>> {
    prop_oneof![19 => value.prop_map(Some), 1 => Just(None)].boxed()
}

fn text(name: &'static str, of: &'static [&'static str]) -> BoxedStrategy<Set> {
    (Just(name), rare(prop::sample::select(of).prop_map(Value::Text).boxed())).boxed()
}

fn texts(name: &'static str, of: &'static [&'static str]) -> BoxedStrategy<Set> {
    let texts = prop::collection::vec(prop::sample::select(of), 0..3);
    (Just(name), rare(texts.prop_map(Value::Texts).boxed())).boxed()
}

fn truth(name: &'static str) -> BoxedStrategy<Set> {
    (Just(name), rare(any::<bool>().prop_map(Value::Bool).boxed())).boxed()
}

const NOW: i64 = 1_772_366_400_000_000_000;
const HOUR: i64 = 3_600_000_000_000;

fn time(name: &'static str, from: i64) -> BoxedStrategy<Set> {
    let time = prop_oneof![8 => from..=NOW, 1 => Just(i64::MIN), 1 => Just(i64::MAX)];
    (Just(name), rare(time.prop_map(Value::Instant).boxed())).boxed()
}

/// Facts of the platform's program.
fn sets() -> impl Strategy<Value = Vec<Set>> {
    vec![
        text("subject.tenant", &["broker-7"]),
        text("resource.tenant", &["broker-7", "broker-7", "broker-7", "broker-7", "broker-8"]),
        texts("subject.roles", &["user-trader", "user-vip", "BrokerAdmin", "platform-admin"]),
        text("permission", &["deposit:create", "deposit:create", "ledger:read"]),
        text("jurisdiction", &["ZA", "NA"]),
        time("now", NOW),
        text("action", &["deposit", "withdrawal", "trade"]),
        units("amount"),
        text("kyc.level", &["L0", "L1", "L2", "L3", "INSTITUTIONAL", "L9"]),
        text("kyc.status", &["approved", "approved", "approved", "suspended"]),
        (Just("count.day"), rare((0..25_i128).prop_map(Value::Units).boxed())).boxed(),
        units("sum.day"),
        units("sum.month"),
        units("structuring.count"),
        units("incoming.hour"),
        units("outgoing.hour"),
        units("usual.day"),
        text("country", &["ZA", "ZA", "ZA", "ZA", "MM", "KP"]),
        texts("screening.lists", &["newsletter", "newsletter", "newsletter", "UN"]),
        truth("pep"),
        time("opened", 0),
        truth("travel.complete"),
        truth("step_up.done"),
        text("maker", &["ann"]),
        texts("checkers", &["bob", "eve", "kim", "ann"]),
        (Just("login.failures"), rare((0..6_i128).prop_map(Value::Units).boxed())).boxed(),
        time("session.started", NOW - HOUR),
    ]
}

/// A condition over three facts that may be missing, in the JSON of a document. `is_known` only as a rule of this kind may have it.
fn condition(permits: bool) -> impl Strategy<Value = String> {
    let known = move |negated: bool| {
        let name = prop::sample::select(["s", "b", "n"].as_slice());
        name.prop_map(move |name| {
            if permits == negated {
                format!(r#"{{"eq": {{"fact": "b", "value": {negated}}}}}"#)
            } else {
                // Under an even number of `not` for rules that permit, and an odd one for others.
                let leaf = format!(r#"{{"is_known": "{name}"}}"#);
                if permits { leaf } else { format!(r#"{{"not": {leaf}}}"#) }
            }
        })
    };
    let leaf = prop_oneof![
        Just(r#"{"eq": {"fact": "s", "value": "x"}}"#.to_owned()),
        Just(r#"{"not": {"in": {"fact": "s", "values": ["x", "y"]}}}"#.to_owned()),
        Just(r#"{"eq": {"fact": "b", "value": true}}"#.to_owned()),
        Just(r#"{"gt": {"fact": "n", "value": 1}}"#.to_owned()),
        Just(r#"{"not": {"le": {"fact": "n", "value": {"fact": "m"}}}}"#.to_owned()),
        known(permits),
        known(!permits),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3)
                .prop_map(|all| format!(r#"{{"all": [{}]}}"#, all.join(","))),
            prop::collection::vec(inner, 1..3)
                .prop_map(|any| format!(r#"{{"any": [{}]}}"#, any.join(","))),
        ]
    })
}

/// A program of conditions, limits and checks with conditions; the conditions that would be refused are not among them. Where it allows by
/// default no rule permits.
fn any_program() -> impl Strategy<Value = String> {
    let permit = condition(true)
        .prop_map(|when| format!(r#""when": {when}, "check": {{"type": "permit"}}"#))
        .boxed();
    any::<bool>().prop_flat_map(move |allows| {
        let outcome = prop::sample::select(["allow", "review", "review", "deny"].as_slice());
        let matches = (condition(false), outcome).prop_map(|(when, outcome)| {
            format!(r#""when": {when}, "check": {{"type": "match"}}, "outcome": "{outcome}""#)
        });
        let matches = matches.boxed();
        let velocity = condition(false).prop_map(|when| {
            let check = r#"{"type": "velocity", "amount": "n", "sum": "m", "max": [3]}"#;
            format!(r#""when": {when}, "check": {check}"#)
        });
        let rule = prop_oneof![
            3 => if allows { matches.clone() } else { permit.clone() },
            2 => matches,
            1 => velocity,
            1 => Just(r#""check": {"type": "large", "amount": "m", "at_least": 2}"#.to_owned()),
            1 => Just(
                r#""when": {"eq": {"fact": "b", "value": true}}, "check": {"type": "access"}"#
                    .to_owned()
            ),
        ];
        prop::collection::vec(rule, 1..4).prop_map(move |rules| {
            let rules = rules.iter().enumerate();
            let rules: Vec<_> =
                rules.map(|(at, rule)| format!(r#"{{"id": "r{at}", {rule}}}"#)).collect();
            let default = if allows { "allow" } else { "deny" };
            format!(
                r#"{{"version": 1, "name": "p", "default": "{default}",
                    "facts": {{"s": "text", "b": "bool", "n": "units", "m": "units"}},
                    "roles": {{"a": {{"permissions": ["x:*"]}}}}, "rules": [{}]}}"#,
                rules.join(",")
            )
        })
    })
}

/// Facts of such a program.
fn few_sets() -> impl Strategy<Value = Vec<Set>> {
    let few = |name: &'static str| {
        let value =
            prop_oneof![4 => (0..4_i128).prop_map(|n| Some(Value::Units(n))), 1 => Just(None)];
        (Just(name), value).boxed()
    };
    let seldom =
        |value: BoxedStrategy<Value>| prop_oneof![3 => value.prop_map(Some), 1 => Just(None)];
    vec![
        (Just("subject.tenant"), Just(Some(Value::Text("t")))).boxed(),
        (Just("resource.tenant"), Just(Some(Value::Text("t")))).boxed(),
        texts("subject.roles", &["a"]),
        text("permission", &["x:y", "z:y"]),
        (
            Just("s"),
            seldom(prop::sample::select(["x", "y", "z"].as_slice()).prop_map(Value::Text).boxed()),
        )
            .boxed(),
        (Just("b"), seldom(any::<bool>().prop_map(Value::Bool).boxed())).boxed(),
        few("n"),
        few("m"),
    ]
}

/// Each fact taken away makes the outcome no laxer.
fn nothing_is_gained_by_keeping_back(program: &Program, sets: &[Set]) -> Result<(), TestCaseError> {
    let all = program.permits(&facts(program, sets));
    for at in 0..sets.len() {
        let mut fewer = sets.to_vec();
        fewer.remove(at);
        let fewer = program.permits(&facts(program, &fewer));
        prop_assert!(fewer >= all, "without {}: {fewer:?}, and {all:?} with it", sets[at].0);
    }
    Ok(())
}

/// Of this many requests some are allowed, some reviewed and some denied: else the properties would say little.
#[test]
fn the_facts_have_all_outcomes() {
    let program = platform();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..3000 {
        let sets = sets().new_tree(&mut runner).unwrap().current();
        *seen.entry(program.permits(&facts(&program, &sets))).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
}

proptest! {
    #[test]
    fn the_outcome_alone_is_that_of_the_verdict(sets in sets()) {
        let facts = facts(&PROGRAM, &sets);
        let verdict = PROGRAM.decide(&facts);
        prop_assert_eq!(PROGRAM.permits(&facts), verdict.outcome);
        prop_assert!(verdict.outcome == Outcome::Allow || !verdict.reasons.is_empty());
    }

    #[test]
    fn a_fact_that_is_kept_back_gains_nothing(sets in sets()) {
        nothing_is_gained_by_keeping_back(&PROGRAM, &sets)?;
    }

    #[test]
    fn a_limit_more_makes_no_outcome_laxer(sets in sets(), max in 0..200_000_i64, at in 0..22_usize, kind in 0..4) {
        let limit = match kind {
            0 => format!(r#"{{"type": "amount", "fact": "amount", "max": [{max}], "min": {}}}"#, max / 100),
            1 => format!(r#"{{"type": "count", "fact": "count.day", "max": [{}]}}"#, max % 30),
            2 => format!(r#"{{"type": "velocity", "amount": "amount", "sum": "sum.month", "max": [{max}]}}"#),
            _ => r#"{"type": "velocity", "amount": "amount", "sum": "sum.day", "max": [{"threshold": "role_day", "by": "subject.roles"}]}"#.to_owned(),
        };
        let rule: Written = serde_json::from_str(&format!(r#"{{"id": "more", "check": {limit}}}"#)).unwrap();
        let mut definition: Definition = serde_json::from_str(PLATFORM).unwrap();
        let before = Program::load(&definition).unwrap();
        definition.rules.insert(at, rule);
        let after = Program::load(&definition).unwrap();
        prop_assert!(after.permits(&facts(&after, &sets)) >= before.permits(&facts(&before, &sets)));
    }
}

// Of many small programs few have a hole if there is one: so there are more of them.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn nor_in_any_other_program(json in any_program(), sets in few_sets()) {
        let definition: Definition = serde_json::from_str(&json).unwrap();
        let program = Program::load(&definition).unwrap();
        let facts = facts(&program, &sets);
        prop_assert_eq!(program.permits(&facts), program.decide(&facts).outcome);
        nothing_is_gained_by_keeping_back(&program, &sets)?;
    }
}
