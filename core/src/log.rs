//! The log: the newest events in memory, older ones in parts that the host keeps.
//!
//! An event is known by its sequence. Zero stands for *none* where an event that moved an account is meant, since the
//! log's first event moves none.

mod sealed;
mod states;
mod stretch;
mod walk;

use std::collections::VecDeque;
use std::ops::{Deref, Range, RangeInclusive};
use std::sync::Arc;

use crate::pages::Pages;
use crate::part::{Cut, Expiry};
pub use sealed::PartError;
pub(crate) use sealed::Sealed;
pub(crate) use states::States;
pub(crate) use stretch::Stretch;
pub(crate) use walk::Walk;

/// Bytes of events that a scan reads of a part at a time.
const BATCH_BYTES: usize = 256 << 10;
/// Events that a scan backward reads at a time.
const BATCH_EVENTS: u64 = 1024;

/// The sequences of the events before this one that touched the same debit and the same credit account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Links {
    pub(crate) debit: u64,
    pub(crate) credit: u64,
}

/// The bytes of an event, wherever they were read from.
#[derive(Clone, Debug)]
pub enum EventBytes<'a> {
    /// They stand in the log's memory.
    Here(&'a [u8]),
    /// They were read from a part.
    Read(Arc<[u8]>, Range<usize>),
}

