//! The files of two bundles.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::modules::Code;
use super::values::both;
use super::{Change, ENTRIES, FileChange, Listed, Side};
use crate::policy::bundle::{File, is_meant};
use crate::policy::rego::Value;

/// What a file holds.
#[derive(Debug)]
pub(super) struct Content {
    digest: [u8; 32],
    /// That of what it means; none of a module. Documents can be large, and the snapshot has them.
    meaning: Option<[u8; 32]>,
    /// What it means, of typed rules.
    pub(super) value: Option<Value>,
}

/// The files that mean something, of a bundle that was read from them.
pub(super) fn contents(files: &[File<'_>]) -> BTreeMap<String, Content> {
    let meant = files.iter().filter(|file| is_meant(&file.name));
    let read = meant.map(|file| {
        let name = file.name.strip_prefix("./").unwrap_or(&file.name);
        let name = name.strip_prefix('/').unwrap_or(name);
        let text = std::str::from_utf8(&file.bytes).ok();
        // What the bundle was read from can be read again.
        let value = text.filter(|_| !name.ends_with(".rego")).and_then(|text| {
            let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
            if is_yaml { Value::from_yaml(text).ok() } else { Value::from_json(text).ok() }
        });
        let meaning = value.as_ref().map(|value| Sha256::digest(value.to_json()).into());
        let value =
            value.filter(|_| name.rsplit('/').next().is_some_and(|it| it.starts_with("typed.")));
        (name.to_owned(), Content { digest: Sha256::digest(&file.bytes).into(), meaning, value })
    });
    read.collect()
}

/// The files that change.
pub(super) fn changes(
    (before, code): (&Side, &Code),
    (after, now): (&Side, &Code),
) -> Listed<FileChange> {
    let mut listed = Listed::default();
    for (file, old, new) in both(&before.files, &after.files) {
        let change = match (old, new) {
            (Some(old), Some(new)) if old.digest == new.digest => continue,
            (Some(old), Some(new)) => match (&old.meaning, &new.meaning) {
                (Some(old), Some(new)) if old == new => Change::Text,
                (None, None) => code.module_change(now, file),
                _ => Change::Changed,
            },
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
        };
        listed.add(ENTRIES, || FileChange { file: file.clone(), change });
    }
    listed
}
