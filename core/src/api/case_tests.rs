//! What is kept of cases: the layout is a promise, `docs/cases.md`.

use proptest::prelude::*;

use super::*;
use crate::event::{Joiner, RecordedError};
use crate::kyc::case::{By, Staffed};

fn staffed() -> Fact {
    Fact::Staffed(Staffed {
        by: By { at: 1_767_225_600_000_000_000, actor: "admin".to_owned(), request_id: None },
        person: "reviewer-1".to_owned(),
        roles: vec!["officer".to_owned()],
        is_present: true,
    })
}

const GOLDEN: &str = "6300000000040100030000000000000000000000000000000000000000000000\
    a40102021b18867251edfa0000036561646d696e09582ca401a2011b18867251\
    edfa0000026561646d696e026a72657669657765722d310381676f6666696365\
    7204f5";

#[test]
fn a_fact_has_these_bytes() {
    let records = CaseRecord::of(&staffed()).records(3).unwrap();
    let text: String = records.concat().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text, GOLDEN);
}

#[test]
fn a_case_tells_the_levels_of_risk_that_parties_have() {
    let known = crate::party::RiskLevel::ALL.map(|(name, _)| name);
    assert_eq!(crate::kyc::case::RISKS, known);
    for (name, level) in crate::party::RiskLevel::ALL {
        assert_eq!(serde_json::to_value(level).unwrap(), name);
    }
}

#[test]
fn a_fact_is_read_again() {
    let record = CaseRecord::of(&staffed());
    let mut joiner = Joiner::<CaseRecord>::default();
    let records = record.records(0).unwrap();
    let (number, read) = joiner.take(&records[0]).unwrap().unwrap();
    assert_eq!((number, read.fact(&read.body).unwrap()), (0, staffed()));
    assert_eq!(read.name(), "staff");
    // Of another journal.
    let mut decisions = Joiner::<crate::api::decision::DecisionRecord>::default();
    let told = decisions.take(&records[0]).unwrap_err();
    assert_eq!(told, RecordedError::Unknown { kind: 1_024, version: 1 });
}

proptest! {
    /// Whatever the bytes, they are read to the fact that they are of, or refused.
    #[test]
    fn altered_records_are_refused_or_are_others(at in 0_usize..200, with in 1_u8..) {
        let mut records = CaseRecord::of(&staffed()).records(0).unwrap();
        let at = at % records[0].len();
        records[0][at] ^= with;
        if let Ok(Some((_, read))) = Joiner::<CaseRecord>::default().take(&records[0]) {
            prop_assert_eq!(read.records(0).unwrap(), records);
            if let Ok(fact) = read.fact(&read.body) {
                prop_assert_eq!(CaseRecord::of(&fact).body, read.body);
            }
        }
    }
}
