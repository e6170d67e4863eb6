//! Policies on the command line: the real program, its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

struct Bundle(tempfile::TempDir);

const MODULE: &str = r#"package aml

verdict := {"outcome": "allow"} if cents < data.aml.large

verdict := {
    "outcome": "review",
    "reasons": [{
        "code": 12001, "rule": "aml/large", "audience": "officer", "severity": "high", "message": "A large one.",
        "facts": [{"name": "cents", "value": sprintf("%d", [cents])}],
    }],
    "obligations": [{"type": "open_case", "queue": "aml", "kind": "large"}, {"type": "hold", "seconds": 86400}],
} if cents >= data.aml.large

cents := input.amount * 100
"#;

const TESTS: &str = r#"package aml_test

import data.aml

test_small if aml.verdict.outcome == "allow" with input.amount as 1

test_large if aml.verdict.outcome == "review" with input.amount as 10000

test_wrong if aml.verdict.outcome == "deny" with input.amount as 10000

todo_test_more if false
"#;

impl Bundle {
    fn new() -> Self {
        let bundle = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir_all(bundle.0.path().join("p/aml")).unwrap();
        bundle.write("p/.manifest", r#"{"revision": "5", "roots": ["aml", "aml_test"]}"#);
        bundle.write("p/aml/aml.rego", MODULE);
        bundle.write("p/aml/aml_test.rego", TESTS);
        bundle.write("p/aml/data.json", r#"{"large": 1000000}"#);
        bundle.write("small.json", r#"{"amount": 19.99}"#);
        bundle.write("large.json", r#"{"amount": 10000.00}"#);
        bundle
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// The exit code, the output and the errors of a command.
    fn run(&self, line: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thalium"));
        command.current_dir(self.0.path()).arg("policy").args(line).stdin(Stdio::null());
        let told = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (told.status.code().unwrap(), text(told.stdout), text(told.stderr))
    }

    fn told(&self, line: &str, code: i32) -> String {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let (found, out, err) = self.run(&parts);
        assert_eq!(found, code, "{line}\n{out}\n{err}");
        if code == 2 { err } else { out }
    }
}

#[test]
fn a_bundle_is_checked_and_asked() {
    let bundle = Bundle::new();
    assert!(bundle.told("check p", 0).starts_with("ok  6 names of rules  revision 5  digest "));
    assert!(bundle.told("check p --rules", 0).contains("data.aml.verdict"));
    assert_eq!(bundle.told("eval p aml/cents --input small.json", 0), "1999\n");
    assert_eq!(bundle.told("eval p aml/verdict", 1), "undefined\n");
    let query = ["eval", "p", "some x in [1, 2]; y := x * input.amount", "--input", "small.json"];
    assert_eq!(bundle.run(&query).1, "{\"x\":1,\"y\":19.99}\n{\"x\":2,\"y\":39.98}\n");
    let exact = ["eval", "p", "x := 12345678901234567890.123456789 + 1", "--json"];
    assert_eq!(bundle.run(&exact).1, "{\"x\":1.2345678901234567891123456789e+19}\n");
    assert!(
        bundle
            .told("eval p aml/verdikt", 2)
            .contains("neither a rule nor a document at `aml/verdikt`")
    );
    bundle.write("p/aml/more.rego", "package aml\n\nmore := http.send({})\n");
    assert!(bundle.told("check p", 2).contains("aml/more.rego:3:9: rego_unsupported_error"));
}

#[test]
fn a_verdict_is_told_with_its_reasons() {
    let bundle = Bundle::new();
    assert_eq!(bundle.told("decide p aml/verdict --input small.json", 0), "allow\n");
    let told = bundle.told("decide p aml/verdict --input large.json", 1);
    for part in [
        "review",
        "12001",
        "aml/large",
        "high",
        "officer",
        "A large one. (cents 1000000)",
        "then: open a case `large` in aml",
        "then: hold for 86400 seconds",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let told: Value = serde_json::from_str(&bundle.told("decide p aml/verdict --json", 1)).unwrap();
    assert_eq!(told["outcome"], "deny", "what is undefined is denied");
    assert!(bundle.told("decide p aml/cents --input small.json", 2).contains("verdict"));
}

#[test]
fn tests_are_run() {
    let bundle = Bundle::new();
    let told = bundle.told("test p", 1);
    assert!(told.contains("failed  aml/aml_test.rego:9  data.aml_test.test_wrong"), "{told}");
    assert!(told.ends_with("2 passed, 1 failed, 1 skipped\n"), "{told}");
    assert_eq!(bundle.told("test p --only small", 0), "1 passed, 0 failed, 0 skipped\n");
    assert_eq!(bundle.told("test p --only nothing", 1), "0 passed, 0 failed, 0 skipped\n");
    let lines: Vec<Value> = bundle
        .told("test p --json", 1)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let outcomes: Vec<&Value> = lines.iter().map(|line| &line["outcome"]).collect();
    assert_eq!(outcomes, ["passed", "passed", "failed", "skipped"]);
}

#[test]
fn a_bundle_is_packed_and_signed() {
    let bundle = Bundle::new();
    bundle.write("secret", "a secret of the operators");
    bundle.write("other", "another secret");
    let told = bundle.told(
        "build p --output p.tar.gz --signing-key secret --signing-alg HS256 --signing-key-id ops",
        0,
    );
    assert!(told.starts_with("packed `p.tar.gz`  5 files  digest "), "{told}");
    bundle.write("p/private.pem", "a key that lies beside it");
    let again = bundle.told("build p --output again.tar.gz --signing-key secret --signing-alg HS256 --signing-key-id ops", 0);
    assert_eq!(again.replace("again", "p"), told, "what means nothing is not handed on");
    let by = |key: &str, code| {
        bundle.told(&format!("eval p.tar.gz aml/cents --input small.json --verification-key {key} --signing-alg HS256"), code)
    };
    assert_eq!(by("secret", 0), "1999\n");
    assert!(by("other", 2).contains("the signature is not that of the key"));
    assert!(
        bundle
            .told("check p --verification-key secret --signing-alg HS256", 2)
            .contains("is not signed")
    );
    bundle.told("sign p --signing-key secret --signing-alg HS256", 0);
    bundle.told("check p --verification-key secret --signing-alg HS256", 0);
    bundle.write("p/aml/data.json", r#"{"large": 1}"#);
    let told = bundle.told("check p --verification-key secret --signing-alg HS256", 2);
    assert!(told.contains("aml/data.json: is not what was signed"), "{told}");
}

#[test]
fn a_decision_is_measured() {
    let bundle = Bundle::new();
    let told = bundle.told("bench p aml/verdict --input small.json --seconds 1 --json", 0);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["path"], json!("aml/verdict"));
    assert!(told["decisions"].as_u64().unwrap() > 0);
}

/// The packages that ship as an example: their tests pass, and their inputs are decided as their page says.
#[test]
fn the_shipped_policies_decide() {
    let bundle = Bundle::new();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/policies");
    let (code, out, err) = bundle.run(&["test", shipped]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.ends_with(" passed, 0 failed, 0 skipped\n"), "{out}");
    let cases =
        [("access", "allow"), ("aml", "review"), ("security", "review"), ("trading", "allow")];
    for (package, outcome) in cases {
        let (path, input) =
            (format!("{package}/verdict"), format!("{shipped}/inputs/{package}.json"));
        let asked = ["decide", shipped, &path, "--input", &input, "--now", "2026-01-01T00:00:00Z"];
        let (code, out, err) = bundle.run(&asked);
        let wanted = (i32::from(outcome != "allow"), Some(outcome));
        assert_eq!((code, out.lines().next()), wanted, "{package}: {out}{err}");
        // Without a fact nothing is permitted.
        let (code, out, _) = bundle.run(&["decide", shipped, &path]);
        assert_eq!((code, out.lines().next()), (1, Some("deny")), "{package}");
    }
}

/// Where nobody reads the answer, the exit code is still that of the answer.
#[test]
fn a_denial_that_is_not_read_is_one() {
    let bundle = Bundle::new();
    for line in ["decide p aml/verdict", "eval p aml/verdict", "test p"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thalium"));
        command.current_dir(bundle.0.path()).arg("policy").args(line.split(' '));
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = command.stdin(Stdio::null()).stdout(writer).status().unwrap();
        assert_eq!(status.code(), Some(1), "{line}");
    }
}

#[test]
fn decisions_are_put_on_record_told_and_decided_once_more() {
    let bundle = Bundle::new();
    let store = |line: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thalium"));
        let told =
            command.current_dir(bundle.0.path()).args(["--dir", "books"]).args(line).output();
        let told = told.unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (told.status.code().unwrap(), text(&told.stdout), text(&told.stderr))
    };
    assert_eq!(store(&["init"]).0, 0);
    let decide = |input: &str, about: &str| {
        let line = [
            "policy",
            "decide",
            "p",
            "aml/verdict",
            "--input",
            input,
            "--record",
            "--concerns",
            about,
        ];
        store(&line)
    };
    let (code, told, _) = decide("small.json", "w-1");
    assert!(code == 0 && told.starts_with("allow\n  on record: "), "{told}");
    assert_eq!(decide("large.json", "w-2").0, 1);

    let (_, told, _) = store(&["policy", "log"]);
    assert!(told.contains("allow") && told.contains("review") && told.contains("w-2"), "{told}");
    let (_, told, _) =
        store(&["policy", "log", "--outcome", "review", "--json", "--mask", "/input/amount"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["input"], &told["erased"]), (&json!({}), &json!(["/input/amount"])));
    let (_, told, _) = store(&["policy", "log", "--json", "--limit", "1"]);
    assert!(told.contains("19.99") && told.lines().count() == 1, "{told}");
    assert_eq!(store(&["policy", "log", "--subject", "nobody"]).0, 2);
    assert_eq!(store(&["policy", "log", "--mask", "input"]).0, 2);

    let (code, told, _) = store(&["policy", "replay", "p"]);
    assert_eq!(
        (code, told.as_str()),
        (0, "2 decisions  2 the same  0 for other reasons  0 flipped\n")
    );
    bundle.write("p/aml/data.json", r#"{"large": 1000}"#);
    let (code, told, _) = store(&["policy", "replay", "p"]);
    assert_eq!(code, 1, "{told}");
    assert!(
        told.contains("review") && told.contains("12001") && told.contains("1 flipped"),
        "{told}"
    );
    let (_, told, _) = store(&["policy", "replay", "p", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (&told["flips"][0]["was"], &told["flips"][0]["now"]),
        (&json!("allow"), &json!("review"))
    );
    let (code, told, _) = store(&["verify"]);
    assert!(code == 0 && told.contains("decisions"), "{told}");
}

#[test]
fn a_bundle_is_linted_covered_and_explained() {
    let bundle = Bundle::new();
    assert_eq!(bundle.told("lint p", 0), "0 findings\n");
    bundle
        .write("p/aml/more.rego", "package aml\n\nimport data.aml_test\n\ndefault allow := true\n");
    let told = bundle.told("lint p", 1);
    assert!(told.contains("aml/more.rego:3: ") && told.contains("(unused-import)"), "{told}");
    assert!(told.contains("(permissive-default)") && told.ends_with("2 findings\n"), "{told}");
    let told = bundle.told("test p --coverage --only test_small", 0);
    assert!(told.contains("aml/aml.rego") && told.contains("% of the rows were run"), "{told}");
    bundle.told("test p --coverage --only test_small --threshold 100", 1);
    bundle.told("test p --coverage --only test_small --threshold 1", 0);
    let (code, out, why) =
        bundle.run(&["eval", "p", "aml/cents", "--input", "small.json", "--explain", "full"]);
    assert_eq!((code, out.as_str()), (0, "1999\n"));
    assert!(why.starts_with("held: data.aml.cents = 1999  (aml/aml.rego:"), "{why}");
    assert!(bundle.told("eval p x:=1 --explain notes", 2).contains("is for a path"));
}

#[test]
fn a_rule_becomes_a_condition() {
    let bundle = Bundle::new();
    bundle.write("r.rego", "package r\n\nown if input.row.owner == input.user\n\nown if input.row.amount > 10.50\n\nadd if input.row.amount + 1 > 2\n");
    bundle.write("user.json", r#"{"user": "ana"}"#);
    let line = "filter r.rego r/own --input user.json --column owner:owner_id=text --column amount=number?";
    assert_eq!(
        bundle.told(line, 0),
        "(\"owner_id\" = $1::text or (\"amount\" is not null and $2::text::numeric < \"amount\"))\n  $1  \"ana\"\n  $2  \"10.50\"\n"
    );
    let told: Value =
        serde_json::from_str(&bundle.told(&format!("{line} --first 4 --alias a --json"), 0))
            .unwrap();
    assert_eq!((&told["rows"], &told["parameters"]), (&json!("some"), &json!(["ana", "10.50"])));
    assert!(told["sql"].as_str().unwrap().contains("\"a\".\"owner_id\" = $4::text"), "{told}");
    assert!(
        bundle
            .told("filter r.rego r/add --column amount=number", 2)
            .contains("cannot become a condition")
    );
    let below = "filter r.rego r/own/x --input user.json --column owner=text";
    assert!(bundle.told(below, 2).contains("a path below that of a rule"));
    assert!(bundle.told(&format!("{line} --first 65534"), 0).contains("$65535  \"10.50\""));
    assert!(bundle.told("filter r.rego r/own --column amount=float", 2).contains("is no column"));
}

#[test]
fn typed_rules_stand_beside_rego() {
    let bundle = Bundle::new();
    std::fs::create_dir_all(bundle.path("t/limits")).unwrap();
    bundle.write("t/limits/typed.json", r#"{"version": 1, "name": "limits", "default": "allow", "facts": {"amount": "units"},
        "rules": [{"id": "limits/amount", "check": {"type": "amount", "fact": "amount", "max": ["18500"]}}]}"#);
    bundle.write("t/limits/typed_test.yaml", "- name: a large one\n  now: 2026-03-01T00:00:00Z\n  input: {subject.tenant: t, resource.tenant: t, amount: 18501}\n  want: {outcome: deny, codes: [2001]}\n");
    assert!(
        bundle
            .told("check t --rules", 0)
            .contains("limits/verdict  typed rules of limits/typed.json")
    );
    assert_eq!(bundle.told("test t", 0), "1 passed, 0 failed, 0 skipped\n");
    bundle.write(
        "large.json",
        r#"{"subject": {"tenant": "t"}, "resource": {"tenant": "t"}, "amount": 18501}"#,
    );
    assert!(bundle.told("decide t limits/verdict --input large.json", 1).contains("2001"));
    bundle.write(
        "t/limits/typed.json",
        r#"{"version": 1, "name": "limits", "default": "allow", "rules": [{"id": "x"}]}"#,
    );
    assert!(bundle.told("check t", 2).contains("limits/typed.json"));
}
