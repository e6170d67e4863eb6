use std::collections::BTreeSet;

use super::{FINDINGS, RULES};
use crate::policy::bundle::{Bundle, File};
use crate::policy::snapshot::Snapshot;

const DATA: &str = r#"{"limits": {"daily": 10, "monthly": 100, "_day": 1}}"#;

fn lint(file: &str, module: &str) -> Vec<(&'static str, u32)> {
    let files = [File::new(file, module), File::new("data.json", DATA)];
    let snapshot = Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap();
    snapshot.lint().into_iter().map(|found| (found.id, found.row)).collect()
}

/// For each rule a module in which it finds something in its third row, and one that is as near to it and in which nothing is wrong.
const CASES: [(&str, &str, &str); 29] = [
    (
        "conflicting-rules",
        "fee := 2 if input.a\nfee := 1 if input.a\n",
        "fee := 2 if input.a\nfee := 1 if input.b\n",
    ),
    ("conflicting-rules", "f(1) := 2\nf(1) := 1\n", "f(1) := 2\nf(2) := 1\n"),
    (
        "conflicting-rules",
        "p.a := 2 if input.x\np.a := 1 if input.x\n",
        "p.a := 2 if input.x\np.b := 1 if input.x\n",
    ),
    ("constant-condition", "a if {\n1 == 1; input.x\n}", "a if {\n1 == input.y; input.x\n}"),
    ("constant-condition", "a if {\ntrue\n}", "a if {\ninput.true\n}"),
    ("duplicate-rule", "a if input.x\na if input.x", "a if input.x\na if input.y"),
    (
        "duplicate-rule",
        "a contains 1 if input.x\na contains 1 if input.x",
        "a contains 1 if input.x\na contains 2 if input.x",
    ),
    (
        "impossible-not",
        "a if {\nnot b\n}\nb contains 1 if input.x",
        "a if {\nnot b[1]\n}\nb contains 1 if input.x",
    ),
    (
        "impossible-not",
        "a if {\nnot data.aml.b\n}\nb[x] := 1 if x := input.x",
        "a if {\nnot b\n}\nb := {1} if input.x",
    ),
    (
        "invalid-metadata-attribute",
        "\n# METADATA\n# severity: low\na := 1",
        "\n# METADATA\n# custom:\n#   severity: low\na := 1",
    ),
    ("leaked-internal-reference", "\na := data.limits._day", "\na := _day\n_day := 1"),
    ("not-equals-in-loop", "a if {\ninput.xs[_] != 1\n}", "a if {\ninput.xs[0] != 1\n}"),
    (
        "permissive-default",
        "\ndefault allow := true\nallow := false if input.x",
        "\ndefault allow := false\nallow if input.x",
    ),
    (
        "permissive-default",
        "\ndefault v := {\"outcome\": \"allow\"}\nv := {} if input.x",
        "\ndefault v := {\"outcome\": \"deny\"}\nv := {} if input.x",
    ),
    ("print-or-trace-call", "a if {\nprint(input.x)\n}", "a if {\ncount(input.x) > 1\n}"),
    ("rule-shadows-builtin", "\ncount := 1", "\ncounts := 1"),
    ("rule-shadows-builtin", "\ntime := 1", "\ntimes := 1"),
    (
        "sprintf-arguments-mismatch",
        "\na := sprintf(\"%d%% of %s\", [input.x])",
        "\na := sprintf(\"%5.2f%% of %s\", [input.x, input.y])",
    ),
    (
        "sprintf-arguments-mismatch",
        "\na := sprintf(\"none\", [input.x])",
        "\na := sprintf(\"%[1]d\", [input.x])",
    ),
    ("test-outside-test-package", "\ntest_a if input.x", "\ntesting_a if input.x"),
    ("text-order", "\na if input.amount > \"100.5\"", "\na if input.day > \"2026-01-01\""),
    ("unreachable-else", "a := 1\nelse := 2 if input.x", "a := input.x\nelse := 2 if input.y"),
    ("unresolved-reference", "\na := data.limits.dayly", "\na := data.limits.daily"),
    (
        "unresolved-reference",
        "\nimport data.limit\na := limit.daily",
        "\nimport data.limits\na := limits[input.x]",
    ),
    ("unused-argument", "\nf(x, y) := x", "\nf(x, _) := x"),
    ("unused-argument", "\nf(x, y) := 1 if x", "\nf(x, y) := 1 if x\nelse := y"),
    ("unused-import", "\nimport data.limits\na := 1", "\nimport data.limits as l\na := l.daily"),
    ("unused-rule", "\n_a := 1", "\n_a := 1\nb := _a"),
    (
        "unused-variable",
        "a if {\nx := input.x\n}",
        "a if {\nx := input.x; some y in [1]; y == x\n}",
    ),
];

