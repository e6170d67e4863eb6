//! Questions to the books.
//!
//! The order of an answer is that of the log. Where effective dates are asked for, the transfers that were recorded on
//! those days are read, and those of other days that the index of dates names.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use super::account::{AccountFlags, Balances};
use super::book::{Account, Book, Record};
pub use super::filter::{AccountFilter, ChangeFilter, Dates, QueryFilter};
use super::filter::{in_range, is_range};
use super::movement::{Closing, Movement};
use super::transaction::Side;
use super::transfer::{PendingState, Transfer, TransferFlags};
use super::view::{Head, View};
use crate::Id;
use crate::event::{self, Body};
use crate::log::Walk;

/// The balances of an account after one transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceAt {
    /// The transfer's timestamp.
    pub timestamp: i64,
    /// The transfer.
    pub transfer_id: Id,
    /// The balances after it.
    pub balances: Balances,
}

/// What kind of change it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A transfer in one step.
    SinglePhase,
    /// A hold was placed.
    Pending,
    /// A hold was posted.
    Posted,
    /// A hold was voided.
    Voided,
    /// A hold ran out.
    Expired,
}

/// One side of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedAccount {
    /// The account.
    pub id: Id,
    /// Its balances after the change.
    pub balances: Balances,
    /// Whether it was closed after the change.
    pub closed: bool,
}

/// A change of balances, in the order of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of change it was.
    pub kind: ChangeKind,
    /// When.
    pub timestamp: i64,
    /// The transfer; of an expiry, the pending one.
    pub transfer: Transfer,
    /// The debit account after the change.
    pub debit: ChangedAccount,
    /// The credit account after the change.
    pub credit: ChangedAccount,
}

/// One event in the history of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub timestamp: i64,
    /// The event's place in the log.
    pub sequence: u64,
    /// The account's side of it.
    pub side: Side,
    /// The transfer; of an expiry, the pending one that ran out.
    pub record: Record,
    /// Whether this is an expiry.
    pub expired: bool,
    /// The account's balances after the event.
    pub balances: Balances,
}

impl Entry {
    /// Whether it has an instant of its own, which may be before those of entries that were recorded earlier.
    #[must_use]
    pub fn is_imported(&self) -> bool {
        !self.expired && self.record.transfer.flags.has(TransferFlags::IMPORTED)
    }
}

impl Book {
    /// The transfers of an account.
    #[must_use]
    pub fn account_transfers(&self, filter: &AccountFilter) -> Vec<Record> {
        let Some(index) = View::account(self, filter.account_id).filter(|_| filter.is_valid())
        else {
            return Vec::new();
        };
        let Head { id, last, .. } = self.head(index);
        let window =
            self.window(filter.timestamp_min, filter.timestamp_max, filter.after, filter.reversed);
        let takes = |record: &Record| {
            let transfer = &record.transfer;
            let is_debit = transfer.debit_account_id == id;
            (is_debit || transfer.credit_account_id == id)
                && filter.takes(
                    if is_debit { Side::Debit } else { Side::Credit },
                    transfer,
                    transfer.timestamp,
                )
        };
        let found = self.by_date(window, filter.dates, filter.reversed, |window| {
            if filter.reversed {
                let mut walk = Walk::new(&self.log, id, last).before(window.end);
                let newest_first = std::iter::from_fn(move || {
                    let at = walk.at().filter(|at| *at >= window.start)?;
                    let moved = self.moved_by(&self.log.event(at)?);
                    if let Some((moved, _)) = &moved {
                        walk.back(moved.record.transfer.debit_account_id == id);
                    }
                    moved
                });
                let transfers = newest_first.filter(|(moved, _)| !moved.expired);
                return Box::new(transfers.map(|(moved, _)| moved.record));
            }
            let oldest_first = self.log.forward(id, last, window.start);
            let oldest_first = oldest_first.take_while(move |at| *at < window.end);
            Box::new(oldest_first.filter_map(|at| self.record(at)))
        });
        found.filter(takes).take(as_count(filter.limit)).collect()
    }

