//! Attacks `core/src/rollup/registry`: records and images that are none are told to be none; what is read is written as it was, and
//! rollups that took hostile records are written out and read as they are.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::rollup::Rollups;

fuzz_target!(|data: &[u8]| {
    if let Ok(rollups) = Rollups::from_image(data) {
        // Chunks can be written in several ways.
        let image = rollups.image();
        assert_eq!(Rollups::from_image(&image).expect("what was written is read").image(), image);
    }
    // Records one after another, each behind its length.
    let mut rollups = Rollups::default();
    let mut records = Vec::new();
    let mut left = data;
    while let Some((length, rest)) = left.split_first_chunk::<2>() {
        let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
        let (record, rest) = rest.split_at(length);
        left = rest;
        if rollups.replay(record).is_ok() {
            records.push(record);
        }
    }
    for mut building in rollups.stale().collect::<Vec<_>>() {
        for record in &records {
            building.take(record).expect("what was replayed is built from");
        }
        rollups.complete(building).expect("all records are in it");
    }
    let image = rollups.image();
    let again = Rollups::from_image(&image).expect("what was written is read");
    assert_eq!(again.image(), image);
});
