//! Attacks `adapters/scxml/src/read.rs` and `write.rs`: whatever a text says, it is a chart or refused with places in it; what is written of a chart
//! is read as the same chart.

#![no_main]

use libfuzzer_sys::fuzz_target;

/// What is written may be longer or deeper than a text may be: such a chart is not read again.
const BOUNDS: [&str; 3] = ["longer than", "deeper than", "more than"];

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let chart = match thalium_scxml::import(&text) {
        Ok(chart) => chart,
        Err(errors) => {
            assert!(!errors.is_empty() && errors.iter().all(|error| error.place.row > 0));
            return;
        }
    };
    // Not every chart can be written.
    let Ok(written) = thalium_scxml::export(&chart) else { return };
    match thalium_scxml::import(&written) {
        Ok(again) => assert_eq!(again.to_json(), chart.to_json(), "{written}"),
        Err(errors) => {
            let told = errors[0].to_string();
            assert!(BOUNDS.iter().any(|bound| told.contains(bound)), "{told}\n{written}");
        }
    }
});
