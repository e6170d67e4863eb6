use super::*;

#[test]
fn the_root_is_the_folder_of_the_workspace() {
    let repo = Repo::find().unwrap();
    assert!(repo.root().join("xtask/Cargo.toml").is_file());
}

#[test]
fn an_unknown_variable_names_no_folder() {
    let repo = Repo { root: PathBuf::from("nowhere") };
    assert_eq!(repo.data_folder("THALIUM_NO_SUCH_VARIABLE"), None);
}

#[test]
fn a_scratch_folder_lives_as_long_as_its_value() {
    let folder = ScratchFolder::create("xtask-test").unwrap();
    let path = folder.path().to_path_buf();
    assert!(path.is_dir());
    drop(folder);
    assert!(!path.exists());
}
