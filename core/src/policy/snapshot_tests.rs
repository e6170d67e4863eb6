use super::{AskError, Snapshot};
use crate::policy::bundle::{Bundle, File};
use crate::policy::rego::{Request, RuleKind, Value};
use crate::policy::{Outcome, Verdict};

const ACCESS: &str = r#"package access

default allow := false

allow if "teller" in input.roles

verdict := {"outcome": "allow", "reasons": [], "obligations": []} if allow

limits[level] := amount if some level, amount in data.access.table

double(x) := 2 * x

broken := {"outcome": "perhaps"}
"#;

fn snapshot() -> Snapshot {
    let files = [
        File::new(".manifest", r#"{"revision": "3", "roots": ["access"]}"#),
        File::new("access/access.rego", ACCESS),
        File::new("access/data.json", r#"{"table": {"L1": 5}}"#),
    ];
    Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap()
}

fn asked(input: &str) -> Request {
    Request { input: Some(Value::from_json(input).unwrap()), ..Request::default() }
}

#[test]
fn a_path_is_answered() {
    let snapshot = snapshot();
    let cases = [
        ("access/allow", r#"{"roles": ["teller"]}"#, Some("true")),
        ("/access/allow", r#"{"roles": []}"#, Some("false")),
        ("data.access.allow", r#"{"roles": []}"#, Some("false")),
        ("access/verdict", r#"{"roles": []}"#, None),
        ("access/limits/L1", "{}", Some("5")),
        ("access/limits/L9", "{}", None),
        ("access/table", "{}", Some(r#"{"L1":5}"#)),
    ];
    for (path, input, wanted) in cases {
        let entry = snapshot.entry(path).unwrap();
        let told = snapshot.evaluate(&entry, asked(input)).unwrap();
        assert_eq!(told.map(|value| value.to_json()).as_deref(), wanted, "{path}");
    }
}

#[test]
fn what_does_not_hold_is_denied() {
    let snapshot = snapshot();
    let decide = |path: &str, input| snapshot.decide(&snapshot.entry(path).unwrap(), asked(input));
    let of = |input| decide("access/verdict", input).unwrap().outcome;
    assert_eq!(of(r#"{"roles": ["teller"]}"#), Outcome::Allow);
    assert_eq!(of(r#"{"roles": []}"#), Outcome::Deny);
    assert_eq!(of("{}"), Outcome::Deny);
    // What is no verdict is an error, and never an allowance.
    for path in ["access/broken", "access/table"] {
        assert!(decide(path, r#"{"roles": ["teller"]}"#).is_err(), "{path}");
    }
    // A rule that holds or does not, as such rules are written everywhere.
    assert_eq!(decide("access/allow", r#"{"roles": ["teller"]}"#).unwrap(), Verdict::allow());
    let denied = decide("access/allow", "{}").unwrap();
    let reason = &denied.reasons[0];
    assert_eq!((denied.outcome, reason.code, &*reason.rule), (Outcome::Deny, 1001, "access/allow"));
}

#[test]
fn a_path_that_leads_nowhere_is_refused() {
    let snapshot = snapshot();
    for path in ["access/verdikt", "acess/verdict", "", "aml", "access/double/x/y\"]"] {
        match snapshot.entry(path) {
            Err(AskError::Missing { .. }) => {}
            told => assert!(path.starts_with("access/double") && told.is_ok(), "{path}: {told:?}"),
        }
    }
    let told = snapshot.entry("acess/verdict").unwrap_err().to_string();
    assert!(told.ends_with("at `acess/verdict`; there is data.access.verdict"), "{told}");
}

#[test]
fn rules_are_listed() {
    let snapshot = snapshot();
    let mut rules: Vec<_> =
        snapshot.policy().rules().map(|rule| (rule.name(), rule.kind, rule.row)).collect();
    rules.sort_by_key(|rule| rule.2);
    let wanted = [
        ("data.access.allow", RuleKind::Complete, 5),
        ("data.access.verdict", RuleKind::Complete, 7),
        ("data.access.limits", RuleKind::Partial, 9),
        ("data.access.double", RuleKind::Function, 11),
        ("data.access.broken", RuleKind::Complete, 13),
    ];
    assert_eq!(rules, wanted.map(|(name, kind, row)| (name.to_owned(), kind, row)));
}

#[test]
fn rules_stay_within_what_the_bundle_owns() {
    let manifest = r#"{"roots": ["access"]}"#;
    let cases = [
        ("package aml\n\na := 1\n", "`data.aml.a` is outside of what the bundle owns: `access`"),
        (
            "package access\n\ntable := 1\n",
            "`data.access.table` stands where the bundle has a document",
        ),
        ("package access\n\na := \n", "rego_parse_error"),
        (
            "package access\n\ntable := data.access.table.L1\n",
            "rule `data.access.table` is recursive; the bundle has a document of that name",
        ),
    ];
    for (module, wanted) in cases {
        let files = [
            File::new(".manifest", manifest),
            File::new("m.rego", module),
            File::new("access/data.json", r#"{"table": {"L1": 5}}"#),
        ];
        let told = Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap_err().to_string();
        assert!(told.contains(wanted), "{told}");
    }
}
