use super::*;
use crate::policy::bundle::File;
use crate::policy::rego::{Refused, Request};
use crate::policy::snapshot::{AskError, DecideError};
use crate::policy::typed::{Definition, Facts, Need, Program};
use crate::policy::{Outcome, Verdict};

const PLATFORM: &str = include_str!("../typed/platform.json");

const LIMITS: &str = r#"{"version": 1, "name": "limits", "default": "allow", "facts": {"amount": "units", "kyc.level": "text"},
    "thresholds": {"default": {"tables": [{"from": "2026-01-01", "values": {"daily": {"L0": "100", "L1": "500"}}}]}},
    "rules": [{"id": "limits/day", "check": {"type": "amount", "fact": "amount", "max": [{"threshold": "daily", "by": "kyc.level"}]}}]}"#;

const NOW: i64 = 1_772_366_400_000_000_000;

const REGO: &str = "package limits\n\nextra if input.amount == 7\n\nn := data.limits.table.n\n";

fn load(files: &[(&str, &str)]) -> Result<Snapshot, String> {
    let files: Vec<File<'_>> = files.iter().map(|(name, text)| File::new(name, text)).collect();
    let bundle = Bundle::read(&files, None).map_err(|error| error.to_string())?;
    Snapshot::new(&bundle).map_err(|error| error.to_string())
}

fn limits() -> Snapshot {
    let table = r#"{"table": {"n": 1}}"#;
    let files =
        [("limits/typed.json", LIMITS), ("limits/data.json", table), ("limits/limits.rego", REGO)];
    load(&files).unwrap()
}

fn asked(input: &str) -> Request {
    let input = Value::from_json(input).unwrap();
    Request { input: Some(input), now_ns: NOW, ..Request::default() }
}

/// An input of one tenant and one jurisdiction.
fn of_one(rest: &str) -> Request {
    asked(&format!(
        r#"{{"subject": {{"tenant": "t"}}, "resource": {{"tenant": "t"}}, "jurisdiction": "ZA"{rest}}}"#
    ))
}

