//! Exports as Blnk returns them, and the books that come of them.

use serde_json::{Value, json};
use thalium::api::{self, TransferQuery};
use thalium::{Engine, Genesis, Request};

use super::*;

const NOW: i64 = 1_790_000_000_000_000_000;

/// A transaction at a minute of one morning.
fn txn(
    id: &str,
    status: &str,
    from: &str,
    to: &str,
    amount: u64,
    minute: u32,
    more: Value,
) -> Value {
    let mut own = json!({
        "transaction_id": id, "status": status, "source": from, "destination": to, "currency": "USD",
        "precise_amount": amount, "precision": 100, "amount": 0.1, "reference": format!("ref-{id}"),
        "created_at": format!("2026-07-01T08:{minute:02}:00.123456Z"), "effective_date": "0001-01-01T00:00:00Z",
        "parent_transaction": "", "inflight": true, "meta_data": null,
    });
    own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    own
}

fn balance(id: &str, currency: &str, [credit, debit, held_credit, held_debit]: [i64; 4]) -> Value {
    json!({
        "balance_id": id, "currency": currency, "ledger_id": "ldg_1", "indicator": "", "identity_id": "idt_1",
        "balance": credit - debit, "credit_balance": credit, "debit_balance": debit,
        "inflight_credit_balance": held_credit, "inflight_debit_balance": held_debit,
        "created_at": "2026-07-01T08:30:00Z", "meta_data": { "tier": "gold", "limit": 5 },
    })
}

fn plan(balances: Value, transactions: Value, options: &Options) -> Plan {
    let ledgers = json!([{ "ledger_id": "ldg_1", "name": "Customers" }]).to_string();
    let lists = [balances.to_string(), transactions.to_string()];
    let export = Export::from_json(
        ledgers.as_bytes(),
        lists[0].as_bytes(),
        lists[1].as_bytes(),
        br#"[{"identity_id":"idt_1","first_name":"secret"}]"#,
    );
    Plan::of(&export.unwrap(), options)
}

/// The books after the plan, and all differences: of the plan, of what was refused, of the balances.
fn booked(plan: &Plan) -> (Engine, Vec<String>) {
    let mut engine = Engine::new(Genesis::default());
    let mut told: Vec<String> = plan.differences.iter().map(ToString::to_string).collect();
    for commands in [&plan.assets, &plan.accounts, &plan.transfers] {
        let resolved = api::resolve(&engine, commands);
        assert!(resolved.parts.iter().all(Result::is_ok), "{:?}", resolved.parts);
        let request = Request { now: NOW, commands: resolved.commands, ..Request::default() };
        for (outcome, command) in engine.execute(&request).unwrap().outcomes.iter().zip(commands) {
            assert!(outcome.status.is_created(), "{outcome:?}: {command:?}");
        }
    }
    told.extend(plan.compare(engine.book()).map(|difference| difference.to_string()));
    (engine, told)
}

struct Case {
    name: &'static str,
    /// Credits, debits, held credits, held debits of `bln_a` and `bln_b`, in cents.
    balances: [[i64; 4]; 2],
    transactions: Vec<Value>,
    /// What is told.
    told: &'static [&'static str],
}

