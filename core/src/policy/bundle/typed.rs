//! `typed.json` and `typed.yaml`: a bundle's typed rules, and the tests beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::{BundleError, refuse};
use super::files::{self, Contents, Kind, Names};
use super::keys::twice;
use super::manifest::Manifest;
use crate::policy::near::nearest;
use crate::policy::rego::{JsonError, Value};
use crate::policy::snapshot::{document_in_the_way, leads};
use crate::policy::typed::Bundled;

/// The most typed programs of a bundle.
pub const PROGRAMS: usize = 64;

/// The programs of a bundle, whose paths have nothing else.
pub(super) fn read(
    names: &Names<'_>,
    manifest: &Manifest,
    data: &Value,
    contents: &mut Contents,
) -> Result<Vec<Arc<Bundled>>, BundleError> {
    for (name, _) in names.iter().filter(|(name, _)| Kind::of(name) == Kind::Other) {
        if let Some(meant) = meant(name) {
            let why = format_args!("means nothing to a bundle: did you mean {meant}? rename it");
            return Err(refuse(name, why));
        }
    }
    let mut programs: BTreeMap<&str, Bundled> = BTreeMap::new();
    for (name, bytes) in names.iter().filter(|(name, _)| Kind::of(name) == Kind::Typed) {
        let directory = directory(name)?;
        let definition = document(name, bytes)?;
        files::keep(contents, name, &definition);
        let program = Bundled::read(name, &definition);
        let program = program.map_err(|error| refuse(name, error))?;
        check_path(&program, manifest, data)?;
        if let Some(other) = programs.insert(directory, program) {
            let why = format_args!("stands beside {}: keep one of them", other.file());
            return Err(refuse(name, why));
        }
        if programs.len() > PROGRAMS {
            return Err(refuse(name, format_args!("a bundle has at most {PROGRAMS} of them")));
        }
    }
    for inner in programs.values() {
        let is_above = |outer: &&Bundled| {
            outer.keys().len() < inner.keys().len() && leads(outer.keys(), inner.keys())
        };
        if let Some(outer) = programs.values().find(is_above) {
            let why = format_args!("stands below `{}` of {}", outer.path(), outer.file());
            return Err(refuse(inner.file(), why));
        }
    }
    for (name, bytes) in names.iter().filter(|(name, _)| Kind::of(name) == Kind::TypedTests) {
        let tests = document(name, bytes)?;
        files::keep(contents, name, &tests);
        let program = programs.get_mut(directory(name)?);
        let program = program.ok_or_else(|| {
            refuse(name, "tests what is not there: no typed.json or typed.yaml stands beside it")
        })?;
        program.add_cases(name, &tests).map_err(|error| refuse(name, error))?;
    }
    Ok(programs.into_values().map(Arc::new).collect())
}

/// The name of typed rules or their tests that was meant by one that is written wrong: rules that nobody reads would deny nothing.
fn meant(name: &str) -> Option<String> {
    let base = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let (stem, extension) = base.rsplit_once('.')?;
    // Words of their own, which other documents are called by.
    if !matches!(extension, "json" | "yaml" | "yml") || matches!(stem, "type" | "types") {
        return None;
    }
    nearest(stem, ["typed", "typed_test"]).map(|stem| format!("{stem}.{extension}"))
}

/// The directory, whose path a package of Rego can have.
fn directory(name: &str) -> Result<&str, BundleError> {
    let Some((directory, _)) = name.rsplit_once('/') else {
        let why = "stands in no directory, whose path it would answer at: put it into one, such as limits/";
        return Err(refuse(name, why));
    };
    let first = directory.split('/').next().unwrap_or_default();
    let of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if first.starts_with(|first: char| first.is_ascii_digit()) || !first.bytes().all(of_name) {
        let why = format_args!(
            "the directory `{first}` is no name of a package: write letters, digits and `_`"
        );
        return Err(refuse(name, why));
    }
    Ok(directory)
}

/// What a file says, where no key stands twice: of two limits by one name nobody knows which is meant.
fn document(name: &str, bytes: &[u8]) -> Result<Value, BundleError> {
    if name.ends_with(".json") {
        let read = Value::from_json_strict(files::text(name, bytes)?);
        return read.map_err(|error| match error {
            JsonError::Twice { .. } => refuse(name, error),
            error => refuse(name, format_args!("is no JSON: {error}")),
        });
    }
    let value = files::parse(name, bytes)?;
    match twice(files::text(name, bytes)?) {
        None => Ok(value),
        Some(key) => Err(refuse(name, format_args!("has the key `{key}` twice in one object"))),
    }
}

fn check_path(program: &Bundled, manifest: &Manifest, data: &Value) -> Result<(), BundleError> {
    let path = program.path();
    if !manifest.owns(program.keys()) {
        let owned = manifest.owned();
        let why = format_args!("`{path}` is outside of what the bundle owns: {owned}");
        return Err(refuse(program.file(), why));
    }
    let keys: Vec<Value> = program.keys().map(Value::from).collect();
    match document_in_the_way(data, &keys) {
        None => Ok(()),
        Some(at) => {
            let why = format_args!(
                "answers at `{path}`, where the bundle has a document, {at}: rename one"
            );
            Err(refuse(program.file(), why))
        }
    }
}
