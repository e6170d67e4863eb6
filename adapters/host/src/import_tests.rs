use thalium_blnk::{Export, Kind, Options, Plan};

use super::*;

fn plan(amounts: &[u64]) -> Plan {
    let total: u64 = amounts.iter().sum();
    let balances = format!(
        r#"[{{"balance_id":"bln_a","currency":"USD","credit_balance":0,"debit_balance":{total},"created_at":"2026-07-01T08:00:00Z"}},
            {{"balance_id":"bln_b","currency":"USD","credit_balance":{total},"debit_balance":0,"created_at":"2026-07-01T08:00:00Z"}}]"#
    );
    let transaction = |(n, amount): (usize, &u64)| {
        format!(
            r#"{{"transaction_id":"txn_{n}","status":"APPLIED","source":"bln_a","destination":"bln_b","currency":"USD",
                "precision":100,"precise_amount":{amount},"created_at":"2026-07-01T09:00:00Z"}}"#
        )
    };
    let transactions: String = amounts.iter().enumerate().map(transaction).collect();
    let export = Export::from_json(b"", balances.as_bytes(), transactions.as_bytes(), b"");
    Plan::of(&export.unwrap(), &Options::default())
}

#[test]
fn what_blnk_holds_is_booked_once_however_often_it_is_imported() {
    let thalium = Thalium::open("memory:").unwrap();
    let amounts: Vec<u64> = (1..=9_000).collect();
    let plan = plan(&amounts);
    let mut told = Vec::new();
    assert_eq!(thalium.import_blnk(&plan, |done| told.push(done)).unwrap(), []);
    assert_eq!(told, [2, 4_098, 8_194, 9_002]);
    let root = thalium.read(|book| book.event_count()).unwrap();
    assert_eq!(thalium.import_blnk(&plan, drop).unwrap(), []);
    let transfers = thalium.read(|book| book.transfers().count()).unwrap();
    assert_eq!(transfers, 9_000);
    assert!(thalium.read(|book| book.event_count()).unwrap() >= root);
    let balance = thalium.account("bln_b").unwrap().unwrap().balances.balance;
    assert_eq!(balance, "405045.00");
}

#[test]
fn what_the_ledger_refuses_is_told_and_nothing_behind_it_is_booked() {
    let thalium = Thalium::open("memory:").unwrap();
    // The ledger knows the balance already, with another asset.
    thalium.do_one(crate::Account::liability("bln_b", "EUR")).unwrap();
    let differences = thalium.import_blnk(&plan(&[5]), drop).unwrap();
    // What stands in the ledger is younger than all that Blnk has, and the one balance is another's.
    let told: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(differences.iter().all(|own| own.kind == Kind::Refused));
    assert!(
        told[0].starts_with("refused bln_a: imported_event_timestamp_must_not_regress"),
        "{told:?}"
    );
    assert!(told[1].starts_with("refused bln_b: exists_with_different"), "{told:?}");
    assert_eq!(thalium.read(|book| book.transfers().count()).unwrap(), 0);
}
