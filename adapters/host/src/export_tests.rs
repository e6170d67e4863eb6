//! Books that go out as tables and come in again.

use std::path::Path;

use thalium_tables::{Form, Row, Table, read};

use super::*;
use crate::{Account, Capture, Hold, Leg, NewAsset, Post, Release, Transaction};

const FORMS: [(Form, &str); 3] =
    [(Form::Csv, "csv"), (Form::JsonLines, "jsonl"), (Form::Parquet, "parquet")];

/// Two assets, transfers in one step and two, a transaction, and text that CSV has to quote.
fn books() -> Thalium {
    let t = Thalium::open("memory:").unwrap();
    let asset = NewAsset {
        code: "WETH".into(),
        scale: 18,
        kind: crate::money::AssetKind::Crypto,
        ledger: None,
    };
    assert!(t.do_one(asset).unwrap().ok);
    let mut commands: Vec<Command> = Vec::new();
    for asset in ["ZAR", "WETH"] {
        commands.push(
            Account::asset(format!("bank:{asset}"), asset).name("A \"bank\",\nof sorts").into(),
        );
        commands.push(Account::liability(format!("c1:{asset}"), asset).into());
        commands.push(Account::liability(format!("c2:{asset}"), asset).into());
    }
    let mut dated = Post::new("dep-1", "bank:ZAR", "c1:ZAR", "1000.00");
    dated.extra.effective_date = Some("2026-01-31".into());
    dated.extra.description = "line one\nline two, \"quoted\"".into();
    dated.extra.metadata.insert("invoice".into(), "ü,7".into());
    dated.extra.user_data_128 = Some("0190b9f2-7c4e-7000-8000-000000000007".into());
    dated.extra.user_data_64 = u64::MAX;
    commands.push(dated.into());
    commands.push(Post::new("dep-2", "bank:WETH", "c2:WETH", "12.000000000000000001").into());
    commands.push(Hold::new("hold-1", "c1:ZAR", "c2:ZAR", "100.00").into());
    commands.push(Hold { timeout: 900, ..Hold::new("hold-2", "c1:ZAR", "c2:ZAR", "50.00") }.into());
    commands.push(Hold::new("hold-3", "c1:ZAR", "c2:ZAR", "7.00").into());
    commands.push(Capture::new("fill-1", "hold-1").amount("60.00").into());
    commands.push(Release::new("cancel", "hold-3").into());
    let legs = vec![
        Leg::debit("c1:ZAR", "100.00"),
        Leg::credit("c2:ZAR", "100.00"),
        Leg::debit("c2:WETH", "1"),
        Leg::credit("c1:WETH", "1"),
    ];
    commands.push(Transaction { key: "trade".into(), legs, ..Transaction::default() }.into());
    let outcomes = t.submit(&commands).unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.ok), "{outcomes:?}");
    t
}

fn rows(dir: &Path, t: &Thalium, table: Table, (form, extension): (Form, &str)) -> Vec<Row> {
    let path = dir.join(format!("{table:?}.{extension}"));
    let file = std::fs::File::create(&path).unwrap();
    match table {
        Table::Accounts => t.export_accounts(form, file, drop).unwrap(),
        Table::Transfers => {
            t.export_transfers(&TransferQuery::default(), form, file, drop).unwrap()
        }
        Table::Klines => unreachable!("candles are not of the books"),
    };
    read(&path, form).unwrap().collect::<Result<_, _>>().unwrap()
}

/// What a re-import cannot keep: where it stands in the log, that it was imported, the time of an open hold.
fn comparable(mut rows: Vec<Row>) -> Vec<Row> {
    for row in &mut rows {
        row.retain(|name, _| {
            !["sequence", "flags", "transaction", "timeout"].contains(&name.as_str())
        });
    }
    rows
}

#[test]
fn what_goes_out_in_any_form_comes_in_again() {
    let dir = tempfile::tempdir().unwrap();
    let there = books();
    let mut seen: Option<(Vec<Row>, Vec<Row>)> = None;
    for form in FORMS {
        let accounts = rows(dir.path(), &there, Table::Accounts, form);
        let transfers = rows(dir.path(), &there, Table::Transfers, form);
        assert_eq!((accounts.len(), transfers.len()), (6, 9));
        let here = Thalium::open("memory:").unwrap();
        let told = here.import_accounts(&accounts).unwrap();
        assert_eq!((told.booked, told.differences.as_slice()), (6, &[][..]));
        let mut told = TableImport::default();
        here.import_transfers(&transfers, 0, &mut told).unwrap();
        let expected = vec![(
            4,
            "the hold is open and has no time here: release it when it is due".to_owned(),
        )];
        assert_eq!((told.booked, told.differences), (9, expected));
        assert_eq!(here.compare_accounts(&accounts).unwrap(), []);
        assert_eq!(
            comparable(rows(dir.path(), &here, Table::Transfers, form)),
            comparable(transfers.clone())
        );
        // Once more: everything is recognised.
        let mut told = TableImport::default();
        here.import_transfers(&transfers, 0, &mut told).unwrap();
        assert_eq!((told.booked, told.replayed), (0, 9));
        // All forms say the same.
        let said = (accounts, transfers);
        assert_eq!(seen.get_or_insert_with(|| said.clone()), &said);
    }
}

#[test]
fn money_goes_out_exactly() {
    let dir = tempfile::tempdir().unwrap();
    let t = books();
    for form in FORMS {
        let transfers = rows(dir.path(), &t, Table::Transfers, form);
        let cells =
            ["key", "asset", "scale", "units", "amount"].map(|name| transfers[1][name].as_str());
        assert_eq!(cells, ["dep-2", "WETH", "18", "12000000000000000001", "12.000000000000000001"]);
        let accounts = rows(dir.path(), &t, Table::Accounts, form);
        let own = accounts.iter().find(|row| row["key"] == "c1:ZAR").unwrap();
        let cells = ["credits_posted", "debits_posted", "debits_pending", "balance", "available"]
            .map(|name| own[name].as_str());
        assert_eq!(cells, ["100000", "16000", "5000", "840.00", "790.00"]);
    }
}

#[test]
fn more_digits_than_parquet_holds_are_told_and_not_cut() {
    let t = Thalium::open("memory:").unwrap();
    t.do_one(Account::asset("bank:ZAR", "ZAR")).unwrap();
    t.do_one(Account::asset("vault:ZAR", "ZAR")).unwrap();
    let most = "3402823669209384634633746074317682114.54";
    assert!(t.do_one(Post::new("all", "bank:ZAR", "vault:ZAR", most)).unwrap().ok);
    let query = TransferQuery::default();
    let error = t.export_transfers(&query, Form::Parquet, Vec::new(), drop).unwrap_err();
    assert!(error.to_string().starts_with("row 1: units has more than 38 digits"), "{error}");
    let csv = t.export_transfers(&query, Form::Csv, Vec::new(), drop).unwrap();
    assert!(String::from_utf8(csv).unwrap().contains(most));
}

#[test]
fn balances_that_are_not_those_of_the_table_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let t = books();
    let mut accounts = rows(dir.path(), &t, Table::Accounts, FORMS[0]);
    accounts[0].insert("debits_posted".into(), "99999".into());
    accounts[1].insert("id".into(), "nobody".into());
    let told: Vec<String> = t
        .compare_accounts(&accounts)
        .unwrap()
        .into_iter()
        .map(|(row, why)| format!("{row}: {why}"))
        .collect();
    assert!(
        told[0].starts_with("1: debits_posted of ")
            && told[0].ends_with("is 99999 in the table, 100000 in the books")
    );
    assert_eq!(told[1], "2: the account is not there");
}
