//! Validation: a straight list of checks in the order of the statuses' precedence, and at its end a plan.
//!
//! A plan is built here and in the validation of resolutions alone. Whoever holds one has passed every check, so
//! applying it cannot fail.

use super::account::{AccountFlags, NewAccount};
use super::movement::{Closing, Moved, Movement};
use super::plan::{AccountPlan, Plan, Recorded, TransferPlan};
use super::resolution::validate_resolution;
use super::retry::{account_exists, transaction_exists, transfer_exists};
use super::status::{AccountStatus, AssetStatus, TransferStatus};
use super::transaction::{self, Transaction};
use super::transfer::{Group, Transfer, TransferFlags};
use super::view::{Booked, Spent, View};
use crate::Id;
use crate::event::AssetRegistered;
use crate::money::AssetKind;
use crate::time::SECOND;

/// The instant of a command, and what the request that it came in says about imports.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// The instant that a record gets which brings none.
    pub(crate) timestamp: i64,
    /// The newest instant of the request; imports stand before it.
    pub(crate) newest: i64,
    /// Whether the first record of this type in the request is imported.
    pub(crate) imported: bool,
    /// Where its debit and its credit account most likely are.
    pub(crate) likely: [u32; 2],
}

/// A refusal, with the record that stands in the way when it is a retry.
#[derive(Clone, Debug)]
pub(crate) struct Refused<S> {
    pub(crate) status: S,
    pub(crate) existing: Option<Box<Booked>>,
}

impl<S> From<S> for Refused<S> {
    fn from(status: S) -> Self {
        Self { status, existing: None }
    }
}

pub(crate) fn validate_asset(
    view: &(impl View + ?Sized),
    new: &AssetRegistered,
    slot: Slot,
) -> Result<Plan<'static>, AssetStatus> {
    if new.ledger == 0 {
        return Err(AssetStatus::LedgerMustNotBeZero);
    }
    let built_in =
        crate::money::iso4217::by_code(new.asset.code()).and_then(|asset| match asset.kind() {
            AssetKind::Fiat { number } => {
                Some(AssetRegistered { ledger: u32::from(number), asset })
            }
            _ => None,
        });
    if let Some(existing) = view.asset_by_code(new.asset.code()).or(built_in) {
        if existing.asset.scale() != new.asset.scale() {
            return Err(AssetStatus::ExistsWithDifferentScale);
        }
        if existing.asset.kind() != new.asset.kind() {
            return Err(AssetStatus::ExistsWithDifferentKind);
        }
        if existing.ledger != new.ledger {
            return Err(AssetStatus::ExistsWithDifferentLedger);
        }
        return Err(AssetStatus::Exists);
    }
    if view.asset(new.ledger).is_some() {
        return Err(AssetStatus::LedgerAlreadyTaken);
    }
    if let AssetKind::Fiat { number } = new.asset.kind()
        && crate::money::iso4217::by_number(number)
            .is_some_and(|asset| asset.code() != new.asset.code())
    {
        return Err(AssetStatus::LedgerAlreadyTaken);
    }
    Ok(Plan::Asset(*new, slot.timestamp))
}

pub(crate) fn validate_account(
    view: &(impl View + ?Sized),
    new: &NewAccount,
    slot: Slot,
) -> Result<Plan<'static>, AccountStatus> {
    use AccountStatus as S;
    let imported = new.flags.has(AccountFlags::IMPORTED);
    if imported != slot.imported {
        return Err(if slot.imported {
            S::ImportedEventExpected
        } else {
            S::ImportedEventNotExpected
        });
    }
    if !imported && new.timestamp != 0 {
        return Err(S::TimestampMustBeZero);
    }
    if imported && new.timestamp <= 0 {
        return Err(S::ImportedEventTimestampOutOfRange);
    }
    if imported && new.timestamp >= slot.newest {
        return Err(S::ImportedEventTimestampMustNotAdvance);
    }
    if new.reserved != 0 {
        return Err(S::ReservedField);
    }
    if new.flags.has_unknown() {
        return Err(S::ReservedFlag);
    }
    if new.id == Id::ZERO {
        return Err(S::IdMustNotBeZero);
    }
    if new.id == Id::MAX {
        return Err(S::IdMustNotBeIntMax);
    }
    if let Some(status) = account_exists(view, new) {
        return Err(status);
    }
    let both = AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS
        .with(AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS);
    if new.flags.has(both) {
        return Err(S::FlagsAreMutuallyExclusive);
    }
    for (balance, status) in [
        (new.balances.debits_pending, S::DebitsPendingMustBeZero),
        (new.balances.debits_posted, S::DebitsPostedMustBeZero),
        (new.balances.credits_pending, S::CreditsPendingMustBeZero),
        (new.balances.credits_posted, S::CreditsPostedMustBeZero),
    ] {
        if balance != 0 {
            return Err(status);
        }
    }
    if new.ledger == 0 {
        return Err(S::LedgerMustNotBeZero);
    }
    if new.code == 0 {
        return Err(S::CodeMustNotBeZero);
    }
    if view.asset(new.ledger).is_none() {
        return Err(S::AssetNotFound);
    }
    let parent = view.account(new.parent);
    if new.parent != Id::ZERO && parent.is_none() {
        return Err(S::ParentNotFound);
    }
    if imported
        && (new.timestamp <= view.newest().account || view.is_transfer_timestamp(new.timestamp))
    {
        return Err(S::ImportedEventTimestampMustNotRegress);
    }
    let mut account = new.clone();
    // The parent may be named by the id of its key; the chart is built from ids.
    account.parent = parent.map_or(Id::ZERO, |parent| view.head(parent).id);
    account.timestamp = if imported { new.timestamp } else { slot.timestamp };
    Ok(Plan::Account(Box::new(AccountPlan { account })))
}

