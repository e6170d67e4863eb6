//! What holds of every bundle with typed rules, and of those that are almost one.

use std::borrow::Cow;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::Snapshot;
use crate::policy::almost::{changed, changes};
use crate::policy::bundle::{Bundle, File, SignatureKey, SigningKey, sign};
use crate::policy::rego::{Request, Value};
use crate::policy::snapshot::Entry;
use crate::policy::typed::{Definition, Facts, Need, Program};
use crate::policy::{Outcome, Verdict};

const PLATFORM: &str = include_str!("../typed/platform.json");

const YAML: &str = "version: 1
name: small
default: allow
facts: {amount: units, kyc.level: text, opened: instant}
thresholds: {default: {tables: [{from: 2026-01-01, values: {daily: {L0: 100, \"*\": unlimited}}}]}}
rules:
- id: limits/day
  check: {type: amount, fact: amount, max: [{threshold: daily, by: kyc.level}]}
- id: limits/new
  when: {all: [{gt: {fact: amount, value: 10}}, {not: {ge: {fact: opened, value: 2026-01-01T00:00:00Z}}}]}
  check: {type: match, code: 10001}
";

const TESTS: &str = r#"[{"name": "denied", "now": "2026-03-01T00:00:00Z", "input": {"amount": 5}, "want": {"outcome": "deny", "codes": [1004]}}]"#;

const NOW: i64 = 1_772_366_400_000_000_000;

fn files() -> Vec<File<'static>> {
    vec![
        File::new(".manifest", r#"{"revision": "7", "roots": ["platform", "small", "a"]}"#),
        File::new("platform/typed.json", PLATFORM),
        File::new("platform/typed_test.json", TESTS),
        File::new("small/typed.yaml", YAML),
        File::new("a/a.rego", "package a\n\nverdict := {\"outcome\": \"allow\"}\n"),
    ]
}

const SECRET: &str = "a secret of the operators";

static SIGNATURE: LazyLock<String> = LazyLock::new(|| {
    let key = SigningKey {
        id: String::new(),
        algorithm: "HS256".into(),
        key: SECRET.into(),
        scope: String::new(),
    };
    sign(&files(), &key, 1).unwrap()
});

static SNAPSHOT: LazyLock<(Snapshot, Entry, Program)> = LazyLock::new(|| {
    let snapshot = Snapshot::new(&Bundle::read(&files(), None).unwrap()).unwrap();
    let entry = snapshot.entry("platform/verdict").unwrap();
    let program = Program::load(&serde_json::from_str::<Definition>(PLATFORM).unwrap()).unwrap();
    (snapshot, entry, program)
});

fn keys() -> [SignatureKey; 1] {
    let (id, scope) = (String::new(), String::new());
    [SignatureKey { id, algorithm: "HS256".into(), key: SECRET.into(), scope }]
}

/// An input of the platform's facts, of which some are missing and some are none.
fn input() -> impl Strategy<Value = String> {
    let text = |name: &'static str, of: &'static [&'static str]| {
        prop::sample::select(of).prop_map(move |text| format!(r#""{name}": {text}"#)).boxed()
    };
    let facts = vec![
        text(
            "subject",
            &[
                r#"{"tenant": "t", "roles": ["user-trader"]}"#,
                r#"{"tenant": "t", "roles": ["BrokerAdmin"]}"#,
            ],
        ),
        text("resource.tenant", &[r#""t""#, r#""t""#, r#""u""#, "null"]),
        text("permission", &[r#""deposit:create""#, r#""*:*""#]),
        text("jurisdiction", &[r#""ZA""#, r#""NA""#]),
        text("action", &[r#""deposit""#, r#""withdrawal""#, r#""trade""#]),
        text("amount", &["0", "5", "\"20000\"", "100000", "1e5", "-1", "1.5", "\"x\""]),
        text(
            "kyc",
            &[
                r#"{"level": "L1", "status": "approved"}"#,
                r#"{"level": "L9"}"#,
                r#"{"levle": "L1"}"#,
            ],
        ),
        text("count.day", &["0", "50"]),
        text("sum", &[r#"{"day": 5, "month": 10}"#, r#"{"day": 5}"#]),
        text("structuring.count", &["0", "9"]),
        text("incoming", &[r#"{"hour": 0}"#]),
        text("outgoing.hour", &["0"]),
        text("usual.day", &["1000", "0"]),
        text("country", &[r#""ZA""#, r#""KP""#]),
        text("screening.lists", &["[]", r#"["UN"]"#]),
        text("pep", &["false", "true", "1"]),
        text("opened", &[r#""2020-01-01T00:00:00Z""#, r#""2026-02-28T00:00:00Z""#, r#""soon""#]),
        text("travel.complete", &["true", "false"]),
        text("step_up", &[r#"{"done": true}"#, r#"{"done": false}"#]),
        text("maker", &[r#""ann""#]),
        text("checkers", &[r#"["bob", "eve"]"#, r#"["ann"]"#]),
        text("login.failures", &["0", "7"]),
        text("session.started", &[r#""2026-03-01T11:30:00Z""#]),
    ];
    let rare: Vec<_> = facts.into_iter().map(|fact| prop::option::weighted(0.98, fact)).collect();
    rare.prop_map(|facts| {
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        format!("{{{}}}", facts.join(", "))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_a_snapshot_answers_is_what_the_program_decides(input in input()) {
        let (snapshot, entry, program) = &*SNAPSHOT;
        let value = Value::from_json(&input).unwrap();
        let request = Request { input: Some(value.clone()), now_ns: NOW, ..Request::default() };
        let told = snapshot.decide(entry, request.clone());
        let answer = Verdict::from_rego(&snapshot.evaluate(entry, request).unwrap().unwrap()).unwrap();
        match Facts::from_input(program, Some(&value), NOW) {
            Ok(mut facts) => {
                prop_assert_eq!(told.unwrap(), program.decide(&facts));
                prop_assert_eq!(&answer, &program.decide(&facts));
                prop_assert_eq!(answer.outcome, program.permits(&facts));
                // Where the strict reader reads, the other one reads the same.
                let mut loose = Facts::from_value(program, &value).unwrap();
                loose.set("now", crate::policy::typed::Fact::Instant(crate::policy::typed::Instant(NOW))).unwrap();
                prop_assert_eq!(&answer, &program.decide(&loose));
                // What is needed always denies when it is not there.
                for read in program.reads().iter().filter(|read| read.need == Need::Always) {
                    let mut fewer = facts.clone();
                    fewer.unset(read.name);
                    prop_assert_eq!(program.permits(&fewer), Outcome::Deny, "{}", read.name);
                }
                // What is never read changes nothing.
                let never: Vec<_> = program.reads().into_iter().filter(|read| read.need == Need::Never).collect();
                never.iter().for_each(|read| _ = facts.unset(read.name));
                prop_assert_eq!(&answer, &program.decide(&facts));
            }
            Err(error) => {
                prop_assert_eq!(told.unwrap_err().to_string(), error.to_string());
                prop_assert_eq!(answer.outcome, Outcome::Deny);
            }
        }
    }

    #[test]
    fn a_bundle_with_typed_rules_is_what_was_signed_or_refused(which in 0..5_usize, changes in changes()) {
        let mut given = files();
        let bytes = changed(&given[which].bytes, &changes);
        let same = *bytes == *given[which].bytes;
        given[which].bytes = Cow::Owned(bytes);
        // Without a key what can be read may be loaded, and answers or refuses.
        if let Ok(bundle) = Bundle::read(&given, None)
            && let Ok(snapshot) = Snapshot::new(&bundle)
        {
            for typed in snapshot.typed() {
                let entry = snapshot.entry(&typed.path()).unwrap();
                let request = Request { now_ns: NOW, ..Request::default() };
                prop_assert_eq!(snapshot.decide(&entry, request).unwrap().outcome, Outcome::Deny);
            }
            prop_assert!(snapshot.test_typed(&|_| true).len() < 5);
        }
        given.push(File::new(".signatures.json", &SIGNATURE));
        let read = Bundle::read(&given, Some(&keys()));
        // Only the manifest may be written otherwise, if it means the same.
        prop_assert!(which == 0 || read.is_ok() == same);
        if let Ok(read) = read {
            prop_assert_eq!(read.typed().len(), 2);
        }
    }
}
