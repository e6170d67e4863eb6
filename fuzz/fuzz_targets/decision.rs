//! Attacks `core/src/api/decision`: whatever bytes stand where a record of a decision is to be, they are refused or are exactly those that it
//! writes, and whatever is masked is not told.
//!
//! A seed is the number of bytes of the record (2, the lowest first), the record, and masks as JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::api::decision::{Body, DecisionRecord, Masks, told};
use thalium::event::{Joiner, Recorded as _};
use thalium::policy::rego::Value;

fuzz_target!(|data: &[u8]| {
    let Some((length, rest)) = data.split_first_chunk::<2>() else { return };
    let (record, masks) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
    let Ok(Some((number, decision))) = Joiner::<DecisionRecord>::default().take(record) else {
        return;
    };
    let again = decision.records(number).expect("what was read can be written");
    assert_eq!(again.concat(), record);
    let body =
        std::str::from_utf8(&decision.body).ok().and_then(|text| Value::from_json(text).ok());
    let whole = told(number, &decision, &body.map_or(Body::Sealed, Body::Open));
    let masks = std::str::from_utf8(masks).ok().and_then(|text| Value::from_json(text).ok());
    let Some(masks) = masks.and_then(|masks| Masks::read(&masks).ok()) else { return };
    let masked = masks.apply(&whole);
    assert_eq!(masked.get_str("decision_id"), whole.get_str("decision_id"));
});
