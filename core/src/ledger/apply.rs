//! Applying: plans and recorded events become the state of the books. Nothing here can fail.
//!
//! The same fold serves a fresh decision and recovery, so replaying a log gives the very state that it was written
//! from. How an event of a version is folded is frozen.

use super::account::NewAccount;
use super::book::{Book, OpenHold, Record, STRIDE};
use super::movement::{Closing, Moved, Movement};
use super::plan::{Plan, TransferPlan};
use super::retry::{keyed, transfer_key};
use super::transfer::{PendingState, Transfer, TransferFlags};
use super::validate::expires_at;
use super::view::View;
use crate::event::{self, AssetRegistered, Body, Header, TransferExpired, TransferFailed};
use crate::log::Links;

/// An event that does not follow from the log before it: it was not written by this engine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {sequence} does not follow from the log before it: {reason}")]
pub struct FoldError {
    /// The event.
    pub sequence: u64,
    /// What does not fit.
    pub reason: &'static str,
}

impl Book {
    /// Applies a plan and writes its event. Returns the event's sequence.
    pub(crate) fn apply(&mut self, plan: &Plan<'_>, request: u64) -> u64 {
        match plan {
            Plan::Transfer(plan) => self.apply_transfer(plan, request),
            Plan::Account(plan) => {
                let header = self.header(plan.account.timestamp, request);
                self.fold_account(header, &plan.account, &event::account(header, &plan.account));
                header.sequence
            }
            Plan::Asset(asset, timestamp) => {
                let header = self.header(*timestamp, request);
                let bytes = event::bytes(header, &Body::AssetRegistered(*asset));
                self.fold_asset(header, *asset, &bytes);
                header.sequence
            }
            Plan::Failed(failed, timestamp) => {
                let header = self.header(*timestamp, request);
                let bytes = event::bytes(header, &Body::TransferFailed(*failed));
                self.fold_failed(header, *failed, &bytes);
                header.sequence
            }
        }
    }

    /// Applies a planned transfer and writes its event. Returns the event's sequence.
    #[inline]
    pub(crate) fn apply_transfer(&mut self, plan: &TransferPlan<'_>, request: u64) -> u64 {
        let header = self.header(plan.timestamp, request);
        // A pending transfer of the same chain is in the log by now: the chain is applied in order.
        let resolves = plan
            .transfer
            .resolves()
            .and_then(|(id, sequence)| sequence.or_else(|| self.sequence_of_spent(id)));
        match event::plain_transfer(header, &plan.transfer, &plan.group) {
            Some(bytes) => {
                self.fold_transfer(header, &plan.transfer, &plan.moved, resolves, &bytes);
            }
            None => {
                let bytes = event::long_transfer(header, &plan.transfer, &plan.group);
                self.fold_transfer(header, &plan.transfer, &plan.moved, resolves, &bytes);
            }
        }
        header.sequence
    }

    /// Releases a hold whose time ran out, and writes that.
    pub(crate) fn expire(&mut self, timestamp: i64, sequence: u64) {
        let Some(pending) = self.record(sequence) else { return };
        let header = self.header(timestamp, 0);
        let expired =
            TransferExpired { pending_id: pending.transfer.id, pending_sequence: pending.sequence };
        let bytes = event::bytes(header, &Body::TransferExpired(expired));
        self.fold_expired(header, &pending, &bytes);
    }

    /// The sequence of the next hold that is due at `now`.
    pub(crate) fn due(&self, now: i64) -> Option<u64> {
        self.timeouts.first().filter(|(due, _)| *due <= now).map(|(_, sequence)| *sequence)
    }

    /// The holds that are due at `now`, in the order in which they run out.
    pub(crate) fn all_due(&self, now: i64) -> impl Iterator<Item = Record> {
        let due = self.timeouts.range(..=(now, u64::MAX));
        due.filter_map(|(_, sequence)| self.record(*sequence))
    }

    /// Writes an event that changes no balance. Returns its sequence.
    pub(crate) fn note(&mut self, timestamp: i64, request: u64, body: &Body) -> u64 {
        let header = self.header(timestamp, request);
        let bytes = event::bytes(header, body);
        self.push(header, Links::default(), &bytes);
        header.sequence
    }

