//! Attacks `core/src/kyc/chart/read` and `write`: whatever a text says, it is a chart or refused with places in it; what is read is written, and
//! read again the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::kyc::chart::{Chart, Duration};

/// What is written may be longer, or deeper by a list around what stands alone, than a text may be: such a chart is not read again.
const BOUNDS: [&str; 3] = ["longer than", "deeper than", "more than"];

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Ok(duration) = text.parse::<Duration>() {
        assert!(duration.after(0).expect("a hundred years from 1970") >= 0);
    }
    let chart = match Chart::from_text(&text) {
        Ok(chart) => chart,
        Err(errors) => {
            assert!(!errors.is_empty() && errors.iter().all(|error| error.place.row > 0));
            return;
        }
    };
    let written = chart.to_json();
    match Chart::from_text(&written) {
        Ok(again) => assert_eq!(again.to_json(), written),
        Err(errors) => {
            let told = errors[0].to_string();
            assert!(BOUNDS.iter().any(|bound| told.contains(bound)), "{told}\n{written}");
        }
    }
});
