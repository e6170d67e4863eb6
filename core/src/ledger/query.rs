//! Questions to the books. The filters and their rules are TigerBeetle's; a filter that makes no sense finds nothing.

use std::collections::BTreeMap;

use super::account::{AccountFlags, Balances};
use super::book::{Account, Book, Record};
use super::movement::{Closing, Movement};
use super::transaction::Side;
use super::transfer::{Transfer, TransferFlags};
use super::view::{Head, View};
use crate::Id;
use crate::event::{self, Body};
use crate::log::Walk;

/// Which transfers of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountFilter {
    /// The account.
    pub account_id: Id,
    /// Zero: any.
    pub user_data_128: u128,
    /// Zero: any.
    pub user_data_64: u64,
    /// Zero: any.
    pub user_data_32: u32,
    /// Zero: any.
    pub code: u16,
    /// Not before; zero: from the beginning.
    pub timestamp_min: i64,
    /// Not after; zero: to the end.
    pub timestamp_max: i64,
    /// At most so many; zero finds nothing.
    pub limit: u32,
    /// With those that debit the account.
    pub debits: bool,
    /// With those that credit the account.
    pub credits: bool,
    /// Newest first.
    pub reversed: bool,
}

impl AccountFilter {
    /// All transfers of an account, oldest first.
    #[must_use]
    pub fn of(account_id: Id) -> Self {
        Self {
            account_id,
            user_data_128: 0,
            user_data_64: 0,
            user_data_32: 0,
            code: 0,
            timestamp_min: 0,
            timestamp_max: 0,
            limit: u32::MAX,
            debits: true,
            credits: true,
            reversed: false,
        }
    }

    fn is_valid(&self) -> bool {
        self.account_id != Id::ZERO
            && self.account_id != Id::MAX
            && self.limit > 0
            && (self.debits || self.credits)
            && is_range(self.timestamp_min, self.timestamp_max)
    }

    fn takes(&self, side: Side, transfer: &Transfer) -> bool {
        (if side == Side::Debit { self.debits } else { self.credits })
            && matches(self.user_data_128, transfer.user_data_128)
            && matches(self.user_data_64, transfer.user_data_64)
            && matches(self.user_data_32, transfer.user_data_32)
            && matches(self.code, transfer.code)
    }
}

/// Which accounts or transfers, by what the caller put on them. All that is given must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueryFilter {
    /// Zero: any.
    pub user_data_128: u128,
    /// Zero: any.
    pub user_data_64: u64,
    /// Zero: any.
    pub user_data_32: u32,
    /// Zero: any.
    pub ledger: u32,
    /// Zero: any.
    pub code: u16,
    /// Not before; zero: from the beginning.
    pub timestamp_min: i64,
    /// Not after; zero: to the end.
    pub timestamp_max: i64,
    /// At most so many; zero finds nothing.
    pub limit: u32,
    /// Newest first.
    pub reversed: bool,
}

impl QueryFilter {
    fn is_valid(&self) -> bool {
        self.limit > 0 && is_range(self.timestamp_min, self.timestamp_max)
    }
}

/// Which changes of balances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Not before; zero: from the beginning.
    pub timestamp_min: i64,
    /// Not after; zero: to the end.
    pub timestamp_max: i64,
    /// At most so many; zero finds nothing.
    pub limit: u32,
}

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

