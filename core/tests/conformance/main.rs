//! Cases of other systems' suites, run through the public API.
//!
//! They are data that lives outside the repository; see `docs/conformance.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod buckets;
mod rego;
mod transfers;

use std::path::{Path, PathBuf};

/// Runs a file; gives how many cases passed, of how many, and what disagrees.
type Check = fn(&Path) -> (usize, usize, Vec<String>);

/// The files, by how their names begin and end.
const KINDS: [(&str, &str, Check); 2] =
    [("transfer-tables", "json", transfers::check), ("time-bucket", "csv", buckets::check)];

fn folder() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("THALIUM_CONFORMANCE").map(PathBuf::from) {
        assert!(
            named.is_dir(),
            "THALIUM_CONFORMANCE names {}, which is no folder",
            named.display()
        );
        return Some(named);
    }
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    Some(beside).filter(|folder| folder.is_dir())
}

#[test]
fn conformance() {
    let Some(folder) = folder() else {
        println!("conformance: no folder of cases (THALIUM_CONFORMANCE names one): skipped");
        return;
    };
    let (mut disagreements, mut files) = (0, 0);
    for file in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let extension = file.extension().unwrap_or_default();
        let kind =
            KINDS.iter().find(|(begin, end, _)| name.starts_with(begin) && extension == *end);
        let Some((.., check)) = kind else { continue };
        let (passed, total, failures) = check(&file);
        files += 1;
        println!("{name}: {passed}/{total}");
        for failure in &failures {
            println!("{name}: {failure}");
        }
        disagreements += failures.len();
    }
    assert_ne!(files, 0, "{} has no cases", folder.display());
    assert_eq!(disagreements, 0, "cases disagree");
}
