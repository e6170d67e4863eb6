//! How a transfer moves the balances of its two accounts, forward and back.
//!
//! One definition serves the books, the overlay of an open chain, recovery and the reconstruction of past balances.

use super::account::{AccountFlags, Balances};
use super::transfer::{Transfer, TransferFlags};

/// What a booked event does to the balances of its debit and credit account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Movement {
    /// Posts the amount at once.
    Post { amount: u128 },
    /// Holds the amount.
    Hold { amount: u128 },
    /// Ends a hold and posts the amount, which may be less.
    Settle { held: u128, amount: u128 },
    /// Ends a hold: voided or expired.
    Release { held: u128 },
}

impl Movement {
    /// The movement of a booked transfer; `held` is the amount of the pending transfer that it resolves.
    pub(crate) fn of(transfer: &Transfer, held: u128) -> Self {
        if transfer.flags.has(TransferFlags::PENDING) {
            Self::Hold { amount: transfer.amount }
        } else if transfer.flags.has(TransferFlags::POST_PENDING) {
            Self::Settle { held, amount: transfer.amount }
        } else if transfer.flags.has(TransferFlags::VOID_PENDING) {
            Self::Release { held }
        } else {
            Self::Post { amount: transfer.amount }
        }
    }

    /// Whether the movement passes neither 2¹²⁸−1 nor zero: what a recorded event must show again.
    pub(crate) fn fits(self, debit: &Balances, credit: &Balances) -> bool {
        let adds = |amount: u128, to: [u128; 2]| {
            to.into_iter().all(|balance| balance.checked_add(amount).is_some())
        };
        let holds = |held: u128| debit.debits_pending >= held && credit.credits_pending >= held;
        match self {
            Self::Post { amount } => adds(amount, [debit.debits_posted, credit.credits_posted]),
            Self::Hold { amount } => adds(amount, [debit.debits_pending, credit.credits_pending]),
            Self::Settle { held, amount } => {
                holds(held)
                    && amount <= held
                    && adds(amount, [debit.debits_posted, credit.credits_posted])
            }
            Self::Release { held } => holds(held),
        }
    }

    /// Moves the debit account's balances. Validation has shown that nothing overflows, and the arithmetic is checked
    /// all the same.
    #[inline]
    pub(crate) fn apply_debit(&self, debit: &mut Balances) {
        match self {
            Self::Post { amount } => debit.debits_posted += amount,
            Self::Hold { amount } => debit.debits_pending += amount,
            Self::Settle { held, amount } => {
                debit.debits_pending -= held;
                debit.debits_posted += amount;
            }
            Self::Release { held } => debit.debits_pending -= held,
        }
    }

    /// Moves the credit account's balances.
    #[inline]
    pub(crate) fn apply_credit(&self, credit: &mut Balances) {
        match self {
            Self::Post { amount } => credit.credits_posted += amount,
            Self::Hold { amount } => credit.credits_pending += amount,
            Self::Settle { held, amount } => {
                credit.credits_pending -= held;
                credit.credits_posted += amount;
            }
            Self::Release { held } => credit.credits_pending -= held,
        }
    }

    /// Moves the debit account's balances back to what they were before.
    pub(crate) fn undo_debit(self, debit: &mut Balances) {
        match self {
            Self::Post { amount } => debit.debits_posted -= amount,
            Self::Hold { amount } => debit.debits_pending -= amount,
            Self::Settle { held, amount } => {
                debit.debits_posted -= amount;
                debit.debits_pending += held;
            }
            Self::Release { held } => debit.debits_pending += held,
        }
    }

    /// Moves the credit account's balances back to what they were before.
    pub(crate) fn undo_credit(self, credit: &mut Balances) {
        match self {
            Self::Post { amount } => credit.credits_posted -= amount,
            Self::Hold { amount } => credit.credits_pending -= amount,
            Self::Settle { held, amount } => {
                credit.credits_posted -= amount;
                credit.credits_pending += held;
            }
            Self::Release { held } => credit.credits_pending += held,
        }
    }
}

/// Two accounts, by index, and what an event does to them.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    pub(crate) debit: u32,
    pub(crate) credit: u32,
    pub(crate) movement: Movement,
    pub(crate) closing: Closing,
}

impl Moved {
    /// What happens when the time of a hold runs out: it is released, and what it closed opens again.
    pub(crate) fn expiry(pending: &Transfer, debit: u32, credit: u32) -> Self {
        let movement = Movement::Release { held: pending.amount };
        let closing = Closing::of(movement, TransferFlags::default(), pending.flags);
        Self { debit, credit, movement, closing }
    }
}

/// Which accounts an event closes or opens again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Closing {
    pub(crate) debit: Option<bool>,
    pub(crate) credit: Option<bool>,
}

impl Closing {
    /// A closing transfer closes; the release of one opens again. `pending` are the flags of the transfer resolved.
    pub(crate) fn of(movement: Movement, own: TransferFlags, pending: TransferFlags) -> Self {
        let (flags, closed) = match movement {
            Movement::Hold { .. } => (own, true),
            Movement::Release { .. } => (pending, false),
            Movement::Post { .. } | Movement::Settle { .. } => return Self::default(),
        };
        Self {
            debit: flags.has(TransferFlags::CLOSING_DEBIT).then_some(closed),
            credit: flags.has(TransferFlags::CLOSING_CREDIT).then_some(closed),
        }
    }
}

/// The flags of an account after it was closed or opened.
pub(crate) fn close(flags: AccountFlags, closed: Option<bool>) -> AccountFlags {
    match closed {
        Some(true) => flags.with(AccountFlags::CLOSED),
        Some(false) => flags.without(AccountFlags::CLOSED),
        None => flags,
    }
}
