//! Questions as a user writes them.

use serde_json::{Value, json};

use super::*;
use crate::api::{Command, resolve};
use crate::{Engine, Genesis, Request};

const NOW: i64 = 1_769_767_200 * time::SECOND; // 2026-01-30, 10:00 in UTC.
const HOUR: i64 = 3_600 * time::SECOND;

fn books() -> Engine {
    let mut engine = Engine::new(Genesis::default());
    let mut execute = |now: i64, commands: Value| {
        let commands: Vec<Command> = serde_json::from_value(commands).unwrap();
        let commands = resolve(&engine, &commands).commands;
        let executed = engine.execute(&Request { now, commands, ..Request::default() }).unwrap();
        assert!(executed.outcomes.iter().all(|outcome| outcome.status.is_created()));
    };
    execute(
        NOW,
        json!([
            { "op": "asset", "code": "BTC", "scale": 8 },
            { "op": "account", "key": "bank:ZAR", "asset": "ZAR", "kind": "asset" },
            { "op": "account", "key": "b1:ZAR", "asset": "ZAR", "kind": "liability" },
            { "op": "account", "key": "c1:ZAR", "asset": "ZAR", "kind": "liability", "parent": "b1:ZAR" },
            { "op": "account", "key": "c2:ZAR", "asset": "ZAR", "kind": "liability", "parent": "b1:ZAR" },
            { "op": "account", "key": "vault:BTC", "asset": "BTC", "kind": "asset" },
        ]),
    );
    execute(
        NOW + HOUR,
        json!([
            { "op": "post", "key": "dep-1", "from": "bank:ZAR", "to": "c1:ZAR", "amount": "100.00" },
            { "op": "hold", "key": "ord-1", "from": "c1:ZAR", "to": "c2:ZAR", "amount": "30.00" },
            { "op": "capture", "key": "fill-1", "hold": "ord-1", "amount": "20.00" },
        ]),
    );
    execute(
        NOW + 2 * HOUR,
        json!([{ "op": "post", "key": "wd-1", "from": "c1:ZAR", "to": "bank:ZAR", "amount": "5.00" }]),
    );
    engine
}

fn ask(engine: &Engine, question: Value) -> Value {
    let question: Question = serde_json::from_value(question).unwrap();
    serde_json::to_value(answer(engine, &question).unwrap()).unwrap()
}

fn fault(engine: &Engine, question: Value) -> String {
    let question: Question = serde_json::from_value(question).unwrap();
    answer(engine, &question).unwrap_err().field.into_owned()
}

fn keys(page: &Value, list: &str, name: &str) -> Vec<String> {
    let found = page[list].as_array().unwrap().iter();
    found.map(|one| one[name].as_str().unwrap().to_owned()).collect()
}

#[test]
fn accounts_are_found_under_an_account_in_an_asset_and_page_by_page() {
    let engine = books();
    let find = |question: Value| keys(&ask(&engine, question), "accounts", "key");
    let all = ["bank:ZAR", "b1:ZAR", "c1:ZAR", "c2:ZAR", "vault:BTC"];
    assert_eq!(find(json!({ "op": "list_accounts" })), all);
    assert_eq!(find(json!({ "op": "list_accounts", "under": "b1:ZAR" })), all[1..4]);
    assert_eq!(find(json!({ "op": "list_accounts", "asset": "BTC" })), all[4..]);
    let mut after = Value::Null;
    let mut found = Vec::new();
    loop {
        let page = ask(&engine, json!({ "op": "list_accounts", "limit": 2, "after": after }));
        found.extend(keys(&page, "accounts", "key"));
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(found, all);
    assert_eq!(fault(&engine, json!({ "op": "list_accounts", "under": "nobody" })), "under");
    assert_eq!(fault(&engine, json!({ "op": "list_accounts", "asset": "XXL" })), "asset");
    assert_eq!(fault(&engine, json!({ "op": "list_accounts", "limit": 0 })), "limit");
}

#[test]
fn an_account_is_told_as_it_was() {
    let engine = books();
    let balance = |at: Value| {
        let account = ask(&engine, json!({ "op": "get_account", "name": "c1:ZAR", "at": at }));
        account["available"].as_str().map(str::to_owned)
    };
    assert_eq!(balance(Value::Null).unwrap(), "75.00");
    assert_eq!(balance(json!("2026-01-30T11:59:59Z")).unwrap(), "80.00");
    assert_eq!(balance(json!("2026-01-30T10:30:00Z")).unwrap(), "0.00");
    assert_eq!(balance(json!("2026-01-29")), None);
    assert_eq!(ask(&engine, json!({ "op": "get_account", "name": "nobody" })), Value::Null);
    assert_eq!(fault(&engine, json!({ "op": "get_account", "name": "" })), "name");
    assert_eq!(
        fault(&engine, json!({ "op": "get_account", "name": "c1:ZAR", "at": "noon" })),
        "at"
    );
}

#[test]
fn a_history_tells_every_change_with_the_balance_after_it() {
    let engine = books();
    let page = ask(&engine, json!({ "op": "history", "account": "c1:ZAR" }));
    let of = |name| keys(&page, "entries", name);
    assert_eq!(of("transfer"), ["dep-1", "ord-1", "fill-1", "wd-1"]);
    assert_eq!(of("what"), ["post", "hold", "capture", "post"]);
    assert_eq!(of("amount"), ["100.00 ZAR", "30.00 ZAR", "20.00 ZAR", "5.00 ZAR"]);
    assert_eq!(of("change"), ["100.00", "0.00", "-20.00", "-5.00"]);
    assert_eq!(of("balance"), ["100.00", "100.00", "80.00", "75.00"]);
    assert_eq!(of("available"), ["100.00", "70.00", "80.00", "75.00"]);
    let newest = json!({ "op": "history", "account": "c1:ZAR", "newest_first": true, "limit": 3 });
    let page = ask(&engine, newest);
    assert_eq!(keys(&page, "entries", "transfer"), ["wd-1", "fill-1", "ord-1"]);
    let next = json!({ "op": "history", "account": "c1:ZAR", "newest_first": true, "after": page["next"] });
    let page = ask(&engine, next);
    assert_eq!(
        (keys(&page, "entries", "transfer"), &page["next"]),
        (vec!["dep-1".to_owned()], &Value::Null)
    );
    // A debit makes more of what is owned.
    let bank = ask(&engine, json!({ "op": "history", "account": "bank:ZAR" }));
    assert_eq!(keys(&bank, "entries", "change"), ["100.00", "-5.00"]);
    assert_eq!(fault(&engine, json!({ "op": "history", "account": "nobody" })), "account");
}

#[test]
fn a_field_that_no_question_has_is_refused() {
    let misspelt = json!({ "op": "statement", "acount": "c1:ZAR" });
    let error = serde_json::from_value::<Question>(misspelt).unwrap_err().to_string();
    assert!(error.contains("acount") && error.contains("account"), "{error}");
}

#[test]
fn assets_are_listed_with_the_currencies_or_without() {
    let engine = books();
    let codes = |all: bool| {
        let assets = ask(&engine, json!({ "op": "list_assets", "all": all }));
        keys(&json!({ "assets": assets }), "assets", "code")
    };
    assert_eq!(codes(false), ["BTC"]);
    let all = codes(true);
    assert!(all.contains(&"ZAR".to_owned()) && all.contains(&"BTC".to_owned()));
    assert!(all.is_sorted());
}
