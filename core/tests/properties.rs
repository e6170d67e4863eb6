//! The books against a second, slow and obvious set of books, over random requests with imports, keys and timeouts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use support::{SECOND, cases, requests};
use thalium::ledger::query::{AccountFilter, ChangeFilter, ChangeKind};
use thalium::ledger::transaction::Side;
use thalium::ledger::transfer::PendingState;
use thalium::{
    AccountFlags, Balances, Command, Engine, Genesis, Id, Outcome, Request, Transfer,
    TransferFlags, invariants,
};

/// A second set of books: it believes the outcomes and adds them up.
#[derive(Default)]
struct Model {
    accounts: BTreeMap<Id, Kept>,
    holds: BTreeMap<Id, Hold>,
    /// Ids that stand for a record by its key.
    account_keys: BTreeMap<Id, Id>,
    hold_keys: BTreeMap<Id, Id>,
}

#[derive(Clone, Copy, Default)]
struct Kept {
    balances: Balances,
    closed: bool,
}

#[derive(Clone, Copy)]
struct Hold {
    debit: Id,
    credit: Id,
    amount: u128,
    flags: TransferFlags,
    due: Option<i64>,
    open: bool,
}

impl Model {
    fn account(&mut self, id: Id) -> &mut Kept {
        let id = self.account_keys.get(&id).copied().unwrap_or(id);
        self.accounts.get_mut(&id).unwrap()
    }

    fn post(&mut self, debit: Id, credit: Id, amount: u128) {
        self.account(debit).balances.debits_posted += amount;
        self.account(credit).balances.credits_posted += amount;
    }

    fn release(&mut self, id: Id, reopen: bool) -> Hold {
        let id = self.hold_keys.get(&id).copied().unwrap_or(id);
        let hold = self.holds.get_mut(&id).unwrap();
        assert!(hold.open, "hold {id} is resolved twice");
        hold.open = false;
        let hold = *hold;
        self.account(hold.debit).balances.debits_pending -= hold.amount;
        self.account(hold.credit).balances.credits_pending -= hold.amount;
        if reopen && hold.flags.has(TransferFlags::CLOSING_DEBIT) {
            self.account(hold.debit).closed = false;
        }
        if reopen && hold.flags.has(TransferFlags::CLOSING_CREDIT) {
            self.account(hold.credit).closed = false;
        }
        hold
    }

    fn expire(&mut self, now: i64) {
        let due = self
            .holds
            .iter()
            .filter(|(_, hold)| hold.open && hold.due.is_some_and(|due| due <= now));
        let due: Vec<Id> = due.map(|(id, _)| *id).collect();
        for id in due {
            self.release(id, true);
        }
    }

    fn fold(&mut self, command: &Command, outcome: &Outcome) {
        if !outcome.status.is_created() {
            return;
        }
        match command {
            Command::Asset(_) | Command::Party(_) => {}
            Command::Account(account) => {
                let closed = account.flags.has(AccountFlags::CLOSED);
                self.accounts.insert(account.id, Kept { closed, ..Kept::default() });
                if let Some(detail) = &account.detail {
                    self.account_keys.insert(Id::from_key("account", &detail.key), account.id);
                }
            }
            Command::Transfer(transfer) => self.transfer(transfer, outcome),
            Command::Transaction(transaction) => {
                for leg in &transaction.legs {
                    let balances = &mut self.account(leg.account_id).balances;
                    match leg.side {
                        Side::Debit => balances.debits_posted += leg.amount,
                        Side::Credit => balances.credits_posted += leg.amount,
                    }
                }
            }
        }
    }

    fn transfer(&mut self, transfer: &Transfer, outcome: &Outcome) {
        let (debit, credit, amount) =
            (transfer.debit_account_id, transfer.credit_account_id, outcome.amount);
        if transfer.flags.has(TransferFlags::POST_PENDING) {
            let hold = self.release(transfer.pending_id, false);
            self.post(hold.debit, hold.credit, amount);
        } else if transfer.flags.has(TransferFlags::VOID_PENDING) {
            self.release(transfer.pending_id, true);
        } else if transfer.flags.has(TransferFlags::PENDING) {
            self.account(debit).balances.debits_pending += amount;
            self.account(credit).balances.credits_pending += amount;
            let flags = transfer.flags;
            self.account(debit).closed |= flags.has(TransferFlags::CLOSING_DEBIT);
            self.account(credit).closed |= flags.has(TransferFlags::CLOSING_CREDIT);
            let timeout = i64::from(transfer.timeout) * SECOND;
            let due = (timeout > 0).then(|| outcome.timestamp + timeout);
            self.holds.insert(transfer.id, Hold { debit, credit, amount, flags, due, open: true });
            if let Some(detail) = &transfer.detail {
                self.hold_keys.insert(Id::from_key("transfer", &detail.key), transfer.id);
            }
        } else {
            self.post(debit, credit, amount);
        }
    }

