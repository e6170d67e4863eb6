//! A history that is cut into parts, and books that go on from an image, tell what a history in memory tells.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;
use support::{SECOND, cases, requests};
use thalium::ledger::Book;
use thalium::ledger::book::Record;
use thalium::ledger::query::{AccountFilter, ChangeFilter, Dates, QueryFilter};
use thalium::part::{PAGE_LEN, Part, Unreadable};
use thalium::port::memory::MemoryPart;
use thalium::{
    Command, Engine, Genesis, Id, NewAccount, Request, RequestError, Transfer, invariants,
};

/// Gives every other id the form of a UUIDv7; most of them are dated *now*, some far from it.
fn dated(id: Id) -> Id {
    if id.0 == 0 || id.0 >= 1 << 64 || !id.0.is_multiple_of(2) {
        return id;
    }
    let millis = if id.0.is_multiple_of(14) { 3_600_000 } else { 2_000 + id.0 * 400 };
    Id((millis << 80) | (7 << 76) | (2 << 62) | (id.0 * 0x9e37_79b9))
}

fn with_dated_ids(mut requests: Vec<Request>) -> Vec<Request> {
    for command in requests.iter_mut().flat_map(|request| &mut request.commands) {
        match command {
            Command::Transfer(transfer) => {
                transfer.id = dated(transfer.id);
                transfer.pending_id = dated(transfer.pending_id);
            }
            Command::Transaction(transaction) => transaction.id = dated(transaction.id),
            Command::Account(_) | Command::Asset(_) | Command::Party(_) => {}
        }
    }
    requests
}

/// Cuts the history and hands it back as a part.
fn seal(engine: &mut Engine) -> (Vec<u8>, MemoryPart) {
    let sealed = MemoryPart::of(&engine.cut());
    engine.attach(&sealed.0, Box::new(sealed.1.clone())).unwrap();
    sealed
}

