//! A rollup that is being built from all that was ever given to that which it is made of.

use std::sync::Arc;

use super::record::Record;
use super::{Rollup, RollupError, Rollups};

/// A rollup that is being built.
#[derive(Clone, Debug)]
pub struct Building {
    rollup: Rollup,
    /// The record that comes next.
    next: u64,
    /// How often it was defined so far.
    defined: u32,
}

impl Building {
    /// One that begins with a record.
    pub(super) const fn new(rollup: Rollup, next: u64) -> Self {
        Self { rollup, next, defined: 0 }
    }

    /// The number of the record that comes next.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Whether all records were folded into it.
    #[must_use]
    pub const fn is_complete(&self, rollups: &Rollups) -> bool {
        self.next == rollups.records()
    }

    /// Folds in the next record.
    ///
    /// # Errors
    /// Bytes that are no record, or not the next.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), RollupError> {
        let record = Record::from_bytes(bytes, self.next)?;
        self.next += 1;
        let definition = Arc::clone(&self.rollup.definition);
        match &record {
            Record::Defined(other) if other.name == definition.name => self.defined += 1,
            // What went before is gone with the name.
            Record::Dropped(name) => {
                if name == &definition.name {
                    self.defined = 0;
                }
                if name == definition.root() {
                    self.rollup = Rollup::new(definition, self.rollup.version)?;
                }
            }
            record if record.root() == Some(definition.root()) => {
                // From when it is there, it tells also what it does not take.
                let is_there = self.defined == self.rollup.version;
                self.rollup.fold(record, is_there && definition.of.is_none());
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn into_rollup(self) -> Rollup {
        self.rollup
    }
}
