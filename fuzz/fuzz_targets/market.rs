//! Attacks `core/src/rollup/market/image.rs`: chunks that are an image of no market are told to be none; what is read is written and read
//! as it is, and takes trades.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use thalium::rollup::{BadRows, Calendar, Hierarchy, Late, Market, Names, Numbers, Rules, Trades};

fuzz_target!(|data: &[u8]| {
    let calendars = ["1m", "1h"].map(|width| Calendar::new(width.parse().expect("a width")));
    let levels = Hierarchy::new(calendars.to_vec()).expect("hours are made of minutes");
    let rules = Arc::new(Rules { levels, delay: 0, late: Late::Correct { horizon: 1 << 60 } });
    // Chunks one after another, each behind its length.
    let mut chunks = Vec::new();
    let mut left = data;
    while let Some((length, rest)) = left.split_first_chunk::<2>() {
        let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
        let (chunk, rest) = rest.split_at(length);
        chunks.push(chunk);
        left = rest;
    }
    let Ok(mut market) = Market::from_image(Arc::clone(&rules), chunks) else { return };
    let written = market.image();
    let again = Market::from_image(rules, written.iter().map(Vec::as_slice))
        .expect("what was written is read");
    assert_eq!(again.image(), written);
    let trades = Trades {
        at: &[0, 1 << 40],
        sequence: None,
        symbol: Names::Texts { offsets: &[0, 1, 2], bytes: b"ab" },
        price: Numbers::Ints(&[5, 7]),
        quantity: Numbers::Ints(&[1, 2]),
        taker: None,
        valid: None,
    };
    let before = market.image();
    if market.ingest(&trades, BadRows::Refuse).is_err() {
        assert_eq!(market.image(), before);
    }
});
