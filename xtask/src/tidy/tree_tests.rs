use super::*;
use crate::repo::ScratchFolder;

fn product_paths(tree: &Tree) -> Vec<&str> {
    tree.product_sources().map(|(path, ..)| path).collect()
}

#[test]
fn tests_are_no_part_of_the_product() {
    let tree = Tree::of([
        ("core/src/lib.rs", "#[cfg(test)]\nmod helpers;\n#[cfg(test)]\nmod deep;\nmod kept;"),
        ("core/src/helpers.rs", ""),
        ("core/src/deep/mod.rs", ""),
        ("core/src/kept.rs", "#[cfg(test)]\n#[path = \"kept_checks.rs\"]\nmod tests;"),
        ("core/src/kept_checks.rs", ""),
        ("core/src/ledger.rs", "#[cfg(test)]\nmod fixtures;"),
        ("core/src/ledger/fixtures.rs", ""),
        ("core/src/fixtures.rs", ""),
        ("core/src/only.rs", "#![cfg(test)]\n"),
        ("core/src/some_tests.rs", ""),
        ("core/src/tests.rs", ""),
        ("core/tests/all.rs", ""),
    ]);
    let expected =
        ["core/src/fixtures.rs", "core/src/kept.rs", "core/src/ledger.rs", "core/src/lib.rs"];
    assert_eq!(product_paths(&tree), expected);
}

#[test]
fn what_programs_write_is_not_read() {
    let folder = ScratchFolder::create("xtask-tree").unwrap();
    for path in [
        "Cargo.toml",
        ".ci/run",
        ".git/config.toml",
        "target/debug/a.rs",
        "data/journal.json",
        "core/src/data/a.rs",
        "fuzz/corpus/codec/one",
        "fuzz/seeds/codec/one",
    ] {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "x").unwrap();
    }
    let tree = Tree::load(folder.path()).unwrap();
    let paths: Vec<&str> = tree.files.keys().map(String::as_str).collect();
    assert_eq!(paths, [".ci/run", "Cargo.toml", "core/src/data/a.rs", "fuzz/seeds/codec/one"]);
    assert_eq!(tree.text(".ci/run"), Some("x"));
    assert_eq!(tree.text("fuzz/seeds/codec/one"), None, "seeds are bytes");
}
