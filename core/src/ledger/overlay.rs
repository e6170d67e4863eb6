//! The overlay: what the books would be if the plans of an open chain were applied.
//!
//! Chains, transactions and previews validate against it, each step over the ones before. Dropping it undoes all.

use std::collections::BTreeMap;

use super::account::{AccountFlags, Balances, NewAccount};
use super::movement::{Moved, close};
use super::plan::{Plan, TransferPlan};
use super::retry::{keyed, transfer_key};
use super::transfer::{PendingState, Transfer, TransferFlags};
use super::view::{Booked, Head, Newest, Spent, View};
use crate::Id;
use crate::event::AssetRegistered;
use crate::money::AssetCode;

pub(crate) struct Overlay<'a> {
    base: &'a dyn View,
    touched: BTreeMap<u32, (Balances, AccountFlags)>,
    accounts: Vec<(NewAccount, u64)>,
    account_ids: BTreeMap<Id, u32>,
    transfers: Vec<(TransferPlan<'static>, u64)>,
    transfer_ids: BTreeMap<Id, usize>,
    failed: BTreeMap<Id, ()>,
    resolved: BTreeMap<Id, PendingState>,
    assets: Vec<AssetRegistered>,
    newest: Newest,
}

impl<'a> Overlay<'a> {
    pub(crate) fn new(base: &'a dyn View) -> Self {
        Self {
            newest: base.newest(),
            base,
            touched: BTreeMap::new(),
            accounts: Vec::new(),
            account_ids: BTreeMap::new(),
            transfers: Vec::new(),
            transfer_ids: BTreeMap::new(),
            failed: BTreeMap::new(),
            resolved: BTreeMap::new(),
            assets: Vec::new(),
        }
    }

    /// Takes in a plan that was validated against this overlay; `sequence` is the place that its event would get, zero
    /// where that is not known.
    pub(crate) fn absorb(&mut self, plan: &Plan<'static>, sequence: u64) {
        match plan {
            Plan::Asset(asset, _) => self.assets.push(*asset),
            Plan::Failed(failed, _) => {
                self.failed.insert(failed.id, ());
            }
            Plan::Account(plan) => {
                let index = self.account_count();
                self.account_ids.insert(plan.account.id, index);
                if let Some(id) = keyed("account", plan.account.detail.as_deref()) {
                    self.account_ids.insert(id, index);
                }
                self.newest.account = self.newest.account.max(plan.account.timestamp);
                self.touched.insert(index, (Balances::default(), plan.account.flags));
                self.accounts.push((plan.account.clone(), sequence));
            }
            Plan::Transfer(plan) => {
                self.move_balances(&plan.moved);
                if let Some((id, _)) = plan.transfer.resolves() {
                    let posted = plan.transfer.flags.has(TransferFlags::POST_PENDING);
                    let state = if posted { PendingState::Posted } else { PendingState::Voided };
                    self.resolved.insert(id, state);
                }
                self.newest.transfer = self.newest.transfer.max(plan.timestamp);
                self.transfer_ids.insert(plan.transfer.id, self.transfers.len());
                if let Some(id) = transfer_key(&plan.transfer) {
                    self.transfer_ids.insert(id, self.transfers.len());
                }
                self.transfers.push((plan.clone(), sequence));
            }
        }
    }

    /// Releases a hold of the books whose time has run out.
    pub(crate) fn expire(&mut self, pending: &Transfer) {
        if let (Some(debit), Some(credit)) =
            (self.account(pending.debit_account_id), self.account(pending.credit_account_id))
        {
            self.move_balances(&Moved::expiry(pending, debit, credit));
            self.resolved.insert(pending.id, PendingState::Expired);
        }
    }

    fn move_balances(&mut self, moved: &Moved) {
        let Moved { debit, credit, movement, closing } = moved;
        let (mut from, mut to) = (self.balances(*debit), self.balances(*credit));
        let from_flags = close(self.head(*debit).flags, closing.debit);
        let to_flags = close(self.head(*credit).flags, closing.credit);
        movement.apply_debit(&mut from);
        movement.apply_credit(&mut to);
        self.touched.insert(*debit, (from, from_flags));
        self.touched.insert(*credit, (to, to_flags));
    }

