//! Outcomes: one per command, in the order of the commands.

use crate::ledger::status::{AccountStatus, AssetStatus, TransferStatus};
use crate::party::PartyStatus;

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Of an asset.
    Asset(AssetStatus),
    /// Of an account.
    Account(AccountStatus),
    /// Of a transfer or a transaction.
    Transfer(TransferStatus),
    /// Of a change of the registry of parties.
    Party(PartyStatus),
}

impl Status {
    /// The stable number within its family.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Asset(status) => status.number(),
            Self::Account(status) => status.number(),
            Self::Transfer(status) => status.number(),
            Self::Party(status) => status.number(),
        }
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asset(status) => status.name(),
            Self::Account(status) => status.name(),
            Self::Transfer(status) => status.name(),
            Self::Party(status) => status.name(),
        }
    }

    /// Whether it was done now.
    #[must_use]
    pub const fn is_created(self) -> bool {
        matches!(
            self,
            Self::Asset(AssetStatus::Created)
                | Self::Account(AccountStatus::Created)
                | Self::Transfer(TransferStatus::Created)
                | Self::Party(PartyStatus::Created)
        )
    }

    /// Whether it had been done before, exactly so: the answer to a retry.
    #[must_use]
    pub const fn is_replay(self) -> bool {
        matches!(
            self,
            Self::Asset(AssetStatus::Exists)
                | Self::Account(AccountStatus::Exists)
                | Self::Transfer(TransferStatus::Exists)
                | Self::Party(PartyStatus::Exists)
        )
    }
}

/// What became of a command, and where it stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What became of it.
    pub status: Status,
    /// When it was booked; of a retry, when the original was; of a refusal, when it was refused.
    pub timestamp: i64,
    /// The event's place in the log; of a retry, the original's; of a refusal, zero.
    pub sequence: u64,
    /// The amount that moved; of a retry, the original's. Zero for what is no transfer.
    pub amount: u128,
}

impl Outcome {
    /// Whether what was asked for stands in the books, now or since an earlier attempt.
    #[must_use]
    pub const fn is_booked(&self) -> bool {
        self.status.is_created() || self.status.is_replay()
    }
}
