use super::*;

const STORE: (&str, &str) = ("adapters/store/Cargo.toml", "[package]\nname = \"thalium-store\"\n");
const KAFKA: (&str, &str) = ("adapters/kafka/Cargo.toml", "[package]\nname = \"thalium-kafka\"\n");
const ROOT: (&str, &str) =
    ("Cargo.toml", "[workspace]\nmembers = [\"core\", \"adapters/*\"]\nexclude = [\"fuzz\"]\n");

fn dependencies(folder: &str, name: &str, needs: &[&str]) -> Vec<Finding> {
    let mut text = format!("[package]\nname = \"{name}\"\n[dependencies]\n");
    for need in needs {
        text.push_str(&format!("{need}.workspace = true\n"));
    }
    let path = format!("{folder}/Cargo.toml");
    let mut files = vec![
        ("core/Cargo.toml", "[package]\nname = \"thalium\"\n"),
        STORE,
        KAFKA,
        ("adapters/host/Cargo.toml", "[package]\nname = \"thalium-host\"\n"),
    ];
    files.push((&path, &text));
    adapter_dependencies(&Tree::of(files))
}

#[test]
fn the_host_knows_adapters_and_callers_know_the_host() {
    assert_eq!(dependencies("core", "thalium", &["serde"]), []);
    assert_eq!(dependencies("adapters/store", "thalium-store", &["thalium", "crc32c"]), []);
    let adapters = ["thalium", "thalium-store", "thalium-kafka"];
    assert_eq!(dependencies("adapters/host", "thalium-host", &adapters), []);
    assert_eq!(dependencies("adapters/cli", "thalium-cli", &["thalium", "thalium-host"]), []);
    assert_eq!(dependencies("bindings-python", "thalium-python", &["thalium", "thalium-host"]), []);
    assert_eq!(dependencies("benches", "thalium-benches", &["thalium", "thalium-store"]), []);
}

#[test]
fn every_other_way_is_reported_with_its_line() {
    for (folder, name, need) in [
        ("core", "thalium", "thalium-store"),
        ("core", "thalium", "thalium-host"),
        ("adapters/redis", "thalium-redis", "thalium-store"),
        ("adapters/redis", "thalium-redis", "thalium-host"),
        ("adapters/cli", "thalium-cli", "thalium-store"),
        ("bindings-node", "thalium-node", "thalium-kafka"),
    ] {
        let findings = dependencies(folder, name, &["serde", need]);
        assert_eq!(findings.len(), 1, "{folder} -> {need}");
        assert!(findings.iter().all(|finding| finding.line == 5), "{findings:?}");
    }
}

#[test]
fn development_dependencies_count_too() {
    let cli =
        "[package]\nname = \"thalium-cli\"\n[dev-dependencies]\nthalium-store.workspace = true\n";
    let tree = Tree::of([STORE, ("adapters/cli/Cargo.toml", cli)]);
    assert_eq!(adapter_dependencies(&tree).len(), 1);
}

#[test]
fn a_crate_takes_the_lints_or_is_reported() {
    let good = ("core/Cargo.toml", "[package]\nname = \"thalium\"\n[lints]\nworkspace = true\n");
    let fuzz = ("fuzz/Cargo.toml", "[package]\nname = \"fuzz\"\n");
    assert_eq!(crate_lints(&Tree::of([ROOT, good, fuzz])), []);

    let findings = crate_lints(&Tree::of([ROOT, good, STORE]));
    assert_eq!(findings.len(), 1);
    assert!(findings.iter().all(|finding| finding.path == "adapters/store/Cargo.toml"));
    assert_eq!(crate_lints(&Tree::of([ROOT])).len(), 1, "a member without a manifest");
}

#[test]
fn the_lock_file_is_there_and_tracked_or_reported() {
    let mut tree = Tree::of([("Cargo.lock", "")]);
    assert_eq!(lock_file(&tree), [], "outside a repository its presence is all that can be known");
    tree.lock_is_tracked = Some(true);
    assert_eq!(lock_file(&tree), []);
    tree.lock_is_tracked = Some(false);
    assert_eq!(lock_file(&tree).len(), 1);
    assert_eq!(lock_file(&Tree::of([])).len(), 1);
}