impl Deref for EventBytes<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Here(bytes) => bytes,
            Self::Read(batch, range) => batch.get(range.clone()).unwrap_or_default(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct EventLog {
    pages: Arc<dyn Pages>,
    pub(crate) sealed: Sealed,
    full: VecDeque<Arc<Stretch>>,
    open: Option<Stretch>,
    count: u64,
    /// The sequence after the last event that was cut.
    cut_end: u64,
    pub(crate) states: States,
    expiries: Vec<Expiry>,
    /// The transfers in memory that have another effective date than the day of their recording.
    dates: VecDeque<(u64, i32)>,
}

impl EventLog {
    pub(crate) fn new(pages: Arc<dyn Pages>) -> Self {
        Self {
            pages,
            sealed: Sealed::default(),
            full: VecDeque::new(),
            open: None,
            count: 0,
            cut_end: 0,
            states: States::default(),
            expiries: Vec::new(),
            dates: VecDeque::new(),
        }
    }

    /// How many events there are; the next one's sequence.
    #[inline]
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Bytes held in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.stretches().map(Stretch::bytes).sum()
    }

    fn stretches(&self) -> impl Iterator<Item = &Stretch> {
        self.full.iter().map(Arc::as_ref).chain(&self.open)
    }

    /// Whether the next event stands in a part already: then it is replayed, and its memory spared.
    #[inline]
    pub(crate) fn is_sealed(&self) -> bool {
        self.count < self.sealed.end()
    }

    /// Appends an event, and gives its sequence.
    #[inline(always)]
    pub(crate) fn push(&mut self, links: Links, event: &[u8]) -> u64 {
        let sequence = self.count;
        self.count += 1;
        if sequence < self.sealed.end() {
            return sequence;
        }
        // INVARIANT: an event is far shorter than a chunk, and none crosses a chunk's end.
        if self.open.as_ref().is_none_or(|open| !open.has_room(event.len())) {
            self.grow(sequence);
        }
        if let Some(open) = &mut self.open {
            open.push(links, event);
        }
        sequence
    }

    #[cold]
    fn grow(&mut self, sequence: u64) {
        let open = Stretch::new(self.pages.chunk(stretch::CHUNK_LEN), sequence);
        self.full.extend(self.open.replace(open).map(Arc::new));
    }

    /// Notes between which accounts the hold was that ran out with the next event.
    pub(crate) fn note_expiry(&mut self, debit: crate::Id, credit: crate::Id) {
        if !self.is_sealed() {
            self.expiries.push(Expiry { sequence: self.count, debit, credit });
        }
    }

    /// Notes the effective date of the transfer that comes next, which is not the day of its recording.
    #[cold]
    pub(crate) fn note_date(&mut self, date: i32) {
        if !self.is_sealed() {
            self.dates.push_back((self.count, date));
        }
    }

    /// The sequences of the transfers whose effective date is in a span, and not the day of their recording.
    pub(crate) fn dated(
        &self,
        dates: RangeInclusive<i32>,
        reversed: bool,
    ) -> Box<dyn Iterator<Item = u64> + '_> {
        let here = dates.clone();
        let here = move |(sequence, date): &(u64, i32)| here.contains(date).then_some(*sequence);
        if reversed {
            let sealed = self.sealed.dated(dates).rev().flat_map(|part| part().into_iter().rev());
            return Box::new(self.dates.iter().rev().filter_map(here).chain(sealed));
        }
        let sealed = self.sealed.dated(dates).flat_map(|part| part());
        Box::new(sealed.chain(self.dates.iter().filter_map(here)))
    }

    /// Bytes in memory that were not cut yet.
    pub(crate) fn uncut(&self) -> usize {
        let cut = self.full.partition_point(|stretch| stretch.end() <= self.cut_end);
        let full = self.full.range(cut..).map(|stretch| stretch.bytes());
        full.sum::<usize>() + self.open.as_ref().map_or(0, Stretch::bytes)
    }

    /// Gives out what has not been cut yet; it stays in memory until it comes back in a part.
    pub(crate) fn cut(&mut self) -> Cut {
        self.full.extend(self.open.take().map(Arc::new));
        let first = self.cut_end.max(self.sealed.end());
        let stretches = self.full.iter().filter(|stretch| stretch.end() > first).cloned().collect();
        self.cut_end = self.count;
        let count = self.count.saturating_sub(first);
        Cut { first, count, stretches, expiries: std::mem::take(&mut self.expiries) }
    }

    /// Takes back what was cut last.
    pub(crate) fn take_back(&mut self, cut: Cut) {
        if cut.end() == self.cut_end {
            self.cut_end = cut.first;
            self.expiries.splice(..0, cut.expiries);
        }
    }

    /// Frees the memory of events that stand in parts by now.
    pub(crate) fn free_sealed(&mut self) {
        let end = self.sealed.end();
        let past = self.full.partition_point(|stretch| stretch.end() <= end);
        self.full.drain(..past);
        if self.open.as_ref().is_some_and(|open| open.end() <= end) {
            self.open = None;
        }
        self.cut_end = self.cut_end.max(end.min(self.count));
        self.expiries.retain(|expiry| expiry.sequence >= end);
        let past = self.dates.partition_point(|(sequence, _)| *sequence < end);
        self.dates.drain(..past);
    }

    /// Begins behind events that all stand in parts.
    pub(crate) fn resume(&mut self, count: u64, states: States) {
        self.count = count;
        self.cut_end = count.max(self.sealed.end());
        self.states = states;
    }

    /// The bytes of the event with this sequence.
    pub(crate) fn event(&self, sequence: u64) -> Option<EventBytes<'_>> {
        if sequence >= self.count {
            return None;
        }
        match self.in_memory(sequence) {
            Some((_, event)) => Some(EventBytes::Here(event)),
            None => {
                let batch = self.sealed.events(sequence, 1)?;
                let len = crate::event::size_of(&batch)?;
                Some(EventBytes::Read(batch, 0..len))
            }
        }
    }

    /// The links of an event that is in memory.
    pub(crate) fn links(&self, sequence: u64) -> Option<Links> {
        self.in_memory(sequence).map(|(links, _)| links)
    }

    #[inline]
    fn in_memory(&self, sequence: u64) -> Option<(Links, &[u8])> {
        self.stretch_of(sequence)?.entry(sequence)
    }

    fn stretch_of(&self, sequence: u64) -> Option<&Stretch> {
        if let Some(open) = self.open.as_ref().filter(|open| sequence >= open.first()) {
            return Some(open);
        }
        let at = self.full.partition_point(|stretch| stretch.end() <= sequence);
        self.full.get(at).map(Arc::as_ref).filter(|stretch| sequence >= stretch.first())
    }

    /// Sequences and events from a sequence on, oldest first.
    pub(crate) fn from(&self, sequence: u64) -> impl Iterator<Item = (u64, EventBytes<'_>)> {
        let sealed = (sequence..self.sealed.end().min(self.count))
            .scan(Batch::default(), |batch, sequence| {
                batch.next(&self.sealed, sequence).map(|event| (sequence, event))
            });
        let first = sequence.max(self.sealed.end());
        let held = self.full.partition_point(|stretch| stretch.end() <= first);
        let here = self.full.range(held.min(self.full.len())..).map(Arc::as_ref).chain(&self.open);
        let here = here.flat_map(move |stretch| {
            stretch
                .entries_from(first.max(stretch.first()))
                .map(|(_, event)| EventBytes::Here(event))
        });
        sealed.chain((first..).zip(here))
    }

    /// The sequences of the events from one on that moved an account, oldest first; `last` is the newest of them.
    pub(crate) fn forward(
        &self,
        account: crate::Id,
        last: u64,
        from: u64,
    ) -> impl Iterator<Item = u64> {
        let listed = self.sealed.lists(account, from).flat_map(move |list| {
            let first = self.sealed.listed_before(list, from).unwrap_or(list.directory.count);
            (first..list.directory.count).map_while(move |number| self.sealed.listed(list, number))
        });
        // What is in memory leads backward only; there is a bounded lot of it.
        let in_memory = std::iter::once_with(move || {
            let (mut found, mut walk) = (Vec::new(), Walk::new(self, account, last));
            while let Some(at) = walk.at().filter(|at| *at >= from.max(self.sealed.end())) {
                found.push(at);
                match self.debits(at, account) {
                    Some(is_debit) => walk.back(is_debit),
                    None => break,
                }
            }
            found.into_iter().rev()
        });
        listed.take_while(|sequence| *sequence < self.count).chain(in_memory.flatten())
    }

    /// Whether an event that moved an account debited it.
    fn debits(&self, sequence: u64, account: crate::Id) -> Option<bool> {
        let event = self.event(sequence)?;
        let [_, debit, _] = match crate::event::pending_sequence(&event) {
            Some(pending) => crate::event::transfer_ids(&self.event(pending)?)?,
            None => crate::event::transfer_ids(&event)?,
        };
        Some(debit == account)
    }

    /// Sequences and events before a sequence, newest first.
    pub(crate) fn backward(&self, end: u64) -> impl Iterator<Item = (u64, EventBytes<'_>)> {
        let mut end = end.min(self.count);
        let mut batch: Vec<(u64, EventBytes<'_>)> = Vec::new();
        std::iter::from_fn(move || {
            if batch.is_empty() && end > 0 {
                let start = end.saturating_sub(BATCH_EVENTS);
                batch.extend(self.from(start).take_while(|(sequence, _)| *sequence < end));
                end = start;
            }
            batch.pop()
        })
    }
}

/// Events of a part that were read together.
#[derive(Default)]
struct Batch {
    bytes: Option<Arc<[u8]>>,
    at: usize,
}

impl Batch {
    /// The next event, whose sequence is this one.
    fn next(&mut self, sealed: &Sealed, sequence: u64) -> Option<EventBytes<'static>> {
        let left = self.bytes.as_ref().and_then(|bytes| bytes.get(self.at..));
        let mut len = left.and_then(crate::event::size_of);
        if len.is_none() {
            let read = sealed.events(sequence, BATCH_BYTES)?;
            len = crate::event::size_of(&read);
            (self.bytes, self.at) = (Some(read), 0);
        }
        let range = self.at..self.at + len?;
        self.at = range.end;
        Some(EventBytes::Read(self.bytes.clone()?, range))
    }
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
