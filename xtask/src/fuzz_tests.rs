use super::*;
use crate::repo::ScratchFolder;
use crate::runner::display;

#[test]
fn targets_are_the_sources_of_the_folder_by_name() {
    let folder = ScratchFolder::create("xtask-fuzz").unwrap();
    for name in ["wire.rs", "codec.rs", "README.md"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    assert_eq!(targets(folder.path()).unwrap(), ["codec", "wire"]);
}

#[test]
fn new_inputs_go_to_the_corpus_and_the_seeds_come_second() {
    let fuzz = Fuzz { target: Some("codec".to_owned()), seconds: 5, list: false };
    let shown = display(&fuzz.command(Path::new("fuzz"), "codec"));
    let expected =
        "cargo +nightly fuzz run codec fuzz/corpus/codec fuzz/seeds/codec -- -max_total_time=5";
    assert_eq!(shown.replace('\\', "/"), expected);
}
