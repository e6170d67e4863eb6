//! What a device keeps, as a customer meets it.

use serde_json::json;

use super::*;
use crate::api::{AccountNews, IntentOutcome, Outcome, Post};

const NOW: i64 = 1_769_767_200 * SECOND; // 2026-01-30, 10:00 in UTC.

fn pay(key: &str, amount: &str) -> Command {
    Post::new(key, "c1:ZAR", "c2:ZAR", amount).into()
}

fn reply(outcomes: &[(&str, bool)]) -> SyncReply {
    let outcomes = outcomes.iter().map(|(key, ok)| IntentOutcome {
        key: (*key).to_owned(),
        outcome: Outcome { ok: *ok, status: "told".to_owned(), ..Outcome::default() },
    });
    SyncReply { outcomes: outcomes.collect(), ..SyncReply::default() }
}

/// News of `c1:ZAR` whose entries have these numbers and add one each.
fn news(numbers: std::ops::RangeInclusive<u64>, more: bool) -> AccountNews {
    let entries = numbers.clone().map(|n| {
        json!({ "sequence": n, "timestamp": format!("2026-01-{:02}T10:00:00Z", n.min(31)), "what": "post",
            "transfer": format!("t{n}"), "counterparty": "bank:ZAR", "side": "credit", "amount": "1.00 ZAR", "change": "1.00",
            "balance": format!("{n}.00"), "available": format!("{n}.00"), "effective_date": "2026-01-01", "description": "" })
    });
    serde_json::from_value(json!({
        "name": "c1:ZAR", "holds": [], "more": more, "from_the_beginning": *numbers.start() == 1,
        "after": (*numbers.start() > 1).then(|| numbers.start() - 1), "opening": format!("{}.00", numbers.start() - 1),
        "entries": entries.collect::<Vec<_>>(),
        "account": { "id": crate::Id::from_key("account", "c1:ZAR"), "key": "c1:ZAR", "name": "", "asset": "ZAR",
            "asset_kind": "fiat", "kind": "liability", "parent": null, "code": 1, "flags": [],
            "opened_at": "2026-01-01T00:00:00Z", "debits_pending": "0.00", "debits_posted": "0.00",
            "credits_pending": "0.00", "credits_posted": "0.00", "balance": format!("{}.00", numbers.end()),
            "available": format!("{}.00", numbers.end()) },
    }))
    .unwrap()
}

fn told(numbers: std::ops::RangeInclusive<u64>, events: u64) -> SyncReply {
    let time = format!("2026-01-30T10:00:{events:02}Z");
    SyncReply { accounts: vec![news(numbers, false)], events, time, ..SyncReply::default() }
}

#[test]
fn an_intent_goes_out_until_it_is_answered() {
    let mut device = Device::default();
    device.intend(pay("a", "1.00"), NOW).unwrap();
    device.intend(pay("b", "2.00"), NOW - 9 * SECOND).unwrap();
    // In the order in which they were given, whatever the clock says.
    let keys = |start: &SyncStart| -> Vec<String> {
        let intents = &start.request.as_ref().unwrap().intents;
        intents.iter().map(|intent| key_of(&intent.command).to_owned()).collect()
    };
    assert_eq!(keys(&device.begin_sync(NOW)), ["a", "b"]);
    assert_eq!(device.intent("a").unwrap().state, IntentState::Sent);
    // Nothing was heard: it goes out again, and says so.
    let wait = device.fail_sync(NOW, 0).wait_ms;
    assert_eq!(device.begin_sync(NOW), SyncStart { request: None, wait_ms: wait });
    assert_eq!(keys(&device.begin_sync(NOW + SECOND)), ["a", "b"]);
    assert_eq!(device.intent("a").unwrap().attempts, 2);
    // One is answered and the other is not.
    let done = device.end_sync(&reply(&[("a", true)]), NOW + SECOND);
    assert_eq!((done.intents.len(), done.intents[0].state), (1, IntentState::Booked));
    assert_eq!(keys(&device.begin_sync(NOW + SECOND)), ["b"]);
    device.end_sync(&reply(&[("b", false)]), NOW + SECOND);
    assert_eq!(device.intent("b").unwrap().state, IntentState::Rejected);
    assert!(device.intents(true).is_empty());
    // A reply that comes late changes nothing.
    assert!(device.end_sync(&reply(&[("a", false), ("none", true)]), NOW).intents.is_empty());
    assert_eq!(device.intent("a").unwrap().state, IntentState::Booked);
}

