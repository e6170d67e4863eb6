use super::*;
use crate::repo::ScratchFolder;

#[test]
fn files_and_folders_are_benchmarks_and_other_things_are_not() {
    let folder = ScratchFolder::create("xtask-bench").unwrap();
    let path = folder.path();
    fs::write(path.join("submit.rs"), "//! Transfers per second.\n//! More.\nfn main() {}\n")
        .unwrap();
    fs::write(path.join("notes.md"), "notes").unwrap();
    fs::create_dir(path.join("open")).unwrap();
    fs::write(path.join("open/main.rs"), "fn main() {}\n").unwrap();
    fs::create_dir(path.join("empty")).unwrap();

    let found = benchmarks(path).unwrap();
    assert_eq!(list(&found), "  open\n  submit  Transfers per second.\n");
}

#[test]
fn a_missing_folder_is_named() {
    let failure = benchmarks(Path::new("no/such/folder")).unwrap_err();
    assert!(failure.to_string().starts_with("reading `no/such/folder`"));
}
