use super::*;
use crate::ledger::account::NewAccount;
use crate::{Command, Engine, Genesis, Request, Transfer};

fn books() -> Engine {
    let account = |id, flags| -> Command {
        NewAccount { id: Id(id), ledger: 840, code: 1, flags, ..NewAccount::default() }.into()
    };
    let transfer = Transfer {
        id: Id(9),
        debit_account_id: Id(1),
        credit_account_id: Id(2),
        amount: 5,
        ledger: 840,
        code: 1,
        ..Transfer::default()
    };
    let commands = vec![
        account(1, AccountFlags::default()),
        account(2, AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS),
        transfer.into(),
    ];
    let mut engine = Engine::new(Genesis::default());
    engine.execute(&Request { commands, ..Request::default() }).unwrap();
    engine
}

#[test]
fn broken_books_are_seen() {
    let mut engine = books();
    assert_eq!(check(engine.book()), Ok(()));
    assert_eq!(check_log(engine.book()), Ok(()));
    let sound = engine.state_hash();

    engine.book_mut().set_balances(Id(1), Balances { debits_posted: 6, ..Balances::default() });
    assert_eq!(check(engine.book()), Err(Broken::Unbalanced { ledger: 840, which: "posted" }));
    assert_eq!(check_log(engine.book()), Err(Broken::NotTheLog(Id(1))));
    assert_ne!(engine.state_hash(), sound);

    engine.book_mut().set_balances(
        Id(1),
        Balances { debits_posted: 5, credits_posted: 7, ..Balances::default() },
    );
    let past = Balances { credits_posted: 5, debits_posted: 7, ..Balances::default() };
    engine.book_mut().set_balances(Id(2), past);
    assert_eq!(check(engine.book()), Err(Broken::PastLimit(Id(2))));
}

#[test]
fn sides_that_do_not_balance_are_named() {
    let b = |debits_pending, debits_posted, credits_pending, credits_posted| Balances {
        debits_pending,
        debits_posted,
        credits_pending,
        credits_posted,
    };
    let unbalanced = |which| Err(Broken::Unbalanced { ledger: 840, which });
    #[rustfmt::skip]
    let table = [
        ("as they were booked",               b(0, 5, 0, 0),         b(0, 0, 0, 5),         Ok(())),
        ("a unit more debited",               b(0, 6, 0, 0),         b(0, 0, 0, 5),         unbalanced("posted")),
        ("a unit more credited",              b(0, 5, 0, 0),         b(0, 0, 0, 6),         unbalanced("posted")),
        ("a debit held without its credit",   b(1, 5, 0, 0),         b(0, 0, 0, 5),         unbalanced("pending")),
        ("a credit held without its debit",   b(0, 5, 0, 0),         b(0, 0, 1, 5),         unbalanced("pending")),
        ("held on one, posted on the other",  b(5, 0, 0, 0),         b(0, 0, 0, 5),         unbalanced("pending")),
        ("sums past 128 bits that are equal", b(0, u128::MAX, 0, 9), b(0, 9, 0, u128::MAX), Ok(())),
        ("held past the limit",               b(0, 5, 6, 0),         b(6, 0, 0, 5),         Err(Broken::PastLimit(Id(2)))),
        ("held and posted past the limit",    b(0, 5, 3, 3),         b(3, 3, 0, 5),         Err(Broken::PastLimit(Id(2)))),
        ("past the limit by overflowing",     b(0, 5, 9, 9),         b(u128::MAX, 1, 0, 5), Err(Broken::PastLimit(Id(2)))),
    ];
    for (what, one, two, want) in table {
        let mut engine = books();
        engine.book_mut().set_balances(Id(1), one);
        engine.book_mut().set_balances(Id(2), two);
        assert_eq!(check(engine.book()), want, "{what}");
        let sound = what == "as they were booked";
        assert_eq!(check_log(engine.book()).is_ok(), sound, "{what}");
    }
}

#[test]
fn every_balance_is_in_the_state_hash() {
    let changes: [fn(&mut Balances); 4] = [
        |balances| balances.debits_pending += 1,
        |balances| balances.debits_posted += 1,
        |balances| balances.credits_pending += 1,
        |balances| balances.credits_posted += 1,
    ];
    let mut seen = std::collections::BTreeSet::from([books().state_hash()]);
    for id in [Id(1), Id(2)] {
        for change in changes {
            let mut engine = books();
            let mut balances = engine.book().balances(id).unwrap();
            change(&mut balances);
            engine.book_mut().set_balances(id, balances);
            assert!(seen.insert(engine.state_hash()));
        }
    }
    let (mut one, mut other) = (books(), books());
    assert_eq!(one.state_hash(), other.state_hash());
    let later = Request { now: 9, commands: vec![], ..Request::default() };
    one.execute(&later).unwrap();
    assert_eq!(one.state_hash(), other.state_hash(), "nothing was decided");
    let asset =
        crate::money::Asset::new("BTC".parse().unwrap(), 8, crate::money::AssetKind::Crypto);
    let asset = crate::event::AssetRegistered { ledger: 1_000, asset: asset.unwrap() };
    other.execute(&Request { commands: vec![asset.into()], ..Request::default() }).unwrap();
    assert_ne!(one.state_hash(), other.state_hash());
}
