//! Verdicts joined, and read from documents.

use proptest::prelude::*;

use super::*;
use crate::policy::rego::Value;

const REVIEW: &str = r#"{"outcome":"review","reasons":[{"code":3002,"rule":"aml/structuring","audience":"officer","severity":"high","message":"many"}],"obligations":[{"type":"approvals","role":"compliance_officer","count":2}]}"#;

fn read(json: &str) -> Result<Verdict, String> {
    Verdict::from_rego(&Value::from_json(json).unwrap()).map_err(|error| error.to_string())
}

fn obligations(json: &str) -> Vec<Obligation> {
    serde_json::from_str(json).unwrap()
}

#[test]
fn the_json_is_a_promise() {
    let verdict: Verdict = serde_json::from_str(REVIEW).unwrap();
    assert_eq!(serde_json::to_string(&verdict).unwrap(), REVIEW);
    assert_eq!(read(REVIEW), Ok(verdict));
    let all = r#"[{"type":"hold","seconds":60},{"type":"freeze","until":"2026-01-31T12:00:00Z"},{"type":"approvals","role":"finance","count":1},{"type":"open_case","queue":"aml","kind":"structuring"},{"type":"draft_report","report":"str"},{"type":"step_up","factor":"totp"},{"type":"notify","topic":"thaliumx.alerts"}]"#;
    assert_eq!(serde_json::to_string(&obligations(all)).unwrap(), all);
    let document = format!(r#"{{"outcome":"deny","obligations":{all}}}"#);
    assert_eq!(read(&document).unwrap().obligations, obligations(all));
}

#[test]
fn the_strictest_wins_and_each_duty_is_there_once() {
    let one = Verdict {
        obligations: obligations(
            r#"[{"type":"hold","seconds":60},{"type":"approvals","role":"finance","count":3},{"type":"freeze","until":"2026-01-01T00:00:00Z"},{"type":"notify","topic":"a"}]"#,
        ),
        ..Verdict::missing("one")
    };
    let two = Verdict {
        outcome: Outcome::Review,
        obligations: obligations(
            r#"[{"type":"notify","topic":"b"},{"type":"notify","topic":"a"},{"type":"hold","seconds":90},{"type":"approvals","role":"finance","count":2},{"type":"approvals","role":"risk","count":1},{"type":"freeze","until":"2026-02-01T00:00:00+02:00"}]"#,
        ),
        ..Verdict::missing("two")
    };
    let joined = one.join(two);
    assert_eq!(joined.outcome, Outcome::Deny);
    let rules: Vec<_> = joined.reasons.iter().map(|reason| reason.rule.as_str()).collect();
    assert_eq!(rules, ["one", "two"]);
    let want = obligations(
        r#"[{"type":"hold","seconds":90},{"type":"approvals","role":"finance","count":3},{"type":"freeze","until":"2026-01-31T22:00:00Z"},{"type":"notify","topic":"a"},{"type":"notify","topic":"b"},{"type":"approvals","role":"risk","count":1}]"#,
    );
    assert_eq!(joined.obligations, want);
}

#[test]
fn an_undefined_document_denies() {
    let verdict = Verdict::missing("aml/decision");
    assert_eq!(verdict.outcome, Outcome::Deny);
    assert_eq!((verdict.reasons[0].code, &*verdict.reasons[0].message), (1002, "no rule decided"));
}

#[test]
fn a_set_of_reasons_is_read_in_its_order() {
    let reason = |rule: &str| {
        Value::from_json(&format!(
            r#"{{"code":10001,"rule":"{rule}","audience":"operator","severity":"low","message":"m","facts":[{{"name":"n","value":"1"}}]}}"#
        ))
        .unwrap()
    };
    let document = Value::object([
        (Value::from("outcome"), Value::from("deny")),
        (Value::from("reasons"), Value::set([reason("b"), reason("a")])),
    ]);
    let verdict = Verdict::from_rego(&document).unwrap();
    let rules: Vec<_> = verdict.reasons.iter().map(|reason| reason.rule.as_str()).collect();
    assert_eq!(rules, ["a", "b"]);
    assert_eq!(verdict.reasons[0].facts[0].value, "1");
}

#[test]
fn a_wrong_shape_is_an_error_at_its_place() {
    let long = "x".repeat(TEXT + 1);
    let reason = |rest: &str| format!(r#"{{"outcome":"deny","reasons":[{{{rest}}}]}}"#);
    let duty = |rest: &str| format!(r#"{{"outcome":"deny","obligations":[{{{rest}}}]}}"#);
    let many = |item: &str, count: usize| vec![item; count].join(",");
    for (json, want) in [
        ("true".to_owned(), "verdict: is of type boolean: an object is expected"),
        ("{}".to_owned(), "outcome: is missing"),
        (r#"{"outcome":"Allow"}"#.to_owned(), "outcome: is none of `allow`, `review`, `deny`"),
        (r#"{"outcome":["allow"]}"#.to_owned(), "outcome: is none of `allow`, `review`, `deny`"),
        (r#"{"outcome":"allow","why":1}"#.to_owned(), "verdict: has the unknown field \"why\""),
        (
            r#"{"outcome":"allow","reasons":{}}"#.to_owned(),
            "reasons: is neither an array nor a set",
        ),
        (
            format!(r#"{{"outcome":"allow","reasons":[{}]}}"#, many("1", REASONS + 1)),
            "reasons: has more than 256 items",
        ),
        (
            format!(r#"{{"outcome":"allow","obligations":[{}]}}"#, many("1", OBLIGATIONS + 1)),
            "obligations: has more than 64 items",
        ),
        (reason(""), "reasons[0].code: is missing"),
        (reason(r#""code":-1"#), "reasons[0].code: is no whole number from 0 on that fits"),
        (reason(r#""code":1.5"#), "reasons[0].code: is no whole number from 0 on that fits"),
        (reason(r#""code":4294967296"#), "reasons[0].code: is no whole number from 0 on that fits"),
        (reason(r#""code":1,"rule":null"#), "reasons[0].rule: is no text"),
        (
            reason(&format!(r#""code":1,"rule":"{long}""#)),
            "reasons[0].rule: has more than 1024 bytes",
        ),
        (
            reason(r#""code":1,"rule":"r","audience":"all""#),
            "reasons[0].audience: is none of `customer`, `operator`, `officer`",
        ),
        (
            reason(
                r#""code":1,"rule":"r","audience":"officer","severity":"low","message":"m","facts":[{"name":"n"}]"#,
            ),
            "reasons[0].facts[0].value: is missing",
        ),
        (
            duty(r#""type":"burn""#),
            "obligations[0].type: is none of `hold`, `freeze`, `approvals`, `open_case`, `draft_report`, `step_up` and `notify`",
        ),
        (
            duty(r#""type":"hold","seconds":1,"until":"x""#),
            "obligations[0]: has the unknown field \"until\"",
        ),
        (
            duty(r#""type":"freeze","until":"tomorrow""#),
            "obligations[0].until: is no time of RFC 3339 between 1678 and 2261: write `2026-01-31T12:00:00Z`",
        ),
        (duty(r#""type":"approvals","role":"r""#), "obligations[0].count: is missing"),
    ] {
        assert_eq!(read(&json), Err(want.to_owned()), "{json:.80}");
    }
}

#[test]
fn json_that_is_too_large_is_refused_as_well() {
    let long = "x".repeat(TEXT + 1);
    let reason = r#"{"code":1,"rule":"r","audience":"officer","severity":"low","message":"m"}"#;
    for json in [
        REVIEW.replace("many", &long),
        REVIEW.replace("compliance_officer", &long),
        REVIEW.replace("\"count\"", "\"count2\""),
        REVIEW.replace("\"code\"", "\"kode\""),
        format!(r#"{{"outcome":"deny","reasons":[{}]}}"#, vec![reason; REASONS + 1].join(",")),
    ] {
        assert!(serde_json::from_str::<Verdict>(&json).is_err(), "{json:.120}");
    }
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    let outcome = prop_oneof![Just(Outcome::Allow), Just(Outcome::Review), Just(Outcome::Deny)];
    let duty = prop_oneof![
        (0..3_u64).prop_map(|seconds| Obligation::Hold { seconds }),
        (0..3_u32).prop_map(|count| Obligation::Approvals { role: "a".into(), count }),
        (0..3_u32).prop_map(|at| Obligation::Notify { topic: format!("t{at}") }),
    ];
    (outcome, prop::collection::vec(duty, 0..4)).prop_map(|(outcome, obligations)| {
        Verdict { outcome, ..Verdict::allow() }.join(Verdict { obligations, ..Verdict::allow() })
    })
}

/// The obligations without their order.
fn duties(verdict: &Verdict) -> Vec<String> {
    let mut texts: Vec<_> = verdict.obligations.iter().map(|duty| format!("{duty:?}")).collect();
    texts.sort();
    texts
}

proptest! {
    #[test]
    fn a_join_is_associative_and_on_outcomes_and_duties_commutative(
        a in any_verdict(), b in any_verdict(), c in any_verdict()
    ) {
        let left = a.clone().join(b.clone()).join(c.clone());
        prop_assert_eq!(&left, &a.clone().join(b.clone().join(c.clone())));
        let other = c.join(b).join(a);
        prop_assert_eq!(left.outcome, other.outcome);
        prop_assert_eq!(duties(&left), duties(&other));
    }
}
