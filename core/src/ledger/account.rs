//! Accounts: what a caller asks for, and the four balances that transfers move.

use serde::{Deserialize, Serialize};

use super::detail::Detail;
use crate::Id;

/// Flags of an account, one bit each; unknown bits are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AccountFlags(pub u16);

impl AccountFlags {
    /// This command and the next succeed or fail together.
    pub const LINKED: Self = Self(1);
    /// The account may not owe: debits (pending and posted) stay within posted credits.
    pub const DEBITS_MUST_NOT_EXCEED_CREDITS: Self = Self(1 << 1);
    /// The account may not receive more than it gave: credits stay within posted debits.
    pub const CREDITS_MUST_NOT_EXCEED_DEBITS: Self = Self(1 << 2);
    /// The balances after every transfer may be asked for.
    pub const HISTORY: Self = Self(1 << 3);
    /// The account brings its own timestamp.
    pub const IMPORTED: Self = Self(1 << 4);
    /// The account takes no transfers.
    pub const CLOSED: Self = Self(1 << 5);

    const KNOWN: u16 = 0b11_1111;

    /// Whether every flag of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These flags and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These flags without those.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) const fn has_unknown(self) -> bool {
        self.0 & !Self::KNOWN != 0
    }
}

/// The kind of an account in the chart of accounts, and with it its normal side.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// What the book owns or is owed. Normal side: debit.
    Asset = 1,
    /// What the book owes, such as a client's money. Normal side: credit.
    Liability = 2,
    /// What belongs to the owners. Normal side: credit.
    Equity = 3,
    /// What was earned. Normal side: credit.
    Income = 4,
    /// What was spent. Normal side: debit.
    Expense = 5,
}

impl AccountKind {
    /// Every kind, in the order of a balance sheet and then a profit and loss account.
    pub const ALL: [Self; 5] =
        [Self::Asset, Self::Liability, Self::Equity, Self::Income, Self::Expense];

    /// Whether the balance of such an account is debits − credits.
    #[must_use]
    pub const fn is_debit_normal(self) -> bool {
        matches!(self, Self::Asset | Self::Expense)
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Liability => "liability",
            Self::Equity => "equity",
            Self::Income => "income",
            Self::Expense => "expense",
        }
    }

    /// The stable number; zero stands for *no kind*.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

/// The four balances of an account, in smallest units of its asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Balances {
    /// Debits that are held and not yet posted.
    pub debits_pending: u128,
    /// Debits that are booked.
    pub debits_posted: u128,
    /// Credits that are held and not yet posted.
    pub credits_pending: u128,
    /// Credits that are booked.
    pub credits_posted: u128,
}

impl Balances {
    /// What may still be debited within posted credits; holds count as spent.
    pub(crate) fn debits_left(&self) -> u128 {
        let used = self.debits_posted.saturating_add(self.debits_pending);
        self.credits_posted.saturating_sub(used)
    }

    /// What may still be credited within posted debits; holds count as received.
    pub(crate) fn credits_left(&self) -> u128 {
        let used = self.credits_posted.saturating_add(self.credits_pending);
        self.debits_posted.saturating_sub(used)
    }

    /// Whether `amount` more debits would pass what the account may owe.
    #[must_use]
    pub(crate) fn debits_exceed_credits(&self, flags: AccountFlags, amount: u128) -> bool {
        flags.has(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS)
            && sum_exceeds([self.debits_pending, self.debits_posted, amount], self.credits_posted)
    }

    /// Whether `amount` more credits would pass what the account may receive.
    #[must_use]
    pub(crate) fn credits_exceed_debits(&self, flags: AccountFlags, amount: u128) -> bool {
        flags.has(AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS)
            && sum_exceeds([self.credits_pending, self.credits_posted, amount], self.debits_posted)
    }
}

/// Whether a + b + c > limit; a sum past 2¹²⁸−1 is above every limit.
fn sum_exceeds([a, b, c]: [u128; 3], limit: u128) -> bool {
    match a.checked_add(b).and_then(|sum| sum.checked_add(c)) {
        Some(sum) => sum > limit,
        None => true,
    }
}

/// A request to open an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAccount {
    /// The account's id; zero and 2¹²⁸−1 are refused.
    pub id: Id,
    /// The account above this one in the chart; zero: none.
    pub parent: Id,
    /// Must be all zero: an account opens empty. It is here so that a record copied from another ledger is refused
    /// rather than stripped of its balances.
    pub balances: Balances,
    /// For the caller's use.
    pub user_data_128: u128,
    /// For the caller's use.
    pub user_data_64: u64,
    /// For the caller's use.
    pub user_data_32: u32,
    /// Must be zero.
    pub reserved: u32,
    /// The ledger number of the account's asset.
    pub ledger: u32,
    /// Why the account exists, by the caller's own list; not zero.
    pub code: u16,
    /// The flags.
    pub flags: AccountFlags,
    /// The kind; `None` for an account outside the chart of accounts.
    pub kind: Option<AccountKind>,
    /// Nanoseconds since 1970 of an imported account; otherwise zero.
    pub timestamp: i64,
    /// Key, name and public metadata, when there are any.
    pub detail: Option<Box<Detail>>,
}
