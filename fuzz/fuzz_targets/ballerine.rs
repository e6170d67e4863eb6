//! Attacks `adapters/ballerine/src/definition`: whatever a text says, it is imported or refused with places in it; the strict mode takes exactly what
//! the lenient mode tolerates nothing in; what is imported is written as a chart, and read again the same. Rules are a guard, or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::kyc::chart::Chart;
use thalium::kyc::logic::Logic;
use thalium_ballerine::{Mode, import, rules};

/// What is written may be longer, deeper or of more values than a text may be: such a chart is not read again.
const BOUNDS: [&str; 3] = ["longer than", "deeper than", "more than"];

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Ok(guard) = rules(&text) {
        let _ = Logic::compile_as(&guard, thalium::kyc::logic::Dialect::JavaScript);
    }
    let strict = import(&text, Mode::Strict);
    let imported = match import(&text, Mode::Lenient) {
        Ok(imported) => imported,
        Err(errors) => {
            assert!(!errors.is_empty() && strict.is_err());
            return;
        }
    };
    assert_eq!(strict.is_ok(), imported.leniencies.is_empty());
    for chart in std::iter::once(&imported.chart).chain(&imported.others) {
        let written = chart.to_json();
        match Chart::from_text(&written) {
            Ok(again) => assert_eq!(again.to_json(), written),
            Err(errors) => {
                let told = errors[0].to_string();
                assert!(BOUNDS.iter().any(|bound| told.contains(bound)), "{told}\n{written}");
            }
        }
    }
});
