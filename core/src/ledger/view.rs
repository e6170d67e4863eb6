//! What validation may ask, whoever answers: the books themselves or an overlay over them.

use super::account::{AccountFlags, Balances};
use super::transfer::{PendingState, Transfer};
use crate::Id;
use crate::event::AssetRegistered;
use crate::money::AssetCode;

/// What every check of a transfer needs of an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) id: Id,
    pub(crate) ledger: u32,
    pub(crate) flags: AccountFlags,
    /// The newest event that moved the account; zero for none.
    pub(crate) last: u64,
}

/// A transfer in the log, or one planned in an open chain.
#[derive(Clone, Debug)]
pub(crate) struct Booked {
    pub(crate) transfer: Transfer,
    pub(crate) state: PendingState,
    /// Its place in the log; while it is only planned, the one that it would get.
    pub(crate) sequence: u64,
    pub(crate) is_planned: bool,
}

/// Why an id is taken.
#[derive(Clone, Debug)]
pub(crate) enum Spent {
    Booked(Box<Booked>),
    Failed,
}

pub(crate) trait View {
    fn asset(&self, ledger: u32) -> Option<AssetRegistered>;
    fn asset_by_code(&self, code: AssetCode) -> Option<AssetRegistered>;
    fn account(&self, id: Id) -> Option<u32>;
    /// As [`View::account`], with an index that is likely the answer: one that was looked up ahead of its turn.
    #[inline]
    fn account_near(&self, id: Id, _likely: u32) -> Option<u32> {
        self.account(id)
    }
    /// How many accounts there are; the index of the next one.
    fn account_count(&self) -> u32;
    /// The head of an account whose index [`View::account`] gave.
    fn head(&self, index: u32) -> Head;
    fn balances(&self, index: u32) -> Balances;
    fn account_timestamp(&self, index: u32) -> i64;
    /// When an account was opened, and the place of that event in the log.
    fn opening(&self, index: u32) -> (i64, u64);
    /// The request that opened the account, as it was recorded.
    fn account_record(&self, index: u32) -> Option<super::account::NewAccount>;
    fn spent(&self, id: Id) -> Option<Spent>;
    /// The timestamp of the newest account and of the newest transfer.
    fn newest(&self) -> Newest;
    fn is_account_timestamp(&self, timestamp: i64) -> bool;
    fn is_transfer_timestamp(&self, timestamp: i64) -> bool;
}

/// Timestamps that an import may not go behind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Newest {
    pub(crate) account: i64,
    pub(crate) transfer: i64,
}
