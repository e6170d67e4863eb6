//! What has become of a rollup, numbered: the newest of it.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::rollup::Change;

/// So many of the newest changes are kept.
pub const CHANGES: usize = 100_000;

/// The newest changes of a rollup.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    kept: VecDeque<(Arc<str>, Change)>,
    /// The number of the newest; the first one's is 1.
    last: u64,
}

impl Changes {
    /// None of them, behind so many that are not there any more.
    pub(super) const fn behind(last: u64) -> Self {
        Self { kept: VecDeque::new(), last }
    }

    /// The number of the newest.
    #[must_use]
    pub const fn last(&self) -> u64 {
        self.last
    }

    pub(super) fn push(&mut self, symbol: Arc<str>, change: Change) {
        if self.kept.len() >= CHANGES {
            self.kept.pop_front();
        }
        self.kept.push_back((symbol, change));
        self.last = self.last.saturating_add(1);
    }

    /// Those behind a number, each with its own; and how many of them are not there any more.
    pub fn after(&self, number: u64) -> (u64, impl Iterator<Item = (u64, &str, &Change)>) {
        let before = self.last.saturating_sub(self.kept.len() as u64);
        let lost = before.saturating_sub(number);
        let skipped = usize::try_from(number.saturating_sub(before)).unwrap_or(usize::MAX);
        let first = number.max(before).saturating_add(1);
        let told = self.kept.iter().skip(skipped).zip(first..);
        (lost, told.map(|((symbol, change), number)| (number, &**symbol, change)))
    }
}
