//! Attacks `adapters/host/src/wire`: requests as the languages send them, one a line, to a ledger and to a device in memory.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium_host::{Device, Options, Thalium, wire};

fuzz_target!(|text: &str| {
    let options = Options { insecure_seed: Some([7; 32]), ..Options::default() };
    let ledger = Thalium::open_with("memory:", options).expect("memory can be had");
    let device = Device::open("memory:").expect("memory can be had");
    for line in text.lines().take(64) {
        for answered in [wire::call(&ledger, line), wire::device(&device, line)] {
            match answered {
                Ok(answer) => {
                    serde_json::from_str::<serde_json::Value>(&answer).expect("an answer is JSON");
                }
                Err(failure) => {
                    assert!(
                        wire::CODES.iter().any(|(code, _)| *code == failure.code),
                        "{failure:?}"
                    );
                    assert!(
                        !["stopped", "panicked", "damaged"].contains(&failure.code.as_str()),
                        "{failure:?}"
                    );
                }
            }
        }
    }
    ledger.check().expect("the books hold");
});