#[test]
fn each_rule_finds_what_it_is_for_and_nothing_near_it() {
    for (id, wrong, right) in CASES {
        let told = lint("aml.rego", &format!("package aml\n{wrong}\n"));
        let told: Vec<_> =
            told.into_iter().filter(|(other, _)| *other != "file-missing-test-suffix").collect();
        assert_eq!(told, [(id, 3)], "{wrong}");
        assert_eq!(lint("aml.rego", &format!("package aml\n{right}\n")), [], "{right}");
    }
}

#[test]
fn rules_that_only_hold_in_some_files() {
    let test = "package aml_test\n\ntest_a if {\n\tprint(1)\n\tnot data.missing\n}\n";
    assert_eq!(lint("aml_test.rego", test), []);
    assert_eq!(lint("aml.rego", test), [("file-missing-test-suffix", 3)]);
    let v0 = "package aml\n\na { any([input.x]) }\n";
    let files = [File::new(".manifest", r#"{"rego_version": 0}"#), File::new("aml.rego", v0)];
    let snapshot = Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap();
    let told: Vec<_> = snapshot.lint().into_iter().map(|found| (found.id, found.row)).collect();
    assert_eq!(told, [("deprecated-builtin", 3)]);
}

#[test]
fn every_rule_is_tried_and_has_a_hint() {
    let mut tried: BTreeSet<&str> = CASES.iter().map(|(id, ..)| *id).collect();
    tried.extend(["file-missing-test-suffix", "deprecated-builtin"]);
    // They have tests of their own.
    tried.extend(["schema-mismatch", "unresolved-schema"]);
    assert_eq!(tried, RULES.iter().map(|(id, _)| *id).collect());
    assert!(RULES.iter().all(|(_, hint)| !hint.is_empty()));
    assert!(RULES.is_sorted());
}

#[test]
fn a_comment_silences_a_rule() {
    let module = |before: &str, after: &str| {
        format!("package aml\n{before}\nimport data.limits {after}\n\na := 1\n")
    };
    for (before, after) in [
        ("# lint:ignore unused-import", ""),
        ("# regal ignore:unused-import", ""),
        ("# lint:ignore text-order, unused-import", ""),
        ("", "# lint:ignore unused-import"),
    ] {
        assert_eq!(lint("aml.rego", &module(before, after)), [], "{before}{after}");
    }
    for (before, after) in [("# lint:ignore unused-rule", ""), ("# unused-import", ""), ("", "")] {
        assert_eq!(lint("aml.rego", &module(before, after)), [("unused-import", 3)], "{before}");
    }
}

#[test]
fn what_was_meant_is_told() {
    let module = "package aml\n\na := data.limits.montly + data.amll.b\n\nb := 1\n";
    let files = [File::new("aml.rego", module), File::new("data.json", DATA)];
    let snapshot = Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap();
    let told: Vec<_> = snapshot.lint().into_iter().map(|found| found.message).collect();
    let nowhere = "is neither a rule nor a document of the bundle; did you mean";
    assert_eq!(
        told,
        [
            format!("`data.amll.b` {nowhere} `aml`?"),
            format!("`data.limits.montly` {nowhere} `monthly`?")
        ]
    );
}

/// What a `with` puts somewhere may be missing from the bundle, and what is pushed under it as well.
#[test]
fn what_a_with_puts_there_is_no_wrong_reference() {
    let files = [
        File::new("aml.rego", "package aml\n\na := data.pushed.x.y\n\nb := data.other\n"),
        File::new(
            "aml_test.rego",
            "package aml_test\n\ntest_a if data.aml.a with data.pushed.x as {} with data.other.z as 1\n",
        ),
    ];
    let snapshot = Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap();
    assert_eq!(snapshot.lint(), []);
}

/// A name that a rule declares is its own, whatever the package or an import calls so.
#[test]
fn a_variable_is_no_reference() {
    let module = "package aml\n\nimport data.limits\n\na := limits.daily\n\nb(limits) := limits.nothing\n\nc if {\n\tsome a in input.as\n\tnot a.b\n}\n";
    assert_eq!(lint("aml.rego", module), []);
}

#[test]
fn the_examples_are_clean() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/policies");
    let mut files = Vec::new();
    let mut open = vec![top.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&top).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let files: Vec<File<'_>> = files
        .iter()
        .filter(|(name, _)| !name.starts_with("inputs/"))
        .map(|(name, text)| File::new(name, text))
        .collect();
    let snapshot = Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap();
    assert_eq!(snapshot.lint(), []);
}

#[test]
fn findings_are_bounded() {
    let rules: String = (0..3000).map(|at| format!("f{at}(x) := data.nowhere.a{at}\n")).collect();
    assert_eq!(lint("aml.rego", &format!("package aml\n{rules}")).len(), FINDINGS);
}

#[test]
fn as_many_operators_in_a_row_as_may_be_are_looked_at() {
    let (sum, less) = (" + input.x".repeat(190), " < 1".repeat(190));
    let module = format!("package a\n\nb := input.x{sum}\n\nc if not 1{less}\n");
    assert_eq!(lint("a.rego", &module), []);
}
