use super::*;

fn findings(line: &str) -> Vec<String> {
    let tests = "#[test]\nfn credits_equal_debits() {}\n// fn only_in_a_comment() {}";
    let tree = Tree::of([
        (FILE, line),
        ("core/Cargo.toml", "[package]\nname = \"thalium\"\n"),
        ("core/src/ledger/apply_tests.rs", tests),
        ("core/src/ledger/apply.rs", "fn apply() {}"),
        (
            "core/src/port/conformance.rs",
            "macro_rules! suite { () => { #[test] fn appends() {} } }",
        ),
        ("adapters/cli/tests/crash.rs", "mod rounds { #[test] fn survives_kill() {} }"),
    ]);
    invariant_references(&tree).into_iter().map(|finding| finding.what).collect()
}

#[test]
fn references_to_what_exists_are_accepted() {
    for line in [
        "Invariant: the core does no I/O. [tidy: core-imports]",
        "- **Invariant:** text over\n  two lines [test: credits_equal_debits].",
        "*Invariant:* a [test: ledger::apply::tests::credits_equal_debits]",
        "Invariant: a [test: thalium::credits_equal_debits] [tidy: no-unsafe]",
        "Invariant: a [tidy: no-unsafe, test: apply_tests::credits_equal_debits, appends]",
        "Invariant: a [test: adapters/cli/tests/crash.rs::survives_kill]",
        "Invariant: a [test: crash.rs::survives_kill]",
        "Invariant: a [test: `rounds::survives_kill`]",
    ] {
        assert_eq!(findings(line), [""; 0], "{line}");
    }
}

#[test]
fn wishes_and_dead_references_are_reported() {
    for (line, what) in [
        ("No rules here.", "has no `Invariant:` line"),
        ("Invariant: a.", "an invariant that nothing holds"),
        ("Invariant: [tidy: no-unsafe] stands not at the end.", "an invariant that nothing holds"),
        ("Invariant: a\n\n[tidy: no-unsafe]", "an invariant that nothing holds"),
        ("Invariant: a [tidy: no-such]", "no rule is called `no-such`"),
        ("Invariant: a [test: no_such]", "no test is called `no_such`"),
        ("Invariant: a [test: only_in_a_comment]", "no test is called `only_in_a_comment`"),
        ("Invariant: a [test: ledger::apply]", "no test is called `ledger::apply`"),
        (
            "Invariant: a [test: kyc::credits_equal_debits]",
            "no test is called `kyc::credits_equal_debits`",
        ),
        ("Invariant: a [see: b]", "`[see: b]` is no reference"),
    ] {
        assert_eq!(findings(line), [what], "{line}");
    }
    assert_eq!(invariant_references(&Tree::of([])).len(), 1, "the file is missing");
}

#[test]
fn a_finding_names_the_line() {
    let tree = Tree::of([(
        FILE,
        "# Title\n\nInvariant: a.\n- Invariant: b. [tidy: no-unsafe]\n- Invariant: c.\n",
    )]);
    let lines: Vec<usize> =
        invariant_references(&tree).iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [3, 5]);
}
