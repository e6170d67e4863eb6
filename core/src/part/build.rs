//! Making the index of events that were cut from the log.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::pages::{Directory, Stray, fill};
use super::summary::Summary;
use super::{Entry, PAGE_LEN};
use crate::Id;
use crate::event::{self, Body, Kind};
use crate::ledger::{Present, transfer_key};
use crate::log::{Links, Stretch};

/// Events that were cut from the log, for a host that writes their index. They stay readable in memory until the part
/// is handed back.
#[derive(Clone, Debug)]
pub struct Cut {
    pub(crate) first: u64,
    pub(crate) count: u64,
    pub(crate) stretches: Vec<Arc<Stretch>>,
    pub(crate) expiries: Vec<Expiry>,
}

/// A hold that ran out, and the accounts between which it was: its event names neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expiry {
    pub(crate) sequence: u64,
    pub(crate) debit: Id,
    pub(crate) credit: Id,
}

/// The index of a part: what a host stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// What is read when the part is opened, and stays in memory.
    pub summary: Vec<u8>,
    /// Pages of [`PAGE_LEN`] bytes, one behind the other; read one by one.
    pub pages: Vec<u8>,
}

impl Cut {
    /// The sequence of the first event.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// How many events were cut.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The sequence after the last event.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.first + self.count
    }

    /// The events, oldest first.
    pub fn events(&self) -> impl Iterator<Item = &[u8]> {
        self.entries().map(|(_, event)| event)
    }

    fn entries(&self) -> impl Iterator<Item = (Links, &[u8])> {
        let (first, end) = (self.first, self.end());
        self.stretches.iter().flat_map(move |stretch| {
            let from = first.max(stretch.first());
            let own = end.min(stretch.end()).saturating_sub(from);
            stretch.entries_from(from).take(usize::try_from(own).unwrap_or(usize::MAX))
        })
    }

    /// Makes the index. It takes a while, and can run beside the engine.
    #[must_use]
    pub fn index(&self) -> Index {
        let mut sorter = Sorter::default();
        let mut present = Present::default();
        let mut expiries = self.expiries.iter().peekable();
        for (ordinal, (links, bytes)) in (0_u32..).zip(self.entries()) {
            let Ok((header, kind)) = event::header(bytes) else { continue };
            let now = header.timestamp;
            match kind {
                Kind::TransferCreated => {
                    let Some([id, debit, credit]) = event::transfer_ids(bytes) else { continue };
                    sorter.spend(id, ordinal, present.holds(id, now));
                    if event::has_detail(bytes)
                        && let Ok((_, Body::TransferCreated(transfer))) = event::decode(bytes)
                        && let Some(key) = transfer_key(&transfer).filter(|key| *key != id)
                    {
                        sorter.spend(key, ordinal, present.holds(key, now));
                    }
                    sorter.moved(debit, ordinal, links.debit);
                    sorter.moved(credit, ordinal, links.credit);
                    if let Some(date) = event::effective_date(bytes).elsewhere(now) {
                        sorter.dates.push(u64::from(date_key(date)) << 32 | u64::from(ordinal));
                    }
                }
                Kind::TransferFailed => {
                    let Some(id) = event::spent_id(bytes) else { continue };
                    sorter.spend(id, ordinal, present.holds(id, now));
                }
                Kind::TransferExpired => {
                    let own = |expiry: &&Expiry| expiry.sequence == header.sequence;
                    if let Some(expiry) = expiries.next_if(own) {
                        sorter.moved(expiry.debit, ordinal, links.debit);
                        sorter.moved(expiry.credit, ordinal, links.credit);
                    }
                }
                Kind::Genesis
                | Kind::Request
                | Kind::AssetRegistered
                | Kind::AccountCreated
                | Kind::Party(_) => {}
            }
        }
        sorter.finish(self.first, self.count)
    }
}

/// Collects what the sections are made of.
#[derive(Default)]
struct Sorter {
    ids: Vec<u64>,
    made: Option<[u64; 2]>,
    strays: Vec<Stray>,
    dates: Vec<u64>,
    numbers: HashMap<Id, u32, BuildHasherDefault<IdHasher>>,
    accounts: Vec<Directory>,
    /// Which account, by number, and which event, in the order of the events.
    moves: Vec<(u32, u32)>,
}

