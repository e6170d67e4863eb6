//! Records on a disk that loses, tears and reorders whatever no sync covered: each is whole, and none that was acknowledged is
//! lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "a test")]

mod lossy;

use std::collections::BTreeMap;

use lossy::{Faults, LossyDisk};
use thalium_store::{Records, StoreError};

/// What became of each record: what was acknowledged last, and what was tried after that.
type Run = BTreeMap<&'static str, (Option<Vec<u8>>, Vec<Option<Vec<u8>>>)>;

fn script(disk: &LossyDisk, run: &mut Run) -> Result<(), StoreError> {
    let records = Records::new(disk.clone());
    let steps: [(&'static str, Option<usize>); 9] = [
        ("intent-a", Some(10)),
        ("intent-b", Some(5_000)),
        ("intent-a", Some(3_000)),
        ("account-c", Some(900)),
        ("intent-a", None),
        ("intent-b", Some(0)),
        ("intent-a", Some(700)),
        ("account-c", None),
        ("account-c", None),
    ];
    for (number, (name, size)) in steps.into_iter().enumerate() {
        let body = size.map(|size| vec![u8::try_from(number).unwrap(); size]);
        run.entry(name).or_default().1.push(body.clone());
        match &body {
            Some(body) => records.write(name, body)?,
            None => records.remove(name)?,
        }
        run.insert(name, (body, Vec::new()));
    }
    Ok(())
}

#[test]
fn a_record_is_as_it_was_acknowledged_or_as_it_was_to_be() {
    let sound = LossyDisk::new(Faults::default());
    script(&sound, &mut Run::new()).unwrap();
    for power_at in 0..=sound.operations() {
        let disk = LossyDisk::new(Faults { power_at: Some(power_at), ..Faults::default() });
        let mut run = Run::new();
        let done = script(&disk, &mut run);
        assert_eq!(done.is_ok(), power_at == sound.operations());
        for seed in 0..20 {
            let found = Records::new(disk.crash(seed));
            let found: BTreeMap<_, _> = [found.read("intent-"), found.read("account-")]
                .into_iter()
                .flat_map(Result::unwrap)
                .collect();
            for (name, (acknowledged, tried)) in &run {
                let there = found.get(*name).cloned();
                assert!(there == *acknowledged || tried.contains(&there), "{name} at {power_at}");
            }
        }
    }
}

#[test]
fn without_syncs_the_test_would_notice() {
    let lost = (0..200).any(|seed| {
        let disk = LossyDisk::new(Faults { lying_sync: true, ..Faults::default() });
        Records::new(disk.clone()).write("intent-a", &[7; 900]).unwrap();
        Records::new(disk.crash(seed)).read("intent-").map_or(true, |found| found.is_empty())
    });
    assert!(lost);
}

#[test]
fn a_damaged_record_is_named() {
    let disk = LossyDisk::new(Faults::default());
    let records = Records::new(disk.clone());
    records.write("intent-a", b"a record").unwrap();
    let size = disk.bytes("intent-a").len();
    for byte in 0..size {
        let copy = disk.copy();
        assert!(copy.flip("intent-a", byte));
        match Records::new(copy).read("intent-").unwrap_err() {
            StoreError::Damaged { name, .. } => assert_eq!(name, "intent-a"),
            other => panic!("{other}"),
        }
    }
}
