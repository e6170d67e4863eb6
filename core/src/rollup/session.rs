//! Session windows: what happens close together, as visits and bursts of trades do.
//!
//! Entries less than a gap apart are of one session, whatever the order in which they come: one that is late joins the session that it is
//! near to, or makes two of them one. A session has a longest length. An entry that would make one longer is refused: where to cut would
//! depend on what comes later, and nothing is cut in silence. As long as no session gets too long, none is refused, in no order.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};
use std::ops::Range;

use super::width::CENTURY;
use super::{Aggregate, Entry, MergeError};

/// A gap, or a longest length, that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GapError {
    /// Too short, or too long.
    #[error("a gap of {gap} ns: one is from 1 ns to a hundred years long")]
    Gap {
        /// How long.
        gap: i64,
    },
    /// Shorter than the gap, or too long.
    #[error(
        "sessions of up to {longest} ns: give at least the gap, {gap} ns, and at most a hundred years"
    )]
    Longest {
        /// How long a session may be.
        longest: i64,
        /// How long a gap is.
        gap: i64,
    },
}

/// Why an entry is not taken. Then nothing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// Sessions of that time were dropped.
    #[error("is too long ago: what was before {before} is not taken any more")]
    Expired {
        /// What was before is not taken.
        before: i64,
    },
    /// It would make a session too long.
    #[error(
        "makes a session {long} ns long, and {longest} ns is the longest: give a shorter gap, or let sessions be longer"
    )]
    TooLong {
        /// How long it would be.
        long: i64,
        /// How long one may be.
        longest: i64,
    },
    /// Sums that cannot be counted, or entries of which it would have to be known which follows which.
    #[error(transparent)]
    Merge(#[from] MergeError),
}

/// What happened close together.
///
/// ```
/// use thalium::rollup::Session;
///
/// let visit = Session { start: 100, end: 160, value: "three pages" };
/// assert_eq!(visit.end - visit.start, 60);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session<A> {
    /// When the first entry was.
    pub start: i64,
    /// When the last entry was.
    pub end: i64,
    /// What its entries come to.
    pub value: A,
}

/// Entries in sessions.
///
/// ```
/// use thalium::money::Net;
/// use thalium::rollup::{Sample, Sessions, Summary};
///
/// let minute = 60_000_000_000;
/// let mut visits: Sessions<Summary> = Sessions::new(30 * minute, 24 * 60 * minute)?;
/// // 10 and 60 are apart until 35 comes, which is 25 from both.
/// for at in [0, 10, 60, 35, 200] {
///     visits.add(&Sample { at: at * minute, sequence: 0, value: Net::between(1, 0) })?;
/// }
/// let told = visits.sessions(0..300 * minute).map(|visit| (visit.start / minute, visit.end / minute, visit.value.count()));
/// assert_eq!(told.collect::<Vec<_>>(), [(0, 60, 4), (200, 200, 1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sessions<A> {
    gap: i64,
    longest: i64,
    /// By when they begin. Each ends a gap or more before the next begins.
    sessions: BTreeMap<i64, Session<A>>,
    /// What was before is not taken.
    before: i64,
}

impl<A: Aggregate> Sessions<A> {
    /// None yet. Entries less than a gap apart are of one session, which may be so long from its first entry to its last, both in
    /// nanoseconds.
    ///
    /// # Errors
    /// A gap of less than a nanosecond or more than a hundred years, a longest length that is shorter than the gap or as much too long.
    pub const fn new(gap: i64, longest: i64) -> Result<Self, GapError> {
        if gap < 1 || gap > CENTURY {
            return Err(GapError::Gap { gap });
        }
        if longest < gap || longest > CENTURY {
            return Err(GapError::Longest { longest, gap });
        }
        Ok(Self { gap, longest, sessions: BTreeMap::new(), before: i64::MIN })
    }

    /// Adds an entry to the session that it is near to, or begins one with it. Where it is near to two, they become one.
    ///
    /// # Errors
    /// It is before what is kept, a session would become too long, a sum that cannot be counted.
    pub fn add(&mut self, entry: &A::Entry) -> Result<(), SessionError> {
        let (at, _) = entry.key();
        if at < self.before {
            return Err(SessionError::Expired { before: self.before });
        }
        let before = self.sessions.range(..=at).next_back().map(|(_, session)| session);
        let before = before.filter(|session| at.saturating_sub(session.end) < self.gap);
        let after = self.sessions.range((Excluded(at), Unbounded)).next();
        let after = after.map(|(_, session)| session);
        let after = after.filter(|session| session.start.saturating_sub(at) < self.gap);
        let start = before.map_or(at, |session| session.start);
        let end = after.or(before).map_or(at, |session| session.end.max(at));
        let long = end.saturating_sub(start);
        if long > self.longest {
            return Err(SessionError::TooLong { long, longest: self.longest });
        }
        let mut value = match (before, after) {
            // Most go on with a session: nothing is copied for them.
            (Some(_), None) => {
                if let Some(session) = self.sessions.get_mut(&start) {
                    session.value.add(entry)?;
                    session.end = end;
                }
                return Ok(());
            }
            (Some(before), Some(_)) => {
                let mut value = before.value.clone();
                value.add(entry)?;
                value
            }
            (None, _) => A::of(entry),
        };
        if let Some(after) = after {
            value.take_in(&after.value)?;
            let joined = after.start;
            self.sessions.remove(&joined);
        }
        self.sessions.insert(start, Session { start, end, value });
        Ok(())
    }

    /// The sessions that begin in a range of instants, by time. What comes later can still change them.
    pub fn sessions(&self, range: Range<i64>) -> impl DoubleEndedIterator<Item = &Session<A>> {
        let Range { start, end } = range;
        self.sessions.range(start..end.max(start)).map(|(_, session)| session)
    }

    /// Drops the sessions that nothing can join that is at an instant or later; gives how many. What was before is refused from then on,
    /// so that none is taken for the beginning of another.
    pub fn expire(&mut self, before: i64) -> usize {
        self.before = self.before.max(before);
        let mut dropped = 0;
        while let Some(session) = self.sessions.first_entry()
            && session.get().end.saturating_add(self.gap) <= self.before
        {
            session.remove();
            dropped += 1;
        }
        dropped
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