/// Every question that the books answer, asked of both.
fn same(one: &mut Engine, other: &mut Engine) -> Result<(), TestCaseError> {
    prop_assert_eq!(one.book().event_count(), other.book().event_count());
    prop_assert_eq!(one.state_hash(), other.state_hash());
    prop_assert_eq!(one.parties(), other.parties());
    prop_assert_eq!(one.root(), other.root());
    let (a, b) = (one.book(), other.book());
    prop_assert!(a.accounts().eq(b.accounts()));
    prop_assert!(a.transfers().eq(b.transfers()));
    for from in [0, 1, a.event_count() / 2, a.event_count().saturating_sub(1), a.event_count()] {
        let events = |book: &Book| -> Vec<Vec<u8>> {
            book.events_from(from).map(|event| event.to_vec()).collect()
        };
        prop_assert_eq!(events(a), events(b));
        prop_assert_eq!(a.event(from).map(|e| e.to_vec()), b.event(from).map(|e| e.to_vec()));
    }
    let times: Vec<i64> = a.transfers().map(|record| record.transfer.timestamp).collect();
    let middle = times.get(times.len() / 2).copied().unwrap_or(1);
    for account in a.accounts() {
        let id = account.opened.id;
        prop_assert!(a.account_history(id).eq(b.account_history(id)));
        prop_assert_eq!(a.statement(id, middle, 0), b.statement(id, middle, 0));
        for reversed in [false, true] {
            let filter = AccountFilter { limit: 3, reversed, ..AccountFilter::of(id) };
            prop_assert_eq!(a.account_transfers(&filter), b.account_transfers(&filter));
            let filter = AccountFilter { timestamp_max: middle, ..filter };
            prop_assert_eq!(a.account_transfers(&filter), b.account_transfers(&filter));
            prop_assert_eq!(a.account_entries(&filter), b.account_entries(&filter));
            let filter = AccountFilter { timestamp_min: middle, timestamp_max: 0, ..filter };
            prop_assert_eq!(a.account_transfers(&filter), b.account_transfers(&filter));
            let filter =
                AccountFilter { timestamp_min: middle, limit: 100, ..AccountFilter::of(id) };
            let transfers: Vec<_> =
                b.account_entries(&filter).into_iter().map(|entry| entry.record).collect();
            prop_assert_eq!(a.account_transfers(&filter), transfers);
        }
        prop_assert_eq!(a.balances_at(id, middle), b.balances_at(id, middle));
    }
    for record in a.transfers() {
        prop_assert_eq!(b.transaction(record.transfer.id), a.transaction(record.transfer.id));
        prop_assert_eq!(b.record(record.sequence), Some(record));
    }
    for n in 0..80 {
        for id in [Id(n), dated(Id(n)), Id::from_key("transfer", &format!("transfer-{n}"))] {
            prop_assert_eq!(a.transfer(id), b.transfer(id));
            prop_assert_eq!(a.failure(id), b.failure(id));
        }
    }
    for (first, last) in [(-1, 0), (0, 0), (1, 2), (i32::MIN, -1), (2, i32::MAX)] {
        for reversed in [false, true] {
            dated_pages(a, b, Dates { first, last }, reversed)?;
        }
    }
    for reversed in [false, true] {
        let filter = QueryFilter { limit: 5, reversed, ..QueryFilter::default() };
        prop_assert_eq!(a.query_transfers(&filter), b.query_transfers(&filter));
        let filter = QueryFilter { timestamp_min: middle, limit: 100, ..filter };
        prop_assert_eq!(a.query_transfers(&filter), b.query_transfers(&filter));
    }
    let changes = ChangeFilter { limit: 1_000, ..ChangeFilter::default() };
    prop_assert_eq!(a.changes(&changes), b.changes(&changes));
    prop_assert_eq!(a.trial_balance(Some(middle)), b.trial_balance(Some(middle)));
    prop_assert_eq!(a.timeout_count(), b.timeout_count());
    prop_assert_eq!(a.next_timeout(), b.next_timeout());
    prop_assert_eq!(b.is_readable(), Ok(()));
    prop_assert_eq!(invariants::check(b), Ok(()));
    prop_assert_eq!(invariants::check_log(b), Ok(()));
    Ok(())
}

