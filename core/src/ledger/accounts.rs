//! The accounts: one cache line each for all that deciding a transfer reads and writes, and the index that finds it.
//!
//! Balances are 128-bit. Nearly all of them fit 64, so a row holds the low halves of its four balances and says whether
//! the high halves, which stand apart, are more than zero.

use std::collections::BTreeMap;

use super::account::{AccountFlags, AccountKind, Balances, NewAccount};
use super::movement::close;
use super::view::Head;
use crate::Id;

const MIN_SLOTS: usize = 64;

/// All accounts, by index in the order in which they were opened.
#[derive(Debug)]
pub(super) struct Accounts {
    rows: Vec<Row>,
    /// The high halves of the balances; read only where the row says so.
    highs: Vec<Halves>,
    records: Vec<AccountRecord>,
    index: AccountIndex,
    /// The first account that a copy under way has not reached yet; past all accounts without one.
    uncopied: u32,
    copy: Option<Box<Copying>>,
}

/// A copy under way: the accounts as they were when it was begun.
#[derive(Debug)]
struct Copying {
    /// How many there were.
    count: u32,
    copied: Vec<Kept>,
    /// Those that have changed since, before they were reached.
    changed: BTreeMap<u32, Kept>,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            highs: Vec::new(),
            records: Vec::new(),
            index: AccountIndex::default(),
            uncopied: u32::MAX,
            copy: None,
        }
    }
}

/// Debits pending and posted, credits pending and posted: one half of each.
pub(super) type Halves = [u64; 4];

#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Row {
    id: Id,
    lows: Halves,
    last: u64,
    ledger: u32,
    flags: AccountFlags,
    has_highs: bool,
}

/// What only some questions need of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AccountRecord {
    pub(super) timestamp: i64,
    /// The event that opened it.
    pub(super) sequence: u64,
    pub(super) parent: Id,
    pub(super) kind: Option<AccountKind>,
}

/// What an image keeps of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) id: Id,
    pub(super) record: AccountRecord,
    pub(super) last: u64,
    pub(super) ledger: u32,
    pub(super) flags: AccountFlags,
    pub(super) lows: Halves,
    pub(super) highs: Option<Halves>,
}