    /// Where in the log the transfers may stand that were recorded in a span of time and come after a cursor.
    fn window(&self, min: i64, max: i64, after: u64, reversed: bool) -> Range<u64> {
        let (first, end) = (self.not_before(min), self.not_after(max));
        match reversed {
            _ if after == 0 => first..end,
            true => first..end.min(after),
            false => first.max(after.saturating_add(1))..end,
        }
    }

    /// The transfers of a window in the order of the log, as `scan` reads them; where dates are asked for, only of the
    /// days that are meant, and with those that the index of dates names.
    fn by_date<'a>(
        &'a self,
        window: Range<u64>,
        dates: Dates,
        reversed: bool,
        scan: impl FnOnce(Range<u64>) -> Box<dyn Iterator<Item = Record> + 'a>,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        if dates == Dates::ANY {
            return scan(window);
        }
        let [first, last] = dates.instants();
        let start = self.not_before(first).max(window.start);
        let end = self.not_after(last).min(window.end).max(start);
        let elsewhere = |own: Range<u64>| {
            let all = self.log.dated(dates.first..=dates.last, reversed);
            all.filter(move |at| own.contains(at)).filter_map(|at| self.record(at))
        };
        let (before, behind) = (elsewhere(window.start..start), elsewhere(end..window.end));
        let scanned = scan(start..end);
        match reversed {
            true => Box::new(behind.chain(scanned).chain(before)),
            false => Box::new(before.chain(scanned).chain(behind)),
        }
    }

    /// The balances of an account after each of its transfers; only for accounts that keep a history.
    #[must_use]
    pub fn account_balances(&self, filter: &AccountFilter) -> Vec<BalanceAt> {
        match self.account(filter.account_id) {
            Some(account) if account.flags.has(AccountFlags::HISTORY) => self
                .account_entries(filter)
                .into_iter()
                .map(|entry| BalanceAt {
                    timestamp: entry.timestamp,
                    transfer_id: entry.record.transfer.id,
                    balances: entry.balances,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The transfers of an account with its balances after each, whether or not the account keeps a history.
    #[must_use]
    pub fn account_entries(&self, filter: &AccountFilter) -> Vec<Entry> {
        self.entries(filter, |entry| !entry.expired)
    }

    /// What moved an account, with its balances after each: its transfers, and the holds that ran out.
    #[must_use]
    pub fn account_moves(&self, filter: &AccountFilter) -> Vec<Entry> {
        self.entries(filter, |_| true)
    }

    fn entries(&self, filter: &AccountFilter, kept: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        if !filter.is_valid() {
            return Vec::new();
        }
        let found = self
            .account_history(filter.account_id)
            // Newest first: before the cursor there is nothing more that comes after it.
            .take_while(|entry| filter.reversed || entry.sequence > filter.after)
            .take_while(|entry| entry.timestamp >= filter.timestamp_min || entry.expired)
            .filter(|entry| kept(entry) && filter.is_behind(entry.sequence))
            .filter(|entry| filter.takes(entry.side, &entry.record.transfer, entry.timestamp));
        limited(found, filter.reversed, filter.limit)
    }

    /// The holds of an account that are open, oldest first. A hold of nothing is none.
    #[must_use]
    pub fn account_holds(&self, id: Id) -> Vec<Record> {
        self.newest_holds(id, usize::MAX, usize::MAX)
    }

    /// The newest open holds of an account, oldest first: so many at most, among so many of its newest entries.
    #[must_use]
    pub fn newest_holds(&self, id: Id, most: usize, seen: usize) -> Vec<Record> {
        let Some(account) = self.account(id) else { return Vec::new() };
        let Balances { mut debits_pending, mut credits_pending, .. } = account.balances;
        let mut found = Vec::new();
        let mut history = self.account_history(id).take(seen);
        // What is held says how far back the oldest of them stands: nothing older is read.
        while found.len() < most && (debits_pending > 0 || credits_pending > 0) {
            let Some(entry) = history.next() else { break };
            let transfer = &entry.record.transfer;
            if entry.expired || entry.record.state != PendingState::Pending || transfer.amount == 0
            {
                continue;
            }
            let held = match entry.side {
                Side::Debit => &mut debits_pending,
                Side::Credit => &mut credits_pending,
            };
            *held = held.saturating_sub(transfer.amount);
            found.push(entry.record);
        }
        found.reverse();
        found
    }

    /// Everything that moved an account's balances, newest first.
    pub fn account_history(&self, id: Id) -> impl Iterator<Item = Entry> {
        let index = View::account(self, id);
        let mut balances = index.map_or(Balances::default(), |index| View::balances(self, index));
        let mut walk = self.walk(index);
        std::iter::from_fn(move || {
            let sequence = walk.at()?;
            let (moved, timestamp) = self.moved_by(&self.log.event(sequence)?)?;
            let is_debit = moved.record.transfer.debit_account_id == walk.account();
            let after = balances;
            if is_debit {
                moved.movement.undo_debit(&mut balances);
            } else {
                moved.movement.undo_credit(&mut balances);
            }
            walk.back(is_debit);
            Some(Entry {
                timestamp,
                sequence,
                side: if is_debit { Side::Debit } else { Side::Credit },
                expired: moved.expired,
                record: moved.record,
                balances: after,
            })
        })
    }

    /// The history of an account, by its index.
    fn walk(&self, index: Option<u32>) -> Walk<'_> {
        let head = index.map(|index| self.head(index));
        let (id, last) = head.map_or((Id::ZERO, 0), |head| (head.id, head.last));
        Walk::new(&self.log, id, last)
    }

    /// The balances of an account at an instant: after every event up to and including it.
    #[must_use]
    pub fn balances_at(&self, id: Id, timestamp: i64) -> Option<Balances> {
        let account = self.account(id)?;
        if account.opened.timestamp > timestamp {
            return None;
        }
        let index = View::account(self, id)?;
        let mut balances = account.balances;
        let mut walk = self.walk(Some(index));
        while let Some(at) = walk.at() {
            let (moved, when) = self.moved_by(&self.log.event(at)?)?;
            if when <= timestamp && !moved.is_imported() {
                break;
            }
            let is_debit = moved.record.transfer.debit_account_id == walk.account();
            if when > timestamp && is_debit {
                moved.movement.undo_debit(&mut balances);
            } else if when > timestamp {
                moved.movement.undo_credit(&mut balances);
            }
            walk.back(is_debit);
        }
        Some(balances)
    }

    /// Accounts by what the caller put on them.
    #[must_use]
    pub fn query_accounts(&self, filter: &QueryFilter) -> Vec<Account> {
        if !filter.is_valid() {
            return Vec::new();
        }
        let takes = |account: &Account| filter.takes_account(&account.opened);
        let limit = as_count(filter.limit);
        let all = (0..self.accounts.count()).filter_map(|index| self.account_at(index));
        if filter.reversed {
            let all = (0..self.accounts.count()).rev().filter_map(|index| self.account_at(index));
            return all.filter(takes).take(limit).collect();
        }
        all.filter(takes).take(limit).collect()
    }

    /// Transfers by what the caller put on them.
    #[must_use]
    pub fn query_transfers(&self, filter: &QueryFilter) -> Vec<Record> {
        if !filter.is_valid() {
            return Vec::new();
        }
        let window =
            self.window(filter.timestamp_min, filter.timestamp_max, filter.after, filter.reversed);
        let found = self.by_date(window, filter.dates, filter.reversed, |window| {
            if filter.reversed {
                let newest_first = self.log.backward(window.end);
                let newest_first = newest_first.take_while(move |(at, _)| *at >= window.start);
                return Box::new(newest_first.filter_map(|(_, event)| self.record_in(&event)));
            }
            let oldest_first = self.log.from(window.start);
            let oldest_first = oldest_first.take_while(move |(at, _)| *at < window.end);
            Box::new(oldest_first.filter_map(|(_, event)| self.record_in(&event)))
        });
        let takes = |record: &Record| filter.takes_transfer(&record.transfer);
        found.filter(takes).take(as_count(filter.limit)).collect()
    }

    /// Every change of balances with the accounts as they stood after it, oldest first.
    #[must_use]
    pub fn changes(&self, filter: &ChangeFilter) -> Vec<Change> {
        if filter.limit == 0 || !is_range(filter.timestamp_min, filter.timestamp_max) {
            return Vec::new();
        }
        let mut touched: BTreeMap<u32, (Balances, bool)> = BTreeMap::new();
        let mut found = Vec::new();
        for (_, event) in self.log.backward(u64::MAX) {
            let Some((moved, timestamp)) = self.moved_by(&event) else { continue };
            if timestamp < filter.timestamp_min && !moved.is_imported() {
                break;
            }
            let (debit_id, credit_id) =
                (moved.record.transfer.debit_account_id, moved.record.transfer.credit_account_id);
            let (Some(debit), Some(credit)) =
                (View::account(self, debit_id), View::account(self, credit_id))
            else {
                continue;
            };
            let now = |index| {
                (View::balances(self, index), self.head(index).flags.has(AccountFlags::CLOSED))
            };
            let mut before_debit = *touched.entry(debit).or_insert_with(|| now(debit));
            let mut before_credit = *touched.entry(credit).or_insert_with(|| now(credit));
            if in_range(timestamp, filter.timestamp_min, filter.timestamp_max) {
                found.push(Change {
                    kind: moved.kind(),
                    timestamp,
                    debit: ChangedAccount {
                        id: debit_id,
                        balances: before_debit.0,
                        closed: before_debit.1,
                    },
                    credit: ChangedAccount {
                        id: credit_id,
                        balances: before_credit.0,
                        closed: before_credit.1,
                    },
                    transfer: moved.record.transfer.clone(),
                });
            }
            moved.movement.undo_debit(&mut before_debit.0);
            moved.movement.undo_credit(&mut before_credit.0);
            before_debit.1 = moved.closing.debit.map_or(before_debit.1, |closed| !closed);
            before_credit.1 = moved.closing.credit.map_or(before_credit.1, |closed| !closed);
            touched.insert(debit, before_debit);
            touched.insert(credit, before_credit);
        }
        found.reverse();
        // In the log an import stands behind expiries that are dated after it.
        found.sort_by_key(|change| change.timestamp);
        found.truncate(as_count(filter.limit));
        found
    }

    /// What an event moved, and when; `None` for an event that moves nothing.
    fn moved_by(&self, event: &[u8]) -> Option<(MovedRecord, i64)> {
        let (header, body) = event::decode(event).ok()?;
        let moved = match body {
            Body::TransferCreated(transfer) => {
                let pending = if transfer.flags.resolves() {
                    self.transfer(transfer.pending_id)?.transfer
                } else {
                    Transfer::default()
                };
                let movement = Movement::of(&transfer, pending.amount);
                let closing = Closing::of(movement, transfer.flags, pending.flags);
                let state = self.pending_state(&transfer, header.sequence);
                let record = Record { transfer, sequence: header.sequence, state };
                MovedRecord { record, movement, closing, expired: false }
            }
            Body::TransferExpired(expired) => {
                let record = self.record(expired.pending_sequence)?;
                let movement = Movement::Release { held: record.transfer.amount };
                let closing =
                    Closing::of(movement, TransferFlags::default(), record.transfer.flags);
                MovedRecord { record, movement, closing, expired: true }
            }
            _ => return None,
        };
        Some((moved, header.timestamp))
    }
}

struct MovedRecord {
    record: Record,
    movement: Movement,
    closing: Closing,
    expired: bool,
}

impl MovedRecord {
    /// Whether the event brought a timestamp of its own. All others are dated in the order of the log, so nothing
    /// before one of them is dated after it; behind an import an expiry may be.
    fn is_imported(&self) -> bool {
        !self.expired && self.record.transfer.flags.has(TransferFlags::IMPORTED)
    }

    fn kind(&self) -> ChangeKind {
        match self.movement {
            _ if self.expired => ChangeKind::Expired,
            Movement::Post { .. } => ChangeKind::SinglePhase,
            Movement::Hold { .. } => ChangeKind::Pending,
            Movement::Settle { .. } => ChangeKind::Posted,
            Movement::Release { .. } => ChangeKind::Voided,
        }
    }
}

/// The first so many in the order asked for, of entries that come newest first.
fn limited<T>(newest_first: impl Iterator<Item = T>, reversed: bool, limit: u32) -> Vec<T> {
    let limit = as_count(limit);
    if reversed {
        return newest_first.take(limit).collect();
    }
    // The last of them in their order are the first in the other: only those are kept.
    let mut found = VecDeque::new();
    for one in newest_first {
        found.push_front(one);
        found.truncate(limit);
    }
    found.into()
}

fn as_count(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