impl Book {
    /// The transfers of an account.
    #[must_use]
    pub fn account_transfers(&self, filter: &AccountFilter) -> Vec<Record> {
        let Some(index) = View::account(self, filter.account_id).filter(|_| filter.is_valid())
        else {
            return Vec::new();
        };
        let Head { id, last, .. } = self.head(index);
        let first = self.not_before(filter.timestamp_min);
        let end = self.not_after(filter.timestamp_max);
        let takes = |record: &Record| {
            let transfer = &record.transfer;
            let side = if transfer.debit_account_id == id { Side::Debit } else { Side::Credit };
            filter.takes(side, transfer)
                && in_range(transfer.timestamp, filter.timestamp_min, filter.timestamp_max)
        };
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        if !filter.reversed {
            let oldest_first = self.log.forward(id, last, first).take_while(|at| *at < end);
            return oldest_first
                .filter_map(|at| self.record(at))
                .filter(takes)
                .take(limit)
                .collect();
        }
        let mut walk = Walk::new(&self.log, id, last).before(end);
        let newest_first = std::iter::from_fn(|| {
            let at = walk.at().filter(|at| *at >= first)?;
            let moved = self.moved_by(&self.log.event(at)?);
            if let Some((moved, _)) = &moved {
                walk.back(moved.record.transfer.debit_account_id == id);
            }
            moved
        });
        newest_first
            .filter(|(moved, _)| !moved.expired)
            .map(|(moved, _)| moved.record)
            .filter(takes)
            .take(limit)
            .collect()
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
        if !filter.is_valid() {
            return Vec::new();
        }
        let found = self
            .account_history(filter.account_id)
            .take_while(|entry| entry.timestamp >= filter.timestamp_min || entry.expired)
            .filter(|entry| {
                !entry.expired
                    && in_range(entry.timestamp, filter.timestamp_min, filter.timestamp_max)
            })
            .filter(|entry| filter.takes(entry.side, &entry.record.transfer));
        limited(found, filter.reversed, filter.limit)
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
        let takes = |account: &Account| {
            let opened = &account.opened;
            matches(filter.user_data_128, opened.user_data_128)
                && matches(filter.user_data_64, opened.user_data_64)
                && matches(filter.user_data_32, opened.user_data_32)
                && matches(filter.ledger, opened.ledger)
                && matches(filter.code, opened.code)
                && in_range(opened.timestamp, filter.timestamp_min, filter.timestamp_max)
        };
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
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
        let takes = |record: &Record| {
            let transfer = &record.transfer;
            matches(filter.user_data_128, transfer.user_data_128)
                && matches(filter.user_data_64, transfer.user_data_64)
                && matches(filter.user_data_32, transfer.user_data_32)
                && matches(filter.ledger, transfer.ledger)
                && matches(filter.code, transfer.code)
                && in_range(transfer.timestamp, filter.timestamp_min, filter.timestamp_max)
        };
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        if filter.reversed {
            let newest_first = self.log.backward().filter_map(|(_, event)| self.record_in(&event));
            return newest_first
                .take_while(|record| record.transfer.timestamp >= filter.timestamp_min)
                .filter(takes)
                .take(limit)
                .collect();
        }
        self.transfers_from(filter.timestamp_min)
            .take_while(|record| {
                filter.timestamp_max == 0 || record.transfer.timestamp <= filter.timestamp_max
            })
            .filter(takes)
            .take(limit)
            .collect()
    }

    /// Every change of balances with the accounts as they stood after it, oldest first.
    #[must_use]
    pub fn changes(&self, filter: &ChangeFilter) -> Vec<Change> {
        if filter.limit == 0 || !is_range(filter.timestamp_min, filter.timestamp_max) {
            return Vec::new();
        }
        let mut touched: BTreeMap<u32, (Balances, bool)> = BTreeMap::new();
        let mut found = Vec::new();
        for (_, event) in self.log.backward() {
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
        found.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
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

fn matches<T: PartialEq + Default>(asked: T, found: T) -> bool {
    asked == T::default() || asked == found
}

fn is_range(min: i64, max: i64) -> bool {
    min >= 0 && max >= 0 && (max == 0 || min <= max)
}

fn in_range(timestamp: i64, min: i64, max: i64) -> bool {
    timestamp >= min && (max == 0 || timestamp <= max)
}

/// The first so many in the order asked for, of entries that come newest first.
fn limited<T>(newest_first: impl Iterator<Item = T>, reversed: bool, limit: u32) -> Vec<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if reversed {
        return newest_first.take(limit).collect();
    }
    let mut found: Vec<T> = newest_first.collect();
    found.reverse();
    found.truncate(limit);
    found
}
