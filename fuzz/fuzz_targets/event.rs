//! Attacks `core/src/event.rs` and `core/src/engine.rs`: what decodes encodes to the same bytes, and what is replayed
//! leaves books that hold.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::party::Registry;
use thalium::{Engine, event, invariants};

fuzz_target!(|data: &[u8]| {
    let mut engine = Engine::empty();
    for bytes in event::split(data) {
        if let Ok((header, body)) = event::decode(bytes) {
            let mut again = Vec::new();
            event::encode(header, &body, &mut again);
            assert_eq!(again, bytes);
        }
        if engine.replay(bytes).is_err() {
            break;
        }
    }
    let parties = Registry::from_bytes(&engine.parties().to_bytes());
    assert_eq!(parties.as_ref(), Ok(engine.parties()));
    // Limits are the decision's to keep; a forged log can break them, but never the balance of the books.
    match invariants::check(engine.book()) {
        Ok(()) | Err(invariants::Broken::PastLimit(_)) => {}
        Err(broken) => panic!("{broken}"),
    }
});
