//! The facade as plain data: what it takes, what it refuses, and under which names.

use serde_json::{Value, json};

use super::*;
use crate::Options;

fn ask(t: &Thalium, request: &Value) -> Value {
    serde_json::from_str(&call(t, &request.to_string()).unwrap()).unwrap()
}

fn fails(t: &Thalium, request: &Value) -> (String, String) {
    let failure = call(t, &request.to_string()).unwrap_err();
    assert!(CODES.iter().any(|(code, _)| *code == failure.code), "{failure:?}");
    (failure.code, failure.field.unwrap_or_default())
}

fn open() -> Thalium {
    let t = Thalium::open("memory:").unwrap();
    let told = ask(
        &t,
        &json!({ "op": "submit", "commands": [
            { "op": "account", "key": "bank:ZAR", "asset": "ZAR", "kind": "asset" },
            { "op": "account", "key": "c1:ZAR", "asset": "ZAR", "kind": "liability" },
            { "op": "post", "key": "dep-1", "from": "bank:ZAR", "to": "c1:ZAR", "amount": "10.00" },
        ] }),
    );
    assert!(told.as_array().unwrap().iter().all(|outcome| outcome["ok"] == true), "{told}");
    t
}

#[test]
fn what_makes_no_sense_is_told_with_its_field() {
    let t = open();
    let many = vec![json!({ "op": "release", "key": "x", "hold": "y" }); COMMANDS_MAX + 1];
    let cases = [
        (json!({}), "op"),
        (json!({ "op": "pay" }), "op"),
        (json!({ "op": "backup", "ledger": "x", "to": "y" }), "op"),
        (json!({ "op": "submit" }), "commands"),
        (json!({ "op": "submit", "commands": {} }), "commands"),
        (json!({ "op": "submit", "commands": many }), "commands"),
        (json!({ "op": "submit", "commands": [], "now": "noon" }), "now"),
        (json!({ "op": "submit", "commands": [1] }), "commands[0]"),
        (
            json!({ "op": "submit", "commands": [{ "op": "post", "amonut": "1" }] }),
            "commands[0].amonut",
        ),
        (
            json!({ "op": "submit", "commands": [{ "op": "post", "amount": 1.5 }] }),
            "commands[0].amount",
        ),
        (json!({ "op": "rewrap_keys" }), "key_file"),
        (json!({ "op": "rewrap_keys", "key": "a", "passphrase": "b" }), "key_file"),
        (json!({ "op": "list_transfers", "limit": 0 }), "limit"),
        // Serde names these in its message.
        (json!({ "op": "health", "now": 1 }), ""),
        (json!({ "op": "statement", "acount": "x" }), ""),
    ];
    for (request, field) in cases {
        assert_eq!(fails(&t, &request), ("invalid".to_owned(), field.to_owned()), "{request}");
    }
    for text in ["", "[]", "{", "{\"op\":\"root\",\"op\":\"root\"}", "\u{0}"] {
        assert_eq!(call(&t, text).unwrap_err().code, "invalid", "{text:?}");
    }
    // Nothing of it was booked.
    assert_eq!(ask(&t, &json!({ "op": "stats" }))["transfers"], 1);
}

#[test]
fn a_rejection_is_a_value_and_a_retry_is_told() {
    let t = open();
    let post = |key: &str, amount: &str| {
        let post = json!({ "op": "post", "key": key, "from": "c1:ZAR", "to": "bank:ZAR", "amount": amount });
        ask(&t, &json!({ "op": "submit", "commands": [post] }))[0].clone()
    };
    let refused = post("wd-1", "10.01");
    assert_eq!(
        (&refused["status"], &refused["have"]),
        (&json!("exceeds_credits"), &json!("10.00 ZAR"))
    );
    assert_eq!(post("wd-2", "4.00")["replayed"], false);
    assert_eq!(post("wd-2", "4.00")["replayed"], true);
    assert_eq!(post("wd-2", "4")["status"], "exists");
    assert_eq!(post("wd-2", "5.00")["status"], "exists_with_different_amount");
}

#[test]
fn many_requests_are_answered_in_order_and_each_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let t = super::open(&folder.path().display().to_string(), "{}").unwrap();
    let accounts = json!({ "op": "submit", "commands": [
        { "op": "account", "key": "bank:ZAR", "asset": "ZAR" }, { "op": "account", "key": "c1:ZAR", "asset": "ZAR" },
    ] });
    let post = |key: &str| {
        let post =
            json!({ "op": "post", "key": key, "from": "bank:ZAR", "to": "c1:ZAR", "amount": "1" });
        json!({ "op": "submit", "commands": [post] }).to_string()
    };
    let requests = [
        accounts.to_string(),
        post("a"),
        "{}".to_owned(),
        post("a"),
        json!({ "op": "root" }).to_string(),
    ];
    let told = submit_many(&t, requests.iter().map(String::as_str));
    let replayed = |told: &Result<String, Failure>| {
        let told: Value = serde_json::from_str(told.as_ref().unwrap()).unwrap();
        told[0]["replayed"].clone()
    };
    assert_eq!((replayed(&told[1]), replayed(&told[3])), (json!(false), json!(true)));
    for wrong in [&told[2], &told[4]] {
        assert_eq!(wrong.as_ref().unwrap_err().field.as_deref(), Some("op"));
    }
}