impl Accounts {
    /// How many there are; the index of the next one.
    pub(super) fn count(&self) -> u32 {
        // INVARIANT: an account is refused before there are more than a u32 counts.
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// Opens an account with empty balances.
    pub(super) fn push(&mut self, new: &NewAccount, sequence: u64) {
        let NewAccount { id, ledger, flags, timestamp, parent, kind, .. } = *new;
        self.rows.push(Row { id, lows: [0; 4], last: 0, ledger, flags, has_highs: false });
        self.highs.push([0; 4]);
        self.records.push(AccountRecord { timestamp, sequence, parent, kind });
        self.index.push(&self.rows);
    }

    /// All accounts, as an image keeps them.
    pub(super) fn kept(&self) -> impl Iterator<Item = Kept> {
        (0..self.count()).filter_map(|index| self.kept_at(index))
    }

    fn kept_at(&self, index: u32) -> Option<Kept> {
        let (row, record) = (self.row(index)?, self.record(index)?);
        let highs = if row.has_highs { Some(*self.highs.get(place(index))?) } else { None };
        let Row { id, lows, last, ledger, flags, .. } = *row;
        Some(Kept { id, record: *record, last, ledger, flags, lows, highs })
    }

    /// Begins a copy of all accounts as they are now, in place of one that is under way.
    pub(super) fn begin_copy(&mut self) {
        let (count, changed) = (self.count(), BTreeMap::new());
        self.copy = Some(Box::new(Copying { count, copied: Vec::new(), changed }));
        self.uncopied = 0;
    }

    /// Goes on with a copy by so many accounts, and gives it when it is whole.
    pub(super) fn go_on_copying(&mut self, accounts: u32) -> Option<Vec<Kept>> {
        let mut copy = self.copy.take()?;
        let end = self.uncopied.saturating_add(accounts).min(copy.count);
        if copy.copied.is_empty() {
            copy.copied.reserve_exact(place(copy.count));
        }
        for index in self.uncopied..end {
            let before = copy.changed.remove(&index);
            copy.copied.extend(before.or_else(|| self.kept_at(index)));
        }
        if end == copy.count {
            self.uncopied = u32::MAX;
            return Some(copy.copied);
        }
        self.uncopied = end;
        self.copy = Some(copy);
        None
    }

    /// Keeps an account as it is for the copy under way, before it changes.
    #[cold]
    fn keep(&mut self, index: u32) {
        let kept = self.kept_at(index);
        if let (Some(copy), Some(kept)) = (&mut self.copy, kept)
            && index < copy.count
        {
            copy.changed.entry(index).or_insert(kept);
        }
    }

    /// Takes in the next account of an image; `false` for one that was there before or opened before the last.
    pub(super) fn restore(&mut self, kept: &Kept) -> bool {
        let is_next = self.records.last().is_none_or(|last| last.sequence < kept.record.sequence);
        if !is_next || self.find(kept.id).is_some() || self.count() == u32::MAX {
            return false;
        }
        let Kept { id, record, last, ledger, flags, lows, highs } = *kept;
        self.rows.push(Row { id, lows, last, ledger, flags, has_highs: highs.is_some() });
        self.highs.push(highs.unwrap_or([0; 4]));
        self.records.push(record);
        self.index.push(&self.rows);
        true
    }

    /// Other ids that name accounts, by index.
    pub(super) fn aliases(&self) -> &BTreeMap<Id, u32> {
        &self.index.aliases
    }

    /// Lets another id name an account.
    pub(super) fn alias(&mut self, id: Id, index: u32) {
        self.index.aliases.insert(id, index);
    }

    #[inline]
    pub(super) fn find(&self, id: Id) -> Option<u32> {
        self.index.find(&self.rows, id)
    }

    /// Whether the account at an index has this id.
    #[inline]
    pub(super) fn is(&self, index: u32, id: Id) -> bool {
        self.row(index).is_some_and(|row| row.id == id)
    }

    #[inline]
    pub(super) fn head(&self, index: u32) -> Option<Head> {
        let Row { id, ledger, flags, last, .. } = *self.row(index)?;
        Some(Head { id, ledger, flags, last })
    }

    #[inline(always)]
    pub(super) fn balances(&self, index: u32) -> Option<Balances> {
        let row = self.row(index)?;
        let highs = if row.has_highs { *self.highs.get(place(index))? } else { [0; 4] };
        Some(join(row.lows, highs))
    }

    #[inline]
    pub(super) fn set_balances(&mut self, index: u32, balances: Balances) {
        let (lows, highs) = split(balances);
        let Some(row) = self.rows.get_mut(place(index)) else { return };
        row.lows = lows;
        // Not compared as an array: reading four fresh words as two wide ones would wait for the stores.
        let has_highs = highs[0] | highs[1] | highs[2] | highs[3] != 0;
        if has_highs && let Some(own) = self.highs.get_mut(place(index)) {
            *own = highs;
        }
        row.has_highs = has_highs;
    }

    /// Moves an account's balances, closes or opens it, and hangs the event at `last` into its history.
    #[inline]
    pub(super) fn update(
        &mut self,
        index: u32,
        last: u64,
        closed: Option<bool>,
        change: impl FnOnce(&mut Balances),
    ) {
        let Some(mut balances) = self.balances(index) else { return };
        if index >= self.uncopied {
            self.keep(index);
        }
        change(&mut balances);
        self.set_balances(index, balances);
        if let Some(row) = self.rows.get_mut(place(index)) {
            row.last = last;
            row.flags = close(row.flags, closed);
        }
    }

    pub(super) fn record(&self, index: u32) -> Option<&AccountRecord> {
        self.records.get(place(index))
    }

    pub(super) fn is_timestamp(&self, timestamp: i64) -> bool {
        self.records.binary_search_by_key(&timestamp, |record| record.timestamp).is_ok()
    }

    /// The account that an id most likely names, without a look at the account itself.
    #[inline]
    pub(super) fn guess(&self, id: Id) -> u32 {
        self.index.guess(id.hash())
    }

    /// Touches an account's row, so that it is near when its turn comes.
    #[inline]
    pub(super) fn touch(&self, index: u32) -> u64 {
        self.row(index).map_or(0, |row| row.last)
    }

    #[inline]
    fn row(&self, index: u32) -> Option<&Row> {
        self.rows.get(place(index))
    }
}

fn place(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

#[inline]
fn split(balances: Balances) -> (Halves, Halves) {
    let Balances { debits_pending, debits_posted, credits_pending, credits_posted } = balances;
    let whole = [debits_pending, debits_posted, credits_pending, credits_posted];
    // INVARIANT: either half of a u128 is a u64, and `join` puts them together again.
    let half = |value: u128| u64::try_from(value & u128::from(u64::MAX)).unwrap_or(0);
    (whole.map(half), whole.map(|value| half(value >> 64)))
}

#[inline]
fn join(lows: Halves, highs: Halves) -> Balances {
    let whole = |low: u64, high: u64| (u128::from(high) << 64) | u128::from(low);
    Balances {
        debits_pending: whole(lows[0], highs[0]),
        debits_posted: whole(lows[1], highs[1]),
        credits_pending: whole(lows[2], highs[2]),
        credits_posted: whole(lows[3], highs[3]),
    }
}

/// An open-addressing table, at most half full. A slot holds the account's index + 1 in as many low bits as the size
/// of the table needs, and bits of its hash above, so that a table of 10,000 accounts stays near the processor.
#[derive(Clone, Debug, Default)]
struct AccountIndex {
    slots: Vec<u32>,
    index_bits: u32,
    aliases: BTreeMap<Id, u32>,
}

impl AccountIndex {
    #[inline]
    fn find(&self, rows: &[Row], id: Id) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let hash = id.hash();
        let mut at = start(hash) & mask;
        while let Some(slot) = self.slots.get(at).filter(|slot| **slot != 0) {
            if slot >> self.index_bits == self.tag(hash) {
                let index = (slot & ((1 << self.index_bits) - 1)).wrapping_sub(1);
                if rows.get(place(index)).is_some_and(|row| row.id == id) {
                    return Some(index);
                }
            }
            at = (at + 1) & mask;
        }
        if self.aliases.is_empty() { None } else { self.aliases.get(&id).copied() }
    }

    #[inline]
    fn guess(&self, hash: u64) -> u32 {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = start(hash) & mask;
        while let Some(slot) = self.slots.get(at).filter(|slot| **slot != 0) {
            if slot >> self.index_bits == self.tag(hash) {
                return (slot & ((1 << self.index_bits) - 1)).wrapping_sub(1);
            }
            at = (at + 1) & mask;
        }
        u32::MAX
    }

    /// Adds the account that was pushed last.
    fn push(&mut self, rows: &[Row]) {
        if rows.len() * 2 > self.slots.len() {
            self.slots = vec![0; (self.slots.len() * 2).max(MIN_SLOTS)];
            self.index_bits = self.slots.len().trailing_zeros().min(31);
            for (index, row) in (0_u32..).zip(rows) {
                self.insert(row.id, index);
            }
        } else if let Some(row) = rows.last() {
            // INVARIANT: an account is refused before a u32 no longer counts them.
            self.insert(row.id, u32::try_from(rows.len() - 1).unwrap_or(u32::MAX));
        }
    }

    fn tag(&self, hash: u64) -> u32 {
        u32::try_from(hash >> (32 + self.index_bits)).unwrap_or(0)
    }

    fn insert(&mut self, id: Id, index: u32) {
        let mask = self.slots.len() - 1;
        let hash = id.hash();
        let value = (self.tag(hash) << self.index_bits) | (index + 1);
        let mut at = start(hash) & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == 0 {
                *slot = value;
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

fn start(hash: u64) -> usize {
    usize::try_from(hash & 0xffff_ffff).unwrap_or(0)
}

#[cfg(test)]
#[path = "accounts_tests.rs"]
mod tests;
