//! Transfers: money from one account to another, in one step or in two.

use super::detail::Detail;
use crate::Id;
use crate::time::date_of;

/// Flags of a transfer, one bit each; unknown bits are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TransferFlags(pub u16);

impl TransferFlags {
    /// This command and the next succeed or fail together.
    pub const LINKED: Self = Self(1);
    /// Holds the amount: a later transfer posts or voids it.
    pub const PENDING: Self = Self(1 << 1);
    /// Posts a pending transfer, wholly or in part; what is not posted is released.
    pub const POST_PENDING: Self = Self(1 << 2);
    /// Releases a pending transfer.
    pub const VOID_PENDING: Self = Self(1 << 3);
    /// Moves at most what the debit account may still spend.
    pub const BALANCING_DEBIT: Self = Self(1 << 4);
    /// Moves at most what the credit account may still receive.
    pub const BALANCING_CREDIT: Self = Self(1 << 5);
    /// Closes the debit account until the transfer is voided.
    pub const CLOSING_DEBIT: Self = Self(1 << 6);
    /// Closes the credit account until the transfer is voided.
    pub const CLOSING_CREDIT: Self = Self(1 << 7);
    /// The transfer brings its own timestamp.
    pub const IMPORTED: Self = Self(1 << 8);

    const KNOWN: u16 = 0x1ff;

    /// Whether every flag of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any flag of `other` is set.
    #[must_use]
    pub const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// These flags and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn has_unknown(self) -> bool {
        self.0 & !Self::KNOWN != 0
    }

    /// Whether the transfer resolves a pending one.
    #[must_use]
    pub const fn resolves(self) -> bool {
        self.has_any(Self(Self::POST_PENDING.0 | Self::VOID_PENDING.0))
    }
}

/// The largest amount; as the amount of a post or a balancing transfer it means *as much as there is*.
pub const AMOUNT_MAX: u128 = u128::MAX;

/// A request to move money, and the record of it.
///
/// In the record the amount is what was moved, and a post or void carries its pending transfer's accounts, asset and
/// code, and its user data where it brought none of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transfer {
    /// The transfer's id; zero and 2¹²⁸−1 are refused.
    pub id: Id,
    /// The account whose debits grow: *from*.
    pub debit_account_id: Id,
    /// The account whose credits grow: *to*.
    pub credit_account_id: Id,
    /// Smallest units of the asset.
    pub amount: u128,
    /// The pending transfer that this one posts or voids; otherwise zero.
    pub pending_id: Id,
    /// For the caller's use.
    pub user_data_128: u128,
    /// For the caller's use.
    pub user_data_64: u64,
    /// For the caller's use.
    pub user_data_32: u32,
    /// Seconds after which a pending transfer is released by itself; zero: never.
    pub timeout: u32,
    /// The ledger number of the asset.
    pub ledger: u32,
    /// Why the money moves, by the caller's own list; not zero.
    pub code: u16,
    /// The flags.
    pub flags: TransferFlags,
    /// The civil date that the books give it, as days since 1970; [`EffectiveDate::NONE`]: the day on which it is recorded.
    pub effective_date: EffectiveDate,
    /// Its place in its transaction.
    pub group: Group,
    /// Nanoseconds since 1970 of an imported transfer; otherwise zero in a request. In the record: when it was booked.
    pub timestamp: i64,
    /// Key, description and public metadata, when there are any.
    pub detail: Option<Box<Detail>>,
}

/// Days since 1970, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EffectiveDate(i32);

impl EffectiveDate {
    /// No date of its own.
    pub const NONE: Self = Self(i32::MIN);

    /// A date.
    #[must_use]
    pub const fn days(days: i32) -> Self {
        Self(days)
    }

    /// The days since 1970, if the transfer has a date of its own.
    #[must_use]
    pub const fn get(self) -> Option<i32> {
        if self.0 == i32::MIN { None } else { Some(self.0) }
    }

    /// The date, if it is another than that of the instant at which the transfer was recorded.
    #[inline]
    pub(crate) fn elsewhere(self, timestamp: i64) -> Option<i32> {
        self.get().filter(|days| *days != date_of(timestamp))
    }

    pub(crate) const fn raw(self) -> i32 {
        self.0
    }
}

impl Default for EffectiveDate {
    fn default() -> Self {
        Self::NONE
    }
}

impl Transfer {
    /// The date that the books give it: its own, or that of the day in UTC on which it was recorded.
    #[must_use]
    pub fn date(&self) -> i32 {
        self.effective_date.get().unwrap_or_else(|| date_of(self.timestamp))
    }
}

/// The place of a transfer in a transaction of several; a transfer of its own is 0 of 0.
///
/// The transfers of a transaction follow one another in the log, so the first one, whose id is the transaction's, is
/// found `index` places before this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// From zero.
    pub index: u16,
    /// How many transfers the transaction has.
    pub size: u16,
}

/// What has become of a pending transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingState {
    /// The transfer is not a pending one.
    None = 0,
    /// The amount is held.
    Pending = 1,
    /// It was posted, wholly or in part.
    Posted = 2,
    /// It was released.
    Voided = 3,
    /// Its time ran out.
    Expired = 4,
}

impl PendingState {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pending => "pending",
            Self::Posted => "posted",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }
}
