//! Attacks `adapters/blnk`: any text as lists of Blnk's is refused, or planned into commands whose books hold.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::{Engine, Genesis, Request, api, invariants};
use thalium_blnk::{Export, Options, Plan};

fuzz_target!(|text: &str| {
    // Balances before an empty line, transactions behind it.
    let (balances, transactions) = text.split_once("\n\n").unwrap_or((text, ""));
    let Ok(export) = Export::from_json(b"", balances.as_bytes(), transactions.as_bytes(), b"")
    else {
        return;
    };
    let plan = Plan::of(&export, &Options::default());
    let mut engine = Engine::new(Genesis::default());
    for commands in [&plan.assets, &plan.accounts, &plan.transfers] {
        let commands = api::resolve(&engine, commands).commands;
        let _ = engine.execute(&Request { now: i64::MAX >> 1, commands, ..Request::default() });
    }
    plan.compare(engine.book()).for_each(drop);
    assert_eq!(invariants::check(engine.book()), Ok(()));
});