/// What is found under effective dates, page after page, is what looking at every transfer finds.
fn dated_pages(a: &Book, b: &Book, dates: Dates, reversed: bool) -> Result<(), TestCaseError> {
    let within = |record: &Record| (dates.first..=dates.last).contains(&record.transfer.date());
    let all = |takes: &dyn Fn(&Record) -> bool| {
        let mut all: Vec<Record> = a.transfers().filter(within).filter(takes).collect();
        if reversed {
            all.reverse();
        }
        all
    };
    let paged = |page: &dyn Fn(u64) -> Vec<Record>| {
        let mut found = Vec::new();
        let mut after = 0;
        while let Some(last) = page(after).last() {
            found.extend(page(after));
            after = last.sequence;
        }
        found
    };
    let page = |after| {
        b.query_transfers(&QueryFilter {
            dates,
            reversed,
            after,
            limit: 3,
            ..QueryFilter::default()
        })
    };
    prop_assert_eq!(paged(&page), all(&|_| true));
    for account in a.accounts() {
        let id = account.opened.id;
        let filter = AccountFilter { dates, reversed, limit: 2, ..AccountFilter::of(id) };
        let own = |record: &Record| {
            [record.transfer.debit_account_id, record.transfer.credit_account_id].contains(&id)
        };
        let page = |after| b.account_transfers(&AccountFilter { after, ..filter });
        prop_assert_eq!(paged(&page), all(&own));
        let page = |after| {
            let entries = b.account_entries(&AccountFilter { after, ..filter });
            entries.into_iter().map(|entry| entry.record).collect()
        };
        prop_assert_eq!(paged(&page), all(&own));
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn parts_tell_what_memory_tells(requests in requests(), cuts in prop::collection::vec(any::<bool>(), 20)) {
        let requests = with_dated_ids(requests);
        let (mut whole, mut cut) = (Engine::new(Genesis::default()), Engine::new(Genesis::default()));
        for (request, is_cut) in requests.iter().zip(cuts.iter().cycle()) {
            prop_assert_eq!(whole.preview(request), cut.preview(request));
            let (one, other) = (whole.execute(request).unwrap(), cut.execute(request).unwrap());
            prop_assert_eq!(one.outcomes, other.outcomes);
            if *is_cut {
                seal(&mut cut);
                prop_assert_eq!(cut.book().history_bytes(), 0);
            }
        }
        same(&mut whole, &mut cut)?;
        // Every retry meets the record that it repeats, wherever that stands.
        let again = |request: &Request| Request { now: 100 * SECOND, ..request.clone() };
        for request in requests.iter().map(again) {
            prop_assert_eq!(whole.execute(&request).unwrap().outcomes, cut.execute(&request).unwrap().outcomes);
        }
        same(&mut whole, &mut cut)?;
    }

    #[test]
    fn an_image_and_the_events_after_it_come_to_the_same_books(requests in requests(), at in any::<[prop::sample::Index; 3]>()) {
        let requests = with_dated_ids(requests);
        let mut points = at.map(|at| at.index(requests.len()));
        points.sort_unstable();
        let mut engine = Engine::new(Genesis::default());
        let (mut parts, mut image, mut tree, mut slowly_made) = (Vec::new(), Vec::new(), None, 0);
        for (n, request) in requests.iter().enumerate() {
            engine.execute(request).unwrap();
            if points.contains(&n) {
                parts.push(seal(&mut engine));
            }
            // The image is older than the last part: the events between are replayed from there. It is made while
            // requests are executed, an account or two at a time, and is of the moment at which it was begun.
            if n == points[1] {
                image = engine.image().to_bytes();
                tree = Some(engine.tree().clone());
                engine.begin_image();
            }
            if let Some(made) = engine.go_on_with_image(u32::try_from(n % 3).unwrap()) {
                prop_assert_eq!(&made.to_bytes(), &image);
                slowly_made += 1;
            }
        }
        let rest = engine.go_on_with_image(u32::MAX);
        prop_assert!(rest.is_none_or(|made| made.to_bytes() == image && slowly_made == 0));
        let mut again = Engine::empty();
        for (summary, part) in parts {
            again.attach(&summary, Box::new(part)).unwrap();
        }
        again.restore(&image, tree.unwrap()).unwrap();
        let from = again.book().event_count();
        for event in engine.book().events_from(from) {
            again.replay(&event).unwrap();
        }
        same(&mut engine, &mut again)?;
        // What was restored goes on as what was not, and can be cut and written out again.
        for (n, request) in requests.iter().enumerate() {
            let request = Request { now: 100 * SECOND, ..request.clone() };
            prop_assert_eq!(engine.execute(&request).unwrap().outcomes, again.execute(&request).unwrap().outcomes);
            if n == points[0] {
                seal(&mut again);
            }
        }
        same(&mut engine, &mut again)?;
        prop_assert_eq!(engine.image().to_bytes(), again.image().to_bytes());
    }
}

fn account(id: u128) -> NewAccount {
    NewAccount { id: Id(id), ledger: 840, code: 1, ..NewAccount::default() }
}

/// A part that can be made unreadable.
#[derive(Clone, Debug)]
struct Failing(MemoryPart, Arc<AtomicBool>);

impl Part for Failing {
    fn events(&self, sequence: u64, bytes: usize) -> Result<Arc<[u8]>, Unreadable> {
        if self.1.load(Ordering::Relaxed) {
            return Err(Unreadable("segment 3 is gone".to_owned()));
        }
        self.0.events(sequence, bytes)
    }

    fn page(&self, number: u32) -> Result<Arc<[u8; PAGE_LEN]>, Unreadable> {
        if self.1.load(Ordering::Relaxed) {
            return Err(Unreadable("the index is gone".to_owned()));
        }
        self.0.page(number)
    }
}

#[test]
fn nothing_is_handed_out_that_was_decided_without_its_history() {
    let mut engine = Engine::new(Genesis::default());
    let transfer = |id| Transfer {
        id: dated(Id(id)),
        debit_account_id: Id(1),
        credit_account_id: Id(2),
        amount: 5,
        ledger: 840,
        code: 1,
        ..Transfer::default()
    };
    let request = |commands| Request { now: 3 * SECOND, commands, ..Request::default() };
    let opening = vec![account(1).into(), account(2).into(), transfer(2).into()];
    engine.execute(&request(opening)).unwrap();
    let gone = Arc::new(AtomicBool::new(false));
    let (summary, part) = MemoryPart::of(&engine.cut());
    engine.attach(&summary, Box::new(Failing(part, Arc::clone(&gone)))).unwrap();
    let retry = request(vec![transfer(2).into()]);
    assert_eq!(engine.execute(&retry).unwrap().outcomes[0].status.name(), "exists");

    gone.store(true, Ordering::Relaxed);
    let refused = |engine: &mut Engine, request: &Request| match engine.execute(request) {
        Err(RequestError::History(unreadable)) => unreadable.0,
        other => panic!("{other:?}"),
    };
    // Without its history the retry looks new: it must not be told so, and nothing follows it.
    assert_eq!(refused(&mut engine, &retry), "the index is gone");
    gone.store(false, Ordering::Relaxed);
    assert_eq!(refused(&mut engine, &request(vec![transfer(4).into()])), "the index is gone");
    assert!(engine.book().is_readable().is_err());
}

#[test]
fn a_hold_that_is_due_and_cannot_be_read_stops_the_engine() {
    let mut engine = Engine::new(Genesis::default());
    let hold = Transfer {
        id: Id(7),
        debit_account_id: Id(1),
        credit_account_id: Id(2),
        amount: 5,
        ledger: 840,
        code: 1,
        flags: thalium::TransferFlags::PENDING,
        timeout: 1,
        ..Transfer::default()
    };
    let request =
        |seconds, commands| Request { now: seconds * SECOND, commands, ..Request::default() };
    engine.execute(&request(1, vec![account(1).into(), account(2).into(), hold.into()])).unwrap();
    let gone = Arc::new(AtomicBool::new(false));
    let (summary, part) = MemoryPart::of(&engine.cut());
    engine.attach(&summary, Box::new(Failing(part, Arc::clone(&gone)))).unwrap();
    gone.store(true, Ordering::Relaxed);
    let refused = engine.execute(&request(60, vec![])).unwrap_err();
    assert!(matches!(refused, RequestError::History(_)), "{refused}");
}

#[test]
fn what_could_not_be_made_a_part_is_cut_again() {
    let mut engine = Engine::new(Genesis::default());
    let request =
        |id| Request { now: SECOND, commands: vec![account(id).into()], ..Request::default() };
    engine.execute(&request(1)).unwrap();
    let failed = engine.cut();
    engine.execute(&request(2)).unwrap();
    engine.take_back(failed);
    assert_eq!((engine.cut().first(), engine.uncut()), (0, 0));
}

#[test]
fn nothing_is_executed_before_the_log_was_replayed_as_far_as_its_parts() {
    let mut engine = Engine::new(Genesis::default());
    let (summary, part) = MemoryPart::of(&engine.cut());
    let mut again = Engine::empty();
    again.attach(&summary, Box::new(part)).unwrap();
    let refused = again.execute(&Request { now: SECOND, ..Request::default() }).unwrap_err();
    assert_eq!(refused, RequestError::NotReplayed { events: 0, parts: 1 });
}
