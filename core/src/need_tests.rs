use super::*;
use crate::ledger::transaction::{Leg, Side, Transaction};
use crate::ledger::transfer::{Transfer, TransferFlags};
use crate::time::SECOND;
use crate::{Context, Engine, Genesis, NewAccount};

const NOW: i64 = 1_000 * SECOND;

fn account(id: u128, parent: u128, key: &str) -> Command {
    let detail = Detail::keyed(key).boxed();
    let (id, parent) = (Id(id), Id(parent));
    NewAccount { id, parent, ledger: 840, code: 1, detail, ..NewAccount::default() }.into()
}

fn transfer(id: u128, debit: u128, credit: u128, flags: TransferFlags) -> Transfer {
    Transfer {
        id: Id(id),
        debit_account_id: Id(debit),
        credit_account_id: Id(credit),
        amount: 5,
        ledger: 840,
        code: 1,
        flags,
        ..Transfer::default()
    }
}

fn resolve(id: u128, pending: u128, flags: TransferFlags) -> Transfer {
    Transfer { id: Id(id), pending_id: Id(pending), flags, ..Transfer::default() }
}

fn trade(id: u128, legs: &[(u128, Side)]) -> Transaction {
    let leg = |(account, side): &(u128, Side)| Leg {
        account_id: Id(*account),
        side: *side,
        amount: 3,
        ledger: 840,
    };
    Transaction {
        id: Id(id),
        legs: legs.iter().map(leg).collect(),
        code: 1,
        ..Transaction::default()
    }
}

fn request(commands: Vec<Command>) -> Request {
    Request { context: Context::default(), now: NOW, commands }
}

fn needs(accounts: &[Id], transfers: &[Id]) -> Needs {
    let (accounts, transfers) = (accounts.iter().copied(), transfers.iter().copied());
    let (accounts, transfers) = (accounts.collect(), transfers.collect());
    Needs { accounts, transfers, ..Needs::default() }
}

/// Accounts 1, 2 and 3, of which 3 has the key `c3`; hold 20 from 1 to 2; 30 booked, 31 burnt.
fn loaded() -> Engine {
    let mut engine = Engine::new(Genesis::default());
    let commands = vec![
        account(1, 0, ""),
        account(2, 0, ""),
        account(3, 0, "c3"),
        transfer(20, 1, 2, TransferFlags::PENDING).into(),
        transfer(30, 1, 2, TransferFlags::default()).into(),
        transfer(31, 1, 77, TransferFlags::default()).into(),
    ];
    let outcomes = engine.execute(&request(commands)).unwrap().outcomes;
    let names: Vec<_> = outcomes.iter().map(|outcome| outcome.status.name()).collect();
    let (created, missing) = ("created", "credit_account_not_found");
    assert_eq!(names, [created, created, created, created, created, missing]);
    engine
}

#[test]
fn what_is_missing_is_named() {
    use Side::{Credit, Debit};
    let single = TransferFlags::default();
    let (post, void) = (TransferFlags::POST_PENDING, TransferFlags::VOID_PENDING);
    let key = |namespace, key| Id::from_key(namespace, key);
    let keyed = Transfer { detail: Detail::keyed("t9").boxed(), ..transfer(9, 1, 2, single) };
    let by_key = Transfer { credit_account_id: key("account", "c3"), ..transfer(9, 1, 0, single) };
    #[rustfmt::skip]
    let table: Vec<(&str, Command, Needs)> = vec![
        ("a new account", account(8, 0, ""), needs(&[Id(8)], &[])),
        ("one below another, with a key", account(8, 7, "c8"), needs(&[Id(7), Id(8), key("account", "c8")], &[])),
        ("one that is there", account(3, 1, "c3"), needs(&[], &[])),
        ("a transfer between accounts that are there", transfer(9, 1, 2, single).into(), needs(&[], &[Id(9)])),
        ("a transfer between accounts that are not", transfer(9, 7, 8, single).into(), needs(&[Id(7), Id(8)], &[Id(9)])),
        ("a transfer with a key", keyed.into(), needs(&[], &[Id(9), key("transfer", "t9")])),
        ("a transfer to an account by its key", by_key.into(), needs(&[], &[Id(9)])),
        ("a retry", transfer(30, 1, 2, single).into(), needs(&[], &[])),
        ("a retry of an id that is burnt", transfer(31, 1, 2, single).into(), needs(&[], &[])),
        ("a post of a hold that is there", resolve(9, 20, post).into(), needs(&[], &[Id(9)])),
        ("a void of a hold that is not", resolve(9, 21, void).into(), needs(&[], &[Id(9), Id(21)])),
        ("a transaction", trade(9, &[(1, Debit), (7, Credit)]).into(), needs(&[Id(7)], &[Id(9)])),
        ("one of two legs a side", trade(9, &[(1, Debit), (2, Debit), (7, Credit), (8, Credit)]).into(),
            needs(&[Id(7), Id(8)], &[Id(9), Id(9).part(1)])),
        ("one that does not balance", trade(9, &[(1, Debit)]).into(), needs(&[], &[Id(9)])),
    ];
    let engine = loaded();
    for (what, command, want) in table {
        let request = request(vec![command]);
        let got = need(&engine, &Needs::default(), &request);
        assert_eq!(got, want, "{what}");
        assert!(need(&engine, &got, &request).is_empty(), "{what}: absent ids are honoured");
    }
}

#[test]
fn a_hold_that_is_loaded_with_its_accounts_asks_for_nothing_more() {
    let post: Command = resolve(9, 20, TransferFlags::POST_PENDING).into();
    let request = request(vec![post]);
    let empty = Engine::new(Genesis::default());
    let first = need(&empty, &Needs::default(), &request);
    assert_eq!(first, needs(&[], &[Id(9), Id(20)]));

    let loaded = loaded();
    let second = need(&loaded, &Needs::default(), &request);
    assert_eq!(second, needs(&[], &[Id(9)]));
    assert!(need(&loaded, &second, &request).is_empty());
}

#[test]
fn every_command_of_a_request_is_asked_for_once() {
    let commands = vec![
        account(7, 0, ""),
        account(8, 7, ""),
        transfer(9, 7, 8, TransferFlags::LINKED).into(),
        resolve(10, 9, TransferFlags::POST_PENDING).into(),
        transfer(9, 7, 8, TransferFlags::default()).into(),
    ];
    let got = need(&loaded(), &Needs::default(), &request(commands));
    assert_eq!(got, needs(&[Id(7), Id(8)], &[Id(9), Id(10)]));
}
