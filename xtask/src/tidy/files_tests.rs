use super::*;

fn lines(count: usize) -> String {
    "//\n".repeat(count)
}

#[test]
fn long_files_are_warned_about_and_longer_ones_refused() {
    let severities = |path: &str, count: usize| -> Vec<Severity> {
        let text = lines(count);
        file_length(&Tree::of([(path, text.as_str())])).iter().map(|f| f.severity).collect()
    };
    assert_eq!(severities("core/src/a.rs", 450), []);
    assert_eq!(severities("core/src/a.rs", 451), [Severity::Warning]);
    assert_eq!(severities("core/src/a.rs", 700), [Severity::Warning]);
    assert_eq!(severities("core/src/a.rs", 701), [Severity::Error]);
    assert_eq!(severities("core/src/a_tests.rs", 2000), []);
    assert_eq!(severities("docs/a.md", 2000), []);
}

#[test]
fn unsafe_code_is_found_and_talk_of_it_is_not() {
    let keyword = concat!("un", "safe");
    let good =
        format!("#![forbid({keyword}_code)]\n// {keyword} is not used\nlet a = \"{keyword}\";");
    assert_eq!(no_unsafe(&Tree::of([("core/src/a.rs", good.as_str())])), []);
    let bad = format!("\nfn a() {{ {keyword} {{ b() }} }}");
    for path in ["core/src/a.rs", "core/src/a_tests.rs", "fuzz/fuzz_targets/a.rs"] {
        let findings = no_unsafe(&Tree::of([(path, bad.as_str())]));
        assert_eq!(findings.iter().map(|f| f.line).collect::<Vec<_>>(), [2], "{path}");
    }
}

#[test]
fn words_that_belong_are_left_alone() {
    for (path, text) in [
        ("a.md", "../work/a, https://example.com/home/a, ./root/, $HOME/a, <user>/home/x"),
        ("a.md", concat!("what is left TO", "DO")),
        ("core/src/a.rs", concat!("let a = METO", "DO; let b = TO", "DOS; todo!()")),
        ("core/src/money/a.rs", concat!("// X", "XX is no currency")),
        ("core/src/a.rs", concat!("let a = \"X", "XX\"; let X", "XX = 999;")),
    ] {
        assert_eq!(foreign_words(&Tree::of([(path, text)])), [], "{path}: {text}");
    }
}

#[test]
fn words_that_do_not_belong_are_reported() {
    for (path, text) in [
        ("README.md", concat!("cd /wo", "rk/a")),
        ("core/src/a.rs", concat!("let a = \"/ho", "me/b\";")),
        ("core/src/a.rs", concat!("// see file:///ro", "ot/b")),
        (".ci/run", concat!("cd /Us", "ers/a")),
        ("core/src/a.rs", concat!("// TO", "DO: later")),
        ("core/src/money/a.rs", concat!("// FIX", "ME")),
        ("Cargo.toml", concat!("# TO", "DO")),
        ("core/src/a.rs", concat!("// X", "XX later")),
    ] {
        assert_eq!(foreign_words(&Tree::of([(path, text)])).len(), 1, "{path}: {text}");
    }
}

#[test]
fn a_fuzz_target_has_seeds_or_is_reported() {
    let target = ("fuzz/fuzz_targets/codec.rs", "");
    assert_eq!(fuzz_seeds(&Tree::of([target, ("fuzz/seeds/codec/one", "x")])), []);
    for seeds in [("fuzz/seeds/codec/one", ""), ("fuzz/seeds/other/one", "x")] {
        let findings = fuzz_seeds(&Tree::of([target, seeds]));
        assert_eq!(findings.len(), 1, "{seeds:?}");
    }
}
