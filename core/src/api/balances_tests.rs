//! Balance histories and volumes of a book, and that they say what statements say.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::api::{Command, Question, answer, resolve};
use crate::time::{SECOND, format_instant};
use crate::{Engine, Genesis, Request};

const NOW: i64 = 1_769_767_200 * SECOND; // 2026-01-30, 10:00 in UTC.
const HOUR: i64 = 3_600 * SECOND;

fn execute(engine: &mut Engine, now: i64, commands: Value) -> usize {
    let commands: Vec<Command> = serde_json::from_value(commands).unwrap();
    let commands = resolve(engine, &commands).commands;
    let executed = engine.execute(&Request { now, commands, ..Request::default() }).unwrap();
    executed.outcomes.iter().filter(|outcome| outcome.status.is_created()).count()
}

fn books() -> Engine {
    let mut engine = Engine::new(Genesis::default());
    let accounts = json!([
        { "op": "account", "key": "bank", "asset": "ZAR", "kind": "asset" },
        { "op": "account", "key": "c1", "asset": "ZAR", "kind": "liability" },
        { "op": "account", "key": "c2", "asset": "ZAR", "kind": "liability" },
    ]);
    assert_eq!(execute(&mut engine, NOW, accounts), 3);
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

/// The fields of each of the rows of an answer.
fn rows(told: &Value, list: &str, fields: &[&str]) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let row = |row: &Value| {
        let told: Vec<_> = fields.iter().map(|field| text(&row[*field])).collect();
        told.join(" ")
    };
    told[list].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn a_balance_is_told_bucket_by_bucket() {
    let mut engine = books();
    // 100 for an hour, then 140, of which 30 are held; in the third hour nothing happens; in the fourth 20 of the 30 are taken.
    let steps = [
        (0, json!([{ "op": "post", "key": "d1", "from": "bank", "to": "c1", "amount": "100.00" }])),
        (
            HOUR,
            json!([{ "op": "post", "key": "d2", "from": "bank", "to": "c1", "amount": "40.00" },
            { "op": "hold", "key": "h1", "from": "c1", "to": "c2", "amount": "30.00" }]),
        ),
        (
            3 * HOUR + HOUR / 2,
            json!([{ "op": "capture", "key": "f1", "hold": "h1", "amount": "20.00" }]),
        ),
        (
            4 * HOUR,
            json!([{ "op": "post", "key": "d3", "from": "bank", "to": "c2", "amount": "1.00" }]),
        ),
    ];
    for (after, commands) in steps {
        execute(&mut engine, NOW + after, commands);
    }
    let told = ask(&engine, json!({ "op": "balance_history", "account": "c1", "width": "1h" }));
    let fields =
        ["open", "high", "low", "close", "average", "available", "debits", "credits", "entries"];
    assert_eq!(
        rows(&told, "buckets", &fields),
        [
            "0.00 100.00 0.00 100.00 100.00 100.00 0.00 100.00 1",
            "100.00 140.00 100.00 140.00 140.00 110.00 0.00 40.00 2",
            "140.00 140.00 140.00 140.00 140.00 110.00 0.00 0.00 0",
            "140.00 140.00 120.00 120.00 130.00 120.00 20.00 0.00 1",
            "120.00 120.00 120.00 120.00 null 120.00 0.00 0.00 0",
        ]
    );
    let told = ask(&engine, json!({ "op": "volumes", "account": "c1", "width": "4h" }));
    assert_eq!(
        rows(&told, "volumes", &["asset", "code", "transfers", "debits", "credits"]).len(),
        2
    );
    let told = ask(&engine, json!({ "op": "volumes", "asset": "ZAR" }));
    let fields = ["asset", "transfers", "debits", "credits"];
    assert_eq!(rows(&told, "volumes", &fields), ["ZAR 4 161.00 161.00"]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let engine = books();
    let table = [
        (json!({ "op": "balance_history", "account": "nobody" }), "account"),
        (json!({ "op": "balance_history", "account": "c1", "width": "1x" }), "width"),
        (json!({ "op": "volumes" }), "account"),
        (json!({ "op": "volumes", "account": "c1", "asset": "ZAR" }), "account"),
        (json!({ "op": "volumes", "party": "nobody" }), "party"),
        (json!({ "op": "volumes", "asset": "XXL" }), "asset"),
    ];
    for (question, field) in table {
        assert_eq!(fault(&engine, question.clone()), field, "{question}");
    }
}

fn units(text: &Value) -> i128 {
    text.as_str().unwrap().replace('.', "").parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Each bucket begins where the one before ends, moves by what was credited less what was debited, and closes with what the account is
    /// told to have had then; volumes come to the same.
    #[test]
    fn buckets_say_what_statements_say(
        moves in proptest::collection::vec((0..40_i64, any::<bool>(), 1..5_000_u32), 1..30),
        limit in 1..20_u32,
    ) {
        let mut engine = books();
        let mut now = NOW;
        for (number, (gap, is_deposit, amount)) in moves.into_iter().enumerate() {
            now += gap * HOUR / 4;
            let (from, to) = if is_deposit { ("bank", "c1") } else { ("c1", "bank") };
            let amount = format!("{}.{:02}", amount / 100, amount % 100);
            let code = number % 3 + 1;
            execute(&mut engine, now, json!([{ "op": "post", "key": format!("t{number}"), "code": code, "from": from, "to": to, "amount": amount }]));
        }
        let (mut from, mut buckets) = (json!("2026-01-30"), Vec::new());
        while !from.is_null() {
            let told = ask(&engine, json!({ "op": "balance_history", "account": "c1", "width": "2h", "from": from, "limit": limit }));
            buckets.extend(told["buckets"].as_array().unwrap().iter().cloned());
            from = told["next"].clone();
        }
        let mut before = 0;
        for bucket in &buckets {
            prop_assert_eq!(units(&bucket["open"]), before);
            before += units(&bucket["credits"]) - units(&bucket["debits"]);
            prop_assert_eq!(units(&bucket["close"]), before);
            let last = crate::time::parse_instant(bucket["end"].as_str().unwrap()).unwrap() - 1;
            let then = ask(&engine, json!({ "op": "get_account", "name": "c1", "at": format_instant(last) }));
            prop_assert_eq!(&then["balance"], &bucket["close"]);
            let bounds = units(&bucket["low"])..=units(&bucket["high"]);
            prop_assert!(bucket["average"].is_null() || bounds.contains(&units(&bucket["average"])));
        }
        let told = ask(&engine, json!({ "op": "volumes", "account": "c1", "width": "2h", "limit": 10_000 }));
        let volumes = told["volumes"].as_array().unwrap();
        let sum = |field: &str, of: &[Value]| of.iter().map(|row| units(&row[field])).sum::<i128>();
        for field in ["debits", "credits"] {
            prop_assert_eq!(sum(field, volumes), sum(field, &buckets));
        }
    }
}
