//! What must hold of any state, and the digest that tells two states apart.
//!
//! Tests, the crash harness, fuzzers and `verify` use the same check.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::Id;
use crate::audit::merkle::Hash;
use crate::ledger::Book;
use crate::ledger::account::{AccountFlags, AccountKind, Balances};
use crate::ledger::report::Wide;
use crate::ledger::transfer::{PendingState, TransferFlags};
use crate::party::Registry;

/// An invariant that does not hold: the books are wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Σ debits ≠ Σ credits.
    #[error("the {which} debits and credits of ledger {ledger} differ")]
    Unbalanced {
        /// The asset.
        ledger: u32,
        /// `posted` or `pending`.
        which: &'static str,
    },
    /// An account is past a limit that it was opened with.
    #[error("account {0} is past its limit")]
    PastLimit(Id),
    /// The balances are not those that the log adds up to.
    #[error("the balances of account {0} are not what the log adds up to")]
    NotTheLog(Id),
    /// A hold is open in the log and not in the books, or the other way round.
    #[error("the hold {0} is open in the log or in the books, not in both")]
    Hold(Id),
}

/// Checks what must hold after every event.
///
/// # Errors
/// The first invariant that does not hold.
pub fn check(book: &Book) -> Result<(), Broken> {
    let mut sums: BTreeMap<u32, [Wide; 4]> = BTreeMap::new();
    for account in book.states() {
        let Balances { debits_pending, debits_posted, credits_pending, credits_posted } =
            account.balances;
        let [dp, d, cp, c] = sums.entry(account.ledger).or_default();
        dp.add(debits_pending);
        d.add(debits_posted);
        cp.add(credits_pending);
        c.add(credits_posted);
        let limits = [
            (
                AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS,
                debits_pending,
                debits_posted,
                credits_posted,
            ),
            (
                AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS,
                credits_pending,
                credits_posted,
                debits_posted,
            ),
        ];
        for (limit, pending, posted, against) in limits {
            if account.flags.has(limit)
                && pending.checked_add(posted).is_none_or(|used| used > against)
            {
                return Err(Broken::PastLimit(account.id));
            }
        }
    }
    for (ledger, [dp, d, cp, c]) in sums {
        for (which, debits, credits) in [("pending", dp, cp), ("posted", d, c)] {
            if debits != credits {
                return Err(Broken::Unbalanced { ledger, which });
            }
        }
    }
    Ok(())
}

/// Checks that every balance is what the transfers in the log add up to, by an addition of its own.
///
/// # Errors
/// The first account whose balances differ.
pub fn check_log(book: &Book) -> Result<(), Broken> {
    let mut sums: BTreeMap<Id, Balances> = BTreeMap::new();
    for record in book.transfers() {
        let transfer = &record.transfer;
        let (pending, posted) = if transfer.flags.has(TransferFlags::PENDING) {
            (if record.state == PendingState::Pending { transfer.amount } else { 0 }, 0)
        } else if transfer.flags.has(TransferFlags::VOID_PENDING) {
            (0, 0)
        } else {
            (0, transfer.amount)
        };
        let debit = sums.entry(transfer.debit_account_id).or_default();
        debit.debits_pending += pending;
        debit.debits_posted += posted;
        let credit = sums.entry(transfer.credit_account_id).or_default();
        credit.credits_pending += pending;
        credit.credits_posted += posted;
    }
    for account in book.states() {
        if sums.get(&account.id).copied().unwrap_or_default() != account.balances {
            return Err(Broken::NotTheLog(account.id));
        }
    }
    let open = book.transfers().filter(|record| record.state == PendingState::Pending);
    let mut holds = book.open_holds();
    let told = open.map(|record| record.transfer.id).find(|id| holds.next() != Some(*id));
    told.or_else(|| holds.next()).map_or(Ok(()), |id| Err(Broken::Hold(id)))
}

/// SHA-256 over the state in a fixed order: clock, event count, assets by ledger number, accounts by id with their
/// flags and balances, holds that are open by id; behind them, where there are parties, the digest of their registry.
#[must_use]
pub fn state_hash(book: &Book, parties: &Registry) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"thalium.state.v1\0");
    hash.update(book.clock().to_le_bytes());
    hash.update(book.event_count().to_le_bytes());
    for registered in book.assets() {
        hash.update(registered.ledger.to_le_bytes());
        hash.update([registered.asset.scale()]);
        hash.update(registered.asset.code().as_str().as_bytes());
        hash.update([0]);
    }
    let mut accounts: Vec<_> = book.states().collect();
    accounts.sort_unstable_by_key(|account| account.id);
    for account in accounts {
        hash.update(account.id.0.to_be_bytes());
        hash.update(account.parent.0.to_be_bytes());
        hash.update(account.ledger.to_le_bytes());
        hash.update(account.flags.0.to_le_bytes());
        hash.update([account.kind.map_or(0, AccountKind::number)]);
        let Balances { debits_pending, debits_posted, credits_pending, credits_posted } =
            account.balances;
        for balance in [debits_pending, debits_posted, credits_pending, credits_posted] {
            hash.update(balance.to_le_bytes());
        }
    }
    let mut holds: Vec<Id> = book.open_holds().collect();
    holds.sort_unstable();
    for id in holds {
        hash.update(id.0.to_be_bytes());
    }
    if !parties.is_empty() {
        hash.update(parties.digest());
    }
    hash.finalize().into()
}

#[cfg(test)]
#[path = "invariants_tests.rs"]
mod tests;
