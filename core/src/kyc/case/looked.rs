//! What people found of the documents that they looked at. It is counted as it happens: a case remembers how a document stands, and not how often
//! one was sent back.

use std::collections::BTreeMap;

use super::command::{Command, Finding};
use super::fact::Change;
use super::report::VotesReport;
use super::state::Case;

/// Of which kind of case a document is, and which it is.
type Paper = (String, String);

/// How often who found what of which documents, and how long these had waited.
#[derive(Clone, Debug, Default)]
pub(super) struct Looked {
    /// By person; the kind, the document, what was found.
    pub(super) people: BTreeMap<String, BTreeMap<(String, String, Finding), VotesReport>>,
    /// How long each was there before somebody had looked at it, in nanoseconds.
    pub(super) waited: BTreeMap<Paper, Vec<i64>>,
}

impl Looked {
    /// Counts a change of a case, if by it somebody has looked at a document; the cases are as they were before.
    pub(super) fn count(&mut self, change: &Change, cases: &BTreeMap<String, Case>) {
        let Command::DecideDocument { document, finding, reasons, .. } = &change.command else {
            return;
        };
        let (kind, by) = (&change.case.kind, &change.by);
        let found = self.people.entry(by.actor.clone()).or_default();
        found.entry((kind.clone(), document.clone(), *finding)).or_default().count(reasons);
        let before = cases.get(&change.case.key);
        if let Some(there) = before.and_then(|case| case.documents.get(document)) {
            let waited = self.waited.entry((kind.clone(), document.clone())).or_default();
            waited.push(by.at.saturating_sub(there.since));
        }
    }
}
