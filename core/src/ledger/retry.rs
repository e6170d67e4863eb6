//! Retries: what a command is compared with when its id is taken, field by field in order of precedence.

use super::detail::Detail;
use super::status::{AccountStatus, TransferStatus};
use super::transfer::{AMOUNT_MAX, Group, Transfer, TransferFlags};
use super::validate::Refused;
use super::view::{Spent, View};
use crate::{Id, NewAccount};

pub(super) fn account_exists(
    view: &(impl View + ?Sized),
    new: &NewAccount,
) -> Option<AccountStatus> {
    use AccountStatus as S;
    let by_key = keyed("account", new.detail.as_deref()).and_then(|id| view.account(id));
    let index = match (view.account(new.id), by_key) {
        (None, None) => return None,
        (None, Some(_)) => return Some(S::ExistsWithDifferentDetail),
        (Some(index), _) => index,
    };
    let old = view.account_record(index)?;
    Some(if old.id != new.id {
        S::ExistsWithDifferentDetail
    } else if view.head(index).flags != new.flags {
        // As they are now: an account that a transfer has closed is no longer the account asked for.
        S::ExistsWithDifferentFlags
    } else if old.user_data_128 != new.user_data_128 {
        S::ExistsWithDifferentUserData128
    } else if old.user_data_64 != new.user_data_64 {
        S::ExistsWithDifferentUserData64
    } else if old.user_data_32 != new.user_data_32 {
        S::ExistsWithDifferentUserData32
    } else if old.ledger != new.ledger {
        S::ExistsWithDifferentLedger
    } else if old.code != new.code {
        S::ExistsWithDifferentCode
    } else if old.kind != new.kind {
        S::ExistsWithDifferentKind
    } else if old.parent != new.parent && view.account(old.parent) != view.account(new.parent) {
        S::ExistsWithDifferentParent
    } else if !is_retry(&new.detail, &old.detail) {
        S::ExistsWithDifferentDetail
    } else {
        S::Exists
    })
}

/// Whether a detail that is asked for may be the one that was recorded.
fn is_retry(asked: &Option<Box<Detail>>, recorded: &Option<Box<Detail>>) -> bool {
    match (present(asked), present(recorded)) {
        (Some(asked), Some(recorded)) => asked.is_retry_of(recorded),
        (asked, recorded) => asked.is_none() && recorded.is_none(),
    }
}

/// A detail with something in it; an empty one is not recorded.
fn present(detail: &Option<Box<Detail>>) -> Option<&Detail> {
    detail.as_deref().filter(|detail| !detail.is_empty())
}

/// The id that a transfer's key stands for, if it has one.
pub(crate) fn transfer_key(transfer: &Transfer) -> Option<Id> {
    keyed("transfer", transfer.detail.as_deref())
}

/// The id that a record's key stands for, if it has one.
pub(super) fn keyed(namespace: &str, detail: Option<&Detail>) -> Option<Id> {
    detail
        .filter(|detail| !detail.key.is_empty())
        .map(|detail| Id::from_key(namespace, &detail.key))
}

#[inline]
pub(super) fn transfer_exists(
    view: &(impl View + ?Sized),
    t: &Transfer,
    group: Group,
) -> Option<Refused<TransferStatus>> {
    let existing = match view.spent(t.id) {
        Some(Spent::Failed) => return Some(TransferStatus::IdAlreadyFailed.into()),
        Some(Spent::Booked(existing)) => existing,
        None => {
            view.spent(transfer_key(t)?)?;
            return Some(TransferStatus::ExistsWithDifferentDetail.into());
        }
    };
    let status = compare(view, t, &existing.transfer, group);
    Some(Refused { status, existing: Some(existing) })
}

