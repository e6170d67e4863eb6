//! Validation of what ends a hold: a capture (post) or a release (void), check by check in order of precedence.

use super::account::AccountFlags;
use super::movement::{Closing, Moved, Movement};
use super::plan::{Recorded, TransferPlan};
use super::retry::resolved_amount;
use super::status::TransferStatus;
use super::transfer::{Group, PendingState, Transfer, TransferFlags};
use super::validate::{check_import, expires_at};
use super::view::{Spent, View};
use crate::Id;

pub(super) fn validate_resolution(
    view: &(impl View + ?Sized),
    t: &Transfer,
    timestamp: i64,
) -> Result<TransferPlan<'static>, TransferStatus> {
    use TransferStatus as S;
    let (post, void) =
        (t.flags.has(TransferFlags::POST_PENDING), t.flags.has(TransferFlags::VOID_PENDING));
    let excluded = TransferFlags::PENDING
        .with(TransferFlags::BALANCING_DEBIT)
        .with(TransferFlags::BALANCING_CREDIT)
        .with(TransferFlags::CLOSING_DEBIT)
        .with(TransferFlags::CLOSING_CREDIT);
    if (post && void) || t.flags.has_any(excluded) {
        return Err(S::FlagsAreMutuallyExclusive);
    }
    if t.pending_id == Id::ZERO {
        return Err(S::PendingIdMustNotBeZero);
    }
    if t.pending_id == Id::MAX {
        return Err(S::PendingIdMustNotBeIntMax);
    }
    if t.pending_id == t.id {
        return Err(S::PendingIdMustBeDifferent);
    }
    if t.timeout != 0 {
        return Err(S::TimeoutReservedForPendingTransfer);
    }
    let Some(Spent::Booked(pending)) = view.spent(t.pending_id) else {
        return Err(S::PendingTransferNotFound);
    };
    let p = &pending.transfer;
    if !p.flags.has(TransferFlags::PENDING) {
        return Err(S::PendingTransferNotPending);
    }
    // Accounts may be named by their ids or by the ids of their keys, so they are compared as found.
    let (debit, credit) =
        match (view.account(p.debit_account_id), view.account(p.credit_account_id)) {
            (Some(debit), Some(credit)) => (debit, credit),
            (None, _) => return Err(S::DebitAccountNotFound),
            (_, None) => return Err(S::CreditAccountNotFound),
        };
    if t.debit_account_id != Id::ZERO && view.account(t.debit_account_id) != Some(debit) {
        return Err(S::PendingTransferHasDifferentDebitAccountId);
    }
    if t.credit_account_id != Id::ZERO && view.account(t.credit_account_id) != Some(credit) {
        return Err(S::PendingTransferHasDifferentCreditAccountId);
    }
    if t.ledger != 0 && t.ledger != p.ledger {
        return Err(S::PendingTransferHasDifferentLedger);
    }
    if t.code != 0 && t.code != p.code {
        return Err(S::PendingTransferHasDifferentCode);
    }
    let amount = resolved_amount(t, p.amount);
    if amount > p.amount {
        return Err(S::ExceedsPendingTransferAmount);
    }
    if void && amount < p.amount {
        return Err(S::PendingTransferHasDifferentAmount);
    }
    match pending.state {
        PendingState::Posted => return Err(S::PendingTransferAlreadyPosted),
        PendingState::Voided => return Err(S::PendingTransferAlreadyVoided),
        PendingState::Expired => return Err(S::PendingTransferExpired),
        PendingState::Pending | PendingState::None => {}
    }
    if p.timeout != 0 && expires_at(p.timestamp, p.timeout).is_some_and(|due| due <= timestamp) {
        return Err(S::PendingTransferExpired);
    }
    if t.flags.has(TransferFlags::IMPORTED) {
        check_import(view, timestamp, debit, credit)?;
    }
    // A void is let through to a closed account: it is what opens the account again.
    if !void && view.head(debit).flags.has(AccountFlags::CLOSED) {
        return Err(S::DebitAccountAlreadyClosed);
    }
    if !void && view.head(credit).flags.has(AccountFlags::CLOSED) {
        return Err(S::CreditAccountAlreadyClosed);
    }
    // After this point it must succeed.
    let mut transfer = t.clone();
    transfer.debit_account_id = p.debit_account_id;
    transfer.credit_account_id = p.credit_account_id;
    transfer.pending_id = p.id;
    transfer.ledger = p.ledger;
    transfer.code = p.code;
    transfer.amount = amount;
    if transfer.user_data_128 == 0 {
        transfer.user_data_128 = p.user_data_128;
    }
    if transfer.user_data_64 == 0 {
        transfer.user_data_64 = p.user_data_64;
    }
    if transfer.user_data_32 == 0 {
        transfer.user_data_32 = p.user_data_32;
    }
    let movement = Movement::of(&transfer, p.amount);
    let closing = Closing::of(movement, transfer.flags, p.flags);
    let in_log = (!pending.is_planned).then_some(pending.sequence);
    Ok(TransferPlan {
        transfer: Recorded::changed(transfer, Some((p.id, in_log))),
        timestamp,
        group: Group::default(),
        moved: Moved { debit, credit, movement, closing },
    })
}
