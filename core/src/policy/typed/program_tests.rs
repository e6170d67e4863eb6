//! What programs decide: tables that an officer of compliance can read.

use super::super::{Definition, Fact, FactFault, Instant};
use super::*;
use crate::policy::{Obligation, rego};

/// The platform's own thresholds, in ZAR and whole units.
pub(super) const PLATFORM: &str = include_str!("platform.json");

pub(super) fn platform() -> Program {
    let definition: Definition = serde_json::from_str(PLATFORM).unwrap();
    Program::load(&definition).unwrap()
}

fn program(json: &str) -> Program {
    Program::load(&serde_json::from_str(json).unwrap()).unwrap()
}

/// A quiet deposit of 1,000 by a trader of level L2, who has been there for years.
const QUIET: &str = r#"{
    "subject.tenant": "broker-7", "resource.tenant": "broker-7", "subject.roles": ["user-trader"],
    "permission": "deposit:create", "jurisdiction": "ZA", "now": "2026-03-01T12:00:00Z",
    "action": "deposit", "amount": 1000, "kyc.level": "L2", "kyc.status": "approved", "count.day": 3, "sum.day": 10000, "sum.month": 20000,
    "structuring.count": 0, "incoming.hour": 0, "outgoing.hour": 0, "usual.day": 15000,
    "country": "ZA", "screening.lists": [], "pep": false, "opened": "2020-01-01T00:00:00Z",
    "travel.complete": true, "step_up.done": true, "maker": "ann", "checkers": [],
    "login.failures": 0, "session.started": "2026-03-01T11:30:00Z"}"#;

/// The facts of the quiet deposit with others in their place: `null` takes one away.
fn facts(program: &Program, changes: &str) -> Facts {
    let read = |json| rego::Value::from_json(json).unwrap();
    let (quiet, changes) = (read(QUIET), read(changes));
    let both = quiet.as_object().unwrap().iter().chain(changes.as_object().unwrap().iter());
    let both = rego::Value::object(both.map(|(key, value)| (key.clone(), value.clone())));
    Facts::from_value(program, &both).unwrap()
}

/// The outcome and the codes, checked against the outcome alone.
fn decide(program: &Program, changes: &str) -> String {
    let facts = facts(program, changes);
    let verdict = program.decide(&facts);
    assert_eq!(program.permits(&facts), verdict.outcome, "{changes}");
    let codes: Vec<_> = verdict.reasons.iter().map(|reason| reason.code.to_string()).collect();
    format!("{:?} {}", verdict.outcome, codes.join(" ")).trim_end().to_lowercase()
}

