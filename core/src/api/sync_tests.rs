//! What a customer may ask for from a device, and what they are told.

use serde_json::{Value, json};

use super::*;
use crate::api::{self, resolve};
use crate::{Engine, Genesis, Request, time};

const NOW: i64 = 1_769_767_200 * time::SECOND; // 2026-01-30, 10:00 in UTC.

struct Bank(Engine);

impl Bank {
    fn open() -> Self {
        let mut bank = Self(Engine::new(Genesis::default()));
        let opened = bank.book(vec![
            json!({ "op": "account", "key": "bank:ZAR", "asset": "ZAR", "kind": "asset" }),
            json!({ "op": "account", "key": "holds:ZAR", "asset": "ZAR", "kind": "liability" }),
            json!({ "op": "account", "key": "clients:ZAR", "asset": "ZAR", "kind": "liability" }),
            json!({ "op": "account", "key": "c1:ZAR", "asset": "ZAR", "kind": "liability", "parent": "clients:ZAR" }),
            json!({ "op": "account", "key": "c2:ZAR", "asset": "ZAR", "kind": "liability", "parent": "clients:ZAR" }),
            json!({ "op": "account", "key": "full:ZAR", "asset": "ZAR", "kind": "asset",
                "flags": ["credits_must_not_exceed_debits"] }),
            json!({ "op": "post", "key": "dep-1", "from": "bank:ZAR", "to": "c1:ZAR", "amount": "100.00" }),
            json!({ "op": "post", "key": "dep-2", "from": "bank:ZAR", "to": "c2:ZAR", "amount": "9.00" }),
            json!({ "op": "hold", "key": "risk-1", "from": "c2:ZAR", "amount": "1.00" }),
        ]);
        assert!(opened.iter().all(|told| told.ok), "{opened:?}");
        bank
    }

    fn book(&mut self, commands: Vec<Value>) -> Vec<Outcome> {
        let commands: Vec<Command> =
            commands.into_iter().map(|one| serde_json::from_value(one).unwrap()).collect();
        self.submit(&commands)
    }

    fn submit(&mut self, commands: &[Command]) -> Vec<Outcome> {
        let resolved = resolve(&self.0, commands);
        assert!(resolved.parts.iter().all(|parts| *parts == Ok(1)), "{:?}", resolved.parts);
        let request = Request { now: NOW, commands: resolved.commands, ..Request::default() };
        let done = self.0.execute(&request).unwrap().outcomes;
        let told = commands.iter().zip(&request.commands).zip(&done);
        told.map(|((asked, command), done)| api::outcome(&self.0, asked, command, done)).collect()
    }

    /// A sync of the customer `c1`, whose account is `c1:ZAR`, from end to end.
    fn sync(&mut self, intents: Vec<Value>, accounts: Value) -> SyncReply {
        let intents: Vec<_> = intents
            .into_iter()
            .map(|command| json!({ "made_at": "2026-01-30T09:59:00Z", "command": command }))
            .collect();
        let call: SyncCall = serde_json::from_value(json!({
            "customer": "c1", "accounts": ["c1:ZAR"], "payees": ["clients:ZAR", "full:ZAR"],
            "request": { "intents": intents, "accounts": accounts },
        }))
        .unwrap();
        let admitted = call.admit(self.0.book()).unwrap();
        let commands: Vec<_> = admitted.iter().filter_map(|one| one.clone().ok()).collect();
        let mut booked = self.submit(&commands).into_iter();
        let outcomes = admitted
            .into_iter()
            .map(|one| one.map_or_else(|refused| *refused, |_| booked.next().unwrap()));
        let outcomes = outcomes.collect();
        call.reply(self.0.book(), outcomes, NOW).unwrap()
    }
}

