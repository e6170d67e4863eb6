//! What must hold of the books whatever is asked of them: random requests over few ids, so that everything collides.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

#[path = "support/party.rs"]
mod party;

use std::collections::BTreeMap;

use proptest::prelude::*;
use thalium::audit::merkle::MerkleTree;
use thalium::event;
use thalium::ledger::query::{AccountFilter, ChangeFilter};
use thalium::ledger::transaction::{Leg, Side, Transaction};
use thalium::{
    AccountFlags, Balances, Command, Context, Engine, Genesis, Id, Needs, NewAccount, Request,
    Status, Transfer, TransferFlags, TransferStatus, invariants, need,
};

const SECOND: i64 = 1_000_000_000;

fn cases() -> ProptestConfig {
    let full = std::env::var("THALIUM_TEST_TIER").is_ok_and(|tier| tier == "full");
    ProptestConfig::with_cases(if full { 4_096 } else { 256 })
}

fn account() -> impl Strategy<Value = Command> {
    (1..7_u128, prop::sample::select(vec![710_u32, 840]), 0..0b11_1111_u16, 0..4_i64).prop_map(
        |(id, ledger, flags, timestamp)| {
            let imported = AccountFlags(flags).has(AccountFlags::IMPORTED) && flags % 7 == 0;
            let mut flags =
                AccountFlags(flags).without(AccountFlags::IMPORTED).without(AccountFlags::CLOSED);
            if imported {
                flags = flags.with(AccountFlags::IMPORTED);
            }
            let timestamp = if imported { timestamp } else { 0 };
            NewAccount { id: Id(id), ledger, code: 1, flags, timestamp, ..NewAccount::default() }
                .into()
        },
    )
}

fn flags() -> impl Strategy<Value = TransferFlags> {
    use TransferFlags as F;
    let single = vec![
        F::default(),
        F::default(),
        F::default(),
        F::LINKED,
        F::PENDING,
        F::PENDING,
        F::BALANCING_DEBIT,
        F::BALANCING_CREDIT,
        F::BALANCING_DEBIT.with(F::BALANCING_CREDIT),
        F::PENDING.with(F::BALANCING_DEBIT),
        F::PENDING.with(F::CLOSING_DEBIT),
        F::PENDING.with(F::CLOSING_CREDIT),
        F::POST_PENDING,
        F::POST_PENDING,
        F::VOID_PENDING,
        F::VOID_PENDING,
        F::POST_PENDING.with(F::LINKED),
        F::PENDING.with(F::LINKED),
        F::IMPORTED,
    ];
    prop_oneof![9 => prop::sample::select(single), 1 => (0..0x1ff_u16).prop_map(TransferFlags)]
}

fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![6 => 0..40_u128, 1 => Just(u128::MAX), 1 => Just(u128::MAX - 3), 1 => (1_u128 << 100)..(1_u128 << 101)]
}

fn transfer() -> impl Strategy<Value = Command> {
    ((1..40_u128, 0..8_u128, 0..8_u128, amount()), (0..40_u128, 0..3_u32, 0..4_i64), flags())
        .prop_map(|((id, debit, credit, amount), (pending, timeout, timestamp), flags)| {
            let resolves = flags.resolves();
            Transfer {
                id: Id(id),
                debit_account_id: Id(if resolves && debit < 5 { 0 } else { debit }),
                credit_account_id: Id(if resolves && credit < 5 { 0 } else { credit }),
                amount,
                pending_id: Id(if resolves { pending } else { 0 }),
                timeout: if flags.has(TransferFlags::PENDING) { timeout } else { 0 },
                ledger: if resolves { 0 } else { 840 },
                code: u16::from(!resolves),
                timestamp: if flags.has(TransferFlags::IMPORTED) { timestamp } else { 0 },
                flags,
                ..Transfer::default()
            }
            .into()
        })
}

fn transaction() -> impl Strategy<Value = Command> {
    let leg = (1..7_u128, 1..20_u128, prop::sample::select(vec![710_u32, 840]));
    (1..40_u128, prop::collection::vec(leg, 1..4), any::<bool>()).prop_map(|(id, legs, linked)| {
        // Each debit of one account is matched by a credit of the next one, so that most transactions balance.
        let legs = legs.into_iter().flat_map(|(account, amount, ledger)| {
            let leg = |account: u128, side| Leg { account_id: Id(account), side, amount, ledger };
            [leg(account, Side::Debit), leg(account % 6 + 1, Side::Credit)]
        });
        Transaction { id: Id(id), legs: legs.collect(), code: 1, linked, ..Transaction::default() }
            .into()
    })
}

