//! Why a transaction was refused: which of its legs, which account, which asset.

use std::collections::BTreeMap;

use super::command;
use super::outcome::{Outcome, text};
use super::view::name_of;
use crate::Id;
use crate::ledger::Book;
use crate::ledger::account::AccountFlags;
use crate::ledger::status::TransferStatus;
use crate::ledger::transaction::{Side, Transaction};

/// The reason, and in `told` which account lacks what; `None` where the status says it all.
pub(super) fn explain(
    book: &Book,
    asked: &command::Transaction,
    transaction: &Transaction,
    status: TransferStatus,
    told: &mut Outcome,
) -> Option<String> {
    use TransferStatus as S;
    match status {
        S::LegsMustBalance => unbalanced(book, transaction),
        S::DebitAccountNotFound | S::CreditAccountNotFound => {
            let legs = asked.legs.iter().zip(&transaction.legs);
            let (missing, _) =
                legs.into_iter().find(|(_, leg)| book.account(leg.account_id).is_none())?;
            told.account = Some(missing.account.clone());
            Some(format!("there is no account `{}`", missing.account))
        }
        S::DebitAccountAlreadyClosed | S::CreditAccountAlreadyClosed => {
            let is_closed = |id| {
                book.account(id).is_some_and(|account| account.flags.has(AccountFlags::CLOSED))
            };
            let leg = transaction.legs.iter().find(|leg| is_closed(leg.account_id))?;
            told.account = Some(name_of(book, leg.account_id));
            None
        }
        S::ExceedsCredits => {
            lacking(book, transaction, told);
            None
        }
        _ => None,
    }
}

fn unbalanced(book: &Book, transaction: &Transaction) -> Option<String> {
    let mut sums: BTreeMap<u32, (u128, u128)> = BTreeMap::new();
    for leg in &transaction.legs {
        let (debits, credits) = sums.entry(leg.ledger).or_default();
        let sum = if leg.side == Side::Debit { debits } else { credits };
        *sum = sum.checked_add(leg.amount)?;
    }
    let (ledger, (debits, credits)) =
        sums.into_iter().find(|(_, (debits, credits))| debits != credits)?;
    Some(format!(
        "the legs debit {} and credit {}",
        text(book, ledger, debits),
        text(book, ledger, credits)
    ))
}

/// The first account that pays more than it has and receives.
fn lacking(book: &Book, transaction: &Transaction, told: &mut Outcome) {
    let mut moved: BTreeMap<Id, (u128, u128)> = BTreeMap::new();
    for leg in &transaction.legs {
        let (pays, receives) = moved.entry(leg.account_id).or_default();
        let sum = if leg.side == Side::Debit { pays } else { receives };
        *sum = sum.saturating_add(leg.amount);
    }
    for leg in &transaction.legs {
        let Some(account) = book.account(leg.account_id) else { continue };
        let (pays, receives) = moved.get(&leg.account_id).copied().unwrap_or_default();
        let has = account.balances.debits_left();
        if account.flags.has(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS)
            && pays > has.saturating_add(receives)
        {
            told.account = Some(name_of(book, leg.account_id));
            told.have = Some(text(book, leg.ledger, has));
            told.need = Some(text(book, leg.ledger, pays));
            return;
        }
    }
}
