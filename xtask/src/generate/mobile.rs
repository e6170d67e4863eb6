//! The Kotlin and the Swift that call the native library, as uniffi writes them.

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::mobile::library;
use crate::repo::{Repo, ScratchFolder};

/// The files that are made, each beside its language's own sources.
const MADE: [(&str, &str); 4] = [
    ("kotlin", "io/thalium/native/thalium_mobile.kt"),
    ("swift", "ThaliumNative.swift"),
    ("swift", "ThaliumNativeFFI.h"),
    ("swift", "ThaliumNativeFFI.modulemap"),
];

const PLACES: [&str; 4] = [
    "bindings-mobile/kotlin/src/main/kotlin/io/thalium/native/thalium_mobile.kt",
    "bindings-mobile/swift/Sources/ThaliumNative/ThaliumNative.swift",
    "bindings-mobile/swift/Sources/ThaliumNativeFFI/ThaliumNativeFFI.h",
    "bindings-mobile/swift/Sources/ThaliumNativeFFI/module.modulemap",
];

pub(super) fn native(repo: &Repo) -> Result<Vec<(&'static str, String)>, Failure> {
    let library = library(repo, &[])?;
    let folder = ScratchFolder::create("uniffi")?;
    for language in ["kotlin", "swift"] {
        // Without optimisation: it runs for a moment.
        let arguments = "run --quiet --locked -p thalium-mobile --features bindgen --bin uniffi-bindgen -- generate";
        let mut command = repo.cargo(arguments.split(' '));
        command.arg(&library).args(["--no-format", "--language", language, "--out-dir"]);
        command.arg(folder.path().join(language)).current_dir(repo.root().join("bindings-mobile"));
        let status = command
            .status()
            .map_err(|error| Failure::new(format!("cannot run uniffi-bindgen: {error}")))?;
        if !status.success() {
            return Err(Failure::new("uniffi-bindgen failed: see above"));
        }
    }
    let read = |(place, (language, name)): (&'static str, (&str, &str))| {
        let file = folder.path().join(language).join(name);
        Ok((place, tidied(&file)?))
    };
    PLACES.into_iter().zip(MADE).map(read).collect()
}

/// What was written, without spaces at the ends of lines and without what its authors mean to do one day.
fn tidied(file: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(file).map_err(|error| Failure::io("reading", file, &error))?;
    let intends = |line: &&str| line.trim_start().starts_with(concat!("// TO", "DO"));
    let lines: Vec<_> = text.lines().filter(|line| !intends(line)).map(str::trim_end).collect();
    Ok(format!("{}\n", lines.join("\n").trim_end()))
}
