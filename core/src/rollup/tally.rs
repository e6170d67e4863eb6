//! How much, and how often.

use super::MergeError;
use crate::money::Amount;

/// How much, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How much.
    pub amount: Amount,
    /// How often.
    pub count: u64,
}

impl Tally {
    /// Once so much.
    #[must_use]
    pub const fn once(amount: Amount) -> Self {
        Self { amount, count: 1 }
    }

    pub(super) fn plus(self, other: Self) -> Result<Self, MergeError> {
        let sum = || {
            let amount = self.amount.checked_add(other.amount)?;
            Some(Self { amount, count: self.count.checked_add(other.count)? })
        };
        sum().ok_or(MergeError::Overflow)
    }

    // INVARIANT: what is taken from a sum is a part of it.
    pub(super) fn minus(self, part: Self) -> Self {
        let amount = self.amount.checked_sub(part.amount).unwrap_or_default();
        Self { amount, count: self.count.saturating_sub(part.count) }
    }

    pub(super) fn most(self, other: Self) -> Self {
        Self { amount: self.amount.max(other.amount), count: self.count.max(other.count) }
    }
}
