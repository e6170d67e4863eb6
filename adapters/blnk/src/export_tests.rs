//! The forms in which lists come, and what cannot be read.

use super::*;

const ONE: &str = r#"{"balance_id":"bln_1","currency":"USD","credit_balance":340282366920938463463374607431768211455}"#;
const TWO: &str = r#"{"balance_id":"bln_2","currency":"USD","credit_balance":"12","debit_balance":-1e2,"meta_data":null}"#;

#[test]
fn lists_are_read_in_every_form() {
    for (form, text, repeated) in [
        ("an array", format!("[{ONE},{TWO}]"), 0),
        ("a page of a filtered list", format!(r#"{{"data":[{ONE},{TWO}],"total_count":2}}"#), 0),
        ("a record a line", format!("{ONE}\n{TWO}\n"), 0),
        ("pages that overlap", format!("[{ONE}]\n[{ONE},{TWO}]\nnull\n[]"), 1),
        ("an empty page behind", format!(r#"[{ONE},{TWO}] {{"data":null,"total_count":0}}"#), 0),
    ] {
        let export = Export::from_json(b"", text.as_bytes(), b"null", b"[]").unwrap();
        let ids: Vec<_> = export.balances.iter().map(|own| own.balance_id.as_str()).collect();
        assert_eq!((ids, export.repeated), (vec!["bln_1", "bln_2"], repeated), "{form}");
        let [one, two] = export.balances.as_slice() else { unreachable!() };
        assert_eq!(one.credit_balance.as_ref().unwrap().units(), Some(u128::MAX));
        assert_eq!(two.credit_balance.as_ref().unwrap().units(), Some(12));
        assert_eq!(two.debit_balance.as_ref().unwrap().units(), None, "a float is no amount");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    for (text, expected) in [
        (
            r#"[{"balance_id":7}]"#,
            "`balances`, record 1: invalid type: integer `7`, expected a string",
        ),
        (r#"[{"balance_id":"bln_1"},3]"#, "`balances`, record 2: invalid type: integer `3`"),
        (r#"[{"balance_id":"bln_1"}"#, "`balances`, record 1: EOF while parsing"),
        ("<html>", "`balances`, record 1: expected value"),
    ] {
        let error = Export::from_json(b"", text.as_bytes(), b"", b"").unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_directory_is_read_and_one_without_lists_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let error = Export::read(directory.path()).unwrap_err().to_string();
    assert!(error.contains("has no balances.json"), "{error}");
    std::fs::write(directory.path().join("balances.json"), format!("[{ONE}]")).unwrap();
    std::fs::write(directory.path().join("transactions.jsonl"), "{\"transaction_id\":\"txn_1\"}\n")
        .unwrap();
    let export = Export::read(directory.path()).unwrap();
    assert_eq!((export.balances.len(), export.transactions.len()), (1, 1));
}
