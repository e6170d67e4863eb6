//! Attacks `adapters/tables`: any text as rows of CSV or JSON is refused, or books commands that keep the books whole.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::{Engine, Genesis, Request, api, invariants};
use thalium_tables::{Row, commands, csv_rows, json_rows};

fuzz_target!(|bytes: &[u8]| {
    let stream = std::io::Cursor::new(bytes.to_vec());
    let rows: Vec<Row> = match bytes.first() {
        Some(b'{') => json_rows(stream).map_while(Result::ok).collect(),
        _ => csv_rows(stream).map(|rows| rows.map_while(Result::ok).collect()).unwrap_or_default(),
    };
    let mut engine = Engine::new(Genesis::default());
    let assets = rows.iter().filter_map(|row| commands::asset(row).ok().flatten());
    let accounts = rows.iter().filter_map(|row| commands::account(row).ok()?.command);
    let transfers = rows.iter().filter_map(|row| commands::transfer(row).ok()?.command);
    for commands in [assets.collect::<Vec<_>>(), accounts.collect(), transfers.collect()] {
        let commands = api::resolve(&engine, &commands).commands;
        let _ = engine.execute(&Request { now: i64::MAX >> 1, commands, ..Request::default() });
    }
    assert_eq!(invariants::check(engine.book()), Ok(()));
});
