//! Attacks `adapters/store/src/scan.rs` and `reader.rs`: any bytes as a segment are read, cut or refused, never a panic,
//! and a reader comes to what a verification comes to.

#![no_main]

#[path = "../src/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;
use memory::Memory;
use thalium_store::Reader;

fuzz_target!(|data: &[u8]| {
    let mut events = 0_u64;
    let disk = Memory::with(&[("segment-00000001.log", data.to_vec())]);
    let verified = thalium_store::verify(&disk, &mut |_| events += 1);
    let mut reader = Reader::open(disk.clone(), false).expect("there is a segment");
    let read = reader.poll(u64::MAX, &mut |_| ());
    if let Ok(recovery) = verified {
        assert_eq!(recovery.events, events);
        read.expect("what verifies is read");
        assert_eq!((reader.event_count(), reader.tree().size()), (events, events));
    }
});