#[inline]
pub(crate) fn validate_transfer<'t>(
    view: &(impl View + ?Sized),
    t: &'t Transfer,
    slot: Slot,
    group: Group,
) -> Result<TransferPlan<'t>, Refused<TransferStatus>> {
    use TransferStatus as S;
    let imported = t.flags.has(TransferFlags::IMPORTED);
    if imported != slot.imported {
        return Err(if slot.imported {
            S::ImportedEventExpected
        } else {
            S::ImportedEventNotExpected
        }
        .into());
    }
    if !imported && t.timestamp != 0 {
        return Err(S::TimestampMustBeZero.into());
    }
    if imported && t.timestamp <= 0 {
        return Err(S::ImportedEventTimestampOutOfRange.into());
    }
    if imported && t.timestamp >= slot.newest {
        return Err(S::ImportedEventTimestampMustNotAdvance.into());
    }
    if t.flags.has_unknown() {
        return Err(S::ReservedFlag.into());
    }
    if t.id == Id::ZERO {
        return Err(S::IdMustNotBeZero.into());
    }
    if t.id == Id::MAX {
        return Err(S::IdMustNotBeIntMax.into());
    }
    if let Some(refused) = transfer_exists(view, t, group) {
        return Err(refused);
    }
    let timestamp = if imported { t.timestamp } else { slot.timestamp };
    if t.flags.resolves() {
        return validate_resolution(view, t, timestamp).map_err(Refused::from);
    }
    if t.debit_account_id == Id::ZERO {
        return Err(S::DebitAccountIdMustNotBeZero.into());
    }
    if t.debit_account_id == Id::MAX {
        return Err(S::DebitAccountIdMustNotBeIntMax.into());
    }
    if t.credit_account_id == Id::ZERO {
        return Err(S::CreditAccountIdMustNotBeZero.into());
    }
    if t.credit_account_id == Id::MAX {
        return Err(S::CreditAccountIdMustNotBeIntMax.into());
    }
    if t.debit_account_id == t.credit_account_id {
        return Err(S::AccountsMustBeDifferent.into());
    }
    if t.pending_id != Id::ZERO {
        return Err(S::PendingIdMustBeZero.into());
    }
    let pending = t.flags.has(TransferFlags::PENDING);
    if !pending && t.timeout != 0 {
        return Err(S::TimeoutReservedForPendingTransfer.into());
    }
    if !pending && t.flags.has_any(TransferFlags::CLOSING_DEBIT.with(TransferFlags::CLOSING_CREDIT))
    {
        return Err(S::ClosingTransferMustBePending.into());
    }
    if t.ledger == 0 {
        return Err(S::LedgerMustNotBeZero.into());
    }
    if t.code == 0 {
        return Err(S::CodeMustNotBeZero.into());
    }
    let Some(debit) = view.account_near(t.debit_account_id, slot.likely[0]) else {
        return Err(S::DebitAccountNotFound.into());
    };
    let Some(credit) = view.account_near(t.credit_account_id, slot.likely[1]) else {
        return Err(S::CreditAccountNotFound.into());
    };
    if debit == credit {
        // One account under its id and under the id of its key.
        return Err(S::AccountsMustBeDifferent.into());
    }
    let (debit_head, credit_head) = (view.head(debit), view.head(credit));
    if debit_head.ledger != credit_head.ledger {
        return Err(S::AccountsMustHaveTheSameLedger.into());
    }
    if t.ledger != debit_head.ledger {
        return Err(S::TransferMustHaveTheSameLedgerAsAccounts.into());
    }
    if imported {
        check_import(view, timestamp, debit, credit)?;
        if t.timeout != 0 {
            return Err(S::ImportedEventTimeoutMustBeZero.into());
        }
    }
    if debit_head.flags.has(AccountFlags::CLOSED) {
        return Err(S::DebitAccountAlreadyClosed.into());
    }
    if credit_head.flags.has(AccountFlags::CLOSED) {
        return Err(S::CreditAccountAlreadyClosed.into());
    }
    let (from, to) = (view.balances(debit), view.balances(credit));
    let mut amount = t.amount;
    if t.flags.has(TransferFlags::BALANCING_DEBIT) {
        amount = amount.min(from.debits_left());
    }
    if t.flags.has(TransferFlags::BALANCING_CREDIT) {
        amount = amount.min(to.credits_left());
    }
    if pending && amount.checked_add(from.debits_pending).is_none() {
        return Err(S::OverflowsDebitsPending.into());
    }
    if pending && amount.checked_add(to.credits_pending).is_none() {
        return Err(S::OverflowsCreditsPending.into());
    }
    let Some(debits) = amount.checked_add(from.debits_posted) else {
        return Err(S::OverflowsDebitsPosted.into());
    };
    let Some(credits) = amount.checked_add(to.credits_posted) else {
        return Err(S::OverflowsCreditsPosted.into());
    };
    if debits.checked_add(from.debits_pending).is_none() {
        return Err(S::OverflowsDebits.into());
    }
    if credits.checked_add(to.credits_pending).is_none() {
        return Err(S::OverflowsCredits.into());
    }
    if expires_at(timestamp, t.timeout).is_none() {
        return Err(S::OverflowsTimeout.into());
    }
    if from.debits_exceed_credits(debit_head.flags, amount) {
        return Err(S::ExceedsCredits.into());
    }
    if to.credits_exceed_debits(credit_head.flags, amount) {
        return Err(S::ExceedsDebits.into());
    }
    // After this point it must succeed.
    let as_asked = amount == t.amount
        && debit_head.id == t.debit_account_id
        && credit_head.id == t.credit_account_id;
    let transfer = if as_asked {
        Recorded::AsAsked(t)
    } else {
        let (debit_account_id, credit_account_id) = (debit_head.id, credit_head.id);
        let transfer = Transfer { debit_account_id, credit_account_id, amount, ..t.clone() };
        Recorded::changed(transfer, None)
    };
    let movement = if pending { Movement::Hold { amount } } else { Movement::Post { amount } };
    let closing = Closing::of(movement, t.flags, TransferFlags::default());
    let moved = Moved { debit, credit, movement, closing };
    Ok(TransferPlan { transfer, timestamp, group, moved })
}

