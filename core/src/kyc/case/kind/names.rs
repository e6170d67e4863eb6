//! Names of a kind, and what is told of those that are none or are not known.

use crate::kyc::rules::{self, shown};

/// The longest name of a queue, a decision, a document, a role, a reason code or an event, in characters.
const NAME: usize = 64;

/// What is wrong with a name, if something is.
pub(super) fn no_name(name: &str) -> Option<String> {
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_name = !name.is_empty() && name.chars().all(is_letter);
    (!is_name || name.chars().nth(NAME).is_some()).then(|| {
        let shown = shown(name);
        format!("`{shown}` is no name: one has 1 to {NAME} letters, digits, `_`, `-` and `.`, and nothing else")
    })
}

/// The name that was meant, as the end of a message.
pub(super) fn meant<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    rules::meant(written, names).map(|meant| format!(": {meant}")).unwrap_or_default()
}