#[test]
fn what_an_intent_may_be() {
    let cases = [
        (
            json!({ "op": "post", "key": "a", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "1" }),
            None,
        ),
        (json!({ "op": "hold", "key": "a", "from": "c1:ZAR", "amount": "1" }), None),
        (json!({ "op": "release", "key": "a", "hold": "h" }), None),
        (json!({ "op": "capture", "key": "a", "hold": "h" }), Some("op")),
        (json!({ "op": "account", "key": "a", "asset": "ZAR" }), Some("op")),
        (json!({ "op": "post", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "1" }), Some("key")),
        (
            json!({ "op": "post", "key": "a", "id": "7", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "1" }),
            Some("id"),
        ),
        (json!({ "op": "release", "key": "a", "hold": "h", "linked": true }), Some("linked")),
        // The civil date, codes and user data are the back end's.
        (
            json!({ "op": "release", "key": "a", "hold": "h", "effective_date": "2019-01-01" }),
            Some("effective_date"),
        ),
        (json!({ "op": "release", "key": "a", "hold": "h", "code": 7 }), Some("code")),
        (
            json!({ "op": "release", "key": "a", "hold": "h", "user_data_128": "7" }),
            Some("user_data_128"),
        ),
        (
            json!({ "op": "release", "key": "a", "hold": "h", "user_data_64": 7 }),
            Some("user_data_64"),
        ),
        (
            json!({ "op": "release", "key": "a", "hold": "h", "user_data_32": 7 }),
            Some("user_data_32"),
        ),
        // Nothing is no amount, and what could never be sent is not kept.
        (
            json!({ "op": "post", "key": "a", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "0.00 ZAR" }),
            Some("amount"),
        ),
        (json!({ "op": "hold", "key": "a", "from": "c1:ZAR", "amount": "0" }), Some("amount")),
        (json!({ "op": "release", "key": "a", "hold": "h".repeat(1_025) }), Some("hold")),
        (json!({ "op": "release", "key": "k".repeat(300), "hold": "h" }), Some("key")),
        (
            json!({ "op": "release", "key": "a", "hold": "h", "description": "d".repeat(9_000) }),
            Some("description"),
        ),
        (
            json!({ "op": "release", "key": "a", "hold": "h", "metadata": { "m": "m".repeat(4_096) } }),
            Some("metadata"),
        ),
    ];
    for (command, field) in cases {
        let told = Device::default()
            .intend(serde_json::from_value(command.clone()).unwrap(), NOW)
            .map(drop);
        assert_eq!(told.err().as_ref().map(|invalid| &*invalid.field), field, "{command}");
    }
}

#[test]
fn a_key_stands_for_one_intent() {
    let mut device = Device::default();
    device.intend(pay("a", "1.00"), NOW).unwrap();
    assert_eq!(device.intend(pay("a", "1.00"), NOW + SECOND).unwrap().number, 1);
    assert_eq!(device.intents(false).len(), 1);
    let cases: [(Command, &str); 4] = [
        (pay("a", "1.01"), "`amount`"),
        (Post::new("a", "c3:ZAR", "c2:ZAR", "1.00").into(), "`from`"),
        (Post::new("a", "c1:ZAR", "c3:ZAR", "1.00").into(), "`to`"),
        (crate::api::Hold::new("a", "c1:ZAR", "c2:ZAR", "1.00").into(), "`op`"),
    ];
    for (command, named) in cases {
        let told = device.intend(command, NOW).unwrap_err();
        assert!(told.field == "key" && told.message.contains(named), "{told}");
    }
}

