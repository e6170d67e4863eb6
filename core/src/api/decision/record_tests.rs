use proptest::prelude::*;

use super::*;
use crate::event::{Joiner, RecordedError};

fn decision(body: Vec<u8>) -> DecisionRecord {
    DecisionRecord {
        id: Id(0x0192_e4a0_0000_7000_8000_0000_0000_0001),
        at: 1_767_225_600_000_000_000,
        path: "aml/verdict".to_owned(),
        digest: [7; 32].into(),
        revision: Some("2026-11".to_owned()),
        seed: 9,
        strict: None,
        outcome: Some(2),
        requested_by: Some("api".to_owned()),
        request_id: None,
        concerns: Some("w-17".to_owned()),
        sealed: Some(SealedTo {
            party: Id(5),
            basis: Basis::Law,
            retention: Some("aml".to_owned()),
        }),
        body: body.into(),
        policy: "aml".to_owned(),
    }
}

fn joined(
    joiner: &mut Joiner<DecisionRecord>,
    records: &[Vec<u8>],
) -> Result<Vec<(u64, DecisionRecord)>, RecordedError> {
    let mut all = Vec::new();
    for record in records {
        all.extend(joiner.take(record)?);
    }
    Ok(all)
}

/// The layout is a promise: `docs/decisions.md`.
const GOLDEN: &str = "a900000000030100030000000000000000000000000000000000000000000000\
    ac01500192e4a0000070008000000000000001021b18867251edfa0000036b61\
    6d6c2f7665726469637404582007070707070707070707070707070707070707\
    070707070707070707070707070567323032362d31310609080209636170690b\
    64772d31370ca301500000000000000000000000000000000502020363616d6c\
    0d427b7d0e63616d6c";

#[test]
fn a_decision_has_these_bytes() {
    let records = decision(b"{}".to_vec()).records(3).unwrap();
    let text: String = records.concat().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text, GOLDEN);
    assert_eq!(records.len(), 1);
}

#[test]
fn an_input_of_any_size_is_kept_whole() {
    for size in [0, 1, 16_000, 16_352, 16_353, 40_000, 1 << 20] {
        let (decision, mut joiner) = (decision(vec![b'x'; size]), Joiner::at(4));
        let records = decision.records(4).unwrap();
        assert!(records.iter().all(|record| record.len() <= crate::event::EVENT_MAX));
        assert_eq!(joined(&mut joiner, &records).unwrap(), [(4, decision.clone())], "{size}");
        let next = 4 + records.len() as u64;
        assert_eq!(joined(&mut joiner, &decision.records(next).unwrap()).unwrap()[0].0, next);
        assert!(!joiner.is_within());
    }
    assert_eq!(
        decision(vec![0; DECISION_MAX]).records(0),
        Err(RecordedError::TooLarge(DECISION_MAX))
    );
}

#[test]
fn records_out_of_place_are_told() {
    let long = decision(vec![b'x'; 40_000]).records(0).unwrap();
    let cases: [(&str, Vec<&Vec<u8>>, u64); 3] = [
        ("one is missing", vec![&long[0], &long[2]], 2),
        ("it does not begin", vec![&long[1]], 1),
        ("one is there twice", vec![&long[0], &long[0]], 0),
    ];
    for (name, records, number) in cases {
        let mut joiner =
            Joiner::<DecisionRecord>::at(if name == "it does not begin" { 1 } else { 0 });
        let told = records.into_iter().map(|record| joiner.take(record)).find_map(Result::err);
        assert_eq!(told, Some(RecordedError::Place { number }), "{name}");
    }
    let mut newer = long[0].clone();
    newer[6] = 2;
    let told = RecordedError::Unknown { kind: 768, version: 2 };
    assert_eq!(Joiner::<DecisionRecord>::default().take(&newer), Err(told));
}

/// The seeds of the fuzz target, each with whether it is sealed.
const SEEDS: [(&[u8], bool); 2] = [
    (include_bytes!("../../../../fuzz/seeds/decision/open"), false),
    (include_bytes!("../../../../fuzz/seeds/decision/sealed"), true),
];

#[test]
fn the_seeds_are_decisions() {
    for (seed, is_sealed) in SEEDS {
        let length = usize::from(u16::from_le_bytes([seed[0], seed[1]]));
        let (_, read) =
            Joiner::<DecisionRecord>::default().take(&seed[2..2 + length]).unwrap().unwrap();
        assert_eq!(read.sealed.is_some(), is_sealed);
    }
}

proptest! {
    /// Whatever the bytes, they are read to the decision that they are of, or refused.
    #[test]
    fn altered_records_are_refused_or_are_others(at in 0_usize..200, with in 1_u8..) {
        let mut records = decision(b"{\"input\":1}".to_vec()).records(0).unwrap();
        let at = at % records[0].len();
        records[0][at] ^= with;
        if let Ok(Some((_, read))) = Joiner::<DecisionRecord>::default().take(&records[0]) {
            prop_assert_eq!(read.records(0).unwrap(), records);
        }
    }
}
