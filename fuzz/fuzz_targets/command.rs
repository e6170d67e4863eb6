//! Attacks `core/src/api`: JSON lines of commands, resolved and executed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::{Context, Engine, Genesis, Request, api, invariants};

fuzz_target!(|text: &str| {
    let commands: Vec<api::Command> =
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut engine = Engine::new(Genesis::default());
    let resolved = api::resolve(&engine, &commands);
    let request = Request { context: Context::default(), now: 1, commands: resolved.commands };
    if let Ok(executed) = engine.execute(&request) {
        assert_eq!(executed.outcomes.len(), request.commands.len());
    }
    assert_eq!(invariants::check(engine.book()), Ok(()));
    assert_eq!(invariants::check_log(engine.book()), Ok(()));
});