#[test]
fn only_what_was_never_sent_is_taken_back() {
    let mut device = Device::default();
    device.intend(pay("a", "1.00"), NOW).unwrap();
    device.intend(pay("b", "1.00"), NOW).unwrap();
    assert_eq!(device.cancel("a", NOW).unwrap().state, IntentState::Cancelled);
    assert_eq!(device.cancel("a", NOW).unwrap().state, IntentState::Cancelled);
    assert_eq!(device.begin_sync(NOW).request.unwrap().intents.len(), 1);
    for key in ["b", "none"] {
        assert_eq!(device.cancel(key, NOW).unwrap_err().field, "key");
    }
    device.end_sync(&reply(&[("b", true)]), NOW);
    assert!(device.cancel("b", NOW).unwrap_err().message.contains("is booked"));
}

#[test]
fn pauses_grow_and_differ() {
    let mut device = Device::default();
    let mut waits = Vec::new();
    for random in [0, u64::MAX, 0, u64::MAX, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] {
        waits.push(device.fail_sync(NOW, random).wait_ms);
    }
    assert_eq!(waits[0], 500);
    assert!(waits[1] > 1_000 && waits[1] < 2_000, "{waits:?}");
    assert_eq!(waits.last(), Some(&150_000));
    // A clock that was set back a year does not keep it for a year.
    assert!(device.begin_sync(NOW - 31_536_000 * SECOND).request.is_some());
    device.fail_sync(NOW, 0);
    assert!(device.begin_sync(NOW).request.is_none());
    device.hurry();
    assert!(device.begin_sync(NOW).request.is_some());
}

#[test]
fn a_copy_is_what_the_back_end_told_and_never_older() {
    let mut device = Device::default();
    device.follow("c1:ZAR").unwrap();
    assert_eq!(device.account("c1:ZAR").unwrap().view().account, None);
    assert_eq!(device.account("c1:ZAR").unwrap().statement(None, None), Ok(None));
    assert_eq!(device.end_sync(&told(1..=3, 10), NOW).accounts, ["c1:ZAR"]);
    let follow = &device.begin_sync(NOW).request.unwrap().accounts[0];
    assert_eq!(follow.after, Some(3));
    device.end_sync(&told(4..=5, 12), NOW);
    // Late, and twice.
    assert!(device.end_sync(&told(4..=4, 11), NOW).accounts.is_empty());
    device.end_sync(&told(4..=5, 12), NOW);
    let copy = device.account("c1:ZAR").unwrap();
    let numbers: Vec<_> = copy.entries.iter().map(|entry| entry.sequence).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(copy.view().as_of.as_deref(), Some("2026-01-30T10:00:12Z"));
    // By its id too.
    let id = crate::Id::from_key("account", "c1:ZAR").to_string();
    assert_eq!(device.account(&id), device.account("c1:ZAR"));
}

#[test]
fn statements_are_cut_from_the_copy() {
    let mut device = Device::default();
    device.follow("c1:ZAR").unwrap();
    device.end_sync(&told(1..=9, 10), NOW);
    let statement = |device: &Device, from: Option<&str>, to: Option<&str>| {
        let told = device.account("c1:ZAR").unwrap().statement(from, to).unwrap().unwrap();
        let DeviceStatement { statement, complete, .. } = told;
        (statement.opening, statement.entries.len(), statement.closing, complete)
    };
    let text = |text: &str| text.to_owned();
    assert_eq!(statement(&device, None, None), (text("0.00"), 9, text("9.00"), true));
    let middle = statement(&device, Some("2026-01-04"), Some("2026-01-06"));
    assert_eq!(middle, (text("3.00"), 3, text("6.00"), true));
    assert_eq!(statement(&device, Some("2026-02-01"), None), (text("9.00"), 0, text("9.00"), true));
    assert_eq!(statement(&device, None, Some("2025-12-31")), (text("0.00"), 0, text("0.00"), true));
    // A page that would leave a gap is not taken.
    assert!(device.end_sync(&told(12..=13, 15), NOW).accounts.is_empty());
    // The newest are kept; what stood before them is not there, and that is told.
    device.end_sync(&told(10..=1_100, 20), NOW);
    let all = statement(&device, None, None);
    assert_eq!(all, (text("100.00"), ENTRIES_KEPT, text("1100.00"), false));
    let copy = device.account("c1:ZAR").unwrap();
    assert_eq!(copy.statement(Some("2026-02-01"), Some("2026-01-01")).unwrap_err().field, "from");
    assert_eq!(copy.statement(Some("yesterday"), None).unwrap_err().field, "from");
}

