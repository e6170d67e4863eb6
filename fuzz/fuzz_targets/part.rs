//! Attacks `adapters/store/src/part.rs` and `core/src/part`, `core/src/log`: any bytes as a part are passed over, or told to
//! be unreadable, or lead to events of the journal: never a panic, never an event that is not there.

#![no_main]

#[path = "../src/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;
use memory::Memory;
use thalium::ledger::query::{AccountFilter, Dates};
use thalium::{Engine, Id};
use thalium_store::Archive;

const JOURNAL: &[u8] = include_bytes!("../seeds/segment/three_blocks");

/// What a checksum covers is attacked too, so the sums are set right: of the header, and of each page.
fn with_sums(data: &[u8]) -> Vec<u8> {
    let mut bytes = data.to_vec();
    if bytes.len() >= 4096 {
        let sum = crc32c::crc32c(&bytes[..508]);
        bytes[508..512].copy_from_slice(&sum.to_le_bytes());
        for page in bytes[4096..].chunks_exact_mut(4096) {
            let sum = crc32c::crc32c(&page[4..]);
            page[..4].copy_from_slice(&sum.to_le_bytes());
        }
    }
    bytes
}

fuzz_target!(|data: &[u8]| {
    let mut whole = Engine::empty();
    let journal = Memory::with(&[("segment-00000001.log", JOURNAL.to_vec())]);
    thalium_store::verify(&journal, &mut |event| whole.replay(event).expect("the seed is sound"))
        .expect("the seed is sound");
    for part in [data.to_vec(), with_sums(data)] {
        let disk = Memory::with(&[
            ("segment-00000001.log", JOURNAL.to_vec()),
            ("part-00000001.idx", part),
        ]);
        let Some(sealed) = Archive::new(disk).open_next() else { continue };
        let mut engine = Engine::empty();
        if engine.attach(&sealed.summary, Box::new(sealed.part)).is_err() {
            continue;
        }
        for event in whole.book().events_from(0) {
            if engine.replay(&event).is_err() {
                break;
            }
        }
        let book = engine.book();
        for account in [1, 2] {
            let filter = AccountFilter::of(Id(account));
            let reversed = AccountFilter { reversed: true, limit: 2, ..filter };
            let dated = AccountFilter { dates: Dates { first: 1, last: 2 }, ..filter };
            let found = [filter, reversed, dated].map(|filter| book.account_transfers(&filter));
            for record in found.into_iter().flatten() {
                assert_eq!(
                    Some(record.transfer),
                    whole.book().record(record.sequence).map(|r| r.transfer)
                );
            }
        }
        for id in 10..16 {
            if let Some(record) = book.transfer(Id(id)) {
                assert_eq!(record.transfer.id, Id(id));
            }
        }
    }
});
