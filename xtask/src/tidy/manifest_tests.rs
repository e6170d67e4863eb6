use super::*;

#[test]
fn what_the_rules_ask_for_is_read() {
    let manifest = Manifest::parse(
        "[package] # the crate\nname = \"a\" # \"b\"\n\n\
         [dependencies]\nserde.workspace = true\nc = { package = \"d\", version = \"1\" }\n\
         e = { version = \"1\", features = [\n  \"f\",\n] }\n\
         [dev-dependencies]\n\"g\" = \"1\"\n\
         [target.'cfg(unix)'.dependencies]\nh = \"1\"\n\
         [dependencies.i]\nversion = \"1\"\n\
         [lints]\nworkspace = true\n",
    );
    assert_eq!(manifest.package.as_deref(), Some("a"));
    assert!(manifest.takes_workspace_lints);
    let found: Vec<(&str, usize)> =
        manifest.dependencies.iter().map(|d| (d.package.as_str(), d.line)).collect();
    assert_eq!(found, [("serde", 5), ("d", 6), ("e", 7), ("g", 11), ("h", 13), ("i", 14)]);
}

#[test]
fn members_may_stand_on_several_lines() {
    let manifest = Manifest::parse(
        "[workspace]\nmembers = [\n  \"core\", # the core\n  \"adapters/*\",\n]\nexclude = [\"fuzz\"]\n\
         [workspace.dependencies]\na = \"1\"\n",
    );
    assert_eq!(manifest.members, ["core", "adapters/*"]);
    assert_eq!(manifest.excluded, ["fuzz"]);
    assert_eq!(manifest.dependencies, []);
    assert!(!manifest.takes_workspace_lints);
}

#[test]
fn a_renamed_dependency_is_known_by_its_own_name() {
    let manifest = Manifest::parse("[dependencies.disk]\npackage = \"thalium-store\"\n");
    assert!(manifest.dependencies.iter().any(|d| d.package == "thalium-store"));
}