#[test]
fn what_changed_is_named_and_what_is_old_forgotten() {
    let mut device = Device::default();
    device.follow("c1:ZAR").unwrap();
    device.intend(pay("a", "1.00"), NOW).unwrap();
    device.intend(pay("b", "1.00"), NOW).unwrap();
    assert_eq!(device.take_changed().len(), 3);
    device.begin_sync(NOW);
    assert_eq!(device.take_changed().len(), 2);
    device.end_sync(&reply(&[("a", true)]), NOW + SECOND);
    assert_eq!(
        device.take_changed().into_iter().collect::<Vec<_>>(),
        [Changed::Intent("a".to_owned())]
    );
    assert!(device.prune(NOW).is_empty());
    assert_eq!(device.prune(NOW + 2 * SECOND), ["a"]);
    assert_eq!(
        device.take_changed().into_iter().collect::<Vec<_>>(),
        [Changed::Intent("a".to_owned())]
    );
    assert_eq!(device.intents(false).len(), 1);
    device.unfollow("c1:ZAR");
    assert!(device.account("c1:ZAR").is_none());
    // What was kept comes again as it was.
    let intents = device.intents(false).into_iter().cloned().collect();
    let kept = Device::with(Records { intents, ..Records::default() });
    assert_eq!(kept.intent("b"), device.intent("b"));
}

#[test]
fn there_are_bounds() {
    let mut device = Device::default();
    for n in 0..FOLLOWED_MAX {
        device.follow(&format!("a{n}")).unwrap();
    }
    assert_eq!(device.follow("one more").unwrap_err().field, "account");
    assert_eq!(device.follow("").unwrap_err().field, "account");
    for n in 0..INTENTS_KEPT {
        device.intend(pay(&format!("k{n}"), "1.00"), NOW).unwrap();
    }
    assert_eq!(device.intend(pay("one more", "1.00"), NOW).unwrap_err().field, "key");
    assert_eq!(device.begin_sync(NOW).request.unwrap().intents.len(), INTENTS_MAX);
    // What brings nothing is not asked again at once; what brings something is.
    assert!(!device.end_sync(&reply(&[]), NOW).more);
    assert!(device.end_sync(&reply(&[("k0", true)]), NOW).more);
}

#[test]
fn a_request_is_no_larger_than_a_back_end_takes() {
    let mut device = Device::default();
    for n in 0..40 {
        let mut post = Post::new(format!("k{n}"), "c1:ZAR", "c2:ZAR", "1.00");
        post.extra.metadata.insert("note".to_owned(), "n".repeat(3_000));
        device.intend(post.into(), NOW).unwrap();
    }
    let request = device.begin_sync(NOW).request.unwrap();
    let text: usize = request.intents.iter().map(|one| text_of(&one.command)).sum();
    assert!(text <= REQUEST_TEXT_MAX && request.intents.len() > 20, "{}", request.intents.len());
}

#[test]
fn an_account_is_unfollowed_under_any_of_its_names() {
    let mut device = Device::default();
    device.follow("c1:ZAR").unwrap();
    device.end_sync(&told(1..=3, 10), NOW);
    device.take_changed();
    device.unfollow(&crate::Id::from_key("account", "c1:ZAR").to_string());
    assert_eq!(device.accounts().count(), 0);
    assert_eq!(
        device.take_changed().into_iter().collect::<Vec<_>>(),
        [Changed::Account("c1:ZAR".to_owned())]
    );
}
