//! Attacks `adapters/store/src/seal.rs` and `adapters/keys`: any bytes as the keys of a store are refused, or every one of
//! them was wrapped by the key that is given.

#![no_main]

#[path = "../src/memory.rs"]
mod memory;

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use memory::Memory;
use thalium_keys::KeyText;
use thalium_store::Seal;

fuzz_target!(|data: &[u8]| {
    // The sum is made to fit: what it keeps out has been tested by the others.
    let mut file = [b"THKEYS1\0", data].concat();
    file.extend_from_slice(&crc32c::crc32c(&file).to_le_bytes());
    let disk = Memory::with(&[("keys", file)]);
    let text = format!("thalium-key-1-{}", "0f".repeat(32));
    let keys = Arc::new(KeyText::parse(&text, "the key").expect("it is one"));
    if let Ok(seal) = Seal::open(&disk, keys.clone()) {
        let known = seal.current();
        assert!(known > 0);
        if seal.check(&disk).is_ok() {
            seal.rewrap(&disk, keys.clone()).expect("what is unwrapped is wrapped again");
            assert_eq!(seal.rotate(&disk).expect("there is room"), known + 1);
            assert_eq!(Seal::open(&disk, keys).expect("it was written").current(), known + 1);
        }
    }
});