#[test]
#[allow(clippy::too_many_lines)]
fn every_state_of_a_transaction_comes_to_the_balances_that_blnk_shows() {
    let ab = |id: &str, status: &str, amount, minute, parent: &str| {
        txn(id, status, "bln_a", "bln_b", amount, minute, json!({ "parent_transaction": parent }))
    };
    for case in [
        Case {
            name: "a transaction that went through the queue",
            balances: [[0, 500, 0, 0], [500, 0, 0, 0]],
            transactions: vec![ab("t1", "QUEUED", 500, 31, ""), ab("t2", "APPLIED", 500, 32, "t1")],
            told: &[],
        },
        Case {
            name: "one that is still queued, one that was rejected",
            balances: [[0; 4], [0; 4]],
            transactions: vec![
                ab("t1", "QUEUED", 500, 31, ""),
                ab("t2", "QUEUED", 700, 31, ""),
                ab("t3", "REJECTED", 700, 32, "t2"),
            ],
            told: &[
                "not_applied t1: is QUEUED: submit it again when it is due",
                "rejected t3: nothing is booked",
            ],
        },
        Case {
            name: "a hold that is open",
            balances: [[0, 0, 0, 500], [0, 0, 500, 0]],
            transactions: vec![ab("t1", "INFLIGHT", 500, 31, "")],
            told: &[],
        },
        Case {
            name: "a hold that is captured in two steps and released for the rest",
            balances: [[0, 400, 0, 0], [400, 0, 0, 0]],
            transactions: vec![
                ab("t1", "INFLIGHT", 500, 31, ""),
                ab("t2", "APPLIED", 300, 32, "t1"),
                ab("t3", "APPLIED", 100, 33, "t1"),
                ab("t4", "VOID", 100, 34, "t1"),
            ],
            told: &[],
        },
        Case {
            name: "a capture in part, the rest still held",
            balances: [[0, 300, 0, 200], [300, 0, 200, 0]],
            transactions: vec![
                ab("t1", "INFLIGHT", 500, 31, ""),
                ab("t2", "APPLIED", 300, 31, "t1"),
            ],
            told: &[],
        },
        Case {
            name: "a capture that was queued",
            balances: [[0, 500, 0, 0], [500, 0, 0, 0]],
            transactions: vec![
                ab("t1", "INFLIGHT", 500, 31, ""),
                ab("t2", "QUEUED", 500, 32, "t1"),
                ab("t3", "APPLIED", 500, 33, "t2"),
            ],
            told: &[],
        },
        Case {
            name: "more captured than held",
            balances: [[0, 600, 0, 0], [600, 0, 0, 0]],
            transactions: vec![
                ab("t1", "INFLIGHT", 500, 31, ""),
                ab("t2", "APPLIED", 600, 32, "t1"),
            ],
            told: &["beyond_hold t2: goes 1.00 USD beyond what `t1` held"],
        },
        Case {
            name: "a refund: the other way round, under the transaction that it refunds",
            balances: [[500, 500, 0, 0], [500, 500, 0, 0]],
            transactions: vec![
                ab("t1", "APPLIED", 500, 31, ""),
                txn(
                    "t2",
                    "APPLIED",
                    "bln_b",
                    "bln_a",
                    500,
                    32,
                    json!({ "parent_transaction": "t1" }),
                ),
            ],
            told: &[],
        },
        Case {
            name: "a transaction that is older than its balances, two at one instant",
            balances: [[0, 500, 0, 0], [500, 0, 0, 0]],
            transactions: vec![ab("t1", "APPLIED", 200, 1, ""), ab("t2", "APPLIED", 300, 1, "")],
            told: &[],
        },
        Case {
            name: "a rate, as versions before 0.15 had it: cut off to whole units",
            balances: [[0, 10_001, 0, 0], [7_900, 0, 0, 0]],
            transactions: vec![txn(
                "t1",
                "APPLIED",
                "bln_a",
                "bln_b",
                10_001,
                31,
                json!({ "rate": 0.79 }),
            )],
            told: &["exchange t1: 100.01 USD for 79.00 USD"],
        },
        Case {
            name: "balances that are not what the transactions add up to",
            balances: [[0, 500, 0, 0], [501, 0, 0, 0]],
            transactions: vec![ab("t1", "APPLIED", 500, 31, "")],
            told: &["balance bln_b: credit_balance is 501 in Blnk, 500 in the books"],
        },
        Case {
            name: "records that make no sense",
            balances: [[0, 100, 0, 0], [100, 0, 0, 0]],
            transactions: vec![
                ab("t1", "APPLIED", 100, 31, ""),
                txn("t2", "APPLIED", "bln_a", "bln_a", 100, 31, json!({})),
                txn("t3", "APPLIED", "bln_a", "bln_b", 1, 31, json!({ "precise_amount": null })),
                txn("t4", "APPLIED", "bln_a", "bln_b", 1, 31, json!({ "precise_amount": 1.5 })),
                txn("t5", "APPLIED", "bln_a", "bln_b", 1, 31, json!({ "created_at": "today" })),
                ab("t6", "DONE", 1, 31, ""),
                ab("t7", "VOID", 1, 31, "nothing"),
            ],
            told: &[
                "same_account t2: `bln_a` is its source and its destination",
                "unreadable t3: precise_amount lacks: lists of Blnk before 0.15.1 leave it out, fetch GET /transactions/{id}",
                "unreadable t4: precise_amount `1.5` is no whole number from 0 to 2^128 − 1 in USD",
                "unreadable t5: created_at `today` is no instant",
                "status t6: has the status `DONE`, which is not known",
                "beyond_hold t7: releases a hold that the export does not have",
            ],
        },
    ] {
        let balances = json!([
            balance("bln_a", "USD", case.balances[0]),
            balance("bln_b", "USD", case.balances[1])
        ]);
        let plan = plan(balances, Value::Array(case.transactions), &Options::default());
        let (_, told) = booked(&plan);
        assert_eq!(told, case.told, "{}", case.name);
    }
}

