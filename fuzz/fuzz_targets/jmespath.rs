//! Attacks `core/src/kyc/jmespath`: whatever a text and data say, the text is refused with a column or finds something, the same twice, within
//! what it may use.
//!
//! A seed is an expression and data, with a zero byte between.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::kyc::jmespath::JmesPath;
use thalium::kyc::logic::Budget;
use thalium::value::Value;

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0).map(String::from_utf8_lossy);
    let text = parts.next().unwrap_or_default();
    let data = parts.next().and_then(|text| Value::from_json(&text).ok()).unwrap_or(Value::Null);
    let path = match JmesPath::compile(&text) {
        Ok(path) => path,
        Err(error) => {
            let column = error.place.strip_prefix("column ").and_then(|column| column.parse().ok());
            let column: usize = column.expect("a column");
            assert!((1..=text.chars().count() + 1).contains(&column), "{error}");
            return;
        }
    };
    let (mut first, mut second) = (Budget::new(20_000, 1 << 20), Budget::new(20_000, 1 << 20));
    let found = path.evaluate(&data, &mut first);
    assert_eq!(found, path.evaluate(&data, &mut second));
    assert_eq!(first, second);
    let held = path.holds(&data, &mut Budget::new(20_000, 1 << 20));
    assert_eq!(held.is_ok(), found.is_ok());
});