    /// Folds a recorded event.
    ///
    /// # Errors
    /// An event that does not follow from the log before it; nothing is changed then.
    pub(crate) fn fold(
        &mut self,
        header: Header,
        body: &Body,
        bytes: &[u8],
    ) -> Result<(), FoldError> {
        let refused = |reason| FoldError { sequence: header.sequence, reason };
        if header.sequence != self.log.count() {
            return Err(refused("its sequence is not the next one"));
        }
        match body {
            Body::Genesis(_) if header.sequence > 0 => {
                return Err(refused("a log begins once"));
            }
            // What is no event of the books has its place in the log all the same.
            Body::Genesis(_) | Body::Request(_) | Body::Party(_) => {
                self.push(header, Links::default(), bytes);
            }
            Body::AssetRegistered(asset) => self.fold_asset(header, *asset, bytes),
            Body::AccountCreated(account) => {
                if View::account(self, account.id).is_some() {
                    return Err(refused("the account exists"));
                }
                self.fold_account(header, account, bytes);
            }
            Body::TransferFailed(failed) => self.fold_failed(header, *failed, bytes),
            Body::TransferExpired(expired) => {
                let pending =
                    self.transfer(expired.pending_id).ok_or(refused("no such pending transfer"))?;
                if pending.state != PendingState::Pending {
                    return Err(refused("the transfer is not pending"));
                }
                if pending.sequence != expired.pending_sequence {
                    return Err(refused("the pending transfer stands elsewhere in the log"));
                }
                self.fold_expired(header, &pending, bytes);
            }
            Body::TransferCreated(transfer) => {
                let (moved, resolves) = self.recorded(transfer).map_err(refused)?;
                self.fold_transfer(header, transfer, &moved, resolves, bytes);
            }
        }
        Ok(())
    }

