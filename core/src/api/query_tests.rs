//! Questions as a user writes them, and what they find.

use serde_json::json;

use super::*;
use crate::api::{Command, resolve};
use crate::{Engine, Genesis, Request};

const DAY: i64 = 86_400 * time::SECOND;
/// 2026-01-30, 10:00 in UTC.
const NOW: i64 = 20_483 * DAY + 36_000 * time::SECOND;

/// Three days: a deposit on each, a fee on each, a correction on the last that is dated on the first.
fn books() -> Engine {
    let mut engine = Engine::new(Genesis::default());
    let mut execute = |now: i64, commands: serde_json::Value| {
        let commands: Vec<Command> = serde_json::from_value(commands).unwrap();
        let commands = resolve(&engine, &commands).commands;
        let executed = engine.execute(&Request { now, commands, ..Request::default() }).unwrap();
        assert!(executed.outcomes.iter().all(|outcome| outcome.status.is_created()));
    };
    execute(
        NOW,
        json!([
            { "op": "account", "key": "bank:ZAR", "asset": "ZAR", "kind": "asset" },
            { "op": "account", "key": "c1:ZAR", "asset": "ZAR", "kind": "liability" },
            { "op": "account", "key": "fees:ZAR", "asset": "ZAR", "kind": "income" },
            { "op": "account", "key": "bank:USD", "asset": "USD", "kind": "asset" },
        ]),
    );
    for day in 0..3 {
        execute(
            NOW + day * DAY,
            json!([
                { "op": "post", "key": format!("dep-{day}"), "from": "bank:ZAR", "to": "c1:ZAR", "amount": "100.00", "code": 1 },
                { "op": "post", "key": format!("fee-{day}"), "from": "c1:ZAR", "to": "fees:ZAR", "amount": "1.00", "code": 2 },
            ]),
        );
    }
    execute(
        NOW + 2 * DAY,
        json!([
            { "op": "post", "key": "late", "from": "c1:ZAR", "to": "fees:ZAR", "amount": "0.50", "code": 2, "effective_date": "2026-01-30" },
        ]),
    );
    engine
}

fn keys(engine: &Engine, query: serde_json::Value) -> Vec<String> {
    let query = serde_json::from_value(query).unwrap();
    let page = find_transfers(&Sight::whole(engine), &query).unwrap();
    page.transfers.into_iter().map(|transfer| transfer.key).collect()
}

#[test]
fn what_is_asked_is_found_in_the_order_of_the_log() {
    let engine = books();
    for (query, expected) in [
        (json!({}), "dep-0 fee-0 dep-1 fee-1 dep-2 fee-2 late"),
        (json!({ "newest_first": true, "limit": 2 }), "late fee-2"),
        (json!({ "account": "fees:ZAR" }), "fee-0 fee-1 fee-2 late"),
        (json!({ "account": "c1:ZAR", "side": "credit" }), "dep-0 dep-1 dep-2"),
        (json!({ "account": "c1:ZAR", "code": 2, "newest_first": true }), "late fee-2 fee-1 fee-0"),
        (json!({ "account": "c1:ZAR", "asset": "USD" }), ""),
        (json!({ "asset": "ZAR", "code": 1 }), "dep-0 dep-1 dep-2"),
        (json!({ "asset": "USD" }), ""),
        (json!({ "from": "2026-01-31" }), "dep-1 fee-1 dep-2 fee-2 late"),
        (json!({ "to": "2026-01-31" }), "dep-0 fee-0 dep-1 fee-1"),
        (json!({ "to": "2026-01-31T09:59:59Z" }), "dep-0 fee-0"),
        (json!({ "to_date": "2026-01-30" }), "dep-0 fee-0 late"),
        (json!({ "to_date": "2026-01-30", "newest_first": true }), "late fee-0 dep-0"),
        (json!({ "from_date": "2026-02-01" }), "dep-2 fee-2"),
        (
            json!({ "from_date": "2026-01-30", "to_date": "2026-01-31", "code": 2 }),
            "fee-0 fee-1 late",
        ),
        (json!({ "account": "fees:ZAR", "to_date": "2026-01-30" }), "fee-0 late"),
        (json!({ "account": "bank:ZAR", "to_date": "2026-01-30" }), "dep-0"),
        (json!({ "to_date": "2026-01-30", "from": "2026-02-01" }), "late"),
    ] {
        assert_eq!(keys(&engine, query.clone()).join(" "), expected, "{query}");
    }
}

#[test]
fn pages_follow_one_another_and_the_last_says_so() {
    let engine = books();
    for newest_first in [false, true] {
        let mut query = TransferQuery { limit: Some(3), newest_first, ..TransferQuery::default() };
        let mut sizes = Vec::new();
        loop {
            let page = find_transfers(&Sight::whole(&engine), &query).unwrap();
            sizes.push(page.transfers.len());
            query.after = page.next;
            if page.next.is_none() {
                break;
            }
        }
        assert_eq!(sizes, [3, 3, 1]);
    }
    // Seven are there: a page of seven is the last one.
    let query = TransferQuery { limit: Some(7), ..TransferQuery::default() };
    assert_eq!(find_transfers(&Sight::whole(&engine), &query).unwrap().next, None);
}

#[test]
fn what_cannot_be_asked_is_told() {
    let engine = books();
    for (query, expected) in [
        (json!({ "account": "nobody" }), "account: `nobody` is not there"),
        (json!({ "side": "debit" }), "side: is that of an account: name the account too"),
        (json!({ "asset": "XXZ" }), "asset: there is no asset `XXZ`"),
        (json!({ "limit": 0 }), "limit: 0 is not from 1 to 10000"),
        (json!({ "limit": 10_001 }), "limit: 10001 is not from 1 to 10000"),
        (
            json!({ "from": "then" }),
            "from: `then` is no instant: write 2026-01-31, 2026-01-31T09:30:00Z or nanoseconds since 1970",
        ),
        (json!({ "from": "2026-02-01", "to": "2026-01-31" }), "from: is after `to`: swap them"),
        (
            json!({ "from_date": "31.1.2026" }),
            "from_date: `31.1.2026` is no date: write 2026-01-31",
        ),
        (
            json!({ "from_date": "2026-02-01", "to_date": "2026-01-31" }),
            "from_date: is after `to_date`: swap them",
        ),
    ] {
        let query = serde_json::from_value(query).unwrap();
        let error = find_transfers(&Sight::whole(&engine), &query).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}
