//! The parts of the log that the host keeps, and what of them is looked up by id or by account.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use crate::Id;
use crate::event;
use crate::part::{
    Directory, Entry, PAGE_LEN, Part, Stray, Summary, SummaryError, Unreadable, date_key,
    upper_half,
};

/// Parts that follow one another from the log's beginning.
#[derive(Default)]
pub(crate) struct Sealed {
    parts: Vec<Attached>,
    end: u64,
    /// The newest upper half of an id in any part, up to each part.
    made_so_far: Vec<u64>,
    /// What could not be read, once something could not.
    unreadable: OnceLock<Unreadable>,
}

struct Attached {
    summary: Summary,
    part: Box<dyn Part>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} parts up to {}", self.parts.len(), self.end)
    }
}

/// Where the list of an account's events stands in a part.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    part: usize,
    pub(super) directory: Directory,
}

/// A part that cannot be attached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// Its summary is damaged or of another version.
    #[error(transparent)]
    Summary(#[from] SummaryError),
    /// It does not follow the part before it.
    #[error("the part begins with event {first}, where event {expected} is expected")]
    Gap {
        /// Its first event.
        first: u64,
        /// The event that it should begin with.
        expected: u64,
    },
    /// A page of its index could not be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl Sealed {
    /// The sequence after the last event of the last part.
    #[inline]
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// How many parts there are.
    pub(crate) fn parts(&self) -> usize {
        self.parts.len()
    }

    /// What could not be read of the parts, once something could not: no answer that was given since counts.
    pub(crate) fn unreadable(&self) -> Option<&Unreadable> {
        self.unreadable.get()
    }

    /// Takes in the part that follows, and gives the hashes and sequences of its stray ids from the event `known` on.
    pub(crate) fn attach(
        &mut self,
        summary: &[u8],
        part: Box<dyn Part>,
        known: u64,
    ) -> Result<Vec<(u64, u64)>, PartError> {
        let summary = Summary::from_bytes(summary)?;
        if summary.first != self.end {
            return Err(PartError::Gap { first: summary.first, expected: self.end });
        }
        let mut strays = Vec::new();
        let mut left = usize::try_from(summary.strays).unwrap_or(usize::MAX);
        if summary.end() > known {
            for page in summary.strays_at()..summary.dates_at() {
                let page = part.page(number(page)?)?;
                let entries = Stray::all(page.as_slice(), left);
                strays.extend(
                    entries
                        .map(|stray| (stray.hash, summary.first + u64::from(stray.ordinal)))
                        .filter(|(_, sequence)| *sequence >= known),
                );
                left = left.saturating_sub(Stray::PER_PAGE);
            }
        }
        self.end = summary.end();
        let newest = self.newest_id();
        self.made_so_far.push(newest.max(summary.made[1]));
        self.parts.push(Attached { summary, part });
        Ok(strays)
    }

    /// The upper half of the newest id that was dated *now* in any part.
    pub(crate) fn newest_id(&self) -> u64 {
        self.made_so_far.last().copied().unwrap_or(0)
    }

    /// The sequence that spent an id which was dated *now*; `is` confirms a candidate.
    #[cold]
    pub(crate) fn find(&self, id: Id, is: impl Fn(u64) -> bool) -> Option<u64> {
        let made_at = id.made_at();
        for (attached, newest) in self.parts.iter().zip(&self.made_so_far).rev() {
            if made_at > *newest {
                return None;
            }
            let [min, max] = attached.summary.made;
            if (min..=max).contains(&made_at)
                && let Some(sequence) = self.note(attached.find(id, &is)).flatten()
            {
                return Some(sequence);
            }
        }
        None
    }

    /// Whole events from a sequence on.
    pub(super) fn events(&self, sequence: u64, bytes: usize) -> Option<Arc<[u8]>> {
        let attached = self.parts.get(self.part_of(sequence)?)?;
        let read = attached.part.events(sequence, bytes).and_then(|read| {
            let is_it = event::size_of(&read).is_some_and(|len| len <= read.len())
                && event::sequence_of(&read) == Some(sequence);
            let other = || Unreadable(format!("event {sequence} is not where it should be"));
            if is_it { Ok(read) } else { Err(other()) }
        });
        self.note(read)
    }

    /// Where the list stands of an account's events in the part that has a sequence.
    pub(super) fn list(&self, account: Id, sequence: u64) -> Option<List> {
        self.list_in(self.part_of(sequence)?, account)
    }

    fn list_in(&self, part: usize, account: Id) -> Option<List> {
        let directory = self.note(self.parts.get(part)?.directory(account)).flatten()?;
        Some(List { part, directory })
    }

    /// The lists of an account's events in the parts that end behind a sequence, oldest first.
    pub(super) fn lists(&self, account: Id, from: u64) -> impl Iterator<Item = List> {
        let first = self.part_of(from).unwrap_or(self.parts.len());
        (first..self.parts.len()).filter_map(move |part| self.list_in(part, account))
    }

    /// How many events of a list come before a sequence.
    pub(super) fn listed_before(&self, list: List, sequence: u64) -> Option<u32> {
        let (mut low, mut high) = (0, list.directory.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.listed(list, middle)? < sequence {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Some(low)
    }

    /// Notes that an index does not lead to an event that moved an account, unless it is known why.
    pub(super) fn broken(&self, account: Id, sequence: u64) {
        self.unreadable.get_or_init(|| {
            Unreadable(format!("the index does not list event {sequence} under account {account}"))
        });
    }

    /// The sequence with this number in a list.
    pub(super) fn listed(&self, list: List, number: u32) -> Option<u64> {
        let attached = self.parts.get(list.part)?;
        let start = list.directory.start.checked_add(number);
        let beyond = || Unreadable("a list of an account has no end".to_owned());
        let ordinal = self.note(start.ok_or_else(beyond).and_then(|at| attached.place(at)))?;
        Some(attached.summary.first + u64::from(ordinal))
    }

    /// For each part, oldest first, a look-up of its transfers whose effective date is in a span and not the day of
    /// their recording: sequences in the order of the log.
    pub(super) fn dated(
        &self,
        dates: RangeInclusive<i32>,
    ) -> impl DoubleEndedIterator<Item = impl FnOnce() -> Vec<u64> + '_> {
        let keys = date_key(*dates.start())..=date_key(*dates.end());
        self.parts.iter().map(move |attached| {
            let keys = keys.clone();
            move || self.note(attached.dated(&keys)).unwrap_or_default()
        })
    }

    fn part_of(&self, sequence: u64) -> Option<usize> {
        let at = self.parts.partition_point(|attached| attached.summary.end() <= sequence);
        (at < self.parts.len()).then_some(at)
    }

    /// Keeps the first failure: whoever asks the books looks at it before it trusts an answer.
    fn note<T>(&self, read: Result<T, Unreadable>) -> Option<T> {
        read.map_err(|error| self.unreadable.get_or_init(|| error)).ok()
    }
}

impl Attached {
    fn find(&self, id: Id, is: &impl Fn(u64) -> bool) -> Result<Option<u64>, Unreadable> {
        let fingerprint = crate::part::fingerprint(id);
        let fences = &self.summary.id_fences;
        let below = |fence: &u32| u64::from(*fence) < fingerprint;
        let first = fences.partition_point(below).saturating_sub(1);
        for page in first..fences.len() {
            if fences.get(page).is_some_and(|fence| u64::from(*fence) > fingerprint) {
                break;
            }
            let bytes = self.part.page(number(page as u64)?)?;
            let left = self.summary.ids - (page * u64::PER_PAGE) as u64;
            let entries = u64::all(bytes.as_slice(), usize::try_from(left).unwrap_or(usize::MAX));
            for entry in entries.filter(|entry| entry >> 32 == fingerprint) {
                let sequence = self.summary.first + (entry & u64::from(u32::MAX));
                if is(sequence) {
                    return Ok(Some(sequence));
                }
            }
        }
        Ok(None)
    }

    fn directory(&self, account: Id) -> Result<Option<Directory>, Unreadable> {
        let fences = &self.summary.account_fences;
        let Some(page) = fences.partition_point(|fence| *fence <= account).checked_sub(1) else {
            return Ok(None);
        };
        let at = self.summary.accounts_at() + page as u64;
        let bytes = self.part.page(number(at)?)?;
        let left = self.summary.accounts - (page * Directory::PER_PAGE) as u64;
        let count = usize::try_from(left).unwrap_or(usize::MAX);
        Ok(Directory::all(bytes.as_slice(), count).find(|own| own.account == account))
    }

    fn dated(&self, keys: &RangeInclusive<u32>) -> Result<Vec<u64>, Unreadable> {
        let fences = &self.summary.date_fences;
        let first = fences.partition_point(|fence| fence < keys.start()).saturating_sub(1);
        let last = fences.partition_point(|fence| fence <= keys.end());
        let mut found = Vec::new();
        for page in first..last {
            let bytes = self.part.page(number(self.summary.dates_at() + page as u64)?)?;
            let left = self.summary.dates - (page * u64::PER_PAGE) as u64;
            let entries = u64::all(bytes.as_slice(), usize::try_from(left).unwrap_or(usize::MAX));
            let own = entries.filter(|entry| keys.contains(&upper_half(*entry)));
            found.extend(own.map(|entry| self.summary.first + (entry & u64::from(u32::MAX))));
        }
        found.sort_unstable();
        Ok(found)
    }

    fn place(&self, number_in_lists: u32) -> Result<u32, Unreadable> {
        let nth = u64::from(number_in_lists);
        let page = self.summary.places_at() + nth / u32::PER_PAGE as u64;
        let bytes = self.part.page(number(page)?)?;
        let at = usize::try_from(nth % u32::PER_PAGE as u64).unwrap_or(usize::MAX);
        let place = u32::all(bytes.as_slice(), at + 1).next_back();
        let known = place.filter(|place| u64::from(*place) < self.summary.count);
        known.ok_or_else(|| Unreadable("a list of an account leads out of its part".to_owned()))
    }
}

fn number(page: u64) -> Result<u32, Unreadable> {
    u32::try_from(page).map_err(|_| Unreadable(format!("an index has no page {page}")))
}

const _: () = assert!(PAGE_LEN.is_multiple_of(8));
