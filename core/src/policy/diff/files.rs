//! The files of two bundles.

use super::modules::Code;
use super::values::both;
use super::{Change, ENTRIES, FileChange, Listed};
use crate::policy::snapshot::Snapshot;

/// The files that change.
pub(super) fn changes(
    (before, code): (&Snapshot, &Code),
    (after, now): (&Snapshot, &Code),
) -> Listed<FileChange> {
    let mut listed = Listed::default();
    for (file, old, new) in both(before.contents(), after.contents()) {
        let change = match (old, new) {
            (Some(old), Some(new)) if old.digest == new.digest => continue,
            (Some(old), Some(new)) => match (&old.value, &new.value) {
                (Some(old), Some(new)) if old.to_json() == new.to_json() => Change::Text,
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