    fn check(&self, engine: &Engine) -> Result<(), TestCaseError> {
        let book = engine.book();
        prop_assert_eq!(book.account_count(), self.accounts.len());
        let mut sums: BTreeMap<u32, [u128; 2]> = BTreeMap::new();
        for (id, kept) in &self.accounts {
            let account = book.account(*id).unwrap();
            prop_assert_eq!(account.balances, kept.balances, "account {}", id);
            prop_assert_eq!(account.flags.has(AccountFlags::CLOSED), kept.closed, "account {}", id);
            let sums = sums.entry(account.opened.ledger).or_default();
            // Modulo 2¹²⁸: the sums of a ledger may pass it, and are equal all the same.
            let Balances { debits_pending, debits_posted, credits_pending, credits_posted } =
                kept.balances;
            sums[0] = sums[0].wrapping_add(debits_posted).wrapping_add(debits_pending);
            sums[1] = sums[1].wrapping_add(credits_posted).wrapping_add(credits_pending);
        }
        for (ledger, [debits, credits]) in sums {
            prop_assert_eq!(debits, credits, "ledger {}", ledger);
        }
        let open = book.transfers().filter(|record| record.state == PendingState::Pending);
        let open: BTreeSet<Id> = open.map(|record| record.transfer.id).collect();
        let kept: BTreeSet<Id> =
            self.holds.iter().filter(|(_, hold)| hold.open).map(|(id, _)| *id).collect();
        prop_assert_eq!(open, kept);
        Ok(())
    }
}

/// Executes a request and folds it into the model.
fn step(engine: &mut Engine, model: &mut Model, request: &Request) -> Vec<Outcome> {
    let base = request.now.max(engine.book().clock() + 1);
    let outcomes = engine.execute(request).unwrap().outcomes;
    model.expire(base);
    for (command, outcome) in request.commands.iter().zip(&outcomes) {
        model.fold(command, outcome);
    }
    outcomes
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_books_agree_with_a_second_set_of_books(requests in requests()) {
        let (mut engine, mut model) = (Engine::new(Genesis::default()), Model::default());
        for request in &requests {
            step(&mut engine, &mut model, request);
            model.check(&engine)?;
            prop_assert_eq!(invariants::check(engine.book()), Ok(()));
            prop_assert_eq!(invariants::check_log(engine.book()), Ok(()));
        }
    }

    #[test]
    fn a_retry_of_anything_gets_the_original_outcome(requests in requests()) {
        let mut engine = Engine::new(Genesis::default());
        let mut done: Vec<(Command, Outcome)> = Vec::new();
        for request in &requests {
            let outcomes = engine.execute(request).unwrap().outcomes;
            done.extend(request.commands.iter().cloned().zip(outcomes));
        }
        let now = requests.last().unwrap().now + SECOND;
        engine.execute(&Request { now, ..Request::default() }).unwrap();
        let before = engine.state_hash();
        for (command, first) in done.iter().filter(|(_, outcome)| outcome.status.is_created()) {
            // A change of the registry says how something is to be, and may have been followed by another.
            let is_state = matches!(command, Command::Party(_));
            if command.is_linked() || is_state {
                continue;
            }
            if let Command::Account(account) = command
                && engine.book().account(account.id).unwrap().flags != account.flags
            {
                continue;
            }
            let retry = Request { now, commands: vec![command.clone()], ..Request::default() };
            let again = engine.execute(&retry).unwrap();
            prop_assert!(again.outcomes[0].status.is_replay(), "{:?}: {:?}", command, again.outcomes[0]);
            prop_assert_eq!(again.outcomes[0], Outcome { status: again.outcomes[0].status, ..*first }, "{:?}", command);
            prop_assert_eq!(again.event_count, 0);
        }
        prop_assert_eq!(engine.state_hash(), before);
    }

    #[test]
    fn every_record_can_be_read_again(requests in requests()) {
        let (mut engine, mut model) = (Engine::new(Genesis::default()), Model::default());
        for request in &requests {
            step(&mut engine, &mut model, request);
        }
        let mut again = Engine::empty();
        for bytes in engine.book().events_from(0) {
            again.replay(&bytes).unwrap();
        }
        model.check(&again)?;
        prop_assert_eq!(again.state_hash(), engine.state_hash());
        prop_assert_eq!(again.root(), engine.root());
        for id in model.accounts.keys() {
            prop_assert_eq!(again.book().account(*id), engine.book().account(*id));
            prop_assert!(again.book().account_history(*id).eq(engine.book().account_history(*id)));
        }
        for transfer in engine.book().transfers() {
            prop_assert_eq!(again.book().transfer(transfer.transfer.id), Some(transfer));
        }
    }

    #[test]
    fn questions_agree_with_the_balances(requests in requests()) {
        let (mut engine, mut model) = (Engine::new(Genesis::default()), Model::default());
        for request in &requests {
            step(&mut engine, &mut model, request);
        }
        let book = engine.book();
        let changes = book.changes(&ChangeFilter { limit: u32::MAX, ..ChangeFilter::default() });
        let expired = changes.iter().filter(|change| change.kind == ChangeKind::Expired).count();
        prop_assert_eq!(changes.len(), book.transfers().count() + expired);
        for (id, kept) in &model.accounts {
            let newest = book.account_entries(&AccountFilter { reversed: true, limit: 1, ..AccountFilter::of(*id) });
            let history: Vec<_> = book.account_history(*id).collect();
            if let Some(entry) = newest.first()
                && !history[0].expired
            {
                prop_assert_eq!(entry.balances, kept.balances);
            }
            prop_assert_eq!(book.balances_at(*id, book.clock()), Some(kept.balances));
            // The holds of an account are those of the book that touch it and hold something.
            let open: Vec<_> = book.open_holds().filter_map(|hold| book.transfer(hold)).collect();
            let touches = |hold: &thalium::ledger::book::Record| {
                let transfer = &hold.transfer;
                transfer.amount > 0 && [transfer.debit_account_id, transfer.credit_account_id].contains(id)
            };
            let of_account: Vec<_> = open.into_iter().filter(touches).collect();
            prop_assert_eq!(book.account_holds(*id), of_account);
            let moves = book.account_moves(&AccountFilter { limit: u32::MAX, ..AccountFilter::of(*id) });
            prop_assert_eq!(moves.iter().rev().collect::<Vec<_>>(), history.iter().collect::<Vec<_>>());
            let of_account = changes.iter().filter(|change| change.debit.id == *id || change.credit.id == *id);
            prop_assert_eq!(of_account.count(), history.len());
            // Nothing is before the beginning, and an entry is the account's own.
            let mut balances = Balances::default();
            for entry in history.iter().rev() {
                let moved = match entry.side {
                    Side::Debit => entry.balances.credits_posted == balances.credits_posted,
                    Side::Credit => entry.balances.debits_posted == balances.debits_posted,
                };
                prop_assert!(moved, "{:?}", entry);
                balances = entry.balances;
            }
            prop_assert_eq!(balances, kept.balances);
        }
        for trial in book.trial_balance(None) {
            prop_assert_eq!(trial.debit, trial.credit);
            prop_assert!(book.position(trial.ledger).difference.is_zero());
        }
    }

    #[test]
    fn the_tree_of_accounts_holds_every_account_once(requests in requests()) {
        let mut engine = Engine::new(Genesis::default());
        for request in &requests {
            engine.execute(request).unwrap();
        }
        let roots = engine.book().accounts().filter(|account| account.opened.parent == Id::ZERO);
        let mut found: Vec<Id> = roots
            .flat_map(|root| engine.book().subtree(root.opened.id))
            .map(|(account, _)| account.opened.id)
            .collect();
        found.sort_unstable();
        let mut all: Vec<Id> = engine.book().accounts().map(|account| account.opened.id).collect();
        all.sort_unstable();
        prop_assert_eq!(found, all);
    }
}