impl Sorter {
    fn spend(&mut self, id: Id, ordinal: u32, present: bool) {
        if !present {
            self.strays.push(Stray { hash: id.hash(), ordinal });
            return;
        }
        self.ids.push(fingerprint(id) << 32 | u64::from(ordinal));
        let made_at = id.made_at();
        let [min, max] = self.made.get_or_insert([made_at; 2]);
        *min = made_at.min(*min);
        *max = made_at.max(*max);
    }

    fn moved(&mut self, account: Id, ordinal: u32, before: u64) {
        let next = u32::try_from(self.accounts.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(account).or_insert(next);
        if number == next {
            self.accounts.push(Directory { account, before, start: 0, count: 0 });
        }
        if let Some(own) = self.accounts.get_mut(usize::try_from(number).unwrap_or(usize::MAX)) {
            own.count += 1;
        }
        self.moves.push((number, ordinal));
    }

    fn finish(mut self, first: u64, count: u64) -> Index {
        self.ids.sort_unstable();
        self.strays.sort_unstable();
        self.dates.sort_unstable();
        let mut order: Vec<u32> = (0..).take(self.accounts.len()).collect();
        let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        order.sort_unstable_by_key(|number| {
            self.accounts.get(place(*number)).map_or(Id::ZERO, |own| own.account)
        });
        // Each account's list lies behind that of the account before it; `next` is where its next entry goes.
        let mut next = vec![0_u32; self.accounts.len()];
        let mut start = 0;
        for number in &order {
            if let (Some(own), Some(next)) =
                (self.accounts.get_mut(place(*number)), next.get_mut(place(*number)))
            {
                own.start = start;
                *next = start;
                start += own.count;
            }
        }
        let mut places = vec![0_u32; self.moves.len()];
        for (number, ordinal) in &self.moves {
            if let Some(next) = next.get_mut(place(*number)) {
                if let Some(entry) = places.get_mut(place(*next)) {
                    *entry = *ordinal;
                }
                *next += 1;
            }
        }
        self.accounts.sort_unstable_by_key(|own| own.account);
        let summary = Summary {
            first,
            count,
            made: self.made.unwrap_or([u64::MAX, 0]),
            ids: self.ids.len() as u64,
            accounts: self.accounts.len() as u64,
            places: places.len() as u64,
            strays: self.strays.len() as u64,
            dates: self.dates.len() as u64,
            id_fences: self.ids.iter().step_by(u64::PER_PAGE).map(|id| upper_half(*id)).collect(),
            date_fences: self
                .dates
                .iter()
                .step_by(u64::PER_PAGE)
                .map(|at| upper_half(*at))
                .collect(),
            account_fences: self
                .accounts
                .iter()
                .step_by(Directory::PER_PAGE)
                .map(|own| own.account)
                .collect(),
        };
        let mut pages = Vec::new();
        pages.reserve_exact(usize::try_from(summary.pages()).unwrap_or(0) * PAGE_LEN);
        fill(&mut pages, self.ids);
        fill(&mut pages, self.accounts);
        fill(&mut pages, places);
        fill(&mut pages, self.strays);
        fill(&mut pages, self.dates);
        Index { summary: summary.to_bytes(), pages }
    }
}

/// The part of an id's hash by which the ids of a part are sorted.
pub(crate) fn fingerprint(id: Id) -> u64 {
    id.hash() >> 32
}

/// What an entry of ids or dates is sorted by.
pub(crate) fn upper_half(entry: u64) -> u32 {
    u32::try_from(entry >> 32).unwrap_or(u32::MAX)
}

/// A date as a number that sorts as the date does.
pub(crate) fn date_key(days: i32) -> u32 {
    days.cast_unsigned() ^ (1 << 31)
}

/// Hashes ids by their own hash, the same on every run.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, id: u128) {
        self.0 = Id(id).hash();
    }
}
