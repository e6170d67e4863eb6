//! The summary of an index: what a host keeps in memory of a part, so that a question reads one page or none.

use super::pages::{Directory, Entry, Stray};
use crate::Id;

/// The version of an index that is written; those before it are made anew.
pub const VERSION: u16 = 2;
const FIXED_LEN: usize = 88;
/// The most events that a part can have: their places are numbers of 32 bits.
pub(crate) const EVENTS_MAX: u64 = u32::MAX as u64;

/// What is in a part, and where in the pages of its index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// The sequence of its first event.
    pub(crate) first: u64,
    /// How many events it has.
    pub(crate) count: u64,
    /// When its ids that were dated *now* were made: the upper halves of the first and the last.
    pub(crate) made: [u64; 2],
    /// How many ids, accounts, places in the accounts' lists and stray ids its pages hold, in this order.
    pub(crate) ids: u64,
    pub(crate) accounts: u64,
    pub(crate) places: u64,
    pub(crate) strays: u64,
    /// How many transfers have another effective date than the day on which they were recorded.
    pub(crate) dates: u64,
    /// The first entry of each page of ids, of dates and of accounts.
    pub(crate) id_fences: Vec<u32>,
    pub(crate) date_fences: Vec<u32>,
    pub(crate) account_fences: Vec<Id>,
}

/// Bytes that are no summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SummaryError {
    /// They are of another version.
    #[error("the index has version {0}, this build knows version {VERSION}")]
    Version(u16),
    /// They are too short, too long or do not fit together.
    #[error("the summary of the index does not fit together: {0}")]
    Shape(&'static str),
}

impl Summary {
    /// The sequence after its last event.
    pub(crate) fn end(&self) -> u64 {
        self.first.saturating_add(self.count)
    }

    /// The page with which the accounts begin.
    pub(crate) fn accounts_at(&self) -> u64 {
        u64::pages(self.ids)
    }

    /// The page with which the lists of places begin.
    pub(crate) fn places_at(&self) -> u64 {
        self.accounts_at() + Directory::pages(self.accounts)
    }

    /// The page with which the stray ids begin.
    pub(crate) fn strays_at(&self) -> u64 {
        self.places_at() + u32::pages(self.places)
    }

    /// The page with which the dates begin.
    pub(crate) fn dates_at(&self) -> u64 {
        self.strays_at() + Stray::pages(self.strays)
    }

    /// How many pages there are.
    pub(crate) fn pages(&self) -> u64 {
        self.dates_at() + u64::pages(self.dates)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(
            FIXED_LEN
                + (self.id_fences.len() + self.date_fences.len()) * 4
                + self.account_fences.len() * 16,
        );
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.resize(8, 0);
        for number in [self.first, self.count, self.made[0], self.made[1]] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for number in [self.ids, self.accounts, self.places, self.strays, self.dates] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.resize(FIXED_LEN, 0);
        for fence in self.id_fences.iter().chain(&self.date_fences) {
            bytes.extend_from_slice(&fence.to_le_bytes());
        }
        for fence in &self.account_fences {
            bytes.extend_from_slice(&fence.0.to_be_bytes());
        }
        bytes
    }

    /// Reads a summary; what is accepted is exactly what [`Summary::to_bytes`] writes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, SummaryError> {
        let shape = SummaryError::Shape;
        let (fixed, mut rest) =
            bytes.split_at_checked(FIXED_LEN).ok_or(shape("it is cut short"))?;
        let version = fixed.first_chunk().map_or(0, |bytes| u16::from_le_bytes(*bytes));
        if version != VERSION {
            return Err(SummaryError::Version(version));
        }
        let (words, _) = fixed.as_chunks::<8>();
        let word = |n: usize| words.get(n).map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let mut summary = Self {
            first: word(1),
            count: word(2),
            made: [word(3), word(4)],
            ids: word(5),
            accounts: word(6),
            places: word(7),
            strays: word(8),
            dates: word(9),
            ..Self::default()
        };
        if summary.count > EVENTS_MAX || summary.first.checked_add(summary.count).is_none() {
            return Err(shape("it has more events than a part can have"));
        }
        // An event spends at most two ids (its own and its key's) and moves two accounts.
        let twice = summary.count * 2;
        let at_most_two = [summary.ids, summary.accounts, summary.places, summary.strays];
        if at_most_two.iter().any(|count| *count > twice) || summary.dates > summary.count {
            return Err(shape("it has more entries than its events can have"));
        }
        let fences = |entries: u64| usize::try_from(entries).unwrap_or(usize::MAX);
        let (ids, dates) = (fences(u64::pages(summary.ids)), fences(u64::pages(summary.dates)));
        let accounts = fences(Directory::pages(summary.accounts));
        let numbers = ids.saturating_add(dates).saturating_mul(4);
        if rest.len() != numbers.saturating_add(accounts.saturating_mul(16)) {
            return Err(shape("its fences do not match its pages"));
        }
        for (own, count) in [(&mut summary.id_fences, ids), (&mut summary.date_fences, dates)] {
            let (bytes, behind) =
                rest.split_at_checked(count * 4).ok_or(shape("it is cut short"))?;
            *own = bytes.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
            rest = behind;
        }
        summary.account_fences =
            rest.as_chunks().0.iter().map(|bytes| Id(u128::from_be_bytes(*bytes))).collect();
        if !summary.id_fences.is_sorted()
            || !summary.date_fences.is_sorted()
            || !summary.account_fences.is_sorted()
        {
            return Err(shape("its fences are not in order"));
        }
        if summary.to_bytes() != bytes {
            return Err(shape("a reserved byte is not zero"));
        }
        Ok(summary)
    }
}