/// A canary: the generator reaches what the properties are about.
#[test]
fn the_generator_reaches_every_kind_of_change() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..200 {
        let requests = requests().new_tree(&mut runner).unwrap().current();
        let mut engine = Engine::new(Genesis::default());
        for request in &requests {
            for outcome in engine.execute(request).unwrap().outcomes {
                *seen.entry(outcome.status.name()).or_default() += 1;
            }
        }
        let book = engine.book();
        for change in book.changes(&ChangeFilter { limit: u32::MAX, ..ChangeFilter::default() }) {
            let kind = match change.kind {
                ChangeKind::SinglePhase => "single",
                ChangeKind::Pending => "pending",
                ChangeKind::Posted => "posted",
                ChangeKind::Voided => "voided",
                ChangeKind::Expired => "expired",
            };
            *seen.entry(kind).or_default() += 1;
            if change.transfer.flags.has(TransferFlags::IMPORTED) {
                *seen.entry("imported").or_default() += 1;
            }
            if change.transfer.group.size > 1 {
                *seen.entry("leg").or_default() += 1;
            }
            if change.debit.closed || change.credit.closed {
                *seen.entry("closed").or_default() += 1;
            }
        }
    }
    for kind in [
        "single",
        "pending",
        "posted",
        "voided",
        "expired",
        "imported",
        "leg",
        "closed",
        "exists",
        "id_already_failed",
        "linked_event_failed",
        "linked_event_chain_open",
        "exceeds_credits",
        "exceeds_debits",
    ] {
        assert!(seen.get(kind).is_some_and(|count| *count >= 5), "{kind}: {seen:?}");
    }
}