#[test]
fn a_typed_program_answers_at_its_path() {
    let snapshot = limits();
    let cases = [
        (r#", "amount": 100, "kyc": {"level": "L0"}"#, Outcome::Allow, vec![]),
        (r#", "amount": "101", "kyc.level": "L0""#, Outcome::Deny, vec![2001]),
        (r#", "amount": 101, "kyc.level": "L1""#, Outcome::Allow, vec![]),
        (r#", "amount": 101, "kyc.level": "L2""#, Outcome::Deny, vec![1012]),
        (r#", "amount": 101"#, Outcome::Deny, vec![1003]),
    ];
    for path in ["limits/verdict", "/limits/verdict/", "data.limits.verdict"] {
        let entry = snapshot.entry(path).unwrap();
        assert_eq!(entry.path(), path);
        assert_eq!(entry.typed().map(Bundled::file), Some("limits/typed.json"));
        for (rest, outcome, codes) in &cases {
            let verdict = snapshot.decide(&entry, of_one(rest)).unwrap();
            let told: Vec<u32> = verdict.reasons.iter().map(|reason| reason.code).collect();
            assert_eq!((verdict.outcome, &told), (*outcome, codes), "{rest}");
            let value = snapshot.evaluate(&entry, of_one(rest)).unwrap().unwrap();
            assert_eq!(Verdict::from_rego(&value), Ok(verdict), "{rest}");
        }
        // The clock is the request's: before 2026 no limits are in force.
        let early = Request { now_ns: 0, ..of_one(cases[0].0) };
        assert_eq!(snapshot.decide(&entry, early).unwrap().reasons[0].code, 1011);
    }
    // Rules and documents beside it are what they are.
    for path in ["limits/n", "limits/table/n"] {
        let entry = snapshot.entry(path).unwrap();
        assert!(entry.typed().is_none());
        assert_eq!(snapshot.evaluate(&entry, asked("{}")).unwrap(), Some(Value::int(1)));
    }
}

#[test]
fn an_input_that_gives_no_facts_is_no_permission() {
    let snapshot = limits();
    let entry = snapshot.entry("limits/verdict").unwrap();
    for (rest, wanted) in [
        (r#", "amuont": 1"#, "`amuont` is no fact of `limits`: `amount` is"),
        (r#", "amount": 1.5"#, "fact `amount` is of another type than it is declared with"),
        (
            r#", "now": "2026-01-01T00:00:00Z""#,
            "`now` is the request's own time: leave it out of the input",
        ),
    ] {
        let told = snapshot.decide(&entry, of_one(rest)).unwrap_err();
        assert!(matches!(told, DecideError::Input(_)) && told.to_string() == wanted, "{told}");
        let value = snapshot.evaluate(&entry, of_one(rest)).unwrap().unwrap();
        let verdict = Verdict::from_rego(&value).unwrap();
        assert_eq!(verdict.outcome, Outcome::Deny);
        assert_eq!((verdict.reasons[0].code, verdict.reasons[0].message.as_str()), (1013, wanted));
    }
    let nothing = snapshot.decide(&entry, Request::default()).unwrap();
    assert_eq!((nothing.outcome, nothing.reasons[0].code), (Outcome::Deny, 1004));
}

#[test]
fn a_path_that_is_none_is_told_of_programs() {
    let snapshot = limits();
    for path in ["limit/verdict", "limits/verdikt", "limits/verdict/outcome", "risk/verdict"] {
        let told = snapshot.entry(path).unwrap_err().to_string();
        assert!(told.ends_with("; there is limits/verdict"), "{told}");
    }
    let told = snapshot.entry("limits").unwrap_err();
    let above = AskError::Above { path: "limits".into(), typed: "limits/verdict".into() };
    assert_eq!(told, above);
    let alone = load(&[("limits/typed.json", LIMITS)]).unwrap();
    let told = alone.entry("limits").unwrap_err().to_string();
    assert!(told.ends_with("; there is limits/verdict"), "{told}");
}

#[test]
fn what_a_program_reads_is_told() {
    let snapshot = limits();
    let program = snapshot.typed()[0].program();
    let reads: Vec<_> =
        program.reads().into_iter().map(|read| (read.name, read.kind.name(), read.need)).collect();
    let wanted = [
        ("subject.tenant", "text", Need::Always),
        ("resource.tenant", "text", Need::Always),
        ("subject.roles", "texts", Need::Never),
        ("permission", "text", Need::Never),
        ("jurisdiction", "text", Need::Always),
        ("now", "instant", Need::Always),
        ("amount", "units", Need::Always),
        ("kyc.level", "text", Need::Always),
    ];
    assert_eq!(reads, wanted);
}

#[test]
fn what_stands_in_the_way_is_refused() {
    let limits = ("limits/typed.json", LIMITS);
    let rego = |text| vec![limits, ("m.rego", text)];
    let reads =
        "reads the value at `limits/verdict`, by its name or with all that stands beside it";
    let cases: [(Vec<(&str, &str)>, &str); 25] = [
        (vec![("typed.json", LIMITS)], "typed.json: stands in no directory"),
        (
            vec![("my-limits/typed.json", LIMITS)],
            "the directory `my-limits` is no name of a package",
        ),
        (
            vec![limits, ("limits/typed.yaml", LIMITS)],
            "limits/typed.yaml: stands beside limits/typed.json",
        ),
        (
            vec![limits, ("limits/verdict/typed.json", LIMITS)],
            "limits/verdict/typed.json: stands below `limits/verdict`",
        ),
        (vec![("limits/typed.json", "{")], "limits/typed.json: is no JSON"),
        (vec![("limits/typed.yml", "a: [1")], "limits/typed.yml: yaml: line"),
        (
            vec![("limits/typed.json", r#"{"version": 1, "version": 1}"#)],
            "limits/typed.json: has the key `version` twice",
        ),
        (
            vec![("limits/typed.yaml", "version: 1\nname: a\nname: b\n")],
            "limits/typed.yaml: has the key `name` twice",
        ),
        (
            vec![("limits/typed.json", r#"{"version": 1, "name": "x", "rules": [{}]}"#)],
            "limits/typed.json: rules[0]: missing field `id`",
        ),
        (
            vec![("limits/typed.json", r#"{"version": 2, "name": "x"}"#)],
            "limits/typed.json: version: is not 1",
        ),
        (
            vec![(".manifest", r#"{"roots": ["aml"]}"#), limits],
            "limits/typed.json: `limits/verdict` is outside of what the bundle owns: `aml`",
        ),
        (
            vec![limits, ("data.json", r#"{"limits": 5}"#)],
            "answers at `limits/verdict`, where the bundle has a document, which is no object, above it",
        ),
        (
            vec![limits, ("limits/verdict/data.json", r#"{"a": 5}"#)],
            "where the bundle has a document, at its path",
        ),
        (
            rego("package limits\n\nverdict := 1\n"),
            "m.rego: rule `data.limits.verdict` stands where limits/typed.json answers, at `limits/verdict`",
        ),
        (rego("package limits.verdict\n\na := 1\n"), "rule `data.limits.verdict.a` stands where"),
        (
            rego("package a\n\nb := 1\n\nc if data.limits.verdict.outcome == \"allow\"\n"),
            "m.rego:5:1: rego_unsupported_error: `data.a.c` reads",
        ),
        (rego("package a\n\nimport data.limits\n\nc if limits.verdict\n"), reads),
        (
            rego(
                "package a\n\nimport data.limits.verdict\n\nc if not verdict.outcome == \"deny\"\n",
            ),
            reads,
        ),
        (rego("package a\n\nf(x) if data.limits.verdict.outcome == x\n\nc if f(1)\n"), reads),
        // A function that no rule calls may still be asked for.
        (rego("package a\n\nf(x) if data.limits.verdict.outcome == x\n"), "`data.a.f` reads"),
        (
            rego("package a\n\ndefault c := 1\n\nc := 2 if false else := data.limits.verdict\n"),
            reads,
        ),
        (rego("package a\n\nc if data.limits.verdict with data.limits.verdict as true\n"), reads),
        // All that stands beside it lacks it.
        (rego("package a\n\nc := count(data.limits)\n"), reads),
        (rego("package a\n\nall contains data[x].verdict if some x in input.all\n"), reads),
        (vec![("limits/typed_test.json", "[]")], "limits/typed_test.json: tests what is not there"),
    ];
    for (files, wanted) in cases {
        let told = load(&files).map(drop).unwrap_err();
        assert!(told.contains(wanted), "{told} / {wanted}");
    }
}

#[test]
fn rules_that_read_what_stands_beside_a_program_are_loaded() {
    let files = [
        ("limits/typed.json", LIMITS),
        ("risk/eu-west/v.2/typed.yaml", "version: 1\nname: risk\n"),
        ("limits/data.json", r#"{"table": {"a": 1}}"#),
        (
            "m.rego",
            "package limits\n\nb := data.limits.table[x] if x := input.x\n\nc if data.a[x].verdict\n\nf(x) := x\n\nd contains f(1) if b\n\ndefault verdicts := 0\n",
        ),
    ];
    let snapshot = load(&files).unwrap();
    assert!(snapshot.entry("risk/eu-west/v.2/verdict").unwrap().typed().is_some());
    let two = [
        files[0],
        files[1],
        (
            "m.rego",
            "package a\n\nc if data.risk[\"eu-west\"][\"v.2\"].verdict.outcome == \"allow\"\n",
        ),
    ];
    let told = load(&two).map(drop).unwrap_err();
    assert!(told.contains("`data.a.c` reads the value at `risk/eu-west/v.2/verdict`"), "{told}");
}

#[test]
fn files_of_almost_their_names_are_refused() {
    for (name, meant) in [
        ("limits/Typed.json", "typed.json"),
        ("limits/TYPED.JSON", "typed.json"),
        ("limits/typed.Yaml", "typed.yaml"),
        ("limits/tyed.yml", "typed.yml"),
        ("typd.json", "typed.json"),
        ("limits/typed_tests.json", "typed_test.json"),
        ("limits/typed-test.yaml", "typed_test.yaml"),
        ("limits/TypedTest.json", "typed_test.json"),
    ] {
        let told = load(&[(name, "{}")]).map(drop).unwrap_err();
        let wanted = format!("{name}: means nothing to a bundle: did you mean {meant}? rename it");
        assert_eq!(told, wanted);
    }
    for name in
        ["a/types.json", "a/type.yaml", "a/typed.md", "a/typed.json~", "typed", "a/tests.json"]
    {
        assert!(load(&[(name, "{}"), ("data.json", "{}")]).is_ok(), "{name}");
    }
}

#[test]
fn queries_that_read_a_program_are_refused() {
    let table = r#"{"table": {"n": 1}}"#;
    let rego = "package a\n\nb := 1\n\nf(x) := x\n\np[x] := y if some x, y in [1, 2]\n";
    let snapshot =
        load(&[("limits/typed.json", LIMITS), ("limits/data.json", table), ("a.rego", rego)]);
    let snapshot = snapshot.unwrap();
    for query in [
        "x := data.limits.verdict",
        "data.limits.verdict.outcome == \"allow\"",
        "not data.limits.verdict",
        "x := data.limits",
        "x := data",
        "x := data[y]",
        "data[_].verdict.outcome == \"deny\"",
        "x := data.limits[input.key]",
        "x := data.limits[y]",
        "x := data[input.a][input.b].reasons",
        "x := [y | y := data.limits.verdict]",
        "every x in data.limits { x }",
        "x := data.a.f(data.limits.verdict)",
        "x := $\"{data.limits.verdict}\"",
        "x := {1 | walk(data, [_, 1])}",
        "1 in data.limits",
        "x := data.a.b with input as data.limits.verdict",
    ] {
        let told = snapshot.policy().query(query).map(drop).unwrap_err();
        let wanted = "the query reads the value at `limits/verdict`, by its name";
        assert!(
            told.kind == Refused::Unsupported && told.message.starts_with(wanted),
            "{query}: {told}"
        );
    }
    for (query, wanted) in [
        ("x := data.limits.table", r#"[{"x":{"n":1}}]"#),
        ("x := data.limits[\"table\"].n", r#"[{"x":1}]"#),
        ("x := data.limits.verdicts", "[]"),
        ("x := data.limits[1]", "[]"),
        ("x := data.a", r#"[{"x":{"b":1,"p":{"0":1,"1":2}}}]"#),
        ("x := data.a[input.none]", "[]"),
        ("data[x].table", r#"[{"x":"limits"}]"#),
        ("x := data.a.b with data.limits.verdict as 1", r#"[{"x":1}]"#),
    ] {
        let query = snapshot.policy().query(query).unwrap();
        let ways = snapshot.run(&query, asked("{}")).unwrap();
        let told = Value::array(ways.into_iter().map(Value::from)).to_json();
        assert_eq!(told, wanted);
    }
}

#[test]
fn tests_beside_a_program_are_run() {
    let tests = r#"
- {name: within, now: 2026-03-01T00:00:00Z, input: {subject: {tenant: t}, resource: {tenant: t}, jurisdiction: ZA, amount: 5, kyc.level: L0}, want: {outcome: allow, codes: []}}
- {name: over, now: 2026-03-01T00:00:00Z, input: {subject: {tenant: t}, resource: {tenant: t}, jurisdiction: ZA, amount: 500, kyc.level: L0}, want: {outcome: deny, codes: [2001]}}
- {name: wrong outcome, now: 2026-03-01T00:00:00Z, want: {outcome: allow}}
- {name: wrong codes, now: 2026-03-01T00:00:00Z, want: {outcome: deny, codes: [2001]}}
- {name: no facts, now: 2026-03-01T00:00:00Z, input: {amuont: 5}, want: {outcome: deny}}
- {name: denied, now: 2026-03-01T00:00:00Z, want: {outcome: deny}}
"#;
    let snapshot =
        load(&[("limits/typed.json", LIMITS), ("limits/typed_test.yaml", tests)]).unwrap();
    let told = snapshot.test_typed(&|_| true);
    let failed = |what: &str| TestOutcome::Failed(vec![what.to_owned()]);
    let wanted = [
        ("within", TestOutcome::Passed),
        ("over", TestOutcome::Passed),
        ("wrong outcome", failed("is allow by the test, and decided deny for [1004]")),
        ("wrong codes", failed("has the codes [2001] by the test, and is decided for [1004]")),
        ("no facts", failed("`amuont` is no fact of `limits`: `amount` is")),
        ("denied", TestOutcome::Passed),
    ];
    assert_eq!(told.len(), wanted.len());
    for ((test, (name, outcome)), row) in told.into_iter().zip(wanted).zip(1..) {
        assert_eq!((test.name, test.row), (format!("limits/verdict: {name}"), row));
        assert_eq!((test.file.as_str(), test.outcome), ("limits/typed_test.yaml", outcome));
    }
    assert_eq!(snapshot.test_typed(&|name| name.ends_with("over")).len(), 1);
}

#[test]
fn tests_that_are_none_are_refused() {
    let cases = [
        ("{}", "tests: is no list of at most 4096 tests"),
        ("[1]", "tests[0]: is no object"),
        (r#"[{"nam": "a"}]"#, "tests[0]: has the unknown field \"nam\""),
        (r#"[{"name": ""}]"#, "tests[0].name: is no text"),
        (r#"[{"name": "a"}]"#, "tests[0].now: is no text: write a time"),
        (r#"[{"name": "a", "now": "today"}]"#, "tests[0].now: is no time of RFC 3339"),
        (r#"[{"name": "a", "now": "2026-01-01T00:00:00Z"}]"#, "tests[0].want: is missing"),
        (
            r#"[{"name": "a", "now": "2026-01-01T00:00:00Z", "want": {}}]"#,
            "tests[0].want.outcome: is none of",
        ),
        (
            r#"[{"name": "a", "now": "2026-01-01T00:00:00Z", "want": {"outcome": "deny", "codes": [-1]}}]"#,
            "tests[0].want.codes: is no list",
        ),
        (r#"[{"name": "a", "name": "b"}]"#, "has the key `name` twice"),
    ];
    for (tests, wanted) in cases {
        let files = [("limits/typed.json", LIMITS), ("limits/typed_test.json", tests)];
        let told = load(&files).map(drop).unwrap_err();
        assert!(told.starts_with("limits/typed_test.json: ") && told.contains(wanted), "{told}");
    }
}

#[test]
fn the_shipped_definition_is_a_bundle_s() {
    let snapshot = load(&[("platform/typed.json", PLATFORM)]).unwrap();
    let own = Program::load(&serde_json::from_str::<Definition>(PLATFORM).unwrap()).unwrap();
    let entry = snapshot.entry("platform/verdict").unwrap();
    let request = asked(
        r#"{"subject": {"tenant": "t", "roles": ["user-trader"]}, "resource.tenant": "t", "permission": "deposit:create", "jurisdiction": "ZA",
            "action": "deposit", "amount": 20000, "kyc": {"level": "L1", "status": "approved"}, "count.day": 1, "pep": false}"#,
    );
    let facts = Facts::from_input(&own, request.input.as_ref(), NOW).unwrap();
    assert_eq!(snapshot.decide(&entry, request).unwrap(), own.decide(&facts));
}
