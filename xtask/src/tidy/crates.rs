//! What crates depend on and opt into.

use std::collections::BTreeMap;

use super::Finding;
use super::manifest::Manifest;
use super::tree::Tree;

const ADAPTERS: &str = "adapters/";
const BINDINGS: &str = "bindings";
const HOST: &str = "adapters/host";
const CLI: &str = "adapters/cli";

/// `adapter-dependencies`: only the host knows adapters; CLI and bindings know the facade and the host.
pub(crate) fn adapter_dependencies(tree: &Tree) -> Vec<Finding> {
    let manifests = manifests(tree);
    let folders: BTreeMap<&str, &str> = manifests
        .iter()
        .filter_map(|(folder, manifest)| Some((manifest.package.as_deref()?, *folder)))
        .collect();
    let mut findings = Vec::new();
    for (folder, manifest) in &manifests {
        for dependency in &manifest.dependencies {
            let Some(target) = folders.get(dependency.package.as_str()) else { continue };
            if target == folder {
                continue;
            }
            if let Some((rule, remedy)) = forbidden(folder, target) {
                let what = format!("`{}`: {rule}", dependency.package);
                let path = format!("{folder}/Cargo.toml");
                findings.push(Finding::error(&path, dependency.line, what, remedy));
            }
        }
    }
    findings
}

/// `crate-lints`: every crate of the workspace takes the workspace's lints.
pub(crate) fn crate_lints(tree: &Tree) -> Vec<Finding> {
    let root = Manifest::parse(tree.text("Cargo.toml").unwrap_or_default());
    let is_member = |folder: &str| {
        root.members.iter().any(|member| {
            member == folder
                || member.strip_suffix("/*").is_some_and(|parent| {
                    folder.rsplit_once('/').is_some_and(|(above, _)| above == parent)
                })
        })
    };
    let missing = root
        .members
        .iter()
        .filter(|member| !member.ends_with('*') && !tree.contains(&format!("{member}/Cargo.toml")))
        .map(|member| {
            let what = format!("the member `{member}` has no Cargo.toml");
            Finding::error("Cargo.toml", 1, what, "write it or take the member out")
        });
    let careless = manifests(tree)
        .into_iter()
        .filter(|(folder, manifest)| is_member(folder) && !manifest.takes_workspace_lints)
        .map(|(folder, _)| {
            let path = format!("{folder}/Cargo.toml");
            let remedy = "add `[lints]` with `workspace = true`";
            Finding::error(&path, 1, "the workspace's lints are not taken", remedy)
        });
    missing.chain(careless).collect()
}

/// `lock-file`: the versions that were tested are the versions that are committed.
pub(crate) fn lock_file(tree: &Tree) -> Vec<Finding> {
    let what = match (tree.contains("Cargo.lock"), tree.lock_is_tracked) {
        (false, _) => "is missing",
        (true, Some(false)) => "is not committed",
        (true, _) => return Vec::new(),
    };
    vec![Finding::error("Cargo.lock", 1, what, "run `cargo metadata` and `git add Cargo.lock`")]
}

/// Every manifest below the root by its folder, fuzz targets apart: they are a workspace of their own.
fn manifests(tree: &Tree) -> Vec<(&str, Manifest)> {
    tree.texts()
        .filter_map(|(path, text)| Some((path.strip_suffix("/Cargo.toml")?, text)))
        .filter(|(folder, _)| *folder != "fuzz")
        .map(|(folder, text)| (folder, Manifest::parse(text)))
        .collect()
}

/// Why the crate in one folder may not depend on the crate in another, and what to do.
fn forbidden(from: &str, to: &str) -> Option<(&'static str, &'static str)> {
    let knows_host_only = from == CLI || from.starts_with(BINDINGS);
    match from {
        "core" if to.starts_with(ADAPTERS) || to.starts_with(BINDINGS) => Some((
            "the core knows no adapter",
            "declare a port in the core and implement it outside",
        )),
        HOST if to == CLI => {
            Some(("the host does not know its callers", "move the code to the host"))
        }
        HOST => None,
        _ if knows_host_only && to != "core" && to != HOST => {
            Some(("only the facade and the host are known here", "reach it through the host"))
        }
        _ if knows_host_only => None,
        _ if from.starts_with(ADAPTERS) && to.starts_with(ADAPTERS) => {
            Some(("adapters know no other adapter", "put them together in adapters/host"))
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "crates_tests.rs"]
mod tests;