#[test]
fn what_a_handle_cannot_do_has_its_code() {
    let t = open();
    for op in ["rotate_keys", "check_keys"] {
        assert_eq!(fails(&t, &json!({ "op": op })).0, "keys", "{op}");
    }
    ask(&t, &json!({ "op": "drain" }));
    assert_eq!(ask(&t, &json!({ "op": "health" }))["condition"], "draining");
    assert_eq!(fails(&t, &json!({ "op": "submit", "commands": [] })).0, "draining");
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("books").display().to_string();
    let code = |options: Value| super::open(&ledger, &options.to_string()).unwrap_err().code;
    assert_eq!(code(json!({ "create": false })), "missing");
    assert_eq!(code(json!({ "raed_only": true })), "invalid");
    assert_eq!(code(json!({ "memory_mib": 0 })), "invalid");
    assert_eq!(code(json!({ "keys": { "key_file": "/nowhere/key" } })), "keys");
    let written = super::open(&ledger, r#"{"context":{"actor":"desk"}}"#).unwrap();
    assert_eq!(code(json!({})), "locked");
    assert_eq!(code(json!({ "at": 99 })), "not_that_long");
    let reader = super::open(&ledger, r#"{"read_only":true}"#).unwrap();
    assert_eq!(fails(&reader, &json!({ "op": "submit", "commands": [] })).0, "read_only");
    let far = json!({ "op": "submit", "commands": [{ "op": "asset", "code": "BTC", "scale": 8 }], "now": "2200-01-01T00:00:00Z" });
    ask(
        &written,
        &json!({ "op": "submit", "commands": [{ "op": "asset", "code": "ETH", "scale": 18 }] }),
    );
    assert_eq!(fails(&written, &far).0, "clock");
    assert_eq!(super::open("ftp://x", "{}").unwrap_err().code, "address");
    assert_eq!(
        Thalium::open_with(
            "memory:",
            Options { access: crate::Access::Read, ..Options::default() }
        )
        .err()
        .unwrap()
        .code(),
        "address"
    );
}

#[test]
fn the_files_of_a_ledger_are_worked_on_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let run = |request: Value| -> Value {
        serde_json::from_str(&run(&request.to_string(), &mut |_| {}).unwrap()).unwrap()
    };
    assert_eq!(run(json!({ "op": "new_key", "file": at("key") })), json!(at("key")));
    let keys = json!({ "key_file": at("key") });
    let options = json!({ "keys": keys }).to_string();
    let t = super::open(&at("books"), &options).unwrap();
    ask(
        &t,
        &json!({ "op": "submit", "commands": [{ "op": "account", "key": "a", "asset": "ZAR" }] }),
    );
    assert_eq!(ask(&t, &json!({ "op": "rotate_keys" })), 2);
    assert_eq!(ask(&t, &json!({ "op": "check_keys" })), 2);
    let root = ask(&t, &json!({ "op": "root" }));
    t.close().unwrap();
    let verified = run(json!({ "op": "verify", "ledger": at("books"), "keys": keys }));
    assert_eq!((&verified["root"], &verified["events"]), (&root["root"], &root["events"]));
    let copied =
        run(json!({ "op": "backup", "ledger": at("books"), "to": at("copy"), "keys": keys }));
    assert_eq!(copied["root"], root["root"]);
    assert_eq!(run(json!({ "op": "rehearse", "ledger": at("copy"), "keys": keys }))["accounts"], 1);
    let restored = json!({ "op": "restore", "backup": at("copy"), "ledger": at("new"), "keys": keys, "decrypt": true });
    assert_eq!(run(restored.clone())["state_hash"], verified["state_hash"]);
    let failed = super::run(&restored.to_string(), &mut |_| {}).unwrap_err();
    assert_eq!(failed.code, "occupied");
    assert_eq!(run(json!({ "op": "upgrade", "ledger": at("new"), "check": true })), json!([]));
    let found = run(json!({ "op": "inspect", "ledger": at("new") }));
    assert_eq!((&found["data_keys"], &found["is_written"]), (&json!(0), &json!(false)));
    let unread = super::run(r#"{"op":"verify","ledger":"memory:"}"#, &mut |_| {}).unwrap_err();
    assert_eq!(unread.field.as_deref(), Some("ledger"));
    assert_eq!(
        super::run(r#"{"op":"submit"}"#, &mut |_| {}).unwrap_err().field.as_deref(),
        Some("op")
    );
}

#[test]
fn every_code_and_every_operation_has_one_name() {
    for (names, what) in [
        (CODES.iter().map(|(code, _)| *code).collect::<Vec<_>>(), "codes"),
        (OPERATIONS.iter().map(|operation| operation.name).collect(), "operations"),
    ] {
        let mut once = names.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), names.len(), "{what}");
    }
}

#[test]
fn every_code_and_every_operation_is_documented() {
    let page = include_str!("../../../docs/facade.md");
    let codes = CODES.iter().map(|(code, _)| *code);
    for name in codes.chain(OPERATIONS.iter().map(|operation| operation.name)) {
        assert!(page.contains(&format!("`{name}`")), "docs/facade.md says nothing of `{name}`");
    }
}
