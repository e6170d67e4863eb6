//! Attacks `adapters/store/src/backup.rs`: whatever a copy's state says, the copy is refused, or it comes to the journal's
//! root; never a panic.

#![no_main]

#[path = "../src/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;
use memory::Memory;

const SEGMENT: &str = "segment-00000001.log";
const JOURNAL: &[u8] = include_bytes!("../seeds/segment/three_blocks");

fuzz_target!(|data: &[u8]| {
    // The sum is made to fit, so that what it guards is reached.
    let body = data.get(..data.len().saturating_sub(4)).unwrap_or_default();
    let state = [body, &crc32c::crc32c(body).to_le_bytes()].concat();
    let source = Memory::with(&[(SEGMENT, JOURNAL.to_vec())]);
    let target = Memory::with(&[(SEGMENT, JOURNAL.to_vec()), ("backup", state)]);
    let want = thalium_store::verify(&source, &mut |_| ()).expect("the seed is sound").events;
    if let Ok(copied) = thalium_store::backup(source, &target, &mut |_| ()) {
        let verified = thalium_store::verify(&target, &mut |_| ()).expect("a copy verifies");
        assert!(copied.events != want || verified.events == want);
    }
});