/// Which field of a retry differs from the record `e`, in order of precedence.
fn compare(
    view: &(impl View + ?Sized),
    t: &Transfer,
    e: &Transfer,
    group: Group,
) -> TransferStatus {
    use TransferStatus as S;
    let same_account = |asked: Id, recorded: Id| {
        asked == recorded || view.account(asked) == view.account(recorded)
    };
    if e.id != t.id {
        return S::ExistsWithDifferentDetail;
    }
    if t.flags != e.flags {
        return S::ExistsWithDifferentFlags;
    }
    let pending = if t.flags.resolves() { view.spent(e.pending_id) } else { None };
    let p = match &pending {
        Some(Spent::Booked(booked)) => Some(&booked.transfer),
        _ => None,
    };
    let same_pending = |asked: Id| match view.spent(asked) {
        Some(Spent::Booked(booked)) => booked.transfer.id == e.pending_id,
        _ => false,
    };
    if t.pending_id != e.pending_id && !same_pending(t.pending_id) {
        return S::ExistsWithDifferentPendingId;
    }
    if t.timeout != e.timeout {
        return S::ExistsWithDifferentTimeout;
    }
    // A post or a void may leave out what it takes from its pending transfer.
    let left_out = |zero: bool| zero && p.is_some();
    if !left_out(t.debit_account_id == Id::ZERO)
        && !same_account(t.debit_account_id, e.debit_account_id)
    {
        return S::ExistsWithDifferentDebitAccountId;
    }
    if !left_out(t.credit_account_id == Id::ZERO)
        && !same_account(t.credit_account_id, e.credit_account_id)
    {
        return S::ExistsWithDifferentCreditAccountId;
    }
    let balancing = TransferFlags::BALANCING_DEBIT.with(TransferFlags::BALANCING_CREDIT);
    let same_amount = match p {
        Some(p) => resolved_amount(t, p.amount) == e.amount,
        // The request named the most that may move; what did move is within it.
        None if t.flags.has_any(balancing) => t.amount >= e.amount,
        None => t.amount == e.amount,
    };
    if !same_amount {
        return S::ExistsWithDifferentAmount;
    }
    let asked_128 = if left_out(t.user_data_128 == 0) {
        p.map_or(0, |p| p.user_data_128)
    } else {
        t.user_data_128
    };
    if asked_128 != e.user_data_128 {
        return S::ExistsWithDifferentUserData128;
    }
    let asked_64 = if left_out(t.user_data_64 == 0) {
        p.map_or(0, |p| p.user_data_64)
    } else {
        t.user_data_64
    };
    if asked_64 != e.user_data_64 {
        return S::ExistsWithDifferentUserData64;
    }
    let asked_32 = if left_out(t.user_data_32 == 0) {
        p.map_or(0, |p| p.user_data_32)
    } else {
        t.user_data_32
    };
    if asked_32 != e.user_data_32 {
        return S::ExistsWithDifferentUserData32;
    }
    if !left_out(t.ledger == 0) && t.ledger != e.ledger {
        return S::ExistsWithDifferentLedger;
    }
    if !left_out(t.code == 0) && t.code != e.code {
        return S::ExistsWithDifferentCode;
    }
    if t.effective_date != e.effective_date {
        return S::ExistsWithDifferentEffectiveDate;
    }
    if !is_retry(&t.detail, &e.detail) {
        return S::ExistsWithDifferentDetail;
    }
    if group != e.group {
        return S::ExistsWithDifferentLegs;
    }
    S::Exists
}

pub(super) fn transaction_exists(
    view: &(impl View + ?Sized),
    transfers: &[Transfer],
    spent: Spent,
) -> Refused<TransferStatus> {
    use TransferStatus as S;
    let Spent::Booked(existing) = spent else { return S::IdAlreadyFailed.into() };
    for (index, transfer) in transfers.iter().enumerate() {
        let status = match view.spent(transfer.id) {
            Some(Spent::Booked(old)) => compare(view, transfer, &old.transfer, transfer.group),
            _ => S::ExistsWithDifferentLegs,
        };
        if status != S::Exists {
            let status = if index == 0 { status } else { S::ExistsWithDifferentLegs };
            return Refused { status, existing: Some(existing) };
        }
    }
    Refused { status: S::Exists, existing: Some(existing) }
}

/// The amount that a post or void means: the largest amount posts all that is held, zero voids all of it.
pub(super) fn resolved_amount(t: &Transfer, held: u128) -> u128 {
    let all = if t.flags.has(TransferFlags::POST_PENDING) { AMOUNT_MAX } else { 0 };
    if t.amount == all { held } else { t.amount }
}
