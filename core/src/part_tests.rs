use std::collections::BTreeSet;

use super::*;
use crate::port::memory::MemoryPart;
use crate::{Command, Engine, Genesis, Id, NewAccount, Request, Transfer};

const NOW: i64 = 1_700_000_000_000_000_000;

/// An id that was made now.
fn v7(n: u64) -> Id {
    let spread = u128::from(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 2);
    Id((1_700_000_000_000 << 80) | (7 << 76) | (2 << 62) | spread)
}

/// A log of so many transfers between so many accounts; every tenth has an id that is a number.
fn log(transfers: u64, accounts: u64) -> Engine {
    let mut engine = Engine::new(Genesis::default());
    let account = |id: u64| NewAccount {
        id: Id(u128::from(id)),
        ledger: 840,
        code: 1,
        ..NewAccount::default()
    };
    let transfer = |n: u64| Transfer {
        id: id(n),
        debit_account_id: Id(u128::from(n % accounts + 1)),
        credit_account_id: Id(u128::from((n + 1) % accounts + 1)),
        amount: 1,
        ledger: 840,
        code: 1,
        ..Transfer::default()
    };
    let opening = (1..=accounts).map(|id| account(id).into());
    let commands: Vec<Command> =
        opening.chain((0..transfers).map(|n| transfer(n).into())).collect();
    for commands in commands.chunks(8_000) {
        let request = Request { now: NOW, commands: commands.to_vec(), ..Request::default() };
        let outcomes = engine.execute(&request).unwrap().outcomes;
        assert!(outcomes.iter().all(|outcome| outcome.status.is_created()));
    }
    engine
}

fn id(n: u64) -> Id {
    if n.is_multiple_of(10) { Id(u128::from(n) + 1_000_000) } else { v7(n) }
}

#[test]
fn an_index_finds_every_id_and_every_account() {
    let mut engine = log(20_000, 300);
    let cut = engine.cut();
    let index = cut.index();
    let summary = Summary::from_bytes(&index.summary).unwrap();
    assert_eq!(summary.to_bytes(), index.summary);
    assert_eq!(summary.pages() * PAGE_LEN as u64, index.pages.len() as u64);
    assert_eq!(
        (summary.count, summary.ids, summary.strays, summary.accounts, summary.places),
        (cut.count(), 18_000, 2_000, 300, 40_000)
    );
    let (summary, part) = MemoryPart::of(&cut);
    engine.attach(&summary, Box::new(part)).unwrap();
    let book = engine.book();
    for n in 0..20_000 {
        assert_eq!(book.transfer(id(n)).map(|record| record.transfer.id), Some(id(n)));
    }
    assert_eq!(book.transfer(v7(20_001)), None);
    for account in 1..=300 {
        let own: BTreeSet<Id> =
            book.account_history(Id(account)).map(|entry| entry.record.transfer.id).collect();
        let side = |n: u64| u128::from(n % 300 + 1) == account;
        let expected = (0..20_000).filter(|n| side(*n) || side(*n + 1)).map(id).collect();
        assert_eq!(own, expected, "account {account}");
    }
    assert_eq!(book.is_readable(), Ok(()));
}

#[test]
fn an_index_takes_less_than_twenty_bytes_a_transfer() {
    let mut engine = log(100_000, 1_000);
    let index = engine.cut().index();
    let bytes = index.pages.len() + index.summary.len();
    assert!(bytes < 20 * 100_000, "{bytes} bytes");
    assert!(index.summary.len() < 100_000 / 32);
}

#[test]
fn an_empty_cut_has_an_empty_index() {
    let mut engine = log(10, 3);
    engine.cut();
    let cut = engine.cut();
    assert_eq!((cut.count(), cut.index().pages.len()), (0, 0));
}

#[test]
fn a_summary_that_does_not_fit_together_is_refused() {
    let index = log(5_000, 300).cut().index();
    let damaged = |at: usize, byte: u8| {
        let mut bytes = index.summary.clone();
        bytes[at] ^= byte;
        Summary::from_bytes(&bytes).map(|summary| summary.to_bytes() == bytes)
    };
    let shape = |what| Err(SummaryError::Shape(what));
    for (at, byte, expected) in [
        (0, 8, Err(SummaryError::Version(10))),
        (2, 1, shape("a reserved byte is not zero")),
        (22, 1, shape("it has more events than a part can have")),
        (46, 1, shape("it has more entries than its events can have")),
        (80, 1, shape("a reserved byte is not zero")),
        (91, 0xff, shape("its fences are not in order")),
    ] {
        assert_eq!(damaged(at, byte), expected, "byte {at}");
    }
    for at in 0..index.summary.len() {
        assert!(damaged(at, 0x40).unwrap_or(true), "byte {at}");
        assert!(Summary::from_bytes(&index.summary[..at]).is_err(), "{at} bytes");
    }
}
