//! Attacks `core/src/ledger/image.rs`: any bytes as an image are refused, or written again as they were read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::ledger::image::Image;

fuzz_target!(|data: &[u8]| {
    if let Ok(image) = Image::from_bytes(data) {
        assert_eq!(image.to_bytes(), data);
    }
});