    fn planned(&self, id: Id) -> Option<&(TransferPlan<'static>, u64)> {
        self.transfers.get(*self.transfer_ids.get(&id)?)
    }

    fn new_account(&self, index: u32) -> Option<&NewAccount> {
        self.opened(index).map(|(account, _)| account)
    }

    fn opened(&self, index: u32) -> Option<&(NewAccount, u64)> {
        self.accounts.get(usize::try_from(index.checked_sub(self.base.account_count())?).ok()?)
    }
}

impl View for Overlay<'_> {
    fn asset(&self, ledger: u32) -> Option<AssetRegistered> {
        self.assets
            .iter()
            .find(|asset| asset.ledger == ledger)
            .copied()
            .or_else(|| self.base.asset(ledger))
    }

    fn asset_by_code(&self, code: AssetCode) -> Option<AssetRegistered> {
        let new = self.assets.iter().find(|new| new.asset.code() == code);
        new.copied().or_else(|| self.base.asset_by_code(code))
    }

    fn account(&self, id: Id) -> Option<u32> {
        self.account_ids.get(&id).copied().or_else(|| self.base.account(id))
    }

    fn account_count(&self) -> u32 {
        self.base.account_count() + u32::try_from(self.accounts.len()).unwrap_or(u32::MAX)
    }

    fn head(&self, index: u32) -> Head {
        let head = match self.new_account(index) {
            Some(new) => Head { id: new.id, ledger: new.ledger, flags: new.flags, last: 0 },
            None => self.base.head(index),
        };
        let flags = self.touched.get(&index).map_or(head.flags, |(_, flags)| *flags);
        Head { flags, ..head }
    }

    fn balances(&self, index: u32) -> Balances {
        self.touched
            .get(&index)
            .map_or_else(|| self.base.balances(index), |(balances, _)| *balances)
    }

    fn account_timestamp(&self, index: u32) -> i64 {
        self.new_account(index)
            .map_or_else(|| self.base.account_timestamp(index), |new| new.timestamp)
    }

    fn opening(&self, index: u32) -> (i64, u64) {
        self.opened(index).map_or_else(
            || self.base.opening(index),
            |(account, sequence)| (account.timestamp, *sequence),
        )
    }

    fn account_record(&self, index: u32) -> Option<NewAccount> {
        self.new_account(index).cloned().or_else(|| self.base.account_record(index))
    }

    fn spent(&self, id: Id) -> Option<Spent> {
        if self.failed.contains_key(&id) {
            return Some(Spent::Failed);
        }
        if let Some((plan, sequence)) = self.planned(id) {
            let pending = plan.transfer.flags.has(TransferFlags::PENDING);
            let fresh = if pending { PendingState::Pending } else { PendingState::None };
            let state = self.resolved.get(&plan.transfer.id).copied().unwrap_or(fresh);
            return Some(Spent::Booked(Box::new(Booked {
                transfer: plan.record(),
                state,
                is_planned: true,
                sequence: *sequence,
            })));
        }
        let mut spent = self.base.spent(id)?;
        if let Spent::Booked(booked) = &mut spent
            && let Some(state) = self.resolved.get(&booked.transfer.id)
        {
            booked.state = *state;
        }
        Some(spent)
    }

    fn newest(&self) -> Newest {
        self.newest
    }

    fn is_account_timestamp(&self, timestamp: i64) -> bool {
        self.accounts.iter().any(|(new, _)| new.timestamp == timestamp)
            || self.base.is_account_timestamp(timestamp)
    }

    fn is_transfer_timestamp(&self, timestamp: i64) -> bool {
        self.transfers.iter().any(|(plan, _)| plan.timestamp == timestamp)
            || self.base.is_transfer_timestamp(timestamp)
    }
}
