//! The ids that are not dated *now*: sorted runs.

use std::collections::BTreeMap;

use crate::log::Position;

/// Sorted runs take over from the young entries at this many.
const YOUNG_MAX: usize = 1 << 12;

/// A log-structured set of sorted runs; each run is at least twice as long as the next.
#[derive(Clone, Debug, Default)]
pub(super) struct SortedRuns {
    young: BTreeMap<u128, Position>,
    pub(super) runs: Vec<Vec<(u128, Position)>>,
}

impl SortedRuns {
    pub(super) fn is_empty(&self) -> bool {
        self.young.is_empty() && self.runs.is_empty()
    }

    pub(super) fn find(&self, id: u128) -> Option<Position> {
        if let Some(position) = self.young.get(&id) {
            return Some(*position);
        }
        self.runs.iter().rev().find_map(|run| {
            let at = run.binary_search_by_key(&id, |(id, _)| *id).ok()?;
            run.get(at).map(|(_, position)| *position)
        })
    }

    pub(super) fn insert(&mut self, id: u128, position: Position) {
        self.young.insert(id, position);
        if self.young.len() < YOUNG_MAX {
            return;
        }
        let mut run: Vec<_> = std::mem::take(&mut self.young).into_iter().collect();
        while let Some(last) = self.runs.pop_if(|last| last.len() < run.len() * 2) {
            run.extend(last);
            // Stable sort takes two sorted runs for what they are and merges them.
            run.sort_by_key(|(id, _)| *id);
        }
        self.runs.push(run);
    }
}
