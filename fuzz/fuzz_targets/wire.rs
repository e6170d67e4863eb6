//! Attacks `adapters/host/src/wire`: requests as the languages send them, one a line, to a ledger in memory.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium_host::{Thalium, wire};

fuzz_target!(|text: &str| {
    let ledger = Thalium::open("memory:").expect("memory can be had");
    for line in text.lines().take(64) {
        match wire::call(&ledger, line) {
            Ok(answer) => {
                serde_json::from_str::<serde_json::Value>(&answer).expect("an answer is JSON");
            }
            Err(failure) => {
                assert!(wire::CODES.iter().any(|(code, _)| *code == failure.code), "{failure:?}");
                assert!(!["stopped", "panicked", "damaged"].contains(&failure.code.as_str()), "{failure:?}");
            }
        }
    }
    ledger.check().expect("the books hold");
});
