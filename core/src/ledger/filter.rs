//! What a question to the books asks for. The filters and their rules are TigerBeetle's, with effective dates and a
//! cursor beside them; a filter that makes no sense finds nothing.

use super::account::NewAccount;
use super::transaction::Side;
use super::transfer::Transfer;
use crate::Id;
use crate::time::DAY;

/// Effective dates from one to another, both included, as days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The first.
    pub first: i32,
    /// The last.
    pub last: i32,
}

impl Dates {
    /// Any date.
    pub const ANY: Self = Self { first: i32::MIN, last: i32::MAX };

    fn has(self, date: i32) -> bool {
        (self.first..=self.last).contains(&date)
    }

    fn is_range(self) -> bool {
        self.first <= self.last
    }

    /// The first and the last instant of these days in UTC.
    pub(super) fn instants(self) -> [i64; 2] {
        let begins = |day: i64| day.saturating_mul(DAY);
        [begins(self.first.into()), begins(i64::from(self.last) + 1).saturating_sub(1)]
    }
}

impl Default for Dates {
    fn default() -> Self {
        Self::ANY
    }
}

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
    /// Effective dates.
    pub dates: Dates,
    /// Behind the transfer with this sequence, in the order asked for: the last one of the page before. Zero: from the
    /// beginning.
    pub after: u64,
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
            dates: Dates::ANY,
            after: 0,
        }
    }

    pub(super) fn is_valid(&self) -> bool {
        self.account_id != Id::ZERO
            && self.account_id != Id::MAX
            && self.limit > 0
            && (self.debits || self.credits)
            && is_range(self.timestamp_min, self.timestamp_max)
            && self.dates.is_range()
    }

    /// Whether a transfer stands behind the cursor.
    pub(super) fn is_behind(&self, sequence: u64) -> bool {
        match self.reversed {
            _ if self.after == 0 => true,
            true => sequence < self.after,
            false => sequence > self.after,
        }
    }

    pub(super) fn takes(&self, side: Side, transfer: &Transfer, timestamp: i64) -> bool {
        (if side == Side::Debit { self.debits } else { self.credits })
            && matches(self.user_data_128, transfer.user_data_128)
            && matches(self.user_data_64, transfer.user_data_64)
            && matches(self.user_data_32, transfer.user_data_32)
            && matches(self.code, transfer.code)
            && in_range(timestamp, self.timestamp_min, self.timestamp_max)
            && self.dates.has(transfer.date())
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
    /// Effective dates.
    pub dates: Dates,
    /// Behind the transfer with this sequence, in the order asked for: the last one of the page before. Zero: from the
    /// beginning.
    pub after: u64,
}

impl QueryFilter {
    pub(super) fn is_valid(&self) -> bool {
        self.limit > 0 && is_range(self.timestamp_min, self.timestamp_max) && self.dates.is_range()
    }
}

impl QueryFilter {
    pub(super) fn takes_account(&self, account: &NewAccount) -> bool {
        matches(self.user_data_128, account.user_data_128)
            && matches(self.user_data_64, account.user_data_64)
            && matches(self.user_data_32, account.user_data_32)
            && matches(self.ledger, account.ledger)
            && matches(self.code, account.code)
            && in_range(account.timestamp, self.timestamp_min, self.timestamp_max)
    }

    pub(super) fn takes_transfer(&self, transfer: &Transfer) -> bool {
        matches(self.user_data_128, transfer.user_data_128)
            && matches(self.user_data_64, transfer.user_data_64)
            && matches(self.user_data_32, transfer.user_data_32)
            && matches(self.ledger, transfer.ledger)
            && matches(self.code, transfer.code)
            && in_range(transfer.timestamp, self.timestamp_min, self.timestamp_max)
            && self.dates.has(transfer.date())
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

fn matches<T: PartialEq + Default>(asked: T, found: T) -> bool {
    asked == T::default() || asked == found
}

pub(super) fn is_range(min: i64, max: i64) -> bool {
    min >= 0 && max >= 0 && (max == 0 || min <= max)
}

pub(super) fn in_range(timestamp: i64, min: i64, max: i64) -> bool {
    timestamp >= min && (max == 0 || timestamp <= max)
}