#[test]
fn the_platforms_thresholds() {
    let program = platform();
    let mut wrong = Vec::new();
    for (what, changes, want) in [
        ("a quiet deposit", "{}", "allow"),
        // Access.
        ("a trader reads no books", r#"{"permission": "ledger:read"}"#, "deny 1006"),
        (
            "finance does",
            r#"{"permission": "ledger:read", "subject.roles": ["broker-finance"]}"#,
            "allow",
        ),
        (
            "an admin inherits it",
            r#"{"permission": "ledger:read", "subject.roles": ["broker-admin"]}"#,
            "allow",
        ),
        (
            "an alias is the role",
            r#"{"permission": "ledger:read", "subject.roles": ["BrokerAdmin"]}"#,
            "allow",
        ),
        ("an unknown role is none", r#"{"subject.roles": ["root"]}"#, "deny 1006"),
        ("another broker's", r#"{"resource.tenant": "broker-8"}"#, "deny 1005"),
        (
            "an admin of another broker",
            r#"{"resource.tenant": "broker-8", "subject.roles": ["platform-admin"]}"#,
            "deny 1005",
        ),
        ("nobody knows whose", r#"{"resource.tenant": null}"#, "deny 1004"),
        ("a name that is none", r#"{"subject.tenant": "", "resource.tenant": ""}"#, "deny 1004"),
        ("suspended", r#"{"kyc.status": "suspended"}"#, "deny 10001"),
        // Limits of levels.
        (
            "L0 at its limit",
            r#"{"kyc.level": "L0", "amount": 185000, "sum.day": 0, "usual.day": 99999}"#,
            "review 3001",
        ),
        (
            "L0 above it",
            r#"{"kyc.level": "L0", "amount": 185001, "sum.day": 0, "usual.day": 99999, "subject.roles": ["user-vip"]}"#,
            "deny 2001 3001",
        ),
        (
            "L0 withdraws",
            r#"{"kyc.level": "L0", "action": "withdrawal", "amount": 18500}"#,
            "allow",
        ),
        (
            "L0 withdraws more",
            r#"{"kyc.level": "L0", "action": "withdrawal", "amount": 18501}"#,
            "deny 2001",
        ),
        (
            "L0 trades nothing",
            r#"{"kyc.level": "L0", "action": "trade", "amount": 1}"#,
            "deny 2001",
        ),
        ("L1 has done its 20", r#"{"kyc.level": "L1", "count.day": 20}"#, "deny 2003"),
        ("L1 has done 19", r#"{"kyc.level": "L1", "count.day": 19}"#, "allow"),
        (
            "institutions have no count",
            r#"{"kyc.level": "INSTITUTIONAL", "count.day": 9999}"#,
            "allow",
        ),
        ("a level that is none", r#"{"kyc.level": "L9"}"#, "deny 1012 1012"),
        ("no level at all", r#"{"kyc.level": null}"#, "deny 1003"),
        // Limits of roles: single, daily, monthly.
        ("a trader's day is full", r#"{"sum.day": 184000, "usual.day": 99999}"#, "allow"),
        ("and overflows", r#"{"sum.day": 184001, "usual.day": 99999}"#, "deny 2004"),
        (
            "a vip has more",
            r#"{"sum.day": 184001, "usual.day": 99999, "subject.roles": ["user-vip"]}"#,
            "allow",
        ),
        (
            "of two roles the strictest",
            r#"{"sum.day": 184001, "usual.day": 99999, "subject.roles": ["user-vip", "user-trader"]}"#,
            "deny 2004",
        ),
        ("the month", r#"{"sum.month": 1849001}"#, "deny 2004"),
        // Money laundering.
        ("large", r#"{"amount": 185000, "usual.day": 99999}"#, "deny 2004 3001"),
        ("just not large", r#"{"amount": 184999, "sum.day": 0, "usual.day": 99999}"#, "allow"),
        (
            "structuring",
            r#"{"amount": 148000, "sum.day": 0, "usual.day": 99999, "structuring.count": 3}"#,
            "review 3002",
        ),
        (
            "the third of them",
            r#"{"amount": 148000, "sum.day": 0, "usual.day": 99999, "structuring.count": 2}"#,
            "allow",
        ),
        (
            "not in between",
            r#"{"amount": 147999, "sum.day": 0, "usual.day": 99999, "structuring.count": 9}"#,
            "allow",
        ),
        (
            "in and out",
            r#"{"action": "withdrawal", "incoming.hour": 92500, "outgoing.hour": 91500}"#,
            "review 3003",
        ),
        (
            "in and not out",
            r#"{"action": "withdrawal", "incoming.hour": 92500, "outgoing.hour": 91499}"#,
            "allow",
        ),
        ("in and in", r#"{"incoming.hour": 92500, "outgoing.hour": 92500}"#, "allow"),
        ("sanctioned", r#"{"country": "KP"}"#, "deny 3004"),
        ("high risk", r#"{"country": "MM"}"#, "review 3005"),
        ("on a list", r#"{"screening.lists": ["UN"]}"#, "deny 3006"),
        ("on a list of ours", r#"{"screening.lists": ["newsletter"]}"#, "allow"),
        (
            "a pep",
            r#"{"pep": true, "amount": 92501, "sum.day": 0, "usual.day": 99999}"#,
            "review 3007",
        ),
        (
            "a pep with little",
            r#"{"pep": true, "amount": 92500, "sum.day": 0, "usual.day": 99999}"#,
            "allow",
        ),
        (
            "new",
            r#"{"opened": "2026-01-31T00:00:00Z", "amount": 92501, "sum.day": 0, "usual.day": 99999}"#,
            "review 3008",
        ),
        (
            "30 days old",
            r#"{"opened": "2026-01-30T12:00:00Z", "amount": 92501, "sum.day": 0, "usual.day": 99999}"#,
            "allow",
        ),
        ("five times the usual", r#"{"usual.day": 2200, "sum.day": 10000}"#, "allow"),
        ("and more", r#"{"usual.day": 2199, "sum.day": 10000}"#, "review 3009"),
        (
            "the travel rule",
            r#"{"action": "withdrawal", "amount": 18500, "travel.complete": false}"#,
            "review 3010",
        ),
        (
            "little travels",
            r#"{"action": "withdrawal", "amount": 18499, "travel.complete": false}"#,
            "allow",
        ),
        // Security.
        (
            "a second factor",
            r#"{"action": "withdrawal", "amount": 18500, "step_up.done": false}"#,
            "review 4001",
        ),
        (
            "two approve",
            r#"{"action": "withdrawal", "amount": 185000, "sum.day": 0, "usual.day": 99999, "checkers": ["bob", "eve"]}"#,
            "review 3001",
        ),
        (
            "one approves",
            r#"{"action": "withdrawal", "amount": 185000, "sum.day": 0, "usual.day": 99999, "checkers": ["bob"]}"#,
            "review 3001 4002",
        ),
        (
            "the maker does",
            r#"{"action": "withdrawal", "amount": 185000, "sum.day": 0, "usual.day": 99999, "checkers": ["bob", "ann", "eve"]}"#,
            "deny 3001 4003",
        ),
        ("locked out", r#"{"login.failures": 5}"#, "deny 4004"),
        ("four failed", r#"{"login.failures": 4}"#, "allow"),
        ("an hour old", r#"{"session.started": "2026-03-01T11:00:00Z"}"#, "allow"),
        ("older", r#"{"session.started": "2026-03-01T10:59:59Z"}"#, "deny 4005"),
        ("from the future", r#"{"session.started": "2026-03-01T12:00:01Z"}"#, "deny 4005"),
        // Dates and jurisdictions.
        (
            "other thresholds before",
            r#"{"now": "2025-12-31T21:59:59Z", "session.started": "2025-12-31T21:30:00Z", "amount": 100000, "sum.day": 0, "usual.day": 99999}"#,
            "review 3001",
        ),
        (
            "and from midnight in Johannesburg",
            r#"{"now": "2025-12-31T22:00:00Z", "session.started": "2025-12-31T21:30:00Z", "amount": 100000, "sum.day": 0, "usual.day": 99999}"#,
            "allow",
        ),
        (
            "elsewhere the default",
            r#"{"jurisdiction": "NA", "amount": 100000, "sum.day": 0, "usual.day": 99999}"#,
            "review 3001",
        ),
        ("no clock", r#"{"now": null}"#, "deny 1003"),
        ("no jurisdiction", r#"{"jurisdiction": null}"#, "deny 1003"),
        // Figures that are none.
        ("below zero", r#"{"amount": -1}"#, "deny 2005"),
        (
            "too large",
            r#"{"amount": 1, "sum.day": "170141183460469231731687303715884105726", "usual.day": 99999}"#,
            "deny 2004 3009",
        ),
        (
            "larger",
            r#"{"amount": 2, "sum.day": "170141183460469231731687303715884105726", "usual.day": 99999}"#,
            "deny 2005",
        ),
    ] {
        let got = decide(&program, changes);
        if got != want {
            wrong.push(format!("{what}: {got}, and not {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_in_force_before_the_first_day() {
    let program = platform();
    let changes = r#"{"now": "1999-12-31T23:59:59Z", "session.started": "1999-12-31T23:59:59Z"}"#;
    assert_eq!(decide(&program, changes), "deny 1011");
}

#[test]
fn a_reason_says_what_it_rests_on() {
    let program = platform();
    let verdict = program.decide(&facts(&program, r#"{"sum.day": 184001, "usual.day": 99999}"#));
    let json = r#"[{"code":2004,"rule":"limits/day","audience":"customer","severity":"medium","message":"the sum of the window would pass the limit","facts":[{"name":"value","value":"185001"},{"name":"limit","value":"185000"},{"name":"remaining","value":"999"}]}]"#;
    assert_eq!(serde_json::to_string(&verdict.reasons).unwrap(), json);
    let verdict = program.decide(&facts(&program, r#"{"screening.lists": ["newsletter", "UN"]}"#));
    let [reason] = verdict.reasons.as_slice() else { panic!("{verdict:?}") };
    assert_eq!((reason.facts[0].name.as_str(), reason.facts[0].value.as_str()), ("matched", "UN"));
    assert_eq!(reason.audience, Audience::Officer);
    let want = Obligation::OpenCase { queue: "aml".into(), kind: "sanctions".into() };
    assert_eq!(verdict.obligations, [want]);
}

#[test]
fn a_verdict_reads_back_from_a_document() {
    let program = platform();
    let changes = r#"{"action": "withdrawal", "amount": 185000, "sum.day": 0, "step_up.done": false, "login.failures": 5}"#;
    let verdict = program.decide(&facts(&program, changes));
    let json = serde_json::to_string(&verdict).unwrap();
    let read = rego::Value::from_json(&json).unwrap();
    assert_eq!(Verdict::from_rego(&read), Ok(verdict.clone()));
    assert_eq!(
        serde_json::to_string(&verdict.obligations).unwrap(),
        r#"[{"type":"step_up","factor":"totp"},{"type":"approvals","role":"broker-finance","count":2},{"type":"hold","seconds":1800}]"#
    );
}

#[test]
fn nobody_of_another_tenant_is_told_a_limit() {
    let program = platform();
    let changes = r#"{"resource.tenant": "broker-8", "amount": 99999999}"#;
    let verdict = program.decide(&facts(&program, changes));
    assert_eq!(verdict.reasons.len(), 1);
    assert!(verdict.reasons[0].facts.is_empty() && verdict.obligations.is_empty());
}

#[test]
fn the_default_is_to_deny() {
    let json = |rest: &str| format!(r#"{{"version": 1, "name": "p"{rest}}}"#);
    for (rest, changes, want) in [
        ("", "{}", "deny 1001"),
        (r#", "default": "deny""#, "{}", "deny 1001"),
        (r#", "default": "allow""#, "{}", "allow"),
        (r#", "default": "allow""#, r#"{"subject.tenant": null}"#, "deny 1004"),
        // One that permits waits for its facts; if another permits, they are not needed.
        (
            r#", "facts": {"a": "bool", "b": "bool"}, "rules": [
                {"id": "a", "when": {"eq": {"fact": "a", "value": true}}, "check": {"type": "permit"}},
                {"id": "b", "when": {"eq": {"fact": "b", "value": true}}, "check": {"type": "permit"}}]"#,
            r#"{"b": true}"#,
            "allow",
        ),
        (
            r#", "facts": {"a": "bool"}, "rules": [
                {"id": "a", "when": {"eq": {"fact": "a", "value": true}}, "check": {"type": "permit"}}]"#,
            "{}",
            "deny 1003",
        ),
        (
            r#", "facts": {"a": "bool"}, "rules": [
                {"id": "a", "when": {"eq": {"fact": "a", "value": true}}, "check": {"type": "permit"}}]"#,
            r#"{"a": false}"#,
            "deny 1001",
        ),
        // Limits permit nothing.
        (
            r#", "facts": {"amount": "units"}, "rules": [
                {"id": "a", "check": {"type": "amount", "fact": "amount", "max": [1000000]}}]"#,
            "{}",
            "deny 1001",
        ),
    ] {
        assert_eq!(decide(&program(&json(rest)), changes), want, "{rest}");
    }
}

/// Conditions over `n` (units), `s` (text), `b` (bool), `t` (instant), `set` (texts) and `x` (text, never known).
#[test]
fn conditions_hold() {
    let facts_json = r#"{"n": 5, "s": "a", "s2": "z", "b": true, "t": "2026-01-01T00:00:00Z", "set": ["a", "q"], "none": []}"#;
    for (condition, want) in [
        (r#"{"eq": {"fact": "n", "value": 5}}"#, "deny 1007"),
        (r#"{"eq": {"fact": "n", "value": "5"}}"#, "deny 1007"),
        (r#"{"neq": {"fact": "n", "value": 5}}"#, "allow"),
        (r#"{"lt": {"fact": "n", "value": 6}}"#, "deny 1007"),
        (r#"{"lt": {"fact": "n", "value": 5}}"#, "allow"),
        (r#"{"le": {"fact": "n", "value": 5}}"#, "deny 1007"),
        (r#"{"gt": {"fact": "n", "value": 5}}"#, "allow"),
        (r#"{"ge": {"fact": "n", "value": 5}}"#, "deny 1007"),
        (r#"{"not": {"ge": {"fact": "n", "value": 5}}}"#, "allow"),
        (r#"{"not": {"not": {"ge": {"fact": "n", "value": 5}}}}"#, "deny 1007"),
        (r#"{"eq": {"fact": "s", "value": "a"}}"#, "deny 1007"),
        (r#"{"eq": {"fact": "s", "value": "A"}}"#, "allow"),
        (r#"{"neq": {"fact": "s", "value": {"fact": "s2"}}}"#, "deny 1007"),
        (r#"{"eq": {"fact": "b", "value": false}}"#, "allow"),
        (r#"{"neq": {"fact": "b", "value": false}}"#, "deny 1007"),
        (r#"{"ge": {"fact": "t", "value": "2026-01-01T02:00:00+02:00"}}"#, "deny 1007"),
        (r#"{"lt": {"fact": "t", "value": {"fact": "now"}}}"#, "deny 1007"),
        (r#"{"in": {"fact": "s", "values": ["b", "a"]}}"#, "deny 1007"),
        (r#"{"in": {"fact": "s", "values": []}}"#, "allow"),
        (r#"{"in": {"fact": "s", "texts": "set"}}"#, "deny 1007"),
        (r#"{"in": {"fact": "s2", "texts": "set"}}"#, "allow"),
        (r#"{"in": {"fact": "set", "values": ["q"]}}"#, "deny 1007"),
        (r#"{"not": {"in": {"fact": "set", "values": ["r"]}}}"#, "deny 1007"),
        (r#"{"in": {"fact": "none", "texts": "set"}}"#, "allow"),
        (r#"{"not": {"is_known": "x"}}"#, "deny 1007"),
        (r#"{"not": {"is_known": "s"}}"#, "allow"),
        // What is missing denies, unless what is known decides it.
        (r#"{"eq": {"fact": "x", "value": "a"}}"#, "deny 1003"),
        (r#"{"neq": {"fact": "x", "value": "a"}}"#, "deny 1003"),
        (r#"{"eq": {"fact": "s", "value": {"fact": "x"}}}"#, "deny 1003"),
        (r#"{"in": {"fact": "x", "values": ["a"]}}"#, "deny 1003"),
        (
            r#"{"all": [{"eq": {"fact": "x", "value": "a"}}, {"eq": {"fact": "n", "value": 4}}]}"#,
            "allow",
        ),
        (
            r#"{"all": [{"eq": {"fact": "x", "value": "a"}}, {"eq": {"fact": "n", "value": 5}}]}"#,
            "deny 1003",
        ),
        (
            r#"{"any": [{"eq": {"fact": "x", "value": "a"}}, {"eq": {"fact": "n", "value": 4}}]}"#,
            "deny 1003",
        ),
        (
            r#"{"any": [{"eq": {"fact": "n", "value": 5}}, {"eq": {"fact": "x", "value": "a"}}]}"#,
            "deny 1003",
        ),
        (
            r#"{"not": {"any": [{"eq": {"fact": "n", "value": 5}}, {"eq": {"fact": "n", "value": 4}}]}}"#,
            "allow",
        ),
        (
            r#"{"not": {"all": [{"eq": {"fact": "n", "value": 5}}, {"eq": {"fact": "n", "value": 4}}]}}"#,
            "deny 1007",
        ),
    ] {
        let json = format!(
            r#"{{"version": 1, "name": "p", "default": "allow", "facts": {{"n": "units", "s": "text", "s2": "text", "b": "bool", "t": "instant",
                "set": "texts", "none": "texts", "x": "text"}}, "rules": [{{"id": "r", "when": {condition}, "check": {{"type": "match"}}}}]}}"#
        );
        assert_eq!(decide(&program(&json), facts_json), want, "{condition}");
    }
}

#[test]
fn a_match_says_what_it_is_told_to() {
    for (rest, want) in [
        (r#""check": {"type": "match"}, "outcome": "allow""#, "allow 1009"),
        (r#""check": {"type": "match"}, "outcome": "review""#, "review 1008"),
        (r#""check": {"type": "match"}"#, "deny 1007"),
        (r#""check": {"type": "match", "code": 12345}, "outcome": "review""#, "review 12345"),
    ] {
        let json = format!(
            r#"{{"version": 1, "name": "p", "default": "allow", "rules": [{{"id": "r", "when": {{"eq": {{"fact": "jurisdiction", "value": "ZA"}}}}, {rest}}}]}}"#
        );
        assert_eq!(decide(&program(&json), "{}"), want);
        assert_eq!(decide(&program(&json), r#"{"jurisdiction": "NA"}"#), "allow");
        assert_eq!(decide(&program(&json), r#"{"jurisdiction": null}"#), "deny 1003");
    }
}

#[test]
fn what_a_rule_that_permits_obliges_to_is_told_when_it_is_allowed() {
    let json = r#"{"version": 1, "name": "p", "facts": {"amount": "units"}, "rules": [
        {"id": "ok", "when": {"eq": {"fact": "jurisdiction", "value": "ZA"}}, "check": {"type": "permit"}, "obligations": [{"type": "notify", "topic": "t"}]},
        {"id": "max", "check": {"type": "amount", "fact": "amount", "min": 10, "max": [1000]}}]}"#;
    let program = program(json);
    let verdict = program.decide(&facts(&program, "{}"));
    assert_eq!(verdict.obligations, [Obligation::Notify { topic: "t".into() }]);
    let verdict = program.decide(&facts(&program, r#"{"amount": 1001}"#));
    assert!(verdict.obligations.is_empty());
    assert_eq!(decide(&program, r#"{"amount": 9}"#), "deny 2002");
}

#[test]
fn facts_of_another_program_are_denied() {
    let (one, other) = (platform(), platform());
    let facts = facts(&one, "{}");
    assert_eq!(one.permits(&facts), Outcome::Allow);
    assert_eq!(other.permits(&facts), Outcome::Deny);
    assert_eq!(other.decide(&facts).reasons[0].code, 1010);
}

#[test]
fn facts_can_be_used_again() {
    let program = platform();
    let mut facts = facts(&program, "{}");
    assert!(facts.unset("kyc.level"));
    assert!(!facts.unset("kyc.level"));
    assert_eq!(program.permits(&facts), Outcome::Deny);
    facts.set("kyc.level", Fact::Text("L2")).unwrap();
    assert_eq!(program.permits(&facts), Outcome::Allow);
    facts.set("now", Fact::Instant(Instant(0))).unwrap();
    assert_eq!(program.permits(&facts), Outcome::Deny);
    facts.reset();
    assert_eq!(program.decide(&facts).reasons[0].message, "missing fact subject.tenant");
    let error = facts.set("kyc.level", Fact::Units(2)).unwrap_err();
    assert_eq!(error.fault, FactFault::Kind);
}