#[test]
fn what_a_customer_may_ask_for() {
    // The command; its status; the field at fault.
    let cases = [
        (
            json!({ "op": "post", "key": "p", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "1.00" }),
            "created",
            None,
        ),
        (json!({ "op": "hold", "key": "h", "from": "c1:ZAR", "amount": "1.00" }), "created", None),
        // Not from another's account, nor out of the bank.
        (
            json!({ "op": "post", "key": "a", "from": "c2:ZAR", "to": "c1:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("from"),
        ),
        (
            json!({ "op": "post", "key": "b", "from": "bank:ZAR", "to": "c1:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("from"),
        ),
        (
            json!({ "op": "hold", "key": "c", "from": "c2:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("from"),
        ),
        (
            json!({ "op": "post", "key": "d", "from": "", "to": "c1:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("from"),
        ),
        // Not to anyone: neither the bank, nor who is not there, nor no one.
        (
            json!({ "op": "post", "key": "m", "from": "c1:ZAR", "to": "bank:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("to"),
        ),
        (
            json!({ "op": "hold", "key": "n", "from": "c1:ZAR", "to": "none", "amount": "1.00" }),
            "not_permitted",
            Some("to"),
        ),
        (
            json!({ "op": "post", "key": "o", "from": "c1:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("to"),
        ),
        // The back office's holds are not seen by the names of devices; a capture is for who takes the money.
        (
            json!({ "op": "release", "key": "e", "hold": "risk-1" }),
            "pending_transfer_not_found",
            None,
        ),
        (
            json!({ "op": "release", "key": "f", "hold": "none" }),
            "pending_transfer_not_found",
            None,
        ),
        (json!({ "op": "capture", "key": "g", "hold": "h" }), "not_permitted", Some("op")),
        (json!({ "op": "account", "key": "c1:BTC", "asset": "ZAR" }), "not_permitted", Some("op")),
        (
            json!({ "op": "transfer", "key": "t", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("op"),
        ),
        // Each stands alone, under a key of its own.
        (
            json!({ "op": "post", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("key"),
        ),
        (
            json!({ "op": "post", "key": "i", "id": "7", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("id"),
        ),
        (
            json!({ "op": "post", "key": "j", "linked": true, "from": "c1:ZAR", "to": "c2:ZAR", "amount": "1.00" }),
            "not_permitted",
            Some("linked"),
        ),
        // What the books refuse.
        (
            json!({ "op": "post", "key": "k", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "1000.00" }),
            "exceeds_credits",
            None,
        ),
    ];
    for (command, status, field) in cases {
        let mut bank = Bank::open();
        let told = bank.sync(vec![command.clone()], json!([])).outcomes.remove(0).outcome;
        assert_eq!((told.status.as_str(), told.field.as_deref()), (status, field), "{command}");
    }
}

#[test]
fn keys_are_the_customers_own() {
    let mut bank = Bank::open();
    // The back office's `dep-1` is there; the device's is another.
    let pay =
        json!({ "op": "post", "key": "dep-1", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "5.00" });
    let told = bank.sync(vec![pay.clone()], json!([])).outcomes.remove(0);
    assert_eq!((told.key.as_str(), told.outcome.key.as_str()), ("dep-1", "device/c1/dep-1"));
    assert_eq!((told.outcome.ok, told.outcome.replayed), (true, false));
    // Sent again it is told again, and booked once.
    let again = bank.sync(vec![pay], json!([])).outcomes.remove(0).outcome;
    assert_eq!((again.ok, again.replayed, again.sequence), (true, true, told.outcome.sequence));
    let made = bank.0.book().transfer(api::transfer_id("key", "device/c1/dep-1").unwrap()).unwrap();
    let metadata = &made.transfer.detail.as_ref().unwrap().metadata;
    assert_eq!(metadata.get("made_at").map(String::as_str), Some("2026-01-30T09:59:00Z"));
}

#[test]
fn a_hold_is_placed_and_released_by_the_devices_own_name() {
    let mut bank = Bank::open();
    let hold = json!({ "op": "hold", "key": "ord-1", "from": "c1:ZAR", "amount": "30.00" });
    let release = json!({ "op": "release", "key": "ord-1-off", "hold": "ord-1" });
    let told = bank.sync(vec![hold.clone(), release], json!([{ "account": "c1:ZAR" }]));
    assert!(told.outcomes.iter().all(|one| one.outcome.ok), "{:?}", told.outcomes);
    assert_eq!(told.accounts[0].account.balances.available, "100.00");
    assert!(told.accounts[0].holds.is_empty());
    // And by the name that the ledger gave it.
    let hold = json!({ "op": "hold", "key": "ord-2", "from": "c1:ZAR", "amount": "30.00" });
    let told = bank.sync(vec![hold], json!([{ "account": "c1:ZAR" }]));
    assert_eq!(told.accounts[0].holds[0].key, "device/c1/ord-2");
    let release = json!({ "op": "release", "key": "off", "hold": "device/c1/ord-2" });
    assert!(bank.sync(vec![release], json!([])).outcomes[0].outcome.ok);
}

#[test]
fn nothing_is_told_of_other_peoples_accounts() {
    let mut bank = Bank::open();
    // What the payee could still take is no business of the payer's.
    let pay =
        json!({ "op": "post", "key": "p", "from": "c1:ZAR", "to": "full:ZAR", "amount": "5.00" });
    let told = bank.sync(
        vec![pay],
        json!([{ "account": "c2:ZAR" }, { "account": "none" }, { "account": "" }]),
    );
    let outcome = &told.outcomes[0].outcome;
    assert_eq!(outcome.status, "exceeds_debits");
    assert_eq!((&outcome.account, &outcome.have, &outcome.need), (&None, &None, &None));
    assert!(!outcome.reason.as_deref().unwrap().contains("full"), "{outcome:?}");
    assert_eq!((told.refused.len(), told.accounts.len()), (3, 0));
    // What the payer lacks is.
    let pay =
        json!({ "op": "post", "key": "q", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "500.00" });
    let outcome = bank.sync(vec![pay], json!([])).outcomes.remove(0).outcome;
    assert_eq!(outcome.have.as_deref(), Some("100.00 ZAR"));
}

#[test]
fn what_is_new_comes_once() {
    let mut bank = Bank::open();
    let first = bank.sync(vec![], json!([{ "account": "c1:ZAR" }]));
    let news = &first.accounts[0];
    assert_eq!((news.entries.len(), news.more), (1, false));
    let last = news.entries[0].sequence;
    let pays: Vec<_> = (0..ENTRIES_TOLD + 7)
        .map(|n| json!({ "op": "post", "key": format!("p{n}"), "from": "c1:ZAR", "to": "c2:ZAR", "amount": "0.01" }))
        .collect();
    assert!(bank.book(pays).iter().all(|told| told.ok));
    let page = bank.sync(vec![], json!([{ "account": "c1:ZAR", "after": last }]));
    let news = &page.accounts[0];
    assert_eq!((news.entries.len(), news.more), (200, true));
    assert_eq!(news.entries[0].transfer, "p0");
    let last = news.entries[199].sequence;
    let rest = bank.sync(vec![], json!([{ "account": "c1:ZAR", "after": last }]));
    assert_eq!((rest.accounts[0].entries.len(), rest.accounts[0].more), (7, false));
    // A device without any is told the newest.
    let newest = bank.sync(vec![], json!([{ "account": "c1:ZAR" }]));
    let entries = &newest.accounts[0].entries;
    assert_eq!((entries.len(), entries[199].transfer.as_str()), (200, "p206"));
    assert!(entries.is_sorted_by_key(|entry| entry.sequence));
    assert_eq!((newest.accounts[0].after, newest.accounts[0].from_the_beginning), (None, false));
    assert_eq!(newest.accounts[0].opening, "99.93");
    // One that is far behind begins anew, and no more than a bounded part of the history is read for it.
    let many: Vec<_> = (0..BEHIND_MAX)
        .map(|n| json!({ "op": "post", "key": format!("q{n}"), "from": "c1:ZAR", "to": "c2:ZAR", "amount": "0.01" }))
        .collect();
    assert!(bank.book(many).iter().all(|told| told.ok));
    let anew = bank.sync(vec![], json!([{ "account": "c1:ZAR", "after": last }]));
    assert_eq!((anew.accounts[0].after, anew.accounts[0].entries.len()), (None, 200));
    assert_eq!(anew.accounts[0].entries[199].transfer, "q999");
}

#[test]
fn what_was_booked_is_told_as_booked_whatever_the_customer_may_do_by_now() {
    let mut bank = Bank::open();
    let pay =
        json!({ "op": "post", "key": "p", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "5.00" });
    let broke =
        json!({ "op": "post", "key": "r", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "900.00" });
    bank.sync(vec![pay.clone(), broke.clone()], json!([]));
    // The payee is gone, and so is the account; the same intent comes from another phone, at another time.
    let intents = [pay, broke]
        .map(|command| json!({ "made_at": "2026-01-31T00:00:00Z", "command": command }));
    let call: SyncCall = serde_json::from_value(
        json!({ "customer": "c1", "accounts": [], "request": { "intents": intents } }),
    )
    .unwrap();
    let commands: Vec<_> =
        call.admit(bank.0.book()).unwrap().into_iter().map(Result::unwrap).collect();
    let told = bank.submit(&commands);
    let reply = call.reply(bank.0.book(), told, NOW).unwrap();
    let told: Vec<_> =
        reply.outcomes.iter().map(|one| (one.outcome.status.as_str(), one.outcome.ok)).collect();
    assert_eq!(told, [("exists", true), ("exceeds_credits", false)]);
}

#[test]
fn what_others_placed_is_told_without_their_names() {
    let mut bank = Bank::open();
    let told = bank.book(vec![
        json!({ "op": "hold", "key": "device/c2/gift", "from": "c2:ZAR", "to": "c1:ZAR", "amount": "1.00", "metadata": { "note": "surprise" } }),
        json!({ "op": "post", "key": "device/c2/pay", "from": "c2:ZAR", "to": "c1:ZAR", "amount": "1.00" }),
    ]);
    assert!(told.iter().all(|one| one.ok));
    let news = bank.sync(vec![], json!([{ "account": "c1:ZAR" }])).accounts.remove(0);
    assert_eq!((news.holds[0].key.as_str(), news.holds[0].metadata.len()), ("", 0));
    assert!(news.entries.iter().all(|entry| !entry.transfer.contains("c2/")), "{:?}", news.entries);
}

#[test]
fn an_account_is_one_whichever_of_its_names_is_used() {
    let mut bank = Bank::open();
    let own = "7f000000-0000-8000-8000-000000000007";
    let opened = bank.book(vec![
        json!({ "op": "account", "key": "c3:ZAR", "id": own, "asset": "ZAR", "kind": "liability", "parent": "clients:ZAR" }),
        json!({ "op": "post", "key": "dep-3", "from": "bank:ZAR", "to": "c3:ZAR", "amount": "1.00" }),
    ]);
    assert!(opened.iter().all(|one| one.ok), "{opened:?}");
    for (mine, from) in [("c3:ZAR", own), (own, "c3:ZAR")] {
        let intent = json!({ "made_at": "2026-01-30T09:59:00Z", "command": { "op": "post", "key": "p", "from": from, "to": "c2:ZAR", "amount": "2.00" } });
        let call: SyncCall = serde_json::from_value(json!({
            "customer": "c3", "accounts": [mine], "payees": ["clients:ZAR"],
            "request": { "intents": [intent], "accounts": [{ "account": "c3:ZAR" }] },
        }))
        .unwrap();
        let command = call.admit(bank.0.book()).unwrap().remove(0).unwrap();
        let told = bank.submit(&[command]);
        let reply = call.reply(bank.0.book(), told, NOW).unwrap();
        assert!(reply.refused.is_empty());
        assert_eq!(reply.outcomes[0].outcome.status, "exceeds_credits");
    }
}

#[test]
fn a_call_that_makes_no_sense_is_refused_as_a_whole() {
    let bank = Bank::open();
    let intent = Intent {
        made_at: "2026-01-30T09:59:00Z".to_owned(),
        command: api::Post::new("p", "c1:ZAR", "c2:ZAR", "1.00").into(),
    };
    let many = vec![intent.clone(); INTENTS_MAX + 1];
    let follow = Follow { account: "c1:ZAR".to_owned(), after: None };
    let twice = vec![follow.clone(), follow.clone()];
    let follows = vec![follow; FOLLOWED_MAX + 1];
    let cases = [
        ("", vec!["c1:ZAR"], SyncRequest::default(), "customer"),
        ("c1/x", vec!["c1:ZAR"], SyncRequest::default(), "customer"),
        ("c1", vec![""], SyncRequest::default(), "accounts"),
        ("c1", vec![], SyncRequest { intents: many, ..SyncRequest::default() }, "request.intents"),
        (
            "c1",
            vec![],
            SyncRequest { accounts: follows, ..SyncRequest::default() },
            "request.accounts",
        ),
        (
            "c1",
            vec![],
            SyncRequest { accounts: twice, ..SyncRequest::default() },
            "request.accounts",
        ),
    ];
    for (customer, accounts, request, field) in cases {
        let accounts = accounts.into_iter().map(str::to_owned).collect();
        let call =
            SyncCall { customer: customer.to_owned(), accounts, request, ..SyncCall::default() };
        assert_eq!(call.admit(bank.0.book()).unwrap_err().field, field);
    }
    // An intent of no time is a fault of the device's, told with the intent.
    let request = SyncRequest {
        intents: vec![Intent { made_at: "noon".to_owned(), ..intent }],
        ..SyncRequest::default()
    };
    let call = SyncCall {
        customer: "c1".to_owned(),
        accounts: vec!["c1:ZAR".to_owned()],
        request,
        ..SyncCall::default()
    };
    let told = call.admit(bank.0.book()).unwrap().remove(0).unwrap_err();
    assert_eq!((told.status.as_str(), told.field.as_deref()), ("invalid", Some("made_at")));
}
