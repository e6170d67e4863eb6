//! Attacks `core/src/money/amount.rs`: text to amount and back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::money::{Amount, AssetCode, Rate};

fuzz_target!(|data: (u8, &str)| {
    let (scale, text) = data;
    let scale = scale % 39;
    if let Ok(amount) = Amount::parse(text, scale) {
        let printed = amount.to_text(scale);
        assert_eq!(Amount::parse(&printed, scale), Ok(amount));
        assert!(text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
    }
    if let Ok(code) = AssetCode::parse(text) {
        assert_eq!(code.as_str(), text);
    }
    let _ = Rate::parse_decimal(text);
    let _ = text.parse::<thalium::Id>();
    let _ = thalium::time::parse_instant(text);
    let _ = thalium::time::parse_date(text);
});
