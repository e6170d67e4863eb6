//! Attacks `core/src/kyc/case/kind` and `case/desk`: whatever a text says, it is a kind of cases or refused with places in it; what is read is
//! written, and read again the same; loaded with a chart, it is a desk or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::kyc::Surroundings;
use thalium::kyc::case::{Desk, Kind};
use thalium::kyc::chart::Chart;
use thalium::value::Value;

/// What is written may be longer than a text may be: such a kind is not read again.
const BOUND: &str = "longer than";

const CHART: &str = "
chart: 1
id: papers
context: {risk: low, hits: []}
states:
  open: {on: {submitted: review}}
  review: {on: {'decision.*': settled}}
  settled: {type: final}
";

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let kind = match Kind::from_text(&text) {
        Ok(kind) => kind,
        Err(errors) => {
            assert!(!errors.is_empty() && errors.iter().all(|error| error.place.row > 0));
            return;
        }
    };
    let written = kind.to_json();
    match Kind::from_text(&written) {
        Ok(again) => assert_eq!(again.to_json(), written),
        Err(errors) => {
            let told = errors[0].to_string();
            assert!(told.contains(BOUND), "{told}\n{written}");
            return;
        }
    }
    let chart = Chart::from_text(CHART).expect("a chart");
    if let Ok(desk) = Desk::load(kind, vec![chart], Surroundings::default()) {
        let begun = desk.definition().start("case-1", 0, &Value::Null).expect("a start");
        let _ = desk.queue_of(&begun.session, 0);
        for decision in desk.kind().decisions.keys() {
            let _ = desk.needs_senior(decision, None, &begun.session, 0);
        }
        assert!(desk.evidence_of(&begun.session).as_object().is_some());
        assert!(desk.starts_with(&begun.session).as_object().is_some());
    }
});