/// When a hold that is booked at `timestamp` runs out; `None` past the last instant.
pub(super) fn expires_at(timestamp: i64, timeout: u32) -> Option<i64> {
    timestamp.checked_add(i64::from(timeout).checked_mul(SECOND)?)
}

pub(super) fn check_import(
    view: &(impl View + ?Sized),
    timestamp: i64,
    debit: u32,
    credit: u32,
) -> Result<(), TransferStatus> {
    use TransferStatus as S;
    if timestamp <= view.newest().transfer || view.is_account_timestamp(timestamp) {
        return Err(S::ImportedEventTimestampMustNotRegress);
    }
    if timestamp <= view.account_timestamp(debit) {
        return Err(S::ImportedEventTimestampMustPostdateDebitAccount);
    }
    if timestamp <= view.account_timestamp(credit) {
        return Err(S::ImportedEventTimestampMustPostdateCreditAccount);
    }
    Ok(())
}

/// Plans the transfers of a transaction, each over what the ones before it would leave.
///
/// The first refusal refuses all; a retry is recognised by the transaction's id, which is its first transfer's.
pub(crate) fn validate_transaction(
    overlay: &mut super::Overlay<'_>,
    new: &Transaction,
    slot: Slot,
) -> Result<Vec<TransferPlan<'static>>, Refused<TransferStatus>> {
    use TransferStatus as S;
    if slot.imported {
        // A transaction is never imported.
        return Err(S::ImportedEventExpected.into());
    }
    if new.id == Id::ZERO {
        return Err(S::IdMustNotBeZero.into());
    }
    if new.id == Id::MAX {
        return Err(S::IdMustNotBeIntMax.into());
    }
    let transfers = match transaction::transfers(new) {
        Ok(transfers) => transfers,
        // What cannot be booked may still be a retry of something else under this id.
        Err(status) => {
            return Err(match overlay.spent(new.id) {
                Some(Spent::Failed) => S::IdAlreadyFailed.into(),
                Some(Spent::Booked(existing)) => {
                    Refused { status: S::ExistsWithDifferentLegs, existing: Some(existing) }
                }
                None if new.code == 0 => S::CodeMustNotBeZero.into(),
                None => status.into(),
            });
        }
    };
    if let Some(spent) = overlay.spent(new.id) {
        return Err(transaction_exists(overlay, &transfers, spent));
    }
    let mut plans = Vec::with_capacity(transfers.len());
    for (index, transfer) in (0_i64..).zip(&transfers) {
        let slot = Slot { timestamp: slot.timestamp + index, ..slot };
        let plan = validate_transfer(overlay, transfer, slot, transfer.group)?.into_owned();
        overlay.absorb(&Plan::Transfer(plan.clone()), 0);
        plans.push(plan);
    }
    Ok(plans)
}
