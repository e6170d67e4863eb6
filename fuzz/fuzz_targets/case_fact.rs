//! Attacks `core/src/api/case.rs` and `core/src/kyc/case/registry.rs`: any bytes as a fact of each kind are refused or written as they were read, and
//! what is read is folded into the register of cases or refused by it, which answers afterwards.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::api::case::CaseRecord;
use thalium::kyc::case::{By, Cases, Command, Fact};

/// A kind, so that the changes of a case have something to belong to.
const KIND: &str = "
case: 1
id: papers
chart: papers
queues: [{id: usual, states: [review], roles: [clerk], within: P2D}]
decisions: {approve: {states: [review], roles: [clerk], event: decided}}
opening: {given: [risk], once: true}
";
const CHART: &str = "
chart: 1
id: papers
context: {risk: low}
states:
  open: {on: {submitted: review}}
  review: {on: {decided: settled}}
  settled: {type: final}
";

const NOW: i64 = 1_767_225_600_000_000_000;

fuzz_target!(|data: &[u8]| {
    let by = By { at: NOW, actor: "host".to_owned(), request_id: None };
    let mut cases = Cases::default();
    let defined = cases.define(KIND, &[CHART.to_owned()], false, None, &by).expect("a kind");
    let blank = CaseRecord::of(&defined);
    cases.fold(defined).expect("the first fact");
    let Some((kind, body)) = data.split_first() else { return };
    let Ok(fact) = (CaseRecord { fact: kind % 4, ..blank }).fact(body) else { return };
    assert_eq!(CaseRecord::of(&fact).body.as_slice(), body);
    let key = match &fact {
        Fact::Changed(change) => Some(change.case.key.clone()),
        _ => None,
    };
    if cases.fold(fact).is_ok()
        && let Some(key) = key
    {
        let _ = cases.decide(&key, Command::Advance, &by);
        let _ = cases.waiting("usual").count();
    }
});