#[test]
fn accounts_and_transfers_bear_the_ids_the_times_and_the_tags_of_blnk() {
    let balances =
        json!([balance("bln_a", "USD", [0, 5, 0, 0]), balance("bln_b", "USD", [5, 0, 0, 0])]);
    let more = json!({ "effective_date": "2026-06-30T00:00:00Z", "description": "rent", "meta_data": { "invoice": "7" } });
    let transactions = json!([txn("txn_1", "APPLIED", "bln_a", "bln_b", 5, 40, more)]);
    let (engine, told) = booked(&plan(balances, transactions, &Options::default()));
    assert!(told.is_empty(), "{told:?}");
    let book = engine.book();
    let account = book.account(Id::from_key("account", "bln_a")).unwrap();
    let view = api::account_view(book, &account);
    assert_eq!(
        (view.key.as_str(), view.opened_at.as_str(), view.balances.balance.as_str()),
        ("bln_a", "2026-07-01T08:30:00.000000000Z", "-0.05")
    );
    let metadata = serde_json::to_value(&view.metadata).unwrap();
    assert_eq!(
        metadata,
        json!({ "blnk.ledger_id": "ldg_1", "blnk.ledger": "Customers", "blnk.identity_id": "idt_1", "tier": "gold", "limit": "5" })
    );
    let page = api::find_transfers(&api::Sight::whole(&engine), &TransferQuery::default()).unwrap();
    let [transfer] = page.transfers.as_slice() else { unreachable!() };
    assert_eq!(
        (transfer.key.as_str(), transfer.timestamp.as_str(), transfer.effective_date.as_str()),
        ("txn_1", "2026-07-01T08:40:00.123456000Z", "2026-06-30")
    );
    assert_eq!(
        (transfer.description.as_str(), transfer.metadata["invoice"].as_str()),
        ("rent", "7")
    );
    assert_eq!(transfer.metadata["blnk.reference"], "ref-txn_1");
}

#[test]
fn nothing_that_tells_of_a_person_is_taken_over_where_it_is_not_wanted() {
    let balances = json!([balance("bln_a", "USD", [0; 4])]);
    let options = Options { without_metadata: true, ..Options::default() };
    let plan = plan(balances, json!([]), &options);
    let written = format!("{:?}", plan.accounts);
    assert!(!written.contains("gold") && !written.contains("secret"), "{written}");
    assert!(written.contains("idt_1"));
}

#[test]
fn currencies_are_assets() {
    let txn = |currency: &str, precision: u64| {
        let more = json!({ "currency": currency, "precision": precision });
        txn("t1", "APPLIED", "bln_a", "bln_b", 5, 40, more)
    };
    let balances = |currency: &str| {
        json!([balance("bln_a", currency, [0, 5, 0, 0]), balance("bln_b", currency, [5, 0, 0, 0])])
    };
    let renamed = |from: &str, to: &str| Options {
        assets: [(from.to_owned(), to.to_owned())].into(),
        ..Options::default()
    };
    for (currency, precision, options, amount) in [
        ("USD", 100, Options::default(), "0.05 USD"),
        ("JPY", 1, Options::default(), "5 JPY"),
        // Blnk counts in tens of cents: the books in cents.
        ("USD", 10, Options::default(), "0.50 USD"),
        ("USD", 10_000, renamed("USD", "USDX"), "0.0005 USDX"),
        ("eth", 1_000_000_000_000_000_000, Options::default(), "0.000000000000000005 ETH"),
        ("US dollar", 100, renamed("US dollar", "USD"), "0.05 USD"),
    ] {
        let plan = plan(balances(currency), json!([txn(currency, precision)]), &options);
        let (engine, told) = booked(&plan);
        assert!(told.is_empty(), "{currency}: {told:?}");
        let page =
            api::find_transfers(&api::Sight::whole(&engine), &TransferQuery::default()).unwrap();
        assert_eq!(page.transfers[0].amount, amount);
    }
    for (currency, precision, expected) in
        [("USD", 10_000, "--asset USD=CODE"), ("US dollar", 100, "--asset US dollar=CODE")]
    {
        let plan = plan(balances(currency), json!([txn(currency, precision)]), &Options::default());
        assert!(plan.differences[0].detail.ends_with(expected), "{}", plan.differences[0]);
        assert!(plan.is_empty());
    }
}

#[test]
fn two_currencies_go_over_accounts_for_exchange() {
    let balances =
        json!([balance("bln_a", "USD", [0, 500, 0, 0]), balance("bln_b", "EUR", [500, 0, 0, 0])]);
    let transactions = json!([txn("t1", "APPLIED", "bln_a", "bln_b", 500, 40, json!({}))]);
    let (engine, told) = booked(&plan(balances, transactions, &Options::default()));
    assert_eq!(told, ["exchange t1: 5.00 USD for 5.00 EUR"]);
    let balance = |key: &str| {
        let account = engine.book().account(Id::from_key("account", key)).unwrap();
        api::account_view(engine.book(), &account).balances.balance
    };
    assert_eq!([balance("blnk-exchange:USD"), balance("blnk-exchange:EUR")], ["5.00", "-5.00"]);
}
