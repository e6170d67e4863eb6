//! Plans: decisions that have passed every check.
//!
//! Only validation makes one, and only a plan can be applied, so applying cannot fail.

use std::ops::Deref;

use super::account::NewAccount;
use super::detail::{Detail, Sealed};
use super::movement::Moved;
use super::transfer::{Group, Transfer};
use crate::Id;
use crate::event::{AssetRegistered, TransferFailed};

/// A decision that has passed every check and waits to be applied.
#[derive(Clone, Debug)]
pub(crate) enum Plan<'t> {
    Asset(AssetRegistered, i64),
    Account(Box<AccountPlan>),
    Transfer(TransferPlan<'t>),
    Failed(TransferFailed, i64),
}

#[derive(Clone, Debug)]
pub(crate) struct AccountPlan {
    pub(super) account: NewAccount,
}

#[derive(Clone, Debug)]
pub(crate) struct TransferPlan<'t> {
    /// What will be recorded, but for its timestamp and its group.
    pub(super) transfer: Recorded<'t>,
    pub(super) timestamp: i64,
    pub(super) group: Group,
    pub(super) moved: Moved,
}

/// The transfer of a plan: nearly always what was asked for, to the letter, so a plan stays small.
#[derive(Clone, Debug)]
pub(super) enum Recorded<'t> {
    AsAsked(&'t Transfer),
    Changed(Box<Changed>),
}

#[derive(Clone, Debug)]
pub(super) struct Changed {
    transfer: Transfer,
    /// The pending transfer that this one resolves: its id, and its sequence unless it is planned in the same chain.
    resolves: Option<(Id, Option<u64>)>,
}

impl Recorded<'_> {
    /// A transfer that differs from what was asked for; `resolves` is the pending transfer that it ends.
    pub(super) fn changed(transfer: Transfer, resolves: Option<(Id, Option<u64>)>) -> Self {
        Self::Changed(Box::new(Changed { transfer, resolves }))
    }

    pub(super) fn resolves(&self) -> Option<(Id, Option<u64>)> {
        match self {
            Self::AsAsked(_) => None,
            Self::Changed(changed) => changed.resolves,
        }
    }
}

impl Deref for Recorded<'_> {
    type Target = Transfer;

    #[inline]
    fn deref(&self) -> &Transfer {
        match self {
            Self::AsAsked(transfer) => transfer,
            Self::Changed(changed) => &changed.transfer,
        }
    }
}

impl Plan<'_> {
    /// When it will have been booked, and the amount that will be moved.
    pub(crate) fn when_and_amount(&self) -> (i64, u128) {
        match self {
            Self::Asset(_, timestamp) | Self::Failed(_, timestamp) => (*timestamp, 0),
            Self::Account(plan) => (plan.account.timestamp, 0),
            Self::Transfer(plan) => (plan.timestamp, plan.amount()),
        }
    }

    /// What is sealed to a party along with what will be recorded.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        let detail = match self {
            Self::Account(plan) => plan.account.detail.as_deref(),
            Self::Transfer(plan) => plan.transfer.detail.as_deref(),
            Self::Asset(..) | Self::Failed(..) => None,
        };
        Detail::sealed_in(detail)
    }
}

impl TransferPlan<'_> {
    /// The amount that will be moved.
    pub(crate) fn amount(&self) -> u128 {
        self.transfer.amount
    }

    /// When it will have been booked.
    pub(crate) fn timestamp(&self) -> i64 {
        self.timestamp
    }

    /// The transfer as it will be recorded.
    pub(super) fn record(&self) -> Transfer {
        Transfer { timestamp: self.timestamp, group: self.group, ..Transfer::clone(&self.transfer) }
    }

    /// The plan without a tie to the request that asked for it.
    pub(crate) fn into_owned(self) -> TransferPlan<'static> {
        let Self { transfer, timestamp, group, moved } = self;
        let transfer = match transfer {
            Recorded::Changed(changed) => Recorded::Changed(changed),
            Recorded::AsAsked(transfer) => Recorded::changed(transfer.clone(), None),
        };
        TransferPlan { transfer, timestamp, group, moved }
    }
}
