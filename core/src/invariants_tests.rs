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
