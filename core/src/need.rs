//! Which records a request touches: what a host loads before the engine can decide.
//!
//! A resident store has them all. A store that is visited names them, loads them, asks again (a pending transfer
//! brings its accounts) and executes over what it loaded.

use std::collections::BTreeSet;

use crate::Engine;
use crate::Id;
use crate::command::{Command, Request};
use crate::ledger::detail::Detail;
use crate::ledger::transaction;
use crate::party::Change;

/// Records that are not loaded yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Accounts, by id or by the id of a key.
    pub accounts: BTreeSet<Id>,
    /// Transfers, by id or by the id of a key, whether or not they exist.
    pub transfers: BTreeSet<Id>,
    /// Parties, by id or by the id of a key: each with those that were merged into it.
    pub parties: BTreeSet<Id>,
}

impl Needs {
    /// Whether everything is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.transfers.is_empty() && self.parties.is_empty()
    }
}

/// The records that `request` touches and that neither `loaded` holds nor `absent` says do not exist.
#[must_use]
pub fn need(loaded: &Engine, absent: &Needs, request: &Request) -> Needs {
    let (loaded, parties) = (loaded.book(), loaded.parties());
    let mut needs = Needs::default();
    for command in &request.commands {
        match command {
            Command::Asset(_) => {}
            Command::Party(change) => needs.change(change),
            Command::Account(account) => {
                needs.account(account.id);
                needs.account(account.parent);
                needs.detail("account", account.detail.as_deref());
            }
            Command::Transfer(transfer) => {
                needs.transfers.insert(transfer.id);
                needs.account(transfer.debit_account_id);
                needs.account(transfer.credit_account_id);
                needs.detail("transfer", transfer.detail.as_deref());
                if transfer.pending_id != Id::ZERO {
                    needs.transfers.insert(transfer.pending_id);
                }
            }
            Command::Transaction(new) => {
                needs.transfers.insert(new.id);
                needs.detail("transfer", new.detail.as_deref());
                for transfer in transaction::transfers(new).unwrap_or_default() {
                    needs.transfers.insert(transfer.id);
                    needs.account(transfer.debit_account_id);
                    needs.account(transfer.credit_account_id);
                }
            }
        }
    }
    for id in needs.transfers.clone() {
        if let Some(record) = loaded.transfer(id) {
            needs.account(record.transfer.debit_account_id);
            needs.account(record.transfer.credit_account_id);
            if record.transfer.pending_id != Id::ZERO {
                needs.transfers.insert(record.transfer.pending_id);
            }
        }
    }
    needs.accounts.retain(|id| loaded.account(*id).is_none() && !absent.accounts.contains(id));
    needs
        .transfers
        .retain(|id| loaded.sequence_of_spent(*id).is_none() && !absent.transfers.contains(id));
    needs.parties.retain(|id| parties.record(*id).is_none() && !absent.parties.contains(id));
    needs
}

impl Needs {
    fn change(&mut self, change: &Change) {
        if let Change::Assign(assignment) = change {
            self.account(assignment.account);
        }
        let key = match change {
            Change::Register(new) => new.key.as_deref().map(|key| Id::from_key("party", key)),
            _ => None,
        };
        let named = [change.party(), change.other(), key].into_iter().flatten();
        self.parties.extend(named.filter(|id| *id != Id::ZERO));
    }

    fn account(&mut self, id: Id) {
        if id != Id::ZERO {
            self.accounts.insert(id);
        }
    }

    /// What a detail names: the record that has its key, the party that it is sealed to.
    fn detail(&mut self, namespace: &str, detail: Option<&Detail>) {
        if let Some(sealed) = Detail::sealed_in(detail) {
            self.parties.insert(sealed.subject);
        }
        if let Some(detail) = detail.filter(|detail| !detail.key.is_empty()) {
            let id = Id::from_key(namespace, &detail.key);
            if namespace == "account" {
                self.accounts.insert(id)
            } else {
                self.transfers.insert(id)
            };
        }
    }
}

#[cfg(test)]
#[path = "need_tests.rs"]
mod tests;
