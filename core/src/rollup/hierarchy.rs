//! Levels of buckets, each made of those of a finer one: minutes, hours, days, months.

use super::Calendar;

/// At most so many levels has a hierarchy.
pub const LEVELS: usize = 16;

/// Calendars, the finest first, and which each is made of.
///
/// ```
/// use thalium::rollup::{Calendar, Hierarchy};
///
/// let calendars = ["1m", "1h", "1d", "1w", "1M"].map(|width| Calendar::new(width.parse().unwrap()));
/// let levels = Hierarchy::new(calendars.to_vec())?;
/// assert_eq!(levels.source(4), Some(2), "months are made of days, since weeks do not nest in them");
/// # Ok::<(), thalium::rollup::HierarchyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    calendars: Vec<Calendar>,
    sources: Vec<Option<usize>>,
}

/// Levels that are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HierarchyError {
    /// None at all, or too many.
    #[error("{levels} levels: give from 1 to {LEVELS}")]
    Count {
        /// How many.
        levels: usize,
    },
    /// Two of the same buckets.
    #[error("level {level} is one that stands before it: leave it out")]
    Twice {
        /// Which, from zero.
        level: usize,
    },
    /// The edges of its buckets are edges of no finer level's.
    #[error(
        "level {level} cannot be made of one before it: put the finest first, and give all the same zone and offset"
    )]
    NotNested {
        /// Which, from zero.
        level: usize,
    },
}

impl Hierarchy {
    /// Of calendars, the finest first. Each that follows is made of the last before it whose buckets nest in its own.
    ///
    /// # Errors
    /// No level or more than [`LEVELS`], one that stands there twice, one in which none before it nests.
    pub fn new(calendars: Vec<Calendar>) -> Result<Self, HierarchyError> {
        if calendars.is_empty() || calendars.len() > LEVELS {
            return Err(HierarchyError::Count { levels: calendars.len() });
        }
        let mut sources = Vec::with_capacity(calendars.len());
        for (level, calendar) in calendars.iter().enumerate() {
            let before = calendars.get(..level).unwrap_or_default();
            if before.contains(calendar) {
                return Err(HierarchyError::Twice { level });
            }
            let source = before.iter().rposition(|finer| finer.nests_in(calendar));
            if source.is_none() && level > 0 {
                return Err(HierarchyError::NotNested { level });
            }
            sources.push(source);
        }
        Ok(Self { calendars, sources })
    }

    /// The calendars, the finest first.
    #[must_use]
    pub fn calendars(&self) -> &[Calendar] {
        &self.calendars
    }

    /// Of which level one is made; `None` of the finest, which is made of what happens.
    #[must_use]
    pub fn source(&self, level: usize) -> Option<usize> {
        self.sources.get(level).copied().flatten()
    }
}

#[cfg(test)]
#[path = "hierarchy_tests.rs"]
mod tests;