fn requests() -> impl Strategy<Value = Vec<Request>> {
    let command =
        prop_oneof![4 => account(), 16 => transfer(), 2 => transaction(), 5 => party::change()];
    let request = (
        0..3 * SECOND,
        prop::collection::vec(command, 0..8),
        prop::sample::select(vec!["", "desk"]),
    );
    prop::collection::vec(request, 1..24).prop_map(|steps| {
        let mut now = SECOND;
        let opening = (1..7_u128).map(|id| {
            let flags = match id {
                1 => AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS,
                2 => AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS,
                _ => AccountFlags::default(),
            };
            NewAccount { id: Id(id), ledger: 840, code: 1, flags, ..NewAccount::default() }.into()
        });
        let mut requests =
            vec![Request { context: Context::default(), now, commands: opening.collect() }];
        for (later, commands, actor) in steps {
            now += later;
            let context = Context { actor: actor.to_owned(), ..Context::default() };
            requests.push(Request { context, now, commands });
        }
        requests
    })
}

fn balances(engine: &Engine) -> Vec<(Balances, AccountFlags)> {
    engine.book().accounts().map(|account| (account.balances, account.flags)).collect()
}

fn events(engine: &Engine) -> Vec<u8> {
    engine.book().events_from(0).flat_map(|event| event.to_vec()).collect()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_books_hold_after_every_request(requests in requests()) {
        let mut engine = Engine::new(Genesis::default());
        for request in &requests {
            let executed = engine.execute(request).unwrap();
            prop_assert_eq!(executed.outcomes.len(), request.commands.len());
            prop_assert_eq!(invariants::check(engine.book()), Ok(()));
            prop_assert_eq!(invariants::check_log(engine.book()), Ok(()));
        }
    }

    #[test]
    fn a_rejection_changes_no_balance(requests in requests()) {
        let mut engine = Engine::new(Genesis::default());
        for request in &requests {
            // Holds run out by themselves; what follows is about commands alone.
            engine.execute(&Request { commands: vec![], ..request.clone() }).unwrap();
            let before = balances(&engine);
            let executed = engine.execute(request).unwrap();
            if executed.outcomes.iter().all(|outcome| !outcome.status.is_created()) {
                prop_assert_eq!(balances(&engine), before);
                let burnt = executed.outcomes.iter().filter(|outcome| match outcome.status {
                    Status::Transfer(status) => status.is_transient(),
                    _ => false,
                });
                // A rejection appends its own outcome and the envelope of the request, or nothing.
                let burnt = burnt.count() as u64;
                prop_assert_eq!(executed.event_count, if burnt == 0 { 0 } else { burnt + 1 });
            }
        }
    }

    #[test]
    fn one_root_for_any_partition_into_blocks(requests in requests(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let mut engine = Engine::new(Genesis::default());
        let mut log: Vec<u8> = engine.book().events_from(0).flat_map(|event| event.to_vec()).collect();
        let mut ends = vec![log.len()];
        for request in &requests {
            let executed = engine.execute(request).unwrap();
            engine.book().events_from(executed.first_event).for_each(|event| log.extend(&*event));
            ends.push(log.len());
        }
        // Blocks end where requests end; which of them, timing decides.
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| ends[cut.index(ends.len())]).collect();
        cuts.push(log.len());
        cuts.sort_unstable();
        let (mut tree, mut from) = (MerkleTree::default(), 0);
        for to in cuts {
            event::split(&log[from..to]).for_each(|event| tree.push(event));
            from = to;
        }
        prop_assert_eq!(tree.size(), engine.book().event_count());
        prop_assert_eq!(tree.root(), engine.root());
    }

    #[test]
    fn replay_comes_to_the_same_state(requests in requests()) {
        let mut engine = Engine::new(Genesis::default());
        for request in &requests {
            engine.execute(request).unwrap();
        }
        let mut again = Engine::empty();
        for event in engine.book().events_from(0) {
            again.replay(&event).unwrap();
        }
        prop_assert_eq!(again.state_hash(), engine.state_hash());
        prop_assert_eq!(events(&again), events(&engine));
        prop_assert_eq!(again.parties(), engine.parties());
        prop_assert_eq!(again.root(), engine.root());
        // And both go on alike.
        let last = requests.last().unwrap();
        let next = Request { now: last.now + SECOND, ..last.clone() };
        prop_assert_eq!(engine.execute(&next).unwrap().outcomes, again.execute(&next).unwrap().outcomes);
        prop_assert_eq!(again.state_hash(), engine.state_hash());
    }

    #[test]
    fn a_retry_books_nothing_twice(requests in requests()) {
        let mut engine = Engine::new(Genesis::default());
        for request in &requests {
            let first = engine.execute(request).unwrap().outcomes;
            engine.execute(&Request { commands: vec![], ..request.clone() }).unwrap();
            let alone = request.commands.iter().zip(&first).filter(|(command, outcome)| {
                outcome.status.is_created() && !command.is_linked() && matches!(command, Command::Transfer(_) | Command::Transaction(_))
            });
            for (command, outcome) in alone {
                let before = balances(&engine);
                let retry = Request { commands: vec![command.clone()], ..request.clone() };
                let again = engine.execute(&retry).unwrap().outcomes[0];
                if let Command::Transfer(transfer) = command && transfer.flags.has(TransferFlags::IMPORTED) {
                    continue;
                }
                prop_assert_eq!(again.status, Status::Transfer(TransferStatus::Exists));
                prop_assert_eq!((again.timestamp, again.sequence), (outcome.timestamp, outcome.sequence));
                prop_assert_eq!(balances(&engine), before);
            }
        }
    }

    #[test]
    fn a_preview_tells_what_would_be_and_changes_nothing(requests in requests()) {
        let mut engine = Engine::new(Genesis::default());
        for request in &requests {
            let before = engine.state_hash();
            let told = engine.preview(request).unwrap();
            prop_assert_eq!(engine.state_hash(), before);
            prop_assert_eq!(told, engine.execute(request).unwrap().outcomes);
        }
    }

    #[test]
    fn every_history_leads_to_the_balances_of_today(requests in requests()) {
        let mut engine = Engine::new(Genesis::default());
        for request in &requests {
            engine.execute(request).unwrap();
        }
        let book = engine.book();
        // The changes, oldest first, each with the balances after it: the last one of an account is its balance now.
        let mut last: BTreeMap<Id, Balances> = BTreeMap::new();
        for change in book.changes(&ChangeFilter { limit: u32::MAX, ..ChangeFilter::default() }) {
            last.insert(change.debit.id, change.debit.balances);
            last.insert(change.credit.id, change.credit.balances);
        }
        for account in book.accounts() {
            let id = account.opened.id;
            let newest = book.account_history(id).next();
            prop_assert_eq!(newest.map(|entry| entry.balances).unwrap_or_default(), account.balances);
            prop_assert_eq!(last.get(&id).copied().unwrap_or_default(), account.balances);
            if account.opened.timestamp <= book.clock() {
                prop_assert_eq!(book.balances_at(id, book.clock()), Some(account.balances));
            }
            let statement = book.statement(id, 0, 0).unwrap();
            prop_assert_eq!((statement.opening, statement.closing), (Balances::default(), account.balances));
            // Oldest first and newest first are one list.
            let mut newest_first = book.account_transfers(&AccountFilter { reversed: true, ..AccountFilter::of(id) });
            newest_first.reverse();
            prop_assert_eq!(book.account_transfers(&AccountFilter::of(id)), newest_first);
        }
        for trial in book.trial_balance(None) {
            prop_assert_eq!(trial.debit, trial.credit);
        }
    }

    #[test]
    fn a_store_that_holds_everything_needs_nothing(requests in requests()) {
        let mut engine = Engine::new(Genesis::default());
        for request in &requests {
            let needs = need(&engine, &Needs::default(), request);
            // What is named is what is not there; told so, nothing more is asked for.
            prop_assert!(needs.accounts.iter().all(|id| engine.book().account(*id).is_none()));
            prop_assert!(needs.transfers.iter().all(|id| engine.book().transfer(*id).is_none()));
            prop_assert!(needs.parties.iter().all(|id| engine.parties().record(*id).is_none()));
            prop_assert!(need(&engine, &needs, request).is_empty());
            engine.execute(request).unwrap();
        }
    }
}
