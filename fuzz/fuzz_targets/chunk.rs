//! Attacks `core/src/rollup/chunk`: any bytes are told to be no chunk, or read as columns that are written and read back as they are.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::rollup::{COLUMNS, ROWS, decode_chunk, encode_chunk};

fuzz_target!(|data: &[u8]| {
    let Ok(columns) = decode_chunk(data) else { return };
    assert!(columns.len() <= COLUMNS);
    for column in &columns {
        assert!(column.rows() <= ROWS);
    }
    let written = encode_chunk(&columns).expect("what was read can be written");
    assert_eq!(decode_chunk(&written).as_ref(), Ok(&columns));
});