    /// What a recorded transfer moves, if it can follow from the books as they are.
    fn recorded(&self, transfer: &Transfer) -> Result<(Moved, Option<u64>), &'static str> {
        let debit =
            View::account(self, transfer.debit_account_id).ok_or("no such debit account")?;
        let credit =
            View::account(self, transfer.credit_account_id).ok_or("no such credit account")?;
        if debit == credit {
            return Err("it debits and credits one account");
        }
        if [debit, credit].map(|index| self.head(index).id)
            != [transfer.debit_account_id, transfer.credit_account_id]
        {
            return Err("it names an account by the id of its key");
        }
        if [debit, credit].iter().any(|index| self.head(*index).ledger != transfer.ledger) {
            return Err("its accounts are of another asset");
        }
        let mut pending = Transfer::default();
        let mut resolves = None;
        if transfer.flags.resolves() {
            let record = self.transfer(transfer.pending_id).ok_or("no such pending transfer")?;
            if record.state != PendingState::Pending {
                return Err("the transfer that it resolves is not pending");
            }
            (pending, resolves) = (record.transfer, Some(record.sequence));
            let accounts = |of: &Transfer| (of.debit_account_id, of.credit_account_id);
            if accounts(&pending) != accounts(transfer) {
                return Err("the transfer that it resolves is between other accounts");
            }
        }
        let movement = Movement::of(transfer, pending.amount);
        if !movement.fits(&View::balances(self, debit), &View::balances(self, credit)) {
            return Err("its amount does not fit the balances");
        }
        let closing = Closing::of(movement, transfer.flags, pending.flags);
        Ok((Moved { debit, credit, movement, closing }, resolves))
    }

    fn header(&self, timestamp: i64, request: u64) -> Header {
        Header { sequence: self.log.count(), timestamp, request }
    }

    #[inline(always)]
    fn push(&mut self, header: Header, links: Links, bytes: &[u8]) -> u64 {
        self.clock = self.clock.max(header.timestamp);
        self.log.push(links, bytes)
    }

    /// Spends an id with the event of a header. What stands in a part is found by the part's own index.
    #[inline(always)]
    fn spend(&mut self, id: crate::Id, header: Header) {
        if header.sequence >= self.log.sealed.end() {
            self.spent.insert(id, header.sequence, header.timestamp);
        }
    }

    fn fold_asset(&mut self, header: Header, registered: AssetRegistered, bytes: &[u8]) {
        self.assets.insert(registered.ledger, registered.asset);
        self.asset_codes.insert(registered.asset.code(), registered.ledger);
        self.push(header, Links::default(), bytes);
    }

    fn fold_account(&mut self, header: Header, account: &NewAccount, bytes: &[u8]) {
        let index = self.accounts.count();
        self.push(header, Links::default(), bytes);
        self.accounts.push(account, header.sequence);
        if let Some(id) = keyed("account", account.detail.as_deref())
            && id != account.id
        {
            self.accounts.alias(id, index);
        }
        self.newest.account = self.newest.account.max(account.timestamp);
    }

    fn fold_failed(&mut self, header: Header, failed: TransferFailed, bytes: &[u8]) {
        self.push(header, Links::default(), bytes);
        self.spend(failed.id, header);
    }

    #[inline(always)]
    fn fold_transfer(
        &mut self,
        header: Header,
        transfer: &Transfer,
        moved: &Moved,
        resolves: Option<u64>,
        bytes: &[u8],
    ) {
        let pending = transfer.flags.has(TransferFlags::PENDING);
        if let Some(date) = transfer.effective_date.elsewhere(header.timestamp) {
            self.log.note_date(date);
        }
        let sequence = self.push(header, self.links(moved), bytes);
        self.relink(moved, sequence);
        self.spend(transfer.id, header);
        if transfer.detail.is_some()
            && let Some(id) = transfer_key(transfer)
            && id != transfer.id
        {
            self.spend(id, header);
        }
        if pending {
            self.open_hold(header, transfer);
        }
        if let Some(resolved) = resolves {
            let posted = transfer.flags.has(TransferFlags::POST_PENDING);
            self.resolve(
                resolved,
                if posted { PendingState::Posted } else { PendingState::Voided },
            );
        }
        if self.transfer_count.is_multiple_of(STRIDE) {
            self.times.push((header.timestamp, header.sequence));
        }
        self.transfer_count += 1;
        self.newest.transfer = self.newest.transfer.max(header.timestamp);
    }

    fn fold_expired(&mut self, header: Header, pending: &Record, bytes: &[u8]) {
        let Transfer { debit_account_id, credit_account_id, .. } = pending.transfer;
        let (Some(debit), Some(credit)) =
            (View::account(self, debit_account_id), View::account(self, credit_account_id))
        else {
            return;
        };
        let moved = Moved::expiry(&pending.transfer, debit, credit);
        self.log.note_expiry(debit_account_id, credit_account_id);
        let at = self.push(header, self.links(&moved), bytes);
        self.relink(&moved, at);
        self.resolve(pending.sequence, PendingState::Expired);
    }

    fn open_hold(&mut self, header: Header, transfer: &Transfer) {
        let due = match transfer.timeout {
            0 => None,
            timeout => expires_at(header.timestamp, timeout),
        };
        self.holds.insert(header.sequence, OpenHold { id: transfer.id, due });
        self.timeouts.extend(due.map(|due| (due, header.sequence)));
    }

    fn resolve(&mut self, sequence: u64, state: PendingState) {
        if let Some(due) = self.holds.remove(&sequence).and_then(|hold| hold.due) {
            self.timeouts.remove(&(due, sequence));
        }
        self.log.states.set(sequence, state);
    }

    #[inline(always)]
    fn links(&self, moved: &Moved) -> Links {
        Links { debit: self.head(moved.debit).last, credit: self.head(moved.credit).last }
    }

    /// Moves the balances and hangs an event into the history of both accounts.
    #[inline(always)]
    fn relink(&mut self, moved: &Moved, sequence: u64) {
        let Moved { debit, credit, movement, closing, .. } = moved;
        self.accounts.update(*debit, sequence, closing.debit, |from| movement.apply_debit(from));
        self.accounts.update(*credit, sequence, closing.credit, |to| movement.apply_credit(to));
    }
}

impl Book {
    /// Sets an account's balances, for tables that start from given ones. Never compiled into a release.
    #[cfg(any(test, feature = "test-hooks"))]
    pub fn set_balances(&mut self, id: crate::Id, balances: super::account::Balances) {
        if let Some(index) = View::account(self, id) {
            self.accounts.set_balances(index, balances);
        }
    }
}
