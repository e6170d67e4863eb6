//! What came out otherwise than Blnk has it, or could not be taken over.

use std::fmt;

use serde::Serialize;

/// A difference between what Blnk returned and what the books hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What kind it is.
    pub kind: Kind,
    /// The record of Blnk's.
    pub record: String,
    /// What differs.
    pub detail: String,
}

/// Kinds of differences; their names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A balance in the books is not the one that Blnk showed.
    Balance,
    /// A balance is not what was credited less what was debited.
    Inconsistent,
    /// A transaction names a balance that the export does not have: an account is opened for it.
    MissingBalance,
    /// A transaction was queued or scheduled and had not been applied: nothing is booked.
    NotApplied,
    /// A transaction was rejected: nothing is booked.
    Rejected,
    /// A record has a status that is not known: nothing is booked.
    Status,
    /// A record cannot be booked as it is: a field lacks or makes no sense.
    Unreadable,
    /// A transaction between one balance and itself: it moved nothing, nothing is booked.
    SameAccount,
    /// More was captured or released than was held.
    BeyondHold,
    /// A transaction has another precision than the others of its currency.
    Precision,
    /// Between two currencies, or at a rate: booked over an account for exchange.
    Exchange,
    /// Metadata or a description was too long and was left out or cut.
    Cut,
    /// A command was refused by the ledger.
    Refused,
}

impl Kind {
    /// Whether money or a record is missing or counted otherwise, so that someone has to look. What was queued or
    /// rejected, exchanged or cut is as it should be, and told for completeness.
    #[must_use]
    pub const fn is_serious(self) -> bool {
        !matches!(self, Self::NotApplied | Self::Rejected | Self::Exchange | Self::Cut)
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Inconsistent => "inconsistent",
            Self::MissingBalance => "missing_balance",
            Self::NotApplied => "not_applied",
            Self::Rejected => "rejected",
            Self::Status => "status",
            Self::Unreadable => "unreadable",
            Self::SameAccount => "same_account",
            Self::BeyondHold => "beyond_hold",
            Self::Precision => "precision",
            Self::Exchange => "exchange",
            Self::Cut => "cut",
            Self::Refused => "refused",
        }
    }
}

impl Difference {
    /// A difference.
    pub fn new(kind: Kind, record: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { kind, record: record.into(), detail: detail.into() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.kind.name(), self.record, self.detail)
    }
}
